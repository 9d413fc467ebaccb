//! Short texts for moments.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use when::{Hours, Moment};

use super::text;
use crate::schedule::Receipt;

/// A civil time relative to another: `today 15:13`, `tomorrow 09:00`, `Fri 18:00`, `24 Dec 18:00`, `24 Dec 2027 18:00`.
pub fn short(civil: NaiveDateTime, today: NaiveDateTime, hours: Hours) -> String {
    let clock = hours.clock(civil.time());
    let days = (civil.date() - today.date()).num_days();
    match days {
        0 => format!("today {clock}"),
        1 => format!("tomorrow {clock}"),
        -1 => format!("yesterday {clock}"),
        2..=6 => format!("{} {clock}", civil.format("%a")),
        _ if civil.year() == today.year() || (0..180).contains(&days) => {
            format!("{} {clock}", civil.format("%-d %b"))
        }
        _ => format!("{} {clock}", civil.format("%-d %b %Y")),
    }
}

/// A time of day to the minute, padded to one width: `09:00`, ` 9:00 AM`.
pub fn clock(time: NaiveTime, hours: Hours) -> String {
    let width = match hours {
        Hours::TwentyFour => 5,
        Hours::Twelve => 8,
    };
    format!("{:>width$}", hours.minutes(time))
}

/// A day relative to another: `Today, Wed 4 Mar`, `Fri 6 Mar`, `Thu 24 Dec 2027`.
pub fn day(day: NaiveDate, today: NaiveDate) -> String {
    let date = day.format(if day.year() == today.year() { "%a %-d %b" } else { "%a %-d %b %Y" });
    match (day - today).num_days() {
        0 => format!("Today, {date}"),
        1 => format!("Tomorrow, {date}"),
        -1 => format!("Yesterday, {date}"),
        _ => date.to_string(),
    }
}

/// Which clocks a due time shows, if its zone differs from the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// The clock of its zone: `tomorrow 09:00 EST`.
    Theirs,
    /// The person's clock, too: `tomorrow 09:00 EST (15:00)`.
    Both,
}

/// A due time on the clock of its zone, and if the person's zone `mine` differs, on the `clocks` asked for.
pub fn due(due: &Moment, mine: Tz, now: DateTime<Utc>, hours: Hours, clocks: Clocks) -> String {
    let there = short(due.civil, Moment::at(now, due.zone).civil, hours);
    let here = Moment::at(due.instant, mine);
    if here.civil == due.civil {
        return there;
    }
    let there = format!("{there} {}", due.abbreviation());
    if clocks == Clocks::Theirs {
        return there;
    }
    let clock = hours.minutes(here.civil.time());
    let same_day = here.civil.date() == due.civil.date();
    let here = if same_day { clock } else { format!("{} {clock}", here.civil.format("%a")) };
    format!("{there} ({here})")
}

/// How late a delivery was: `2 h 5 min late`. A delivery within 90 seconds is on time, since AWS fires within the minute.
pub fn lateness(scheduled: Option<DateTime<Utc>>, delivered: DateTime<Utc>) -> Option<String> {
    let late = late_by(scheduled, delivered)?;
    let text = match (late.num_days(), late.num_hours(), late.num_minutes()) {
        (0, hours @ 1.., minutes) if minutes % 60 > 0 => format!("{hours} h {} min", minutes % 60),
        _ => coarse(late),
    };
    Some(format!("{text} late"))
}

/// How late a delivery was, in at most this many cells: without its minutes if they do not fit.
pub fn lateness_within(scheduled: Option<DateTime<Utc>>, delivered: DateTime<Utc>, most: usize) -> Option<String> {
    let full = lateness(scheduled, delivered)?;
    if text::width(&full) <= most {
        return Some(full);
    }
    late_by(scheduled, delivered).map(|late| format!("{} late", coarse(late)))
}

/// The time for which a memo was scheduled, if it was run by hand at another time.
pub fn scheduled_otherwise(receipt: &Receipt) -> Option<DateTime<Utc>> {
    let apart = |scheduled: &DateTime<Utc>| (*scheduled - receipt.at).abs() >= TimeDelta::minutes(1);
    receipt.scheduled.filter(|_| receipt.by_hand).filter(apart)
}

fn late_by(scheduled: Option<DateTime<Utc>>, delivered: DateTime<Utc>) -> Option<TimeDelta> {
    let late = delivered - scheduled?;
    (late >= TimeDelta::seconds(90)).then_some(late)
}

/// A time span in its greatest unit.
fn coarse(span: TimeDelta) -> String {
    match (span.num_days(), span.num_hours(), span.num_minutes()) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) => format!("{hours} h"),
        (1, _, _) => "1 day".to_owned(),
        (days, _, _) => format!("{days} days"),
    }
}
