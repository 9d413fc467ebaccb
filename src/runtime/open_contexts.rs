//! The places that were opened.
//!
//! A place that was left stays open: changes may be under way there, and a local one still delivers. It must never know
//! which of them is on the screen.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::app::Response;
use crate::aws::{DeadLetter, Loader, Scheduler};
use crate::context::{ContextId, ContextInfo, ContextSettings};

/// A place that is open.
pub(super) struct OpenContext {
    pub here: ContextInfo,
    pub scheduler: Scheduler,
    pub loader: Loader,
    /// Whether its credentials failed the last time: the SDK does not recover from that, so it has to be opened anew.
    ailing: Cell<bool>,
    /// Tells the reading of the group to stop.
    pub stop_reading: Notify,
    /// The letters in the dead-letter queue, by the key of the receipt that they tell.
    pub letters: RefCell<HashMap<String, Vec<DeadLetter>>>,
    /// What the settings said of it when it was opened.
    pub settings: ContextSettings,
    /// What goes on there by itself, for as long as somebody holds it.
    work: RefCell<Rc<JoinSet<()>>>,
}

impl OpenContext {
    pub fn new(here: ContextInfo, scheduler: Scheduler, settings: ContextSettings, work: JoinSet<()>) -> Self {
        Self::over(here, scheduler, settings, Rc::new(work))
    }

    /// The same place by the same client, of which nothing has been read yet.
    pub fn anew(&self) -> Self {
        let work = Rc::clone(&self.work.borrow());
        Self::over(self.here.clone(), self.scheduler.clone(), self.settings.clone(), work)
    }

    fn over(here: ContextInfo, scheduler: Scheduler, settings: ContextSettings, work: Rc<JoinSet<()>>) -> Self {
        Self {
            here,
            loader: scheduler.loader(),
            scheduler,
            ailing: Cell::new(false),
            stop_reading: Notify::new(),
            letters: RefCell::default(),
            settings,
            work: RefCell::new(work),
        }
    }

    /// Takes note of what the place answered.
    pub fn note(&self, answer: &Response) {
        let failure = match answer {
            Response::Loaded(Err(failure))
            | Response::Change(_, Err(failure))
            | Response::Ran(_, Err(failure))
            | Response::Details(_, Err(failure))
            | Response::Arrived(Err(failure))
            | Response::History(Err(failure)) => failure,
            Response::Loaded(Ok(_)) | Response::Change(_, Ok(_)) | Response::Arrived(Ok(_)) => {
                return self.ailing.set(false);
            }
            _ => return,
        };
        if failure.kind.wants_a_new_session() {
            self.ailing.set(true);
        }
    }

    /// Whether an answer is a part of reading the group.
    pub fn is_reading(answer: &Response) -> bool {
        matches!(answer, Response::Read(_) | Response::Progress { .. } | Response::Loaded(_) | Response::ReadingStopped)
    }
}

/// The open places. Two names may lead to one context, as of two profiles with different rights in one account.
#[derive(Default)]
pub(super) struct OpenContexts(RefCell<Vec<Rc<OpenContext>>>);

impl OpenContexts {
    /// The place of that name.
    pub fn named(&self, name: &str) -> Option<Rc<OpenContext>> {
        self.0.borrow().iter().rev().find(|place| place.here.name == name).cloned()
    }

    /// The place of that name, as long as it is of use.
    pub fn healthy(&self, name: &str) -> Option<Rc<OpenContext>> {
        self.named(name).filter(|place| !place.ailing.get())
    }

    /// The place to ask in this context: the one that was opened last, and for a change one that takes it.
    pub fn of(&self, context: &ContextId, changes: bool) -> Option<Rc<OpenContext>> {
        let places = self.0.borrow();
        let mut there = places.iter().rev().filter(|place| place.here.id == *context);
        let last = there.clone().next();
        there.find(|place| !(changes && place.here.read_only)).or(last).cloned()
    }

    /// Puts a place in, or in the place of the one that it is anew. A name may lead somewhere else than before: what was
    /// there first stays open, for the changes that are under way; by itself nothing goes on there any more.
    pub fn put(&self, place: Rc<OpenContext>) {
        let mut places = self.0.borrow_mut();
        for known in places.iter().filter(|known| known.here.name == place.here.name) {
            known.work.take();
        }
        places.retain(|known| (&known.here.name, &known.here.id) != (&place.here.name, &place.here.id));
        places.push(place);
    }

    /// Whether it is there, and no other has taken its place.
    pub fn holds(&self, place: &OpenContext) -> bool {
        self.0.borrow().iter().any(|known| std::ptr::eq(Rc::as_ptr(known), place))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::aws::SdkClock;
    use crate::context::RetryPolicy;
    use crate::failure::{Failure, FailureKind};

    fn place(name: &str, group: &str, read_only: bool) -> Rc<OpenContext> {
        let service = embedded::Service::new(embedded::Store::in_memory().unwrap(), Arc::new(DateTime::default));
        let local = crate::cli::local_context(group.to_owned(), RetryPolicy::default(), read_only);
        let scheduler = Scheduler::local(service.http_client(), local, SdkClock::system());
        let here = ContextInfo {
            id: scheduler.context().id.clone(),
            name: name.to_owned(),
            account: String::new(),
            region: String::new(),
            group: String::new(),
            read_only,
            local: false,
            memo_limit: 0,
        };
        Rc::new(OpenContext::new(here, scheduler, ContextSettings::local(RetryPolicy::default()), JoinSet::new()))
    }

    #[test]
    fn a_change_goes_to_the_place_that_takes_it_and_a_question_to_the_one_that_was_opened_last() {
        let places = OpenContexts::default();
        let (work, look) = (place("work", "team", false), place("look", "team", true));
        places.put(Rc::clone(&work));
        places.put(Rc::clone(&look));
        places.put(place("home", "home", false));
        let asked = |changes| places.of(&work.here.id, changes).unwrap().here.name.clone();
        assert_eq!((asked(true), asked(false)), ("work".to_owned(), "look".to_owned()));
        places.put(Rc::clone(&work));
        assert_eq!(asked(false), "work");
        assert!(places.of(&ContextId::new("nowhere"), false).is_none());
    }

    #[test]
    fn a_name_that_leads_elsewhere_now_leaves_what_is_under_way_where_it_was() {
        let places = OpenContexts::default();
        let (before, after) = (place("work", "one", false), place("work", "two", false));
        places.put(Rc::clone(&before));
        places.put(Rc::clone(&after));
        assert!(places.holds(&before) && Rc::ptr_eq(&places.healthy("work").unwrap(), &after));
        assert!(Rc::ptr_eq(&places.of(&before.here.id, true).unwrap(), &before));
        after.note(&Response::Loaded(Err(Failure::new(FailureKind::Expired, "It has expired.", ""))));
        assert!(places.healthy("work").is_none(), "it has to be opened anew");
    }
}
