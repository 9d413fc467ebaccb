//! From what a person typed after `tickler add` to memos. Nothing is scheduled here.

use when::{Moment, Tz};

use super::ask::{ask_number, commands_hint, decide};
use super::command_line::{CommandLine, spelling};
use super::error::{CommandError, CommandErrors, MEMO_HINT};
use super::parse_when::{Meaning, StrayWords, TimeReader, check_size, memo_text};
use super::printer::Printer;
use super::quote::quoted;
use crate::config::Flags;
use crate::countdown;
use crate::harmless;
use crate::memo::{Memo, MemoId};

/// The arguments that a person typed, and the reader for their times.
pub(super) struct NewMemos<'a> {
    /// The words of the memo.
    pub words: &'a [String],
    pub at: Option<&'a str>,
    /// The zone of a time that names none.
    pub zone: Tz,
    pub times: TimeReader<'a>,
    pub new_id: &'a dyn Fn() -> MemoId,
    /// The flags that choose the context, for the command to type instead.
    pub flags: &'a Flags,
    /// A dry run asks nothing.
    pub is_dry_run: bool,
    pub json: bool,
}

/// A memo with the number of its line.
pub(super) type NumberedMemo = (usize, Memo);

/// A memo whose time may be unclear.
struct Typed {
    text: String,
    due: Meaning,
}

impl NewMemos<'_> {
    /// The memo of the arguments, or of standard input.
    pub fn one(&self, printer: &mut Printer<'_, '_>) -> Result<Memo, CommandError> {
        let text = match self.words.join(" ").trim() {
            "" | "-" => read_memo(printer)?,
            words => words.to_owned(),
        };
        if let Some(at) = self.at
            && let Some(stray) = self.times.stray_words(at, self.words, self.zone)
        {
            let (text, due) = self.decide_stray(at, &text, &stray, self.asker(printer))?;
            return self.memo(&text, due);
        }
        self.settle(self.typed(self.at, &text)?, self.asker(printer))
    }

    /// A memo for each line of standard input. If one line has an error, none.
    pub fn lines(&self, printer: &mut Printer<'_, '_>) -> Result<Vec<NumberedMemo>, CommandErrors> {
        let at = match self.at {
            Some(at) => {
                let meaning = self.times.read(at, self.times.now(), self.zone)?;
                let command = |moment: &Moment| at_moment(self.command().flag("--stdin-lines", true), moment);
                Some(decide(meaning, &self.times, self.asker(printer), command)?)
            }
            None => None,
        };
        let text = printer.read_input()?;
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let typed: Vec<_> = lines.map(|(number, line)| (number, self.typed_line(at, line))).collect();
        // Asking is pointless while another line has an error.
        let asks = self.asker(printer).is_some() && typed.iter().all(|(_, line)| line.is_ok());
        let (mut memos, mut errors) = (Vec::new(), CommandErrors::new());
        for (number, line) in typed {
            let mut asker = self.asker(printer).filter(|_| asks);
            if let (Some(printer), Ok(Typed { text, due: Meaning::Unclear(_) })) = (&mut asker, &line) {
                printer.print_error_text(&format!("Line {number}: {}\n", quoted(text)));
            }
            match line.and_then(|typed| self.settle(typed, asker)) {
                Ok(memo) => memos.push((number, memo)),
                // After one no, the other questions are pointless.
                Err(error) if asks => return Err(error.for_line(number).into()),
                Err(error) => errors.push(error.for_line(number)),
            }
        }
        if errors.is_empty() { Ok(memos) } else { Err(errors) }
    }

    /// Whether a person answers questions.
    fn asker<'q, 'p, 's>(&self, printer: &'q mut Printer<'p, 's>) -> Option<&'q mut Printer<'p, 's>> {
        if self.is_dry_run { None } else { printer.asker() }
    }

    fn typed_line(&self, at: Option<Moment>, line: &str) -> Result<Typed, CommandError> {
        match (at, line.split_once('\t')) {
            (Some(due), _) => Ok(Typed { text: memo_text(line)?, due: Meaning::Certain(due) }),
            (None, Some((at, text))) => self.typed(Some(at), text),
            (None, None) => self.typed(None, line),
        }
    }

    /// A memo as typed. Without `at`, the text contains its time.
    fn typed(&self, at: Option<&str>, text: &str) -> Result<Typed, CommandError> {
        let (text, due) = match at {
            Some(at) => (text.to_owned(), self.times.read(at, self.times.now(), self.zone)?),
            None => self.times.split_memo(text, self.zone)?,
        };
        Ok(Typed { text: memo_text(&text)?, due })
    }

    fn settle(&self, typed: Typed, asker: Option<&mut Printer<'_, '_>>) -> Result<Memo, CommandError> {
        let Typed { text, due } = typed;
        let due = decide(due, &self.times, asker, |moment| at_moment(self.command(), moment).argument(&text))?;
        self.memo(&text, due)
    }

    fn memo(&self, text: &str, due: Moment) -> Result<Memo, CommandError> {
        let memo = Memo { id: (self.new_id)(), text: memo_text(text)?, due };
        check_size(&memo)?;
        Ok(memo)
    }

    /// Decides whether the words belong to the memo or to its time.
    fn decide_stray(
        &self,
        at: &str,
        text: &str,
        stray: &StrayWords,
        asker: Option<&mut Printer<'_, '_>>,
    ) -> Result<(String, Moment), CommandError> {
        let StrayWords { words, rest } = stray;
        let why = format!("“{words}” could be part of the memo or of the time “{at}”.");
        let longer = format!("{at} {words}");
        let readings: Vec<(&str, Moment)> = [(rest.as_str(), longer.as_str()), (text, at)]
            .into_iter()
            .filter_map(|(text, at)| match self.times.read(at, self.times.now(), self.zone) {
                Ok(Meaning::Certain(due)) if !harmless::is_blank(text) => Some((text, due)),
                Ok(_) | Err(_) => None,
            })
            .collect();
        if let (Some(printer), [_, _]) = (asker, readings.as_slice()) {
            printer.print_error_text(&format!("{why}\n"));
            let describe = |(text, due): &(&str, Moment)| {
                let countdown = countdown::text(due.instant, self.times.now());
                format!("{}, due {}, {countdown}", quoted(text), due.words(self.times.hours()))
            };
            let chosen = ask_number(readings.iter().map(describe), printer).and_then(|index| readings.get(index));
            return chosen.map(|(text, due)| ((*text).to_owned(), *due)).ok_or_else(CommandError::declined);
        }
        let command = |(text, due): &(&str, Moment)| at_moment(self.command(), due).argument(text).into_text();
        let commands: Vec<String> = readings.iter().map(command).collect();
        let hint = match commands.as_slice() {
            [] => format!("Use --at \"{longer}\", or put the memo in quotes."),
            commands => commands_hint(commands),
        };
        Err(CommandError::refused("ambiguous", why, hint))
    }

    /// The command line as it was typed, without the memo and its time.
    fn command(&self) -> CommandLine {
        CommandLine::new("add", self.flags).flag("--dry-run", self.is_dry_run).flag("--json", self.json)
    }
}

fn at_moment(command: CommandLine, moment: &Moment) -> CommandLine {
    command.option("--at", Some(&spelling(moment)))
}

fn read_memo(printer: &mut Printer<'_, '_>) -> Result<String, CommandError> {
    if printer.input_is_terminal() {
        return Err(CommandError::usage("There is no memo.", MEMO_HINT));
    }
    printer.read_input()
}
