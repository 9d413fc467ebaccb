//! The text of the file, and the mistakes found in it so far.

use std::ops::Range;
use std::path::Path;

use super::super::mistake::Origin;

pub(super) struct Reader<'t> {
    pub(super) path: &'t Path,
    pub(super) text: &'t str,
    /// Each mistake, with the part of the text that it is in.
    pub(super) found: Vec<(Range<usize>, String)>,
}

impl<'t> Reader<'t> {
    pub(super) fn origin(&self, span: &Range<usize>) -> Origin {
        let before = self.before(span);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().count() + 1;
        Origin::File { path: self.path.to_owned(), line: self.line_of(span), column }
    }

    pub(super) fn line_of(&self, span: &Range<usize>) -> usize {
        self.before(span).matches('\n').count() + 1
    }

    fn before(&self, span: &Range<usize>) -> &'t str {
        self.text.get(..span.start).unwrap_or(self.text)
    }
}
