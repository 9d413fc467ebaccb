//! The next 24 hours in one line: how much is due in each part of them.

use chrono::{DateTime, DurationRound, TimeDelta, Timelike, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use when::Moment;

use super::{Theme, text};
use crate::app::{App, View};

/// From how many rows on the screen has one to spare for it.
const TALL: u16 = 24;

/// The parts of an hour that a cell may stand for, in minutes: the finest that has room is taken.
const MINUTES: [u16; 4] = [10, 15, 30, 60];

const HOURS: u16 = 24;

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// How many rows it takes: one where there is room, and something is pending.
pub fn height(app: &App, area: Rect) -> u16 {
    u16::from(area.height >= TALL && app.view == View::Pending && !app.list.is_empty())
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let zone = app.settings.zone;
    let from = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    // Zones that are half an hour off begin at their own full hour.
    let from = from - TimeDelta::minutes(i64::from(Moment::at(from, zone).civil.minute()));
    let to = from + TimeDelta::hours(i64::from(HOURS));
    let clock = |at: DateTime<Utc>| app.hours().minutes(Moment::at(at, zone).civil.time());
    let (first, last) = (format!(" {} ", clock(from)), format!(" {}", clock(to)));
    let room = usize::from(area.width).saturating_sub(text::width(&first) + text::width(&last));
    let fits = |minutes: &u16| usize::from(HOURS * 60 / minutes) <= room;
    let Some(minutes) = MINUTES.into_iter().find(fits) else { return };
    let cells = counts(app, from, to, minutes);
    let most = cells.iter().copied().max().unwrap_or(0);
    let mut spans = vec![Span::styled(first, theme.quiet)];
    for (count, at) in cells.into_iter().zip(0..) {
        let begins = Moment::at(from + TimeDelta::minutes(i64::from(minutes) * at), zone).civil;
        spans.push(match (count, begins.hour(), begins.minute()) {
            (0, 0, 0) => Span::styled("│", theme.quiet),
            (0, _, 0) => Span::styled("·", theme.quiet),
            (0, _, _) => Span::raw(" "),
            (count, _, _) => Span::styled(level(count, most), theme.accent),
        });
    }
    spans.push(Span::styled(last, theme.quiet));
    frame.render_widget(Line::from(spans), area);
}

fn counts(app: &App, from: DateTime<Utc>, to: DateTime<Utc>, minutes: u16) -> Vec<usize> {
    let mut cells = vec![0; usize::from(HOURS * 60 / minutes)];
    for due in app.list.due_between(from, to) {
        let cell = usize::try_from((due - from).num_minutes() / i64::from(minutes)).ok();
        if let Some(count) = cell.and_then(|cell| cells.get_mut(cell)) {
            *count += 1;
        }
    }
    cells
}

/// One is always the lowest, and the most that there are the highest.
fn level(count: usize, most: usize) -> &'static str {
    let step = ((count - 1) * (LEVELS.len() - 1)).checked_div(most.saturating_sub(1)).unwrap_or(0);
    LEVELS.get(step).copied().unwrap_or("█")
}
