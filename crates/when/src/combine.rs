//! Combines pieces into one reading: fills in what the text leaves out, tries every interpretation,
//! and keeps the moments that are later than now.
//!
//! Does not depend on words: it sees only pieces, and uses the text for quotations.

mod clock;
mod days;
mod expression;
mod shift;
mod times;
mod verdict;

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::grammar::{Amount, DateWords, Distance, Piece, Spanned, TimeWords, Unit};
use crate::moment::Moment;
use crate::reading::Reading;
use crate::refusal::{Choice, Refusal, RefusalKind};
use crate::settings::Settings;
use clock::{Clock, Lookup};
use days::{LAST_YEAR, SOON};
use expression::{Digits, Expression};
use shift::Shift;
use times::{TimeInput, TimeOfDay, Times};
use verdict::{Ambiguity, Attempt, Parts, Verdict};

/// Four digits below this are a time if they can be: nobody schedules a memo for such a year.
const FIRST_YEAR: u32 = 1970;

/// Resolves the interpretations of one text.
struct Resolver<'a> {
    now: DateTime<Utc>,
    settings: &'a Settings,
}

/// Reads the pieces of a text. `text` is as typed.
pub(crate) fn combine(
    text: &str,
    pieces: Vec<Spanned<Piece>>,
    now: DateTime<Utc>,
    zone: Tz,
    settings: &Settings,
) -> Result<Reading, Refusal> {
    let expression = expression(text, pieces, now, zone)?;
    if let Some(span) = &expression.now {
        return Err(Refusal::not_later(span.clone()));
    }
    let clocks = expression.clocks(text, zone, now)?;
    let resolver = Resolver { now, settings };
    let this_year = Moment::at(now, zone).civil.year();
    let plans = plans(&expression, text, this_year)?;
    let mut verdict = Verdict::new(Parts {
        whole: expression.span(),
        date: expression.date_span().map(|span| &text[span]),
        time: expression.time_span(),
        zone: expression.zone_span(),
        abbreviation: expression.abbreviation(),
    });
    if clocks.len() > 1 {
        verdict.add_ambiguity(Ambiguity::Abbreviation);
    }
    if let Some(Spanned { value: Digits { value: digits, .. }, .. }) = expression.digits {
        if plans.len() > 1 {
            verdict.add_ambiguity(Ambiguity::YearOrTime { digits });
        }
        if is_a_lone_year(&expression, this_year) {
            verdict.add_ambiguity(Ambiguity::BeginsDate { digits });
        }
    }
    if let Some(hours) = expression.hours.as_ref().filter(|_| plans.len() > 1) {
        verdict.add_ambiguity(Ambiguity::TimeOrDistance { hour: hours.value });
    }
    for clock in &clocks {
        for plan in &plans {
            if let Err(refusal) = resolver.attempt(&expression, plan, clock, &mut verdict) {
                verdict.add_refusal(refusal);
            }
        }
    }
    verdict.reading(text, now, settings.hours)
}

/// The first fault in the pieces before a part of the text that is not understood.
pub(crate) fn first_fault(text: &str, pieces: &[Spanned<Piece>], now: DateTime<Utc>, zone: Tz) -> Option<Refusal> {
    let expression = expression(text, pieces.to_vec(), now, zone);
    expression.and_then(|expression| expression.clocks(text, zone, now)).err()
}

/// Sorts the pieces into an expression, or returns the first fault, which may be a word that only
/// looked like an abbreviation.
fn expression(
    text: &str,
    pieces: Vec<Spanned<Piece>>,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<Expression<'_>, Refusal> {
    let mut expression = Expression::default();
    match expression.fill(text, pieces) {
        Ok(()) => Ok(expression),
        Err(fault) => match expression.clocks(text, zone, now) {
            Err(earlier) if earlier.span.start < fault.span.start => Err(earlier),
            _ => Err(fault),
        },
    }
}

/// A date, a time and a distance, with ambiguous digits assigned to one of them.
struct Plan {
    date: Option<Spanned<DateWords>>,
    time: Option<Spanned<TimeWords>>,
    distance: Option<Spanned<Distance>>,
}

