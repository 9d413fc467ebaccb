//! From pieces to one reading: what was left out is filled in, what may be several things is tried
//! as each of them, and what remains later than now is the answer.
//!
//! Knows words only as the grammar's values; never reads text but to quote it.

mod ahead;
mod days;
mod expression;
mod place;
mod times;
mod verdict;

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::grammar::{DateWords, Piece, Spanned, TimeWords};
use crate::refusal::{Choice, Refusal, RefusalKind};
use crate::settings::Settings;
use crate::{Moment, Reading};
use ahead::Sum;
use expression::{Digits, Expression};
use place::{Found, Place};
use times::{Clock, Times};
use verdict::{Doubt, Spans, Tried, Verdict};

/// The last year that a moment may lie in: a date has four digits for it.
const LAST_YEAR: i32 = 9999;

/// Four digits below it are a time where they can be: nobody schedules for a year so long gone.
const FIRST_YEAR: u32 = 1970;

/// How many years from now four digits look like a year.
const SOON: i32 = 10;

/// What stays the same while one text is read.
struct Context<'a> {
    now: DateTime<Utc>,
    settings: &'a Settings,
}

/// Reads the pieces of a text. `text` is as it was typed.
pub(crate) fn combine(
    text: &str,
    pieces: Vec<Spanned<Piece>>,
    now: DateTime<Utc>,
    zone: Tz,
    settings: &Settings,
) -> Result<Reading, Refusal> {
    let said = expression(text, pieces, now, zone)?;
    if let Some(span) = &said.now {
        return Err(Refusal::not_later(span.clone()));
    }
    let places = said.places(text, zone, now)?;
    let context = Context { now, settings };
    let this_year = Moment::at(now, zone).civil.year();
    let plans = plans(&said, text, this_year)?;
    let mut verdict = Verdict::new(Spans { whole: said.span(), time: said.time_span(), place: said.place_span() });
    verdict.doubt_if(places.len() > 1, Doubt::Place);
    verdict.doubt_if(plans.len() > 1, Doubt::YearOrTime);
    verdict.doubt_if(is_a_lone_year(&said, this_year), Doubt::BeginsDate);
    for place in &places {
        for plan in &plans {
            match context.tried(&said, plan, place, &mut verdict) {
                Ok(()) => {}
                Err(refusal) => verdict.refused(refusal),
            }
        }
    }
    verdict.reading(text, now, settings.hours)
}

/// What is wrong with pieces that are not the whole text: what stands before the part that is no
/// piece is told first.
pub(crate) fn first_fault(text: &str, pieces: &[Spanned<Piece>], now: DateTime<Utc>, zone: Tz) -> Option<Refusal> {
    let said = expression(text, pieces.to_vec(), now, zone);
    said.and_then(|said| said.places(text, zone, now)).err()
}

/// The pieces in their places; or the first thing that is wrong with them, be it only a word that
/// looked like an abbreviation.
fn expression(
    text: &str,
    pieces: Vec<Spanned<Piece>>,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<Expression<'_>, Refusal> {
    let mut said = Expression::default();
    match said.take(text, pieces) {
        Ok(()) => Ok(said),
        Err(fault) => match said.places(text, zone, now) {
            Err(earlier) if earlier.span.start < fault.span.start => Err(earlier),
            _ => Err(fault),
        },
    }
}

/// A date and a time, where digits that may be either have been taken for one.
struct Plan {
    date: Option<Spanned<DateWords>>,
    time: Option<Spanned<TimeWords>>,
}

