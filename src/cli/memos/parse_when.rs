//! Reads the times and the texts of memos.
//!
//! A text can mean several times, or one that is a guess; `ask` handles these cases.

use chrono::{DateTime, Utc};
use when::{Choice, Hours, Moment, Reading, RefusalKind, Tz};

use super::error::CommandError;
use crate::aws::{INPUT_LIMIT, input_size};
use crate::harmless;
use crate::memo::Memo;
use crate::runtime::clock::Clock;

/// The clock, the zone and the settings with which times are read.
#[derive(Clone, Copy)]
pub(super) struct TimeReader<'a> {
    pub clock: &'a dyn Clock,
    /// The zone of a time that names none.
    pub zone: Tz,
    pub when: &'a when::Settings,
}

/// What a text means as a time.
pub(super) enum Meaning {
    Certain(Moment),
    /// The person must say which moment is meant.
    Unclear(Unclear),
}

/// Why a text does not mean one moment for certain, and what it can mean.
pub(super) struct Unclear {
    pub kind: UnclearKind,
    /// A sentence for the person.
    pub why: String,
    /// The moments to choose from. A guess has one.
    pub choices: Vec<Choice>,
}

/// How a text is unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnclearKind {
    Guess,
    Ambiguous,
    /// Clocks skip the time. The choices are its neighbours.
    Skipped,
}

impl TimeReader<'_> {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn hours(&self) -> Hours {
        self.when.hours
    }

    /// What a text means, after `from`.
    pub fn read(&self, text: &str, from: DateTime<Utc>, zone: Tz) -> Result<Meaning, CommandError> {
        meaning(text, when::read(text, from, zone, self.when), self.hours())
    }

    /// Splits a text into the memo and the time in its first line.
    pub fn split_memo(&self, text: &str, zone: Tz) -> Result<(String, Meaning), CommandError> {
        let text = text.trim();
        let (first_line, rest) = match text.split_once('\n') {
            Some((line, rest)) => (line.trim_end_matches('\r'), Some(rest)),
            None => (text, None),
        };
        let quick = when::quick(first_line, self.now(), zone, self.when);
        let Some(found) = quick.time else {
            let unread = quick.unread.and_then(|unread| first_line.get(unread));
            return Err(CommandError::no_time(first_line, unread));
        };
        let time_words: Vec<&str> = found.spans.iter().filter_map(|span| first_line.get(span.clone())).collect();
        let due = meaning(&time_words.join(" … "), found.reading, self.hours())?;
        let memo = rest.map_or(quick.memo.clone(), |rest| format!("{}\n{rest}", quick.memo));
        Ok((memo, due))
    }

    /// The first or the last words of a memo, if they could be the rest of its time. In `add tea --at fri 18:00` the quotes
    /// are missing, and the shell makes `18:00` part of the memo.
    pub fn stray_words(&self, at: &str, memo: &[String], zone: Tz) -> Option<StrayWords> {
        let is_time = |text: &str| !matches!(when::read(text, self.now(), zone, self.when), Reading::Refused(_));
        let is_stray =
            |words: &str| (when::zones::parse(words).is_some() || is_time(words)) && is_time(&format!("{at} {words}"));
        let ends = (0..memo.len()).flat_map(|count| {
            let (before, after) = (memo.split_at(count), memo.split_at(memo.len() - count));
            [(before.1, before.0), (after.0, after.1)]
        });
        let ends = ends.map(|(words, rest)| StrayWords { words: words.join(" "), rest: rest.join(" ") });
        ends.into_iter().find(|end| is_stray(&end.words))
    }
}

/// Words that could belong to the memo or to its time.
pub(super) struct StrayWords {
    pub words: String,
    /// The memo without them.
    pub rest: String,
}

fn meaning(text: &str, reading: Reading, hours: Hours) -> Result<Meaning, CommandError> {
    match reading {
        Reading::Resolved(moment) => Ok(match &moment.guess {
            Some(guess) => {
                let words = moment.words(hours);
                let why = format!("“{text}” could mean {words}, but that is a guess: {guess}.");
                let choices = vec![Choice { label: words, moment: Moment::at(moment.instant, moment.zone) }];
                Meaning::Unclear(Unclear { kind: UnclearKind::Guess, why, choices })
            }
            None => Meaning::Certain(moment),
        }),
        Reading::Ask(question) => Ok(Meaning::Unclear(Unclear {
            kind: UnclearKind::Ambiguous,
            why: question.why,
            choices: certain(question.choices),
        })),
        Reading::Refused(refusal) if refusal.kind == RefusalKind::Skipped => Ok(Meaning::Unclear(Unclear {
            kind: UnclearKind::Skipped,
            why: refusal.to_string(),
            choices: certain(refusal.offers),
        })),
        Reading::Refused(refusal) => Err(CommandError::unreadable_time(&refusal)),
    }
}

/// The choices without their guesses: the person has chosen.
fn certain(choices: Vec<Choice>) -> Vec<Choice> {
    let certain = |choice: Choice| Choice { moment: Moment::at(choice.moment.instant, choice.moment.zone), ..choice };
    choices.into_iter().map(certain).collect()
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
