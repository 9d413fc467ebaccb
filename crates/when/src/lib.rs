//! Resolves what a person types, such as `tomorrow 18:00 Europe/Paris`, to one moment.
//!
//! [`read`](fn@read) returns the moment, or asks which of several moments is meant, or refuses and says
//! why. It accounts for every byte: it refuses a text at the first part that it does not understand.
//!
//! A text passes through these modules:
//! text → `lex` (tokens) → `grammar` (pieces: date, time, zone, distance) → `combine`
//! (one interpretation, or several) → `civil` (the instant, where clocks change) → [`Reading`].
//!
//! [`quick`](fn@quick) does the same for a line that holds both a memo and its time.
//!
//! Does not depend on a clock (`now` is a parameter), on files or on a screen.

mod civil;
mod combine;
mod grammar;
mod guess;
mod lex;
mod moment;
mod quick;
mod read;
mod reading;
mod refusal;
mod settings;
pub mod zones;

pub use chrono_tz::Tz;
pub use civil::{Civil, resolve};
pub use guess::{Excerpt, Guess};
pub use moment::Moment;
pub use quick::{Found, Quick, quick};
pub use read::read;
pub use reading::Reading;
pub use refusal::{Choice, Question, Refusal, RefusalKind};
pub use settings::{DateOrder, Hours, Settings};
