//! Schedules, receipts of deliveries, and changes, independent of any service.
//!
//! Part of the domain. Does not depend on a client, a store or the screen.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::memo::{Delivery, Memo, MemoId};

/// The name of a schedule within its group.
pub type Name = Arc<str>;

/// A schedule, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name; for a memo, the memo's id.
    pub name: Name,
    /// When it was last modified, by the service's clock. A later value means that it has to be read again.
    pub modified: DateTime<Utc>,
    /// Whether it is enabled; a disabled schedule never fires.
    pub enabled: bool,
    /// The memo or the foreign schedule.
    pub body: Body,
}

/// The contents of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A memo that tickler scheduled, on this machine or another.
    Memo(Memo),
    /// A schedule that tickler did not make: shown as it is, and never edited.
    Foreign(Foreign),
}

/// A schedule in the group that is not a memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The expression, as the service returned it: `rate(5 minutes)`, `cron(0 18 ? * MON-FRI *)`, `at(...)`.
    pub expression: String,
    /// The time zone of the expression, as the service returned it.
    pub zone: String,
    /// When it is due, if the expression names a single moment.
    pub due: Option<DateTime<Utc>>,
    /// One line about it: the description, else the input, else the target.
    pub about: String,
}

impl Schedule {
    /// The schedule of a memo, before the service has confirmed it.
    #[must_use]
    pub fn of(memo: Memo, modified: DateTime<Utc>) -> Self {
        Self { name: memo.id.to_string().into(), modified, enabled: true, body: Body::Memo(memo) }
    }

    /// When it is due, if that is a single moment.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        match &self.body {
            Body::Memo(memo) => Some(memo.due.instant),
            Body::Foreign(foreign) => foreign.due,
        }
    }

    /// The text of the memo; for a foreign schedule, its name and the line about it.
    #[must_use]
    pub fn words(&self) -> Cow<'_, str> {
        match &self.body {
            Body::Memo(memo) => Cow::Borrowed(&memo.text),
            Body::Foreign(foreign) => Cow::Owned(format!("{}: {}", self.name, foreign.about)),
        }
    }

    /// The memo, if it is one.
    #[must_use]
    pub fn memo(&self) -> Option<&Memo> {
        match &self.body {
            Body::Memo(memo) => Some(memo),
            Body::Foreign(_) => None,
        }
    }
}

/// Everything that the service says about one schedule: labels and values, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details(pub Vec<(String, Detail)>);

/// A value of the details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A text.
    Text(String),
    /// A moment, to be shown in the person's zone.
    Time(DateTime<Utc>),
}

/// The proof of a delivery, or of its failure: a line of the delivery log, or a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its unique key.
    pub key: String,
    /// The memo's id, if the receipt is of a memo.
    pub id: Option<MemoId>,
    /// The text of the memo; for another input, the whole input.
    pub text: String,
    /// The IANA time zone of the memo, if known.
    pub zone: Option<String>,
    /// The scheduled time.
    pub scheduled: Option<DateTime<Utc>>,
    /// When it was delivered, or the try failed.
    #[serde(alias = "delivered")]
    pub at: DateTime<Utc>,
    /// The number of EventBridge Scheduler's try, from 1; 0 if unknown.
    pub attempt: u32,
    /// Whether a person ran the memo now. This proves no scheduled delivery.
    pub by_hand: bool,
    /// The outcome.
    #[serde(default)]
    pub outcome: Outcome,
}

/// The outcome of a delivery, or of one try.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Outcome {
    /// The memo was delivered.
    #[default]
    Delivered,
    /// The memo was not delivered.
    Failed {
        /// The reason, in the words of the service or the function.
        error: String,
        /// Whether nobody retries it.
        is_final: bool,
    },
}

impl Receipt {
    /// The scheduled delivery that the receipt is of, if it is of one.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        match (self.id, self.scheduled) {
            (Some(id), Some(scheduled)) if !self.by_hand => Some(Delivery { id, scheduled }),
            _ => None,
        }
    }

    /// Whether the memo was delivered.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.outcome == Outcome::Delivered
    }

    /// The reason why it was not delivered, if it was not.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Delivered => None,
            Outcome::Failed { error, .. } => Some(error),
        }
    }

    /// Whether it failed for good.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { is_final: true, .. })
    }
}

/// A change to one schedule. It is on disk before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Schedule a new memo.
    Create(Memo),
    /// Replace `before` with `after`, which has the same id. Refused if the schedule is not `before` any more.
    Update {
        /// The memo as the person saw it.
        before: Memo,
        /// The memo as it is to be.
        after: Memo,
    },
    /// Cancel a memo.
    Cancel(Memo),
    /// Cancel a foreign schedule.
    CancelForeign(Name),
}

impl Change {
    /// The name of the schedule to change.
    #[must_use]
    pub fn name(&self) -> Name {
        match self {
            Self::Create(memo) | Self::Cancel(memo) | Self::Update { after: memo, .. } => memo.id.to_string().into(),
            Self::CancelForeign(name) => Name::clone(name),
        }
    }

    /// Whether it schedules a memo for a time that has passed, so that the memo may have fired already.
    #[must_use]
    pub fn has_passed(&self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Create(memo) | Self::Update { after: memo, .. } if memo.due.instant <= now)
    }

    /// The delivery that it schedules or cancels, if it is about a memo.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        match self {
            Self::Create(memo) | Self::Cancel(memo) | Self::Update { after: memo, .. } => Some(memo.delivery()),
            Self::CancelForeign(_) => None,
        }
    }
}

/// The outcome of a change that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// Saved, and modified at this time, by the service's clock, or the client's if the service does not say.
    Saved(Option<DateTime<Utc>>),
    /// Cancelled.
    Cancelled,
    /// Gone before the change: it has fired, or was cancelled elsewhere. The receipts say which.
    AlreadyGone,
    /// The name has another schedule than expected; nothing was changed.
    Differs(Box<Schedule>),
}
