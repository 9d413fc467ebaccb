//! Preferences: the look of the screen, notifications, and how often a context is refreshed.
//!
//! Part of the domain: plain values with their defaults. Does not depend on the settings file or on what uses them.

use chrono::TimeDelta;

/// All preferences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The screen.
    pub screen: Screen,
    /// How deliveries are notified.
    pub notifications: Notifications,
    /// How often a context in AWS is refreshed when nothing else happens; `None` for never.
    pub refresh: Option<TimeDelta>,
}

/// The look and the input of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// The colours.
    pub theme: ThemeName,
    /// The borders.
    pub borders: Borders,
    /// Whether tickler uses the mouse.
    pub mouse: bool,
}

/// A colour theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// The terminal's own sixteen colours, on its own background.
    #[default]
    Terminal,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
    /// Black, white, and the strongest colours on black.
    HighContrast,
}

impl ThemeName {
    /// All themes, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Dark, Self::Light, Self::HighContrast];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
        }
    }
}

/// The characters of lines and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Borders {
    /// Lines with round corners.
    #[default]
    Rounded,
    /// `+`, `-`, `|` and other characters of a keyboard only.
    Ascii,
}

impl Borders {
    /// Both kinds, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Rounded, Self::Ascii];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rounded => "rounded",
            Self::Ascii => "ascii",
        }
    }
}

/// How deliveries are notified, apart from the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// The terminal's bell.
    pub bell: bool,
    /// Desktop notifications.
    pub desktop: bool,
    /// Notifications by the terminal itself, which also work over SSH.
    pub terminal: Option<TerminalNote>,
    /// A command of the person's own, with its arguments; empty for none.
    pub command: Vec<String>,
}

/// The most deliveries at once that get a notification each; more would flood a desktop.
const MAX_SEPARATE: usize = 3;

impl Notifications {
    /// The texts of the notifications for memos that arrived together, and for memos that failed.
    #[must_use]
    pub fn texts(arrived: Vec<String>, lost: Vec<String>) -> Vec<String> {
        if arrived.len() + lost.len() <= MAX_SEPARATE {
            let lost = lost.into_iter().map(|text| format!("not delivered: {text}"));
            return arrived.into_iter().chain(lost).collect();
        }
        let count = |memos: Vec<String>, one: &str, many: &str| match memos.len() {
            0 => None,
            1 => Some(format!("1 memo {one}")),
            number => Some(format!("{number} memos {many}")),
        };
        let arrived = count(arrived, "has arrived", "have arrived");
        arrived.into_iter().chain(count(lost, "was not delivered", "were not delivered")).collect()
    }
}

/// The escape sequence by which a terminal shows a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalNote {
    /// OSC 9: iTerm2, `WezTerm`, Windows Terminal, kitty, Ghostty.
    Osc9,
    /// OSC 777: urxvt, foot, Ghostty, `WezTerm`.
    Osc777,
}

impl TerminalNote {
    /// Both kinds, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Osc9, Self::Osc777];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Osc9 => "osc9",
            Self::Osc777 => "osc777",
        }
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            screen: Screen::default(),
            notifications: Notifications::default(),
            refresh: Some(TimeDelta::seconds(60)),
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self { theme: ThemeName::default(), borders: Borders::default(), mouse: true }
    }
}

impl Default for Notifications {
    /// The bell, and the desktop if there is one.
    fn default() -> Self {
        Self { bell: true, desktop: true, terminal: None, command: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::Notifications;

    fn memos(count: usize) -> Vec<String> {
        (1..=count).map(|number| format!("memo {number}")).collect()
    }

    #[test]
    fn many_deliveries_are_counted_and_failures_are_counted_apart() {
        assert_eq!(Notifications::texts(memos(1), memos(1)), ["memo 1", "not delivered: memo 1"]);
        assert_eq!(Notifications::texts(memos(3), memos(1)), ["3 memos have arrived", "1 memo was not delivered"]);
        assert_eq!(Notifications::texts(memos(0), memos(5)), ["5 memos were not delivered"]);
        assert_eq!(Notifications::texts(memos(4), memos(0)), ["4 memos have arrived"]);
    }
}
