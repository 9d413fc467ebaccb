//! What became of memos: what the delivery log says, and what is known only to the dead-letter queue, settled as in the
//! program.
//!
//! It must never take a letter out of the queue: that is for whoever deals with it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::CommandError;
use super::lookup::ambiguous;
use super::session::Session;
use crate::failure::{Failure, FailureKind};
use crate::proof;
use crate::schedule::Receipt;

/// How far back the delivery log of a place in AWS is looked at for a memo that is no more pending.
const RECENT: TimeDelta = TimeDelta::days(7);
/// No two clocks agree: a line of the log may bear a time that is still to come here.
const AHEAD: TimeDelta = TimeDelta::minutes(1);

/// What is known of what became of memos.
pub(super) struct AllReceipts {
    /// One receipt for each delivery, oldest first.
    pub receipts: Vec<Receipt>,
    /// Why the dead-letter queue could not be read, where that is so.
    pub unread: Option<Failure>,
}

impl Session<'_> {
    /// What the delivery log proves, oldest first; from its beginning where no time is said.
    pub async fn logged_receipts(&self, since: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, CommandError> {
        Ok(proof::settle(self.log_receipts(since).await?))
    }

    /// What log and queue prove together. A queue that cannot be read hides what only it knows, and no more.
    pub async fn all_receipts(&self, since: Option<DateTime<Utc>>) -> Result<AllReceipts, CommandError> {
        // The queue is listened to for a while.
        let (lines, letters) = tokio::join!(self.log_receipts(since), self.scheduler.dead_letters());
        let mut lines = lines?;
        let (letters, unread) = letters.map_or_else(|failure| (Vec::new(), Some(failure)), |letters| (letters, None));
        lines.extend(letters.into_iter().map(|letter| letter.receipt));
        let mut receipts = proof::settle(lines);
        // A letter lies there for as long as nobody deals with it.
        receipts.retain(|receipt| since.is_none_or(|since| receipt.at >= since));
        Ok(AllReceipts { receipts, unread })
    }

    /// What became of the memo whose identity begins so. The queue is asked only where the log proves no delivery.
    pub async fn latest_receipt(&self, id: &str) -> Result<Option<Receipt>, CommandError> {
        let since = self.local.is_none().then(|| self.now() - RECENT);
        let prefix = id.to_ascii_lowercase();
        let begins = |receipt: &Receipt| receipt.id.is_some_and(|id| id.to_string().starts_with(&prefix));
        let mut lines = self.log_receipts(since).await?;
        lines.retain(begins);
        if !lines.iter().any(Receipt::is_delivered) {
            let letters = self.scheduler.dead_letters().await?;
            lines.extend(letters.into_iter().map(|letter| letter.receipt).filter(begins));
        }
        let ids: BTreeMap<String, String> =
            lines.iter().filter_map(|receipt| Some((receipt.id?.to_string(), receipt.text.clone()))).collect();
        if ids.len() > 1 {
            return Err(ambiguous(id, ids));
        }
        Ok(proof::settle(lines).into_iter().last())
    }

    /// What is written in the delivery log.
    async fn log_receipts(&self, since: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, CommandError> {
        let since = since.unwrap_or(DateTime::UNIX_EPOCH);
        match self.scheduler.receipts(since, self.now() + AHEAD).await {
            Ok(lines) => Ok(lines),
            // A function that was never called has no log yet.
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(Vec::new()),
            Err(failure) => Err(failure.into()),
        }
    }
}
