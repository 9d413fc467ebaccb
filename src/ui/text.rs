//! Text for the terminal: cut, padded or wrapped to a width in cells.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::harmless;
use crate::preferences::TerminalNote;

/// The escape sequence that shows a notification.
#[must_use]
pub fn notification(by: TerminalNote, text: &str) -> String {
    let text = harmless::line(text);
    match by {
        // Some terminals read a number after the 9 as another command, so the text starts with a word.
        TerminalNote::Osc9 => format!("\x1b]9;tickler: {text}\x07"),
        TerminalNote::Osc777 => format!("\x1b]777;notify;tickler;{text}\x07"),
    }
}

/// The width of a text in cells.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A text cut to at most `most` cells, with `…` for the rest. A character is never cut in two.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    if most == 0 {
        return Cow::Borrowed("");
    }
    let mut used = 0;
    let mut kept: String = text
        .graphemes(true)
        .take_while(|grapheme| {
            used += width(grapheme);
            used < most
        })
        .collect();
    kept.push('…');
    Cow::Owned(kept)
}

/// A text cut or padded to exactly this many cells.
#[must_use]
pub fn fit(text: &str, exactly: usize) -> String {
    let mut text = cut(text, exactly).into_owned();
    text.extend(std::iter::repeat_n(' ', exactly - width(&text)));
    text
}

/// A text cut or padded to exactly this many cells, with a space at its end, so that it never touches its neighbour.
#[must_use]
pub fn column(text: &str, exactly: usize) -> String {
    fit(&cut(text, exactly.saturating_sub(1)), exactly)
}

/// A text wrapped into lines of at most `most` cells: at spaces, and within a word only if the word is longer than a line.
#[must_use]
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(2);
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let cells = width(word);
        if used > 0 && used + cells > most {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let cells = width(grapheme);
            if used + cells > most {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += cells;
        }
        if piece.len() > word.len() && used < most {
            line.push(' ');
            used += 1;
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A number with separated thousands: `12,345`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wide_character_is_never_cut_in_two() {
        assert_eq!(cut("買い物に行く", 7), "買い物…");
        assert_eq!(cut("買い物に行く", 8), "買い物…");
        assert_eq!(fit("買い物に行く", 8), "買い物… ");
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!([0, 999, 1000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
    }

    proptest! {
        #[test]
        fn a_fitted_text_has_the_width(text in "\\PC{0,40}", most in 0_usize..50) {
            prop_assert_eq!(width(&fit(&text, most)), most);
        }

        #[test]
        fn wrapping_keeps_every_letter_and_no_line_is_too_long(text in "[a-zé買 ,.-]{0,200}", most in 2_usize..40) {
            let lines = wrap(&text, most);
            prop_assert!(lines.iter().all(|line| width(line) <= most));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
