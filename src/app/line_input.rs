//! A line of text that is typed and deleted at its end: a filter, a palette search, or a typed answer.

use crate::keymap::Edit;

/// The line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineInput(String);

impl LineInput {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Inserts a character.
    pub fn insert(&mut self, c: char) {
        self.0.push(c);
    }

    /// One editing step. The cursor is always at the end, so most steps have no effect.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::DeleteBack => {
                self.0.pop();
            }
            Edit::DeleteWordBack => {
                let kept = self.0.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
                self.0.truncate(kept);
            }
            Edit::DeleteToStart => self.0.clear(),
            Edit::NewLine
            | Edit::Back
            | Edit::Forward
            | Edit::WordBack
            | Edit::WordForward
            | Edit::LineStart
            | Edit::LineEnd
            | Edit::LineUp
            | Edit::LineDown
            | Edit::DeleteForward
            | Edit::DeleteWordForward
            | Edit::DeleteToEnd
            | Edit::Yank
            | Edit::Undo
            | Edit::Redo => {}
        }
    }

    /// Inserts a paste, with its lines joined into one.
    pub fn paste(&mut self, text: &str) {
        self.0.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }

    /// Clears the line.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
