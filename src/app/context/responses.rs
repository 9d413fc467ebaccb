//! What the responses of a context change in it.

use chrono::{DateTime, TimeDelta, Utc};

use super::notice::{Notice, Reaction};
use super::pending::Stage;
use super::state::ContextState;
use crate::app::message::{Effect, Loaded, Log, Response};
use crate::failure::Failure;
use crate::schedule::{Change, Name, Schedule};

impl ContextState {
    /// The context answered a request, or tells something by itself.
    pub fn on_response(&mut self, response: Response, now: DateTime<Utc>) -> Reaction {
        match response {
            Response::Cached { schedules, read_at } => {
                if !self.reading.whole {
                    self.reading.cached_at = read_at.filter(|_| !schedules.is_empty());
                    self.put_all(schedules);
                }
                Reaction::default()
            }
            Response::Journalled(changes) => self.adopt(changes, now),
            Response::Read(schedules) => self.read(schedules),
            Response::Progress { listed, read } => {
                if self.reading.progress.is_some() {
                    self.reading.progress = Some((listed, read));
                }
                Reaction::default()
            }
            Response::ReadingStopped => {
                self.reading.stop();
                Reaction::notice(Notice::ReadingStopped)
            }
            Response::Loaded(result) => self.loaded(result, now),
            Response::Change(change, result) => self.answered(&change, result, now),
            Response::Withdrawn(changes) => self.withdrawn(&changes, now),
            Response::Ran(memo, result) => self.ran(memo, result, now),
            Response::Arrived(result) => self.arrived(result, now),
            Response::History(result) => self.history_read(result),
            // The screen asked for these two.
            Response::Details(..) | Response::Copy(_) => Reaction::default(),
        }
    }

    /// Puts schedules into the list, except those with a pending change: the person's wish is newer.
    fn put_all(&mut self, schedules: Vec<Schedule>) {
        for schedule in schedules {
            if self.changes.get(&schedule.name).is_none() || self.list.get(&schedule.name).is_none() {
                self.list.put(schedule);
            }
        }
    }

    fn read(&mut self, schedules: Vec<Schedule>) -> Reaction {
        // An unconfirmed change whose schedule is there is confirmed.
        let is_unconfirmed = |name: &Name| self.changes.get(name).is_some_and(|it| it.stage == Stage::Unconfirmed);
        let names = schedules.iter().map(|schedule| Name::clone(&schedule.name));
        let confirmed: Vec<Name> = names.filter(is_unconfirmed).collect();
        for name in &confirmed {
            self.changes.remove(name);
        }
        self.put_all(schedules);
        Reaction::effect(confirmed.iter().map(|name| self.drop_from_journal(name)))
    }

    fn loaded(&mut self, result: Result<Loaded, Failure>, now: DateTime<Utc>) -> Reaction {
        // The store in this process reports its own changes.
        let longest: Option<TimeDelta> = self.refresh.filter(|_| !self.info.local);
        let had_failed = self.reading.failure.is_some();
        self.reading.end(&result, longest, now);
        match result {
            Ok(loaded) => {
                if had_failed {
                    self.changes.retry_now(now);
                }
                let awaited = self.remove_gone(&loaded.gone, now);
                Reaction::effect(if awaited { self.await_receipts(now) } else { None })
            }
            Err(failure) if !had_failed => Reaction::notice(Notice::ReadingFailed(failure)),
            Err(_) => Reaction::default(),
        }
    }

    /// Removes the schedules that are gone. A memo that was due is not just gone: it was delivered, or it is unconfirmed
    /// until a receipt proves the delivery. Returns whether there is such a memo.
    fn remove_gone(&mut self, gone: &[Name], now: DateTime<Utc>) -> bool {
        let mut awaited = false;
        for name in gone {
            if self.changes.get(name).is_some() {
                continue;
            }
            match self.list.get(name).and_then(Schedule::memo) {
                Some(memo) if memo.due.instant <= now => {
                    self.changes.mark_unconfirmed(&Change::Create(memo.clone()));
                    awaited = true;
                }
                Some(_) | None => {
                    self.list.remove(name);
                }
            }
        }
        awaited
    }

    fn history_read(&mut self, result: Result<Log, Failure>) -> Reaction {
        match result {
            Ok(log) => {
                let again: Option<Effect> = if self.history.take(log) { self.read_history() } else { None };
                Reaction::effect(again)
            }
            Err(failure) => {
                self.history.failed();
                Reaction::notice(Notice::ReadingFailed(failure))
            }
        }
    }
}
