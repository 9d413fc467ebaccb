//! The next 24 hours as a bar chart in one line.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use when::Moment;

use super::text;
use super::theme::Theme;
use crate::app::hours::{AHEAD, hour_of};
use crate::app::{App, View};

/// The height of the screen from which there is a row for it.
const MIN_SCREEN_HEIGHT: u16 = 24;

/// How many minutes a cell can stand for; the smallest that fits is used.
const CELL_MINUTES: [u16; 4] = [10, 15, 30, 60];

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The height of the strip: one row if there is room and something is pending, otherwise none.
pub fn height(app: &App, area: Rect) -> u16 {
    u16::from(area.height >= MIN_SCREEN_HEIGHT && app.view == View::Pending && !app.current().list.is_empty())
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let zone = app.settings.zone;
    let Some(Scale { from, to, minutes, first, last }) = Scale::of(app, now, area) else { return };
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

/// The scale of the strip.
struct Scale {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    minutes: u16,
    /// The labels at both ends.
    first: String,
    last: String,
}

impl Scale {
    /// The finest scale that fits.
    fn of(app: &App, now: DateTime<Utc>, area: Rect) -> Option<Self> {
        let zone = app.settings.zone;
        let from = hour_of(now, zone);
        let to = from + TimeDelta::hours(i64::from(AHEAD));
        let clock = |at: DateTime<Utc>| app.hours().minutes(Moment::at(at, zone).civil.time());
        let (first, last) = (format!(" {} ", clock(from)), format!(" {}", clock(to)));
        let room = usize::from(area.width).saturating_sub(text::width(&first) + text::width(&last));
        let minutes = CELL_MINUTES.into_iter().find(|minutes| usize::from(AHEAD * 60 / minutes) <= room)?;
        Some(Self { from, to, minutes, first, last })
    }
}

/// The time span of the cell at this column of the screen.
pub fn time_at(app: &App, now: DateTime<Utc>, area: Rect, column: u16) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let scale = Scale::of(app, now, area)?;
    let cell = usize::from(column.checked_sub(area.x)?).checked_sub(text::width(&scale.first))?;
    let minutes = TimeDelta::minutes(i64::from(scale.minutes));
    let from = scale.from + minutes * i32::try_from(cell).ok()?;
    (from < scale.to).then(|| (from, from + minutes))
}

fn counts(app: &App, from: DateTime<Utc>, to: DateTime<Utc>, minutes: u16) -> Vec<usize> {
    let mut cells = vec![0; usize::from(AHEAD * 60 / minutes)];
    for due in app.current().list.due_between(from, to) {
        let cell = usize::try_from((due - from).num_minutes() / i64::from(minutes)).ok();
        if let Some(count) = cell.and_then(|cell| cells.get_mut(cell)) {
            *count += 1;
        }
    }
    cells
}

/// The bar for a count from 1 to `most`: the lowest for 1, the highest for `most`.
pub fn level(count: usize, most: usize) -> &'static str {
    let step = ((count - 1) * (LEVELS.len() - 1)).checked_div(most.saturating_sub(1)).unwrap_or(0);
    LEVELS.get(step).copied().unwrap_or("█")
}
