//! The screen sleeps until something visible changes: it is the same until `next_wake`.

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tickler::app::{App, Effect, Focus, Loaded, Msg, Request, Response, SystemEvent};
use tickler::context::{ContextId, ContextInfo};
use tickler::failure::{Failure, FailureKind};
use tickler::memo::{Memo, MemoId};
use tickler::schedule::{Change, Schedule};
use tickler::ui::{self, Theme};
use when::Moment;

use super::journey::morning;
use crate::campaign;

fn picture(app: &App, now: DateTime<Utc>) -> String {
    let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).unwrap();
    terminal.draw(|frame| ui::draw(app, now, &Theme::new(app.settings.preferences.screen, true), frame)).unwrap();
    terminal.backend().to_string()
}

/// The program with memos that are due in this many seconds.
fn program(seconds: &[i64], size: (u16, u16), local: bool, now: DateTime<Utc>) -> App {
    let mut app = App::new(1, when::Tz::Europe__Paris, size);
    let context = ContextId::new("test");
    let here = ContextInfo {
        id: context.clone(),
        name: "test".into(),
        account: "123456789012".into(),
        region: "eu-west-1".into(),
        group: "tickler".into(),
        read_only: false,
        local,
        memo_limit: 1000,
    };
    app.update(Msg::System(SystemEvent::Connected(here)), now);
    let rows = seconds.iter().zip(0..).map(|(seconds, number)| {
        let due = Moment::at(morning() + TimeDelta::seconds(*seconds), when::Tz::Europe__Paris);
        let id = MemoId::from_random([number; 16]);
        Schedule::of(Memo { id, text: format!("memo {number}"), due }, now)
    });
    app.update(Msg::Response(context.clone(), Response::Read(rows.collect())), now);
    let loaded = Loaded { total: seconds.len(), changed: true, gone: Vec::new(), took_ms: 1 };
    app.update(Msg::Response(context, Response::Loaded(Ok(loaded))), now);
    app
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(100, 1_000)))]

    #[test]
    fn nothing_visible_changes_before_the_next_wake(
        seconds in prop::collection::vec(prop_oneof![-200_i64..200, 0_i64..8000, 0_i64..4_000_000], 0..12),
        size in prop_oneof![Just((120, 36)), Just((80, 24)), Just((40, 10))],
        local in any::<bool>(),
        keys in prop_oneof![Just(""), Just("d"), Just("dO"), Just("oo"), Just("/tom"), Just("3"), Just("*")],
        millis in 0_i64..60_000,
        ticks in 1_usize..12,
    ) {
        let mut now = morning() + TimeDelta::milliseconds(millis);
        let mut app = program(&seconds, size, local, now);
        app.focus = Focus::List;
        for key in keys.chars() {
            app.update(Msg::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)), now);
        }
        for _ in 0..ticks {
            let wake = app.next_wake(now);
            prop_assert!(wake > now, "the next wake is in the future: {wake} at {now}");
            prop_assert!(wake - now <= TimeDelta::minutes(1), "the clock in the header advances");
            let before = picture(&app, now);
            let just_before = wake - TimeDelta::microseconds(1);
            prop_assert_eq!(before, picture(&app, just_before), "between {} and {}", now, just_before);
            now = wake;
            app.update(Msg::Wake, now);
        }
    }
}

/// The changes that these effects send.
fn sent(effects: Vec<Effect>) -> Vec<Change> {
    let write = |effect| if let Effect::Request(_, Request::Change(write)) = effect { Some(write) } else { None };
    effects.into_iter().filter_map(write).collect()
}

#[test]
fn a_key_before_a_late_wake_sends_no_memo_that_is_past_due() {
    let mut now = morning();
    let mut app = program(&[], (120, 36), true, now);
    let type_in = |app: &mut App, text: &str, now| drop(app.update(Msg::Paste(text.to_owned()), now));
    let press = |app: &mut App, code, now| app.update(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)), now);
    let control =
        |app: &mut App, c, now| app.update(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)), now);
    press(&mut app, KeyCode::Char('a'), now);
    type_in(&mut app, "tea 10:20", now);
    let first = sent(control(&mut app, 's', now)).remove(0);
    assert!(matches!(first, Change::Create(_)), "{first:?}");
    let offline = Err(Failure::new(FailureKind::Offline, "AWS cannot be reached.", ""));
    app.update(Msg::Response(ContextId::new("test"), Response::Change(first.clone(), offline)), now);
    press(&mut app, KeyCode::Char('e'), now);
    for _ in 0..2 {
        press(&mut app, KeyCode::Tab, now);
    }
    control(&mut app, 'u', now);
    type_in(&mut app, "12:00", now);
    // The machine was asleep when the memo was due, and the key wakes it.
    now += TimeDelta::minutes(30);
    assert!(first.has_passed(now));
    let then = sent(control(&mut app, 's', now));
    assert!(matches!(then.as_slice(), [Change::Create(memo)] if memo.due.instant > now), "{then:?}");
}
