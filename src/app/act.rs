//! What each action of the table of keys does.

use chrono::{DateTime, Utc};
use crossterm::event::{KeyCode, KeyEvent};

use crate::failure::FailureKind;
use when::Moment;

use crate::keymap::{Action, KeyContext};
use crate::schedule::{Body, Change, Name, Receipt};

use super::context::batch::BatchKind;
use super::context::pending::{Initiator, Stage};
use super::form::Form;
use super::hours::hour_of;
use super::message::{ClickTarget, Effect, Request};
use super::modal::Modal;
use super::modal::{Agreed, Chosen};
use super::model::{App, Selected};
use super::view::{Focus, View};

impl App {
    pub(super) fn act(&mut self, action: Action, key: &KeyEvent, now: DateTime<Utc>) -> Vec<Effect> {
        self.beginning.settled = true;
        if self.refuses(action) {
            return Vec::new();
        }
        match action {
            Action::New => self.begin_new(now),
            Action::Change => self.fill_form(true),
            Action::Duplicate => self.fill_form(false),
            Action::Open => self.open(now),
            Action::Snooze => {
                self.ask_snooze(now);
                Vec::new()
            }
            Action::Cancel if self.has_marks() => self.cancel_marked(now),
            Action::Cancel => self.cancel(now),
            Action::PutAway => match self.selected.clone() {
                Some(Selected::Arrived(key)) => self.done(vec![key], now),
                _ => Vec::new(),
            },
            Action::PutAwayAll => {
                self.ask_put_away_all();
                Vec::new()
            }
            Action::Run => self.ask_run(),
            Action::Undo => self.reverse(super::context::undo::Direction::Back, now),
            Action::Redo => self.reverse(super::context::undo::Direction::Forward, now),
            Action::Stop => self.stop(now),
            Action::Refresh => self.refresh_all(now),
            Action::ShowPending => self.turn_to(View::Pending, now),
            Action::ShowHistory => self.turn_to(View::History, now),
            Action::ShowCalendar => self.turn_to(View::Calendar, now),
            Action::ShowHours => self.turn_to(View::Hours, now),
            Action::NextView => self.turn_to(self.view.beside(true), now),
            Action::PreviousView => self.turn_to(self.view.beside(false), now),
            Action::OpenDay => self.open_day(now),
            Action::OpenHour => self.open_hour(),
            Action::Contexts => self.ask_where(),
            Action::Help => {
                self.modal = Some(Modal::Help { top: 0 });
                Vec::new()
            }
            Action::Dismiss => {
                self.banners.dismiss();
                Vec::new()
            }
            Action::Back => self.back(now),
            Action::Yes => self.agree(now),
            Action::No => {
                self.modal = None;
                Vec::new()
            }
            Action::Take => self.take(None, now),
            Action::Pick => self.take(digit(key), now),
            Action::Redraw => vec![Effect::Redraw],
            Action::Suspend => vec![Effect::Suspend],
            Action::Quit => self.quit(),
            _ if self.key_context() == KeyContext::Form => self.act_in_form(action, now),
            _ => {
                self.steer(action, now);
                Vec::new()
            }
        }
    }

    fn act_in_form(&mut self, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        if matches!(action, Action::NextField | Action::PreviousField | Action::Advance) {
            self.open_out(now);
        }
        match action {
            Action::KeepWords => {
                self.form.keep_words();
                self.draft_changed(now);
            }
            Action::NextField => self.form.step(true),
            Action::PreviousField => self.form.step(false),
            Action::Advance if self.form.focus != super::Field::Zone => self.form.step(true),
            Action::Advance | Action::Submit => return self.submit(now),
            Action::NextZone => self.form.step_zone(true),
            Action::PreviousZone => self.form.step_zone(false),
            Action::Empty => {
                self.form = Form::new(self.settings.zone);
                self.draft_changed(now);
            }
            Action::Edit(edit) => {
                self.form.edit(edit);
                self.draft_changed(now);
            }
            _ => {}
        }
        Vec::new()
    }

    /// The cursor leaves the memo: a time that stands in it goes to its own fields.
    fn open_out(&mut self, now: DateTime<Utc>) {
        if self.form.focus == super::Field::Memo
            && let Some(chip) = self.form.chip(now, &self.settings.when)
        {
            self.form.open_out(&chip, self.settings.when.hours);
            self.draft_changed(now);
        }
    }

