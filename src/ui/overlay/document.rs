//! Documents: the help, the details of a schedule, a receipt.

use chrono::{DateTime, Utc};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use when::Hours;

use super::paper::{labelled, wrapped};
use crate::app::context::pending::{PendingChange, Stage};
use crate::app::{App, Focus, Modal, View};
use crate::failure::Failure;
use crate::keymap::{Bound, KeyContext, KeyState as _, Keymap, MemoAction, ProgramAction};
use crate::memo::Memo;
use crate::schedule::{Details, Name, Receipt, Schedule};
use crate::ui::text;
use crate::ui::theme::Theme;

/// A text that scrolls.
pub struct Document {
    pub title: &'static str,
    pub lines: Vec<Line<'static>>,
    /// The first line that is shown.
    pub top: usize,
}

/// The open document, in lines of this width; `None` if the overlay is a question or the palette.
pub fn document(app: &App, theme: &Theme, width: usize) -> Option<Document> {
    match app.modal.as_ref()? {
        Modal::Help { scroll } => Some(Document { title: "Keys", lines: help(app, theme, width), top: scroll.top }),
        Modal::Details { name, known, scroll } => {
            let lines = schedule_lines(app, name, known.as_ref(), theme, width);
            Some(Document { title: "Details", lines, top: scroll.top })
        }
        Modal::Receipt { receipt, scroll } => {
            let title = match (receipt.is_delivered(), receipt.is_lost()) {
                (true, _) => "Delivered",
                (false, true) => "Not delivered",
                (false, false) => "Not delivered yet",
            };
            Some(Document { title, lines: receipt_lines(receipt, theme, width), top: scroll.top })
        }
        Modal::Confirm { .. }
        | Modal::Choose { .. }
        | Modal::Words { .. }
        | Modal::Copy { .. }
        | Modal::Palette { .. }
        | Modal::Contexts { .. } => None,
    }
}

/// A schedule: its memo, its failure or its pending change, and the details from the scheduler.
fn schedule_lines(
    app: &App,
    name: &Name,
    known: Option<&Result<Option<Details>, Failure>>,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let keys = &app.settings.keys;
    let row = app.current().list.get(name);
    let pending = app.current().changes.get(name);
    let memo = row.and_then(Schedule::memo);
    let mut lines = memo.map_or_else(Vec::new, |memo| memo_lines(memo, app.hours(), theme, width));
    if let Some(failure) = row.and_then(|row| app.current().failure_of(row)) {
        lines.extend(failure_lines(failure, theme, width));
    } else if let Some(pending) = pending {
        lines.extend(change_lines(pending, keys, theme, width));
    }
    // The scheduler knows nothing of a schedule that it never had.
    if !matches!((pending, known), (Some(_), Some(Ok(None)))) {
        lines.extend(detail_lines(known, keys, theme, width));
    }
    lines
}

/// The memo's text and its due time.
fn memo_lines(memo: &Memo, hours: Hours, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'_>> = memo.text.split('\n').flat_map(|line| wrapped(line, width, theme.strong)).collect();
    lines.extend(wrapped(&memo.due.words(hours), width, Style::new()));
    lines.push(Line::default());
    lines
}

/// Why the last attempt to deliver failed.
fn failure_lines(failure: &Receipt, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let error = failure.error().unwrap_or_default().trim_end_matches('.');
    let mut lines = wrapped(&format!("Delivery failed and will be retried: {error}."), width, theme.wrong);
    lines.push(Line::default());
    lines
}

/// The state of a pending change.
fn change_lines(pending: &PendingChange, keys: &Keymap, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let key = |action| keys.key(KeyContext::Pending, action);
    let (words, style) = match &pending.stage {
        Stage::Sending => ("Sending…".to_owned(), theme.busy),
        Stage::Waiting(failure, _) => (format!("Not sent yet; tickler retries. {failure}"), theme.busy),
        Stage::Refused(failure) => {
            let (edit, drop) = (key(MemoAction::Edit), key(MemoAction::Cancel));
            (format!("Refused. {failure} {edit} edits it, {drop} drops it."), theme.wrong)
        }
        Stage::Unconfirmed => {
            let (again, drop) = (key(MemoAction::Snooze), key(MemoAction::Cancel));
            let passed = "Its time has passed, and there is no receipt.";
            (format!("{passed} {again} schedules it again, {drop} drops it."), theme.wrong)
        }
    };
    let mut lines = wrapped(&words, width, style);
    lines.push(Line::default());
    lines
}

