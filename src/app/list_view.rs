//! How the list is looked at: the selection, the filter, the options, and the range of marks. It starts afresh in another
//! context.

use chrono::NaiveDate;

use super::filter::Filter;
use super::selection::Selected;
use crate::schedule::Name;

/// How the list is looked at.
#[derive(Debug, Default)]
pub(super) struct ListView {
    /// The selected line.
    pub(super) selected: Option<Selected>,
    /// Whether the person has moved the selection.
    pub(super) moved: bool,
    /// The filter.
    pub(super) filter: Filter,
    /// The selection when the filter was begun: it is selected again whenever the filter shows it.
    pub(super) held: Option<Selected>,
    /// The day on which the filter was applied.
    pub(super) filtered_on: Option<NaiveDate>,
    /// Whether days have headings, if the list is sorted by due time.
    pub(super) by_day: bool,
    /// Where the range of marks begins that is being drawn.
    pub(super) range_from: Option<Name>,
}

impl ListView {
    /// The view of another list, with the same options.
    pub(super) fn afresh(&self) -> Self {
        Self { by_day: self.by_day, ..Self::default() }
    }
}
