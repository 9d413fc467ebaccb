//! The change engine: from a change that somebody asks for to the outcome that the scheduler reports.
//!
//! Pure, and the only one: the current context, every other open context and the command line use it.

use chrono::{DateTime, Utc};

use super::batch::{Batch, BatchItem, BatchKind, NotMade, pack, request_changes};
use super::merge::{self, Ending, Next, Resume};
use super::notice::{Notice, Reaction};
use super::pending::{Initiator, PendingChange, Stage};
use super::state::ContextState;
use super::undo::{DoneMarks, Step};
use crate::app::message::Effect;
use crate::failure::{Failure, FailureKind};
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};

/// A queued change, and what becomes of it.
struct Turn {
    queued: Change,
    initiator: Initiator,
    next: Next,
}

impl Turn {
    /// What becomes of the change queued behind `first`, which has ended.
    fn after(first: &Change, queued: Option<(Change, Initiator)>, ending: Ending) -> Option<Self> {
        queued.map(|(queued, initiator)| Self { next: merge::next(first, &queued, ending), queued, initiator })
    }
}

fn ending(outcome: &ChangeOutcome) -> Ending {
    match outcome {
        ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled => Ending::Made,
        ChangeOutcome::AlreadyGone => Ending::Gone,
        ChangeOutcome::Differs(_) => Ending::Differs,
    }
}

impl ContextState {
    /// Makes a change: the list shows it at once, undo knows it at once, and it is sent as soon as no other change of the
    /// same schedule is on its way.
    pub fn submit(&mut self, change: &Change, initiator: Initiator, now: DateTime<Utc>) -> Reaction {
        if let Some(step) = Step::of([change], DoneMarks::default()) {
            self.undo.record(step, initiator);
        }
        self.begin(change, initiator, now)
    }

    /// Makes what one key asks for as one step of undo: changes of one memo or many, and which deliveries become done or
    /// are not done any more.
    pub fn submit_step(
        &mut self,
        changes: &[Change],
        marks: DoneMarks,
        kind: BatchKind,
        initiator: Initiator,
        now: DateTime<Utc>,
    ) -> Reaction {
        if let Some(step) = Step::of(changes, marks.clone()) {
            self.undo.record(step, initiator);
        }
        if changes.len() > 1 {
            self.batches.push(Batch::new(kind, changes));
        }
        let Reaction { effects, notices } = changes.iter().map(|change| self.begin(change, initiator, now)).collect();
        let mut reaction = Reaction { effects: pack(self.id(), effects), notices };
        // The outcome of a change tells the person enough.
        if changes.is_empty() && !marks.is_empty() {
            reaction.notices.push(Notice::Marked(marks.clone(), initiator));
        }
        reaction.and(self.mark_done(marks))
    }

    /// Makes the changes that an earlier run of the program left in the journal.
    pub(super) fn adopt(&mut self, journalled: Vec<Change>, now: DateTime<Utc>) -> Reaction {
        let mut reaction = Reaction::default();
        let (mut again, mut unconfirmed) = (0, 0);
        for left in merge::resume(journalled, now) {
            match left {
                // AWS accepts a time in the past and fires at once, so the memo may have been delivered.
                Resume::Unconfirmed(change) => {
                    self.mark_unconfirmed(&change, now);
                    unconfirmed += 1;
                }
                Resume::Send(first, queued) => {
                    for change in std::iter::once(first).chain(queued) {
                        reaction.extend(self.submit(&change, Initiator::Program, now));
                    }
                    again += 1;
                }
            }
        }
        reaction.effects = pack(self.id(), reaction.effects);
        reaction.notices.extend((again > 0).then_some(Notice::SentAgain(again)));
        reaction.notices.extend((unconfirmed > 0).then_some(Notice::Unconfirmed(unconfirmed)));
        reaction
    }

    /// Sends again what is due for a retry. A create whose time has passed becomes unconfirmed instead.
    pub fn retry(&mut self, now: DateTime<Utc>) -> Reaction {
        let retries = self.changes.retry(now);
        let mut reaction: Reaction =
            retries.became.iter().map(|(queued, became)| self.became(queued, became.as_ref())).collect();
        reaction.effects.extend(request_changes(self.id(), retries.send));
        reaction
    }

