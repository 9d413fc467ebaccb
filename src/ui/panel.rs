//! The live panel: what has arrived on top, then what is pending, each with its countdown, its clock and its text.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};
use when::{Hours, Moment};

use super::{Theme, moment, text};
use crate::app::{App, Connection, Focus, Row, Status};
use crate::countdown;
use crate::keymap::{Action, FormAction, KeyContext, ListAction, MemoAction, ProgramAction};
use crate::schedule::{Body, Foreign, Receipt, Schedule};

/// The columns of a line, in cells; a column of no width is not shown.
#[derive(Clone, Copy)]
struct Columns {
    state: usize,
    when: usize,
    text: usize,
    both_clocks: bool,
}

impl Columns {
    /// ```text
    /// ▌ in 2 h 50 min   tomorrow 09:00 EST (15:00)  text        wide, and a clock of another zone in sight
    /// ▌ in 2 h 50 min   tomorrow 09:00 EST  text                narrower, or all are of the person's own
    /// ▌ in 2 h 50 min   text                                    40 columns
    /// ```
    fn new(width: usize, hours: Hours, any_is_long: bool) -> Self {
        let state = 16;
        // `AM` and `PM` take three cells, on each clock.
        let more = if hours == Hours::Twelve { 3 } else { 0 };
        let (when, both_clocks) = match width {
            _ if width >= 70 + 2 * more && any_is_long => (28 + 2 * more, true),
            _ if width >= 56 + more => (20 + more, false),
            _ => (0, false),
        };
        Self { state, when, text: width.saturating_sub(2 + state + when), both_clocks }
    }
}

/// The frame around a part, which tells whether it has the keys.
pub fn block<'a>(title: &'a str, focused: bool, theme: &Theme) -> Block<'a> {
    let style = if focused { theme.accent } else { theme.quiet };
    Block::bordered()
        .border_type(BorderType::Rounded)
        .merge_borders(MergeStrategy::Fuzzy)
        .border_style(style)
        .title(Span::styled(format!(" {title} "), if focused { theme.accent } else { Style::new() }))
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let mut title = title("Pending", app, (app.current().list.shown_len(), app.current().list.len()));
    if app.has_marks() {
        title.extend(["  ", &text::grouped(app.marked()), " marked"]);
    }
    let mut block = block(&title, focused, theme);
    let order = order(app);
    if text::width(&title) + text::width(&order) + 5 < usize::from(area.width) {
        block = block.title_top(Line::styled(order, theme.quiet).right_aligned());
    }
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let width = usize::from(inner.width);
    if app.lines() == 0 {
        frame.render_widget(Paragraph::new(nothing(app, width, theme)), inner);
        return;
    }
    let rows = app.rows(usize::from(inner.height));
    let columns = Columns::new(width, app.hours(), rows.iter().any(|row| is_long(row, app.settings.zone)));
    let (selected, range) = (app.selected_line(), app.range());
    let lines: Vec<Line<'_>> = rows
        .into_iter()
        .map(|row| {
            let line = match row {
                Row::Heading(day) => return heading(day, app, now, theme, width),
                Row::Arrived(_, receipt) => arrived_line(app, receipt, now, theme, columns),
                Row::Pending(_, row) => pending_line(app, row, now, theme, columns),
            };
            let is_marked = match row {
                Row::Pending(at, row) => {
                    app.current().list.is_marked(&row.name)
                        || (row.memo().is_some() && range.as_ref().is_some_and(|range| range.contains(&at)))
                }
                Row::Arrived(..) | Row::Heading(_) => false,
            };
            match (row.line() == selected, is_marked) {
                (true, is_marked) => {
                    let line = marked(line, if is_marked { "◉ " } else { "▌ " });
                    if focused { selected_line(line, theme) } else { line.patch_style(theme.selected_idle) }
                }
                (false, true) => marked(line, "● "),
                (false, false) => line,
            }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Whether it has more to say of its time than the person's own clock.
fn is_long(row: &Row<'_>, mine: Tz) -> bool {
    match row {
        Row::Pending(_, row) => match &row.body {
            Body::Memo(memo) => Moment::at(memo.due.instant, mine).civil != memo.due.civil,
            // Its expression stands there.
            Body::Foreign(foreign) => foreign.due.is_none(),
        },
        Row::Arrived(..) | Row::Heading(_) => false,
    }
}

/// What a list is called, with its filter and how many of its lines that lets through.
pub fn title(name: &str, app: &App, (shown, of): (usize, usize)) -> String {
    let filter = app.filter();
    let cursor = if filter.typing { "▏" } else { "" };
    match (filter.typing, filter.is_on()) {
        (false, false) => name.to_owned(),
        (true, false) => format!("{name}  /{cursor}"),
        (_, true) => format!(
            "{name}  /{}{cursor}  {} of {}",
            text::harmless(filter.text()),
            text::grouped(shown),
            text::grouped(of)
        ),
    }
}

/// The order of the list, for the end of its title.
fn order(app: &App) -> String {
    let order = app.current().list.order();
    let days = if app.is_by_day() { " by day" } else { "" };
    format!(" {}{days} {} ", order.by.word(), if order.down { "↓" } else { "↑" })
}

/// A day, over what is due on it.
fn heading(day: Option<NaiveDate>, app: &App, now: DateTime<Utc>, theme: &Theme, width: usize) -> Line<'static> {
    let today = Moment::at(now, app.settings.zone).civil.date();
    let words = day.map_or_else(|| "No one day".to_owned(), |day| moment::day(day, today));
    rule(&words, theme, width)
}

/// Words at the head of a line that goes on to the edge.
pub fn rule(words: &str, theme: &Theme, width: usize) -> Line<'static> {
    let words = format!(" {words} ");
    let rule = "─".repeat(width.saturating_sub(text::width(&words)));
    Line::from(vec![Span::styled(words, theme.strong), Span::styled(rule, theme.quiet)])
}

