//! The program's state, and the one function that changes it: [`App::update`].
//!
//! `update` is pure: it reads no clock, does no I/O and spawns nothing. The time comes in as a value, and what to do goes out
//! as [`Effect`] values. [`App::next_wake`] names the next time at which something changes by itself. What the network does
//! comes back as a message; no key ever waits for it.
//!
//! - `model`: the state, [`App`]; `update`: the messages; `message`: what comes in and what goes out.
//! - `context`: a context as a value, with the change engine; `contexts`: how the person switches between contexts.
//! - `actions`, `conditions`: what each key does, and when it can be used.
//! - `form`, `drafts`, `submit`, `snooze`: from what is typed to a change.
//! - `rows`, `filter`, `marks`, `status`, `calendar`, `hours`: the list, and the other views of it.
//! - `modal`, `palette`, `banner`, `notices`: what the program asks and tells.
//! - `wake`: what happens as time goes by; `state_trouble`: while this machine's state cannot be written.

mod actions;
pub mod banner;
pub mod calendar;
mod conditions;
pub mod context;
mod contexts;
mod drafts;
pub mod filter;
mod fold;
pub mod form;
pub mod hours;
mod ids;
pub mod line_input;
mod list_view;
mod marks;
pub mod message;
pub mod modal;
pub mod model;
mod motion;
mod notices;
mod palette;
mod quote;
mod read_only;
pub mod rows;
pub mod selection;
pub mod settings;
mod snooze;
pub mod snooze_by;
mod state_trouble;
pub mod status;
pub mod step;
mod submit;
mod update;
pub mod view;
mod wake;

pub use banner::Banners;
pub use context::batch::{Batch, BatchKind};
pub use context::history::History;
pub use context::list::List;
pub use context::order::{Order, Sort};
pub use context::pending::{Initiator, PendingChanges, Stage};
pub use context::reading::Reading;
pub use context::state::ContextState;
pub use filter::Filter;
pub use form::state::{Field, Form};
pub use message::{
    Arrived, ClickTarget, Copied, Effect, Loaded, Log, Msg, Request, Response, Ring, StoreEvent, SystemEvent,
};
pub use modal::Modal;
pub use model::{App, Connection, ConnectionState, WIDE, window};
pub use rows::Row;
pub use selection::Selected;
pub use settings::Settings;
pub use status::Status;
pub use view::{Focus, View};
