//! Changes that the service has not confirmed yet: sent, waiting to be sent again, refused, or in doubt.
//!
//! There is one change per schedule at a time; what a person asks for meanwhile waits its turn.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;
use crate::schedule::{Name, Write};

/// A change under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Underway {
    /// The change.
    pub write: Write,
    /// How far it has come.
    pub stage: Stage,
    /// Who asked for it.
    pub origin: Origin,
    /// What is to be done when it is through.
    pub then: Option<(Write, Origin)>,
    tries: u32,
}

impl Underway {
    /// Whether it was tried before, and did not get through.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.tries > 0
    }
}

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It was sent; the answer is awaited.
    Sending,
    /// It did not get through, and is sent again at this time.
    Waiting(Failure, DateTime<Utc>),
    /// The service refused it: it stays until the person changes it or gives it up.
    Refused(Failure),
    /// Its time passed before anybody confirmed it; it may have been delivered, so it is not sent again.
    Unconfirmed,
}

/// Who asked for a change: it decides what undo does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A person, by a key.
    Person,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// The program itself: the end of a run by hand, or a change of an earlier run of the program.
    Program,
}

/// All changes under way, by the name of the schedule.
#[derive(Debug, Clone, Default)]
pub struct Writes(HashMap<Name, Underway>);

/// The longest wait between two tries.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);

impl Writes {
    /// Begins a change. Answers what is to be sent now; nothing, when an earlier change of the same schedule is still
    /// on its way: then this one waits its turn.
    pub fn begin(&mut self, write: Write, origin: Origin) -> Option<Write> {
        let name = write.name();
        if let Some(underway) = self.0.get_mut(&name)
            && underway.stage == Stage::Sending
        {
            underway.then = Some((write, origin));
            return None;
        }
        let fresh = Underway { write: write.clone(), stage: Stage::Sending, origin, then: None, tries: 0 };
        self.0.insert(name, fresh);
        Some(write)
    }

    /// Takes note of a change whose time passed while it was in doubt.
    pub fn doubt(&mut self, write: &Write) {
        let underway =
            Underway { write: write.clone(), stage: Stage::Unconfirmed, origin: Origin::Program, then: None, tries: 0 };
        self.0.insert(write.name(), underway);
    }

    /// The change is through, or given up: what it was.
    pub fn end(&mut self, name: &str) -> Option<Underway> {
        self.0.remove(name)
    }

    /// The change did not get through. It is sent again later when the failure may pass.
    pub fn failed(&mut self, name: &str, failure: &Failure, now: DateTime<Utc>) {
        if let Some(underway) = self.0.get_mut(name) {
            underway.stage = if failure.kind.may_pass() {
                let wait = TimeDelta::seconds(2 << underway.tries.min(5)).min(LONGEST_WAIT);
                underway.tries += 1;
                Stage::Waiting(failure.clone(), now + wait)
            } else {
                Stage::Refused(failure.clone())
            };
        }
    }

    /// The change of this schedule that is under way.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Underway> {
        self.0.get(name)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Underway> {
        self.0.values()
    }

    /// What has to be sent again by now. A create whose time has passed is not among them: it is in doubt from here on,
    /// since AWS accepts the past and fires.
    pub fn again(&mut self, now: DateTime<Utc>) -> Vec<Write> {
        let mut due = Vec::new();
        for underway in self.0.values_mut() {
            let Stage::Waiting(_, until) = &underway.stage else { continue };
            match &underway.write {
                Write::Create(memo) | Write::Update { after: memo, .. } if memo.due.instant <= now => {
                    underway.stage = Stage::Unconfirmed;
                }
                _ if *until <= now => {
                    underway.stage = Stage::Sending;
                    due.push(underway.write.clone());
                }
                _ => {}
            }
        }
        due
    }

    /// When [`Writes::again`] has something to do next.
    #[must_use]
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.0
            .values()
            .filter_map(|underway| match (&underway.stage, &underway.write) {
                (Stage::Waiting(_, until), Write::Create(memo) | Write::Update { after: memo, .. }) => {
                    Some(memo.due.instant.min(*until))
                }
                (Stage::Waiting(_, until), _) => Some(*until),
                _ => None,
            })
            .min()
    }

    /// Sends everything that waits at the next opportunity: the person asked, or the network is back.
    pub fn hurry(&mut self, now: DateTime<Utc>) {
        for underway in self.0.values_mut() {
            if let Stage::Waiting(_, until) = &mut underway.stage {
                *until = now;
            }
        }
    }

    /// How many the service has not taken, and may take yet.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.0.values().filter(|underway| underway.stage != Stage::Unconfirmed).count()
    }
}
