//! `[keys]`: the person's own keys, over the default ones.
//!
//! A line in `[keys.CONTEXT]` is for that key context, a line in `[keys]` itself for every key context that has the
//! action. Does not depend on what the actions do.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::kind;
use super::spelling::nearest;
use crate::keymap::{
    Action, AnswerAction, Chord, ChordError, Clash, KeyContext, Keymap, ListAction, ProgramAction, all, named,
};

const QUIT: Action = Action::Program(ProgramAction::Quit);

/// The actions that lead out of a context, or of the program.
const LEADS_OUT: [Action; 4] =
    [QUIT, Action::Answer(AnswerAction::Back), Action::Answer(AnswerAction::No), Action::List(ListAction::KeepFilter)];

/// Mistakes, each with its part of the file.
type Found = Vec<(Range<usize>, String)>;

/// One line: an action, and its keys.
struct Line {
    /// `None` for a line in `[keys]` itself.
    context: Option<KeyContext>,
    action: Action,
    name: &'static str,
    at: Range<usize>,
    keys: Vec<(Range<usize>, Chord)>,
}

/// The default keys with those of the section. Adds the mistakes of the section.
pub(super) fn read(table: Option<&DeTable<'_>>, found: &mut Found) -> Keymap {
    let lines = table.map_or_else(Vec::new, |table| lines(table, found));
    let mut keys = Keymap::default();
    for line in lines.iter().filter(|line| line.context.is_none()) {
        for context in KeyContext::ALL.into_iter().filter(|context| has(*context, line.action)) {
            if let Some(chords) = general(line, context) {
                keys.set(context, line.action, chords);
            }
        }
    }
    for line in &lines {
        if let Some(context) = line.context {
            keys.set(context, line.action, line.chords().collect());
        }
    }
    for line in &lines {
        found.extend(no_way_out(line).map(|what| (line.at.clone(), what)));
    }
    found.extend(conflicts(&keys.clashes(), &lines));
    keys
}

impl Line {
    fn chords(&self) -> impl Iterator<Item = Chord> {
        self.keys.iter().map(|(_, chord)| *chord)
    }
}

/// Whether the key context has the action.
fn has(context: KeyContext, action: Action) -> bool {
    all().any(|binding| (binding.context, binding.action) == (context, action))
}

/// The keys that a line in `[keys]` gives to one key context. Where text is typed, characters are text; if no other key
/// is left, the key context keeps its keys.
fn general(line: &Line, context: KeyContext) -> Option<Vec<Chord>> {
    let keys: Vec<Chord> = line.chords().filter(|chord| !(context.takes_text() && chord.is_text())).collect();
    (!keys.is_empty() || line.keys.is_empty()).then_some(keys)
}

/// All lines of the section.
fn lines(table: &DeTable<'_>, found: &mut Found) -> Vec<Line> {
    let mut lines = Vec::new();
    for (key, value) in table {
        let context = KeyContext::ALL.into_iter().find(|context| context.section() == key.get_ref());
        match (context, value.get_ref()) {
            (Some(context), DeValue::Table(table)) => {
                lines.extend(table.iter().filter_map(|(key, value)| line(Some(context), key, value, found)));
            }
            (Some(context), other) => {
                let what = format!("{0} must be a section, [keys.{0}], not {1}.", context.section(), kind(other));
                found.push((value.span(), what));
            }
            (None, DeValue::Table(_)) => found.push((key.span(), unknown_section(key.get_ref()))),
            (None, _) => lines.extend(line(None, key, value, found)),
        }
    }
    lines
}

/// One line; `None` after a mistake in it.
fn line<K: AsRef<str>>(
    context: Option<KeyContext>,
    key: &Spanned<K>,
    value: &Spanned<DeValue<'_>>,
    found: &mut Found,
) -> Option<Line> {
    let find = |of: KeyContext| named(of).find(|(name, _)| *name == key.get_ref().as_ref());
    let contexts = context.map_or_else(|| KeyContext::ALL.to_vec(), |context| vec![context]);
    let Some((name, known)) = contexts.into_iter().find_map(find) else {
        found.push((key.span(), unknown_action(context, key.get_ref().as_ref())));
        return None;
    };
    let mut line = Line { context, action: known.action, name, at: key.span(), keys: Vec::new() };
    let before = found.len();
    match value.get_ref() {
        DeValue::Array(several) => several.iter().for_each(|value| add(&mut line, value, found)),
        _ => add(&mut line, value, found),
    }
    (found.len() == before).then_some(line)
}

/// Adds one key to a line.
fn add(line: &mut Line, value: &Spanned<DeValue<'_>>, found: &mut Found) {
    let read = match value.get_ref() {
        DeValue::String(written) => chord(line, written),
        other => Err(format!(
            "{} must be a key in quotes, such as \"x\", or a list of keys, not {}.",
            line.name,
            kind(other)
        )),
    };
    match read {
        Ok(chord) if line.chords().any(|known| known == chord) => {}
        Ok(chord) => line.keys.push((value.span(), chord)),
        Err(what) => found.push((value.span(), what)),
    }
}

