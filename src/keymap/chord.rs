//! Chords: one key with its modifiers, as it is pressed, written and parsed.

use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChordError {
    /// No key has this name.
    Unknown(String),
    /// Terminals do not send this key, or send the same for another one: a sentence.
    NotSent(String),
}

/// The modifiers, and how they are written.
const MODIFIERS: [(KeyModifiers, &str); 3] =
    [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")];

/// The keys that have names. If a key has several, the first is the one that is written.
const NAMED: [(KeyCode, &str); 26] = [
    (KeyCode::Char(' '), "Space"),
    (KeyCode::Enter, "Enter"),
    (KeyCode::Enter, "Return"),
    (KeyCode::Esc, "Esc"),
    (KeyCode::Esc, "Escape"),
    (KeyCode::Tab, "Tab"),
    (KeyCode::Backspace, "Backspace"),
    (KeyCode::Delete, "Del"),
    (KeyCode::Delete, "Delete"),
    (KeyCode::Insert, "Ins"),
    (KeyCode::Insert, "Insert"),
    (KeyCode::Up, "↑"),
    (KeyCode::Up, "Up"),
    (KeyCode::Down, "↓"),
    (KeyCode::Down, "Down"),
    (KeyCode::Left, "←"),
    (KeyCode::Left, "Left"),
    (KeyCode::Right, "→"),
    (KeyCode::Right, "Right"),
    (KeyCode::Home, "Home"),
    (KeyCode::End, "End"),
    (KeyCode::PageUp, "PgUp"),
    (KeyCode::PageUp, "PageUp"),
    (KeyCode::PageDown, "PgDn"),
    (KeyCode::PageDown, "PageDown"),
    (KeyCode::BackTab, "Shift-Tab"),
];

/// With Ctrl, these characters are the same byte in a terminal, and crossterm reports the last. The first stands for all.
const ONE_BYTE: [char; 3] = ['/', '_', '7'];

impl Chord {
    /// Whether this key was pressed.
    pub(super) fn is(self, key: &KeyEvent) -> bool {
        // The character itself includes Shift (`G`, `?`), and only some terminals report the modifier as well.
        let modifiers = match key.code {
            KeyCode::Char(_) | KeyCode::BackTab => key.modifiers - KeyModifiers::SHIFT,
            _ => key.modifiers,
        };
        let code = match key.code {
            KeyCode::Char(c) if modifiers == KeyModifiers::CONTROL => KeyCode::Char(canonical(c)),
            code => code,
        };
        self.code == code && self.modifiers == modifiers
    }

    /// Whether it is a plain character, which a text field inserts.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// Whether it is the key that always quits the program.
    #[must_use]
    pub fn always_quits(self) -> bool {
        self == ctrl('c')
    }

    /// The name, as the screen shows it.
    #[must_use]
    pub fn name(self) -> String {
        let named = NAMED.iter().find(|(code, _)| *code == self.code).map(|(_, name)| (*name).to_owned());
        let key = named.unwrap_or_else(|| match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_string(),
            KeyCode::Char(c) if c.is_ascii_uppercase() => format!("Shift-{c}"),
            KeyCode::Char(c) => c.to_ascii_uppercase().to_string(),
            KeyCode::F(number) => format!("F{number}"),
            other => format!("{other:?}"),
        });
        let held = MODIFIERS.into_iter().filter(|(modifier, _)| self.modifiers.contains(*modifier));
        held.map(|(_, name)| name).chain([key.as_str()]).collect()
    }

    /// The name in ASCII, as the settings file spells it.
    #[must_use]
    pub fn spelled(self) -> String {
        let arrows = [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];
        arrows.into_iter().fold(self.name(), |name, (arrow, word)| name.replace(arrow, word))
    }

    /// The names of the keys that are not characters.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.into_iter().map(|(_, name)| name)
    }
}

impl From<char> for Chord {
    fn from(c: char) -> Self {
        plain(c)
    }
}

