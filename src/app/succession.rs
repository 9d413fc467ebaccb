//! One change after another of the same schedule: what the later one comes to, once it is known how the earlier one
//! ended. Pure; it must never know who sends, or when.

use chrono::{DateTime, Utc};

use crate::memo::Memo;
use crate::schedule::{Change, Name};

/// How a change ended that another one waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was made.
    Made,
    /// There was nothing to change: it was delivered, or called off elsewhere.
    Gone,
    /// Somebody else's change stands there; nothing was overwritten.
    Differs,
    /// It was not made: the service refused it, or it was never sent.
    NotMade,
    /// Its time passed before it was known whether it was made.
    Expired,
}

/// What becomes of the change that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// This is to be sent.
    Send(Change),
    /// It cannot be made either: what was answered to the earlier one is the answer to this, which is both in one.
    Instead(Change),
    /// What it wanted is there without it.
    There,
    /// It must not be made: somebody else has done something meanwhile that the person has not seen.
    Dropped,
}

/// What the schedule held before the change, as far as the person knew.
fn start(write: &Change) -> Option<&Memo> {
    match write {
        Change::Update { before: memo, .. } | Change::Cancel(memo) => Some(memo),
        Change::Create(_) | Change::CancelForeign(_) => None,
    }
}

/// What it holds afterwards.
pub(super) fn end(write: &Change) -> Option<&Memo> {
    match write {
        Change::Create(memo) | Change::Update { after: memo, .. } => Some(memo),
        Change::Cancel(_) | Change::CancelForeign(_) => None,
    }
}

fn alike(one: Option<&Memo>, other: Option<&Memo>) -> bool {
    let key = |memo: &Memo| (memo.id, memo.due.instant, memo.due.zone);
    match (one, other) {
        (Some(one), Some(other)) => key(one) == key(other) && one.text == other.text,
        (None, None) => true,
        _ => false,
    }
}

/// The change from one state to another, where they differ.
fn between(from: Option<&Memo>, to: Option<&Memo>) -> Option<Change> {
    match (from, to) {
        _ if alike(from, to) => None,
        (None, Some(memo)) => Some(Change::Create(memo.clone())),
        (Some(before), Some(after)) => Some(Change::Update { before: before.clone(), after: after.clone() }),
        (Some(memo), None) => Some(Change::Cancel(memo.clone())),
        (None, None) => None,
    }
}

/// What is to wait behind `first`, where `waiting` did so far and `later` is asked for now. Nothing, where `first` comes
/// to the same. What was asked for without having seen the changes before it stays as it is, so that it meets them;
/// behind a cancel there is nothing that it could meet.
pub(super) fn behind(first: &Change, waiting: Option<&Change>, later: &Change) -> Option<Change> {
    let last = waiting.unwrap_or(first);
    if alike(end(first), end(later)) {
        None
    } else if end(last).is_none() || alike(end(last), start(later)) {
        between(end(first), end(later))
    } else {
        Some(later.clone())
    }
}

/// What takes the place of `first` at once, of which nobody knows whether it was made; nothing, where it first has to be
/// known. A change back to what was there before, and a cancel, come to the same either way.
pub(super) fn in_place_of(first: &Change, later: &Change) -> Option<Change> {
    match (end(first), end(later)) {
        (_, None) => Some(later.clone()),
        (from, to) => alike(start(first), to).then(|| between(from, to)).flatten(),
    }
}

/// What becomes of `waiting` when `first` has ended.
pub(super) fn next(first: &Change, waiting: &Change, ended: Ended) -> Next {
    let (was, wanted) = (start(first), end(waiting));
    match ended {
        Ended::Made => Next::Send(waiting.clone()),
        // Should it have been made after all, it is called off.
        Ended::Expired if wanted.is_none() => Next::Send(waiting.clone()),
        Ended::NotMade | Ended::Expired => between(was, wanted).map_or(Next::There, Next::Send),
        // That it was gone is most often this cancel's own doing, at an earlier try whose answer was lost.
        Ended::Gone if end(first).is_none() => between(None, wanted).map_or(Next::There, Next::Send),
        _ if wanted.is_none() || alike(was, wanted) => Next::Dropped,
        Ended::Gone => match first {
            Change::Update { .. } => between(was, wanted).map_or(Next::Dropped, Next::Instead),
            _ => Next::Instead(waiting.clone()),
        },
        Ended::Differs => between(was, wanted).map_or(Next::Dropped, Next::Instead),
    }
}

/// What a program that died left of one schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// It is to be sent again, and then what waited behind it.
    Again(Change, Option<Change>),
    /// Its time has passed: whether it was made is not known.
    Doubtful(Change),
}

