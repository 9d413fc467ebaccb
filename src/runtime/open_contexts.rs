//! The open contexts. A context stays open after the person leaves it: changes may be in flight, and a local one still
//! delivers.
//!
//! Does not depend on which context is on the screen.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::app::Response;
use crate::aws::{DeadLetter, Loader, Scheduler};
use crate::context::{ContextId, ContextInfo, ContextSettings};

/// An open context.
pub(super) struct OpenContext {
    pub info: ContextInfo,
    pub scheduler: Scheduler,
    pub loader: Loader,
    /// Whether the credentials failed at the last request. The SDK does not recover from that; the context needs a new
    /// client.
    needs_new_session: Cell<bool>,
    /// Stops reading the schedule group.
    pub stop_reading: Notify,
    /// The messages in the dead-letter queue, by the key of their receipt.
    pub dead_letters: RefCell<HashMap<String, Vec<DeadLetter>>>,
    /// The settings that it was opened with.
    pub settings: ContextSettings,
    /// Its background work, which stops when nothing holds it any more.
    work: RefCell<Rc<JoinSet<()>>>,
    is_lost: Rc<dyn Fn() -> bool>,
}

impl OpenContext {
    pub fn new(
        info: ContextInfo,
        scheduler: Scheduler,
        settings: ContextSettings,
        work: JoinSet<()>,
        is_lost: Box<dyn Fn() -> bool>,
    ) -> Self {
        Self::with_work(info, scheduler, settings, Rc::new(work), is_lost.into())
    }

    /// The same context with the same client, with nothing read yet.
    pub fn reset(&self) -> Self {
        let work = Rc::clone(&self.work.borrow());
        let is_lost = Rc::clone(&self.is_lost);
        Self::with_work(self.info.clone(), self.scheduler.clone(), self.settings.clone(), work, is_lost)
    }

    /// Whether the context must be opened again, because its store is gone.
    pub fn is_lost(&self) -> bool {
        (self.is_lost)()
    }

    fn with_work(
        info: ContextInfo,
        scheduler: Scheduler,
        settings: ContextSettings,
        work: Rc<JoinSet<()>>,
        is_lost: Rc<dyn Fn() -> bool>,
    ) -> Self {
        Self {
            info,
            loader: scheduler.loader(),
            scheduler,
            needs_new_session: Cell::new(false),
            stop_reading: Notify::new(),
            dead_letters: RefCell::default(),
            settings,
            work: RefCell::new(work),
            is_lost,
        }
    }

    /// Remembers whether the credentials worked for this response.
    pub fn note_session(&self, response: &Response) {
        match response {
            Response::Loaded(Err(failure))
            | Response::Change(_, Err(failure))
            | Response::Ran(_, Err(failure))
            | Response::Details(_, Err(failure))
            | Response::Arrived(Err(failure))
            | Response::History(Err(failure)) => {
                if failure.kind.wants_a_new_session() {
                    self.needs_new_session.set(true);
                }
            }
            Response::Loaded(Ok(_)) | Response::Change(_, Ok(_)) | Response::Arrived(Ok(_)) => {
                self.needs_new_session.set(false);
            }
            Response::Ran(_, Ok(_))
            | Response::Details(_, Ok(_))
            | Response::History(Ok(_))
            | Response::Cached { .. }
            | Response::Journalled(_)
            | Response::Read(_)
            | Response::Progress { .. }
            | Response::ReadingStopped
            | Response::Withdrawn(_)
            | Response::Copy(_) => {}
        }
    }
}

/// Whether a response belongs to reading the schedule group.
pub(super) fn is_reading(response: &Response) -> bool {
    matches!(response, Response::Read(_) | Response::Progress { .. } | Response::Loaded(_) | Response::ReadingStopped)
}

/// All open contexts, in the order in which they were opened. Two names may lead to the same id, such as two profiles
/// with different permissions in one account.
#[derive(Default)]
pub(super) struct OpenContexts(RefCell<Vec<Rc<OpenContext>>>);

impl OpenContexts {
    /// The context with this name.
    pub fn named(&self, name: &str) -> Option<Rc<OpenContext>> {
        self.0.borrow().iter().rev().find(|open| open.info.name == name).cloned()
    }

    /// The context with this name, unless it needs a new session or its store is gone.
    pub fn usable(&self, name: &str) -> Option<Rc<OpenContext>> {
        self.named(name).filter(|open| !open.needs_new_session.get() && !open.is_lost())
    }

