//! The form: four fields of text that become one memo.
//!
//! Date, Time and Zone are joined into one expression, which `when` reads, so a person may write "tomorrow 6pm" in any of
//! them. Does not read a clock: `now` comes in.

mod quick;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use when::{Choice, Hours, Moment, Reading, RefusalKind};

use super::step::Step;
use crate::keymap::Edit;
use crate::memo::{Draft, Memo, MemoId};
pub use quick::Chip;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The text of the memo.
    Memo,
    /// The day.
    Date,
    /// The time of day.
    Time,
    /// The time zone.
    Zone,
}

impl Field {
    /// All fields, from top to bottom.
    pub const ALL: [Self; 4] = [Self::Memo, Self::Date, Self::Time, Self::Zone];

    /// Its label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Memo => "Memo",
            Self::Date => "Date",
            Self::Time => "Time",
            Self::Zone => "Zone",
        }
    }
}

/// Why the form is not a memo yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Something in this field is missing or wrong.
    Field(Field, String),
    /// There is more than one reading to choose from.
    Choose {
        /// Why.
        why: String,
        /// The readings.
        choices: Vec<Choice>,
    },
}

/// The longest paste in bytes: no memo is longer.
pub const PASTE_LIMIT: usize = 64 * 1024;

/// Why the form is filled with a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To edit the memo.
    Edit,
    /// To write a new one like it.
    Duplicate,
}

/// The state of the form.
#[derive(Debug, Clone)]
pub struct Form {
    fields: [TextArea<'static>; 4],
    /// The field with the cursor.
    pub focus: Field,
    /// The memo to edit; `None` for a new memo.
    pub editing: Option<Memo>,
    /// The memo that an earlier run of the program was editing, by its id, until the memo is read.
    pub resumes: Option<MemoId>,
    /// Why the form could not be submitted. The next edit clears it.
    pub problem: Option<(Field, String)>,
    /// The index of the highlighted zone.
    pub zone_choice: usize,
    /// Whether the memo is all text, even where its words look like a time.
    keeps_words: bool,
    /// The draft as the calendar or the hours proposed it, before the person typed anything.
    proposed: Option<Draft>,
    zone: Tz,
}

impl Form {
    /// An empty form with the person's zone.
    #[must_use]
    pub fn new(zone: Tz) -> Self {
        Self::filled(zone, "", "", "", zone.name())
    }

    /// A form for a new memo on this day, and at this time.
    #[must_use]
    pub fn proposing(zone: Tz, day: NaiveDate, time: Option<&str>) -> Self {
        let form = Self::filled(zone, "", &day.to_string(), time.unwrap_or_default(), zone.name());
        Self { proposed: Some(form.draft()), ..form }
    }

    /// Whether a day was proposed.
    #[must_use]
    pub fn proposes(&self) -> bool {
        self.proposed.is_some()
    }

    /// A form with a saved draft.
    #[must_use]
    pub fn from_draft(zone: Tz, draft: &Draft) -> Self {
        let form = Self::filled(zone, &draft.memo, &draft.date, &draft.time, &draft.zone);
        Self { resumes: draft.editing, ..form }
    }

    /// A form filled with a memo.
    #[must_use]
    pub fn from_memo(zone: Tz, hours: Hours, memo: &Memo, purpose: Purpose) -> Self {
        let date = memo.due.civil.format("%Y-%m-%d").to_string();
        let mut form = Self::filled(zone, &memo.text, &date, &memo.due.clock(hours), memo.due.zone.name());
        form.editing = (purpose == Purpose::Edit).then(|| memo.clone());
        form
    }

    fn filled(zone: Tz, memo: &str, date: &str, time: &str, zone_text: &str) -> Self {
        Self {
            fields: [field(memo, true), field(date, false), field(time, false), field(zone_text, false)],
            focus: Field::Memo,
            editing: None,
            resumes: None,
            problem: None,
            zone_choice: 0,
            keeps_words: false,
            proposed: None,
            zone,
        }
    }

