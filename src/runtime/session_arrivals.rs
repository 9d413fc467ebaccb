//! What has arrived in this session, for a program that cannot open `state.db`.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::app::Arrived;
use crate::failure::Failure;
use crate::schedule::Receipt;

/// The arrivals of this session, in memory.
#[derive(Debug)]
pub(super) struct SessionArrivals {
    /// When the session began: earlier deliveries are in the history only.
    pub began: DateTime<Utc>,
    seen: HashSet<String>,
    done: HashSet<String>,
}

impl SessionArrivals {
    pub fn new(began: DateTime<Utc>) -> Self {
        Self { began, seen: HashSet::new(), done: HashSet::new() }
    }

    /// Marks the receipts with these keys as done.
    pub fn mark_done(&mut self, keys: &[String]) {
        self.done.extend(keys.iter().cloned());
    }

    /// The receipts with these keys are not done after all.
    pub fn take_back_done(&mut self, keys: &[String]) {
        self.done.retain(|key| !keys.contains(key));
    }

    /// Records what was read: `shown` are the receipts to show, `read` are all.
    pub fn record(&mut self, shown: Vec<Receipt>, read: Vec<Receipt>, queue: Option<Failure>) -> Arrived {
        let fresh =
            shown.iter().map(|receipt| receipt.key.clone()).filter(|key| self.seen.insert(key.clone())).collect();
        let undone = shown.into_iter().filter(|receipt| !self.done.contains(&receipt.key)).collect();
        Arrived { undone, read, fresh, queue }
    }
}
