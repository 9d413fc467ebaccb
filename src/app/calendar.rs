//! The month: which day of it is selected, and what falls on each.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use when::{Civil, Moment};

use crate::keymap::Action;
use crate::schedule::Schedule;

use super::message::Effect;
use super::model::App;
use super::view::View;

/// How many days a week has.
pub const WEEK: usize = 7;

impl App {
    /// The days that the month of the selected day is shown with: whole weeks, so that some may be its neighbours'.
    #[must_use]
    pub fn month(&self) -> Vec<NaiveDate> {
        let first = self.day.with_day(1).unwrap_or(self.day);
        let begins = self.settings.when.week_begins;
        let next = first.checked_add_months(Months::new(1));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX);
        let (first, last) = (
            first.week(begins).checked_first_day().unwrap_or(first),
            last.week(begins).checked_last_day().unwrap_or(last),
        );
        first.iter_days().take_while(|day| *day <= last).collect()
    }

    /// How many memos fall on each of these days, which follow one another.
    #[must_use]
    pub fn on_days(&self, days: &[NaiveDate]) -> Vec<usize> {
        let mut counts = vec![0; days.len()];
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return counts };
        let zone = self.settings.zone;
        for due in self.current().list.due_between(midnight(*first, zone), end(*last, zone)) {
            let day = (Moment::at(due, zone).civil.date() - *first).num_days();
            if let Some(count) = usize::try_from(day).ok().and_then(|day| counts.get_mut(day)) {
                *count += 1;
            }
        }
        counts
    }

    /// What falls on the selected day.
    #[must_use = "an iterator does nothing by itself"]
    pub fn on_day(&self) -> impl Iterator<Item = &Schedule> {
        self.current().list.between(midnight(self.day, self.settings.zone), end(self.day, self.settings.zone))
    }

    pub(super) fn show_calendar(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let due = self.selected_row().and_then(Schedule::due).unwrap_or(now);
        self.day = Moment::at(due, self.settings.zone).civil.date();
        self.show(View::Calendar)
    }

    /// Selects another day.
    pub(super) fn go_by_day(&mut self, action: Action, now: DateTime<Utc>) {
        let (day, week) = (self.day, Days::new(7));
        let to = match action {
            Action::Left => day.pred_opt(),
            Action::Right => day.succ_opt(),
            Action::Up => day.checked_sub_days(week),
            Action::Down => day.checked_add_days(week),
            Action::PageUp => day.checked_sub_months(Months::new(1)),
            Action::PageDown => day.checked_add_months(Months::new(1)),
            _ => Some(Moment::at(now, self.settings.zone).civil.date()),
        };
        self.day = to.unwrap_or(day);
    }

    /// A week on, or back.
    pub(super) fn turn_weeks(&mut self, forward: bool) {
        let week = Days::new(7);
        let to = if forward { self.day.checked_add_days(week) } else { self.day.checked_sub_days(week) };
        self.day = to.unwrap_or(self.day);
    }

    /// Shows the list with what falls on the selected day.
    pub(super) fn open_day(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let effects = self.show(View::Pending);
        self.filter_to(&self.day.to_string(), now);
        effects
    }
}

/// When a day begins, where some days begin later than at midnight.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    match when::resolve(day.and_time(NaiveTime::MIN), zone) {
        Civil::One(moment) | Civil::Twice(moment, _) | Civil::Skipped { after: moment, .. } => moment.instant,
    }
}

fn end(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    midnight(day.succ_opt().unwrap_or(day), zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_at_either_end_of_time_can_be_shown() {
        for zone in [Tz::Pacific__Kiritimati, Tz::America__Adak] {
            let mut app = App::new(1, zone, (80, 24));
            for day in [NaiveDate::MIN, NaiveDate::MAX] {
                app.day = day;
                let month = app.month();
                assert!(month.len() >= 28, "{day}: {month:?}");
                assert_eq!((app.on_days(&month).len(), app.on_day().count()), (month.len(), 0));
                for action in [Action::Left, Action::Right, Action::Up, Action::Down, Action::PageUp, Action::PageDown]
                {
                    app.day = day;
                    app.go_by_day(action, DateTime::default());
                }
            }
        }
    }
}
