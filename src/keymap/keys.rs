//! The keymap of this person: the keys of the table, with the changes of the settings.

use std::borrow::Cow;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::chord::Chord;
use super::condition::KeyState;
use super::context::KeyContext;
use super::table::{Action, Binding, ProgramAction, all};

const HELP: Action = Action::Program(ProgramAction::Help);
const QUIT: Action = Action::Program(ProgramAction::Quit);

/// The keys of each binding, in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap(Arc<[Cow<'static, [Chord]>]>);

/// A binding with this person's keys.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    /// The binding.
    pub binding: &'static Binding,
    /// Its keys. The footer shows the first.
    pub keys: &'a [Chord],
}

/// One key for two actions in one context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The key.
    pub chord: Chord,
    /// The actions, each with the context of its binding. The first context is the one in which they clash; the second
    /// is the same or [`KeyContext::Anywhere`].
    pub between: [(KeyContext, Action); 2],
}

impl Default for Keymap {
    /// The default keys.
    fn default() -> Self {
        Self(all().map(|binding| Cow::Borrowed(binding.keys.as_slice())).collect())
    }
}

impl Bound<'_> {
    /// The names of the keys, with spaces between them.
    #[must_use]
    pub fn keys_text(&self) -> String {
        self.keys.iter().map(|chord| chord.name()).collect::<Vec<_>>().join(" ")
    }
}

impl Keymap {
    /// Sets the keys of an action in one context. Quit always keeps Ctrl-C.
    pub fn set(&mut self, context: KeyContext, action: impl Into<Action>, mut keys: Vec<Chord>) {
        let action = action.into();
        if action == QUIT {
            let fixed = all().filter(|binding| binding.action == QUIT).flat_map(|binding| &binding.keys);
            let fixed = fixed.filter(|chord| chord.always_quits() && !keys.contains(chord)).copied();
            keys.extend(fixed.collect::<Vec<_>>());
        }
        for (binding, own) in all().zip(Arc::make_mut(&mut self.0)) {
            if (binding.context, binding.action) == (context, action) {
                *own = Cow::Owned(keys.clone());
            }
        }
    }

