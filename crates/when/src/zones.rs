//! Every name that a zone goes by: the IANA names, cities, and abbreviations such as `PST`.
//!
//! Knows nothing of dates but what it takes to ask whether a zone uses an abbreviation then.

mod called;

pub(crate) use called::{CITY_WORDS, abbreviated, city, is_abbreviation, middle_of, offset_called};

use std::cmp::Reverse;
use std::sync::OnceLock;

use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// The release of the time zone database that is compiled in, such as `2025b`.
pub const TZDB_VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

/// Every IANA name, in alphabetical order.
pub fn all() -> impl Iterator<Item = &'static str> {
    entries().iter().map(|entry| entry.tz.name())
}

/// The zone of an IANA name, in any mixture of cases; `UTC` and `Z` too. Nothing else: a city
/// or an abbreviation is not the name of a zone, though a text may use it as one.
#[must_use]
pub fn parse(name: &str) -> Option<Tz> {
    if name.eq_ignore_ascii_case("z") {
        return Some(Tz::UTC);
    }
    Tz::from_str_insensitive(name).ok()
}

/// The distance of a zone's clock from UTC at an instant: `+01:00`.
#[must_use]
pub fn offset_text(tz: Tz, at: DateTime<Utc>) -> String {
    tz.offset_from_utc_datetime(&at.naive_utc()).fix().to_string()
}

/// The zones that a query may mean, the best first, at most `limit` of them.
///
/// Best is the name itself, then the zone whose city, nickname or abbreviation the query is (`nyc`,
/// `pst`), then a city that begins with the query, then any word of the name that does, then a name
/// that contains it, then one that has its letters in their order (`ep` finds `Europe/Paris`).
/// A space matches `_`, `-` and `/`. An empty query gives all names in order.
#[must_use]
pub fn search(query: &str, limit: usize) -> Vec<Tz> {
    let query = folded(query.trim());
    if query.is_empty() {
        return entries().iter().take(limit).map(|entry| entry.tz).collect();
    }
    let called: Vec<Tz> = city(&query).into_iter().chain(called::meant_by(&query).iter().copied()).collect();
    let mut found: Vec<(Rank, Reverse<bool>, usize, &Entry)> = entries()
        .iter()
        .filter_map(|entry| Some((entry.rank(&query, &called)?, Reverse(entry.has_city()), entry.folded.len(), entry)))
        .collect();
    // Stable, so that equals stay in alphabetical order.
    found.sort_by_key(|&(rank, city, length, _)| (rank, city, length));
    found.into_iter().take(limit).map(|(.., entry)| entry.tz).collect()
}

/// The zone whose name was typed, but for its last few letters.
pub(crate) fn nearest(typed: &str) -> Option<Tz> {
    const SLIPS: usize = 3;
    let typed = folded(typed);
    let shared =
        |entry: &Entry| entry.folded.bytes().zip(typed.bytes()).take_while(|(one, other)| one == other).count();
    let (length, entry) = entries().iter().map(|entry| (shared(entry), entry)).max_by_key(|(length, _)| *length)?;
    // A region alone is no name that anybody meant to type.
    (length + SLIPS >= typed.len() && length > entry.city).then_some(entry.tz)
}

/// How well a name answers a query; the best is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    City,
    CityPrefix,
    WordPrefix,
    Substring,
    Subsequence,
}

struct Entry {
    tz: Tz,
    /// The name in small letters, each `/`, `_` and `-` a space.
    folded: String,
    /// Where the city begins in `folded`.
    city: usize,
}

impl Entry {
    fn new(tz: Tz) -> Self {
        let city = tz.name().rfind('/').map_or(0, |slash| slash + 1);
        Self { tz, folded: folded(tz.name()), city }
    }

    fn has_city(&self) -> bool {
        self.city > 0
    }

    /// How well the name answers a query; `called` are the zones that people call so.
    fn rank(&self, query: &str, called: &[Tz]) -> Option<Rank> {
        if self.folded == query {
            Some(Rank::Name)
        } else if &self.folded[self.city..] == query || called.contains(&self.tz) {
            Some(Rank::City)
        } else if self.folded[self.city..].starts_with(query) {
            Some(Rank::CityPrefix)
        } else if self.folded.match_indices(query).any(|(at, _)| at == 0 || self.folded.as_bytes()[at - 1] == b' ') {
            Some(Rank::WordPrefix)
        } else if self.folded.contains(query) {
            Some(Rank::Substring)
        } else if is_subsequence(query, &self.folded) {
            Some(Rank::Subsequence)
        } else {
            None
        }
    }
}

fn is_subsequence(query: &str, name: &str) -> bool {
    let mut letters = name.chars();
    query.chars().filter(|letter| *letter != ' ').all(|wanted| letters.any(|letter| letter == wanted))
}

fn folded(name: &str) -> String {
    let spaced = |letter| if matches!(letter, '/' | '_' | '-') { ' ' } else { letter };
    name.chars().map(spaced).flat_map(char::to_lowercase).collect()
}

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut entries: Vec<Entry> = TZ_VARIANTS.iter().copied().map(Entry::new).collect();
        entries.sort_by_key(|entry| entry.tz.name());
        entries
    })
}
