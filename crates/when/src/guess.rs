//! Why a moment is a guess: the rule that chose it, where another reading was possible.
//!
//! Knows nothing of how it was found; only how to say it.

use std::fmt;

/// Why a moment is a guess. Prints as what may stand behind “a guess: ”, in few enough words for one line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Guess {
    /// `at 5`: of both halves of the day the one that comes first is taken.
    NextHour,
    /// `today at 5` after 5:00: the other half of the day has passed.
    OtherHalf,
    /// `4/2/2026` in March: in the other order it has passed, or is no day.
    OtherOrder,
    /// `2026`: a time, and perhaps the beginning of a date.
    BeginsDate,
    /// `24 dec 2020`: a time, since as a year it has passed, or has no such day.
    NoYear,
    /// An abbreviation that may mean another clock, on which it has passed.
    OtherClock,
    /// `call mum tomorrow about the train`: the memo stands around it.
    InMemo,
    /// `submit the report by friday`: when it is due may be too late to be reminded of it.
    Deadline,
    /// `pay friday 1200`, `dinner 24.12 18:00`: figures that may be a part of the time, or of the memo.
    Figures,
    /// `tomorrow 2nd interview`, `9am Paris call`: words that may be a part of the time, or of the memo.
    Words,
    /// `call mum 9:30`, `friday call mum`: perhaps no time at all.
    NoTime,
    /// `call Paris 18:00`: the memo names what may be its zone.
    ZoneInMemo,
    /// The clock of the zone shows it twice, or never, and nobody says which moment is meant.
    NoOneMoment,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NextHour => "no am or pm is said, so the next one",
            Self::OtherHalf => "no am or pm is said, and one is left",
            Self::OtherOrder => "the other order gives no day to come",
            Self::BeginsDate => "these digits may begin a date",
            Self::NoYear => "as a year it gives no day to come",
            Self::OtherClock => "its zone may mean another clock",
            Self::InMemo => "it stands in the middle of the memo",
            Self::Deadline => "after “by”, which may be too late",
            Self::Figures => "figures there may be time or memo",
            Self::Words => "words there may be time or memo",
            Self::NoTime => "all of it may belong to the memo",
            Self::ZoneInMemo => "the memo may name its zone",
            Self::NoOneMoment => "clocks show it twice, or never",
        })
    }
}
