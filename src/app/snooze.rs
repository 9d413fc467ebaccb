//! Snoozing: a memo that has arrived is snoozed from now, a pending memo from its due time. Marked memos are snoozed each from
//! its own time.

use chrono::{DateTime, Utc};
use when::{Choice, Moment, Reading};

use super::context::batch::BatchKind;
use super::context::pending::Initiator;
use super::line_input::LineInput;
use super::message::Effect;
use super::modal::{Chosen, Modal};
use super::model::App;
use super::quote::quoted;
use super::snooze_by::{SnoozeBy, base};
use super::view::View;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Receipt, Schedule};

impl App {
    /// Asks until when to snooze.
    pub(super) fn ask_snooze(&mut self, now: DateTime<Utc>) {
        if self.view == View::Pending && self.has_marks() {
            return self.ask_snooze_marked(now);
        }
        let receipt = match self.view {
            View::Pending | View::Calendar | View::Hours => self.selected_arrived(),
            View::History => self.current().history.selected(),
        };
        let (question, memo, then) = match (receipt.cloned(), self.selected_memo().cloned()) {
            (Some(receipt), _) => {
                let memo = self.memo_of(&receipt, Moment::at(now, self.settings.zone));
                let question =
                    if receipt.is_delivered() { "Snooze {} from now, until" } else { "Schedule {} again, for" };
                (question, memo.clone(), Chosen::Again { memo, arrived: receipt.key })
            }
            (None, Some(memo)) if self.view == View::Pending => {
                ("Snooze {} from its time, until", memo.clone(), Chosen::Snooze(memo))
            }
            (None, _) => return,
        };
        let base = base(memo.due, now);
        let offers = SnoozeBy::ALL.into_iter().filter_map(|by| {
            let moment = by.after(base, &self.settings.when)?;
            Some(Choice { label: format!("{:<14}{}", by.label(), self.words(&moment)), moment })
        });
        self.modal = Some(Modal::Choose {
            question: question.replace("{}", &quoted(&memo)),
            choices: offers.collect(),
            selected: 0,
            then,
        });
    }

    fn ask_snooze_marked(&mut self, now: DateTime<Utc>) {
        let memos = self.marked_memos();
        let Some(first) = memos.first() else { return };
        let settings = &self.settings.when;
        let fits = |by: &SnoozeBy| memos.iter().all(|memo| by.after(base(memo.due, now), settings).is_some());
        let offers: Vec<SnoozeBy> = SnoozeBy::ALL.into_iter().filter(fits).collect();
        let first = base(first.due, now);
        let choices = offers
            .iter()
            .filter_map(|by| Some(Choice { label: by.label().to_owned(), moment: by.after(first, settings)? }));
        self.modal = Some(Modal::Choose {
            question: format!("Snooze {} memos, each from its own time, until", memos.len()),
            choices: choices.collect(),
            selected: 0,
            then: Chosen::SnoozeMarked { offers },
        });
    }

    /// Snoozes the marked memos.
    pub(super) fn snooze_marked(&mut self, by: SnoozeBy, now: DateTime<Utc>) -> Vec<Effect> {
        let settings = self.settings.when;
        self.snooze_marked_until(|memo| by.after(base(memo.due, now), &settings), now)
    }

    fn snooze_marked_until(&mut self, until: impl Fn(&Memo) -> Option<Moment>, now: DateTime<Utc>) -> Vec<Effect> {
        let memos = self.take_marked().into_iter();
        let changes: Vec<Change> = memos
            .filter_map(|memo| {
                let later = Memo { due: until(&memo)?, ..memo.clone() };
                Some(self.current().replacement(memo, later))
            })
            .collect();
        self.begin_all(&changes, BatchKind::Snooze, Initiator::Person, now)
    }

    /// Whether the open question can be answered in words.
    #[must_use]
    pub fn takes_words(&self) -> bool {
        matches!(
            &self.modal,
            Some(Modal::Choose { then: Chosen::Snooze(_) | Chosen::Again { .. } | Chosen::SnoozeMarked { .. }, .. })
        )
    }

    /// Asks for the answer in words instead.
    pub(super) fn ask_in_words(&mut self, now: DateTime<Utc>) {
        let marked = self.current().list.marked().filter_map(Schedule::memo);
        let first_marked = marked.map(|memo| memo.due).min_by_key(|due| due.instant);
        let Some(Modal::Choose { question, then, .. }) = self.modal.take() else { return };
        let from = match &then {
            Chosen::Snooze(memo) | Chosen::Again { memo, .. } => memo.due,
            Chosen::SnoozeMarked { .. } | Chosen::Submit => first_marked.unwrap_or(Moment::at(now, self.settings.zone)),
        };
        let reading = when::read("", now, from.zone, &self.settings.when);
        self.modal = Some(Modal::Words { question, typed: LineInput::default(), from: base(from, now), reading, then });
    }

    /// Changes the answer in words, and reads it again.
    pub(super) fn words_changed(&mut self, change: impl FnOnce(&mut LineInput)) {
        if let Some(Modal::Words { typed, from, reading, .. }) = &mut self.modal {
            change(typed);
            *reading = when::read(typed.text(), from.instant, from.zone, &self.settings.when);
        }
    }

    /// Takes the answer in words. Several readings become a question; an answer that is not a time stays, with the reason below.
    pub(super) fn take_words(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Words { question, typed, reading, then, .. }) = &self.modal else { return Vec::new() };
        let (question, choices) = match reading {
            Reading::Resolved(_) if matches!(then, Chosen::SnoozeMarked { .. }) => {
                let text = typed.text().to_owned();
                return self.snooze_marked_to(&text, now);
            }
            Reading::Resolved(moment) => {
                let choices = vec![Choice { label: self.words(moment), moment: *moment }];
                (question.clone(), choices)
            }
            Reading::Ask(asked) if !matches!(then, Chosen::SnoozeMarked { .. }) => {
                (asked.why.clone(), asked.choices.clone())
            }
            Reading::Ask(_) | Reading::Refused(_) => return Vec::new(),
        };
        let resolved = matches!(reading, Reading::Resolved(_));
        let then = then.clone();
        self.modal = Some(Modal::Choose { question, choices, selected: 0, then });
        if resolved { self.take(None, now) } else { Vec::new() }
    }

    /// Snoozes the marked memos until what the words mean, each from its own time. Does nothing if the words are not one
    /// moment for every memo.
    fn snooze_marked_to(&mut self, text: &str, now: DateTime<Utc>) -> Vec<Effect> {
        let settings = self.settings.when;
        let until = |memo: &Memo| {
            let base = base(memo.due, now);
            match when::read(text, base.instant, base.zone, &settings) {
                Reading::Resolved(moment) => Some(moment),
                Reading::Ask(_) | Reading::Refused(_) => None,
            }
        };
        let memos = self.marked_memos();
        if let Some(memo) = memos.iter().find(|memo| until(memo).is_none()) {
            let memo = quoted(memo);
            self.banners
                .warn(format!("“{text}” is not one moment for {memo}, counted from its time. Nothing was snoozed."));
            return Vec::new();
        }
        self.modal = None;
        self.snooze_marked_until(until, now)
    }

    /// The delivered memo, due again. It keeps its id, unless the delivery was foreign or the memo is pending again already.
    fn memo_of(&mut self, receipt: &Receipt, due: Moment) -> Memo {
        let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(due.zone);
        let free = |id: &MemoId| self.current().list.get(&id.to_string()).is_none();
        let id = receipt.id.filter(free).unwrap_or_else(|| self.ids.next());
        Memo { id, text: receipt.text.clone(), due: Moment::at(due.instant, zone) }
    }
}
