//! What the answer to a change does in a place that was left meanwhile: the list is not there to be changed, so what
//! the person must know is said, with the name of the place.

use chrono::{DateTime, Utc};
use when::Hours;

use crate::failure::{Failure, FailureKind};
use crate::schedule::{ContextId, Name, Scheduled, Write, Written};

use super::places::{Left, asked};
use super::save::{quoted, told};
use super::writes::Underway;
use super::{App, Effect, Origin, Stage};

/// What there is to say.
enum Said {
    Nothing,
    Well(String),
    Wrong(String),
}

impl App {
    pub(super) fn wrote_elsewhere(
        &mut self,
        context: &ContextId,
        write: &Write,
        result: Result<Written, Failure>,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
        let origin = left.writes.get(&write.name()).map_or(Origin::Program, |underway| underway.origin);
        let never_made = match &result {
            Ok(written) => matches!(written, Written::WasGone | Written::Differs(_)),
            Err(failure) => !failure.kind.may_pass(),
        };
        if never_made {
            self.undo.withdraw(context, write, origin);
        }
        let hours = self.settings.when.hours;
        let (effects, said) = match result {
            Ok(written) => left.went_through(write, &written, origin, hours, now),
            Err(failure) => left.did_not(write, &failure, now),
        };
        match said {
            Said::Nothing => {}
            Said::Well(sentence) => self.banners.say(sentence, now),
            Said::Wrong(sentence) => self.banners.warn(sentence),
        }
        effects
    }
}

impl Left {
    fn went_through(
        &mut self,
        write: &Write,
        written: &Written,
        origin: Origin,
        hours: Hours,
        now: DateTime<Utc>,
    ) -> (Vec<Effect>, Said) {
        let (name, place, what) = (write.name(), &self.here.name, told(write));
        let next = self.writes.end(&name).and_then(|underway| underway.then);
        let said = match (write, written) {
            (Write::Create(memo) | Write::Update { after: memo, .. }, Written::Saved(_)) => {
                if self.here.local {
                    self.list.put(Scheduled::of(memo.clone(), now));
                }
                Said::Well(format!("Scheduled {what} in {place}, for {}.", memo.due.words(hours)))
            }
            (_, Written::Cancelled) => {
                self.list.remove(&name);
                if origin == Origin::Program {
                    Said::Nothing
                } else {
                    Said::Well(format!("Cancelled {what} in {place}."))
                }
            }
            (Write::Update { .. }, Written::WasGone) => {
                let gone = Failure::new(
                    FailureKind::NotFound,
                    "it is not scheduled any more: it was delivered, or cancelled elsewhere.",
                    "",
                );
                self.writes.doubt(write);
                self.writes.failed(&name, &gone, now);
                Said::Wrong(format!("In {place}, {what}: {gone} Your change stays there as “not saved”."))
            }
            (_, Written::WasGone) => {
                self.list.remove(&name);
                Said::Wrong(format!("In {place}, {what} was gone already: delivered, or cancelled elsewhere."))
            }
            (Write::Update { after, .. }, Written::Differs(_)) => Said::Wrong(format!(
                "In {place}, {what} was changed elsewhere meanwhile: nothing was overwritten. Your change was: {}, {}.",
                quoted(after),
                after.due.words(hours)
            )),
            (_, Written::Differs(_)) => {
                Said::Wrong(format!("In {place}, {what}: something else is scheduled under its name."))
            }
            (_, Written::Saved(_)) => Said::Nothing,
        };
        let send = next.and_then(|(write, origin)| self.writes.begin(write, origin));
        (asked(&self.here.context, send), said)
    }

    fn did_not(&mut self, write: &Write, failure: &Failure, now: DateTime<Utc>) -> (Vec<Effect>, Said) {
        let (name, place, what) = (write.name(), &self.here.name, told(write));
        let passes = failure.kind.may_pass();
        // What is tried again is said once.
        let known = self.writes.get(&name).is_some_and(Underway::has_failed);
        let said = match (write, passes) {
            (_, true) if known => Said::Nothing,
            (_, true) => Said::Wrong(format!("In {place}, {what}: {failure} It is kept, and tried again by itself.")),
            (Write::Create(_) | Write::Update { .. }, false) => {
                Said::Wrong(format!("In {place}, {what}: {failure} It stays there as “not saved”."))
            }
            (Write::Cancel(_) | Write::CancelForeign(_), false) => {
                Said::Wrong(format!("In {place}, {what}: {failure} It is still scheduled."))
            }
        };
        self.writes.failed(&name, failure, now);
        (self.instead(write, &name), said)
    }

    /// What the person asked for while a change that failed was on its way takes the place of it.
    fn instead(&mut self, write: &Write, name: &Name) -> Vec<Effect> {
        let Some(underway) = self.writes.get(name) else { return Vec::new() };
        let refused = matches!(underway.stage, Stage::Refused(_));
        match (write, underway.then.clone()) {
            (Write::Cancel(_) | Write::CancelForeign(_), _) | (_, Some((Write::Cancel(_), _))) if refused => {
                self.writes.end(name);
                vec![Effect::GiveUp(self.here.context.clone(), Name::clone(name))]
            }
            (_, Some((next, origin))) => asked(&self.here.context, self.writes.begin(next, origin)),
            (_, None) => Vec::new(),
        }
    }
}
