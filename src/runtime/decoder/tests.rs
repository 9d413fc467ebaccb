use super::*;

const fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The inputs of one read, and of the silence after it, as text: keys as they are, bursts in brackets.
fn decode(bytes: &str) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut inputs = decoder.feed(bytes.as_bytes(), at(0));
    inputs.extend(decoder.expire(at(10_000)));
    inputs.into_iter().map(shown).collect()
}

fn shown(input: Input) -> String {
    match input {
        Input::Event(Event::Key(key)) => match key.code {
            KeyCode::Char(c) => c.to_string(),
            code => format!("{code:?}"),
        },
        Input::Event(event) => format!("{event:?}"),
        Input::Burst(keys) => format!("[{}]", text(&keys)),
    }
}

#[test]
fn eight_characters_at_once_are_a_burst() {
    assert_eq!(decode("exam prep\r"), ["[exam prep\n]"]);
    assert_eq!(decode("jjkkjjkk"), ["[jjkkjjkk]"]);
    assert_eq!(decode("xxxxxxxx"), ["[xxxxxxxx]"]);
    assert_eq!(decode("\x1b[Btea\tat six\x13"), ["Down", "[tea\tat six]"], "Ctrl-S in it does nothing");
}

#[test]
fn fewer_are_keys() {
    assert_eq!(decode("jjkkjjk"), ["j", "j", "k", "k", "j", "j", "k"]);
}

#[test]
fn a_key_that_is_held_down_after_a_burst_does_not_prolong_it_for_ever() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"jjjjjjjj", at(0)), []);
    let inputs = (1..20).flat_map(|count| decoder.feed(b"j", at(15 * count))).map(shown).collect::<Vec<_>>();
    assert!(inputs.len() > 5 && inputs[0].starts_with("[jjjjjjjj"), "{inputs:?}");
}

#[test]
fn a_burst_takes_along_what_follows_at_once() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"call mum ", at(0)), []);
    assert_eq!(decoder.deadline(), Some(BURST_WAIT));
    assert_eq!(decoder.feed(b"fri\rx", at(15)), []);
    let inputs = decoder.feed(b"x", at(15) + BURST_WAIT);
    assert_eq!(inputs.into_iter().map(shown).collect::<Vec<_>>(), ["[call mum fri\nx]", "x"]);
    assert_eq!(decoder.deadline(), None);
}
