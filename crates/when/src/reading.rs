//! The result of reading a text.
//!
//! Does not depend on how a text is read.

use crate::moment::Moment;
use crate::refusal::{Question, Refusal};

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// One moment, later than now.
    Resolved(Moment),
    /// One of several moments, each later than now.
    Ask(Question),
    /// No moment, and why.
    Refused(Refusal),
}