fn chord(line: &Line, written: &str) -> Result<Chord, String> {
    let name = line.name;
    let chord: Chord = written.parse().map_err(|error| match error {
        ChordError::Unknown(word) => unknown_key(written, &word),
        ChordError::NotSent(why) => format!("{why} Give {name} another key."),
    })?;
    if chord.always_quits() && line.action != QUIT {
        return Err(format!("{} always quits tickler. Give {name} another key.", chord.name()));
    }
    match line.context {
        Some(context) if context.takes_text() && chord.is_text() => Err(format!(
            "In [keys.{}], {} types a character. Give {name} a key with Ctrl or Alt, or one that types nothing.",
            context.section(),
            chord.name()
        )),
        _ => Ok(chord),
    }
}

fn unknown_key(written: &str, word: &str) -> String {
    let names: Vec<&str> = Chord::names().collect();
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    };
    let advice = match nearest(&capital(word), &names) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => "Write keys as the help shows them: x, Space, F5, Ctrl-S, Alt-Enter.".to_owned(),
    };
    format!("“{written}” is not a key. {advice}")
}

fn unknown_section(written: &str) -> String {
    let contexts: Vec<&str> = KeyContext::ALL.into_iter().map(KeyContext::section).collect();
    let advice = match nearest(written, &contexts) {
        Some(meant) => format!("Did you mean [keys.{meant}]?"),
        None => format!("Known sections: {}.", contexts.join(", ")),
    };
    format!("Unknown section [keys.{written}]. {advice}")
}

fn unknown_action(context: Option<KeyContext>, written: &str) -> String {
    let names_of = |context: KeyContext| named(context).map(|(name, _)| name);
    let names: Vec<&str> = match context {
        Some(context) => names_of(context).collect(),
        None => KeyContext::ALL.into_iter().flat_map(names_of).collect(),
    };
    let section = context.map_or_else(|| "keys".to_owned(), |context| format!("keys.{}", context.section()));
    let elsewhere: Vec<String> = KeyContext::ALL
        .into_iter()
        .filter(|other| names_of(*other).any(|name| name == written))
        .map(|other| format!("[keys.{}]", other.section()))
        .collect();
    let advice = match nearest(written, &names) {
        _ if !elsewhere.is_empty() => format!("It is in {}.", elsewhere.join(", ")),
        Some(meant) => format!("Did you mean {meant}?"),
        None => "The sample settings list all actions.".to_owned(),
    };
    format!("Unknown action “{written}” in [{section}]. {advice}")
}

/// The mistake in a line that leaves no way out of a key context, or of the program.
fn no_way_out(line: &Line) -> Option<String> {
    let leads_out = LEADS_OUT.contains(&line.action);
    (leads_out && line.keys.is_empty()).then(|| {
        let what = if line.action == QUIT { "quit tickler" } else { "go back" };
        format!("{} needs a key: without one you could not {what}.", line.name)
    })
}

/// A mistake for each key that would do two things. It belongs to the line of the file that caused it, and is reported
/// once for all key contexts.
fn conflicts(clashes: &[Clash], lines: &[Line]) -> Found {
    let mut reported: Vec<(Range<usize>, Conflict)> = Vec::new();
    for clash in clashes {
        let written = clash.between.map(|(context, action)| {
            let of =
                |wanted: Option<KeyContext>| lines.iter().find(|line| line.context == wanted && line.action == action);
            let line = of(Some(context)).or_else(|| of(None))?;
            line.keys.iter().find(|(_, chord)| *chord == clash.chord).map(|(span, _)| span.clone())
        });
        // Of two lines, the later one is the mistake.
        let (at, this) = match written {
            [Some(one), Some(other)] if one.start > other.start => (one, 0),
            [_, Some(other)] => (other, 1),
            [Some(one), None] => (one, 0),
            [None, None] => continue,
        };
        let (this, other) = (clash.between[this], clash.between[1 - this]);
        let [(context, _), _] = clash.between;
        let conflict = Conflict { chord: clash.chord, this: this.1, other: other.1, contexts: Vec::new() };
        match reported.iter_mut().find(|(span, known)| *span == at && known.is_about(&conflict)) {
            Some((_, known)) => known.contexts.push(context),
            None => reported.push((at, Conflict { contexts: vec![context], ..conflict })),
        }
    }
    reported.into_iter().map(|(at, conflict)| (at, conflict.message())).collect()
}

/// A key that would do two things.
struct Conflict {
    chord: Chord,
    this: Action,
    other: Action,
    contexts: Vec<KeyContext>,
}

impl Conflict {
    fn is_about(&self, other: &Self) -> bool {
        (self.chord, self.this, self.other) == (other.chord, other.this, other.other)
    }

    fn message(&self) -> String {
        let contexts: Vec<String> =
            self.contexts.iter().map(|context| format!("[keys.{}]", context.section())).collect();
        let (key, this) = (self.chord.name(), self.this.name().unwrap_or("this"));
        let contexts = contexts.join(", ");
        match self.other.name() {
            Some(other) => format!(
                "In {contexts}, {key} is already {other}, so it cannot be {this} too. Give one of them another key."
            ),
            None => format!("In {contexts}, {key} picks an answer. Give {this} another key."),
        }
    }
}

#[cfg(test)]
mod tests;
