//! How texts are compared: without the difference between a letter and its parts (`é`), or between capital and small.
//!
//! A text is decomposed (Unicode's NFD), and its case is folded: `ß` is `ss`, `ς` is `σ`, and `İ` and `ı` are `i`, in every
//! language. Accents stay, behind their letter. Does not depend on who compares what.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// The dot of a decomposed `İ`.
const DOT_ABOVE: char = '\u{307}';

/// A text as it is compared, except that the capitals of ASCII stay: a text in ASCII is not copied.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut letters = String::with_capacity(text.len() * 2);
    for c in DecomposingNormalizerBorrowed::new_nfd().normalize_iter(text.chars()) {
        match c {
            '\0'..='\u{7f}' => letters.push(c.to_ascii_lowercase()),
            // The parts of İ.
            DOT_ABOVE if letters.ends_with('i') => {}
            // Scripts without capitals, from Hebrew to Burmese, and those of East Asia.
            '\u{590}'..='\u{109f}' | '\u{1100}'..='\u{139f}' | '\u{2e80}'..='\u{a63f}' => letters.push(c),
            // Letters that have two small forms, or stand for several letters: what their capital becomes decides.
            '\u{b5}'
            | '\u{df}'
            | '\u{131}'
            | '\u{149}'
            | '\u{17f}'
            | '\u{345}'..='\u{3ff}'
            | '\u{587}'
            | '\u{1c80}'..='\u{1c8a}'
            | '\u{1e96}'..='\u{1e9e}'
            | '\u{fb00}'..='\u{fb17}' => {
                letters.extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
            }
            _ => letters.extend(c.to_lowercase()),
        }
    }
    Cow::Owned(letters)
}

/// Whether a character belongs to a word: a letter, a digit, or an accent on one.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
        || (!c.is_ascii()
            && matches!(
                CodePointMapData::<GeneralCategory>::new().get(c),
                GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
            ))
}

#[cfg(test)]
mod tests {
    use icu_normalizer::ComposingNormalizerBorrowed;
    use proptest::prelude::*;

    use super::*;

    fn compared(text: &str) -> String {
        folded(text).to_ascii_lowercase()
    }

    #[test]
    fn capitals_and_small_letters_are_equal() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("STRAẞE", "strasse"),
            ("İstanbul", "istanbul"),
            ("I\u{307}stanbul", "ISTANBUL"),
            ("ısparta", "ISPARTA"),
            ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
            ("ﬁn", "FIN"),
            ("ǅ", "ǆ"),
            ("Ёлка", "ёЛКА"),
        ] {
            assert_eq!(compared(one), compared(other));
        }
    }

    #[test]
    fn every_letter_is_equal_to_its_other_case() {
        for c in '\0'..=char::MAX {
            let letter = compared(&c.to_string());
            for other in [c.to_uppercase().collect::<String>(), c.to_lowercase().collect()] {
                assert_eq!(letter, compared(&other), "{c:?} and {other:?}");
            }
        }
    }

    #[test]
    fn marks_belong_to_words() {
        assert!(is_of_word('é') && is_of_word('\u{301}') && is_of_word('\u{93f}') && is_of_word('7'));
        assert!(!is_of_word(' ') && !is_of_word('-') && !is_of_word('’') && !is_of_word('📦'));
    }

    proptest! {
        #[test]
        fn composed_and_decomposed_texts_are_equal(text in any::<String>()) {
            let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&text).into_owned();
            let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(&text).into_owned();
            prop_assert_eq!(compared(&composed), compared(&decomposed));
            prop_assert_eq!(compared(&composed), compared(&text));
        }
    }
}
