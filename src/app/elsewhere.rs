//! What the answer to a change does in a place that was left meanwhile: the list is not there to be changed, so what
//! the person must know is said, with the name of the place.

use chrono::{DateTime, Utc};
use when::Hours;

use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Change, ChangeOutcome, Schedule};

use super::places::Left;
use super::save::{quoted, told};
use super::succession::{Ended, Next};
use super::turn::{Turn, ended};
use super::writes::Underway;
use super::{App, Effect, Initiator};

/// What an answer led to.
struct Led {
    effects: Vec<Effect>,
    said: Said,
    /// What had waited, and is not made either.
    withdrawn: Option<(Change, Initiator)>,
}

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
        write: &Change,
        result: Result<ChangeOutcome, Failure>,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
        let origin = left.writes.get(&write.name()).map_or(Initiator::Program, |underway| underway.origin);
        let never_made = match &result {
            Ok(written) => matches!(written, ChangeOutcome::AlreadyGone | ChangeOutcome::Differs(_)),
            Err(failure) => !failure.kind.may_pass(),
        };
        if never_made {
            self.undo.withdraw(context, write, origin);
        }
        let hours = self.settings.when.hours;
        let Led { effects, said, withdrawn } = match result {
            Ok(written) => left.went_through(write, &written, origin, hours, now),
            Err(failure) => left.did_not(write, &failure, now),
        };
        if let Some((waited, origin)) = withdrawn {
            self.undo.withdraw(context, &waited, origin);
        }
        match said {
            Said::Nothing => {}
            Said::Well(sentence) => self.banners.say(sentence, now),
            Said::Wrong(sentence) => self.banners.warn(sentence),
        }
        effects
    }

    /// Changes of many memos were stopped there before it was left.
    pub(super) fn withdrawn_elsewhere(
        &mut self,
        context: &ContextId,
        writes: &[Change],
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Some(left) = self.places.left.get_mut(context) else { return Vec::new() };
        let mut effects = Vec::new();
        for write in writes {
            let Some(ended) = left.writes.end(&write.name()) else { continue };
            self.undo.withdraw(context, write, ended.origin);
            if let Some(turn) = Turn::after(write, ended.then, Ended::NotMade) {
                effects.extend(left.give_turn(turn, now).0);
            }
        }
        effects
    }
}

impl Left {
    fn went_through(
        &mut self,
        write: &Change,
        written: &ChangeOutcome,
        origin: Initiator,
        hours: Hours,
        now: DateTime<Utc>,
    ) -> Led {
        let waited = self.writes.end(&write.name()).and_then(|underway| underway.then);
        let turn = Turn::after(write, waited, ended(written));
        let said = match &turn {
            Some(Turn { next: Next::Instead(both), .. }) => self.tell_how_it_went(both, written, origin, hours, now),
            Some(Turn { next: Next::Dropped, .. }) if matches!(written, ChangeOutcome::Differs(_)) => {
                Said::Wrong(format!(
                    "In {}, {} was changed elsewhere meanwhile: nothing was overwritten, and it was not cancelled.",
                    self.here.name,
                    told(write)
                ))
            }
            Some(Turn { next: Next::Dropped, .. }) => {
                self.list.remove(&write.name());
                self.was_gone(write)
            }
            _ => self.tell_how_it_went(write, written, origin, hours, now),
        };
        let (effects, withdrawn) = turn.map_or_else(Default::default, |turn| self.give_turn(turn, now));
        Led { effects, said, withdrawn }
    }

    /// As [`App::give_turn`]; with it what is not made.
    fn give_turn(&mut self, turn: Turn, now: DateTime<Utc>) -> (Vec<Effect>, Option<(Change, Initiator)>) {
        let Turn { waited, origin, next } = turn;
        let give_up = Effect::GiveUp(self.here.id.clone(), waited.name());
        match next {
            Next::Send(write) if write.has_passed(now) => {
                self.writes.doubt(&write);
                (Vec::new(), None)
            }
            Next::Send(write) => (self.writes.begin(write, origin).effects(&self.here.id), None),
            Next::There => (vec![give_up], None),
            Next::Instead(_) | Next::Dropped => (vec![give_up], Some((waited, origin))),
        }
    }

