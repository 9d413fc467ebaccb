//! What lies on top of the screen: questions, details, the help.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use when::{Hours, Moment, Reading};

use super::{Theme, panel, text};
use crate::app::context::pending::{PendingChange, Stage};
use crate::app::{App, Focus, Modal, View};
use crate::failure::Failure;
use crate::keymap::{Action, Bound, KeyContext, Keymap};
use crate::memo::Memo;
use crate::schedule::{Details, Receipt, Schedule};

/// How wide an overlay is at most: a line longer than this is hard to read.
const WIDEST: u16 = 84;

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(modal) = &app.modal else { return };
    let width = WIDEST.min(area.width.saturating_sub(2));
    let inner = usize::from(width.saturating_sub(4));
    match modal {
        Modal::Help { top } => paper("Keys", help(app, theme, inner), *top, width, theme, frame, area),
        Modal::Details { name, known, top } => {
            let underway = app.current().changes.get(name);
            let mut lines = app
                .current()
                .list
                .get(name)
                .and_then(Schedule::memo)
                .map_or_else(Vec::new, |memo| memo_lines(memo, app.hours(), theme, inner));
            if let Some(failure) = app.current().list.get(name).and_then(|row| app.current().failure_of(row)) {
                lines.extend(failing(failure, theme, inner));
            } else {
                lines.extend(
                    underway.map_or_else(Vec::new, |underway| under_way(underway, &app.settings.keys, theme, inner)),
                );
            }
            // What the service never had, it cannot say anything of.
            if !matches!((underway, known), (Some(_), Some(Ok(None)))) {
                lines.extend(details(known.as_ref(), &app.settings.keys, theme, inner));
            }
            paper("Details", lines, *top, width, theme, frame, area);
        }
        Modal::Receipt { receipt, top } => {
            let title = match (receipt.is_delivered(), receipt.is_lost()) {
                (true, _) => "Delivered",
                (false, true) => "Not delivered",
                (false, false) => "Not delivered yet",
            };
            paper(title, receipt_lines(receipt, theme, inner), *top, width, theme, frame, area);
        }
        Modal::Confirm { question, .. } => {
            let mut lines = sentence(question, inner, Style::new());
            lines.push(Line::default());
            lines.push(yes_or_no(&app.settings.keys, theme));
            paper("Sure?", lines, 0, width, theme, frame, area);
        }
        Modal::Choose { question, choices, selected, .. } => {
            let mut lines = sentence(question, inner, Style::new());
            lines.push(Line::default());
            let first = lines.len();
            lines.extend(answers(choices.iter().map(|choice| choice.label.clone()), *selected, theme, inner));
            let top = crate::app::window(first + selected, lines.len(), rows(area));
            paper("Which?", lines, top, width, theme, frame, area);
        }
        Modal::Words { question, typed, from, reading, .. } => {
            let lines = words(question, typed.text(), from, reading, app.hours(), theme, inner);
            paper("In words", lines, 0, width, theme, frame, area);
        }
        Modal::Copy { offers, selected } => {
            let mut lines = sentence("Copy what?", inner, theme.quiet);
            lines.push(Line::default());
            let first = lines.len();
            lines.extend(answers(offers.iter().map(|(label, _)| (*label).to_owned()), *selected, theme, inner));
            let top = crate::app::window(first + selected, lines.len(), rows(area));
            paper("Copy", lines, top, width, theme, frame, area);
        }
        Modal::Palette { typed, selected } => {
            let (lines, line) = palette(app, typed.text(), *selected, theme, inner);
            let top = crate::app::window(line, lines.len(), rows(area));
            let title = format!("Do  :{}▏", text::harmless(typed.text()));
            paper(&title, lines, top, width, theme, frame, area);
        }
        Modal::Places { names, selected } => {
            let (lines, line) = contexts(app, names, *selected, theme, inner);
            let top = crate::app::window(line, lines.len(), rows(area));
            paper("Contexts", lines, top, width, theme, frame, area);
        }
    }
}

/// How a question is answered.
fn yes_or_no(keys: &Keymap, theme: &Theme) -> Line<'static> {
    let mut spans = Vec::new();
    for (action, word) in [(Action::Yes, " yes   "), (Action::No, " no")] {
        spans.extend([Span::styled(keys.key(KeyContext::Confirm, action), theme.accent), Span::raw(word)]);
    }
    let no = keys.bound().filter(|bound| (bound.line.context, bound.line.action) == (KeyContext::Confirm, Action::No));
    let named: Vec<String> = no.flat_map(|no| no.keys).skip(1).filter(|it| !it.is_text()).map(|it| it.name()).collect();
    if !named.is_empty() {
        spans.push(Span::raw(format!(" ({})", named.join(", "))));
    }
    Line::from(spans)
}

/// The answers to a question, the highlighted one standing out.
fn answers(
    labels: impl Iterator<Item = String>,
    selected: usize,
    theme: &Theme,
    width: usize,
) -> impl Iterator<Item = Line<'static>> {
    labels.enumerate().map(move |(index, label)| {
        let style = if index == selected { theme.selected } else { Style::new() };
        Line::styled(text::fit(&format!(" {}  {label}", index + 1), width), style)
    })
}

