//! The table: every action, with its name in the settings, its default keys, its labels and its condition.

use std::sync::LazyLock;

use crossterm::event::KeyCode::{
    BackTab, Backspace, Delete, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up,
};
use crossterm::event::KeyModifiers;

use super::chord::{Chord, alt, ctrl, with};
use super::condition::{KeyState, When};
use super::context::KeyContext;

/// One binding: an action in one context.
#[derive(Debug)]
pub struct Binding {
    /// Where it works.
    pub context: KeyContext,
    /// The default keys. The footer shows the first.
    pub keys: Vec<Chord>,
    /// What it does.
    pub action: Action,
    /// One or two words for the footer; empty if the footer does not show it.
    pub short: &'static str,
    /// A line for the help and the documents; empty if they do not show it.
    pub long: &'static str,
    /// When it is available.
    pub when: When,
}

impl Binding {
    /// The label in the palette.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.short, self.long) {
            (short, "") => short.to_owned(),
            ("", long) => long.to_owned(),
            (short, long) if long.starts_with(short) => long.to_owned(),
            (short, long) => format!("{short}: {long}"),
        }
    }

    /// Whether it is shown: a read-only context hides actions that change schedules.
    #[must_use]
    pub fn is_offered(&self, state: &dyn KeyState) -> bool {
        !(state.is_read_only() && self.action.changes())
    }
}

static BINDINGS: LazyLock<Vec<Binding>> = LazyLock::new(rows);

/// Every binding, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter()
}

/// The actions of a context that have a name in the settings, each once, with the binding that describes it: the first
/// that has a long label.
pub fn named(context: KeyContext) -> impl Iterator<Item = (&'static str, &'static Binding)> {
    let of = move |action: Action| all().filter(move |it| (it.context, it.action) == (context, action));
    let firsts = all().filter(move |it| of(it.action).next().is_some_and(|first| std::ptr::eq(first, *it)));
    firsts.filter_map(move |first| {
        let described = of(first.action).find(|it| !it.long.is_empty()).unwrap_or(first);
        Some((first.action.name()?, described))
    })
}

