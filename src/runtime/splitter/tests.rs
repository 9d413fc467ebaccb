//! The rule: a reply, whole or in pieces, is never a key, and the key after it is not lost.

use proptest::prelude::*;

use super::*;

const fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn typed(text: &str) -> Vec<Piece> {
    text.chars().map(|c| Piece::Char { c, alt: false }).collect()
}

fn csi(parameters: &str, last: char) -> Piece {
    Piece::Csi { parameters: parameters.to_owned(), last: u8::try_from(last).unwrap() }
}

/// The pieces of one read, and of the silence after it.
fn split(bytes: &[u8]) -> Vec<Piece> {
    let mut splitter = Splitter::default();
    let mut pieces = splitter.feed(bytes, at(0));
    pieces.extend(splitter.expire(at(10_000)));
    pieces
}

#[test]
fn keys_are_split() {
    assert_eq!(split("aé日😀\t".as_bytes()), typed("aé日😀\t"));
    assert_eq!(split(b"\x1b"), [Piece::Escape]);
    assert_eq!(split(b"\x1b\x1b[A"), [Piece::Escape, csi("", 'A')]);
    assert_eq!(split("\x1bé\x1b\r".as_bytes()), [alt('é'), alt('\r')]);
    assert_eq!(split(b"\x1b[1;5C\x1bOP\x1b[[B"), [csi("1;5", 'C'), Piece::Ss3(b'P'), csi("[", 'B')]);
    assert_eq!(split(b"\x1b[M !!x"), [Piece::Mouse(*b" !!"), typed("x").remove(0)]);
    assert_eq!(split(b"a\xffb\xc3c"), typed("abc"), "invalid UTF-8 swallows nothing");
}

#[test]
fn the_keys_that_open_strings_are_decided_by_the_silence_after_them() {
    for opener in ['P', ']', '_', '^', 'X', '[', 'O'] {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.feed(format!("\x1b{opener}").as_bytes(), at(0)), []);
        assert_eq!(splitter.deadline(), Some(KEY_WAIT));
        assert_eq!(splitter.expire(KEY_WAIT), [alt(opener)]);
        assert_eq!(splitter.feed(b"x", KEY_WAIT + at(1)), typed("x"));
    }
    assert_eq!(split(b"\x1bP\x1bPq"), [alt('P')], "the second one opens a string that never ends");
}

#[test]
fn esc_and_a_key_in_two_reads_are_two_keys() {
    let mut splitter = Splitter::default();
    assert_eq!(splitter.feed(b"\x1b", at(0)), []);
    assert_eq!(splitter.feed(b"ex", at(1)), [vec![Piece::Escape], typed("ex")].concat());
    splitter.feed(b"\x1b", at(10));
    assert_eq!(splitter.feed(b"[A", at(30)), [csi("", 'A')]);
}

#[test]
fn a_paste_is_text_and_needs_no_end() {
    assert_eq!(split(b"\x1b[200~a\x13\x1b[Ab\x1b[201~c"), [Piece::Paste("a\x13\x1b[Ab".into()), typed("c").remove(0)]);
    let mut splitter = Splitter::default();
    assert_eq!(splitter.feed(b"\x1b[200~tea\x1b[20", at(0)), []);
    assert_eq!(splitter.deadline(), Some(PASTE_WAIT));
    assert_eq!(splitter.expire(PASTE_WAIT), [Piece::Paste("tea".into())]);
    assert_eq!(splitter.feed(b"x", PASTE_WAIT), typed("x"));
}

#[test]
fn ctrl_c_gets_through_whatever_has_lost_its_end() {
    for lost in ["\x1b[200~tea", "\x1bP>|x", "\x1b]11;rgb", "\x1b[?2026;", "\x1b_G"] {
        let mut splitter = Splitter::default();
        splitter.feed(lost.as_bytes(), at(0));
        assert!(splitter.feed(b"\x03", at(500)).contains(&typed("\x03")[0]), "{lost:?}");
    }
    assert_eq!(split(b"\x1b[200~a\x03b\x1b[201~"), [Piece::Paste("a\x03b".into())], "in a paste it is text");
}

#[test]
fn what_has_lost_its_end_holds_the_keys_for_a_second() {
    for lost in ["\x1bP>|xterm.js", "\x1b]11;rgb:ff", "\x1b[?2026;2$", "\x1b_Gi=1", "\x1b]11;x\x1b"] {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.feed(lost.as_bytes(), at(0)), []);
        assert_eq!(splitter.deadline(), Some(SEQUENCE_WAIT), "{lost:?}");
        assert_eq!(splitter.expire(SEQUENCE_WAIT), []);
        assert_eq!(splitter.feed(b"x", SEQUENCE_WAIT), typed("x"));
    }
}

