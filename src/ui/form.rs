//! The form, with a preview of the due time below its fields.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use ratatui_textarea::TextArea;
use when::{Moment, Reading};

use super::theme::Theme;
use super::{moment, panel, text};
use crate::app::form::edit::ZONES_SHOWN;
use crate::app::form::quick::Chip;
use crate::app::form::reading::Problem;
use crate::app::{App, Field, Focus};
use crate::countdown;
use crate::harmless;
use crate::keymap::{FormAction, KeyContext, MemoAction};

/// The width of the labels.
const LABEL_WIDTH: u16 = 6;

/// The areas of the form: its four fields and the preview. The memo takes as many rows as it needs, up to six.
///
/// ```text
/// Memo  call mum about the train     1 to 6 rows
///       and the tickets
/// Date  tomorrow
/// Time  18:00
/// Zone  Europe/Paris
///                                    an empty row, if there is room
/// Tue 24 Nov 2026, 18:00 CET         the preview, or what is wrong
/// ```
fn rows(app: &App, inner: Rect) -> [Rect; 5] {
    let roomy = inner.height >= 10;
    let text = app.form.text(Field::Memo);
    let width = usize::from(inner.width.saturating_sub(LABEL_WIDTH));
    let wanted = text.split('\n').map(|line| text::wrap(line, width).len()).sum::<usize>();
    let least = if roomy { 2 } else { 1 };
    // The other fields and two rows of the preview always fit.
    let most = inner.height.saturating_sub(5).clamp(1, 6);
    let memo = u16::try_from(wanted).unwrap_or(most).clamp(least.min(most), most);
    let [memo, date, time, zone, _, preview] = Layout::vertical([
        Constraint::Length(memo),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(roomy)),
        Constraint::Min(0),
    ])
    .areas(inner);
    [memo, date, time, zone, preview]
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
    draw_border(app, focused, theme, frame, area);
    let rows = rows(app, inner(area));
    let preview = Preview::new(app, now);
    for (field, row) in Field::ALL.into_iter().zip(rows) {
        let focused = focused && app.form.focus == field;
        let label = match (preview.wrong_field(app) == Some(field), focused) {
            (true, _) => theme.wrong,
            (false, true) => theme.accent,
            (false, false) => theme.quiet,
        };
        draw_field(app, field, focused, label, theme, frame, row);
    }
    let [memo, .., area] = rows;
    if let (Some(chip), Some(line)) = (&preview.chip, app.form.only_line()) {
        underline(chip, line, theme, frame, memo);
    }
    let size = (usize::from(area.width), usize::from(area.height));
    frame.render_widget(Paragraph::new(preview.lines(app, focused, now, theme, size)), area);
}

/// The border, with the size of the memo when it comes near the limit.
fn draw_border(app: &App, focused: bool, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    // A change that waits beside the list must not look as if it had been made.
    let title = match (app.changes_a_memo(), focused || app.form.is_untouched_change()) {
        (false, _) => "New memo",
        (true, true) => "Edit memo",
        (true, false) => "Edit memo, not saved",
    };
    let mut block = panel::block(title, focused, theme);
    let (size, limit) = app.room();
    if size * 10 > limit * 9 {
        let style = if size > limit { theme.wrong } else { theme.busy };
        let size = format!(" {} of {} bytes ", text::grouped(size), text::grouped(limit));
        block = block.title(Line::styled(size, style).right_aligned());
    }
    frame.render_widget(block, area);
}

/// What tickler makes of the fields, shown below them. While zones are on offer, the highlighted one counts.
struct Preview {
    /// The time found in the memo.
    chip: Option<Chip>,
    /// `None` when the form has no time yet.
    reading: Option<Reading>,
    /// Why the fields give no due time.
    problem: Option<Problem>,
}

