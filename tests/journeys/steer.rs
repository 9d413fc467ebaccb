//! Steering what is pending: the filter, the order, the days.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

/// Four memos on three days, in two zones.
fn four() -> Journey {
    let mut journey = Journey::begin();
    journey.resize(120, 20);
    journey.add("tea", "", "10:20").add("call the dentist", "tomorrow", "18:00");
    journey.add("Bread and butter", "tomorrow", "9:00");
    journey.keys("astandup<tab>fri<tab>9:00<tab><c-u>America/New_York<c-s>");
    journey.pass(TimeDelta::seconds(10)).keys("g");
    journey
}

/// The texts of the lines between the frame of the panel, from top to bottom, with their headings.
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
fn the_list_is_filtered_as_it_is_typed() {
    let mut journey = four();
    journey.keys("/dnt");
    assert_snapshot!("typed", journey.screen());
    assert_eq!(texts(&journey), ["call the dentist"]);
    journey.keys("<c-u>tom");
    assert_eq!(texts(&journey), ["Bread and butter", "call the dentist"], "a word for the day");
    journey.keys(" !dent");
    assert_eq!(texts(&journey), ["Bread and butter"], "and not that one");
    journey.keys("<c-u>york");
    assert_eq!(texts(&journey), ["standup"], "the zone");
    journey.keys("<enter>");
    assert_snapshot!("kept", journey.screen());
    journey.keys("x");
    assert!(journey.shows("Cancelled “standup”") && journey.shows("0 of 3"), "{}", journey.screen());
    assert!(journey.shows("No matches."), "{}", journey.screen());
    journey.keys("<esc>");
    assert_eq!(texts(&journey).len(), 3, "Esc shows all");
}

#[test]
fn a_filter_keeps_the_selected_memo_and_comes_back_to_it() {
    let mut journey = four();
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
fn what_comes_in_while_a_filter_is_on_is_filtered_too() {
    let mut journey = four();
    journey.keys("/tea<enter>");
    journey.add("tea again", "tomorrow", "10:00").add("milk", "tomorrow", "10:00");
    assert!(journey.shows("2 of 6") && !listed(&journey).concat().contains("milk"), "{}", journey.screen());
    let mut beside = Journey::beside(&journey);
    beside.add("teabags", "tomorrow", "11:00");
    journey.stir();
    assert!(journey.shows("3 of 7") && journey.shows("teabags"), "{}", journey.screen());
}

#[test]
fn today_is_another_day_after_midnight() {
    let mut journey = four();
    journey.keys("/today<enter>");
    assert_eq!(texts(&journey), ["tea"]);
    journey.pass(TimeDelta::hours(15));
    assert_eq!(texts(&journey)[1..], ["Bread and butter", "call the dentist"], "{}", journey.screen());
}

#[test]
fn the_order_is_chosen_and_turned_around() {
    let mut journey = four();
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
fn each_day_has_a_heading_that_is_no_line() {
    let mut journey = four();
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
    assert!(!journey.shows("Fri 6 Mar"), "days are for the order of days:\n{}", journey.screen());
}

#[test]
fn with_headings_the_selected_line_stays_in_sight_on_a_small_screen() {
    let mut journey = Journey::begin();
    for day in 5..25 {
        journey.add(&format!("memo {day}"), &format!("{day} mar"), "9:00");
    }
    journey.resize(40, 10).keys("dg");
    assert_snapshot!("small", journey.screen());
    for day in 5..25 {
        assert!(journey.line_with(&format!("memo {day}")).contains("▌"), "{}", journey.screen());
        journey.keys("j");
    }
    assert!(journey.shows("Tue 24 Mar"), "{}", journey.screen());
    journey.wheel(false);
    assert!(journey.line_with("memo 21").contains("▌"), "{}", journey.screen());
}

#[test]
fn the_next_day_is_a_strip_under_the_list_where_there_is_room() {
    let mut journey = four();
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
