//! The state on disk: written, closed, opened again, and shared by several instances. `file` tests the file itself,
//! `arrivals` the receipts of deliveries.

mod arrivals;
mod file;

use std::path::Path;
use std::sync::Barrier;
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use when::{Moment, Tz};

use super::{Adopted, Cached, Journalled, RowId, State};
use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::memo::{Draft, Memo, MemoId};
use crate::schedule::{Body, Change, Foreign, Name, Outcome, Receipt, Schedule};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_536_000, 0).unwrap()
}

fn here() -> ContextId {
    ContextId::new("local/tickler")
}

fn there() -> ContextId {
    ContextId::new("aws/123456789012/eu-west-1/tickler")
}

fn memo(number: u8) -> Memo {
    Memo {
        id: MemoId::from_random([number; 16]),
        text: format!("memo {number}\nand its second line"),
        due: Moment::at(now() + TimeDelta::hours(i64::from(number)), Tz::Europe__Paris),
    }
}

fn scheduled(memo: Memo) -> Schedule {
    let modified = now() + TimeDelta::nanoseconds(123_456_789);
    Schedule { name: memo.id.to_string().into(), modified, enabled: true, body: Body::Memo(memo) }
}

fn receipt(key: &str, delivered: DateTime<Utc>) -> Receipt {
    Receipt {
        key: key.to_owned(),
        id: Some(MemoId::from_random([7; 16])),
        text: format!("text of {key}"),
        zone: Some("Europe/Paris".to_owned()),
        scheduled: Some(delivered - TimeDelta::seconds(4)),
        at: delivered,
        attempt: 1,
        by_hand: false,
        outcome: Outcome::Delivered,
    }
}

fn changes_of(adopted: Adopted) -> Vec<Change> {
    assert_eq!(adopted.newer, 0);
    adopted.changes.into_iter().map(|journalled| journalled.change).collect()
}

fn lock_files(dir: &Path) -> usize {
    dir.join("instances").read_dir().unwrap().count()
}

// The journal.

impl State {
    fn journal_one(&self, context: &ContextId, change: &Change, now: DateTime<Utc>) -> Result<RowId, Failure> {
        self.journal(context, std::slice::from_ref(change), now).map(|rows| rows[0])
    }

    fn settle_one(&self, row: RowId) -> Result<(), Failure> {
        self.settle(&[row])
    }

    /// How many changes of this instance are not settled, in all contexts.
    fn unsettled(&self) -> i64 {
        let count = "SELECT count(*) FROM outbox WHERE instance = ?1";
        self.database.connection().query_row(count, [self.instance.name()], |row| row.get(0)).unwrap()
    }
}

#[test]
fn several_changes_are_journalled_and_settled_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    let changes: Vec<Change> = (1..=3).map(|number| Change::Create(memo(number))).collect();
    let rows = first.journal(&here(), &changes, now()).unwrap();
    assert_eq!((rows.len(), first.unsettled()), (3, 3));
    first.settle(&rows[..2]).unwrap();
    drop(first);
    let left: Vec<Change> = changes_of(State::open(dir.path()).unwrap().adopt(&here()).unwrap());
    assert_eq!(left, changes[2..]);
}

#[test]
fn journalled_changes_survive_their_instance_and_are_adopted_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    let create = Change::Create(memo(1));
    let update = Change::Update { before: memo(1), after: Memo { text: "changed".to_owned(), ..memo(1) } };
    first.journal_one(&here(), &create, now()).unwrap();
    first.journal_one(&here(), &update, now() + TimeDelta::milliseconds(5)).unwrap();
    let settled = first.journal_one(&here(), &Change::Cancel(memo(2)), now()).unwrap();
    first.settle_one(settled).unwrap();
    assert_eq!(first.unsettled(), 2);
    drop(first);

    let second = State::open(dir.path()).unwrap();
    assert_eq!(second.unsettled(), 0);
    let adopted = second.adopt(&here()).unwrap().changes;
    let found: Vec<_> = adopted.iter().map(|row| (row.change.clone(), row.journalled)).collect();
    assert_eq!(found, [(create, now()), (update, now() + TimeDelta::milliseconds(5))]);
    assert_eq!(second.unsettled(), 2);
    assert_eq!(second.adopt(&here()).unwrap(), Adopted::default(), "it does not adopt its own changes");

    for row in adopted {
        second.settle_one(row.row).unwrap();
    }
    assert_eq!(second.unsettled(), 0);
}

#[test]
fn the_changes_of_a_running_instance_are_not_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    let second = State::open(dir.path()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();

    assert_eq!(second.adopt(&here()).unwrap(), Adopted::default());
    assert_eq!(first.unsettled(), 1);
    drop(first);
    assert_eq!(second.adopt(&here()).unwrap().changes.len(), 1);
}

