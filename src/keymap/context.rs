//! Key contexts: the parts of the screen that take keys.

/// Where a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyContext {
    /// Everywhere, unless the current context binds the key itself.
    Anywhere,
    /// The list of pending and arrived memos.
    Pending,
    /// The list of deliveries.
    History,
    /// The month.
    Calendar,
    /// The next 24 hours.
    Hours,
    /// The filter line.
    Filter,
    /// The form.
    Form,
    /// The details of one schedule, or one receipt.
    Details,
    /// A yes-or-no question.
    Confirm,
    /// A question with a list of answers.
    Choose,
    /// A question that takes a typed answer.
    Words,
    /// The palette.
    Palette,
    /// The help.
    Help,
}

impl KeyContext {
    /// All contexts, in the order of the sample settings.
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::History,
        Self::Calendar,
        Self::Hours,
        Self::Form,
        Self::Filter,
        Self::Details,
        Self::Confirm,
        Self::Choose,
        Self::Words,
        Self::Palette,
        Self::Help,
        Self::Anywhere,
    ];

    /// The heading in the help and the documents.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Anywhere => "Everywhere",
            Self::Pending => "Pending",
            Self::History => "History",
            Self::Calendar => "Calendar",
            Self::Hours => "Hours",
            Self::Filter => "Filter",
            Self::Form => "Form",
            Self::Details => "Details",
            Self::Confirm => "Question",
            Self::Choose => "Choice",
            Self::Words => "Typed answer",
            Self::Palette => "Palette",
            Self::Help => "Help",
        }
    }

    /// The section in the settings, `[keys.SECTION]`. A section is never renamed: people's files contain it.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Anywhere => "everywhere",
            Self::Pending => "pending",
            Self::History => "history",
            Self::Calendar => "calendar",
            Self::Hours => "hours",
            Self::Filter => "filter",
            Self::Form => "form",
            Self::Details => "details",
            Self::Confirm => "question",
            Self::Choose => "choice",
            Self::Words => "in-words",
            Self::Palette => "palette",
            Self::Help => "help",
        }
    }

    /// Whether a plain character is text here.
    #[must_use]
    pub fn takes_text(self) -> bool {
        match self {
            Self::Form | Self::Filter | Self::Words | Self::Palette => true,
            Self::Anywhere
            | Self::Pending
            | Self::History
            | Self::Calendar
            | Self::Hours
            | Self::Details
            | Self::Confirm
            | Self::Choose
            | Self::Help => false,
        }
    }
}
