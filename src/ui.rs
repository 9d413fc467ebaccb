//! The screen: [`draw`] is a pure function of the state and the time.
//!
//! `pending`, `history`, `calendar` and `hours` are the views; `panel` has what they share. `form` is the form, `overlay`
//! what lies over the view; `header`, `strip` and `footer` are the lines around them. Does not depend on a clock, or on
//! where memos are kept.

mod ascii;
mod calendar;
mod cells;
mod footer;
mod form;
mod header;
mod history;
mod hours;
mod moment;
mod overlay;
mod panel;
mod pending;
mod strip;
pub mod text;
mod theme;

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::widgets::Paragraph;

use crate::app::{App, ClickTarget, Field, Focus, View, WIDE};
use crate::preferences::Borders;

pub use theme::Theme;

/// The smallest terminal that tickler can use: columns, rows.
pub const SMALLEST: (u16, u16) = (40, 10);

/// The parts of the screen.
///
/// ```text
/// at least 100 columns            fewer: the focused part, and the other if there is room
/// ╭──────────────────────────╮    ╭─────────────╮
/// │ header                   │    │ header      │
/// ├──────────┬───────────────┤    ├─────────────┤
/// │ form     │ view          │    │ form (while │
/// │          │               │    │  focused)   │
/// │          │               │    ├─────────────┤
/// │          │               │    │ view        │
/// ├──────────┴───────────────┤    ├─────────────┤
/// │ the next 24 hours        │    │ 24 hours    │
/// │ banner, if there is one  │    │ banner      │
/// │ footer                   │    │ footer      │
/// ╰──────────────────────────╯    ╰─────────────╯
/// ```
struct Regions {
    header: Rect,
    form: Option<Rect>,
    view: Option<Rect>,
    strip: Rect,
    banner: Rect,
    footer: Rect,
}

/// The width of the form beside the view: on a wide screen, and on one that is just wide enough.
const FORM_WIDTH: u16 = 46;
const FORM_WIDTH_NARROW: u16 = 40;

/// The height of the form above the view, and the least height that a view needs.
const FORM_HEIGHT: u16 = 12;
const MIN_VIEW_HEIGHT: u16 = 5;

fn regions(area: Rect, app: &App) -> Regions {
    let banner = footer::banner_height(app, area);
    let [header, main, strip, banner, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(strip::height(app, area)),
        Constraint::Length(banner),
        Constraint::Length(1),
    ])
    .areas(area);
    if app.size.0 >= WIDE {
        let width = if area.width >= WIDE + 20 { FORM_WIDTH } else { FORM_WIDTH_NARROW };
        // Both share the border between them.
        let [form, view] = Layout::horizontal([Constraint::Length(width), Constraint::Min(0)]).spacing(-1).areas(main);
        return Regions { header, form: Some(form), view: Some(view), strip, banner, footer };
    }
    if app.focus == Focus::List {
        return Regions { header, form: None, view: Some(main), strip, banner, footer };
    }
    let height = if main.height >= FORM_HEIGHT + MIN_VIEW_HEIGHT { FORM_HEIGHT } else { main.height };
    let [form, view] = Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(main);
    Regions { header, form: Some(form), view: (view.height >= MIN_VIEW_HEIGHT).then_some(view), strip, banner, footer }
}

/// Draws the whole screen.
pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme.base);
    draw_parts(app, now, theme, frame, area);
    cells::clean(frame.buffer_mut());
    if theme.borders == Borders::Ascii {
        ascii::simplify(frame.buffer_mut());
    }
}

fn draw_parts(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let (columns, rows) = SMALLEST;
        let words =
            format!("tickler needs {columns}×{rows} characters; this terminal has {}×{}.", area.width, area.height);
        let lines = text::wrap(&words, usize::from(area.width)).join("\n");
        frame.render_widget(Paragraph::new(lines), area);
        return;
    }
    let regions = regions(area, app);
    header::draw(app, now, theme, frame, regions.header);
    // The focused part is drawn last, so that the shared border has its style.
    if let Some(area) = regions.form.filter(|_| app.focus == Focus::List) {
        form::draw(app, now, theme, frame, area);
    }
    if let Some(area) = regions.view {
        match app.view {
            View::Pending => pending::draw(app, now, theme, frame, area),
            View::History => history::draw(app, now, theme, frame, area),
            View::Calendar => calendar::draw(app, now, theme, frame, area),
            View::Hours => hours::draw(app, now, theme, frame, area),
        }
    }
    if let Some(area) = regions.form.filter(|_| app.focus == Focus::Form) {
        form::draw(app, now, theme, frame, area);
    }
    if regions.strip.height > 0 {
        strip::draw(app, now, theme, frame, regions.strip);
    }
    footer::draw_banner(app, theme, frame, regions.banner);
    footer::draw(app, theme, frame, regions.footer);
    overlay::draw(app, now, theme, frame, area);
}

/// The first line of the last page of the open document; `None` if no document is open.
#[must_use]
pub fn document_end(app: &App, now: DateTime<Utc>) -> Option<usize> {
    app.modal.as_ref()?;
    let theme = Theme::new(app.settings.preferences.screen, true);
    overlay::document_end(app, now, &theme, Rect::new(0, 0, app.size.0, app.size.1))
}

/// What a click at this position of the screen hits.
#[must_use]
pub fn hit(app: &App, now: DateTime<Utc>, column: u16, row: u16) -> Option<ClickTarget> {
    let area = Rect::new(0, 0, app.size.0, app.size.1);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return None;
    }
    let at = Position::new(column, row);
    let regions = regions(area, app);
    if let Some(form) = regions.form
        && form.contains(at)
    {
        return form::field_at(app, form, at).or(Some(Field::Memo)).map(ClickTarget::Field);
    }
    if regions.strip.contains(at) {
        return strip::time_at(app, now, regions.strip, column).map(|(from, to)| ClickTarget::Time(from, to));
    }
    let view = regions.view.filter(|view| view.contains(at))?;
    let inner = view.inner(ratatui::layout::Margin::new(1, 1));
    if !inner.contains(at) {
        return None;
    }
    let (row, rows) = (usize::from(row - inner.y), usize::from(inner.height));
    match app.view {
        View::Pending => app.rows(rows).get(row)?.line().map(ClickTarget::Line),
        View::Calendar => calendar::day_at(app, inner, at).map(ClickTarget::Day),
        View::Hours => hours::hour_at(app, now, row, rows).map(ClickTarget::Hour),
        View::History => {
            let lines = app.current().history.visible().len();
            let line = crate::app::window(app.current().history.line(), lines, rows) + row;
            (line < lines).then_some(ClickTarget::Line(line))
        }
    }
}
