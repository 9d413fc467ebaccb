//! The table as it stands in documents: the README's list, and the sample of the settings.

use super::{Binding, Chord, KeyContext, all};

/// The places that documents tell of; the others say themselves what can be done there.
pub const TOLD: [KeyContext; 6] = [
    KeyContext::Pending,
    KeyContext::History,
    KeyContext::Calendar,
    KeyContext::Hours,
    KeyContext::Form,
    KeyContext::Anywhere,
];

/// What documents tell of a place.
pub fn told(context: KeyContext) -> impl Iterator<Item = &'static Binding> {
    all().filter(move |line| line.context == context && !line.long.is_empty())
}

/// The keys as Markdown, as the README shows them.
#[must_use]
pub fn markdown() -> String {
    let mut lines = Vec::new();
    for context in TOLD {
        lines.extend([String::new(), format!("**{}**", context.title()), String::new()]);
        lines.extend(["| Keys | |".to_owned(), "|---|---|".to_owned()]);
        for line in told(context) {
            let keys: Vec<String> = line.keys.iter().map(|chord| format!("`{}`", chord.name())).collect();
            lines.push(format!("| {} | {} |", keys.join(" "), line.long));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The part of the sample of the settings that gives everything its keys.
#[must_use]
pub fn sample() -> String {
    let mut text = String::from(SAMPLE_HEAD);
    for context in KeyContext::ALL {
        text.extend(["\n[keys.", context.section(), "]\n"]);
        for (name, line) in context.lines() {
            let comment = if line.long.is_empty() { String::new() } else { format!(" # {}", line.long) };
            text.extend(["#", name, " = ", &value(line.keys), &comment, "\n"]);
        }
    }
    text
}

const SAMPLE_HEAD: &str = "\
# The keys. Each action has a name, and takes one key, or several of which the footer shows the first, or none: [].
# A key is written as the help shows it: x, X, Space, Enter, Esc, Tab, Shift-Tab, Backspace, Del, Ins, Up, Down, Left,
# Right, Home, End, PgUp, PgDn, F1 to F12, and with Ctrl-, Alt- or Shift- before it. A line in [keys] itself is for every
# place that has the action, a line in the section of a place for that place. What has no key is in the palette by its
# name. Ctrl-C ends the program, whatever stands here.
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
