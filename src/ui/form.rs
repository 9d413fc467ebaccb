//! The form, and under its fields what they mean at this moment.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use when::{Moment, Reading};

use super::{Theme, panel, text};
use crate::app::form::{Chip, Problem, ZONES_SHOWN};
use crate::app::{App, Field, Focus};
use crate::countdown;
use crate::keymap::{FormAction, KeyContext};

/// How wide the labels are.
const LABEL: u16 = 6;

/// The rows of the form: the memo takes as many as it has, up to six.
///
/// ```text
/// Memo  call mum about the train     1 to 6 rows
///       and the tickets
/// Date  tomorrow
/// Time  18:00
/// Zone  Europe/Paris
///                                    a row of air, where there is room
/// Tue 24 Nov 2026, 18:00 CET         what it means, or why it means nothing
/// ```
fn rows(app: &App, inner: Rect) -> [Rect; 5] {
    let roomy = inner.height >= 10;
    let text = app.form.text(Field::Memo);
    let width = usize::from(inner.width.saturating_sub(LABEL));
    let wanted = text.split('\n').map(|line| text::wrap(line, width).len()).sum::<usize>();
    let least = if roomy { 2 } else { 1 };
    // Three fields and two rows of meaning are always there.
    let most = inner.height.saturating_sub(5).clamp(1, 6);
    let memo = u16::try_from(wanted).unwrap_or(most).clamp(least.min(most), most);
    let [memo, date, time, zone, _, meaning] = Layout::vertical([
        Constraint::Length(memo),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(roomy)),
        Constraint::Min(0),
    ])
    .areas(inner);
    [memo, date, time, zone, meaning]
}

fn inner(area: Rect) -> Rect {
    area.inner(ratatui::layout::Margin::new(2, 1))
}

pub fn field_at(app: &App, area: Rect, at: Position) -> Option<Field> {
    let rows = rows(app, inner(area));
    Field::ALL.into_iter().zip(rows).find(|(_, row)| row.contains(Position::new(row.x, at.y))).map(|(field, _)| field)
}

pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let focused = app.has_keys(Focus::Form);
    let title = if app.changes_a_memo() { "Edit memo" } else { "New memo" };
    let mut block = panel::block(title, focused, theme);
    let (size, room) = app.room();
    if size * 10 > room * 9 {
        let style = if size > room { theme.wrong } else { theme.busy };
        let left = format!(" {} of {} bytes ", text::grouped(size), text::grouped(room));
        block = block.title(Line::styled(left, style).right_aligned());
    }
    frame.render_widget(block, area);
    let rows = rows(app, inner(area));
    let chip = app.form.chip(now, &app.settings.when);
    let reading = match &chip {
        Some(chip) => Some(chip.reading.clone()),
        None => app.form.names_a_time().then(|| app.form.reading(now, &app.settings.when)),
    };
    let live = match &chip {
        Some(chip) => app.form.problem_with_chip(chip),
        None => reading.as_ref().and_then(|reading| app.form.problem_with(reading)),
    };
    let wrong = match (&app.form.problem, &live) {
        (Some((field, _)), _) | (None, Some(Problem::Field(field, _))) => Some(*field),
        (None, _) => None,
    };
    for (field, row) in Field::ALL.into_iter().zip(rows) {
        let focused = focused && app.form.focus == field;
        let label = match (wrong == Some(field), focused) {
            (true, _) => theme.wrong,
            (false, true) => theme.accent,
            (false, false) => theme.quiet,
        };
        draw_field(app, field, focused, label, theme, frame, row);
    }
    if let Some(chip) = &chip {
        mark(chip, &app.form.text(Field::Memo), theme, frame, rows[0]);
    }
    let [.., meaning] = rows;
    let width = usize::from(meaning.width);
    let zones = app.form.zones_on_offer(ZONES_SHOWN);
    // Where there are two rows, why it cannot be used needs both.
    let told = chip.as_ref().filter(|chip| meaning.height > 2 || matches!(chip.reading, Reading::Resolved(_)));
    let mut lines = told.map_or_else(Vec::new, |chip| vec![chip_line(app, chip, theme, width)]);
    lines.extend(match (&app.form.problem, reading) {
        (Some((_, problem)), _) => sentence(problem, width, theme.wrong),
        (None, _) if focused && !zones.is_empty() => {
            zone_lines(app, &zones, now, theme, width, usize::from(meaning.height))
        }
        (None, Some(Reading::Resolved(moment))) => {
            let rows = usize::from(meaning.height).saturating_sub(lines.len());
            resolved(app, &moment, now, theme, (width, rows))
        }
        (None, Some(_)) => live.as_ref().map_or_else(Vec::new, |problem| unresolved(app, problem, theme, width)),
        (None, None) if app.form.keeps_words() && app.form.focus == Field::Memo => {
            let again = app.settings.keys.key(KeyContext::Form, FormAction::KeepWords);
            sentence(
                &format!("The memo is text as it stands: {again} looks for a time in it again."),
                width,
                theme.quiet,
            )
        }
        (None, None) if focused && app.form.focus == Field::Memo && app.form.is_empty() => {
            sentence("A memo and its time fit in one line: pay the rent fri 18:00", width, theme.quiet)
        }
        (None, None) if focused && app.form.focus == Field::Memo && !app.form.text(Field::Memo).trim().is_empty() => {
            sentence(no_time_in_memo(app), width, theme.quiet)
        }
        (None, None) => sentence("Type a date, a time, or both; what they mean shows here.", width, theme.quiet),
    });
    frame.render_widget(Paragraph::new(lines), meaning);
}

