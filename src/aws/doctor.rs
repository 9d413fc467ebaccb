//! Whether everything that memos need in AWS is as it has to be, looked at one by one.
//!
//! Each look ends as a [`Finding`]: well, wrong, or not to be known, with what was found and what to do. What one look
//! shows to be hopeless is not asked again by those after it. A doctor changes nothing, but for a trial schedule that
//! never fires and is deleted again, and for such as an earlier trial left behind. It must never know how a finding is
//! shown.

mod access;
mod clock;
mod delivery;
mod function;
mod schedules;
mod traces;

use chrono_tz::Tz;

use super::{Machine, Scheduler, SdkClock};
use crate::context::AwsSettings;
use crate::failure::{Failure, FailureKind};
use clock::Listener;
pub use delivery::{Waiting, prove_delivery};

/// The names of the looks, in the order in which they are told.
mod name {
    pub(super) const CREDENTIALS: &str = "credentials";
    pub(super) const CLOCK: &str = "clock";
    pub(super) const REGION: &str = "region";
    pub(super) const GROUP: &str = "group";
    pub(super) const SCHEDULES: &str = "schedules";
    pub(super) const ROLE: &str = "role";
    pub(super) const FUNCTION: &str = "function";
    pub(super) const MAIL: &str = "mail";
    pub(super) const LOG: &str = "log";
    pub(super) const QUEUE: &str = "queue";
    pub(super) const DELIVERY: &str = "delivery";
}

/// What needs AWS to be reached.
const IN_AWS: [&str; 7] =
    [name::GROUP, name::SCHEDULES, name::ROLE, name::FUNCTION, name::MAIL, name::LOG, name::QUEUE];

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: a word that never changes.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What was found, in sentences.
    pub found: String,
    /// What to do, in sentences; empty where there is nothing to do.
    pub advice: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it has to be.
    Ok,
    /// Not as it has to be.
    Wrong,
    /// Nobody can say, or nobody looked.
    Unknown,
}

impl Finding {
    /// It is as it has to be.
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), advice: String::new() }
    }

    /// It is not as it has to be.
    pub fn wrong(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: State::Wrong, found: found.into(), advice: advice.into() }
    }

    /// It cannot be said how it is.
    pub fn unknown(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: State::Unknown, found: found.into(), advice: advice.into() }
    }

    /// What it depends on is not as it has to be, so that another look would only say so again.
    #[must_use]
    pub fn not_looked_at(name: &'static str, because: &str) -> Self {
        Self::unknown(name, format!("Not looked at, because {because}."), "")
    }

    /// The look itself failed. The program tries again by itself where a failure may pass; here the person does.
    pub(super) fn failed(name: &'static str, failure: Failure) -> Self {
        let Failure { kind, what, advice } = failure;
        match kind {
            FailureKind::Throttled => Self::unknown(name, what, "Run `tickler doctor` again in a minute."),
            FailureKind::NoAnswer | FailureKind::Service => Self::wrong(
                name,
                what,
                "Run `tickler doctor` again. If it lasts, look at the network and the endpoint.",
            ),
            FailureKind::Offline => {
                Self::wrong(name, what, "Look at the network and, if it is well, at the name of the region.")
            }
            _ => Self::wrong(name, what, advice),
        }
    }
}

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
    pub async fn look(&self) -> Checkup {
        let listener = Listener::new(self.machine.http_client.clone(), self.clock.clone());
        let machine = Machine { http_client: listener.http_client(), ..self.machine.clone() };
        let reached = self.reach(&machine).await;
        let mut findings = vec![reached.credentials, listener.finding(), reached.region];
        let scheduler = match reached.scheduler {
            Ok(scheduler) => scheduler,
            Err(because) => {
                findings.extend(IN_AWS.map(|name| Finding::not_looked_at(name, because)));
                return Checkup { findings, scheduler: None };
            }
        };
        let (stored, function, log, queue) = tokio::join!(
            Box::pin(scheduler.look_at_schedules()),
            Box::pin(scheduler.look_at_function()),
            Box::pin(scheduler.look_at_log()),
            Box::pin(scheduler.look_at_queue()),
        );
        findings.extend(stored.into_iter().chain(function).chain([log, queue]));
        let taken = findings.iter().any(|finding| finding.name == name::ROLE && finding.state == State::Ok);
        Checkup { findings, scheduler: taken.then_some(scheduler) }
    }
}

impl Checkup {
    /// What is to be said of the delivery itself, where nobody proves it.
    #[must_use]
    pub fn delivery_unproved(&self) -> Finding {
        match self.scheduler {
            None => Finding::not_looked_at(name::DELIVERY, "no schedule is known to be taken here"),
            Some(_) => Finding::unknown(
                name::DELIVERY,
                "Whether the role may call the function shows when a memo arrives, and not before.",
                "Run `tickler doctor --deliver`: it takes two minutes or so.",
            ),
        }
    }
}
