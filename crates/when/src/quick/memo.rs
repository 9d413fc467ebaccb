//! What remains of a line when its time is taken out.
//!
//! Knows nothing of times: it is told what to cut, and mends the edges.

use std::ops::Range;

use super::line::Line;
use super::runs::Run;

/// The memo that remains without the runs, and without the words that only ask for a reminder.
pub(super) fn remains(line: &Line<'_>, runs: &[Run]) -> String {
    let mut memo = String::with_capacity(line.text.len());
    let mut end = 0;
    for part in kept(line.text, &cuts(line, runs)) {
        let between = &line.text[end..part.start];
        memo.extend(between.chars().find(|c| !memo.is_empty() && c.is_whitespace()));
        memo.push_str(&line.text[part.clone()]);
        end = part.end;
    }
    unquoted(&memo).to_owned()
}

/// The bytes that are not the memo, in order.
fn cuts(line: &Line<'_>, runs: &[Run]) -> Vec<Range<usize>> {
    let mut cuts = Vec::with_capacity(runs.len() + 1);
    if runs.iter().all(|run| !line.is_first(run.first)) {
        cuts.push(line.request());
    }
    cuts.extend(runs.iter().map(|run| {
        let Range { start, end } = run.span();
        let start = if line.is_first(run.first) { 0 } else { start };
        let end = if line.is_last(run.after) { line.text.len() } else { end };
        // `remind me tomorrow to …`
        let to = line.after_request(run.after);
        if start == 0 && to > run.after { start..line.end_of(to - 1) } else { start..end }
    }));
    cuts
}

/// What lies between the cuts, without space at its ends and without the marks that only set it
/// apart from what was cut.
fn kept(text: &str, cuts: &[Range<usize>]) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
    let ends = cuts.iter().map(|cut| cut.start).chain([text.len()]);
    let mut parts: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| trimmed(text, start..end)).collect();
    for after in 1..parts.len() {
        let (opens, closes) =
            (text[parts[after - 1].clone()].ends_with('('), text[parts[after].clone()].starts_with(')'));
        if opens && (closes || parts[after].is_empty()) {
            parts[after - 1].end -= 1;
            parts[after].start += usize::from(closes);
        }
        let before = without_trailing_mark(text[parts[after - 1].clone()].trim_end());
        parts[after - 1].end = parts[after - 1].start + before.len();
        let rest = without_leading_mark(text[parts[after].clone()].trim_start()).trim_start();
        parts[after].start = parts[after].end - rest.len();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let end = part.start + text[part.clone()].trim_end().len();
    end - text[part.start..end].trim_start().len()..end
}

/// `: standup` is `standup`, but `:)` stays.
fn without_leading_mark(rest: &str) -> &str {
    if let Some(after) = rest.strip_prefix([',', ';']) {
        return after;
    }
    match rest.strip_prefix([':', '-', '–', '—', '|', '.', '!']) {
        Some(after) if after.is_empty() || after.starts_with(char::is_whitespace) => after,
        _ => rest,
    }
}

/// `call mum -` is `call mum`, but `read Rust-` stays.
fn without_trailing_mark(part: &str) -> &str {
    if let Some(before) = part.strip_suffix([',', ';', ':']) {
        return before.trim_end();
    }
    match part.strip_suffix(['-', '–', '—', '|']) {
        Some(before) if before.is_empty() || before.ends_with(char::is_whitespace) => before.trim_end(),
        _ => part,
    }
}

/// A memo that is quoted from its first character to its last is what stands between.
fn unquoted(memo: &str) -> &str {
    for (open, close) in [('"', '"'), ('“', '”')] {
        if let Some(inner) = memo.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
        {
            return inner.trim();
        }
    }
    memo
}