/// A question that is answered in words, and what they mean so far.
fn words(
    question: &str,
    typed: &str,
    from: &Moment,
    reading: &Reading,
    hours: Hours,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines = sentence(question, width, Style::new());
    lines.push(Line::default());
    lines.extend(sentence(&format!("› {typed}▏"), width, theme.strong));
    lines.push(Line::default());
    let (meaning, style) = match reading {
        _ if typed.trim().is_empty() => ("Such as “in 2 h”, “fri 18:00”, “24 dec”.".to_owned(), theme.quiet),
        Reading::Resolved(moment) => (moment.words(hours), theme.good),
        Reading::Ask(asked) => (asked.why.clone(), theme.busy),
        Reading::Refused(refusal) => (refusal.to_string(), theme.wrong),
    };
    lines.extend(sentence(&meaning, width, style));
    lines.extend(sentence(&format!("Counted from {}.", from.words(hours)), width, theme.quiet));
    lines
}

/// What can be done, with its keys, and the line of what is highlighted.
fn palette(app: &App, typed: &str, selected: usize, theme: &Theme, width: usize) -> (Vec<Line<'static>>, usize) {
    let offered = app.palette(typed);
    if offered.is_empty() {
        return (sentence("Nothing that can be done here is called that.", width, theme.quiet), 0);
    }
    let keys_width = if width > 60 { 20 } else { 12 };
    let line = |(index, bound): (usize, &Bound<'_>)| {
        let keys = text::fit(&theme.keys(bound.keys_text()), keys_width);
        let name = text::fit(&bound.line.name(), width.saturating_sub(keys_width));
        if index == selected {
            return Line::styled(format!("{keys}{name}"), theme.selected);
        }
        Line::from(vec![Span::styled(keys, theme.accent), Span::raw(name)])
    };
    (offered.iter().enumerate().map(line).collect(), selected)
}

/// The places where memos can live, and the line of the highlighted one.
fn contexts(app: &App, names: &[String], selected: usize, theme: &Theme, width: usize) -> (Vec<Line<'static>>, usize) {
    if !app.has_contexts() {
        let only = names.first().map_or_else(
            || "No context is known yet.".to_owned(),
            |name| format!("There is no other context yet than {name}."),
        );
        let mut lines = sentence(&only, width, theme.strong);
        let how = "`tickler init` makes one in AWS, with all that it needs. One that is there already goes into the \
                   settings file, as [contexts.NAME].";
        lines.extend(sentence(how, width, Style::new()));
        return (lines, 0);
    }
    let mut lines = sentence("Where to?", width, theme.quiet);
    lines.push(Line::default());
    let first = lines.len();
    let name_width = names.iter().map(|name| text::width(name)).max().unwrap_or(0).min(width / 2) + 3;
    let labels = names.iter().map(|name| format!("{}{}", text::fit(name, name_width), note(app, name)));
    lines.extend(answers(labels, selected, theme, width));
    (lines, first + selected)
}

/// What there is to say of a context that is offered.
fn note(app: &App, name: &str) -> String {
    if app.wanted() == Some(name) {
        return "here".to_owned();
    }
    let Some(left) = app.other_contexts().find(|left| left.info.name == name) else { return String::new() };
    let arrived = (left.unseen > 0).then(|| format!("{} arrived", text::grouped(left.unseen)));
    let unsent = Some(left.changes.unsent()).filter(|unsent| *unsent > 0);
    let unsent = unsent.map(|unsent| format!("{} not sent yet", text::grouped(unsent)));
    arrived.into_iter().chain(unsent).collect::<Vec<_>>().join(" · ")
}

/// How many rows a box has at most.
fn rows(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(4))
}

/// A box in the middle of the screen, as high as its lines where they fit.
fn paper(title: &str, lines: Vec<Line<'_>>, top: usize, width: u16, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let height = wanted.min(area.height.saturating_sub(2).max(3));
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height.saturating_sub(height)) / 2,
        width,
        height,
    };
    let rows = usize::from(height.saturating_sub(2));
    let top = top.min(lines.len().saturating_sub(rows));
    let mut block = panel::block(title, true, theme);
    if lines.len() > rows {
        let shown = format!(" {}–{} of {} ", top + 1, (top + rows).min(lines.len()), lines.len());
        block = block.title_bottom(Line::styled(shown, theme.quiet).right_aligned());
    }
    frame.render_widget(Clear, place);
    frame.buffer_mut().set_style(place, theme.base);
    let inner = place.inner(ratatui::layout::Margin::new(2, 1));
    frame.render_widget(block, place);
    frame.render_widget(Paragraph::new(lines.into_iter().skip(top).take(rows).collect::<Vec<_>>()), inner);
}

