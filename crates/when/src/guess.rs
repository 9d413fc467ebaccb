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
    /// `3/8 2:30am`: clocks skip the time in the other reading.
    OtherSkipped,
    /// `end of the week`: its Friday, but perhaps its Sunday.
    EndOfWeek,
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
    /// `call mum tommorrow 9pm`: a part of the memo looks like a part of the time.
    TimeInMemo(Excerpt),
    /// The clock of the zone shows the time twice or never, and nothing says which moment is meant.
    NoOneMoment,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimeInMemo(part) => return write!(f, "“{part}” may be time or memo"),
            Self::NextHour => "no am or pm, so the next one",
            Self::OtherHalf => "no am or pm, and only one is left",
            Self::OtherOrder => "the other order gives no future time",
            Self::OtherSkipped => "clocks skip it in the other reading",
            Self::EndOfWeek => "a week may end on Friday or Sunday",
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

/// The room for an excerpt, in bytes. Every memo that is pending keeps one, so it is small.
const ROOM: usize = 15;

/// The end of an excerpt that is cut short.
const MORE: char = '…';

/// A few characters of a text, cut short and without control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Excerpt {
    /// Whole characters in UTF-8, then zeros.
    bytes: [u8; ROOM],
    length: u8,
}

impl Excerpt {
    pub(crate) fn of(text: &str) -> Self {
        let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        let mut excerpt = Self { bytes: [0; ROOM], length: 0 };
        let is_short = text.chars().map(|c| shown(c).len_utf8()).sum::<usize>() <= ROOM;
        let limit = if is_short { ROOM } else { ROOM - MORE.len_utf8() };
        for c in text.chars().map(shown) {
            if usize::from(excerpt.length) + c.len_utf8() > limit {
                break;
            }
            excerpt.push(c);
        }
        if !is_short {
            excerpt.push(MORE);
        }
        excerpt
    }

    /// Adds a character for which there is room.
    fn push(&mut self, c: char) {
        let length = usize::from(self.length);
        if let Some(room) = self.bytes.get_mut(length..length + c.len_utf8()) {
            c.encode_utf8(room);
            self.length = u8::try_from(length + c.len_utf8()).unwrap_or(self.length);
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        f.write_str(std::str::from_utf8(kept).unwrap_or_default())
    }
}
