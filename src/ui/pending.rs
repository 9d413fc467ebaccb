//! The Pending view: what has arrived, then the pending memos, each with its countdown, its clock and its text.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::{Hours, Moment};

use super::moment::Clocks;
use super::theme::Theme;
use super::{moment, panel, text};
use crate::app::{App, ConnectionState, Focus, Row, Status};
use crate::countdown;
use crate::failure::Failure;
use crate::harmless;
use crate::keymap::{FormAction, KeyContext, ListAction, MemoAction, ProgramAction};
use crate::schedule::{Body, Foreign, Receipt, Schedule};

/// The columns of a line, in cells. A column of width 0 is not shown.
#[derive(Clone, Copy)]
struct Columns {
    status: usize,
    due: usize,
    text: usize,
    clocks: Clocks,
}

impl Columns {
    /// ```text
    /// ▌ in 2 h 50 min   tomorrow 09:00 EST (15:00)  text        wide, and a clock of another zone in sight
    /// ▌ in 2 h 50 min   tomorrow 09:00 EST  text                narrower, or every zone is the person's
    /// ▌ in 2 h 50 min   text                                    40 columns
    /// ```
    fn new(width: usize, hours: Hours, any_is_long: bool) -> Self {
        let status = 16;
        // `AM` and `PM` take three cells, on each clock.
        let more = if hours == Hours::Twelve { 3 } else { 0 };
        let (due, clocks) = match width {
            _ if width >= 70 + 2 * more && any_is_long => (28 + 2 * more, Clocks::Both),
            _ if width >= 56 + more => (20 + more, Clocks::Theirs),
            _ => (0, Clocks::Theirs),
        };
        Self { status, due, text: width.saturating_sub(2 + status + due), clocks }
    }
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::List);
    let (list, arrived) = (&app.current().list, app.current().arrived.len());
    let mut title = panel::title("Pending", app, (app.lines(), list.len() + arrived), theme);
    if app.has_marks() {
        title.push_span(format!("  {} marked", text::grouped(app.marked())));
    }
    let title_width = title.width();
    let title_words = title.to_string();
    let mut block = panel::block(title, focused, theme);
    let order = order(app);
    if title_width + text::width(&order) + 5 < usize::from(area.width) {
        block = block.title_top(Line::styled(order, theme.quiet).right_aligned());
    }
    let inner = block.inner(area);
    if app.key_context() == KeyContext::Filter {
        panel::place_cursor(&title_words, area, frame);
    }
    let width = usize::from(inner.width);
    if app.lines() == 0 {
        frame.render_widget(block, area);
        frame.render_widget(Paragraph::new(empty(app, width, theme)), inner);
        return;
    }
    let rows = app.rows(usize::from(inner.height));
    let shown = rows.iter().filter_map(Row::line);
    if let (Some(first), Some(last)) = (shown.clone().min(), shown.max())
        && let Some(shown) = panel::shown_lines(first, last, app.lines(), theme)
    {
        block = block.title_bottom(shown);
    }
    frame.render_widget(block, area);
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
                    let line = with_sign(line, if is_marked { "◉ " } else { "▌ " });
                    if focused { panel::selected_line(line, theme) } else { line.patch_style(theme.selected_idle) }
                }
                (false, true) => with_sign(line, "● "),
                (false, false) => line,
            }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Whether the due time of a row needs more room than the person's own clock.
fn is_long(row: &Row<'_>, mine: Tz) -> bool {
    match row {
        Row::Pending(_, row) => match &row.body {
            Body::Memo(memo) => Moment::at(memo.due.instant, mine).civil != memo.due.civil,
            // It shows its schedule expression.
            Body::Foreign(foreign) => foreign.due.is_none(),
        },
        Row::Arrived(..) | Row::Heading(_) => false,
    }
}

/// The order of the list, for the end of the title.
fn order(app: &App) -> String {
    let order = app.current().list.order();
    let days = if app.is_by_day() { " by day" } else { "" };
    format!(" {}{days} {} ", order.by.word(), if order.down { "↓" } else { "↑" })
}

