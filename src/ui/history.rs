//! The History view: all deliveries and failures, newest first.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::Moment;

use super::theme::Theme;
use super::{moment, panel, text};
use crate::app::{App, Focus};
use crate::keymap::{Action, KeyContext, ListAction, ProgramAction};
use crate::schedule::{Outcome, Receipt};

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let count = app.current().history.visible().len();
    let title = panel::title("History", app, (count, app.current().history.len()));
    let mut block = panel::block(&title, focused, theme);
    if let Some(Some(since)) = app.current().history.reading {
        let reached = format!(" read back to {}… ", Moment::at(since, app.settings.zone).civil.format("%-d %b"));
        block = block.title_bottom(Line::styled(reached, theme.quiet).right_aligned());
    }
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let (width, rows) = (usize::from(inner.width), usize::from(inner.height));
    if count == 0 {
        let key = |action: Action| app.settings.keys.key(KeyContext::History, action);
        let words = match (app.current().history.reading, app.current().history.is_read()) {
            (Some(_), _) => " Reading the delivery log…".to_owned(),
            (None, false) => {
                format!(" The delivery log is not read yet. Press {} to read it.", key(ProgramAction::Refresh.into()))
            }
            (None, true) if app.filter().is_on() => {
                format!(" No matches. Press {} to clear the filter.", key(ListAction::ClearFilter.into()))
            }
            (None, true) => " Nothing delivered yet.".to_owned(),
        };
        frame.render_widget(Paragraph::new(vec![Line::default(), Line::styled(words, theme.quiet)]), inner);
        return;
    }
    let first = crate::app::window(app.current().history.line(), count, rows);
    let lines: Vec<Line<'_>> = app
        .current()
        .history
        .visible()
        .enumerate()
        .skip(first)
        .take(rows)
        .map(|(index, receipt)| {
            let line = line(app, receipt, now, theme, width);
            if index == app.current().history.line() && focused { panel::selected_line(line, theme) } else { line }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn line(app: &App, receipt: &Receipt, now: DateTime<Utc>, theme: &Theme, width: usize) -> Line<'static> {
    let zone = app.settings.zone;
    let at = moment::short(Moment::at(receipt.at, zone).civil, Moment::at(now, zone).civil, app.hours());
    let (outcome, tint) = match (&receipt.outcome, receipt.by_hand) {
        (Outcome::Failed { is_final: true, .. }, _) => (Some("failed".to_owned()), theme.wrong),
        (Outcome::Failed { .. }, true) => (Some("failed, run now".to_owned()), theme.wrong),
        (Outcome::Failed { .. }, false) => (Some("failing".to_owned()), theme.wrong),
        (Outcome::Delivered, true) => (Some("run now".to_owned()), theme.busy),
        (Outcome::Delivered, false) => (moment::lateness(receipt.scheduled, receipt.at), theme.busy),
    };
    // A narrow line has a word for failures only.
    let (at_width, outcome_width) = match (width >= 56, receipt.is_delivered()) {
        (true, _) => (19, 16),
        (false, true) => (19, 0),
        (false, false) => (15, 8),
    };
    let mut spans = vec![Span::raw("  "), Span::raw(text::fit(&at, at_width))];
    if outcome_width > 0 {
        spans.push(Span::styled(text::fit(&outcome.unwrap_or_default(), outcome_width), tint));
    }
    let rest = width.saturating_sub(2 + at_width + outcome_width);
    spans.push(Span::styled(text::fit(&panel::with_error(receipt), rest), Style::new()));
    Line::from(spans)
}
