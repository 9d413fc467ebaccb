//! Weighs all interpretations of a text and decides: one moment, a question, or a refusal.
//!
//! Does not depend on how the interpretations were found.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Month, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::clock::{Reason, labelled_by_clock};
use crate::grammar::DateWords;
use crate::guess::Guess;
use crate::moment::Moment;
use crate::reading::Reading;
use crate::refusal::{Choice, Question, Refusal, RefusalKind};
use crate::settings::Hours;

/// The result of one interpretation of a text.
pub(super) enum Attempt {
    /// Later than now. Several choices, if the clock shows the time several times.
    Later { choices: Vec<Choice>, reason: Option<Reason>, day: Option<NaiveDate> },
    /// The clock skips the time.
    Skipped { before: Moment, after: Moment },
    /// Not later than now.
    Past(Moment),
    /// The zone contradicts the abbreviation or the offset. The sentence lacks its advice.
    Contradiction(String),
}

/// Why a text has several interpretations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ambiguity {
    /// An abbreviation with several meanings.
    Abbreviation,
    /// Digits beside a date: its year, or a time.
    YearOrTime { digits: u32 },
    /// Digits that are a time, but may be the start of a date.
    BeginsDate { digits: u32 },
    /// `18h`.
    TimeOrDistance { hour: u32 },
    /// `4/7`.
    DayOrMonth { first: u32, second: u32 },
    /// `3/6/26`.
    ShortYear,
    /// `end of the week`: its Friday, or its Sunday.
    EndOfWeek,
    /// An hour of a named day without am or pm.
    AmOrPm([NaiveTime; 2]),
    /// An hour alone without am or pm: the next one is a guess.
    NextHour([NaiveTime; 2]),
    /// Midnight of a named day.
    Midnight,
}

impl Ambiguity {
    /// The guess that remains when all other interpretations have passed, if it is one. A mistyped date may
    /// well be in the past, but of the two midnights of a day only the later one can be meant then.
    fn guess_if_others_passed(self) -> Option<Guess> {
        match self {
            Self::Abbreviation => Some(Guess::OtherClock),
            Self::YearOrTime { .. } => Some(Guess::NoYear),
            Self::BeginsDate { .. } => Some(Guess::BeginsDate),
            Self::DayOrMonth { .. } | Self::ShortYear => Some(Guess::OtherOrder),
            Self::EndOfWeek => Some(Guess::EndOfWeek),
            Self::AmOrPm(_) | Self::NextHour(_) => Some(Guess::OtherHalf),
            Self::Midnight | Self::TimeOrDistance { .. } => None,
        }
    }

    /// The ambiguity of a date with this many interpretations.
    pub fn of_date(date: DateWords, interpretations: usize) -> Option<Self> {
        match date {
            DateWords::Numeric { first, second, .. } if interpretations > 1 => Some(Self::DayOrMonth { first, second }),
            DateWords::ShortYear { .. } if interpretations > 1 => Some(Self::ShortYear),
            DateWords::EndOfWeek { .. } => Some(Self::EndOfWeek),
            _ => None,
        }
    }
}

/// An interpretation with moments later than now.
struct Interpretation {
    choices: Vec<Choice>,
    reason: Option<Reason>,
    day: Option<NaiveDate>,
}

/// The parts of the text that a sentence names or a refusal marks.
#[derive(Debug)]
pub(super) struct Parts<'t> {
    /// The bytes of the day and the time.
    pub whole: Range<usize>,
    /// The date as typed, if the text names one.
    pub date: Option<&'t str>,
    /// The bytes of the time, if the text names one.
    pub time: Option<Range<usize>>,
    /// The bytes of the zone, if the text names one.
    pub zone: Option<Range<usize>>,
    /// The abbreviation, if the zone is one.
    pub abbreviation: Option<&'t str>,
}

/// Collects the interpretations of a text.
pub(super) struct Verdict<'t> {
    parts: Parts<'t>,
    ambiguities: Vec<Ambiguity>,
    interpretations: Vec<Interpretation>,
    refusal: Option<Refusal>,
    skipped: Option<(Moment, Moment)>,
    past: Option<Moment>,
}

impl<'t> Verdict<'t> {
    pub fn new(parts: Parts<'t>) -> Self {
        Self { parts, ambiguities: Vec::new(), interpretations: Vec::new(), refusal: None, skipped: None, past: None }
    }

