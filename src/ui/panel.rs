//! What the views and the form share: the border, the title of a list, headings, and selected lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::text;
use super::theme::Theme;
use crate::app::App;
use crate::harmless;
use crate::schedule::Receipt;

/// Shows where typed text goes on. The terminal's cursor stands there as well.
pub const CARET: &str = "▏";

/// The border around a part of the screen, which shows whether the part has the focus.
pub fn block<'a>(title: impl Into<Line<'a>>, focused: bool, theme: &Theme) -> Block<'a> {
    let style = if focused { theme.accent } else { theme.quiet };
    let title_style = if focused { theme.accent } else { Style::new() };
    let mut title: Line<'a> = title.into();
    for span in &mut title.spans {
        span.style = title_style.patch(span.style);
    }
    title.spans.insert(0, Span::styled(" ", title_style));
    title.spans.push(Span::styled(" ", title_style));
    Block::bordered()
        .border_type(BorderType::Rounded)
        .merge_borders(MergeStrategy::Fuzzy)
        .border_style(style)
        .title(title)
}

/// The title of a list, with its filter as a chip, and how many of its lines match.
pub fn title(name: &str, app: &App, (matching, total): (usize, usize), theme: &Theme) -> Line<'static> {
    let filter = app.filter();
    let name = Span::raw(name.to_owned());
    if !filter.typing && !filter.is_on() {
        return Line::from(name);
    }
    let cursor = if filter.typing { CARET } else { "" };
    let chip = Span::styled(format!("/{}{cursor}", harmless::line(filter.text())), theme.chip);
    let mut spans = vec![name, Span::raw("  "), chip];
    if filter.is_on() {
        spans.push(Span::raw(format!("  {} of {}", text::grouped(matching), text::grouped(total))));
    }
    Line::from(spans)
}

/// Which lines of a list are shown, for its lower border: ` 1–14 of 40 `; `None` if all of them are. Lines count from 0,
/// and `last` is included.
pub fn shown_lines(first: usize, last: usize, lines: usize, theme: &Theme) -> Option<Line<'static>> {
    let words = format!(" {}–{} of {} ", text::grouped(first + 1), text::grouped(last + 1), text::grouped(lines));
    (first > 0 || last + 1 < lines).then(|| Line::styled(words, theme.quiet).right_aligned())
}

/// Puts the terminal's cursor where the title of a block has its [`CARET`].
pub fn place_cursor(title: &str, area: Rect, frame: &mut Frame<'_>) {
    if let Some(caret) = title.rfind(CARET) {
        // After the corner and a space.
        let column = u16::try_from(text::width(&title[..caret]) + 2).unwrap_or(u16::MAX);
        let last = area.width.saturating_sub(2);
        frame.set_cursor_position((area.x + column.min(last), area.y));
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
