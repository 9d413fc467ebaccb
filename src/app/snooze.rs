//! Putting memos off: what has arrived is put off from now, what is pending from the time it is due. Several that are
//! marked are put off each from its own time.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use when::{Choice, Civil, Moment, Reading};

use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Receipt};

use super::context::batch::BatchKind;
use super::context::pending::Initiator;
use super::line_input::LineInput;
use super::message::Effect;
use super::modal::Chosen;
use super::modal::Modal;
use super::model::App;
use super::quote::quoted;
use super::view::View;

/// Until when something is put off, counted from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// By ten minutes.
    TenMinutes,
    /// By an hour.
    Hour,
    /// To the evening of that day.
    Evening,
    /// To the next day, at the time that a date alone means.
    Tomorrow,
    /// By a week, on the same clock.
    Week,
}

impl Later {
    const ALL: [Self; 5] = [Self::TenMinutes, Self::Hour, Self::Evening, Self::Tomorrow, Self::Week];

    fn label(self) -> &'static str {
        match self {
            Self::TenMinutes => "10 minutes",
            Self::Hour => "1 hour",
            Self::Evening => "this evening",
            Self::Tomorrow => "tomorrow",
            Self::Week => "in a week",
        }
    }

    /// That moment; none where it would be no later.
    fn than(self, base: Moment, settings: &when::Settings) -> Option<Moment> {
        let after = |distance: TimeDelta| Some(Moment::at(base.instant + distance, base.zone));
        let on = |days: u64, time: NaiveTime| {
            let civil = base.civil.date().checked_add_days(Days::new(days))?.and_time(time);
            let moment = match when::resolve(civil, base.zone) {
                Civil::One(moment) | Civil::Twice(moment, _) | Civil::Skipped { after: moment, .. } => moment,
            };
            (moment.instant > base.instant).then_some(moment)
        };
        match self {
            Self::TenMinutes => after(TimeDelta::minutes(10)),
            Self::Hour => after(TimeDelta::hours(1)),
            Self::Evening => on(0, settings.evening),
            Self::Tomorrow => on(1, settings.date_alone),
            Self::Week => on(7, base.civil.time()),
        }
    }
}

