//! `tickler doctor`: checks the setup and suggests fixes.
//!
//! It checks the context that the screen would open, and prints its findings as text or JSON. `aws::Doctor` checks AWS;
//! [`local`] checks this machine.

mod local;
mod report;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use uuid::Uuid;
use when::Tz;

use super::context_opener::{ContextOpener, system_zone};
use super::exit_code;
use super::stdio::{print_error, print_line, print_styled};
use crate::aws::{Doctor, Finding, Machine, SdkClock, least_policy, prove_delivery};
use crate::config::{Config, Env, Flags, Paths};
use crate::context::LOCAL;
use crate::context::{AwsSettings, ContextSettings};
use crate::failure::Failure;
use crate::memo::MemoId;
use crate::runtime::clock::{Clock, SystemClock};
pub use report::{Colour, Report};

/// The width of a report that does not go to a terminal, in columns.
const DEFAULT_COLUMNS: u16 = 80;
/// The maximum width: longer lines are hard to read.
const MAX_COLUMNS: u16 = 100;
/// The minimum width that is readable.
const MIN_COLUMNS: u16 = 40;

/// The arguments of `tickler doctor`.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Print JSON: {"context", "checks": [{"name", "state": "ok"|"wrong"|"unknown", "found", "advice"}], "ok"}
    #[arg(long)]
    json: bool,
    /// Test a delivery too: schedule a memo that is due within two minutes, and wait for it for up to five more
    #[arg(long)]
    deliver: bool,
    /// Print the minimal IAM policy for this context, without checking anything
    #[arg(long, conflicts_with_all = ["json", "deliver"])]
    policy: bool,
}

/// Runs `tickler doctor`.
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
            print_error(&format!("tickler cannot start: {error}."));
            return ExitCode::FAILURE;
        }
    };
    let report = match config {
        Ok(config) => runtime.block_on(check_context(&config, paths, arguments.deliver)),
        Err(mistakes) => Report { context: None, findings: vec![settings_errors(&mistakes)] },
    };
    let text = if arguments.json { report.json() } else { Ok(report_text(&report)) };
    match text {
        Ok(text) => {
            print_styled(&text);
            if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            print_error(&format!("The findings cannot be written as JSON: {error}."));
            ExitCode::FAILURE
        }
    }
}

/// The report, in the width and with the colours of standard output.
fn report_text(report: &Report) -> String {
    if !std::io::stdout().is_terminal() {
        return report.text(DEFAULT_COLUMNS.into(), Colour::Off);
    }
    let colour = match std::env::var_os("NO_COLOR") {
        Some(value) if !value.is_empty() => Colour::Off,
        Some(_) | None => Colour::On,
    };
    // Some terminals report a size of 0.
    let known = crossterm::terminal::size().ok().map(|(columns, _)| columns).filter(|columns| *columns >= MIN_COLUMNS);
    report.text(known.map_or(DEFAULT_COLUMNS, |columns| columns.min(MAX_COLUMNS)).into(), colour)
}

fn print_policy(config: Result<Config, Vec<Failure>>) -> ExitCode {
    let config = match config {
        Ok(config) => config,
        Err(mistakes) => {
            for mistake in mistakes {
                print_error(&mistake.to_string());
            }
            return ExitCode::FAILURE;
        }
    };
    match &config.contexts.chosen().settings {
        ContextSettings::Local { .. } => {
            print_error(
                "The context local is on this machine and needs no policy. Choose a context in AWS with --context NAME.",
            );
            ExitCode::from(exit_code::USAGE)
        }
        ContextSettings::Aws(settings) => match least_policy(settings) {
            Ok(policy) => {
                print_line(&policy);
                ExitCode::SUCCESS
            }
            Err(error) => {
                print_error(&format!("The policy cannot be written: {error}."));
                ExitCode::FAILURE
            }
        },
    }
}

/// Checks the chosen context.
async fn check_context(config: &Config, paths: &Paths, deliver: bool) -> Report {
    let context = config.contexts.chosen();
    let zone = config.zone.or_else(system_zone);
    let mut findings = vec![settings_finding(&context.name, zone, paths)];
    match &context.settings {
        ContextSettings::Local { group, .. } => {
            findings.extend(local::check(&paths.data_dir, group, config.retry, SystemClock.now()).await);
            if deliver {
                let found = "Memos on this machine ring while tickler is open: there is no delivery to test.";
                findings.push(Finding::unknown("delivery", found, "Open tickler, and add a memo."));
            }
        }
        ContextSettings::Aws(aws) => findings.extend(Box::pin(check_aws(aws, zone.unwrap_or(Tz::UTC), deliver)).await),
    }
    Report { context: Some(context.name.clone()), findings }
}

async fn check_aws(settings: &AwsSettings, zone: Tz, deliver: bool) -> Vec<Finding> {
    let machine = Machine::own();
    let doctor = Doctor { machine: &machine, settings, clock: SdkClock::system(), zone };
    let checkup = Box::pin(doctor.check()).await;
    let delivery = match &checkup.scheduler {
        Some(scheduler) if deliver => {
            let id = MemoId::from_random(*Uuid::new_v4().as_bytes());
            let terminal = std::io::stderr().is_terminal();
            let delivery = prove_delivery(scheduler, id, zone, |waiting| {
                if terminal {
                    replace_line(&report::progress(waiting, zone));
                }
            });
            let delivery = delivery.await;
            if terminal {
                replace_line("");
            }
            delivery
        }
        Some(_) | None => checkup.delivery_unproved(),
    };
    checkup.findings.into_iter().chain([delivery]).collect()
}

/// Replaces the progress line on the terminal.
fn replace_line(line: &str) {
    let mut stderr = std::io::stderr();
    if let Err(error) = write!(stderr, "\r\u{1b}[K{line}").and_then(|()| stderr.flush()) {
        tracing::debug!(%error, "standard error is closed");
    }
}

/// Settings without errors.
fn settings_finding(context: &str, zone: Option<Tz>, paths: &Paths) -> Finding {
    const NAME: &str = "settings";
    let file = paths.config_file.display();
    let Some(zone) = zone else {
        let advice = format!("Set it in {file}: zone = \"Europe/Paris\".");
        return Finding::wrong(NAME, "The time zone of this machine is unknown.", advice);
    };
    let source =
        if paths.config_file.exists() { format!("The settings are in {file}") } else { format!("There is no {file}") };
    let kept = if context == LOCAL { "on this machine" } else { "in AWS" };
    Finding::ok(NAME, format!("The context is {context}, {kept}. The time zone is {}. {source}.", zone.name()))
}

/// Settings with errors: one line for each, with its origin.
fn settings_errors(mistakes: &[Failure]) -> Finding {
    let all: Vec<_> = mistakes.iter().map(Failure::to_string).collect();
    Finding::wrong("settings", all.join("\n"), "Fix the settings first. Nothing else was checked.")
}
