//! Compares this machine's clock with AWS, by the date header of each response.
//!
//! The SDK signs by AWS's clock once it knows it, so a wrong clock may go unnoticed. But tickler decides by the machine's
//! clock what is due. Does not change how requests are sent.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::date_time::Format;
use chrono::{DateTime, TimeDelta, Utc};

use super::finding::{Finding, check};
use crate::aws::clock::SdkClock;

/// AWS rejects a signature that is off by more than this.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);
/// The header has whole seconds, and a response takes a while to arrive.
const AGREED: TimeDelta = TimeDelta::seconds(3);

/// An HTTP client that reads the date of each response.
#[derive(Debug, Clone)]
pub(super) struct DateListener {
    inner: SharedHttpClient,
    offset: ClockOffset,
}

/// How far this machine's clock is ahead, by the last response with a date.
#[derive(Debug, Clone)]
struct ClockOffset {
    clock: SdkClock,
    ahead: Arc<Mutex<Option<TimeDelta>>>,
}

impl DateListener {
    pub(super) fn new(inner: SharedHttpClient, clock: SdkClock) -> Self {
        Self { inner, offset: ClockOffset { clock, ahead: Arc::default() } }
    }

    pub(super) fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    pub(super) fn finding(&self) -> Finding {
        let Some(ahead) = *self.offset.ahead.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Finding::unknown(check::CLOCK, "No response contained the date.", "");
        };
        if ahead.abs() <= AGREED {
            return Finding::ok(check::CLOCK, "This machine's clock agrees with AWS.");
        }
        let side = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
        let found = format!("This machine's clock is {} {side} AWS.", text_of(ahead.abs()));
        if ahead.abs() <= TOLERATED {
            return Finding::ok(check::CLOCK, found);
        }
        Finding::wrong(
            check::CLOCK,
            found,
            "Set it, for example with `timedatectl set-ntp true`. AWS may reject requests, and every countdown is off by \
             as much.",
        )
    }
}

impl ClockOffset {
    fn note(&self, response: &HttpResponse) {
        let Some(date) = response.headers().get("date").and_then(instant) else { return };
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.clock.now() - date);
    }
}

/// `Mon, 23 Nov 2026 14:10:00 GMT`
fn instant(header: &str) -> Option<DateTime<Utc>> {
    let date = aws_smithy_types::DateTime::from_str(header, Format::HttpDate).ok()?;
    DateTime::from_timestamp(date.secs(), 0)
}

/// A duration in at most two units.
fn text_of(duration: TimeDelta) -> String {
    match (duration.num_days(), duration.num_hours(), duration.num_minutes()) {
        (0, 0, 0) => format!("{} s", duration.num_seconds()),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (1, ..) => "a day".to_owned(),
        (days, ..) => format!("{days} days"),
    }
}

impl HttpClient for DateListener {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(DateConnector { inner, offset: self.offset.clone() })
    }
}

#[derive(Debug)]
struct DateConnector {
    inner: SharedHttpConnector,
    offset: ClockOffset,
}

impl HttpConnector for DateConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (response, offset) = (self.inner.call(request), self.offset.clone());
        HttpConnectorFuture::new(async move {
            let response = response.await?;
            offset.note(&response);
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::text_of;

    #[test]
    fn a_duration_has_at_most_two_units() {
        let texts = [9, 61, 3_600, 7_320, 86_400, 900_000].map(|seconds| text_of(TimeDelta::seconds(seconds)));
        assert_eq!(texts, ["9 s", "1 min", "1 h 0 min", "2 h 2 min", "a day", "10 days"]);
    }
}
