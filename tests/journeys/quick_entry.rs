//! Quick entry: a memo and its time in one line.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn a_memo_and_its_time_are_typed_in_one_line() {
    let mut journey = Journey::start();
    journey.keys("call mum fri 18:00 Tokyo");
    assert_snapshot!("chip", journey.screen());
    journey.keys("<c-s>");
    assert_eq!(journey.scheduled(), 1);
    let line = journey.line_with("call mum");
    assert!(line.contains("Fri 18:00") && !line.contains("call mum fri"), "{}", journey.screen());
}

#[test]
fn tab_moves_the_time_into_its_fields() {
    let mut journey = Journey::start();
    journey.keys("call mum fri 18:00 Tokyo<tab>");
    assert_snapshot!("time_in_fields", journey.screen());
    journey.keys("<c-s>");
    assert!(journey.line_with("call mum").contains("Fri 18:00"), "{}", journey.screen());
}

#[test]
fn the_time_can_be_kept_as_text() {
    let mut journey = Journey::start();
    journey.keys("the 9am call<c-t>");
    assert!(journey.shows("tickler keeps the memo as it is"), "{}", journey.screen());
    journey.keys("<tab>tomorrow<tab>18:00<c-s>");
    assert!(journey.line_with("the 9am call").contains("tomorrow 18:00"), "{}", journey.screen());
}

#[test]
fn a_time_in_the_fields_leaves_the_memo_as_typed() {
    let mut journey = Journey::start();
    journey.keys("<tab>tomorrow<tab>18:00<s-tab><s-tab>call mum fri 9:00<c-s>");
    assert!(journey.line_with("call mum fri 9:00").contains("tomorrow 18:00"), "{}", journey.screen());
}

#[test]
fn a_past_time_is_refused() {
    let mut journey = Journey::start();
    journey.keys("call mum yesterday 18:00<c-s>");
    assert_eq!(journey.scheduled(), 0);
    assert_snapshot!("past_time", journey.screen());
    journey.resize(40, 10);
    assert!(journey.shows("past: name a later time."), "{}", journey.screen());
}

#[test]
fn a_time_alone_is_not_a_memo() {
    let mut journey = Journey::start();
    journey.keys("tomorrow 18:00<c-s>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("The memo is empty"), "{}", journey.screen());
}

#[test]
fn an_edit_finds_no_time_in_the_memo() {
    let mut journey = Journey::start();
    journey.keys("the 9am call<c-t><tab>tomorrow<tab>18:00<c-s>e");
    journey.keys("<end>!<c-s>");
    assert!(journey.line_with("the 9am call!").contains("tomorrow 18:00"), "{}", journey.screen());
}

#[test]
fn a_repeated_time_asks_which_one() {
    let mut journey = Journey::start();
    journey.keys("night shift 25 oct 2:30<c-s>");
    assert!(journey.shows("Choose a time"), "{}", journey.screen());
    journey.keys("2");
    assert!(journey.line_with("night shift").contains("25 Oct 02:30"), "{}", journey.screen());
}

#[test]
fn the_chip_counts_down() {
    let mut journey = Journey::start();
    journey.keys("tea in 20m");
    let before = journey.line_with("UTC · in");
    journey.wait(TimeDelta::minutes(2));
    assert_ne!(before, journey.line_with("UTC · in"), "{}", journey.screen());
    journey.resize(40, 10);
    assert_snapshot!("chip_small", journey.screen());
}

#[test]
fn a_guess_shows_its_reason_where_there_is_room() {
    let mut journey = Journey::start();
    journey.keys("call mum at 5");
    assert_snapshot!("guess", journey.screen());
    journey.resize(80, 24);
    assert!(journey.shows("Wed 4 Mar 2026, 17:00 CET (a guess: no am or pm, so the next one)"), "{}", journey.screen());
    journey.resize(40, 10);
    assert!(journey.shows("17:00 CET (a guess)") && !journey.shows("am or pm"), "{}", journey.screen());
}

#[test]
fn an_unread_time_gets_a_hint_where_to_type_one() {
    let mut journey = Journey::start();
    journey.keys("talk");
    assert!(journey.shows("No time in the memo yet"), "{}", journey.screen());
    journey.keys(" 24 dec Bob");
    assert!(journey.shows("No clear time yet: “24 dec” may be a"), "{}", journey.screen());
    journey.keys("<bs><bs><bs><bs>");
    assert!(journey.shows("24 Dec 2026, 09:00"), "{}", journey.screen());
    journey.keys("<a-x>").paste("milk\neggs tomorrow 9am");
    assert!(journey.shows("Use Date and Time."), "{}", journey.screen());
}

#[test]
fn a_refused_memo_names_the_part_that_looks_like_a_time() {
    let mut journey = Journey::start();
    journey.keys("dinner friday lunchtime<c-s>");
    assert!(journey.shows("There is no clear time yet: “friday”"), "{}", journey.screen());
    assert!(journey.shows("0 pending"), "{}", journey.screen());
}

#[test]
fn a_line_end_behind_a_pasted_line_does_not_count() {
    for pasted in
        ["call mum fri 18:00\n", "call mum fri 18:00\r\n", "call mum fri 18:00\r", "call mum fri 18:00\n \n\n"]
    {
        let mut journey = Journey::start();
        journey.paste(pasted);
        assert!(journey.shows("Fri 6 Mar 2026, 18:00 CET"), "{pasted:?}: {}", journey.screen());
        journey.keys("<c-s>");
        assert_eq!(journey.scheduled(), 1, "{pasted:?}: {}", journey.screen());
        let line = journey.line_with("call mum");
        assert!(line.contains("Fri 18:00") && !line.contains("call mum fri") && !line.contains('⏎'), "{line}");
    }
    let mut journey = Journey::start();
    journey.paste("call mum fri 18:00\nabout the train");
    assert!(journey.shows("tickler finds times in memos of one"), "{}", journey.screen());
}

#[test]
fn a_memo_that_cannot_be_seen_is_empty() {
    for memo in ["\u{200b}", "\u{feff}\u{ad} \u{e0041}\u{2028}"] {
        let mut journey = Journey::start();
        journey.paste(memo).keys("<tab>tomorrow<tab>18:00<c-s>");
        assert!(journey.shows("The memo is empty"), "{memo:?}: {}", journey.screen());
        assert_eq!(journey.scheduled(), 0);
    }
}
