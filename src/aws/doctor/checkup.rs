//! All checks of one context, in order.

use chrono_tz::Tz;

use super::clock::DateListener;
use super::finding::{CheckState, Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::clock::SdkClock;
use crate::aws::session::Machine;
use crate::context::AwsSettings;

/// The checks that need AWS.
const IN_AWS: [&str; 7] =
    [check::GROUP, check::SCHEDULES, check::ROLE, check::FUNCTION, check::MAIL, check::LOG, check::QUEUE];

/// Checks a context.
#[derive(Debug, Clone)]
pub struct Doctor<'a> {
    /// The machine from which to reach AWS.
    pub machine: &'a Machine,
    /// The context to check.
    pub settings: &'a AwsSettings,
    /// The clock that signs and waits.
    pub clock: SdkClock,
    /// The time zone in which times are shown.
    pub zone: Tz,
}

/// The findings, and a client of the context if it works.
#[derive(Debug)]
pub struct Checkup {
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// A client, if a test schedule was accepted; a delivery can be tested with it.
    pub scheduler: Option<Scheduler>,
}

impl Doctor<'_> {
    /// Checks everything except the delivery, which only [`prove_delivery`](super::prove_delivery) can show.
    pub async fn check(&self) -> Checkup {
        let listener = DateListener::new(self.machine.http_client.clone(), self.clock.clone());
        let machine = Machine { http_client: listener.http_client(), ..self.machine.clone() };
        let connection = self.connect(&machine).await;
        let mut findings = vec![connection.credentials, listener.finding(), connection.region];
        let scheduler = match connection.scheduler {
            Ok(scheduler) => scheduler,
            Err(because) => {
                findings.extend(IN_AWS.map(|name| Finding::skipped(name, because)));
                return Checkup { findings, scheduler: None };
            }
        };
        let (stored, function, log, queue) = tokio::join!(
            Box::pin(scheduler.check_schedules()),
            Box::pin(scheduler.check_function()),
            Box::pin(scheduler.check_log()),
            Box::pin(scheduler.check_queue()),
        );
        findings.extend(stored.into_iter().chain(function).chain([log, queue]));
        let taken = findings.iter().any(|finding| finding.name == check::ROLE && finding.state == CheckState::Ok);
        Checkup { findings, scheduler: taken.then_some(scheduler) }
    }
}

impl Checkup {
    /// The finding about the delivery when it is not tested.
    #[must_use]
    pub fn delivery_unproved(&self) -> Finding {
        match self.scheduler {
            None => Finding::skipped(check::DELIVERY, "no test schedule was accepted"),
            Some(_) => Finding::unknown(
                check::DELIVERY,
                "Only a delivery shows whether the role may invoke the function.",
                "Run `tickler doctor --deliver`. It takes about two minutes.",
            ),
        }
    }
}
