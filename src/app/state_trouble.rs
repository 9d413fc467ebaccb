//! The state of this machine cannot be written: a banner reports that once, and the program tries again with growing
//! pauses.

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;

/// The first pause. It doubles with each try, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// The state of this machine cannot be written.
#[derive(Debug)]
pub(super) struct StateTrouble {
    /// The sentence of the banner.
    pub sentence: String,
    /// When to try again; `None` while a try is on its way.
    pub retry_at: Option<DateTime<Utc>>,
    pause: TimeDelta,
}

impl StateTrouble {
    /// The first failure.
    pub fn new(failure: &Failure, now: DateTime<Utc>) -> Self {
        Self { sentence: sentence(failure), retry_at: Some(now + FIRST_PAUSE), pause: FIRST_PAUSE }
    }

    /// Notes another failure. Returns whether it differs from the one in the banner.
    pub fn failed_again(&mut self, failure: &Failure, now: DateTime<Utc>) -> bool {
        if self.retry_at.is_none() {
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            self.retry_at = Some(now + self.pause);
        }
        let sentence = sentence(failure);
        std::mem::replace(&mut self.sentence, sentence) != self.sentence
    }

    /// Whether it is time to try again. The next try waits for the outcome of this one.
    pub fn takes_turn(&mut self, now: DateTime<Utc>) -> bool {
        self.retry_at.take_if(|at| *at <= now).is_some()
    }
}

fn sentence(failure: &Failure) -> String {
    format!("{failure} Memos ring all the same, and tickler tries again.")
}
