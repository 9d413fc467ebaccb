//! The times of day that a text may mean: mostly one, but two for `at 5` and for `friday midnight`.
//!
//! Does not depend on now: the caller checks whether a time has passed or is skipped.

use std::ops::Range;

use chrono::{NaiveTime, Timelike as _};

use crate::grammar::{DateWords, Meridiem, Part, Spanned, TimeWords};
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::Settings;

/// A time of day. The end of a day is the first time of the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    pub time: NaiveTime,
    pub next_day: bool,
}

impl TimeOfDay {
    const fn same_day(time: NaiveTime) -> Self {
        Self { time, next_day: false }
    }

    const END_OF_DAY: Self = Self { time: NaiveTime::MIN, next_day: true };
}

/// The times that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Times {
    One(TimeOfDay),
    /// `at 5`: am or pm.
    AmOrPm([TimeOfDay; 2]),
    /// `friday midnight`: the start or the end of the day.
    StartOrEnd([TimeOfDay; 2]),
}

impl Times {
    pub fn all(&self) -> &[TimeOfDay] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::AmOrPm(two) | Self::StartOrEnd(two) => two,
        }
    }
}

/// The parts of a text that decide the time of day.
pub(super) struct TimeInput<'p> {
    pub time: Option<&'p Spanned<TimeWords>>,
    pub part: Option<&'p Spanned<Part>>,
    pub date: Option<DateWords>,
    /// Whether the text names a day: a date, a day of the week or a distance.
    pub dated: bool,
}

/// The times that a text may mean.
pub(super) fn times(input: &TimeInput<'_>, settings: &Settings) -> Result<Times, Refusal> {
    let one = |time| Ok(Times::One(TimeOfDay::same_day(time)));
    let Some(time) = input.time else {
        return one(match (input.part, input.date) {
            (Some(part), _) => usual(part.value, settings),
            (None, Some(DateWords::EndOfWeek { .. } | DateWords::EndOfMonth { .. } | DateWords::EndOfYear { .. })) => {
                settings.end_of_day
            }
            (None, _) => settings.date_alone,
        });
    };
    match (time.value, input.part) {
        (TimeWords::Midnight, part) => midnight(part, input, &time.span),
        (TimeWords::Noon, part) => {
            let noon = checked(12, 0, 0, None, &time.span)?;
            one(within(part, &[noon], "noon", &time.span)?)
        }
        (TimeWords::EndOfDay, None) => one(settings.end_of_day),
        (TimeWords::EndOfDay, Some(part)) => Err(not_within(part.value, "the end of the day", &time.span)),
        (TimeWords::Bare { hour, minute }, None) => bare(hour, minute, &time.span),
        (TimeWords::Bare { hour, minute }, Some(part)) => {
            let hours = am_and_pm(checked(hour, minute, 0, None, &time.span)?);
            let shown = if minute == 0 { hour.to_string() } else { format!("{hour}:{minute:02}") };
            one(within(Some(part), &hours, &shown, &time.span)?)
        }
        (TimeWords::Clock { hour, minute, second, half }, part) => {
            let exact = checked(hour, minute, second, half, &time.span)?;
            let shown = settings.hours.minutes(exact);
            match (part, half) {
                (Some(_), None) => one(within(part, &am_and_pm(exact), &shown, &time.span)?),
                _ => one(within(part, &[exact], &shown, &time.span)?),
            }
        }
    }
}

/// The time of a part of the day alone.
fn usual(part: Part, settings: &Settings) -> NaiveTime {
    match part {
        Part::Morning => settings.morning,
        Part::Afternoon => settings.afternoon,
        Part::Evening => settings.evening,
        Part::Night => settings.tonight,
    }
}

/// The hours that belong to a part of the day.
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

/// The first of the times that is in the part of the day, or the first time without a part.
fn within(
    part: Option<&Spanned<Part>>,
    times: &[NaiveTime],
    shown: &str,
    span: &Range<usize>,
) -> Result<NaiveTime, Refusal> {
    let fits = |time: &&NaiveTime| part.is_none_or(|part| hours_of(part.value).contains(&time.hour()));
    match (times.iter().find(fits), part) {
        (Some(time), _) => Ok(*time),
        (None, Some(part)) => Err(not_within(part.value, shown, span)),
        (None, None) => Err(no_such_time(shown, span)),
    }
}

fn not_within(part: Part, shown: &str, span: &Range<usize>) -> Refusal {
    let sentence = format!("It is not {} at {shown}: remove one of the two.", name_of(part));
    Refusal::new(RefusalKind::Contradiction, span.clone(), sentence)
}

/// `at 5` is one of two times, `at 17` is one time.
fn bare(hour: u32, minute: u32, span: &Range<usize>) -> Result<Times, Refusal> {
    let exact = checked(hour, minute, 0, None, span)?;
    match am_and_pm(exact).as_slice() {
        [early, late] => Ok(Times::AmOrPm([TimeOfDay::same_day(*early), TimeOfDay::same_day(*late)])),
        _ => Ok(Times::One(TimeOfDay::same_day(exact))),
    }
}

/// A time in both halves of the day. Before 01:00 and after 12:59 it can only be in one.
fn am_and_pm(time: NaiveTime) -> Vec<NaiveTime> {
    let hour = time.hour();
    if !(1..=12).contains(&hour) {
        return vec![time];
    }
    [hour % 12, hour % 12 + 12].into_iter().filter_map(|hour| time.with_hour(hour)).collect()
}

/// Midnight is the end of an evening and of today; on another day it may be the start or the end.
fn midnight(part: Option<&Spanned<Part>>, input: &TimeInput<'_>, span: &Range<usize>) -> Result<Times, Refusal> {
    let start = TimeOfDay::same_day(NaiveTime::MIN);
    match part.map(|part| part.value) {
        Some(Part::Evening | Part::Night) => Ok(Times::One(TimeOfDay::END_OF_DAY)),
        Some(part) => Err(not_within(part, "midnight", span)),
        None if input.date == Some(DateWords::FromToday { days: 0 }) => Ok(Times::One(TimeOfDay::END_OF_DAY)),
        None if input.dated => Ok(Times::StartOrEnd([start, TimeOfDay::END_OF_DAY])),
        None => Ok(Times::One(start)),
    }
}

/// The time of day, or a refusal if it does not exist.
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
    let exists = half.is_none() || (1..=12).contains(&hour);
    NaiveTime::from_hms_opt(of_24, minute, second).filter(|_| exists).ok_or_else(|| {
        let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
        let clock = if minute == 0 && second == 0 && half.is_some() {
            hour.to_string()
        } else {
            format!("{hour}:{minute:02}{seconds}")
        };
        no_such_time(&format!("{clock}{suffix}"), span)
    })
}

fn no_such_time(shown: &str, span: &Range<usize>) -> Refusal {
    let sentence = format!("There is no such time as {shown}: a day runs from 00:00 to 23:59.");
    Refusal::new(RefusalKind::NoSuchTime, span.clone(), sentence)
}
