//! Asks the person about an unclear time on a terminal. Elsewhere the time is refused, with the command to type
//! instead.

use when::{Choice, Moment};

use super::command_line::CommandLine;
use super::error::CommandError;
use super::parse_when::{Meaning, TimeReader, Unclear, UnclearKind};
use super::printer::Printer;
use crate::countdown;
use crate::harmless;

/// The only moment of a meaning, or the one that the person chooses, if there is somebody to ask. `command` is the command
/// line with a moment in the place of what was unclear.
pub(super) fn decide(
    meaning: Meaning,
    times: &TimeReader<'_>,
    asker: Option<&mut Printer<'_, '_>>,
    command: impl Fn(&Moment) -> CommandLine,
) -> Result<Moment, CommandError> {
    match (meaning, asker) {
        (Meaning::Certain(moment), _) => Ok(moment),
        (Meaning::Unclear(unclear), Some(printer)) => ask(&unclear, times, printer),
        (Meaning::Unclear(unclear), None) => Err(refusal(&unclear, command)),
    }
}

/// An unclear time as an error, with the commands that say which moment is meant.
fn refusal(unclear: &Unclear, command: impl Fn(&Moment) -> CommandLine) -> CommandError {
    let kind = match unclear.kind {
        UnclearKind::Guess => "guess",
        UnclearKind::Ambiguous => "ambiguous",
        UnclearKind::Skipped => "skipped",
    };
    let choices: Vec<Moment> = unclear.choices.iter().map(|choice| choice.moment).collect();
    let commands: Vec<String> = choices.iter().map(|moment| command(moment).into_text()).collect();
    CommandError { choices, ..CommandError::refused(kind, &unclear.why, commands_hint(&commands)) }
}

/// The advice to run one of these commands, each on a line of its own.
pub(super) fn commands_hint(commands: &[String]) -> String {
    let lead = match commands {
        [] => return String::new(),
        [_] => "If that is right, run:",
        [_, _, ..] => "Run one of these:",
    };
    commands.iter().fold(lead.to_owned(), |hint, command| format!("{hint}\n  {command}"))
}

/// Asks until the answer is one of the choices, or none of them.
fn ask(unclear: &Unclear, times: &TimeReader<'_>, printer: &mut Printer<'_, '_>) -> Result<Moment, CommandError> {
    printer.print_error_text(&format!("{}\n", unclear.why));
    let chosen = match (unclear.kind, unclear.choices.as_slice()) {
        (UnclearKind::Guess, [guess]) => ask_whether(guess, printer),
        (UnclearKind::Guess | UnclearKind::Ambiguous | UnclearKind::Skipped, choices) => {
            ask_which(choices, times, printer)
        }
    };
    let Some(chosen) = chosen else { return Err(CommandError::declined()) };
    if chosen.instant <= times.now() {
        let message = format!("{} has passed in the meantime.", chosen.words(times.hours()));
        return Err(CommandError::refused("past", message, "Name a later time."));
    }
    Ok(chosen)
}

fn ask_whether(guess: &Choice, printer: &mut Printer<'_, '_>) -> Option<Moment> {
    let mut question = "Is that right? [Y/n]";
    loop {
        match printer.ask(question)?.trim().to_lowercase().as_str() {
            "" | "y" | "yes" => return Some(guess.moment),
            "n" | "no" => return None,
            _ => question = "Type y or n. [Y/n]",
        }
    }
}

fn ask_which(choices: &[Choice], times: &TimeReader<'_>, printer: &mut Printer<'_, '_>) -> Option<Moment> {
    let describe = |Choice { label, moment }: &Choice| {
        let (words, countdown) = (moment.words(times.hours()), countdown::text(moment.instant, times.now()));
        format!("{label}: {words}, {countdown}")
    };
    ask_number(choices.iter().map(describe), printer).and_then(|index| choices.get(index)).map(|choice| choice.moment)
}

/// Lists choices, and asks until the answer is the number of one, or none. Returns its index.
pub(super) fn ask_number(
    choices: impl ExactSizeIterator<Item = String>,
    printer: &mut Printer<'_, '_>,
) -> Option<usize> {
    let numbers = format!("1 to {}, or n for none", choices.len());
    let count = choices.len();
    for (number, choice) in (1..).zip(choices) {
        printer.print_error_text(&format!("  {number}  {}\n", harmless::line(&choice)));
    }
    let mut question = format!("Which one? [{numbers}]");
    loop {
        let answer = printer.ask(&question)?;
        let answer = answer.trim();
        if ["n", "no", "none"].contains(&answer.to_lowercase().as_str()) {
            return None;
        }
        if let Some(number) = answer.parse().ok().filter(|number| (1..=count).contains(number)) {
            return Some(number - 1);
        }
        question = format!("Type {numbers}.");
    }
}