    fn begin(&mut self, change: &Change, initiator: Initiator, now: DateTime<Utc>) -> Reaction {
        if let Some(memo) = merge::after(change) {
            self.list.put(Schedule::of(memo.clone(), now));
        }
        let begun = self.changes.begin(change.clone(), initiator);
        let mut reaction = Reaction::default();
        if let Some(replaced) = &begun.replaced {
            reaction.extend(self.record(replaced, BatchItem::Replaced));
        }
        reaction.extend(self.became(change, begun.became.as_ref()));
        reaction.effects.extend(begun.effects(&self.info.id));
        reaction
    }

    fn mark_unconfirmed(&mut self, change: &Change, now: DateTime<Utc>) {
        if let Some(memo) = merge::after(change) {
            self.list.put(Schedule::of(memo.clone(), now));
        }
        self.changes.mark_unconfirmed(change);
    }

    /// The scheduler answered a change.
    pub(super) fn answered(
        &mut self,
        change: &Change,
        result: Result<ChangeOutcome, Failure>,
        now: DateTime<Utc>,
    ) -> Reaction {
        match result {
            Ok(outcome) => self.ended(change, outcome, now),
            Err(failure) => self.failed(change, &failure, now),
        }
    }

    fn failed(&mut self, change: &Change, failure: &Failure, now: DateTime<Utc>) -> Reaction {
        let name = change.name();
        let passes = failure.kind.may_pass();
        let (initiator, is_retry) = self
            .changes
            .get(&name)
            .map_or((Initiator::Program, false), |pending| (pending.initiator, pending.has_failed()));
        if !passes {
            self.undo.withdraw([(change, initiator)]);
        }
        self.changes.fail(&name, failure, now);
        let has_queued = self.changes.get(&name).is_some_and(|pending| pending.queued.is_some());
        let told = if !self.is_in_batch(change) {
            Reaction::notice(Notice::Failed { change: change.clone(), failure: failure.clone(), is_retry, has_queued })
        } else if passes {
            self.record(change, BatchItem::Retried(failure.clone()))
        } else {
            self.record(change, BatchItem::NotMade(NotMade::Failed(failure.clone())))
        };
        told.and(if passes { self.replace_in_doubt(&name, now) } else { self.refused(change, now) })
    }

    /// The queued change replaces a change in doubt, where the result is the same either way.
    fn replace_in_doubt(&mut self, name: &Name, now: DateTime<Utc>) -> Reaction {
        match self.changes.take_replacement(name) {
            Some((change, initiator)) => self.begin(&change, initiator, now),
            None => Reaction::default(),
        }
    }

    /// The scheduler refused a change: the queued change builds on the memo before it.
    fn refused(&mut self, change: &Change, now: DateTime<Utc>) -> Reaction {
        let name = change.name();
        let queued = self.changes.take_queued(&name);
        match Turn::after(change, queued, Ending::NotMade) {
            Some(turn) if turn.next == Next::AlreadyThere => {
                self.record(&turn.queued, BatchItem::Made).and(self.drop_change(&name))
            }
            Some(turn) => self.take_turn(turn, now),
            None => match change {
                // A memo that could not be cancelled stays.
                Change::Cancel(_) | Change::CancelForeign(_) => self.drop_change(&name),
                Change::Create(_) | Change::Update { .. } => Reaction::default(),
            },
        }
    }

    fn ended(&mut self, change: &Change, outcome: ChangeOutcome, now: DateTime<Utc>) -> Reaction {
        let pending = self.changes.remove(&change.name());
        let initiator = pending.as_ref().map_or(Initiator::Program, |pending| pending.initiator);
        let ending = ending(&outcome);
        let turn = Turn::after(change, pending.and_then(|pending| pending.queued), ending);
        match ending {
            Ending::Gone | Ending::Differs => self.undo.withdraw([(change, initiator)]),
            Ending::Made | Ending::NotMade | Ending::Expired => {}
        }
        let settled = match &turn {
            _ if self.is_in_batch(change) => self.settle_in_batch(change, outcome, now),
            Some(Turn { next: Next::Drop, queued, .. }) => {
                let was_cancel = merge::after(queued).is_none();
                self.settle_dropped(change, outcome, was_cancel, now)
            }
            Some(Turn { next: Next::Instead(both), .. }) => self.settle(both, outcome, initiator, now),
            Some(Turn { next: Next::Send(_) | Next::AlreadyThere, .. }) | None => {
                self.settle(change, outcome, initiator, now)
            }
        };
        match turn {
            Some(turn) => settled.and(self.take_turn(turn, now)),
            None => settled,
        }
    }

