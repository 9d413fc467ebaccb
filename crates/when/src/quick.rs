//! Quick entry: a memo and its time in one line, told apart.
//!
//! A memo is a person's own words, and much in them looks like a time that is none. So a time is
//! looked for where people put it, before the memo or behind it, and taken only for what is a time
//! without doubt; where some doubt remains, what comes of it is a guess, or a question.
//!
//! Knows nothing of how a time is written: the grammar says what is one, and `combine` what it means.

mod beside;
mod claims;
mod line;
mod memo;
mod runs;
mod weight;

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::combine;
use crate::grammar::{Piece, Spanned};
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::Settings;
use crate::{Guess, Moment, Reading};
use line::Line;
use runs::Run;
use weight::Weight;

/// One line of quick entry, told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// The memo: what remains of the line when the time is taken out of it, trimmed, and without
    /// the quotes where all of it is quoted. Without a time the line itself, untouched. Empty where
    /// the line is nothing but a time.
    pub memo: String,
    /// The time that was found, if there is one.
    pub time: Option<Found>,
}

/// A time that was found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the line that were read as the time, in order and apart from each other; on the
    /// bounds of characters, and never empty. Two where the line begins with the day and ends with
    /// the hour, or where it says two times, which is refused.
    pub spans: Vec<Range<usize>>,
    /// What they mean. The spans of a refusal are bytes of the whole line.
    pub reading: Reading,
}

impl Quick {
    fn without_time(line: &str) -> Self {
        Self { memo: line.to_owned(), time: None }
    }
}

/// Tells the memo and the time of one line apart. `zone` is the one meant where the line names none.
///
/// Who does not want the time taken out uses the line as the memo: nothing of it is lost. To keep a
/// part of a line from being read, it is put in double quotes.
///
/// ```
/// use when::{Hours, Reading, Settings, Tz, quick};
///
/// let now = "2026-11-24T14:10:00Z".parse()?;
/// let line = quick("call mum fri 18:00", now, Tz::Europe__Paris, &Settings::default());
/// assert_eq!(line.memo, "call mum");
/// let found = line.time.expect("it ends with a time");
/// assert_eq!(found.spans, [9..18]);
/// let Reading::Resolved(moment) = found.reading else { panic!("it is one time") };
/// assert_eq!(moment.words(Hours::TwentyFour), "Fri 27 Nov 2026, 18:00 CET");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn quick(line: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Quick {
    let small = line.to_ascii_lowercase();
    let line = Line::new(line, &small);
    let mut runs = runs::runs(&line, zone, now);
    runs.retain_mut(|run| weight::settle(run, &line));
    let Some(taken) = taken(&line, runs) else { return Quick::without_time(line.text) };
    let spans: Vec<Range<usize>> = taken.runs.iter().map(Run::span).collect();
    let reading = match taken.apart {
        Some(refusal) => Reading::Refused(refusal),
        None => read(&line, &taken.runs, now, zone, settings),
    };
    Quick { memo: memo::remains(&line, &taken.runs), time: Some(Found { spans, reading }) }
}

/// The runs that are the line's time.
struct Taken {
    runs: Vec<Run>,
    /// Where they are more than one time.
    apart: Option<Refusal>,
}

/// Which runs are the line's time; none, where it has no time.
fn taken(line: &Line<'_>, mut runs: Vec<Run>) -> Option<Taken> {
    let at_an_end = |run: &Run| line.is_first(run.first) || line.is_last(run.after);
    let spans_line =
        |runs: &[Run]| matches!(runs, [first, last] if line.is_first(first.first) && line.is_last(last.after));
    // In the middle of a memo something only like a time is a part of the memo.
    runs.retain(|run| at_an_end(run) || run.weight == Weight::Sure);
    if !spans_line(&runs) || runs.iter().all(Run::is_zone) {
        let count = runs.len();
        runs.retain(|run| !run.is_zone());
        let left_out = runs.len() < count;
        for run in &mut runs {
            run.doubt_if(left_out, Guess::ZoneInMemo);
        }
    }
    if let [only] = runs.as_mut_slice() {
        if !at_an_end(only) && !weight::may_stand_before(line, only.after) {
            return None;
        }
        only.doubt_if(!at_an_end(only), Guess::InMemo);
        only.doubt_if(is_in_doubt_of_its_zone(line, only), Guess::ZoneInMemo);
    }
    let apart = (runs.len() > 1 && !spans_line(&runs)).then(|| two_times(line, &runs));
    (!runs.is_empty()).then_some(Taken { runs, apart })
}

/// Whether the line names what may be the zone of its time, but not where a zone stands: before the time,
/// or at the other end of the line.
fn is_in_doubt_of_its_zone(line: &Line<'_>, run: &Run) -> bool {
    let stands_apart = |after| weight::may_be_a_zone_before(line, after);
    run.has_clock()
        && !run.has_zone()
        && (stands_apart(run.first) || (!line.is_last(run.after) && stands_apart(line.end())))
}

/// What the runs mean together.
fn read(line: &Line<'_>, runs: &[Run], now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Reading {
    let pieces: Vec<Spanned<Piece>> =
        runs.iter().flat_map(|run| run.elements.iter().map(|element| element.piece.clone())).collect();
    let of_weight = |run: &Run| (run.weight == Weight::Guess && !run.is_zone()).then_some(Guess::NoTime);
    let doubt = runs.iter().find_map(|run| run.doubt.or(of_weight(run)));
    match combine::combine(line.text, pieces, now, zone, settings) {
        Ok(Reading::Resolved(moment)) => Reading::Resolved(Moment { guess: moment.guess.or(doubt), ..moment }),
        Ok(reading) => reading,
        Err(refusal) if runs.len() > 1 && denies_itself(refusal.kind) => Reading::Refused(two_times(line, runs)),
        Err(refusal) => Reading::Refused(refusal),
    }
}

/// Whether what was said in two places is then not one time.
fn denies_itself(kind: RefusalKind) -> bool {
    matches!(kind, RefusalKind::SaidTwice | RefusalKind::WrongWeekday | RefusalKind::Contradiction)
}

fn two_times(line: &Line<'_>, runs: &[Run]) -> Refusal {
    Refusal::two_times(line.text, &runs.iter().map(Run::span).collect::<Vec<_>>())
}
