//! The Calendar view: a month with the number of pending memos on each day, and below it the memos of the selected day.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::Moment;

use super::theme::Theme;
use super::{moment, panel, text};
use crate::app::calendar::WEEK;
use crate::app::{App, Focus};
use crate::harmless;
use crate::schedule::Schedule;

/// The greatest width of a day; with wider ones a week no longer reads as a row.
const MAX_CELL_WIDTH: u16 = 9;

/// The rows above the days: the names of the weekdays.
const HEADER_ROWS: u16 = 1;

fn cell_width(inner: Rect) -> u16 {
    (inner.width / 7).min(MAX_CELL_WIDTH)
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let title = format!("Calendar  {}", app.day.format("%B %Y"));
    let block = panel::block(title, focused, theme);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let today = Moment::at(now, app.settings.zone).civil.date();
    let days = app.month();
    let cell = usize::from(cell_width(inner));
    let names =
        days.iter().take(WEEK).map(|day| Span::styled(text::fit(&format!(" {}", day.format("%a")), cell), theme.quiet));
    let mut lines = vec![Line::from(names.collect::<Vec<_>>())];
    let counts = app.on_days(&days);
    let weeks = shown_weeks(app, &days, inner);
    for (week, counts) in days.chunks(WEEK).zip(counts.chunks(WEEK)).skip(weeks.start).take(weeks.len()) {
        let cells = week.iter().zip(counts).map(|(day, count)| {
            Span::styled(text::fit(&label(*day, *count, cell), cell), style(*day, *count, today, app, theme))
        });
        lines.push(Line::from(cells.collect::<Vec<_>>()));
    }
    let width = usize::from(inner.width);
    lines.push(panel::rule(&moment::day(app.day, today), theme, width));
    let rows = usize::from(inner.height).saturating_sub(lines.len());
    let count = app.on_days(&[app.day]).into_iter().sum::<usize>();
    if count == 0 {
        lines.push(Line::styled("  Nothing is due on this day.", theme.quiet));
    }
    // The last row says how many more there are; a single row shows the first memo.
    let fitting = if count > rows && rows > 1 { rows - 1 } else { rows };
    lines.extend(app.on_day().take(fitting).map(|row| line(row, app, width)));
    if count > rows && rows > 1 {
        lines.push(Line::styled(format!("  and {} more", text::grouped(count - fitting)), theme.quiet));
    } else if count > rows
        && let Some(heading) = lines.iter_mut().rev().nth(rows)
    {
        *heading =
            panel::rule(&format!("{}, 1 of {}", moment::day(app.day, today), text::grouped(count)), theme, width);
    }
    frame.render_widget(Paragraph::new(lines), inner);
}

/// The weeks that fit, around that of the selected day. Below them, the day and one of its memos have a row each.
fn shown_weeks(app: &App, days: &[NaiveDate], inner: Rect) -> Range<usize> {
    let weeks = days.len() / WEEK;
    let room = usize::from(inner.height.saturating_sub(HEADER_ROWS + 2)).clamp(1, weeks.max(1));
    let selected = days.iter().position(|day| *day == app.day).unwrap_or(0) / WEEK;
    let first = crate::app::window(selected, weeks, room);
    first..(first + room).min(weeks)
}

/// A day, with the number of its memos if there are any: ` 5`, ` 5 ·3`.
fn label(day: NaiveDate, count: usize, width: usize) -> String {
    let day = day.day();
    match count {
        0 => format!(" {day:>2}"),
        count if width > 6 => format!(" {day:>2} ·{}", text::grouped(count)),
        1..10 => format!(" {day:>2}·{count}"),
        _ => format!(" {day:>2}·+"),
    }
}

fn style(day: NaiveDate, count: usize, today: NaiveDate, app: &App, theme: &Theme) -> Style {
    if day == app.day {
        return theme.selected;
    }
    match (day.month() == app.day.month(), day == today, count) {
        (false, _, _) => theme.quiet,
        (true, true, _) => theme.good,
        (true, false, 0) => Style::new(),
        (true, false, _) => theme.strong,
    }
}

fn line(row: &Schedule, app: &App, width: usize) -> Line<'static> {
    let clock = row.due().map(|due| moment::clock(Moment::at(due, app.settings.zone).civil.time(), app.hours()));
    let words = format!("  {}  {}", clock.unwrap_or_default(), harmless::line(&row.words()));
    Line::raw(text::fit(&words, width))
}

/// The day at this position of the screen.
pub fn day_at(app: &App, inner: Rect, at: Position) -> Option<NaiveDate> {
    let week = (at.y - inner.y).checked_sub(HEADER_ROWS)?;
    let column = usize::from((at.x - inner.x).checked_div(cell_width(inner))?);
    let days = app.month();
    let week = shown_weeks(app, &days, inner).nth(usize::from(week))?;
    days.get(week * WEEK + column).copied().filter(|_| column < WEEK)
}
