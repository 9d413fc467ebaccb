//! Small screens: what must stay where there is little room, and what every list says of its rest.

use chrono::TimeDelta;

use super::journey::Journey;

fn last_line(journey: &Journey) -> String {
    journey.screen().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_snooze_choices_show_their_time() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").wait(TimeDelta::minutes(5));
    journey.resize(40, 10).keys("<esc>gs");
    for (choice, time) in
        [("10 minutes", "10:32"), ("1 hour", "11:22"), ("this evening", "19:00"), ("tomorrow", "09:00")]
    {
        assert!(journey.line_with(choice).contains(time), "{}", journey.screen());
    }
}

#[test]
fn the_calendar_scrolls_to_the_selected_day() {
    let mut journey = Journey::start();
    journey.add("rent", "30 mar", "9:00").add("flat", "30 mar", "10:00").resize(40, 10).keys("<esc>3G");
    assert!(journey.line_with("30·2").contains("31"), "{}", journey.screen());
    assert!(journey.shows("Mon 30 Mar, 1 of 2") && journey.shows("09:00  rent"), "{}", journey.screen());
    journey.keys("g");
    assert!(journey.line_with(" 4 ").contains(" 5 ") && journey.shows("Today, Wed 4 Mar"), "{}", journey.screen());
    journey.keys("G").click(2, 3);
    assert!(journey.shows("Mon 16 Mar"), "a click hits the week that is shown:\n{}", journey.screen());
}

#[test]
fn the_footer_keeps_the_way_on_and_the_way_back() {
    let mut journey = Journey::start();
    journey.resize(40, 10).keys("tea");
    assert!(last_line(&journey).contains("Ctrl-S schedule  Esc list"), "{}", journey.screen());
    journey.keys("<tab>tomorrow<c-s>t");
    assert!(last_line(&journey).contains("Enter yes  Esc no"), "{}", journey.screen());
    journey.keys("<esc>s");
    assert!(last_line(&journey).contains("Enter choose") && last_line(&journey).contains("Esc close"));
    journey.keys("<esc>");
    assert!(last_line(&journey).contains("? help"), "{}", journey.screen());
}

#[test]
fn the_history_keeps_how_late_a_delivery_was() {
    let mut journey = Journey::start();
    journey.add("stand-up", "", "10:20").keys("<esc>");
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(80));
    journey.resize(40, 10).keys("2");
    assert!(journey.line_with("stand-up").contains("1 h late  stand-up"), "{}", journey.screen());
    journey.resize(80, 24);
    assert!(journey.line_with("stand-up").contains("1 h 17 min late "), "{}", journey.screen());
}

#[test]
fn text_never_touches_its_neighbour() {
    let mut journey = Journey::start();
    journey.add("stand-up", "", "10:20").keys("<esc>");
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(22 * 60 + 20));
    for (columns, rows) in [(120, 36), (100, 30), (80, 24), (60, 20), (40, 10)] {
        journey.resize(columns, rows);
        let line = journey.line_with("stand-up");
        assert!(line.contains(" stand-up") && line.contains("22 h"), "{columns}: {line}");
    }
}

#[test]
fn a_popup_leaves_no_column_of_the_panel_beside_it() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").resize(80, 24).keys("<esc>");
    for keys in ["<enter>", "?", "s", "y", "t", ":"] {
        journey.keys(keys);
        let screen = journey.screen();
        let popup = screen
            .lines()
            .filter(|line| line.starts_with('│') && line.ends_with('│') && line.matches('│').count() == 2);
        assert!(popup.count() > 0 && !screen.contains("││"), "{keys}:\n{screen}");
        assert!(!screen.lines().any(|line| line.starts_with("│╭") || line.starts_with("││")), "{keys}:\n{screen}");
        journey.keys("<esc>");
    }
}

#[test]
fn every_list_says_that_more_follows() {
    let mut journey = Journey::start();
    for number in 1..=30 {
        journey.add(&format!("memo {number}"), "", &format!("in {number}m"));
    }
    journey.resize(40, 10).keys("<esc>g");
    assert!(journey.shows(" 1–6 of 30 "), "{}", journey.screen());
    journey.keys("G");
    assert!(journey.shows(" 25–30 of 30 "), "{}", journey.screen());
    journey.keys("4");
    assert!(journey.line_with("╰").contains(" of 24 "), "{}", journey.screen());
    journey.keys("3").resize(80, 14);
    assert!(journey.shows("more"), "{}", journey.screen());
    journey.resize(40, 10).keys("1");
    journey.wait(TimeDelta::minutes(31)).keys("2");
    assert!(journey.line_with("╰").contains(" 1–6 of 30 "), "{}", journey.screen());
    journey.keys("1:");
    assert!(journey.line_with("╰").contains(" of "), "{}", journey.screen());
    journey.keys("<esc>atea<tab><tab>18:00<tab>am");
    assert!(journey.shows("↓"), "the offers of a zone:\n{}", journey.screen());
}

#[test]
fn a_message_names_its_key_where_there_is_little_room() {
    let mut journey = Journey::start();
    let memo = "feed the cat, the grey one that only eats from the blue bowl";
    journey.resize(40, 10).add(memo, "", "10:20").keys("<esc>").wait(TimeDelta::minutes(5));
    let says = |journey: &Journey, words: &str| journey.screen().replace("\n ", " ").contains(words);
    journey.keys("gs1");
    assert!(says(&journey, "u undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert!(says(&journey, "U redoes it."), "{}", journey.screen());
    journey.wait(TimeDelta::seconds(10)).keys("gx");
    assert!(says(&journey, "is done. u undoes it."), "{}", journey.screen());
}