/// The heading of a day; `None` is for schedules without a date.
fn heading(day: Option<NaiveDate>, app: &App, now: DateTime<Utc>, theme: &Theme, width: usize) -> Line<'static> {
    let today = Moment::at(now, app.settings.zone).civil.date();
    let words = day.map_or_else(|| "No date".to_owned(), |day| moment::day(day, today));
    panel::rule(&words, theme, width)
}

/// Puts the sign of a selected or marked line in front of it.
fn with_sign<'a>(mut line: Line<'a>, sign: &'a str) -> Line<'a> {
    if let Some(first) = line.spans.first_mut() {
        first.content = sign.into();
    }
    line
}

fn arrived_line(app: &App, receipt: &Receipt, now: DateTime<Utc>, theme: &Theme, columns: Columns) -> Line<'static> {
    let mine = app.settings.zone;
    let at = Moment::at(receipt.scheduled.unwrap_or(receipt.at), mine);
    let mut clock = moment::short(at.civil, Moment::at(now, mine).civil, app.hours());
    let mut status = "arrived".to_owned();
    if !receipt.is_delivered() {
        return line("failed", &clock, &panel::with_error(receipt), theme.wrong, columns, theme.strong);
    }
    if let Some(late) = moment::lateness(receipt.scheduled, receipt.at) {
        // The delay stands beside the clock if both fit; otherwise it replaces the status.
        let both = format!("{clock}, {late}");
        if text::width(&both) + 2 <= columns.due {
            clock = both;
        } else {
            let most = columns.status.saturating_sub(1);
            status = moment::lateness_within(receipt.scheduled, receipt.at, most).unwrap_or(late);
        }
    }
    line(&status, &clock, &panel::with_error(receipt), theme.good, columns, theme.strong)
}

fn pending_line(app: &App, row: &Schedule, now: DateTime<Utc>, theme: &Theme, columns: Columns) -> Line<'static> {
    let status = app.status(row, now);
    let words = match (status, row.due()) {
        (Status::Pending, Some(due)) => countdown::text(due, now),
        (Status::Late, Some(due)) => {
            let late = moment::lateness_within(Some(due), now, columns.status.saturating_sub(1));
            late.unwrap_or_else(|| status.word().to_owned())
        }
        (Status::Repeating, _) => "repeats".to_owned(),
        (Status::Pending | Status::Late, None)
        | (
            Status::Disabled
            | Status::Saving
            | Status::Unsent
            | Status::Refused
            | Status::Cancelling
            | Status::Running
            | Status::Due
            | Status::Failing
            | Status::Unconfirmed,
            _,
        ) => status.word().to_owned(),
    };
    let (clock, text) = match &row.body {
        Body::Memo(memo) => {
            let clock = moment::due(&memo.due, app.settings.zone, now, app.hours(), columns.clocks);
            (clock, app.current().failure_of(row).map_or_else(|| memo.text.clone(), panel::with_error))
        }
        Body::Foreign(foreign) => (foreign_clock(app, foreign, now), format!("{}: {}", row.name, foreign.about)),
    };
    let text_style = if matches!(row.body, Body::Foreign(_)) { theme.quiet } else { Style::new() };
    line(&words, &clock, &text, theme.status(status), columns, text_style)
}

fn foreign_clock(app: &App, foreign: &Foreign, now: DateTime<Utc>) -> String {
    let zone = app.settings.zone;
    match foreign.due {
        Some(due) => moment::short(Moment::at(due, zone).civil, Moment::at(now, zone).civil, app.hours()),
        None => foreign.expression.clone(),
    }
}

fn line(
    status: &str,
    clock: &str,
    text: &str,
    status_style: Style,
    columns: Columns,
    text_style: Style,
) -> Line<'static> {
    let mut spans = vec![Span::raw("  "), Span::styled(text::column(status, columns.status), status_style)];
    if columns.due > 0 {
        spans.push(Span::raw(text::fit(&text::cut(clock, columns.due - 2), columns.due)));
    }
    spans.push(Span::styled(text::fit(&harmless::line(text), columns.text), text_style));
    Line::from(spans)
}

