//! How a signal ends or stops this process, once the terminal is given back.
//!
//! Whoever waits for the process shall see the signal itself. Does not depend on who listens to signals.

/// Ends the process as this signal does by default.
#[cfg(unix)]
pub fn end_by(signal: i32) {
    if let Err(error) = signal_hook::low_level::emulate_default_handler(signal) {
        tracing::warn!(%error, signal, "the signal could not end the program");
    }
}

/// Does nothing: no such signals come here.
#[cfg(not(unix))]
pub fn end_by(_signal: i32) {}

/// Stops the process until a shell continues it. Where there is no shell to do that, the process goes on at once.
///
/// # Errors
/// When the system does not stop it.
#[cfg(unix)]
pub fn stop() -> std::io::Result<()> {
    // Not SIGTSTP, since the program listens to it; and not SIGSTOP, which also stops a process that nobody can continue,
    // such as the only one of a terminal window.
    signal_hook::low_level::raise(signal_hook::consts::SIGTTIN)
}

/// Returns at once: nothing stops a process here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn stop() -> std::io::Result<()> {
    Ok(())
}