    pub(super) fn go(&mut self, action: Action) {
        if let Some(Modal::Palette { .. }) = &self.modal {
            return self.step_palette(action == Action::Down);
        }
        if let Some(modal) = &mut self.modal {
            modal.step(action == Action::Down);
            return;
        }
        self.beginning.moved = true;
        let page = usize::from(self.size.1 / 2).max(1);
        let (line, lines) = match self.view {
            View::Pending => (self.selected_line().unwrap_or(0), self.lines()),
            View::History => (self.current().history.line(), self.current().history.visible().len()),
            View::Calendar | View::Hours => return,
        };
        let to = match action {
            Action::Down => line.saturating_add(1),
            Action::Up => line.saturating_sub(1),
            Action::First => 0,
            Action::PageDown => line.saturating_add(page),
            Action::PageUp => line.saturating_sub(page),
            _ => usize::MAX,
        }
        .min(lines.saturating_sub(1));
        match self.view {
            View::Pending => self.select_line(to),
            View::History => self.current_mut().history.select(to),
            View::Calendar | View::Hours => {}
        }
    }

    pub(super) fn scroll(&mut self, lines: i16, now: DateTime<Utc>) -> Vec<Effect> {
        if self.focus == Focus::Form && self.modal.is_none() && self.size.0 < super::WIDE {
            return Vec::new();
        }
        if self.view == View::Calendar && self.modal.is_none() {
            self.turn_weeks(lines > 0);
            return Vec::new();
        }
        let step = if lines > 0 { Action::Down } else { Action::Up };
        for _ in 0..lines.unsigned_abs() {
            if self.key_context() == KeyContext::Hours {
                self.go_by_hour(step, now);
            } else {
                self.go(step);
            }
        }
        Vec::new()
    }

    pub(super) fn touch(&mut self, hit: ClickTarget, now: DateTime<Utc>) -> Vec<Effect> {
        if self.modal.is_some() {
            return Vec::new();
        }
        match hit {
            ClickTarget::Line(line) => {
                self.beginning.moved = true;
                self.focus = Focus::List;
                match self.view {
                    View::Pending => self.select_line(line),
                    View::History => self.current_mut().history.select(line),
                    View::Calendar | View::Hours => {}
                }
            }
            ClickTarget::Hour(hour) => {
                self.focus = Focus::List;
                self.hour = hour;
            }
            ClickTarget::Time(from, to) => {
                self.focus = Focus::List;
                if let Some(effects) = self.open_first_due(from, to) {
                    return effects;
                }
                let effects = self.show(View::Hours);
                self.hour = hour_of(from, self.settings.zone);
                return effects;
            }
            ClickTarget::Day(day) => {
                self.focus = Focus::List;
                self.day = day;
            }
            ClickTarget::Field(_) if self.refuse_to_change() => {}
            ClickTarget::Field(field) => {
                if field != super::Field::Memo {
                    self.open_out(now);
                }
                self.focus = Focus::Form;
                self.form.focus(field);
            }
        }
        Vec::new()
    }

    pub(super) fn paste(&mut self, text: &str, now: DateTime<Utc>) -> Vec<Effect> {
        match self.key_context() {
            KeyContext::Form => match self.form.paste(text) {
                Ok(()) => self.draft_changed(now),
                Err(sentence) => self.banners.warn(sentence),
            },
            KeyContext::Filter => self.paste_into_filter(text, now),
            KeyContext::Words => self.words_changed(|typed| typed.paste(text)),
            _ => {
                let add = self.settings.keys.chord(KeyContext::Pending, Action::New);
                let begin = add.map_or_else(|| "begin one".to_owned(), |chord| format!("press {}", chord.name()));
                self.banners.say(format!("A paste is text: {begin} first, to write a memo."), now);
            }
        }
        Vec::new()
    }

    /// Begins a new memo: on the day, or in the hour, that is selected in a view of days or hours. What is in the form
    /// already stays.
    fn begin_new(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        self.focus = Focus::Form;
        if self.form.is_empty() {
            let zone = self.settings.zone;
            let hour = Moment::at(self.hour, zone);
            self.form = match self.view {
                // Of today it is the time that matters.
                View::Calendar if self.day > Moment::at(now, zone).civil.date() => {
                    Form::proposing(zone, self.day, None)
                }
                // The hour that has begun is over for most of what may be written.
                View::Hours if self.hour > now => {
                    Form::proposing(zone, hour.civil.date(), Some(&hour.clock(self.hours())))
                }
                _ if self.form.proposes() => Form::new(zone),
                _ => return Vec::new(),
            };
        }
        Vec::new()
    }

