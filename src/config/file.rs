//! The settings file: `config.toml`, read key by key so that every mistake in it is told at once, with its line.
//!
//! A key is known because it is asked for; there is no second list of keys. It must never know what wins over it.

mod section;

use std::ops::Range;
use std::path::Path;

use chrono::{NaiveTime, TimeDelta, Weekday};
use toml::de::{DeTable, DeValue};
use when::{DateOrder, Hours, Tz};

use super::contexts::LOCAL;
use super::mistake::{Located, Mistake, Origin};
use super::{check, keys};
use crate::arn::Arn;
use crate::context::RetryPolicy;
use crate::keymap::Keymap;
use crate::preferences::{Borders, Notifications, Screen, TerminalNote, ThemeName};
use section::Section;
pub(super) use section::kind;

/// What the file says, where it says something that can be used.
#[derive(Debug, Default)]
pub(super) struct FileSettings {
    pub(super) zone: Option<Located<Tz>>,
    /// After how long a quiet group is read again; `None` for never.
    pub(super) refresh: Option<Located<Option<TimeDelta>>>,
    pub(super) context: Option<Located<String>>,
    pub(super) contexts: Vec<ContextSection>,
    /// The file was not understood as a whole, so that what seems to be missing here may not be.
    pub(super) broken: bool,
    pub(super) screen: ScreenSection,
    pub(super) notifications: NotificationsSection,
    pub(super) retry: RetrySection,
    pub(super) when: WhenSection,
    pub(super) keys: Keymap,
}

/// `[contexts.NAME]`
#[derive(Debug)]
pub(super) struct ContextSection {
    pub(super) name: Located<String>,
    pub(super) profile: Option<Located<String>>,
    pub(super) region: Option<Located<String>>,
    pub(super) endpoint_url: Option<Located<String>>,
    pub(super) group: Option<Located<String>>,
    pub(super) target_arn: Option<Located<Arn>>,
    pub(super) role_arn: Option<Located<Arn>>,
    pub(super) dead_letter_arn: Option<Located<Arn>>,
    pub(super) log_group: Option<Located<String>>,
    pub(super) read_only: Option<Located<bool>>,
    /// It was not understood as a whole, so that what seems to be missing here may not be.
    pub(super) broken: bool,
}

/// `[screen]`
#[derive(Debug, Default)]
pub(super) struct ScreenSection {
    pub(super) theme: Option<Located<ThemeName>>,
    pub(super) borders: Option<Located<Borders>>,
    pub(super) mouse: Option<Located<bool>>,
}

/// `[notifications]`
#[derive(Debug, Default)]
pub(super) struct NotificationsSection {
    pub(super) bell: Option<Located<bool>>,
    pub(super) desktop: Option<Located<bool>>,
    pub(super) terminal: Option<Located<Option<TerminalNote>>>,
    pub(super) command: Option<Located<Vec<String>>>,
}

/// `[retry]`
#[derive(Debug, Default)]
pub(super) struct RetrySection {
    pub(super) maximum_event_age_seconds: Option<Located<i32>>,
    pub(super) maximum_retry_attempts: Option<Located<i32>>,
}

/// `[when]`
#[derive(Debug, Default)]
pub(super) struct WhenSection {
    pub(super) date_alone: Option<Located<NaiveTime>>,
    pub(super) morning: Option<Located<NaiveTime>>,
    pub(super) afternoon: Option<Located<NaiveTime>>,
    pub(super) evening: Option<Located<NaiveTime>>,
    pub(super) tonight: Option<Located<NaiveTime>>,
    pub(super) end_of_day: Option<Located<NaiveTime>>,
    pub(super) date_order: Option<Located<DateOrder>>,
    pub(super) week_begins: Option<Located<Weekday>>,
    pub(super) hours: Option<Located<Hours>>,
}

impl ScreenSection {
    /// These settings, and the given ones where there are none.
    pub(super) fn over(self, rest: Screen) -> Screen {
        Screen {
            theme: or(self.theme, rest.theme),
            borders: or(self.borders, rest.borders),
            mouse: or(self.mouse, rest.mouse),
        }
    }
}

