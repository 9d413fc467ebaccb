//! The program itself, in a terminal: keys go in, and what is on the screen is read back.
//!
//! Nothing here knows the program's insides but for what it keeps on disk. A test waits for what it expects to see, or
//! for the process to end, and never for a time to pass.

mod aws;
mod bad_input;
mod changes;
mod comfort;
mod contexts;
mod crashes;
mod endings;
mod finding;
mod keys;
pub mod machine;
pub mod memos;
mod sizes;
pub mod terminal;
