//! The calendar: a month of memos, from which a day opens in the list.

use insta::assert_snapshot;

use super::journey::Journey;

fn march() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 22);
    journey.add("tea", "", "10:20").add("call mum", "fri", "18:00").add("bread", "fri", "9:00");
    journey.add("rent", "1 apr", "9:00").keys("<esc>g");
    journey
}

#[test]
fn the_month_shows_the_memos_of_each_day_and_opens_a_day_in_the_list() {
    let mut journey = march();
    journey.keys("3");
    assert_snapshot!("march", journey.screen());
    journey.keys("ll");
    assert!(journey.shows("Fri 6 Mar") && journey.shows("18:00  call mum"), "{}", journey.screen());
    journey.keys("<enter>");
    assert!(journey.shows("Pending  /2026-03-06  2 of 4"), "{}", journey.screen());
    journey.keys("<esc>3j<pgdn>");
    assert!(journey.shows("Calendar  April 2026"), "{}", journey.screen());
    journey.keys("g");
    assert!(journey.shows("Today, Wed 4 Mar"), "{}", journey.screen());
    journey.keys("]]");
    assert!(journey.shows("Pending"), "{}", journey.screen());
    journey.keys("]]");
    assert!(journey.shows("Calendar"), "{}", journey.screen());
    journey.keys("[");
    assert!(journey.shows("History"), "{}", journey.screen());
}

#[test]
fn a_click_selects_a_day_and_the_wheel_moves_by_a_week() {
    let mut journey = march();
    journey.keys("3");
    let screen = journey.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains("·2")).unwrap();
    let column = line.split("·2").next().unwrap().chars().count();
    journey.click(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    assert!(journey.shows("Fri 6 Mar ─"), "{}", journey.screen());
    journey.wheel(true);
    assert!(journey.shows("Fri 13 Mar ─") && journey.shows("Nothing is due on this day."), "{}", journey.screen());
}

#[test]
fn the_month_fits_on_a_small_screen() {
    let mut journey = march();
    journey.resize(40, 12).keys("3");
    assert_snapshot!("small", journey.screen());
}

#[test]
fn a_new_memo_takes_the_selected_day() {
    let mut journey = march();
    journey.keys("3lla").paste("cake").keys("<c-s>");
    assert!(journey.shows("Scheduled “cake” for Fri 6 Mar 2026, 09:00 CET"), "{}", journey.screen());
    journey.keys("4ja");
    assert!(journey.shows("Time  11:00"), "{}", journey.screen());
    // A proposed date that was not used is gone.
    journey.keys("<esc>1a").paste("milk tomorrow 8:00").keys("<c-s>");
    assert!(journey.shows("Scheduled “milk” for Thu 5 Mar 2026, 08:00 CET"), "{}", journey.screen());
    // A time in the memo is on that day, unless the memo names another day.
    journey.keys("3glla").paste("call mum 18:00");
    assert!(journey.shows("Fri 6 Mar 2026, 18:00 CET"), "{}", journey.screen());
    journey.keys("<c-s>");
    assert!(journey.shows("Scheduled “call mum” for Fri 6 Mar 2026, 18:00 CET"), "{}", journey.screen());
    journey.keys("3glla").paste("dentist mon 9:00").keys("<c-s>");
    assert!(journey.shows("Scheduled “dentist” for Mon 9 Mar 2026, 09:00 CET"), "{}", journey.screen());
    // A time that clocks skip on that day does not move to another day.
    journey.keys("3g<pgdn><left><left><left><left><left><left>a").paste("tea 2:30");
    assert!(journey.shows("Date  2026-03-29"), "{}", journey.screen());
    assert!(journey.shows("02:30 does not exist on Sun 29 Mar"), "{}", journey.screen());
    journey.keys("<a-x><esc>");
    journey.keys("4gja").paste("standup 11:30").keys("<c-s>");
    assert!(journey.shows("Scheduled “standup” for Wed 4 Mar 2026, 11:30 CET"), "{}", journey.screen());
    // A draft stays, even if it is only a zone.
    journey.keys("1a<tab><tab><tab><c-u>").paste("Asia/Tokyo").keys("<esc>a");
    assert!(journey.shows("Zone  Asia/Tokyo"), "{}", journey.screen());
    journey.keys("<c-u>").paste("Europe/Paris").keys("<tab><esc>");
    journey.keys("1a").paste("eggs").keys("<esc>3a");
    assert!(journey.shows("eggs") && journey.shows("e.g. tomorrow"), "{}", journey.screen());
}
