//! What the answers from outside change.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::keymap::{Action, KeyContext, Keymap};
use crate::memo::{Delivery, Memo};
use crate::preferences::Notifications;
use crate::schedule::{Change, Name, Receipt, Schedule};

use super::{App, Arrived, Effect, Focus, Form, Initiator, Loaded, Modal, Response, Ring, Stage, SystemEvent, View};

impl App {
    pub(super) fn settled(&mut self, settled: SystemEvent, now: DateTime<Utc>) -> Vec<Effect> {
        match settled {
            SystemEvent::Settings(settings) => {
                self.form.set_zone(settings.zone);
                let mouse = Effect::Mouse(settings.preferences.screen.mouse);
                self.places.begin_in(&settings.chosen);
                self.settings = settings;
                self.offer_contexts();
                vec![mouse]
            }
            SystemEvent::FirstStart => {
                self.beginning.first_start = true;
                Vec::new()
            }
            SystemEvent::Draft(draft) => {
                if self.form.is_empty() && !draft.is_empty() {
                    let focus = self.form.focus;
                    self.form = Form::from_draft(self.settings.zone, &draft);
                    self.draft.kept = true;
                    self.form.focus(focus);
                }
                Vec::new()
            }
            SystemEvent::Trouble(failure) => {
                self.banners.fail(&failure);
                Vec::new()
            }
            SystemEvent::NotConnected(name, failures) => {
                self.not_connected(name.as_deref(), failures, now);
                Vec::new()
            }
            SystemEvent::Connected(here) => self.connected(here, now),
        }
    }

    pub(super) fn answered(&mut self, context: &ContextId, answer: Response, now: DateTime<Utc>) -> Vec<Effect> {
        if self.here().is_none_or(|here| here.id != *context) {
            // A place that was left: what it says is none of this one's business.
            return self.answered_elsewhere(context, answer, now);
        }
        match answer {
            Response::Cached { rows, read_at } => {
                if !self.reading.whole {
                    self.reading.cached_at = read_at.filter(|_| !rows.is_empty());
                    self.put_rows(rows);
                    self.choose_focus();
                }
                Vec::new()
            }
            Response::Adopted(adopted) => self.adopted(adopted, now),
            Response::Rows(rows) => self.rows_came(context, rows),
            Response::Progress { listed, read } => {
                if self.reading.progress.is_some() {
                    self.reading.progress = Some((listed, read));
                }
                Vec::new()
            }
            Response::ReadingStopped => {
                self.reading.was_stopped();
                self.choose_focus();
                let again = self.settings.keys.key(KeyContext::Pending, Action::Refresh);
                self.banners.say(format!("Stopped reading: {again} reads on."), now);
                Vec::new()
            }
            Response::Loaded(result) => self.loaded(result, now),
            Response::Wrote(write, result) => self.wrote(context, &write, result, now),
            Response::Withdrawn(writes) => self.withdrawn(context, &writes, now),
            Response::Ran(memo, result) => self.ran(memo, result, now),
            Response::Details(name, details) => {
                if let Some(Modal::Details { name: shown, known, .. }) = &mut self.modal
                    && *shown == name
                {
                    *known = Some(details);
                }
                Vec::new()
            }
            Response::Copy(text) => self.copy_came(text, now),
            Response::Arrived(result) => self.arrived(context, result),
            Response::History(Ok(log)) => {
                if self.history.take(log) {
                    self.read_history().into_iter().collect()
                } else {
                    Vec::new()
                }
            }
            Response::History(Err(failure)) => {
                self.history.failed();
                self.banners.fail(&failure);
                Vec::new()
            }
        }
    }

    /// Puts rows into the list, but for those of which a change is under way: what the person wants of them is newer.
    fn put_rows(&mut self, rows: Vec<Schedule>) {
        for row in rows {
            if self.writes.get(&row.name).is_none() || self.list.get(&row.name).is_none() {
                self.list.put(row);
            }
        }
        // While the list comes in, the selection waits at its head; once the person has moved it, it stays where it is.
        if self.beginning.moved || self.reading.whole {
            self.keep_selection(None);
        } else {
            self.select_line(0);
        }
    }

