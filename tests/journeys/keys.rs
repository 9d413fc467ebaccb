//! Keys of one's own: what the settings say is what works, and what is told of.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

/// The program of somebody who has these lines in the settings.
fn begin_with(settings: &str) -> Journey {
    let mut journey = Journey::begin();
    journey.settle(settings);
    journey
}

#[test]
fn another_key_works_and_the_old_one_does_not() {
    let mut journey = begin_with("[keys.pending]\ncancel = [\"X\", \"F9\"]\nundo = \"Ctrl-U\"");
    journey.add("tea", "tomorrow", "9:00").add("milk", "tomorrow", "10:00").keys("<esc>gx");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("X");
    assert!(journey.shows("Cancelled “tea”; Ctrl-U brings it back."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    journey.keys("<c-u>");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("x");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
}

#[test]
fn what_is_told_of_is_the_key_that_works() {
    let mut journey = begin_with(
        "[keys]\nnext-line = [\"Down\"]\n[keys.pending]\ncancel = \"X\"\nput-away = \"X\"\nadd = \"Ins\"\nmark = []\n\
         [keys.everywhere]\nshow-help = \"F2\"\nquit = \"Q\"",
    );
    journey.keys("<esc>").pass(TimeDelta::seconds(10));
    assert!(journey.shows("Press Ins and type a memo"), "{}", journey.screen());
    journey.keys("<ins>").add("tea", "tomorrow", "9:00").keys("<esc>").pass(TimeDelta::seconds(10)).resize(100, 40);
    assert_snapshot!("told", journey.screen());
    journey.keys("<f2>");
    assert_snapshot!("help", journey.screen());
    journey.keys("<esc>:");
    assert_snapshot!("palette", journey.screen());
    journey.keys("<esc>jx?q");
    assert_eq!((journey.scheduled(), journey.ended), (1, false), "{}", journey.screen());
    journey.keys("Q");
    assert!(journey.ended);
}

#[test]
fn the_form_tells_of_its_own_keys() {
    let mut journey = begin_with("[keys.form]\nschedule = \"F5\"\nkeep-words = \"Ctrl-G\"\nempty-form = []");
    journey.keys("pay the rent fri 18:00");
    assert!(journey.shows("Ctrl-G: text") && journey.shows("F5 schedule"), "{}", journey.screen());
    journey.keys("<c-t><c-s>");
    assert!(journey.shows("Ctrl-G: text") && journey.scheduled() == 0, "{}", journey.screen());
    journey.keys("<c-g>");
    assert!(journey.shows("Press Ctrl-G to find a time in it."), "{}", journey.screen());
    journey.keys("<c-g><f5>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    journey.keys("<esc>eX<esc>");
    assert!(
        journey.shows("a goes back to it, “empty the form” there drops it."),
        "what has no key has a name: {}",
        journey.screen()
    );
}

#[test]
fn what_has_no_key_is_in_the_palette() {
    let mut journey = begin_with("[keys.pending]\ncancel = []\nput-away = []\nundo = []\nrefresh = []");
    journey.add("tea", "tomorrow", "9:00").keys("<esc>x<del>u");
    assert!(!journey.shows(" cancel"), "the footer tells of keys alone:\n{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
    journey.keys(":cancel<enter>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("Cancelled “tea”; “undo” brings it back."), "{}", journey.screen());
    journey.keys(":undo<enter>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
}

#[test]
fn ctrl_c_ends_wherever_one_is() {
    let settings = "[keys.everywhere]\nquit = \"F10\"";
    for to in ["", "<esc>", "<esc>2", "<esc>3", "<esc>/", "<esc>:", "<esc>?", "<esc>t"] {
        let mut journey = begin_with(settings);
        journey.add("tea", "tomorrow", "9:00").keys(to).keys("<c-c>");
        assert!(journey.ended, "after {to}:\n{}", journey.screen());
    }
}

#[test]
fn the_views_lie_on_a_ring() {
    let mut journey = begin_with("[keys]\nnext-view = [\"]\", \"Tab\"]");
    journey.keys("<esc>");
    let titles = ["Pending", "History", "March", "Next 24 hours"];
    for title in ["History", "March", "Next 24 hours", "Pending"] {
        journey.keys("<tab>");
        assert!(journey.shows(title), "{}", journey.screen());
    }
    for title in titles.into_iter().rev() {
        journey.keys("[");
        assert!(journey.shows(title), "{}", journey.screen());
    }
}

#[test]
fn keys_that_change_while_the_program_runs_hold_at_once() {
    let mut journey = begin_with("[keys.everywhere]\nquit = \"Q\"");
    journey.keys("<esc>");
    assert!(journey.shows("Q quit"), "{}", journey.screen());
    journey.settle("");
    assert!(journey.shows("q quit"), "{}", journey.screen());
}

#[test]
fn the_help_cuts_nothing_on_a_small_terminal() {
    let mut journey = Journey::begin();
    for (width, height) in [(80, 24), (40, 10)] {
        journey.resize(width, height);
        journey.keys("<esc>?");
        assert!(journey.shows("Keys"), "{}", journey.screen());
        for _ in 0..300 {
            assert!(!journey.screen().contains('…'), "{}", journey.screen());
            journey.keys("j");
        }
        journey.keys("<esc>");
    }
}
