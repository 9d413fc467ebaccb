//! Colours by what they mean. Only the sixteen ANSI colours and the terminal's own default are used, so that the
//! person's palette decides and light terminals stay readable; meaning is never colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Life;

/// What each meaning looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// What has the keys, and the names of keys.
    pub accent: Style,
    /// What stands back: labels, hints, what is idle.
    pub quiet: Style,
    /// What stands out.
    pub strong: Style,
    /// Something went well, or has arrived.
    pub good: Style,
    /// Something is under way, or wants a look.
    pub busy: Style,
    /// Something went wrong.
    pub wrong: Style,
    /// The selected line.
    pub selected: Style,
    /// The selected line of a part that does not have the keys.
    pub selected_idle: Style,
    /// What was read as a time in the words of a memo.
    pub chip: Style,
    /// The cursor in a field.
    pub cursor: Style,
}

impl Theme {
    /// The theme of a terminal, in colour or, where `NO_COLOR` asks for it, without.
    #[must_use]
    pub fn new(colour: bool) -> Self {
        let tinted = |tint: Color| if colour { Style::new().fg(tint) } else { Style::new() };
        Self {
            accent: tinted(Color::Cyan).add_modifier(Modifier::BOLD),
            quiet: Style::new().add_modifier(Modifier::DIM),
            strong: Style::new().add_modifier(Modifier::BOLD),
            good: tinted(Color::Green).add_modifier(Modifier::BOLD),
            busy: tinted(Color::Magenta),
            wrong: tinted(Color::Red).add_modifier(Modifier::BOLD),
            selected: Style::new().add_modifier(Modifier::REVERSED),
            selected_idle: Style::new().add_modifier(Modifier::BOLD),
            chip: tinted(Color::Cyan).add_modifier(Modifier::UNDERLINED),
            cursor: Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    /// What a stage of life looks like; its word stands beside it.
    #[must_use]
    pub fn life(&self, life: Life) -> Style {
        match life {
            Life::Pending | Life::Repeating => Style::new(),
            Life::Disabled => self.quiet,
            Life::Saving | Life::Unsent | Life::Cancelling | Life::Running => self.busy,
            Life::Due => self.good,
            Life::Refused | Life::Late | Life::Failing | Life::Unconfirmed => self.wrong,
        }
    }
}