    /// Fills the form with the selected memo: to change it, or to write a new one like it.
    fn fill_form(&mut self, editing: bool) -> Vec<Effect> {
        let Some(memo) = self.selected_memo().cloned() else { return Vec::new() };
        if self.form.is_empty() || self.form.is_untouched_change() {
            self.form = Form::from_memo(self.settings.zone, self.hours(), &memo, editing);
        } else {
            let empty = self.settings.keys.key(KeyContext::Form, Action::Empty);
            self.banners.warn(format!(
                "The form holds something that was not scheduled yet: schedule it, or drop it with {empty}."
            ));
        }
        self.focus = Focus::Form;
        Vec::new()
    }

    fn open(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.view == View::History {
            self.modal = self.current().history.selected().map(paper_of);
            return Vec::new();
        }
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        match self.selected.clone() {
            Some(Selected::Arrived(_)) if !self.has_delivered_selected() => {
                self.modal = self.selected_arrived().map(paper_of);
                Vec::new()
            }
            Some(Selected::Arrived(key)) => self.done(vec![key], now),
            Some(Selected::Row(name)) => {
                self.modal = Some(Modal::Details { name: Name::clone(&name), known: None, top: 0 });
                vec![Effect::Request(context, Request::Details(name))]
            }
            None => Vec::new(),
        }
    }

    /// It cannot be taken back, so it is asked first. What failed is looked at one by one.
    fn ask_put_away_all(&mut self) {
        let delivered = self.current().arrived.iter().filter(|receipt| receipt.is_delivered());
        let keys: Vec<String> = delivered.map(|receipt| receipt.key.clone()).collect();
        let question = format!("Put away all {} that have arrived? They stay in the history.", keys.len());
        self.modal = Some(Modal::Confirm { question, yes: Agreed::PutAwayAll(keys) });
    }

    fn cancel(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(row) = self.selected_row().cloned() else { return Vec::new() };
        if let Some(Stage::Refused(_) | Stage::Unconfirmed) =
            self.current().changes.get(&row.name).map(|underway| &underway.stage)
        {
            return self.drop_row(&row.name, now);
        }
        match row.body {
            Body::Memo(memo) => self.begin(Change::Cancel(memo), Initiator::Person, now),
            Body::Foreign(foreign) => {
                self.modal = Some(Modal::Confirm {
                    question: format!(
                        "“{}” ({}) is not one of tickler's memos, and cannot be brought back. Cancel it?",
                        row.name, foreign.expression
                    ),
                    yes: Agreed::CancelForeign(row.name),
                });
                Vec::new()
            }
        }
    }

    /// Cancels the marked memos.
    fn cancel_marked(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let (mut effects, mut changes) = (Vec::new(), Vec::new());
        for memo in self.take_marked() {
            let name: Name = memo.id.to_string().into();
            // A memo that the scheduler does not have is dropped instead.
            match self.current().changes.get(&name).map(|pending| &pending.stage) {
                Some(Stage::Refused(_) | Stage::Unconfirmed) => effects.extend(self.drop_row(&name, now)),
                Some(Stage::Sending | Stage::Waiting(..)) | None => changes.push(Change::Cancel(memo)),
            }
        }
        effects.extend(self.begin_all(changes, BatchKind::Cancel, Initiator::Person, now));
        effects
    }

    fn ask_run(&mut self) -> Vec<Effect> {
        if let Some(memo) = self.selected_memo().cloned() {
            self.modal = Some(Modal::Confirm {
                question: format!("Deliver {} now, and cancel its schedule?", super::quote::quoted(&memo)),
                yes: Agreed::Run(memo),
            });
        }
        Vec::new()
    }

