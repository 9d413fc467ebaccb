//! What was delivered and what was not: the log and the dead-letter queue are read, and what was found out is kept until
//! a person has dealt with it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::open_contexts::OpenContext;
use super::worker::Worker;
use crate::app::{Arrived, Log, Response, SystemEvent};
use crate::aws::DeadLetter;
use crate::failure::Failure;
use crate::proof;
use crate::schedule::Receipt;

/// How far before the last reading the delivery log is read again: its lines may come in late.
const LOG_LAG: TimeDelta = TimeDelta::minutes(10);

/// How far back the log is read the first time that a place in AWS is opened.
const FIRST_LOOK: TimeDelta = TimeDelta::hours(1);

/// In which steps the history is read: it goes back as far as the log does, and what is new is wanted first.
const HISTORY: [TimeDelta; 3] = [TimeDelta::days(1), TimeDelta::days(7), TimeDelta::days(30)];

/// How far before the time that a memo was due the log is looked at: no two clocks agree.
const BEFORE: TimeDelta = TimeDelta::minutes(1);

impl Worker {
    /// Tells what was delivered since the log was last read, what failed, and all that nobody has said done to. The
    /// dead-letter queue has to be listened to for a while: what the log says does not wait for that.
    pub(super) async fn arrived(&self, place: &OpenContext, awaited: Option<DateTime<Utc>>) {
        let lines = match self.lines(place, awaited).await {
            Ok(lines) => lines,
            Err(failure) => return self.answer(place, Response::Arrived(Err(failure))),
        };
        let arrived = self.settled(place, lines.clone(), None).await;
        self.answer(place, Response::Arrived(arrived));
        if place.scheduler.context().dead_letter_arn.is_none() {
            return;
        }
        let queue = match place.scheduler.dead_letters().await {
            Ok(letters) => {
                *place.letters.borrow_mut() = by_key(letters);
                None
            }
            Err(failure) => Some(failure),
        };
        let arrived = self.settled(place, lines, queue).await;
        self.answer(place, Response::Arrived(arrived));
    }

