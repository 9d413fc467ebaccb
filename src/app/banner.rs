//! Banners: one line at the foot of the screen, which takes no focus and no key.

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;

/// How long news stays.
const NEWS: TimeDelta = TimeDelta::seconds(6);

/// One banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Whether this is a warning.
    pub wrong: bool,
    /// The text.
    pub text: String,
    until: Option<DateTime<Utc>>,
}

/// The banners. News goes by itself; a warning stays until the person dismisses it.
#[derive(Debug, Clone, Default)]
pub struct Banners(Vec<Banner>);

impl Banners {
    /// Adds news.
    pub fn say(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.0.retain(|banner| banner.wrong);
        self.push(Banner { wrong: false, text: text.into(), until: Some(now + NEWS) });
    }

    /// Adds a warning.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.push(Banner { wrong: true, text: text.into(), until: None });
    }

    /// Adds a failure.
    pub fn fail(&mut self, failure: &Failure) {
        self.warn(failure.to_string());
    }

    fn push(&mut self, banner: Banner) {
        self.0.retain(|old| old.text != banner.text);
        self.0.push(banner);
    }

    /// The banner on the screen, and how many warnings wait behind it.
    #[must_use]
    pub fn shown(&self) -> Option<(&Banner, usize)> {
        self.0.last().map(|last| (last, self.0.iter().filter(|banner| banner.wrong).count() - usize::from(last.wrong)))
    }

    /// Removes a banner that is not true any more.
    pub fn retract(&mut self, text: &str) {
        self.0.retain(|banner| banner.text != text);
    }

    /// Dismisses the banner on the screen.
    pub fn dismiss(&mut self) {
        self.0.pop();
    }

    /// Removes all news: the person has left the context.
    pub fn forget_news(&mut self) {
        self.0.retain(|banner| banner.wrong);
    }

    /// Removes old news.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        self.0.retain(|banner| banner.until.is_none_or(|until| until > now));
    }

    /// When the next banner goes by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.0.iter().filter_map(|banner| banner.until).min()
    }
}
