//! A screen in ASCII, for terminals and fonts without box drawing.
//!
//! It replaces characters in the finished frame, so no other module needs to know. The text of a memo stays, except for
//! the characters that the screen itself uses.

use ratatui::buffer::Buffer;

/// The characters that the screen draws, and their replacements; each takes one cell.
const REPLACEMENTS: [(&str, &str); 35] = [
    ("─", "-"),
    ("│", "|"),
    ("╭", "+"),
    ("╮", "+"),
    ("╰", "+"),
    ("╯", "+"),
    ("├", "+"),
    ("┤", "+"),
    ("┬", "+"),
    ("┴", "+"),
    ("┼", "+"),
    ("▌", ">"),
    ("›", ">"),
    ("▏", "_"),
    ("●", "*"),
    ("◉", "@"),
    ("✓", "*"),
    ("↑", "^"),
    ("↓", "v"),
    ("·", "."),
    ("…", "~"),
    ("–", "-"),
    ("—", "-"),
    ("“", "\""),
    ("”", "\""),
    ("×", "x"),
    ("⏎", "/"),
    // The levels of the bar chart.
    ("▁", "_"),
    ("▂", ":"),
    ("▃", ";"),
    ("▄", "="),
    ("▅", "+"),
    ("▆", "*"),
    ("▇", "#"),
    ("█", "@"),
];

/// The arrow keys, which have no clear ASCII character.
const ARROWS: [(&str, &str); 4] = [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];

/// Replaces the characters of the frame.
pub fn simplify(buffer: &mut Buffer) {
    for cell in buffer.content.iter_mut().filter(|cell| !cell.symbol().is_ascii()) {
        if let Some((_, plain)) = REPLACEMENTS.iter().find(|(sign, _)| *sign == cell.symbol()) {
            cell.set_symbol(plain);
        }
    }
}

/// The names of keys, with arrows as words.
pub fn keys(names: &str) -> String {
    ARROWS.iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word))
}