    /// What the log says since it was last read, or since the earliest delivery that is awaited.
    async fn lines(&self, place: &OpenContext, awaited: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, Failure> {
        let now = self.clock.now();
        let state = self.state();
        let read_until = match &state {
            Some(state) => state.read_until(&place.here.id)?,
            None => None,
        };
        let since = match read_until {
            // The clock may have been set back since.
            Some(until) => until.min(now) - LOG_LAG,
            // Nothing remembers what was done with earlier ones: they are in the history.
            None if state.is_none() => self.arrivals.borrow().began - BEFORE,
            None if place.here.local => DateTime::UNIX_EPOCH,
            None => now - FIRST_LOOK,
        };
        let since = awaited.map_or(since, |awaited| since.min(awaited - BEFORE));
        place.scheduler.receipts(since, now + BEFORE).await
    }

    /// What these lines and the letters that are known come to. What failed for good and was put away already, here or
    /// before a crash, is taken out of the queue.
    async fn settled(
        &self,
        place: &OpenContext,
        mut lines: Vec<Receipt>,
        queue: Option<Failure>,
    ) -> Result<Arrived, Failure> {
        let now = self.clock.now();
        let context = &place.here.id;
        lines.extend(place.letters.borrow().values().flatten().map(|letter| letter.receipt.clone()));
        let read = proof::settle(lines);
        let shown = |receipt: &&Receipt| !receipt.by_hand && (receipt.is_delivered() || receipt.is_lost());
        let shown: Vec<Receipt> = read.iter().filter(shown).cloned().collect();
        let Some(state) = self.state() else { return Ok(self.arrivals.borrow_mut().take(shown, read, queue)) };
        let fresh = state.arrived(context, &shown, now)?.into_iter().map(|receipt| receipt.key).collect();
        // What failed for good was made after all, by hand or by another try: nothing is left to do about it.
        let made: Vec<String> = read
            .iter()
            .filter(|receipt| receipt.is_delivered())
            .filter_map(|receipt| Some(proof::lost_key(receipt.delivery()?)))
            .collect();
        state.done(context, &made)?;
        state.set_read_until(context, now)?;
        let undone = state.undone(context)?;
        let put_away = |key: &&String| !undone.iter().any(|receipt| receipt.key == **key);
        let lost: Vec<String> = shown
            .iter()
            .filter(|receipt| receipt.is_lost())
            .map(|receipt| &receipt.key)
            .filter(put_away)
            .cloned()
            .collect();
        self.bury(place, &lost).await;
        Ok(Arrived { undone, read, fresh, queue })
    }

    /// Takes the letters of these failures out of the queue: a person has dealt with them.
    pub(super) async fn bury(&self, place: &OpenContext, keys: &[String]) {
        if place.here.read_only {
            return;
        }
        for key in keys {
            let letters = place.letters.borrow_mut().remove(key).unwrap_or_default();
            for letter in letters {
                if let Err(failure) = place.scheduler.bury(&letter).await
                    && self.bury_anew(place, &letter).await.is_none()
                {
                    self.settle(SystemEvent::Trouble(failure));
                }
            }
        }
    }

    /// Somebody else has received the letter meanwhile, perhaps, so that what it was to be deleted by counts no more:
    /// it is received again. `None` where that does not help either.
    async fn bury_anew(&self, place: &OpenContext, letter: &DeadLetter) -> Option<()> {
        let letters = place.scheduler.dead_letters().await.ok()?;
        let same = |other: &&DeadLetter| other.receipt.key == letter.receipt.key;
        match letters.iter().find(same) {
            Some(anew) => place.scheduler.bury(anew).await.ok(),
            None => Some(()),
        }
    }

    /// What was delivered, as far back as the log goes: what is new first, then further and further back.
    pub(super) async fn history(&self, place: &OpenContext) {
        let now = self.clock.now();
        let letters: Vec<Receipt> =
            place.letters.borrow().values().flatten().map(|letter| letter.receipt.clone()).collect();
        let (mut lines, mut until) = (letters, now + BEFORE);
        let steps = HISTORY.iter().filter(|_| !place.here.local).map(|step| Some(now - *step));
        for since in steps.chain([None]) {
            match place.scheduler.receipts(since.unwrap_or(DateTime::UNIX_EPOCH), until).await {
                Ok(part) => lines.extend(part),
                Err(failure) => return self.answer(place, Response::History(Err(failure))),
            }
            let mut settled = proof::settle(lines.clone());
            settled.retain(|receipt| since.is_none_or(|since| receipt.at >= since));
            settled.reverse();
            self.answer(place, Response::History(Ok(Log { lines: settled, since })));
            // The ends of a range belong to it.
            until = since.unwrap_or(until) - TimeDelta::milliseconds(1);
        }
    }
}

/// Letters by the key of the failure that they tell of.
fn by_key(letters: Vec<DeadLetter>) -> HashMap<String, Vec<DeadLetter>> {
    let mut by_key: HashMap<String, Vec<DeadLetter>> = HashMap::new();
    for letter in letters {
        let key = letter.receipt.delivery().map_or_else(|| letter.receipt.key.clone(), proof::lost_key);
        by_key.entry(key).or_default().push(letter);
    }
    by_key
}

/// What has arrived since the program began, for a program whose disk does not remember it.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    began: DateTime<Utc>,
    seen: HashSet<String>,
    /// What the person has said done to.
    pub(super) done: HashSet<String>,
}

impl Arrivals {
    pub(super) fn since(began: DateTime<Utc>) -> Self {
        Self { began, ..Self::default() }
    }

    fn take(&mut self, shown: Vec<Receipt>, read: Vec<Receipt>, queue: Option<Failure>) -> Arrived {
        let fresh =
            shown.iter().map(|receipt| receipt.key.clone()).filter(|key| self.seen.insert(key.clone())).collect();
        let undone = shown.into_iter().filter(|receipt| !self.done.contains(&receipt.key)).collect();
        Arrived { undone, read, fresh, queue }
    }
}
