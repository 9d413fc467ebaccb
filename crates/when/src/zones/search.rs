//! Finds time zones for what a person types.
//!
//! Does not depend on dates.

use std::cmp::Reverse;
use std::sync::OnceLock;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::aliases::{candidates, city};
use super::names::folded;

/// All IANA names, in alphabetical order.
pub fn all() -> impl Iterator<Item = &'static str> {
    entries().iter().map(|entry| entry.tz.name())
}

/// The zones that match a query, best first, at most `limit` of them.
///
/// The name itself ranks first, then a zone whose city, nickname or abbreviation equals the query
/// (`nyc`, `pst`), then a city that begins with the query, then a name with a word that does, then a
/// name that contains it, then a name that has its letters in order (`ep` finds `Europe/Paris`).
/// A space matches `_`, `-` and `/`. An empty query returns all names in order.
#[must_use]
pub fn search(query: &str, limit: usize) -> Vec<Tz> {
    let query = folded(query.trim());
    if query.is_empty() {
        return entries().iter().take(limit).map(|entry| entry.tz).collect();
    }
    let aliased: Vec<Tz> = city(&query).into_iter().chain(candidates(&query).iter().copied()).collect();
    let mut found: Vec<(Rank, Reverse<bool>, usize, &Entry)> = entries()
        .iter()
        .filter_map(|entry| Some((entry.rank(&query, &aliased)?, Reverse(entry.has_city()), entry.folded.len(), entry)))
        .collect();
    // A stable sort keeps equals in alphabetical order.
    found.sort_by_key(|&(rank, city, length, _)| (rank, city, length));
    found.into_iter().take(limit).map(|(.., entry)| entry.tz).collect()
}

/// The zone whose name matches what was typed except for the last few letters.
pub(crate) fn nearest(typed: &str) -> Option<Tz> {
    const MAX_WRONG: usize = 3;
    let typed = folded(typed);
    let shared =
        |entry: &Entry| entry.folded.bytes().zip(typed.bytes()).take_while(|(one, other)| one == other).count();
    let (length, entry) = entries().iter().map(|entry| (shared(entry), entry)).max_by_key(|(length, _)| *length)?;
    // More than the region must match.
    (length + MAX_WRONG >= typed.len() && length > entry.city).then_some(entry.tz)
}

/// How well a name matches a query; the lowest is best.
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
    /// The name as `names::folded` returns it.
    folded: String,
    /// The byte of `folded` at which the city begins.
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

    /// How well the name matches a query; `aliased` are the zones for which the query is an alias.
    fn rank(&self, query: &str, aliased: &[Tz]) -> Option<Rank> {
        if self.folded == query {
            Some(Rank::Name)
        } else if &self.folded[self.city..] == query || aliased.contains(&self.tz) {
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

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut entries: Vec<Entry> = TZ_VARIANTS.iter().copied().map(Entry::new).collect();
        entries.sort_by_key(|entry| entry.tz.name());
        entries
    })
}
