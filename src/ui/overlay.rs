//! What lies over the screen: documents, questions, the palette.

mod document;
mod paper;

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use when::{Choice, Moment, Reading};

use super::moment::Clocks;
use super::panel::{self, CARET};
use super::theme::Theme;
use super::{moment, text};
use crate::app::modal::Chosen;
use crate::app::{App, Modal, window};
use crate::harmless;
use crate::keymap::{AnswerAction, Bound, KeyContext, Keymap};
use document::document;
use paper::{Paper, wrapped};

/// A question or the palette: its text, and its highlighted line.
struct Question {
    title: String,
    lines: Vec<Line<'static>>,
    highlighted: usize,
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let paper = Paper::new(area);
    let width = paper.text_width();
    if let Some(document) = document(app, now, theme, width) {
        paper.draw(document.title, document.lines, document.top, theme, frame);
    } else if let Some(modal) = &app.modal
        && let Some(Question { title, lines, highlighted }) = question(app, modal, now, theme, (width, paper.rows()))
    {
        let top = window(highlighted, lines.len(), paper.rows());
        let answer = matches!(modal, Modal::Words { .. }).then(|| caret(&lines)).flatten();
        let drawn = paper.draw(&title, lines, top, theme, frame);
        if matches!(modal, Modal::Palette { .. }) {
            panel::place_cursor(&title, drawn.area, frame);
        } else if let Some((line, column)) = answer
            && let Some(row) = line.checked_sub(drawn.top)
        {
            let row = u16::try_from(row).unwrap_or(u16::MAX).min(drawn.inner.height.saturating_sub(1));
            let column = u16::try_from(column).unwrap_or(u16::MAX).min(drawn.inner.width.saturating_sub(1));
            frame.set_cursor_position((drawn.inner.x + column, drawn.inner.y + row));
        }
    }
}

/// The first line of the last page of the open document; `None` if no document is open.
pub fn document_end(app: &App, now: DateTime<Utc>, theme: &Theme, area: Rect) -> Option<usize> {
    let paper = Paper::new(area);
    let document = document(app, now, theme, paper.text_width())?;
    Some(document.lines.len().saturating_sub(paper.rows()))
}

/// The line and the column of the [`CARET`].
fn caret(lines: &[Line<'_>]) -> Option<(usize, usize)> {
    lines.iter().enumerate().find_map(|(line, text)| {
        let text: String = text.spans.iter().map(|span| &*span.content).collect();
        text.rfind(CARET).map(|caret| (line, text::width(&text[..caret])))
    })
}

fn question(
    app: &App,
    modal: &Modal,
    now: DateTime<Utc>,
    theme: &Theme,
    (width, rows): (usize, usize),
) -> Option<Question> {
    match modal {
        Modal::Help { .. } | Modal::Details { .. } | Modal::Receipt { .. } => None,
        Modal::Confirm { question, .. } => {
            let mut lines = wrapped(question, width, Style::new());
            lines.push(Line::default());
            if modal.can_agree() {
                lines.push(yes_or_no(&app.settings.keys, theme));
            } else {
                let no = app.settings.keys.key(KeyContext::Confirm, AnswerAction::No);
                let words = format!("A letter is not an answer, so nothing will be done. {no} closes this.");
                lines.extend(wrapped(&words, width, theme.busy));
            }
            Some(Question { title: "Confirm".to_owned(), lines, highlighted: 0 })
        }
        Modal::Choose { question, choices, selected, then } => {
            let above = wrapped(question, width, Style::new());
            let above = fitting(above, choices.len(), rows, width);
            let labels = choices.iter().map(|choice| label(app, choice, now, width.saturating_sub(NUMBER_WIDTH)));
            Some(choice(chosen_title(then), above, labels, *selected, theme, width))
        }
        Modal::Words { question, typed, from, reading, then } => {
            let lines = typed_answer(app, question, typed.text(), from, reading, theme, width);
            Some(Question { title: chosen_title(then).to_owned(), lines, highlighted: 0 })
        }
        Modal::Copy { offers, selected } => {
            let labels = offers.iter().map(|(label, _)| (*label).to_owned());
            Some(choice("Copy", Vec::new(), labels, *selected, theme, width))
        }
        Modal::Palette { typed, selected } => {
            let lines = palette(app, typed.text(), *selected, theme, width);
            let title = format!("Commands  :{}{CARET}", harmless::line(typed.text()));
            Some(Question { title, lines, highlighted: *selected })
        }
        Modal::Contexts { names, selected } => Some(contexts(app, names, *selected, theme, width)),
    }
}

/// The title of a question for a time.
fn chosen_title(then: &Chosen) -> &'static str {
    match then {
        Chosen::Submit | Chosen::Again { .. } => "Choose a time",
        Chosen::Snooze(_) | Chosen::SnoozeMarked { .. } => "Snooze until",
    }
}

