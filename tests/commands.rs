//! The commands on memos, as they are typed and what they say: on the real client and embedded scheduler, with a clock
//! that the test turns; and the binary itself, where the process is what matters.

mod made;
mod memos;
mod process;
mod proxy;
mod refusals;
mod shapes;
mod shell;
mod watch;
