//! Lines of quick entry as people type them: `quick.tsv`, whose head explains its columns, and `ordinary.tsv`, the
//! ordinary lines that must not be guesses.

#![expect(clippy::unwrap_used, reason = "a test fails if it cannot set up")]

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use when::{Moment, Quick, Reading, Settings, Tz, quick, zones};

const HOME: Tz = Tz::America__New_York;

/// Wed 2026-03-04 10:17:00 in New York.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 4, 15, 17, 0).unwrap()
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with("# ")).map(|line| line.split('\t').collect())
}

fn read(line: &str) -> Quick {
    quick(line, now(), HOME, &Settings::default())
}

/// `2026-03-04 18:00:00 UTC`, or in the home zone if none is named.
fn is(moment: &Moment, expected: &str) -> bool {
    let (civil, zone) = expected.split_at("2026-03-04 18:00:00".len());
    let zone = if zone.is_empty() { HOME } else { zones::parse(zone.trim()).unwrap() };
    let civil = NaiveDateTime::parse_from_str(civil, "%Y-%m-%d %H:%M:%S").unwrap();
    // Another name of the same zone has the same clock.
    moment.civil == civil && Moment::at(moment.instant, zone).civil == civil
}

/// The moment of a line and its memo, if the time is certain.
fn certain(line: &Quick) -> Option<&Moment> {
    match &line.time.as_ref()?.reading {
        Reading::Resolved(moment) if moment.guess.is_none() => Some(moment),
        Reading::Resolved(_) | Reading::Ask(_) | Reading::Refused(_) => None,
    }
}

/// Why the time of a line is not certain, in words.
fn why(line: &Quick) -> Option<String> {
    match &line.time.as_ref()?.reading {
        Reading::Resolved(moment) => moment.guess.map(|guess| guess.to_string()),
        Reading::Ask(question) => Some(question.why.clone()),
        Reading::Refused(refusal) => Some(refusal.to_string()),
    }
}

/// Whether a line is read as its row expects.
fn is_right(kind: &str, expected: &str, read: &Quick, line: &str) -> bool {
    let (time, memo) = expected.split_once(" | ").unwrap_or((expected, expected));
    match (kind, read.time.as_ref().map(|found| &found.reading)) {
        ("memo", _) => read.memo == memo && certain(read).is_some_and(|moment| is(moment, time)),
        ("memo-guess", Some(Reading::Resolved(moment))) => {
            read.memo == memo && moment.guess.is_some() && is(moment, time)
        }
        ("memo-ask", Some(Reading::Ask(question))) => {
            let labels: Vec<&str> = question.choices.iter().map(|choice| choice.label.as_str()).collect();
            read.memo == memo && labels.join(", ") == time
        }
        ("plain", None) => read.memo == memo,
        ("safe", Some(_)) => certain(read).map_or(why(read).is_some(), |moment| is(moment, time)),
        // The reason names a word of the line.
        ("unsure", Some(_)) => {
            certain(read).is_none() && why(read).is_some_and(|why| line.split(' ').any(|word| why.contains(word)))
        }
        _ => false,
    }
}

#[test]
fn every_row_of_the_quick_table_is_read_as_expected() {
    let rows: Vec<_> = rows(include_str!("quick.tsv")).collect();
    let faults: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let read = read(row[0]);
            let right = is_right(row[1], row.get(2).copied().unwrap_or_default(), &read, row[0]);
            (!right).then(|| format!("{:?} must be {}, but is {read:?}", row[0], row[1..].join(" ")))
        })
        .collect();
    assert!(faults.is_empty(), "{} of {} rows:\n{}", faults.len(), rows.len(), faults.join("\n"));
}

/// Nothing is gained if everything is a guess.
#[test]
fn at_most_one_in_a_hundred_ordinary_lines_is_not_certain() {
    let rows: Vec<_> = rows(include_str!("ordinary.tsv")).collect();
    assert_eq!(rows.len(), 500);
    let mut wrong = Vec::new();
    let mut uncertain = Vec::new();
    for row in &rows {
        let read = read(row[0]);
        match certain(&read) {
            Some(moment) if is(moment, row[1]) && read.memo == row[2] => {}
            Some(_) => wrong.push(format!("{:?} must be {} | {}, but is {read:?}", row[0], row[1], row[2])),
            None => uncertain.push(format!("{:?}: {:?}", row[0], why(&read))),
        }
    }
    assert!(wrong.is_empty(), "{} misread:\n{}", wrong.len(), wrong.join("\n"));
    assert!(uncertain.len() * 100 <= rows.len(), "{} uncertain:\n{}", uncertain.len(), uncertain.join("\n"));
}

/// The lines of the tables whose time is certain.
fn certain_lines() -> impl Iterator<Item = &'static str> {
    let tables = [include_str!("when.tsv"), include_str!("quick.tsv"), include_str!("ordinary.tsv")];
    tables.into_iter().flat_map(rows).map(|row| row[0]).filter(|line| certain(&read(line)).is_some())
}

/// Fails if a line has a certain time other than this one.
fn never_another_time(line: &str, moment: &Moment, of: &str) {
    let other = read(line);
    if let Some(found) = certain(&other) {
        assert_eq!(found.instant, moment.instant, "{line:?}, made of {of:?}, has another certain time: {other:?}");
    }
}