impl From<KeyCode> for Chord {
    fn from(code: KeyCode) -> Self {
        key(code)
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    /// Parses a key as [`Chord::name`] writes it. Names and modifiers are case-insensitive; a character is
    /// case-insensitive only with Ctrl or Alt.
    fn from_str(written: &str) -> Result<Self, ChordError> {
        let mut held = KeyModifiers::NONE;
        let mut rest = written;
        while let Some((modifier, after)) = MODIFIERS.into_iter().find_map(|(modifier, name)| {
            let (start, after) = rest.split_at_checked(name.len())?;
            (start.eq_ignore_ascii_case(name) && !after.is_empty()).then_some((modifier, after))
        }) {
            held |= modifier;
            rest = after;
        }
        let mut letters = rest.chars();
        if let (Some(c), None) = (letters.next(), letters.next())
            && !NAMED.iter().any(|(_, name)| *name == rest)
        {
            return character(c, held);
        }
        let function = rest.strip_prefix(['f', 'F']).and_then(|number| number.parse().ok());
        let function = function.filter(|number| (1..=12).contains(number)).map(KeyCode::F);
        let named = NAMED.iter().find(|(_, name)| name.eq_ignore_ascii_case(rest)).map(|(code, _)| *code);
        match named.or(function) {
            Some(KeyCode::Char(c)) => character(c, held),
            Some(KeyCode::Tab) if held.contains(KeyModifiers::SHIFT) => {
                Ok(with(KeyCode::BackTab, held - KeyModifiers::SHIFT))
            }
            Some(KeyCode::Tab) if held.contains(KeyModifiers::CONTROL) => Err(same("Ctrl-Tab", "Tab")),
            Some(KeyCode::Esc) if held.contains(KeyModifiers::ALT) => Err(same("Alt-Esc", "Esc")),
            Some(code) => Ok(with(code, held)),
            None => Err(ChordError::Unknown(rest.to_owned())),
        }
    }
}

/// The character that stands for this one with Ctrl.
fn canonical(c: char) -> char {
    if ONE_BYTE.contains(&c) { ONE_BYTE[0] } else { c }
}

/// A character with modifiers, if a terminal can send it. With Ctrl, a terminal sends only the bytes below 32: the
/// letters, and the characters after them in ASCII.
fn character(c: char, held: KeyModifiers) -> Result<Chord, ChordError> {
    let (control, alt, shift) =
        (held.contains(KeyModifiers::CONTROL), held.contains(KeyModifiers::ALT), held.contains(KeyModifiers::SHIFT));
    let small = c.to_ascii_lowercase();
    let not_sent = |sentence: String| Err(ChordError::NotSent(sentence));
    match (control, alt, shift) {
        _ if c.is_control() => Err(ChordError::Unknown(c.escape_unicode().to_string())),
        (false, false, false) => Ok(plain(c)),
        (false, true, true) if small == 'o' => {
            not_sent("Terminals begin other keys with the bytes of Alt-Shift-O.".to_owned())
        }
        (false, true, true) if c.is_ascii_alphabetic() => {
            Ok(with(KeyCode::Char(c.to_ascii_uppercase()), held - KeyModifiers::SHIFT))
        }
        (false, _, true) => not_sent("Shift makes another character: write that one, such as A or ?.".to_owned()),
        // Longer sequences begin with the same bytes, so no program can tell where this one ends.
        (false, true, false) if c == '[' => not_sent("Terminals begin other keys with the bytes of Alt-[.".to_owned()),
        (false, true, false) => Ok(with(KeyCode::Char(small), held)),
        (true, _, true) => {
            let without = Chord { code: KeyCode::Char(small), modifiers: held - KeyModifiers::SHIFT }.name();
            Err(same(&format!("{}Shift-{}", if alt { "Ctrl-Alt-" } else { "Ctrl-" }, c.to_ascii_uppercase()), &without))
        }
        (true, true, false) => not_sent("Some keyboards type characters with Ctrl and Alt together.".to_owned()),
        (true, false, false) => match small {
            'i' => Err(same("Ctrl-I", "Tab")),
            'm' => Err(same("Ctrl-M", "Enter")),
            '[' => Err(same("Ctrl-[", "Esc")),
            '\\' => Err(same("Ctrl-\\", "Ctrl-4")),
            ']' => Err(same("Ctrl-]", "Ctrl-5")),
            '^' => Err(same("Ctrl-^", "Ctrl-6")),
            '@' | '2' => Err(same(&format!("Ctrl-{small}"), "Ctrl-Space")),
            'a'..='z' | ' ' | '4'..='7' | '/' | '_' => Ok(ctrl(canonical(small))),
            _ => not_sent(format!("Terminals do not send Ctrl with {c}.")),
        },
    }
}

fn same(this: &str, that: &str) -> ChordError {
    ChordError::NotSent(format!("Terminals send the same for {this} as for {that}."))
}

pub(super) const fn plain(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), modifiers: KeyModifiers::NONE }
}

