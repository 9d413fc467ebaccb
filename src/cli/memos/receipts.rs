//! What the delivery log and the dead-letter queue say about memos, settled as on the screen.
//!
//! Never deletes a dead letter: that is for the person who deals with it on the screen.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::CommandError;
use super::lookup::ambiguous_id;
use super::session::Session;
use crate::failure::{Failure, FailureKind};
use crate::proof;
use crate::schedule::Receipt;

/// How far back to search the delivery log in AWS for a memo that is no longer pending.
const SEARCHED: TimeDelta = TimeDelta::days(7);
/// How far ahead of this machine's clock a line of the log may be.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// Receipts of the log and the queue.
pub(super) struct AllReceipts {
    /// One receipt for each delivery, oldest first.
    pub receipts: Vec<Receipt>,
    /// Why the dead-letter queue could not be read.
    pub queue_failure: Option<Failure>,
}

impl Session<'_> {
    /// The receipts of the delivery log, oldest first. Without `since`, all of them.
    pub async fn logged_receipts(&self, since: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, CommandError> {
        Ok(proof::settle(self.log_lines(since).await?))
    }

    /// The receipts of the log and the queue. If the queue cannot be read, those of the log alone.
    pub async fn all_receipts(&self, since: Option<DateTime<Utc>>) -> Result<AllReceipts, CommandError> {
        // Receiving from the queue waits for a while.
        let (lines, letters) = tokio::join!(self.log_lines(since), self.scheduler.dead_letters());
        let mut lines = lines?;
        let (letters, queue_failure) =
            letters.map_or_else(|failure| (Vec::new(), Some(failure)), |letters| (letters, None));
        lines.extend(letters.into_iter().map(|letter| letter.receipt));
        let mut receipts = proof::settle(lines);
        // A letter stays in the queue until a person deals with it, so it may be older.
        receipts.retain(|receipt| since.is_none_or(|since| receipt.at >= since));
        Ok(AllReceipts { receipts, queue_failure })
    }

    /// The latest receipt of the memo whose id starts like this. Reads the queue only if the log proves no delivery.
    pub async fn latest_receipt(&self, id: &str) -> Result<Option<Receipt>, CommandError> {
        let since = self.local.is_none().then(|| self.now() - SEARCHED);
        let prefix = id.to_ascii_lowercase();
        let matches = |receipt: &Receipt| receipt.id.is_some_and(|id| id.to_string().starts_with(&prefix));
        let mut lines = self.log_lines(since).await?;
        lines.retain(matches);
        if !lines.iter().any(Receipt::is_delivered) {
            let letters = self.scheduler.dead_letters().await?;
            lines.extend(letters.into_iter().map(|letter| letter.receipt).filter(matches));
        }
        let ids: BTreeMap<String, String> =
            lines.iter().filter_map(|receipt| Some((receipt.id?.to_string(), receipt.text.clone()))).collect();
        if ids.len() > 1 {
            return Err(ambiguous_id(id, ids));
        }
        Ok(proof::settle(lines).into_iter().last())
    }

    /// The lines of the delivery log.
    async fn log_lines(&self, since: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, CommandError> {
        let since = since.unwrap_or(DateTime::UNIX_EPOCH);
        match self.scheduler.receipts(since, self.now() + CLOCK_SKEW).await {
            Ok(lines) => Ok(lines),
            // The log group appears with the first call of the function.
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(Vec::new()),
            Err(failure) => Err(failure.into()),
        }
    }
}