impl NotificationsSection {
    /// These settings, and the given ones where there are none.
    pub(super) fn over(self, rest: Notifications) -> Notifications {
        Notifications {
            bell: or(self.bell, rest.bell),
            desktop: or(self.desktop, rest.desktop),
            terminal: or(self.terminal, rest.terminal),
            command: or(self.command, rest.command),
        }
    }
}

impl RetrySection {
    /// These settings, and the given ones where there are none.
    pub(super) fn over(self, rest: RetryPolicy) -> RetryPolicy {
        RetryPolicy {
            maximum_event_age_seconds: or(self.maximum_event_age_seconds, rest.maximum_event_age_seconds),
            maximum_retry_attempts: or(self.maximum_retry_attempts, rest.maximum_retry_attempts),
        }
    }
}

impl WhenSection {
    /// These settings, and the given ones where there are none.
    pub(super) fn over(self, rest: when::Settings) -> when::Settings {
        when::Settings {
            date_alone: or(self.date_alone, rest.date_alone),
            morning: or(self.morning, rest.morning),
            afternoon: or(self.afternoon, rest.afternoon),
            evening: or(self.evening, rest.evening),
            tonight: or(self.tonight, rest.tonight),
            end_of_day: or(self.end_of_day, rest.end_of_day),
            date_order: or(self.date_order, rest.date_order),
            week_begins: or(self.week_begins, rest.week_begins),
            hours: or(self.hours, rest.hours),
        }
    }
}

fn or<T>(said: Option<Located<T>>, rest: T) -> T {
    said.map_or(rest, Located::into_value)
}

/// What the text of the file says; its mistakes are noted in the order in which they stand.
pub(super) fn read(path: &Path, text: &str, mistakes: &mut Vec<Mistake>) -> FileSettings {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut file = File { path, text, found: Vec::new() };
    let mut settings = FileSettings::default();
    if errors.is_empty() {
        settings = file.settings(table.get_ref());
    }
    // What the parser made of a file that is not TOML is not looked at: it would be told off for what nobody wrote. For
    // the same reason one slip a line is enough: the others are its echo.
    let mut last_line = None;
    for error in errors {
        settings.broken = true;
        let span = error.span().unwrap_or(0..0);
        let line = file.line_of(&span);
        if last_line.replace(line) != Some(line) {
            file.found.push((span, format!("This is not TOML: {}.", error.message())));
        }
    }
    file.found.sort_by_key(|(span, _)| span.start);
    mistakes.extend(file.found.iter().map(|(span, what)| Mistake::new(file.origin(span), what)));
    settings
}

/// The file while it is read.
struct File<'t> {
    path: &'t Path,
    text: &'t str,
    found: Vec<(Range<usize>, String)>,
}

impl<'t> File<'t> {
    fn settings(&mut self, table: &'t DeTable<'t>) -> FileSettings {
        let mut top = Section::top(self, table);
        let zone = top.text("zone", check::zone);
        let refresh = top.number("refresh_seconds", &(0..=86_400)).map(|seconds| seconds.map(check::refresh));
        let context = top.text("context", check::context);
        let contexts = top.section("contexts");
        let (screen, notifications) = (top.section("screen"), top.section("notifications"));
        let (retry, when) = (top.section("retry"), top.section("when"));
        let keys = top.section("keys");
        top.finish();
        FileSettings {
            zone,
            refresh,
            context,
            contexts: self.contexts(contexts),
            broken: false,
            screen: self.screen(screen),
            notifications: self.notifications(notifications),
            retry: self.retry(retry),
            when: self.when(when),
            keys: keys::read(keys, &mut self.found),
        }
    }

