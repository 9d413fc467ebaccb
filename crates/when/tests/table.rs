//! Checks every row of `when.tsv`. The comments at the top of that file explain its columns.

#![expect(clippy::unwrap_used, reason = "a test fails if it cannot set up")]

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use when::{Moment, Quick, Reading, Settings, Tz, quick, read, zones};

/// The zone of the person in the table.
const HOME: Tz = Tz::America__New_York;

struct Row {
    line: usize,
    input: &'static str,
    kind: &'static str,
    expected: &'static str,
}

fn rows() -> Vec<Row> {
    include_str!("when.tsv")
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .map(|(index, line)| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_else(|| panic!("line {}: a cell is missing", index + 1));
            Row { line: index + 1, input: cell(), kind: cell(), expected: cell() }
        })
        .collect()
}

/// Wed 2026-03-04 10:17:00 in New York.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 4, 15, 17, 0).unwrap()
}

/// `2026-03-04 18:00:00 UTC`, or in the home zone if none is named.
fn expected_moment(expected: &str) -> (NaiveDateTime, Tz) {
    let (civil, zone) = expected.split_at("2026-03-04 18:00:00".len());
    let zone = if zone.is_empty() { HOME } else { zones::parse(zone.trim()).unwrap() };
    (NaiveDateTime::parse_from_str(civil, "%Y-%m-%d %H:%M:%S").unwrap(), zone)
}

/// The kinds of rows that are quick entry. In all other rows the whole text is a time.
const QUICK: [&str; 5] = ["memo", "memo-guess", "memo-ask", "memo-error", "plain"];

/// How the result of a row differs from what it expects, if it does.
fn fault(row: &Row) -> Option<String> {
    let settings = Settings::default();
    let (right, actual) = if QUICK.contains(&row.kind) {
        let line = quick(row.input, now(), HOME, &settings);
        (is_right_line(row, &line), format!("{line:?}"))
    } else {
        let reading = read(row.input, now(), HOME, &settings);
        (is_right(row.kind, row.expected, &reading), format!("{reading:?}"))
    };
    (!right)
        .then(|| format!("line {}: {:?} must be {} {}, but is {actual}", row.line, row.input, row.kind, row.expected))
}

fn is_right_line(row: &Row, line: &Quick) -> bool {
    let Some(found) = &line.time else { return row.kind == "plain" && line.memo == row.expected };
    let Some((time, memo)) = row.expected.split_once(" | ") else { return false };
    let kind = match row.kind {
        "memo" => "at",
        "memo-guess" => "guess",
        "memo-ask" => "ask",
        "memo-error" => "error",
        _ => return false,
    };
    line.memo == memo && is_right(kind, time, &found.reading)
}

fn is_right(kind: &str, expected: &str, reading: &Reading) -> bool {
    let is = |moment: &Moment, guess| {
        let (civil, zone) = expected_moment(expected);
        (moment.civil, moment.zone, moment.guess.is_some()) == (civil, zone, guess)
    };
    match (kind, reading) {
        ("at" | "elapsed", Reading::Resolved(moment)) => is(moment, false),
        ("guess", Reading::Resolved(moment)) => is(moment, true),
        ("ask", Reading::Ask(question)) => {
            let labels: Vec<&str> = question.choices.iter().map(|choice| choice.label.as_str()).collect();
            labels.join(", ") == expected
        }
        ("error", Reading::Refused(refusal)) => match expected.split_once("; offers ") {
            Some((says, offers)) => {
                let clocks: Vec<String> =
                    refusal.offers.iter().map(|offer| offer.moment.civil.format("%H:%M").to_string()).collect();
                refusal.to_string().contains(says) && clocks.join(" and ") == offers
            }
            None => refusal.to_string().contains(expected),
        },
        _ => false,
    }
}

#[test]
fn every_row_of_the_table_is_read_as_expected() {
    let rows = rows();
    let faults: Vec<String> = rows.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{} of {} rows:\n{}", faults.len(), rows.len(), faults.join("\n"));
}

#[test]
fn case_and_spaces_make_no_difference() {
    let settings = Settings::default();
    for row in rows().iter().filter(|row| row.kind != "error" && !QUICK.contains(&row.kind)) {
        let spaced = format!("  {}\t", row.input.replace(' ', "  ").to_uppercase());
        let as_typed = read(row.input, now(), HOME, &settings);
        assert_eq!(read(&spaced, now(), HOME, &settings), as_typed, "{spaced:?}");
    }
}

#[test]
fn a_span_is_within_the_text_and_on_character_boundaries() {
    for row in rows().iter().filter(|row| row.kind == "error") {
        let Reading::Refused(refusal) = read(row.input, now(), HOME, &Settings::default()) else {
            panic!("{:?} must be refused", row.input)
        };
        assert!(row.input.get(refusal.span.clone()).is_some_and(|part| !part.is_empty()), "{refusal:?}");
    }
}
