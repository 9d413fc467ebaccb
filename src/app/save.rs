//! From the form to a change that is sent, and what its answer does.

use chrono::{DateTime, Utc};
use when::{Hours, Moment};

use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::keymap::{Action, KeyContext};
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};

use super::batch::{Deed, Ended, together};
use super::form::Problem;
use super::modal::Chosen;
use super::succession::{self, Left, Next};
use super::turn::{self, Turn};
use super::undo::{Reversal, Step};
use super::{App, Effect, Focus, Form, Initiator, Modal, Selected, Stage};

impl App {
    /// The person wants the form scheduled.
    pub(super) fn submit(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.here().is_none() {
            self.banners.warn("There is no place to keep memos in yet; what you typed stays in the form.");
            return Vec::new();
        }
        let (size, room) = self.room();
        if size > room {
            let over = size - room;
            self.form.problem =
                Some((super::Field::Memo, format!("The memo is {over} bytes too long: a schedule holds {room}.")));
            return Vec::new();
        }
        match self.form.submit(now, &self.settings.when) {
            Ok((text, due)) => self.save(text, due, now),
            Err(Problem::Field(field, problem)) => {
                self.form.focus(field);
                self.form.problem = Some((field, problem));
                Vec::new()
            }
            Err(Problem::Choose { why, choices }) => {
                self.modal = Some(Modal::Choose { question: why, choices, selected: 0, then: Chosen::Submit });
                Vec::new()
            }
        }
    }

    /// Schedules the form's memo for a moment that was picked.
    pub(super) fn submit_at(&mut self, due: Moment, now: DateTime<Utc>) -> Vec<Effect> {
        let text = self.form.memo(now, &self.settings.when);
        self.save(text, due, now)
    }

    fn save(&mut self, text: String, due: Moment, now: DateTime<Utc>) -> Vec<Effect> {
        let resumed = self.form.resumes.and_then(|id| self.list.get(&id.to_string())?.memo().cloned());
        let write = match self.form.editing.take().or(resumed) {
            Some(before) => {
                let after = Memo { id: before.id, text, due };
                self.replacement(before, after)
            }
            None => Change::Create(Memo { id: self.ids.next(), text, due }),
        };
        self.form = Form::new(self.settings.zone);
        self.focus = Focus::List;
        self.beginning.moved = true;
        self.selected = Some(Selected::Row(write.name()));
        let mut effects = self.begin(write, Initiator::Person, now);
        effects.extend(self.keep_draft());
        effects
    }

    /// What puts `after` in the place of `before`, which is what is shown. Where an earlier change was refused or is in
    /// doubt, the service holds something else: what was there before that change, or nothing.
    pub(super) fn replacement(&self, before: Memo, after: Memo) -> Change {
        let Some(underway) = self.writes.get(&before.id.to_string()) else { return Change::Update { before, after } };
        match (&underway.write, &underway.stage) {
            (_, Stage::Sending | Stage::Waiting(..)) => Change::Update { before, after },
            (_, Stage::Unconfirmed) | (Change::Create(_), _) => Change::Create(after),
            (_, Stage::Refused(failure)) if failure.kind == FailureKind::NotFound => Change::Create(after),
            (Change::Update { before, .. }, _) => Change::Update { before: before.clone(), after },
            _ => Change::Update { before, after },
        }
    }

    /// Begins a change: it shows at once, can be taken back at once, and is sent as soon as nothing else of the same
    /// schedule is on its way.
    pub(super) fn begin(&mut self, write: Change, origin: Initiator, now: DateTime<Utc>) -> Vec<Effect> {
        if let Some(step) = self.here().and_then(|here| Step::of(&here.id, [&write])) {
            self.undo.asked_for(step, origin);
        }
        self.put_under_way(write, origin, now)
    }

    pub(super) fn put_under_way(&mut self, write: Change, origin: Initiator, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        if let Change::Create(memo) | Change::Update { after: memo, .. } = &write {
            self.list.put(Schedule::of(memo.clone(), now));
        }
        let asked = write.clone();
        let begun = self.writes.begin(write, origin);
        if let Some(overtaken) = &begun.overtaken {
            self.ended_in_batch(overtaken, Ended::Overtaken, now);
        }
        self.became_in_batch(&asked, begun.came_to.as_ref(), now);
        begun.effects(&context)
    }

