//! The formats that `docs/cli.md` promises.

use serde_json::{Value, json};

use super::shell::Shell;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn tea() -> Value {
    json!({
        "id": "01010101-0101-4101-8101-010101010101",
        "memo": "tea",
        "due": "2026-03-04T10:37:00+01:00",
        "zone": "Europe/Paris",
        "state": "pending",
        "schedule":
            "arn:aws:scheduler:local-1:000000000000:schedule/tickler/01010101-0101-4101-8101-010101010101",
    })
}

#[test]
fn every_command_prints_a_memo_in_one_format() {
    let shell = Shell::new();
    assert_eq!(shell.run(&["add", "tea", "in", "20", "min", "--json"]).json(), tea());
    assert_eq!(shell.run(&["list", "--json"]).json(), json!([tea()]));
    assert_eq!(shell.run(&["list", "--cached", "--json"]).json(), json!([tea()]));
    assert_eq!(shell.run(&["show", "01", "--json"]).json(), tea());
    let with = |changes: Value| {
        let mut memo = tea();
        memo.as_object_mut().unwrap().append(&mut changes.as_object().unwrap().clone());
        memo
    };
    let later = json!({"due": "2026-03-04T10:47:00+01:00"});
    assert_eq!(shell.run(&["snooze", "01", "--json"]).json(), with(later));
    let coffee = json!({"memo": "coffee", "due": "2026-07-01T08:00:00Z".replace("08:00:00Z", "10:00:00+02:00")});
    let edited = shell.run(&["edit", "01", "-m", "coffee", "--at", "2026-07-01 10:00", "--json"]).json();
    assert_eq!(edited, with(coffee.clone()));
    let mut delivered = with(coffee);
    delivered["state"] = "delivered".into();
    assert_eq!(shell.run(&["run", "01", "--json"]).json(), delivered);
    assert_eq!(shell.run(&["list", "--json"]).json(), json!([]));
}

#[test]
fn cancel_prints_an_array_of_memos() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "20", "min"]);
    let mut cancelled = tea();
    cancelled["state"] = "cancelled".into();
    assert_eq!(shell.run(&["cancel", "01", "--json"]).json(), json!([cancelled]));
}

#[test]
fn a_delivery_has_one_format() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "20", "min"]);
    shell.pass_with_host(20);
    let delivery = json!({
        "id": "01010101-0101-4101-8101-010101010101",
        "memo": "tea",
        "at": "2026-03-04T10:37:00+01:00",
        "scheduled": "2026-03-04T10:37:00+01:00",
        "zone": "Europe/Paris",
        "state": "delivered",
        "attempt": 1,
        "by_hand": false,
    });
    assert_eq!(shell.run(&["history", "--json"]).json(), json!([delivery]));
    assert_eq!(shell.run(&["show", "01", "--json"]).json(), delivery);
}

#[test]
fn an_error_has_one_format() {
    let shell = Shell::new();
    let error = |line: &[&str]| -> Value { serde_json::from_str(&shell.run(line).errors).unwrap() };
    let printed = error(&["add", "tea", "--json"]);
    assert_eq!(keys(&printed), ["error"]);
    assert_eq!(keys(&printed["error"]), ["hint", "kind", "message"]);
    let kinds = [
        (&["add", "tea", "--json"][..], "no-time"),
        (&["add", "tea", "--at", "floop", "--json"], "not-understood"),
        (&["add", "tea", "--at", "yesterday", "--json"], "past"),
        (&["add", "tea", "--at", "at 5", "--json"], "guess"),
        (&["add", "tea", "--at", "4/7", "--json"], "ambiguous"),
        (&["add", "tea", "--at", "2026-03-29 02:30", "--json"], "skipped"),
        (&["add", "--json", "--bad"], "usage"),
        (&["show", "01", "--json"], "not-found"),
        (&["add", "tea", "in", "1", "h", "--read-only", "--json"], "read-only"),
    ];
    for (line, kind) in kinds {
        assert_eq!(error(line)["error"]["kind"], kind, "{line:?}");
    }
    let twice = error(&["add", "tea", "--at", "2026-10-25 02:30", "--json"]);
    assert_eq!(twice["error"]["choices"], json!(["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]));
}

#[test]
fn every_field_is_documented() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md")).unwrap();
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "20", "min"]);
    let memo = shell.run(&["show", "01", "--json"]).json();
    shell.pass_with_host(20);
    let delivery = shell.run(&["show", "01", "--json"]).json();
    for key in keys(&memo).into_iter().chain(keys(&delivery)) {
        assert!(document.contains(&format!("`{key}`")), "{key} is not in docs/cli.md");
    }
}

#[test]
fn a_calendar_has_the_zones_and_the_repeated_hour() {
    let shell = Shell::new();
    shell.run(&["add", "call mum; then, tea", "--at", "fri 18:00"]);
    shell.run_with(&["add", "--at", "2026-07-01 9:00 America/New_York"], Some("stand up\nand sit down"));
    shell.run(&["add", "the later one", "--at", "2026-10-25 02:30:00 +01:00 Europe/Paris"]);
    shell.run(&["add", "no zone", "--at", "2026-12-01 12:00 UTC"]);
    insta::assert_snapshot!(
        shell.run(&["export"]).output.replace("\r\n", "\n").replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
}
