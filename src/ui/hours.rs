//! The Hours view: the memos of the next 24 hours, hour by hour.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::Moment;

use super::theme::Theme;
use super::{moment, panel, strip, text};
use crate::app::{App, Focus};
use crate::harmless;
use crate::schedule::Schedule;

/// A line of the view: the heading of a day, or an hour and its index among the hours shown.
#[derive(Clone, Copy)]
enum HourRow {
    Day(DateTime<Utc>),
    Hour(usize, DateTime<Utc>),
}

/// The visible lines, with a heading where a day begins.
fn rows(app: &App, now: DateTime<Utc>, height: usize) -> Vec<HourRow> {
    let date = |at| Moment::at(at, app.settings.zone).civil.date();
    let mut rows = Vec::new();
    let (mut day, mut selected) = (None, 0);
    for (index, hour) in app.hours_ahead(now).into_iter().enumerate() {
        if day.replace(date(hour)) != Some(date(hour)) {
            rows.push(HourRow::Day(hour));
        }
        if index == app.selected_hour(now) {
            selected = rows.len();
        }
        rows.push(HourRow::Hour(index, hour));
    }
    let first = crate::app::window(selected, rows.len(), height);
    rows.into_iter().skip(first).take(height).collect()
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let mut block = panel::block("Next 24 hours", focused, theme);
    let inner = block.inner(area);
    let rows = rows(app, now, usize::from(inner.height));
    let shown = rows.iter().filter_map(|row| match row {
        HourRow::Hour(index, _) => Some(*index),
        HourRow::Day(_) => None,
    });
    if let (Some(first), Some(last)) = (shown.clone().min(), shown.max())
        && let Some(shown) = panel::shown_lines(first, last, app.hours_ahead(now).len(), theme)
    {
        block = block.title_bottom(shown);
    }
    frame.render_widget(block, area);
    let width = usize::from(inner.width);
    let most = app.hours_ahead(now).into_iter().map(|hour| app.count_in_hour(hour)).max().unwrap_or(0);
    let today = Moment::at(now, app.settings.zone).civil.date();
    let lines: Vec<Line<'_>> = rows
        .into_iter()
        .map(|row| match row {
            HourRow::Day(at) => {
                panel::rule(&moment::day(Moment::at(at, app.settings.zone).civil.date(), today), theme, width)
            }
            HourRow::Hour(index, hour) => {
                let line = hour_line(app, hour, most, theme, width);
                match (index == app.selected_hour(now), focused) {
                    (true, true) => panel::selected_line(line, theme),
                    (true, false) => line.patch_style(theme.selected_idle),
                    (false, _) => line,
                }
            }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// `14:00  ▃ 3  14:05 tea · 14:30 call mum`
fn hour_line(app: &App, hour: DateTime<Utc>, most: usize, theme: &Theme, width: usize) -> Line<'static> {
    let clock = |at: DateTime<Utc>| app.hours().minutes(Moment::at(at, app.settings.zone).civil.time());
    let label = format!("  {}  ", moment::clock(Moment::at(hour, app.settings.zone).civil.time(), app.hours()));
    let count = app.count_in_hour(hour);
    if count == 0 {
        let room = width.saturating_sub(text::width(&label));
        return Line::from(vec![Span::styled(label, theme.quiet), Span::raw(" ".repeat(room))]);
    }
    let amount = format!("{} {:<3} ", strip::level(count, most), text::grouped(count));
    let entry = |row: &Schedule| Some(format!("{} {}", clock(row.due()?), harmless::line(&row.words())));
    let room = width.saturating_sub(text::width(&label) + text::width(&amount));
    // Each entry takes at least one cell, so no more than `room` can be visible.
    let words = app.in_hour(hour).take(room).filter_map(entry).collect::<Vec<_>>().join(" · ");
    Line::from(vec![
        Span::raw(label),
        Span::styled(amount, theme.accent),
        Span::styled(text::fit(&words, room), Style::new()),
    ])
}

/// The hour at this row of the view.
pub fn hour_at(app: &App, now: DateTime<Utc>, row: usize, height: usize) -> Option<DateTime<Utc>> {
    match rows(app, now, height).get(row)? {
        HourRow::Hour(_, hour) => Some(*hour),
        HourRow::Day(_) => None,
    }
}