    /// Changes of an earlier run of the program that nobody confirmed.
    pub(super) fn adopted(&mut self, adopted: Vec<Change>, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let (mut again, mut doubtful) = (0, 0);
        for left in succession::left_behind(adopted, now) {
            match left {
                Left::Doubtful(write) => {
                    // AWS accepts a time in the past and fires at once: it may have been delivered already.
                    if let Some(memo) = succession::end(&write) {
                        self.list.put(Schedule::of(memo.clone(), now));
                    }
                    self.writes.doubt(&write);
                    doubtful += 1;
                }
                Left::Again(first, waiting) => {
                    effects.extend(self.begin(first, Initiator::Program, now));
                    effects.extend(waiting.into_iter().flat_map(|write| self.begin(write, Initiator::Program, now)));
                    again += 1;
                }
            }
        }
        if again > 0 {
            self.banners.say(format!("{} from last time had not been confirmed: sent again.", changes(again)), now);
        }
        if doubtful > 0 {
            let passed = match doubtful {
                1 => "The time of one memo passed before it was confirmed".to_owned(),
                n => format!("The times of {n} memos passed before they were confirmed"),
            };
            let (anew, drop) = (self.key(Action::Snooze), self.key(Action::Cancel));
            let then = format!("then {anew} schedules anew and {drop} drops");
            self.banners.warn(format!("{passed}: look for “unconfirmed”, {then}."));
        }
        together(effects)
    }

    /// The service has answered to a change.
    pub(super) fn wrote(
        &mut self,
        context: &ContextId,
        write: &Change,
        result: Result<ChangeOutcome, Failure>,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let name = write.name();
        match result {
            Ok(written) => self.went_through(context, write, written, now),
            Err(failure) => {
                let passes = failure.kind.may_pass();
                if !passes {
                    let origin = self.writes.get(&name).map_or(Initiator::Program, |underway| underway.origin);
                    self.undo.withdraw(context, write, origin);
                }
                self.did_not(write, &failure, now);
                if passes { self.overtake(&name, now) } else { self.not_made(context, write, now) }
            }
        }
    }

    fn did_not(&mut self, write: &Change, failure: &Failure, now: DateTime<Utc>) {
        let name = write.name();
        self.writes.failed(&name, failure, now);
        let waits = self.writes.get(&name).is_some_and(|underway| underway.then.is_some());
        let kept = match (write, failure.kind.may_pass()) {
            // What becomes of it is decided by what was asked for since.
            (_, false) if waits => String::new(),
            (Change::Create(_) | Change::Update { .. }, true) => "What you typed is kept.".to_owned(),
            (Change::Create(_) | Change::Update { .. }, false) => {
                let (change, drop) = (self.key(Action::Change), self.key(Action::Cancel));
                format!("It stays in the list as “not saved”: {change} changes it, {drop} drops it.")
            }
            (Change::Cancel(_) | Change::CancelForeign(_), _) => "It is still scheduled.".to_owned(),
        };
        if self.is_one_of_many(write) {
            let why = failure.to_string();
            let ended = if failure.kind.may_pass() { Ended::Later(why) } else { Ended::Not(why) };
            self.ended_in_batch(write, ended, now);
        } else {
            self.banners.warn(format!("{}: {failure} {kept}", told(write)));
        }
    }

    fn went_through(
        &mut self,
        context: &ContextId,
        write: &Change,
        written: ChangeOutcome,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let name = write.name();
        let was_at = self.selected_line();
        let ended = self.writes.end(&name);
        let origin = ended.as_ref().map_or(Initiator::Program, |underway| underway.origin);
        let turn = Turn::after(write, ended.and_then(|underway| underway.then), turn::ended(&written));
        if matches!(written, ChangeOutcome::AlreadyGone | ChangeOutcome::Differs(_)) {
            self.undo.withdraw(context, write, origin);
        }
        let mut effects: Vec<Effect> = match &turn {
            _ if self.is_one_of_many(write) => self.went_through_with_many(write, written, now).into_iter().collect(),
            Some(turn) if turn.next == Next::Dropped => {
                self.told_of_other(write, written, turn, now).into_iter().collect()
            }
            Some(Turn { next: Next::Instead(both), .. }) => self.tell_how_it_went(&both.clone(), written, origin, now),
            _ => self.tell_how_it_went(write, written, origin, now),
        };
        self.keep_selection(was_at);
        effects.extend(turn.into_iter().flat_map(|turn| self.give_turn(context, turn, now)));
        effects
    }

