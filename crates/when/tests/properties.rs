//! Properties of every moment, every zone and every text.

#![expect(clippy::unwrap_used, reason = "a test fails if it cannot set up")]

use chrono::{DateTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc, Weekday};
use proptest::prelude::*;
use when::{Civil, DateOrder, Hours, Moment, Reading, Settings, Tz, quick, read, resolve, zones};

#[path = "../../../tests/campaign.rs"]
mod campaign;
mod invariants;

fn any_zone() -> impl Strategy<Value = Tz> {
    let names: Vec<&'static str> = zones::all().collect();
    proptest::sample::select(names).prop_map(|name| zones::parse(name).unwrap())
}

/// From 1970 to 2200: past the last change of clocks in the database.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..7_258_118_400).prop_map(|seconds| Utc.timestamp_opt(seconds, 0).unwrap())
}

/// The first instant after a change of a zone's clock.
fn near_change(zone: Tz, from: DateTime<Utc>) -> DateTime<Utc> {
    let offset = |instant: DateTime<Utc>| zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    let weeks = (0..104).map(|week| from + TimeDelta::weeks(week));
    let mut before = from;
    for week in weeks {
        if offset(week) != offset(before) {
            let (mut early, mut late) = (before, week);
            while late - early > TimeDelta::seconds(1) {
                let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
                if offset(middle) == offset(before) { early = middle } else { late = middle }
            }
            return late;
        }
        before = week;
    }
    from
}

/// A time at which the words of a moment may have been printed.
fn before(moment: Moment) -> DateTime<Utc> {
    moment.instant - TimeDelta::days(3)
}

/// The words of a moment in both styles.
fn both_styles(moment: Moment) -> [String; 2] {
    [Hours::TwentyFour, Hours::Twelve].map(|hours| moment.words(hours))
}

fn reads_back(moment: Moment) -> Result<(), TestCaseError> {
    let is_read = |words: String| is_meant(moment, &read(&words, before(moment), moment.zone, &Settings::default()));
    both_styles(moment).into_iter().try_for_each(is_read)
}

fn is_meant(moment: Moment, reading: &Reading) -> Result<(), TestCaseError> {
    match reading {
        Reading::Resolved(read) => prop_assert_eq!(*read, moment, "{}", both_styles(moment)[0]),
        Reading::Ask(question) => {
            let among = question.choices.iter().any(|choice| choice.moment.instant == moment.instant);
            prop_assert!(among && moment.happens_twice(), "{}: {question:?}", both_styles(moment)[0]);
        }
        Reading::Refused(refusal) => prop_assert!(false, "{}: {refusal}", both_styles(moment)[0]),
    }
    Ok(())
}

/// Checks that quick entry separates a line into its memo and its moment.
fn separates_into(line: &str, memo: &str, moment: Moment) -> Result<(), TestCaseError> {
    let line_read = quick(line, before(moment), moment.zone, &Settings::default());
    prop_assert_eq!(&line_read.memo, memo, "{}", line);
    match line_read.time {
        Some(found) => is_meant(moment, &found.reading),
        None => Err(TestCaseError::fail(format!("{line:?}: no time was found"))),
    }
}

/// A memo without words of time, and without a last word that ties a time to it.
fn any_plain_memo() -> impl Strategy<Value = String> {
    let words = [
        "call", "mum", "Ana's", "buy", "2", "apples", "größe", "🦀", "e-mail", "to", "the", "paprika", "C++", "1st-aid",
    ];
    (proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..5), "(dentist|Zürich Hbf|milk!|naïve 7b|→)")
        .prop_map(|(words, last)| words.into_iter().chain([last.as_str()]).collect::<Vec<_>>().join(" "))
}

/// Words of the grammar, and some that only look like it.
const WORDS: &[&str] = &[
    "tomorrow",
    "today",
    "next",
    "friday",
    "in",
    "at",
    "on",
    "the",
    "a",
    "half",
    "an",
    "hour",
    "and",
    "days",
    "min",
    "week",
    "month",
    "24",
    "dec",
    "2026",
    "5",
    "6pm",
    "18:00",
    "25:61",
    "99999999999999999999",
    "1.5",
    "+02:00",
    "-5",
    "+20m",
    "PST",
    "IST",
    "CST",
    "11/1",
    "1:30",
    "2030",
    "Z",
    "Europe/Paris",
    "Europe/Pariss",
    "New",
    "York",
    "4/7",
    "24.12.",
    "2026-03-20T",
    "tonight",
    "morning",
    "noon",
    "midnight",
    "eom",
    "eoy",
    "every",
    "now",
    "ago",
    "31st",
    "feb",
    "30",
    ",",
    "🦀",
    "call",
    "mum",
    "by",
    "remind",
    "me",
    "to",
    "tom",
    "Paris",
    "eat",
    "\"",
    "“",
    "(",
    ")",
    ":",
    "-",
    "each",
    "weekday",
    "later",
    "past",
    "quarter",
    "six",
    "twenty",
    "first",
    "of",
    "last",
    "before",
    "this",
    "18h30",
    "18h",
    "1800",
    "hours",
    "2026-W12-1",
    "13/6/26",
    "20260306",
    "T140500",
    "may",
    "end",
    "due:",
    "１８：００",
    "½",
    "[",
    "]",
    "#tag",
    "eastern",
    "demain",
    "tommorrow",
    "christmas",
];

