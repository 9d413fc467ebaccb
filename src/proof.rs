//! Combines the lines of the delivery log and the dead letters into one receipt for each delivery.
//!
//! A single line that says "failed" does not mean that a delivery failed: Lambda tries an asynchronous event three times in
//! all, and each try leaves a line. Pure. Does not depend on how the log or the queue is read.

use std::collections::HashMap;

use crate::memo::Delivery;
use crate::schedule::{Outcome, Receipt};

/// How often Lambda tries an asynchronous event.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const TRIES: usize = 3;

/// One receipt for each delivery, in order of time.
///
/// If a delivery succeeded, its first success counts, whatever failed before or after; it may be delivered twice. Otherwise
/// the last failure counts, and it is final if it is the third, or a dead letter. A memo that was run now, or an input that
/// is not a memo, keeps its own receipt.
#[must_use]
pub fn settle(mut lines: Vec<Receipt>) -> Vec<Receipt> {
    lines.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    let mut settled: Vec<Receipt> = Vec::new();
    let mut known: HashMap<Delivery, (usize, usize)> = HashMap::new();
    for line in lines {
        let Some(delivery) = line.delivery() else {
            settled.push(line);
            continue;
        };
        match known.get_mut(&delivery) {
            None => {
                known.insert(delivery, (settled.len(), usize::from(is_retryable(&line))));
                settled.push(keyed(line, delivery));
            }
            Some((place, tries)) => {
                *tries += usize::from(is_retryable(&line));
                settled[*place] = joined(&settled[*place], line, *tries, delivery);
            }
        }
    }
    settled.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    settled
}

/// Whether it is a failure that may be retried.
fn is_retryable(line: &Receipt) -> bool {
    !line.is_delivered() && !line.is_lost()
}

/// The receipt that follows from an earlier and a later one of the same delivery.
fn joined(earlier: &Receipt, later: Receipt, tries: usize, delivery: Delivery) -> Receipt {
    if earlier.is_delivered() {
        return earlier.clone();
    }
    let was_final = earlier.is_lost();
    let mut now = keyed(later, delivery);
    if let Outcome::Failed { is_final, .. } = &mut now.outcome {
        *is_final |= was_final || tries >= TRIES;
    }
    now
}

/// All failures of a delivery have the same key, from whichever line or letter they come.
fn keyed(line: Receipt, delivery: Delivery) -> Receipt {
    if line.is_delivered() { line } else { Receipt { key: lost_key(delivery), ..line } }
}

/// The key of a failure of this delivery.
#[must_use]
pub fn lost_key(delivery: Delivery) -> String {
    format!("failed/{}/{}", delivery.id, delivery.scheduled.timestamp())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::memo::MemoId;

    fn line(key: &str, minute: i64, outcome: Outcome) -> Receipt {
        let due: DateTime<Utc> = "2026-11-24T17:00:00Z".parse().unwrap();
        Receipt {
            key: key.to_owned(),
            id: Some(MemoId::from_random([1; 16])),
            text: "tea".to_owned(),
            zone: None,
            scheduled: Some(due),
            at: due + TimeDelta::minutes(minute),
            attempt: 1,
            by_hand: false,
            outcome,
        }
    }

    fn failed(key: &str, minute: i64) -> Receipt {
        line(key, minute, Outcome::Failed { error: format!("error of {key}"), is_final: false })
    }

    fn dead(key: &str, minute: i64) -> Receipt {
        line(key, minute, Outcome::Failed { error: format!("error of {key}"), is_final: true })
    }

    #[test]
    fn the_third_failure_is_final() {
        let settled = settle(vec![failed("a", 0), failed("b", 1)]);
        assert_eq!(settled.len(), 1);
        assert!(!settled[0].is_lost() && settled[0].error() == Some("error of b"));
        let settled = settle(vec![failed("c", 3), failed("a", 0), failed("b", 1)]);
        assert_eq!(settled.len(), 1);
        assert!(settled[0].is_lost() && settled[0].error() == Some("error of c"));
    }

    #[test]
    fn a_dead_letter_is_always_final() {
        for lines in [vec![dead("d", 5)], vec![failed("a", 0), dead("d", 5)], vec![dead("d", 0), failed("a", 5)]] {
            let settled = settle(lines);
            assert_eq!(settled.len(), 1);
            assert!(settled[0].is_lost(), "{settled:?}");
            assert_eq!(settled[0].key, lost_key(settled[0].delivery().unwrap()));
        }
    }

    #[test]
    fn a_success_counts_whatever_failed_before_or_after() {
        let delivered = line("ok", 2, Outcome::Delivered);
        for lines in [
            vec![failed("a", 0), delivered.clone()],
            vec![delivered.clone(), failed("a", 3)],
            vec![failed("a", 0), failed("b", 1), delivered.clone(), dead("d", 9)],
            vec![delivered.clone(), line("twice", 4, Outcome::Delivered)],
        ] {
            assert_eq!(settle(lines), std::slice::from_ref(&delivered));
        }
    }

    #[test]
    fn another_time_of_the_same_memo_is_another_delivery() {
        let mut later = failed("later", 70);
        later.scheduled = later.scheduled.map(|at| at + TimeDelta::hours(1));
        assert_eq!(settle(vec![line("ok", 0, Outcome::Delivered), later]).len(), 2);
    }

    #[test]
    fn a_memo_that_was_run_now_proves_no_scheduled_delivery() {
        let by_hand = Receipt { by_hand: true, ..line("now", 0, Outcome::Delivered) };
        let settled = settle(vec![by_hand.clone(), failed("a", 1)]);
        assert_eq!(settled.len(), 2);
        assert_eq!(settled[0], by_hand);
    }
}
