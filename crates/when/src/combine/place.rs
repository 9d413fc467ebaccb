//! Whose clock a time is read on: a zone, a zone by one of its abbreviations, or an offset.
//!
//! Knows nothing of now but what a clock shows.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::civil::{Civil, resolve};
use crate::refusal::Choice;
use crate::settings::Hours;
use crate::{Moment, zones};

/// A clock to read a time on, and the zone to show the moment in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'t> {
    pub zone: Tz,
    pub by: By<'t>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum By<'t> {
    /// Whatever the zone's clock shows.
    Zone,
    /// The zone's clock while it is called so.
    Abbreviation(&'t str),
    /// A fixed distance from UTC; `in_zone` where the zone beside it was said too, and must agree.
    Offset { offset: FixedOffset, in_zone: bool },
}

/// What a time on the wall is on a place's clock.
pub(super) enum Found {
    /// One moment, or the several that it may be and why.
    Moments(Vec<Choice>, Option<Why>),
    /// It is skipped.
    Skipped { before: Moment, after: Moment },
    /// The parts of the place deny each other then.
    Denied(String),
}

/// Why one time on one place's clock is several moments.
pub(super) enum Why {
    /// Clocks go back over it.
    Twice(String),
    /// The place goes by another name then: it may not be meant at all.
    OutOfUse(String),
}

impl Place<'_> {
    /// What the clock shows at an instant, in whole seconds.
    pub fn clock(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        let shown = match self.by {
            By::Offset { offset, in_zone: false } => utc.checked_add_offset(offset).unwrap_or(utc),
            _ => Moment::at(instant, self.zone).civil,
        };
        shown.with_nanosecond(0).unwrap_or(shown)
    }

    /// The moments at which the clock shows a time, told in these hours.
    pub fn moments(&self, civil: NaiveDateTime, hours: Hours) -> Found {
        let (shown, skipped) = match resolve(civil, self.zone) {
            Civil::One(moment) => (vec![moment], None),
            Civil::Twice(first, second) => (vec![first, second], None),
            Civil::Skipped { before, after } => (Vec::new(), Some(Found::Skipped { before, after })),
        };
        match self.by {
            By::Zone => skipped.unwrap_or_else(|| several(shown, hours)),
            By::Abbreviation(name) => {
                let (named, others) =
                    shown.into_iter().partition(|moment| moment.abbreviation().eq_ignore_ascii_case(name));
                skipped.unwrap_or_else(|| self.named(name, civil, named, others, hours))
            }
            By::Offset { offset, in_zone } => self.offset(offset, in_zone, civil, shown, hours),
        }
    }

    /// Of the moments that the zone shows, those under the name; where there is none, the zone goes
    /// by another name then, and the person means the zone or the name.
    fn named(&self, name: &str, civil: NaiveDateTime, named: Vec<Moment>, others: Vec<Moment>, hours: Hours) -> Found {
        if !named.is_empty() {
            return several(named, hours);
        }
        let name = name.to_ascii_uppercase();
        let (day, zone) = (civil.format("%a %-d %b %Y"), self.zone);
        let literal = zones::offset_called(&name, zone, civil).and_then(|offset| civil.checked_sub_offset(offset));
        let Some(literal) = literal else {
            return Found::Denied(format!("{zone} has no {name} around {day}"));
        };
        let literal = Moment::at(literal.and_utc(), zone);
        let mut choices: Vec<Choice> = others.into_iter().map(|moment| by_the_clock(moment, hours)).collect();
        let label = format!("{} {name} ({} UTC)", hours.clock(civil.time()), utc_clock(literal, hours));
        choices.push(Choice { label, moment: literal });
        Found::Moments(choices, Some(Why::OutOfUse(format!("{zone} does not go by {name} on {day}."))))
    }

    fn offset(
        &self,
        offset: FixedOffset,
        in_zone: bool,
        civil: NaiveDateTime,
        shown: Vec<Moment>,
        hours: Hours,
    ) -> Found {
        let Some(utc) = civil.checked_sub_offset(offset) else {
            return Found::Denied("There is no such date".to_owned());
        };
        let instant = utc.and_utc();
        if let Some(moment) = shown.into_iter().find(|moment| moment.instant == instant) {
            return several(vec![moment], hours);
        }
        if in_zone {
            let (day, zone) = (civil.format("%a %-d %b %Y"), self.zone);
            return Found::Denied(format!("{zone} is not at {offset} on {day}"));
        }
        several(vec![Moment::at(instant, self.zone)], hours)
    }
}

/// The moments of one time on the wall: mostly one.
fn several(moments: Vec<Moment>, hours: Hours) -> Found {
    let why = match moments.as_slice() {
        [first, _, ..] => {
            let day = first.civil.format("%a %-d %b %Y");
            Some(Why::Twice(format!("{} happens twice on {day} in {}.", first.clock(hours), first.zone)))
        }
        _ => None,
    };
    Found::Moments(moments.into_iter().map(|moment| by_the_clock(moment, hours)).collect(), why)
}

/// A choice told by its clock: `01:30 EDT (05:30 UTC)`.
pub(super) fn by_the_clock(moment: Moment, hours: Hours) -> Choice {
    let (clock, utc) = (moment.clock(hours), utc_clock(moment, hours));
    Choice { label: format!("{clock} {} ({utc} UTC)", moment.abbreviation()), moment }
}

fn utc_clock(moment: Moment, hours: Hours) -> String {
    hours.clock(moment.instant.time())
}