impl Preview {
    fn new(app: &App, now: DateTime<Utc>) -> Self {
        let offered = app.form.with_offered_zone();
        let form = offered.as_ref().unwrap_or(&app.form);
        let chip = form.chip(now, &app.settings.when);
        let reading = match &chip {
            Some(chip) => Some(chip.reading.clone()),
            None => form.names_a_time().then(|| form.reading(now, &app.settings.when)),
        };
        let problem = form.zone_problem(now, &app.settings.when).or_else(|| match &chip {
            Some(chip) => form.chip_moment(chip).err(),
            None => reading.as_ref().and_then(|reading| form.moment(reading).err()),
        });
        Self { chip, reading, problem }
    }

    /// The field with a problem: the one found on submit, or else the current one.
    fn wrong_field(&self, app: &App) -> Option<Field> {
        match (&app.form.problem, &self.problem) {
            (Some((field, _)), _) | (None, Some(Problem::Field(field, _))) => Some(*field),
            (None, Some(Problem::Choose { .. }) | None) => None,
        }
    }

    fn lines(
        &self,
        app: &App,
        focused: bool,
        now: DateTime<Utc>,
        theme: &Theme,
        (width, height): (usize, usize),
    ) -> Vec<Line<'static>> {
        if let Some((_, problem)) = &app.form.problem {
            return sentence(problem, width, theme.wrong);
        }
        let zones = if focused { app.form.zones_on_offer(ZONES_SHOWN) } else { Vec::new() };
        if zones.is_empty() {
            return self.meaning(app, focused, now, theme, (width, height));
        }
        // The zones stand below the meaning, which is that of the highlighted one.
        let rows = match (self.reading.is_some(), height) {
            (false, _) => 0,
            (true, 0..=2) => 1,
            (true, 3..=5) => 2,
            (true, _) => 3,
        };
        let mut lines = self.meaning(app, focused, now, theme, (width, rows));
        lines.truncate(rows);
        lines.extend(zone_lines(app, &zones, now, theme, width, height.saturating_sub(lines.len())));
        lines
    }

    /// The due time, or why there is none.
    fn meaning(
        &self,
        app: &App,
        focused: bool,
        now: DateTime<Utc>,
        theme: &Theme,
        (width, height): (usize, usize),
    ) -> Vec<Line<'static>> {
        // With two rows only, a problem needs both.
        let chip = self.chip.as_ref().filter(|chip| height > 2 || matches!(chip.reading, Reading::Resolved(_)));
        let chip = chip.filter(|_| height > 1);
        let mut lines = chip.map_or_else(Vec::new, |chip| vec![chip_line(app, chip, theme, width)]);
        lines.extend(match (&self.problem, &self.reading) {
            (Some(problem), _) => unresolved(app, problem, theme, width),
            (None, Some(Reading::Resolved(due))) => {
                resolved(app, due, now, theme, (width, height.saturating_sub(lines.len())))
            }
            (None, Some(Reading::Ask(_) | Reading::Refused(_))) => Vec::new(),
            (None, None) => sentence(&hint(app, focused, now), width, theme.quiet),
        });
        lines
    }
}

/// What to type next, while the form has no time.
fn hint(app: &App, focused: bool, now: DateTime<Utc>) -> Cow<'static, str> {
    let in_memo = app.form.focus == Field::Memo;
    if !focused && app.form.is_empty() {
        return how_to_begin(app).into();
    }
    if in_memo && app.form.keeps_words() {
        let key = app.settings.keys.key(KeyContext::Form, FormAction::KeepWords);
        return format!("tickler keeps the memo as it is. Press {key} to find a time in it.").into();
    }
    if focused && in_memo && app.form.is_empty() {
        return "Type a memo and its time, e.g. pay the rent fri 18:00".into();
    }
    if focused && in_memo && !app.form.is_change() && !app.form.text(Field::Memo).trim().is_empty() {
        return if let Some(part) = app.form.unread(now, &app.settings.when) {
            let part = harmless::line(part);
            format!("No clear time yet: “{part}” may be a part of one. Add the rest, or use Date and Time.").into()
        } else if app.form.only_line().is_some() {
            "No time in the memo yet. Add one, or use Date and Time.".into()
        } else {
            "tickler finds times in memos of one line. Use Date and Time.".into()
        };
    }
    "Type a date, a time or both. The result shows here.".into()
}

