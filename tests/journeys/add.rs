//! The form: what it schedules and what it refuses.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn the_first_start_opens_the_form() {
    let journey = Journey::start();
    assert_snapshot!(journey.screen());
}

#[test]
fn enter_moves_through_the_form_and_schedules() {
    let mut journey = Journey::start();
    journey.keys("call mum about the train<enter>tomorrow<enter>18:00");
    assert_snapshot!("filled_form", journey.screen());
    journey.keys("<enter><enter>");
    assert_snapshot!("scheduled", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn ctrl_s_schedules_from_any_field() {
    let mut journey = Journey::start();
    journey.keys("tea<tab><tab>in 3m<s-tab><s-tab><c-s>");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("tea").contains("in 3 min"), "{}", journey.screen());
}

#[test]
fn an_empty_memo_is_refused_and_gets_the_cursor() {
    let mut journey = Journey::start();
    journey.keys("<tab>tomorrow<c-s>");
    assert!(journey.shows("The memo is empty"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
    journey.keys("tea<c-s>");
    assert_eq!(journey.scheduled(), 1, "the cursor is in the empty field");
}

#[test]
fn a_memo_without_a_time_is_refused() {
    let mut journey = Journey::start();
    journey.keys("tea<c-s>");
    assert!(journey.shows("There is no time yet"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
}

#[test]
fn an_invalid_or_past_time_is_refused_and_the_draft_stays() {
    for (date, time, zone, error) in [
        ("feb 30", "", "", "Feb"),
        ("tomorow", "", "", "tomorow"),
        ("today", "25:12", "", "25:12"),
        ("today", "09:00", "", "past"),
        ("tomorrow", "9:00", "Mars/Olympus", "Mars/Olympus"),
        ("every day", "9:00", "", "epeat"),
    ] {
        let mut journey = Journey::start();
        journey.keys("tea<tab>").paste(date).keys("<tab>").paste(time).keys("<tab>");
        if !zone.is_empty() {
            journey.keys("<c-u>").paste(zone);
        }
        journey.keys("<c-s>");
        assert!(journey.shows(error), "no {error:?} for {date:?} {time:?} {zone:?}:\n{}", journey.screen());
        assert!(journey.shows("tea"), "{}", journey.screen());
        assert_eq!(journey.scheduled(), 0, "{date:?} {time:?} {zone:?}");
    }
}

#[test]
fn a_skipped_time_is_refused_and_offers_the_nearest_times() {
    let mut journey = Journey::start();
    journey.add("clocks", "29 mar", "2:30");
    assert_snapshot!(journey.screen());
    assert_eq!(journey.scheduled(), 0);
    journey.keys("2");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("clocks").contains("29 Mar 03:30"), "{}", journey.screen());
}

#[test]
fn a_repeated_time_asks_which_one_and_keeps_the_choice() {
    let mut journey = Journey::start();
    journey.add("clocks", "25 oct", "2:30");
    assert_snapshot!(journey.screen());
    journey.keys("<down><enter>");
    assert_eq!(journey.scheduled(), 1);
    let again = journey.quit_and_restart(TimeDelta::minutes(1));
    assert!(again.line_with("clocks").contains("25 Oct 02:30"), "{}", again.screen());
    let due = again.app.current().list.iter().next().unwrap().due().unwrap();
    assert_eq!(due.to_rfc3339(), "2026-10-25T01:30:00+00:00", "the second 02:30");
}

#[test]
fn a_few_letters_find_a_zone() {
    let mut journey = Journey::start();
    journey.keys("standup<tab>tomorrow<tab>9:00<tab><c-u>york");
    assert_snapshot!("zone_choices", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 0, "the first Enter takes the zone");
    journey.keys("<enter>");
    assert_snapshot!("zone_chosen", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_paste_is_text_and_never_submits() {
    let mut journey = Journey::start();
    journey.paste("first line\r\nsecond line\nthird");
    journey.keys("<tab>").paste("tomorrow\n");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("second line"), "{}", journey.screen());
    journey.keys("<c-s>");
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("first line").contains("first line⏎second"), "{}", journey.screen());
}

#[test]
fn a_paste_longer_than_any_memo_is_refused_and_the_draft_stays() {
    let mut journey = Journey::start();
    journey.keys("mine ").paste(&"x".repeat(1 << 20));
    assert!(journey.shows("1048576 bytes"), "{}", journey.screen());
    assert!(journey.shows("mine"), "{}", journey.screen());
    assert!(!journey.shows("xxx"), "{}", journey.screen());
}

#[test]
fn a_memo_over_the_limit_is_refused_and_one_at_the_limit_is_scheduled() {
    let mut journey = Journey::start();
    let room = journey.app.here().unwrap().memo_limit;
    journey.add(&"<".repeat(room / 6 + 1), "tomorrow", "");
    assert!(journey.shows("bytes too long"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
    let mut journey = Journey::start();
    journey.add(&"é".repeat(room / 2), "tomorrow", "");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
}

#[test]
fn readline_keys_edit_a_field() {
    let mut journey = Journey::start();
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
fn command_letters_are_text_in_the_form() {
    let mut journey = Journey::start();
    journey.keys("q?xtusnaR12");
    assert!(journey.shows("q?xtusnaR12"), "{}", journey.screen());
    assert!(!journey.ended);
}

#[test]
fn wide_and_combining_characters_keep_columns_aligned() {
    let mut journey = Journey::start();
    journey.add("買い物に行く", "tomorrow", "9:00");
    journey.add("cafe\u{301} with Ana", "tomorrow", "10:00");
    journey.add("👩‍👩‍👧 school", "tomorrow", "11:00");
    journey.add("plain", "tomorrow", "12:00");
    assert_snapshot!(journey.screen());
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let mut journey = Journey::start();
    journey.add("ring\u{7} red\u{1b}[31m \u{202e}kcab", "tomorrow", "9:00");
    let screen = journey.screen();
    assert!(!screen.contains(['\u{7}', '\u{1b}', '\u{202e}']), "{screen:?}");
    assert!(screen.contains("ring␇ red␛[31m"), "{screen}");
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_draft_survives_quitting_and_a_crash() {
    let mut journey = Journey::start();
    journey.keys("half a thou");
    let mut journey = journey.quit_and_restart(TimeDelta::hours(3));
    assert!(journey.shows("half a thou"), "{}", journey.screen());
    journey.keys("ght<tab>tomorrow");
    journey.wait(TimeDelta::seconds(1));
    let journey = journey.crash_and_restart(TimeDelta::hours(3));
    assert!(journey.shows("half a thought") && journey.shows("tomorrow"), "{}", journey.screen());
}

#[test]
fn a_click_selects_a_memo_or_a_field() {
    let mut journey = Journey::start();
    journey.add("one", "tomorrow", "9:00").add("two", "tomorrow", "10:00").add("three", "tomorrow", "11:00");
    journey.click(60, 3);
    assert!(journey.line_with("two").contains("▌"), "{}", journey.screen());
    journey.wheel(true);
    assert!(journey.line_with("three").contains("▌"), "{}", journey.screen());
    journey.click(10, 4).keys("fri");
    assert!(journey.line_with("Date").contains("fri"), "{}", journey.screen());
}

#[test]
fn small_terminals_work_and_smaller_ones_show_the_minimum_size() {
    let mut journey = Journey::start();
    journey.add("call mum about the train", "tomorrow", "18:00").resize(40, 10);
    assert_snapshot!("small_list", journey.screen());
    journey.keys("atea<tab>tomorrow<tab>25:00");
    assert_snapshot!("small_form", journey.screen());
    journey.keys("<c-u>17:00<c-s>");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.cut_network().keys("x");
    assert!(journey.shows("cancelled: the connection broke"), "the error fits:\n{}", journey.screen());
    journey.restore_network().keys("<esc>").resize(39, 9);
    assert_eq!(journey.screen().trim_end(), "tickler needs 40×10 characters; this\nterminal has 39×9.");
    journey.resize(1, 1);
    journey.screen();
    journey.resize(100, 18);
    assert!(journey.shows("call mum"), "{}", journey.screen());
}

#[test]
fn an_unknown_zone_explains_how_to_find_one() {
    let mut journey = Journey::start();
    journey.keys("talk<tab>24 dec<tab>18:00<tab><c-u>Pariis<c-s>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("“Pariis” is not a time zone. Type"), "{}", journey.screen());
}

#[test]
fn the_zone_is_selected_and_typing_replaces_it() {
    let mut journey = Journey::start();
    journey.keys("talk<tab>fri<tab>18:00<tab>tokyo");
    assert!(journey.line_with("Zone").contains("tokyo") && !journey.line_with("Zone").contains("Europe"));
    assert!(journey.shows("Fri 6 Mar 2026, 18:00 JST"), "the offer has a preview:\n{}", journey.screen());
    assert!(journey.shows(" Asia/Tokyo"), "{}", journey.screen());
    journey.keys("<enter>");
    assert!(journey.line_with("Zone").contains("Asia/Tokyo") && journey.scheduled() == 0, "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 1);
    journey.keys("atalk<tab>fri<tab>18:00<tab><left><bs><bs>");
    assert!(journey.line_with("Zone").contains("Europe/Pas"), "a motion keeps the text:\n{}", journey.screen());
    journey.keys("<tab>").wait(TimeDelta::seconds(10));
    journey.keys("<s-tab><bs>");
    assert!(!journey.line_with("Zone").contains("Europe"), "{}", journey.screen());
    journey.keys("<tab>");
    assert!(journey.line_with("Zone").contains("Europe/Paris"), "an empty zone is the own one:\n{}", journey.screen());
}

#[test]
fn a_word_that_is_no_zone_is_said_while_typing() {
    for memo in ["talk<tab><tab><tab>", "talk fri 18:00<tab><tab><tab>", "<tab><tab><tab>"] {
        let mut journey = Journey::start();
        journey.keys(memo).keys("zzzyx");
        assert!(journey.shows("“zzzyx” is not a time zone."), "{memo}:\n{}", journey.screen());
    }
    let mut journey = Journey::start();
    journey.keys("<tab><tab><tab>zzzyx<s-tab><s-tab><s-tab>talk fri 18:00<c-s>");
    assert_eq!(journey.scheduled(), 0, "a wrong zone is not ignored:\n{}", journey.screen());
}
