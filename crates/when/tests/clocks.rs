//! Changes of clocks, and the words of a moment.

#![expect(clippy::unwrap_used, reason = "a test fails if it cannot set up")]

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use when::{Civil, Guess, Hours, Moment, Reading, RefusalKind, Settings, Tz, read, resolve};

fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    civil(text).and_utc()
}

/// The neighbours of a skipped time, as the clock shows them, and how far apart they are.
fn gap(text: &str, zone: Tz) -> (String, String, TimeDelta) {
    let Civil::Skipped { before, after } = resolve(civil(text), zone) else { panic!("{text} must be skipped") };
    (before.civil.to_string(), after.civil.to_string(), after.instant - before.instant)
}

#[test]
fn the_neighbours_of_a_skipped_hour_are_an_hour_before_and_after() {
    let expected = ("2026-03-08 01:30:00".to_owned(), "2026-03-08 03:30:00".to_owned(), TimeDelta::hours(1));
    assert_eq!(gap("2026-03-08 02:30:00", Tz::America__New_York), expected);
}

#[test]
fn lord_howe_skips_half_an_hour() {
    let expected = ("2026-10-04 01:45:00".to_owned(), "2026-10-04 02:45:00".to_owned(), TimeDelta::minutes(30));
    assert_eq!(gap("2026-10-04 02:15:00", Tz::Australia__Lord_Howe), expected);
}

#[test]
fn samoa_had_no_30_december_2011() {
    let expected = ("2011-12-29 12:00:00".to_owned(), "2011-12-31 12:00:00".to_owned(), TimeDelta::days(1));
    assert_eq!(gap("2011-12-30 12:00:00", Tz::Pacific__Apia), expected);
}

#[test]
fn an_hour_that_happens_twice_is_two_moments_in_order() {
    let Civil::Twice(first, second) = resolve(civil("2026-11-01 01:30:00"), Tz::America__New_York) else {
        panic!("01:30 happens twice")
    };
    assert_eq!((first.abbreviation().as_str(), second.abbreviation().as_str()), ("EDT", "EST"));
    assert_eq!((first.instant, second.instant), (utc("2026-11-01 05:30:00"), utc("2026-11-01 06:30:00")));
    assert!(first.happens_twice() && second.happens_twice());
    assert!(!Moment::at(utc("2026-11-01 07:00:00"), Tz::America__New_York).happens_twice());
}

#[test]
fn resolving_and_converting_never_panic_at_the_ends_of_time() {
    for zone in [Tz::Pacific__Apia, Tz::America__New_York, Tz::UTC] {
        let _ = (resolve(NaiveDateTime::MIN, zone), resolve(NaiveDateTime::MAX, zone));
        let _ = (Moment::at(DateTime::<Utc>::MIN_UTC, zone), Moment::at(DateTime::<Utc>::MAX_UTC, zone));
        let _ = read("in 3 days", DateTime::<Utc>::MAX_UTC, zone, &Settings::default());
        let _ = read("friday next week 9am", DateTime::<Utc>::MIN_UTC, zone, &Settings::default());
    }
}

#[test]
fn words_omit_seconds_that_are_zero() {
    let at = |instant, zone| Moment::at(utc(instant), zone).words(Hours::TwentyFour);
    assert_eq!(at("2026-11-24 17:00:00", Tz::Europe__Paris), "Tue 24 Nov 2026, 18:00 CET");
    assert_eq!(at("2026-07-01 16:00:05", Tz::Europe__Paris), "Wed 1 Jul 2026, 18:00:05 CEST");
    assert_eq!(at("2026-07-01 16:00:00", Tz::America__Sao_Paulo), "Wed 1 Jul 2026, 13:00 -03");
    assert_eq!(at("2026-07-01 16:00:00", Tz::Asia__Kathmandu), "Wed 1 Jul 2026, 21:45 +0545");
}

#[test]
fn during_the_second_of_two_equal_hours_only_the_second_is_left() {
    let now = utc("2026-11-01 06:10:00");
    let Reading::Resolved(moment) = read("1:30am", now, Tz::America__New_York, &Settings::default()) else {
        panic!("only one is left")
    };
    assert_eq!((moment.words(Hours::TwentyFour).as_str(), moment.guess), ("Sun 1 Nov 2026, 01:30 EST", None));
}

#[test]
fn an_abbreviation_whose_other_meaning_has_passed_is_a_guess() {
    // 09:00 PDT has passed, 09:00 PST has not. Los Angeles does not use PST in April.
    let now = utc("2026-04-01 16:30:00");
    let Reading::Resolved(moment) = read("1 apr 2026 9am PST", now, Tz::America__New_York, &Settings::default()) else {
        panic!("only one is left")
    };
    assert_eq!((moment.instant, moment.guess), (utc("2026-04-01 17:00:00"), Some(Guess::OtherClock)));
}

