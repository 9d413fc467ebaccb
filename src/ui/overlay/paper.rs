//! The box of an overlay, and the lines of text in it.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::harmless;
use crate::ui::theme::Theme;
use crate::ui::{panel, text};

/// The greatest width of an overlay: longer lines are hard to read.
const WIDEST: u16 = 84;

/// The least margin beside an overlay that does not fill the width of the screen.
const LEAST_MARGIN: u16 = 6;

/// A box in the middle of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    screen: Rect,
    width: u16,
}

/// Where a box was drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    /// With its border.
    pub area: Rect,
    /// Its text.
    pub inner: Rect,
    /// The first line that is shown.
    pub top: usize,
}

impl Paper {
    pub fn new(screen: Rect) -> Self {
        // A few columns of the panel beside the box would only look like more of its text.
        let width = if screen.width < WIDEST + 2 * LEAST_MARGIN { screen.width } else { WIDEST };
        Self { screen, width }
    }

    /// The width of its text.
    pub fn text_width(self) -> usize {
        usize::from(self.width.saturating_sub(4))
    }

    /// How many lines it shows at most.
    pub fn rows(self) -> usize {
        usize::from(self.greatest_height().saturating_sub(2))
    }

    fn greatest_height(self) -> u16 {
        self.screen.height.saturating_sub(2).max(3)
    }

    /// Draws the box, as high as its lines if they fit, with `top` as its first line.
    pub fn draw(self, title: &str, lines: Vec<Line<'_>>, top: usize, theme: &Theme, frame: &mut Frame<'_>) -> Drawn {
        let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let height = wanted.min(self.greatest_height());
        let area = Rect {
            x: self.screen.x + (self.screen.width - self.width) / 2,
            y: self.screen.y + self.screen.height.saturating_sub(height) / 2,
            width: self.width,
            height,
        };
        let rows = usize::from(height.saturating_sub(2));
        let top = top.min(lines.len().saturating_sub(rows));
        let mut block = panel::block(title, true, theme);
        if lines.len() > rows {
            let shown = format!(" {}–{} of {} ", top + 1, (top + rows).min(lines.len()), lines.len());
            block = block.title_bottom(Line::styled(shown, theme.quiet).right_aligned());
        }
        frame.render_widget(Clear, area);
        frame.buffer_mut().set_style(area, theme.base);
        let inner = area.inner(Margin::new(2, 1));
        let drawn = Drawn { area, inner, top };
        frame.render_widget(block, area);
        frame.render_widget(Paragraph::new(lines.into_iter().skip(top).take(rows).collect::<Vec<_>>()), inner);
        drawn
    }
}

/// A text in lines of this width.
pub fn wrapped(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    text::wrap(&harmless::line(words), width).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// A label and a value, the value wrapped beside the label.
pub fn labelled(label: &str, value: &str, label_width: usize, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let lines = value.split('\n').flat_map(|line| text::wrap(&harmless::line(line), width.saturating_sub(label_width)));
    lines
        .enumerate()
        .map(|(index, line)| {
            let label = if index == 0 { label } else { "" };
            Line::from(vec![Span::styled(text::column(label, label_width), theme.quiet), Span::raw(line)])
        })
        .collect()
}
