//! Time zones by IANA name, by city, and by abbreviation such as `PST`.

mod aliases;
mod names;
mod search;

pub(crate) use aliases::{MAX_CITY_WORDS, abbreviated, city, is_abbreviation, middle_of, offset_for};
pub use names::{TZDB_VERSION, offset_text, parse};
pub(crate) use search::nearest;
pub use search::{all, search};