/// Where a time is looked for: whoever typed one that is not marked wonders why.
fn no_time_in_memo(app: &App) -> &'static str {
    if app.form.is_change() {
        "Type a date, a time, or both; what they mean shows here."
    } else if app.form.area(Field::Memo).lines().len() > 1 {
        "A memo of several lines is all text: its time goes into Date and Time."
    } else {
        "No time at its beginning or end yet; Date and Time take one, too."
    }
}

fn draw_field(
    app: &App,
    field: Field,
    focused: bool,
    label_style: Style,
    theme: &Theme,
    frame: &mut Frame<'_>,
    row: Rect,
) {
    let [label, value] = Layout::horizontal([Constraint::Length(LABEL), Constraint::Min(1)]).areas(row);
    frame.render_widget(Line::styled(field.label(), label_style), label);
    let area = app.form.area(field);
    if !focused && area.is_empty() {
        frame.render_widget(Line::styled(example(field), theme.quiet), value);
        return;
    }
    let mut area = area.clone();
    area.set_cursor_style(if focused { theme.cursor } else { Style::new() });
    frame.render_widget(&area, value);
}

/// Marks the words of the memo that are read as a time. A memo that takes several rows is left as it is: below it they
/// stand once more.
fn mark(chip: &Chip, memo: &str, theme: &Theme, frame: &mut Frame<'_>, row: Rect) {
    let room = row.width.saturating_sub(LABEL);
    if text::width(memo) >= usize::from(room) {
        return;
    }
    for span in &chip.spans {
        let (Some(before), Some(words)) = (memo.get(..span.start), memo.get(span.clone())) else { continue };
        let cells = |text: &str| u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        let place = Rect { x: row.x + LABEL + cells(before), width: cells(words), height: 1, ..row };
        frame.buffer_mut().set_style(place, theme.chip);
    }
}

/// What was read as the time, and how to keep it as text.
fn chip_line(app: &App, chip: &Chip, theme: &Theme, width: usize) -> Line<'static> {
    let key = app.settings.keys.chord(KeyContext::Form, FormAction::KeepWords);
    let hint = key.map_or_else(String::new, |chord| format!(" · {}: text", chord.name()));
    let room = width.saturating_sub(2);
    let words = text::cut(&chip.words, room).into_owned();
    let hint = if text::width(&words) + text::width(&hint) <= room { hint } else { String::new() };
    Line::from(vec![Span::styled(format!(" {words} "), theme.chip), Span::styled(hint, theme.quiet)])
}

