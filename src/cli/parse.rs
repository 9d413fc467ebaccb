//! From the words of a command line to its arguments.

use std::ffi::OsString;

use clap::Parser;

use crate::harmless;

/// Parses the words of a command line, of which the first is the program.
///
/// # Errors
/// If they are not understood, or ask for help. What the error repeats of them is harmless.
pub(super) fn parse<A: Parser>(words: impl IntoIterator<Item = OsString>) -> Result<A, clap::Error> {
    let words: Vec<OsString> = words.into_iter().map(list_item).collect();
    A::try_parse_from(&words).map_err(|error| {
        // clap repeats words as they are, in many places of its errors. The same words, made harmless, are refused with the
        // same error. If they are not refused, the first error was about their bytes, and repeats none of them.
        let harmless = words.iter().map(|word| harmless::line(&word.to_string_lossy()).into_owned());
        A::try_parse_from(harmless).err().unwrap_or(error)
    })
}

/// A word that begins with a dash and a space is a memo, such as `- [ ] call mum`, not a flag. clap leaves it alone if a
/// space is in front, and a memo never begins with one.
fn list_item(word: OsString) -> OsString {
    let is_item = word.to_str().is_some_and(|text| {
        let rest = text.trim_start_matches('-');
        rest.len() < text.len() && rest.starts_with(char::is_whitespace)
    });
    if !is_item {
        return word;
    }
    let mut shielded = OsString::from(" ");
    shielded.push(word);
    shielded
}
