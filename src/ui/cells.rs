//! The last look at a frame: whatever a widget let through, no cell acts on the terminal.
//!
//! Most texts were made harmless when they were laid out, where each character that acts on something becomes one that is
//! seen. This is for those that were not, such as the text in the fields of the form.

use ratatui::buffer::Buffer;

use crate::harmless;

/// Removes from each cell what would act on the terminal.
pub(super) fn clean(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        // Nearly every cell has one byte.
        let may_act = symbol.len() > 1 || symbol.bytes().any(|byte| byte.is_ascii_control());
        if may_act && harmless::contains_any(symbol) {
            let kept: String = harmless::marked(symbol).filter(|(_, acts)| !acts).map(|(c, _)| c).collect();
            cell.set_symbol(if kept.is_empty() { " " } else { &kept });
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn a_cell_keeps_what_is_seen() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        for (symbol, kept) in
            [("\u{1b}", " "), ("a\u{e0041}", "a"), ("\u{600}", " "), ("👩‍👧", "👩‍👧"), ("é", "é"), (" ", " ")]
        {
            buffer.content[0].set_symbol(symbol);
            clean(&mut buffer);
            assert_eq!(buffer.content[0].symbol(), kept, "{symbol:?}");
        }
    }
}
