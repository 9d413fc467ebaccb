//! The settings file: `config.toml`, read key by key so that every mistake in it is told at once, with its line.
//!
//! A key is known because it is asked for; there is no second list of keys. It must never know what wins over it.

use std::ops::{Range, RangeInclusive};
use std::path::Path;

use chrono::NaiveTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use when::{DateOrder, Tz};

use super::contexts::LOCAL;
use super::mistake::{Located, Mistake, Place};
use super::spelling::nearest;
use super::{check, keys};
use crate::aws::RetryPolicy;
use crate::keymap::Keymap;

/// What the file says, where it says something that can be used.
#[derive(Debug, Default)]
pub(super) struct FileSettings {
    pub(super) zone: Option<Located<Tz>>,
    pub(super) mouse: Option<Located<bool>>,
    pub(super) bell: Option<Located<bool>>,
    pub(super) notify: Option<Located<bool>>,
    pub(super) context: Option<Located<String>>,
    pub(super) contexts: Vec<ContextSection>,
    /// The file was not understood as a whole, so that what seems to be missing here may not be.
    pub(super) broken: bool,
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
    pub(super) target_arn: Option<Located<String>>,
    pub(super) role_arn: Option<Located<String>>,
    pub(super) dead_letter_arn: Option<Located<String>>,
    pub(super) log_group: Option<Located<String>>,
    pub(super) read_only: Option<Located<bool>>,
    /// It was not understood as a whole, so that what seems to be missing here may not be.
    pub(super) broken: bool,
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
    mistakes.extend(file.found.iter().map(|(span, what)| Mistake::new(file.place(span), what)));
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
        let mut top = Section { file: self, name: None, table: Some(table), known: Vec::new() };
        let zone = top.text("zone", check::zone);
        let mouse = top.flag("mouse");
        let bell = top.flag("bell");
        let notify = top.flag("notify");
        let context = top.text("context", check::context);
        let (contexts, retry, when) = (top.section("contexts"), top.section("retry"), top.section("when"));
        let keys = top.section("keys");
        top.finish();
        FileSettings {
            zone,
            mouse,
            bell,
            notify,
            context,
            contexts: self.contexts(contexts),
            broken: false,
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
                    let name = Located { place: self.place(&key.span()), value: name };
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
        let mut context = Section { file: self, name: Some(title), table: Some(table), known: Vec::new() };
        // The one on this machine has nothing to say of AWS.
        let mut of_aws = |key, check: check::Text| if is_local { None } else { context.text(key, check) };
        let profile = of_aws("profile", check::profile);
        let region = of_aws("region", check::region);
        let endpoint_url = of_aws("endpoint_url", check::endpoint_url);
        let target_arn = of_aws("target_arn", check::target_arn);
        let role_arn = of_aws("role_arn", check::role_arn);
        let dead_letter_arn = of_aws("dead_letter_arn", check::dead_letter_arn);
        let log_group = of_aws("log_group", check::log_group);
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

    fn retry(&mut self, table: Option<&'t DeTable<'t>>) -> RetrySection {
        let mut retry = Section { file: self, name: Some("retry".to_owned()), table, known: Vec::new() };
        let section = RetrySection {
            maximum_event_age_seconds: retry.number("maximum_event_age_seconds", &(60..=86_400)),
            maximum_retry_attempts: retry.number("maximum_retry_attempts", &(0..=185)),
        };
        retry.finish();
        section
    }

    fn when(&mut self, table: Option<&'t DeTable<'t>>) -> WhenSection {
        let mut when = Section { file: self, name: Some("when".to_owned()), table, known: Vec::new() };
        let section = WhenSection {
            date_alone: when.time_of_day("date_alone"),
            morning: when.time_of_day("morning"),
            afternoon: when.time_of_day("afternoon"),
            evening: when.time_of_day("evening"),
            tonight: when.time_of_day("tonight"),
            end_of_day: when.time_of_day("end_of_day"),
            date_order: when.text("date_order", check::date_order),
        };
        when.finish();
        section
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.before(span);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().count() + 1;
        Place::File { path: self.path.to_owned(), line: self.line_of(span), column }
    }

    fn line_of(&self, span: &Range<usize>) -> usize {
        self.before(span).matches('\n').count() + 1
    }

    fn before(&self, span: &Range<usize>) -> &'t str {
        self.text.get(..span.start).unwrap_or(self.text)
    }
}

/// A table of the file while it is read: whatever is not asked for is a mistake.
struct Section<'f, 't> {
    file: &'f mut File<'t>,
    name: Option<String>,
    table: Option<&'t DeTable<'t>>,
    known: Vec<&'static str>,
}

impl<'t> Section<'_, 't> {
    fn find(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table?.get(key)
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        check: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<Located<T>> {
        let value = self.find(key)?;
        match check(value.get_ref()) {
            Ok(checked) => Some(Located { place: self.file.place(&value.span()), value: checked }),
            Err(what) => {
                self.file.found.push((value.span(), what));
                None
            }
        }
    }

    fn flag(&mut self, key: &'static str) -> Option<Located<bool>> {
        self.take(key, |value| match value {
            DeValue::Boolean(flag) => Ok(*flag),
            other => Err(format!("{key} is true or false, and this is {}.", kind(other))),
        })
    }

    fn text<T>(&mut self, key: &'static str, check: fn(&str) -> Result<T, String>) -> Option<Located<T>> {
        self.take(key, |value| match value {
            DeValue::String(text) => check(text),
            other => Err(format!("{key} is a text in quotes, and this is {}.", kind(other))),
        })
    }

    /// In quotes, or as TOML writes a time itself.
    fn time_of_day(&mut self, key: &'static str) -> Option<Located<NaiveTime>> {
        self.take(key, |value| match value {
            DeValue::String(text) => check::time_of_day(text),
            DeValue::Datetime(time) => {
                let text = time.to_string();
                check::time_of_day(text.strip_suffix(":00").filter(|minutes| minutes.len() == 5).unwrap_or(&text))
            }
            other => Err(format!("{key} is a time of day such as \"09:00\", and this is {}.", kind(other))),
        })
    }

    fn number(&mut self, key: &'static str, allowed: &RangeInclusive<i32>) -> Option<Located<i32>> {
        let (least, most) = (allowed.start(), allowed.end());
        self.take(key, |value| match value {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix())
                .ok()
                .filter(|number| allowed.contains(number))
                .ok_or_else(|| format!("{key} is a number from {least} to {most}, and this is {number}.")),
            other => Err(format!("{key} is a number from {least} to {most}, and this is {}.", kind(other))),
        })
    }

    fn section(&mut self, key: &'static str) -> Option<&'t DeTable<'t>> {
        let value = self.find(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            other => {
                let what = format!("{key} is a section, [{key}], and this is {}.", kind(other));
                self.file.found.push((value.span(), what));
                None
            }
        }
    }

    /// Whatever was not asked for by now is a mistake.
    fn finish(self) {
        for key in self.table.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref();
            if self.known.contains(&name.as_ref()) {
                continue;
            }
            let place =
                self.name.as_ref().map_or_else(|| "in this file".to_owned(), |section| format!("in [{section}]"));
            let advice = match nearest(name, &self.known) {
                Some(meant) => format!("Did you mean {meant}?"),
                None => format!("There are: {}.", self.known.join(", ")),
            };
            self.file.found.push((key.span(), format!("There is no setting “{name}” {place}. {advice}")));
        }
    }
}

pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

#[cfg(test)]
mod tests;
