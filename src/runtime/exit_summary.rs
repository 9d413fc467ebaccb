//! What tickler prints after it ends: changes that are not confirmed, and memos that cannot ring until the next start.

use chrono::{DateTime, Utc};

use crate::app::{App, List, Settings};

/// The lines to print after the program has ended.
#[must_use]
pub fn exit_summary(app: &App, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = Vec::new();
    match app.unsent() {
        0 => {}
        1 => lines.push("1 change is not confirmed. tickler sends it again at the next start.".to_owned()),
        n => lines.push(format!("{n} changes are not confirmed. tickler sends them again at the next start.")),
    }
    // A read-only context does not ring even while tickler is open.
    let hosted = app.contexts().find(|context| context.info.local && !context.info.read_only);
    lines.extend(hosted.and_then(|context| silent_memos(&context.list, &app.settings, now)));
    lines
}

/// The memos of this list that cannot ring while no host runs its engine.
fn silent_memos(list: &List, settings: &Settings, now: DateTime<Utc>) -> Option<String> {
    let pending = list.iter().filter(|row| row.enabled && row.due().is_some_and(|due| due > now)).count();
    let due = list.next_due(now)?;
    let at = when::Moment::at(due, settings.zone).words(settings.when.hours);
    let count = if pending == 1 { String::new() } else { format!(" ({pending} pending)") };
    Some(format!(
        "Local memos do not ring while tickler is closed. Next: {at}{count}. Overdue memos ring at the next start."
    ))
}
