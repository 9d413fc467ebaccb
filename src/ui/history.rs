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
    let title = panel::title("History", app, (count, app.current().history.len()), theme);
    let title_words = title.to_string();
    let mut block = panel::block(title, focused, theme);
    if let Some(Some(since)) = app.current().history.reading {
        let reached = format!(" read back to {}… ", Moment::at(since, app.settings.zone).civil.format("%-d %b"));
        block = block.title_bottom(Line::styled(reached, theme.quiet).right_aligned());
    }
    let inner = block.inner(area);
    if app.key_context() == KeyContext::Filter {
        panel::place_cursor(&title_words, area, frame);
    }
    let (width, rows) = (usize::from(inner.width), usize::from(inner.height));
    if count == 0 {
        frame.render_widget(block, area);
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
    if let Some(shown) = panel::shown_lines(first, (first + rows).min(count) - 1, count, theme) {
        block = block.title_bottom(shown.left_aligned());
    }
    frame.render_widget(block, area);
    let shown = app.current().history.visible().enumerate().skip(first).take(rows);
    let entries: Vec<(usize, Entry)> =
        shown.map(|(index, receipt)| (index, Entry::new(app, receipt, now, theme, width))).collect();
    let columns = Columns::new(&entries, width);
    let lines: Vec<Line<'_>> = entries
        .iter()
        .map(|(index, entry)| {
            let line = entry.line(columns);
            if *index == app.current().history.line() && focused { panel::selected_line(line, theme) } else { line }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// From this width on, a line has room for its outcome in full.
const ROOMY: usize = 56;

/// From this width on, a memo that was run by hand has room for the time for which it was scheduled.
const WIDE: usize = 70;

/// A line of the view, before its columns are known.
struct Entry {
    at: String,
    outcome: String,
    tint: Style,
    text: String,
}

impl Entry {
    fn new(app: &App, receipt: &Receipt, now: DateTime<Utc>, theme: &Theme, width: usize) -> Self {
        let zone = app.settings.zone;
        let short = |at| moment::short(Moment::at(at, zone).civil, Moment::at(now, zone).civil, app.hours());
        let (outcome, tint) = match (&receipt.outcome, receipt.by_hand) {
            (Outcome::Failed { is_final: true, .. }, _) => ("failed".to_owned(), theme.wrong),
            (Outcome::Failed { .. }, true) => ("failed, run now".to_owned(), theme.wrong),
            (Outcome::Failed { .. }, false) => ("failing".to_owned(), theme.wrong),
            (Outcome::Delivered, true) => {
                let due = moment::scheduled_otherwise(receipt).filter(|_| width >= WIDE).map(short);
                let due = due.map_or_else(String::new, |due| format!(", due {due}"));
                (format!("run now{due}"), theme.busy)
            }
            (Outcome::Delivered, false) => {
                let most = if width >= ROOMY { usize::MAX } else { 12 };
                (moment::lateness_within(receipt.scheduled, receipt.at, most).unwrap_or_default(), theme.busy)
            }
        };
        Self { at: short(receipt.at), outcome, tint, text: panel::with_error(receipt) }
    }

    fn line(&self, columns: Columns) -> Line<'static> {
        let mut spans = vec![Span::raw("  "), Span::raw(text::column(&self.at, columns.at))];
        if columns.outcome > 0 {
            spans.push(Span::styled(text::column(&self.outcome, columns.outcome), self.tint));
        }
        spans.push(Span::styled(text::fit(&self.text, columns.text), Style::new()));
        Line::from(spans)
    }
}

/// The columns of the view, in cells. A narrow view gives the first two no more than they need.
#[derive(Clone, Copy)]
struct Columns {
    at: usize,
    outcome: usize,
    text: usize,
}

impl Columns {
    fn new(entries: &[(usize, Entry)], width: usize) -> Self {
        let widest = |cells: fn(&Entry) -> usize| entries.iter().map(|(_, entry)| cells(entry)).max().unwrap_or(0);
        let (at, outcome) = (widest(|entry| text::width(&entry.at)), widest(|entry| text::width(&entry.outcome)));
        let (at, outcome) = match (width >= ROOMY, outcome) {
            (true, _) => ((at + 2).max(19), (outcome + 2).max(16)),
            (false, 0) => (at + 2, 0),
            (false, _) => (at + 2, outcome + 2),
        };
        Self { at, outcome, text: width.saturating_sub(2 + at + outcome) }
    }
}
