//! What a watcher has seen, and what happened since: rows against the rows of before, and for those that are gone, what
//! the delivery log proves.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use when::Moment;

use crate::cli::memos::error::CommandError;
use crate::cli::memos::output::{LATE, MemoOutput, delivery_state, state};
use crate::cli::memos::session::Session;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::{Name, Receipt, Schedule};

/// How far before the time that a memo was due its line of the log may be: no two clocks agree.
const BEFORE: TimeDelta = TimeDelta::minutes(1);

/// How long the proof of a delivery in AWS may take: logs come in late.
const PROOF_LAG: TimeDelta = TimeDelta::minutes(5);

/// What was seen so far.
pub(super) struct Tracker {
    began: DateTime<Utc>,
    /// When the place was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What is pending.
    pub rows: Vec<Schedule>,
    /// What was last told of each.
    told: HashMap<Name, MemoOutput>,
    /// Those that are gone, and of which nothing is proved yet.
    gone: Vec<Gone>,
    /// The keys of the receipts that were told.
    proved: HashSet<String>,
    /// What became of others, and is to be told.
    ends: Vec<MemoOutput>,
}

struct Gone {
    memo: Memo,
    /// When it was found to be gone.
    since: DateTime<Utc>,
}

impl Tracker {
    /// Nothing yet, at `began`.
    pub fn since(began: DateTime<Utc>) -> Self {
        let (rows, gone, ends) = (Vec::new(), Vec::new(), Vec::new());
        Self { began, looked_at: None, rows, told: HashMap::new(), gone, proved: HashSet::new(), ends }
    }

    /// Looks at what is pending, and asks the log for those that are gone.
    pub async fn look(&mut self, session: &Session<'_>) -> Result<(), CommandError> {
        let rows = session.schedules().await?;
        let now = session.now();
        let stays = |row: &Schedule| rows.iter().any(|other| other.name == row.name);
        for row in std::mem::take(&mut self.rows).into_iter().filter(|row| !stays(row)) {
            self.told.remove(&row.name);
            match row.memo() {
                Some(memo) => self.gone.push(Gone { memo: memo.clone(), since: now }),
                None => self.ends.push(MemoOutput {
                    state: state::CANCELLED,
                    ..MemoOutput::of(&row, session.scheduler.context(), now)
                }),
            }
        }
        self.rows = rows;
        self.looked_at = Some(now);
        self.prove(session).await
    }

    /// What became of those that are gone.
    async fn prove(&mut self, session: &Session<'_>) -> Result<(), CommandError> {
        let local = session.local.is_some();
        let gone = self.gone.iter().map(|gone| gone.memo.due.instant.min(gone.since));
        // Here the log costs nothing, and tells also of what came and went between two looks.
        let Some(earliest) = gone.chain(local.then_some(self.began)).min() else { return Ok(()) };
        let receipts = session.logged_receipts(Some(earliest - BEFORE)).await?;
        let now = session.now();
        let lag = if local { TimeDelta::zero() } else { PROOF_LAG };
        for gone in std::mem::take(&mut self.gone) {
            let became = match proof(&gone, &receipts) {
                Some(receipt) if !self.proved.insert(receipt.key.clone()) => continue,
                Some(receipt) => delivery_state(receipt),
                None if gone.memo.due.instant > gone.since => state::CANCELLED,
                None if now >= gone.since + lag => state::UNCONFIRMED,
                None => {
                    self.gone.push(gone);
                    continue;
                }
            };
            self.ends.push(MemoOutput::of_memo(&gone.memo, became, session.scheduler.context()));
        }
        if local {
            self.prove_unseen(&receipts, session);
        }
        Ok(())
    }

    /// What was delivered since the watch began and not seen to go: it was never seen pending, or it went just after
    /// the rows were read.
    fn prove_unseen(&mut self, receipts: &[Receipt], session: &Session<'_>) {
        for receipt in receipts.iter().filter(|receipt| receipt.at >= self.began && is_an_end(receipt)) {
            let (Some(id), Some(scheduled)) = (receipt.id, receipt.scheduled) else { continue };
            if self.proved.insert(receipt.key.clone()) {
                self.rows.retain(|row| row.memo().is_none_or(|memo| Some(memo.delivery()) != receipt.delivery()));
                self.told.remove(id.to_string().as_str());
                let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
                let memo = Memo { id, text: receipt.text.clone(), due: Moment::at(scheduled, zone) };
                self.ends.push(MemoOutput::of_memo(&memo, delivery_state(receipt), session.scheduler.context()));
            }
        }
    }

    /// What is to be told since this was last asked.
    pub fn happened(&mut self, session: &Session<'_>, now: DateTime<Utc>) -> Vec<MemoOutput> {
        let mut happened = std::mem::take(&mut self.ends);
        for scheduled in &self.rows {
            let row = MemoOutput::of(scheduled, session.scheduler.context(), now);
            // That the time of a memo has come is told by its delivery, or when there is none.
            let as_told = |told: &MemoOutput| {
                *told == row || (row.state == state::DUE && MemoOutput { state: row.state, ..told.clone() } == row)
            };
            if !self.told.get(&scheduled.name).is_some_and(as_told) {
                self.told.insert(Name::clone(&scheduled.name), row.clone());
                happened.push(row);
            }
        }
        happened
    }

    /// Whether anything is due, or gone and not proved: AWS is then asked more often.
    pub fn awaits(&self, now: DateTime<Utc>) -> bool {
        !self.gone.is_empty() || self.rows.iter().any(|row| row.enabled && row.due().is_some_and(|due| due <= now))
    }

    /// When what is told changes by itself; with `countdowns` also when the text of one does.
    pub fn next_change(&self, now: DateTime<Utc>, countdowns: bool) -> Option<DateTime<Utc>> {
        let of = |due: DateTime<Utc>| {
            let text = countdowns.then(|| countdown::next_change(due, now)).flatten();
            [due, due + LATE].into_iter().filter(|at| *at > now).chain(text).min()
        };
        self.rows.iter().filter_map(Schedule::due).filter_map(of).min()
    }
}

/// The receipt of the delivery that this memo waited for, or of one by hand since it was last there.
fn proof<'r>(gone: &Gone, receipts: &'r [Receipt]) -> Option<&'r Receipt> {
    let of_it = |receipt: &&Receipt| {
        let by_hand = receipt.by_hand && receipt.id == Some(gone.memo.id) && receipt.at >= gone.since - BEFORE;
        by_hand || receipt.delivery() == Some(gone.memo.delivery())
    };
    receipts.iter().rfind(of_it).filter(|receipt| is_an_end(receipt))
}

/// Whether nobody tries any more.
fn is_an_end(receipt: &Receipt) -> bool {
    receipt.is_delivered() || receipt.is_lost()
}
