//! How the list is shown, beside its order and its filter.

use chrono::NaiveDate;

use crate::app::selection::Selected;

/// Options of the list.
#[derive(Debug, Default)]
pub(super) struct ListOptions {
    /// Whether days have headings, if the list is sorted by due time.
    pub(super) by_day: bool,
    /// The selection when the filter was begun: it is selected again whenever the filter shows it.
    pub(super) held: Option<Selected>,
    /// The day on which the filter was applied.
    pub(super) day: Option<NaiveDate>,
}
