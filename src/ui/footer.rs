//! The foot of the screen: the banner, and under it the keys that work now.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::text;
use super::theme::Theme;
use crate::app::{App, Focus};
use crate::harmless;
use crate::keymap::{Chord, KeyContext, ProgramAction};

/// The greatest height of the banner.
const BANNER_MOST: usize = 4;

fn banner_lines(app: &App, width: usize, most: usize) -> Vec<String> {
    let Some((banner, behind)) = app.banners.shown() else { return Vec::new() };
    let mark = if banner.wrong { "! " } else { "✓ " };
    let dismiss = app.settings.keys.chord(KeyContext::Anywhere, ProgramAction::Dismiss).map(Chord::name);
    let more = match (banner.wrong, behind, dismiss) {
        (true, 0, Some(key)) => format!(" ({key})"),
        (true, more, Some(key)) => format!(" ({key}; {more} more)"),
        (true, 1.., None) => format!(" ({behind} more)"),
        (true, 0, None) | (false, ..) => String::new(),
    };
    let cells = width.saturating_sub(2).max(1);
    let mut lines = text::wrap(&format!("{mark}{}{more}", harmless::line(&banner.text)), cells);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = format!("{}…", text::cut(last, cells - 1).trim_end_matches('…'));
        }
    }
    lines
}

/// How many rows the banner may take. A small screen keeps its rows for the form, but a failure over the list stays
/// readable.
fn most(app: &App, screen_height: u16) -> usize {
    let wrong = app.banners.shown().is_some_and(|(banner, _)| banner.wrong);
    match (screen_height < 16, wrong && app.focus == Focus::List) {
        (false, _) => BANNER_MOST,
        (true, true) => 3,
        (true, false) => 1,
    }
}

/// How many rows the banner needs.
pub fn banner_height(app: &App, area: Rect) -> u16 {
    u16::try_from(banner_lines(app, usize::from(area.width), most(app, area.height)).len()).unwrap_or(0)
}

pub fn draw_banner(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let style = match app.banners.shown() {
        Some((banner, _)) if banner.wrong => theme.wrong,
        _ => theme.good,
    };
    let lines: Vec<Line<'_>> = banner_lines(app, usize::from(area.width), usize::from(area.height))
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), style))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut keys: Vec<(String, &str)> = Vec::new();
    for (key, word) in app.settings.keys.footer(app) {
        if !keys.iter().any(|(_, known)| *known == word) {
            keys.push((key, word));
        }
    }
    // The last two, help and quit, are always shown: a lost person looks for them.
    let cells = |entry: &(String, &str)| text::width(&entry.0) + 1 + text::width(entry.1) + 2;
    let room = usize::from(area.width).saturating_sub(1);
    while keys.iter().map(cells).sum::<usize>() > room && keys.len() > 2 {
        keys.remove(keys.len() - 3);
    }
    let mut spans = vec![Span::raw(" ")];
    for (key, word) in keys {
        spans.push(Span::styled(theme.keys(key), theme.accent));
        spans.push(Span::styled(format!(" {word}  "), theme.quiet));
    }
    frame.render_widget(Line::from(spans), area);
}
