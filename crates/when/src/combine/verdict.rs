//! What came of every way to read a text, weighed: one moment, a question, or a refusal.
//!
//! Knows nothing of how the ways were found.

use std::fmt::Write as _;
use std::ops::Range;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::place::{Why, by_the_clock};
use crate::refusal::{Choice, Question, Refusal, RefusalKind};
use crate::settings::Hours;
use crate::{Guess, Moment, Reading};

/// What came of one way to read a text.
pub(super) enum Tried {
    /// It is later than now; several, where the clock shows it several times.
    Later { choices: Vec<Choice>, why: Option<Why>, day: Option<NaiveDate> },
    /// The clock skips it.
    Skipped { before: Moment, after: Moment },
    /// It is not later than now.
    Past(Moment),
    /// Its parts deny each other.
    Denied(String),
}

/// Why there is more than one way to read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// An abbreviation of several places.
    Place,
    /// Digits beside a date that may be its year or a time.
    YearOrTime,
    /// Digits that are a time, and may be the beginning of a date.
    BeginsDate,
    /// `4/7`.
    Day,
    /// An hour in either half of a named day.
    Half,
    /// An hour of no day: the next one, shown as a guess.
    NextHour,
    /// Midnight of a named day.
    Midnight,
}

impl Doubt {
    fn sentence(self) -> &'static str {
        match self {
            Self::Place => "The abbreviation is used in several places.",
            Self::YearOrTime | Self::BeginsDate => "The four digits may be a year or a time.",
            Self::Day => "The two numbers may be day and month, or month and day.",
            Self::Half | Self::NextHour => "The hour may be in the morning or after noon.",
            Self::Midnight => "A day begins and ends with a midnight.",
        }
    }

    /// Why a reading remains a guess when the others have passed. Of a day's two midnights only one
    /// can be meant then; a mistyped date may well be in the past.
    fn outlives_the_past(self) -> Option<Guess> {
        match self {
            Self::Place => Some(Guess::OtherClock),
            Self::YearOrTime => Some(Guess::NoYear),
            Self::BeginsDate => Some(Guess::BeginsDate),
            Self::Day => Some(Guess::OtherOrder),
            Self::Half | Self::NextHour => Some(Guess::OtherHalf),
            Self::Midnight => None,
        }
    }
}

/// One way that led to moments later than now.
struct Way {
    choices: Vec<Choice>,
    why: Option<Why>,
    day: Option<NaiveDate>,
}

/// Which bytes of the text to mark when something is wrong with it.
#[derive(Debug)]
pub(super) struct Spans {
    /// The day and the time.
    pub whole: Range<usize>,
    /// The time, if one is said.
    pub time: Option<Range<usize>>,
    /// Whose clock, if that is said.
    pub place: Option<Range<usize>>,
}

/// What is known so far of a text.
pub(super) struct Verdict {
    spans: Spans,
    doubts: Vec<Doubt>,
    ways: Vec<Way>,
    refusal: Option<Refusal>,
    skipped: Option<(Moment, Moment)>,
    past: Option<Moment>,
}

impl Verdict {
    pub fn new(spans: Spans) -> Self {
        Self { spans, doubts: Vec::new(), ways: Vec::new(), refusal: None, skipped: None, past: None }
    }

    pub fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    pub fn doubt_if(&mut self, holds: bool, doubt: Doubt) {
        if holds {
            self.doubt(doubt);
        }
    }

