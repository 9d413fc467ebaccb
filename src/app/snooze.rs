//! Putting a memo off: what has arrived is put off from now, what is pending from the time it is due.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use when::{Choice, Civil, Moment};

use crate::memo::{Memo, MemoId};
use crate::schedule::Receipt;

use super::modal::Chosen;
use super::{App, Modal, View};

impl App {
    /// Asks until when.
    pub(super) fn ask_snooze(&mut self, now: DateTime<Utc>) {
        let receipt = match self.view {
            View::Pending => self.selected_arrived(),
            View::History => self.history.selected(),
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
        self.modal = Some(Modal::Choose {
            question: question.replace("{}", memo.first_line()),
            choices: choices(memo.due, now, &self.settings.when),
            selected: 0,
            then,
        });
    }

    /// The memo that was delivered, due at `due`: under its own identity, so that it stays the same memo, or under a
    /// new one when the delivery was none of ours, or the memo is pending again already.
    fn memo_of(&mut self, receipt: &Receipt, due: Moment) -> Memo {
        let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(due.zone);
        let free = |id: &MemoId| self.list.get(&id.to_string()).is_none();
        let id = receipt.id.filter(free).unwrap_or_else(|| self.ids.next());
        Memo { id, text: receipt.text.clone(), due: Moment::at(due.instant, zone) }
    }
}

/// The moments on offer: later than `from`, and never in the past.
fn choices(from: Moment, now: DateTime<Utc>, settings: &when::Settings) -> Vec<Choice> {
    let base = Moment::at(whole_second(from.instant.max(now)), from.zone);
    let after = |label: &str, distance: TimeDelta| {
        let moment = Moment::at(base.instant + distance, base.zone);
        Choice { label: format!("{label:<14}{}", moment.words()), moment }
    };
    let on = |label: &str, days: u64, time: NaiveTime| {
        let civil = base.civil.date().checked_add_days(Days::new(days))?.and_time(time);
        let moment = match when::resolve(civil, base.zone) {
            Civil::One(moment) | Civil::Twice(moment, _) | Civil::Skipped { after: moment, .. } => moment,
        };
        (moment.instant > base.instant).then(|| Choice { label: format!("{label:<14}{}", moment.words()), moment })
    };
    let mut choices = vec![after("10 minutes", TimeDelta::minutes(10)), after("1 hour", TimeDelta::hours(1))];
    choices.extend(on("this evening", 0, settings.evening));
    choices.extend(on("tomorrow", 1, settings.date_alone));
    choices.extend(on("in a week", 7, base.civil.time()));
    choices
}

/// Schedules are set to the second: the next whole one.
fn whole_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = i64::from(instant.timestamp_subsec_nanos());
    if nanos == 0 { instant } else { instant + TimeDelta::nanoseconds(1_000_000_000 - nanos) }
}
