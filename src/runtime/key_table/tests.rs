use super::super::splitter::Splitter;
use super::*;

/// The events of these bytes.
fn events(bytes: &str) -> Vec<Event> {
    let mut splitter = Splitter::default();
    let mut pieces = splitter.feed(bytes.as_bytes(), std::time::Duration::ZERO);
    pieces.extend(splitter.expire(std::time::Duration::from_secs(10)));
    pieces.into_iter().filter_map(event).collect()
}

#[test]
fn each_key_has_its_event() {
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    const CTRL: KeyModifiers = KeyModifiers::CONTROL;
    const NONE: KeyModifiers = KeyModifiers::NONE;
    use KeyCode::{BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Insert, Left, PageDown, PageUp};
    use KeyCode::{Right, Tab, Up};
    let table: &[(&str, KeyCode, KeyModifiers)] = &[
        ("a", Char('a'), NONE),
        ("A", Char('A'), SHIFT),
        ("é", Char('é'), NONE),
        ("日", Char('日'), NONE),
        (" ", Char(' '), NONE),
        ("\r", Enter, NONE),
        ("\n", Char('j'), CTRL),
        ("\t", Tab, NONE),
        ("\x7f", Backspace, NONE),
        ("\x08", Char('h'), CTRL),
        ("\0", Char(' '), CTRL),
        ("\x03", Char('c'), CTRL),
        ("\x1a", Char('z'), CTRL),
        ("\x1c", Char('4'), CTRL),
        ("\x1f", Char('7'), CTRL),
        ("\x1b", Esc, NONE),
        ("\x1ba", Char('a'), ALT),
        ("\x1bA", Char('A'), SHIFT.union(ALT)),
        ("\x1b\x7f", Backspace, ALT),
        ("\x1b\r", Enter, ALT),
        ("\x1b\x06", Char('f'), CTRL.union(ALT)),
        ("\x1b[A", Up, NONE),
        ("\x1bOA", Up, NONE),
        ("\x1b[B", Down, NONE),
        ("\x1b[C", Right, NONE),
        ("\x1b[D", Left, NONE),
        ("\x1b[H", Home, NONE),
        ("\x1b[F", End, NONE),
        ("\x1b[1~", Home, NONE),
        ("\x1b[2~", Insert, NONE),
        ("\x1b[3~", Delete, NONE),
        ("\x1b[4~", End, NONE),
        ("\x1b[5~", PageUp, NONE),
        ("\x1b[6~", PageDown, NONE),
        ("\x1b[7~", Home, NONE),
        ("\x1b[8~", End, NONE),
        ("\x1b[Z", BackTab, SHIFT),
        ("\x1b[1;2A", Up, SHIFT),
        ("\x1b[1;3B", Down, ALT),
        ("\x1b[1;5C", Right, CTRL),
        ("\x1b[1;6D", Left, CTRL.union(SHIFT)),
        ("\x1b[3;5~", Delete, CTRL),
        ("\x1bOP", F(1), NONE),
        ("\x1bOR", F(3), NONE),
        ("\x1bOS", F(4), NONE),
        ("\x1b[[A", F(1), NONE),
        ("\x1b[[E", F(5), NONE),
        ("\x1b[11~", F(1), NONE),
        ("\x1b[15~", F(5), NONE),
        ("\x1b[17~", F(6), NONE),
        ("\x1b[21~", F(10), NONE),
        ("\x1b[23~", F(11), NONE),
        ("\x1b[24~", F(12), NONE),
        ("\x1b[24;2~", F(12), SHIFT),
        ("\x1b[1;5P", F(1), CTRL),
        ("\x1b[97;5u", Char('a'), CTRL),
        ("\x1b[97:65;2u", Char('A'), SHIFT),
        ("\x1b[27u", Esc, NONE),
        ("\x1b[13;2u", Enter, SHIFT),
        ("\x1b[9;2u", BackTab, SHIFT),
        ("\x1b[27;5;13~", Enter, CTRL),
    ];
    for (bytes, code, held) in table {
        assert_eq!(events(bytes), [press(*code, *held)], "{bytes:?}");
    }
}

#[test]
fn a_released_key_says_so() {
    let [Event::Key(key)] = events("\x1b[97;1:3u")[..] else { panic!("one key") };
    assert_eq!(key.kind, KeyEventKind::Release);
}

#[test]
fn the_mouse_is_reported() {
    let report = |bytes: &str| {
        let [Event::Mouse(mouse)] = events(bytes)[..] else { panic!("{bytes:?}: {:?}", events(bytes)) };
        (mouse.kind, mouse.column, mouse.row)
    };
    assert_eq!(report("\x1b[<0;10;3M"), (MouseEventKind::Down(MouseButton::Left), 9, 2));
    assert_eq!(report("\x1b[<0;300;3m"), (MouseEventKind::Up(MouseButton::Left), 299, 2));
    assert_eq!(report("\x1b[<2;1;1M"), (MouseEventKind::Down(MouseButton::Right), 0, 0));
    assert_eq!(report("\x1b[<64;1;1M"), (MouseEventKind::ScrollUp, 0, 0));
    assert_eq!(report("\x1b[<65;1;1M"), (MouseEventKind::ScrollDown, 0, 0));
    assert_eq!(report("\x1b[<32;5;6M"), (MouseEventKind::Drag(MouseButton::Left), 4, 5));
    assert_eq!(report("\x1b[M *#"), (MouseEventKind::Down(MouseButton::Left), 9, 2));
    assert_eq!(events("\x1b[<0;0;0M"), []);
}

#[test]
fn replies_mean_nothing() {
    for reply in ["\x1b[1;2R", "\x1b[?1u", "\x1b[?2026;2$y", "\x1b[0n", "\x1b[?6c", "\x1b[I", "\x1b[O", "\x1b[201~"] {
        assert_eq!(events(reply), [], "{reply:?}");
    }
}