    pub fn add_ambiguity(&mut self, ambiguity: Ambiguity) {
        if !self.ambiguities.contains(&ambiguity) {
            self.ambiguities.push(ambiguity);
        }
    }

    /// Notes an interpretation that is not a moment. The first refusal is the one that is shown.
    pub fn add_refusal(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    pub fn add(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Later { choices, reason, day } => {
                // The other meaning of the abbreviation has passed.
                if choices.len() == 1 && matches!(reason, Some(Reason::OutOfUse(_))) {
                    self.add_ambiguity(Ambiguity::Abbreviation);
                }
                let reason = reason.filter(|_| choices.len() > 1);
                self.interpretations.push(Interpretation { choices, reason, day });
            }
            Attempt::Skipped { before, after } => {
                self.skipped.get_or_insert((before, after));
            }
            Attempt::Past(moment) => {
                self.past.get_or_insert(moment);
            }
            Attempt::Contradiction(sentence) => {
                let sentence = format!("{sentence}: remove one of the two zones.");
                let span = self.parts.zone.as_ref().unwrap_or(&self.parts.whole);
                self.add_refusal(Refusal::new(RefusalKind::Contradiction, span.clone(), sentence));
            }
        }
    }

    /// Decides. `now` is only used to leave the current year out of labels.
    pub fn reading(mut self, text: &str, now: DateTime<Utc>, hours: Hours) -> Result<Reading, Refusal> {
        self.prefer_abbreviations_in_use();
        let reasons = self.reasons();
        let mut choices = self.labelled(now, hours);
        choices.sort_by_key(|choice| choice.moment.instant);
        choices.dedup_by_key(|choice| (choice.moment.instant, choice.moment.zone));
        match choices.as_slice() {
            [] => Err(self.refusal(text, hours)),
            [one] => {
                let passed = || self.ambiguities.iter().find_map(|ambiguity| ambiguity.guess_if_others_passed());
                let guess = if self.skipped.is_some() { Some(Guess::OtherSkipped) } else { passed() };
                Ok(Reading::Resolved(Moment { guess, ..one.moment }))
            }
            [next, ..] if matches!(self.ambiguities.as_slice(), [Ambiguity::NextHour(_)]) && reasons.is_empty() => {
                Ok(Reading::Resolved(Moment { guess: Some(Guess::NextHour), ..next.moment }))
            }
            _ => {
                let ambiguities = self.ambiguities.iter().map(|ambiguity| self.sentence(*ambiguity, hours));
                let why = reasons.into_iter().chain(ambiguities).collect::<Vec<_>>().join(" ");
                Ok(Reading::Ask(Question { why, choices }))
            }
        }
    }

    /// What is ambiguous, as a sentence.
    fn sentence(&self, ambiguity: Ambiguity, hours: Hours) -> String {
        match ambiguity {
            Ambiguity::Abbreviation => match self.parts.abbreviation {
                Some(name) => format!("{} has several meanings.", name.to_ascii_uppercase()),
                None => "The abbreviation has several meanings.".to_owned(),
            },
            Ambiguity::YearOrTime { digits } | Ambiguity::BeginsDate { digits } => {
                format!("{digits:04} could be a year or a time.")
            }
            Ambiguity::TimeOrDistance { hour } => {
                let time = NaiveTime::from_hms_opt(hour, 0, 0).map(|time| hours.clock(time)).unwrap_or_default();
                format!("{hour}h could be {time} or in {hour} hours.")
            }
            Ambiguity::ShortYear => format!("{} could be several dates.", self.parts.date.unwrap_or("The date")),
            Ambiguity::EndOfWeek => "A week could end on Friday or on Sunday.".to_owned(),
            Ambiguity::DayOrMonth { first, second } => {
                let (day_first, month_first) = (day_of_month(first, second), day_of_month(second, first));
                format!("{first}/{second} could be {day_first} or {month_first}.")
            }
            Ambiguity::AmOrPm([am, pm]) | Ambiguity::NextHour([am, pm]) => {
                let (hour, minute) = (am.hour12().1, am.minute());
                let typed = if minute == 0 { hour.to_string() } else { format!("{hour}:{minute:02}") };
                format!("{typed} could be {} or {}.", hours.clock(am), hours.clock(pm))
            }
            Ambiguity::Midnight => "Midnight could be the start or the end of the day.".to_owned(),
        }
    }