    fn rows_came(&mut self, context: &ContextId, rows: Vec<Schedule>) -> Vec<Effect> {
        // What was in doubt and is there after all is in doubt no longer.
        let confirmed: Vec<Name> = rows
            .iter()
            .filter(|row| self.writes.get(&row.name).is_some_and(|underway| underway.stage == Stage::Unconfirmed))
            .map(|row| Name::clone(&row.name))
            .collect();
        for name in &confirmed {
            self.writes.end(name);
        }
        self.put_rows(rows);
        confirmed.into_iter().map(|name| Effect::GiveUp(context.clone(), name)).collect()
    }

    fn loaded(&mut self, result: Result<Loaded, Failure>, now: DateTime<Utc>) -> Vec<Effect> {
        // A store in the process tells when it changed.
        let polls = self.here().is_some_and(|here| !here.local);
        let longest = self.settings.preferences.refresh.filter(|_| polls);
        let was_failing = self.reading.failure.is_some();
        let again = self.reading.ended(&result, longest, now);
        match result {
            Ok(loaded) => {
                if was_failing {
                    self.writes.hurry(now);
                }
                let doubtful = self.take_out(&loaded.gone, now);
                self.choose_focus();
                if doubtful {
                    return self
                        .await_receipts(now)
                        .into_iter()
                        .chain(again.then(|| self.refresh()).flatten())
                        .collect();
                }
            }
            Err(failure) if !was_failing => self.banners.fail(&failure),
            Err(_) => {}
        }
        if again { self.refresh().into_iter().collect() } else { Vec::new() }
    }

    /// Takes out what the service has no more. What was due is not just gone: it fired, or it is in doubt until a
    /// receipt proves that it did. Answers whether there is such a one.
    fn take_out(&mut self, gone: &[Name], now: DateTime<Utc>) -> bool {
        let was_at = self.selected_line();
        let mut doubtful = false;
        for name in gone {
            if self.writes.get(name).is_some() {
                continue;
            }
            match self.list.get(name).and_then(Schedule::memo) {
                Some(memo) if memo.due.instant <= now => {
                    self.writes.doubt(&Change::Create(memo.clone()));
                    doubtful = true;
                }
                _ => {
                    self.list.remove(name);
                }
            }
        }
        self.keep_selection(was_at);
        doubtful
    }

    /// The first look at what is pending decides where a person begins: in the list, or in the form when there is
    /// nothing to look at, neither pending nor arrived. A key that was pressed before has decided already.
    fn choose_focus(&mut self) {
        if self.beginning.settled {
            return;
        }
        if self.lines() > 0 {
            self.beginning.settled = true;
            self.keep_selection(None);
        } else if self.reading.whole && !self.receipts.under_way {
            self.beginning.settled = true;
            if !self.is_read_only() {
                self.focus = Focus::Form;
            }
        }
    }

    fn ran(&mut self, memo: Memo, result: Result<String, Failure>, now: DateTime<Utc>) -> Vec<Effect> {
        self.running.remove(memo.id.to_string().as_str());
        match result {
            Ok(answer) => {
                let answer = if answer.is_empty() { answer } else { format!(" Its target answered: {answer}.") };
                self.banners.say(format!("Delivered {} now.{answer}", super::save::quoted(&memo)), now);
                self.begin(Change::Cancel(memo), Initiator::Program, now)
            }
            Err(failure) => {
                let what = super::save::quoted(&memo);
                self.banners.warn(format!("{what} could not be run: {failure} It is still scheduled."));
                Vec::new()
            }
        }
    }

    fn arrived(&mut self, context: &ContextId, result: Result<Arrived, Failure>) -> Vec<Effect> {
        self.receipts.under_way = false;
        let arrived = match result {
            Ok(arrived) => arrived,
            Err(failure) => {
                // A function that never ran has no log yet.
                if failure.kind != FailureKind::NotFound {
                    self.tell_once(failure);
                }
                self.choose_focus();
                return Vec::new();
            }
        };
        if let Some(failure) = arrived.queue {
            self.tell_once(failure);
        }
        let was_at = self.selected_line();
        let mut effects = Vec::new();
        for receipt in &arrived.read {
            effects.extend(self.learn(context, receipt));
        }
        self.has_arrived(arrived.undone);
        let fresh: Vec<Receipt> =
            self.arrived.iter().filter(|receipt| arrived.fresh.contains(&receipt.key)).cloned().collect();
        for lost in fresh.iter().filter(|receipt| receipt.is_lost()) {
            self.banners.warn(not_delivered(lost, &self.settings.keys));
        }
        if !fresh.is_empty() {
            effects.push(Effect::Ring(self.ring(&fresh)));
            if self.view == View::History {
                effects.extend(self.read_history());
            }
        }
        if self.selected.is_none() {
            self.select_line(0);
        }
        self.keep_selection(was_at);
        self.choose_focus();
        effects
    }

