//! The list: filter, sort order, day headings, and the strip of hours.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

/// Four memos on three days, in two zones.
fn four_memos() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 20);
    journey.add("tea", "", "10:20").add("call the dentist", "tomorrow", "18:00");
    journey.add("Bread and butter", "tomorrow", "9:00");
    journey.keys("astandup<tab>fri<tab>9:00<tab><c-u>America/New_York<c-s>");
    journey.wait(TimeDelta::seconds(10)).keys("g");
    journey
}

/// The lines of the list, from top to bottom, with their headings.
fn listed(journey: &Journey) -> Vec<String> {
    let screen = journey.screen();
    let from_panel = screen.lines().filter_map(|line| line.strip_suffix('│')?.rsplit_once('│').map(|(_, text)| text));
    from_panel.map(|line| line.trim_matches([' ', '▌', '─']).to_owned()).filter(|line| !line.is_empty()).collect()
}

fn texts(journey: &Journey) -> Vec<String> {
    let known = ["tea", "call the dentist", "Bread and butter", "standup"];
    let of = |line: &String| known.into_iter().find(|text| line.ends_with(text)).map(str::to_owned);
    listed(journey).iter().filter_map(of).collect()
}

#[test]
fn the_list_filters_while_typing() {
    let mut journey = four_memos();
    journey.keys("/dnt");
    assert_snapshot!("filter_typed", journey.screen());
    assert_eq!(texts(&journey), ["call the dentist"]);
    journey.keys("<c-u>tom");
    assert_eq!(texts(&journey), ["Bread and butter", "call the dentist"], "a filter by day");
    journey.keys(" !dent");
    assert_eq!(texts(&journey), ["Bread and butter"], "`!` excludes");
    journey.keys("<c-u>york");
    assert_eq!(texts(&journey), ["standup"], "a filter by zone");
    journey.keys("<enter>");
    assert_snapshot!("filter_kept", journey.screen());
    journey.keys("x");
    assert!(journey.shows("Cancelled “standup”") && journey.shows("0 of 3"), "{}", journey.screen());
    assert!(journey.shows("No matches."), "{}", journey.screen());
    journey.keys("<esc>");
    assert_eq!(texts(&journey).len(), 3, "Esc clears the filter");
}

#[test]
fn a_filter_keeps_the_selection_and_returns_to_it() {
    let mut journey = four_memos();
    journey.keys("jj/d");
    assert!(journey.line_with("dentist").contains("▌"), "{}", journey.screen());
    journey.keys("<bs>brd");
    assert!(journey.line_with("Bread").contains("▌"), "{}", journey.screen());
    journey.keys("<c-w>");
    assert!(journey.line_with("dentist").contains("▌"), "{}", journey.screen());
    journey.keys("tea<enter><esc>");
    assert!(journey.line_with("dentist").contains("▌"), "{}", journey.screen());
}

#[test]
fn a_filter_applies_to_new_memos() {
    let mut journey = four_memos();
    journey.keys("/tea<enter>");
    journey.add("tea again", "tomorrow", "10:00").add("milk", "tomorrow", "10:00");
    assert!(journey.shows("2 of 6") && !listed(&journey).concat().contains("milk"), "{}", journey.screen());
    let mut beside = Journey::second_window(&journey);
    beside.add("teabags", "tomorrow", "11:00");
    journey.store_changed();
    assert!(journey.shows("3 of 7") && journey.shows("teabags"), "{}", journey.screen());
}

#[test]
fn the_today_filter_changes_at_midnight() {
    let mut journey = four_memos();
    journey.keys("/today<enter>");
    assert_eq!(texts(&journey), ["tea"]);
    journey.wait(TimeDelta::hours(15));
    assert_eq!(texts(&journey), ["Bread and butter", "call the dentist"], "tea was yesterday:\n{}", journey.screen());
}

#[test]
fn the_list_is_sorted_and_reversed() {
    let mut journey = four_memos();
    assert!(journey.line_with("Pending").contains(" due ↑ "), "{}", journey.screen());
    let tea = |journey: &Journey| assert!(journey.line_with("tea").contains("▌"), "{}", journey.screen());
    journey.keys("O");
    assert_eq!(texts(&journey), ["standup", "call the dentist", "Bread and butter", "tea"]);
    assert!(journey.line_with("Pending").contains(" due ↓ "), "{}", journey.screen());
    tea(&journey);
    journey.keys("oo");
    assert_eq!(texts(&journey), ["Bread and butter", "call the dentist", "standup", "tea"]);
    tea(&journey);
    journey.keys("o");
    assert_eq!(texts(&journey), ["standup", "tea", "Bread and butter", "call the dentist"]);
    assert_snapshot!("by_zone", journey.screen());
    journey.keys("o");
    assert_eq!(texts(&journey)[0], "tea");
}

