//! Changes by key. Each one shows on the screen, and to another process that reads the same store.

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Timelike, Weekday};

use super::machine::{Listed, Machine};
use super::memos::{beside_form, schedule, wait_for_form};
use super::terminal::{Terminal, key};

/// Memos and their times.
type Pending = Vec<(String, DateTime<FixedOffset>)>;

fn pending(machine: &Machine) -> Pending {
    machine.listed().into_iter().map(|Listed { memo, due, .. }| (memo, due)).collect()
}

/// Waits until another process lists exactly these memos, and the program knows that too: while a change is being sent, some
/// keys do nothing.
#[track_caller]
fn wait_for_store(terminal: &mut Terminal, machine: &Machine, expected: &[(&str, DateTime<FixedOffset>)]) {
    let expected: Pending = expected.iter().map(|(memo, due)| ((*memo).to_owned(), *due)).collect();
    terminal.wait_until(&format!("{expected:?}, as seen from outside,"), || pending(machine) == expected);
    terminal.wait_for("the answer", |terminal| !terminal.shows("saving") && !terminal.shows("cancelling"));
}

/// Waits until the list has this many lines with the memo.
#[track_caller]
fn wait_for_lines(terminal: &mut Terminal, memo: &str, count: usize) {
    terminal.wait_for(&format!("{count} × {memo} in the list"), |terminal| beside_form(terminal, memo) == count);
}

/// The program with one memo that is due in two hours, and its due time.
fn with_one(machine: &Machine, memo: &str) -> (Terminal, DateTime<FixedOffset>) {
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, memo, "in 2 hours");
    let pending = pending(machine);
    assert_eq!(pending.len(), 1, "{pending:?}");
    (terminal, pending[0].1)
}

#[test]
fn a_memo_and_its_time_are_typed_in_one_line() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    terminal.send("call mum fri 18:00 Tokyo");
    // The time words and the full time are below the fields.
    terminal.wait_for("the chip, and what it means", |terminal| {
        terminal.line_of("Ctrl-T: text").is_some_and(|line| line.contains(" fri 18:00 Tokyo "))
            && terminal.line_of("18:00 JST").is_some_and(|line| line.contains("Fri "))
    });
    terminal.send(key::TAB);
    terminal.wait_for("the time in its fields", |terminal| {
        let field = |label: &str, value: &str| terminal.line_of(label).is_some_and(|line| line.contains(value));
        field("Memo  call mum ", " ") && field("Time  ", "18:00 ") && field("Zone  ", "Asia/Tokyo ")
    });
    assert!(!terminal.shows("call mum fri"));
    terminal.send(key::SUBMIT);
    terminal.wait_to_say("Scheduled “call mum” for Fri");
    wait_for_lines(&mut terminal, "call mum", 1);

    let listed = machine.listed();
    let [Listed { memo, due, zone, .. }] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!((&memo[..], &zone[..]), ("call mum", "Asia/Tokyo"));
    assert_eq!((due.weekday(), due.hour(), due.minute()), (Weekday::Fri, 18, 0));
    assert_eq!(due.offset().local_minus_utc(), 9 * 3600);
}

#[test]
fn time_words_can_stay_in_the_memo() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    terminal.send("prepare standup tomorrow 9:00");
    terminal.wait_to_show("Ctrl-T: text");
    terminal.send(key::KEEP_WORDS);
    terminal.wait_to_say("tickler keeps the memo as it is.");
    terminal.send(&format!("{0}{0}in 2 hours{1}", key::TAB, key::SUBMIT));
    terminal.wait_to_say("Scheduled “prepare standup tomorrow 9:00” for");
    let memos: Vec<String> = pending(&machine).into_iter().map(|(memo, _)| memo).collect();
    assert_eq!(memos, ["prepare standup tomorrow 9:00"]);
}