fn sentence(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    text::wrap(&text::harmless(words), width).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// Label and value, the value broken into lines beside its label.
fn labelled(label: &str, value: &str, label_width: usize, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let lines = value.split('\n').flat_map(|line| text::wrap(&text::harmless(line), width.saturating_sub(label_width)));
    lines
        .enumerate()
        .map(|(index, line)| {
            let label = if index == 0 { label } else { "" };
            Line::from(vec![Span::styled(text::fit(label, label_width), theme.quiet), Span::raw(line)])
        })
        .collect()
}

/// Why its last try failed.
fn failing(failure: &Receipt, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let error = failure.error().unwrap_or_default().trim_end_matches('.');
    let mut lines = sentence(&format!("It failed, and is tried again: {error}."), width, theme.wrong);
    lines.push(Line::default());
    lines
}

/// How far a change of this schedule has come that is not confirmed.
fn under_way(underway: &PendingChange, keys: &Keymap, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let key = |action| keys.key(KeyContext::Pending, action);
    let (words, style) = match &underway.stage {
        Stage::Sending => ("It is being sent.".to_owned(), theme.busy),
        Stage::Waiting(failure, _) => (format!("Not sent yet, and tried again by itself. {failure}"), theme.busy),
        Stage::Refused(failure) => {
            let (change, drop) = (key(Action::Change), key(Action::Cancel));
            (format!("Refused. {failure} {change} changes it, {drop} drops it."), theme.wrong)
        }
        Stage::Unconfirmed => {
            let (anew, drop) = (key(Action::Snooze), key(Action::Cancel));
            let passed = "Its time has passed, and nothing proves that it was delivered.";
            (format!("{passed} {anew} schedules it anew, {drop} drops it."), theme.wrong)
        }
    };
    let mut lines = sentence(&words, width, style);
    lines.push(Line::default());
    lines
}

/// What a memo says, whole, and when it is due.
fn memo_lines(memo: &Memo, hours: Hours, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'_>> = memo.text.split('\n').flat_map(|line| sentence(line, width, theme.strong)).collect();
    lines.extend(sentence(&memo.due.words(hours), width, Style::new()));
    lines.push(Line::default());
    lines
}

fn details(
    known: Option<&Result<Option<Details>, Failure>>,
    keys: &Keymap,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    match known {
        None => vec![Line::styled("Reading…", theme.quiet)],
        Some(Err(failure)) => sentence(&failure.to_string(), width, theme.wrong),
        Some(Ok(None)) => sentence(
            &format!(
                "It is not there any more: it was delivered, or cancelled elsewhere. {} reads the list again.",
                keys.key(KeyContext::Pending, Action::Refresh)
            ),
            width,
            theme.wrong,
        ),
        Some(Ok(Some(Details(pairs)))) => {
            let label_width = pairs.iter().map(|(label, _)| text::width(label) + 2).max().unwrap_or(0).min(width / 3);
            pairs.iter().flat_map(|(label, value)| labelled(label, value, label_width, theme, width)).collect()
        }
    }
}

fn receipt_lines(receipt: &Receipt, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let time = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut pairs = vec![("Memo", receipt.text.clone())];
    pairs.extend(receipt.error().map(|error| ("Error", error.to_owned())));
    pairs.extend([
        (if receipt.is_delivered() { "Delivered" } else { "Failed" }, time(receipt.at)),
        ("Scheduled", receipt.scheduled.map_or_else(|| "not said".to_owned(), time)),
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

/// The table of keys: what works where the person came from first, and what cannot be used now stands back.
fn help(app: &App, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let here = if app.focus == Focus::Form { KeyContext::Form } else { app.view.key_context() };
    let mut places = vec![here, KeyContext::Anywhere];
    places.extend([KeyContext::Pending, KeyContext::Form].into_iter().filter(|place| *place != here));
    let views =
        View::ALL.into_iter().map(View::key_context).filter(|place| ![here, KeyContext::Pending].contains(place));
    places.extend(views);
    places.retain(|place| *place != KeyContext::Form || here == KeyContext::Form || !app.is_read_only());
    let keys_width = if width > 60 { 24 } else { 16 };
    let mut lines = Vec::new();
    for place in places {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(place.title(), theme.strong));
        let told = |bound: &Bound<'_>| !bound.line.long.is_empty() && bound.line.is_offered(app);
        for bound in app.settings.keys.bound().filter(|bound| bound.line.context == place).filter(told) {
            let usable = place != here || (bound.line.available)(app);
            let style = if usable { theme.accent } else { theme.quiet };
            let keys = if bound.keys.is_empty() { "no key".to_owned() } else { theme.keys(bound.keys_text()) };
            let keys_style = if bound.keys.is_empty() { theme.quiet } else { style };
            let words_style = if usable { Style::new() } else { theme.quiet };
            // Neither is cut: whoever asks for help has no other place to read the rest.
            let keys = text::wrap(&keys, keys_width - 1);
            let words = text::wrap(bound.line.long, width.saturating_sub(keys_width));
            for row in 0..keys.len().max(words.len()) {
                let piece = |pieces: &[String]| pieces.get(row).cloned().unwrap_or_default();
                lines.push(Line::from(vec![
                    Span::styled(text::fit(&piece(&keys), keys_width), keys_style),
                    Span::styled(piece(&words), words_style),
                ]));
            }
        }
    }
    lines
}
