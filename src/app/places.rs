//! Going from one place where memos live to another, and what goes on in those that were left.
//!
//! A place that was left keeps its own changes: their answers settle them there, they are sent again from there, and
//! they are the list's again when the person comes back. Nothing of one place ever lands in another.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::context::ContextInfo;
use crate::failure::Failure;
use crate::keymap::{Action, KeyContext};
use crate::schedule::{Change, Name, Receipt, Schedule};

use super::answers::in_quotes;
use super::succession::{self, Left as Behind};
use super::{
    App, Arrived, CONNECT_PAUSE, Connection, Effect, Filter, Focus, Form, History, Initiator, List, Modal, Reading,
    Receipts, Request, Response, View, Writes,
};

/// Where the person is going, and what was left.
#[derive(Debug, Default)]
pub struct Places {
    /// The name of the place that the person is in or wants to be in; none until the settings were read.
    wanted: Option<String>,
    pub(super) left: BTreeMap<ContextId, Left>,
}

/// A place that was left.
#[derive(Debug)]
pub struct Left {
    /// Which.
    pub here: ContextInfo,
    /// Its changes that are not confirmed.
    pub writes: Writes,
    /// What it holds, where that rings only while the program is open.
    pub list: List,
    /// How many memos have arrived there since.
    pub rang: usize,
    /// Memos that are being run by hand there.
    pub(super) running: HashSet<Name>,
}

impl Left {
    fn unvisited(here: ContextInfo) -> Self {
        Self { here, writes: Writes::default(), list: List::default(), rang: 0, running: HashSet::new() }
    }
}

impl Places {
    /// The name of the place that the person is in or wants to be in, once it is known.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// The settings choose where to begin.
    pub(super) fn begin_in(&mut self, chosen: &str) {
        self.wanted.get_or_insert_with(|| chosen.to_owned());
    }

    /// The places that were left.
    #[must_use = "an iterator does nothing by itself"]
    pub fn left(&self) -> impl Iterator<Item = &Left> {
        self.left.values()
    }

    /// When a change in a place that was left is sent again.
    pub(super) fn next_change(&self) -> Option<DateTime<Utc>> {
        self.left().filter_map(|left| left.writes.next_change()).min()
    }

    /// What has to be sent again in the places that were left.
    pub(super) fn again(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        self.left.iter_mut().filter_map(|(context, left)| asked(context, left.writes.again(now).send)).collect()
    }
}

