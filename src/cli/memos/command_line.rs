//! A command line that a person can paste into a shell.
//!
//! Does not depend on the commands: each one says what its line consists of.

use std::borrow::Cow;

use when::Moment;

use crate::config::Flags;
use crate::harmless;

/// A command line of tickler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandLine(String);

impl CommandLine {
    /// A command with the flags that choose its context.
    pub fn new(command: &str, flags: &Flags) -> Self {
        let Flags { context, profile, region, endpoint_url, group, read_only } = flags;
        let line = Self(format!("tickler {command}"));
        line.option("--context", context.as_deref())
            .option("--profile", profile.as_deref())
            .option("--region", region.as_deref())
            .option("--endpoint-url", endpoint_url.as_deref())
            .option("--group", group.as_deref())
            .flag("--read-only", *read_only)
    }

    /// Adds a flag, if it is set.
    pub fn flag(mut self, name: &str, is_set: bool) -> Self {
        if is_set {
            self.0.push(' ');
            self.0.push_str(name);
        }
        self
    }

    /// Adds an option, if it has a value.
    pub fn option(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            // A value that begins with a dash would be taken for the next option.
            let between = if value.starts_with('-') { "=" } else { " " };
            self.0.extend([" ", name, between, &quote(value)]);
        }
        self
    }

    /// Adds an argument.
    pub fn argument(mut self, value: &str) -> Self {
        let ends_options = if value.starts_with('-') { " --" } else { "" };
        self.0.extend([ends_options, " ", &quote(value)]);
        self
    }

    /// The line.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A moment with its offset and zone, which `when` reads in one way only.
pub(super) fn spelling(moment: &Moment) -> String {
    let offset = when::zones::offset_text(moment.zone, moment.instant);
    format!("{} {offset} {}", moment.civil.format("%Y-%m-%d %H:%M:%S"), moment.zone.name())
}

/// A word as a shell reads it: as it is, in quotes, or in `$'…'` if a terminal would obey a part of it.
fn quote(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    let acts = |(c, acts)| acts && c != '\n';
    if !harmless::marked(word).any(acts) {
        return format!("'{}'", word.replace('\'', r"'\''")).into();
    }
    let mut quoted = String::from("$'");
    for (c, acts) in harmless::marked(word) {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\'' | '\\' => quoted.extend(['\\', c]),
            c if acts => harmless::escape(c, &mut quoted),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, quoted) in [
            ("tea", "tea"),
            ("18:00", "18:00"),
            ("", "''"),
            ("call mum", "'call mum'"),
            ("mum's $HOME", r"'mum'\''s $HOME'"),
            ("é", "'é'"),
            ("two\nlines", "'two\nlines'"),
            ("a\u{1b}'\\\nb\u{9b}", r"$'a\u001b\'\\\nb\u009b'"),
        ] {
            assert_eq!(quote(word), quoted);
        }
    }

    #[test]
    fn a_dash_begins_no_option() {
        let line = CommandLine::new("edit", &Flags::default()).option("--memo", Some("- [ ] tea")).argument("-x");
        assert_eq!(line.into_text(), "tickler edit --memo='- [ ] tea' -- -x");
    }
}
