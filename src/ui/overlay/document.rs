//! Documents: the help, the details of a schedule, a receipt.

use chrono::{DateTime, Utc};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use when::Moment;

use super::paper::{labelled, wrapped};
use crate::app::context::pending::{PendingChange, Stage};
use crate::app::{App, Focus, Modal, View};
use crate::countdown;
use crate::failure::Failure;
use crate::keymap::{Bound, KeyContext, KeyState as _, Keymap, MemoAction, ProgramAction};
use crate::memo::Memo;
use crate::schedule::{Detail, Details, Name, Receipt, Schedule};
use crate::ui::theme::Theme;
use crate::ui::{moment, text};

/// A text that scrolls.
pub struct Document {
    pub title: &'static str,
    pub lines: Vec<Line<'static>>,
    /// The first line that is shown.
    pub top: usize,
}

/// The open document, in lines of this width; `None` if the overlay is a question or the palette.
pub fn document(app: &App, now: DateTime<Utc>, theme: &Theme, width: usize) -> Option<Document> {
    match app.modal.as_ref()? {
        Modal::Help { scroll } => Some(Document { title: "Keys", lines: help(app, theme, width), top: scroll.top }),
        Modal::Details { name, known, scroll } => {
            let lines = schedule_lines(app, name, known.as_ref(), now, theme, width);
            Some(Document { title: "Details", lines, top: scroll.top })
        }
        Modal::Receipt { receipt, scroll } => {
            let title = match (receipt.is_delivered(), receipt.is_lost()) {
                (true, _) => "Delivered",
                (false, true) => "Not delivered",
                (false, false) => "Not delivered yet",
            };
            Some(Document { title, lines: receipt_lines(app, receipt, theme, width), top: scroll.top })
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
    now: DateTime<Utc>,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let keys = &app.settings.keys;
    let row = app.current().list.get(name);
    let pending = app.current().changes.get(name);
    let memo = row.and_then(Schedule::memo);
    let mut lines = memo.map_or_else(Vec::new, |memo| memo_lines(app, memo, now, theme, width));
    if let Some(failure) = row.and_then(|row| app.current().failure_of(row)) {
        lines.extend(failure_lines(failure, theme, width));
    } else if let Some(pending) = pending {
        lines.extend(change_lines(pending, keys, theme, width));
    }
    // The scheduler knows nothing of a schedule that it never had.
    if !matches!((pending, known), (Some(_), Some(Ok(None)))) {
        lines.extend(detail_lines(app, name, known, theme, width));
    }
    lines
}

/// The memo's text, its due time in its own zone and in the person's, and the countdown.
fn memo_lines(app: &App, memo: &Memo, now: DateTime<Utc>, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let (hours, mine) = (app.hours(), Moment::at(memo.due.instant, app.settings.zone));
    let mut lines: Vec<Line<'_>> = memo.text.split('\n').flat_map(|line| wrapped(line, width, theme.strong)).collect();
    if mine.civil == memo.due.civil {
        lines.extend(wrapped(&mine.words(hours), width, Style::new()));
    } else {
        lines.extend(wrapped(&format!("{} here", mine.words(hours)), width, Style::new()));
        let theirs = format!("{} in {}", memo.due.words(hours), memo.due.zone.name());
        lines.extend(wrapped(&theirs, width, Style::new()));
    }
    lines.extend(wrapped(&countdown::text(memo.due.instant, now), width, theme.accent));
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
    app: &App,
    name: &Name,
    known: Option<&Result<Option<Details>, Failure>>,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    match known {
        None => vec![Line::styled("Reading…", theme.quiet)],
        Some(Err(failure)) => wrapped(&failure.to_string(), width, theme.wrong),
        Some(Ok(None)) => {
            let refresh = app.settings.keys.key(KeyContext::Pending, ProgramAction::Refresh);
            let words = what_became_of(app, name).unwrap_or_else(|| {
                format!("The schedule is gone: it was delivered, or cancelled elsewhere. {refresh} refreshes the list.")
            });
            wrapped(&words, width, theme.wrong)
        }
        Some(Ok(Some(Details(pairs)))) => {
            let label_width = pairs.iter().map(|(label, _)| text::width(label) + 2).max().unwrap_or(0).min(width / 3);
            let words = |value: &Detail| match value {
                Detail::Text(text) => text.clone(),
                Detail::Time(at) => in_my_zone(app, *at),
            };
            pairs.iter().flat_map(|(label, value)| labelled(label, &words(value), label_width, theme, width)).collect()
        }
    }
}

/// A moment in words, in the person's zone.
fn in_my_zone(app: &App, at: DateTime<Utc>) -> String {
    Moment::at(at, app.settings.zone).words(app.hours())
}

/// What became of a memo whose schedule is gone, if a receipt tells.
fn what_became_of(app: &App, name: &Name) -> Option<String> {
    let context = app.current();
    let receipts = context.arrived.iter().chain(context.history.visible());
    let of_memo = receipts.filter(|receipt| receipt.id.is_some_and(|id| id.to_string() == **name));
    let last = of_memo.max_by_key(|receipt| receipt.at)?;
    let at = in_my_zone(app, last.at);
    Some(match last.error() {
        Some(error) => format!("It was not delivered ({at}): {error}"),
        None if last.by_hand => format!("It was run by hand: {at}."),
        None => format!("It was delivered: {at}."),
    })
}

fn receipt_lines(app: &App, receipt: &Receipt, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let late = moment::lateness(receipt.scheduled, receipt.at).filter(|_| receipt.is_delivered() && !receipt.by_hand);
    let at = in_my_zone(app, receipt.at);
    let mut pairs = vec![("Memo", receipt.text.clone())];
    pairs.extend(receipt.error().map(|error| ("Error", error.to_owned())));
    pairs.push((
        if receipt.is_delivered() { "Delivered" } else { "Failed" },
        late.map_or_else(|| at.clone(), |late| format!("{at}, {late}")),
    ));
    pairs.push(("Scheduled", scheduled_words(app, receipt)));
    pairs.push(("Now", now_words(app, receipt)));
    pairs.extend(receipt.zone.clone().map(|zone| ("Zone", zone)));
    pairs.extend(receipt.id.map(|id| ("Id", id.to_string())));
    if receipt.by_hand {
        pairs.push(("How", "run by hand".to_owned()));
    } else if receipt.attempt > 0 {
        pairs.push(("Attempt", receipt.attempt.to_string()));
    }
    pairs.iter().flat_map(|(label, value)| labelled(label, value, 12, theme, width)).collect()
}

/// The time for which a delivery was scheduled: in the person's zone, and in the memo's if its clock differs.
fn scheduled_words(app: &App, receipt: &Receipt) -> String {
    let Some(at) = receipt.scheduled else { return "unknown".to_owned() };
    let (mine, theirs) = (Moment::at(at, app.settings.zone), receipt.zone.as_deref().and_then(when::zones::parse));
    match theirs.map(|zone| Moment::at(at, zone)).filter(|theirs| theirs.civil != mine.civil) {
        Some(theirs) => format!("{} ({})", mine.words(app.hours()), theirs.words(app.hours())),
        None => mine.words(app.hours()),
    }
}

/// What became of a memo after this delivery, or this failure.
fn now_words(app: &App, receipt: &Receipt) -> String {
    let context = app.current();
    let pending = receipt.id.and_then(|id| context.list.get(&id.to_string())?.memo());
    if let Some(memo) = pending.filter(|memo| Some(memo.due.instant) != receipt.scheduled) {
        return format!("scheduled again for {}", in_my_zone(app, memo.due.instant));
    }
    match (pending, context.arrived.iter().any(|arrived| arrived.key == receipt.key)) {
        (Some(_), _) => "still scheduled".to_owned(),
        (None, true) => "not done yet".to_owned(),
        (None, false) => "done".to_owned(),
    }
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
