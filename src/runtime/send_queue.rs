//! Where the changes of many memos at once wait for their turn: so many of them are on their way at a time, and the rest
//! can be taken back.
//!
//! A change of a single memo never stands in this line. It must never know what a change is made of, or how it is sent.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};

use futures_util::future::join_all;

use crate::schedule::{Change, Name};

/// How many changes are on their way at once, in one place.
pub(super) const AT_ONCE: usize = 16;

/// The line of one place.
#[derive(Default)]
pub(super) struct SendQueue {
    waiting: RefCell<VecDeque<Change>>,
    on_their_way: Cell<usize>,
}

impl SendQueue {
    /// Puts these at the end of the line, and sends what stands in it until it is empty, or others do.
    pub async fn send(&self, writes: Vec<Change>, one: impl AsyncFn(Change)) {
        self.waiting.borrow_mut().extend(writes);
        let free = AT_ONCE.saturating_sub(self.on_their_way.get()).min(self.waiting.borrow().len());
        let each = async || {
            let _on_its_way = OnItsWay::begin(&self.on_their_way);
            while let Some(write) = self.next() {
                one(write).await;
            }
        };
        join_all((0..free).map(|_| each())).await;
    }

    fn next(&self) -> Option<Change> {
        self.waiting.borrow_mut().pop_front()
    }

    /// Takes those of these names back that were not sent yet.
    pub fn withdraw(&self, names: &[Name]) -> Vec<Change> {
        let names: HashSet<&Name> = names.iter().collect();
        let mut waiting = self.waiting.borrow_mut();
        let (withdrawn, stay): (VecDeque<Change>, _) =
            waiting.drain(..).partition(|write| names.contains(&write.name()));
        *waiting = stay;
        withdrawn.into()
    }
}

/// Counts one for as long as it lives, also when its task is dropped.
struct OnItsWay<'a>(&'a Cell<usize>);

impl<'a> OnItsWay<'a> {
    fn begin(count: &'a Cell<usize>) -> Self {
        count.set(count.get() + 1);
        Self(count)
    }
}

impl Drop for OnItsWay<'_> {
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
    async fn so_many_are_on_their_way_at_once_and_each_is_sent_once_in_its_turn() {
        let (line, sent, gate) = (SendQueue::default(), RefCell::new(Vec::new()), Semaphore::new(0));
        let one = async |write: Change| {
            sent.borrow_mut().push(write);
            gate.acquire().await.unwrap().forget();
        };
        let test = async {
            tokio::task::yield_now().await;
            assert_eq!(*sent.borrow(), cancels(40)[..AT_ONCE]);
            gate.add_permits(1);
            tokio::task::yield_now().await;
            assert_eq!(sent.borrow().len(), AT_ONCE + 1);
            let withdrawn = line.withdraw(&["39".into(), "0".into()]);
            assert_eq!(withdrawn, cancels(40)[39..], "what is on its way is not taken back");
            gate.add_permits(100);
        };
        // A second batch stands behind the first.
        tokio::join!(line.send(cancels(30), one), line.send(cancels(40).split_off(30), one), test);
        assert_eq!(*sent.borrow(), cancels(39));
        assert_eq!(line.on_their_way.get(), 0);
    }
}
