//! One key that changes many memos: how far it has come, and what is said when it is through. Each of its changes is
//! sent, kept and tried again like any other; only what is said of them is said once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::keymap::{Action, KeyContext, Keymap};
use crate::schedule::{Change, Name, Schedule};

use super::places::asked;
use super::save::told;
use super::succession;
use super::turn::Turn;
use super::undo::Step;
use super::writes::Underway;
use super::{App, Effect, Initiator, Request, Stage};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Call them off.
    Cancel,
    /// Put them off.
    Snooze,
    /// Undo or redo of many at once.
    Restore,
}

impl Deed {
    /// What is being done.
    #[must_use]
    pub fn doing(self) -> &'static str {
        match self {
            Self::Cancel => "cancelling",
            Self::Snooze => "snoozing",
            Self::Restore => "changing back",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Cancel => "Cancelled",
            Self::Snooze => "Snoozed",
            Self::Restore => "Changed back",
        }
    }
}

/// How one of the changes ended, for now.
pub(super) enum Ended {
    /// It was made.
    Made,
    /// It was not, and will not be.
    Not(String),
    /// It could not be sent yet.
    Later(String),
    /// It was stopped before it was sent.
    Stopped,
    /// Another change of the same memo was asked for before this one had its turn.
    Overtaken,
}

/// Many changes under way.
#[derive(Debug)]
pub struct Batch {
    deed: Deed,
    open: HashMap<Name, Change>,
    total: usize,
    not: Vec<(String, String)>,
    later: Vec<(String, String)>,
    /// The person has stopped it.
    stopped: bool,
    /// How many were not sent for that.
    not_sent: usize,
}

/// How many are named in one sentence.
const NAMED: usize = 5;

impl Batch {
    /// What is done, of how many it is known how that ended, and to how many it is done: all but those that were
    /// stopped before they were sent.
    #[must_use]
    pub fn progress(&self) -> (Deed, usize, usize) {
        let total = self.total - self.not_sent;
        (self.deed, total - self.open.len(), total)
    }

