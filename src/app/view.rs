//! The views of the screen, and the part of it that has the keys.

use super::step::Step;
use crate::keymap::KeyContext;

/// What the main part of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Pending memos, and those that have arrived.
    Pending,
    /// Deliveries.
    History,
    /// A month of pending memos.
    Calendar,
    /// The next 24 hours.
    Hours,
}

impl View {
    /// All views, in their order.
    pub const ALL: [Self; 4] = [Self::Pending, Self::History, Self::Calendar, Self::Hours];

    /// The next view, or the previous one.
    #[must_use]
    pub fn beside(self, step: Step) -> Self {
        let at = Self::ALL.iter().position(|view| *view == self).unwrap_or(0);
        Self::ALL[step.from(at, Self::ALL.len())]
    }

    /// The key context of the view.
    #[must_use]
    pub fn key_context(self) -> KeyContext {
        match self {
            Self::Pending => KeyContext::Pending,
            Self::History => KeyContext::History,
            Self::Calendar => KeyContext::Calendar,
            Self::Hours => KeyContext::Hours,
        }
    }
}

/// The part of the screen that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list.
    List,
    /// The form.
    Form,
}
