//! The clock of the SDK: the time that signs requests, and the timer that waits.

use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep as _, SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use chrono::{DateTime, Utc};

/// A time source and a timer for the SDK. Tests turn both.
#[derive(Debug, Clone)]
pub struct SdkClock {
    /// The time.
    pub time_source: SharedTimeSource,
    /// The timer.
    pub sleep_impl: SharedAsyncSleep,
}

impl SdkClock {
    /// The system clock and tokio's timer.
    #[must_use]
    pub fn system() -> Self {
        Self {
            time_source: SharedTimeSource::new(SystemTimeSource::new()),
            sleep_impl: SharedAsyncSleep::new(TokioSleep::new()),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.time_source.now().into()
    }

    /// Waits.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_impl.sleep(duration).await;
    }
}
