//! A line of text that is typed, and deleted, at its end: a filter, or a question that is answered in words.
//!
//! It must never know what is typed into it.

use crate::keymap::Edit;

/// The line as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineInput(String);

impl LineInput {
    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// One editing step. Answers whether it is one that such a line knows.
    pub fn edit(&mut self, edit: Edit) -> bool {
        match edit {
            Edit::Insert(c) => self.0.push(c),
            Edit::DeleteBack => {
                self.0.pop();
            }
            Edit::DeleteWordBack => {
                let kept = self.0.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
                self.0.truncate(kept);
            }
            Edit::DeleteToStart => self.0.clear(),
            _ => return false,
        }
        true
    }

    /// A paste is text; its lines become one.
    pub fn paste(&mut self, text: &str) {
        self.0.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }

    /// Takes all of it away.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
