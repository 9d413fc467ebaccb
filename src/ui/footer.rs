//! The foot of the screen: the banner, and under it the keys that work now.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::text;
use super::theme::Theme;
use crate::app::banner::Tone;
use crate::app::{App, Focus};
use crate::harmless;
use crate::keymap::{Action, Chord, FormAction, KeyContext, ProgramAction};

/// The greatest height of the banner.
const BANNER_MOST: usize = 4;

fn banner_lines(app: &App, width: usize, most: usize) -> Vec<String> {
    let Some((banner, behind)) = app.banners.shown() else { return Vec::new() };
    let mark = match banner.tone {
        Tone::Done => "✓ ",
        Tone::Hint => "› ",
        Tone::Warning => "! ",
    };
    let dismiss = app.settings.keys.chord(KeyContext::Anywhere, ProgramAction::Dismiss).map(Chord::name);
    let more = match (banner.is_warning(), behind, dismiss) {
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

/// How many rows the banner may take. A small screen keeps its rows for the form, but over the list a sentence stays readable
/// to its end, where it names a key.
fn most(app: &App, screen_height: u16) -> usize {
    match (screen_height < 16, app.focus == Focus::List) {
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
    let Some((banner, _)) = app.banners.shown() else { return };
    let style = match banner.tone {
        Tone::Done => theme.good,
        Tone::Hint => theme.strong,
        Tone::Warning => theme.wrong,
    };
    let lines: Vec<Line<'_>> = banner_lines(app, usize::from(area.width), usize::from(area.height))
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), style))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// How long an entry of the footer stays where there is no room for all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// A shortcut. The help lists it.
    Handy,
    /// Quit. Ctrl-C quits from everywhere.
    Quit,
    /// What a lost person looks for: the help, the way back, and the key that completes what is on the screen.
    Vital,
}

fn need(action: Action) -> Need {
    match action {
        Action::Program(ProgramAction::Quit) => Need::Quit,
        Action::Program(ProgramAction::Help) | Action::Form(FormAction::Submit) | Action::Answer(_) => Need::Vital,
        Action::Program(_)
        | Action::Form(_)
        | Action::Memo(_)
        | Action::List(_)
        | Action::View(_)
        | Action::Text(_)
        | Action::Move(_)
        | Action::Insert(_)
        | Action::Pick(_) => Need::Handy,
    }
}

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut keys: Vec<(String, &str, Need)> = Vec::new();
    for (key, binding) in app.settings.keys.footer(app) {
        let key = theme.keys(key);
        if !keys.iter().any(|(known, word, _)| *known == key || *word == binding.short) {
            keys.push((key, binding.short, need(binding.action)));
        }
    }
    let cells = |entries: &[(String, &str, Need)]| {
        entries.iter().map(|(key, word, _)| text::width(key) + 1 + text::width(word) + 2).sum::<usize>()
    };
    // The last entry needs no gap behind it.
    let room = usize::from(area.width).saturating_sub(1) + 2;
    while cells(&keys) > room {
        // Of those that are needed least, the last one goes.
        let Some(least) = keys.iter().map(|(.., need)| *need).min().filter(|_| keys.len() > 1) else { break };
        keys.remove(keys.iter().rposition(|(.., need)| *need == least).unwrap_or(0));
    }
    let mut spans = vec![Span::raw(" ")];
    for (key, word, _) in keys {
        spans.push(Span::styled(key, theme.accent));
        spans.push(Span::styled(format!(" {word}  "), theme.quiet));
    }
    frame.render_widget(Line::from(spans), area);
}