/// The ways to use digits that stand alone: as the year, as the time, or each in turn.
fn plans(expression: &Expression<'_>, text: &str, this_year: i32) -> Result<Vec<Plan>, Refusal> {
    let plain =
        || Plan { date: expression.date.clone(), time: expression.time.clone(), distance: expression.distance.clone() };
    let has_time = expression.dated() || expression.timed() || expression.distance.is_some();
    if let Some(hours) = &expression.hours {
        return time_or_distance(expression, hours, plain);
    }
    let Some(digits) = &expression.digits else {
        return if has_time { Ok(vec![plain()]) } else { Err(Refusal::only_a_zone(expression.zone_span())) };
    };
    let year = with_year(expression.date.as_ref(), digits);
    let time = clock_time(digits).filter(|_| expression.time.is_none());
    let as_year = |date| Plan { date: Some(date), ..plain() };
    let as_time = |time| Plan { time: Some(time), ..plain() };
    match (year, time) {
        (Some(date), Some(_)) if expression.timed() => Ok(vec![as_year(date)]),
        (Some(_), Some(time)) if digits.value.value < FIRST_YEAR => Ok(vec![as_time(time)]),
        (Some(date), Some(time)) => {
            // This year or the next is never meant as half past eight.
            let value = digits.value.value;
            let obvious = i32::try_from(value).is_ok_and(|year| (this_year..=this_year + 1).contains(&year));
            Ok(if obvious { vec![as_year(date)] } else { vec![as_year(date), as_time(time)] })
        }
        (Some(date), None) => Ok(vec![as_year(date)]),
        (None, Some(time)) => Ok(vec![as_time(time)]),
        (None, None) => Err(Refusal::not_understood(text, digits.span.clone())),
    }
}

/// The ways to use `18h`: as a time, or as a distance if the text names nothing else.
fn time_or_distance(
    expression: &Expression<'_>,
    hours: &Spanned<u32>,
    plain: impl Fn() -> Plan,
) -> Result<Vec<Plan>, Refusal> {
    if expression.timed() || expression.digits.is_some() {
        return Err(Refusal::given_twice("time", &hours.span));
    }
    let clock = TimeWords::Clock { hour: hours.value, minute: 0, second: 0, half: None };
    let as_time = Plan { time: Some(Spanned { value: clock, span: hours.span.clone() }), ..plain() };
    if expression.dated() || expression.distance.is_some() {
        return Ok(vec![as_time]);
    }
    let distance = Distance { steps: vec![(Amount::whole(hours.value.into()), Unit::Hour)], back: false };
    Ok(vec![as_time, Plan { distance: Some(Spanned { value: distance, span: hours.span.clone() }), ..plain() }])
}

/// Whether the text is digits that may be the start of a date: `2026`.
fn is_a_lone_year(expression: &Expression<'_>, this_year: i32) -> bool {
    let soon = this_year..=this_year + SOON;
    let year = expression.digits.as_ref().and_then(|digits| i32::try_from(digits.value.value).ok());
    !expression.dated() && expression.distance.is_none() && year.is_some_and(|year| soon.contains(&year))
}

/// The date with the digits as its year, if it lacks one.
fn with_year(date: Option<&Spanned<DateWords>>, digits: &Spanned<Digits>) -> Option<Spanned<DateWords>> {
    let date = date?;
    let year = digits.value.value;
    let value = match date.value {
        DateWords::MonthDay { month, day } => DateWords::Ymd { year, month, day },
        DateWords::Numeric { first, second, year: None } => DateWords::Numeric { first, second, year: Some(year) },
        DateWords::NthWeekday { nth, weekday, month, year: None } => {
            DateWords::NthWeekday { nth, weekday, month, year: Some(year) }
        }
        _ => return None,
    };
    let span = date.span.start.min(digits.span.start)..date.span.end.max(digits.span.end);
    Some(Spanned { value, span })
}

/// Four digits as a time, which may not exist.
fn clock_time(digits: &Spanned<Digits>) -> Option<Spanned<TimeWords>> {
    let Digits { value, length } = digits.value;
    let clock = TimeWords::Clock { hour: value / 100, minute: value % 100, second: 0, half: None };
    (length == 4).then(|| Spanned { value: clock, span: digits.span.clone() })
}

