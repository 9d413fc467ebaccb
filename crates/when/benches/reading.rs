//! How long it takes to read one line, as a time and as quick entry. The form reads at every key and
//! whenever it is drawn.

#![expect(clippy::expect_used, reason = "a benchmark needs its setup")]

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput};
use when::{Quick, Reading, Settings, Tz, quick, read};

/// The zone of the person in the table.
const HOME: Tz = Tz::America__New_York;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    let now = "2026-03-04T15:17:00Z".parse().expect("a time");
    single_lines(&mut criterion, now);
    the_table(&mut criterion, now);
    criterion.final_summary();
}

/// Common lines, and the slowest ones.
fn single_lines(criterion: &mut Criterion, now: DateTime<Utc>) {
    /// Whether a line was read as expected, so that the benchmark does not measure a mistake.
    type Expected<T> = fn(&T) -> bool;

    let settings = Settings::default();
    let expressions: [(&str, Expected<Reading>); 5] = [
        ("in 20m", |reading| matches!(reading, Reading::Resolved(_))),
        ("tomorrow 18:00", |reading| matches!(reading, Reading::Resolved(_))),
        ("24 dec 9am Europe/Paris", |reading| matches!(reading, Reading::Resolved(_))),
        ("4/7 2pm", |reading| matches!(reading, Reading::Ask(_))),
        ("tomorow 18:00", |reading| matches!(reading, Reading::Refused(_))),
    ];
    for (line, as_expected) in expressions {
        assert!(as_expected(&read(line, now, HOME, &settings)), "{line:?} is not read as expected");
        criterion.bench_function(&format!("one line read: {line}"), |bencher| {
            bencher.iter(|| read(black_box(line), now, HOME, &settings));
        });
    }
    let lines: [(&str, Expected<Quick>); 3] = [
        ("call mum fri 18:00 Paris", |line| line.time.is_some()),
        ("tomorrow 9am standup with the Auckland office", |line| line.time.is_some()),
        ("move old monitor to the attic, sell the table and call Ana about it", |line| line.time.is_none()),
    ];
    for (line, as_expected) in lines {
        assert!(as_expected(&quick(line, now, HOME, &settings)), "{line:?} is not read as expected");
        criterion.bench_function(&format!("one line of quick entry: {line}"), |bencher| {
            bencher.iter(|| quick(black_box(line), now, HOME, &settings));
        });
    }
}

/// All rows of the table. Divide the reported time by their number for the time of one line.
fn the_table(criterion: &mut Criterion, now: DateTime<Utc>) {
    let settings = Settings::default();
    let rows = include_str!("../tests/when.tsv").lines().filter(|row| !row.starts_with('#'));
    let lines: Vec<&str> = rows.filter_map(|row| row.split('\t').next()).collect();
    let mut group = criterion.benchmark_group(format!("all {} lines of the table", lines.len()));
    group.throughput(Throughput::Elements(lines.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| lines.iter().for_each(|line| drop(read(black_box(line), now, HOME, &settings))));
    });
    group.bench_function("quick", |bencher| {
        bencher.iter(|| lines.iter().for_each(|line| drop(quick(black_box(line), now, HOME, &settings))));
    });
    group.finish();
}