    /// Each table in `[contexts]`, under the name that the person gave it, in the order of the file.
    fn contexts(&mut self, table: Option<&'t DeTable<'t>>) -> Vec<ContextSection> {
        let mut entries: Vec<_> = table.into_iter().flat_map(DeTable::iter).collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut sections = Vec::new();
        for (key, value) in entries {
            let checked = check::context(key.get_ref());
            match (checked, value.get_ref()) {
                (Ok(name), DeValue::Table(table)) => {
                    let name = Located { origin: self.origin(&key.span()), value: name };
                    sections.push(self.context(name, table));
                }
                (Ok(name), other) => {
                    let what = format!("{name} is a context, [contexts.{name}], and this is {}.", kind(other));
                    self.found.push((value.span(), what));
                }
                (Err(what), _) => self.found.push((key.span(), what)),
            }
        }
        sections
    }

    fn context(&mut self, name: Located<String>, table: &'t DeTable<'t>) -> ContextSection {
        let before = self.found.len();
        let title = format!("contexts.{}", name.value);
        let is_local = name.value == LOCAL;
        let mut context = Section::named(self, &title, Some(table));
        // The one on this machine has nothing to say of AWS.
        let mut of_aws = |key, check: check::Text| if is_local { None } else { context.text(key, check) };
        let profile = of_aws("profile", check::profile);
        let region = of_aws("region", check::region);
        let endpoint_url = of_aws("endpoint_url", check::endpoint_url);
        let target_arn = if is_local { None } else { context.text("target_arn", check::target_arn) };
        let role_arn = if is_local { None } else { context.text("role_arn", check::role_arn) };
        let dead_letter_arn = if is_local { None } else { context.text("dead_letter_arn", check::dead_letter_arn) };
        let log_group = if is_local { None } else { context.text("log_group", check::log_group) };
        let group = context.text("group", check::group);
        let read_only = context.flag("read_only");
        context.finish();
        let broken = self.found.len() > before;
        ContextSection {
            name,
            profile,
            region,
            endpoint_url,
            group,
            target_arn,
            role_arn,
            dead_letter_arn,
            log_group,
            read_only,
            broken,
        }
    }

    fn screen(&mut self, table: Option<&'t DeTable<'t>>) -> ScreenSection {
        let mut screen = Section::named(self, "screen", table);
        let section = ScreenSection {
            theme: screen.text("theme", check::theme),
            borders: screen.text("borders", check::borders),
            mouse: screen.flag("mouse"),
        };
        screen.finish();
        section
    }

    fn notifications(&mut self, table: Option<&'t DeTable<'t>>) -> NotificationsSection {
        let mut notifications = Section::named(self, "notifications", table);
        let section = NotificationsSection {
            bell: notifications.flag("bell"),
            desktop: notifications.flag("desktop"),
            terminal: notifications.text("terminal", check::terminal_note),
            command: notifications.texts("command"),
        };
        notifications.finish();
        section
    }

    fn retry(&mut self, table: Option<&'t DeTable<'t>>) -> RetrySection {
        let mut retry = Section::named(self, "retry", table);
        let section = RetrySection {
            maximum_event_age_seconds: retry.number("maximum_event_age_seconds", &(60..=86_400)),
            maximum_retry_attempts: retry.number("maximum_retry_attempts", &(0..=185)),
        };
        retry.finish();
        section
    }

    fn when(&mut self, table: Option<&'t DeTable<'t>>) -> WhenSection {
        let mut when = Section::named(self, "when", table);
        let section = WhenSection {
            date_alone: when.time_of_day("date_alone"),
            morning: when.time_of_day("morning"),
            afternoon: when.time_of_day("afternoon"),
            evening: when.time_of_day("evening"),
            tonight: when.time_of_day("tonight"),
            end_of_day: when.time_of_day("end_of_day"),
            date_order: when.text("date_order", check::date_order),
            week_begins: when.text("week_begins", check::weekday),
            hours: when.hours("hours"),
        };
        when.finish();
        section
    }

    fn origin(&self, span: &Range<usize>) -> Origin {
        let before = self.before(span);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().count() + 1;
        Origin::File { path: self.path.to_owned(), line: self.line_of(span), column }
    }

    fn line_of(&self, span: &Range<usize>) -> usize {
        self.before(span).matches('\n').count() + 1
    }

    fn before(&self, span: &Range<usize>) -> &'t str {
        self.text.get(..span.start).unwrap_or(self.text)
    }
}

#[cfg(test)]
mod tests;
