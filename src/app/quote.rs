//! Memos and moments in a sentence: the first line in quotation marks, and the time on the person's clock too.

use when::Moment;

use super::model::App;
use crate::memo::Memo;
use crate::schedule::Change;

/// The longest quotation, in characters.
const LONGEST: usize = 40;

impl App {
    /// A moment in words, in its zone and on the person's clock: `Fri 6 Mar 2026, 09:00 EST (15:00 here)`.
    #[must_use]
    pub fn words(&self, moment: &Moment) -> String {
        let (hours, mine) = (self.hours(), Moment::at(moment.instant, self.settings.zone));
        let words = moment.words(hours);
        if mine.civil == moment.civil {
            return words;
        }
        let day =
            if mine.civil.date() == moment.civil.date() { String::new() } else { mine.civil.format("%a ").to_string() };
        format!("{words} ({day}{} here)", mine.clock(hours))
    }
}

/// A memo's first line in quotation marks, short enough for a sentence.
pub(super) fn quoted(memo: &Memo) -> String {
    first_line(&memo.text)
}

/// The first line of a text in quotation marks, short enough for a sentence.
pub(super) fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}

/// What a change is about, as a sentence names it.
pub(super) fn subject(change: &Change) -> String {
    match change {
        Change::Create(memo) | Change::Update { after: memo, .. } | Change::Cancel(memo) => quoted(memo),
        Change::CancelForeign(name) => format!("“{name}”"),
    }
}