    /// The list shows the outcome of a change, and a notice tells the person.
    fn settle(
        &mut self,
        change: &Change,
        outcome: ChangeOutcome,
        initiator: Initiator,
        now: DateTime<Utc>,
    ) -> Reaction {
        match (change, outcome) {
            (Change::Create(memo) | Change::Update { after: memo, .. }, ChangeOutcome::Saved(at)) => {
                self.list.put(Schedule::of(memo.clone(), at.unwrap_or(now)));
                Reaction::notice(Notice::Scheduled(memo.clone(), initiator))
            }
            (Change::Cancel(memo), ChangeOutcome::Cancelled) => {
                self.list.remove(&change.name());
                Reaction::notice(Notice::Cancelled(memo.clone(), initiator))
            }
            (Change::CancelForeign(name), ChangeOutcome::Cancelled) => {
                self.list.remove(name);
                Reaction::notice(Notice::CancelledForeign(Name::clone(name)))
            }
            (Change::Update { before, after }, ChangeOutcome::AlreadyGone) => {
                let failure = gone();
                self.changes.mark_unconfirmed(change);
                self.changes.fail(&change.name(), &failure, now);
                let notice = Notice::EditedMemoGone { before: before.clone(), after: after.clone(), failure };
                Reaction::notice(notice).and(Reaction::effect([self.read_receipts(now)]))
            }
            (_, ChangeOutcome::AlreadyGone) => self.settle_gone(change, now),
            (_, ChangeOutcome::Differs(theirs)) => {
                self.list.put((*theirs).clone());
                Reaction::notice(Notice::ChangedElsewhere { change: change.clone(), theirs })
            }
            // A scheduler that answers a create with "cancelled", or a cancel with "saved", is not one we know.
            (_, ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled) => Reaction::default(),
        }
    }

    fn settle_gone(&mut self, change: &Change, now: DateTime<Utc>) -> Reaction {
        self.list.remove(&change.name());
        Reaction::notice(Notice::AlreadyGone(change.clone())).and(Reaction::effect([self.read_receipts(now)]))
    }

    /// Neither the change nor the queued one was made, because somebody else changed the schedule.
    fn settle_dropped(
        &mut self,
        change: &Change,
        outcome: ChangeOutcome,
        was_cancel: bool,
        now: DateTime<Utc>,
    ) -> Reaction {
        match outcome {
            ChangeOutcome::Differs(theirs) => {
                self.list.put(*theirs);
                Reaction::notice(Notice::QueuedChangeDropped { change: change.clone(), was_cancel })
            }
            ChangeOutcome::AlreadyGone | ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled => {
                self.settle_gone(change, now)
            }
        }
    }

    fn settle_in_batch(&mut self, change: &Change, outcome: ChangeOutcome, now: DateTime<Utc>) -> Reaction {
        let mut receipts = None;
        let item = match outcome {
            ChangeOutcome::Saved(at) => {
                if let Some(memo) = merge::after(change) {
                    self.list.put(Schedule::of(memo.clone(), at.unwrap_or(now)));
                }
                BatchItem::Made
            }
            ChangeOutcome::Cancelled => {
                self.list.remove(&change.name());
                BatchItem::Made
            }
            ChangeOutcome::AlreadyGone => {
                self.list.remove(&change.name());
                receipts = Some(self.read_receipts(now));
                BatchItem::NotMade(NotMade::Gone)
            }
            ChangeOutcome::Differs(theirs) => {
                self.list.put(*theirs);
                BatchItem::NotMade(NotMade::ChangedElsewhere)
            }
        };
        self.record(change, item).and(Reaction::effect(receipts))
    }

