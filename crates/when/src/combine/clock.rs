//! The clock on which a time is read: of a zone, of a zone under one abbreviation, or of an offset.
//!
//! Does not depend on the grammar.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::civil::{Civil, resolve};
use crate::moment::Moment;
use crate::refusal::Choice;
use crate::settings::Hours;
use crate::zones;

/// A clock, and the zone in which its moments are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'t> {
    pub zone: Tz,
    pub basis: Basis<'t>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Basis<'t> {
    /// The zone, all year round.
    Zone,
    /// The zone while it uses this abbreviation.
    Abbreviation(&'t str),
    /// A fixed offset from UTC. With `in_zone` the text also names the zone, and the two must agree.
    Offset { offset: FixedOffset, in_zone: bool },
}

/// The moments at which a clock shows a time.
pub(super) enum Lookup {
    /// One moment, or several and the reason.
    Moments(Vec<Choice>, Option<Reason>),
    /// The clock skips the time.
    Skipped { before: Moment, after: Moment },
    /// The zone does not use the abbreviation or the offset then. The sentence lacks its advice.
    Contradiction(String),
}

/// Why one time on one clock is several moments, as a sentence.
pub(super) enum Reason {
    /// Clocks go back over the time.
    Twice(String),
    /// The zone uses another abbreviation then, so that the clock may not be the one that was meant.
    OutOfUse(String),
}

impl Clock<'_> {
    /// The time that the clock shows at an instant, in whole seconds.
    pub fn shows(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        let shown = match self.basis {
            Basis::Offset { offset, in_zone: false } => utc.checked_add_offset(offset).unwrap_or(utc),
            Basis::Zone | Basis::Abbreviation(_) | Basis::Offset { in_zone: true, .. } => {
                Moment::at(instant, self.zone).civil
            }
        };
        shown.with_nanosecond(0).unwrap_or(shown)
    }

    /// The moments at which the clock shows a time. `hours` is the style of their labels.
    pub fn moments(&self, civil: NaiveDateTime, hours: Hours) -> Lookup {
        let (shown, skipped) = match resolve(civil, self.zone) {
            Civil::One(moment) => (vec![moment], None),
            Civil::Twice(first, second) => (vec![first, second], None),
            Civil::Skipped { before, after } => (Vec::new(), Some(Lookup::Skipped { before, after })),
        };
        match self.basis {
            Basis::Zone => skipped.unwrap_or_else(|| several(shown, hours)),
            Basis::Abbreviation(name) => {
                let (named, others) =
                    shown.into_iter().partition(|moment| moment.abbreviation().eq_ignore_ascii_case(name));
                skipped.unwrap_or_else(|| self.moments_named(name, civil, named, others, hours))
            }
            Basis::Offset { offset, in_zone } => self.moments_at_offset(offset, in_zone, civil, shown, hours),
        }
    }

    /// The moments at which the zone uses the abbreviation. If there are none, the person may mean
    /// the zone, or the abbreviation literally: offers both.
    fn moments_named(
        &self,
        name: &str,
        civil: NaiveDateTime,
        named: Vec<Moment>,
        others: Vec<Moment>,
        hours: Hours,
    ) -> Lookup {
        if !named.is_empty() {
            return several(named, hours);
        }
        let name = name.to_ascii_uppercase();
        let (day, zone) = (civil.format("%a %-d %b %Y"), self.zone);
        let literal = zones::offset_for(&name, zone, civil).and_then(|offset| civil.checked_sub_offset(offset));
        let Some(literal) = literal else {
            return Lookup::Contradiction(format!("{zone} does not use {name} around {day}"));
        };
        let literal = Moment::at(literal.and_utc(), zone);
        let mut choices: Vec<Choice> = others.into_iter().map(|moment| labelled_by_clock(moment, hours)).collect();
        let label = format!("{} {name} ({} UTC)", hours.clock(civil.time()), utc_clock(literal, hours));
        choices.push(Choice { label, moment: literal });
        Lookup::Moments(choices, Some(Reason::OutOfUse(format!("{zone} does not use {name} on {day}."))))
    }

    fn moments_at_offset(
        &self,
        offset: FixedOffset,
        in_zone: bool,
        civil: NaiveDateTime,
        shown: Vec<Moment>,
        hours: Hours,
    ) -> Lookup {
        let Some(utc) = civil.checked_sub_offset(offset) else {
            return Lookup::Contradiction("There is no such date".to_owned());
        };
        let instant = utc.and_utc();
        if let Some(moment) = shown.into_iter().find(|moment| moment.instant == instant) {
            return several(vec![moment], hours);
        }
        if in_zone {
            let (day, zone) = (civil.format("%a %-d %b %Y"), self.zone);
            return Lookup::Contradiction(format!("{zone} is not at {offset} on {day}"));
        }
        several(vec![Moment::at(instant, self.zone)], hours)
    }
}

/// Labels the moments of one civil time, mostly one.
fn several(moments: Vec<Moment>, hours: Hours) -> Lookup {
    let reason = match moments.as_slice() {
        [first, _, ..] => {
            let day = first.civil.format("%a %-d %b %Y");
            Some(Reason::Twice(format!("{} happens twice on {day} in {}.", first.clock(hours), first.zone)))
        }
        _ => None,
    };
    Lookup::Moments(moments.into_iter().map(|moment| labelled_by_clock(moment, hours)).collect(), reason)
}

/// A choice with the label `01:30 EDT (05:30 UTC)`.
pub(super) fn labelled_by_clock(moment: Moment, hours: Hours) -> Choice {
    let (clock, utc) = (moment.clock(hours), utc_clock(moment, hours));
    Choice { label: format!("{clock} {} ({utc} UTC)", moment.abbreviation()), moment }
}

fn utc_clock(moment: Moment, hours: Hours) -> String {
    hours.clock(moment.instant.time())
}