    /// What there is to say at the end; whether something went wrong stands beside it.
    fn summary(&self, keys: &Keymap) -> (bool, String) {
        let made = self.total - self.not.len() - self.later.len() - self.not_sent;
        let done = self.deed.done();
        if made == self.total {
            let back = match self.deed {
                Deed::Restore => String::new(),
                _ => format!("; {} takes it back", keys.key(KeyContext::Pending, Action::Undo)),
            };
            return (false, format!("{done} {made} memos{back}."));
        }
        let mut sentence = format!("{done} {made} of {} memos.", self.total);
        if self.not_sent > 0 {
            sentence.push_str(" Stopped: the rest is as it was.");
        }
        for (those, what) in [(&self.not, "Not"), (&self.later, "Not sent yet, and tried again by themselves")] {
            if let Some((_, why)) = those.first() {
                let names: Vec<&str> = those.iter().take(NAMED).map(|(name, _)| name.as_str()).collect();
                let more = those.len() - names.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                sentence.extend([" ", what, ": ", &names.join(", "), &more, ". ", &capital(why)]);
            }
        }
        (!self.not.is_empty() || !self.later.is_empty(), sentence)
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is to be sent and what is to wait, each in one effect, so that many changes are written down at once.
pub(super) fn together(begun: Vec<Effect>) -> Vec<Effect> {
    let (mut keep, mut send, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    let mut place = None;
    for effect in begun {
        match effect {
            Effect::Request(context, Request::Write(write)) => {
                send.push(write);
                place = Some(context);
            }
            Effect::Keep(context, waits) => {
                keep.extend(waits);
                place = Some(context);
            }
            effect => rest.push(effect),
        }
    }
    if let Some(context) = place {
        rest.extend(asked(&context, send));
        rest.extend((!keep.is_empty()).then_some(Effect::Keep(context, keep)));
    }
    rest
}

impl App {
    /// Begins many changes as one step.
    pub(super) fn begin_all(
        &mut self,
        writes: Vec<Change>,
        deed: Deed,
        origin: Initiator,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        if let Some(step) = self.here().and_then(|here| Step::of(&here.id, &writes)) {
            self.undo.asked_for(step, origin);
        }
        if let [_, _, ..] = writes.as_slice() {
            self.batches.push(Batch {
                deed,
                open: writes.iter().map(|write| (write.name(), write.clone())).collect(),
                total: writes.len(),
                not: Vec::new(),
                later: Vec::new(),
                stopped: false,
                not_sent: 0,
            });
        }
        let was_at = self.selected_line();
        let begun = writes.into_iter().flat_map(|write| self.put_under_way(write, origin, now)).collect();
        self.keep_selection(was_at);
        together(begun)
    }

    /// Whether this change is one of many, of which is told together.
    pub(super) fn is_one_of_many(&self, write: &Change) -> bool {
        self.batches.iter().any(|batch| batch.open.get(&write.name()) == Some(write))
    }

    /// One of many has ended, for now. What could not be done is marked again, so that it is found.
    pub(super) fn ended_in_batch(&mut self, write: &Change, ended: Ended, now: DateTime<Utc>) {
        let name = write.name();
        let Some(at) = self.batches.iter().position(|batch| batch.open.get(&name) == Some(write)) else { return };
        let batch = &mut self.batches[at];
        batch.open.remove(&name);
        match ended {
            Ended::Made => {}
            Ended::Not(why) => {
                batch.not.push((told(write), why));
                self.list.mark(&name, true);
            }
            Ended::Later(why) => batch.later.push((told(write), why)),
            Ended::Stopped => {
                batch.not_sent += 1;
                self.list.mark(&name, true);
            }
            Ended::Overtaken => batch.total -= 1,
        }
        if self.batches[at].open.is_empty() {
            let batch = self.batches.remove(at);
            if batch.total == 0 {
                return;
            }
            let (wrong, sentence) = batch.summary(&self.settings.keys);
            if wrong { self.banners.warn(sentence) } else { self.banners.say(sentence, now) }
        }
    }

    /// One of many that waited is to be another change now, or none.
    pub(super) fn became_in_batch(&mut self, write: &Change, now_is: Option<&Change>, now: DateTime<Utc>) {
        match now_is {
            Some(other) if other == write => {}
            Some(other) => {
                let name = write.name();
                let open = self.batches.iter_mut().filter_map(|batch| batch.open.get_mut(&name));
                for known in open.filter(|known| *known == write) {
                    *known = other.clone();
                }
            }
            None => self.ended_in_batch(write, Ended::Overtaken, now),
        }
    }

    /// Many memos are read, or changed, and nobody has stopped that yet.
    #[must_use]
    pub fn can_stop(&self) -> bool {
        self.reading.is_long() || self.batches.iter().any(|batch| !batch.stopped)
    }

    /// Stops what is under way: what was not sent yet is not sent, and what was ends as it ends.
    pub(super) fn stop(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        if !self.batches.iter().any(|batch| !batch.stopped) {
            return vec![Effect::StopReading(context)];
        }
        let mut open = Vec::new();
        for batch in &mut self.batches {
            batch.stopped = true;
            open.extend(batch.open.values().cloned());
        }
        let (mut waiting, mut names) = (Vec::new(), Vec::new());
        for write in open {
            let name = write.name();
            match self.writes.get(&name) {
                Some(underway) if underway.write == write => names.push(name),
                Some(Underway { then: Some((waits, _)), .. }) if *waits == write => waiting.push(name),
                _ => {}
            }
        }
        let mut effects = Vec::new();
        if !waiting.is_empty() {
            let taken: Vec<_> = waiting.iter().filter_map(|name| self.writes.take_waiting(name)).collect();
            effects.push(Effect::Keep(context.clone(), waiting.into_iter().map(|name| (name, None)).collect()));
            for (write, origin) in taken {
                // What is shown is what the change before it makes.
                if let Some(memo) = self.writes.get(&write.name()).and_then(|first| succession::end(&first.write)) {
                    self.list.put(Schedule::of(memo.clone(), now));
                }
                self.undo.withdraw(&context, &write, origin);
                self.ended_in_batch(&write, Ended::Stopped, now);
            }
        }
        effects.push(Effect::Withdraw(context, names));
        effects
    }

    /// These changes were taken back before they were sent: the list shows what was there before them.
    pub(super) fn withdrawn(&mut self, context: &ContextId, writes: &[Change], now: DateTime<Utc>) -> Vec<Effect> {
        let was_at = self.selected_line();
        let mut effects = Vec::new();
        let mut origins = Vec::new();
        for write in writes {
            let name = write.name();
            let Some(underway) = self.writes.get_if(&name, write) else { continue };
            let (origin, waited) = (underway.origin, self.writes.take_waiting(&name));
            origins.push((write, origin));
            self.was_not_made(&name);
            self.ended_in_batch(write, Ended::Stopped, now);
            let turn = Turn::after(write, waited, succession::Ended::NotMade);
            effects.extend(turn.into_iter().flat_map(|turn| self.give_turn(context, turn, now)));
        }
        self.undo.withdraw_all(context, &origins);
        self.keep_selection(was_at);
        together(effects)
    }

    /// Calls all marked memos off.
    pub(super) fn cancel_marked(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        let (mut effects, mut writes) = (Vec::new(), Vec::new());
        for memo in self.take_marked() {
            let name: Name = memo.id.to_string().into();
            // What the service does not have is not called off, but dropped.
            match self.writes.get(&name).map(|underway| &underway.stage) {
                Some(Stage::Refused(_) | Stage::Unconfirmed) => effects.extend(self.drop_row(&context, &name)),
                _ => writes.push(Change::Cancel(memo)),
            }
        }
        effects.extend(self.begin_all(writes, Deed::Cancel, Initiator::Person, now));
        effects
    }
}
