//! `[keys]`: the keys that somebody wants to have, on top of those that there are.
//!
//! A line in `[keys.PLACE]` is for that place, a line in `[keys]` itself for every place that has the action. It must
//! never know what the actions do.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::kind;
use super::spelling::nearest;
use crate::keymap::{
    Action, AnswerAction, Chord, ChordError, Clash, KeyContext, Keymap, ListAction, ProgramAction, all, named,
};

const QUIT: Action = Action::Program(ProgramAction::Quit);

/// The actions that lead out of a context, or of the program.
const LEADS_OUT: [Action; 4] =
    [QUIT, Action::Answer(AnswerAction::Back), Action::Answer(AnswerAction::No), Action::List(ListAction::KeepFilter)];

/// Mistakes, each with the part of the file that it is in.
type Found = Vec<(Range<usize>, String)>;

/// One line: an action, and its keys.
struct Line {
    /// `None` where it stands in `[keys]` itself.
    context: Option<KeyContext>,
    action: Action,
    name: &'static str,
    at: Range<usize>,
    keys: Vec<(Range<usize>, Chord)>,
}

/// The keys that hold, with what the section says; its mistakes are noted.
pub(super) fn read(table: Option<&DeTable<'_>>, found: &mut Found) -> Keymap {
    let lines = table.map_or_else(Vec::new, |table| lines(table, found));
    let mut keys = Keymap::default();
    for line in lines.iter().filter(|line| line.context.is_none()) {
        for context in KeyContext::ALL.into_iter().filter(|context| has(*context, line.action)) {
            if let Some(own) = general(line, context) {
                keys.set(context, line.action, own);
            }
        }
    }
    for line in &lines {
        if let Some(context) = line.context {
            keys.set(context, line.action, line.chords().collect());
        }
    }
    for line in &lines {
        found.extend(without(line).map(|what| (line.at.clone(), what)));
    }
    found.extend(doubled(&keys.clashes(), &lines));
    keys
}

impl Line {
    fn chords(&self) -> impl Iterator<Item = Chord> {
        self.keys.iter().map(|(_, chord)| *chord)
    }
}

/// Whether there is such an action in that place.
fn has(context: KeyContext, action: Action) -> bool {
    all().any(|binding| (binding.context, binding.action) == (context, action))
}

/// What a line for every place comes to in one of them. Where text is typed its characters are text; if nothing else
/// remains there, the place keeps the keys that it has.
fn general(line: &Line, context: KeyContext) -> Option<Vec<Chord>> {
    let keys: Vec<Chord> = line.chords().filter(|chord| !(context.takes_text() && chord.is_text())).collect();
    (!keys.is_empty() || line.keys.is_empty()).then_some(keys)
}

/// Everything that the section says.
fn lines(table: &DeTable<'_>, found: &mut Found) -> Vec<Line> {
    let mut lines = Vec::new();
    for (key, value) in table {
        let context = KeyContext::ALL.into_iter().find(|context| context.section() == key.get_ref());
        match (context, value.get_ref()) {
            (Some(context), DeValue::Table(table)) => {
                lines.extend(table.iter().filter_map(|(key, value)| line(Some(context), key, value, found)));
            }
            (Some(context), other) => {
                let what = format!("{0} is a place, [keys.{0}], and this is {1}.", context.section(), kind(other));
                found.push((value.span(), what));
            }
            (None, DeValue::Table(_)) => found.push((key.span(), no_such_place(key.get_ref()))),
            (None, _) => lines.extend(line(None, key, value, found)),
        }
    }
    lines
}

/// One line; `None` where there is a mistake in it.
fn line<K: AsRef<str>>(
    context: Option<KeyContext>,
    key: &Spanned<K>,
    value: &Spanned<DeValue<'_>>,
    found: &mut Found,
) -> Option<Line> {
    let find = |of: KeyContext| named(of).find(|(name, _)| *name == key.get_ref().as_ref());
    let contexts = context.map_or_else(|| KeyContext::ALL.to_vec(), |context| vec![context]);
    let Some((name, known)) = contexts.into_iter().find_map(find) else {
        found.push((key.span(), no_such_action(context, key.get_ref().as_ref())));
        return None;
    };
    let mut line = Line { context, action: known.action, name, at: key.span(), keys: Vec::new() };
    let before = found.len();
    match value.get_ref() {
        DeValue::Array(several) => several.iter().for_each(|value| take(&mut line, value, found)),
        _ => take(&mut line, value, found),
    }
    (found.len() == before).then_some(line)
}

