//! The table itself: every key that there is.

use crossterm::event::{KeyCode, KeyModifiers};

use super::chord::{alt, ctrl, key, plain, with};
use super::{Action, Binding, Chord, Edit, KeyContext};
use crate::app::App;

const fn bind(
    context: KeyContext,
    keys: &'static [Chord],
    action: Action,
    (short, long): (&'static str, &'static str),
    available: fn(&App) -> bool,
) -> Binding {
    Binding { context, keys, action, short, long, available }
}

fn always(_: &App) -> bool {
    true
}

/// A key that every list uses, so that no list has fewer ways to move than another.
macro_rules! moving {
    ($context:expr) => {
        [
            bind($context, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
            bind($context, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
            bind($context, &[plain('g'), key(KeyCode::Home)], Action::First, ("", "first line"), always),
            bind($context, &[plain('G'), key(KeyCode::End)], Action::Last, ("", "last line"), always),
            bind($context, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, ("", "a page down"), always),
            bind($context, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, ("", "a page up"), always),
        ]
    };
}

/// The keys that go from each view to the next, so that all of them lie on one ring.
macro_rules! turning {
    ($context:expr) => {
        [
            bind($context, &[plain(']')], Action::NextView, ("", "next view"), always),
            bind($context, &[plain('[')], Action::PreviousView, ("", "view before"), always),
        ]
    };
}

const PANEL: [Binding; 30] = [
    bind(KeyContext::Pending, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo"), always),
    bind(
        KeyContext::Pending,
        &[key(KeyCode::Enter)],
        Action::Open,
        ("done", "arrived: done with it; pending or failed: its details"),
        App::has_delivered_selected,
    ),
    bind(KeyContext::Pending, &[key(KeyCode::Enter)], Action::Open, ("details", ""), App::has_details),
    bind(KeyContext::Pending, &[plain('e')], Action::Change, ("edit", "change the memo in the form"), App::can_change),
    bind(
        KeyContext::Pending,
        &[plain('D')],
        Action::Duplicate,
        ("", "write a new memo like it, in the form"),
        App::has_memo_selected,
    ),
    bind(
        KeyContext::Pending,
        &[plain('s')],
        Action::Snooze,
        ("snooze", "have it come up later: arrived from now, pending from its time"),
        App::can_snooze,
    ),
    bind(
        KeyContext::Pending,
        &[plain('x'), key(KeyCode::Delete)],
        Action::Cancel,
        ("cancel", "call it off; it can be brought back"),
        App::can_cancel,
    ),
    bind(
        KeyContext::Pending,
        &[plain('x'), key(KeyCode::Delete)],
        Action::PutAway,
        ("put away", "arrived or failed: put it away"),
        App::has_arrived_selected,
    ),
    bind(
        KeyContext::Pending,
        &[plain('A')],
        Action::PutAwayAll,
        ("", "put away all that has arrived"),
        App::has_several_arrived,
    ),
    bind(KeyContext::Pending, &[plain('t')], Action::Run, ("run now", "deliver it now instead of later"), App::can_run),
    bind(KeyContext::Pending, &[plain('u')], Action::Undo, ("undo", "take the last change back"), App::can_undo),
    bind(KeyContext::Pending, &[plain('U')], Action::Redo, ("redo", "do it again"), App::can_redo),
    bind(
        KeyContext::Pending,
        &[key(KeyCode::Esc)],
        Action::Stop,
        ("stop", "while many memos are read or changed: stop"),
        App::can_stop,
    ),
    bind(KeyContext::Pending, &[key(KeyCode::Esc)], Action::Unmark, ("unmark", "with marks: none"), App::can_unmark),
    bind(
        KeyContext::Pending,
        &[plain(' ')],
        Action::Mark,
        ("", "mark it: what is done next is done to all the marked"),
        App::has_memo_selected,
    ),
    bind(
        KeyContext::Pending,
        &[plain('v')],
        Action::MarkRange,
        ("", "begin a range of marks, or end it"),
        App::has_memo_selected,
    ),
    bind(KeyContext::Pending, &[plain('*')], Action::MarkAll, ("", "mark all that is shown"), always),
    bind(
        KeyContext::Pending,
        &[key(KeyCode::Esc)],
        Action::ClearFilter,
        ("all", "with a filter: all lines again"),
        App::has_filter,
    ),
    bind(
        KeyContext::Pending,
        &[plain('/')],
        Action::Filter,
        ("filter", "show only lines with these words (text, zone, day; !not)"),
        always,
    ),
    bind(KeyContext::Pending, &[plain('o')], Action::Sort, ("", "sort by: due, changed, text, zone"), always),
    bind(KeyContext::Pending, &[plain('O')], Action::TurnAround, ("", "sort from the other end"), always),
    bind(
        KeyContext::Pending,
        &[plain('d')],
        Action::ByDay,
        ("", "a heading for each day, when sorted by due"),
        App::is_sorted_by_due,
    ),
    bind(KeyContext::Pending, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(
        KeyContext::Pending,
        &[plain('3')],
        Action::ShowCalendar,
        ("calendar", "the month, with what falls on each day"),
        always,
    ),
    bind(
        KeyContext::Pending,
        &[plain('4')],
        Action::ShowHours,
        ("", "the next 24 hours, with what falls into each"),
        always,
    ),
    bind(KeyContext::Pending, &[plain('c')], Action::Contexts, ("contexts", ""), App::has_contexts),
    bind(KeyContext::Pending, &[plain('c')], Action::Contexts, ("", "go to another context: where memos live"), always),
    bind(
        KeyContext::Pending,
        &[plain('y')],
        Action::Copy,
        ("", "copy the memo, its id, its ARN, or the aws command"),
        App::can_copy,
    ),
    bind(
        KeyContext::Pending,
        &[plain(':')],
        Action::Palette,
        ("", "everything that can be done here, by name"),
        always,
    ),
    bind(KeyContext::Pending, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const HISTORY: [Binding; 13] = [
    bind(
        KeyContext::History,
        &[key(KeyCode::Esc)],
        Action::ClearFilter,
        ("all", "with a filter: all lines again"),
        App::has_filter,
    ),
    bind(
        KeyContext::History,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(KeyContext::History, &[plain('3')], Action::ShowCalendar, ("calendar", "the month"), always),
    bind(KeyContext::History, &[plain('4')], Action::ShowHours, ("", "the next 24 hours"), always),
    bind(KeyContext::History, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo"), always),
    bind(
        KeyContext::History,
        &[key(KeyCode::Enter)],
        Action::Open,
        ("details", "all of it"),
        App::has_history_selected,
    ),
    bind(KeyContext::History, &[plain('s')], Action::Snooze, ("again", "schedule it again"), App::has_history_selected),
    bind(KeyContext::History, &[plain('/')], Action::Filter, ("filter", "show only lines with these words"), always),
    bind(KeyContext::History, &[plain('c')], Action::Contexts, ("contexts", ""), App::has_contexts),
    bind(KeyContext::History, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(KeyContext::History, &[plain('y')], Action::Copy, ("", "copy the memo, or its id"), App::can_copy),
    bind(
        KeyContext::History,
        &[plain(':')],
        Action::Palette,
        ("", "everything that can be done here, by name"),
        always,
    ),
    bind(KeyContext::History, &[plain('R')], Action::Refresh, ("read again", "read the log again"), always),
];

const CALENDAR: [Binding; 15] = [
    bind(
        KeyContext::Calendar,
        &[key(KeyCode::Enter)],
        Action::OpenDay,
        ("the day", "the list, with what falls on this day"),
        always,
    ),
    bind(
        KeyContext::Calendar,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(KeyContext::Calendar, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(KeyContext::Calendar, &[plain('4')], Action::ShowHours, ("hours", "the next 24 hours"), always),
    bind(KeyContext::Calendar, &[plain('h'), key(KeyCode::Left)], Action::Left, ("", "day before"), always),
    bind(KeyContext::Calendar, &[plain('l'), key(KeyCode::Right)], Action::Right, ("", "next day"), always),
    bind(KeyContext::Calendar, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "week before"), always),
    bind(KeyContext::Calendar, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next week"), always),
    bind(
        KeyContext::Calendar,
        &[key(KeyCode::PageUp), ctrl('b')],
        Action::PageUp,
        ("month before", "month before"),
        always,
    ),
    bind(
        KeyContext::Calendar,
        &[key(KeyCode::PageDown), ctrl('f')],
        Action::PageDown,
        ("next month", "next month"),
        always,
    ),
    bind(KeyContext::Calendar, &[plain('g'), key(KeyCode::Home)], Action::First, ("today", "today"), always),
    bind(
        KeyContext::Calendar,
        &[plain('a'), plain('n')],
        Action::New,
        ("add", "write a new memo for this day"),
        always,
    ),
    bind(KeyContext::Calendar, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(
        KeyContext::Calendar,
        &[plain(':')],
        Action::Palette,
        ("", "everything that can be done here, by name"),
        always,
    ),
    bind(KeyContext::Calendar, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const HOURS: [Binding; 8] = [
    bind(
        KeyContext::Hours,
        &[key(KeyCode::Enter)],
        Action::OpenHour,
        ("the memos", "the list, at what is due in this hour"),
        App::has_due_in_hour,
    ),
    bind(
        KeyContext::Hours,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(KeyContext::Hours, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(KeyContext::Hours, &[plain('3')], Action::ShowCalendar, ("calendar", "the month"), always),
    bind(KeyContext::Hours, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo for this hour"), always),
    bind(KeyContext::Hours, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(KeyContext::Hours, &[plain(':')], Action::Palette, ("", "everything that can be done here, by name"), always),
    bind(KeyContext::Hours, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const FILTER: [Binding; 8] = [
    bind(KeyContext::Filter, &[key(KeyCode::Enter)], Action::KeepFilter, ("keep", "to the lines"), always),
    bind(KeyContext::Filter, &[key(KeyCode::Esc)], Action::ClearFilter, ("all", "all lines again"), always),
    bind(KeyContext::Filter, &[key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(KeyContext::Filter, &[key(KeyCode::Up)], Action::Up, ("", "line before"), always),
    bind(KeyContext::Filter, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(KeyContext::Filter, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(KeyContext::Filter, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(KeyContext::Filter, &[key(KeyCode::PageDown)], Action::PageDown, ("", "a page down"), always),
];

const FORM: [Binding; 9] = [
    bind(
        KeyContext::Form,
        &[key(KeyCode::Enter)],
        Action::Advance,
        ("next", "next field; in the last one, schedule it"),
        always,
    ),
    bind(KeyContext::Form, &[ctrl('s')], Action::Submit, ("schedule", "schedule it from any field"), always),
    bind(KeyContext::Form, &[key(KeyCode::Tab)], Action::NextField, ("", "next field"), always),
    bind(KeyContext::Form, &[key(KeyCode::BackTab)], Action::PreviousField, ("", "field before"), always),
    bind(
        KeyContext::Form,
        &[key(KeyCode::Down), ctrl('n')],
        Action::NextZone,
        ("", "in Zone: the next one on offer"),
        App::chooses_zone,
    ),
    bind(
        KeyContext::Form,
        &[key(KeyCode::Up), ctrl('p')],
        Action::PreviousZone,
        ("", "in Zone: the one before"),
        App::chooses_zone,
    ),
    bind(KeyContext::Form, &[key(KeyCode::Esc)], Action::Back, ("list", "to the list; what was typed stays"), always),
    bind(
        KeyContext::Form,
        &[ctrl('t')],
        Action::KeepWords,
        ("", "in Memo: the time is text, or a time again"),
        App::may_hold_a_time,
    ),
    bind(KeyContext::Form, &[alt('x')], Action::Empty, ("", "empty the form"), App::form_has_text),
];

const EDITING: [Binding; 18] = [
    editing(
        &[with(KeyCode::Enter, KeyModifiers::ALT), with(KeyCode::Enter, KeyModifiers::SHIFT), ctrl('j')],
        Edit::NewLine,
        "new line in the memo",
    ),
    editing(&[key(KeyCode::Left), ctrl('b')], Edit::Back, "character back"),
    editing(&[key(KeyCode::Right), ctrl('f')], Edit::Forward, "character on"),
    editing(
        &[alt('b'), with(KeyCode::Left, KeyModifiers::CONTROL), with(KeyCode::Left, KeyModifiers::ALT)],
        Edit::WordBack,
        "word back",
    ),
    editing(
        &[alt('f'), with(KeyCode::Right, KeyModifiers::CONTROL), with(KeyCode::Right, KeyModifiers::ALT)],
        Edit::WordForward,
        "word on",
    ),
    editing(&[key(KeyCode::Home), ctrl('a')], Edit::LineStart, "start of the line"),
    editing(&[key(KeyCode::End), ctrl('e')], Edit::LineEnd, "end of the line"),
    editing(&[key(KeyCode::Up), ctrl('p')], Edit::LineUp, "line up"),
    editing(&[key(KeyCode::Down), ctrl('n')], Edit::LineDown, "line down"),
    editing(
        &[key(KeyCode::Backspace), ctrl('h'), with(KeyCode::Backspace, KeyModifiers::SHIFT)],
        Edit::DeleteBack,
        "delete back",
    ),
    editing(&[key(KeyCode::Delete), ctrl('d')], Edit::DeleteForward, "delete on"),
    editing(
        &[ctrl('w'), with(KeyCode::Backspace, KeyModifiers::ALT), with(KeyCode::Backspace, KeyModifiers::CONTROL)],
        Edit::DeleteWordBack,
        "delete the word before",
    ),
    editing(&[alt('d'), with(KeyCode::Delete, KeyModifiers::ALT)], Edit::DeleteWordForward, "delete the word on"),
    editing(&[ctrl('u')], Edit::DeleteToStart, "delete to the start of the line"),
    editing(&[ctrl('k')], Edit::DeleteToEnd, "delete to the end of the line"),
    editing(&[ctrl('y')], Edit::Yank, "insert what was deleted"),
    editing(&[ctrl('/')], Edit::Undo, "take the last change of the text back"),
    editing(&[alt('/'), alt('_')], Edit::Redo, "do it again"),
];

const fn editing(keys: &'static [Chord], edit: Edit, long: &'static str) -> Binding {
    bind(KeyContext::Form, keys, Action::Edit(edit), ("", long), always)
}

const QUESTIONS: [Binding; 24] = [
    bind(KeyContext::Confirm, &[plain('y'), plain('Y')], Action::Yes, ("yes", "yes"), always),
    bind(
        KeyContext::Confirm,
        &[plain('n'), plain('N'), key(KeyCode::Enter), key(KeyCode::Esc), plain('q')],
        Action::No,
        ("no", "no"),
        always,
    ),
    bind(KeyContext::Choose, &[key(KeyCode::Enter)], Action::Take, ("take", "take the highlighted one"), always),
    bind(
        KeyContext::Choose,
        &[plain('1'), plain('2'), plain('3'), plain('4'), plain('5'), plain('6'), plain('7'), plain('8'), plain('9')],
        Action::Pick,
        ("", "take the one with this number"),
        always,
    ),
    bind(KeyContext::Choose, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next one"), always),
    bind(KeyContext::Choose, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "one before"), always),
    bind(KeyContext::Choose, &[key(KeyCode::Esc), plain('q')], Action::Back, ("back", "none of them"), always),
    bind(KeyContext::Choose, &[plain('w')], Action::Words, ("in words", "type until when"), App::takes_words),
    bind(KeyContext::Words, &[key(KeyCode::Enter)], Action::Take, ("take", "take it"), always),
    bind(KeyContext::Words, &[key(KeyCode::Esc)], Action::Back, ("back", "none of it"), always),
    bind(KeyContext::Words, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(KeyContext::Words, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(KeyContext::Words, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(KeyContext::Palette, &[key(KeyCode::Enter)], Action::Take, ("do", "do it"), always),
    bind(KeyContext::Palette, &[key(KeyCode::Esc)], Action::Back, ("back", "nothing"), always),
    bind(KeyContext::Palette, &[key(KeyCode::Down), ctrl('n')], Action::Down, ("", "next one"), always),
    bind(KeyContext::Palette, &[key(KeyCode::Up), ctrl('p')], Action::Up, ("", "one before"), always),
    bind(KeyContext::Palette, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(KeyContext::Palette, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(KeyContext::Palette, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(
        KeyContext::Details,
        &[key(KeyCode::Esc), key(KeyCode::Enter), plain('q')],
        Action::Back,
        ("back", "close the details"),
        always,
    ),
    bind(
        KeyContext::Help,
        &[key(KeyCode::Esc), plain('?'), plain('q')],
        Action::Back,
        ("back", "close the help"),
        always,
    ),
    bind(KeyContext::Help, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(KeyContext::Help, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
];

const DETAILS: [Binding; 2] = [
    bind(KeyContext::Details, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(KeyContext::Details, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
];

const ANYWHERE: [Binding; 5] = [
    bind(KeyContext::Anywhere, &[key(KeyCode::Esc)], Action::Dismiss, ("", "put the message away"), App::has_banner),
    bind(KeyContext::Anywhere, &[plain('?'), key(KeyCode::F(1))], Action::Help, ("help", "these keys"), always),
    bind(KeyContext::Anywhere, &[ctrl('l')], Action::Redraw, ("", "draw the screen anew"), always),
    bind(KeyContext::Anywhere, &[ctrl('z')], Action::Suspend, ("", "suspend; fg brings it back"), always),
    bind(KeyContext::Anywhere, &[plain('q'), ctrl('c'), ctrl('q')], Action::Quit, ("quit", "quit"), always),
];

/// The whole table, in the order in which it is shown.
pub static BINDINGS: [&[Binding]; 17] = [
    &PANEL,
    &turning!(KeyContext::Pending),
    &moving!(KeyContext::Pending),
    &HISTORY,
    &turning!(KeyContext::History),
    &moving!(KeyContext::History),
    &CALENDAR,
    &turning!(KeyContext::Calendar),
    &HOURS,
    &moving!(KeyContext::Hours),
    &turning!(KeyContext::Hours),
    &FILTER,
    &FORM,
    &EDITING,
    &QUESTIONS,
    &DETAILS,
    &ANYWHERE,
];
