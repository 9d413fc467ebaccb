//! A key with what is held down beside it: how it is recognised, how it is written, and how it is read again.

use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Why something that was written is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoChord {
    /// No key is called that.
    Unknown(String),
    /// Terminals do not tell it from another one, or do not tell of it: a sentence.
    NotSent(String),
}

/// What is held down, and how that is written.
const HELD: [(KeyModifiers, &str); 3] =
    [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")];

/// The keys that have names; where a key has several, it is written by the first.
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

/// With Ctrl these are one byte in a terminal, and crossterm calls it by the last of them; the first stands for all.
const ONE_BYTE: [char; 3] = ['/', '_', '7'];

impl Chord {
    /// Whether this is the key that was pressed.
    pub(super) fn is(self, key: &KeyEvent) -> bool {
        // Shift is part of the character itself (`G`, `?`), and terminals differ in whether they say so beside it.
        let matters = match key.code {
            KeyCode::Char(_) | KeyCode::BackTab => key.modifiers - KeyModifiers::SHIFT,
            _ => key.modifiers,
        };
        let code = match key.code {
            KeyCode::Char(c) if matters == KeyModifiers::CONTROL => KeyCode::Char(told_apart(c)),
            code => code,
        };
        self.code == code && self.modifiers == matters
    }

    /// Whether it is a plain character, which a field of text takes for itself.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// Whether it is the key that always ends the program.
    #[must_use]
    pub fn is_the_end(self) -> bool {
        self == ctrl('c')
    }

    /// How the key is written.
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
        let held = HELD.into_iter().filter(|(modifier, _)| self.modifiers.contains(*modifier));
        held.map(|(_, name)| name).chain([key.as_str()]).collect()
    }

    /// How the key is written in letters that every keyboard has.
    #[must_use]
    pub fn spelled(self) -> String {
        let arrows = [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];
        arrows.into_iter().fold(self.name(), |name, (arrow, word)| name.replace(arrow, word))
    }

    /// How keys can be written, beside the characters themselves.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.into_iter().map(|(_, name)| name)
    }
}

impl FromStr for Chord {
    type Err = NoChord;