fn detail_lines(
    known: Option<&Result<Option<Details>, Failure>>,
    keys: &Keymap,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    match known {
        None => vec![Line::styled("Reading…", theme.quiet)],
        Some(Err(failure)) => wrapped(&failure.to_string(), width, theme.wrong),
        Some(Ok(None)) => {
            let refresh = keys.key(KeyContext::Pending, ProgramAction::Refresh);
            let words = format!(
                "The schedule is gone: it was delivered, or cancelled elsewhere. {refresh} refreshes the list."
            );
            wrapped(&words, width, theme.wrong)
        }
        Some(Ok(Some(Details(pairs)))) => {
            let label_width = pairs.iter().map(|(label, _)| text::width(label) + 2).max().unwrap_or(0).min(width / 3);
            pairs.iter().flat_map(|(label, value)| labelled(label, value, label_width, theme, width)).collect()
        }
    }
}

fn receipt_lines(receipt: &Receipt, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut pairs = vec![("Memo", receipt.text.clone())];
    pairs.extend(receipt.error().map(|error| ("Error", error.to_owned())));
    pairs.extend([
        (if receipt.is_delivered() { "Delivered" } else { "Failed" }, time(receipt.at)),
        ("Scheduled", receipt.scheduled.map_or_else(|| "unknown".to_owned(), time)),
    ]);
    pairs.extend(receipt.zone.clone().map(|zone| ("Zone", zone)));
    pairs.extend(receipt.id.map(|id| ("Id", id.to_string())));
    if receipt.by_hand {
        pairs.push(("How", "run by hand".to_owned()));
    } else if receipt.attempt > 0 {
        pairs.push(("Attempt", receipt.attempt.to_string()));
    }
    pairs.iter().flat_map(|(label, value)| labelled(label, value, 12, theme, width)).collect()
}

/// The keys: those of the current context first. Unavailable ones are dimmed.
fn help(app: &App, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let here = if app.focus == Focus::Form { KeyContext::Form } else { app.view.key_context() };
    let mut contexts = vec![here, KeyContext::Anywhere, KeyContext::Pending, KeyContext::Form];
    contexts.extend(View::ALL.map(View::key_context));
    let mut lines = Vec::new();
    let mut shown = Vec::new();
    for context in contexts {
        let useless = context == KeyContext::Form && here != KeyContext::Form && app.is_read_only();
        if useless || shown.contains(&context) {
            continue;
        }
        shown.push(context);
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(context.title(), theme.strong));
        for bound in app.settings.keys.bound() {
            let binding = bound.binding;
            if binding.context == context && !binding.long.is_empty() && binding.is_offered(app) {
                let available = context != here || app.holds(binding.when);
                lines.extend(help_lines(&bound, available, theme, width));
            }
        }
    }
    lines
}

/// One binding. Nothing is cut off: the help is the only place to read it.
fn help_lines(bound: &Bound<'_>, available: bool, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let keys_width = if width > 60 { 24 } else { 16 };
    let keys = if bound.keys.is_empty() { "no key".to_owned() } else { theme.keys(bound.keys_text()) };
    let keys_style = if available && !bound.keys.is_empty() { theme.accent } else { theme.quiet };
    let words_style = if available { Style::new() } else { theme.quiet };
    let keys = text::wrap(&keys, keys_width - 1);
    let words = text::wrap(bound.binding.long, width.saturating_sub(keys_width));
    let piece = |pieces: &[String], row: usize| pieces.get(row).cloned().unwrap_or_default();
    (0..keys.len().max(words.len()))
        .map(|row| {
            Line::from(vec![
                Span::styled(text::fit(&piece(&keys, row), keys_width), keys_style),
                Span::styled(piece(&words, row), words_style),
            ])
        })
        .collect()
}
