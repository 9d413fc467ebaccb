//! Refusals: their kind, the part that they mark, and their wording. Also what the settings decide.

use chrono::{DateTime, NaiveTime, TimeZone as _, Utc, Weekday};
use when::{DateOrder, Hours, Reading, Refusal, RefusalKind, Settings, Tz, read};

/// Wed 2026-03-04 16:17:00 in Paris.
fn now() -> DateTime<Utc> {
    Utc.timestamp_opt(1_772_637_420, 0).single().unwrap_or_default()
}

fn reading(text: &str, settings: &Settings) -> Reading {
    read(text, now(), Tz::Europe__Paris, settings)
}

fn refused(text: &str) -> Refusal {
    match reading(text, &Settings::default()) {
        Reading::Refused(refusal) => refusal,
        other => panic!("{text:?} must be refused, but is {other:?}"),
    }
}

#[test]
fn a_refusal_marks_the_part_at_fault() {
    use RefusalKind as Kind;
    let cases = [
        ("", Kind::Empty, ""),
        ("   ", Kind::Empty, "   "),
        ("  Europe/Paris", Kind::Empty, "Europe/Paris"),
        ("tomorrow 18:00 Europe/Pariss", Kind::UnknownZone, "Europe/Pariss"),
        ("tomorrow 18:00 Pariss", Kind::NotUnderstood, "Pariss"),
        ("tomorrow 25:12 Europe/Paris", Kind::NoSuchTime, "25:12"),
        ("tomorrow 14pm Europe/Paris", Kind::NoSuchTime, "14pm"),
        ("feb 30 18:00 Europe/Paris", Kind::NoSuchDay, "feb 30"),
        ("30/2 18:00", Kind::NoSuchDay, "30/2"),
        ("29 feb 2027 18:00", Kind::NoSuchDay, "29 feb 2027"),
        ("Tue 2026-03-20 18:00", Kind::WrongWeekday, "Tue"),
        ("yesterday 18:00 Europe/Paris", Kind::Past, "yesterday 18:00"),
        ("18:00 yesterday Europe/Paris", Kind::Past, "18:00 yesterday"),
        ("sun 29 mar 2:30 Europe/Paris", Kind::Skipped, "2:30"),
        ("Tomorrow FOO 18:00", Kind::NotUnderstood, "FOO"),
        ("foo tomorrow bar", Kind::NotUnderstood, "foo"),
        ("foo tomorrow tomorrow", Kind::NotUnderstood, "foo"),
        ("tomorrow at", Kind::NotUnderstood, "at"),
        ("tomorrow 5 Europe/Paris", Kind::NotUnderstood, "5"),
        ("tomorrow, 10 fooweeks", Kind::NotUnderstood, "10 fooweeks"),
        ("demain à 18:00", Kind::NotUnderstood, "demain"),
        ("tomorrow 🦀 18:00", Kind::NotUnderstood, "🦀"),
        ("tomorrow tomorrow", Kind::GivenTwice, "tomorrow"),
        ("18:00 tomorrow 19:00", Kind::GivenTwice, "19:00"),
        ("18:00 Europe/Paris UTC", Kind::Contradiction, "UTC"),
        ("18:00 Europe/Paris Asia/Tokyo", Kind::GivenTwice, "Asia/Tokyo"),
        ("18:00 Europe/Paris -05:00", Kind::Contradiction, "-05:00"),
        ("in 20m tomorrow", Kind::GivenTwice, "tomorrow"),
        ("1h 2h", Kind::GivenTwice, "1h 2h"),
        ("tomorrow morning 18:00", Kind::Contradiction, "18:00"),
        ("0m Europe/Paris", Kind::NotLater, "0m"),
        ("now", Kind::NotLater, "now"),
        ("9am every weekday", Kind::Repeating, "every"),
        ("10000-01-01", Kind::TooFar, "10000-01-01"),
        ("in 8000 years", Kind::TooFar, "in 8000 years"),
    ];
    for (text, kind, part) in cases {
        let refusal = refused(text);
        assert_eq!((refusal.kind, text.get(refusal.span.clone())), (kind, Some(part)), "{text:?}: {refusal}");
    }
}

#[test]
fn a_refusal_names_the_moment_in_the_past() {
    let sentence = "Tue 3 Mar 2026, 18:00 CET is in the past: name a later time.";
    assert_eq!(refused("yesterday 18:00").to_string(), sentence);
}

#[test]
fn a_quotation_is_short_and_without_control_characters() {
    assert_eq!(refused("Fooo").to_string(), "“Fooo” is not understood.");
    assert!(!refused("foo\u{1b}[31mbar").to_string().contains('\u{1b}'));
    let long = "x".repeat(1000);
    assert!(refused(&long).to_string().chars().count() < 100);
}

