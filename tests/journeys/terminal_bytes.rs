//! What a terminal sends beside keys: replies, and pastes that look like keys.

use chrono::TimeDelta;

use super::journey::Journey;

/// Two memos, one that has arrived, and the keys in the list.
fn list() -> Journey {
    let mut journey = Journey::start();
    journey.add("tea", "", "in 10 min").add("milk", "tomorrow", "9:00").add("bread", "tomorrow", "10:00");
    journey.wait(TimeDelta::minutes(11)).keys("<esc>g");
    // The messages go away.
    journey.wait(TimeDelta::minutes(1));
    journey
}

#[test]
fn replies_change_no_memo_and_swallow_no_key() {
    let replies: [&[u8]; 12] = [
        b"\x1bP>|xterm.js(5.5.0)\x1b\\",
        b"\x1bP>|kitty(0.42.1)\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
        b"\x1b]52;c;eHggZXggYQ==\x1b\\",
        b"\x1bP1$r0;1xq\x1b\\",
        b"\x1bP1+r544e=78\x1b\\",
        b"\x1b[?2026;2$y",
        b"\x1b[?62;4;22;52c",
        b"\x1b[>1;10;0c",
        b"\x1b[12;1R",
        b"\x1b[?1u",
    ];
    for reply in replies {
        let mut journey = list();
        let before = journey.screen();
        journey.reads(&[reply]);
        assert_eq!(journey.screen(), before, "{:?}", String::from_utf8_lossy(reply));
        for byte in 0..reply.len() {
            journey.reads(&[&reply[..byte], &reply[byte..]]);
        }
        journey.reads(&reply.iter().map(std::slice::from_ref).collect::<Vec<_>>());
        assert_eq!(journey.screen(), before, "{:?}, in pieces", String::from_utf8_lossy(reply));
        journey.reads(&[&[reply, b"?"].concat()]);
        assert!(journey.shows("Keys"), "the key after {:?}:\n{}", String::from_utf8_lossy(reply), journey.screen());
    }
}

#[test]
fn a_sentence_that_comes_at_once_is_a_draft() {
    let mut journey = list();
    journey.reads(&[b"exam prep fri\rxxxt", b"y\x13"]);
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    assert_eq!(journey.app.current().arrived.len(), 1, "{}", journey.screen());
    assert!(journey.shows("exam prep fri") && journey.shows("xxxty"), "{}", journey.screen());
    assert!(
        journey.shows("19 characters came at once, like a paste. They are a draft, not keys."),
        "{}",
        journey.screen()
    );
    let mut journey = journey.crash_and_restart(TimeDelta::seconds(1));
    assert!(!journey.shows("exam prep"), "the draft was not saved yet");
    journey.reads(&[b"exam prep fri"]).wait(TimeDelta::seconds(1));
    assert!(journey.crash_and_restart(TimeDelta::seconds(1)).shows("exam prep fri"));
}

#[test]
fn mouse_reports_that_were_not_asked_for_do_nothing() {
    let click = b"\x1b[<0;60;4M\x1b[<0;60;4m".as_slice();
    let mut journey = list();
    assert_eq!(journey.app.selected_line(), Some(0));
    journey.reads(&[click]);
    assert_ne!(journey.app.selected_line(), Some(0), "{}", journey.screen());
    let mut journey = list();
    journey.change_settings("[screen]\nmouse = false\n").reads(&[click]);
    assert_eq!(journey.app.selected_line(), Some(0), "{}", journey.screen());
}

#[test]
fn a_question_is_not_answered_by_it() {
    let mut journey = list();
    journey.keys("jt");
    assert!(journey.shows("Confirm"), "{}", journey.screen());
    journey.reads(&[b"yes, you may"]);
    assert!(!journey.shows("Confirm") && journey.shows("yes, you may"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 2);
}

#[test]
fn it_stays_beside_the_draft_that_was_there() {
    let mut journey = list();
    journey.keys("acall mum<esc>").reads(&[b"exam prep"]);
    let memo = journey.app.form.text(tickler::app::Field::Memo);
    assert_eq!(memo, "call mum\nexam prep");
}

#[test]
fn motions_and_text_that_come_at_once_are_keys() {
    let mut journey = list();
    journey.reads(&[b"jjjjjjjjjjjj"]);
    assert_eq!(journey.app.selected_line(), Some(2), "{}", journey.screen());
    journey.reads(&[b"kkkkjjkkkkkk"]);
    assert_eq!(journey.app.selected_line(), Some(0), "{}", journey.screen());
    journey.reads(&[b"xxxxxxxx"]).keys("<c-u><esc>");
    assert_eq!(journey.scheduled(), 2, "one key that changes memos is text:\n{}", journey.screen());
    journey.keys("a").reads(&[b"feed the cat in 2 h\x13"]);
    assert_eq!(journey.scheduled(), 3, "{}", journey.screen());
}

#[test]
fn a_paste_into_the_list_is_a_draft() {
    let mut journey = list();
    journey.paste("exam prep fri 18:00");
    assert!(journey.shows("The pasted text is a draft.") && journey.shows("exam prep"), "{}", journey.screen());
    assert!(journey.shows("2 pending"), "{}", journey.screen());
    journey.keys("<c-s>");
    assert!(journey.shows("3 pending"), "{}", journey.screen());
}
