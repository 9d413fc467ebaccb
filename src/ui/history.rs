//! What was delivered, newest first.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::Moment;

use super::{Theme, moment, panel, text};
use crate::app::{App, Focus};
use crate::schedule::Receipt;

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let block = panel::block("History", focused, theme);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let (width, rows) = (usize::from(inner.width), usize::from(inner.height));
    let Some(receipts) = app.history.as_ref().filter(|receipts| !receipts.is_empty()) else {
        let words = if app.history.is_some() { " Nothing was delivered yet." } else { " Reading the delivery log…" };
        frame.render_widget(Paragraph::new(vec![Line::default(), Line::styled(words, theme.quiet)]), inner);
        return;
    };
    let first = crate::app::window(app.history_line, receipts.len(), rows);
    let lines: Vec<Line<'_>> = receipts
        .iter()
        .enumerate()
        .skip(first)
        .take(rows)
        .map(|(index, receipt)| {
            let line = line(app, receipt, now, theme, width);
            if index == app.history_line && focused { panel::selected_line(line, theme) } else { line }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn line(app: &App, receipt: &Receipt, now: DateTime<Utc>, theme: &Theme, width: usize) -> Line<'static> {
    let zone = app.settings.zone;
    let at = moment::short(Moment::at(receipt.delivered, zone).civil, Moment::at(now, zone).civil);
    let how = if receipt.by_hand {
        Some("run by hand".to_owned())
    } else {
        moment::lateness(receipt.scheduled, receipt.delivered)
    };
    let (at_width, how_width) = if width >= 56 { (19, 16) } else { (19, 0) };
    let mut spans = vec![Span::raw("  "), Span::raw(text::fit(&at, at_width))];
    if how_width > 0 {
        spans.push(Span::styled(text::fit(&how.unwrap_or_default(), how_width), theme.busy));
    }
    let rest = width.saturating_sub(2 + at_width + how_width);
    spans.push(Span::styled(text::fit(&text::harmless(&receipt.text), rest), Style::new()));
    Line::from(spans)
}
