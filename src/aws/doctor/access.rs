//! Checks the credentials and the region, and whether they belong to the context.

use chrono::{DateTime, Utc};

use super::checkup::Doctor;
use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::connect::refuse_another_region;
use crate::aws::error::Signer;
use crate::aws::session::{Machine, Session, resolve_region, resolve_signer};
use crate::countdown;
use crate::failure::{Failure, FailureKind};

/// The result of connecting.
pub(super) struct Connection {
    pub(super) credentials: Finding,
    pub(super) region: Finding,
    /// A client; or why all other checks are skipped.
    pub(super) scheduler: Result<Scheduler, &'static str>,
}

const NO_CREDENTIALS: &str = "the credentials do not work";
const NO_ANSWER: &str = "AWS does not respond";
const NO_REGION: &str = "the region is not known";

impl Doctor<'_> {
    /// Connects step by step, so that each problem gets its own finding.
    pub(super) async fn connect(&self, machine: &Machine) -> Connection {
        let access = &self.settings.access;
        if let Err(failure) = resolve_signer(machine, access).await {
            return Connection {
                credentials: Finding::failed(check::CREDENTIALS, failure),
                region: Finding::skipped(check::REGION, NO_CREDENTIALS),
                scheduler: Err(NO_CREDENTIALS),
            };
        }
        let region = match resolve_region(machine, access).await {
            Ok(region) => match refuse_another_region(self.settings, region.as_ref()) {
                Ok(()) => Ok(Finding::ok(check::REGION, format!("{region}."))),
                Err(failure) => Err(failure),
            },
            Err(failure) => Err(failure),
        };
        let region = match region {
            Ok(finding) => finding,
            Err(failure) => {
                return Connection {
                    credentials: Finding::skipped(check::CREDENTIALS, NO_REGION),
                    region: Finding::failed(check::REGION, failure),
                    scheduler: Err(NO_REGION),
                };
            }
        };
        match self.sign_in(machine).await {
            Ok((credentials, scheduler)) => Connection { credentials, region, scheduler },
            Err(failure) => {
                let silent = matches!(failure.kind, FailureKind::Offline | FailureKind::NoAnswer);
                let because = if silent { NO_ANSWER } else { NO_CREDENTIALS };
                Connection {
                    credentials: Finding::failed(check::CREDENTIALS, failure),
                    region,
                    scheduler: Err(because),
                }
            }
        }
    }

    /// Checks the credentials, and whether they belong to the account of the role.
    async fn sign_in(&self, machine: &Machine) -> Result<(Finding, Result<Scheduler, &'static str>), Failure> {
        let session = Session::open_from(machine, &self.settings.access, self.clock.clone()).await?;
        let caller = match session.caller().await {
            Ok(arn) => arn,
            // The rest may work anyway, for example with an endpoint that has no STS.
            Err(failure) if failure.kind == FailureKind::Denied => format!("Account {}", session.account),
            Err(failure) => return Err(failure),
        };
        let identity = format!("{caller}, with {}{}", described(&session.signer), self.until(session.expires));
        let account = &self.settings.role_arn.account;
        if *account != session.account {
            let found = format!(
                "{identity}. That is account {}, but the role {} is in account {account}.",
                session.account, self.settings.role_arn
            );
            let advice = format!("Choose a profile of account {account} with --profile, or another role.");
            return Ok((Finding::wrong(check::CREDENTIALS, found, advice), Err(NO_CREDENTIALS)));
        }
        let scheduler = Scheduler::at(session, self.settings)?;
        Ok((Finding::ok(check::CREDENTIALS, format!("{identity}.")), Ok(scheduler)))
    }

    /// When the credentials expire, in the time zone of the person.
    fn until(&self, expires: Option<DateTime<Utc>>) -> String {
        let Some(expires) = expires else { return String::new() };
        let now = self.clock.now();
        let local = expires.with_timezone(&self.zone);
        let form =
            if local.date_naive() == now.with_timezone(&self.zone).date_naive() { "%H:%M" } else { "%-d %b %H:%M" };
        format!(", until {} ({})", local.format(form), countdown::text(expires, now))
    }
}

/// The kind of credentials.
fn described(signer: &Signer) -> String {
    match signer {
        Signer::Embedded => "no credentials".to_owned(),
        Signer::Environment => "keys in the environment".to_owned(),
        Signer::Sso { profile } => format!("the SSO session of the profile {profile}"),
        Signer::Login { profile } => format!("the login of the profile {profile}"),
        Signer::Process { profile } => format!("the credential_process of the profile {profile}"),
        Signer::Profile { profile } => format!("the profile {profile}"),
        Signer::Machine => "the role of this machine".to_owned(),
    }
}