/// What is to be done with what was journalled and not confirmed, oldest first: of one schedule, all but the first of it
/// was never sent.
pub(super) fn left_behind(journalled: Vec<Change>, now: DateTime<Utc>) -> Vec<Left> {
    let mut names: Vec<Name> = Vec::new();
    let mut left: std::collections::HashMap<Name, (Change, Option<Change>)> = std::collections::HashMap::new();
    for write in journalled {
        let name = write.name();
        if let Some((first, waiting)) = left.get_mut(&name) {
            *waiting = behind(first, waiting.as_ref(), &write);
        } else {
            names.push(Name::clone(&name));
            left.insert(name, (write, None));
        }
    }
    let judged = |name| {
        let (first, waiting) = left.remove(&name)?;
        Some(match waiting {
            // What was wanted in the end is past; whatever stands there shows when the group is read.
            Some(waiting) if waiting.has_passed(now) => Left::Doubtful(waiting),
            Some(waiting) if first.has_passed(now) => match next(&first, &waiting, Ended::Expired) {
                Next::Send(write) => Left::Again(write, None),
                _ => Left::Doubtful(first),
            },
            None if first.has_passed(now) => Left::Doubtful(first),
            Some(waiting) => match in_place_of(&first, &waiting) {
                Some(instead) => Left::Again(instead, None),
                None => Left::Again(first, Some(waiting)),
            },
            None => Left::Again(first, None),
        })
    };
    names.into_iter().filter_map(judged).collect()
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
    fn what_waits_builds_on_the_change_before_it_and_not_on_the_one_that_it_overtakes() {
        assert_eq!(behind(&create(1), None, &update(1, 2)), Some(update(1, 2)));
        assert_eq!(behind(&create(1), Some(&update(1, 2)), &update(2, 3)), Some(update(1, 3)));
        assert_eq!(behind(&update(1, 2), Some(&cancel(2)), &create(3)), Some(update(2, 3)), "taken back");
        assert_eq!(behind(&cancel(1), Some(&create(1)), &cancel(1)), None, "and done again");
        assert_eq!(behind(&cancel(1), None, &cancel(1)), None);
        assert_eq!(behind(&cancel(1), None, &update(1, 2)), Some(create(2)));
        // Written before the change on its way was asked for: it has to meet it.
        assert_eq!(behind(&update(1, 2), None, &update(1, 3)), Some(update(1, 3)));
    }

    #[test]
    fn only_what_comes_to_the_same_either_way_takes_the_place_of_what_may_have_been_made() {
        assert_eq!(in_place_of(&create(1), &cancel(1)), Some(cancel(1)));
        assert_eq!(in_place_of(&update(1, 2), &update(2, 1)), Some(update(2, 1)));
        assert_eq!(in_place_of(&cancel(1), &create(1)), Some(create(1)));
        assert_eq!(in_place_of(&create(1), &update(1, 2)), None);
        assert_eq!(in_place_of(&update(1, 2), &update(2, 3)), None);
        assert_eq!(in_place_of(&cancel(1), &create(2)), None);
    }

    #[test]
    fn what_was_refused_was_not_made_and_what_waited_is_told_of_what_is_there() {
        let after = |first, waiting| next(&first, &waiting, Ended::NotMade);
        assert_eq!(after(create(1), update(1, 2)), Next::Send(create(2)));
        assert_eq!(after(create(1), cancel(1)), Next::There);
        assert_eq!(after(update(1, 2), update(2, 3)), Next::Send(update(1, 3)));
        assert_eq!(after(update(1, 2), update(2, 1)), Next::There);
        assert_eq!(after(update(1, 2), cancel(2)), Next::Send(cancel(1)));
        assert_eq!(after(cancel(1), create(1)), Next::There);
        assert_eq!(after(cancel(1), create(2)), Next::Send(update(1, 2)));
    }

    #[test]
    fn what_somebody_else_did_is_neither_overwritten_nor_called_off_unseen() {
        let differs = |first, waiting| next(&first, &waiting, Ended::Differs);
        assert_eq!(differs(update(1, 2), update(2, 3)), Next::Instead(update(1, 3)));
        assert_eq!(differs(update(1, 2), cancel(2)), Next::Dropped);
        assert_eq!(differs(update(1, 2), update(2, 1)), Next::Dropped);
        let gone = |first, waiting| next(&first, &waiting, Ended::Gone);
        assert_eq!(gone(update(1, 2), update(2, 3)), Next::Instead(update(1, 3)));
        assert_eq!(gone(update(1, 2), cancel(2)), Next::Dropped);
        assert_eq!(gone(create(1), update(1, 2)), Next::Instead(update(1, 2)));
        assert_eq!(
            gone(cancel(1), create(1)),
            Next::Send(create(1)),
            "it may have been called off by this very change"
        );
    }

    #[test]
    fn of_what_a_dead_program_left_each_is_made_in_its_turn_unless_its_time_has_passed() {
        let left = |writes: &[Change], hours| left_behind(writes.to_vec(), noon() + TimeDelta::hours(hours));
        let both = [update(1, 2), update(2, 3)];
        assert_eq!(left(&both, 0), [Left::Again(update(1, 2), Some(update(2, 3)))]);
        assert_eq!(left(&both, 2), [Left::Again(update(1, 3), None)]);
        assert_eq!(left(&both, 3), [Left::Doubtful(update(2, 3))]);
        assert_eq!(left(&[create(1), update(1, 2)], 1), [Left::Again(create(2), None)]);
        assert_eq!(left(&[create(1), cancel(1)], 0), [Left::Again(cancel(1), None)]);
        assert_eq!(left(&[create(1), cancel(1)], 1), [Left::Again(cancel(1), None)], "should it not have fired yet");
        assert_eq!(left(&[cancel(1), create(1)], 0), [Left::Again(create(1), None)]);
        assert_eq!(left(&[cancel(1), create(1)], 1), [Left::Doubtful(create(1))]);
        assert_eq!(left(&[create(1)], 0), [Left::Again(create(1), None)]);
        assert_eq!(left(&[create(1)], 1), [Left::Doubtful(create(1))]);
    }
}
