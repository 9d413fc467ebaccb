//! The times of day that a text may mean: mostly one, two for `at 5` and for a day's `midnight`.
//!
//! Knows no date: whether a time has passed, or is skipped, is for its caller to see.

use std::ops::Range;

use chrono::{NaiveTime, Timelike as _};

use crate::grammar::{DateWords, Meridiem, Part, Spanned, TimeWords};
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::Settings;

/// A time of day; the end of a day is the first time of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub time: NaiveTime,
    pub next_day: bool,
}

impl Clock {
    const fn on_the_day(time: NaiveTime) -> Self {
        Self { time, next_day: false }
    }

    const END_OF_THE_DAY: Self = Self { time: NaiveTime::MIN, next_day: true };
}

/// The times that are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Times {
    One(Clock),
    /// `at 5`, in either half of the day.
    EitherHalf([Clock; 2]),
    /// `friday midnight`: the day begins and ends with one.
    EitherEnd([Clock; 2]),
}

impl Times {
    pub fn clocks(&self) -> &[Clock] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::EitherHalf(two) | Self::EitherEnd(two) => two,
        }
    }
}

/// What a text says of the time: the time itself, the part of the day, and the date that
/// decides what the words leave open.
pub(super) struct Said<'p> {
    pub time: Option<&'p Spanned<TimeWords>>,
    pub part: Option<&'p Spanned<Part>>,
    pub date: Option<DateWords>,
    /// Whether some date or day of the week is said.
    pub dated: bool,
}

/// The times that the words mean.
pub(super) fn times(said: &Said<'_>, settings: &Settings) -> Result<Times, Refusal> {
    let one = |time| Ok(Times::One(Clock::on_the_day(time)));
    let Some(time) = said.time else {
        return one(match (said.part, said.date) {
            (Some(part), _) => usual(part.value, settings),
            (None, Some(DateWords::EndOfMonth { .. } | DateWords::EndOfYear { .. })) => settings.end_of_day,
            (None, _) => settings.date_alone,
        });
    };
    match (time.value, said.part) {
        (TimeWords::Midnight, part) => midnight(part, said, &time.span),
        (TimeWords::Noon, part) => {
            let noon = checked(12, 0, 0, None, &time.span)?;
            one(within(part, &[noon], "noon", &time.span)?)
        }
        (TimeWords::EndOfDay, None) => one(settings.end_of_day),
        (TimeWords::EndOfDay, Some(part)) => Err(not_within(part.value, "the end of the day", &time.span)),
        (TimeWords::Bare { hour }, None) => bare(hour, &time.span),
        (TimeWords::Bare { hour }, Some(part)) => {
            one(within(Some(part), &halves(checked(hour, 0, 0, None, &time.span)?), &hour.to_string(), &time.span)?)
        }
        (TimeWords::Clock { hour, minute, second, half }, part) => {
            let exact = checked(hour, minute, second, half, &time.span)?;
            let said = exact.format("%H:%M").to_string();
            match (part, half) {
                (Some(_), None) => one(within(part, &halves(exact), &said, &time.span)?),
                _ => one(within(part, &[exact], &said, &time.span)?),
            }
        }
    }
}

/// The hour that a part of the day means by itself.
fn usual(part: Part, settings: &Settings) -> NaiveTime {
    match part {
        Part::Morning => settings.morning,
        Part::Afternoon => settings.afternoon,
        Part::Evening => settings.evening,
        Part::Night => settings.tonight,
    }
}

/// The hours that a person may call so, from the first to before the last.
const fn hours_of(part: Part) -> Range<u32> {
    match part {
        Part::Morning => 0..12,
        Part::Afternoon => 12..18,
        Part::Evening | Part::Night => 17..24,
    }
}

const fn name_of(part: Part) -> &'static str {
    match part {
        Part::Morning => "morning",
        Part::Afternoon => "afternoon",
        Part::Evening => "evening",
        Part::Night => "night",
    }
}

/// The one of several times that lies in the part of the day, if one was named.
fn within(
    part: Option<&Spanned<Part>>,
    times: &[NaiveTime],
    said: &str,
    span: &Range<usize>,
) -> Result<NaiveTime, Refusal> {
    let fits = |time: &&NaiveTime| part.is_none_or(|part| hours_of(part.value).contains(&time.hour()));
    match (times.iter().find(fits), part) {
        (Some(time), _) => Ok(*time),
        (None, Some(part)) => Err(not_within(part.value, said, span)),
        (None, None) => Err(no_such_time(said, span)),
    }
}

fn not_within(part: Part, said: &str, span: &Range<usize>) -> Refusal {
    let sentence = format!("There is no {said} in the {}: leave one of the two out.", name_of(part));
    Refusal::new(RefusalKind::Contradiction, span.clone(), sentence)
}

/// `at 5` is one of two times, `at 17` only one.
fn bare(hour: u32, span: &Range<usize>) -> Result<Times, Refusal> {
    let exact = checked(hour, 0, 0, None, span)?;
    match halves(exact).as_slice() {
        [early, late] => Ok(Times::EitherHalf([Clock::on_the_day(*early), Clock::on_the_day(*late)])),
        _ => Ok(Times::One(Clock::on_the_day(exact))),
    }
}

/// A time as the clock of twelve hours shows it, in either half; the one of 24 hours, after 12:59
/// and before 01:00, shows only one.
fn halves(time: NaiveTime) -> Vec<NaiveTime> {
    let hour = time.hour();
    if !(1..=12).contains(&hour) {
        return vec![time];
    }
    [hour % 12, hour % 12 + 12].into_iter().filter_map(|hour| time.with_hour(hour)).collect()
}

/// Midnight ends the evening and the day that is today; of another day it may be either end.
fn midnight(part: Option<&Spanned<Part>>, said: &Said<'_>, span: &Range<usize>) -> Result<Times, Refusal> {
    let begins = Clock::on_the_day(NaiveTime::MIN);
    match part.map(|part| part.value) {
        Some(Part::Evening | Part::Night) => Ok(Times::One(Clock::END_OF_THE_DAY)),
        Some(part) => Err(not_within(part, "midnight", span)),
        None if said.date == Some(DateWords::FromToday { days: 0 }) => Ok(Times::One(Clock::END_OF_THE_DAY)),
        None if said.dated => Ok(Times::EitherEnd([begins, Clock::END_OF_THE_DAY])),
        None => Ok(Times::One(begins)),
    }
}

/// A time that exists.
fn checked(
    hour: u32,
    minute: u32,
    second: u32,
    half: Option<Meridiem>,
    span: &Range<usize>,
) -> Result<NaiveTime, Refusal> {
    let (of_24, suffix) = match half {
        None => (hour, ""),
        Some(Meridiem::Am) => (hour % 12, "am"),
        Some(Meridiem::Pm) => (hour % 12 + 12, "pm"),
    };
    let shown = half.is_none() || (1..=12).contains(&hour);
    NaiveTime::from_hms_opt(of_24, minute, second).filter(|_| shown).ok_or_else(|| {
        let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
        let clock = if minute == 0 && second == 0 && half.is_some() {
            hour.to_string()
        } else {
            format!("{hour}:{minute:02}{seconds}")
        };
        no_such_time(&format!("{clock}{suffix}"), span)
    })
}

fn no_such_time(said: &str, span: &Range<usize>) -> Refusal {
    let sentence = format!("There is no such time as {said}: a day goes from 00:00 to 23:59.");
    Refusal::new(RefusalKind::NoSuchTime, span.clone(), sentence)
}