/// The selected line stands out as a whole: tints of its parts would turn into bars.
pub fn selected_line<'a>(mut line: Line<'a>, theme: &Theme) -> Line<'a> {
    for span in &mut line.spans {
        span.style = theme.selected;
    }
    line
}

fn marked<'a>(mut line: Line<'a>, mark: &'a str) -> Line<'a> {
    if let Some(first) = line.spans.first_mut() {
        first.content = mark.into();
    }
    line
}

fn arrived_line(app: &App, receipt: &Receipt, now: DateTime<Utc>, theme: &Theme, columns: Columns) -> Line<'static> {
    let mine = app.settings.zone;
    let at = Moment::at(receipt.scheduled.unwrap_or(receipt.at), mine);
    let mut clock = moment::short(at.civil, Moment::at(now, mine).civil, app.hours());
    let mut state = "arrived".to_owned();
    if !receipt.is_delivered() {
        return line("failed", &clock, &with_error(receipt), theme.wrong, columns, theme.strong);
    }
    if let Some(late) = moment::lateness(receipt.scheduled, receipt.at) {
        // Beside the clock where both have room; else the state says it.
        let both = format!("{clock}, {late}");
        if text::width(&both) + 2 <= columns.when {
            clock = both;
        } else {
            state = late.replace("late by", "late");
        }
    }
    line(&state, &clock, &with_error(receipt), theme.good, columns, theme.strong)
}

/// What a receipt tells: the text, and why it was not delivered.
pub fn with_error(receipt: &Receipt) -> String {
    let text = text::harmless(&receipt.text);
    match receipt.error() {
        Some(error) => format!("{text} — {}", text::harmless(error)),
        None => text.into_owned(),
    }
}

fn pending_line(app: &App, row: &Schedule, now: DateTime<Utc>, theme: &Theme, columns: Columns) -> Line<'static> {
    let life = app.status(row, now);
    let state = match (life, row.due()) {
        (Status::Pending, Some(due)) => countdown::text(due, now),
        (Status::Late, Some(due)) => format!("late {}", countdown::text(due, now).trim_end_matches(" ago")),
        _ => life.word().to_owned(),
    };
    let (clock, words) = match &row.body {
        Body::Memo(memo) => {
            let clock = moment::due(&memo.due, app.settings.zone, now, app.hours(), columns.both_clocks);
            (clock, app.current().failure_of(row).map_or_else(|| memo.text.clone(), with_error))
        }
        Body::Foreign(foreign) => (foreign_clock(app, foreign, now), format!("{}: {}", row.name, foreign.about)),
    };
    let state = if life == Status::Repeating { "repeats".to_owned() } else { state };
    let tint = if matches!(row.body, Body::Foreign(_)) { theme.quiet } else { Style::new() };
    line(&state, &clock, &words, theme.life(life), columns, tint)
}