    /// Every binding with its keys, in the order of the table.
    pub fn bound(&self) -> impl Iterator<Item = Bound<'_>> {
        all().zip(self.0.iter()).map(|(binding, keys)| Bound { binding, keys })
    }

    /// The bindings that work in a context: its own, then those of [`KeyContext::Anywhere`].
    fn working_in(&self, context: KeyContext) -> impl Iterator<Item = Bound<'_>> {
        let anywhere = (context != KeyContext::Anywhere).then_some(KeyContext::Anywhere);
        let bound_in = |wanted: KeyContext| self.bound().filter(move |bound| bound.binding.context == wanted);
        bound_in(context).chain(anywhere.into_iter().flat_map(bound_in))
    }

    /// The action of a key in this state. Where text is typed, a plain character is text.
    #[must_use]
    pub fn action(&self, state: &dyn KeyState, key: &KeyEvent) -> Option<Action> {
        let context = state.key_context();
        if context.takes_text()
            && let Some(c) = Self::typed(key)
        {
            return Some(Action::Insert(c));
        }
        self.first(state, context, |chord| chord.is(key))
    }

    /// The character that a key types; `None` if its modifiers make it a command. Some keyboard layouts type `@` or `{`
    /// with Ctrl and Alt together.
    #[must_use]
    pub fn typed(key: &KeyEvent) -> Option<char> {
        let commands = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Char(c) if commands.is_empty() || commands == KeyModifiers::CONTROL | KeyModifiers::ALT => Some(c),
            _ => None,
        }
    }

    /// The first available action with such a key.
    fn first(&self, state: &dyn KeyState, context: KeyContext, is_it: impl Fn(Chord) -> bool) -> Option<Action> {
        self.working_in(context)
            .find(|bound| {
                let reaches = |chord: &&Chord| reaches(context, bound.binding, **chord);
                bound.keys.iter().filter(reaches).any(|chord| is_it(*chord)) && state.holds(bound.binding.when)
            })
            .map(|bound| bound.binding.action)
    }

    /// The footer of this state: for each available action the first key that leads to it, and its binding.
    pub fn footer<'a>(&'a self, state: &'a dyn KeyState) -> impl Iterator<Item = (String, &'static Binding)> + 'a {
        let context = state.key_context();
        // A yes-or-no question shows its answers only. Where text is typed, Esc leads to a context that shows quit.
        let shown = move |binding: &Binding| {
            let quits_from_text = binding.action == QUIT && context.takes_text();
            let helps_in_help = binding.action == HELP && context == KeyContext::Help;
            let beside_question = context == KeyContext::Confirm && binding.context != KeyContext::Confirm;
            !(quits_from_text || helps_in_help || beside_question)
        };
        self.working_in(context)
            .filter(move |Bound { binding, .. }| !binding.short.is_empty() && shown(binding))
            .filter(|Bound { binding, .. }| binding.is_offered(state) && state.holds(binding.when))
            .filter_map(move |Bound { binding, keys }| {
                let leads_to_it =
                    |chord: &Chord| self.first(state, context, |pressed| pressed == *chord) == Some(binding.action);
                let chord = keys.iter().copied().filter(|chord| works(context, *chord)).find(leads_to_it)?;
                Some((chord.name(), binding))
            })
    }

    /// The key of an action in a context; `None` if it has no key there.
    #[must_use]
    pub fn chord(&self, context: KeyContext, action: impl Into<Action>) -> Option<Chord> {
        let action = action.into();
        let bound = self.working_in(context).find(|bound| bound.binding.action == action)?;
        bound.keys.iter().copied().find(|chord| works(context, *chord))
    }

    /// What a sentence calls an action in a context: its key, or without a key its label in the palette.
    #[must_use]
    pub fn key(&self, context: KeyContext, action: impl Into<Action>) -> String {
        let action = action.into();
        if let Some(chord) = self.chord(context, action) {
            return chord.name();
        }
        let label = |binding: &'static Binding| [binding.short, binding.long].into_iter().find(|it| !it.is_empty());
        let mut bound = self.working_in(context).filter(|bound| bound.binding.action == action);
        let label = bound.find_map(|bound| label(bound.binding));
        format!("“{}”", label.or_else(|| action.name()).unwrap_or_default())
    }

    /// The keys with two actions in one context, each pair once. Two actions may share a key if they do so in the table:
    /// their conditions exclude each other, or one comes first on purpose.
    #[must_use]
    pub fn clashes(&self) -> Vec<Clash> {
        let mut clashes: Vec<Clash> = Vec::new();
        for context in KeyContext::ALL {
            let bound: Vec<Bound<'_>> = self.working_in(context).collect();
            for (index, one) in bound.iter().enumerate() {
                for other in &bound[index + 1..] {
                    let both = one.keys.iter().filter(|chord| {
                        other.keys.contains(chord)
                            && works(context, **chord)
                            && [one, other].iter().all(|bound| reaches(context, bound.binding, **chord))
                    });
                    let between = [one, other].map(|bound| (bound.binding.context, bound.binding.action));
                    let wrong = both.filter(|_| !may_share(context, one.binding, other.binding));
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

/// Whether two bindings may have the same key: they have the same action, or share a key in the table.
fn may_share(context: KeyContext, one: &Binding, other: &Binding) -> bool {
    let keys_of = |action: Action| {
        let here = move |it: &&Binding| it.action == action && [context, KeyContext::Anywhere].contains(&it.context);
        all().filter(here).flat_map(|binding| &binding.keys)
    };
    one.action == other.action || keys_of(one.action).any(|chord| keys_of(other.action).any(|shared| shared == chord))
}

/// Whether a key works in a context, and is not text there.
fn works(context: KeyContext, chord: Chord) -> bool {
    !(context.takes_text() && chord.is_text())
}

/// Whether a key reaches a binding. A letter that works everywhere does not work in a yes-or-no question, which no letter
/// answers unless the person binds one to the answer.
fn reaches(context: KeyContext, binding: &Binding, chord: Chord) -> bool {
    !(context == KeyContext::Confirm && binding.context == KeyContext::Anywhere && chord.is_text())
}

#[cfg(test)]
mod tests;
