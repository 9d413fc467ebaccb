//! Desktop notifications. They go out on the service thread; a desktop that has none is no failure of a delivery, which
//! is on the screen already.

/// Shows a memo on the desktop.
#[cfg(feature = "desktop")]
pub fn show(text: &str) {
    let text = text.to_owned();
    // The bus may take its time, or never answer: nothing waits for it.
    let shown = std::thread::Builder::new().name("notify".into()).spawn(move || {
        if let Err(error) = notify_rust::Notification::new().appname("tickler").summary(&text).show() {
            tracing::info!(%error, "no desktop notification");
        }
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "no desktop notification");
    }
}

/// Built without desktop notifications.
#[cfg(not(feature = "desktop"))]
pub fn show(_text: &str) {}
