//! What the answers from outside change.

use chrono::{DateTime, Utc};

use crate::failure::{Failure, FailureKind};
use crate::memo::Memo;
use crate::schedule::{ContextId, Name, Scheduled, Write};

use super::{Answer, App, Arrived, Effect, Focus, Form, Loaded, Modal, Origin, Ring, Settled, Stage, View};

/// How many deliveries are shown by the desktop one by one; more at once would bury it.
pub(super) const NOTIFIED_AT_ONCE: usize = 3;

impl App {
    pub(super) fn settled(&mut self, settled: Settled, now: DateTime<Utc>) -> Vec<Effect> {
        match settled {
            Settled::Settings(settings) => {
                self.form.set_zone(settings.zone);
                let mouse = Effect::Mouse(settings.mouse);
                self.places.begin_in(&settings.chosen);
                self.settings = settings;
                self.offer_contexts();
                vec![mouse]
            }
            Settled::Draft(draft) => {
                if self.form.is_empty() && !draft.is_empty() {
                    let focus = self.form.focus;
                    self.form = Form::from_draft(self.settings.zone, &draft);
                    self.draft.kept = true;
                    self.form.focus(focus);
                }
                Vec::new()
            }
            Settled::Trouble(failure) => {
                self.banners.fail(&failure);
                Vec::new()
            }
            Settled::NotConnected(name, failures) => {
                self.not_connected(name.as_deref(), failures, now);
                Vec::new()
            }
            Settled::Connected(here) => self.connected(here, now),
        }
    }

    pub(super) fn answered(&mut self, context: &ContextId, answer: Answer, now: DateTime<Utc>) -> Vec<Effect> {
        if self.here().is_none_or(|here| here.context != *context) {
            // A place that was left: what it says is none of this one's business.
            return self.answered_elsewhere(context, answer, now);
        }
        match answer {
            Answer::Cached { rows, read_at } => {
                if !self.reading.whole {
                    self.reading.cached_at = read_at.filter(|_| !rows.is_empty());
                    self.put_rows(rows);
                    self.choose_focus();
                }
                Vec::new()
            }
            Answer::Adopted(adopted) => self.adopted(adopted, now),
            Answer::Rows(rows) => self.rows_came(context, rows),
            Answer::Progress { listed, read } => {
                if self.reading.progress.is_some() {
                    self.reading.progress = Some((listed, read));
                }
                Vec::new()
            }
            Answer::Loaded(result) => self.loaded(result, now),
            Answer::Wrote(write, result) => self.wrote(context, &write, result, now),
            Answer::Ran(memo, result) => self.ran(memo, result, now),
            Answer::Details(name, details) => {
                if let Some(Modal::Details { name: shown, known, .. }) = &mut self.modal
                    && *shown == name
                {
                    *known = Some(details);
                }
                Vec::new()
            }
            Answer::Arrived(result) => self.arrived(context, result),
            Answer::History(Ok(lines)) => {
                self.history_line = self.history_line.min(lines.len().saturating_sub(1));
                self.history = Some(lines);
                Vec::new()
            }
            Answer::History(Err(failure)) => {
                self.banners.fail(&failure);
                Vec::new()
            }
        }
    }

    /// Puts rows into the list, but for those of which a change is under way: what the person wants of them is newer.
    fn put_rows(&mut self, rows: Vec<Scheduled>) {
        for row in rows {
            if self.writes.get(&row.name).is_none() || self.list.get(&row.name).is_none() {
                self.list.put(row);
            }
        }
        // While the list comes in, the selection waits at its head; once the person has moved it, it stays where it is.
        if self.moved || self.reading.whole {
            self.keep_selection(None);
        } else {
            self.select_line(0);
        }
    }

    fn rows_came(&mut self, context: &ContextId, rows: Vec<Scheduled>) -> Vec<Effect> {
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
        let polls = self.here().is_some_and(|here| !here.local);
        let was_failing = self.reading.failure.is_some();
        let again = self.reading.ended(&result, polls, now);
        match result {
            Ok(loaded) => {
                if was_failing {
                    self.writes.hurry(now);
                }
                self.take_out(&loaded.gone, now);
                self.choose_focus();
            }
            Err(failure) if !was_failing => self.banners.fail(&failure),
            Err(_) => {}
        }
        if again { self.refresh().into_iter().collect() } else { Vec::new() }
    }

    /// Takes out what the service has no more. What was due is not just gone: it fired, or it is in doubt until a
    /// receipt proves that it did.
    fn take_out(&mut self, gone: &[Name], now: DateTime<Utc>) {
        let was_at = self.selected_line();
        for name in gone {
            if self.writes.get(name).is_some() {
                continue;
            }
            match self.list.get(name).and_then(Scheduled::memo) {
                Some(memo) if memo.due.instant <= now => self.writes.doubt(&Write::Create(memo.clone())),
                _ => {
                    self.list.remove(name);
                }
            }
        }
        self.keep_selection(was_at);
    }

    /// The first look at what is pending decides where a person begins: in the list, or in the form when there is
    /// nothing to look at. A key that was pressed before has decided already.
    fn choose_focus(&mut self) {
        if self.settled_focus {
            return;
        }
        if self.lines() > 0 {
            self.settled_focus = true;
            self.keep_selection(None);
        } else if self.reading.whole {
            self.settled_focus = true;
            if !self.is_read_only() {
                self.focus = Focus::Form;
            }
        }
    }

    fn ran(&mut self, memo: Memo, result: Result<(), Failure>, now: DateTime<Utc>) -> Vec<Effect> {
        self.running.remove(memo.id.to_string().as_str());
        match result {
            Ok(()) => {
                self.banners.say(format!("Delivered {} now.", super::save::quoted(&memo)), now);
                self.begin(Write::Cancel(memo), Origin::Program, now)
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
                // While the network is down the list says so already; and a function that never ran has no log yet.
                let silent = failure.kind.may_pass() || failure.kind == FailureKind::NotFound;
                if !silent && self.receipts.told.as_ref() != Some(&failure) {
                    self.banners.fail(&failure);
                    self.receipts.told = Some(failure);
                }
                return Vec::new();
            }
        };
        let was_at = self.selected_line();
        let mut effects = Vec::new();
        for delivery in arrived.read.iter().filter_map(crate::schedule::Receipt::proves) {
            let name: Name = delivery.id.to_string().into();
            let same = self.list.get(&name).and_then(Scheduled::memo).is_some_and(|memo| memo.delivery() == delivery);
            if same {
                self.list.remove(&name);
                if self.writes.end(&name).is_some() {
                    effects.push(Effect::GiveUp(context.clone(), name));
                }
            }
        }
        self.arrived = arrived.undone;
        let fresh: Vec<_> = self.arrived.iter().filter(|receipt| arrived.fresh.contains(&receipt.key)).collect();
        if !fresh.is_empty() {
            let notify = match fresh.len() {
                _ if !self.settings.notify => Vec::new(),
                many if many > NOTIFIED_AT_ONCE => vec![format!("{many} memos have arrived")],
                _ => fresh.iter().map(|receipt| receipt.text.lines().next().unwrap_or_default().to_owned()).collect(),
            };
            effects.push(Effect::Ring(Ring { bell: self.settings.bell, notify }));
            if self.view == View::History {
                effects.extend(self.here().map(|here| Effect::Ask(here.context.clone(), super::Ask::History)));
            }
        }
        if self.selected.is_none() {
            self.select_line(0);
        }
        self.keep_selection(was_at);
        self.choose_focus();
        effects
    }
}