/// All orders of some parts.
fn orders(parts: &[&str]) -> Vec<String> {
    if parts.is_empty() {
        return vec![String::new()];
    }
    let rest = |first: usize| {
        parts.iter().enumerate().filter(move |(index, _)| *index != first).map(|(_, part)| *part).collect::<Vec<_>>()
    };
    let with = |first: usize| orders(&rest(first)).into_iter().map(move |rest| format!("{} {rest}", parts[first]));
    (0..parts.len()).flat_map(with).map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn the_parts_of_a_line_in_another_order_never_give_another_certain_time() {
    for line in certain_lines() {
        let read = read(line);
        let (Some(moment), Some(found)) = (certain(&read), &read.time) else { continue };
        let times: Vec<&str> = found.spans.iter().map(|span| &line[span.clone()]).collect();
        for other in orders(&[&[read.memo.as_str()], times.as_slice()].concat()) {
            never_another_time(&other, moment, line);
        }
    }
}

/// A memo, a day, an hour and a zone, in every combination of some of each.
fn combinations() -> impl Iterator<Item = [&'static str; 4]> {
    const MEMOS: [&str; 7] = [
        "call mum",
        "dentist",
        "buy 6 eggs and 2 kg flour",
        "1:1 with Bob",
        "standup",
        "text your dad",
        "Ana's party 🎂",
    ];
    const DAYS: [&str; 15] = [
        "fri",
        "friday",
        "tomorrow",
        "next friday",
        "24 dec",
        "the 2nd friday of may",
        "2026-03-20",
        "13/6/26",
        "a week on friday",
        "friday week",
        "the day after tomorrow",
        "6-mar",
        "2026-W12-1",
        "in 3 days",
        "on the 27th",
    ];
    const HOURS: [&str; 8] =
        ["18:00", "6pm", "at noon", "half past six pm", "at 6:45 pm", "18h30", "1800 hours", "six pm"];
    const ZONES: [&str; 8] = ["", "Paris", "Europe/Paris", "UTC", "PST", "Tokyo time", "+02:00", "eastern"];
    let all = (0..MEMOS.len() * DAYS.len() * HOURS.len()).map(|index| {
        let (memo, day, hour) =
            (index % MEMOS.len(), index / MEMOS.len() % DAYS.len(), index / MEMOS.len() / DAYS.len());
        [MEMOS[memo], DAYS[day], HOURS[hour], ZONES[(memo + day + hour) % ZONES.len()]]
    });
    all.into_iter()
}

#[test]
fn a_memo_a_day_an_hour_and_a_zone_in_any_order_never_give_another_certain_time() {
    let mut checked = 0;
    for parts in combinations() {
        let usual = parts.join(" ");
        let Some(moment) = certain(&read(usual.trim_end())).copied() else { continue };
        checked += 1;
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        for line in orders(&parts) {
            never_another_time(&line, &moment, &usual);
        }
    }
    assert!(checked > 500, "only {checked} combinations are certain in the usual order");
}

/// Every word with one letter that is missing, doubled, wrong or swapped with the next.
fn mistyped(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = Vec::new();
    for at in 0..letters.len() {
        let (before, after) = (&letters[..at], &letters[at + 1..]);
        let with = |middle: &[char]| [before, middle, after].concat().into_iter().collect::<String>();
        all.extend([with(&[]), with(&[letters[at], letters[at]]), with(&['x']), with(&['e']), with(&['s'])]);
        if let Some(next) = letters.get(at + 1) {
            all.push([before, &[*next, letters[at]], &after[1..]].concat().into_iter().collect());
        }
    }
    all.retain(|mistyped| mistyped != word);
    all
}

/// Of most shorter words, a near miss is another English word.
/// Of most shorter words, a near miss is another English word: here one letter is a `q` or is doubled.
#[test]
fn a_mistyped_short_day_or_month_never_gives_another_certain_time() {
    const NAMES: [&str; 22] = [
        "mon", "tue", "tues", "wed", "thu", "thur", "fri", "sat", "sun", "jan", "feb", "mar", "march", "apr", "april",
        "jun", "june", "jul", "july", "aug", "sept", "oct",
    ];
    for line in certain_lines().filter(|line| line.is_ascii()) {
        let read = read(line);
        let (Some(moment), Some(found)) = (certain(&read), &read.time) else { continue };
        for span in &found.spans {
            for word in line[span.clone()].split(|c: char| !c.is_alphabetic()) {
                if !NAMES.contains(&word) || !line[..span.start].is_empty() && line[..span.start].contains(word) {
                    continue;
                }
                for at in 0..word.len() {
                    let (before, letter, after) = (&word[..at], &word[at..=at], &word[at + 1..]);
                    let others = [format!("{before}q{after}"), format!("{before}{letter}{letter}{after}")];
                    for other in others.iter().filter(|other| *other != "moon") {
                        never_another_time(&line.replacen(word, other, 1), moment, line);
                    }
                }
            }
        }
    }
}

#[test]
fn a_mistyped_word_of_six_letters_never_gives_another_certain_time() {
    /// English words one letter away from a word of time, some of them words of the grammar.
    const WORDS: [&str; 9] =
        ["minute", "minutes", "month", "evenings", "mornings", "afternoons", "weekends", "sundae", "second"];
    let generated = combinations().step_by(11).map(|parts| parts.join(" ").trim_end().to_owned());
    for line in certain_lines().map(str::to_owned).chain(generated) {
        let line = line.as_str();
        let read = read(line);
        let (Some(moment), Some(found)) = (certain(&read), &read.time) else { continue };
        for span in &found.spans {
            for word in line[span.clone()].split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 5) {
                let others = mistyped(&word.to_lowercase());
                for other in others.iter().filter(|other| !WORDS.contains(&other.as_str())) {
                    never_another_time(&line.replacen(word, other, 1), moment, line);
                }
            }
        }
    }
}
