//! Distances from now. Days and longer move the calendar and keep the clock; hours and shorter
//! are real seconds, whatever the clock does meanwhile.
//!
//! Knows no words.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};

use super::days::{shifted, shifted_months};
use super::place::{Found, Place};
use crate::Moment;
use crate::grammar::{Amount, Distance, Spanned, Unit};
use crate::refusal::{Choice, Refusal, RefusalKind};
use crate::settings::Hours;

/// A distance, added up. All three are of one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    months: i64,
    days: i64,
    seconds: i64,
}

impl Sum {
    /// Adds up the steps; each unit may be said once, and parts of a day must be said in hours.
    pub fn of(distance: &Spanned<Distance>) -> Result<Self, Refusal> {
        let span = &distance.span;
        let mut sum = Self { months: 0, days: 0, seconds: 0 };
        let mut said: Vec<Unit> = Vec::with_capacity(distance.value.steps.len());
        for &(amount, unit) in &distance.value.steps {
            if said.contains(&unit) {
                return Err(Refusal::said_twice("unit", span));
            }
            said.push(unit);
            let (total, size) = match unit {
                Unit::Second => (&mut sum.seconds, 1),
                Unit::Minute => (&mut sum.seconds, 60),
                Unit::Hour => (&mut sum.seconds, 3600),
                Unit::Day => (&mut sum.days, 1),
                Unit::Week => (&mut sum.days, 7),
                Unit::Fortnight => (&mut sum.days, 14),
                Unit::Month => (&mut sum.months, 1),
                Unit::Year => (&mut sum.months, 12),
            };
            *total = total.saturating_add(whole(amount, size, span)?);
        }
        if sum == (Self { months: 0, days: 0, seconds: 0 }) {
            return Err(Refusal::not_later(span.clone()));
        }
        if distance.value.back {
            sum = Self { months: -sum.months, days: -sum.days, seconds: -sum.seconds };
        }
        Ok(sum)
    }

    /// Whether it is one of days and longer only, so that a time of day may stand beside it.
    pub fn is_of_days(&self) -> bool {
        self.seconds == 0
    }

    /// The calendar part of it, from a time on the wall.
    pub fn on_calendar(&self, from: NaiveDateTime, span: &Range<usize>) -> Result<NaiveDateTime, Refusal> {
        let date = shifted_months(from.date(), self.months).and_then(|date| shifted(date, self.days));
        let date = date.filter(|date| date.year() <= super::LAST_YEAR).ok_or_else(|| Refusal::too_far(span))?;
        Ok(date.and_time(from.time()))
    }

    /// What it is from now on a place's clock, told in these hours.
    pub fn from(
        &self,
        now: DateTime<Utc>,
        place: &Place<'_>,
        hours: Hours,
        span: &Range<usize>,
    ) -> Result<Found, Refusal> {
        if self.months == 0 && self.days == 0 {
            let moment = self.elapsed(now.trunc_subsecs(0), place, span)?;
            return Ok(Found::Moments(vec![Choice { label: moment.words(hours), moment }], None));
        }
        let civil = self.on_calendar(place.clock(now), span)?;
        match place.moments(civil, hours) {
            Found::Moments(choices, why) if self.seconds != 0 => {
                let later = |choice: Choice| {
                    let moment = self.elapsed(choice.moment.instant, place, span)?;
                    Ok(Choice { label: super::place::by_the_clock(moment, hours).label, moment })
                };
                Ok(Found::Moments(choices.into_iter().map(later).collect::<Result<_, Refusal>>()?, why))
            }
            found => Ok(found),
        }
    }

    fn elapsed(&self, from: DateTime<Utc>, place: &Place<'_>, span: &Range<usize>) -> Result<Moment, Refusal> {
        TimeDelta::try_seconds(self.seconds)
            .and_then(|distance| from.checked_add_signed(distance))
            .filter(|instant| instant.year() <= super::LAST_YEAR)
            .map(|instant| Moment::at(instant, place.zone))
            .filter(|moment| moment.civil.year() <= super::LAST_YEAR)
            .ok_or_else(|| Refusal::too_far(span))
    }
}

/// An amount of units in smaller ones; refused where it does not come out even.
fn whole(amount: Amount, size: u64, span: &Range<usize>) -> Result<i64, Refusal> {
    let total = amount.numerator.saturating_mul(size);
    if !total.is_multiple_of(amount.denominator) {
        let sentence = "A part of a day or of a month is not understood: say it in hours, or in days.";
        return Err(Refusal::new(RefusalKind::NotUnderstood, span.clone(), sentence));
    }
    i64::try_from(total / amount.denominator).map_err(|_| Refusal::too_far(span))
}