/// What an empty list says: that it is loading, why it is empty, or what to do next.
fn empty(app: &App, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    match &app.connection.state {
        ConnectionState::Opening => lines.extend(sentence("Opening…", width, theme.quiet)),
        ConnectionState::Closed(failures) => lines.extend(not_connected(app, failures, width, theme)),
        ConnectionState::Open(_) if !app.current().reading.whole && app.current().reading.failure.is_none() => {
            lines.extend(sentence("Reading…", width, theme.quiet));
        }
        ConnectionState::Open(_) if app.current().reading.failure.is_some() => {
            let failed = "Cannot read the pending memos. tickler keeps trying.";
            lines.extend(sentence(failed, width, theme.wrong));
        }
        ConnectionState::Open(_) if app.filter().is_on() => {
            let clear = app.settings.keys.key(KeyContext::Pending, ListAction::ClearFilter);
            lines.extend(sentence(&format!("No matches. Press {clear} to clear the filter."), width, theme.quiet));
        }
        ConnectionState::Open(_) => {
            lines.extend(sentence("Nothing is pending.", width, theme.strong));
            lines.extend(match (app.is_read_only(), app.is_first_start()) {
                (true, _) => Vec::new(),
                (false, true) => {
                    first_steps(app).iter().flat_map(|words| sentence(words, width, Style::new())).collect()
                }
                (false, false) => how_to_add(app, width, theme),
            });
        }
    }
    lines
}

fn sentence(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let lines = text::wrap(words, width.saturating_sub(2)).into_iter();
    lines.map(|line| Line::styled(format!(" {line}"), style)).collect()
}

/// Why the context is not open, and what to press.
fn not_connected(app: &App, failures: &[Failure], width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for failure in failures {
        lines.extend(sentence(&failure.what, width, theme.wrong));
        if !failure.advice.is_empty() {
            lines.extend(sentence(&failure.advice, width, Style::new()));
        }
        lines.push(Line::default());
    }
    let key = |action| app.settings.keys.key(KeyContext::Pending, action);
    let switch = app.has_contexts().then(|| format!(", or {} to switch context", key(ProgramAction::Contexts)));
    let retry = key(ProgramAction::Refresh);
    let advice = format!("Press {retry} to try again{}. The form keeps your text.", switch.unwrap_or_default());
    lines.extend(sentence(&advice, width, theme.quiet));
    lines
}

fn how_to_add(app: &App, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let submit = app.settings.keys.key(KeyContext::Form, FormAction::Submit);
    let how = format!("Type a memo, a date and a time in the form, then press {submit} to schedule it.");
    let mut lines = sentence(&how, width, theme.quiet);
    if let (Focus::List, Some(add)) = (app.focus, app.settings.keys.chord(KeyContext::Pending, MemoAction::New)) {
        lines.extend(sentence(&format!("Press {} to go to the form.", add.name()), width, theme.quiet));
    }
    lines
}

/// What a new person needs to know, in three lines.
fn first_steps(app: &App) -> [String; 3] {
    let keys = &app.settings.keys;
    let begin = match (app.focus, keys.chord(KeyContext::Pending, MemoAction::New)) {
        (Focus::List, Some(add)) => format!("Press {} and type", add.name()),
        _ => "Type".to_owned(),
    };
    let submit = keys.key(KeyContext::Form, FormAction::Submit);
    let help = keys.key(app.key_context(), ProgramAction::Help);
    let (then, more) = if app.here().is_some_and(|here| here.local) {
        (
            "It counts down here, and rings if tickler is open.",
            " Run `tickler init` to have AWS deliver memos while tickler is closed.",
        )
    } else {
        ("It counts down here, and arrives even if tickler is closed.", "")
    };
    [
        format!("{begin} a memo and its time, e.g. pay the rent fri 18:00"),
        format!("Press {submit} to schedule it. {then}"),
        format!("Press {help} for help.{more}"),
    ]
}