    /// Drops the zones that do not use the abbreviation then, if another one does.
    fn prefer_abbreviations_in_use(&mut self) {
        let out_of_use = |interpretation: &Interpretation| matches!(interpretation.reason, Some(Reason::OutOfUse(_)));
        let any = self.interpretations.iter().any(out_of_use);
        if any && !self.interpretations.iter().all(out_of_use) {
            self.interpretations.retain(|interpretation| !out_of_use(interpretation));
            if let [_] = self.interpretations.as_slice() {
                self.ambiguities.retain(|ambiguity| *ambiguity != Ambiguity::Abbreviation);
            }
        }
    }

    /// Why single interpretations have several moments. Each sentence occurs once.
    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        for interpretation in &self.interpretations {
            if let Some(Reason::Twice(reason) | Reason::OutOfUse(reason)) = &interpretation.reason
                && !reasons.contains(reason)
            {
                reasons.push(reason.clone());
            }
        }
        reasons
    }

    /// The choices of all interpretations, each with a label that tells it from the others.
    fn labelled(&mut self, now: DateTime<Utc>, hours: Hours) -> Vec<Choice> {
        let interpretations = std::mem::take(&mut self.interpretations);
        if let [only] = interpretations.as_slice() {
            return only.choices.clone();
        }
        let single = interpretations.iter().all(|interpretation| interpretation.choices.len() == 1);
        let moments = interpretations
            .iter()
            .flat_map(|interpretation| interpretation.choices.iter().map(|choice| (interpretation.day, choice.moment)));
        let label = |day: Option<NaiveDate>, moment: Moment| match (self.ambiguities.as_slice(), day) {
            ([Ambiguity::DayOrMonth { .. } | Ambiguity::ShortYear], Some(day)) if single => day_label(day, now),
            ([Ambiguity::AmOrPm(_)], _) if single => moment.clock(hours),
            _ if single => moment.words(hours),
            _ => format!("{} {}", moment.civil.format("%-d %b %Y"), labelled_by_clock(moment, hours).label),
        };
        // Two zones may use the same abbreviation at once, so the label needs the zone.
        let with_zone = self.ambiguities.contains(&Ambiguity::Abbreviation);
        let finish = |label: String, zone| if with_zone { format!("{label}, {zone}") } else { label };
        moments.map(|(day, moment)| Choice { label: finish(label(day, moment), moment.zone), moment }).collect()
    }

    /// Why no moment is left.
    fn refusal(self, text: &str, hours: Hours) -> Refusal {
        match (self.refusal, self.skipped, self.past) {
            (Some(refusal), ..) => refusal,
            (None, Some((before, after)), _) => {
                skipped(self.parts.time.unwrap_or(self.parts.whole), before, after, hours)
            }
            (None, None, Some(moment)) => past(self.parts.whole, moment, hours),
            (None, None, None) => Refusal::not_understood(text, self.parts.whole),
        }
    }
}

/// `7 April`.
fn day_of_month(day: u32, month: u32) -> String {
    let named = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    named.map_or_else(|| format!("day {day} of month {month}"), |month| format!("{day} {}", month.name()))
}

/// `7 April`, with the year unless it is the current one.
fn day_label(day: NaiveDate, now: DateTime<Utc>) -> String {
    let format = if day.year() == now.year() { "%-d %B" } else { "%-d %B %Y" };
    day.format(format).to_string()
}

fn past(span: Range<usize>, moment: Moment, hours: Hours) -> Refusal {
    let sentence = format!("{} is in the past: name a later time.", moment.words(hours));
    Refusal::new(RefusalKind::Past, span, sentence)
}

/// A time that clocks skip. Its two neighbours are as far apart as the clocks jump.
fn skipped(span: Range<usize>, before: Moment, after: Moment, hours: Hours) -> Refusal {
    let jump = after.instant - before.instant;
    let missed = before.civil + jump;
    let sentence = format!(
        "{} does not exist on {} in {}: clocks skip it. Use {} or {}.",
        hours.clock(missed.time()),
        missed.format("%a %-d %b %Y"),
        before.zone,
        before.clock(hours),
        after.clock(hours),
    );
    let offers = [before, after].map(|moment| labelled_by_clock(moment, hours));
    Refusal::new(RefusalKind::Skipped, span, sentence).with_offers(offers.into())
}
