//! Text that acts on nothing: what a memo, a file, an argument or a server says, made safe to show.
//!
//! Some characters are not shown but obeyed: a terminal obeys controls, and the order of a line obeys direction marks. They
//! are Unicode's categories Cc, Cf, Zl and Zp, and the code points that are reserved for more of them. This is the only
//! list of them; every place that shows text calls one of these functions. Does not depend on where the text goes.
//!
//! Joiners are of that kind, but words and emoji need them. U+200D stays between two emoji (a family), and U+200C and U+200D
//! stay behind a letter or a sign of a script that joins its letters, such as Persian or Hindi. Tag characters stay in the
//! flags of England, Scotland and Wales. Anywhere else all of these are invisible, and are treated like the others.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use icu_properties::props::{DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A text as one line. Line ends show as `⏎`, tabs as spaces, other controls as their Unicode pictures, and the rest as
/// U+FFFD.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if is_harmless(text, |_| false) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    marked(&text).map(|(c, acts)| if acts { picture(c) } else { c }).collect::<String>().into()
}

/// A text of several lines. Line ends and tabs stay; the rest as in [`line()`].
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    let stays = |c| matches!(c, '\n' | '\t');
    if is_harmless(text, stays) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    marked(&text).map(|(c, acts)| if acts && !stays(c) { picture(c) } else { c }).collect::<String>().into()
}

/// A text as part of a line that programs read. What acts on something is written `\t`, `\n`, `\r`, `\u009b` or
/// `\U000e0041`, and a backslash `\\`; `printf %b` reads it back.
#[must_use]
pub fn field(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') && is_harmless(text, |_| false) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (c, acts) in marked(text) {
        match c {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            c if acts => escape(c, &mut escaped),
            c => escaped.push(c),
        }
    }
    escaped.into()
}

/// The same JSON, in which no string contains such a character: it is written as `\u009b`.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    // A control below U+0020 is layout here: in a string JSON does not allow it.
    let stays = |c: char| c < ' ';
    if is_harmless(text, stays) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (c, acts) in marked(text) {
        if acts && !stays(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                push(&mut escaped, format_args!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}

/// Writes a character as shells read it in `$'…'` and in `printf %b`.
pub fn escape(c: char, text: &mut String) {
    let code = u32::from(c);
    match code {
        0..=0xffff => push(text, format_args!("\\u{code:04x}")),
        _ => push(text, format_args!("\\U{code:08x}")),
    }
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    if text.write_fmt(arguments).is_err() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

/// Whether nothing of a text can be seen: it has only spaces, characters that act on something, and fillers.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().all(|c| c.is_whitespace() || acts(c) || ignorable.contains(c) || c == '\u{2800}')
}

/// Whether a text contains a character that acts on something.
#[must_use]
pub fn contains_any(text: &str) -> bool {
    !is_harmless(text, |_| false)
}

fn is_harmless(text: &str, stays: impl Fn(char) -> bool) -> bool {
    // Usual text needs no look at its neighbours.
    !text.chars().any(|c| acts(c) && !stays(c)) || !marked(text).any(|(c, acts)| acts && !stays(c))
}

/// The characters of a text, and whether each acts on something.
pub fn marked(text: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut before, mut end_of_flag) = (None, 0);
    text.char_indices().map(move |(at, c)| {
        let rest = &text[at..];
        if c == BLACK_FLAG
            && let Some(flag) = FLAGS.iter().find(|flag| rest.starts_with(**flag))
        {
            end_of_flag = at + flag.len();
        }
        let stays = match c {
            JOINER | NON_JOINER => before.is_some_and(|before| joins(before, c, rest.chars().nth(1))),
            _ => at < end_of_flag,
        };
        before = Some(c);
        (c, acts(c) && !stays)
    })
}

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// A flag that tag characters may follow.
const BLACK_FLAG: char = '\u{1f3f4}';

/// The three flags that are made of tag characters.
const FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// The blocks of the scripts in which a joiner decides how letters look: Arabic to Mandaic, the scripts of India, Tibetan
/// and Burmese, Khmer and Mongolian, and what Unicode added to them later.
const JOINING: [RangeInclusive<char>; 9] = [
    '\u{600}'..='\u{dff}',
    '\u{f00}'..='\u{109f}',
    '\u{1780}'..='\u{18af}',
    '\u{1900}'..='\u{1cff}',
    '\u{a800}'..='\u{abff}',
    '\u{fb50}'..='\u{fdff}',
    '\u{fe70}'..='\u{fefc}',
    '\u{10a00}'..='\u{11fff}',
    '\u{1e900}'..='\u{1e95f}',
];

/// Whether a joiner between these two characters joins them.
fn joins(before: char, joiner: char, after: Option<char>) -> bool {
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    // An emoji may end with a variation selector or a skin tone.
    let is_emoji = |c: char| pictures.contains(c) || matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    let joins_emoji = joiner == JOINER && is_emoji(before) && after.is_some_and(|after| pictures.contains(after));
    joins_emoji || (!acts(before) && JOINING.iter().any(|block| block.contains(&before)))
}

/// Whether a character acts on something, unless what stands beside it makes it a part of a word or of an emoji.
fn acts(c: char) -> bool {
    match c {
        // Most text needs no look-up.
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{5ff}' => false,
        // Reserved for more of them.
        '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}' => true,
        _ => matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        ),
    }
}

