//! The journeys of what is kept: written, closed, opened again, and shared by several instances.

use std::path::Path;
use std::sync::Barrier;
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use when::{Moment, Tz};

use super::{Cached, RowId, State};
use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::memo::Draft;
use crate::memo::{Memo, MemoId};
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

fn lock_files(dir: &Path) -> usize {
    dir.join("instances").read_dir().unwrap().count()
}

// The outbox.

impl State {
    fn journal_one(&self, context: &ContextId, write: &Change, now: DateTime<Utc>) -> Result<RowId, Failure> {
        self.journal(context, std::slice::from_ref(write), now).map(|rows| rows[0])
    }

    fn settle_one(&self, row: RowId) -> Result<(), Failure> {
        self.settle(&[row])
    }

    /// How many writes of this instance are not settled, in all contexts.
    fn unsettled(&self) -> i64 {
        let count = "SELECT count(*) FROM outbox WHERE instance = ?1";
        self.store.connection().query_row(count, [self.instance.name()], |row| row.get(0)).unwrap()
    }
}

#[test]
fn several_writes_are_journalled_and_settled_as_one_is() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    let writes: Vec<Change> = (1..=3).map(|number| Change::Create(memo(number))).collect();
    let rows = first.journal(&here(), &writes, now()).unwrap();
    assert_eq!((rows.len(), first.unsettled()), (3, 3));
    first.settle(&rows[..2]).unwrap();
    drop(first);
    let left: Vec<Change> =
        State::open(dir.path()).unwrap().adopt(&here()).unwrap().into_iter().map(|row| row.write).collect();
    assert_eq!(left, writes[2..]);
}

#[test]
fn what_was_journalled_survives_its_instance_and_is_adopted_once() {
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
    let adopted = second.adopt(&here()).unwrap();
    let told: Vec<_> = adopted.iter().map(|row| (row.write.clone(), row.journalled)).collect();
    assert_eq!(told, [(create, now()), (update, now() + TimeDelta::milliseconds(5))]);
    assert_eq!(second.unsettled(), 2);
    assert_eq!(second.adopt(&here()).unwrap(), [], "its own rows are not offered to it again");

    for row in adopted {
        second.settle_one(row.row).unwrap();
    }
    assert_eq!(second.unsettled(), 0);
}

#[test]
fn what_a_living_instance_journalled_is_left_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    let second = State::open(dir.path()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();

    assert_eq!(second.adopt(&here()).unwrap(), []);
    assert_eq!(first.unsettled(), 1);
    drop(first);
    assert_eq!(second.adopt(&here()).unwrap().len(), 1);
}

#[test]
fn adopting_leaves_other_contexts_to_whoever_comes_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    first.journal_one(&there(), &Change::CancelForeign("nightly".into()), now()).unwrap();
    drop(first);

    let second = State::open(dir.path()).unwrap();
    assert_eq!(second.adopt(&here()).unwrap().len(), 1);
    let adopted = second.adopt(&there()).unwrap();
    assert_eq!(adopted.len(), 1);
    assert_eq!(adopted[0].write, Change::CancelForeign("nightly".into()));
}

#[test]
fn of_several_that_adopt_at_once_exactly_one_gets_each_row() {
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
        // Held until all have adopted: one that had ended would be adopted from in turn.
        start.wait();
        adopted.into_iter().map(|row| row.row).collect::<Vec<_>>()
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
fn the_lock_files_of_the_dead_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    drop(State::open(dir.path()).unwrap());
    assert_eq!(lock_files(dir.path()), 0, "one that ends in order removes its own");

    // One that was killed leaves a file that nobody has locked.
    std::fs::write(dir.path().join("instances/5a1e6a0c-6d3c-4be0-9b57-0a9d4a4a3b11.lock"), "").unwrap();
    let living = State::open(dir.path()).unwrap();
    let state = State::open(dir.path()).unwrap();
    assert_eq!(lock_files(dir.path()), 3);
    state.adopt(&here()).unwrap();
    assert_eq!(lock_files(dir.path()), 2);
    drop(living);
}

#[test]
fn a_row_that_is_gone_can_be_settled_again() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let row = state.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    state.settle_one(row).unwrap();
    state.settle_one(row).unwrap();
    assert_ne!(state.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap(), row);
}

