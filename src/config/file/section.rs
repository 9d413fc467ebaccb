//! One table of the file. Each key that is asked for yields a valid value or a mistake; in the end, each key that nobody
//! asked for is a mistake.
//!
//! Does not depend on which settings exist.

use std::ops::RangeInclusive;

use chrono::NaiveTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use when::Hours;

use super::super::check;
use super::super::kind::kind;
use super::super::mistake::Located;
use super::super::spelling::nearest;
use super::reader::Reader;

/// A table of the file while it is read.
pub(super) struct Section<'f, 't> {
    reader: &'f mut Reader<'t>,
    name: Option<String>,
    table: Option<&'t DeTable<'t>>,
    known: Vec<&'static str>,
}

impl<'f, 't> Section<'f, 't> {
    /// The file itself.
    pub(super) fn top(reader: &'f mut Reader<'t>, table: &'t DeTable<'t>) -> Self {
        Self { reader, name: None, table: Some(table), known: Vec::new() }
    }

    /// `[name]`, if there is one.
    pub(super) fn named(reader: &'f mut Reader<'t>, name: &str, table: Option<&'t DeTable<'t>>) -> Self {
        Self { reader, name: Some(name.to_owned()), table, known: Vec::new() }
    }

    fn find(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table?.get(key)
    }

    pub(super) fn take<T>(
        &mut self,
        key: &'static str,
        check: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<Located<T>> {
        let value = self.find(key)?;
        match check(value.get_ref()) {
            Ok(checked) => Some(Located { origin: self.reader.origin(&value.span()), value: checked }),
            Err(what) => {
                self.reader.found.push((value.span(), what));
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<Located<bool>> {
        self.take(key, |value| match value {
            DeValue::Boolean(flag) => Ok(*flag),
            other => Err(format!("{key} must be true or false, not {}.", kind(other))),
        })
    }

    pub(super) fn text<T>(&mut self, key: &'static str, check: fn(&str) -> Result<T, String>) -> Option<Located<T>> {
        self.take(key, |value| match value {
            DeValue::String(text) => check(text),
            other => Err(format!("{key} must be a string in quotes, not {}.", kind(other))),
        })
    }

    /// In quotes, or as TOML writes a time itself.
    pub(super) fn time_of_day(&mut self, key: &'static str) -> Option<Located<NaiveTime>> {
        self.take(key, |value| match value {
            DeValue::String(text) => check::time_of_day(text),
            DeValue::Datetime(time) => {
                let text = time.to_string();
                check::time_of_day(text.strip_suffix(":00").filter(|minutes| minutes.len() == 5).unwrap_or(&text))
            }
            other => Err(format!("{key} must be a time of day such as \"09:00\", not {}.", kind(other))),
        })
    }

    pub(super) fn number(&mut self, key: &'static str, allowed: &RangeInclusive<i32>) -> Option<Located<i32>> {
        let (least, most) = (allowed.start(), allowed.end());
        self.take(key, |value| match value {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix())
                .ok()
                .filter(|number| allowed.contains(number))
                .ok_or_else(|| format!("{key} must be a number from {least} to {most}, not {number}.")),
            other => Err(format!("{key} must be a number from {least} to {most}, not {}.", kind(other))),
        })
    }

    pub(super) fn hours(&mut self, key: &'static str) -> Option<Located<Hours>> {
        self.take(key, |value| match value {
            DeValue::Integer(number) if number.as_str() == "24" => Ok(Hours::TwentyFour),
            DeValue::Integer(number) if number.as_str() == "12" => Ok(Hours::Twelve),
            DeValue::Integer(number) => Err(format!("{key} must be 12 or 24, not {number}.")),
            other => Err(format!("{key} must be 12 or 24, not {}.", kind(other))),
        })
    }

    /// A list of strings: a command and its arguments.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Located<Vec<String>>> {
        let wrong = |what: &str| format!("{key} must be a list of strings, [\"program\", \"argument\"], not {what}.");
        self.take(key, |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Ok(text.clone().into_owned()),
                    other => Err(wrong(&format!("a list that contains {}", kind(other)))),
                })
                .collect(),
            other => Err(wrong(kind(other))),
        })
    }

    pub(super) fn section(&mut self, key: &'static str) -> Option<&'t DeTable<'t>> {
        let value = self.find(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            other => {
                let what = format!("{key} must be a section, [{key}], not {}.", kind(other));
                self.reader.found.push((value.span(), what));
                None
            }
        }
    }

    /// Adds a mistake for each key that nobody asked for.
    pub(super) fn finish(self) {
        for key in self.table.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref();
            if self.known.contains(&name.as_ref()) {
                continue;
            }
            let section = self.name.as_ref().map_or_else(String::new, |section| format!(" in [{section}]"));
            let advice = match nearest(name, &self.known) {
                Some(meant) => format!("Did you mean {meant}?"),
                None => format!("Known settings: {}.", self.known.join(", ")),
            };
            self.reader.found.push((key.span(), format!("Unknown setting “{name}”{section}. {advice}")));
        }
    }
}