/// How to write a memo, while the list has the keys.
fn how_to_begin(app: &App) -> String {
    if !app.has_keys(Focus::List) || app.is_read_only() {
        return String::new();
    }
    let add = app.settings.keys.key(app.view.key_context(), MemoAction::New);
    format!("The list has the keys. To write a memo, press {add}.")
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
    let [label, value] = Layout::horizontal([Constraint::Length(LABEL_WIDTH), Constraint::Min(1)]).areas(row);
    frame.render_widget(Line::styled(field.label(), label_style), label);
    let area = app.form.area(field);
    if !focused && area.is_empty() {
        // An example in a form without the keys would invite to type where nothing is typed.
        if app.has_keys(Focus::Form) {
            frame.render_widget(Line::styled(example(app, field), theme.quiet), value);
        }
        return;
    }
    let mut area = area.clone();
    area.set_selection_style(if focused { theme.selected } else { Style::new() });
    // The terminal's own cursor shows instead: input methods and screen readers look for it.
    area.set_cursor_style(Style::new());
    frame.render_widget(&area, value);
    if focused && app.key_context() == KeyContext::Form {
        frame.set_cursor_position(cursor(&area, value));
    }
}

/// Where the cursor of an editor stands that was drawn here.
fn cursor(editor: &TextArea<'_>, drawn: Rect) -> Position {
    let (at, (top, left)) = (editor.screen_cursor(), editor.scroll_offset());
    let start = editor.screen_to_data(at.row, 0);
    let end = editor.cursor();
    let line = editor.lines().get(end.0).map_or("", String::as_str);
    let before: String = line.chars().skip(start.1).take(end.1.saturating_sub(start.1)).collect();
    // The editor counts characters, the screen shows what several of them make together, and no control characters.
    let shown: String = before.chars().filter(|c| !c.is_control()).collect();
    let column = if before.contains('\t') { at.col } else { text::width(&shown) };
    let within = |offset: usize, from: u16, room: u16| {
        u16::try_from(offset).unwrap_or(u16::MAX).saturating_sub(from).min(room.saturating_sub(1))
    };
    Position::new(drawn.x + within(column, left, drawn.width), drawn.y + within(at.row, top, drawn.height))
}

/// Underlines the words of the memo that were read as its time. A memo of several rows stays plain; the words show below
/// it again.
fn underline(chip: &Chip, memo: &str, theme: &Theme, frame: &mut Frame<'_>, row: Rect) {
    let room = row.width.saturating_sub(LABEL_WIDTH);
    if text::width(memo) >= usize::from(room) {
        return;
    }
    for span in &chip.spans {
        let (Some(before), Some(words)) = (memo.get(..span.start), memo.get(span.clone())) else { continue };
        let cells = |text: &str| u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        let place = Rect { x: row.x + LABEL_WIDTH + cells(before), width: cells(words), height: 1, ..row };
        frame.buffer_mut().set_style(place, theme.chip);
    }
}

/// The words that were read as the time, and the key that keeps them as text.
fn chip_line(app: &App, chip: &Chip, theme: &Theme, width: usize) -> Line<'static> {
    let key = app.settings.keys.chord(KeyContext::Form, FormAction::KeepWords);
    let hint = key.map_or_else(String::new, |chord| format!(" · {}: text", chord.name()));
    let room = width.saturating_sub(2);
    let words = text::cut(&chip.words, room).into_owned();
    let hint = if text::width(&words) + text::width(&hint) <= room { hint } else { String::new() };
    Line::from(vec![Span::styled(format!(" {words} "), theme.chip), Span::styled(hint, theme.quiet)])
}

