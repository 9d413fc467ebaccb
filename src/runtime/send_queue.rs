//! The queue for changes of many memos at once. A limited number is in flight at a time; the rest can be withdrawn.
//!
//! A change of a single memo does not go through this queue. Does not depend on what a change contains or how it is sent.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};

use futures_util::future::join_all;

use crate::schedule::{Change, Name};

/// How many changes of one context are in flight at a time.
const MAX_IN_FLIGHT: usize = 16;

/// The queue of one context.
#[derive(Default)]
pub(super) struct SendQueue {
    unsent: RefCell<VecDeque<Change>>,
    in_flight: Cell<usize>,
}

impl SendQueue {
    /// Queues these changes, and passes each to `send_one` in its turn. Returns when the queue is empty or other calls
    /// use up the limit; those then send the rest.
    pub async fn send(&self, changes: Vec<Change>, send_one: impl AsyncFn(Change)) {
        self.unsent.borrow_mut().extend(changes);
        let free = MAX_IN_FLIGHT.saturating_sub(self.in_flight.get()).min(self.unsent.borrow().len());
        let send_next = async || {
            let _slot = Slot::take(&self.in_flight);
            while let Some(change) = self.next() {
                send_one(change).await;
            }
        };
        join_all((0..free).map(|_| send_next())).await;
    }

    fn next(&self) -> Option<Change> {
        self.unsent.borrow_mut().pop_front()
    }

    /// Removes the changes of these schedules that are still in the queue, and returns them.
    pub fn withdraw(&self, names: &[Name]) -> Vec<Change> {
        let names: HashSet<&Name> = names.iter().collect();
        let mut unsent = self.unsent.borrow_mut();
        let (withdrawn, rest): (VecDeque<Change>, _) =
            unsent.drain(..).partition(|change| names.contains(&change.name()));
        *unsent = rest;
        withdrawn.into()
    }
}

/// One of the changes in flight. It is counted until it is dropped, even when its task is aborted.
struct Slot<'a>(&'a Cell<usize>);

impl<'a> Slot<'a> {
    fn take(in_flight: &'a Cell<usize>) -> Self {
        in_flight.set(in_flight.get() + 1);
        Self(in_flight)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use tokio::sync::Semaphore;

    use super::*;

    fn cancels(count: usize) -> Vec<Change> {
        (0..count).map(|number| Change::CancelForeign(number.to_string().into())).collect()
    }

    #[tokio::test]
    async fn changes_go_out_in_order_each_once_and_never_more_than_the_limit() {
        let (queue, sent, gate) = (SendQueue::default(), RefCell::new(Vec::new()), Semaphore::new(0));
        let send_one = async |change: Change| {
            sent.borrow_mut().push(change);
            gate.acquire().await.unwrap().forget();
        };
        let test = async {
            tokio::task::yield_now().await;
            assert_eq!(*sent.borrow(), cancels(40)[..MAX_IN_FLIGHT]);
            gate.add_permits(1);
            tokio::task::yield_now().await;
            assert_eq!(sent.borrow().len(), MAX_IN_FLIGHT + 1);
            let withdrawn = queue.withdraw(&["39".into(), "0".into()]);
            assert_eq!(withdrawn, cancels(40)[39..], "a change in flight cannot be withdrawn");
            gate.add_permits(100);
        };
        // The second call queues behind the first.
        tokio::join!(queue.send(cancels(30), send_one), queue.send(cancels(40).split_off(30), send_one), test);
        assert_eq!(*sent.borrow(), cancels(39));
        assert_eq!(queue.in_flight.get(), 0);
    }
}
