//! Why a moment is a guess: the rule that chose it where another reading was possible.
//!
//! Does not depend on how a text is read.

use std::fmt;

/// Why a moment is a guess. `Display` prints what follows “a guess: ”, short enough for one line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guess {
    /// `at 5`: without am or pm, the next 5 o'clock.
    NextHour,
    /// `today at 5` after 5:00: only 17:00 is left.
    OtherHalf,
    /// `4/2/2026` in March: the other order of day and month gives no future time.
    OtherOrder,
    /// `2026`: a time, but perhaps the start of a date.
    BeginsDate,
    /// `24 dec 2020`: a time, because the year 2020 gives no future time.
    NoYear,
    /// An abbreviation with another meaning, in which the time has passed.
    OtherClock,
    /// `call mum tomorrow about the train`: the memo surrounds the time.
    InMemo,
    /// `submit the report by friday`: a reminder at the deadline may be too late.
    Deadline,
    /// `pay friday 1200`, `dinner 24.12 18:00`: a number that may be part of the time or of the memo.
    Numbers,
    /// `tomorrow 2nd interview`, `9am Paris call`: words that may be part of the time or of the memo.
    Words,
    /// `call mum 9:30`, `friday call mum`: perhaps not a time at all.
    NoTime,
    /// `call Paris 18:00`: the memo names a city that may be the zone of the time.
    ZoneInMemo,
    /// The clock of the zone shows the time twice or never, and nothing says which moment is meant.
    NoOneMoment,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NextHour => "no am or pm, so the next one",
            Self::OtherHalf => "no am or pm, and only one is left",
            Self::OtherOrder => "the other order gives no future time",
            Self::BeginsDate => "it may be the start of a date",
            Self::NoYear => "as a year, it gives no future time",
            Self::OtherClock => "the zone abbreviation is ambiguous",
            Self::InMemo => "it is in the middle of the memo",
            Self::Deadline => "“by” may name a deadline",
            Self::Numbers => "a number may be time or memo",
            Self::Words => "a word may be time or memo",
            Self::NoTime => "it may all belong to the memo",
            Self::ZoneInMemo => "the memo may name its time zone",
            Self::NoOneMoment => "clocks show it twice or never",
        })
    }
}