/// Takes one key of a line.
fn take(line: &mut Line, value: &Spanned<DeValue<'_>>, found: &mut Found) {
    let read = match value.get_ref() {
        DeValue::String(written) => chord(line, written),
        other => Err(format!(
            "{} is a key in quotes, such as \"x\", or a list of keys, and this is {}.",
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
    let chord: Chord = written.parse().map_err(|no| match no {
        ChordError::Unknown(word) => no_such_key(written, &word),
        ChordError::NotSent(why) => format!("{why} Give {name} another key."),
    })?;
    if chord.always_quits() && line.action != QUIT {
        return Err(format!("{} always ends the program. Give {name} another key.", chord.name()));
    }
    match line.context {
        Some(context) if context.takes_text() && chord.is_text() => Err(format!(
            "In [keys.{}], {} is text that is typed. Give {name} a key with Ctrl or Alt, or one that is no character.",
            context.section(),
            chord.name()
        )),
        _ => Ok(chord),
    }
}

fn no_such_key(written: &str, word: &str) -> String {
    let names: Vec<&str> = Chord::names().collect();
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    };
    let advice = match nearest(&capital(word), &names) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => "A key is written as the help shows it: x, Space, F5, Ctrl-S, Alt-Enter.".to_owned(),
    };
    format!("“{written}” is no key. {advice}")
}

fn no_such_place(written: &str) -> String {
    let contexts: Vec<&str> = KeyContext::ALL.into_iter().map(KeyContext::section).collect();
    let advice = match nearest(written, &contexts) {
        Some(meant) => format!("Did you mean [keys.{meant}]?"),
        None => format!("There are: {}.", contexts.join(", ")),
    };
    format!("There is no place “{written}” in [keys]. {advice}")
}

fn no_such_action(context: Option<KeyContext>, written: &str) -> String {
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
        None => "The sample of the settings has them all.".to_owned(),
    };
    format!("There is no action “{written}” in [{section}]. {advice}")
}

/// What there is to say of a line that leaves no way out of a place, or of the program.
fn without(line: &Line) -> Option<String> {
    let leads_out = LEADS_OUT.contains(&line.action);
    (leads_out && line.keys.is_empty()).then(|| {
        let what = if line.action == QUIT { "the program" } else { "a place" };
        format!("{} needs a key: it is how {what} is left. Give it one.", line.name)
    })
}

/// What there is to say of keys that would have to do two things: it is said of the line of the file that brought it
/// about, once for all places.
fn doubled(clashes: &[Clash], lines: &[Line]) -> Found {
    let mut told: Vec<(Range<usize>, Doubled)> = Vec::new();
    for clash in clashes {
        let said = clash.between.map(|(context, action)| {
            let of =
                |wanted: Option<KeyContext>| lines.iter().find(|line| line.context == wanted && line.action == action);
            let line = of(Some(context)).or_else(|| of(None))?;
            line.keys.iter().find(|(_, chord)| *chord == clash.chord).map(|(span, _)| span.clone())
        });
        // Of two lines, the later one is the slip.
        let (at, this) = match said {
            [Some(one), Some(other)] if one.start > other.start => (one, 0),
            [_, Some(other)] => (other, 1),
            [Some(one), None] => (one, 0),
            [None, None] => continue,
        };
        let (this, other) = (clash.between[this], clash.between[1 - this]);
        let [(context, _), _] = clash.between;
        let doubled = Doubled { chord: clash.chord, this: this.1, other: other.1, contexts: Vec::new() };
        match told.iter_mut().find(|(span, known)| *span == at && known.is_about(&doubled)) {
            Some((_, known)) => known.contexts.push(context),
            None => told.push((at, Doubled { contexts: vec![context], ..doubled })),
        }
    }
    told.into_iter().map(|(at, doubled)| (at, doubled.sentence())).collect()
}

/// A key that would have to do two things.
struct Doubled {
    chord: Chord,
    this: Action,
    other: Action,
    contexts: Vec<KeyContext>,
}

impl Doubled {
    fn is_about(&self, other: &Self) -> bool {
        (self.chord, self.this, self.other) == (other.chord, other.this, other.other)
    }

    fn sentence(&self) -> String {
        let contexts: Vec<String> =
            self.contexts.iter().map(|context| format!("[keys.{}]", context.section())).collect();
        let (key, this) = (self.chord.name(), self.this.name().unwrap_or("this"));
        let contexts = contexts.join(", ");
        match self.other.name() {
            Some(other) => format!(
                "In {contexts}, {key} is {other} already, and would be {this} too. Give {other} another key, or {this}."
            ),
            None => format!("In {contexts}, {key} is the number of an answer. Give {this} another key."),
        }
    }
}

#[cfg(test)]
mod tests;
