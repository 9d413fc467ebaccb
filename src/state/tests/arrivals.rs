//! The receipts of deliveries, and what one damaged value leaves of the rest.

use super::*;
use crate::state::{Arrivals, Mark};

#[test]
fn a_receipt_is_new_once_and_stays_until_it_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let (early, late) = (receipt("z", now() - TimeDelta::hours(1)), receipt("a", now()));
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), []);
    assert_eq!(state.arrived(&here(), std::slice::from_ref(&late), now()).unwrap(), std::slice::from_ref(&late));
    let both = [late.clone(), early.clone()];
    assert_eq!(state.arrived(&here(), &both, now()).unwrap(), std::slice::from_ref(&early));
    assert_eq!(state.arrived(&there(), &both, now()).unwrap(), both, "each context has its own receipts");
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), [early.clone(), late.clone()]);
    state.done(&here(), &["z".to_owned(), "never arrived".to_owned()]).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), std::slice::from_ref(&late));
    assert_eq!(state.arrived(&here(), &both, now()).unwrap(), [], "a receipt that is done is not new again");
    assert_eq!(state.not_done(&here()).unwrap(), std::slice::from_ref(&late));
    assert_eq!(state.not_done(&there()).unwrap().len(), 2);
}

#[test]
fn only_receipts_that_are_done_are_deleted_after_ninety_days() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let all = [receipt("done", now()), receipt("not done", now())];
    state.arrived(&here(), &all, now()).unwrap();
    state.done(&here(), &["done".to_owned()]).unwrap();

    state.arrived(&here(), &[], now() + TimeDelta::days(90)).unwrap();
    assert_eq!(state.arrived(&here(), &all, now()).unwrap(), []);
    state.arrived(&here(), &[], now() + TimeDelta::days(91)).unwrap();
    assert_eq!(state.arrived(&here(), &all, now()).unwrap(), all[..1]);
}

#[test]
fn each_context_has_its_own_read_until() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.read_until(&here(), now()).unwrap(), None);
    let read = Arrivals { read_until: Some(now()), ..Arrivals::default() };
    state.record(&here(), &read, now()).unwrap();
    state.cache(&there(), &[], &[], Some(now())).unwrap();
    drop(state);

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.read_until(&here(), now()).unwrap(), Some(now()));
    assert_eq!(state.read_until(&there(), now()).unwrap(), None);
    assert_eq!(state.cached(&here()).unwrap().read_at, None);
}

#[test]
fn a_mark_can_be_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let tea = receipt("tea", now());
    state.arrived(&here(), std::slice::from_ref(&tea), now()).unwrap();
    let keys = ["tea".to_owned()];
    state.mark(&here(), &keys, Mark::Done).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), []);
    state.mark(&here(), &keys, Mark::NotDone).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), [tea]);
}

#[test]
fn arrivals_are_recorded_at_once_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let (tea, milk) = (receipt("tea", now()), receipt("milk", now() + TimeDelta::seconds(1)));
    let first = Arrivals { receipts: vec![tea.clone()], ..Arrivals::default() };
    state.record(&here(), &first, now()).unwrap();
    let second = Arrivals {
        receipts: vec![tea.clone(), milk.clone()],
        marks: vec![("tea".to_owned(), Mark::Done)],
        read_until: Some(now()),
    };
    let connection = state.database.connection();
    connection.pragma_update(None, "query_only", true).unwrap();
    assert!(state.record(&here(), &second, now()).is_err());
    let kept = state.kept_of(&here(), &second.receipts).unwrap();
    assert_eq!((kept.known, kept.not_done), (["tea".to_owned()].into(), vec![tea]), "it can still be read");
    connection.pragma_update(None, "query_only", false).unwrap();

    let (new, kept) = state.record(&here(), &second, now()).unwrap();
    assert_eq!((new, kept.not_done), (["milk".to_owned()].into(), vec![milk]));
    assert_eq!(state.read_until(&here(), now()).unwrap(), Some(now()));
}

#[test]
fn a_damaged_receipt_is_reported_once_and_can_be_marked_as_done() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let all = [receipt("bytes", now()), receipt("json", now()), receipt("whole", now())];
    state.arrived(&here(), &all, now() - TimeDelta::minutes(1)).unwrap();
    for damage in [
        "UPDATE arrived SET receipt = 'no json' WHERE key = 'json'",
        "UPDATE arrived SET receipt = CAST(x'ff' AS TEXT) WHERE key = 'bytes'",
    ] {
        state.database.connection().execute(damage, []).unwrap();
    }
    let kept = state.kept_of(&here(), &[]).unwrap();
    let texts: Vec<&str> = kept.not_done.iter().map(|receipt| receipt.text.as_str()).collect();
    let stand_in = "(a delivery whose record is damaged)";
    assert_eq!(texts, [stand_in, stand_in, "text of whole"]);
    assert!(kept.damaged[0].what.contains("the receipt bytes cannot be read"), "{:?}", kept.damaged);
    assert_eq!((kept.damaged.len(), state.kept_of(&here(), &[]).unwrap().damaged.len()), (2, 0));

    let (new, _) = state
        .record(&here(), &Arrivals { receipts: vec![receipt("new", now())], ..Arrivals::default() }, now())
        .unwrap();
    assert_eq!(new, ["new".to_owned()].into(), "it keeps nothing else from working");
    state.done(&here(), &["bytes".to_owned(), "json".to_owned()]).unwrap();
    assert_eq!(state.not_done(&here()).unwrap().len(), 2);
}

#[test]
fn damage_of_one_value_is_not_damage_of_all() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.cache(&here(), &[scheduled(memo(1))], &[], Some(now())).unwrap();
    state.record(&here(), &Arrivals { read_until: Some(now()), ..Arrivals::default() }, now()).unwrap();
    state.save_draft(Some(&Draft { memo: "tea".to_owned(), ..Draft::default() })).unwrap();
    for damage in [
        "UPDATE context SET read_at = 9223372036854775807, read_until = 9223372036854775807",
        "UPDATE draft SET date = CAST(x'746fff' AS TEXT), editing = CAST(x'ff' AS TEXT)",
    ] {
        state.database.connection().execute(damage, []).unwrap();
    }
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows: vec![scheduled(memo(1))], read_at: None });
    // As far back as every receipt is kept, so that none is new again.
    assert_eq!(state.read_until(&here(), now()).unwrap(), Some(now() - TimeDelta::days(90)));
    let draft = state.draft().unwrap().unwrap();
    assert_eq!((draft.memo.as_str(), draft.date.as_str(), draft.editing), ("tea", "to\u{fffd}", None));
}

#[test]
fn a_receipt_that_is_done_can_be_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let (one, other) = (receipt("a", now()), receipt("b", now()));
    let both = Arrivals { receipts: vec![one.clone(), other], ..Arrivals::default() };
    assert_eq!(state.record(&here(), &both, now()).unwrap().0.len(), 2);
    state.done(&here(), &["a".to_owned(), "b".to_owned()]).unwrap();
    state.mark(&here(), &["a".to_owned(), "of another log".to_owned()], Mark::NotDone).unwrap();
    assert_eq!(state.not_done(&here()).unwrap(), [one]);
    assert_eq!(state.record(&here(), &both, now()).unwrap().0, [].into(), "it is not new");
}
