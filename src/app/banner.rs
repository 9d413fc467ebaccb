//! What the program says by itself: one line at the foot of the screen, that takes no focus and no key.

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;

/// How long good news stays.
const NEWS: TimeDelta = TimeDelta::seconds(6);

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Whether it tells of something that went wrong.
    pub wrong: bool,
    /// What it says.
    pub text: String,
    until: Option<DateTime<Utc>>,
}

/// The messages that were not put away yet. Good news goes by itself; what went wrong stays until it is put away.
#[derive(Debug, Clone, Default)]
pub struct Banners(Vec<Banner>);

impl Banners {
    /// Good news.
    pub fn say(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.0.retain(|banner| banner.wrong);
        self.push(Banner { wrong: false, text: text.into(), until: Some(now + NEWS) });
    }

    /// Something went wrong.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.push(Banner { wrong: true, text: text.into(), until: None });
    }

    /// A failure, and what to do about it.
    pub fn fail(&mut self, failure: &Failure) {
        self.warn(failure.to_string());
    }

    fn push(&mut self, banner: Banner) {
        self.0.retain(|old| old.text != banner.text);
        self.0.push(banner);
    }

    /// The message that is shown, and how many wait behind it.
    #[must_use]
    pub fn shown(&self) -> Option<(&Banner, usize)> {
        self.0.last().map(|last| (last, self.0.iter().filter(|banner| banner.wrong).count() - usize::from(last.wrong)))
    }

    /// Takes back what is not true any more.
    pub fn retract(&mut self, text: &str) {
        self.0.retain(|banner| banner.text != text);
    }

    /// Puts the one that is shown away.
    pub fn dismiss(&mut self) {
        self.0.pop();
    }

    /// Lets all news go: the place that they tell of was left.
    pub fn forget_news(&mut self) {
        self.0.retain(|banner| banner.wrong);
    }

    /// Lets old news go.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        self.0.retain(|banner| banner.until.is_none_or(|until| until > now));
    }

    /// When the next one goes by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.0.iter().filter_map(|banner| banner.until).min()
    }
}
