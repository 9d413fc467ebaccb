//! What happens as time goes by, and when the next such thing happens.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::message::Effect;
use super::modal::Modal;
use super::model::{App, WIDE};
use super::rows::Row;
use super::view::Focus;
use crate::countdown;
use crate::schedule::{Name, Schedule};

impl App {
    /// The next time at which something on the screen changes, or something has to be done. The program sleeps until then.
    #[must_use]
    pub fn next_wake(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        // The clock in the header.
        let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now) + TimeDelta::minutes(1);
        let countdowns = self.visible().filter_map(|schedule| {
            let due = schedule.due()?;
            [countdown::next_change(due, now), self.next_status(schedule, now)].into_iter().flatten().min()
        });
        let header = self.next_due(now).and_then(|due| countdown::next_change(due, now));
        let times = || self.form.names_a_time() || self.form.chip(now, &self.settings.when).is_some();
        let preview = (self.shows_form() && times())
            .then(|| now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now) + TimeDelta::seconds(1));
        let details = self.open_details().and_then(|due| countdown::next_change(due, now));
        let write_again = self.state_trouble.as_ref().and_then(|trouble| trouble.retry_at);
        let own = [self.banners.next_change(), self.draft.due, self.connection.retry_at, write_again];
        let chores = own.into_iter().chain([header, preview, details]);
        let contexts = self.contexts().filter_map(|context| context.next_wake(now));
        countdowns.chain(contexts).chain(chores.flatten()).min().map_or(minute, |at| at.min(minute))
    }

    /// The due time of the schedule whose details are open: they show its countdown.
    fn open_details(&self) -> Option<DateTime<Utc>> {
        let Some(Modal::Details { name, .. }) = &self.modal else { return None };
        self.current().list.get(name)?.due()
    }

    /// The schedules on the screen, and a few beyond.
    fn visible(&self) -> impl Iterator<Item = &Schedule> {
        let rows = usize::from(self.size.1);
        self.rows(rows).into_iter().filter_map(|row| match row {
            Row::Pending(_, schedule) => Some(schedule),
            Row::Arrived(..) | Row::Heading(_) => None,
        })
    }

    /// The names of the schedules on the screen, to be read first.
    pub(super) fn visible_names(&self) -> Vec<Name> {
        self.visible().map(|schedule| Name::clone(&schedule.name)).collect()
    }

    /// Whether the form is on the screen.
    #[must_use]
    pub fn shows_form(&self) -> bool {
        self.focus == Focus::Form || self.size.0 >= WIDE
    }

    /// Does what is due.
    pub(super) fn woken(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.banners.expire(now);
        self.sift_at_midnight(now);
        self.keep_hour(now);
        if self.draft.due.is_some_and(|due| due <= now) {
            effects.extend(self.save_drafts());
        }
        if self.connection.retry_at.is_some_and(|due| due <= now) {
            self.connection.retry_at = None;
            effects.extend(self.open_again());
        }
        if self.state_trouble.as_mut().is_some_and(|trouble| trouble.takes_turn(now)) {
            effects.push(Effect::WriteAgain);
        }
        effects.extend(self.retry(now));
        if self.current().watched && self.current().reading.next().is_some_and(|next| next <= now) {
            effects.extend(self.refresh());
        }
        for context in self.contexts.values_mut().filter(|context| context.watched) {
            if context.next_receipts(now).is_some_and(|at| at <= now) {
                effects.push(context.read_receipts(now));
            }
        }
        effects
    }

    /// Retries the changes that are due for it, in every context.
    pub(super) fn retry(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
        let ids: Vec<_> = self.contexts().filter(|it| due(it.changes.next_retry())).map(|it| it.id().clone()).collect();
        let mut effects = Vec::new();
        for id in ids {
            let Some(context) = self.contexts.get_mut(&id) else { continue };
            let reaction = context.retry(now);
            effects.extend(self.react(&id, reaction, now));
        }
        effects
    }

    /// Reads the group of the current context again, beginning with what is on the screen.
    pub(super) fn refresh(&mut self) -> Option<Effect> {
        self.here()?;
        let first = self.visible_names();
        self.current_mut().read_group(first)
    }
}