#[test]
fn a_row_that_cannot_be_understood_is_named_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let first = State::open(dir.path()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(1)), now()).unwrap();
    first.journal_one(&here(), &Change::Create(memo(2)), now()).unwrap();
    let changed = first
        .store
        .connection()
        .execute("UPDATE outbox SET write = replace(write, 'Europe/Paris', 'Europe/Atlantis') WHERE id = 2", []);
    assert_eq!(changed.unwrap(), 1);
    drop(first);

    let second = State::open(dir.path()).unwrap();
    let failure = second.adopt(&here()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Disk);
    assert!(failure.what.contains("row 2 of the outbox cannot be read"), "{failure}");
    assert!(failure.what.contains("Europe/Atlantis"), "{failure}");
    assert_eq!(second.unsettled(), 0, "nothing was adopted");
}

fn any_memo() -> impl Strategy<Value = Memo> {
    let zone = prop::sample::select(&chrono_tz::TZ_VARIANTS[..]);
    let milliseconds = -60_000_000_000_000..250_000_000_000_000_i64;
    (any::<[u8; 16]>(), any::<String>(), milliseconds, zone).prop_map(|(id, text, at, zone)| {
        let due = Moment::at(DateTime::from_timestamp_millis(at).unwrap(), zone);
        Memo { id: MemoId::from_random(id), text, due }
    })
}

fn any_write() -> impl Strategy<Value = Change> {
    prop_oneof![
        any_memo().prop_map(Change::Create),
        (any_memo(), any_memo()).prop_map(|(before, after)| Change::Update { before, after }),
        any_memo().prop_map(Change::Cancel),
        any::<String>().prop_map(|name| Change::CancelForeign(name.into())),
    ]
}

proptest! {
    #[test]
    fn any_write_is_read_as_it_was_stored(write in any_write()) {
        let stored = super::stored::store_write(&write).unwrap();
        prop_assert_eq!(super::stored::read_write(&stored), Ok(write));
    }
}

#[test]
fn both_of_a_time_that_happens_twice_are_kept_apart() {
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
    assert_eq!(adopted.into_iter().map(|row| row.write).collect::<Vec<_>>(), twice.map(Change::Create));
}

// The cache.

#[test]
fn what_was_read_is_remembered_until_it_is_gone() {
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
    let named_otherwise = Schedule { name: "zz-by-hand".into(), ..scheduled(memo(3)) };
    let mut rows = vec![scheduled(memo(1)), scheduled(memo(2)), foreign, once, named_otherwise];

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

    // What is known of one says nothing of the others.
    state.cache(&here(), &rows[..1], &[], None).unwrap();
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows, read_at: Some(later) });
}

#[test]
fn a_cached_row_that_cannot_be_understood_is_named_and_can_be_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let row = scheduled(memo(1));
    state.cache(&here(), std::slice::from_ref(&row), &[], Some(now())).unwrap();
    state.store.connection().execute("UPDATE cache SET due = NULL", []).unwrap();
    let failure = state.cached(&here()).unwrap_err();
    assert!(failure.what.contains(&format!("the cached schedule {} cannot be read", row.name)), "{failure}");

    state.cache(&here(), std::slice::from_ref(&row), &[], Some(now())).unwrap();
    assert_eq!(state.cached(&here()).unwrap().rows, [row]);
}

// The draft.

#[test]
fn the_draft_is_there_again_until_it_is_forgotten() {
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

// What arrived.

#[test]
fn what_arrived_is_new_once_and_stays_until_done() {
    let dir = tempfile::tempdir().unwrap();
    let (early, late) = (receipt("z", now() - TimeDelta::hours(1)), receipt("a", now()));
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.undone(&here()).unwrap(), []);
    assert_eq!(state.arrived(&here(), std::slice::from_ref(&late), now()).unwrap(), std::slice::from_ref(&late));
    let both = [late.clone(), early.clone()];
    assert_eq!(state.arrived(&here(), &both, now()).unwrap(), std::slice::from_ref(&early));
    assert_eq!(state.arrived(&there(), &both, now()).unwrap(), both, "a context knows its own only");
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.undone(&here()).unwrap(), [early.clone(), late.clone()]);
    state.done(&here(), &["z".to_owned(), "never arrived".to_owned()]).unwrap();
    assert_eq!(state.undone(&here()).unwrap(), std::slice::from_ref(&late));
    assert_eq!(state.arrived(&here(), &both, now()).unwrap(), [], "what is done is not new again");
    assert_eq!(state.undone(&here()).unwrap(), std::slice::from_ref(&late));
    assert_eq!(state.undone(&there()).unwrap().len(), 2);
}