#[test]
fn summer_time_is_known_until_2099() {
    let abbreviation = |instant| Moment::at(utc(instant), Tz::Europe__Paris).abbreviation();
    assert_eq!(abbreviation("2099-07-01 00:00:00"), "CEST");
    assert_eq!(abbreviation("2100-07-01 00:00:00"), "CET");
}

#[test]
fn a_skipped_time_alone_is_refused_not_moved_to_tomorrow() {
    let now = utc("2026-03-08 05:00:00");
    let Reading::Refused(refusal) = read("2:30am", now, Tz::America__New_York, &Settings::default()) else {
        panic!("it must be refused")
    };
    let offered: Vec<&str> = refusal.offers.iter().map(|offer| offer.label.as_str()).collect();
    assert_eq!(offered, ["01:30 EST (06:30 UTC)", "03:30 EDT (07:30 UTC)"]);
    let sentence = "02:30 does not exist on Sun 8 Mar 2026 in America/New_York: \
                    clocks skip it. Use 01:30 or 03:30.";
    assert_eq!(refusal.to_string(), sentence);
}

#[test]
fn a_distance_of_days_into_a_skipped_hour_is_refused() {
    let now = utc("2026-03-07 07:30:00");
    let reading = read("in 1 day", now, Tz::America__New_York, &Settings::default());
    assert!(matches!(&reading, Reading::Refused(refusal) if refusal.offers.len() == 2), "{reading:?}");
}

#[test]
fn a_distance_of_hours_counts_real_seconds_across_a_change() {
    let now = utc("2026-03-08 06:30:00");
    let Reading::Resolved(moment) = read("in 1 hour", now, Tz::America__New_York, &Settings::default()) else {
        panic!("an hour always passes")
    };
    assert_eq!(moment.civil, civil("2026-03-08 03:30:00"));
}

#[test]
fn a_month_after_the_31st_is_the_last_day_of_february() {
    let now = utc("2026-01-31 12:00:00");
    let Reading::Resolved(moment) = read("in a month", now, Tz::UTC, &Settings::default()) else {
        panic!("every month has a last day")
    };
    assert_eq!(moment.civil, civil("2026-02-28 12:00:00"));
}

#[test]
fn a_fraction_of_a_second_in_now_is_dropped() {
    let now = utc("2026-03-04 10:00:00") + TimeDelta::milliseconds(900);
    for (text, expected) in [("in 1 s", "2026-03-04 10:00:01"), ("in 1 day", "2026-03-05 10:00:00")] {
        let Reading::Resolved(moment) = read(text, now, Tz::UTC, &Settings::default()) else { panic!("{text}") };
        assert_eq!(moment.civil, civil(expected), "{text}");
    }
}

/// A reading text, at a time and in a zone.
fn reading(text: &str, now: &str, zone: Tz) -> Reading {
    let now = civil(now).and_local_timezone(zone).unwrap().to_utc();
    read(text, now, zone, &Settings::default())
}

#[test]
fn a_time_whose_other_reading_is_skipped_is_a_guess() {
    // Clocks in Cairo skip the midnight at the end of Thursday 23 April.
    let cases = [
        ("thursday midnight", "2026-04-22 10:00:00", Tz::Africa__Cairo, "2026-04-23 00:00:00"),
        ("3/8 2:30am", "2026-03-04 10:17:00", Tz::America__New_York, "2026-08-03 02:30:00"),
        ("sunday at 2", "2026-03-04 10:17:00", Tz::America__New_York, "2026-03-08 14:00:00"),
    ];
    for (text, now, zone, expected) in cases {
        let Reading::Resolved(moment) = reading(text, now, zone) else { panic!("{text} is one moment") };
        assert_eq!((moment.civil, moment.guess), (civil(expected), Some(Guess::OtherSkipped)), "{text}");
    }
}

#[test]
fn today_does_not_become_another_day_when_its_hour_has_passed() {
    // Friday.
    for text in ["this friday", "this friday 9am", "eod", "this weekend 9am", "eow"] {
        let now = if text == "this weekend 9am" { "2026-03-07 18:30:00" } else { "2026-03-06 18:30:00" };
        let Reading::Refused(refusal) = reading(text, now, Tz::America__New_York) else { panic!("{text} has passed") };
        assert_eq!(refusal.kind, RefusalKind::Past, "{text}");
    }
    let Reading::Resolved(moment) = reading("this friday", "2026-03-05 18:30:00", Tz::America__New_York) else {
        panic!("it is tomorrow")
    };
    assert_eq!((moment.civil, moment.guess), (civil("2026-03-06 09:00:00"), None));
}
