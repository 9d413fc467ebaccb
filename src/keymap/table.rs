//! The table itself: every key that there is.

use crossterm::event::{KeyCode, KeyModifiers};

use super::chord::{alt, ctrl, key, plain, with};
use super::{Action, Binding, Chord, Edit, Place};
use crate::app::App;

const fn bind(
    place: Place,
    keys: &'static [Chord],
    action: Action,
    (short, long): (&'static str, &'static str),
    available: fn(&App) -> bool,
) -> Binding {
    Binding { place, keys, action, short, long, available }
}

fn always(_: &App) -> bool {
    true
}

/// A key that every list uses, so that no list has fewer ways to move than another.
macro_rules! moving {
    ($place:expr) => {
        [
            bind($place, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
            bind($place, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
            bind($place, &[plain('g'), key(KeyCode::Home)], Action::First, ("", "first line"), always),
            bind($place, &[plain('G'), key(KeyCode::End)], Action::Last, ("", "last line"), always),
            bind($place, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, ("", "a page down"), always),
            bind($place, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, ("", "a page up"), always),
        ]
    };
}

/// The keys that go from each view to the next, so that all of them lie on one ring.
macro_rules! turning {
    ($place:expr) => {
        [
            bind($place, &[plain(']')], Action::NextView, ("", "next view"), always),
            bind($place, &[plain('[')], Action::PreviousView, ("", "view before"), always),
        ]
    };
}

const PANEL: [Binding; 30] = [
    bind(Place::Panel, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo"), always),
    bind(
        Place::Panel,
        &[key(KeyCode::Enter)],
        Action::Open,
        ("done", "arrived: done with it; pending or failed: its details"),
        App::has_delivered_selected,
    ),
    bind(Place::Panel, &[key(KeyCode::Enter)], Action::Open, ("details", ""), App::has_details),
    bind(Place::Panel, &[plain('e')], Action::Change, ("edit", "change the memo in the form"), App::can_change),
    bind(
        Place::Panel,
        &[plain('D')],
        Action::Duplicate,
        ("", "write a new memo like it, in the form"),
        App::has_memo_selected,
    ),
    bind(
        Place::Panel,
        &[plain('s')],
        Action::Snooze,
        ("snooze", "have it come up later: arrived from now, pending from its time"),
        App::can_snooze,
    ),
    bind(
        Place::Panel,
        &[plain('x'), key(KeyCode::Delete)],
        Action::Cancel,
        ("cancel", "call it off; it can be brought back"),
        App::can_cancel,
    ),
    bind(
        Place::Panel,
        &[plain('x'), key(KeyCode::Delete)],
        Action::PutAway,
        ("put away", "arrived or failed: put it away"),
        App::has_arrived_selected,
    ),
    bind(
        Place::Panel,
        &[plain('A')],
        Action::PutAwayAll,
        ("", "put away all that has arrived"),
        App::has_several_arrived,
    ),
    bind(Place::Panel, &[plain('t')], Action::Run, ("run now", "deliver it now instead of later"), App::can_run),
    bind(Place::Panel, &[plain('u')], Action::Undo, ("undo", "take the last change back"), App::can_undo),
    bind(Place::Panel, &[plain('U')], Action::Redo, ("redo", "do it again"), App::can_redo),
    bind(
        Place::Panel,
        &[key(KeyCode::Esc)],
        Action::Stop,
        ("stop", "while many memos are read or changed: stop"),
        App::can_stop,
    ),
    bind(Place::Panel, &[key(KeyCode::Esc)], Action::Unmark, ("unmark", "with marks: none"), App::can_unmark),
    bind(
        Place::Panel,
        &[plain(' ')],
        Action::Mark,
        ("", "mark it: what is done next is done to all the marked"),
        App::has_memo_selected,
    ),
    bind(
        Place::Panel,
        &[plain('v')],
        Action::MarkRange,
        ("", "begin a range of marks, or end it"),
        App::has_memo_selected,
    ),
    bind(Place::Panel, &[plain('*')], Action::MarkAll, ("", "mark all that is shown"), always),
    bind(
        Place::Panel,
        &[key(KeyCode::Esc)],
        Action::ClearFilter,
        ("all", "with a filter: all lines again"),
        App::has_filter,
    ),
    bind(
        Place::Panel,
        &[plain('/')],
        Action::Filter,
        ("filter", "show only lines with these words (text, zone, day; !not)"),
        always,
    ),
    bind(Place::Panel, &[plain('o')], Action::Sort, ("", "sort by: due, changed, text, zone"), always),
    bind(Place::Panel, &[plain('O')], Action::TurnAround, ("", "sort from the other end"), always),
    bind(
        Place::Panel,
        &[plain('d')],
        Action::ByDay,
        ("", "a heading for each day, when sorted by due"),
        App::is_sorted_by_due,
    ),
    bind(Place::Panel, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(
        Place::Panel,
        &[plain('3')],
        Action::ShowCalendar,
        ("calendar", "the month, with what falls on each day"),
        always,
    ),
    bind(Place::Panel, &[plain('4')], Action::ShowHours, ("", "the next 24 hours, with what falls into each"), always),
    bind(Place::Panel, &[plain('c')], Action::Contexts, ("contexts", ""), App::has_contexts),
    bind(Place::Panel, &[plain('c')], Action::Contexts, ("", "go to another context: where memos live"), always),
    bind(
        Place::Panel,
        &[plain('y')],
        Action::Copy,
        ("", "copy the memo, its id, its ARN, or the aws command"),
        App::can_copy,
    ),
    bind(Place::Panel, &[plain(':')], Action::Palette, ("", "everything that can be done here, by name"), always),
    bind(Place::Panel, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const HISTORY: [Binding; 13] = [
    bind(
        Place::History,
        &[key(KeyCode::Esc)],
        Action::ClearFilter,
        ("all", "with a filter: all lines again"),
        App::has_filter,
    ),
    bind(
        Place::History,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(Place::History, &[plain('3')], Action::ShowCalendar, ("calendar", "the month"), always),
    bind(Place::History, &[plain('4')], Action::ShowHours, ("", "the next 24 hours"), always),
    bind(Place::History, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo"), always),
    bind(Place::History, &[key(KeyCode::Enter)], Action::Open, ("details", "all of it"), App::has_history_selected),
    bind(Place::History, &[plain('s')], Action::Snooze, ("again", "schedule it again"), App::has_history_selected),
    bind(Place::History, &[plain('/')], Action::Filter, ("filter", "show only lines with these words"), always),
    bind(Place::History, &[plain('c')], Action::Contexts, ("contexts", ""), App::has_contexts),
    bind(Place::History, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(Place::History, &[plain('y')], Action::Copy, ("", "copy the memo, or its id"), App::can_copy),
    bind(Place::History, &[plain(':')], Action::Palette, ("", "everything that can be done here, by name"), always),
    bind(Place::History, &[plain('R')], Action::Refresh, ("read again", "read the log again"), always),
];

const CALENDAR: [Binding; 15] = [
    bind(
        Place::Calendar,
        &[key(KeyCode::Enter)],
        Action::OpenDay,
        ("the day", "the list, with what falls on this day"),
        always,
    ),
    bind(
        Place::Calendar,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(Place::Calendar, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(Place::Calendar, &[plain('4')], Action::ShowHours, ("hours", "the next 24 hours"), always),
    bind(Place::Calendar, &[plain('h'), key(KeyCode::Left)], Action::Left, ("", "day before"), always),
    bind(Place::Calendar, &[plain('l'), key(KeyCode::Right)], Action::Right, ("", "next day"), always),
    bind(Place::Calendar, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "week before"), always),
    bind(Place::Calendar, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next week"), always),
    bind(Place::Calendar, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, ("month before", "month before"), always),
    bind(Place::Calendar, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, ("next month", "next month"), always),
    bind(Place::Calendar, &[plain('g'), key(KeyCode::Home)], Action::First, ("today", "today"), always),
    bind(Place::Calendar, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo for this day"), always),
    bind(Place::Calendar, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(Place::Calendar, &[plain(':')], Action::Palette, ("", "everything that can be done here, by name"), always),
    bind(Place::Calendar, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const HOURS: [Binding; 8] = [
    bind(
        Place::Hours,
        &[key(KeyCode::Enter)],
        Action::OpenHour,
        ("the memos", "the list, at what is due in this hour"),
        App::has_due_in_hour,
    ),
    bind(
        Place::Hours,
        &[plain('1'), key(KeyCode::Esc)],
        Action::ShowPending,
        ("pending", "back to what is pending"),
        always,
    ),
    bind(Place::Hours, &[plain('2')], Action::ShowHistory, ("history", "what was delivered"), always),
    bind(Place::Hours, &[plain('3')], Action::ShowCalendar, ("calendar", "the month"), always),
    bind(Place::Hours, &[plain('a'), plain('n')], Action::New, ("add", "write a new memo for this hour"), always),
    bind(Place::Hours, &[plain('c')], Action::Contexts, ("", "go to another context"), always),
    bind(Place::Hours, &[plain(':')], Action::Palette, ("", "everything that can be done here, by name"), always),
    bind(Place::Hours, &[plain('R')], Action::Refresh, ("", "read everything again"), always),
];

const FILTER: [Binding; 8] = [
    bind(Place::Filter, &[key(KeyCode::Enter)], Action::KeepFilter, ("keep", "to the lines"), always),
    bind(Place::Filter, &[key(KeyCode::Esc)], Action::ClearFilter, ("all", "all lines again"), always),
    bind(Place::Filter, &[key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(Place::Filter, &[key(KeyCode::Up)], Action::Up, ("", "line before"), always),
    bind(Place::Filter, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(Place::Filter, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(Place::Filter, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(Place::Filter, &[key(KeyCode::PageDown)], Action::PageDown, ("", "a page down"), always),
];

const FORM: [Binding; 9] = [
    bind(
        Place::Form,
        &[key(KeyCode::Enter)],
        Action::Advance,
        ("next", "next field; in the last one, schedule it"),
        always,
    ),
    bind(Place::Form, &[ctrl('s')], Action::Submit, ("schedule", "schedule it from any field"), always),
    bind(Place::Form, &[key(KeyCode::Tab)], Action::NextField, ("", "next field"), always),
    bind(Place::Form, &[key(KeyCode::BackTab)], Action::PreviousField, ("", "field before"), always),
    bind(
        Place::Form,
        &[key(KeyCode::Down), ctrl('n')],
        Action::NextZone,
        ("", "in Zone: the next one on offer"),
        App::chooses_zone,
    ),
    bind(
        Place::Form,
        &[key(KeyCode::Up), ctrl('p')],
        Action::PreviousZone,
        ("", "in Zone: the one before"),
        App::chooses_zone,
    ),
    bind(Place::Form, &[key(KeyCode::Esc)], Action::Back, ("list", "to the list; what was typed stays"), always),
    bind(
        Place::Form,
        &[ctrl('t')],
        Action::KeepWords,
        ("", "in Memo: the time is text, or a time again"),
        App::may_hold_a_time,
    ),
    bind(Place::Form, &[alt('x')], Action::Empty, ("", "empty the form"), App::form_has_text),
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
    bind(Place::Form, keys, Action::Edit(edit), ("", long), always)
}

const QUESTIONS: [Binding; 24] = [
    bind(Place::Confirm, &[plain('y'), plain('Y')], Action::Yes, ("yes", "yes"), always),
    bind(
        Place::Confirm,
        &[plain('n'), plain('N'), key(KeyCode::Enter), key(KeyCode::Esc), plain('q')],
        Action::No,
        ("no", "no"),
        always,
    ),
    bind(Place::Choose, &[key(KeyCode::Enter)], Action::Take, ("take", "take the highlighted one"), always),
    bind(
        Place::Choose,
        &[plain('1'), plain('2'), plain('3'), plain('4'), plain('5'), plain('6'), plain('7'), plain('8'), plain('9')],
        Action::Pick,
        ("", "take the one with this number"),
        always,
    ),
    bind(Place::Choose, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next one"), always),
    bind(Place::Choose, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "one before"), always),
    bind(Place::Choose, &[key(KeyCode::Esc), plain('q')], Action::Back, ("back", "none of them"), always),
    bind(Place::Choose, &[plain('w')], Action::Words, ("in words", "type until when"), App::takes_words),
    bind(Place::Words, &[key(KeyCode::Enter)], Action::Take, ("take", "take it"), always),
    bind(Place::Words, &[key(KeyCode::Esc)], Action::Back, ("back", "none of it"), always),
    bind(Place::Words, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(Place::Words, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(Place::Words, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(Place::Palette, &[key(KeyCode::Enter)], Action::Take, ("do", "do it"), always),
    bind(Place::Palette, &[key(KeyCode::Esc)], Action::Back, ("back", "nothing"), always),
    bind(Place::Palette, &[key(KeyCode::Down), ctrl('n')], Action::Down, ("", "next one"), always),
    bind(Place::Palette, &[key(KeyCode::Up), ctrl('p')], Action::Up, ("", "one before"), always),
    bind(Place::Palette, &[key(KeyCode::Backspace), ctrl('h')], Action::Edit(Edit::DeleteBack), ("", ""), always),
    bind(Place::Palette, &[ctrl('w')], Action::Edit(Edit::DeleteWordBack), ("", ""), always),
    bind(Place::Palette, &[ctrl('u')], Action::Edit(Edit::DeleteToStart), ("", ""), always),
    bind(
        Place::Details,
        &[key(KeyCode::Esc), key(KeyCode::Enter), plain('q')],
        Action::Back,
        ("back", "close the details"),
        always,
    ),
    bind(Place::Help, &[key(KeyCode::Esc), plain('?'), plain('q')], Action::Back, ("back", "close the help"), always),
    bind(Place::Help, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(Place::Help, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
];

const DETAILS: [Binding; 2] = [
    bind(Place::Details, &[plain('j'), key(KeyCode::Down)], Action::Down, ("", "next line"), always),
    bind(Place::Details, &[plain('k'), key(KeyCode::Up)], Action::Up, ("", "line before"), always),
];

const ANYWHERE: [Binding; 5] = [
    bind(Place::Anywhere, &[key(KeyCode::Esc)], Action::Dismiss, ("", "put the message away"), App::has_banner),
    bind(Place::Anywhere, &[plain('?'), key(KeyCode::F(1))], Action::Help, ("help", "these keys"), always),
    bind(Place::Anywhere, &[ctrl('l')], Action::Redraw, ("", "draw the screen anew"), always),
    bind(Place::Anywhere, &[ctrl('z')], Action::Suspend, ("", "suspend; fg brings it back"), always),
    bind(Place::Anywhere, &[plain('q'), ctrl('c'), ctrl('q')], Action::Quit, ("quit", "quit"), always),
];

/// The whole table, in the order in which it is shown.
pub static BINDINGS: [&[Binding]; 17] = [
    &PANEL,
    &turning!(Place::Panel),
    &moving!(Place::Panel),
    &HISTORY,
    &turning!(Place::History),
    &moving!(Place::History),
    &CALENDAR,
    &turning!(Place::Calendar),
    &HOURS,
    &moving!(Place::Hours),
    &turning!(Place::Hours),
    &FILTER,
    &FORM,
    &EDITING,
    &QUESTIONS,
    &DETAILS,
    &ANYWHERE,
];
