//! What `read` and `quick` guarantee for any text. The property tests and the fuzz target check it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use when::{Moment, Reading, Settings, Tz, quick, read};

/// Reads a text with `read` and `quick` and checks the results.
///
/// # Panics
/// If an invariant does not hold.
pub fn check(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) {
    check_reading(text, &read(text, now, zone, settings), now);
    let line = quick(text, now, zone, settings);
    assert!(is_subsequence(&line.memo, text), "{line:?}");
    let Some(found) = &line.time else {
        assert_eq!(line.memo, text, "a line without a time is unchanged");
        return;
    };
    assert_eq!(line.memo.trim(), line.memo);
    assert!(!found.spans.is_empty(), "{line:?}");
    assert!(
        found.spans.iter().all(|span| text.get(span.clone()).is_some_and(|part| !part.trim().is_empty())),
        "{line:?}"
    );
    assert!(found.spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{line:?}");
    check_reading(text, &found.reading, now);
}

fn check_reading(text: &str, reading: &Reading, now: DateTime<Utc>) {
    match reading {
        Reading::Resolved(moment) => {
            assert!(moment.instant > now, "{moment:?}");
            assert_eq!(Moment::at(moment.instant, moment.zone).civil, moment.civil);
        }
        Reading::Ask(question) => {
            assert!(question.choices.len() > 1, "{question:?}");
            assert!(question.choices.iter().all(|choice| choice.moment.instant > now), "{question:?}");
            let labels: HashSet<_> = question.choices.iter().map(|choice| &choice.label).collect();
            assert_eq!(labels.len(), question.choices.len(), "{question:?}");
            assert!(question.why.ends_with('.'), "{question:?}");
        }
        Reading::Refused(refusal) => {
            assert!(text.get(refusal.span.clone()).is_some(), "{refusal:?}");
            assert!(!refusal.to_string().contains(char::is_control), "{refusal}");
            assert!(refusal.to_string().ends_with(['.', '?']), "{refusal}");
        }
    }
}

/// Whether the text contains all characters of a memo in order.
fn is_subsequence(memo: &str, text: &str) -> bool {
    let mut typed = text.chars();
    memo.chars().all(|wanted| typed.any(|c| c == wanted))
}
