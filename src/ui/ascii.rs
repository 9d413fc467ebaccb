//! A screen of signs that are on every keyboard, for terminals and fonts that have no others.
//!
//! It goes over the finished frame, so that nothing else has to know of it. What a memo itself says stays, but for the
//! few signs that the screen draws with, too.

use ratatui::buffer::Buffer;

/// What is drawn with, and what stands for it; each takes one cell.
const PLAIN: [(&str, &str); 35] = [
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
    // How much is due: the fuller, the higher.
    ("▁", "_"),
    ("▂", ":"),
    ("▃", ";"),
    ("▄", "="),
    ("▅", "+"),
    ("▆", "*"),
    ("▇", "#"),
    ("█", "@"),
];

/// The arrow keys, which have no sign that would be taken for them.
const ARROWS: [(&str, &str); 4] = [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];

pub fn simplify(buffer: &mut Buffer) {
    for cell in buffer.content.iter_mut().filter(|cell| !cell.symbol().is_ascii()) {
        if let Some((_, plain)) = PLAIN.iter().find(|(sign, _)| *sign == cell.symbol()) {
            cell.set_symbol(plain);
        }
    }
}

/// The names of keys, arrows in words.
pub fn keys(names: &str) -> String {
    ARROWS.iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word))
}
