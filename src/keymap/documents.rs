//! The table in documents: the keys in the README and the man page, and the sample settings.

use super::chord::Chord;
use super::context::KeyContext;
use super::table::{Binding, all, named};

/// The contexts that documents describe. The others show their keys on the screen.
pub const DOCUMENTED: [KeyContext; 6] = [
    KeyContext::Pending,
    KeyContext::History,
    KeyContext::Calendar,
    KeyContext::Hours,
    KeyContext::Form,
    KeyContext::Anywhere,
];

/// The bindings of a context that documents describe.
pub fn documented(context: KeyContext) -> impl Iterator<Item = &'static Binding> {
    all().filter(move |binding| binding.context == context && !binding.long.is_empty())
}

/// The keys as Markdown, for the README.
#[must_use]
pub fn markdown() -> String {
    let mut lines = Vec::new();
    for context in DOCUMENTED {
        lines.extend([String::new(), format!("**{}**", context.title()), String::new()]);
        lines.extend(["| Keys | Action |".to_owned(), "|---|---|".to_owned()]);
        for binding in documented(context) {
            let keys: Vec<String> = binding.keys.iter().map(|chord| format!("`{}`", chord.name())).collect();
            lines.push(format!("| {} | {} |", keys.join(" "), binding.long));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The `[keys]` part of the sample settings.
#[must_use]
pub fn sample() -> String {
    let mut text = String::from(SAMPLE_HEAD);
    for context in KeyContext::ALL {
        text.extend(["\n[keys.", context.section(), "]\n"]);
        for (name, binding) in named(context) {
            let comment = if binding.long.is_empty() { String::new() } else { format!(" # {}", binding.long) };
            text.extend(["#", name, " = ", &value(&binding.keys), &comment, "\n"]);
        }
    }
    text
}

const SAMPLE_HEAD: &str = "\
# The keys. Each action has a name, and takes one key, a list of keys (the footer shows the first), or none: [].
# Write a key as the help shows it: x, X, Space, Enter, Esc, Tab, Shift-Tab, Backspace, Del, Ins, Up, Down, Left, Right,
# Home, End, PgUp, PgDn, F1 to F12, with Ctrl-, Alt- or Shift- before it. A line in [keys] itself is for every section
# that has the action; a line in a section is for that section. The palette lists actions without a key by name. Ctrl-C
# always quits the program.
[keys]
#next-line = [\"j\", \"Down\"] # an example
";

/// The keys as TOML.
fn value(keys: &[Chord]) -> String {
    let quoted = |chord: &Chord| format!("\"{}\"", chord.spelled().replace('\\', "\\\\").replace('"', "\\\""));
    match keys {
        [one] => quoted(one),
        several => format!("[{}]", several.iter().map(quoted).collect::<Vec<_>>().join(", ")),
    }
}