#[test]
fn what_is_done_is_forgotten_after_ninety_days_and_nothing_else_is() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let all = [receipt("done", now()), receipt("undone", now())];
    state.arrived(&here(), &all, now()).unwrap();
    state.done(&here(), &["done".to_owned()]).unwrap();

    state.arrived(&here(), &[], now() + TimeDelta::days(90)).unwrap();
    assert_eq!(state.arrived(&here(), &all, now()).unwrap(), []);
    state.arrived(&here(), &[], now() + TimeDelta::days(91)).unwrap();
    assert_eq!(state.arrived(&here(), &all, now()).unwrap(), all[..1]);
}

#[test]
fn how_far_the_log_was_read_is_kept_for_each_context() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.read_until(&here()).unwrap(), None);
    state.set_read_until(&here(), now()).unwrap();
    state.cache(&there(), &[], &[], Some(now())).unwrap();
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.read_until(&here()).unwrap(), Some(now()));
    assert_eq!(state.read_until(&there()).unwrap(), None);
    assert_eq!(state.cached(&here()).unwrap().read_at, None);
}

// The file.

#[cfg(unix)]
#[test]
fn the_file_and_its_directory_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;

    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("state/tickler");
    let state = State::open(&home).unwrap();
    state.save_draft(Some(&Draft::default())).unwrap();
    assert_eq!(mode(&home), 0o700);
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        assert_eq!(mode(&home.join(file)), 0o600, "{file}");
    }
    drop(state);

    std::fs::set_permissions(home.join("state.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(State::open(&home).unwrap());
    assert_eq!(mode(&home.join("state.db")), 0o600);
}

#[test]
fn many_may_make_it_at_the_same_time() {
    for _ in 0..8 {
        let dir = tempfile::tempdir().unwrap();
        let start = Barrier::new(8);
        thread::scope(|scope| {
            let open = || {
                start.wait();
                State::open(dir.path()).map(drop)
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            for thread in threads {
                thread.join().unwrap().unwrap();
            }
        });
    }
}

#[test]
fn a_damaged_file_is_said_to_be_damaged_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let rubbish = "this is no database ".repeat(400);
    std::fs::write(&path, &rubbish).unwrap();
    let failure = State::open(dir.path()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Disk);
    assert_eq!(failure.what, format!("{} is damaged.", path.display()));
    assert!(failure.advice.starts_with("Move it aside"), "{failure}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), rubbish);
}

#[test]
fn damage_that_shows_later_is_told_when_it_is_met() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.save_draft(Some(&Draft::default())).unwrap();
    drop(state);
    let path = dir.path().join("state.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // All pages but the first, which holds the schema.
    bytes[4096..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.draft().unwrap_err().what, format!("{} is damaged.", path.display()));
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.store.connection().pragma_update(None, "user_version", 99).unwrap();
    drop(state);
    let failure = State::open(dir.path()).unwrap_err();
    assert!(failure.what.ends_with("was made by a newer tickler (its format is 99, the newest known here is 1)."));
    assert!(failure.advice.starts_with("Update tickler"), "{failure}");
}

#[test]
fn a_file_where_the_directory_should_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let failure = State::open(&file.join("tickler")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Disk);
    assert!(failure.what.contains("something that is no directory is in the way"), "{failure}");
    assert!(failure.what.contains("file/tickler"), "{failure}");
}

#[test]
fn a_write_that_the_disk_refuses_is_told_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let connection = state.store.connection();
    let huge = Draft { memo: "x".repeat(4_000_000), ..Draft::default() };

    connection.pragma_update(None, "query_only", true).unwrap();
    let failure = state.save_draft(Some(&huge)).unwrap_err();
    assert!(failure.what.ends_with("state.db cannot be written."), "{failure}");
    assert!(failure.advice.contains("writable"), "{failure}");
    connection.pragma_update(None, "query_only", false).unwrap();

    connection.query_row("PRAGMA max_page_count = 40", [], |_| Ok(())).unwrap();
    let failure = state.save_draft(Some(&huge)).unwrap_err();
    assert!(failure.what.starts_with("There is no room left"), "{failure}");
    assert_eq!(state.draft().unwrap(), None);

    let other = State::open(dir.path()).unwrap();
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let failure = other.store.write(|_| Ok(state.save_draft(Some(&Draft::default())).unwrap_err())).unwrap();
    assert!(failure.what.contains("has been locked by another program"), "{failure}");
}