actions! {
    unnamed {
        /// Insert a character: in a text, a plain character is itself.
        Insert(char) reads {}
        /// Take the answer with this index, counted from 0.
        Pick(usize) reads {
            0 Choose: ['1'];
            1 Choose: ['2'];
            2 Choose: ['3'];
            3 Choose: ['4'];
            4 Choose: ['5'];
            5 Choose: ['6'];
            6 Choose: ['7'];
            7 Choose: ['8'];
            8 Choose: ['9'];
        }
    }

    /// Actions on memos.
    Memo(MemoAction) {
        /// Write a new memo.
        New "add" changes {
            Pending | History: ['a', 'n'] "add", "write a new memo";
            Calendar: ['a', 'n'] "add", "write a new memo for this day";
            Hours: ['a', 'n'] "add", "write a new memo for this hour";
        }
        /// Mark an arrived memo as done, or show the details of another one.
        Open "open" reads {
            Pending: [Enter] "done", "arrived: mark as done; others: show details" if DeliverySelected;
            Pending: [Enter] "details", "" if HasDetails;
            History: [Enter] "details", "show the details" if ReceiptSelected;
        }
        /// Edit the selected memo.
        Edit "edit" changes {
            Pending: ['e'] "edit", "edit the memo in the form" if CanEdit;
        }
        /// Write a new memo like the selected one.
        Duplicate "duplicate" changes {
            Pending: ['D'] "", "duplicate the memo in the form" if MemoSelected;
        }
        /// Schedule a memo for a later time.
        Snooze "snooze" changes {
            Pending: ['s'] "snooze", "snooze: arrived from now, pending from its time" if CanSnooze;
            History: ['s'] "schedule again", "schedule again" if ReceiptSelected;
        }
        /// Cancel a memo.
        Cancel "cancel" changes {
            Pending: ['x', Delete] "cancel", "cancel the memo (undo brings it back)" if CanCancel;
        }
        /// Mark a memo that arrived or failed as done.
        Done "put-away" reads {
            Pending: ['x', Delete] "done", "arrived or failed: mark as done" if ArrivalSelected;
        }
        /// Mark every arrived memo as done.
        AllDone "put-away-all" reads {
            Pending: ['A'] "", "mark all that arrived as done" if SeveralArrived;
        }
        /// Deliver a memo now, and cancel its schedule.
        Run "run-now" changes {
            Pending: ['t'] "run now", "deliver the memo now and cancel its schedule" if CanRun;
        }
        /// Undo the last change, or say that there is none. Undoing “done” changes no schedule, so the handler asks
        /// whether the context is read-only.
        Undo "undo" reads {
            Pending | History: ['u'] "undo", "undo the last change" if CanUndo;
            Pending | History: ['u'] "", "";
        }
        /// Redo the last undone change, or say that there is none.
        Redo "redo" reads {
            Pending | History: ['U'] "redo", "redo the last undone change" if CanRedo;
            Pending | History: ['U'] "", "";
        }
        /// Copy something of the selected memo.
        Copy "copy" reads {
            Pending: ['y'] "", "copy the memo, its id, its ARN, or the aws command" if CanCopy;
            History: ['y'] "", "copy the memo or its id" if CanCopy;
        }
    }

    /// Actions on the list: marks, filter, order.
    List(ListAction) {
        /// Stop a batch, or a long read.
        Stop "stop" reads {
            Pending: [Esc] "stop", "stop reading or changing many memos" if CanStop;
        }
        /// Clear all marks.
        Unmark "unmark" reads {
            Pending: [Esc] "unmark", "clear all marks" if CanUnmark;
        }
        /// Mark the selected memo, or clear its mark.
        Mark "mark" reads {
            Pending: [' '] "", "mark the memo for the next command, or unmark it" if MemoSelected;
        }
        /// Start or end a range of marks.
        MarkRange "mark-range" reads {
            Pending: ['v'] "", "start or end a range of marks" if MemoSelected;
        }
        /// Mark every memo that is shown.
        MarkAll "mark-all" reads {
            Pending: ['*'] "", "mark all memos shown";
        }
        /// Keep the filter, and go back to the list.
        KeepFilter "keep-filter" reads {
            Filter: [Enter] "keep", "keep the filter and go back to the list";
        }
        /// Clear the filter.
        ClearFilter "clear-filter" reads {
            Pending | History: [Esc] "clear filter", "clear filter" if HasFilter;
            Filter: [Esc] "clear", "clear filter";
        }
        /// Type a filter.
        Filter "type-filter" reads {
            Pending: ['/'] "filter", "filter by text, zone or day (!word excludes)";
            History: ['/'] "filter", "filter by text, zone or day";
        }
        /// Sort by the next key.
        Sort "sort" reads {
            Pending: ['o'] "", "sort by due, changed, text or zone";
        }
        /// Reverse the order.
        ReverseOrder "turn-around" reads {
            Pending: ['O'] "", "reverse order";
        }
        /// Show a heading for each day, or none.
        ByDay "by-day" reads {
            Pending: ['d'] "", "group by day (when sorted by due)" if SortedByDue;
        }
    }

    /// Actions that switch the view.
    View(ViewAction) {
        /// List the memos of the selected day.
        OpenDay "open-day" reads {
            Calendar: [Enter] "open day", "list the memos of this day";
        }
        /// Go to the first memo of the selected hour.
        OpenHour "open-hour" reads {
            Hours: [Enter] "open hour", "go to the first memo of this hour" if HourHasMemos;
        }
        /// Show pending memos.
        ShowPending "show-pending" reads {
            History | Calendar | Hours: ['1', Esc] "pending", "pending memos";
        }
        /// Show deliveries.
        ShowHistory "show-history" reads {
            Pending | Calendar | Hours: ['2'] "history", "history: all deliveries";
        }
        /// Show the month.
        ShowCalendar "show-calendar" reads {
            Pending | History | Hours: ['3'] "calendar", "calendar: memos by day";
        }
        /// Show the next 24 hours.
        ShowHours "show-hours" reads {
            Pending | History: ['4'] "", "hours: the next 24 hours";
            Calendar: ['4'] "hours", "hours: the next 24 hours";
        }
        /// Show the next view.
        Next "next-view" reads {
            Pending | History | Calendar | Hours: [']'] "", "next view";
        }
        /// Show the previous view.
        Previous "previous-view" reads {
            Pending | History | Calendar | Hours: ['['] "", "previous view";
        }
    }

    /// Actions of the form.
    Form(FormAction) {
        /// Go to the next field, or schedule the memo from the last one.
        Advance "advance" reads {
            Form: [Enter] "next", "next field; in the last field of a new memo: schedule";
        }
        /// Schedule the memo.
        Submit "schedule" changes {
            Form: [ctrl('s')] "schedule", "schedule from any field";
        }
        /// Go to the next field.
        NextField "next-field" reads {
            Form: [Tab] "", "next field";
        }
        /// Go to the previous field.
        PreviousField "previous-field" reads {
            Form: [BackTab] "", "previous field";
        }
        /// Highlight the next zone.
        NextZone "next-zone" reads {
            Form: [Down, ctrl('n')] "", "in Zone: next suggestion" if OffersZones;
        }
        /// Highlight the previous zone.
        PreviousZone "previous-zone" reads {
            Form: [Up, ctrl('p')] "", "in Zone: previous suggestion" if OffersZones;
        }
        /// Keep a time in the memo as text, or read it again.
        KeepWords "keep-words" reads {
            Form: [ctrl('t')] "", "in Memo: keep the time as text, or read it again" if MayStateTime;
        }
        /// Clear the form.
        Clear "empty-form" reads {
            Form: [alt('x')] "", "clear the form" if FormHasText;
        }
    }

    /// Answers to a question, and the way back. No letter answers a yes-or-no question: it may belong to a sentence that
    /// somebody types into the list.
    Answer(AnswerAction) {
        /// Yes.
        Yes "yes" reads {
            Confirm: [Enter] "yes", "yes" if CanAgree;
            Confirm: [Enter] "close", "";
        }
        /// No.
        No "no" reads {
            Confirm: [Esc] "no", "no";
        }
        /// Take the highlighted or typed answer.
        Take "take" reads {
            Choose: [Enter] "choose", "choose the highlighted answer";
            Words: [Enter] "accept", "accept the answer";
            Palette: [Enter] "run", "run the highlighted command";
        }
        /// Type the answer.
        Words "answer-in-words" reads {
            Choose: ['w'] "type a time", "type a time" if AcceptsWords;
        }
        /// Close the overlay, or go from the form to the list.
        Back "back" reads {
            Form: [Esc] "list", "back to the list (the draft stays)";
            Choose: [Esc, 'q'] "close", "close without an answer";
            Words: [Esc] "close", "close without an answer";
            Palette: [Esc] "close", "close the palette";
            Details: [Esc, Enter, 'q'] "close", "close the details";
            Help: [Esc, '?', 'q'] "close", "close the help";
        }
    }

    /// Editing steps in a line of text; the keys are readline's.
    Text(Edit) {
        /// Begin a new line.
        NewLine "new-line" reads {
            Form: [with(Enter, KeyModifiers::ALT), with(Enter, KeyModifiers::SHIFT), ctrl('j')] "", "new line in the memo";
        }
        /// One character back.
        Back "character-back" reads {
            Form: [Left, ctrl('b')] "", "previous character";
        }
        /// One character forward.
        Forward "character-forward" reads {
            Form: [Right, ctrl('f')] "", "next character";
        }
        /// One word back.
        WordBack "word-back" reads {
            Form: [alt('b'), with(Left, KeyModifiers::CONTROL), with(Left, KeyModifiers::ALT)] "", "previous word";
        }
        /// One word forward.
        WordForward "word-forward" reads {
            Form: [alt('f'), with(Right, KeyModifiers::CONTROL), with(Right, KeyModifiers::ALT)] "", "next word";
        }
        /// To the start of the line.
        LineStart "line-start" reads {
            Form: [Home, ctrl('a')] "", "start of line";
        }
        /// To the end of the line.
        LineEnd "line-end" reads {
            Form: [End, ctrl('e')] "", "end of line";
        }
        /// One line up.
        LineUp "line-up" reads {
            Form: [Up, ctrl('p')] "", "line up";
        }
        /// One line down.
        LineDown "line-down" reads {
            Form: [Down, ctrl('n')] "", "line down";
        }
        /// Delete the character before the cursor.
        DeleteBack "delete-back" reads {
            Form: [Backspace, ctrl('h'), with(Backspace, KeyModifiers::SHIFT)] "", "delete backward";
            Filter | Words | Palette: [Backspace, ctrl('h')] "", "";
        }
        /// Delete the character at the cursor.
        DeleteForward "delete-forward" reads {
            Form: [Delete, ctrl('d')] "", "delete forward";
        }
        /// Delete the word before the cursor.
        DeleteWordBack "delete-word-back" reads {
            Form: [ctrl('w'), with(Backspace, KeyModifiers::ALT), with(Backspace, KeyModifiers::CONTROL)] "", "delete previous word";
            Filter | Words | Palette: [ctrl('w')] "", "";
        }
        /// Delete the word at the cursor.
        DeleteWordForward "delete-word-forward" reads {
            Form: [alt('d'), with(Delete, KeyModifiers::ALT)] "", "delete next word";
        }
        /// Delete to the start of the line.
        DeleteToStart "delete-to-start" reads {
            Form: [ctrl('u')] "", "delete to start of line";
            Filter | Words | Palette: [ctrl('u')] "", "";
        }
        /// Delete to the end of the line.
        DeleteToEnd "delete-to-end" reads {
            Form: [ctrl('k')] "", "delete to end of line";
        }
        /// Insert the text that was deleted last.
        Yank "yank" reads {
            Form: [ctrl('y')] "", "insert the deleted text";
        }
        /// Undo the last edit of the text.
        Undo "undo-text" reads {
            Form: [ctrl('/')] "", "undo the last edit";
        }
        /// Redo the last undone edit.
        Redo "redo-text" reads {
            Form: [alt('/'), alt('_')] "", "redo the last undone edit";
        }
    }

    /// Actions of the whole program.
    Program(ProgramAction) {
        /// Switch to another context.
        Contexts "contexts" reads {
            Pending | History: ['c'] "contexts", "" if HasContexts;
            Pending | History | Calendar | Hours: ['c'] "", "switch context";
        }
        /// Show all commands by name.
        Palette "show-palette" reads {
            Pending | History | Calendar | Hours: [':'] "", "all commands by name";
        }
        /// Read everything again.
        Refresh "refresh" reads {
            Pending | Calendar | Hours: ['R'] "", "refresh";
            History: ['R'] "refresh", "refresh";
        }
        /// Dismiss the banner.
        Dismiss "dismiss" reads {
            Anywhere: [Esc] "", "dismiss the banner" if HasBanner;
        }
        /// Show the keys.
        Help "show-help" reads {
            Anywhere: ['?', F(1)] "help", "help: all keys";
        }
        /// Draw the screen again.
        Redraw "redraw" reads {
            Anywhere: [ctrl('l')] "", "redraw";
        }
        /// Suspend the program until the shell resumes it.
        Suspend "suspend" reads {
            Anywhere: [ctrl('z')] "", "suspend (fg resumes)";
        }
        /// Quit.
        Quit "quit" reads {
            Anywhere: ['q', ctrl('c'), ctrl('q')] "quit", "quit";
        }
    }

    /// Motions. Every list, overlay and document takes the same ones; the calendar moves by day, week and month.
    Move(Motion) {
        /// One line down, or one week.
        Down "next-line" reads {
            Pending | History | Hours | Details | Help: ['j', Down] "", "next line";
            Calendar: ['j', Down] "", "next week";
            Filter: [Down] "", "next line";
            Choose: ['j', Down] "", "next answer";
            Palette: [Down, ctrl('n')] "", "next command";
        }
        /// One line up, or one week.
        Up "previous-line" reads {
            Pending | History | Hours | Details | Help: ['k', Up] "", "previous line";
            Calendar: ['k', Up] "", "previous week";
            Filter: [Up] "", "previous line";
            Choose: ['k', Up] "", "previous answer";
            Palette: [Up, ctrl('p')] "", "previous command";
        }
        /// One day back, in the calendar.
        Left "left" reads {
            Calendar: ['h', Left] "", "previous day";
        }
        /// One day forward, in the calendar.
        Right "right" reads {
            Calendar: ['l', Right] "", "next day";
        }
        /// To the first line, or to today.
        First "first-line" reads {
            Pending | History | Hours | Details | Help | Choose: ['g', Home] "", "first line";
            Calendar: ['g', Home] "today", "today";
            Filter | Palette: [Home] "", "first line";
        }
        /// To the last line, or to the day of the last pending memo.
        Last "last-line" reads {
            Pending | History | Hours | Details | Help | Choose: ['G', End] "", "last line";
            Calendar: ['G', End] "", "day of the last pending memo";
            Filter | Palette: [End] "", "last line";
        }
        /// One page down, or one month.
        PageDown "page-down" reads {
            Pending | History | Hours | Details | Help | Choose: [PageDown, ctrl('f')] "", "page down";
            Calendar: [PageDown, ctrl('f')] "next month", "next month";
            Filter | Palette: [PageDown] "", "page down";
        }
        /// One page up, or one month.
        PageUp "page-up" reads {
            Pending | History | Hours | Details | Help | Choose: [PageUp, ctrl('b')] "", "page up";
            Calendar: [PageUp, ctrl('b')] "previous month", "previous month";
            Filter | Palette: [PageUp] "", "page up";
        }
    }
}

#[cfg(test)]
mod tests;