    /// What has arrived is this, from now on.
    fn has_arrived(&mut self, now: Vec<Receipt>) {
        let before = std::mem::replace(&mut self.arrived, now);
        let lost: HashSet<&str> =
            self.arrived.iter().filter(|receipt| receipt.is_lost()).map(|receipt| receipt.key.as_str()).collect();
        let gone: Vec<_> =
            before.iter().filter(|receipt| receipt.is_lost() && !lost.contains(receipt.key.as_str())).collect();
        for receipt in gone {
            self.dealt_with(receipt);
        }
    }

    /// What was said of a failure is taken back: nothing waits for the person any more.
    pub(super) fn dealt_with(&mut self, receipt: &Receipt) {
        if receipt.is_lost() {
            self.banners.retract(&not_delivered(receipt, &self.settings.keys));
        }
    }

    /// What was found out of one delivery: whatever waited for it does so no longer, unless it is tried again.
    fn learn(&mut self, context: &ContextId, receipt: &Receipt) -> Option<Effect> {
        let delivery = receipt.delivery()?;
        if !receipt.is_delivered() && !receipt.is_lost() {
            let before = self.failing.insert(delivery, receipt.clone());
            let is_news = before.as_ref().is_none_or(|before| before.outcome != receipt.outcome);
            if is_news && self.awaits(delivery) {
                if let Some(before) = before {
                    self.banners.retract(&failing(&before));
                }
                self.banners.warn(failing(receipt));
            }
            return None;
        }
        if let Some(failure) = self.failing.remove(&delivery) {
            self.banners.retract(&failing(&failure));
        }
        if !self.awaits(delivery) {
            return None;
        }
        let name: Name = delivery.id.to_string().into();
        self.list.remove(&name);
        self.writes.end(&name).map(|_| Effect::GiveUp(context.clone(), name))
    }

    /// Whether the list has the memo that waits for this delivery.
    fn awaits(&self, delivery: Delivery) -> bool {
        self.list.get(&delivery.id.to_string()).and_then(Schedule::memo).is_some_and(|memo| memo.delivery() == delivery)
    }

    /// How these make themselves heard.
    pub(super) fn ring(&self, fresh: &[Receipt]) -> Ring {
        let words = |receipt: &Receipt| receipt.text.lines().next().unwrap_or_default().to_owned();
        let those = |delivered| fresh.iter().filter(move |receipt| receipt.is_delivered() == delivered).map(words);
        let texts = Notifications::texts(those(true).collect(), those(false).collect());
        Ring { by: self.settings.preferences.notifications.clone(), texts }
    }

    /// Tells a failure of the reading of receipts, if it is another one than the last. While the network is down the
    /// list says so already.
    fn tell_once(&mut self, failure: Failure) {
        if !failure.kind.may_pass() && self.receipts.told.as_ref() != Some(&failure) {
            self.banners.fail(&failure);
            self.receipts.told = Some(failure);
        }
    }
}

/// The last try failed.
fn not_delivered(receipt: &Receipt, keys: &Keymap) -> String {
    let error = receipt.error().unwrap_or_default().trim_end_matches('.');
    let (again, away) = (keys.key(KeyContext::Pending, Action::Snooze), keys.key(KeyContext::Pending, Action::PutAway));
    format!("{} was not delivered: {error}. {again} schedules it again, {away} puts it away.", in_quotes(&receipt.text))
}

/// A try failed that is not the last.
fn failing(receipt: &Receipt) -> String {
    let error = receipt.error().unwrap_or_default().trim_end_matches('.');
    format!("{} failed, and is tried again: {error}.", in_quotes(&receipt.text))
}

/// The first line of a text, between quotation marks.
pub(super) fn in_quotes(text: &str) -> String {
    format!("“{}”", text.lines().next().unwrap_or_default())
}