    /// The draft to save.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft {
            memo: self.text(Field::Memo),
            date: self.text(Field::Date),
            time: self.text(Field::Time),
            zone: self.text(Field::Zone),
            editing: self.editing.as_ref().map(|memo| memo.id).or(self.resumes),
        }
    }

    /// Whether the form edits a memo.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.editing.is_some() || self.resumes.is_some()
    }

    /// Forgets the memo that is being edited, except for its id: another context does not have it.
    pub fn leave_its_memo(&mut self) {
        self.resumes = self.editing.take().map(|memo| memo.id).or(self.resumes);
    }

    /// Whether the form edits a memo, and nothing is edited yet.
    #[must_use]
    pub fn is_untouched_change(&self) -> bool {
        let draft = self.draft();
        let filled = |memo: &Memo, hours| Self::from_memo(self.zone, hours, memo, Purpose::Edit).draft() == draft;
        // The clock format may have changed since the form was filled.
        self.editing.as_ref().is_some_and(|memo| filled(memo, Hours::TwentyFour) || filled(memo, Hours::Twelve))
    }

    /// Whether the person has typed nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let draft = self.draft();
        !self.is_change() && (draft.is_empty() || self.proposed.as_ref() == Some(&draft))
    }

    /// Sets the person's zone. An untouched Zone field follows.
    pub fn set_zone(&mut self, zone: Tz) {
        if self.text(Field::Zone) == self.zone.name() {
            self.fields[Field::Zone as usize] = field(zone.name(), false);
        }
        self.zone = zone;
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: Field) -> String {
        self.area(field).lines().join("\n")
    }

    /// The editor of a field, for drawing.
    #[must_use]
    pub fn area(&self, field: Field) -> &TextArea<'static> {
        &self.fields[field as usize]
    }

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

    fn touched(&mut self) {
        self.problem = None;
        if self.focus == Field::Zone {
            self.zone_choice = 0;
        }
    }

    /// Moves the cursor to a field.
    pub fn focus(&mut self, field: Field) {
        self.settle_zone();
        self.focus = field;
    }

    /// Moves the cursor to the next field, or to the previous one.
    pub fn step(&mut self, step: Step) {
        self.focus(Field::ALL[step.from(self.focus as usize, Field::ALL.len())]);
    }

    /// The zones that match the Zone field, best first; empty if the field already names a zone.
    #[must_use]
    pub fn zones_on_offer(&self, limit: usize) -> Vec<Tz> {
        let typed = self.text(Field::Zone);
        if self.focus != Field::Zone || when::zones::parse(typed.trim()).is_some() {
            return Vec::new();
        }
        when::zones::search(typed.trim(), limit)
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

    /// Whether Date or Time has text.
    #[must_use]
    pub fn names_a_time(&self) -> bool {
        !self.text(Field::Date).trim().is_empty() || !self.text(Field::Time).trim().is_empty()
    }

    /// Reads Date, Time and Zone together.
    #[must_use]
    pub fn reading(&self, now: DateTime<Utc>, settings: &when::Settings) -> Reading {
        when::read(&self.expression(), now, self.zone, settings)
    }

    /// The person's own zone is only a default, so a zone beside the time wins over it.
    fn expression(&self) -> String {
        let [date, time, zone] = [Field::Date, Field::Time, Field::Zone].map(|field| self.text(field));
        if zone.trim() == self.zone.name() { format!("{date} {time}") } else { format!("{date} {time} {zone}") }
    }

    /// The field of a byte of the joined expression.
    fn field_at(&self, byte: usize) -> Field {
        let date_end = self.text(Field::Date).len();
        let time_end = date_end + 1 + self.text(Field::Time).len();
        match byte {
            _ if byte < date_end => Field::Date,
            _ if byte < time_end => Field::Time,
            _ => Field::Zone,
        }
    }

    /// Why the time below the fields cannot be used.
    #[must_use]
    pub fn problem_with(&self, reading: &Reading) -> Option<Problem> {
        match reading {
            Reading::Resolved(_) => None,
            Reading::Ask(question) => {
                Some(Problem::Choose { why: question.why.clone(), choices: question.choices.clone() })
            }
            Reading::Refused(refusal) if !refusal.offers.is_empty() => {
                Some(Problem::Choose { why: refusal.to_string(), choices: refusal.offers.clone() })
            }
            Reading::Refused(refusal) => {
                let field = if self.names_a_time() { self.field_at(refusal.span.start) } else { Field::Date };
                // A word that the grammar does not know is an unknown zone here, and the cure is to search for one.
                let why = if field == Field::Zone && refusal.kind == RefusalKind::NotUnderstood {
                    let zone = self.text(Field::Zone);
                    format!(
                        "“{}” is not a time zone. Type part of a name, such as par or tokyo, and pick one.",
                        zone.trim()
                    )
                } else {
                    refusal.to_string()
                };
                Some(Problem::Field(field, why))
            }
        }
    }

    /// Why a time in the memo cannot be used.
    #[must_use]
    pub fn problem_with_chip(&self, chip: &Chip) -> Option<Problem> {
        match self.problem_with(&chip.reading)? {
            Problem::Field(_, why) => Some(Problem::Field(Field::Memo, why)),
            choose @ Problem::Choose { .. } => Some(choose),
        }
    }

    /// The text and the due time of the memo.
    ///
    /// # Errors
    /// What is missing or wrong, or the readings to choose from.
    pub fn submit(&mut self, now: DateTime<Utc>, settings: &when::Settings) -> Result<(String, Moment), Problem> {
        self.settle_zone();
        let text = self.memo(now, settings);
        if text.trim().is_empty() {
            return Err(Problem::Field(Field::Memo, "The memo is empty. Type what to remember.".into()));
        }
        if let Some(chip) = self.chip(now, settings) {
            let problem = || self.problem_with_chip(&chip).unwrap_or(Problem::Field(Field::Memo, String::new()));
            return quick::resolved(&chip.reading).map(|moment| (text, moment)).ok_or_else(problem);
        }
        if !self.names_a_time() {
            return Err(Problem::Field(
                Field::Date,
                "There is no time yet. Type a date, a time or both, such as \"tomorrow\" and \"18:00\", or \"in 20m\"."
                    .into(),
            ));
        }
        let reading = self.reading(now, settings);
        match reading {
            Reading::Resolved(moment) => Ok((text, moment)),
            _ => Err(self.problem_with(&reading).unwrap_or(Problem::Field(Field::Date, String::new()))),
        }
    }
}

/// How many zones are offered at once.
pub const ZONES_SHOWN: usize = 8;

fn field(text: &str, wraps: bool) -> TextArea<'static> {
    let lines = if wraps { text.split('\n').map(str::to_owned).collect() } else { vec![text.replace('\n', " ")] };
    let mut area = TextArea::new(lines);
    area.set_wrap_mode(if wraps { WrapMode::WordOrGlyph } else { WrapMode::None });
    area.set_cursor_line_style(ratatui::style::Style::new());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

fn moved(area: &mut TextArea<'_>, to: CursorMove) -> bool {
    area.move_cursor(to);
    false
}