/// Words and numbers, from the grammar and from outside of it.
fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![8 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,4}", 1 => "[0-9]{1,6}"]
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let orders = prop_oneof![Just(DateOrder::Ask), Just(DateOrder::DayFirst), Just(DateOrder::MonthFirst)];
    let hours = prop_oneof![Just(Hours::TwentyFour), Just(Hours::Twelve)];
    let weeks = prop_oneof![Just(Weekday::Mon), Just(Weekday::Sat), Just(Weekday::Sun)];
    (orders, hours, weeks).prop_map(|(date_order, hours, week_begins)| Settings {
        date_order,
        hours,
        week_begins,
        ..Settings::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(2_000, 50_000)))]

    #[test]
    fn the_words_of_a_moment_read_back_to_it(instant in any_instant(), zone in any_zone()) {
        reads_back(Moment::at(instant, zone))?;
    }

    #[test]
    fn a_memo_and_the_words_of_a_moment_are_separated(
        memo in any_plain_memo(),
        instant in any_instant(),
        zone in any_zone(),
    ) {
        let moment = Moment::at(instant, zone);
        for time in both_styles(moment) {
            separates_into(&format!("{memo} {time}"), &memo, moment)?;
            separates_into(&format!("{time}: {memo}"), &memo, moment)?;
        }
    }

    /// So a memo and its moment can be written as one line, for example by a script.
    #[test]
    fn any_quoted_memo_beside_the_words_of_a_moment_is_unchanged(
        memo in "[^\"]{1,40}",
        words in proptest::collection::vec(any_word(), 0..4),
        instant in any_instant(),
        zone in any_zone(),
    ) {
        let moment = Moment::at(instant, zone);
        for memo in [memo, words.join(" ").replace('"', "")] {
            for time in both_styles(moment) {
                separates_into(&format!("\"{memo}\" {time}"), memo.trim(), moment)?;
                separates_into(&format!("{time} \"{memo}\""), memo.trim(), moment)?;
            }
        }
    }

    #[test]
    fn a_text_of_known_words_keeps_the_invariants(
        words in proptest::collection::vec(any_word(), 0..7),
        now in any_instant(),
        zone in any_zone(),
        settings in any_settings(),
    ) {
        invariants::check(&words.join(" "), now, zone, &settings);
        invariants::check(&words.concat(), now, zone, &settings);
    }

    #[test]
    fn any_text_keeps_the_invariants(text in ".{0,60}", now in any_instant(), zone in any_zone()) {
        invariants::check(&text, now, zone, &Settings::default());
    }

    #[test]
    fn a_search_finds_every_zone_by_its_name(zone in any_zone(), limit in 1_usize..5) {
        let found = zones::search(&zone.name().to_uppercase(), limit);
        prop_assert_eq!(found.first(), Some(&zone));
        prop_assert!(found.len() <= limit);
    }

    #[test]
    fn any_search_keeps_its_limit(query in ".{0,12}") {
        prop_assert!(zones::search(&query, 3).len() <= 3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(500, 10_000)))]

    #[test]
    fn the_words_of_a_moment_near_a_change_of_clocks_read_back_to_it(
        from in any_instant(),
        zone in any_zone(),
        minutes in -180_i64..180,
    ) {
        reads_back(Moment::at(near_change(zone, from) + TimeDelta::minutes(minutes), zone))?;
    }

    #[test]
    fn the_clock_shows_a_civil_time_at_its_instants(
        from in any_instant(),
        zone in any_zone(),
        minutes in -180_i64..180,
    ) {
        let offset = |instant: DateTime<Utc>| i64::from(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc());
        let change = near_change(zone, from);
        let civil: NaiveDateTime = Moment::at(change, zone).civil + TimeDelta::minutes(minutes);
        let shows = |moment: &Moment| Moment::at(moment.instant, zone).civil;
        match resolve(civil, zone) {
            Civil::One(one) => prop_assert_eq!((one.civil, shows(&one)), (civil, civil)),
            Civil::Twice(first, second) => {
                prop_assert_eq!((shows(&first), shows(&second)), (civil, civil));
                prop_assert!(first.instant < second.instant && first.happens_twice() && second.happens_twice());
            }
            Civil::Skipped { before, after } => {
                prop_assert_eq!((shows(&before), shows(&after)), (before.civil, after.civil));
                prop_assert!(before.civil < civil && civil < after.civil);
                let gap = offset(after.instant) - offset(before.instant);
                prop_assert_eq!((after.instant - before.instant).num_seconds(), gap);
            }
        }
    }
}
