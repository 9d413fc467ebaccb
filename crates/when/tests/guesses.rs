//! Every guess of `when.tsv` has the reason that `guesses.txt` lists.

#![expect(clippy::unwrap_used, reason = "a test fails if it cannot set up")]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeZone as _, Utc};
use when::{Guess, Reading, Settings, Tz, quick, read};

/// Wed 2026-03-04 10:17:00 in New York, as in the table.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 4, 15, 17, 0).unwrap()
}

/// Why a text or a line of quick entry is a guess.
fn why(text: &str, is_line: bool) -> Option<Guess> {
    let settings = Settings::default();
    let reading = if is_line {
        quick(text, now(), Tz::America__New_York, &settings).time.unwrap().reading
    } else {
        read(text, now(), Tz::America__New_York, &settings)
    };
    let Reading::Resolved(moment) = reading else { panic!("{text:?} must be a moment, but is {reading:?}") };
    moment.guess
}

#[test]
fn each_guess_of_the_table_has_its_reason() {
    let rows = include_str!("when.tsv").lines().filter_map(|line| line.split_once('\t'));
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (text, rest) in rows {
        let is_line = rest.starts_with("memo-guess\t");
        if is_line || rest.starts_with("guess\t") {
            by_reason.entry(why(text, is_line).unwrap().to_string()).or_default().push(text);
        }
    }
    let listed: Vec<String> =
        by_reason.iter().map(|(why, texts)| format!("{why}\n    {}\n", texts.join("\n    "))).collect();
    assert_eq!(listed.concat(), include_str!("guesses.txt"));
}

#[test]
fn a_certain_moment_has_no_reason() {
    for (text, is_line) in [("fri 18:00", false), ("in 20 min", false), ("call mum fri 18:00", true)] {
        assert_eq!(why(text, is_line), None, "{text}");
    }
}

#[test]
fn a_reason_fits_on_one_line_of_the_form() {
    const ALL: [Guess; 15] = [
        Guess::NextHour,
        Guess::OtherHalf,
        Guess::OtherOrder,
        Guess::OtherSkipped,
        Guess::EndOfWeek,
        Guess::BeginsDate,
        Guess::NoYear,
        Guess::OtherClock,
        Guess::InMemo,
        Guess::Deadline,
        Guess::Numbers,
        Guess::Words,
        Guess::NoTime,
        Guess::ZoneInMemo,
        Guess::NoOneMoment,
    ];
    let longest = why("call mum 14:00-15:00-16:00 friday", true).unwrap();
    assert_eq!(longest.to_string(), "“14:00-15:00-…” may be time or memo");
    for why in ALL.into_iter().chain([longest]).map(|why| why.to_string()) {
        assert!(why.chars().count() <= 36 && !why.ends_with('.'), "{why}");
    }
}

#[test]
fn a_long_word_is_cut_at_a_character() {
    for (line, shown) in [
        ("call mum послезавтра fri 18:00", "“послез…” may be time or memo"),
        ("call mum 星期五星期五星期五 fri 18:00", "“星期五星…” may be time or memo"),
    ] {
        assert_eq!(why(line, true).unwrap().to_string(), shown);
    }
}