    /// Reads a key as [`Chord::name`] writes it. Names and modifiers may be written in any case; a character is the one
    /// that it is, where Ctrl or Alt are not held.
    fn from_str(written: &str) -> Result<Self, NoChord> {
        let mut held = KeyModifiers::NONE;
        let mut rest = written;
        while let Some((modifier, after)) = HELD.into_iter().find_map(|(modifier, name)| {
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
            None => Err(NoChord::Unknown(rest.to_owned())),
        }
    }
}

/// The character that stands for this one beside Ctrl.
fn told_apart(c: char) -> char {
    if ONE_BYTE.contains(&c) { ONE_BYTE[0] } else { c }
}

/// A character with what is held beside it, where a terminal can send that. The bytes below 32 are all that there is
/// for Ctrl: the letters, and what follows them in ASCII.
fn character(c: char, held: KeyModifiers) -> Result<Chord, NoChord> {
    let (control, alt, shift) =
        (held.contains(KeyModifiers::CONTROL), held.contains(KeyModifiers::ALT), held.contains(KeyModifiers::SHIFT));
    let small = c.to_ascii_lowercase();
    let not_sent = |sentence: String| Err(NoChord::NotSent(sentence));
    match (control, alt, shift) {
        _ if c.is_control() => Err(NoChord::Unknown(c.escape_unicode().to_string())),
        (false, false, false) => Ok(plain(c)),
        (false, true, true) if small == 'o' => {
            not_sent("A terminal begins other keys as it sends Alt-Shift-O.".to_owned())
        }
        (false, true, true) if c.is_ascii_alphabetic() => {
            Ok(with(KeyCode::Char(c.to_ascii_uppercase()), held - KeyModifiers::SHIFT))
        }
        (false, _, true) => {
            not_sent("With Shift a key is another character: write that one, such as A or ?.".to_owned())
        }
        // What begins like the keys that have a longer name: nobody can tell where it ends.
        (false, true, false) if c == '[' => not_sent("A terminal begins other keys as it sends Alt-[.".to_owned()),
        (false, true, false) => Ok(with(KeyCode::Char(small), held)),
        (true, _, true) => {
            let without = Chord { code: KeyCode::Char(small), modifiers: held - KeyModifiers::SHIFT }.name();
            Err(same(&format!("{}Shift-{}", if alt { "Ctrl-Alt-" } else { "Ctrl-" }, c.to_ascii_uppercase()), &without))
        }
        (true, true, false) => not_sent("Ctrl and Alt together are how some keyboards type characters.".to_owned()),
        (true, false, false) => match small {
            'i' => Err(same("Ctrl-I", "Tab")),
            'm' => Err(same("Ctrl-M", "Enter")),
            '[' => Err(same("Ctrl-[", "Esc")),
            '\\' => Err(same("Ctrl-\\", "Ctrl-4")),
            ']' => Err(same("Ctrl-]", "Ctrl-5")),
            '^' => Err(same("Ctrl-^", "Ctrl-6")),
            '@' | '2' => Err(same(&format!("Ctrl-{small}"), "Ctrl-Space")),
            'a'..='z' | ' ' | '4'..='7' | '/' | '_' => Ok(ctrl(told_apart(small))),
            _ => not_sent(format!("A terminal does not send Ctrl with {c}.")),
        },
    }
}

fn same(this: &str, that: &str) -> NoChord {
    NoChord::NotSent(format!("A terminal sends the same for {this} as for {that}."))
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

    use super::super::all;
    use super::{Chord, NoChord, alt, ctrl, key, plain, with};

    #[test]
    fn every_key_of_the_table_is_read_as_it_is_written() {
        for chord in all().flat_map(|line| line.keys) {
            assert_eq!(chord.name().parse(), Ok(*chord), "{}", chord.name());
            assert_eq!(chord.spelled().parse(), Ok(*chord), "{}", chord.spelled());
            assert!(chord.spelled().is_ascii(), "{}", chord.spelled());
        }
    }

    #[test]
    fn a_key_may_be_written_in_several_ways() {
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
    fn what_is_one_byte_in_a_terminal_is_one_key() {
        for written in ["Ctrl-/", "Ctrl-_", "Ctrl-7"] {
            let chord: Chord = written.parse().unwrap();
            for sent in ['/', '_', '7'] {
                assert!(chord.is(&KeyEvent::new(KeyCode::Char(sent), KeyModifiers::CONTROL)), "{written} {sent}");
                assert!(!chord.is(&KeyEvent::new(KeyCode::Char(sent), KeyModifiers::ALT)), "{written} {sent}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for (text, word) in [
            ("", ""),
            ("Ctrl-", "Ctrl-"),
            ("Entre", "Entre"),
            ("Ctrl-Foo", "Foo"),
            ("F13", "F13"),
            ("F0", "F0"),
            ("xx", "xx"),
        ] {
            assert_eq!(text.parse::<Chord>(), Err(NoChord::Unknown(word.to_owned())), "{text}");
        }
        assert!("\u{7}".parse::<Chord>().is_err());
    }

    #[test]
    fn what_a_terminal_cannot_send_is_refused_with_the_reason() {
        for (text, reason) in [
            ("Ctrl-I", "A terminal sends the same for Ctrl-I as for Tab."),
            ("ctrl-m", "A terminal sends the same for Ctrl-M as for Enter."),
            ("Ctrl-[", "A terminal sends the same for Ctrl-[ as for Esc."),
            ("Ctrl-]", "A terminal sends the same for Ctrl-] as for Ctrl-5."),
            ("Ctrl-Shift-S", "A terminal sends the same for Ctrl-Shift-S as for Ctrl-S."),
            ("Shift-a", "With Shift a key is another character: write that one, such as A or ?."),
            ("Ctrl-;", "A terminal does not send Ctrl with ;."),
            ("Alt-Esc", "A terminal sends the same for Alt-Esc as for Esc."),
            ("Alt-[", "A terminal begins other keys as it sends Alt-[."),
            ("Alt-Shift-O", "A terminal begins other keys as it sends Alt-Shift-O."),
            ("Ctrl-Alt-Q", "Ctrl and Alt together are how some keyboards type characters."),
        ] {
            assert_eq!(text.parse::<Chord>(), Err(NoChord::NotSent(reason.to_owned())), "{text}");
        }
    }
}
