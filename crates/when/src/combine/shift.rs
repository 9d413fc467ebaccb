//! Distances from now. Days and longer units move the date and keep the time of day; hours and
//! shorter units are real seconds, even if clocks change meanwhile.
//!
//! Does not depend on how a distance is written.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};

use super::clock::{Clock, Lookup, labelled_by_clock};
use super::days::{LAST_YEAR, shifted, shifted_months};
use crate::grammar::{Amount, Distance, Spanned, Unit};
use crate::moment::Moment;
use crate::refusal::{Choice, Refusal, RefusalKind};
use crate::settings::Hours;

/// The sum of a distance. All three numbers have the same sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    months: i64,
    days: i64,
    seconds: i64,
}

impl Shift {
    /// Adds up the steps. Refuses a unit that is given twice, and fractions that are not whole days or seconds.
    pub fn of(distance: &Spanned<Distance>) -> Result<Self, Refusal> {
        let span = &distance.span;
        let mut shift = Self { months: 0, days: 0, seconds: 0 };
        let mut seen: Vec<Unit> = Vec::with_capacity(distance.value.steps.len());
        for &(amount, unit) in &distance.value.steps {
            if seen.contains(&unit) {
                return Err(Refusal::given_twice("unit", span));
            }
            seen.push(unit);
            let (total, size) = match unit {
                Unit::Second => (&mut shift.seconds, 1),
                Unit::Minute => (&mut shift.seconds, 60),
                Unit::Hour => (&mut shift.seconds, 3600),
                Unit::Day => (&mut shift.days, 1),
                Unit::Week => (&mut shift.days, 7),
                Unit::Fortnight => (&mut shift.days, 14),
                Unit::Month => (&mut shift.months, 1),
                Unit::Year => (&mut shift.months, 12),
            };
            *total = total.saturating_add(whole(amount, size, span)?);
        }
        if shift == (Self { months: 0, days: 0, seconds: 0 }) {
            return Err(Refusal::not_later(span.clone()));
        }
        if distance.value.back {
            shift = Self { months: -shift.months, days: -shift.days, seconds: -shift.seconds };
        }
        Ok(shift)
    }

    /// Whether it has only days and longer units, so that the text may name a time of day too.
    pub fn is_whole_days(&self) -> bool {
        self.seconds == 0
    }

    /// The date and time of day after the days and months, without the seconds.
    pub fn on_calendar(&self, from: NaiveDateTime, span: &Range<usize>) -> Result<NaiveDateTime, Refusal> {
        let date = shifted_months(from.date(), self.months).and_then(|date| shifted(date, self.days));
        let date = date.filter(|date| date.year() <= LAST_YEAR).ok_or_else(|| Refusal::too_far(span))?;
        Ok(date.and_time(from.time()))
    }

    /// The moments at this distance from now, read on a clock.
    pub fn from(
        &self,
        now: DateTime<Utc>,
        clock: &Clock<'_>,
        hours: Hours,
        span: &Range<usize>,
    ) -> Result<Lookup, Refusal> {
        if self.months == 0 && self.days == 0 {
            let moment = self.elapsed(now.trunc_subsecs(0), clock, span)?;
            return Ok(Lookup::Moments(vec![Choice { label: moment.words(hours), moment }], None));
        }
        let civil = self.on_calendar(clock.shows(now), span)?;
        match clock.moments(civil, hours) {
            Lookup::Moments(choices, why) if self.seconds != 0 => {
                let later = |choice: Choice| {
                    let moment = self.elapsed(choice.moment.instant, clock, span)?;
                    Ok(labelled_by_clock(moment, hours))
                };
                Ok(Lookup::Moments(choices.into_iter().map(later).collect::<Result<_, Refusal>>()?, why))
            }
            lookup => Ok(lookup),
        }
    }

    fn elapsed(&self, from: DateTime<Utc>, clock: &Clock<'_>, span: &Range<usize>) -> Result<Moment, Refusal> {
        TimeDelta::try_seconds(self.seconds)
            .and_then(|distance| from.checked_add_signed(distance))
            .filter(|instant| instant.year() <= LAST_YEAR)
            .map(|instant| Moment::at(instant, clock.zone))
            .filter(|moment| moment.civil.year() <= LAST_YEAR)
            .ok_or_else(|| Refusal::too_far(span))
    }
}

/// An amount in a smaller unit. Refuses a fraction of the smaller unit.
fn whole(amount: Amount, size: u64, span: &Range<usize>) -> Result<i64, Refusal> {
    let total = amount.numerator.saturating_mul(size);
    if !total.is_multiple_of(amount.denominator) {
        let sentence = "Fractions of a day or a month are not understood: give them in hours or in days.";
        return Err(Refusal::new(RefusalKind::NotUnderstood, span.clone(), sentence));
    }
    i64::try_from(total / amount.denominator).map_err(|_| Refusal::too_far(span))
}
