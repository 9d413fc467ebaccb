//! The settings in the file, section by section.

use chrono::{NaiveTime, TimeDelta, Weekday};
use when::{DateOrder, Hours, Tz};

use super::super::mistake::Located;
use crate::arn::Arn;
use crate::context::RetryPolicy;
use crate::keymap::Keymap;
use crate::preferences::{Borders, Notifications, Screen, TerminalNote, ThemeName};

/// The valid settings in the file.
#[derive(Debug, Default)]
pub(in crate::config) struct FileSettings {
    pub(in crate::config) zone: Option<Located<Tz>>,
    /// How long an idle group goes without a refresh; `None` for never.
    pub(in crate::config) refresh: Option<Located<Option<TimeDelta>>>,
    pub(in crate::config) context: Option<Located<String>>,
    pub(in crate::config) contexts: Vec<ContextSection>,
    /// Part of the file is invalid, so a setting that seems to be missing may be there.
    pub(in crate::config) broken: bool,
    pub(in crate::config) screen: ScreenSection,
    pub(in crate::config) notifications: NotificationsSection,
    pub(in crate::config) retry: RetrySection,
    pub(in crate::config) when: WhenSection,
    pub(in crate::config) keys: Keymap,
}

/// `[contexts.NAME]`
#[derive(Debug)]
pub(in crate::config) struct ContextSection {
    pub(in crate::config) name: Located<String>,
    pub(in crate::config) profile: Option<Located<String>>,
    pub(in crate::config) region: Option<Located<String>>,
    pub(in crate::config) endpoint_url: Option<Located<String>>,
    pub(in crate::config) group: Option<Located<String>>,
    pub(in crate::config) target_arn: Option<Located<Arn>>,
    pub(in crate::config) role_arn: Option<Located<Arn>>,
    pub(in crate::config) dead_letter_arn: Option<Located<Arn>>,
    pub(in crate::config) log_group: Option<Located<String>>,
    pub(in crate::config) read_only: Option<Located<bool>>,
    /// Part of the section is invalid, so a setting that seems to be missing may be there.
    pub(in crate::config) broken: bool,
}

/// `[screen]`
#[derive(Debug, Default)]
pub(in crate::config) struct ScreenSection {
    pub(in crate::config) theme: Option<Located<ThemeName>>,
    pub(in crate::config) borders: Option<Located<Borders>>,
    pub(in crate::config) mouse: Option<Located<bool>>,
}

/// `[notifications]`
#[derive(Debug, Default)]
pub(in crate::config) struct NotificationsSection {
    pub(in crate::config) bell: Option<Located<bool>>,
    pub(in crate::config) desktop: Option<Located<bool>>,
    pub(in crate::config) terminal: Option<Located<Option<TerminalNote>>>,
    pub(in crate::config) command: Option<Located<Vec<String>>>,
}

/// `[retry]`
#[derive(Debug, Default)]
pub(in crate::config) struct RetrySection {
    pub(in crate::config) maximum_event_age_seconds: Option<Located<i32>>,
    pub(in crate::config) maximum_retry_attempts: Option<Located<i32>>,
}

/// `[when]`
#[derive(Debug, Default)]
pub(in crate::config) struct WhenSection {
    pub(in crate::config) date_alone: Option<Located<NaiveTime>>,
    pub(in crate::config) morning: Option<Located<NaiveTime>>,
    pub(in crate::config) afternoon: Option<Located<NaiveTime>>,
    pub(in crate::config) evening: Option<Located<NaiveTime>>,
    pub(in crate::config) tonight: Option<Located<NaiveTime>>,
    pub(in crate::config) end_of_day: Option<Located<NaiveTime>>,
    pub(in crate::config) date_order: Option<Located<DateOrder>>,
    pub(in crate::config) week_begins: Option<Located<Weekday>>,
    pub(in crate::config) hours: Option<Located<Hours>>,
}

impl ScreenSection {
    /// These settings over the given ones.
    pub(in crate::config) fn over(self, rest: Screen) -> Screen {
        Screen {
            theme: or(self.theme, rest.theme),
            borders: or(self.borders, rest.borders),
            mouse: or(self.mouse, rest.mouse),
        }
    }
}

impl NotificationsSection {
    /// These settings over the given ones.
    pub(in crate::config) fn over(self, rest: Notifications) -> Notifications {
        Notifications {
            bell: or(self.bell, rest.bell),
            desktop: or(self.desktop, rest.desktop),
            terminal: or(self.terminal, rest.terminal),
            command: or(self.command, rest.command),
        }
    }
}

impl RetrySection {
    /// These settings over the given ones.
    pub(in crate::config) fn over(self, rest: RetryPolicy) -> RetryPolicy {
        RetryPolicy {
            maximum_event_age_seconds: or(self.maximum_event_age_seconds, rest.maximum_event_age_seconds),
            maximum_retry_attempts: or(self.maximum_retry_attempts, rest.maximum_retry_attempts),
        }
    }
}

impl WhenSection {
    /// These settings over the given ones.
    pub(in crate::config) fn over(self, rest: when::Settings) -> when::Settings {
        when::Settings {
            date_alone: or(self.date_alone, rest.date_alone),
            morning: or(self.morning, rest.morning),
            afternoon: or(self.afternoon, rest.afternoon),
            evening: or(self.evening, rest.evening),
            tonight: or(self.tonight, rest.tonight),
            end_of_day: or(self.end_of_day, rest.end_of_day),
            date_order: or(self.date_order, rest.date_order),
            week_begins: or(self.week_begins, rest.week_begins),
            hours: or(self.hours, rest.hours),
        }
    }
}

fn or<T>(setting: Option<Located<T>>, rest: T) -> T {
    setting.map_or(rest, Located::into_value)
}
