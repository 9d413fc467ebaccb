//! Keys: the table of actions and their default keys, and the keymap of this person.
//!
//! [`all`] is the table, written once in `keymap/table.rs`. A [`Keymap`] holds the keys that the settings make of it.
//! Dispatch, footer, help, palette and every sentence that names a key ask the keymap; the README, the sample settings
//! and the man page are generated from the table.
//!
//! Does not depend on the program's state: conditions are values ([`When`]), which the state evaluates ([`KeyState`]).

mod chord;
mod condition;
mod context;
mod documents;
mod keys;
#[macro_use]
mod macros;
mod table;

pub use chord::{Chord, ChordError};
pub use condition::{KeyState, When};
pub use context::KeyContext;
pub use documents::{DOCUMENTED, documented, markdown, sample};
pub use keys::{Bound, Clash, Keymap};
pub use table::{
    Action, AnswerAction, Binding, Edit, FormAction, ListAction, MemoAction, Motion, ProgramAction, ViewAction, all,
    named,
};
