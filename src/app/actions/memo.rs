//! Actions on memos.

use chrono::{DateTime, Utc};
use when::Moment;

use crate::app::context::batch::BatchKind;
use crate::app::context::pending::{Initiator, Stage};
use crate::app::context::undo::Direction;
use crate::app::form::state::{Form, Purpose};
use crate::app::message::{Effect, Request};
use crate::app::modal::Modal;
use crate::app::modal::{Agreed, Scroll};
use crate::app::model::App;
use crate::app::quote::quoted;
use crate::app::selection::Selected;
use crate::app::view::{Focus, View};
use crate::keymap::MemoAction;
use crate::schedule::{Body, Change, Name, Receipt};

impl App {
    pub(super) fn act_on_memo(&mut self, action: MemoAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            MemoAction::New => {
                self.begin_new(now);
                Vec::new()
            }
            MemoAction::Edit => {
                self.edit_selected(Purpose::Edit, now);
                Vec::new()
            }
            MemoAction::Duplicate => {
                self.edit_selected(Purpose::Duplicate, now);
                Vec::new()
            }
            MemoAction::Open => self.open(now),
            MemoAction::Snooze => {
                self.ask_snooze(now);
                Vec::new()
            }
            MemoAction::Cancel if self.has_marks() => self.cancel_marked(now),
            MemoAction::Cancel => self.cancel(now),
            MemoAction::Done => match self.list_view.selected.clone() {
                Some(Selected::Arrived(key)) => self.done(&[key], now),
                Some(Selected::Row(_)) | None => Vec::new(),
            },
            MemoAction::AllDone => {
                self.ask_all_done();
                Vec::new()
            }
            MemoAction::Run => {
                self.ask_run();
                Vec::new()
            }
            MemoAction::Undo => self.reverse(Direction::Back, now),
            MemoAction::Redo => self.reverse(Direction::Forward, now),
            MemoAction::Copy => {
                self.ask_what_to_copy();
                Vec::new()
            }
        }
    }

    /// Begins a new memo, or goes back to its draft. A change of a memo is kept aside. The calendar and the hours propose the
    /// selected day or hour.
    fn begin_new(&mut self, now: DateTime<Utc>) {
        self.focus = Focus::Form;
        self.turn_to_new_memo(now);
        if !self.form.is_empty() {
            return;
        }
        let zone = self.settings.zone;
        let hour = Moment::at(self.hour, zone);
        match self.view {
            // A memo for today needs a time, not a date.
            View::Calendar if self.day > Moment::at(now, zone).civil.date() => {
                self.form = Form::proposing(zone, self.day, None);
            }
            // Most times in the current hour have passed.
            View::Hours if self.hour > now => {
                self.form = Form::proposing(zone, hour.civil.date(), Some(&hour.clock(self.hours())));
            }
            View::Pending | View::History | View::Calendar | View::Hours => {
                if self.form.proposes() {
                    self.form = Form::new(zone);
                }
            }
        }
    }

    /// Fills the form with the selected memo.
    fn edit_selected(&mut self, purpose: Purpose, now: DateTime<Utc>) {
        if let Some(memo) = self.selected_memo().cloned() {
            self.fill_form(&memo, purpose, now);
            self.focus = Focus::Form;
        }
    }

    fn open(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.view == View::History {
            self.modal = self.current().history.selected().map(receipt_details);
            return Vec::new();
        }
        let Some(context) = self.here().map(|here| here.id.clone()) else { return Vec::new() };
        match self.list_view.selected.clone() {
            Some(Selected::Arrived(_)) if !self.has_delivered_selected() => {
                self.modal = self.selected_arrived().map(receipt_details);
                Vec::new()
            }
            Some(Selected::Arrived(key)) => self.done(&[key], now),
            Some(Selected::Row(name)) => {
                self.modal = Some(Modal::Details { name: name.clone(), known: None, scroll: Scroll::default() });
                vec![Effect::Request(context, Request::Details(name))]
            }
            None => Vec::new(),
        }
    }

    /// Asks first, since it may be many. Failed deliveries are not included: each needs a look.
    fn ask_all_done(&mut self) {
        let delivered = self.current().arrivals().filter(|receipt| receipt.is_delivered());
        let keys: Vec<String> = delivered.map(|receipt| receipt.key.clone()).collect();
        let question = format!("Mark all {} arrived memos as done? They stay in the history.", keys.len());
        self.modal = Some(Modal::confirm(question, Agreed::AllDone(keys)));
    }

    fn cancel(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(row) = self.selected_row().cloned() else { return Vec::new() };
        let stage = self.current().changes.get(&row.name).map(|pending| &pending.stage);
        if let Some(Stage::Refused(_) | Stage::Unconfirmed) = stage {
            return self.drop_row(&row.name, now);
        }
        match row.body {
            Body::Memo(memo) => self.begin(&Change::Cancel(memo), Initiator::Person, now),
            Body::Foreign(foreign) => {
                let question = format!(
                    "“{}” ({}) is a foreign schedule, and cancelling it cannot be undone. Cancel it?",
                    row.name, foreign.expression
                );
                self.modal = Some(Modal::confirm(question, Agreed::CancelForeign(row.name)));
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
        effects.extend(self.begin_all(&changes, BatchKind::Cancel, Initiator::Person, now));
        effects
    }

    fn ask_run(&mut self) {
        if let Some(memo) = self.selected_memo().cloned() {
            let question = format!("Deliver {} now, and cancel its schedule?", quoted(&memo));
            self.modal = Some(Modal::confirm(question, Agreed::Run(memo)));
        }
    }
}

fn receipt_details(receipt: &Receipt) -> Modal {
    Modal::Receipt { receipt: Box::new(receipt.clone()), scroll: Scroll::default() }
}