    /// The context with this id that was opened last.
    pub fn for_reading(&self, id: &ContextId) -> Option<Rc<OpenContext>> {
        self.0.borrow().iter().rev().find(|open| open.info.id == *id).cloned()
    }

    /// The context with this id that was opened last and is not read-only. If all are, the last one: its client refuses
    /// the change with a reason.
    pub fn for_changes(&self, id: &ContextId) -> Option<Rc<OpenContext>> {
        let writable = self.0.borrow().iter().rev().find(|open| open.info.id == *id && !open.info.read_only).cloned();
        writable.or_else(|| self.for_reading(id))
    }

    /// All of them.
    pub fn all(&self) -> Vec<Rc<OpenContext>> {
        self.0.borrow().clone()
    }

    /// Adds a context. It replaces the one with the same name and id. A name may now lead to another id: the earlier
    /// context stays, for the changes in flight, but its background work stops.
    pub fn insert(&self, open: Rc<OpenContext>) {
        let mut contexts = self.0.borrow_mut();
        for other in contexts.iter().filter(|other| other.info.name == open.info.name) {
            other.work.take();
        }
        contexts.retain(|other| (&other.info.name, &other.info.id) != (&open.info.name, &open.info.id));
        contexts.push(open);
    }

    /// Whether this very context is in use, and was not replaced.
    pub fn contains(&self, open: &OpenContext) -> bool {
        self.0.borrow().iter().any(|other| std::ptr::eq(Rc::as_ptr(other), open))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::aws::{LocalContext, SdkClock};
    use crate::context::RetryPolicy;
    use crate::failure::{Failure, FailureKind};

    fn open(name: &str, group: &str, read_only: bool) -> Rc<OpenContext> {
        let service = embedded::Service::new(embedded::Store::in_memory().unwrap(), Arc::new(DateTime::default));
        let local = LocalContext {
            account: embedded::ACCOUNT.to_owned(),
            region: embedded::REGION.to_owned(),
            target_arn: embedded::EXECUTE_MEMO_ARN.parse().unwrap(),
            role_arn: embedded::ROLE_ARN.parse().unwrap(),
            log_group: embedded::LOG_GROUP.to_owned(),
            group: group.to_owned(),
            retry: RetryPolicy::default(),
            read_only,
        };
        let scheduler = Scheduler::local(service.http_client(), local, SdkClock::system());
        let info = ContextInfo {
            id: scheduler.context().id.clone(),
            name: name.to_owned(),
            account: String::new(),
            region: String::new(),
            group: String::new(),
            read_only,
            local: false,
            memo_limit: 0,
        };
        let settings = ContextSettings::local(RetryPolicy::default());
        Rc::new(OpenContext::new(info, scheduler, settings, JoinSet::new(), Box::new(|| false)))
    }

    #[test]
    fn changes_go_to_a_writable_context_and_reads_to_the_last_one_opened() {
        let contexts = OpenContexts::default();
        let (work, look) = (open("work", "team", false), open("look", "team", true));
        contexts.insert(Rc::clone(&work));
        contexts.insert(Rc::clone(&look));
        contexts.insert(open("home", "home", false));
        let id = &work.info.id;
        assert_eq!(contexts.for_changes(id).unwrap().info.name, "work");
        assert_eq!(contexts.for_reading(id).unwrap().info.name, "look");
        contexts.insert(Rc::clone(&work));
        assert_eq!(contexts.for_reading(id).unwrap().info.name, "work");
        assert!(contexts.for_reading(&ContextId::new("nowhere")).is_none());
    }

    #[test]
    fn a_name_with_a_new_id_leaves_the_earlier_context_open() {
        let contexts = OpenContexts::default();
        let (before, after) = (open("work", "one", false), open("work", "two", false));
        contexts.insert(Rc::clone(&before));
        contexts.insert(Rc::clone(&after));
        assert!(contexts.contains(&before) && Rc::ptr_eq(&contexts.usable("work").unwrap(), &after));
        assert!(Rc::ptr_eq(&contexts.for_changes(&before.info.id).unwrap(), &before));
        after.note_session(&Response::Loaded(Err(Failure::new(FailureKind::Expired, "It has expired.", ""))));
        assert!(contexts.usable("work").is_none(), "it needs a new session");
    }
}
