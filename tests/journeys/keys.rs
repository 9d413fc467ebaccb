//! Keys: motions in every list, overlay and document, and custom keys.

use chrono::TimeDelta;
use insta::assert_snapshot;
use tickler::app::Modal;

use super::journey::Journey;

/// A journey with these settings.
fn start_with(settings: &str) -> Journey {
    let mut journey = Journey::start();
    journey.change_settings(settings);
    journey
}

#[test]
fn a_custom_key_replaces_the_default_key() {
    let mut journey = start_with("[keys.pending]\ncancel = [\"X\", \"F9\"]\nundo = \"Ctrl-U\"");
    journey.add("tea", "tomorrow", "9:00").add("milk", "tomorrow", "10:00").keys("<esc>gx");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("X");
    assert!(journey.shows("Cancelled “tea”. Ctrl-U undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    journey.keys("<c-u>");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("x");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
}

#[test]
fn footer_help_and_palette_show_custom_keys() {
    let mut journey = start_with(
        "[keys]\nnext-line = [\"Down\"]\n[keys.pending]\ncancel = \"X\"\nput-away = \"X\"\nadd = \"Ins\"\nmark = []\n\
         [keys.everywhere]\nshow-help = \"F2\"\nquit = \"Q\"",
    );
    journey.keys("<esc>").wait(TimeDelta::seconds(10));
    assert!(journey.shows("Press Ins and type a memo"), "{}", journey.screen());
    journey.keys("<ins>").add("tea", "tomorrow", "9:00").keys("<esc>").wait(TimeDelta::seconds(10)).resize(100, 40);
    assert_snapshot!("footer", journey.screen());
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
fn the_form_shows_custom_keys() {
    let mut journey = start_with("[keys.form]\nschedule = \"F5\"\nkeep-words = \"Ctrl-G\"\nempty-form = []");
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
        journey.shows("e on it goes back to your change, “clear the form” there drops it."),
        "an action without a key has a label: {}",
        journey.screen()
    );
}

#[test]
fn an_action_without_a_key_is_in_the_palette() {
    let mut journey = start_with("[keys.pending]\ncancel = []\nput-away = []\nundo = []\nrefresh = []");
    journey.add("tea", "tomorrow", "9:00").keys("<esc>x<del>u");
    assert!(!journey.shows(" cancel"), "the footer shows actions with keys only:\n{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
    journey.keys(":cancel<enter>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("Cancelled “tea”. “undo” undoes it."), "{}", journey.screen());
    journey.keys(":undo<enter>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
}

#[test]
fn ctrl_c_quits_from_everywhere() {
    let settings = "[keys.everywhere]\nquit = \"F10\"";
    for to in ["", "<esc>", "<esc>2", "<esc>3", "<esc>/", "<esc>:", "<esc>?", "<esc>t"] {
        let mut journey = start_with(settings);
        journey.add("tea", "tomorrow", "9:00").keys(to).keys("<c-c>");
        assert!(journey.ended, "after {to}:\n{}", journey.screen());
    }
}

#[test]
fn the_views_form_a_ring() {
    let mut journey = start_with("[keys]\nnext-view = [\"]\", \"Tab\"]");
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
fn changed_settings_apply_at_once() {
    let mut journey = start_with("[keys.everywhere]\nquit = \"Q\"");
    journey.keys("<esc>");
    assert!(journey.shows("Q quit"), "{}", journey.screen());
    journey.change_settings("");
    assert!(journey.shows("q quit"), "{}", journey.screen());
}

#[test]
fn the_help_truncates_nothing_on_a_small_terminal() {
    let mut journey = Journey::start();
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

/// The lines that the open document shows, such as `1–10 of 60`.
fn shown(journey: &Journey) -> (usize, usize, usize) {
    let screen = journey.screen();
    let line =
        screen.lines().find(|line| line.contains('╰') && line.contains(" of ")).expect("a document that scrolls");
    let numbers: Vec<usize> = line.split(|c: char| !c.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect();
    (numbers[0], numbers[1], numbers[2])
}

/// Pages through the open document, and checks that it stops at its ends.
fn page_through(journey: &mut Journey) {
    let (first, page, lines) = shown(journey);
    assert_eq!(first, 1);
    for (keys, expected) in [
        ("G", lines - page + 1),
        ("<pgdn>j", lines - page + 1),
        ("k", lines - page),
        ("<home>", 1),
        ("<pgup>k", 1),
        ("j", 2),
        ("<end><up>", lines - page),
        ("g", 1),
    ] {
        journey.keys(keys);
        assert_eq!(shown(journey).0, expected, "after {keys}:\n{}", journey.screen());
    }
    journey.keys("<pgdn>");
    let (first, ..) = shown(journey);
    assert!(first > 2, "{}", journey.screen());
    journey.keys("<pgup>");
    assert_eq!(shown(journey).0, 1, "{}", journey.screen());
    journey.wheel(true);
    assert_eq!(shown(journey).0, 4.min(lines - page + 1), "{}", journey.screen());
    journey.keys("<esc>");
}

#[test]
fn documents_scroll_by_line_and_page_and_to_their_ends() {
    let mut journey = Journey::start();
    let memo: Vec<String> = (1..=30).map(|line| format!("line {line}")).collect();
    journey.add(&memo.join("\n"), "", "10:20").keys("<esc>g");
    for (width, height) in [(100, 18), (40, 10)] {
        journey.resize(width, height).keys("?");
        page_through(&mut journey);
        journey.keys("<enter>");
        page_through(&mut journey);
    }
    journey.wait(TimeDelta::minutes(5)).keys("2<enter>");
    assert!(journey.shows("Delivered"), "{}", journey.screen());
    page_through(&mut journey);
}

#[test]
fn a_document_that_fits_does_not_scroll() {
    let mut journey = Journey::start();
    journey.resize(100, 40).add("tea", "tomorrow", "9:00").keys("<esc><enter>");
    let before = journey.screen();
    for keys in ["G", "j", "<pgdn>", "<end>", "<pgup>"] {
        assert_eq!(journey.keys(keys).screen(), before, "{keys}");
    }
}

#[test]
fn list_motions_work_in_choices_and_single_lines_wrap() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("<esc>gs");
    for (keys, expected) in
        [("", 0), ("G", 4), ("j", 0), ("k", 4), ("<home>", 0), ("<pgdn>", 4), ("<pgup>", 0), ("j", 1)]
    {
        journey.keys(keys);
        let Some(Modal::Choose { selected, .. }) = &journey.app.modal else { panic!("{}", journey.screen()) };
        assert_eq!(*selected, expected, "after {keys}");
    }
    journey.keys("<esc>yG");
    let Some(Modal::Copy { selected, offers }) = &journey.app.modal else { panic!("{}", journey.screen()) };
    assert_eq!(*selected, offers.len() - 1);
}

#[test]
fn list_motions_work_in_the_palette() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("<esc>:");
    let last = journey.app.palette("").len() - 1;
    for (keys, expected) in
        [("<end>", last), ("<down>", 0), ("<up>", last), ("<home>", 0), ("<pgdn>", 9), ("<pgup>", 0)]
    {
        journey.keys(keys);
        let Some(Modal::Palette { selected, .. }) = &journey.app.modal else { panic!("{}", journey.screen()) };
        assert_eq!(*selected, expected, "after {keys}");
    }
}

#[test]
fn first_and_last_go_to_today_and_to_the_last_memo_in_the_calendar() {
    let mut journey = Journey::start();
    journey.resize(120, 22).keys("<esc>3G");
    assert!(journey.shows("Today, Wed 4 Mar"), "without memos it stays:\n{}", journey.screen());
    journey.add("tea", "", "10:20").add("rent", "1 apr", "9:00").add("tax", "fri", "9:00").keys("<esc>g3G");
    assert!(journey.shows("Calendar  April 2026") && journey.shows("rent"), "{}", journey.screen());
    journey.keys("g");
    assert!(journey.shows("Today, Wed 4 Mar"), "{}", journey.screen());
}

#[test]
fn list_motions_work_while_a_filter_is_typed() {
    let mut journey = Journey::start();
    for number in 1..=9 {
        journey.add(&format!("memo {number}"), "tomorrow", &format!("{number}:00"));
    }
    journey.keys("<esc>g/memo");
    for (keys, expected) in [("<end>", "memo 9"), ("<home>", "memo 1"), ("<pgdn>", "memo 9"), ("<pgup>", "memo 1")] {
        journey.keys(keys);
        assert!(journey.line_with(expected).contains('▌'), "after {keys}:\n{}", journey.screen());
    }
}
