//! `tickler export`: pending memos as iCalendar.
//!
//! Each memo is an event without a length, at the local time of its zone, with an alarm. The file contains the rules of
//! each zone, as RFC 5545 requires. A time that happens twice is written in UTC, as in the schedule itself.

use std::fmt::Write as _;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarParameter, ICalendarProperty, ICalendarValue,
};
use chrono::{DateTime, Utc};
use clap::Args;
use when::{Moment, Tz};

use super::error::{CommandError, CommandErrors};
use super::printer::Printer;
use super::session::Session;
use crate::memo::Memo;
use crate::schedule::Schedule;

/// The arguments of `tickler export`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Example:
  tickler export > memos.ics

If a calendar imports the file again, it updates the events, because each has the id of its memo.")]
pub(in crate::cli) struct Arguments {}

/// Runs `tickler export`.
pub(super) async fn export(
    _: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let schedules = session.schedules().await?;
    let memos = schedules.iter().filter_map(Schedule::memo);
    let mut text = String::new();
    write!(text, "{}", calendar(memos, session.now())).map_err(|error| CommandError::output(&error))?;
    Ok(printer.print(&text)?)
}

fn calendar<'m>(memos: impl Iterator<Item = &'m Memo>, now: DateTime<Utc>) -> ICalendar {
    let mut root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    root.add_property(ICalendarProperty::Version, text("2.0"));
    root.add_property(ICalendarProperty::Prodid, text(concat!("-//tickler//", env!("CARGO_PKG_VERSION"), "//EN")));
    let mut calendar = ICalendar { components: vec![root] };
    for memo in memos {
        let alarm = add_component(&mut calendar, alarm(memo));
        let mut event = event(memo, now);
        event.component_ids.extend(alarm);
        let event = add_component(&mut calendar, event);
        calendar.components[0].component_ids.extend(event);
    }
    calendar.add_missing_timezones();
    calendar
}

/// Adds a component, and returns its index.
fn add_component(calendar: &mut ICalendar, component: ICalendarComponent) -> Option<u32> {
    let index = u32::try_from(calendar.components.len()).ok();
    calendar.components.push(component);
    index
}

fn event(memo: &Memo, now: DateTime<Utc>) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&memo.id.to_string());
    event.add_dtstamp(PartialDateTime::from_utc_timestamp(now.timestamp()));
    event.entries.push(start(memo.due));
    event.add_property(ICalendarProperty::Summary, text(memo.first_line()));
    if memo.text != memo.first_line() {
        event.add_property(ICalendarProperty::Description, text(&memo.text));
    }
    event
}

fn start(due: Moment) -> ICalendarEntry {
    let entry = ICalendarEntry::new(ICalendarProperty::Dtstart);
    if due.zone == Tz::UTC || due.happens_twice() {
        return entry.with_value(PartialDateTime::from_utc_timestamp(due.instant.timestamp()));
    }
    entry
        .with_param(ICalendarParameter::tzid(due.zone.name().to_owned()))
        .with_value(PartialDateTime::from_naive_timestamp(due.civil.and_utc().timestamp()))
}

fn alarm(memo: &Memo) -> ICalendarComponent {
    let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
    alarm.add_property(ICalendarProperty::Action, ICalendarValue::Action(ICalendarAction::Display));
    alarm.add_property(ICalendarProperty::Trigger, ICalendarDuration::default());
    alarm.add_property(ICalendarProperty::Description, text(memo.first_line()));
    alarm
}

/// A text without control characters: iCalendar allows few, and programs trip over those. Line ends stay, and so do
/// direction marks, since people write with them and a calendar does not obey them.
fn text(text: &str) -> ICalendarValue {
    let allowed = |c: char| match c {
        '\t' => ' ',
        '\n' => c,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    ICalendarValue::Text(text.replace("\r\n", "\n").chars().map(allowed).collect())
}