impl App {
    /// How many changes no service has taken yet, here and in the places that were left.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.writes.unsent() + self.places.left().map(|left| left.writes.unsent()).sum::<usize>()
    }

    /// There is another place to go to.
    #[must_use]
    pub fn has_contexts(&self) -> bool {
        self.settings.contexts.len() > 1
    }

    /// Asks where to go. The settings are read again, since another place may have been written into them.
    pub(super) fn ask_where(&mut self) -> Vec<Effect> {
        self.modal = Some(Modal::Places { names: Vec::new(), selected: 0 });
        self.offer_contexts();
        vec![Effect::Settings]
    }

    /// Puts the names that there are into the question that is asked, if it is.
    pub(super) fn offer_contexts(&mut self) {
        if let Some(Modal::Places { names, selected }) = &mut self.modal {
            let highlighted = names.get(*selected).cloned().or_else(|| self.places.wanted.clone());
            names.clone_from(&self.settings.contexts);
            *selected = names.iter().position(|name| Some(name) == highlighted.as_ref()).unwrap_or(0);
        }
    }

    /// The person has picked one of the places, counted from 0, or the highlighted one.
    pub(super) fn pick_place(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Places { names, selected }) = &self.modal else { return Vec::new() };
        let name = names.get(index.unwrap_or(*selected)).cloned();
        if name.is_none() && index.is_some() {
            return Vec::new();
        }
        self.modal = None;
        name.map_or_else(Vec::new, |name| self.go_to(name, now))
    }

    fn go_to(&mut self, name: String, now: DateTime<Utc>) -> Vec<Effect> {
        if self.places.wanted.as_ref() == Some(&name) {
            return match self.connection {
                Connection::Closed(_) => self.open_again(),
                Connection::Open(_) => vec![Effect::Review(name)],
                Connection::Opening => Vec::new(),
            };
        }
        self.leave();
        self.places.wanted = Some(name);
        if !self.form.is_empty() {
            self.draft_changed(now);
        }
        self.open_again()
    }

    /// Opens the place that the person wants to be in.
    pub(super) fn open_again(&mut self) -> Vec<Effect> {
        if self.here().is_none() {
            self.connection = Connection::Opening;
        }
        self.connect_due = None;
        vec![Effect::Start(self.places.wanted.clone())]
    }

    /// Leaves the place: what belongs to it stays with it, and only the form goes along.
    fn leave(&mut self) {
        let writes = std::mem::take(&mut self.writes);
        let running = std::mem::take(&mut self.running);
        let order = self.list.order();
        let list = std::mem::take(&mut self.list);
        self.list.sort(order);
        self.filter = Filter::default();
        self.range_from = None;
        self.batches = Vec::new();
        if let Connection::Open(here) = std::mem::replace(&mut self.connection, Connection::Opening) {
            let list = if here.local { list } else { List::default() };
            self.places.left.insert(here.id.clone(), Left { here, writes, list, rang: 0, running });
        }
        if self.form.is_untouched_change() {
            self.form = Form::new(self.settings.zone);
        } else {
            self.form.leave_its_memo();
        }
        self.modal = self.modal.take().filter(|modal| matches!(modal, Modal::Help { .. } | Modal::Places { .. }));
        self.banners.forget_news();
        self.arrived = Vec::new();
        self.selected = None;
        self.history = History::default();
        self.failing = HashMap::new();
        self.reading = Reading::default();
        self.receipts = Receipts::default();
        self.beginning.moved = false;
        self.view = View::Pending;
        self.focus = Focus::List;
    }

    /// A place was opened.
    pub(super) fn connected(&mut self, here: ContextInfo, now: DateTime<Utc>) -> Vec<Effect> {
        let present = self.here().is_some_and(|present| present.id == here.id);
        if self.places.wanted.as_ref().is_some_and(|wanted| *wanted != here.name) {
            // The person has gone elsewhere meanwhile; it may have something to tell all the same.
            if !present {
                self.places.left.entry(here.id.clone()).or_insert_with(|| Left::unvisited(here));
            }
            return Vec::new();
        }
        self.places.wanted = Some(here.name.clone());
        // What was being read is read anew.
        self.reading = Reading::default();
        if !present {
            if self.here().is_some() {
                // The same name leads somewhere else now: to another account, after another sign-on.
                self.leave();
            }
            self.come_back(&here.id, now);
        }
        self.connection = Connection::Open(here);
        let receipts = self.ask_receipts(now);
        receipts.into_iter().chain(self.refresh()).collect()
    }

    /// What is under way in this place is the list's again.
    fn come_back(&mut self, context: &ContextId, now: DateTime<Utc>) {
        let Some(left) = self.places.left.remove(context) else { return };
        self.running = left.running;
        self.writes = left.writes;
        for underway in self.writes.iter() {
            let wanted = underway.then.as_ref().map_or(&underway.write, |(next, _)| next);
            if let Change::Create(memo) | Change::Update { after: memo, .. } | Change::Cancel(memo) = wanted {
                self.list.put(Schedule::of(memo.clone(), now));
            }
        }
    }

    /// A place could not be opened.
    pub(super) fn not_connected(&mut self, name: Option<&str>, failures: Vec<Failure>, now: DateTime<Utc>) {
        let elsewhere = name.is_some_and(|name| self.places.wanted().is_some_and(|wanted| wanted != name));
        if elsewhere {
            return;
        }
        if self.here().is_some() {
            // It was to be opened anew: what is shown stays.
            for failure in &failures {
                self.banners.fail(failure);
            }
            return;
        }
        let passes = failures.iter().all(|failure| failure.kind.may_pass());
        self.connect_due = passes.then_some(now + CONNECT_PAUSE);
        self.connection = Connection::Closed(failures);
    }

    /// A place that was left has answered.
    pub(super) fn answered_elsewhere(
        &mut self,
        context: &ContextId,
        answer: Response,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        match answer {
            Response::Wrote(write, result) => self.wrote_elsewhere(context, &write, result, now),
            Response::Withdrawn(writes) => self.withdrawn_elsewhere(context, &writes, now),
            Response::Ran(memo, result) => {
                let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
                left.running.remove(memo.id.to_string().as_str());
                let (what, place) = (super::save::quoted(&memo), left.here.name.clone());
                match result {
                    Ok(answer) => {
                        let begun = left.writes.begin(Change::Cancel(memo), Initiator::Program);
                        let answer =
                            if answer.is_empty() { answer } else { format!(" Its target answered: {answer}.") };
                        self.banners.say(format!("Delivered {what} now, in {place}.{answer}"), now);
                        begun.effects(context)
                    }
                    Err(failure) => {
                        self.banners
                            .warn(format!("In {place}, {what} could not be run: {failure} It is still scheduled."));
                        Vec::new()
                    }
                }
            }
            Response::Adopted(adopted) => self.adopted_elsewhere(context, adopted, now),
            Response::Arrived(Ok(arrived)) => self.arrived_elsewhere(context, &arrived, now),
            Response::Arrived(Err(failure)) => {
                if let Some(left) = self.places.left.get(context)
                    && !failure.kind.may_pass()
                {
                    self.banners.warn(format!("In {}: {failure}", left.here.name));
                }
                Vec::new()
            }
            // What is only shown is read again when the person comes back.
            Response::Cached { .. }
            | Response::Rows(_)
            | Response::Progress { .. }
            | Response::ReadingStopped
            | Response::Loaded(_)
            | Response::Details(..)
            | Response::Copy(_)
            | Response::History(_) => Vec::new(),
        }
    }

    /// Changes of an earlier run of the program, in a place that was opened after the person had gone elsewhere.
    fn adopted_elsewhere(&mut self, context: &ContextId, adopted: Vec<Change>, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
        let mut effects = Vec::new();
        for adopted in succession::left_behind(adopted, now) {
            match adopted {
                Behind::Doubtful(write) => left.writes.doubt(&write),
                Behind::Again(first, waiting) => {
                    let writes = std::iter::once(first).chain(waiting);
                    effects
                        .extend(writes.flat_map(|write| left.writes.begin(write, Initiator::Program).effects(context)));
                }
            }
        }
        let go = self.settings.keys.key(KeyContext::Pending, Action::Contexts);
        self.banners.say(format!("In {} there were changes from last time: {go} goes there.", left.here.name), now);
        effects
    }

    /// Something was delivered in a place that was left: it rings as it would here.
    fn arrived_elsewhere(&mut self, context: &ContextId, arrived: &Arrived, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
        let mut effects = Vec::new();
        for receipt in arrived.read.iter().filter(|receipt| receipt.is_delivered() || receipt.is_lost()) {
            let Some(delivery) = receipt.delivery() else { continue };
            let name: Name = delivery.id.to_string().into();
            if left.list.get(&name).and_then(Schedule::memo).is_some_and(|memo| memo.delivery() == delivery) {
                left.list.remove(&name);
            }
            if left.writes.get(&name).is_some_and(|underway| underway.write.delivery() == Some(delivery)) {
                left.writes.end(&name);
                effects.push(Effect::GiveUp(context.clone(), name));
            }
        }
        let is_fresh = |receipt: &&Receipt| arrived.fresh.contains(&receipt.key);
        let fresh: Vec<Receipt> = arrived.undone.iter().filter(is_fresh).cloned().collect();
        let (made, lost): (Vec<&Receipt>, Vec<&Receipt>) = fresh.iter().partition(|receipt| receipt.is_delivered());
        left.rang += made.len();
        let (place, go) = (&left.here.name, self.settings.keys.key(KeyContext::Pending, Action::Contexts));
        for lost in lost {
            let (what, why) = (in_quotes(&lost.text), lost.error().unwrap_or_default().trim_end_matches('.'));
            self.banners.warn(format!("In {place}, {what} was not delivered: {why}. {go} goes there."));
        }
        match made.as_slice() {
            [] => {}
            [one] => self.banners.say(format!("{} arrived in {place}: {go} goes there.", in_quotes(&one.text)), now),
            many => self.banners.say(format!("{} memos arrived in {place}: {go} goes there.", many.len()), now),
        }
        if !fresh.is_empty() {
            effects.push(Effect::Ring(self.ring(&fresh)));
        }
        effects
    }
}

/// The effect that sends changes, if any are to be sent.
pub(super) fn asked(context: &ContextId, mut send: Vec<Change>) -> Option<Effect> {
    let ask = match send.len() {
        0 | 1 => Request::Write(send.pop()?),
        _ => Request::WriteAll(send),
    };
    Some(Effect::Request(context.clone(), ask))
}
