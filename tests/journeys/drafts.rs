//! Drafts: what is typed never lands where it was not meant.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::journey::Journey;
use crate::campaign;

/// A memo that has arrived and two that are pending; the list has the keys, and there is nothing to undo.
fn list() -> Journey {
    let mut journey = Journey::start();
    journey.add("call Ana", "", "10:20").add("tea", "tomorrow", "9:00").add("standup", "fri", "10:00");
    journey.wait(TimeDelta::minutes(5));
    journey.quit_and_restart(TimeDelta::minutes(1))
}

/// The text and the due time of a pending memo.
type Pending = (String, Option<DateTime<Utc>>);

/// What is pending and what has arrived.
fn memos(journey: &Journey) -> (Vec<Pending>, Vec<String>) {
    let context = journey.app.current();
    let mut pending: Vec<_> = context.list.iter().map(|row| (row.words().into_owned(), row.due())).collect();
    pending.sort();
    (pending, context.arrived.iter().map(|receipt| receipt.text.clone()).collect())
}

#[test]
fn no_sentence_typed_into_the_list_changes_a_memo_for_good() {
    for sentence in [
        "exam prep",
        "take out the trash",
        "buy 2 tickets, then text Ana",
        "next week: taxes",
        "fix the exit of the box",
        "read about x-rays",
        "see 1 film, or 2",
        "set up the router",
        "Do Tax Work @ home",
        "AA batteries",
        "quick yoga, then tidy up",
        "write tests",
        "* x 3",
        "v.important",
    ] {
        for end in ["", "<enter>"] {
            for first in ["g", "gj"] {
                let mut journey = list();
                let before = memos(&journey);
                journey.keys(first).keys(sentence).keys(end).keys("<esc><esc><esc><esc>");
                let typed = journey.screen();
                journey.keys(&"u".repeat(sentence.len()));
                assert_eq!(memos(&journey), before, "{first} {sentence} {end}:\n{typed}\n{}", journey.screen());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(24, 1_000)))]

    #[test]
    fn no_text_typed_into_the_list_changes_a_memo_for_good(text in "[a-zA-Z0-9 .,:;!?/()@#*'-]{1,40}", first in "g|gj|G") {
        let mut journey = list();
        let before = memos(&journey);
        journey.keys(&first).keys(&text).keys("<esc><esc><esc><esc>");
        let typed = journey.screen();
        journey.keys(&"u".repeat(text.len()));
        prop_assert_eq!(memos(&journey), before, "{}{}:\n{}\n{}", first, text, typed, journey.screen());
    }
}

#[test]
fn a_key_that_means_nothing_says_how_to_write_a_memo() {
    let mut journey = list();
    for (keys, named) in [("z", "“z”"), ("2z", "“z”"), ("3<space>", "Space"), ("4K", "“K”"), ("1i", "“i”")]
    {
        journey.keys(keys);
        let says = format!("{named} does nothing here. To write a memo, press a.");
        assert!(journey.shows(&says), "{keys}:\n{}", journey.screen());
        journey.wait(TimeDelta::seconds(10));
    }
    journey.change_settings("[keys.pending]\nadd = \"Ins\"").keys("i");
    assert!(journey.shows("To write a memo, press Ins."), "{}", journey.screen());
    journey.wait(TimeDelta::seconds(10)).keys("<f5><c-g>");
    assert!(!journey.shows("does nothing here"), "only letters are meant as text:\n{}", journey.screen());
}

#[test]
fn the_form_without_the_keys_does_not_invite_to_type() {
    let mut journey = list();
    journey.resize(120, 36);
    assert!(journey.shows("The list has the keys. To write a memo,"), "{}", journey.screen());
    assert!(!journey.shows("e.g."), "{}", journey.screen());
    journey.keys("a");
    assert!(journey.shows("Type a memo and its time") && journey.shows("e.g. tomorrow"), "{}", journey.screen());
}

#[test]
fn an_edit_keeps_the_draft_aside_and_brings_it_back() {
    let mut journey = list();
    journey.keys("ahalf a thought<tab>friday<esc>jje");
    assert!(journey.line_with("Memo").contains("standup"), "{}", journey.screen());
    let mut journey = {
        journey.wait(TimeDelta::seconds(1));
        journey.crash_and_restart(TimeDelta::minutes(1))
    };
    journey.keys("<esc>a");
    assert!(journey.line_with("Memo").contains("half a thought"), "it survives a crash:\n{}", journey.screen());
    journey.keys("<esc>jje now<c-s>");
    assert!(journey.shows("standup now"), "{}", journey.screen());
    assert!(journey.line_with("Memo").contains("half a thought"), "{}", journey.screen());
    assert!(journey.line_with("Date").contains("friday"), "{}", journey.screen());
    journey.keys("a in 3 steps<c-s>");
    assert!(journey.shows("half a thought in 3 steps") && journey.scheduled() == 3, "{}", journey.screen());
}

