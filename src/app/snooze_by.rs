//! For how long a memo is snoozed.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use when::{Civil, Moment};

/// For how long, counted from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnoozeBy {
    /// Ten minutes.
    TenMinutes,
    /// An hour.
    Hour,
    /// Until the evening of that day.
    Evening,
    /// Until the next day, at the time that a date alone means.
    Tomorrow,
    /// A week, at the same time of day.
    Week,
}

impl SnoozeBy {
    /// All of them, in the order in which they are offered.
    pub(super) const ALL: [Self; 5] = [Self::TenMinutes, Self::Hour, Self::Evening, Self::Tomorrow, Self::Week];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::TenMinutes => "10 minutes",
            Self::Hour => "1 hour",
            Self::Evening => "this evening",
            Self::Tomorrow => "tomorrow",
            Self::Week => "in a week",
        }
    }

    /// The moment to snooze until; `None` if it is not later than `base`.
    pub(super) fn after(self, base: Moment, settings: &when::Settings) -> Option<Moment> {
        let add = |distance: TimeDelta| Some(Moment::at(base.instant + distance, base.zone));
        let on = |days: u64, time: NaiveTime| {
            let civil = base.civil.date().checked_add_days(Days::new(days))?.and_time(time);
            let moment = match when::resolve(civil, base.zone) {
                Civil::One(moment) | Civil::Twice(moment, _) | Civil::Skipped { after: moment, .. } => moment,
            };
            (moment.instant > base.instant).then_some(moment)
        };
        match self {
            Self::TenMinutes => add(TimeDelta::minutes(10)),
            Self::Hour => add(TimeDelta::hours(1)),
            Self::Evening => on(0, settings.evening),
            Self::Tomorrow => on(1, settings.date_alone),
            Self::Week => on(7, base.civil.time()),
        }
    }
}

/// The moment that a snooze counts from: `from` or now, whichever is later, in whole seconds as in a schedule.
pub(super) fn base(from: Moment, now: DateTime<Utc>) -> Moment {
    Moment::at(next_second(from.instant.max(now)), from.zone)
}

fn next_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = i64::from(instant.timestamp_subsec_nanos());
    if nanos == 0 { instant } else { instant + TimeDelta::nanoseconds(1_000_000_000 - nanos) }
}
