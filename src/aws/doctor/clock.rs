//! This machine's clock against that of AWS: every answer says when it was given.
//!
//! The SDK signs by AWS's clock as soon as it knows it, so a clock that is wrong may go unnoticed; but what is due, and
//! what is past, this program tells by the machine's. It must never change how a request is sent.

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

/// AWS takes no signature that is older or younger than this.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);
/// A header tells whole seconds, and an answer is on its way for a while.
const AGREED: TimeDelta = TimeDelta::seconds(3);

/// A way to the network that listens for the time.
#[derive(Debug, Clone)]
pub(super) struct DateListener {
    inner: SharedHttpClient,
    heard: ClockOffset,
}

/// How far this machine's clock is ahead, by the last answer that said when it was given.
#[derive(Debug, Clone)]
struct ClockOffset {
    clock: SdkClock,
    ahead: Arc<Mutex<Option<TimeDelta>>>,
}

impl DateListener {
    pub(super) fn new(inner: SharedHttpClient, clock: SdkClock) -> Self {
        Self { inner, heard: ClockOffset { clock, ahead: Arc::default() } }
    }

    pub(super) fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    pub(super) fn finding(&self) -> Finding {
        let Some(ahead) = *self.heard.ahead.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Finding::unknown(check::CLOCK, "No answer said what time it is in AWS.", "");
        };
        if ahead.abs() <= AGREED {
            return Finding::ok(check::CLOCK, "This machine's clock agrees with that of AWS.");
        }
        let side = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
        let found = format!("This machine's clock is {} {side} that of AWS.", spelled(ahead.abs()));
        if ahead.abs() <= TOLERATED {
            return Finding::ok(check::CLOCK, found);
        }
        Finding::wrong(
            check::CLOCK,
            found,
            "Set it, as with `timedatectl set-ntp true`: AWS may refuse what is signed by it, and every countdown is \
             wrong by as much.",
        )
    }
}

impl ClockOffset {
    fn note(&self, answer: &HttpResponse) {
        let Some(date) = answer.headers().get("date").and_then(instant) else { return };
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.clock.now() - date);
    }
}

/// `Mon, 23 Nov 2026 14:10:00 GMT`
fn instant(header: &str) -> Option<DateTime<Utc>> {
    let date = aws_smithy_types::DateTime::from_str(header, Format::HttpDate).ok()?;
    DateTime::from_timestamp(date.secs(), 0)
}

/// A distance in the two units that tell it.
fn spelled(distance: TimeDelta) -> String {
    match (distance.num_days(), distance.num_hours(), distance.num_minutes()) {
        (0, 0, 0) => format!("{} s", distance.num_seconds()),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (1, ..) => "a day".to_owned(),
        (days, ..) => format!("{days} days"),
    }
}

impl HttpClient for DateListener {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(DateConnector { inner, heard: self.heard.clone() })
    }
}

#[derive(Debug)]
struct DateConnector {
    inner: SharedHttpConnector,
    heard: ClockOffset,
}

impl HttpConnector for DateConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, heard) = (self.inner.call(request), self.heard.clone());
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            heard.note(&answer);
            Ok(answer)
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::spelled;

    #[test]
    fn a_distance_is_told_in_the_units_that_matter() {
        let told = [9, 61, 3_600, 7_320, 86_400, 900_000].map(|seconds| spelled(TimeDelta::seconds(seconds)));
        assert_eq!(told, ["9 s", "1 min", "1 h 0 min", "2 h 2 min", "a day", "10 days"]);
    }
}