impl Resolver<'_> {
    /// Tries one plan on one clock and adds the result to the verdict.
    fn attempt(
        &self,
        expression: &Expression<'_>,
        plan: &Plan,
        clock: &Clock<'_>,
        verdict: &mut Verdict<'_>,
    ) -> Result<(), Refusal> {
        let has_time = plan.time.is_some() || expression.part.is_some();
        let shift = plan.distance.as_ref().map(Shift::of).transpose()?;
        let interpretations = match (&plan.distance, shift) {
            (Some(distance), Some(shift)) if !has_time => {
                let lookup = shift.from(self.now, clock, self.settings.hours, &distance.span)?;
                verdict.add(self.later(lookup, None));
                return Ok(());
            }
            (Some(distance), Some(shift)) if shift.is_whole_days() => {
                vec![vec![shift.on_calendar(clock.shows(self.now), &distance.span)?.date()]]
            }
            (Some(_), Some(_)) => return Err(Refusal::given_twice("time", &second_time(expression, plan))),
            _ => self.days(expression, plan, clock)?,
        };
        let times = times::times(
            &TimeInput {
                time: plan.time.as_ref(),
                part: expression.part.as_ref(),
                date: plan.date.as_ref().map(|date| date.value),
                dated: expression.dated() || expression.distance.is_some(),
            },
            self.settings,
        )?;
        let date = plan.date.as_ref().map(|date| date.value);
        if let Some(ambiguity) = date.and_then(|date| Ambiguity::of_date(date, interpretations.len())) {
            verdict.add_ambiguity(ambiguity);
        }
        match &times {
            Times::One(_) => {}
            Times::AmOrPm(two) => {
                let two = two.map(|time| time.time);
                let dated = expression.dated();
                verdict.add_ambiguity(if dated { Ambiguity::AmOrPm(two) } else { Ambiguity::NextHour(two) });
            }
            Times::StartOrEnd(_) => verdict.add_ambiguity(Ambiguity::Midnight),
        }
        for days in &interpretations {
            for time in times.all() {
                self.first_later(days, *time, expression, clock, verdict)?;
            }
        }
        Ok(())
    }

    /// The interpretations of the day, seen from today on the clock.
    fn days(
        &self,
        expression: &Expression<'_>,
        plan: &Plan,
        clock: &Clock<'_>,
    ) -> Result<Vec<Vec<NaiveDate>>, Refusal> {
        let today = clock.shows(self.now).date();
        let weekday = expression.weekday.as_ref().map(|weekday| weekday.value);
        let end_of_day = plan.time.as_ref().is_some_and(|time| time.value == TimeWords::EndOfDay);
        match (&plan.date, weekday) {
            (Some(date), _) => days::interpretations(date.value, &date.span, weekday, today, self.settings),
            // On a Friday, `this friday` is today, even if its hour has passed.
            (None, Some(weekday)) if expression.this_weekday => Ok(vec![days::this_weekday(weekday, today)]),
            (None, Some(weekday)) => Ok(vec![days::weekday(weekday, today)]),
            (None, None) if end_of_day => Ok(vec![vec![today]]),
            (None, None) => Ok(vec![days::any_day(today)]),
        }
    }

    /// Adds the first of the days on which the time is later than now.
    fn first_later(
        &self,
        days: &[NaiveDate],
        time: TimeOfDay,
        expression: &Expression<'_>,
        clock: &Clock<'_>,
        verdict: &mut Verdict<'_>,
    ) -> Result<(), Refusal> {
        let mut last = None;
        for &day in days {
            let shown = if time.next_day { day.checked_add_days(Days::new(1)) } else { Some(day) };
            let Some(shown) = shown.filter(|shown| shown.year() <= LAST_YEAR) else {
                return Err(Refusal::too_far(&expression.span()));
            };
            let lookup = clock.moments(shown.and_time(time.time), self.settings.hours);
            let attempt = self.later(lookup, Some(shown));
            if !matches!(attempt, Attempt::Past(_)) {
                confirm_weekday(day, expression)?;
                verdict.add(attempt);
                return Ok(());
            }
            last = Some((day, attempt));
        }
        if let Some((day, attempt)) = last {
            confirm_weekday(day, expression)?;
            verdict.add(attempt);
        }
        Ok(())
    }

    /// Keeps the moments that are later than now.
    fn later(&self, lookup: Lookup, day: Option<NaiveDate>) -> Attempt {
        match lookup {
            Lookup::Contradiction(sentence) => Attempt::Contradiction(sentence),
            Lookup::Skipped { before, after } if after.instant > self.now => Attempt::Skipped { before, after },
            Lookup::Skipped { after, .. } => Attempt::Past(after),
            Lookup::Moments(choices, reason) => {
                let last = choices.last().map(|choice| choice.moment);
                let later: Vec<Choice> =
                    choices.into_iter().filter(|choice| choice.moment.instant > self.now).collect();
                match (later.is_empty(), last) {
                    (true, Some(moment)) => Attempt::Past(moment),
                    _ => Attempt::Later { choices: later, reason, day },
                }
            }
        }
    }
}

/// Checks that the day of the week beside a date is right.
fn confirm_weekday(day: NaiveDate, expression: &Expression<'_>) -> Result<(), Refusal> {
    let Some(weekday) = expression.weekday.as_ref().filter(|weekday| weekday.value != day.weekday()) else {
        return Ok(());
    };
    let is = day.format("%A");
    let sentence = format!("{} is a {is}: remove the day of the week, or change the date.", day.format("%-d %b %Y"));
    Err(Refusal::new(RefusalKind::WrongWeekday, weekday.span.clone(), sentence))
}

/// The span of a distance or of the time beside it, whichever comes later in the text.
fn second_time(expression: &Expression<'_>, plan: &Plan) -> Range<usize> {
    let time = plan.time.as_ref().map(|time| &time.span).or(expression.part.as_ref().map(|part| &part.span));
    let spans = [time, plan.distance.as_ref().map(|distance| &distance.span)];
    spans.into_iter().flatten().max_by_key(|span| span.start).cloned().unwrap_or_default()
}
