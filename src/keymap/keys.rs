//! The keys that everything has for this person: those of the table, but for what the settings say.

use std::borrow::Cow;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Action, Binding, Chord, Edit, KeyContext, all};
use crate::app::App;

/// The keys of each line of the table, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap(Arc<[Cow<'static, [Chord]>]>);

/// A line of the table, with the keys that it really has.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    /// The line.
    pub line: &'static Binding,
    /// Its keys, the first of which the footer shows.
    pub keys: &'a [Chord],
}

/// A key that would have to do two things in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The key.
    pub chord: Chord,
    /// The actions that have it, which do not share a key by themselves, and the places of their lines: the first is
    /// the place where they meet, the second is that place or everywhere.
    pub between: [(KeyContext, Action); 2],
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        Self(all().map(|line| Cow::Borrowed(line.keys)).collect())
    }
}

impl Bound<'_> {
    /// The keys as they are written, one after the other.
    #[must_use]
    pub fn keys_text(&self) -> String {
        self.keys.iter().map(|chord| chord.name()).collect::<Vec<_>>().join(" ")
    }
}

impl Keymap {
    /// Gives an action other keys in one place. Ctrl-C stays with the end of the program, whatever is said.
    pub fn set(&mut self, context: KeyContext, action: Action, mut keys: Vec<Chord>) {
        if action == Action::Quit {
            let fixed = all().filter(|line| line.action == Action::Quit).flat_map(|line| line.keys);
            keys.extend(fixed.filter(|chord| chord.is_the_end() && !keys.contains(chord)).copied().collect::<Vec<_>>());
        }
        for (line, own) in all().zip(Arc::make_mut(&mut self.0)) {
            if (line.context, line.action) == (context, action) {
                *own = Cow::Owned(keys.clone());
            }
        }
    }

    /// Every line of the table with its keys, in the order of the table.
    pub fn bound(&self) -> impl Iterator<Item = Bound<'_>> {
        all().zip(self.0.iter()).map(|(line, keys)| Bound { line, keys })
    }

    /// What works in a place: its own lines, then those of everywhere.
    fn working_in(&self, context: KeyContext) -> impl Iterator<Item = Bound<'_>> {
        let everywhere = (context != KeyContext::Anywhere).then_some(KeyContext::Anywhere);
        let lines_of = |wanted: KeyContext| self.bound().filter(move |bound| bound.line.context == wanted);
        lines_of(context).chain(everywhere.into_iter().flat_map(lines_of))
    }

    /// The action of a key here and now. Where text is typed a plain character is text.
    #[must_use]
    pub fn action(&self, app: &App, key: &KeyEvent) -> Option<Action> {
        let context = app.key_context();
        if context.takes_text() && is_text(key) {
            return match key.code {
                KeyCode::Char(c) => Some(Action::Edit(Edit::Insert(c))),
                _ => None,
            };
        }
        self.first(app, context, |chord| chord.is(key))
    }

    /// The first action that can be done now and has such a key.
    fn first(&self, app: &App, context: KeyContext, is_it: impl Fn(Chord) -> bool) -> Option<Action> {
        self.working_in(context)
            .find(|bound| bound.keys.iter().any(|chord| is_it(*chord)) && (bound.line.available)(app))
            .map(|bound| bound.line.action)
    }

    /// What can be done here and now, for the footer: the first key of each that does nothing else here, and its word.
    pub fn footer<'a>(&'a self, app: &'a App) -> impl Iterator<Item = (String, &'static str)> + 'a {
        let context = app.key_context();
        // A question is answered first. Where text is typed, Esc leads to where quitting is told of.
        let told = move |line: &Binding| match line.action {
            Action::Quit if context.takes_text() => false,
            Action::Help if context == KeyContext::Help => false,
            _ => line.context == context || context != KeyContext::Confirm,
        };
        self.working_in(context)
            .filter(move |Bound { line, .. }| !line.short.is_empty() && told(line))
            .filter(|Bound { line, .. }| line.is_offered(app) && (line.available)(app))
            .filter_map(move |Bound { line, keys }| {
                let does_it =
                    |chord: &Chord| self.first(app, context, |pressed| pressed == *chord) == Some(line.action);
                let chord = keys.iter().copied().filter(|chord| works(context, *chord)).find(does_it)?;
                Some((chord.name(), line.short))
            })
    }

    /// The key that does something in a place; `None` where none does.
    #[must_use]
    pub fn chord(&self, context: KeyContext, action: Action) -> Option<Chord> {
        self.working_in(context).find(|bound| bound.line.action == action).and_then(|bound| usable(context, bound.keys))
    }

    /// What to use for something in a place, as a sentence says it: its key, or where it has none what the palette calls
    /// it.
    #[must_use]
    pub fn key(&self, context: KeyContext, action: Action) -> String {
        if let Some(chord) = self.chord(context, action) {
            return chord.name();
        }
        let called = |line: &'static Binding| [line.short, line.long].into_iter().find(|name| !name.is_empty());
        let named = self.working_in(context).filter(|bound| bound.line.action == action).find_map(|it| called(it.line));
        format!("“{}”", named.or_else(|| action.name()).unwrap_or_default())
    }

    /// The keys that would have to do two things, each such pair once. Two actions may share a key where they do so in
    /// the table: never both of them can be used, or one of them is looked at first on purpose.
    #[must_use]
    pub fn clashes(&self) -> Vec<Clash> {
        let mut clashes: Vec<Clash> = Vec::new();
        for context in KeyContext::ALL {
            let lines: Vec<Bound<'_>> = self.working_in(context).collect();
            for (index, one) in lines.iter().enumerate() {
                for other in &lines[index + 1..] {
                    let both = one.keys.iter().filter(|chord| other.keys.contains(chord) && works(context, **chord));
                    let between = [(one.line.context, one.line.action), (other.line.context, other.line.action)];
                    let wrong = both.filter(|_| !may_share(context, one.line, other.line));
                    for clash in wrong.map(|chord| Clash { chord: *chord, between }) {
                        if !clashes.contains(&clash) {
                            clashes.push(clash);
                        }
                    }
                }
            }
        }
        clashes
    }
}

/// Whether the two may have one key: they are the same, or have one in the table.
fn may_share(context: KeyContext, one: &Binding, other: &Binding) -> bool {
    let of = |action: Action| {
        let here =
            move |line: &&Binding| line.action == action && [context, KeyContext::Anywhere].contains(&line.context);
        all().filter(here).flat_map(|line| line.keys)
    };
    one.action == other.action || of(one.action).any(|chord| of(other.action).any(|shared| shared == chord))
}

/// Whether the key is one in this place, and not text.
fn works(context: KeyContext, chord: Chord) -> bool {
    !(context.takes_text() && chord.is_text())
}

/// The first of the keys that works in a place.
fn usable(context: KeyContext, keys: &[Chord]) -> Option<Chord> {
    keys.iter().copied().find(|chord| works(context, *chord))
}

/// Whether a key is a character to be typed: none of its modifiers makes it a command. Ctrl and Alt together are how
/// some layouts type `@` or `{`.
fn is_text(key: &KeyEvent) -> bool {
    let commands = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    matches!(key.code, KeyCode::Char(_))
        && (commands.is_empty() || commands == KeyModifiers::CONTROL | KeyModifiers::ALT)
}

#[cfg(test)]
mod tests;