    /// The change before a queued one has ended: the queued change is sent, or taken out of the journal.
    fn take_turn(&mut self, turn: Turn, now: DateTime<Utc>) -> Reaction {
        let Turn { queued, initiator, next } = turn;
        match next {
            Next::Send(change) if change.has_passed(now) => {
                self.mark_unconfirmed(&change, now);
                if self.is_in_batch(&queued) {
                    self.record(&queued, BatchItem::NotMade(NotMade::ExpiredInQueue))
                } else {
                    Reaction::notice(Notice::Expired(queued))
                }
            }
            Next::Send(change) => self.became(&queued, Some(&change)).and(self.begin(&change, initiator, now)),
            Next::AlreadyThere => {
                let dropped = Reaction::effect([self.drop_from_journal(&queued.name())]);
                self.record(&queued, BatchItem::Made).and(dropped)
            }
            Next::Instead(_) | Next::Drop => {
                self.undo.withdraw([(&queued, initiator)]);
                let dropped = Reaction::effect([self.drop_from_journal(&queued.name())]);
                self.record(&queued, BatchItem::NotMade(NotMade::ChangedWhileQueued)).and(dropped)
            }
        }
    }

    /// The list shows the memo before a change that was not made, and nothing is pending any more.
    fn revert(&mut self, name: &Name) -> Option<PendingChange> {
        let pending = self.changes.remove(name)?;
        match &pending.change {
            Change::Create(_) => drop(self.list.remove(name)),
            Change::Update { before: memo, .. } | Change::Cancel(memo) => {
                self.list.put(Schedule::of(memo.clone(), memo.due.instant));
            }
            Change::CancelForeign(_) => {}
        }
        Some(pending)
    }

    /// The person drops a change that was refused or is unconfirmed. Undo asks for it once more.
    pub fn discard(&mut self, name: &Name) -> Reaction {
        let change = self.changes.get(name).map(|pending| pending.change.clone());
        let step = change.as_ref().and_then(Step::dropping);
        let told = change.filter(|_| step.is_some()).map(Notice::Discarded);
        if let Some(step) = step {
            self.undo.record(step, Initiator::Person);
        }
        let mut reaction = self.drop_change(name);
        reaction.notices.extend(told);
        reaction
    }

    /// Drops a change that was refused or is unconfirmed.
    pub fn drop_change(&mut self, name: &Name) -> Reaction {
        self.revert(name);
        Reaction::effect([self.drop_from_journal(name)])
    }

    /// Whether this change of a batch has no outcome yet.
    pub(super) fn is_in_batch(&self, change: &Change) -> bool {
        self.batches.iter().any(|batch| batch.holds(change))
    }

    /// A change of a batch has ended, for now. A memo whose change was not made is marked again, so that the person finds it.
    fn record(&mut self, change: &Change, item: BatchItem) -> Reaction {
        let Some(at) = self.batches.iter().position(|batch| batch.holds(change)) else { return Reaction::default() };
        match item {
            BatchItem::NotMade(_) | BatchItem::Stopped => self.list.mark(&change.name(), true),
            BatchItem::Made | BatchItem::Retried(_) | BatchItem::Replaced => {}
        }
        self.batches[at].record(change, item);
        if !self.batches[at].has_ended() {
            return Reaction::default();
        }
        let batch = self.batches.remove(at);
        if batch.total == 0 { Reaction::default() } else { Reaction::notice(Notice::BatchEnded(batch)) }
    }

    /// A requested change of a batch became another change, or nothing.
    fn became(&mut self, change: &Change, became: Option<&Change>) -> Reaction {
        match became {
            Some(other) if other == change => Reaction::default(),
            Some(other) => {
                self.batches.iter_mut().for_each(|batch| batch.replace(change, other));
                Reaction::default()
            }
            None => self.record(change, BatchItem::Replaced),
        }
    }

    /// Whether a batch runs that nobody has stopped, or a reading that takes a while.
    #[must_use]
    pub fn can_stop(&self) -> bool {
        self.reading.is_long() || self.batches.iter().any(|batch| !batch.stopped)
    }

