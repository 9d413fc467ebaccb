//! `tickler doctor`: whether everything is as it has to be, and what to do where it is not.
//!
//! It looks at the place that the program would open, by the same settings, and tells what was found as a screen of
//! plain text or as JSON. What it looks at in AWS is the client's business (`aws::Doctor`); what is on this machine is
//! looked at here.

mod local;
mod report;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use uuid::Uuid;
use when::Tz;

use super::context_opener::{ContextOpener, system_zone};
use super::{USAGE, complain, say};
use crate::aws::{Doctor, Finding, Machine, SdkClock, least_policy, prove_delivery};
use crate::config::{Config, Env, Flags, LOCAL, Paths};
use crate::context::{AwsSettings, ContextSettings};
use crate::failure::Failure;
use crate::memo::MemoId;
use crate::runtime::clock::{Clock, SystemClock};
pub use report::Report;

/// How wide a report is where nobody says, in columns.
const USUAL: u16 = 80;
/// The widest that it is: longer lines are hard to read.
const WIDEST: u16 = 100;
/// The narrowest in which anything can be read.
const NARROWEST: u16 = 40;

/// What `tickler doctor` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Tell it as JSON: {"context", "checks": [{"name", "state": "ok"|"wrong"|"unknown", "found", "advice"}], "ok"}
    #[arg(long)]
    json: bool,
    /// Prove that memos arrive, by one that is due within two minutes, and waited for five more at most
    #[arg(long)]
    deliver: bool,
    /// Print the least IAM policy that a person needs here, and ask nobody anything
    #[arg(long, conflicts_with_all = ["json", "deliver"])]
    policy: bool,
}

/// Does it.
pub(super) fn run(arguments: &Arguments, flags: &Flags, paths: &Paths) -> ExitCode {
    let environment = Env::read(|name| std::env::var_os(name));
    let opener = ContextOpener::new(flags.clone(), environment, paths.clone(), Arc::new(SystemClock));
    let config = opener.config();
    if arguments.policy {
        return print_policy(config);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("tickler cannot wait for anything on this machine: {error}."));
            return ExitCode::FAILURE;
        }
    };
    let report = match config {
        Ok(config) => runtime.block_on(examine(&config, paths, arguments.deliver)),
        Err(mistakes) => Report { context: None, findings: vec![mistaken(&mistakes)] },
    };
    let text = if arguments.json { report.json() } else { Ok(on_screen(&report)) };
    match text {
        Ok(text) => {
            say(&text);
            if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            complain(&format!("What was found cannot be written as JSON: {error}."));
            ExitCode::FAILURE
        }
    }
}

/// The report as this output bears it: colour is for a terminal alone.
fn on_screen(report: &Report) -> String {
    if !std::io::stdout().is_terminal() {
        return report.screen(USUAL.into(), false);
    }
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // Some terminals do not know their size, and say that it is nothing.
    let known = crossterm::terminal::size().ok().map(|(columns, _)| columns).filter(|columns| *columns >= NARROWEST);
    report.screen(known.map_or(USUAL, |columns| columns.min(WIDEST)).into(), colour)
}

fn print_policy(config: Result<Config, Vec<Failure>>) -> ExitCode {
    let config = match config {
        Ok(config) => config,
        Err(mistakes) => {
            for mistake in mistakes {
                complain(&mistake.to_string());
            }
            return ExitCode::FAILURE;
        }
    };
    match &config.contexts.chosen().settings {
        ContextSettings::Local { .. } => {
            complain(
                "Memos of the context local are kept on this machine, which asks for no policy. Choose one in AWS with --context NAME.",
            );
            ExitCode::from(USAGE)
        }
        ContextSettings::Aws(settings) => match least_policy(settings) {
            Ok(policy) => {
                say(&policy);
                ExitCode::SUCCESS
            }
            Err(error) => {
                complain(&format!("The policy cannot be written: {error}."));
                ExitCode::FAILURE
            }
        },
    }
}

/// Looks at the chosen context.
async fn examine(config: &Config, paths: &Paths, deliver: bool) -> Report {
    let context = config.contexts.chosen();
    let zone = config.zone.or_else(system_zone);
    let mut findings = vec![settings(&context.name, zone, paths)];
    match &context.settings {
        ContextSettings::Local { group, .. } => {
            findings.extend(local::look(&paths.data_dir, group, config.retry, SystemClock.now()).await);
            if deliver {
                let found = "Memos of this machine ring in a tickler that is open: there is nothing else to prove.";
                findings.push(Finding::unknown("delivery", found, "Open tickler, and add a memo."));
            }
        }
        ContextSettings::Aws(aws) => {
            findings.extend(Box::pin(look_at_aws(aws, zone.unwrap_or(Tz::UTC), deliver)).await)
        }
    }
    Report { context: Some(context.name.clone()), findings }
}

async fn look_at_aws(settings: &AwsSettings, zone: Tz, deliver: bool) -> Vec<Finding> {
    let machine = Machine::own();
    let doctor = Doctor { machine: &machine, settings, clock: SdkClock::system(), zone };
    let checkup = Box::pin(doctor.check()).await;
    let delivery = match &checkup.scheduler {
        Some(scheduler) if deliver => {
            let id = MemoId::from_random(*Uuid::new_v4().as_bytes());
            let terminal = std::io::stderr().is_terminal();
            let delivery = prove_delivery(scheduler, id, zone, |waiting| {
                if terminal {
                    overwrite(&report::waiting(waiting, zone));
                }
            });
            let delivery = delivery.await;
            if terminal {
                overwrite("");
            }
            delivery
        }
        _ => checkup.delivery_unproved(),
    };
    checkup.findings.into_iter().chain([delivery]).collect()
}

/// Puts a line in the place of the last one on the terminal.
fn overwrite(line: &str) {
    let mut stderr = std::io::stderr();
    if let Err(error) = write!(stderr, "\r\u{1b}[K{line}").and_then(|()| stderr.flush()) {
        tracing::debug!(%error, "nobody watches the progress");
    }
}

/// The settings, which could be read.
fn settings(context: &str, zone: Option<Tz>, paths: &Paths) -> Finding {
    const NAME: &str = "settings";
    let file = paths.config_file.display();
    let Some(zone) = zone else {
        let advice = format!("Name yours in {file}: zone = \"Europe/Paris\".");
        return Finding::wrong(NAME, "The time zone of this machine is not known.", advice);
    };
    let read = if paths.config_file.exists() { format!("{file} is read") } else { format!("there is no {file}") };
    let what = if context == LOCAL { "memos are kept on this machine" } else { "memos are kept in AWS" };
    Finding::ok(NAME, format!("The context is {context}: {what}. The zone is {}; {read}.", zone.name()))
}

/// The settings, which could not: each mistake on a line of its own, with its place.
fn mistaken(mistakes: &[Failure]) -> Finding {
    let all: Vec<_> = mistakes.iter().map(Failure::to_string).collect();
    Finding::wrong("settings", all.join("\n"), "Nothing else is looked at before the settings are understood.")
}
