//! One step in a ring.

/// A step to the next item or to the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the next item.
    Next,
    /// To the previous item.
    Previous,
}

impl Step {
    /// The index after this step from `at`, in a ring of `count` items.
    #[must_use]
    pub fn from(self, at: usize, count: usize) -> usize {
        let step = match self {
            Self::Next => 1,
            Self::Previous => count.saturating_sub(1),
        };
        (at + step).checked_rem(count).unwrap_or(0)
    }
}
