//! Memos in a sentence: the first line, in quotation marks.

use crate::memo::Memo;
use crate::schedule::Change;

/// The longest quotation, in characters.
const LONGEST: usize = 40;

/// A memo's first line in quotation marks, short enough for a sentence.
pub(super) fn quoted(memo: &Memo) -> String {
    let line = memo.first_line();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}

/// The first line of a text in quotation marks.
pub(super) fn first_line(text: &str) -> String {
    format!("“{}”", text.lines().next().unwrap_or_default())
}

/// What a change is about, as a sentence names it.
pub(super) fn subject(change: &Change) -> String {
    match change {
        Change::Create(memo) | Change::Update { after: memo, .. } | Change::Cancel(memo) => quoted(memo),
        Change::CancelForeign(name) => format!("“{name}”"),
    }
}
