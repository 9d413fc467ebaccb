//! Time zone names as the value of a flag: validated, and offered by shell completions.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use when::Tz;

/// Parses a time zone name.
#[derive(Debug, Clone, Copy)]
pub(super) struct ZoneNames;

impl TypedValueParser for ZoneNames {
    type Value = Tz;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Tz, Error> {
        let typed = value.to_string_lossy();
        when::zones::parse(&typed).ok_or_else(|| {
            let mut error = Error::new(ErrorKind::InvalidValue).with_cmd(command);
            if let Some(argument) = argument {
                error.insert(ContextKind::InvalidArg, ContextValue::String(argument.to_string()));
            }
            error.insert(ContextKind::InvalidValue, ContextValue::String(typed.into_owned()));
            match when::zones::search(&value.to_string_lossy(), 1).first() {
                Some(near) if !value.is_empty() => {
                    error.insert(ContextKind::SuggestedValue, ContextValue::String(near.name().to_owned()));
                }
                _ => {
                    let how = StyledStr::from("use a name such as Europe/Paris, or UTC");
                    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![how]));
                }
            }
            error
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(when::zones::all().map(PossibleValue::new)))
    }
}
