//! One table of the file, asked for one key after the other: a value of the right kind comes out, or its mistake is
//! noted, and at the end every key that nobody asked for.
//!
//! It must never know which settings there are.

use std::ops::RangeInclusive;

use chrono::NaiveTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use when::Hours;

use super::super::check;
use super::super::mistake::Located;
use super::super::spelling::nearest;
use super::File;

/// A table of the file while it is read: whatever is not asked for is a mistake.
pub(super) struct Section<'f, 't> {
    file: &'f mut File<'t>,
    name: Option<String>,
    table: Option<&'t DeTable<'t>>,
    known: Vec<&'static str>,
}

impl<'f, 't> Section<'f, 't> {
    /// The file itself.
    pub(super) fn top(file: &'f mut File<'t>, table: &'t DeTable<'t>) -> Self {
        Self { file, name: None, table: Some(table), known: Vec::new() }
    }

    /// `[name]`, where it is there.
    pub(super) fn named(file: &'f mut File<'t>, name: &str, table: Option<&'t DeTable<'t>>) -> Self {
        Self { file, name: Some(name.to_owned()), table, known: Vec::new() }
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
            Ok(checked) => Some(Located { origin: self.file.origin(&value.span()), value: checked }),
            Err(what) => {
                self.file.found.push((value.span(), what));
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<Located<bool>> {
        self.take(key, |value| match value {
            DeValue::Boolean(flag) => Ok(*flag),
            other => Err(format!("{key} is true or false, and this is {}.", kind(other))),
        })
    }

    pub(super) fn text<T>(&mut self, key: &'static str, check: fn(&str) -> Result<T, String>) -> Option<Located<T>> {
        self.take(key, |value| match value {
            DeValue::String(text) => check(text),
            other => Err(format!("{key} is a text in quotes, and this is {}.", kind(other))),
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
            other => Err(format!("{key} is a time of day such as \"09:00\", and this is {}.", kind(other))),
        })
    }

    pub(super) fn number(&mut self, key: &'static str, allowed: &RangeInclusive<i32>) -> Option<Located<i32>> {
        let (least, most) = (allowed.start(), allowed.end());
        self.take(key, |value| match value {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix())
                .ok()
                .filter(|number| allowed.contains(number))
                .ok_or_else(|| format!("{key} is a number from {least} to {most}, and this is {number}.")),
            other => Err(format!("{key} is a number from {least} to {most}, and this is {}.", kind(other))),
        })
    }

    pub(super) fn hours(&mut self, key: &'static str) -> Option<Located<Hours>> {
        self.take(key, |value| match value {
            DeValue::Integer(number) if number.as_str() == "24" => Ok(Hours::TwentyFour),
            DeValue::Integer(number) if number.as_str() == "12" => Ok(Hours::Twelve),
            DeValue::Integer(number) => Err(format!("{key} is 24 or 12, and this is {number}.")),
            other => Err(format!("{key} is 24 or 12, and this is {}.", kind(other))),
        })
    }

    /// A list of texts, as a command with its arguments is one.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Located<Vec<String>>> {
        let wrong = |what: &str| format!("{key} is a list of texts, [\"program\", \"argument\"], and this is {what}.");
        self.take(key, |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Ok(text.clone().into_owned()),
                    other => Err(wrong(&format!("a list with {} in it", kind(other)))),
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
                let what = format!("{key} is a section, [{key}], and this is {}.", kind(other));
                self.file.found.push((value.span(), what));
                None
            }
        }
    }

    /// Whatever was not asked for by now is a mistake.
    pub(super) fn finish(self) {
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

pub(in crate::config) fn kind(value: &DeValue<'_>) -> &'static str {
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
