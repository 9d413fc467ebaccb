//! All checks of one context, in order.

use chrono_tz::Tz;

use super::clock::DateListener;
use super::finding::{CheckState, Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::clock::SdkClock;
use crate::aws::session::Machine;
use crate::context::AwsSettings;

/// What needs AWS to be reached.
const IN_AWS: [&str; 7] =
    [check::GROUP, check::SCHEDULES, check::ROLE, check::FUNCTION, check::MAIL, check::LOG, check::QUEUE];

/// What looks.
#[derive(Debug, Clone)]
pub struct Doctor<'a> {
    /// The machine from which AWS is reached.
    pub machine: &'a Machine,
    /// The place that is looked at.
    pub settings: &'a AwsSettings,
    /// The clock that signs, and waits.
    pub clock: SdkClock,
    /// The zone of the person, in whose words times are told.
    pub zone: Tz,
}

/// What was found, and the way to the place where there is one.
#[derive(Debug)]
pub struct Checkup {
    /// What was found, in order.
    pub findings: Vec<Finding>,
    /// The way to the place, where schedules are taken there: what a proof of delivery needs.
    pub scheduler: Option<Scheduler>,
}

impl Doctor<'_> {
    /// Looks at everything but the delivery itself, which only [`prove_delivery`] can show.
    pub async fn check(&self) -> Checkup {
        let listener = DateListener::new(self.machine.http_client.clone(), self.clock.clone());
        let machine = Machine { http_client: listener.http_client(), ..self.machine.clone() };
        let reached = self.reach(&machine).await;
        let mut findings = vec![reached.credentials, listener.finding(), reached.region];
        let scheduler = match reached.scheduler {
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
    /// What is to be said of the delivery itself, where nobody proves it.
    #[must_use]
    pub fn delivery_unproved(&self) -> Finding {
        match self.scheduler {
            None => Finding::skipped(check::DELIVERY, "no schedule is known to be taken here"),
            Some(_) => Finding::unknown(
                check::DELIVERY,
                "Whether the role may call the function shows when a memo arrives, and not before.",
                "Run `tickler doctor --deliver`: it takes two minutes or so.",
            ),
        }
    }
}
