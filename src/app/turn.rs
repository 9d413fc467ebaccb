//! A change that waited for an earlier one of the same schedule has its turn, or is told that it has none.

use chrono::{DateTime, Utc};

use super::batch::Ended as InBatch;
use super::save::told;
use super::succession::{self, Ended, Next};
use super::{App, Effect, Initiator};
use crate::context::ContextId;
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};

/// A change that waited, and what becomes of it.
pub(super) struct Turn {
    pub waited: Change,
    pub origin: Initiator,
    pub next: Next,
}

impl Turn {
    /// What becomes of the change that waited for `first`, which has ended so.
    pub fn after(first: &Change, waited: Option<(Change, Initiator)>, ended: Ended) -> Option<Self> {
        waited.map(|(waited, origin)| Self { next: succession::next(first, &waited, ended), waited, origin })
    }
}

/// How an answer of the service ended a change.
pub(super) fn ended(written: &ChangeOutcome) -> Ended {
    match written {
        ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled => Ended::Made,
        ChangeOutcome::AlreadyGone => Ended::Gone,
        ChangeOutcome::Differs(_) => Ended::Differs,
    }
}

impl App {
    /// The change before it is settled: it is sent, or taken out of the journal.
    pub(super) fn give_turn(&mut self, context: &ContextId, turn: Turn, now: DateTime<Utc>) -> Vec<Effect> {
        let Turn { waited, origin, next } = turn;
        match next {
            Next::Send(write) if write.has_passed(now) => {
                if let Some(memo) = succession::end(&write) {
                    self.list.put(Schedule::of(memo.clone(), now));
                }
                self.writes.doubt(&write);
                self.never_sent(&waited, now);
                Vec::new()
            }
            Next::Send(write) => {
                self.became_in_batch(&waited, Some(&write), now);
                self.put_under_way(write, origin, now)
            }
            Next::There => {
                self.ended_in_batch(&waited, InBatch::Made, now);
                vec![Effect::GiveUp(context.clone(), waited.name())]
            }
            Next::Instead(_) | Next::Dropped => {
                self.undo.withdraw(context, &waited, origin);
                let why = "Something else was done to it elsewhere meanwhile.".to_owned();
                self.ended_in_batch(&waited, InBatch::Not(why), now);
                vec![Effect::GiveUp(context.clone(), waited.name())]
            }
        }
    }

    fn never_sent(&mut self, write: &Change, now: DateTime<Utc>) {
        let why = "Its time passed while an earlier change of it was on its way.";
        if self.is_one_of_many(write) {
            self.ended_in_batch(write, InBatch::Not(why.to_owned()), now);
        } else {
            self.banners.warn(format!("{} was not sent: {why}", told(write)));
        }
    }

    /// What waited for a change that did not get through takes its place, where it comes to the same whether that was
    /// made or not.
    pub(super) fn overtake(&mut self, name: &Name, now: DateTime<Utc>) -> Vec<Effect> {
        let Some((write, origin)) = self.writes.overtaker(name) else { return Vec::new() };
        self.put_under_way(write, origin, now)
    }

    /// The service has refused a change for good: what waited for it builds on what was there before.
    pub(super) fn not_made(&mut self, context: &ContextId, write: &Change, now: DateTime<Utc>) -> Vec<Effect> {
        let name = write.name();
        let waited = self.writes.take_waiting(&name);
        match Turn::after(write, waited, Ended::NotMade) {
            Some(turn) if turn.next == Next::There => {
                self.ended_in_batch(&turn.waited, InBatch::Made, now);
                self.drop_change(context, &name)
            }
            Some(turn) => self.give_turn(context, turn, now),
            // What could not be called off stays, and what could not be run stays too.
            None if matches!(write, Change::Cancel(_) | Change::CancelForeign(_)) => self.drop_change(context, &name),
            None => Vec::new(),
        }
    }

    /// Neither the change nor what waited for it was made, since somebody else has done something: what that is shows.
    pub(super) fn told_of_other(
        &mut self,
        write: &Change,
        written: ChangeOutcome,
        turn: &Turn,
        now: DateTime<Utc>,
    ) -> Option<Effect> {
        if let ChangeOutcome::Differs(theirs) = written {
            let cancel = if succession::end(&turn.waited).is_none() { ", and it was not cancelled" } else { "" };
            let what = told(write);
            self.banners.warn(format!("{what} was changed elsewhere meanwhile: nothing was overwritten{cancel}."));
            self.list.put(*theirs);
            return None;
        }
        self.list.remove(&write.name());
        self.banners.warn(format!("{} was gone already: delivered, or cancelled elsewhere.", told(write)));
        self.ask_receipts(now)
    }
}
