//! From keystrokes to a schedule, and everything that refuses to become one.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn the_first_start_begins_in_the_form() {
    let journey = Journey::begin();
    assert_snapshot!(journey.screen());
}

#[test]
fn a_memo_is_scheduled_with_the_keys_that_enter_and_tab_suggest() {
    let mut journey = Journey::begin();
    journey.keys("call mum about the train<enter>tomorrow<enter>18:00");
    assert_snapshot!("written", journey.screen());
    journey.keys("<enter><enter>");
    assert_snapshot!("scheduled", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn control_s_schedules_from_any_field() {
    let mut journey = Journey::begin();
    journey.keys("tea<tab><tab>in 3m<s-tab><s-tab><c-s>");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("tea").contains("in 3 min"), "{}", journey.screen());
}

#[test]
fn an_empty_memo_is_refused_where_it_is_empty() {
    let mut journey = Journey::begin();
    journey.keys("<tab>tomorrow<c-s>");
    assert!(journey.shows("The memo is empty"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
    journey.keys("tea<c-s>");
    assert_eq!(journey.scheduled(), 1, "the cursor was put where the text was missing");
}

#[test]
fn a_time_is_wanted() {
    let mut journey = Journey::begin();
    journey.keys("tea<c-s>");
    assert!(journey.shows("There is no time yet"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
}

#[test]
fn what_is_no_date_no_time_no_zone_or_past_is_refused_and_nothing_is_lost() {
    for (date, time, zone, said) in [
        ("feb 30", "", "", "Feb"),
        ("tomorow", "", "", "tomorow"),
        ("today", "25:12", "", "25:12"),
        ("today", "09:00", "", "past"),
        ("tomorrow", "9:00", "Mars/Olympus", "Mars/Olympus"),
        ("every day", "9:00", "", "epeat"),
    ] {
        let mut journey = Journey::begin();
        journey.keys("tea<tab>").paste(date).keys("<tab>").paste(time).keys("<tab>");
        if !zone.is_empty() {
            journey.keys("<c-u>").paste(zone);
        }
        journey.keys("<c-s>");
        assert!(journey.shows(said), "{said:?} is not said of {date:?} {time:?} {zone:?}:\n{}", journey.screen());
        assert!(journey.shows("tea"), "{}", journey.screen());
        assert_eq!(journey.scheduled(), 0, "{date:?} {time:?} {zone:?}");
    }
}

#[test]
fn the_skipped_hour_is_refused_and_its_neighbours_are_offered() {
    let mut journey = Journey::begin();
    journey.add("clocks", "29 mar", "2:30");
    assert_snapshot!(journey.screen());
    assert_eq!(journey.scheduled(), 0);
    journey.keys("2");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("clocks").contains("29 Mar 03:30"), "{}", journey.screen());
}

#[test]
fn the_doubled_hour_asks_which_and_keeps_the_answer() {
    let mut journey = Journey::begin();
    journey.add("clocks", "25 oct", "2:30");
    assert_snapshot!(journey.screen());
    journey.keys("<down><enter>");
    assert_eq!(journey.scheduled(), 1);
    let again = journey.quit_for(TimeDelta::minutes(1));
    assert!(again.line_with("clocks").contains("25 Oct 02:30"), "{}", again.screen());
    let due = again.app.current().list.iter().next().unwrap().due().unwrap();
    assert_eq!(due.to_rfc3339(), "2026-10-25T01:30:00+00:00", "the second of the two");
}

#[test]
fn a_zone_is_chosen_by_a_few_of_its_letters() {
    let mut journey = Journey::begin();
    journey.keys("standup<tab>tomorrow<tab>9:00<tab><c-u>york");
    assert_snapshot!("offered", journey.screen());
    journey.keys("<enter>");
    assert_snapshot!("taken", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_paste_is_text_and_never_submits() {
    let mut journey = Journey::begin();
    journey.paste("first line\r\nsecond line\nthird");
    journey.keys("<tab>").paste("tomorrow\n");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("second line"), "{}", journey.screen());
    journey.keys("<c-s>");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("first line").contains("first line⏎second"), "{}", journey.screen());
}

#[test]
fn a_paste_longer_than_any_memo_is_refused_and_leaves_what_was_typed() {
    let mut journey = Journey::begin();
    journey.keys("mine ").paste(&"x".repeat(1 << 20));
    assert!(journey.shows("1048576 bytes"), "{}", journey.screen());
    assert!(journey.shows("mine"), "{}", journey.screen());
    assert!(!journey.shows("xxx"), "{}", journey.screen());
}

#[test]
fn a_memo_over_the_limit_says_by_how_much_and_one_at_the_limit_is_scheduled() {
    let mut journey = Journey::begin();
    let room = journey.app.here().unwrap().memo_limit;
    journey.add(&"<".repeat(room / 6 + 1), "tomorrow", "");
    assert!(journey.shows("bytes too long"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
    let mut journey = Journey::begin();
    journey.add(&"é".repeat(room / 2), "tomorrow", "");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
}

#[test]
fn lines_are_edited_with_the_keys_of_readline() {
    let mut journey = Journey::begin();
    journey.keys("call mum about trains<c-a><a-f>my <c-e><c-w>planes<a-b><c-k>boats<c-b><c-d>");
    assert!(journey.shows("call my mum about boat"), "{}", journey.screen());
    journey.keys("<c-u>");
    assert!(!journey.shows("call"), "{}", journey.screen());
    journey.keys("<c-y>");
    assert!(journey.shows("call my mum about boat"), "{}", journey.screen());
    journey.keys("<c-/>");
    assert!(!journey.shows("call"), "{}", journey.screen());
}

#[test]
fn letters_that_are_commands_in_the_list_are_text_in_the_form() {
    let mut journey = Journey::begin();
    journey.keys("q?xtusnaR12");
    assert!(journey.shows("q?xtusnaR12"), "{}", journey.screen());
    assert!(!journey.ended);
}

#[test]
fn wide_and_combining_characters_keep_the_columns() {
    let mut journey = Journey::begin();
    journey.add("買い物に行く", "tomorrow", "9:00");
    journey.add("cafe\u{301} with Ana", "tomorrow", "10:00");
    journey.add("👩‍👩‍👧 school", "tomorrow", "11:00");
    journey.add("plain", "tomorrow", "12:00");
    assert_snapshot!(journey.screen());
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let mut journey = Journey::begin();
    journey.add("ring\u{7} red\u{1b}[31m \u{202e}kcab", "tomorrow", "9:00");
    let screen = journey.screen();
    assert!(!screen.contains(['\u{7}', '\u{1b}', '\u{202e}']), "{screen:?}");
    assert!(screen.contains("ring␇ red␛[31m"), "{screen}");
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_draft_survives_quitting_and_a_crash() {
    let mut journey = Journey::begin();
    journey.keys("half a thou");
    let mut journey = journey.quit_for(TimeDelta::hours(3));
    assert!(journey.shows("half a thou"), "{}", journey.screen());
    journey.keys("ght<tab>tomorrow");
    journey.pass(TimeDelta::seconds(1));
    let journey = journey.crash_for(TimeDelta::hours(3));
    assert!(journey.shows("half a thought") && journey.shows("tomorrow"), "{}", journey.screen());
}

#[test]
fn a_click_goes_where_it_points() {
    let mut journey = Journey::begin();
    journey.add("one", "tomorrow", "9:00").add("two", "tomorrow", "10:00").add("three", "tomorrow", "11:00");
    journey.click(60, 3);
    assert!(journey.line_with("two").contains("▌"), "{}", journey.screen());
    journey.wheel(true);
    assert!(journey.line_with("three").contains("▌"), "{}", journey.screen());
    journey.click(10, 4).keys("fri");
    assert!(journey.line_with("Date").contains("fri"), "{}", journey.screen());
}

#[test]
fn small_terminals_are_usable_and_smaller_ones_say_so() {
    let mut journey = Journey::begin();
    journey.add("call mum about the train", "tomorrow", "18:00").resize(40, 10);
    assert_snapshot!("list", journey.screen());
    journey.keys("atea<tab>tomorrow<tab>25:00");
    assert_snapshot!("form", journey.screen());
    journey.keys("<c-u>17:00<c-s>");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.cut_network().keys("x");
    assert!(
        journey.shows("cancelled: the connection broke"),
        "there is room for what went wrong:\n{}",
        journey.screen()
    );
    journey.mend_network().keys("<esc>").resize(39, 9);
    assert_eq!(journey.screen().trim_end(), "tickler needs 40×10 characters; this\nterminal has 39×9.");
    journey.resize(1, 1);
    journey.screen();
    journey.resize(100, 18);
    assert!(journey.shows("call mum"), "{}", journey.screen());
}

#[test]
fn a_zone_that_is_none_says_how_to_find_one() {
    let mut journey = Journey::begin();
    journey.keys("talk<tab>24 dec<tab>18:00<tab><c-u>Pariis<c-s>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("“Pariis” is not a time zone. Type"), "{}", journey.screen());
}
