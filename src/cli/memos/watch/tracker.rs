//! Finds out what happened: compares the schedules with those of the last refresh. For a schedule that is gone, the
//! delivery log says why.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use when::Moment;

use crate::cli::memos::error::CommandError;
use crate::cli::memos::output::{LATE_AFTER, MemoOutput, delivery_state, state};
use crate::cli::memos::session::Session;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::{Name, Receipt, Schedule};

/// How far before the due time a line of the log may be, because clocks differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// How late a line of the log may appear in AWS.
const LOG_DELAY: TimeDelta = TimeDelta::minutes(5);

/// What is known so far.
pub(super) struct Tracker {
    started_at: DateTime<Utc>,
    /// When the schedules were read last.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// The pending schedules.
    pub schedules: Vec<Schedule>,
    /// The last event of each schedule.
    reported: HashMap<Name, MemoOutput>,
    /// Memos that are gone and have no receipt yet.
    gone: Vec<Gone>,
    /// The keys of the receipts that were events already.
    used_receipts: HashSet<String>,
    /// Events of schedules that are gone, not taken yet.
    final_events: Vec<MemoOutput>,
}

struct Gone {
    memo: Memo,
    /// When the refresh found it gone.
    since: DateTime<Utc>,
}

impl Tracker {
    pub fn new(started_at: DateTime<Utc>) -> Self {
        let (schedules, gone, final_events) = (Vec::new(), Vec::new(), Vec::new());
        let (reported, used_receipts) = (HashMap::new(), HashSet::new());
        Self { started_at, refreshed_at: None, schedules, reported, gone, used_receipts, final_events }
    }

    /// Reads the schedules, and the receipts of those that are gone.
    pub async fn refresh(&mut self, session: &Session<'_>) -> Result<(), CommandError> {
        let schedules = session.schedules().await?;
        let (now, context) = (session.now(), session.scheduler.context());
        let stays = |schedule: &Schedule| schedules.iter().any(|other| other.name == schedule.name);
        for schedule in std::mem::take(&mut self.schedules).into_iter().filter(|schedule| !stays(schedule)) {
            self.reported.remove(&schedule.name);
            if let Some(memo) = schedule.memo() {
                self.gone.push(Gone { memo: memo.clone(), since: now });
            } else {
                let output = MemoOutput::of(&schedule, context, now);
                self.final_events.push(MemoOutput { state: state::CANCELLED, ..output });
            }
        }
        self.schedules = schedules;
        self.refreshed_at = Some(now);
        self.settle_gone(session).await
    }

    /// Finds out what happened to the memos that are gone.
    async fn settle_gone(&mut self, session: &Session<'_>) -> Result<(), CommandError> {
        let is_local = session.local.is_some();
        let earliest_of_gone = self.gone.iter().map(|gone| gone.memo.due.instant.min(gone.since));
        // A local log is free to read. It also has the memos that came and went between two refreshes.
        let Some(earliest) = earliest_of_gone.chain(is_local.then_some(self.started_at)).min() else { return Ok(()) };
        let receipts = session.logged_receipts(Some(earliest - CLOCK_SKEW)).await?;
        let now = session.now();
        let log_delay = if is_local { TimeDelta::zero() } else { LOG_DELAY };
        for gone in std::mem::take(&mut self.gone) {
            let state = match receipt_of(&gone, &receipts) {
                Some(receipt) if !self.used_receipts.insert(receipt.key.clone()) => continue,
                Some(receipt) => delivery_state(receipt),
                None if gone.memo.due.instant > gone.since => state::CANCELLED,
                None if now >= gone.since + log_delay => state::UNCONFIRMED,
                None => {
                    self.gone.push(gone);
                    continue;
                }
            };
            self.final_events.push(MemoOutput::of_memo(&gone.memo, state, session.scheduler.context()));
        }
        if is_local {
            self.add_unseen_deliveries(&receipts, session);
        }
        Ok(())
    }

    /// Adds the deliveries of memos that no refresh saw go: those never seen pending, and those delivered just after
    /// the schedules were read.
    fn add_unseen_deliveries(&mut self, receipts: &[Receipt], session: &Session<'_>) {
        for receipt in receipts.iter().filter(|receipt| receipt.at >= self.started_at && is_final(receipt)) {
            let (Some(id), Some(scheduled)) = (receipt.id, receipt.scheduled) else { continue };
            if self.used_receipts.insert(receipt.key.clone()) {
                let is_other = |memo: &Memo| Some(memo.delivery()) != receipt.delivery();
                self.schedules.retain(|schedule| schedule.memo().is_none_or(is_other));
                self.reported.remove(id.to_string().as_str());
                let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
                let memo = Memo { id, text: receipt.text.clone(), due: Moment::at(scheduled, zone) };
                let context = session.scheduler.context();
                self.final_events.push(MemoOutput::of_memo(&memo, delivery_state(receipt), context));
            }
        }
    }

    /// The events since the last call.
    pub fn take_events(&mut self, session: &Session<'_>, now: DateTime<Utc>) -> Vec<MemoOutput> {
        let mut events = std::mem::take(&mut self.final_events);
        for schedule in &self.schedules {
            let output = MemoOutput::of(schedule, session.scheduler.context(), now);
            // Coming due is no event: a delivery follows, or else `late`.
            let is_reported = |last: &MemoOutput| {
                *last == output
                    || (output.state == state::DUE && MemoOutput { state: output.state, ..last.clone() } == output)
            };
            if !self.reported.get(&schedule.name).is_some_and(is_reported) {
                self.reported.insert(Name::clone(&schedule.name), output.clone());
                events.push(output);
            }
        }
        events
    }

    /// Whether a memo is due, or gone without a receipt.
    pub fn expects_news(&self, now: DateTime<Utc>) -> bool {
        let is_due = |schedule: &Schedule| schedule.enabled && schedule.due().is_some_and(|due| due <= now);
        !self.gone.is_empty() || self.schedules.iter().any(is_due)
    }

    /// When a memo becomes due or late next.
    pub fn next_state_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let times = self.schedules.iter().filter_map(Schedule::due).flat_map(|due| [due, due + LATE_AFTER]);
        times.filter(|at| *at > now).min()
    }

    /// When a state or a countdown changes next.
    pub fn next_text_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let dues = self.schedules.iter().filter_map(Schedule::due);
        dues.filter_map(|due| countdown::next_change(due, now)).chain(self.next_state_change(now)).min()
    }
}

/// The receipt of the delivery that this memo waited for, or of a run by hand after it was last seen.
fn receipt_of<'r>(gone: &Gone, receipts: &'r [Receipt]) -> Option<&'r Receipt> {
    let matches = |receipt: &&Receipt| {
        let by_hand = receipt.by_hand && receipt.id == Some(gone.memo.id) && receipt.at >= gone.since - CLOCK_SKEW;
        by_hand || receipt.delivery() == Some(gone.memo.delivery())
    };
    receipts.iter().rfind(matches).filter(|receipt| is_final(receipt))
}

/// Whether the scheduler is done with this delivery.
fn is_final(receipt: &Receipt) -> bool {
    receipt.is_delivered() || receipt.is_lost()
}
