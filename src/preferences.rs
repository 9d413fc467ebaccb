//! What a person prefers where more than one way is good: how the screen looks, how a delivery makes itself heard, how
//! often a place is read again. Plain values with their defaults; they must never know where they are written down, nor
//! who heeds them.

use chrono::TimeDelta;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// How the screen looks.
    pub screen: Screen,
    /// How a delivery makes itself heard.
    pub notifications: Notifications,
    /// After how long a quiet group in AWS is read again by itself; `None` for never.
    pub refresh: Option<TimeDelta>,
}

/// How the screen looks, and what it listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Its colours.
    pub theme: ThemeName,
    /// The lines around its parts.
    pub borders: Borders,
    /// Whether the mouse is listened to.
    pub mouse: bool,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// The sixteen colours that the terminal itself was given, on its own background.
    #[default]
    Terminal,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
    /// Black, white and what stands out most on black.
    HighContrast,
}

impl ThemeName {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Dark, Self::Light, Self::HighContrast];

    /// What it is called in the settings.
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

/// What lines and marks are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Borders {
    /// Lines with round corners.
    #[default]
    Rounded,
    /// `+`, `-` and `|`, and no other sign that is not on a keyboard.
    Ascii,
}

impl Borders {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Rounded, Self::Ascii];

    /// What it is called in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rounded => "rounded",
            Self::Ascii => "ascii",
        }
    }
}

/// How a delivery makes itself heard, beside the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// By the terminal's bell.
    pub bell: bool,
    /// By the desktop.
    pub desktop: bool,
    /// By the terminal, where it can show a notification: also that of another machine, over SSH.
    pub terminal: Option<TerminalNote>,
    /// By a command of the person's own, with its arguments; empty for none.
    pub command: Vec<String>,
}

/// How many deliveries are notified of one by one; more at once would bury a desktop.
const ONE_BY_ONE: usize = 3;

impl Notifications {
    /// What is said of memos that have arrived at once, and of those that were not delivered, by their words.
    #[must_use]
    pub fn texts(arrived: Vec<String>, lost: Vec<String>) -> Vec<String> {
        if arrived.len() + lost.len() <= ONE_BY_ONE {
            let lost = lost.into_iter().map(|words| format!("not delivered: {words}"));
            return arrived.into_iter().chain(lost).collect();
        }
        let told = |memos: Vec<String>, one: &str, many: &str| match memos.len() {
            0 => None,
            1 => Some(format!("1 memo {one}")),
            count => Some(format!("{count} memos {many}")),
        };
        let arrived = told(arrived, "has arrived", "have arrived");
        arrived.into_iter().chain(told(lost, "was not delivered", "were not delivered")).collect()
    }
}

/// The words in which a terminal is asked to show a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalNote {
    /// OSC 9: iTerm2, `WezTerm`, Windows Terminal, kitty, Ghostty.
    Osc9,
    /// OSC 777: urxvt, foot, Ghostty, `WezTerm`.
    Osc777,
}

impl TerminalNote {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Osc9, Self::Osc777];

    /// What it is called in the settings.
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
    /// The bell, and the desktop where there is one.
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
    fn many_deliveries_are_counted_and_what_was_lost_is_not_said_to_have_arrived() {
        assert_eq!(Notifications::texts(memos(1), memos(1)), ["memo 1", "not delivered: memo 1"]);
        assert_eq!(Notifications::texts(memos(3), memos(1)), ["3 memos have arrived", "1 memo was not delivered"]);
        assert_eq!(Notifications::texts(memos(0), memos(5)), ["5 memos were not delivered"]);
        assert_eq!(Notifications::texts(memos(4), memos(0)), ["4 memos have arrived"]);
    }
}
