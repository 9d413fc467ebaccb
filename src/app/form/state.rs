//! The state of the form: its fields, and the draft that they make.

use chrono::NaiveDate;
use chrono_tz::Tz;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use when::Hours;

use crate::memo::{Draft, Memo, MemoId};

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
    pub(super) fields: [TextArea<'static>; 4],
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
    pub(super) keeps_words: bool,
    /// The draft as the calendar or the hours proposed it, before the person typed anything.
    pub(super) proposed: Option<Draft>,
    pub(super) zone: Tz,
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
            editing: self.changed_id(),
        }
    }

    /// Whether the form edits a memo.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.editing.is_some() || self.resumes.is_some()
    }

    /// The id of the memo that the form edits, if it edits one.
    #[must_use]
    pub fn changed_id(&self) -> Option<MemoId> {
        self.editing.as_ref().map(|memo| memo.id).or(self.resumes)
    }

    /// Forgets the memo that is being edited, except for its id: another context does not have it.
    pub fn leave_its_memo(&mut self) {
        self.resumes = self.changed_id();
        self.editing = None;
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
}

pub(super) fn field(text: &str, wraps: bool) -> TextArea<'static> {
    let lines = if wraps { text.split('\n').map(str::to_owned).collect() } else { vec![text.replace('\n', " ")] };
    let mut area = TextArea::new(lines);
    area.set_wrap_mode(if wraps { WrapMode::WordOrGlyph } else { WrapMode::None });
    area.set_cursor_line_style(ratatui::style::Style::new());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}