fn example(app: &App, field: Field) -> &'static str {
    match field {
        Field::Memo => "e.g. pay the rent fri 18:00",
        Field::Date => "e.g. tomorrow, fri, 24 dec",
        Field::Time => "e.g. 18:00, 6pm, in 20m",
        Field::Zone => app.settings.zone.name(),
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
    let last = (first + rows).min(zones.len());
    let line = |(index, zone): (usize, &when::Tz)| {
        let offset = when::zones::offset_text(*zone, now);
        // More zones follow, or come before.
        let more = match (index + 1 == last && last < zones.len(), index == first && first > 0) {
            (true, _) => "↓",
            (false, true) => "↑",
            (false, false) => " ",
        };
        let name = text::column(zone.name(), width.saturating_sub(text::width(&offset) + 3));
        let style = if index == app.form.zone_choice { theme.selected } else { Style::new() };
        Line::styled(format!(" {name}{offset} {more}"), style)
    };
    zones.iter().enumerate().skip(first).take(rows).map(line).collect()
}

/// Why the fields give no due time yet.
fn unresolved(app: &App, problem: &Problem, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    match problem {
        Problem::Field(_, why) => sentence(why, width, theme.busy),
        Problem::Choose { why, .. } => {
            let mut lines = sentence(why, width, theme.busy);
            let submit = app.settings.keys.key(KeyContext::Form, FormAction::Submit);
            lines.push(Line::styled(format!("Press {submit} to choose."), theme.quiet));
            lines
        }
    }
}

/// The due time: in words, in UTC, on the person's clock, and as a countdown.
fn resolved(
    app: &App,
    due: &Moment,
    now: DateTime<Utc>,
    theme: &Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let hours = app.hours();
    let mut lines = moment_lines(due, &due.words(hours), theme, (width, rows));
    let countdown = countdown::text(due.instant, now);
    let utc = format!("{} UTC · ", hours.clock(due.instant.time()));
    let here = (app.settings.zone != due.zone).then(|| {
        let mine = Moment::at(due.instant, app.settings.zone);
        format!("{} here · ", moment::short(mine.civil, Moment::at(now, mine.zone).civil, hours))
    });
    // If the three do not fit, UTC goes first: it matters least to the person.
    let here_width = here.as_deref().map_or(0, text::width);
    let all_fit = text::width(&utc) + here_width + text::width(&countdown) <= width;
    let mut second: Vec<Span<'_>> = Vec::new();
    second.extend((all_fit || here.is_none()).then(|| Span::raw(utc)));
    second.extend(here.map(Span::raw));
    second.push(Span::styled(countdown, theme.accent));
    lines.push(Line::from(second));
    lines.extend(sentence(&delivery(app, due), width, theme.quiet));
    lines
}

/// A moment in words and, for a guess, the reason: in the same line if it fits, otherwise in its own if that leaves a row
/// for the countdown.
fn moment_lines(due: &Moment, words: &str, theme: &Theme, (width, rows): (usize, usize)) -> Vec<Line<'static>> {
    let Some(why) = due.guess else { return sentence(words, width, theme.strong) };
    let full = format!("{words} (a guess: {why})");
    if text::width(&full) <= width {
        return vec![Line::styled(full, theme.strong)];
    }
    let mut lines = sentence(&format!("{words} (a guess)"), width, theme.strong);
    if lines.len() + 1 < rows {
        lines.push(Line::styled(text::cut(&why.to_string(), width).into_owned(), theme.strong));
    }
    lines
}

/// When the memo is delivered: EventBridge Scheduler fires within the minute, the embedded scheduler at the second.
fn delivery(app: &App, due: &Moment) -> String {
    let (hours, at) = (app.hours(), due.civil.time());
    if app.here().is_none_or(|here| here.local) {
        return format!("rings at {} if tickler is open", hours.clock(at));
    }
    let end = at.with_second(0).unwrap_or(at) + TimeDelta::minutes(1);
    format!("arrives between {} and {}", hours.clock(at), hours.clock(end))
}
