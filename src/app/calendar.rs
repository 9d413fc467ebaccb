//! The calendar: the selected day, and the memos of each day.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use when::{Civil, Moment};

use crate::keymap::Motion;
use crate::schedule::Schedule;

use super::message::Effect;
use super::model::App;
use super::view::View;

/// The days of a week.
pub const WEEK: usize = 7;

impl App {
    /// The days of the selected month, in whole weeks: some belong to the months before and after.
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

    /// How many memos are due on each of these consecutive days.
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

    /// The schedules that are due on the selected day.
    #[must_use = "an iterator does nothing by itself"]
    pub fn on_day(&self) -> impl Iterator<Item = &Schedule> {
        self.current().list.between(midnight(self.day, self.settings.zone), end(self.day, self.settings.zone))
    }

    /// Shows the calendar, at the day of the selected memo or today.
    pub(super) fn show_calendar(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let due = self.selected_row().and_then(Schedule::due).unwrap_or(now);
        self.day = Moment::at(due, self.settings.zone).civil.date();
        self.show(View::Calendar)
    }

    /// Selects another day: by day, week or month, today, or the day of the last pending memo.
    pub(super) fn go_to_day(&mut self, motion: Motion, now: DateTime<Utc>) {
        let (day, week, month) = (self.day, Days::new(7), Months::new(1));
        let day_of = |at: DateTime<Utc>| Moment::at(at, self.settings.zone).civil.date();
        let to = match motion {
            Motion::Left => day.pred_opt(),
            Motion::Right => day.succ_opt(),
            Motion::Up => day.checked_sub_days(week),
            Motion::Down => day.checked_add_days(week),
            Motion::PageUp => day.checked_sub_months(month),
            Motion::PageDown => day.checked_add_months(month),
            Motion::First => Some(day_of(now)),
            Motion::Last => self.current().list.iter().rev().find_map(Schedule::due).map(day_of),
        };
        self.day = to.unwrap_or(day);
    }

    /// Shows the list, with the selected day as its filter.
    pub(super) fn open_day(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let effects = self.show(View::Pending);
        self.filter_to(&self.day.to_string(), now);
        effects
    }
}

/// The first moment of a day. In some zones, some days begin later than midnight.
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
                for motion in [Motion::Left, Motion::Right, Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown]
                {
                    app.day = day;
                    app.go_to_day(motion, DateTime::default());
                }
            }
        }
    }
}
