//! Sorts the pieces of a text by kind, and refuses a second piece of the same kind.
//!
//! Does not depend on the calendar.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Utc, Weekday};
use chrono_tz::Tz;

use super::clock::{Basis, Clock};
use crate::grammar::{DateWords, Distance, Part, Piece, Spanned, TimeWords};
use crate::moment::Moment;
use crate::refusal::{Refusal, RefusalKind};
use crate::zones;

/// The pieces of a text, at most one of each kind.
#[derive(Debug, Default)]
pub(super) struct Expression<'t> {
    pub date: Option<Spanned<DateWords>>,
    pub weekday: Option<Spanned<Weekday>>,
    /// Whether the day of the week is the next one only: `this friday`.
    pub this_weekday: bool,
    pub time: Option<Spanned<TimeWords>>,
    pub part: Option<Spanned<Part>>,
    pub digits: Option<Spanned<Digits>>,
    pub distance: Option<Spanned<Distance>>,
    /// The hour of `18h`: a time or a distance.
    pub hours: Option<Spanned<u32>>,
    pub now: Option<Range<usize>>,
    zone: Option<Spanned<Tz>>,
    qualifier: Option<Spanned<Qualifier<'t>>>,
}

/// Four digits or more that may be a year or a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits {
    pub value: u32,
    pub length: usize,
}

/// An abbreviation or an offset, beside a zone or without one.
#[derive(Debug, Clone, Copy)]
enum Qualifier<'t> {
    Abbreviation(&'t str),
    Offset(FixedOffset),
}

impl<'t> Expression<'t> {
    /// Adds the pieces. `text` is as typed.
    pub fn fill(&mut self, text: &'t str, pieces: Vec<Spanned<Piece>>) -> Result<(), Refusal> {
        for Spanned { value, span } in pieces {
            match value {
                Piece::Date(date) => put(&mut self.date, date, &span, "date")?,
                Piece::Weekday(weekday) => put(&mut self.weekday, weekday, &span, "day of the week")?,
                Piece::ThisWeekday(weekday) => {
                    put(&mut self.weekday, weekday, &span, "day of the week")?;
                    self.this_weekday = true;
                }
                Piece::Time(time) => put(&mut self.time, time, &span, "time")?,
                Piece::Part { part, today } => {
                    put(&mut self.part, part, &span, "part of the day")?;
                    if today {
                        put(&mut self.date, DateWords::FromToday { days: 0 }, &span, "date")?;
                    }
                }
                Piece::Digits { value, length } => {
                    put(&mut self.digits, Digits { value, length }, &span, "year or time")?;
                }
                Piece::Distance(distance) => put(&mut self.distance, distance, &span, "distance")?,
                Piece::HoursOrClock { hour } => put(&mut self.hours, hour, &span, "time")?,
                Piece::Zone(zone) => put(&mut self.zone, zone, &span, "zone")?,
                Piece::Offset(offset) => put(&mut self.qualifier, Qualifier::Offset(offset), &span, "zone")?,
                Piece::Abbreviation(name) => self.add_abbreviation(&text[name], text, &span)?,
                Piece::Now => self.now = Some(span),
                Piece::Repeating => return Err(Refusal::repeating(text, span)),
                Piece::UnknownZone => return Err(Refusal::unknown_zone(text, span)),
            }
        }
        self.refuse_second_date()
    }

    /// Adds a word that may be an abbreviation. If there is a qualifier already, refuses whichever of
    /// the two is not a known abbreviation.
    fn add_abbreviation(&mut self, name: &'t str, text: &str, span: &Range<usize>) -> Result<(), Refusal> {
        if let Some(Spanned { value: Qualifier::Abbreviation(first), span }) = &self.qualifier
            && !zones::is_abbreviation(first)
        {
            return Err(Refusal::not_understood(text, span.clone()));
        }
        if self.qualifier.is_some() && !zones::is_abbreviation(name) {
            return Err(Refusal::not_understood(text, span.clone()));
        }
        put(&mut self.qualifier, Qualifier::Abbreviation(name), span, "zone")
    }

    /// Whether the text names a day.
    pub fn dated(&self) -> bool {
        self.date.is_some() || self.weekday.is_some()
    }

    /// Whether the text names a time of day, apart from digits that may be one.
    pub fn timed(&self) -> bool {
        self.time.is_some() || self.part.is_some()
    }

