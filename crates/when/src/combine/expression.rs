//! The pieces of a text put into their places, each place filled once.
//!
//! Knows what people may leave out and what they may say only once; no dates, no clocks.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Utc, Weekday};
use chrono_tz::Tz;

use super::place::{By, Place};
use crate::grammar::{DateWords, Distance, Part, Piece, Spanned, TimeWords};
use crate::refusal::{Refusal, RefusalKind};
use crate::{Moment, zones};

/// What a text says, each thing at most once.
#[derive(Debug, Default)]
pub(super) struct Expression<'t> {
    pub date: Option<Spanned<DateWords>>,
    pub weekday: Option<Spanned<Weekday>>,
    pub time: Option<Spanned<TimeWords>>,
    pub part: Option<Spanned<Part>>,
    pub digits: Option<Spanned<Digits>>,
    pub distance: Option<Spanned<Distance>>,
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

/// What tells a clock beside a zone, or instead of one.
#[derive(Debug, Clone, Copy)]
enum Qualifier<'t> {
    Abbreviation(&'t str),
    Offset(FixedOffset),
}

impl<'t> Expression<'t> {
    /// Puts each piece into its place. `text` is as it was typed.
    pub fn take(&mut self, text: &'t str, pieces: Vec<Spanned<Piece>>) -> Result<(), Refusal> {
        for Spanned { value, span } in pieces {
            match value {
                Piece::Date(date) => put(&mut self.date, date, &span, "date")?,
                Piece::Weekday(weekday) => put(&mut self.weekday, weekday, &span, "day of the week")?,
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
                Piece::Zone(zone) => put(&mut self.zone, zone, &span, "zone")?,
                Piece::Offset(offset) => put(&mut self.qualifier, Qualifier::Offset(offset), &span, "zone")?,
                Piece::Abbreviation(name) => self.put_abbreviation(&text[name], text, &span)?,
                Piece::Now => self.now = Some(span),
                Piece::Repeating => return Err(Refusal::repeating(text, span)),
                Piece::NoZone => return Err(Refusal::unknown_zone(text, span)),
            }
        }
        self.deny_second_date()
    }

    /// A word that may be an abbreviation; where there is a qualifier already, one of the two may
    /// well be no abbreviation at all.
    fn put_abbreviation(&mut self, name: &'t str, text: &str, span: &Range<usize>) -> Result<(), Refusal> {
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

    /// Whether some day is said.
    pub fn dated(&self) -> bool {
        self.date.is_some() || self.weekday.is_some()
    }

    /// Whether some time of day is said, not counting digits that may be one.
    pub fn timed(&self) -> bool {
        self.time.is_some() || self.part.is_some()
    }

    /// A distance is a day by itself, so that there is no room for another.
    fn deny_second_date(&self) -> Result<(), Refusal> {
        let Some(distance) = &self.distance else { return Ok(()) };
        let other = self.date.as_ref().map(|date| &date.span).or(self.weekday.as_ref().map(|weekday| &weekday.span));
        match other {
            Some(other) => {
                let span = if other.start > distance.span.start { other } else { &distance.span };
                Err(Refusal::said_twice("date", span))
            }
            None => Ok(()),
        }
    }

    /// The bytes that say the day and the time, but not whose.
    pub fn span(&self) -> Range<usize> {
        let spans = [
            self.date.as_ref().map(|it| &it.span),
            self.weekday.as_ref().map(|it| &it.span),
            self.time.as_ref().map(|it| &it.span),
            self.part.as_ref().map(|it| &it.span),
            self.digits.as_ref().map(|it| &it.span),
            self.distance.as_ref().map(|it| &it.span),
            self.now.as_ref(),
        ];
        let all = spans.into_iter().flatten();
        all.cloned().reduce(|one, other| one.start.min(other.start)..one.end.max(other.end)).unwrap_or_default()
    }

    /// The bytes that say the time of day, if any do.
    pub fn time_span(&self) -> Option<Range<usize>> {
        self.time.as_ref().map(|it| it.span.clone()).or(self.part.as_ref().map(|it| it.span.clone()))
    }

    /// The bytes that say whose clock is meant, if any do.
    pub fn place_span(&self) -> Option<Range<usize>> {
        self.qualifier.as_ref().map(|it| it.span.clone()).or(self.zone.as_ref().map(|it| it.span.clone()))
    }

    /// The clocks that the time may be read on; several where an abbreviation is used in several
    /// places. `zone` is the one meant where none is said.
    pub fn places(&self, text: &str, zone: Tz, now: DateTime<Utc>) -> Result<Vec<Place<'t>>, Refusal> {
        let zone_said = self.zone.is_some();
        let zone = self.zone.as_ref().map_or(zone, |said| said.value);
        let Some(Spanned { value: qualifier, span }) = &self.qualifier else {
            return Ok(vec![Place { zone, by: By::Zone }]);
        };
        match *qualifier {
            Qualifier::Offset(offset) => Ok(vec![Place { zone, by: By::Offset { offset, in_zone: zone_said } }]),
            Qualifier::Abbreviation(name) => {
                let meant = zones::abbreviated(name, zone, &self.around(zone, now));
                if zone_said && !meant.is_empty() && meant != [zone] {
                    let sentence =
                        format!("{zone} has no {}: leave one of the two zones out.", name.to_ascii_uppercase());
                    return Err(Refusal::new(RefusalKind::Contradiction, span.clone(), sentence));
                }
                if meant.is_empty() {
                    return Err(Refusal::not_understood(text, span.clone()));
                }
                Ok(meant.into_iter().map(|zone| Place { zone, by: By::Abbreviation(name) }).collect())
            }
        }
    }

    /// The times around which an abbreviation may be in use: now, and the year that is named.
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

/// Fills a place that is empty.
fn put<T>(place: &mut Option<Spanned<T>>, value: T, span: &Range<usize>, name: &str) -> Result<(), Refusal> {
    if place.is_some() {
        return Err(Refusal::said_twice(name, span));
    }
    *place = Some(Spanned { value, span: span.clone() });
    Ok(())
}
