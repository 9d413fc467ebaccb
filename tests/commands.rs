//! The memo commands, with the real client, the embedded scheduler and a clock that the test turns. Where the process
//! itself matters, the binary.

mod asking;
mod formats;
mod generated;
pub mod hostile;
mod memos;
mod own_files;
mod process;
mod proxy;
mod refusals;
mod shell;
mod watch;