/// The replacement of a character that acts on something.
fn picture(c: char) -> char {
    match c {
        '\n' => '⏎',
        '\t' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All of Unicode's controls, format characters, and separators of lines and paragraphs.
    fn of_the_four_categories() -> impl Iterator<Item = char> {
        let categories = CodePointMapData::<GeneralCategory>::new();
        ('\0'..=char::MAX).filter(move |c| {
            matches!(
                categories.get(*c),
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            )
        })
    }

    #[test]
    fn no_character_of_the_four_categories_is_shown() {
        let all: Vec<char> = of_the_four_categories().chain('\u{e0000}'..='\u{e007f}').collect();
        assert!(all.len() > 230, "Unicode 16 has 236 of them");
        for c in all {
            let text = format!("a{c}b");
            for shown in [line(&text), lines(&text), field(&text), json(&text)] {
                // Layout of JSON and of several lines.
                let layout = |c| matches!(c, '\n' | '\t') || (c < ' ' && shown == json(&text));
                assert!(!shown.contains(c) || layout(c), "{c:?} in {shown:?}");
            }
            assert!(!line(&text).contains(c), "{c:?}");
            assert!(!field(&text).contains(c), "{c:?}");
            assert!(is_blank(&format!(" {c}\u{200b}")), "{c:?} cannot be seen");
        }
    }

    #[test]
    fn controls_show_as_pictures_and_the_rest_as_a_replacement() {
        assert_eq!(line("a\u{1b}[31mb\u{7}\u{9b}1m\u{202e}x\ny\r\nz"), "a␛[31mb␇\u{fffd}1m\u{fffd}x⏎y⏎z");
        assert_eq!(lines("a\u{1b}\tb\r\nc\rd"), "a␛\tb\nc␍d");
        assert_eq!(field("a\tb\nc\r\\d\u{9b}\u{e0041}"), "a\\tb\\nc\\r\\\\d\\u009b\\U000e0041");
        assert_eq!(json("[\n\"\u{7f}\u{9b}é\u{e0041}\"\n]"), "[\n\"\\u007f\\u009bé\\udb40\\udc41\"\n]");
    }

    #[test]
    fn joiners_stay_where_they_join() {
        let stay = [
            "an 👩‍👩‍👧 e\u{301}",
            "❤️‍🔥 👩🏽‍🚀 🏴‍☠️ 🇫🇷 ✈️ 1️⃣",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष क्\u{200c}ष",
            "র\u{200d}্য",
            "fünf Äpfel, 牛乳, 한국어",
        ];
        for text in stay {
            assert_eq!(line(text), text);
            assert_eq!(field(text), text);
            assert_eq!(json(text), text);
        }
        let go = [
            "a\u{200d}b",
            "a\u{200c}b",
            "\u{200d}👩",
            "👩\u{200d}",
            "👩\u{200d}\u{200d}👩",
            "👩\u{200c}👩",
            "م\u{200c}\u{200c}",
            "🏴\u{e0067}\u{e0062}",
        ];
        for text in go {
            assert!(line(text).contains('\u{fffd}'), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_seen_is_blank() {
        for text in ["", " \n", "\u{200b}", "\0", "\u{feff}\u{ad}", "\u{3164}", "\u{fe0f}", "\u{2800}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{200b}a", "👩‍👩‍👧", ".", "é"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn json_keeps_its_value(text in any::<String>(), c in prop::sample::select(of_the_four_categories().collect::<Vec<_>>())) {
            let value = format!("{c}{text}{c}");
            let written = serde_json::to_string_pretty(&vec![&value]).unwrap();
            let read: Vec<String> = serde_json::from_str(&json(&written)).unwrap();
            prop_assert_eq!(&read, &[value]);
        }
    }
}