#[test]
fn a_new_memo_is_never_typed_into_a_change() {
    let mut journey = list();
    journey.keys("je with Ana<esc>");
    assert!(journey.shows("The memo is unchanged. e on it goes back to your change"), "{}", journey.screen());
    assert!(journey.shows("Edit memo, not saved"), "{}", journey.screen());
    journey.keys("amilk in 2 h<c-s>");
    assert!(
        journey.shows("milk") && journey.line_with("tomorrow 09:00").ends_with("tea                  │"),
        "{}",
        journey.screen()
    );
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(1));
    journey.keys("gjje");
    assert!(journey.line_with("Memo").contains("tea with Ana"), "{}", journey.screen());
    assert!(journey.shows("Here is your change of “tea”, not saved yet. Alt-X drops it."), "{}", journey.screen());
    journey.keys("<c-s>");
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 3);
}

#[test]
fn in_an_edit_enter_goes_to_the_next_field_and_esc_leaves_the_memo() {
    let mut journey = list();
    journey.keys("je<enter><enter><enter><enter><enter><enter><enter><enter>");
    assert!(journey.shows("Edit memo"), "{}", journey.screen());
    journey.keys("!<enter><enter><enter><enter><esc>").wait(TimeDelta::seconds(10));
    assert!(!journey.shows("tea!") || journey.line_with("tomorrow 09:00").contains(" tea "), "{}", journey.screen());
    journey.keys("e<c-s>");
    assert!(journey.line_with("tomorrow 09:00").contains("tea!"), "{}", journey.screen());
}

#[test]
fn a_duplicate_leaves_the_draft_for_later() {
    let mut journey = list();
    journey.keys("abuy milk<esc>jD again<tab><c-u>sat<c-s>");
    assert!(journey.line_with("Sat").contains("tea again"), "{}", journey.screen());
    assert!(journey.line_with("Memo").contains("buy milk"), "{}", journey.screen());
}

#[test]
fn a_change_of_a_memo_that_is_gone_comes_back_as_a_new_memo() {
    let mut journey = list();
    journey.keys("je with Ana<esc>abread<esc>").wait(TimeDelta::hours(24));
    journey.keys("g");
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    journey.keys("a<tab>sun<c-s>");
    assert!(journey.line_with("Sun").contains("bread"), "{}", journey.screen());
    journey.keys("a");
    assert!(journey.line_with("Memo").contains("tea with Ana"), "{}", journey.screen());
}

#[test]
fn letters_answer_no_question_and_a_sentence_disarms_it() {
    let mut journey = list();
    journey.keys("jthe bin");
    assert!(journey.shows("A letter is not an answer, so nothing"), "{}", journey.screen());
    assert!(journey.shows("Enter close  Esc no"), "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    assert!(journey.shows("Nothing was done"), "{}", journey.screen());
    journey.keys("tq?<esc>");
    assert!(!journey.ended && journey.app.modal.is_none(), "{}", journey.screen());
    journey.keys("t<enter>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
}

#[test]
fn the_first_list_shows_that_it_has_the_keys() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "tomorrow", "9:00").wait(TimeDelta::seconds(30));
    let journey = journey.crash_and_restart_offline(TimeDelta::hours(2));
    assert!(journey.line_with("tea").contains("▌"), "{}", journey.screen());
    assert!(journey.app.has_keys(tickler::app::Focus::List) && journey.shows("The list has the keys."));
}

#[test]
fn a_change_that_was_not_made_is_kept_beside_a_draft() {
    let mut journey = list();
    let mut beside = Journey::second_window(&journey);
    journey.keys("ahalf a thought<esc>");
    beside.keys("gje with Bob<c-s>");
    journey.keys("gje with Ana<c-s>");
    assert!(journey.shows("Your change was: “tea with Ana”") && journey.shows("e on it goes back to it."));
    assert!(journey.line_with("Memo").contains("half a thought"), "{}", journey.screen());
    journey.keys("<esc><esc>e");
    assert!(journey.line_with("Memo").contains("tea with Ana"), "{}", journey.screen());
    journey.keys("<c-s>");
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
    assert!(journey.line_with("Memo").contains("half a thought"), "{}", journey.screen());
}

#[test]
fn a_new_memo_is_not_typed_into_a_change_while_the_list_is_read() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("tea", "tomorrow", "9:00").keys("e with Ana<esc>");
    journey.wait(TimeDelta::seconds(1));
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    journey.work().hold_requests();
    journey.keys("<esc>c2amilk in 2 h");
    assert!(journey.line_with("Memo").contains("  milk in 2 h"), "{}", journey.screen());
    journey.release_requests();
    assert!(journey.shows("New memo") && journey.line_with("Memo").contains("  milk in 2 h"), "{}", journey.screen());
    journey.keys("<c-s>gje");
    assert!(journey.line_with("Memo").contains("tea with Ana"), "{}", journey.screen());
}
