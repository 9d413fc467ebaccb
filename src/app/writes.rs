//! Changes that the service has not confirmed yet: sent, waiting to be sent again, refused, or in doubt.
//!
//! There is one change per schedule at a time; what a person asks for meanwhile waits its turn, written down.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::succession::{self, Ended, Next};
use super::{Effect, Request};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, Name};

/// A change under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Underway {
    /// The change.
    pub write: Change,
    /// How far it has come.
    pub stage: Stage,
    /// Who asked for it.
    pub origin: Initiator,
    /// What is to be done when it is through.
    pub then: Option<(Change, Initiator)>,
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
pub enum Initiator {
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

/// What the beginning of a change led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// To be sent now.
    send: Option<Change>,
    /// What waits behind the change that is on its way, where that is another one now, or none.
    waits: Option<(Name, Option<Change>)>,
    /// What the change that was asked for comes to; nothing, where one on its way comes to the same.
    pub came_to: Option<Change>,
    /// The change that had waited so far, and has no turn any more.
    pub overtaken: Option<Change>,
}

impl Begun {
    /// What is to be done about it in this place.
    #[must_use]
    pub fn effects(self, context: &ContextId) -> Vec<Effect> {
        let keep = self.waits.map(|waits| Effect::Keep(context.clone(), vec![waits]));
        let send = self.send.map(|write| Effect::Request(context.clone(), Request::Write(write)));
        send.into_iter().chain(keep).collect()
    }
}

/// What is sent again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// These changes.
    pub send: Vec<Change>,
    /// What had waited behind a change whose time has passed, and what that is now.
    pub became: Vec<(Change, Option<Change>)>,
}

impl Underway {
    fn begun(write: Change, origin: Initiator) -> Self {
        Self { write, stage: Stage::Sending, origin, then: None, tries: 0 }
    }
}

impl Writes {
    /// Begins a change. While an earlier one of the same schedule is on its way, or nobody knows whether it was made,
    /// this one waits its turn.
    pub fn begin(&mut self, write: Change, origin: Initiator) -> Begun {
        let name = write.name();
        let Some(underway) = self.0.get_mut(&name) else { return self.begin_anew(name, write, origin) };
        let in_doubt = match &underway.stage {
            Stage::Refused(_) | Stage::Unconfirmed => return self.begin_anew(name, write, origin),
            Stage::Waiting(..) => true,
            Stage::Sending => false,
        };
        if in_doubt && let Some(instead) = succession::in_place_of(&underway.write, &write) {
            let overtaken = underway.then.take().map(|(waited, _)| waited);
            return Begun { overtaken, ..self.begin_anew(name, instead, origin) };
        }
        let waited = underway.then.take().map(|(waited, _)| waited);
        let waits = succession::behind(&underway.write, waited.as_ref(), &write);
        underway.then = waits.clone().map(|waits| (waits, origin));
        underway.stage = Stage::Sending;
        Begun {
            send: in_doubt.then(|| underway.write.clone()),
            waits: (waits != waited).then(|| (name, waits.clone())),
            came_to: waits,
            overtaken: waited,
        }
    }

    fn begin_anew(&mut self, name: Name, write: Change, origin: Initiator) -> Begun {
        self.0.insert(name, Underway::begun(write.clone(), origin));
        Begun { send: Some(write.clone()), came_to: Some(write), ..Begun::default() }
    }

    /// Takes note of a change whose time passed while it was in doubt.
    pub fn doubt(&mut self, write: &Change) {
        let underway = Underway {
            write: write.clone(),
            stage: Stage::Unconfirmed,
            origin: Initiator::Program,
            then: None,
            tries: 0,
        };
        self.0.insert(write.name(), underway);
    }

    /// The change is through, or given up: what it was.
    pub fn end(&mut self, name: &str) -> Option<Underway> {
        self.0.remove(name)
    }

    /// Takes out what waits behind the change of this schedule.
    pub fn take_waiting(&mut self, name: &str) -> Option<(Change, Initiator)> {
        self.0.get_mut(name)?.then.take()
    }

    /// Takes out what waits behind a change that did not get through, where it can take its place at once.
    pub fn overtaker(&mut self, name: &str) -> Option<(Change, Initiator)> {
        let underway = self.0.get_mut(name)?;
        let first = &underway.write;
        underway.then.take_if(|(waiting, _)| succession::in_place_of(first, waiting).is_some())
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

    /// The change of its schedule that is under way, if it is this one.
    #[must_use]
    pub fn get_if(&self, name: &str, write: &Change) -> Option<&Underway> {
        self.get(name).filter(|underway| underway.write == *write)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Underway> {
        self.0.values()
    }

    /// What has to be sent again by now. A create whose time has passed is not among them: it is in doubt from here on,
    /// since AWS accepts the past and fires.
    pub fn again(&mut self, now: DateTime<Utc>) -> Again {
        let mut again = Again::default();
        for underway in self.0.values_mut() {
            let Stage::Waiting(_, until) = &underway.stage else { continue };
            if underway.write.has_passed(now) {
                underway.stage = Stage::Unconfirmed;
                let Some((waited, origin)) = underway.then.take() else { continue };
                let Next::Send(write) = succession::next(&underway.write, &waited, Ended::Expired) else { continue };
                *underway = Underway::begun(write.clone(), origin);
                if write.has_passed(now) {
                    underway.stage = Stage::Unconfirmed;
                    again.became.push((waited, None));
                } else {
                    again.became.push((waited, Some(write.clone())));
                    again.send.push(write);
                }
            } else if *until <= now {
                underway.stage = Stage::Sending;
                again.send.push(underway.write.clone());
            }
        }
        again
    }

    /// When [`Writes::again`] has something to do next.
    #[must_use]
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.0
            .values()
            .filter_map(|underway| match (&underway.stage, &underway.write) {
                (Stage::Waiting(_, until), Change::Create(memo) | Change::Update { after: memo, .. }) => {
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
