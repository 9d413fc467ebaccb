//! Values beside their labels, for a terminal.

use crate::harmless;

/// A line for each value. A value of several lines stays in its column.
pub(super) fn labelled<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let lines: Vec<_> = lines.collect();
    let widest = lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (label, value) in lines {
        for (index, line) in value.lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            text.push_str(format!("{label:widest$}  {}", harmless::line(line)).trim_end());
            text.push('\n');
        }
    }
    text
}
