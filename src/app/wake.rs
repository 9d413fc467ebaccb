//! What happens by itself as time goes by, and when the next such thing happens.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::context::ContextId;
use crate::countdown;
use crate::schedule::{Name, Schedule};

use super::{App, DRAFT_PAUSE, Effect, Request, Row, StoreEvent};

/// How often receipts are asked for while something is due and not proved.
const ASK_AGAIN: (TimeDelta, TimeDelta) = (TimeDelta::seconds(2), TimeDelta::seconds(15));

/// How far back the log is read by itself for a delivery of which nothing is known: the longest that a schedule may be
/// tried for.
const LOOK_BACK: TimeDelta = TimeDelta::hours(24);

impl App {
    /// The next instant at which anything that is visible changes by itself, or something has to be done. An idle
    /// screen sleeps until then.
    #[must_use]
    pub fn next_wake(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        // The clock in the header.
        let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now) + TimeDelta::minutes(1);
        let countdowns = self.visible().filter_map(|row| {
            let due = row.due()?;
            [countdown::next_change(due, now), self.next_life(row, now)].into_iter().flatten().min()
        });
        let header = self.next_due(now).and_then(|due| countdown::next_change(due, now));
        let times = || self.form.names_a_time() || self.form.chip(now, &self.settings.when).is_some();
        let preview = (self.shows_form() && times())
            .then(|| now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now) + TimeDelta::seconds(1));
        let chores = [
            self.writes.next_change(),
            self.places.next_change(),
            self.reading.next(),
            self.banners.next_change(),
            self.draft.due,
            self.connect_due,
            self.receipts_at(now),
            header,
            preview,
        ];
        countdowns.chain(chores.into_iter().flatten()).min().map_or(minute, |at| at.min(minute))
    }

    /// The schedules that the panel shows, and a few beyond it.
    fn visible(&self) -> impl Iterator<Item = &Schedule> {
        let rows = usize::from(self.size.1);
        self.rows(rows).into_iter().filter_map(|row| match row {
            Row::Pending(_, row) => Some(row),
            Row::Arrived(..) | Row::Heading(_) => None,
        })
    }

    /// Whether the form is on the screen: it is, unless there is room for one thing only.
    #[must_use]
    pub fn shows_form(&self) -> bool {
        self.focus == super::Focus::Form || self.size.0 >= super::WIDE
    }

    /// Does what has become due.
    pub(super) fn woken(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.banners.expire(now);
        self.sift_at_midnight(now);
        self.keep_hour(now);
        if self.draft.due.is_some_and(|due| due <= now) {
            effects.extend(self.keep_draft());
        }
        if self.connect_due.is_some_and(|due| due <= now) {
            self.connect_due = None;
            effects.extend(self.open_again());
        }
        effects.extend(self.send_again(now));
        if self.here().is_none() {
            return effects;
        }
        if self.reading.next().is_some_and(|next| next <= now) {
            effects.extend(self.refresh());
        }
        if self.receipts_at(now).is_some_and(|at| at <= now) {
            effects.extend(self.ask_receipts(now));
        }
        effects
    }

    /// Sends again what has waited long enough, here and in the places that were left. What has passed by now is in doubt
    /// from here on, and not sent.
    pub(super) fn send_again(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.places.again(now);
        let Some(context) = self.here().map(|here| here.id.clone()) else { return effects };
        let again = self.writes.again(now);
        for (waited, now_is) in again.became {
            self.became_in_batch(&waited, now_is.as_ref(), now);
        }
        effects.extend(super::places::asked(&context, again.send));
        effects
    }

    /// When the receipts are worth reading by themselves: a little after something came due, and again for as long as
    /// the proof of its delivery may take and a while longer. Never while they are being read.
    fn receipts_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.here()?;
        let (pause, patience) = (self.pause(), self.patience());
        let due = self
            .list
            .iter()
            .filter(|row| row.enabled && row.memo().is_some())
            .filter_map(Schedule::due)
            .find(|due| now < *due + patience);
        let gone = self.receipts.until.filter(|until| now < *until).map(|until| until - patience);
        let awaited = due.into_iter().chain(gone).min()?;
        let at = self.receipts.last.map_or(awaited + pause, |last| (awaited + pause).max(last + pause));
        (!self.receipts.under_way).then_some(at)
    }

    /// Reads the receipts now, and for a while: something is gone that was due, and who knows why.
    pub(super) fn await_receipts(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        self.receipts.until = Some(now + self.patience());
        if self.receipts.under_way { None } else { self.ask_receipts(now) }
    }

    /// For how long the proof of a delivery is looked for by itself.
    fn patience(&self) -> TimeDelta {
        self.proof_lag() + self.pause() * 8
    }

    /// How often.
    fn pause(&self) -> TimeDelta {
        if self.here().is_some_and(|here| here.local) { ASK_AGAIN.0 } else { ASK_AGAIN.1 }
    }

    /// When the earliest delivery was due of which nothing is known yet.
    fn awaited_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waits = |row: &&Schedule| row.enabled && row.memo().is_some();
        self.list.due(now).filter(waits).filter_map(Schedule::due).find(|due| now < *due + LOOK_BACK)
    }

    /// Reads the receipts.
    pub(super) fn ask_receipts(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        self.receipts.under_way = true;
        self.receipts.last = Some(now);
        let awaited = self.awaited_since(now);
        Some(Effect::Request(self.here()?.id.clone(), Request::Arrived(awaited)))
    }

    /// Reads the group again; what is on the screen first.
    pub(super) fn refresh(&mut self) -> Option<Effect> {
        let context = self.here()?.id.clone();
        let visible = self.visible().map(|row| Name::clone(&row.name)).collect();
        self.reading.begin().then_some(Effect::Request(context, Request::Refresh(visible)))
    }

    /// The store of the place changed by itself.
    pub(super) fn stirred(&mut self, context: &ContextId, stirred: StoreEvent, now: DateTime<Utc>) -> Vec<Effect> {
        if self.here().is_none_or(|here| here.id != *context) {
            let left = self.places.left.contains_key(context);
            return left.then(|| Effect::Request(context.clone(), Request::Arrived(None))).into_iter().collect();
        }
        let refresh = (stirred == StoreEvent::Elsewhere).then(|| self.refresh()).flatten();
        let receipts = self.ask_receipts(now);
        refresh.into_iter().chain(receipts).collect()
    }

    /// The form changed: it is kept soon.
    pub(super) fn draft_changed(&mut self, now: DateTime<Utc>) {
        self.draft.due.get_or_insert(now + DRAFT_PAUSE);
    }

    /// Keeps the form as it stands. A form that was empty all along leaves alone what another window keeps.
    pub(super) fn keep_draft(&mut self) -> Option<Effect> {
        self.draft.due = None;
        let draft = (!self.form.is_empty() && !self.form.is_untouched_change()).then(|| self.form.draft());
        let had_one = std::mem::replace(&mut self.draft.kept, draft.is_some());
        (had_one || draft.is_some()).then_some(Effect::SaveDraft(draft))
    }
}
