//! The selected line of the list.

use crate::schedule::Name;

/// The selected line. The selection follows its memo, wherever a refresh moves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// A delivery, by the key of its receipt.
    Arrived(String),
    /// A schedule, by its name.
    Row(Name),
}