#[test]
fn changes_of_other_contexts_are_not_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    first.journal_one(&there(), &Change::CancelForeign("nightly".into()), now()).unwrap();
    drop(first);

    let second = State::open(dir.path()).unwrap();
    assert_eq!(second.adopt(&here()).unwrap().changes.len(), 1);
    let adopted = second.adopt(&there()).unwrap().changes;
    assert_eq!(adopted.len(), 1);
    assert_eq!(adopted[0].change, Change::CancelForeign("nightly".into()));
}

#[test]
fn of_several_instances_that_adopt_at_once_one_gets_each_change() {
    const ROWS: usize = 40;
    let dir = tempfile::tempdir().unwrap();
    let dead = State::open(dir.path()).unwrap();
    for _ in 0..ROWS {
        dead.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    }
    drop(dead);

    let start = Barrier::new(4);
    let adopt = || {
        let state = State::open(dir.path()).unwrap();
        start.wait();
        let adopted = state.adopt(&here()).unwrap();
        // Keeps the state until all have adopted: the others would adopt from an ended instance.
        start.wait();
        adopted.changes.into_iter().map(|row| row.row).collect::<Vec<_>>()
    };
    let mut adopted: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(adopt)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(adopted.len(), ROWS);
    adopted.sort();
    adopted.dedup();
    assert_eq!(adopted.len(), ROWS);
}

#[test]
fn lock_files_of_ended_instances_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    drop(State::open(dir.path()).unwrap());
    assert_eq!(lock_files(dir.path()), 0, "an instance removes its own");

    // A killed instance leaves a file that nobody has locked.
    std::fs::write(dir.path().join("instances/5a1e6a0c-6d3c-4be0-9b57-0a9d4a4a3b11.lock"), "").unwrap();
    let running = State::open(dir.path()).unwrap();
    let state = State::open(dir.path()).unwrap();
    assert_eq!(lock_files(dir.path()), 3);
    state.adopt(&here()).unwrap();
    assert_eq!(lock_files(dir.path()), 2);
    drop(running);
}

#[test]
fn a_change_can_be_settled_twice() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let row = state.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    state.settle_one(row).unwrap();
    state.settle_one(row).unwrap();
    assert_ne!(state.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap(), row);
}

#[test]
fn a_damaged_change_is_reported_once_and_set_aside_and_the_others_are_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    for number in 1..=4 {
        first.journal_one(&here(), &Change::Create(memo(number)), now()).unwrap();
    }
    let damage = [
        "UPDATE outbox SET write = replace(write, 'Europe/Paris', 'Europe/Atlantis') WHERE id = 2",
        "UPDATE outbox SET write = CAST(x'7bff' AS TEXT) WHERE id = 3",
    ];
    for sql in damage {
        assert_eq!(first.database.connection().execute(sql, []).unwrap(), 1);
    }
    drop(first);

    let second = State::open(dir.path()).unwrap();
    let adopted = second.adopt(&here()).unwrap();
    let changes: Vec<Change> = adopted.changes.into_iter().map(|journalled| journalled.change).collect();
    assert_eq!(changes, [Change::Create(memo(1)), Change::Create(memo(4))]);
    let [zone, bytes] = &adopted.damaged[..] else { panic!("{:?}", adopted.damaged) };
    assert!(zone.what.contains("row 2 of the journal, a change of “memo 2”, cannot be read"), "{zone}");
    assert!(zone.what.contains("Europe/Atlantis") && zone.advice.contains("was set aside"), "{zone}");
    assert!(bytes.what.contains("row 3 of the journal cannot be read"), "{bytes}");
    drop(second);

    let third = State::open(dir.path()).unwrap();
    assert_eq!(third.adopt(&here()).unwrap().damaged, [], "it is reported once");
    let count = "SELECT count(*) FROM outbox";
    let rows: i64 = third.database.connection().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 4, "nothing is deleted");
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_is_none_keeps_only_its_own_changes_back() {
    let dir = tempfile::tempdir().unwrap();
    let [first, second] = [1, 2].map(|number| {
        let state = State::open(dir.path()).unwrap();
        state.journal_one(&here(), &Change::Create(memo(number)), now()).unwrap();
        state
    });
    let lock = dir.path().join(format!("instances/{}.lock", first.instance.name()));
    drop((first, second));
    std::fs::create_dir(&lock).unwrap();

    let state = State::open(dir.path()).unwrap();
    let adopted = state.adopt(&here()).unwrap();
    assert_eq!(adopted.changes.len(), 1);
    assert_eq!(adopted.changes[0].change, Change::Create(memo(2)));
    assert!(adopted.damaged[0].what.contains(&format!("{} is a directory", lock.display())), "{:?}", adopted.damaged);
}