    /// The list shows what came of a change, and it is said.
    fn tell_how_it_went(
        &mut self,
        write: &Change,
        written: ChangeOutcome,
        origin: Initiator,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let name = write.name();
        let mut effects = Vec::new();
        match (write, written) {
            (Change::Create(memo) | Change::Update { after: memo, .. }, ChangeOutcome::Saved(at)) => {
                self.list.put(Schedule::of(memo.clone(), at.unwrap_or(now)));
                let whence = if origin == Initiator::Program { "from last time " } else { "" };
                self.banners
                    .say(format!("Scheduled {} {whence}for {}.", quoted(memo), memo.due.words(self.hours())), now);
            }
            (Change::Cancel(memo), ChangeOutcome::Cancelled) => {
                self.list.remove(&name);
                if origin != Initiator::Program {
                    self.banners
                        .say(format!("Cancelled {}; {} brings it back.", quoted(memo), self.key(Action::Undo)), now);
                }
            }
            (Change::CancelForeign(name), ChangeOutcome::Cancelled) => {
                self.list.remove(name);
                self.banners.say(format!("Cancelled “{name}”."), now);
            }
            (Change::Update { before, after }, ChangeOutcome::AlreadyGone) => {
                let gone = Failure::new(
                    FailureKind::NotFound,
                    "it is not scheduled any more: it was delivered, or cancelled elsewhere.",
                    "",
                );
                self.keep_refused(write, &gone, now);
                self.reopen(before.clone(), after, now);
                effects.extend(self.ask_receipts(now));
            }
            (_, ChangeOutcome::AlreadyGone) => {
                self.list.remove(&name);
                self.banners.warn(format!("{} was gone already: delivered, or cancelled elsewhere.", told(write)));
                effects.extend(self.ask_receipts(now));
            }
            (Change::Update { after, .. }, ChangeOutcome::Differs(theirs)) => {
                let before = theirs.memo().cloned();
                let mut difference =
                    before.as_ref().map(|before| difference(before, after, self.hours())).unwrap_or_default();
                if before.is_some() && self.form.is_empty() {
                    let submit = self.settings.keys.key(KeyContext::Form, Action::Submit);
                    difference.extend([" The form holds yours: ", &submit, " saves it over theirs."]);
                }
                self.banners.warn(format!(
                    "{} was changed elsewhere meanwhile: nothing was overwritten.{difference}",
                    told(write)
                ));
                self.list.put(*theirs);
                if let Some(before) = before {
                    self.reopen(before, after, now);
                }
            }
            (_, ChangeOutcome::Differs(theirs)) => {
                self.banners.warn(format!("{}: something else is scheduled under its name.", told(write)));
                self.list.put(*theirs);
            }
            (_, ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled) => {}
        }
        effects
    }

    /// As [`App::went_through`], for one of many: what there is to say of it is said with the others.
    fn went_through_with_many(&mut self, write: &Change, written: ChangeOutcome, now: DateTime<Utc>) -> Option<Effect> {
        let (ended, receipts) = match written {
            ChangeOutcome::Saved(at) => {
                if let Change::Create(memo) | Change::Update { after: memo, .. } = write {
                    self.list.put(Schedule::of(memo.clone(), at.unwrap_or(now)));
                }
                (Ended::Made, None)
            }
            ChangeOutcome::Cancelled => {
                self.list.remove(&write.name());
                (Ended::Made, None)
            }
            ChangeOutcome::AlreadyGone => {
                self.list.remove(&write.name());
                let why = "It is not scheduled any more: it was delivered, or cancelled elsewhere.";
                (Ended::Not(why.to_owned()), self.ask_receipts(now))
            }
            ChangeOutcome::Differs(theirs) => {
                self.list.put(*theirs);
                (Ended::Not("It was changed elsewhere meanwhile: nothing was overwritten.".to_owned()), None)
            }
        };
        self.ended_in_batch(write, ended, now);
        receipts
    }