    /// A distance already names a day.
    fn refuse_second_date(&self) -> Result<(), Refusal> {
        let Some(distance) = &self.distance else { return Ok(()) };
        let other = self.date.as_ref().map(|date| &date.span).or(self.weekday.as_ref().map(|weekday| &weekday.span));
        match other {
            Some(other) => {
                let span = if other.start > distance.span.start { other } else { &distance.span };
                Err(Refusal::given_twice("date", span))
            }
            None => Ok(()),
        }
    }

    /// The bytes of the day and the time, without the zone.
    pub fn span(&self) -> Range<usize> {
        let spans = [
            self.date.as_ref().map(|it| &it.span),
            self.weekday.as_ref().map(|it| &it.span),
            self.time.as_ref().map(|it| &it.span),
            self.part.as_ref().map(|it| &it.span),
            self.digits.as_ref().map(|it| &it.span),
            self.distance.as_ref().map(|it| &it.span),
            self.hours.as_ref().map(|it| &it.span),
            self.now.as_ref(),
        ];
        let all = spans.into_iter().flatten();
        all.cloned().reduce(|one, other| one.start.min(other.start)..one.end.max(other.end)).unwrap_or_default()
    }

    /// The bytes of the time of day, if the text names one.
    pub fn time_span(&self) -> Option<Range<usize>> {
        self.time.as_ref().map(|it| it.span.clone()).or(self.part.as_ref().map(|it| it.span.clone()))
    }

    /// The bytes of the date, if the text names one.
    pub fn date_span(&self) -> Option<Range<usize>> {
        self.date.as_ref().map(|it| it.span.clone())
    }

    /// The bytes of the zone, if the text names one.
    pub fn zone_span(&self) -> Option<Range<usize>> {
        self.qualifier.as_ref().map(|it| it.span.clone()).or(self.zone.as_ref().map(|it| it.span.clone()))
    }

    /// The abbreviation, if the text names one.
    pub fn abbreviation(&self) -> Option<&'t str> {
        match self.qualifier.as_ref()?.value {
            Qualifier::Abbreviation(name) => Some(name),
            Qualifier::Offset(_) => None,
        }
    }

    /// The clocks on which the time may be read: several, if several zones use the abbreviation.
    /// `zone` applies where the text names no zone.
    pub fn clocks(&self, text: &str, zone: Tz, now: DateTime<Utc>) -> Result<Vec<Clock<'t>>, Refusal> {
        let in_zone = self.zone.is_some();
        let zone = self.zone.as_ref().map_or(zone, |named| named.value);
        let Some(Spanned { value: qualifier, span }) = &self.qualifier else {
            return Ok(vec![Clock { zone, basis: Basis::Zone }]);
        };
        match *qualifier {
            Qualifier::Offset(offset) => Ok(vec![Clock { zone, basis: Basis::Offset { offset, in_zone } }]),
            Qualifier::Abbreviation(name) => {
                let meant = zones::abbreviated(name, zone, &self.around(zone, now));
                if in_zone && !meant.is_empty() && meant != [zone] {
                    let name = name.to_ascii_uppercase();
                    let sentence = format!("{zone} does not use {name}: remove one of the two zones.");
                    return Err(Refusal::new(RefusalKind::Contradiction, span.clone(), sentence));
                }
                if meant.is_empty() {
                    return Err(Refusal::not_understood(text, span.clone()));
                }
                Ok(meant.into_iter().map(|zone| Clock { zone, basis: Basis::Abbreviation(name) }).collect())
            }
        }
    }

    /// The times around which to look for an abbreviation: now, and the year that the text names.
    fn around(&self, zone: Tz, now: DateTime<Utc>) -> Vec<NaiveDateTime> {
        let year = match (&self.date, &self.digits) {
            (Some(Spanned { value: DateWords::Ymd { year, .. }, .. }), _) => Some(*year),
            (Some(Spanned { value: DateWords::Numeric { year, .. }, .. }), None) => *year,
            (Some(_), Some(digits)) => Some(digits.value.value),
            _ => None,
        };
        let now = Moment::at(now, zone).civil;
        let named = year
            .and_then(|year| i32::try_from(year).ok())
            .filter(|year| *year != now.year())
            .and_then(zones::middle_of);
        [Some(now), named].into_iter().flatten().collect()
    }
}

/// Fills a slot, or refuses if it is full.
fn put<T>(slot: &mut Option<Spanned<T>>, value: T, span: &Range<usize>, name: &str) -> Result<(), Refusal> {
    if slot.is_some() {
        return Err(Refusal::given_twice(name, span));
    }
    *slot = Some(Spanned { value, span: span.clone() });
    Ok(())
}