#[test]
fn each_day_has_a_heading_that_cannot_be_selected() {
    let mut journey = four_memos();
    journey.keys("d");
    assert_snapshot!("by_day", journey.screen());
    journey.keys("j");
    assert!(journey.line_with("Bread").contains("▌"), "{}", journey.screen());
    let row = journey.screen().lines().position(|line| line.contains("Fri 6 Mar")).unwrap();
    let row = u16::try_from(row).unwrap();
    journey.click(80, row);
    assert!(journey.line_with("Bread").contains("▌"), "a heading cannot be selected:\n{}", journey.screen());
    journey.click(80, row + 1);
    assert!(journey.line_with("standup").contains("▌"), "{}", journey.screen());
    journey.keys("O");
    assert_eq!(listed(&journey)[0], "Fri 6 Mar");
    journey.keys("o");
    assert!(!journey.shows("Fri 6 Mar"), "headings need the order by due:\n{}", journey.screen());
}

#[test]
fn the_selection_stays_visible_with_headings_on_a_small_screen() {
    let mut journey = Journey::start();
    for day in 5..25 {
        journey.add(&format!("memo {day}"), &format!("{day} mar"), "9:00");
    }
    journey.resize(40, 10).keys("dg");
    assert_snapshot!("by_day_small", journey.screen());
    for day in 5..25 {
        assert!(journey.line_with(&format!("memo {day}")).contains("▌"), "{}", journey.screen());
        journey.keys("j");
    }
    assert!(journey.shows("Tue 24 Mar"), "{}", journey.screen());
    journey.wheel(false);
    assert!(journey.line_with("memo 21").contains("▌"), "{}", journey.screen());
}

#[test]
fn a_strip_of_hours_is_below_the_list_where_there_is_room() {
    let mut journey = four_memos();
    for memo in ["one", "two", "three"] {
        journey.add(memo, "", "20:00");
    }
    journey.resize(120, 36);
    assert_snapshot!("strip_wide", journey.screen());
    journey.resize(80, 24).keys("<esc>");
    assert_snapshot!("strip", journey.screen());
    journey.resize(80, 23);
    assert!(!journey.shows("█"), "{}", journey.screen());
}

#[test]
fn a_filter_applies_to_what_has_arrived_too() {
    let mut journey = four_memos();
    journey.add("dentist bill", "", "10:21").keys("<esc>").wait(TimeDelta::minutes(5));
    let arrived = |journey: &Journey| {
        journey.screen().matches("  arrived ").count() + journey.screen().matches("▌ arrived ").count()
    };
    assert_eq!(arrived(&journey), 2, "{}", journey.screen());
    journey.keys("/dnt");
    assert_eq!(arrived(&journey), 1, "{}", journey.screen());
    assert!(journey.shows("Pending  /dnt▏  2 of 5") && journey.shows("dentist bill"), "{}", journey.screen());
    journey.keys("<enter>/");
    assert!(
        journey.shows("Pending  /▏ ") && arrived(&journey) == 2,
        "a new filter begins empty:\n{}",
        journey.screen()
    );
    journey.keys("arrived<enter>");
    assert!(journey.shows("/arrived  2 of 5"), "{}", journey.screen());
    journey.keys("gA<enter>");
    assert!(journey.shows("2 memos are done") && journey.shows("No matches."), "{}", journey.screen());
    journey.keys("u/dnt<enter>gx");
    assert_eq!(journey.app.current().arrived.len(), 1, "only what is shown is selected:\n{}", journey.screen());
}

#[test]
fn the_day_of_the_calendar_filters_what_has_arrived_too() {
    let mut journey = four_memos();
    journey.wait(TimeDelta::minutes(5)).keys("3l<enter>");
    assert!(journey.shows("Pending  /2026-03-05  2 of 4"), "{}", journey.screen());
    assert!(!journey.line_with("Bread").is_empty() && !journey.shows(" tea "), "{}", journey.screen());
    journey.keys("3g<enter>");
    assert!(
        journey.shows("/2026-03-04  1 of 4") && journey.line_with("arrived  ").contains("tea"),
        "{}",
        journey.screen()
    );
    journey.keys("<esc>");
    assert_eq!(texts(&journey).len(), 4, "{}", journey.screen());
}