fn example(field: Field) -> &'static str {
    match field {
        Field::Memo => "e.g. pay the rent fri 18:00",
        Field::Date => "e.g. tomorrow, fri, 24 dec",
        Field::Time => "e.g. 18:00, 6pm, in 20m",
        Field::Zone => "Europe/Paris",
    }
}

fn sentence(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    text::wrap(words, width).into_iter().map(|line| Line::styled(line, style)).collect()
}

fn zone_lines(
    app: &App,
    zones: &[when::Tz],
    now: DateTime<Utc>,
    theme: &Theme,
    width: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let first = crate::app::window(app.form.zone_choice, zones.len(), rows);
    zones
        .iter()
        .enumerate()
        .skip(first)
        .take(rows)
        .map(|(index, zone)| {
            let offset = when::zones::offset_text(*zone, now);
            let name = text::fit(zone.name(), width.saturating_sub(offset.len() + 2));
            let style = if index == app.form.zone_choice { theme.selected } else { Style::new() };
            Line::styled(format!(" {name}{offset} "), style)
        })
        .collect()
}

/// Why the fields mean no moment yet.
fn unresolved(app: &App, problem: &Problem, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    match problem {
        Problem::Field(_, why) => sentence(why, width, theme.busy),
        Problem::Choose { why, choices } => {
            let mut lines = sentence(why, width, theme.busy);
            let submit = app.settings.keys.key(KeyContext::Form, FormAction::Submit);
            lines.push(Line::styled(format!("{submit} lets you pick one of {}.", choices.len()), theme.quiet));
            lines
        }
    }
}

fn resolved(
    app: &App,
    due: &Moment,
    now: DateTime<Utc>,
    theme: &Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let hours = app.hours();
    let mut lines = moment_lines(due, &due.words(hours), theme, (width, rows));
    let distance = countdown::text(due.instant, now);
    let utc = format!("{} UTC · ", hours.clock(due.instant.time()));
    let here = (app.settings.zone != due.zone).then(|| {
        let mine = Moment::at(due.instant, app.settings.zone);
        format!("{} here · ", super::moment::short(mine.civil, Moment::at(now, mine.zone).civil, hours))
    });
    // Where there is no room for all three, nobody asked for the time of nobody's place.
    let here_width = here.as_deref().map_or(0, text::width);
    let all_fit = text::width(&utc) + here_width + text::width(&distance) <= width;
    let mut second: Vec<Span<'_>> = Vec::new();
    second.extend((all_fit || here.is_none()).then(|| Span::raw(utc)));
    second.extend(here.map(Span::raw));
    second.push(Span::styled(distance, theme.accent));
    lines.push(Line::from(second));
    lines.extend(sentence(&window(app, due), width, theme.quiet));
    lines
}

/// A moment in words and, where it is a guess, why: in the same line where that fits, else in one of its own, unless how
/// far it is would have no room then.
fn moment_lines(due: &Moment, words: &str, theme: &Theme, (width, rows): (usize, usize)) -> Vec<Line<'static>> {
    let Some(why) = due.guess else { return sentence(words, width, theme.strong) };
    let whole = format!("{words} (a guess: {why})");
    if text::width(&whole) <= width {
        return vec![Line::styled(whole, theme.strong)];
    }
    let mut lines = sentence(&format!("{words} (a guess)"), width, theme.strong);
    if lines.len() + 1 < rows {
        lines.push(Line::styled(text::cut(&why.to_string(), width).into_owned(), theme.strong));
    }
    lines
}

/// When it arrives: EventBridge Scheduler fires within the minute, the scheduler in this program at the second.
fn window(app: &App, due: &Moment) -> String {
    let local = app.here().is_none_or(|here| here.local);
    let (hours, at) = (app.hours(), due.civil.time());
    if local {
        return format!("arrives {} while tickler is open", hours.seconds(at));
    }
    let minute = at.with_second(0).unwrap_or(at);
    format!("arrives {}–{}", hours.seconds(at), hours.seconds(minute + TimeDelta::seconds(59)))
}
