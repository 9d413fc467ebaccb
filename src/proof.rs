//! What the lines of a delivery log and the dead letters prove, taken together: one receipt for each delivery.
//!
//! A schedule that is gone proves nothing, and neither does a single line that says "failed": Lambda tries an event
//! that came asynchronously three times in all, and each try leaves its line. Pure; it must never know how a log or a
//! queue is read.

use std::collections::HashMap;

use crate::memo::Delivery;
use crate::schedule::{Outcome, Receipt};

/// How often Lambda tries an event that came asynchronously.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const TRIES: usize = 3;

/// What was found out of the deliveries that these lines and letters tell of, in order of time.
///
/// Of one delivery that was made, the first line that says so counts, whatever failed before or after: it may be
/// made twice. Of one that was not, the last failure counts; it is final when it is the third, or a dead letter. What
/// was run by hand, and what is none of ours, stands for itself.
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
                known.insert(delivery, (settled.len(), usize::from(is_try(&line))));
                settled.push(keyed(line, delivery));
            }
            Some((place, tries)) => {
                *tries += usize::from(is_try(&line));
                settled[*place] = joined(&settled[*place], line, *tries, delivery);
            }
        }
    }
    settled.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    settled
}

/// Whether it is the line of a try that failed and may be tried again.
fn is_try(line: &Receipt) -> bool {
    !line.is_delivered() && !line.is_lost()
}

/// What a later line adds to what an earlier one says of the same delivery.
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

/// A failure goes by the name of its delivery, whichever of its lines or letters tells of it.
fn keyed(line: Receipt, delivery: Delivery) -> Receipt {
    if line.is_delivered() { line } else { Receipt { key: lost_key(delivery), ..line } }
}

/// The key under which a failure of this delivery goes.
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
    fn a_failure_is_final_when_it_is_the_third() {
        let settled = settle(vec![failed("a", 0), failed("b", 1)]);
        assert_eq!(settled.len(), 1);
        assert!(!settled[0].is_lost() && settled[0].error() == Some("error of b"));
        let settled = settle(vec![failed("c", 3), failed("a", 0), failed("b", 1)]);
        assert_eq!(settled.len(), 1);
        assert!(settled[0].is_lost() && settled[0].error() == Some("error of c"));
    }

    #[test]
    fn a_dead_letter_is_final_whatever_else_is_known() {
        for lines in [vec![dead("d", 5)], vec![failed("a", 0), dead("d", 5)], vec![dead("d", 0), failed("a", 5)]] {
            let settled = settle(lines);
            assert_eq!(settled.len(), 1);
            assert!(settled[0].is_lost(), "{settled:?}");
            assert_eq!(settled[0].key, lost_key(settled[0].delivery().unwrap()));
        }
    }

    #[test]
    fn a_delivery_counts_whatever_failed_before_or_after() {
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
    fn what_was_run_by_hand_proves_only_itself() {
        let by_hand = Receipt { by_hand: true, ..line("now", 0, Outcome::Delivered) };
        let settled = settle(vec![by_hand.clone(), failed("a", 1)]);
        assert_eq!(settled.len(), 2);
        assert_eq!(settled[0], by_hand);
    }
}