    fn keep_refused(&mut self, write: &Change, failure: &Failure, now: DateTime<Utc>) {
        let name = write.name();
        self.writes.doubt(write);
        self.writes.failed(&name, failure, now);
    }

    /// Puts what was typed back into the form, unless something else is being typed there.
    fn reopen(&mut self, before: Memo, after: &Memo, now: DateTime<Utc>) {
        if self.form.is_empty() {
            self.form = Form::from_memo(self.settings.zone, self.hours(), after, true);
            self.form.editing = Some(before);
        } else {
            self.banners.warn(format!("Your change was: {}, {}.", quoted(after), after.due.words(self.hours())));
        }
        self.draft_changed(now);
    }

    /// Takes the last change back, or does it again.
    pub(super) fn reverse(&mut self, origin: Initiator, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        let reversal = match origin {
            Initiator::Redo => self.undo.redo(&context, now),
            _ => self.undo.undo(&context, now),
        };
        let Reversal { mut writes, passed } = reversal;
        let mut effects = Vec::new();
        match (writes.pop(), writes.is_empty()) {
            (Some(write), true) => {
                self.selected = Some(Selected::Row(write.name()));
                effects = self.begin(write, origin, now);
            }
            (Some(write), false) => {
                writes.push(write);
                effects = self.begin_all(writes, Deed::Restore, origin, now);
            }
            (None, _) => {
                if let ([memo], true) = (passed.as_slice(), self.form.is_empty()) {
                    self.form = Form::from_memo(self.settings.zone, self.hours(), memo, false);
                }
                if !passed.is_empty() {
                    self.focus = Focus::Form;
                }
            }
        }
        match passed.as_slice() {
            [] => {}
            [memo] => self.banners.warn(format!(
                "{} was for {}, which has passed: pick a new time.",
                quoted(memo),
                memo.due.words(self.hours())
            )),
            memos => {
                let names: Vec<String> = memos.iter().map(quoted).collect();
                self.banners.warn(format!("The times of {} have passed: write them anew.", names.join(", ")));
            }
        }
        effects
    }

    /// Drops a change that was refused or is in doubt; what was there before it shows again.
    pub(super) fn drop_row(&mut self, context: &ContextId, name: &Name) -> Vec<Effect> {
        let mut effects = self.drop_change(context, name);
        effects.extend(self.refresh());
        effects
    }

    /// The list shows again what was there before a change that was not made, and nothing is under way any more.
    pub(super) fn was_not_made(&mut self, name: &Name) -> Option<Change> {
        let write = self.writes.end(name)?.write;
        match &write {
            Change::Create(_) => drop(self.list.remove(name)),
            Change::Update { before: memo, .. } | Change::Cancel(memo) => {
                self.list.put(Schedule::of(memo.clone(), memo.due.instant));
            }
            Change::CancelForeign(_) => {}
        }
        Some(write)
    }

    /// As [`App::drop_row`], where what the service holds is known.
    pub(super) fn drop_change(&mut self, context: &ContextId, name: &Name) -> Vec<Effect> {
        let was_at = self.selected_line();
        self.was_not_made(name);
        self.keep_selection(was_at);
        vec![Effect::GiveUp(context.clone(), Name::clone(name))]
    }
}

/// A memo's first line in quotes, short enough for a sentence.
pub(super) fn quoted(memo: &Memo) -> String {
    let line = memo.first_line();
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}

/// In which way what is there differs from what was to be there.
fn difference(there: &Memo, wanted: &Memo, hours: Hours) -> String {
    let text =
        (there.text != wanted.text).then(|| format!(" It says {}, and you wrote {}.", quoted(there), quoted(wanted)));
    let due = (there.due.instant != wanted.due.instant || there.due.zone != wanted.due.zone)
        .then(|| format!(" It is due {}, and you set {}.", there.due.words(hours), wanted.due.words(hours)));
    text.into_iter().chain(due).collect()
}

pub(super) fn told(write: &Change) -> String {
    match write {
        Change::Create(memo) | Change::Update { after: memo, .. } | Change::Cancel(memo) => quoted(memo),
        Change::CancelForeign(name) => format!("“{name}”"),
    }
}

fn changes(count: usize) -> String {
    match count {
        1 => "One change".to_owned(),
        n => format!("{n} changes"),
    }
}