fn foreign_clock(app: &App, foreign: &Foreign, now: DateTime<Utc>) -> String {
    let zone = app.settings.zone;
    match foreign.due {
        Some(due) => moment::short(Moment::at(due, zone).civil, Moment::at(now, zone).civil, app.hours()),
        None => foreign.expression.clone(),
    }
}

fn line(state: &str, clock: &str, words: &str, tint: Style, columns: Columns, text_style: Style) -> Line<'static> {
    let mut spans = vec![Span::raw("  "), Span::styled(text::fit(state, columns.state), tint)];
    if columns.when > 0 {
        spans.push(Span::raw(text::fit(&text::cut(clock, columns.when - 2), columns.when)));
    }
    spans.push(Span::styled(text::fit(&text::harmless(words), columns.text), text_style));
    Line::from(spans)
}

/// What the panel says when it has nothing to show.
fn nothing(app: &App, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let plain = |words: &str, style: Style| {
        text::wrap(words, width.saturating_sub(2)).into_iter().map(move |line| Line::styled(format!(" {line}"), style))
    };
    let key = |action: Action| app.settings.keys.key(KeyContext::Pending, action);
    let mut lines = vec![Line::default()];
    match &app.connection {
        Connection::Opening => lines.extend(plain("Opening…", theme.quiet)),
        Connection::Closed(failures) => {
            for failure in failures {
                lines.extend(plain(&failure.what, theme.wrong));
                if !failure.advice.is_empty() {
                    lines.extend(plain(&failure.advice, Style::new()));
                }
                lines.push(Line::default());
            }
            let contexts = app.has_contexts().then(|| key(ProgramAction::Contexts.into()));
            let elsewhere = contexts.map_or_else(String::new, |key| format!(", {key} goes to another context"));
            let again = key(ProgramAction::Refresh.into());
            let advice = format!("{again} tries again{elsewhere}. What you type in the form stays.");
            lines.extend(plain(&advice, theme.quiet));
        }
        Connection::Open(_) if !app.current().reading.whole && app.current().reading.failure.is_none() => {
            lines.extend(plain("Reading…", theme.quiet));
        }
        Connection::Open(_) if app.current().reading.failure.is_some() => {
            lines.extend(plain("What is pending could not be read; it is tried again by itself.", theme.wrong));
        }
        Connection::Open(_) if app.filter().is_on() => {
            let all = key(ListAction::ClearFilter.into());
            let advice = format!("Nothing that is pending holds these words. {all} shows all.");
            lines.extend(plain(&advice, theme.quiet));
        }
        Connection::Open(_) => {
            lines.extend(plain("Nothing is pending.", theme.strong));
            if app.is_read_only() {
                return lines;
            }
            if app.is_first_start() {
                for sentence in how(app) {
                    lines.extend(plain(&sentence, Style::new()));
                }
                return lines;
            }
            let submit = app.settings.keys.key(KeyContext::Form, FormAction::Submit);
            let how = format!("Write a memo, a date and a time in the form; {submit} schedules it.");
            lines.extend(plain(&how, theme.quiet));
            if let (Focus::List, Some(add)) = (app.focus, app.settings.keys.chord(KeyContext::Pending, MemoAction::New))
            {
                lines.extend(plain(&format!("Press {} to begin one.", add.name()), theme.quiet));
            }
        }
    }
    lines
}

/// What a person who is new here has to know, in three lines.
fn how(app: &App) -> [String; 3] {
    let keys = &app.settings.keys;
    let begin = match (app.focus, keys.chord(KeyContext::Pending, MemoAction::New)) {
        (Focus::List, Some(add)) => format!("Press {}, and type", add.name()),
        _ => "Type".to_owned(),
    };
    let submit = keys.key(KeyContext::Form, FormAction::Submit);
    let help = keys.key(app.key_context(), ProgramAction::Help);
    let (then, more) = if app.here().is_some_and(|here| here.local) {
        (
            "It counts down here, and rings while tickler is open.",
            " `tickler init` brings memos to AWS, where they are delivered while it is closed, too.",
        )
    } else {
        ("It counts down here, and is delivered whether tickler is open or not.", "")
    };
    [
        format!("{begin} a memo with its time in one line, such as: pay the rent fri 18:00"),
        format!("{submit} schedules it. {then}"),
        format!("{help} shows what can be done, and with which keys.{more}"),
    ]
}
