//! The settings file, `config.toml`, read key by key so that all its mistakes are reported at once.
//!
//! A key is known because this file asks for it; there is no second list of keys. Does not depend on the flags and the
//! environment, which override it.

mod reader;
mod section;
pub(super) mod settings;

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::kind::kind;
use super::mistake::{Located, Mistake};
use super::{check, keys};
use crate::context::LOCAL;
use reader::Reader;
use section::Section;
use settings::{ContextSection, FileSettings, NotificationsSection, RetrySection, ScreenSection, WhenSection};

/// The settings in the text of the file. Adds its mistakes in their order in the file.
pub(super) fn read(path: &Path, text: &str, mistakes: &mut Vec<Mistake>) -> FileSettings {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { path, text, found: Vec::new() };
    let mut settings = FileSettings::default();
    if errors.is_empty() {
        settings = read_settings(&mut reader, table.get_ref());
    }
    // A file that is not TOML is not checked further: the parser's guesses would be blamed on the person. And one error a
    // line is enough: the rest follow from it.
    let mut last_line = None;
    for error in errors {
        settings.broken = true;
        let span = error.span().unwrap_or(0..0);
        let line = reader.line_of(&span);
        if last_line.replace(line) != Some(line) {
            reader.found.push((span, format!("This is not TOML: {}.", error.message())));
        }
    }
    reader.found.sort_by_key(|(span, _)| span.start);
    mistakes.extend(reader.found.iter().map(|(span, what)| Mistake::new(reader.origin(span), what)));
    settings
}

fn read_settings<'t>(reader: &mut Reader<'t>, table: &'t DeTable<'t>) -> FileSettings {
    let mut top = Section::top(reader, table);
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
        contexts: read_contexts(reader, contexts),
        broken: false,
        screen: read_screen(reader, screen),
        notifications: read_notifications(reader, notifications),
        retry: read_retry(reader, retry),
        when: read_when(reader, when),
        keys: keys::read(keys, &mut reader.found),
    }
}

/// Each table in `[contexts]`, by its name, in the order of the file.
fn read_contexts<'t>(reader: &mut Reader<'t>, table: Option<&'t DeTable<'t>>) -> Vec<ContextSection> {
    let mut entries: Vec<_> = table.into_iter().flat_map(DeTable::iter).collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut sections = Vec::new();
    for (key, value) in entries {
        let checked = check::context(key.get_ref());
        match (checked, value.get_ref()) {
            (Ok(name), DeValue::Table(table)) => {
                let name = Located { origin: reader.origin(&key.span()), value: name };
                sections.push(read_context(reader, name, table));
            }
            (Ok(name), other) => {
                let what = format!("{name} must be a section, [contexts.{name}], not {}.", kind(other));
                reader.found.push((value.span(), what));
            }
            (Err(what), _) => reader.found.push((key.span(), what)),
        }
    }
    sections
}

fn read_context<'t>(reader: &mut Reader<'t>, name: Located<String>, table: &'t DeTable<'t>) -> ContextSection {
    let before = reader.found.len();
    let title = format!("contexts.{}", name.value);
    let is_local = name.value == LOCAL;
    let mut context = Section::named(reader, &title, Some(table));
    // The local context has no settings for AWS.
    let mut of_aws = |key, check: check::Text| if is_local { None } else { context.text(key, check) };
    let profile = of_aws("profile", check::profile);
    let region = of_aws("region", check::region);
    let endpoint_url = of_aws("endpoint_url", check::endpoint_url);
    let log_group = of_aws("log_group", check::log_group);
    let mut arn_of_aws = |key, check: check::ArnCheck| if is_local { None } else { context.text(key, check) };
    let target_arn = arn_of_aws("target_arn", check::target_arn);
    let role_arn = arn_of_aws("role_arn", check::role_arn);
    let dead_letter_arn = arn_of_aws("dead_letter_arn", check::dead_letter_arn);
    let group = context.text("group", check::group);
    let read_only = context.flag("read_only");
    context.finish();
    let broken = reader.found.len() > before;
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

fn read_screen<'t>(reader: &mut Reader<'t>, table: Option<&'t DeTable<'t>>) -> ScreenSection {
    let mut screen = Section::named(reader, "screen", table);
    let section = ScreenSection {
        theme: screen.text("theme", check::theme),
        borders: screen.text("borders", check::borders),
        mouse: screen.flag("mouse"),
    };
    screen.finish();
    section
}

fn read_notifications<'t>(reader: &mut Reader<'t>, table: Option<&'t DeTable<'t>>) -> NotificationsSection {
    let mut notifications = Section::named(reader, "notifications", table);
    let section = NotificationsSection {
        bell: notifications.flag("bell"),
        desktop: notifications.flag("desktop"),
        terminal: notifications.text("terminal", check::terminal_note),
        command: notifications.texts("command"),
    };
    notifications.finish();
    section
}

fn read_retry<'t>(reader: &mut Reader<'t>, table: Option<&'t DeTable<'t>>) -> RetrySection {
    let mut retry = Section::named(reader, "retry", table);
    let section = RetrySection {
        maximum_event_age_seconds: retry.number("maximum_event_age_seconds", &(60..=86_400)),
        maximum_retry_attempts: retry.number("maximum_retry_attempts", &(0..=185)),
    };
    retry.finish();
    section
}

fn read_when<'t>(reader: &mut Reader<'t>, table: Option<&'t DeTable<'t>>) -> WhenSection {
    let mut when = Section::named(reader, "when", table);
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

#[cfg(test)]
mod tests;
