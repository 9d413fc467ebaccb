//! What a piece of input means: the table from sequences to crossterm's events.
//!
//! It has what terminals send for keys without being asked: xterm's sequences and their forms in rxvt and on the Linux
//! console, the mouse, and keys in the form that other programs may have left switched on (`CSI u`). Everything else is a
//! reply, and means nothing. A report of the cursor's position has the form of F3 with a modifier in xterm: it is a
//! reply.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::splitter::Piece;

/// The event of a piece; `None` if it means nothing.
#[must_use]
pub fn event(piece: Piece) -> Option<Event> {
    match piece {
        Piece::Escape => Some(press(KeyCode::Esc, KeyModifiers::NONE)),
        Piece::Char { c, alt } => {
            let (code, held) = character(c);
            Some(press(code, if alt { held | KeyModifiers::ALT } else { held }))
        }
        Piece::Ss3(b'M') => Some(press(KeyCode::Enter, KeyModifiers::NONE)),
        Piece::Ss3(b'R') => Some(press(KeyCode::F(3), KeyModifiers::NONE)),
        Piece::Ss3(last) => named(last).map(|code| press(code, KeyModifiers::NONE)),
        Piece::Csi { parameters, last } => csi(&parameters, last),
        Piece::Mouse([button, column, row]) => {
            let [button, column, row] = [button, column, row].map(|byte| u16::from(byte.saturating_sub(32)));
            mouse(button, column, row, button & 3 != 3)
        }
        Piece::Paste(text) => Some(Event::Paste(text)),
    }
}

fn press(code: KeyCode, held: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, held))
}

/// The key of a character. With Ctrl, a keyboard sends the control characters.
fn character(c: char) -> (KeyCode, KeyModifiers) {
    let with_ctrl = |from: u8, to: char| {
        let offset = u32::from(c).saturating_sub(u32::from(from));
        (KeyCode::Char(char::from_u32(u32::from(to) + offset).unwrap_or(c)), KeyModifiers::CONTROL)
    };
    match c {
        '\r' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        '\0' => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        '\x01'..='\x1a' => with_ctrl(0x01, 'a'),
        '\x1c'..='\x1f' => with_ctrl(0x1c, '4'),
        c if c.is_uppercase() => (KeyCode::Char(c), KeyModifiers::SHIFT),
        c => (KeyCode::Char(c), KeyModifiers::NONE),
    }
}

/// The keys whose sequence ends with a letter of their own.
fn named(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// The keys whose sequence ends with `~`, by their number.
fn numbered(number: u32) -> Option<KeyCode> {
    let function = |from: u32, to: u8| u8::try_from(number - from).ok().map(|offset| KeyCode::F(to + offset));
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

fn csi(parameters: &str, last: u8) -> Option<Event> {
    if let Some(console) = parameters.strip_prefix('[') {
        let is_function = console.is_empty() && (b'A'..=b'E').contains(&last);
        return is_function.then(|| press(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE));
    }
    if let Some(report) = parameters.strip_prefix('<') {
        return sgr_mouse(report, last);
    }
    if !parameters.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')) {
        return None;
    }
    let fields: Vec<&str> = parameters.split(';').collect();
    let number = |field: usize| fields.get(field)?.split(':').next()?.parse::<u32>().ok();
    let (held, kind) = modifiers(fields.get(1).copied());
    let key = |code, held| Some(Event::Key(KeyEvent::new_with_kind(code, held, kind)));
    match last {
        b'Z' => key(KeyCode::BackTab, held | KeyModifiers::SHIFT),
        b'u' => {
            let shifted = fields.first().and_then(|field| field.split(':').nth(1)?.parse().ok());
            let (code, held) = coded(number(0)?, shifted, held)?;
            key(code, held)
        }
        // xterm's form of the same.
        b'~' if number(0) == Some(27) => {
            let (code, held) = coded(number(2)?, None, held)?;
            key(code, held)
        }
        b'~' => key(numbered(number(0)?)?, held),
        _ if fields.len() <= 2 && matches!(number(0), None | Some(1)) => key(named(last)?, held),
        _ => None,
    }
}

/// The modifiers, and whether the key was pressed or released.
fn modifiers(field: Option<&str>) -> (KeyModifiers, KeyEventKind) {
    let mut parts = field.unwrap_or_default().split(':').map(|part| part.parse::<u8>().ok());
    let bits = parts.next().flatten().unwrap_or(1).saturating_sub(1);
    let kind = match parts.next().flatten() {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        Some(_) | None => KeyEventKind::Press,
    };
    let all = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let held = all.into_iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
    (held.fold(KeyModifiers::NONE, |held, (_, modifier)| held | modifier), kind)
}

/// A key by the code of its character; `shifted` is the character that Shift makes of it.
fn coded(code: u32, shifted: Option<u32>, held: KeyModifiers) -> Option<(KeyCode, KeyModifiers)> {
    let shift = held.contains(KeyModifiers::SHIFT);
    let c = char::from_u32(shifted.filter(|_| shift).unwrap_or(code))?;
    match c {
        '\x1b' => Some((KeyCode::Esc, held)),
        '\r' => Some((KeyCode::Enter, held)),
        '\t' if shift => Some((KeyCode::BackTab, held)),
        '\t' => Some((KeyCode::Tab, held)),
        '\x7f' => Some((KeyCode::Backspace, held)),
        // kitty's codes for keys without a character.
        '\u{e000}'..='\u{f8ff}' => None,
        c if c.is_control() => None,
        c if shift => Some((KeyCode::Char(c.to_uppercase().next().unwrap_or(c)), held)),
        c => Some((KeyCode::Char(c), held)),
    }
}

fn sgr_mouse(report: &str, last: u8) -> Option<Event> {
    let mut numbers = report.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    match (last, numbers.next()) {
        (b'M' | b'm', None) => mouse(button, column, row, last == b'M'),
        _ => None,
    }
}

/// A mouse report; columns and rows are counted from 1.
fn mouse(button: u16, column: u16, row: u16, pressed: bool) -> Option<Event> {
    let which = match button & 3 {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    let (moved, wheel) = (button & 32 != 0, button & 64 != 0);
    let kind = match (which, wheel, moved) {
        (Some(MouseButton::Left), true, _) => MouseEventKind::ScrollUp,
        (Some(MouseButton::Middle), true, _) => MouseEventKind::ScrollDown,
        (Some(MouseButton::Right), true, _) => MouseEventKind::ScrollLeft,
        (None, true, _) => MouseEventKind::ScrollRight,
        (Some(which), false, true) => MouseEventKind::Drag(which),
        (None, false, true) => MouseEventKind::Moved,
        (Some(which), false, false) if pressed => MouseEventKind::Down(which),
        (which, false, false) => MouseEventKind::Up(which.unwrap_or(MouseButton::Left)),
    };
    let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    Some(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

#[cfg(test)]
mod tests;