impl App {
    /// Asks until when.
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
                let question = if receipt.is_delivered() {
                    "Snooze “{}” from now, until"
                } else {
                    "Schedule “{}” again, for"
                };
                (question, memo.clone(), Chosen::Again { memo, arrived: receipt.key })
            }
            (None, Some(memo)) if self.view == View::Pending => {
                ("Snooze “{}” from its time, until", memo.clone(), Chosen::Snooze(memo))
            }
            (None, _) => return,
        };
        let base = base(memo.due, now);
        let offers = Later::ALL.into_iter().filter_map(|later| {
            let moment = later.than(base, &self.settings.when)?;
            Some(Choice { label: format!("{:<14}{}", later.label(), moment.words(self.hours())), moment })
        });
        self.modal = Some(Modal::Choose {
            question: question.replace("{}", memo.first_line()),
            choices: offers.collect(),
            selected: 0,
            then,
        });
    }

    fn ask_snooze_marked(&mut self, now: DateTime<Utc>) {
        let memos = self.marked_memos();
        let Some(first) = memos.first() else { return };
        let settings = &self.settings.when;
        let suits = |later: &Later| memos.iter().all(|memo| later.than(base(memo.due, now), settings).is_some());
        let offers: Vec<Later> = Later::ALL.into_iter().filter(suits).collect();
        let first = base(first.due, now);
        let choices = offers
            .iter()
            .filter_map(|later| Some(Choice { label: later.label().to_owned(), moment: later.than(first, settings)? }));
        self.modal = Some(Modal::Choose {
            question: format!("Snooze {} memos, each from its own time, until", memos.len()),
            choices: choices.collect(),
            selected: 0,
            then: Chosen::SnoozeMarked { offers },
        });
    }

    /// Puts all marked memos off in the same way.
    pub(super) fn snooze_marked(&mut self, later: Later, now: DateTime<Utc>) -> Vec<Effect> {
        let settings = self.settings.when;
        self.put_marked_off(|memo| later.than(base(memo.due, now), &settings), now)
    }

    fn put_marked_off(&mut self, until: impl Fn(&Memo) -> Option<Moment>, now: DateTime<Utc>) -> Vec<Effect> {
        let memos = self.take_marked().into_iter();
        let writes: Vec<Change> = memos
            .filter_map(|memo| {
                let later = Memo { due: until(&memo)?, ..memo.clone() };
                Some(self.current().replacement(memo, later))
            })
            .collect();
        self.begin_all(writes, BatchKind::Snooze, Initiator::Person, now)
    }

    /// The question until when is asked, and can be answered in words.
    #[must_use]
    pub fn takes_words(&self) -> bool {
        matches!(
            &self.modal,
            Some(Modal::Choose { then: Chosen::Snooze(_) | Chosen::Again { .. } | Chosen::SnoozeMarked { .. }, .. })
        )
    }

    /// The person would rather type until when.
    pub(super) fn ask_in_words(&mut self, now: DateTime<Utc>) {
        let first_marked =
            self.current().list.marked().filter_map(|row| Some(row.memo()?.due)).min_by_key(|due| due.instant);
        let Some(Modal::Choose { question, then, .. }) = self.modal.take() else { return };
        let from = match &then {
            Chosen::Snooze(memo) | Chosen::Again { memo, .. } => memo.due,
            Chosen::SnoozeMarked { .. } | Chosen::Submit => first_marked.unwrap_or(Moment::at(now, self.settings.zone)),
        };
        let reading = when::read("", now, from.zone, &self.settings.when);
        self.modal = Some(Modal::Words { question, typed: LineInput::default(), from: base(from, now), reading, then });
    }

    /// What is typed as an answer has changed.
    pub(super) fn words_changed(&mut self, change: impl FnOnce(&mut LineInput)) {
        if let Some(Modal::Words { typed, from, reading, .. }) = &mut self.modal {
            change(typed);
            *reading = when::read(typed.text(), from.instant, from.zone, &self.settings.when);
        }
    }

    /// The words are to be taken. Several readings are a question again; what is none stays, with the reason under it.
    pub(super) fn take_words(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Words { question, typed, reading, then, .. }) = &self.modal else { return Vec::new() };
        let (why, choices) = match reading {
            Reading::Resolved(_) if matches!(then, Chosen::SnoozeMarked { .. }) => {
                let text = typed.text().to_owned();
                return self.snooze_marked_to(&text, now);
            }
            Reading::Resolved(moment) => {
                let choices = vec![Choice { label: moment.words(self.hours()), moment: *moment }];
                (question.clone(), choices)
            }
            Reading::Ask(asked) if !matches!(then, Chosen::SnoozeMarked { .. }) => {
                (asked.why.clone(), asked.choices.clone())
            }
            Reading::Ask(_) | Reading::Refused(_) => return Vec::new(),
        };
        let resolved = matches!(reading, Reading::Resolved(_));
        let then = then.clone();
        self.modal = Some(Modal::Choose { question: why, choices, selected: 0, then });
        if resolved { self.take(None, now) } else { Vec::new() }
    }

    /// Puts all marked memos off to what the words mean, each from its own time. Where they mean no one moment to one of
    /// them, nothing is done.
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
            self.banners
                .warn(format!("From the time of {}, “{text}” is no one moment: nothing was done.", quoted(memo)));
            return Vec::new();
        }
        self.modal = None;
        self.put_marked_off(until, now)
    }

    /// The memo that was delivered, due at `due`: under its own identity, so that it stays the same memo, or under a
    /// new one when the delivery was none of ours, or the memo is pending again already.
    fn memo_of(&mut self, receipt: &Receipt, due: Moment) -> Memo {
        let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(due.zone);
        let free = |id: &MemoId| self.current().list.get(&id.to_string()).is_none();
        let id = receipt.id.filter(free).unwrap_or_else(|| self.ids.next());
        Memo { id, text: receipt.text.clone(), due: Moment::at(due.instant, zone) }
    }
}

/// What is counted from: the given time or now, whichever is later, to the second, since schedules are set to that.
fn base(from: Moment, now: DateTime<Utc>) -> Moment {
    Moment::at(whole_second(from.instant.max(now)), from.zone)
}

/// The next whole second.
fn whole_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = i64::from(instant.timestamp_subsec_nanos());
    if nanos == 0 { instant } else { instant + TimeDelta::nanoseconds(1_000_000_000 - nanos) }
}
