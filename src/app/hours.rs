//! The next 24 hours: the selected hour, and the memos of each hour.

use chrono::{DateTime, DurationRound, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use when::Moment;

use crate::keymap::Motion;
use crate::schedule::{Name, Schedule};

use super::motion::{Ends, target};
use crate::app::message::Effect;
use crate::app::model::App;
use crate::app::selection::Selected;
use crate::app::view::View;

/// How many hours are shown, with the current one.
pub const AHEAD: u16 = 24;

/// The full hour of a moment, by the clock of a zone: some zones are offset by half an hour.
#[must_use]
pub fn hour_of(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let hour = at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    let hour = hour - TimeDelta::minutes(i64::from(Moment::at(hour, zone).civil.minute()));
    if at - hour >= TimeDelta::hours(1) { hour + TimeDelta::hours(1) } else { hour }
}

impl App {
    /// The beginnings of the hours that are shown.
    #[must_use]
    pub fn hours_ahead(&self, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let first = hour_of(now, self.settings.zone);
        (0..AHEAD).map(|count| first + TimeDelta::hours(i64::from(count))).collect()
    }

    /// The index of the selected hour.
    #[must_use]
    pub fn selected_hour(&self, now: DateTime<Utc>) -> usize {
        let gone_by = (self.hour - hour_of(now, self.settings.zone)).num_hours();
        usize::try_from(gone_by).unwrap_or(0).min(usize::from(AHEAD) - 1)
    }

    /// Keeps the selection among the hours that are shown, when the hour has passed, or clock or zone have changed.
    pub(super) fn keep_hour(&mut self, now: DateTime<Utc>) {
        if let Some(hour) = self.hours_ahead(now).get(self.selected_hour(now)) {
            self.hour = *hour;
        }
    }

    /// The schedules that are due in the hour from this moment.
    pub fn in_hour(&self, from: DateTime<Utc>) -> impl Iterator<Item = &Schedule> {
        self.current().list.between(from, from + TimeDelta::hours(1))
    }

    /// How many schedules are due in the hour from this moment.
    #[must_use]
    pub fn count_in_hour(&self, from: DateTime<Utc>) -> usize {
        self.current().list.due_between(from, from + TimeDelta::hours(1)).count()
    }

    /// Shows the hours, at the hour of the selected memo or the current one.
    pub(super) fn show_hours(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let ahead = now..now + TimeDelta::hours(i64::from(AHEAD) - 1);
        let due = self.selected_row().and_then(Schedule::due).filter(|due| ahead.contains(due));
        self.hour = hour_of(due.unwrap_or(now), self.settings.zone);
        self.show(View::Hours)
    }

    /// Selects another hour.
    pub(super) fn go_to_hour(&mut self, motion: Motion, page: usize, now: DateTime<Utc>) {
        let hours = self.hours_ahead(now);
        let line = target(motion, self.selected_hour(now), hours.len(), page, Ends::Stop);
        if let Some(hour) = hours.get(line) {
            self.hour = *hour;
        }
    }

    /// Shows the list, at the first memo of the selected hour.
    pub(super) fn open_hour(&mut self) -> Vec<Effect> {
        self.open_first_due(self.hour, self.hour + TimeDelta::hours(1)).unwrap_or_default()
    }

    /// Shows the list, at the first schedule that is due from `from` to just before `to`; `None` if there is none.
    pub(super) fn open_first_due(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Vec<Effect>> {
        let first = Name::clone(&self.current().list.between(from, to).next()?.name);
        let effects = self.show(View::Pending);
        self.list_view.selected = Some(Selected::Row(first));
        self.list_view.moved = true;
        Some(effects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_full_on_the_clock_of_its_zone() {
        for (zone, at, hour) in [
            (Tz::Europe__Paris, "2026-03-04T15:17:30Z", "2026-03-04T15:00:00Z"),
            (Tz::Asia__Kolkata, "2026-03-04T15:17:30Z", "2026-03-04T14:30:00Z"),
            (Tz::Asia__Kolkata, "2026-03-04T15:47:30Z", "2026-03-04T15:30:00Z"),
            (Tz::Asia__Kathmandu, "2026-03-04T15:14:00Z", "2026-03-04T14:15:00Z"),
            (Tz::Asia__Kathmandu, "2026-03-04T15:15:00Z", "2026-03-04T15:15:00Z"),
        ] {
            assert_eq!(hour_of(at.parse().unwrap(), zone), hour.parse::<DateTime<Utc>>().unwrap(), "{zone} {at}");
        }
    }
}
