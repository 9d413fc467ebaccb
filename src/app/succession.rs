//! One change after another of the same schedule: what the later one comes to, once it is known how the earlier one
//! ended. Pure; it must never know who sends, or when.

use chrono::{DateTime, Utc};

use crate::memo::Memo;
use crate::schedule::{Name, Write};

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
    Send(Write),
    /// It cannot be made either: what was answered to the earlier one is the answer to this, which is both in one.
    Instead(Write),
    /// What it wanted is there without it.
    There,
    /// It must not be made: somebody else has done something meanwhile that the person has not seen.
    Dropped,
}

/// What the schedule held before the change, as far as the person knew.
fn start(write: &Write) -> Option<&Memo> {
    match write {
        Write::Update { before: memo, .. } | Write::Cancel(memo) => Some(memo),
        Write::Create(_) | Write::CancelForeign(_) => None,
    }
}

/// What it holds afterwards.
pub(super) fn end(write: &Write) -> Option<&Memo> {
    match write {
        Write::Create(memo) | Write::Update { after: memo, .. } => Some(memo),
        Write::Cancel(_) | Write::CancelForeign(_) => None,
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
fn between(from: Option<&Memo>, to: Option<&Memo>) -> Option<Write> {
    match (from, to) {
        _ if alike(from, to) => None,
        (None, Some(memo)) => Some(Write::Create(memo.clone())),
        (Some(before), Some(after)) => Some(Write::Update { before: before.clone(), after: after.clone() }),
        (Some(memo), None) => Some(Write::Cancel(memo.clone())),
        (None, None) => None,
    }
}

/// What is to wait behind `first`, where `waiting` did so far and `later` is asked for now. Nothing, where `first` comes
/// to the same. What was asked for without having seen the changes before it stays as it is, so that it meets them;
/// behind a cancel there is nothing that it could meet.
pub(super) fn behind(first: &Write, waiting: Option<&Write>, later: &Write) -> Option<Write> {
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
pub(super) fn in_place_of(first: &Write, later: &Write) -> Option<Write> {
    match (end(first), end(later)) {
        (_, None) => Some(later.clone()),
        (from, to) => alike(start(first), to).then(|| between(from, to)).flatten(),
    }
}

/// What becomes of `waiting` when `first` has ended.
pub(super) fn next(first: &Write, waiting: &Write, ended: Ended) -> Next {
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
            Write::Update { .. } => between(was, wanted).map_or(Next::Dropped, Next::Instead),
            _ => Next::Instead(waiting.clone()),
        },
        Ended::Differs => between(was, wanted).map_or(Next::Dropped, Next::Instead),
    }
}

/// What a program that died left of one schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// It is to be sent again, and then what waited behind it.
    Again(Write, Option<Write>),
    /// Its time has passed: whether it was made is not known.
    Doubtful(Write),
}

/// What is to be done with what was journalled and not confirmed, oldest first: of one schedule, all but the first of it
/// was never sent.
pub(super) fn left_behind(journalled: Vec<Write>, now: DateTime<Utc>) -> Vec<Left> {
    let mut names: Vec<Name> = Vec::new();
    let mut left: std::collections::HashMap<Name, (Write, Option<Write>)> = std::collections::HashMap::new();
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