    /// Takes note of a way that is no moment at all. The first one is told.
    pub fn refused(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    pub fn tried(&mut self, tried: Tried) {
        match tried {
            Tried::Later { choices, why, day } => {
                // What the name does not mean now it may have meant in a moment that has passed.
                self.doubt_if(choices.len() == 1 && matches!(why, Some(Why::OutOfUse(_))), Doubt::Place);
                let why = why.filter(|_| choices.len() > 1);
                self.ways.push(Way { choices, why, day });
            }
            Tried::Skipped { before, after } => {
                self.skipped.get_or_insert((before, after));
            }
            Tried::Past(moment) => {
                self.past.get_or_insert(moment);
            }
            Tried::Denied(sentence) => {
                let sentence = format!("{sentence}: leave one of the two zones out.");
                let span = self.spans.place.as_ref().unwrap_or(&self.spans.whole);
                self.refused(Refusal::new(RefusalKind::Contradiction, span.clone(), sentence));
            }
        }
    }

    /// The verdict. `now` only tells which year need not be named.
    pub fn reading(mut self, text: &str, now: DateTime<Utc>, hours: Hours) -> Result<Reading, Refusal> {
        self.prefer_names_in_use();
        let whys = self.whys();
        let mut choices = self.labelled(now, hours);
        choices.sort_by_key(|choice| choice.moment.instant);
        choices.dedup_by_key(|choice| (choice.moment.instant, choice.moment.zone));
        match choices.as_slice() {
            [] => Err(self.refusal(text, hours)),
            [one] => {
                let guess = self.doubts.iter().find_map(|doubt| doubt.outlives_the_past());
                Ok(Reading::Resolved(Moment { guess, ..one.moment }))
            }
            [next, ..] if self.doubts == [Doubt::NextHour] && whys.is_empty() => {
                Ok(Reading::Resolved(Moment { guess: Some(Guess::NextHour), ..next.moment }))
            }
            _ => {
                let doubts = self.doubts.iter().map(|doubt| doubt.sentence());
                let why = whys.iter().map(String::as_str).chain(doubts).collect::<Vec<_>>().join(" ");
                Ok(Reading::Ask(Question { why, choices }))
            }
        }
    }

    /// Of several places, those that do not go by the abbreviation then are not meant, if one does.
    fn prefer_names_in_use(&mut self) {
        let out_of_use = |way: &Way| matches!(way.why, Some(Why::OutOfUse(_)));
        let any = self.ways.iter().any(out_of_use);
        if any && !self.ways.iter().all(out_of_use) {
            self.ways.retain(|way| !out_of_use(way));
            if let [_] = self.ways.as_slice() {
                self.doubts.retain(|doubt| *doubt != Doubt::Place);
            }
        }
    }

    /// Why single ways lead to several moments, each reason once.
    fn whys(&self) -> Vec<String> {
        let mut whys: Vec<String> = Vec::new();
        for way in &self.ways {
            if let Some(Why::Twice(why) | Why::OutOfUse(why)) = &way.why
                && !whys.contains(why)
            {
                whys.push(why.clone());
            }
        }
        whys
    }

    /// The choices of all ways, each called by what tells it from the others.
    fn labelled(&mut self, now: DateTime<Utc>, hours: Hours) -> Vec<Choice> {
        let ways = std::mem::take(&mut self.ways);
        if let [only] = ways.as_slice() {
            return only.choices.clone();
        }
        let single = ways.iter().all(|way| way.choices.len() == 1);
        let moments = ways.iter().flat_map(|way| way.choices.iter().map(move |choice| (way.day, choice.moment)));
        let label = |day: Option<NaiveDate>, moment: Moment| match (self.doubts.as_slice(), day) {
            ([Doubt::Day], Some(day)) if single => day_label(day, now),
            ([Doubt::Half], _) if single => moment.clock(hours),
            _ if single => moment.words(hours),
            _ => format!("{} {}", moment.civil.format("%-d %b %Y"), by_the_clock(moment, hours).label),
        };
        // Places may share even the abbreviation: only the zone tells them apart.
        let places = self.doubts.contains(&Doubt::Place);
        let named = |label: String, zone| if places { format!("{label}, {zone}") } else { label };
        moments.map(|(day, moment)| Choice { label: named(label(day, moment), moment.zone), moment }).collect()
    }

    /// Why nothing is left.
    fn refusal(self, text: &str, hours: Hours) -> Refusal {
        match (self.refusal, self.skipped, self.past) {
            (Some(refusal), ..) => refusal,
            (None, Some((before, after)), _) => {
                skipped(self.spans.time.unwrap_or(self.spans.whole), before, after, hours)
            }
            (None, None, Some(moment)) => past(self.spans.whole, moment, hours),
            (None, None, None) => Refusal::not_understood(text, self.spans.whole),
        }
    }
}

/// `7 April`, with the year where it is not this one.
fn day_label(day: NaiveDate, now: DateTime<Utc>) -> String {
    let format = if day.year() == now.year() { "%-d %B" } else { "%-d %B %Y" };
    day.format(format).to_string()
}

fn past(span: Range<usize>, moment: Moment, hours: Hours) -> Refusal {
    let sentence = format!("{} is in the past: name a later time.", moment.words(hours));
    Refusal::new(RefusalKind::Past, span, sentence)
}

/// A time that clocks go over: the neighbours tell by how much.
fn skipped(span: Range<usize>, before: Moment, after: Moment, hours: Hours) -> Refusal {
    let jump = after.instant - before.instant;
    let missed = before.civil + jump;
    let clock = Moment { civil: missed, ..before }.clock(hours);
    let mut sentence = format!("{clock} does not exist on {} in {}", missed.format("%a %-d %b %Y"), before.zone);
    // Writing to a string cannot fail.
    let _ = write!(sentence, ": clocks go forward over it. Take {} or {}.", before.clock(hours), after.clock(hours));
    let offers = [before, after].into_iter().map(|moment| Choice { label: by_the_clock(moment, hours).label, moment });
    Refusal::new(RefusalKind::Skipped, span, sentence).offering(offers.collect())
}
