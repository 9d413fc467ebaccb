//! Quick entry: separates the memo and the time of one line.
//!
//! Many words of a memo look like a time. So quick entry looks where people put the time, before or
//! after the memo, and takes only what is certain; anything less certain is a guess or a question.
//!
//! Does not depend on how a time is written: `grammar` finds the pieces, and `combine` reads them.

mod confidence;
mod figures;
mod leftovers;
mod lexicon;
mod line;
mod memo;
mod ownership;
mod scan;
mod segment;

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::combine;
use crate::grammar::{Piece, Spanned};
use crate::guess::{Excerpt, Guess};
use crate::lex::Folded;
use crate::moment::Moment;
use crate::reading::Reading;
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::Settings;
use line::Line;
use segment::{Confidence, Segment};

/// The memo and the time of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// The line without its time, trimmed, and without quotation marks around the whole memo. The
    /// unchanged line, if it has no time. Empty, if the line is only a time.
    pub memo: String,
    /// The time, if the line has one.
    pub time: Option<Found>,
    /// The bytes of the first part of the memo that looks like a time, although it was not read as one. It makes the
    /// time a guess.
    pub unread: Option<Range<usize>>,
}

/// The time in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the line that were read as the time: in order, without overlap, on character
    /// boundaries, never empty. There are two if the line begins with the day and ends with the
    /// hour, and several if it names several times, which is refused.
    pub spans: Vec<Range<usize>>,
    /// What the time means. The span of a refusal counts bytes of the whole line.
    pub reading: Reading,
}

/// Separates the memo and the time of one line. `zone` applies where the line names no zone.
///
/// To keep the time in the memo, use the line itself as the memo. Text in double quotes is never
/// read as a time.
///
/// ```
/// use when::{Hours, Reading, Settings, Tz, quick};
///
/// let now = "2026-11-24T14:10:00Z".parse()?;
/// let line = quick("call mum fri 18:00", now, Tz::Europe__Paris, &Settings::default());
/// assert_eq!(line.memo, "call mum");
/// let found = line.time.expect("the line ends with a time");
/// assert_eq!(found.spans, [9..18]);
/// let Reading::Resolved(moment) = found.reading else { panic!("the line names one moment") };
/// assert_eq!(moment.words(Hours::TwentyFour), "Fri 27 Nov 2026, 18:00 CET");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn quick(line: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Quick {
    let folded = Folded::new(line);
    let line = Line::new(line, &folded);
    let mut segments = scan::segments(&line, zone, now);
    segments.retain_mut(|segment| confidence::judge(segment, &line));
    let Some(chosen) = choose(&line, segments) else {
        return Quick { memo: line.text.to_owned(), time: None, unread: leftovers::find(&line, &[]) };
    };
    let unread = leftovers::find(&line, &chosen.segments);
    let spans: Vec<Range<usize>> = chosen.segments.iter().map(Segment::span).collect();
    let reading = match (chosen.refusal, read(&line, &chosen.segments, now, zone, settings), &unread) {
        (Some(refusal), ..) => Reading::Refused(refusal),
        (None, Reading::Resolved(moment), Some(unread)) => {
            let guess = Guess::TimeInMemo(Excerpt::of(&line.text[unread.clone()]));
            Reading::Resolved(Moment { guess: Some(guess), ..moment })
        }
        (None, reading, _) => reading,
    };
    Quick { memo: memo::without_time(&line, &chosen.segments), time: Some(Found { spans, reading }), unread }
}

/// The segments that are the time of a line.
struct Chosen {
    segments: Vec<Segment>,
    /// The refusal, if they are several times.
    refusal: Option<Refusal>,
}

/// Chooses the segments that are the time of a line, if it has one.
fn choose(line: &Line<'_>, mut segments: Vec<Segment>) -> Option<Chosen> {
    let at_an_end = |segment: &Segment| line.is_first(segment.first) || line.is_last(segment.after);
    let spans_line = |segments: &[Segment]| matches!(segments, [first, last] if line.is_first(first.first) && line.is_last(last.after));
    // In the middle of a memo, an uncertain time belongs to the memo.
    segments.retain(|segment| at_an_end(segment) || segment.confidence == Confidence::Sure);
    if !spans_line(&segments) || segments.iter().all(Segment::is_zone) {
        let count = segments.len();
        segments.retain(|segment| !segment.is_zone());
        if segments.len() < count {
            for segment in &mut segments {
                segment.mark_guess(Guess::ZoneInMemo);
            }
        }
    }
    if let [only] = segments.as_mut_slice()
        && !at_an_end(only)
    {
        if !only.has_time() && !confidence::memo_may_resume(line, only.after) {
            return None;
        }
        only.mark_guess(Guess::InMemo);
    }
    if memo_may_name_zone(line, &segments)
        && let Some(first) = segments.first_mut()
    {
        first.mark_guess(Guess::ZoneInMemo);
    }
    let refusal = (segments.len() > 1 && !spans_line(&segments)).then(|| two_times(line, &segments));
    (!segments.is_empty()).then_some(Chosen { segments, refusal })
}

/// Whether the memo names what may be the zone of the time: next to the time, or at an end of the line.
fn memo_may_name_zone(line: &Line<'_>, segments: &[Segment]) -> bool {
    let zone_before = |after| confidence::may_be_zone_before(line, after);
    let zone_after = |first| confidence::may_be_zone_after(line, first);
    let beside = |segment: &Segment| {
        (!line.is_first(segment.first) && zone_before(segment.first))
            || (!line.is_last(segment.after)
                && (zone_after(segment.after) && segments.len() > 1 || zone_before(line.end())))
            || (!line.is_first(segment.first) && zone_after(line.lead()))
    };
    segments.iter().any(Segment::has_time) && !segments.iter().any(Segment::has_zone) && segments.iter().any(beside)
}

/// Reads the segments as one time.
fn read(line: &Line<'_>, segments: &[Segment], now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Reading {
    let pieces: Vec<Spanned<Piece>> =
        segments.iter().flat_map(|segment| segment.elements.iter().map(|element| element.piece.clone())).collect();
    let uncertain =
        |segment: &Segment| (segment.confidence == Confidence::Guess && !segment.is_zone()).then_some(Guess::NoTime);
    let guess = segments.iter().find_map(|segment| segment.guess.or(uncertain(segment)));
    match combine::combine(line.text, pieces, now, zone, settings) {
        Ok(Reading::Resolved(moment)) => Reading::Resolved(Moment { guess: moment.guess.or(guess), ..moment }),
        Ok(reading) => reading,
        Err(refusal) if segments.len() > 1 && is_conflict(refusal.kind) => Reading::Refused(two_times(line, segments)),
        Err(refusal) => Reading::Refused(refusal),
    }
}

/// Whether two segments with this refusal are two times rather than one.
fn is_conflict(kind: RefusalKind) -> bool {
    matches!(kind, RefusalKind::GivenTwice | RefusalKind::WrongWeekday | RefusalKind::Contradiction)
}

fn two_times(line: &Line<'_>, segments: &[Segment]) -> Refusal {
    Refusal::two_times(line.text, &segments.iter().map(Segment::span).collect::<Vec<_>>())
}
