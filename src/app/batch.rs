//! One key that changes many memos: how far it has come, and what is said when it is through. Each of its changes is
//! sent, kept and tried again like any other; only what is said of them is said once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::keymap::{Action, Keymap, Place};
use crate::schedule::{Name, Write};

use super::save::told;
use super::undo::Step;
use super::{App, Effect, Origin, Stage};

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
}

/// Many changes under way.
#[derive(Debug)]
pub struct Batch {
    deed: Deed,
    open: HashMap<Name, Write>,
    total: usize,
    not: Vec<(String, String)>,
    later: Vec<(String, String)>,
}

/// How many are named in one sentence.
const NAMED: usize = 5;

impl Batch {
    /// What is done, to how many, and of how many it is known how that ended.
    #[must_use]
    pub fn progress(&self) -> (Deed, usize, usize) {
        (self.deed, self.total - self.open.len(), self.total)
    }

    /// What there is to say at the end; whether something went wrong stands beside it.
    fn summary(&self, keys: &Keymap) -> (bool, String) {
        let made = self.total - self.not.len() - self.later.len();
        let done = self.deed.done();
        if made == self.total {
            let back = match self.deed {
                Deed::Restore => String::new(),
                _ => format!("; {} takes it back", keys.key(Place::Panel, Action::Undo)),
            };
            return (false, format!("{done} {made} memos{back}."));
        }
        let mut sentence = format!("{done} {made} of {} memos.", self.total);
        for (those, what) in [(&self.not, "Not"), (&self.later, "Not sent yet, and tried again by themselves")] {
            if let Some((_, why)) = those.first() {
                let names: Vec<&str> = those.iter().take(NAMED).map(|(name, _)| name.as_str()).collect();
                let more = those.len() - names.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                sentence.extend([" ", what, ": ", &names.join(", "), &more, ". ", &capital(why)]);
            }
        }
        (true, sentence)
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl App {
    /// Begins many changes as one step.
    pub(super) fn begin_all(
        &mut self,
        writes: Vec<Write>,
        deed: Deed,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        if let Some(step) = self.here().and_then(|here| Step::of(&here.context, &writes)) {
            self.undo.asked_for(step, origin);
        }
        if let [_, _, ..] = writes.as_slice() {
            self.batches.push(Batch {
                deed,
                open: writes.iter().map(|write| (write.name(), write.clone())).collect(),
                total: writes.len(),
                not: Vec::new(),
                later: Vec::new(),
            });
        }
        let was_at = self.selected_line();
        let effects = writes.into_iter().flat_map(|write| self.put_under_way(write, origin, now)).collect();
        self.keep_selection(was_at);
        effects
    }

    /// Whether this change is one of many, of which is told together.
    pub(super) fn is_one_of_many(&self, write: &Write) -> bool {
        self.batches.iter().any(|batch| batch.open.get(&write.name()) == Some(write))
    }

    /// One of many has ended, for now. What could not be done is marked again, so that it is found.
    pub(super) fn ended_in_batch(&mut self, write: &Write, ended: Ended, now: DateTime<Utc>) {
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
        }
        if self.batches[at].open.is_empty() {
            let (wrong, sentence) = self.batches.remove(at).summary(&self.settings.keys);
            if wrong { self.banners.warn(sentence) } else { self.banners.say(sentence, now) }
        }
    }

    /// Calls all marked memos off.
    pub(super) fn cancel_marked(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(context) = self.here().map(|here| here.context.clone()) else { return Vec::new() };
        let (mut effects, mut writes) = (Vec::new(), Vec::new());
        for memo in self.take_marked() {
            let name: Name = memo.id.to_string().into();
            // What the service does not have is not called off, but dropped.
            match self.writes.get(&name).map(|underway| &underway.stage) {
                Some(Stage::Refused(_) | Stage::Unconfirmed) => effects.extend(self.drop_row(&context, &name)),
                _ => writes.push(Write::Cancel(memo)),
            }
        }
        effects.extend(self.begin_all(writes, Deed::Cancel, Origin::Person, now));
        effects
    }
}
