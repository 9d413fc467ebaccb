//! The screen: [`draw`] is a pure function of the state and the time. It knows the state and the domain; it must never
//! change anything, read a clock, or know where memos are kept.

mod ascii;
mod calendar;
mod footer;
mod form;
mod header;
mod history;
mod hours;
mod moment;
mod overlay;
mod panel;
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

/// The smallest terminal that can be used: columns, rows.
pub const SMALLEST: (u16, u16) = (40, 10);

/// The parts of the screen.
///
/// ```text
/// at least 100 columns            fewer: what has the keys, and the rest where there is room
/// ╭──────────────────────────╮    ╭─────────────╮
/// │ header                   │    │ header      │
/// ├──────────┬───────────────┤    ├─────────────┤
/// │ form     │ panel         │    │ form (when  │
/// │          │               │    │  it is on)  │
/// │          │               │    ├─────────────┤
/// │          │               │    │ panel       │
/// ├──────────┴───────────────┤    ├─────────────┤
/// │ the next 24 hours        │    │ 24 hours    │
/// │ messages, when there are │    │ messages    │
/// │ footer                   │    │ footer      │
/// ╰──────────────────────────╯    ╰─────────────╯
/// ```
struct Regions {
    header: Rect,
    form: Option<Rect>,
    panel: Option<Rect>,
    strip: Rect,
    banner: Rect,
    footer: Rect,
}

/// How wide the form is where it stands beside the panel: on a wide screen, and on one that is just wide enough.
const FORM_WIDTHS: (u16, u16) = (46, 40);

/// How high the form is where it stands above the panel, and how few rows are not worth a panel.
const FORM_HEIGHT: u16 = 12;
const PANEL_LEAST: u16 = 5;

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
        let width = if area.width >= WIDE + 20 { FORM_WIDTHS.0 } else { FORM_WIDTHS.1 };
        // They share the line between them.
        let [form, panel] = Layout::horizontal([Constraint::Length(width), Constraint::Min(0)]).spacing(-1).areas(main);
        return Regions { header, form: Some(form), panel: Some(panel), strip, banner, footer };
    }
    if app.focus == Focus::List {
        return Regions { header, form: None, panel: Some(main), strip, banner, footer };
    }
    let height = if main.height >= FORM_HEIGHT + PANEL_LEAST { FORM_HEIGHT } else { main.height };
    let [form, panel] = Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(main);
    Regions { header, form: Some(form), panel: (panel.height >= PANEL_LEAST).then_some(panel), strip, banner, footer }
}

/// Draws the whole screen.
pub fn draw(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme.base);
    draw_parts(app, now, theme, frame, area);
    if theme.borders == Borders::Ascii {
        ascii::simplify(frame.buffer_mut());
    }
}

fn draw_parts(app: &App, now: DateTime<Utc>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let words = format!("tickler needs {}×{}; this is {}×{}.", SMALLEST.0, SMALLEST.1, area.width, area.height);
        let lines = text::wrap(&words, usize::from(area.width)).join("\n");
        frame.render_widget(Paragraph::new(lines), area);
        return;
    }
    let regions = regions(area, app);
    header::draw(app, now, theme, frame, regions.header);
    // What has the keys is drawn last: the line that both share is its own.
    if let Some(area) = regions.form.filter(|_| app.focus == Focus::List) {
        form::draw(app, now, theme, frame, area);
    }
    if let Some(area) = regions.panel {
        match app.view {
            View::Pending => panel::draw(app, now, theme, frame, area),
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
    overlay::draw(app, theme, frame, area);
}

/// The first line of the last page of the open document; `None` if no document is open.
#[must_use]
pub fn document_end(app: &App) -> Option<usize> {
    app.modal.as_ref()?;
    let theme = Theme::new(app.settings.preferences.screen, true);
    overlay::document_end(app, &theme, Rect::new(0, 0, app.size.0, app.size.1))
}

/// What of the program is at this place of the screen.
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
    let panel = regions.panel.filter(|panel| panel.contains(at))?;
    let inner = panel.inner(ratatui::layout::Margin::new(1, 1));
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
