//! Putting a memo off: what has arrived is put off from now, what is pending from the time it is due.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use when::{Choice, Civil, Moment};

use crate::memo::Memo;
use crate::schedule::Receipt;

use super::modal::Chosen;
use super::{App, Modal};

impl App {
    /// Asks until when.
    pub(super) fn ask_snooze(&mut self, now: DateTime<Utc>) {
        let (memo, arrived) = match (self.selected_arrived(), self.selected_memo()) {
            (Some(receipt), _) => {
                let (receipt, zone) = (receipt.clone(), self.settings.zone);
                (self.memo_of(&receipt, Moment::at(now, zone)), Some(receipt.key))
            }
            (None, Some(memo)) => (memo.clone(), None),
            (None, None) => return,
        };
        let choices = choices(memo.due, now, &self.settings.when);
        let from = if arrived.is_some() { "from now" } else { "from its time" };
        self.modal = Some(Modal::Choose {
            question: format!("Snooze “{}” {from}, until", memo.first_line()),
            choices,
            selected: 0,
            then: Chosen::Snooze { memo, arrived },
        });
    }

    /// The memo that was delivered, due at `due`: under its own identity, so that it stays the same memo, or under a
    /// new one when the delivery was none of ours.
    fn memo_of(&mut self, receipt: &Receipt, due: Moment) -> Memo {
        let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(due.zone);
        let id = receipt.id.unwrap_or_else(|| self.ids.next());
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
