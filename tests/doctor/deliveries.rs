//! The delivery test: a memo a minute ahead, and its outcome.

use std::cell::RefCell;

use tickler::aws::{Doctor, Finding, ProofProgress, prove_delivery};
use tickler::memo::MemoId;
use when::Tz;

use super::aws::{Answer, Aws, denied, missing};
use super::{Cases, KEYS, printed};
use crate::wire::profiles::machine;
use crate::wire::settings;

const ID: &str = "01010101-0101-4101-8101-010101010101";

/// The finding. `turn` is called with the progress.
async fn prove(aws: &Aws, turn: impl Fn(ProofProgress)) -> Finding {
    let machine = machine(KEYS, aws.http_client());
    let settings = settings();
    let doctor = Doctor { machine: &machine, settings: &settings, clock: aws.clock(), zone: Tz::Europe__Paris };
    let scheduler = doctor.check().await.scheduler.expect("all is well");
    prove_delivery(&scheduler, MemoId::from_random([1; 16]), Tz::Europe__Paris, turn).await
}

/// A log with one line, for a memo at a time.
fn log(time: &str, rest: &str) -> Answer {
    let line = format!(r#"{{"tickler":1,"id":"{ID}","memo":"m","scheduledTime":"{time}","attempt":"1",{rest}}}"#);
    let event = serde_json::json!({"eventId": "1", "timestamp": 1_795_443_071_000_i64, "message": line});
    Answer::Body(serde_json::json!({ "events": [event] }).to_string())
}

#[tokio::test(start_paused = true)]
async fn a_memo_arrives() {
    let aws = Aws::well();
    let waits = RefCell::new(Vec::new());
    let finding = prove(&aws, |waiting| {
        waits.borrow_mut().push(waiting);
        if waiting.now > waiting.due {
            let delivered = r#""outcome":"delivered","deliveredAt":"2026-11-23T14:11:09Z""#;
            aws.answer("FilterLogEvents", log("2026-11-23T14:11:00Z", delivered));
        }
    });
    let finding = finding.await;
    assert_eq!(finding, Finding::ok("delivery", "A memo arrived at 15:11:09, 9 s after it was due."));
    let waits = waits.into_inner();
    assert!(waits.len() > 10, "it is told while it waits");
    assert!(
        waits.iter().all(|wait| wait.due == "2026-11-23T14:11:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap())
    );
    let asked = aws.asked();
    assert!(asked.contains(&format!("CreateSchedule {ID}")), "{asked:?}");
    assert!(!asked.contains(&format!("DeleteSchedule {ID}")), "the scheduler deletes it");
}

#[tokio::test(start_paused = true)]
async fn a_memo_does_not_arrive() {
    let mut cases = Cases::default();
    let failed = r#""outcome":"failed","timestamp":"2026-11-23T14:11:09Z","error":"NotFound: Topic does not exist.""#;
    let another_time = r#""outcome":"delivered","deliveredAt":"2026-11-23T14:11:09Z""#;
    let silent = |_: ProofProgress| ();
    for (case, line) in [
        ("the scheduler keeps it", None),
        ("it is gone without a line", None),
        ("the log has a line of another time", Some(log("2026-11-22T14:11:00Z", another_time))),
        ("the function fails", Some(log("2026-11-23T14:11:00Z", failed))),
    ] {
        // Each case starts at the same time.
        let aws = Aws::well();
        if let Some(line) = line {
            aws.answer("FilterLogEvents", line);
        }
        let gone = case.contains("gone");
        let finding = prove(&aws, |_| {
            if gone {
                aws.answer("DeleteSchedule", missing("Schedule x does not exist."));
            }
        });
        cases.add(case, &printed(vec![finding.await]));
    }
    let aws = Aws::well();
    let finding = prove(&aws, |_| aws.answer("FilterLogEvents", denied("")));
    cases.add("the log may not be read", &printed(vec![finding.await]));
    let aws = Aws::well().but("FilterLogEvents", missing("The specified log group does not exist."));
    let finding = prove(&aws, silent);
    cases.add("the log never begins", &printed(vec![finding.await]));
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn without_a_log_no_delivery_is_tested() {
    let aws = Aws::well().but("CreateSchedule", denied(""));
    let machine = machine(KEYS, aws.http_client());
    let settings = settings();
    let doctor = Doctor { machine: &machine, settings: &settings, clock: aws.clock(), zone: Tz::Europe__Paris };
    let checkup = doctor.check().await;
    assert!(checkup.scheduler.is_none());
    let finding = checkup.delivery_unproved();
    assert_eq!(finding.found, "Skipped, because no test schedule was accepted.");
    let well = Doctor { machine: &crate::wire::profiles::machine(KEYS, Aws::well().http_client()), ..doctor };
    let finding = well.check().await.delivery_unproved();
    assert!(finding.advice.contains("tickler doctor --deliver"), "{finding:?}");
}
