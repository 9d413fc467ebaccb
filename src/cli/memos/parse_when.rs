//! Parses the times and texts of memos.
//!
//! A command does not ask. A time with more than one meaning is an error that names each meaning.

use chrono::{DateTime, Utc};
use when::{Hours, Moment, Reading, Tz};

use super::error::CommandError;
use super::session::Session;
use crate::aws::{INPUT_LIMIT, input_size};
use crate::harmless;
use crate::memo::Memo;

impl Session<'_> {
    /// The only moment that a text can mean, after `from`.
    pub fn parse_when(&self, text: &str, from: DateTime<Utc>, zone: Tz) -> Result<Moment, CommandError> {
        certain_moment(text, when::read(text, from, zone, &self.when), self.when.hours)
    }

    /// Splits a text into the memo and the time in its first line.
    pub fn split_memo(&self, text: &str, zone: Tz) -> Result<(String, Moment), CommandError> {
        let (first_line, rest) = match text.trim_end().split_once('\n') {
            Some((line, rest)) => (line, Some(rest)),
            None => (text.trim_end(), None),
        };
        let quick = when::quick(first_line, self.now(), zone, &self.when);
        let Some(found) = quick.time else {
            let unread = quick.unread.and_then(|unread| first_line.get(unread));
            return Err(CommandError::no_time(first_line, unread));
        };
        let time_words: Vec<&str> = found.spans.iter().filter_map(|span| first_line.get(span.clone())).collect();
        let due = certain_moment(&time_words.join(" … "), found.reading, self.when.hours)?;
        let memo = rest.map_or(quick.memo.clone(), |rest| format!("{}\n{rest}", quick.memo));
        Ok((memo, due))
    }

    /// Refuses a memo whose first or last words could be the rest of its time. In `add tea --at fri 18:00` the quotes
    /// are missing, and the shell makes `18:00` part of the memo.
    pub fn refuse_stray_words(&self, at: &str, memo: &[String], zone: Tz) -> Result<(), CommandError> {
        let is_time = |text: &str| !matches!(when::read(text, self.now(), zone, &self.when), Reading::Refused(_));
        let is_stray = |words: &String| {
            (when::zones::parse(words).is_some() || is_time(words)) && is_time(&format!("{at} {words}"))
        };
        let ends = (0..memo.len()).flat_map(|count| [&memo[count..], &memo[..memo.len() - count]]);
        match ends.map(|words| words.join(" ")).find(is_stray) {
            Some(words) => Err(CommandError::stray_words(&words, at)),
            None => Ok(()),
        }
    }
}

fn certain_moment(text: &str, reading: Reading, hours: Hours) -> Result<Moment, CommandError> {
    match reading {
        Reading::Resolved(moment) => match moment.guess {
            Some(why) => Err(CommandError::guess(text, moment, why, hours)),
            None => Ok(moment),
        },
        Reading::Ask(question) => Err(CommandError::ambiguous(&question)),
        Reading::Refused(refusal) => Err(CommandError::unreadable_time(&refusal)),
    }
}

/// The text of a memo, without space around it. Fails if nothing of it can be seen.
pub(super) fn memo_text(typed: &str) -> Result<String, CommandError> {
    let text = typed.trim();
    if harmless::is_blank(text) {
        return Err(CommandError::usage("The memo is empty.", "Type what to be reminded of."));
    }
    Ok(text.to_owned())
}

/// Refuses a memo that is too long for a schedule.
pub(super) fn check_size(memo: &Memo) -> Result<(), CommandError> {
    let size = input_size(memo);
    if size <= INPUT_LIMIT {
        return Ok(());
    }
    let message = format!("The memo is {} bytes too long for a schedule.", size - INPUT_LIMIT);
    Err(CommandError::usage(message, "Shorten it."))
}
