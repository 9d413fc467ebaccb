//! The form: four fields of text that become one memo.

pub mod edit;
pub mod quick;
pub mod reading;
pub mod state;
