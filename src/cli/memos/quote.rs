//! Memos inside a sentence.

use crate::harmless;
use crate::ui::text::cut;

/// A memo's first line in quotes, cut to fit a sentence, without control characters.
pub(super) fn quoted(text: &str) -> String {
    const MAX_WIDTH: usize = 40;
    format!("“{}”", cut(&harmless::line(text.lines().next().unwrap_or_default()), MAX_WIDTH))
}
