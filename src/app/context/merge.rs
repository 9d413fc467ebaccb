//! Two changes of the same schedule, one after the other: how they merge, and what becomes of the later change once the
//! outcome of the earlier one is known.
//!
//! Pure. Does not depend on who sends a change, or when.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::memo::Memo;
use crate::schedule::{Change, Name};

/// How an earlier change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The scheduler made the change.
    Made,
    /// There was nothing to change: the memo was delivered, or cancelled elsewhere.
    Gone,
    /// Another change from elsewhere is in place; nothing was overwritten.
    Differs,
    /// The scheduler refused the change, or the change was never sent.
    NotMade,
    /// The time of the change passed before its outcome was known.
    Expired,
}

/// What becomes of the queued change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send this change.
    Send(Change),
    /// The queued change cannot be made either. The outcome of the earlier change is the outcome of this one, which is
    /// both in one.
    Instead(Change),
    /// The schedule is already as the queued change wants it.
    AlreadyThere,
    /// Drop it: somebody else made a change that the person has not seen.
    Drop,
}

/// The memo before the change, as far as the person knew.
fn before(change: &Change) -> Option<&Memo> {
    match change {
        Change::Update { before: memo, .. } | Change::Cancel(memo) => Some(memo),
        Change::Create(_) | Change::CancelForeign(_) => None,
    }
}

/// The memo after the change.
pub fn after(change: &Change) -> Option<&Memo> {
    match change {
        Change::Create(memo) | Change::Update { after: memo, .. } => Some(memo),
        Change::Cancel(_) | Change::CancelForeign(_) => None,
    }
}

