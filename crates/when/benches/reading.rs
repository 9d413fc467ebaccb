//! How long one line takes to be read. The form reads at every key, and the second it is drawn.

#![expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::Criterion;
use when::{Reading, Settings, Tz, read};

/// Whether a line was read as it should be, so that no mistake is measured by accident.
type Expected = fn(&Reading) -> bool;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    let now: DateTime<Utc> = "2026-03-04T09:17:00Z".parse().expect("a time");
    let settings = Settings::default();
    let lines: [(&str, Expected); 5] = [
        ("in 20m", |reading| matches!(reading, Reading::Resolved(_))),
        ("tomorrow 18:00", |reading| matches!(reading, Reading::Resolved(_))),
        ("24 dec 9am Europe/Paris", |reading| matches!(reading, Reading::Resolved(_))),
        ("4/7 2pm", |reading| matches!(reading, Reading::Ask(_))),
        ("tomorow 18:00", |reading| matches!(reading, Reading::Refused(_))),
    ];
    for (line, as_expected) in lines {
        assert!(as_expected(&read(line, now, Tz::Europe__Paris, &settings)), "{line:?} is not read as it was once");
        criterion.bench_function(&format!("one line read: {line}"), |bencher| {
            bencher.iter(|| read(black_box(line), now, Tz::Europe__Paris, &settings));
        });
    }
    criterion.final_summary();
}
