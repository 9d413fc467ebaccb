//! Memos inside a sentence.

use crate::ui::text::{cut, harmless};

/// A memo's first line in quotes, cut to fit a sentence, without control characters.
pub(super) fn quoted(text: &str) -> String {
    const MAX_WIDTH: usize = 40;
    format!("“{}”", cut(&harmless(text.lines().next().unwrap_or_default()), MAX_WIDTH))
}