fn is_same(one: Option<&Memo>, other: Option<&Memo>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_same(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The change that leads from one memo to another; `None` if they are the same.
fn between(from: Option<&Memo>, to: Option<&Memo>) -> Option<Change> {
    match (from, to) {
        _ if is_same(from, to) => None,
        (None, Some(memo)) => Some(Change::Create(memo.clone())),
        (Some(before), Some(after)) => Some(Change::Update { before: before.clone(), after: after.clone() }),
        (Some(memo), None) => Some(Change::Cancel(memo.clone())),
        (None, None) => None,
    }
}

/// The change to queue behind `first`, when `queued` is in the queue and the person asks for `later`. `None` if `first`
/// alone leads to the same result.
///
/// A change made without seeing the changes before it stays as it is, so that it meets them as a conflict; behind a
/// cancel there is nothing to meet.
pub fn queue_behind(first: &Change, queued: Option<&Change>, later: &Change) -> Option<Change> {
    let last = queued.unwrap_or(first);
    if is_same(after(first), after(later)) {
        None
    } else if after(last).is_none() || is_same(after(last), before(later)) {
        between(after(first), after(later))
    } else {
        Some(later.clone())
    }
}

/// The change that replaces `first` at once while `first` is in doubt; `None` if the outcome of `first` matters. A change
/// back to the memo before `first`, and a cancel, lead to the same result either way.
pub fn replace(first: &Change, later: &Change) -> Option<Change> {
    match (after(first), after(later)) {
        (_, None) => Some(later.clone()),
        (from, to) => is_same(before(first), to).then(|| between(from, to)).flatten(),
    }
}

/// What becomes of `queued` now that `first` has ended.
pub fn next(first: &Change, queued: &Change, ending: Ending) -> Next {
    let (was, wanted) = (before(first), after(queued));
    match ending {
        Ending::Made => Next::Send(queued.clone()),
        // The first change may have been made after all: then this cancels it.
        Ending::Expired if wanted.is_none() => Next::Send(queued.clone()),
        Ending::NotMade | Ending::Expired => between(was, wanted).map_or(Next::AlreadyThere, Next::Send),
        // Most often this very cancel removed the schedule, in an earlier try whose response was lost.
        Ending::Gone if after(first).is_none() => between(None, wanted).map_or(Next::AlreadyThere, Next::Send),
        Ending::Gone | Ending::Differs if wanted.is_none() || is_same(was, wanted) => Next::Drop,
        Ending::Gone => match first {
            Change::Update { .. } => between(was, wanted).map_or(Next::Drop, Next::Instead),
            Change::Create(_) | Change::Cancel(_) | Change::CancelForeign(_) => Next::Instead(queued.clone()),
        },
        Ending::Differs => between(was, wanted).map_or(Next::Drop, Next::Instead),
    }
}

/// What to do with the changes of one schedule that a program left in the journal when it died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// Send the first change again, then the queued one.
    Send(Change, Option<Change>),
    /// The time has passed, and nobody knows whether the change was made.
    Unconfirmed(Change),
}

/// What to do with the journal of a dead program, oldest change first. Of each schedule, only the first change can have
/// been sent.
pub fn resume(journalled: Vec<Change>, now: DateTime<Utc>) -> Vec<Resume> {
    let mut names: Vec<Name> = Vec::new();
    let mut left: HashMap<Name, (Change, Option<Change>)> = HashMap::new();
    for change in journalled {
        let name = change.name();
        if let Some((first, queued)) = left.get_mut(&name) {
            *queued = queue_behind(first, queued.as_ref(), &change);
        } else {
            names.push(Name::clone(&name));
            left.insert(name, (change, None));
        }
    }
    let decide = |name| {
        let (first, queued) = left.remove(&name)?;
        Some(match queued {
            // The final wish is past; the next refresh shows the schedule as it is.
            Some(queued) if queued.has_passed(now) => Resume::Unconfirmed(queued),
            Some(queued) if first.has_passed(now) => match next(&first, &queued, Ending::Expired) {
                Next::Send(change) => Resume::Send(change, None),
                Next::Instead(_) | Next::AlreadyThere | Next::Drop => Resume::Unconfirmed(first),
            },
            None if first.has_passed(now) => Resume::Unconfirmed(first),
            Some(queued) => match replace(&first, &queued) {
                Some(instead) => Resume::Send(instead, None),
                None => Resume::Send(first, Some(queued)),
            },
            None => Resume::Send(first, None),
        })
    };
    names.into_iter().filter_map(decide).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use when::{Moment, Tz};

    use super::*;
    use crate::memo::MemoId;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_536_000, 0).unwrap()
    }

    /// The memo as its n-th version, due n hours after noon.
    fn memo(version: i32) -> Memo {
        let due = Moment::at(noon() + TimeDelta::hours(i64::from(version)), Tz::Europe__Paris);
        Memo { id: MemoId::from_random([1; 16]), text: format!("version {version}"), due }
    }

    fn create(version: i32) -> Change {
        Change::Create(memo(version))
    }

    fn update(before: i32, after: i32) -> Change {
        Change::Update { before: memo(before), after: memo(after) }
    }

    fn cancel(version: i32) -> Change {
        Change::Cancel(memo(version))
    }

    #[test]
    fn a_queued_change_builds_on_the_change_before_it() {
        assert_eq!(queue_behind(&create(1), None, &update(1, 2)), Some(update(1, 2)));
        assert_eq!(queue_behind(&create(1), Some(&update(1, 2)), &update(2, 3)), Some(update(1, 3)));
        assert_eq!(queue_behind(&update(1, 2), Some(&cancel(2)), &create(3)), Some(update(2, 3)), "undone");
        assert_eq!(queue_behind(&cancel(1), Some(&create(1)), &cancel(1)), None, "and redone");
        assert_eq!(queue_behind(&cancel(1), None, &cancel(1)), None);
        assert_eq!(queue_behind(&cancel(1), None, &update(1, 2)), Some(create(2)));
        // Made before the person saw the first change: it meets the conflict.
        assert_eq!(queue_behind(&update(1, 2), None, &update(1, 3)), Some(update(1, 3)));
    }

    #[test]
    fn only_a_change_with_the_same_result_either_way_replaces_one_in_doubt() {
        assert_eq!(replace(&create(1), &cancel(1)), Some(cancel(1)));
        assert_eq!(replace(&update(1, 2), &update(2, 1)), Some(update(2, 1)));
        assert_eq!(replace(&cancel(1), &create(1)), Some(create(1)));
        assert_eq!(replace(&create(1), &update(1, 2)), None);
        assert_eq!(replace(&update(1, 2), &update(2, 3)), None);
        assert_eq!(replace(&cancel(1), &create(2)), None);
    }

    #[test]
    fn a_queued_change_builds_on_the_memo_before_a_refused_change() {
        let after = |first, waiting| next(&first, &waiting, Ending::NotMade);
        assert_eq!(after(create(1), update(1, 2)), Next::Send(create(2)));
        assert_eq!(after(create(1), cancel(1)), Next::AlreadyThere);
        assert_eq!(after(update(1, 2), update(2, 3)), Next::Send(update(1, 3)));
        assert_eq!(after(update(1, 2), update(2, 1)), Next::AlreadyThere);
        assert_eq!(after(update(1, 2), cancel(2)), Next::Send(cancel(1)));
        assert_eq!(after(cancel(1), create(1)), Next::AlreadyThere);
        assert_eq!(after(cancel(1), create(2)), Next::Send(update(1, 2)));
    }

    #[test]
    fn a_change_from_elsewhere_is_neither_overwritten_nor_cancelled_unseen() {
        let differs = |first, waiting| next(&first, &waiting, Ending::Differs);
        assert_eq!(differs(update(1, 2), update(2, 3)), Next::Instead(update(1, 3)));
        assert_eq!(differs(update(1, 2), cancel(2)), Next::Drop);
        assert_eq!(differs(update(1, 2), update(2, 1)), Next::Drop);
        let gone = |first, waiting| next(&first, &waiting, Ending::Gone);
        assert_eq!(gone(update(1, 2), update(2, 3)), Next::Instead(update(1, 3)));
        assert_eq!(gone(update(1, 2), cancel(2)), Next::Drop);
        assert_eq!(gone(create(1), update(1, 2)), Next::Instead(update(1, 2)));
        assert_eq!(gone(cancel(1), create(1)), Next::Send(create(1)), "this very change may have cancelled it");
    }

    #[test]
    fn a_dead_program_s_journal_is_sent_in_order_unless_its_time_has_passed() {
        let left = |writes: &[Change], hours| resume(writes.to_vec(), noon() + TimeDelta::hours(hours));
        let both = [update(1, 2), update(2, 3)];
        assert_eq!(left(&both, 0), [Resume::Send(update(1, 2), Some(update(2, 3)))]);
        assert_eq!(left(&both, 2), [Resume::Send(update(1, 3), None)]);
        assert_eq!(left(&both, 3), [Resume::Unconfirmed(update(2, 3))]);
        assert_eq!(left(&[create(1), update(1, 2)], 1), [Resume::Send(create(2), None)]);
        assert_eq!(left(&[create(1), cancel(1)], 0), [Resume::Send(cancel(1), None)]);
        assert_eq!(left(&[create(1), cancel(1)], 1), [Resume::Send(cancel(1), None)], "if it has not fired yet");
        assert_eq!(left(&[cancel(1), create(1)], 0), [Resume::Send(create(1), None)]);
        assert_eq!(left(&[cancel(1), create(1)], 1), [Resume::Unconfirmed(create(1))]);
        assert_eq!(left(&[create(1)], 0), [Resume::Send(create(1), None)]);
        assert_eq!(left(&[create(1)], 1), [Resume::Unconfirmed(create(1))]);
    }
}
