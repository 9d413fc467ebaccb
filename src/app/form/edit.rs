//! Editing the form: characters, pastes, the cursor between the fields, and the choice of a zone.

use chrono_tz::Tz;
use ratatui_textarea::{CursorMove, TextArea};

use super::state::{Field, Form, field};
use crate::app::step::Step;
use crate::keymap::Edit;

/// The longest paste in bytes: no memo is longer.
pub const PASTE_LIMIT: usize = 64 * 1024;

/// How many zones are offered at once.
pub const ZONES_SHOWN: usize = 8;

impl Form {
    /// Inserts a character in the field with the cursor.
    pub fn insert(&mut self, c: char) {
        self.fields[self.focus as usize].insert_char(c);
        self.touched();
    }

    /// One editing step in the field with the cursor.
    pub fn edit(&mut self, edit: Edit) {
        let area = &mut self.fields[self.focus as usize];
        let changed = match edit {
            Edit::NewLine => {
                if self.focus == Field::Memo {
                    area.insert_newline();
                }
                self.focus == Field::Memo
            }
            Edit::DeleteBack => area.delete_char(),
            Edit::DeleteForward => area.delete_next_char(),
            Edit::DeleteWordBack => area.delete_word(),
            Edit::DeleteWordForward => area.delete_next_word(),
            Edit::DeleteToStart => area.delete_line_by_head(),
            Edit::DeleteToEnd => area.delete_line_by_end(),
            Edit::Yank => area.paste(),
            Edit::Undo => area.undo(),
            Edit::Redo => area.redo(),
            Edit::Back => moved(area, CursorMove::Back),
            Edit::Forward => moved(area, CursorMove::Forward),
            Edit::WordBack => moved(area, CursorMove::WordBack),
            Edit::WordForward => moved(area, CursorMove::WordForward),
            Edit::LineStart => moved(area, CursorMove::Head),
            Edit::LineEnd => moved(area, CursorMove::End),
            Edit::LineUp => moved(area, CursorMove::Up),
            Edit::LineDown => moved(area, CursorMove::Down),
        };
        if changed {
            self.touched();
        }
    }

    /// Inserts a paste. The memo keeps its lines; in other fields they become spaces. A paste never submits.
    ///
    /// # Errors
    /// If the paste is longer than any memo. Nothing is inserted then.
    pub fn paste(&mut self, text: &str) -> Result<(), String> {
        if text.len() > PASTE_LIMIT {
            return Err(format!(
                "The paste has {} bytes, and a memo holds {PASTE_LIMIT}. Nothing was inserted.",
                text.len()
            ));
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = if self.focus == Field::Memo { text } else { text.trim().replace('\n', " ") };
        self.fields[self.focus as usize].insert_str(text);
        self.touched();
        Ok(())
    }

    /// Adds a paste to the memo, on a line of its own.
    ///
    /// # Errors
    /// As [`Form::paste`].
    pub fn append(&mut self, text: &str) -> Result<(), String> {
        self.focus(Field::Memo);
        let is_empty = self.text(Field::Memo).is_empty();
        let area = &mut self.fields[Field::Memo as usize];
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        self.paste(&if is_empty { text.to_owned() } else { format!("\n{text}") })
    }

    fn touched(&mut self) {
        self.problem = None;
        if self.focus == Field::Zone {
            self.zone_choice = 0;
        }
    }

    /// Moves the cursor to a field. The zone is selected where the cursor enters it, so that typing replaces it.
    pub fn focus(&mut self, field: Field) {
        self.settle_zone();
        let enters = self.focus != field;
        self.fields[self.focus as usize].cancel_selection();
        self.focus = field;
        if field == Field::Zone && enters {
            self.fields[Field::Zone as usize].select_all();
        }
    }

    /// Moves the cursor to the next field, or to the previous one.
    pub fn step(&mut self, step: Step) {
        self.focus(Field::ALL[step.from(self.focus as usize, Field::ALL.len())]);
    }

    /// The zones that match the Zone field, best first; none if the field is empty or already names a zone.
    #[must_use]
    pub fn zones_on_offer(&self, limit: usize) -> Vec<Tz> {
        let typed = self.text(Field::Zone);
        let typed = typed.trim();
        if self.focus != Field::Zone || typed.is_empty() || when::zones::parse(typed).is_some() {
            return Vec::new();
        }
        when::zones::search(typed, limit)
    }

    /// Whether the Zone field offers zones.
    #[must_use]
    pub fn offers_zones(&self) -> bool {
        !self.zones_on_offer(1).is_empty()
    }

    /// The form with the highlighted zone, if zones are on offer: what Enter would make of it.
    #[must_use]
    pub fn with_offered_zone(&self) -> Option<Self> {
        let zone = *self.zones_on_offer(ZONES_SHOWN).get(self.zone_choice)?;
        let mut form = self.clone();
        form.fields[Field::Zone as usize] = field(zone.name(), false);
        Some(form)
    }

    /// Highlights the next zone, or the previous one.
    pub fn step_zone(&mut self, step: Step) {
        self.zone_choice = step.from(self.zone_choice, self.zones_on_offer(ZONES_SHOWN).len());
    }

    /// Takes the highlighted zone when the cursor leaves the Zone field. A text that matches no zone stays, and is refused
    /// later.
    pub fn settle_zone(&mut self) {
        if self.text(Field::Zone).trim().is_empty() {
            self.fields[Field::Zone as usize] = field(self.zone.name(), false);
        }
        if let Some(zone) = self.zones_on_offer(ZONES_SHOWN).get(self.zone_choice) {
            self.fields[Field::Zone as usize] = field(zone.name(), false);
            self.touched();
        }
    }
}

fn moved(area: &mut TextArea<'_>, to: CursorMove) -> bool {
    area.cancel_selection();
    area.move_cursor(to);
    false
}
