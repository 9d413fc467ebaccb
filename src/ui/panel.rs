//! What the views and the form share: the border, the title of a list, headings, and selected lines.

use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::text;
use super::theme::Theme;
use crate::app::App;
use crate::harmless;
use crate::schedule::Receipt;

/// The border around a part of the screen, which shows whether the part has the focus.
pub fn block<'a>(title: &'a str, focused: bool, theme: &Theme) -> Block<'a> {
    let style = if focused { theme.accent } else { theme.quiet };
    Block::bordered()
        .border_type(BorderType::Rounded)
        .merge_borders(MergeStrategy::Fuzzy)
        .border_style(style)
        .title(Span::styled(format!(" {title} "), if focused { theme.accent } else { Style::new() }))
}

/// The title of a list, with its filter and how many of its lines match.
pub fn title(name: &str, app: &App, (matching, total): (usize, usize)) -> String {
    let filter = app.filter();
    let cursor = if filter.typing { "▏" } else { "" };
    match (filter.typing, filter.is_on()) {
        (false, false) => name.to_owned(),
        (true, false) => format!("{name}  /{cursor}"),
        (_, true) => format!(
            "{name}  /{}{cursor}  {} of {}",
            harmless::line(filter.text()),
            text::grouped(matching),
            text::grouped(total)
        ),
    }
}

/// A heading, followed by a line to the edge.
pub fn rule(heading: &str, theme: &Theme, width: usize) -> Line<'static> {
    let heading = format!(" {heading} ");
    let rule = "─".repeat(width.saturating_sub(text::width(&heading)));
    Line::from(vec![Span::styled(heading, theme.strong), Span::styled(rule, theme.quiet)])
}

/// Styles the whole line as selected: with its own tints, reversed, it would turn into bars.
pub fn selected_line<'a>(mut line: Line<'a>, theme: &Theme) -> Line<'a> {
    for span in &mut line.spans {
        span.style = theme.selected;
    }
    line
}

/// The text of a receipt and, after a failure, the error.
pub fn with_error(receipt: &Receipt) -> String {
    let text = harmless::line(&receipt.text);
    match receipt.error() {
        Some(error) => format!("{text} — {}", harmless::line(error)),
        None => text.into_owned(),
    }
}
