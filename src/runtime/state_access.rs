//! `state.db`, as far as it can be used: it is opened beside everything else, and a failure stops nothing.
//!
//! Does not know what is in it, except the draft, which is saved again once that is possible.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use super::inbox::InboxSender;
use crate::app::{Msg, SystemEvent};
use crate::failure::{Failure, FailureKind};
use crate::memo::Draft;
use crate::state::State;

/// The saved draft.
#[derive(Default)]
enum DraftSaving {
    /// It is as the person wants it.
    #[default]
    Done,
    /// This draft could not be saved.
    Unsaved(Draft),
    /// The saved draft could not be deleted.
    Undeleted,
}

/// The state of this machine.
pub(super) struct StateAccess {
    directory: PathBuf,
    inbox: InboxSender,
    state: RefCell<Option<Rc<State>>>,
    is_opening: Cell<bool>,
    /// Whether a failure was reported, and not its end.
    is_failing: Cell<bool>,
    draft: RefCell<DraftSaving>,
    /// The drafts that are kept aside, if they could not be saved.
    unsaved_aside: RefCell<Option<Vec<Draft>>>,
}

impl StateAccess {
    pub fn new(directory: PathBuf, inbox: InboxSender) -> Self {
        Self {
            directory,
            inbox,
            state: RefCell::default(),
            is_opening: Cell::default(),
            is_failing: Cell::default(),
            draft: RefCell::default(),
            unsaved_aside: RefCell::default(),
        }
    }

    /// The state, if it is open.
    pub fn get(&self) -> Option<Rc<State>> {
        self.state.borrow().clone()
    }

    /// The state, if it is open to be written.
    pub fn to_write(&self) -> Option<Rc<State>> {
        self.get().filter(|state| !state.is_to_read())
    }

    /// Whether it is to be opened: it is not open, it could only be opened to read, or its file is gone.
    pub fn is_missing(&self) -> bool {
        !self.is_opening.get() && self.to_write().is_none_or(|state| state.is_lost())
    }

    /// Whether this machine has a state. If that is unknown, returns true.
    pub fn exists(&self) -> bool {
        State::exists(&self.directory)
    }

    /// Opens the state, on a thread of its own: another process may have it locked for a while. Reports a failure; the state
    /// is opened to read then, if that is possible.
    pub async fn open(&self) -> Option<Rc<State>> {
        self.is_opening.set(true);
        let (directory, inbox) = (self.directory.clone(), self.inbox.clone());
        let say = move |waiting: files::Waiting<'_>| {
            inbox.send(Msg::System(SystemEvent::Waiting(format!("{waiting}."))));
        };
        let open = move || match State::open_saying(&directory, say) {
            Ok(state) => (Some(state), None),
            Err(failure) => (State::open_to_read(&directory).ok(), Some(failure)),
        };
        let opened = tokio::task::spawn_blocking(open).await;
        self.is_opening.set(false);
        let (state, failure) = opened.unwrap_or_else(|error| {
            let what = format!("The state of this machine cannot be opened: {error}.");
            (None, Some(Failure::new(FailureKind::Disk, what, "The log file has the details.")))
        });
        if let Some(failure) = failure {
            self.reported(Err::<(), _>(failure));
        }
        let state = state.map(Rc::new);
        self.state.borrow_mut().clone_from(&state);
        state
    }

    /// The value of an operation; a failure is reported, and the program goes on without the value.
    pub fn reported<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                tracing::warn!(%failure, "state.db cannot be used");
                self.is_failing.set(true);
                self.inbox.send(Msg::System(SystemEvent::StateFailed(failure)));
                None
            }
        }
    }

    /// Saves the draft, or deletes the saved one. A draft that cannot be saved is kept for the next try.
    pub fn save_draft(&self, draft: Option<Draft>) {
        let saved = self.to_write().and_then(|state| self.reported(state.save_draft(draft.as_ref())));
        *self.draft.borrow_mut() = match (saved, draft) {
            (Some(()), _) => DraftSaving::Done,
            (None, Some(draft)) => DraftSaving::Unsaved(draft),
            (None, None) => DraftSaving::Undeleted,
        };
    }

    /// Saves the drafts that are kept aside. Those that cannot be saved are kept for the next try.
    pub fn save_aside(&self, drafts: Vec<Draft>) {
        let saved = self.to_write().and_then(|state| self.reported(state.save_aside(&drafts)));
        *self.unsaved_aside.borrow_mut() = saved.is_none().then_some(drafts);
    }

    /// Saves the drafts that could not be saved.
    pub fn save_drafts_again(&self, state: &State) -> Result<(), Failure> {
        if let Some(drafts) = &*self.unsaved_aside.borrow() {
            state.save_aside(drafts)?;
        }
        self.unsaved_aside.take();
        match &*self.draft.borrow() {
            DraftSaving::Done => return Ok(()),
            DraftSaving::Unsaved(draft) => state.save_draft(Some(draft))?,
            DraftSaving::Undeleted => state.save_draft(None)?,
        }
        self.draft.take();
        Ok(())
    }

    /// Reports that everything is written, if a failure was reported before.
    pub fn report_written(&self) {
        if self.is_failing.replace(false) {
            self.inbox.send(Msg::System(SystemEvent::StateWorks));
        }
    }
}
