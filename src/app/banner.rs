//! Banners: one line at the foot of the screen, which takes no focus and no key.

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;

/// How long news stays.
const NEWS: TimeDelta = TimeDelta::seconds(6);

/// What a banner is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Nothing was done; this is why, or what to do instead.
    Hint,
    /// Something is wrong.
    Warning,
}

/// One banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// What it is about.
    pub tone: Tone,
    /// The text.
    pub text: String,
    until: Option<DateTime<Utc>>,
}

impl Banner {
    /// Whether it stays until the person dismisses it.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.tone == Tone::Warning
    }
}

/// The banners. News goes by itself; a warning stays until the person dismisses it.
#[derive(Debug, Clone, Default)]
pub struct Banners(Vec<Banner>);

impl Banners {
    /// Adds news.
    pub fn say(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.replace_news(Tone::Done, text.into(), now);
    }

    /// Adds a hint, which goes by itself as news does.
    pub fn hint(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.replace_news(Tone::Hint, text.into(), now);
    }

    fn replace_news(&mut self, tone: Tone, text: String, now: DateTime<Utc>) {
        self.forget_news();
        self.push(Banner { tone, text, until: Some(now + NEWS) });
    }

    /// Adds a warning.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.push(Banner { tone: Tone::Warning, text: text.into(), until: None });
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
        let warnings = self.0.iter().filter(|banner| banner.is_warning()).count();
        self.0.last().map(|last| (last, warnings - usize::from(last.is_warning())))
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
        self.0.retain(Banner::is_warning);
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
