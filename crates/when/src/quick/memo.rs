//! Removes the time from a line and cleans up the memo that is left.
//!
//! Does not depend on times: the caller says which segments to remove.

use std::ops::Range;

use super::line::Line;
use super::segment::Segment;

/// The line without the segments and without `remind me`.
pub(super) fn without_time(line: &Line<'_>, segments: &[Segment]) -> String {
    let mut memo = String::with_capacity(line.text.len());
    let mut end = 0;
    for part in kept(line, &cuts(line, segments)) {
        let between = &line.text[end..part.start];
        memo.extend(between.chars().find(|c| !memo.is_empty() && c.is_whitespace()));
        memo.push_str(&line.text[part.clone()]);
        end = part.end;
    }
    unquoted(&memo).to_owned()
}

/// The bytes that do not belong to the memo, in order.
fn cuts(line: &Line<'_>, segments: &[Segment]) -> Vec<Range<usize>> {
    let mut cuts = Vec::with_capacity(segments.len() + 1);
    if segments.iter().all(|segment| !line.is_first(segment.first)) {
        cuts.push(line.request());
    }
    cuts.retain(|cut| !cut.is_empty());
    cuts.extend(segments.iter().map(|segment| {
        let Range { start, end } = segment.span();
        let first = line.is_first(segment.first);
        let start = if first { line.bullet_end() } else { start };
        let end = if line.is_last(segment.after) { line.end_of_closing(segment.after) } else { end };
        // `remind me tomorrow to …`
        let to = line.after_request(segment.after);
        if first && to > segment.after { start..line.end_of(to - 1) } else { start..end }
    }));
    cuts
}

/// The bytes between the cuts, trimmed, and without the marks that separated them from a cut.
fn kept(line: &Line<'_>, cuts: &[Range<usize>]) -> Vec<Range<usize>> {
    let text = line.text;
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
    let ends = cuts.iter().map(|cut| cut.start).chain([text.len()]);
    let mut parts: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| trimmed(text, start..end)).collect();
    for after in 1..parts.len() {
        let (opens, closes) =
            (text[parts[after - 1].clone()].ends_with(['(', '[']), text[parts[after].clone()].starts_with([')', ']']));
        if opens && (closes || parts[after].is_empty()) {
            parts[after - 1].end -= 1;
            parts[after].start += usize::from(closes);
        }
        // The dash of a bullet does not separate.
        if parts[after - 1].end > line.bullet_end() {
            let before = without_trailing_mark(text[parts[after - 1].clone()].trim_end());
            parts[after - 1].end = parts[after - 1].start + before.len();
        }
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

/// Removes quotation marks around the whole memo.
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