/// Journals these changes, turns them into what a newer tickler would store, and ends the instance.
fn leave_newer(dir: &Path, replacements: &[(&str, &str)]) {
    let newer = State::open(dir).unwrap();
    for (replaced, replacement) in replacements {
        let row = newer.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
        let sql = "UPDATE outbox SET write = replace(write, ?1, ?2) WHERE id = (SELECT max(id) FROM outbox)";
        let connection = newer.database.connection();
        let stored =
            || connection.query_row("SELECT write FROM outbox ORDER BY id DESC", [], |row| row.get::<_, String>(0));
        let before = stored().unwrap();
        connection.execute(sql, [replaced, replacement]).unwrap();
        assert_ne!(stored().unwrap(), before, "{replaced} in {row:?}");
    }
}

/// The stored changes with their instances.
fn journal_of(state: &State) -> Vec<(String, String)> {
    let mut rows = state.database.connection().prepare("SELECT instance, write FROM outbox ORDER BY id").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn changes_of_a_newer_tickler_stay_in_the_journal_and_the_others_are_adopted() {
    let dir = tempfile::tempdir().unwrap();
    leave_newer(
        dir.path(),
        &[
            // A newer version, a new member of a memo, another kind of change, and all of it in another shape.
            (r#"{"write""#, r#"{"v":2,"write""#),
            (r#""zone":"Europe/Paris""#, r#""zone":"Europe/Atlantis","rule":{"every":"1 day"}"#),
            (r#""write":"create""#, r#""write":"skip""#),
            (r#""due_ms""#, r#""due""#),
        ],
    );
    let older = State::open(dir.path()).unwrap();
    older.journal_one(&here(), &Change::Cancel(memo(2)), now()).unwrap();
    drop(older);

    let state = State::open(dir.path()).unwrap();
    let before = journal_of(&state);
    let adopted = state.adopt(&here()).unwrap();
    assert_eq!(adopted.newer, 4);
    let [Journalled { change, .. }] = &adopted.changes[..] else { panic!("{adopted:?}") };
    assert_eq!(*change, Change::Cancel(memo(2)));
    let after = journal_of(&state);
    assert_eq!(after[..4], before[..4], "they stay as they are");
    assert_eq!(state.unsettled(), 1);

    assert_eq!(state.adopt(&here()).unwrap(), Adopted::default(), "an instance counts them once");
    state.settle_one(adopted.changes[0].row).unwrap();
    drop(state);
    let next = State::open(dir.path()).unwrap();
    assert_eq!(next.adopt(&here()).unwrap(), Adopted { newer: 4, ..Adopted::default() });
    assert_eq!(journal_of(&next), before[..4]);
}

#[test]
fn the_person_learns_how_many_changes_a_newer_tickler_wrote() {
    let failure =
        |newer| Adopted { newer, ..Adopted::default() }.newer_failure("work").map(|failure| failure.to_string());
    assert_eq!(failure(0), None);
    assert_eq!(
        failure(1).unwrap(),
        "1 change for work in the journal was written by a newer tickler. It stays there; start that version to send it."
    );
    assert_eq!(
        failure(2).unwrap(),
        "2 changes for work in the journal were written by a newer tickler. They stay there; start that version to send \
         them."
    );
}

fn any_memo() -> impl Strategy<Value = Memo> {
    let zone = prop::sample::select(&chrono_tz::TZ_VARIANTS[..]);
    let milliseconds = -60_000_000_000_000..250_000_000_000_000_i64;
    (any::<[u8; 16]>(), any::<String>(), milliseconds, zone).prop_map(|(id, text, at, zone)| {
        let due = Moment::at(DateTime::from_timestamp_millis(at).unwrap(), zone);
        Memo { id: MemoId::from_random(id), text, due }
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any_memo().prop_map(Change::Create),
        (any_memo(), any_memo()).prop_map(|(before, after)| Change::Update { before, after }),
        any_memo().prop_map(Change::Cancel),
        any::<String>().prop_map(|name| Change::CancelForeign(name.into())),
    ]
}

proptest! {
    #[test]
    fn any_change_is_read_as_it_was_stored(change in any_change()) {
        let stored = super::stored::store_change(&change).unwrap();
        prop_assert_eq!(super::stored::read_change(&stored), Ok(change));
    }
}

#[test]
fn the_two_instants_of_a_time_that_occurs_twice_stay_apart() {
    let dir = tempfile::tempdir().unwrap();
    let earlier = DateTime::from_timestamp(1_792_888_200, 0).unwrap();
    let later = earlier + TimeDelta::hours(1);
    let twice = [earlier, later].map(|at| Memo { due: Moment::at(at, Tz::Europe__Paris), ..memo(1) });
    assert_eq!(twice[0].due.civil, twice[1].due.civil);

    let first = State::open(dir.path()).unwrap();
    for memo in &twice {
        first.journal_one(&here(), &Change::Create(memo.clone()), now()).unwrap();
    }
    drop(first);
    let adopted = State::open(dir.path()).unwrap().adopt(&here()).unwrap();
    assert_eq!(changes_of(adopted), twice.map(Change::Create));
}

// The cache.

#[test]
fn a_schedule_is_cached_until_it_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = Schedule {
        name: "nightly".into(),
        modified: now(),
        enabled: false,
        body: Body::Foreign(Foreign {
            expression: "cron(0 18 ? * MON-FRI *)".to_owned(),
            zone: "UTC".to_owned(),
            due: None,
            about: "arn:aws:lambda:eu-west-1:123456789012:function:report".to_owned(),
        }),
    };
    let once = Schedule {
        name: "once".into(),
        body: Body::Foreign(Foreign {
            expression: "at(2030-01-01T00:00:00)".to_owned(),
            zone: "Nowhere/Else".to_owned(),
            due: Some(now()),
            about: String::new(),
        }),
        ..foreign.clone()
    };
    let other_name = Schedule { name: "zz-by-hand".into(), ..scheduled(memo(3)) };
    let mut rows = vec![scheduled(memo(1)), scheduled(memo(2)), foreign, once, other_name];

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.cached(&here()).unwrap(), Cached::default());
    state.cache(&here(), &rows, &[], Some(now())).unwrap();
    assert_eq!(state.cached(&there()).unwrap(), Cached::default());
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows: rows.clone(), read_at: Some(now()) });

    let changed = Schedule { modified: now() + TimeDelta::nanoseconds(123_456_790), ..rows[1].clone() };
    let later = now() + TimeDelta::minutes(1);
    state.cache(&here(), std::slice::from_ref(&changed), &[Name::clone(&rows[0].name)], Some(later)).unwrap();
    rows[1] = changed;
    rows.remove(0);
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows: rows.clone(), read_at: Some(later) });

    // A part of the schedules does not change the others.
    state.cache(&here(), &rows[..1], &[], None).unwrap();
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows, read_at: Some(later) });
}

