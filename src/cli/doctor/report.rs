//! The findings as text for a person, and as JSON for a script.
//!
//! Pure. Does not depend on how the findings were made.

use std::iter;

use serde::Serialize;
use when::Tz;

use crate::aws::{CheckState, Finding, ProofProgress};
use crate::countdown;
use crate::harmless;
use crate::ui::text;

/// All findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The context that was checked. `None` if the settings have errors.
    pub context: Option<String>,
    /// The findings, in their order.
    pub findings: Vec<Finding>,
}

/// Whether text has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// ANSI colours.
    On,
    /// Plain text.
    Off,
}

/// The column in which the text of a finding starts, after its mark and its name. A small indent leaves room for ARNs.
const INDENT: usize = 15;

/// The JSON. Fields may be added, but not renamed or removed.
#[derive(Serialize)]
struct ReportOutput<'a> {
    context: Option<&'a str>,
    checks: Vec<CheckOutput<'a>>,
    ok: bool,
}

#[derive(Serialize)]
struct CheckOutput<'a> {
    name: &'a str,
    state: &'a str,
    found: &'a str,
    advice: &'a str,
}

impl<'a> CheckOutput<'a> {
    fn of(Finding { name, state, found, advice }: &'a Finding) -> Self {
        Self { name, state: word(*state), found, advice }
    }
}

impl Report {
    /// Whether nothing is wrong. Unknown is not wrong.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.count(CheckState::Wrong) == 0
    }

    /// As JSON.
    ///
    /// # Errors
    /// If the JSON cannot be written, which does not happen in practice.
    pub fn json(&self) -> serde_json::Result<String> {
        let checks = self.findings.iter().map(CheckOutput::of).collect();
        let output = ReportOutput { context: self.context.as_deref(), checks, ok: self.ok() };
        serde_json::to_string_pretty(&output).map(|json| harmless::json(&json).into_owned())
    }

    /// As text for a terminal of this width.
    #[must_use]
    pub fn text(&self, columns: usize, colour: Colour) -> String {
        let mut lines = Vec::new();
        let width = columns.saturating_sub(INDENT);
        for finding in &self.findings {
            let mark = mark(finding.state);
            let mark = match colour {
                Colour::On => format!("\u{1b}[1;{}m{mark}\u{1b}[0m", ansi_colour(finding.state)),
                Colour::Off => mark.to_string(),
            };
            let found = format!("{}: {}", word(finding.state), finding.found);
            let advice = if finding.advice.is_empty() { String::new() } else { format!("→ {}", finding.advice) };
            let block = found.lines().chain(advice.lines()).flat_map(|line| text::wrap(&harmless::line(line), width));
            let heads = iter::once(format!("{mark} {:<13}", finding.name)).chain(iter::repeat(" ".repeat(INDENT)));
            lines.extend(heads.zip(block).map(|(head, line)| format!("{head}{line}")));
        }
        lines.push(String::new());
        lines.push(self.summary());
        lines.join("\n")
    }

    fn summary(&self) -> String {
        let (wrong, unknown) = (self.count(CheckState::Wrong), self.count(CheckState::Unknown));
        match (wrong, unknown) {
            (0, 0) => "All checks passed.".to_owned(),
            (0, _) => format!("Nothing is wrong, {unknown} unknown."),
            _ => format!("{wrong} wrong, {unknown} unknown."),
        }
    }

    fn count(&self, state: CheckState) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }
}

/// The progress of a test delivery, on one line.
pub(super) fn progress(ProofProgress { due, until, now }: ProofProgress, zone: Tz) -> String {
    let until = until.with_timezone(&zone).format("%H:%M");
    if now < due {
        let at = due.with_timezone(&zone).format("%H:%M");
        return format!("A test memo is due at {at}, {}. Waiting for it until {until}.", countdown::text(due, now));
    }
    format!("The test memo was due {}. Waiting for its receipt until {until}.", countdown::text(due, now))
}

fn mark(state: CheckState) -> char {
    match state {
        CheckState::Ok => '✓',
        CheckState::Wrong => '✗',
        CheckState::Unknown => '?',
    }
}

fn word(state: CheckState) -> &'static str {
    match state {
        CheckState::Ok => "ok",
        CheckState::Wrong => "wrong",
        CheckState::Unknown => "unknown",
    }
}

/// One of the sixteen colours that every terminal has.
fn ansi_colour(state: CheckState) -> u8 {
    match state {
        CheckState::Ok => 32,
        CheckState::Wrong => 31,
        CheckState::Unknown => 35,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    fn report() -> Report {
        let long = "arn:aws:iam::123456789012:role/a-path/of-many-parts/and-a-name-that-does-not-end-where-a-line-does";
        let findings = vec![
            Finding::ok("settings", "All is well."),
            Finding::wrong("role", format!("EventBridge Scheduler may not assume the role {long}."), "Mend\u{7} it."),
            Finding::unknown("mail", "Nobody knows.", ""),
        ];
        Report { context: Some("work".to_owned()), findings }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in [40, 60, 80] {
            for line in report().text(columns, Colour::Off).lines() {
                assert!(line.width() <= columns, "{line}");
            }
        }
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let (with, without) = (report().text(80, Colour::On), report().text(80, Colour::Off));
        assert!(with.contains("\u{1b}[1;31m✗\u{1b}[0m role"));
        assert!(!without.contains('\u{1b}') && !without.contains('\u{7}'), "{without}");
        let mut plain = with;
        for code in ["\u{1b}[1;31m", "\u{1b}[1;32m", "\u{1b}[1;35m", "\u{1b}[0m"] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, without);
    }

    #[test]
    fn unknown_is_not_wrong() {
        let mut report = report();
        assert!(!report.ok());
        report.findings.remove(1);
        assert!(report.ok());
        assert!(report.text(80, Colour::Off).ends_with("Nothing is wrong, 1 unknown."));
    }

    #[test]
    fn the_progress_shows_how_long_it_may_take() {
        let due: DateTime<Utc> = "2026-11-23T14:12:00Z".parse().unwrap();
        let at =
            |seconds| ProofProgress { due, until: due + TimeDelta::minutes(5), now: due + TimeDelta::seconds(seconds) };
        assert_eq!(
            progress(at(-70), Tz::Europe__Paris),
            "A test memo is due at 15:12, in 1 min 10 s. Waiting for it until 15:17."
        );
        assert_eq!(
            progress(at(70), Tz::Europe__Paris),
            "The test memo was due 1 min ago. Waiting for its receipt until 15:17."
        );
    }
}