pub(super) const fn ctrl(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
}

pub(super) const fn alt(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), modifiers: KeyModifiers::ALT }
}

pub(super) const fn key(code: KeyCode) -> Chord {
    Chord { code, modifiers: KeyModifiers::NONE }
}

pub(super) const fn with(code: KeyCode, modifiers: KeyModifiers) -> Chord {
    Chord { code, modifiers }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::{Chord, ChordError, alt, ctrl, key, plain, with};

    #[test]
    fn a_key_has_several_spellings() {
        let table: [(&[&str], Chord); 15] = [
            (&["x"], plain('x')),
            (&["X"], plain('X')),
            (&["-"], plain('-')),
            (&["Space", "SPACE", " "], plain(' ')),
            (&["Ctrl-S", "ctrl-s", "CTRL-s"], ctrl('s')),
            (&["Ctrl-Space"], ctrl(' ')),
            (&["Ctrl-/", "Ctrl-_", "Ctrl-7"], ctrl('/')),
            (&["Alt--"], alt('-')),
            (&["Alt-X", "alt-x"], alt('x')),
            (&["Alt-Shift-X", "Shift-Alt-x"], alt('X')),
            (&["Shift-Tab", "shift-tab"], key(KeyCode::BackTab)),
            (&["Ctrl-Up", "ctrl-↑"], with(KeyCode::Up, KeyModifiers::CONTROL)),
            (&["PgDn", "pagedown"], key(KeyCode::PageDown)),
            (&["F5", "f5"], key(KeyCode::F(5))),
            (&["é"], plain('é')),
        ];
        for (written, chord) in table {
            for text in written {
                assert_eq!(text.parse(), Ok(chord), "{text}");
            }
            assert_eq!(chord.name().parse(), Ok(chord), "{}", chord.name());
        }
    }

    #[test]
    fn keys_that_send_the_same_byte_are_the_same_key() {
        for written in ["Ctrl-/", "Ctrl-_", "Ctrl-7"] {
            let chord: Chord = written.parse().unwrap();
            for sent in ['/', '_', '7'] {
                assert!(chord.is(&KeyEvent::new(KeyCode::Char(sent), KeyModifiers::CONTROL)), "{written} {sent}");
                assert!(!chord.is(&KeyEvent::new(KeyCode::Char(sent), KeyModifiers::ALT)), "{written} {sent}");
            }
        }
    }

    #[test]
    fn a_text_that_is_not_a_key_is_refused() {
        for (text, word) in [
            ("", ""),
            ("Ctrl-", "Ctrl-"),
            ("Entre", "Entre"),
            ("Ctrl-Foo", "Foo"),
            ("F13", "F13"),
            ("F0", "F0"),
            ("xx", "xx"),
        ] {
            assert_eq!(text.parse::<Chord>(), Err(ChordError::Unknown(word.to_owned())), "{text}");
        }
        assert!("\u{7}".parse::<Chord>().is_err());
    }

    #[test]
    fn a_key_that_terminals_do_not_send_is_refused_with_the_reason() {
        for (text, reason) in [
            ("Ctrl-I", "Terminals send the same for Ctrl-I as for Tab."),
            ("ctrl-m", "Terminals send the same for Ctrl-M as for Enter."),
            ("Ctrl-[", "Terminals send the same for Ctrl-[ as for Esc."),
            ("Ctrl-]", "Terminals send the same for Ctrl-] as for Ctrl-5."),
            ("Ctrl-Shift-S", "Terminals send the same for Ctrl-Shift-S as for Ctrl-S."),
            ("Shift-a", "Shift makes another character: write that one, such as A or ?."),
            ("Ctrl-;", "Terminals do not send Ctrl with ;."),
            ("Alt-Esc", "Terminals send the same for Alt-Esc as for Esc."),
            ("Alt-[", "Terminals begin other keys with the bytes of Alt-[."),
            ("Alt-Shift-O", "Terminals begin other keys with the bytes of Alt-Shift-O."),
            ("Ctrl-Alt-Q", "Some keyboards type characters with Ctrl and Alt together."),
        ] {
            assert_eq!(text.parse::<Chord>(), Err(ChordError::NotSent(reason.to_owned())), "{text}");
        }
    }
}