#[test]
fn a_question_names_the_readings() {
    for (text, why) in [
        ("tomorrow at 5", "5 could be 05:00 or 17:00."),
        ("tomorrow at 12", "12 could be 00:00 or 12:00."),
        ("4/7", "4/7 could be 4 July or 7 April."),
        ("24 dec 2030", "2030 could be a year or a time."),
        ("friday midnight", "Midnight could be the start or the end of the day."),
        ("9am IST tomorrow", "IST has several meanings."),
        ("4/7 at 5", "4/7 could be 4 July or 7 April. 5 could be 05:00 or 17:00."),
        ("25 oct 2:30", "02:30 happens twice on Sun 25 Oct 2026 in Europe/Paris."),
    ] {
        let Reading::Ask(question) = reading(text, &Settings::default()) else { panic!("{text:?} is ambiguous") };
        assert_eq!(question.why, why, "{text:?}");
    }
}

#[test]
fn only_a_skipped_time_has_offers() {
    assert!(refused("yesterday").offers.is_empty());
    assert_eq!(refused("29 mar 2:30").offers.len(), 2);
}

/// The civil time to which a text resolves.
fn resolved(text: &str, settings: &Settings) -> String {
    match reading(text, settings) {
        Reading::Resolved(moment) if moment.guess.is_none() => moment.civil.format("%-d %b %H:%M").to_string(),
        other => panic!("{text:?} must resolve, but is {other:?}"),
    }
}

#[test]
fn a_setting_decides_the_order_of_day_and_month() {
    let settings = |date_order| Settings { date_order, ..Settings::default() };
    assert!(matches!(reading("4/7", &settings(DateOrder::Ask)), Reading::Ask(_)));
    assert_eq!(resolved("4/7", &settings(DateOrder::DayFirst)), "4 Jul 09:00");
    assert_eq!(resolved("4/7", &settings(DateOrder::MonthFirst)), "7 Apr 09:00");
    // Only one order gives a date.
    assert_eq!(resolved("13/4", &settings(DateOrder::MonthFirst)), "13 Apr 09:00");
    assert_eq!(resolved("4/13", &settings(DateOrder::DayFirst)), "13 Apr 09:00");
}

/// It is Wednesday. If a week begins on Sunday, the coming Sunday is in next week.
#[test]
fn a_setting_decides_which_week_is_next() {
    let settings = |week_begins| Settings { week_begins, ..Settings::default() };
    for (text, from_monday, from_sunday) in [
        ("next friday", "13 Mar 09:00", "13 Mar 09:00"),
        ("next sunday", "15 Mar 09:00", "8 Mar 09:00"),
        ("this sunday", "8 Mar 09:00", "8 Mar 09:00"),
        ("next week", "9 Mar 09:00", "9 Mar 09:00"),
        ("this weekend", "7 Mar 09:00", "7 Mar 09:00"),
        ("next weekend", "14 Mar 09:00", "14 Mar 09:00"),
    ] {
        assert_eq!(resolved(text, &settings(Weekday::Mon)), from_monday, "{text}");
        assert_eq!(resolved(text, &settings(Weekday::Sun)), from_sunday, "{text}");
    }
}

/// Both styles are always read.
#[test]
fn a_setting_decides_how_times_are_written() {
    let settings = Settings { hours: Hours::Twelve, ..Settings::default() };
    assert_eq!(resolved("tomorrow 18:00", &settings), "5 Mar 18:00");
    let Reading::Ask(question) = reading("tomorrow at 6", &settings) else { panic!("6 is ambiguous") };
    assert_eq!(question.choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["6:00 AM", "6:00 PM"]);
    assert_eq!(question.why, "6 could be 6:00 AM or 6:00 PM.");
    let Reading::Refused(refusal) = reading("today 0:30", &settings) else { panic!("it has passed") };
    assert_eq!(refusal.to_string(), "Wed 4 Mar 2026, 12:30 AM CET is in the past: name a later time.");
}

#[test]
fn settings_decide_the_hours_of_days_and_their_parts() {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap_or_default();
    let settings = Settings {
        date_alone: hour(7),
        morning: hour(8),
        afternoon: hour(14),
        evening: hour(18),
        tonight: hour(21),
        end_of_day: hour(16),
        ..Settings::default()
    };
    for (text, expected) in [
        ("tomorrow", "5 Mar 07:30"),
        ("tomorrow morning", "5 Mar 08:30"),
        ("tomorrow afternoon", "5 Mar 14:30"),
        ("this evening", "4 Mar 18:30"),
        ("tonight", "4 Mar 21:30"),
        ("eod", "4 Mar 16:30"),
        ("eom", "31 Mar 16:30"),
    ] {
        assert_eq!(resolved(text, &settings), expected, "{text}");
    }
}
