//! From what was typed to a moment, or to why there is none. A command does not ask: what can be read in more than one
//! way is refused, and each way of it named.

use chrono::{DateTime, Utc};
use when::{Hours, Moment, Reading, Tz};

use super::error::CommandError;
use super::session::Session;
use crate::aws::{INPUT_LIMIT, input_size};
use crate::memo::Memo;

impl Session<'_> {
    /// The one moment that a text names, later than `from`.
    pub fn parse_when(&self, text: &str, from: DateTime<Utc>, zone: Tz) -> Result<Moment, CommandError> {
        certain_moment(text, when::read(text, from, zone, &self.when), self.when.hours)
    }

    /// The memo, and the moment that its first line names.
    pub fn split_memo(&self, text: &str, zone: Tz) -> Result<(String, Moment), CommandError> {
        let (line, further) = match text.trim_end().split_once('\n') {
            Some((line, further)) => (line, Some(further)),
            None => (text.trim_end(), None),
        };
        let quick = when::quick(line, self.now(), zone, &self.when);
        let Some(found) = quick.time else { return Err(CommandError::no_time(line)) };
        let said: Vec<&str> = found.spans.iter().filter_map(|span| line.get(span.clone())).collect();
        let due = certain_moment(&said.join(" … "), found.reading, self.when.hours)?;
        let memo = further.map_or(quick.memo.clone(), |further| format!("{}\n{further}", quick.memo));
        Ok((memo, due))
    }

    /// Refuses a memo whose first or last words may be the rest of its time: where the quotes are forgotten that belong
    /// around it, as in `add tea --at fri 18:00`, the shell gives `18:00` to the memo.
    pub fn refuse_stray_words(&self, at: &str, memo: &[String], zone: Tz) -> Result<(), CommandError> {
        let means = |text: &str| !matches!(when::read(text, self.now(), zone, &self.when), Reading::Refused(_));
        let stray = |words: &String| {
            let is_time = when::zones::parse(words).is_some() || means(words);
            is_time && means(&format!("{at} {words}"))
        };
        let ends = (0..memo.len()).flat_map(|count| [&memo[count..], &memo[..memo.len() - count]]);
        match ends.map(|words| words.join(" ")).find(stray) {
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

/// The text of a memo, as it is kept.
pub(super) fn memo_text(typed: &str) -> Result<String, CommandError> {
    let text = typed.trim_end();
    if text.trim().is_empty() {
        return Err(CommandError::usage("The memo says nothing.", "Say what to be reminded of."));
    }
    Ok(text.to_owned())
}

/// Refuses a memo that no schedule holds.
pub(super) fn check_size(memo: &Memo) -> Result<(), CommandError> {
    let size = input_size(memo);
    if size <= INPUT_LIMIT {
        return Ok(());
    }
    Err(CommandError::usage(
        format!("The memo is {} bytes too long for a schedule.", size - INPUT_LIMIT),
        "Shorten it.",
    ))
}