/// The ways to take the digits that stand alone: as the time, as the year, or as both in turn.
fn plans(said: &Expression<'_>, text: &str, this_year: i32) -> Result<Vec<Plan>, Refusal> {
    let plain = || Plan { date: said.date.clone(), time: said.time.clone() };
    let anything = said.dated() || said.timed() || said.distance.is_some();
    let Some(digits) = &said.digits else {
        return if anything { Ok(vec![plain()]) } else { Err(Refusal::only_a_zone(said.place_span())) };
    };
    let year = dated_by(said.date.as_ref(), digits);
    let time = clock_of(digits).filter(|_| said.time.is_none());
    let as_year = |date| Plan { date: Some(date), ..plain() };
    let as_time = |time| Plan { time: Some(time), ..plain() };
    match (year, time) {
        (Some(date), Some(_)) if said.timed() => Ok(vec![as_year(date)]),
        (Some(_), Some(time)) if digits.value.value < FIRST_YEAR => Ok(vec![as_time(time)]),
        (Some(date), Some(time)) => {
            // Nobody who writes this year or the next one means half past eight.
            let value = digits.value.value;
            let obvious = i32::try_from(value).is_ok_and(|year| (this_year..=this_year + 1).contains(&year));
            Ok(if obvious { vec![as_year(date)] } else { vec![as_year(date), as_time(time)] })
        }
        (Some(date), None) => Ok(vec![as_year(date)]),
        (None, Some(time)) => Ok(vec![as_time(time)]),
        (None, None) => Err(Refusal::not_understood(text, digits.span.clone())),
    }
}

/// Whether the text is digits that may well be the beginning of a date: `2026`.
fn is_a_lone_year(said: &Expression<'_>, this_year: i32) -> bool {
    let soon = this_year..=this_year + SOON;
    let year = said.digits.as_ref().and_then(|digits| i32::try_from(digits.value.value).ok());
    !said.dated() && said.distance.is_none() && year.is_some_and(|year| soon.contains(&year))
}

/// The date with the digits for its year, if it lacks one.
fn dated_by(date: Option<&Spanned<DateWords>>, digits: &Spanned<Digits>) -> Option<Spanned<DateWords>> {
    let date = date?;
    let year = digits.value.value;
    let value = match date.value {
        DateWords::MonthDay { month, day } => DateWords::Ymd { year, month, day },
        DateWords::Numeric { first, second, year: None } => DateWords::Numeric { first, second, year: Some(year) },
        _ => return None,
    };
    let span = date.span.start.min(digits.span.start)..date.span.end.max(digits.span.end);
    Some(Spanned { value, span })
}

/// The time that four digits are; whether it exists is not asked here.
fn clock_of(digits: &Spanned<Digits>) -> Option<Spanned<TimeWords>> {
    let Digits { value, length } = digits.value;
    let clock = TimeWords::Clock { hour: value / 100, minute: value % 100, second: 0, half: None };
    (length == 4).then(|| Spanned { value: clock, span: digits.span.clone() })
}