#[test]
fn edits_of_text_and_time_are_saved() {
    let machine = Machine::new();
    let (mut terminal, due) = with_one(&machine, "brew tea");
    let id = machine.listed().remove(0).id;
    terminal.send("e");
    terminal.wait_to_show("Edit memo");
    terminal.send(&format!("{} for mum{}", key::LINE_END, key::SUBMIT));
    wait_for_lines(&mut terminal, "brew tea for mum", 1);
    wait_for_store(&mut terminal, &machine, &[("brew tea for mum", due)]);

    terminal.send("e");
    terminal.wait_to_show("Edit memo");
    let (tab, clear) = (key::TAB, key::DELETE_LINE);
    terminal.send(&format!("{tab}{clear}{tab}{clear}in 3 days 9:00{}", key::SUBMIT));
    terminal.wait_for("the new time", |terminal| {
        terminal.line_of("brew tea for mum").is_some_and(|line| line.contains("09:00"))
    });
    let on_that_day = || matches!(&pending(&machine)[..], [(_, due)] if (due.hour(), due.minute()) == (9, 0));
    terminal.wait_until("the new time, as seen from outside,", on_that_day);
    assert_eq!(machine.listed().remove(0).id, id, "it is the same memo");
}

#[test]
fn a_memo_is_snoozed_by_a_choice_and_in_words() {
    let machine = Machine::new();
    let (mut terminal, due) = with_one(&machine, "brew tea");
    terminal.send("s");
    terminal.wait_to_say("Snooze “brew tea” from its time, until");
    terminal.send("1");
    wait_for_store(&mut terminal, &machine, &[("brew tea", due + TimeDelta::minutes(10))]);

    terminal.send("s");
    terminal.wait_to_say("Snooze “brew tea” from its time, until");
    terminal.send("w");
    terminal.wait_to_show("Counted from");
    terminal.send("in 3 hours");
    terminal.wait_to_show("in 3 hours");
    terminal.send(key::ENTER);
    let later = due + TimeDelta::minutes(190);
    wait_for_store(&mut terminal, &machine, &[("brew tea", later)]);
    terminal.wait_for("its new time", |terminal| {
        terminal.line_of("brew tea").is_some_and(|line| line.contains(&later.format("%H:%M").to_string()))
    });
}

#[test]
fn every_change_is_undone_and_redone() {
    let machine = Machine::new();
    let (mut terminal, due) = with_one(&machine, "brew tea");
    terminal.send("e");
    terminal.wait_to_show("Edit memo");
    terminal.send(&format!("{} for mum{}", key::LINE_END, key::SUBMIT));
    wait_for_store(&mut terminal, &machine, &[("brew tea for mum", due)]);
    terminal.send("s");
    terminal.wait_to_say("Snooze “brew tea for mum” from its time, until");
    terminal.send("2");
    let later = due + TimeDelta::hours(1);
    wait_for_store(&mut terminal, &machine, &[("brew tea for mum", later)]);
    terminal.send("x");
    wait_for_store(&mut terminal, &machine, &[]);
    wait_for_lines(&mut terminal, "brew tea", 0);

    let steps: [&[(&str, DateTime<FixedOffset>)]; 5] =
        [&[], &[("brew tea", due)], &[("brew tea for mum", due)], &[("brew tea for mum", later)], &[]];
    for step in steps[..4].iter().rev() {
        terminal.send("u");
        wait_for_store(&mut terminal, &machine, step);
        wait_for_lines(&mut terminal, step.first().map_or("brew tea", |(memo, _)| memo), step.len());
    }
    for step in &steps[1..] {
        terminal.send("U");
        wait_for_store(&mut terminal, &machine, step);
        wait_for_lines(&mut terminal, step.first().map_or("brew tea", |(memo, _)| memo), step.len());
    }
}

#[test]
fn marked_memos_are_cancelled_together_and_one_undo_restores_them() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    for number in 1..=4 {
        if number > 1 {
            terminal.send("a");
            wait_for_form(&mut terminal);
        }
        schedule(&mut terminal, &format!("memo {number}"), &format!("in {number} hours"));
    }
    let all = pending(&machine);
    let some = |numbers: &[usize]| numbers.iter().map(|number| all[number - 1].clone()).collect::<Pending>();
    let mut keys = |keys: &str, marked: &str, left: &[usize]| {
        terminal.send(keys);
        terminal.wait_to_show(marked);
        terminal.send("x");
        terminal.wait_until(&format!("only {left:?} left"), || pending(&machine) == some(left));
        terminal.wait_to_show(&format!("{} pending", left.len()));
        terminal.send("u");
        terminal.wait_until("all of them back", || pending(&machine) == all);
        terminal.wait_to_show("4 pending");
    };
    // Marking moves to the next line.
    keys("g  ", "2 marked", &[3, 4]);
    keys("gjvj", "2 marked", &[1, 4]);
    keys("*", "4 marked", &[]);
}
