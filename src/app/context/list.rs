//! The schedules of the group, by due time; and those that pass the filter, in the order that the person chose.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::schedule::{Name, Schedule};

use super::order::{Order, Rank};
use crate::app::filter::{FoldedTexts, Sieve};

/// The rank of a schedule by its due time. Schedules without one due time come last.
type Due = (i64, Name);

/// The known schedules.
#[derive(Debug, Clone, Default)]
pub struct List {
    rows: HashMap<Name, Schedule>,
    due: BTreeSet<Due>,
    order: Order,
    sieve: Option<Sieve>,
    folded_texts: FoldedTexts,
    /// The shown schedules; `None` if all are shown by due time.
    shown: Option<BTreeSet<Rank>>,
    marked: HashSet<Name>,
}

fn by_due(row: &Schedule) -> Due {
    (row.due().map_or(i64::MAX, |due| due.timestamp_millis()), Name::clone(&row.name))
}

impl List {
    /// Adds a schedule, or replaces the one with its name.
    pub fn put(&mut self, row: Schedule) {
        let place = by_due(&row);
        let passes = self.sieve.as_ref().is_none_or(|sieve| sieve.lets(&row));
        let rank = self.shown.is_some().then(|| self.order.rank(&row));
        self.folded_texts.forget(&row.name);
        let old = self.rows.insert(Name::clone(&row.name), row);
        if let (Some(shown), Some(rank)) = (&mut self.shown, rank) {
            if let Some(old) = &old {
                shown.remove(&self.order.rank(old));
            }
            if passes {
                shown.insert(rank);
            }
        }
        if let Some(old) = old {
            let old = by_due(&old);
            if old == place {
                return;
            }
            self.due.remove(&old);
        }
        self.due.insert(place);
    }

    /// Removes a schedule.
    pub fn remove(&mut self, name: &str) -> Option<Schedule> {
        let old = self.rows.remove(name)?;
        self.marked.remove(name);
        self.folded_texts.forget(name);
        self.due.remove(&by_due(&old));
        if let Some(shown) = &mut self.shown {
            shown.remove(&self.order.rank(&old));
        }
        Some(old)
    }

    /// The schedule with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Schedule> {
        self.rows.get(name)
    }

    /// How many schedules there are, shown or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All schedules, by due time.
    #[must_use = "an iterator does nothing by itself"]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Schedule> {
        self.due.iter().filter_map(|(_, name)| self.rows.get(name))
    }

    /// When the next schedule is due, after `now`.
    #[must_use]
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.iter().filter_map(Schedule::due).find(|due| *due > now)
    }

    /// The schedules that are due at `now` or before, the earliest first.
    pub fn due(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Schedule> {
        self.iter().take_while(move |row| row.due().is_some_and(|due| due <= now))
    }

    /// The due times from one moment to another (exclusive).
    pub fn due_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        self.range(from, to).filter_map(|(millis, _)| DateTime::from_timestamp_millis(*millis))
    }

    /// The schedules that are due from one moment to another (exclusive).
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = &Schedule> {
        self.range(from, to).filter_map(|(_, name)| self.rows.get(name))
    }

    fn range(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = &Due> {
        let bound = |at: DateTime<Utc>| (at.timestamp_millis(), Name::from(""));
        self.due.range(bound(from)..bound(to).max(bound(from)))
    }

    /// The order of the list.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Sets the order of the list.
    pub(in crate::app) fn sort(&mut self, order: Order) {
        self.order = order;
        self.look_again();
    }

    /// Sets the filter of the list.
    pub(in crate::app) fn sift(&mut self, sieve: Sieve) {
        self.sieve = Some(sieve).filter(|sieve| !sieve.lets_all());
        if self.sieve.is_none() {
            self.folded_texts.clear();
        }
        self.look_again();
    }

    fn look_again(&mut self) {
        self.shown = (self.sieve.is_some() || self.order != Order::default()).then(|| {
            let texts = &mut self.folded_texts;
            let passes = |row: &&Schedule| self.sieve.as_ref().is_none_or(|sieve| sieve.lets_again(row, texts));
            self.rows.values().filter(passes).map(|row| self.order.rank(row)).collect()
        });
    }

    fn names(&self) -> impl Iterator<Item = &Name> {
        let all = self.shown.is_none().then(|| self.due.iter().map(|(_, name)| name));
        let some = self.shown.as_ref().map(|shown| shown.iter().map(|rank| &rank.name));
        all.into_iter().flatten().chain(some.into_iter().flatten())
    }

    /// How many schedules are shown.
    #[must_use]
    pub fn shown_len(&self) -> usize {
        self.shown.as_ref().map_or(self.rows.len(), BTreeSet::len)
    }

    /// The shown schedules, from this position on, counted from 0.
    #[must_use = "an iterator does nothing by itself"]
    pub fn shown_from(&self, first: usize) -> impl Iterator<Item = &Schedule> {
        self.names().skip(first).filter_map(|name| self.rows.get(name))
    }

    /// The shown schedule at this position, counted from 0.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Schedule> {
        self.shown_from(index).next()
    }

    /// Marks the schedule with this name, or removes its mark.
    pub(in crate::app) fn mark(&mut self, name: &Name, marked: bool) {
        if marked && self.rows.contains_key(name) {
            self.marked.insert(Name::clone(name));
        } else {
            self.marked.remove(name);
        }
    }

    /// Removes all marks.
    pub(in crate::app) fn unmark_all(&mut self) {
        self.marked.clear();
    }

    /// Whether this schedule is marked.
    #[must_use]
    pub fn is_marked(&self, name: &str) -> bool {
        self.marked.contains(name)
    }

    /// How many schedules are marked, shown or not.
    #[must_use]
    pub fn marked_len(&self) -> usize {
        self.marked.len()
    }

    /// The marked schedules, in no order.
    pub(in crate::app) fn marked(&self) -> impl Iterator<Item = &Schedule> {
        self.marked.iter().filter_map(|name| self.rows.get(name))
    }

    /// The position of a schedule among the shown ones, counted from 0.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        let row = self.rows.get(name)?;
        match &self.shown {
            None => Some(self.due.range(..by_due(row)).count()),
            Some(shown) => {
                let rank = self.order.rank(row);
                shown.contains(&rank).then(|| shown.range(..rank).count())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use when::{Moment, Tz};

    use super::*;
    use crate::app::filter::Filter;
    use crate::memo::{Memo, MemoId};

    #[test]
    fn a_filter_sees_the_text_as_it_is_now() {
        let now: DateTime<Utc> = "2026-03-04T09:17:00Z".parse().unwrap();
        let row = |text: &str| {
            let due = Moment::at(now + chrono::TimeDelta::hours(1), Tz::UTC);
            Schedule::of(Memo { id: MemoId::from_random([1; 16]), text: text.to_owned(), due }, now)
        };
        let sift = |list: &mut List, words: &str| {
            let mut filter = Filter::default();
            filter.line_mut().paste(words);
            list.sift(filter.sieve(now, Tz::UTC));
            list.shown_len()
        };
        let mut list = List::default();
        list.put(row("Lange Straße"));
        assert_eq!(sift(&mut list, "strasse"), 1);
        list.put(row("Café"));
        assert_eq!(list.shown_len(), 0);
        assert_eq!([sift(&mut list, "strass"), sift(&mut list, "cafe\u{301}")], [0, 1]);
        let name = row("").name;
        list.remove(&name);
        list.put(row("Äpfel"));
        assert_eq!([sift(&mut list, "café"), sift(&mut list, "ÄPFEL")], [0, 1]);
    }
}