#[test]
fn a_cached_schedule_that_cannot_be_decoded_is_left_out_until_it_is_read_again() {
    let spoil = [
        "due = NULL",
        "due = 9223372036854775807",
        "zone = 'Europe/Atlantis'",
        "memo = 'not an id'",
        "modified = 9223372036854775807",
        "modified_nanos = -1",
        "text = CAST(x'ff' AS TEXT)",
    ];
    for assignment in spoil {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let rows = [scheduled(memo(1)), scheduled(memo(2))];
        state.cache(&here(), &rows, &[], Some(now())).unwrap();
        let update = format!("UPDATE cache SET {assignment} WHERE name = ?1");
        assert_eq!(state.database.connection().execute(&update, [&*rows[0].name]).unwrap(), 1);
        let cached = state.cached(&here()).unwrap();
        assert_eq!(cached, Cached { rows: rows[1..].to_vec(), read_at: Some(now()) }, "{assignment}");

        state.cache(&here(), &rows[..1], &[], None).unwrap();
        assert_eq!(state.cached(&here()).unwrap().rows, rows, "{assignment}");
    }
}

// The draft.

#[test]
fn the_draft_is_kept_until_it_is_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let draft = Draft {
        memo: "call mum\nabout the train 🚂".to_owned(),
        date: "tomorrow".to_owned(),
        time: String::new(),
        zone: "Europe/Par".to_owned(),
        editing: Some(MemoId::from_random([7; 16])),
    };
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.draft().unwrap(), None);
    state.save_draft(Some(&Draft::default())).unwrap();
    state.save_draft(Some(&draft)).unwrap();
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.draft().unwrap(), Some(draft));
    state.save_draft(None).unwrap();
    assert_eq!(state.draft().unwrap(), None);
}

#[test]
fn a_draft_with_an_unknown_memo_id_becomes_a_new_memo() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let draft = Draft { memo: "tea".to_owned(), editing: Some(MemoId::from_random([7; 16])), ..Draft::default() };
    state.save_draft(Some(&draft)).unwrap();
    state.database.connection().execute("UPDATE draft SET editing = 'an id of a newer kind'", []).unwrap();
    assert_eq!(state.draft().unwrap(), Some(Draft { editing: None, ..draft }));
}

#[test]
fn the_drafts_that_are_kept_aside_come_back_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let draft = |memo: &str, editing| Draft { memo: memo.to_owned(), editing, ..Draft::default() };
    let aside = [draft("milk", None), draft("tea with Ana", Some(MemoId::from_random([7; 16])))];
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.aside().unwrap(), []);
    state.save_aside(&[draft("bread", None), draft("eggs", None), draft("jam", None)]).unwrap();
    state.save_aside(&aside).unwrap();
    drop(state);
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.aside().unwrap(), aside);
    assert_eq!(state.draft().unwrap(), None, "the draft of the form is another one");
}
