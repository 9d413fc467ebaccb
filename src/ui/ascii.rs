//! A screen of signs that are on every keyboard, for terminals and fonts that have no others.
//!
//! It goes over the finished frame, so that nothing else has to know of it. What a memo itself says stays, but for the
//! few signs that the screen draws with, too.

use ratatui::buffer::Buffer;

/// What stands for a sign that is drawn with; each takes one cell, as it does.
fn plain(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "─" => "-",
        "│" => "|",
        "╭" | "╮" | "╰" | "╯" | "├" | "┤" | "┬" | "┴" | "┼" => "+",
        "▌" | "›" | "→" => ">",
        "←" => "<",
        "↑" => "^",
        "↓" => "v",
        "▏" => "_",
        "●" | "✓" => "*",
        "◉" => "@",
        "·" => ".",
        "…" => "~",
        "–" | "—" => "-",
        "“" | "”" => "\"",
        "×" => "x",
        "⏎" => "/",
        // How much is due: the fuller, the higher.
        "▁" => "_",
        "▂" => ":",
        "▃" => ";",
        "▄" => "=",
        "▅" => "+",
        "▆" => "*",
        "▇" => "#",
        "█" => "@",
        _ => return None,
    })
}

pub fn simplify(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some(sign) = plain(cell.symbol()) {
            cell.set_symbol(sign);
        }
    }
}
