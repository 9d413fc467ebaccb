//! The program in a terminal: a test types keys and reads the screen.
//!
//! Does not depend on the program's internals, except its files. A test waits until the screen shows what it expects, or
//! until the process ends. It never waits for a fixed time.

mod asking;
mod aws;
mod bad_input;
mod changes;
mod contexts;
mod copy;
mod crashes;
mod endings;
mod finding;
mod keys;
pub mod machine;
pub mod memos;
mod own_files;
mod preferences;
mod replies;
mod sizes;
pub mod terminal;
mod watch;
