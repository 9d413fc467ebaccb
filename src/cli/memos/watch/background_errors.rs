//! Errors of the engine and of the notification threads, which the loop shows.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::cli::memos::error::CommandError;

/// A queue of errors.
#[derive(Clone, Default)]
pub(super) struct BackgroundErrors {
    queue: Arc<Mutex<Vec<CommandError>>>,
    added: Arc<Notify>,
}

impl BackgroundErrors {
    pub fn add(&self, error: impl Into<CommandError>) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push(error.into());
        self.added.notify_one();
    }

    pub fn take(&self) -> Vec<CommandError> {
        std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for an error.
    pub async fn added(&self) {
        self.added.notified().await;
    }
}
