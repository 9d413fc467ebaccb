//! The files that a program keeps for itself.
//!
//! Whatever stands in the place of such a file, opening it never blocks: a FIFO, a directory, a socket and a device are
//! refused with their path. A new file is private whatever the umask is. A wait for a lock has a limit, and names the
//! process that holds it. A check finds out whether an open file was deleted or replaced.
//!
//! Does not know what is in a file, or who asks. Depends on no other crate of the program.
//!
//! - `error`: what can go wrong
//! - `open`: private files and directories
//! - `lock`: locks with a limit
//! - `identity`: whether a path still leads to the file that is open

mod error;
mod identity;
mod lock;
mod open;

pub use error::{FileError, GIVE_UP};
pub use identity::{Identity, Lost};
pub use lock::{
    LockKind, SAY_SO, Waiting, holder, is_locked, lock, lock_again, stopped_holder, try_lock, try_lock_again, unlock,
};
pub use open::{
    Links, create_private_directory, make_private_file, open_private, read_to_string, refuse_other_kinds,
    restrict_directory,
};