impl Context<'_> {
    /// Tries one plan on one place's clock, and tells the verdict what came of it.
    fn tried(
        &self,
        said: &Expression<'_>,
        plan: &Plan,
        place: &Place<'_>,
        verdict: &mut Verdict,
    ) -> Result<(), Refusal> {
        let has_time = plan.time.is_some() || said.part.is_some();
        let sum = said.distance.as_ref().map(Sum::of).transpose()?;
        let readings = match (&said.distance, sum) {
            (Some(distance), Some(sum)) if !has_time => {
                let found = sum.from(self.now, place, self.settings.hours, &distance.span)?;
                verdict.tried(self.later(found, None));
                return Ok(());
            }
            (Some(distance), Some(sum)) if sum.is_of_days() => {
                vec![vec![sum.on_calendar(place.clock(self.now), &distance.span)?.date()]]
            }
            (Some(_), Some(_)) => return Err(Refusal::said_twice("time", &second_time(said, plan))),
            _ => self.days(said, plan, place)?,
        };
        let times = times::times(
            &times::Said {
                time: plan.time.as_ref(),
                part: said.part.as_ref(),
                date: plan.date.as_ref().map(|date| date.value),
                dated: said.dated() || said.distance.is_some(),
            },
            self.settings,
        )?;
        verdict.doubt_if(readings.len() > 1, Doubt::Day);
        match times {
            Times::One(_) => {}
            Times::EitherHalf(_) => verdict.doubt(if said.dated() { Doubt::Half } else { Doubt::NextHour }),
            Times::EitherEnd(_) => verdict.doubt(Doubt::Midnight),
        }
        for days in &readings {
            for clock in times.clocks() {
                self.first_later(days, *clock, said, place, verdict)?;
            }
        }
        Ok(())
    }

    /// The readings of the day, seen from today on the place's clock.
    fn days(&self, said: &Expression<'_>, plan: &Plan, place: &Place<'_>) -> Result<Vec<Vec<NaiveDate>>, Refusal> {
        let today = place.clock(self.now).date();
        let weekday = said.weekday.as_ref().map(|weekday| weekday.value);
        match (&plan.date, weekday) {
            (Some(date), _) => days::readings(date.value, &date.span, weekday, today, self.settings),
            (None, Some(weekday)) => Ok(vec![days::weekday(weekday, today)]),
            (None, None) => Ok(vec![days::any_day(today)]),
        }
    }

    /// The first of the days on which the time is later than now.
    fn first_later(
        &self,
        days: &[NaiveDate],
        clock: Clock,
        said: &Expression<'_>,
        place: &Place<'_>,
        verdict: &mut Verdict,
    ) -> Result<(), Refusal> {
        let mut last = None;
        for &day in days {
            let shown = if clock.next_day { day.checked_add_days(Days::new(1)) } else { Some(day) };
            let Some(shown) = shown.filter(|shown| shown.year() <= LAST_YEAR) else {
                return Err(Refusal::too_far(&said.span()));
            };
            let tried = self.later(place.moments(shown.and_time(clock.time), self.settings.hours), Some(shown));
            if !matches!(tried, Tried::Past(_)) {
                confirm_weekday(day, said)?;
                verdict.tried(tried);
                return Ok(());
            }
            last = Some((day, tried));
        }
        if let Some((day, tried)) = last {
            confirm_weekday(day, said)?;
            verdict.tried(tried);
        }
        Ok(())
    }

    /// What of a time is later than now.
    fn later(&self, found: Found, day: Option<NaiveDate>) -> Tried {
        match found {
            Found::Denied(sentence) => Tried::Denied(sentence),
            Found::Skipped { before, after } if after.instant > self.now => Tried::Skipped { before, after },
            Found::Skipped { after, .. } => Tried::Past(after),
            Found::Moments(choices, why) => {
                let last = choices.last().map(|choice| choice.moment);
                let later: Vec<Choice> =
                    choices.into_iter().filter(|choice| choice.moment.instant > self.now).collect();
                match (later.is_empty(), last) {
                    (true, Some(moment)) => Tried::Past(moment),
                    _ => Tried::Later { choices: later, why, day },
                }
            }
        }
    }
}

/// A day of the week beside a date must be that date's.
fn confirm_weekday(day: NaiveDate, said: &Expression<'_>) -> Result<(), Refusal> {
    let Some(weekday) = said.weekday.as_ref().filter(|weekday| weekday.value != day.weekday()) else { return Ok(()) };
    let is = day.format("%A");
    let sentence = format!("{} is a {is}: leave the day of the week out, or change the date.", day.format("%-d %b %Y"));
    Err(Refusal::new(RefusalKind::WrongWeekday, weekday.span.clone(), sentence))
}

/// The later of a distance and the time beside it.
fn second_time(said: &Expression<'_>, plan: &Plan) -> Range<usize> {
    let time = plan.time.as_ref().map(|time| &time.span).or(said.part.as_ref().map(|part| &part.span));
    let spans = [time, said.distance.as_ref().map(|distance| &distance.span)];
    spans.into_iter().flatten().max_by_key(|span| span.start).cloned().unwrap_or_default()
}