    /// Stops the batches, or else the reading of the group. Changes that are on their way end as they end.
    pub fn stop(&mut self, now: DateTime<Utc>) -> Reaction {
        if !self.batches.iter().any(|batch| !batch.stopped) {
            return Reaction::effect([Effect::StopReading(self.info.id.clone())]);
        }
        let mut open: Vec<Change> = Vec::new();
        for batch in &mut self.batches {
            batch.stopped = true;
            open.extend(batch.open().cloned());
        }
        let (mut queued, mut first) = (Vec::new(), Vec::new());
        for change in open {
            match self.changes.get(&change.name()) {
                Some(pending) if pending.change == change => first.push(change.name()),
                Some(pending) if *pending.latest() == change => queued.push(change.name()),
                Some(_) | None => {}
            }
        }
        let mut reaction = self.stop_queued(queued, now);
        reaction.effects.push(Effect::Withdraw(self.info.id.clone(), first));
        reaction
    }

    fn stop_queued(&mut self, names: Vec<Name>, now: DateTime<Utc>) -> Reaction {
        if names.is_empty() {
            return Reaction::default();
        }
        let taken: Vec<_> = names.iter().filter_map(|name| self.changes.take_queued(name)).collect();
        let unqueued = names.into_iter().map(|name| (name, None)).collect();
        let mut reaction = Reaction::effect([Effect::JournalQueued(self.info.id.clone(), unqueued)]);
        for (change, initiator) in taken {
            // The list shows the result of the change before it.
            let first = self.changes.get(&change.name()).and_then(|first| merge::after(&first.change));
            if let Some(memo) = first.cloned() {
                self.list.put(Schedule::of(memo, now));
            }
            self.undo.withdraw([(&change, initiator)]);
            reaction.extend(self.record(&change, BatchItem::Stopped));
        }
        reaction
    }

    /// These changes were stopped before they were sent.
    pub(super) fn withdrawn(&mut self, changes: &[Change], now: DateTime<Utc>) -> Reaction {
        let mut reaction = Reaction::default();
        let mut withdrawn = Vec::new();
        for change in changes {
            let name = change.name();
            if self.changes.get_if(&name, change).is_none() {
                continue;
            }
            let queued = self.changes.take_queued(&name);
            let initiator = self.revert(&name).map_or(Initiator::Program, |pending| pending.initiator);
            withdrawn.push((change, initiator));
            reaction.extend(self.record(change, BatchItem::Stopped));
            if let Some(turn) = Turn::after(change, queued, Ending::NotMade) {
                reaction.extend(self.take_turn(turn, now));
            }
        }
        self.undo.withdraw(withdrawn);
        reaction.effects = pack(self.id(), reaction.effects);
        reaction
    }

    /// Runs a memo now, and cancels its schedule afterwards.
    pub fn run_now(&mut self, memo: Memo) -> Effect {
        self.running.insert(memo.id.to_string().into());
        self.request(crate::app::message::Request::Run(memo))
    }

    pub(super) fn ran(&mut self, memo: Memo, result: Result<String, Failure>, now: DateTime<Utc>) -> Reaction {
        self.running.remove(memo.id.to_string().as_str());
        match result {
            Ok(answer) => Reaction::notice(Notice::Ran(memo.clone(), answer)).and(self.submit(
                &Change::Cancel(memo),
                Initiator::Program,
                now,
            )),
            Err(failure) => Reaction::notice(Notice::RunFailed(memo, failure)),
        }
    }

    /// The change that replaces `before`, which the list shows, with `after`. If an earlier change was refused or is
    /// unconfirmed, the scheduler holds the memo before that change, or none.
    #[must_use]
    pub fn replacement(&self, before: Memo, after: Memo) -> Change {
        let Some(pending) = self.changes.get(&before.id.to_string()) else { return Change::Update { before, after } };
        match (&pending.change, &pending.stage) {
            (_, Stage::Unconfirmed) | (Change::Create(_), Stage::Refused(_)) => Change::Create(after),
            (_, Stage::Refused(failure)) if failure.kind == FailureKind::NotFound => Change::Create(after),
            (Change::Update { before, .. }, Stage::Refused(_)) => Change::Update { before: before.clone(), after },
            (_, Stage::Sending | Stage::Waiting(..))
            | (Change::Cancel(_) | Change::CancelForeign(_), Stage::Refused(_)) => Change::Update { before, after },
        }
    }
}

fn gone() -> Failure {
    Failure::new(
        FailureKind::NotFound,
        "the memo is not scheduled any more: it was delivered, or cancelled elsewhere.",
        "",
    )
}
