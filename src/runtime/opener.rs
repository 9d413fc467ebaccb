//! How the worker gets at settings and contexts: the trait that the command line implements, since only it knows the
//! settings file and the embedded service.

use futures_util::future::LocalBoxFuture;
use tokio::task::JoinSet;

use super::inbox::InboxSender;
use crate::app::Settings;
use crate::aws::Scheduler;
use crate::context::ContextSettings;
use crate::failure::Failure;

/// Whether this process delivers what is due in the embedded store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosting {
    /// It is about to be stopped: others shall not count on it.
    Paused,
    /// It goes on.
    Resumed,
}

/// Tells the hosts of this process that it is about to be stopped, or goes on.
pub type HostSwitch = Box<dyn Fn(Hosting) + Send>;

/// Reads settings and opens contexts.
pub trait Opener {
    /// The settings of the screen, from the command line, the environment and the file.
    ///
    /// # Errors
    /// Every mistake in them.
    fn settings(&self) -> Result<Settings, Vec<Failure>>;

    /// The current settings of the context with this name.
    ///
    /// # Errors
    /// Every mistake in the settings, or a context that does not exist.
    fn context_settings(&self, context: &str) -> Result<ContextSettings, Vec<Failure>>;

    /// Opens the context with this name; with `None`, the context that the settings choose. Its background work sends
    /// to `inbox`.
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn open<'a>(
        &'a self,
        context: Option<&'a str>,
        inbox: InboxSender,
    ) -> LocalBoxFuture<'a, Result<Opened, Vec<Failure>>>;
}

/// What [`Opener::open`] returns.
pub struct Opened {
    /// The client.
    pub scheduler: Scheduler,
    /// Whether the context is the embedded store.
    pub local: bool,
    /// Background work, such as the engine of the embedded store. Dropping it stops the work.
    pub work: JoinSet<()>,
    /// Whether the context has to be opened again to be of use: the file of the embedded store is gone, or is another one.
    pub is_lost: Box<dyn Fn() -> bool>,
}
