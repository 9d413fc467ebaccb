//! The day ahead, hour by hour: which hour is selected, and what falls into each.

use chrono::{DateTime, DurationRound, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use when::Moment;

use crate::keymap::Action;
use crate::schedule::{Name, Schedule};

use super::message::Effect;
use super::model::{App, Selected};
use super::view::View;

/// How many hours are looked ahead, the present one among them.
pub const AHEAD: u16 = 24;

/// The full hour that a moment is in, by the clock of a zone: some are half an hour off.
#[must_use]
pub fn hour_of(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let hour = at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    let hour = hour - TimeDelta::minutes(i64::from(Moment::at(hour, zone).civil.minute()));
    if at - hour >= TimeDelta::hours(1) { hour + TimeDelta::hours(1) } else { hour }
}

impl App {
    /// When each of the hours ahead begins.
    #[must_use]
    pub fn hours_ahead(&self, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let first = hour_of(now, self.settings.zone);
        (0..AHEAD).map(|count| first + TimeDelta::hours(i64::from(count))).collect()
    }

    /// The place of the selected hour among them, counted from 0.
    #[must_use]
    pub fn selected_hour(&self, now: DateTime<Utc>) -> usize {
        let gone_by = (self.hour - hour_of(now, self.settings.zone)).num_hours();
        usize::try_from(gone_by).unwrap_or(0).min(usize::from(AHEAD) - 1)
    }

    /// What is selected is one of the hours ahead, also once it has gone by, or when clock or zone are others than before.
    pub(super) fn keep_hour(&mut self, now: DateTime<Utc>) {
        if let Some(hour) = self.hours_ahead(now).get(self.selected_hour(now)) {
            self.hour = *hour;
        }
    }

    /// What is due in the hour that begins then.
    pub fn in_hour(&self, from: DateTime<Utc>) -> impl Iterator<Item = &Schedule> {
        self.current().list.between(from, from + TimeDelta::hours(1))
    }

    /// How many are.
    #[must_use]
    pub fn count_in_hour(&self, from: DateTime<Utc>) -> usize {
        self.current().list.due_between(from, from + TimeDelta::hours(1)).count()
    }

    /// Shows the hours, with that of the selected memo selected, or else the present one.
    pub(super) fn show_hours(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let ahead = now..now + TimeDelta::hours(i64::from(AHEAD) - 1);
        let due = self.selected_row().and_then(Schedule::due).filter(|due| ahead.contains(due));
        self.hour = hour_of(due.unwrap_or(now), self.settings.zone);
        self.show(View::Hours)
    }

    /// Selects another hour.
    pub(super) fn go_by_hour(&mut self, action: Action, now: DateTime<Utc>) {
        let (hours, line) = (self.hours_ahead(now), self.selected_hour(now));
        let page = usize::from(self.size.1 / 2).max(1);
        let to = match action {
            Action::Down => line + 1,
            Action::Up => line.saturating_sub(1),
            Action::PageDown => line + page,
            Action::PageUp => line.saturating_sub(page),
            Action::First => 0,
            _ => usize::MAX,
        };
        if let Some(hour) = hours.get(to.min(hours.len() - 1)) {
            self.hour = *hour;
        }
    }

    /// Shows the list, at the first that is due in the selected hour.
    pub(super) fn open_hour(&mut self) -> Vec<Effect> {
        self.open_first_due(self.hour, self.hour + TimeDelta::hours(1)).unwrap_or_default()
    }

    /// Shows the list, at the first that is due from the one moment to just before the other; answers whether one is.
    pub(super) fn open_first_due(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Vec<Effect>> {
        let first = Name::clone(&self.current().list.between(from, to).next()?.name);
        let effects = self.show(View::Pending);
        self.selected = Some(Selected::Row(first));
        self.beginning.moved = true;
        Some(effects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_a_full_one_on_the_clock_of_the_zone() {
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