    fn agree(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Confirm { yes, .. }) = self.modal.take() else { return Vec::new() };
        match yes {
            Agreed::Run(memo) => {
                if self.here().is_none() {
                    return Vec::new();
                }
                vec![self.current_mut().run_now(memo)]
            }
            Agreed::CancelForeign(name) => self.begin(Change::CancelForeign(name), Initiator::Person, now),
            Agreed::PutAwayAll(keys) => self.done(keys, now),
        }
    }

    pub(super) fn take(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        if let Some(Modal::Places { .. }) = &self.modal {
            return self.pick_place(index, now);
        }
        match &self.modal {
            Some(Modal::Words { .. }) => return self.take_words(now),
            Some(Modal::Copy { .. }) => return self.copy(index, now),
            Some(Modal::Palette { .. }) => return self.take_from_palette(now),
            _ => {}
        }
        let Some(Modal::Choose { selected, .. }) = &self.modal else { return Vec::new() };
        let index = index.unwrap_or(*selected);
        let Some(moment) = self.modal.as_ref().and_then(|modal| modal.answer(index)) else { return Vec::new() };
        let Some(Modal::Choose { then, .. }) = self.modal.take() else { return Vec::new() };
        if moment.instant <= now {
            self.banners.warn(format!("{} has passed meanwhile.", moment.words(self.hours())));
            return Vec::new();
        }
        match then {
            Chosen::Submit => self.submit_at(moment, now),
            Chosen::SnoozeMarked { offers } => {
                offers.get(index).map_or_else(Vec::new, |later| self.snooze_marked(*later, now))
            }
            Chosen::Again { memo, arrived } => {
                let later = crate::memo::Memo { due: moment, ..memo };
                let mut effects = self.begin(Change::Create(later), Initiator::Person, now);
                effects.extend(self.done(vec![arrived], now));
                effects
            }
            Chosen::Snooze(memo) => {
                let later = crate::memo::Memo { due: moment, ..memo.clone() };
                let write = self.current().replacement(memo, later);
                self.begin(write, Initiator::Person, now)
            }
        }
    }

    fn back(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.modal.take().is_some() {
            return Vec::new();
        }
        self.form.settle_zone();
        self.focus = Focus::List;
        if self.form.is_untouched_change() {
            self.form = Form::new(self.settings.zone);
        } else if self.form.is_change() {
            let keys = &self.settings.keys;
            let (add, empty) = (keys.key(KeyContext::Pending, Action::New), keys.key(KeyContext::Form, Action::Empty));
            let kept = format!("Your change is kept in the form: {add} goes back to it, {empty} there drops it.");
            self.banners.say(kept, now);
        }
        self.save_draft().into_iter().collect()
    }

    fn refresh_all(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let failure = self.current().reading.failure.as_ref().map(|failure| failure.kind);
        if self.here().is_none() || failure.is_some_and(FailureKind::wants_a_new_session) {
            self.current_mut().changes.retry_now(now);
            return self.open_again();
        }
        self.current_mut().changes.retry_now(now);
        let mut effects: Vec<Effect> = self.wanted.clone().map(Effect::Reopen).into_iter().collect();
        effects.extend(self.refresh());
        effects.push(self.current_mut().read_receipts(now));
        if self.view == View::History {
            effects.extend(self.show(View::History));
        }
        effects
    }

    /// Shows a view, as its key does.
    fn turn_to(&mut self, view: View, now: DateTime<Utc>) -> Vec<Effect> {
        match view {
            View::Calendar => self.show_calendar(now),
            View::Hours => self.show_hours(now),
            View::Pending | View::History => self.show(view),
        }
    }

    pub(super) fn show(&mut self, view: View) -> Vec<Effect> {
        self.settle_filter();
        self.view = view;
        self.focus = Focus::List;
        if view == View::History { self.read_history().into_iter().collect() } else { Vec::new() }
    }

    fn read_history(&mut self) -> Option<Effect> {
        self.here()?;
        self.current_mut().read_history()
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.ending, true) {
            return vec![Effect::Quit];
        }
        self.save_draft().into_iter().chain([Effect::Quit]).collect()
    }
}

/// A receipt, whole.
fn paper_of(receipt: &Receipt) -> Modal {
    Modal::Receipt { receipt: Box::new(receipt.clone()), top: 0 }
}

fn digit(key: &KeyEvent) -> Option<usize> {
    match key.code {
        KeyCode::Char(c) => usize::try_from(c.to_digit(10)?.checked_sub(1)?).ok(),
        _ => None,
    }
}
