//! Styles by meaning; no meaning is shown by colour alone.
//!
//! The terminal theme uses only the sixteen ANSI colours and the terminal's default, so it follows the person's palette,
//! dark or light. The other themes set their own background, with the 240 colours above those sixteen, which look the same
//! in every terminal.

use ratatui::style::{Color, Modifier, Style};

use super::ascii;
use crate::app::Status;
use crate::preferences::{Borders, Screen, ThemeName};

/// The style of each meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// The background, and plain text.
    pub base: Style,
    /// The focused part, and the names of keys.
    pub accent: Style,
    /// Labels, hints, idle parts.
    pub quiet: Style,
    /// Emphasis.
    pub strong: Style,
    /// Success, and arrivals.
    pub good: Style,
    /// In progress, or needs a look.
    pub busy: Style,
    /// Errors.
    pub wrong: Style,
    /// The selected line.
    pub selected: Style,
    /// The selected line of a part without focus.
    pub selected_idle: Style,
    /// The words of a memo that were read as its time.
    pub chip: Style,
    /// The characters for borders and marks.
    pub borders: Borders,
}

/// The colours of a theme with its own background, from the palette of 256.
struct Colours {
    back: u8,
    text: u8,
    accent: u8,
    quiet: u8,
    good: u8,
    busy: u8,
    wrong: u8,
    /// The background of the selected line of a part without focus.
    behind: u8,
}

const DARK: Colours =
    Colours { back: 234, text: 253, accent: 117, quiet: 246, good: 114, busy: 183, wrong: 210, behind: 238 };
const LIGHT: Colours =
    Colours { back: 231, text: 235, accent: 25, quiet: 241, good: 22, busy: 90, wrong: 124, behind: 253 };
const HIGH_CONTRAST: Colours =
    Colours { back: 16, text: 231, accent: 226, quiet: 231, good: 46, busy: 51, wrong: 210, behind: 17 };

impl Theme {
    /// The theme for these settings. Without `colour` (`NO_COLOR`) every theme is plain.
    #[must_use]
    pub fn new(screen: Screen, colour: bool) -> Self {
        let theme = match screen.theme {
            _ if !colour => Self::of_terminal(|_| Style::new()),
            ThemeName::Terminal => Self::of_terminal(|tint| Style::new().fg(tint)),
            ThemeName::Dark => Self::of(&DARK),
            ThemeName::Light => Self::of(&LIGHT),
            ThemeName::HighContrast => Self::of(&HIGH_CONTRAST),
        };
        Self { borders: screen.borders, ..theme }
    }

    fn of_terminal(tinted: impl Fn(Color) -> Style) -> Self {
        Self {
            base: Style::new(),
            accent: tinted(Color::Cyan).add_modifier(Modifier::BOLD),
            quiet: Style::new().add_modifier(Modifier::DIM),
            strong: Style::new().add_modifier(Modifier::BOLD),
            good: tinted(Color::Green).add_modifier(Modifier::BOLD),
            busy: tinted(Color::Magenta),
            wrong: tinted(Color::Red).add_modifier(Modifier::BOLD),
            selected: Style::new().add_modifier(Modifier::REVERSED),
            selected_idle: Style::new().add_modifier(Modifier::BOLD),
            chip: tinted(Color::Cyan).add_modifier(Modifier::UNDERLINED),
            borders: Borders::default(),
        }
    }

    fn of(colours: &Colours) -> Self {
        let tinted = |tint: u8| Style::new().fg(Color::Indexed(tint));
        let on = |text: u8, back: u8| tinted(text).bg(Color::Indexed(back));
        Self {
            base: on(colours.text, colours.back),
            accent: tinted(colours.accent).add_modifier(Modifier::BOLD),
            quiet: tinted(colours.quiet),
            strong: Style::new().add_modifier(Modifier::BOLD),
            good: tinted(colours.good).add_modifier(Modifier::BOLD),
            busy: tinted(colours.busy),
            wrong: tinted(colours.wrong).add_modifier(Modifier::BOLD),
            selected: on(colours.back, colours.accent),
            selected_idle: on(colours.text, colours.behind).add_modifier(Modifier::BOLD),
            chip: tinted(colours.accent).add_modifier(Modifier::UNDERLINED),
            borders: Borders::default(),
        }
    }

    /// The names of keys, in the characters of this theme.
    #[must_use]
    pub fn keys(&self, names: String) -> String {
        match self.borders {
            Borders::Rounded => names,
            Borders::Ascii => ascii::keys(&names),
        }
    }

    /// The style of a status, which its word always accompanies.
    #[must_use]
    pub fn status(&self, status: Status) -> Style {
        match status {
            Status::Pending | Status::Repeating => Style::new(),
            Status::Disabled => self.quiet,
            Status::Saving | Status::Unsent | Status::Cancelling | Status::Running => self.busy,
            Status::Due => self.good,
            Status::Refused | Status::Late | Status::Failing | Status::Unconfirmed => self.wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red, green and blue of a colour above the sixteen.
    fn channels(index: u8) -> [f64; 3] {
        let level = |step: u8| if step == 0 { 0.0 } else { 55.0 + 40.0 * f64::from(step) };
        match index.checked_sub(16) {
            None => panic!("{index} depends on the person's palette"),
            Some(cube @ 0..216) => [level(cube / 36), level(cube / 6 % 6), level(cube % 6)],
            Some(grey) => [8.0 + 10.0 * f64::from(grey - 216); 3],
        }
    }

    /// The contrast of two colours by WCAG 2: from 1 to 21.
    fn contrast(one: Color, other: Color) -> f64 {
        let luminance = |colour: Color| {
            let Color::Indexed(index) = colour else { panic!("{colour} is not one of the 256") };
            let linear = |channel: f64| {
                let part = channel / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            let [red, green, blue] = channels(index).map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_has_enough_contrast() {
        for (name, least) in [(ThemeName::Dark, 4.5), (ThemeName::Light, 4.5), (ThemeName::HighContrast, 7.0)] {
            let theme = Theme::new(Screen { theme: name, ..Screen::default() }, true);
            let styles = [
                theme.base,
                theme.accent,
                theme.quiet,
                theme.strong,
                theme.good,
                theme.busy,
                theme.wrong,
                theme.selected,
                theme.selected_idle,
                theme.chip,
            ];
            for style in styles.map(|style| theme.base.patch(style)) {
                let (Some(text), Some(back)) = (style.fg, style.bg) else { panic!("{name:?} leaves {style:?} open") };
                assert!(contrast(text, back) >= least, "{name:?}: {style:?}");
            }
        }
    }

    #[test]
    fn without_colour_every_theme_is_plain() {
        for theme in ThemeName::ALL {
            let theme = Theme::new(Screen { theme, ..Screen::default() }, false);
            assert_eq!(theme, Theme::new(Screen::default(), false));
            assert_eq!([theme.accent.fg, theme.wrong.fg, theme.base.bg], [None; 3]);
        }
    }
}