    fn was_gone(&self, write: &Change) -> Said {
        let (place, what) = (&self.here.name, told(write));
        Said::Wrong(format!("In {place}, {what} was gone already: delivered, or cancelled elsewhere."))
    }

    fn tell_how_it_went(
        &mut self,
        write: &Change,
        written: &ChangeOutcome,
        origin: Initiator,
        hours: Hours,
        now: DateTime<Utc>,
    ) -> Said {
        let (name, place, what) = (write.name(), &self.here.name, told(write));
        match (write, written) {
            (Change::Create(memo) | Change::Update { after: memo, .. }, ChangeOutcome::Saved(_)) => {
                if self.here.local {
                    self.list.put(Schedule::of(memo.clone(), now));
                }
                Said::Well(format!("Scheduled {what} in {place}, for {}.", memo.due.words(hours)))
            }
            (_, ChangeOutcome::Cancelled) => {
                self.list.remove(&name);
                if origin == Initiator::Program {
                    Said::Nothing
                } else {
                    Said::Well(format!("Cancelled {what} in {place}."))
                }
            }
            (Change::Update { .. }, ChangeOutcome::AlreadyGone) => {
                let gone = Failure::new(
                    FailureKind::NotFound,
                    "it is not scheduled any more: it was delivered, or cancelled elsewhere.",
                    "",
                );
                self.writes.doubt(write);
                self.writes.failed(&name, &gone, now);
                Said::Wrong(format!("In {place}, {what}: {gone} Your change stays there as “not saved”."))
            }
            (_, ChangeOutcome::AlreadyGone) => {
                self.list.remove(&name);
                self.was_gone(write)
            }
            (Change::Update { after, .. }, ChangeOutcome::Differs(_)) => Said::Wrong(format!(
                "In {place}, {what} was changed elsewhere meanwhile: nothing was overwritten. Your change was: {}, {}.",
                quoted(after),
                after.due.words(hours)
            )),
            (_, ChangeOutcome::Differs(_)) => {
                Said::Wrong(format!("In {place}, {what}: something else is scheduled under its name."))
            }
            (_, ChangeOutcome::Saved(_)) => Said::Nothing,
        }
    }

    fn did_not(&mut self, write: &Change, failure: &Failure, now: DateTime<Utc>) -> Led {
        let (name, place, what) = (write.name(), &self.here.name, told(write));
        let passes = failure.kind.may_pass();
        // What is tried again is said once.
        let known = self.writes.get(&name).is_some_and(Underway::has_failed);
        let said = match (write, passes) {
            (_, true) if known => Said::Nothing,
            (_, true) => Said::Wrong(format!("In {place}, {what}: {failure} It is kept, and tried again by itself.")),
            (Change::Create(_) | Change::Update { .. }, false) => {
                Said::Wrong(format!("In {place}, {what}: {failure} It stays there as “not saved”."))
            }
            (Change::Cancel(_) | Change::CancelForeign(_), false) => {
                Said::Wrong(format!("In {place}, {what}: {failure} It is still scheduled."))
            }
        };
        self.writes.failed(&name, failure, now);
        let mut led = Led { effects: Vec::new(), said, withdrawn: None };
        if passes {
            let begun = self.writes.overtaker(&name).map(|(write, origin)| self.writes.begin(write, origin));
            led.effects = begun.map_or_else(Vec::new, |begun| begun.effects(&self.here.id));
            return led;
        }
        let turn = Turn::after(write, self.writes.take_waiting(&name), Ended::NotMade);
        let is_over = match &turn {
            Some(turn) => turn.next == Next::There,
            None => matches!(write, Change::Cancel(_) | Change::CancelForeign(_)),
        };
        match turn {
            _ if is_over => {
                self.writes.end(&name);
                led.effects = vec![Effect::GiveUp(self.here.id.clone(), name)];
            }
            Some(turn) => (led.effects, led.withdrawn) = self.give_turn(turn, now),
            None => {}
        }
        led
    }
}
