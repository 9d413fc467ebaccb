//! The top line: the context, how many memos are pending, the time.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use when::Moment;

use super::text;
use super::theme::Theme;
use crate::app::{App, BatchKind, ConnectionState};
use crate::context::ContextInfo;
use crate::countdown;

/// A part of the line. If there is no room for all, the part with the highest rank is left out first.
struct Part {
    text: String,
    style: Style,
    rank: u8,
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut left = vec![Span::styled(" tickler", theme.accent), Span::raw("  ")];
    left.extend(context(app, theme, area.width));
    let used: usize = left.iter().map(|span| text::width(&span.content)).sum();
    let room = usize::from(area.width).saturating_sub(used + 3);
    let right = fitting(parts(app, now, theme), room);

    let taken: usize = right.iter().map(|span| text::width(&span.content)).sum();
    let gap = usize::from(area.width).saturating_sub(used + taken + 1);
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(gap)));
    spans.extend(right);
    frame.render_widget(Line::from(spans), area);
}

const READ_ONLY: &str = "read-only";

/// The context, as fully as fits into about half of the line.
fn context(app: &App, theme: &Theme, width: u16) -> Vec<Span<'static>> {
    let most = usize::from(width) * 9 / 20;
    let wanted = app.wanted().map(|name| text::cut(name, most));
    let here = match &app.connection.state {
        ConnectionState::Opening => {
            let words = wanted.map_or_else(|| "opening…".to_owned(), |name| format!("opening {name}…"));
            return vec![Span::styled(words, theme.quiet)];
        }
        ConnectionState::Closed(_) => {
            let name = wanted.filter(|_| app.has_contexts()).map(|name| Span::raw(format!("{name} · ")));
            return name.into_iter().chain([Span::styled("not connected", theme.wrong)]).collect();
        }
        ConnectionState::Open(_) => &app.current().info,
    };
    let ContextInfo { name, account, region, group, read_only, local, .. } = here;
    let room = if *read_only { most.saturating_sub(text::width(READ_ONLY) + 3) } else { most };
    // The account goes first: it is long, and the name already identifies it.
    let wordings = match (*local, *read_only) {
        (true, false) => vec![format!("{name} · rings while open")],
        (true, true) => Vec::new(),
        (false, _) => vec![format!("{name} {account}/{region}/{group}"), format!("{name} {region}/{group}")],
    };
    let wording = wordings
        .into_iter()
        .find(|wording| text::width(wording) <= room)
        .unwrap_or_else(|| text::cut(name, room).into_owned());
    let mut spans = vec![Span::raw(wording)];
    if *read_only {
        spans.extend([Span::raw(" · "), Span::styled(READ_ONLY, theme.busy)]);
    }
    spans
}

fn parts(app: &App, now: DateTime<Utc>, theme: &Theme) -> Vec<Part> {
    let part = |text: String, style, rank| Part { text, style, rank };
    let mut parts = Vec::new();
    if app.ending {
        parts.push(part("quitting…".into(), theme.busy, 0));
    }
    if let Some((listed, read)) = app.current().reading.progress.filter(|_| !app.current().reading.whole) {
        // Unchanged schedules are listed, but need no reading.
        let progress = match (listed, read) {
            (0, _) => "reading…".to_owned(),
            (listed, 0) => format!("{} listed", text::grouped(listed)),
            (listed, read) => format!("reading {} of {}", text::grouped(read), text::grouped(listed)),
        };
        parts.push(part(progress, theme.busy, 2));
    }
    if app.current().reading.stopped {
        parts.push(part("reading stopped".into(), theme.busy, 1));
    }
    if app.current().reading.failure.is_some() {
        parts.push(part("refresh failed".into(), theme.wrong, 1));
    }
    if let (Some(read_at), Some(false)) = (app.current().reading.cached_at, app.here().map(|here| here.local)) {
        let age = countdown::text(read_at, now);
        parts.push(part(format!("as of {age}"), theme.busy, 2));
    }
    for batch in &app.current().batches {
        let (done, total) = batch.progress();
        let progress = format!("{} {} of {}", doing(batch.kind), text::grouped(done), text::grouped(total));
        parts.push(part(progress, theme.busy, 1));
    }
    let arrived = app.current().arrived.iter().filter(|receipt| receipt.is_delivered()).count();
    for (count, word, style) in
        [(app.current().arrived.len() - arrived, "failed", theme.wrong), (arrived, "arrived", theme.good)]
    {
        if count > 0 {
            parts.push(part(format!("{} {word}", text::grouped(count)), style, 1));
        }
    }
    for left in app.other_contexts().filter(|left| left.unseen > 0) {
        parts.push(part(format!("{} arrived in {}", text::grouped(left.unseen), left.info.name), theme.good, 1));
    }
    if app.here().is_some() && (app.current().reading.whole || !app.current().list.is_empty()) {
        parts.push(part(format!("{} pending", text::grouped(app.current().list.len())), Style::new(), 3));
        if let Some(due) = app.next_due(now) {
            parts.push(part(format!("next {}", countdown::text(due, now)), Style::new(), 4));
        }
    }
    let clock = app.hours().minutes(Moment::at(now, app.settings.zone).civil.time());
    parts.push(part(clock, theme.quiet, 5));
    parts.push(part(app.settings.zone.name().to_owned(), theme.quiet, 6));
    parts
}

/// The parts that fit, with dots between them.
fn fitting(mut parts: Vec<Part>, room: usize) -> Vec<Span<'static>> {
    const SEPARATOR: &str = " · ";
    let width = |parts: &[Part]| {
        parts.iter().map(|part| text::width(&part.text)).sum::<usize>()
            + text::width(SEPARATOR) * parts.len().saturating_sub(1)
    };
    while width(&parts) > room {
        let Some(last) = parts.iter().enumerate().max_by_key(|(_, part)| part.rank).map(|(index, _)| index) else {
            break;
        };
        parts.remove(last);
    }
    let mut spans = Vec::new();
    for part in parts {
        if !spans.is_empty() {
            spans.push(Span::raw(SEPARATOR));
        }
        spans.push(Span::styled(part.text, part.style));
    }
    spans
}

fn doing(kind: BatchKind) -> &'static str {
    match kind {
        BatchKind::Cancel => "cancelling",
        BatchKind::Snooze => "snoozing",
        BatchKind::Undo => "undoing",
        BatchKind::Redo => "redoing",
    }
}