/// The keys for yes and no.
fn yes_or_no(keys: &Keymap, theme: &Theme) -> Line<'static> {
    let mut spans = Vec::new();
    for (action, word) in [(AnswerAction::Yes, " yes   "), (AnswerAction::No, " no")] {
        spans.extend([Span::styled(keys.key(KeyContext::Confirm, action), theme.accent), Span::raw(word)]);
    }
    let no = (KeyContext::Confirm, AnswerAction::No.into());
    let no = keys.bound().filter(|bound| (bound.binding.context, bound.binding.action) == no);
    let named: Vec<String> = no.flat_map(|no| no.keys).skip(1).filter(|it| !it.is_text()).map(|it| it.name()).collect();
    if !named.is_empty() {
        spans.push(Span::raw(format!(" ({})", named.join(", "))));
    }
    Line::from(spans)
}

/// The width of the number before an answer.
const NUMBER_WIDTH: usize = 4;

/// An answer. If it ends with its moment in words, and there is no room for them, the moment is written short.
fn label(app: &App, choice: &Choice, now: DateTime<Utc>, width: usize) -> String {
    let Choice { label, moment } = choice;
    match label.strip_suffix(&app.words(moment)) {
        Some(name) if text::width(label) > width => {
            let short = moment::due(moment, app.settings.zone, now, app.hours(), Clocks::Theirs);
            format!("{name}{short}")
        }
        Some(_) | None => label.clone(),
    }
}

/// The question above this many answers, with an empty line. If there is no room for all, it is cut to one line: the answers
/// matter more.
fn fitting(mut question: Vec<Line<'static>>, answers: usize, rows: usize, width: usize) -> Vec<Line<'static>> {
    if question.len() + 1 + answers <= rows {
        question.push(Line::default());
        return question;
    }
    let words = question.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    vec![Line::raw(text::cut(&words, width).into_owned())]
}

/// A list of answers with numbers, under these lines.
fn choice(
    title: &str,
    above: Vec<Line<'static>>,
    labels: impl Iterator<Item = String>,
    selected: usize,
    theme: &Theme,
    width: usize,
) -> Question {
    let mut lines = above;
    let highlighted = lines.len() + selected;
    lines.extend(labels.enumerate().map(|(index, label)| {
        let style = if index == selected { theme.selected } else { Style::new() };
        Line::styled(text::fit(&format!(" {}  {label}", index + 1), width), style)
    }));
    Question { title: title.to_owned(), lines, highlighted }
}

/// A question with a typed answer, and what the answer means so far.
fn typed_answer(
    app: &App,
    question: &str,
    typed: &str,
    from: &Moment,
    reading: &Reading,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines = wrapped(question, width, Style::new());
    lines.push(Line::default());
    lines.extend(wrapped(&format!("› {typed}{CARET}"), width, theme.strong));
    lines.push(Line::default());
    let (meaning, style) = match reading {
        _ if typed.trim().is_empty() => ("For example “in 2 h”, “fri 18:00”, “24 dec”.".to_owned(), theme.quiet),
        Reading::Resolved(moment) => (app.words(moment), theme.good),
        Reading::Ask(asked) => (asked.why.clone(), theme.busy),
        Reading::Refused(refusal) => (refusal.to_string(), theme.wrong),
    };
    lines.extend(wrapped(&meaning, width, style));
    lines.extend(wrapped(&format!("Counted from {}.", app.words(from)), width, theme.quiet));
    lines
}

/// The commands that match, with their keys.
fn palette(app: &App, typed: &str, selected: usize, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let commands = app.palette(typed);
    if commands.is_empty() {
        return wrapped("No matching command.", width, theme.quiet);
    }
    let keys_width = if width > 60 { 20 } else { 12 };
    let line = |(index, bound): (usize, &Bound<'_>)| {
        let keys = text::column(&theme.keys(bound.keys_text()), keys_width);
        let name = text::fit(&bound.binding.name(), width.saturating_sub(keys_width));
        if index == selected {
            return Line::styled(format!("{keys}{name}"), theme.selected);
        }
        Line::from(vec![Span::styled(keys, theme.accent), Span::raw(name)])
    };
    commands.iter().enumerate().map(line).collect()
}

/// The contexts, or how to get another one.
fn contexts(app: &App, names: &[String], selected: usize, theme: &Theme, width: usize) -> Question {
    if !app.has_contexts() {
        let only = names
            .first()
            .map_or_else(|| "No context is known yet.".to_owned(), |name| format!("{name} is the only context."));
        let mut lines = wrapped(&only, width, theme.strong);
        let how = "`tickler init` creates one in AWS, with everything it needs. To use an existing one, add it to the \
                   settings file as [contexts.NAME].";
        lines.extend(wrapped(how, width, Style::new()));
        return Question { title: "Contexts".to_owned(), lines, highlighted: 0 };
    }
    let name_width = names.iter().map(|name| text::width(name)).max().unwrap_or(0).min(width / 2) + 3;
    let labels = names.iter().map(|name| format!("{}{}", text::column(name, name_width), note(app, name)));
    choice("Switch context", Vec::new(), labels, selected, theme, width)
}

/// What is going on in a context.
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
