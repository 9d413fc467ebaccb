//! What a scheduling service holds, said without naming any service: schedules, receipts, and what is asked of it.
//!
//! Knows the memo. It must never know a client, a store or a screen.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::memo::{Delivery, Memo, MemoId};

/// The name of a schedule within its group.
pub type Name = Arc<str>;

/// A schedule as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name; for a memo, the memo's id.
    pub name: Name,
    /// When the service last changed it: tells a row that must be read again from one that need not.
    pub modified: DateTime<Utc>,
    /// Whether it will fire at all.
    pub enabled: bool,
    /// What it carries.
    pub body: Body,
}

/// What a schedule carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A memo that this program (or another copy of it) scheduled.
    Memo(Memo),
    /// Somebody else's schedule in the same group: shown as it is, and never edited.
    Foreign(Foreign),
}

/// A schedule that is no memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Its expression, as the service gave it: `rate(5 minutes)`, `cron(0 18 ? * MON-FRI *)`, `at(...)`.
    pub expression: String,
    /// The zone of the expression, as the service gave it.
    pub zone: String,
    /// When it is due, where its expression names one moment.
    pub due: Option<DateTime<Utc>>,
    /// One line that tells it from others: its description, or its input, or its target.
    pub about: String,
}

impl Schedule {
    /// The schedule of a memo, as it is known before the service was asked.
    #[must_use]
    pub fn of(memo: Memo, modified: DateTime<Utc>) -> Self {
        Self { name: memo.id.to_string().into(), modified, enabled: true, body: Body::Memo(memo) }
    }

    /// When it is due, where one moment can be named.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        match &self.body {
            Body::Memo(memo) => Some(memo.due.instant),
            Body::Foreign(foreign) => foreign.due,
        }
    }

    /// What it says: the text of the memo, or what tells another schedule from others.
    #[must_use]
    pub fn words(&self) -> Cow<'_, str> {
        match &self.body {
            Body::Memo(memo) => Cow::Borrowed(&memo.text),
            Body::Foreign(foreign) => Cow::Owned(format!("{}: {}", self.name, foreign.about)),
        }
    }

    /// The memo, where it is one.
    #[must_use]
    pub fn memo(&self) -> Option<&Memo> {
        match &self.body {
            Body::Memo(memo) => Some(memo),
            Body::Foreign(_) => None,
        }
    }
}

/// Everything the service says about one schedule: label and value, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details(pub Vec<(String, String)>);

/// What is known of a delivery: a line of the delivery log, or a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What tells it from every other one.
    pub key: String,
    /// The memo, where the line names one of ours.
    pub id: Option<MemoId>,
    /// The text that was delivered; for an input that is not ours, the input as it was.
    pub text: String,
    /// The IANA zone that the memo was written in, where the line says so.
    pub zone: Option<String>,
    /// The time it was scheduled for.
    pub scheduled: Option<DateTime<Utc>>,
    /// The time it was delivered, or the try failed.
    #[serde(alias = "delivered")]
    pub at: DateTime<Utc>,
    /// Which try of the scheduler delivered it, counted from 1; 0 when the line does not say.
    pub attempt: u32,
    /// Whether a person ran it by hand: such a line proves only itself, never a scheduled delivery.
    pub by_hand: bool,
    /// How it ended.
    #[serde(default)]
    pub outcome: Outcome,
}

/// How a delivery ended, or one try of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Outcome {
    /// The memo was delivered.
    #[default]
    Delivered,
    /// It was not.
    Failed {
        /// Why, in the words of whoever failed.
        error: String,
        /// Whether nobody tries it again.
        is_final: bool,
    },
}

impl Receipt {
    /// The scheduled delivery that this is about, if it is about one: for a delivered one, what it proves.
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

    /// Why it was not delivered.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Delivered => None,
            Outcome::Failed { error, .. } => Some(error),
        }
    }

    /// Whether it failed, and nobody tries it again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { is_final: true, .. })
    }
}

/// A change that the service is asked to make. It is on disk before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Schedule a memo that is not there yet.
    Create(Memo),
    /// Put `after` in the place of `before`, which has the same id; refused when what is there is not `before`.
    Update {
        /// What was there when the person began.
        before: Memo,
        /// What is to be there.
        after: Memo,
    },
    /// Call a memo off.
    Cancel(Memo),
    /// Call off a schedule that is no memo.
    CancelForeign(Name),
}

impl Change {
    /// The name of the schedule that it is about.
    #[must_use]
    pub fn name(&self) -> Name {
        match self {
            Self::Create(memo) | Self::Cancel(memo) | Self::Update { after: memo, .. } => memo.id.to_string().into(),
            Self::CancelForeign(name) => Name::clone(name),
        }
    }

    /// Whether it sets a time that has passed by now, so that it may have fired already.
    #[must_use]
    pub fn has_passed(&self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Create(memo) | Self::Update { after: memo, .. } if memo.due.instant <= now)
    }

    /// The delivery that it sets or calls off, where it is about a memo.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        match self {
            Self::Create(memo) | Self::Cancel(memo) | Self::Update { after: memo, .. } => Some(memo.delivery()),
            Self::CancelForeign(_) => None,
        }
    }
}

/// How a change ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It is there now, modified at this time (the service's clock; the client's where the service does not say).
    Saved(Option<DateTime<Utc>>),
    /// It is gone now.
    Cancelled,
    /// It was gone already: it fired, or somebody else called it off. The receipts know which.
    AlreadyGone,
    /// Something else stands under that name; nothing was changed.
    Differs(Box<Schedule>),
}