/// A reply that a terminal may send, with the terminator that fits it.
fn reply() -> impl Strategy<Value = Vec<u8>> {
    let content = prop_oneof![
        "[ -~]{0,40}",
        "[ -~éß✓日😀]{0,20}",
        Just(">|xterm.js(5.5.0)".to_owned()),
        Just("11;rgb:1e1e/1e1e/2e2e".to_owned()),
        Just("1+r544e=787465726d".to_owned()),
        Just("Gi=31;OK".to_owned()),
    ];
    let ends = prop_oneof![Just("\x1b\\"), Just("\x07")];
    let string = ("[P\\]_^X]", content, ends).prop_map(|(opener, content, end)| format!("\x1b{opener}{content}{end}"));
    let private = "\\x1b\\[[<=>?][0-9;:]{0,12}[ -/]{0,2}[a-lo-z@]".prop_map(|text: String| text);
    let intermediate = "\\x1b\\[[0-9;]{0,12}[ -/]{1,2}[@-~]".prop_map(|text: String| text);
    let known = prop::sample::select(vec![
        "\x1b[?2026;2$y",
        "\x1b[4;2$y",
        "\x1b[?1;2c",
        "\x1b[>0;276;0c",
        "\x1b[?1u",
        "\x1b[12;40R",
        "\x1b[1;2R",
        "\x1b[0n",
        "\x1b[8;24;80t",
        "\x1b[?997;1n",
        "\x1b[48;24;80;480;640t",
        "\x1b[>4;2m",
        "\x1b[I",
        "\x1b[O",
        "\x1b[201~",
        "\x1b[2;1;1;112;112;1;0x",
    ])
    .prop_map(str::to_owned);
    let eight_bit = ("[\\x90\\x9d\\x9f\\x9e\\x98]", "[ -~]{0,20}").prop_map(|(opener, content): (String, String)| {
        let byte = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
        [byte(&opener), content.into_bytes(), vec![0x9c]].concat()
    });
    prop_oneof![
        string.prop_map(String::into_bytes),
        private.prop_map(String::into_bytes),
        intermediate.prop_map(String::into_bytes),
        known.prop_map(String::into_bytes),
        eight_bit,
    ]
}

/// Where to cut, and the pause at each cut in milliseconds.
fn cuts() -> impl Strategy<Value = Vec<(prop::sample::Index, u64)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0_u64..40), 0..6)
}

/// What the input becomes, cut at these places.
fn events(bytes: &[u8], cuts: &[(prop::sample::Index, u64)]) -> Vec<Piece> {
    let mut places: Vec<(usize, u64)> = cuts.iter().map(|(at, pause)| (at.index(bytes.len() + 1), *pause)).collect();
    places.sort_unstable();
    places.dedup_by_key(|(place, _)| *place);
    let (mut splitter, mut now, mut from, mut pieces) = (Splitter::default(), 0, 0, Vec::new());
    for (place, pause) in places.into_iter().chain([(bytes.len(), 0)]) {
        if place > from {
            pieces.extend(splitter.feed(&bytes[from..place], at(now)));
            from = place;
        }
        now += pause;
        pieces.extend(splitter.expire(at(now)));
    }
    pieces.extend(splitter.expire(at(now + 10_000)));
    pieces.retain(|piece| super::super::key_table::event(piece.clone()).is_some());
    pieces
}

proptest! {
    #[test]
    fn no_reply_is_a_key_and_the_keys_around_it_stay(reply in reply(), cuts in cuts()) {
        let bytes = [b"j".as_slice(), &reply, b"x\x1b[B"].concat();
        let keys = [typed("jx"), vec![csi("", 'B')]].concat();
        prop_assert_eq!(events(&bytes, &cuts), keys, "{:?}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn several_replies_in_a_row_are_no_keys(replies in prop::collection::vec(reply(), 1..4), cuts in cuts()) {
        prop_assert_eq!(events(&[replies.concat(), b"q".to_vec()].concat(), &cuts), typed("q"));
    }

    #[test]
    fn a_reply_that_a_slow_line_cuts_once_types_nothing(reply in reply(), cut in any::<prop::sample::Index>()) {
        // What is left of it in the second piece must be more than one key.
        let cut = cut.index((reply.len() - 2).max(1));
        let mut splitter = Splitter::default();
        let mut pieces = splitter.feed(&reply[..cut], at(0));
        let silent = splitter.deadline().unwrap_or(at(300)) + at(200);
        pieces.extend(splitter.expire(silent));
        pieces.extend(splitter.feed(&reply[cut..], silent));
        pieces.extend(splitter.expire(at(20_000)));
        let typed = |piece: &Piece| matches!(piece, Piece::Char { alt: false, .. });
        prop_assert!(!pieces.iter().any(typed), "{:?} cut at {cut}: {pieces:?}", String::from_utf8_lossy(&reply));
    }

    #[test]
    fn no_bytes_make_it_fail_or_wait_for_ever(bytes in prop::collection::vec(any::<u8>(), 0..200), cuts in cuts()) {
        let _ = events(&bytes, &cuts);
        let mut splitter = Splitter::default();
        splitter.feed(&bytes, at(0));
        splitter.expire(at(10_000));
        prop_assert_eq!(splitter.deadline(), None);
    }
}
