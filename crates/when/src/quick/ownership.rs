//! Decides whether a single piece belongs to the time or to the memo.
//!
//! The grammar may take any word as part of a time; in a line, many of them belong to the memo. Does
//! not decide whether the whole segment is a time.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;

use super::lexicon::{is_also_a_word, names_day_or_month};
use super::line::{Line, in_list, is_any_mark};
use super::segment::{Element, Segment};
use crate::grammar::{DateWords, MonthWords, Piece, Spanned, TimeWords, first_piece_of_time};
use crate::lex::Kind;
use crate::moment::Moment;
use crate::zones;

/// The length of the longest city nickname in capitals: `NYC`.
const MAX_NICKNAME: usize = 3;

/// The owner of a piece.
pub(super) enum Owner {
    Time,
    /// The time, but perhaps the memo: the result is a guess.
    LikelyTime,
    /// The memo, but perhaps the time: the result is a guess.
    LikelyMemo,
    Memo,
}

/// Judges the pieces of a line.
pub(super) struct Ownership<'a, 's> {
    pub line: &'a Line<'s>,
    /// The person's zone.
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl Ownership<'_, '_> {
    /// The owner of a piece that may continue or begin a segment.
    pub fn owner(&self, segment: &Segment, element: &Element) -> Owner {
        let word = self.line.word(element.tokens.start).unwrap_or_default();
        let leads = segment.elements.is_empty();
        match &element.piece.value {
            Piece::Distance(distance) if distance.back || !self.is_from_now(element) => Owner::Memo,
            Piece::Now => Owner::Memo,
            Piece::Repeating if is_every(word) && !self.repeats(element) => Owner::Memo,
            Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::UnknownZone => {
                self.zone_owner(segment, element)
            }
            // `movie night tomorrow`, `6pm evening class`.
            Piece::Part { today: false, .. } if is_part(word) && leads => Owner::Memo,
            Piece::Part { today: false, .. } if is_part(word) => self.part_owner(segment, element),
            Piece::Digits { value, .. } => self.digits_owner(*value, segment, element),
            Piece::Time(TimeWords::Bare { hour, .. }) if *hour > 24 => Owner::Memo,
            // `meet at 4 Privet Drive`
            Piece::Time(TimeWords::Bare { .. })
                if word == "at" && element.tokens.len() == 2 && self.is_address(element.tokens.end) =>
            {
                Owner::Memo
            }
            // `live at 1984`
            Piece::Time(TimeWords::Clock { hour, minute, .. })
                if matches!(word, "at") && !self.has_separator(element) && (*hour > 24 || *minute > 59) =>
            {
                Owner::Memo
            }
            Piece::Date(DateWords::FromToday { .. }) if word == "tom" => self.tom_owner(segment, element),
            // `may the 4th be with you`
            Piece::Date(DateWords::MonthDay { .. })
                if word == "may"
                    && self.line.word(element.tokens.start + 1).is_some()
                    && self.line.memo_continues(element.tokens.end)
                    && !self.time_follows(element) =>
            {
                Owner::Memo
            }
            Piece::Date(DateWords::DayOfMonth { .. }) if word.is_empty() && !leads => self.memo_if_continued(element),
            Piece::Date(DateWords::Numeric { .. }) if !leads => self.memo_if_continued(element),
            Piece::Weekday(_) if !leads && matches!(word, "sat" | "sun" | "wed") => self.memo_if_continued(element),
            _ => Owner::Time,
        }
    }

    /// `every day`, and `every 9am`; but `thank every client`.
    fn repeats(&self, every: &Element) -> bool {
        let next = || first_piece_of_time(&self.line.tokens[every.tokens.end..]);
        every.tokens.len() > 1 || next().is_some_and(|(piece, _)| matches!(piece.value, Piece::Time(_)))
    }

    /// `friday evening`; but `6pm evening class`.
    fn part_owner(&self, segment: &Segment, element: &Element) -> Owner {
        match segment.last() {
            Some(Piece::Time(TimeWords::Clock { half: None, .. } | TimeWords::Bare { .. })) => {
                self.memo_if_continued(element)
            }
            Some(Piece::Time(_)) => Owner::Memo,
            _ => Owner::Time,
        }
    }

    /// `24 dec 2026` and `fri 1730`; but `pay friday 1200`, `tomorrow 2000 steps`.
    fn digits_owner(&self, value: u32, segment: &Segment, element: &Element) -> Owner {
        let memo_continues = self.line.memo_continues(element.tokens.end);
        match segment.last() {
            Some(Piece::Date(
                DateWords::MonthDay { .. }
                | DateWords::Numeric { year: None, .. }
                | DateWords::NthWeekday { year: None, month: MonthWords::Named(_), .. },
            )) if self.is_year_soon(value) || !memo_continues => Owner::Time,
            Some(Piece::Date(_) | Piece::Weekday(_)) if memo_continues => Owner::LikelyMemo,
            Some(Piece::Date(_) | Piece::Weekday(_)) => Owner::LikelyTime,
            _ => Owner::Memo,
        }
    }

    /// A piece with which the memo may continue: likely the memo's if the memo does continue, else the time's.
    fn memo_if_continued(&self, element: &Element) -> Owner {
        if self.line.memo_continues(element.tokens.end) { Owner::LikelyMemo } else { Owner::Time }
    }

    /// Whether a distance counts from now: `20 minutes` alone may be a duration.
    fn is_from_now(&self, distance: &Element) -> bool {
        let Range { start, end } = distance.tokens;
        self.line.tokens[start].is_mark('+')
            || matches!(self.line.word(start), Some("in" | "now"))
            || (matches!(self.line.word(end - 1), Some("now" | "later" | "hence")) && !self.is_title(distance))
    }

    /// Whether a street follows the number of a house.
    fn is_address(&self, street: usize) -> bool {
        self.line.memo_continues(street)
            && self.line.typed(street).starts_with(char::is_uppercase)
            && self.line.word(street).is_some_and(|word| !names_day_or_month(word) && zones::city(word).is_none())
            && first_piece_of_time(&self.line.tokens[street..]).is_none()
    }

    /// `28 Days Later`
    fn is_title(&self, element: &Element) -> bool {
        let is_capital = |token: usize| {
            let typed = self.line.typed(token);
            typed.starts_with(char::is_uppercase) && typed.contains(char::is_lowercase)
        };
        is_capital(element.tokens.end - 1)
    }

    /// Whether hours and minutes are separated: `18:00`, but not `at 1800`.
    fn has_separator(&self, time: &Element) -> bool {
        self.line.tokens[time.tokens.clone()].iter().any(|token| is_any_mark(token, &[':', '.']))
    }

    fn is_year_soon(&self, digits: u32) -> bool {
        let year = Moment::at(self.now, self.zone).civil.year();
        i32::try_from(digits).is_ok_and(|digits| (year..=year + 10).contains(&digits))
    }

    fn time_follows(&self, element: &Element) -> bool {
        first_piece_of_time(&self.line.tokens[element.tokens.end..])
            .is_some_and(|(piece, _)| matches!(piece.value, Piece::Time(_) | Piece::Part { .. }))
    }

    /// `tom 9am` is tomorrow, `Tom` is a name.
    fn tom_owner(&self, segment: &Segment, element: &Element) -> Owner {
        let lower_case = self.line.typed(element.tokens.start).starts_with('t');
        if lower_case && (self.time_follows(element) || segment.has_time()) { Owner::LikelyTime } else { Owner::Memo }
    }

    /// The name of a zone has no other meaning, but a memo may name a city, and many abbreviations are
    /// words.
    fn zone_owner(&self, segment: &Segment, element: &Element) -> Owner {
        let Range { start, end } = element.tokens;
        let after_in = self.line.word(start) == Some("in") && element.tokens.len() > 1;
        let name = start + usize::from(after_in);
        let named = self.line.tokens[name];
        let memo_continues = self.line.memo_continues(end);
        match &element.piece.value {
            Piece::Zone(_) if named.kind != Kind::Word && zones::parse(named.text).is_some() => return Owner::Time,
            Piece::Zone(tz) if *tz == Tz::UTC && named.glued => return Owner::Time,
            _ if !segment.has_time() => return Owner::Memo,
            Piece::UnknownZone if !has_known_region(named.text) => return Owner::Memo,
            Piece::UnknownZone => return Owner::Time,
            Piece::Offset(_) => return self.offset_owner(element),
            Piece::Abbreviation(_) if !self.is_used(named.text) => return Owner::Memo,
            _ => {}
        }
        let typed = self.line.typed(name);
        let capitals = !typed.contains(char::is_lowercase);
        let capital = capitals || typed.starts_with(char::is_uppercase);
        let with_time = self.line.word(end - 1) == Some("time") && end - 1 > name;
        match &element.piece.value {
            _ if with_time => Owner::Time,
            // `wear 7pm jersey`
            _ if !capital && is_also_a_word(named.text) => Owner::LikelyMemo,
            // `9am PST standup`, but `6pm west side run`.
            Piece::Abbreviation(_) if memo_continues && !capitals => Owner::LikelyMemo,
            Piece::Abbreviation(_) if capital || zones::is_abbreviation(named.text) => Owner::Time,
            Piece::Abbreviation(_) => Owner::LikelyTime,
            // `9am Paris call`, but `6pm la boheme`.
            _ if memo_continues && !(capitals || capital && typed.len() > MAX_NICKNAME) => Owner::LikelyMemo,
            _ if memo_continues || after_in => Owner::LikelyTime,
            _ => Owner::Time,
        }
    }

    /// `+02:00` and `UTC+2`; but `+2` may be guests, and a memo may continue with `-10`.
    fn offset_owner(&self, element: &Element) -> Owner {
        let tokens = &self.line.tokens[element.tokens.clone()];
        let digits: usize =
            tokens.iter().filter(|token| token.kind == Kind::Number).map(|token| token.text.len()).sum();
        match digits {
            _ if tokens[0].kind == Kind::Word => Owner::Time,
            0..=1 => Owner::LikelyMemo,
            2 => self.memo_if_continued(element),
            _ => Owner::Time,
        }
    }

    /// Whether the person's zone uses the abbreviation, or it is a known one.
    fn is_used(&self, name: &str) -> bool {
        zones::is_abbreviation(name)
            || zones::offset_for(name, self.zone, Moment::at(self.now, self.zone).civil).is_some()
    }
}

fn is_every(word: &str) -> bool {
    matches!(word, "every" | "each")
}

fn is_part(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night")
}

/// Whether an unknown zone name begins with a known region: `europe/pariss`, but not `and/or`.
pub(super) fn has_known_region(name: &str) -> bool {
    let Some((region, _)) = name.split_once('/') else { return false };
    zones::all().any(|zone| zone.split_once('/').is_some_and(|(known, _)| known.eq_ignore_ascii_case(region)))
}

/// `every other day`, `each friday`: a repeating time, whatever is next to it.
pub(super) fn repeated(line: &Line<'_>, first: usize) -> Option<(Spanned<Piece>, usize)> {
    /// `every second working day` has two words in between.
    const MAX_BETWEEN: usize = 2;
    line.word(first).filter(|word| is_every(word))?;
    let is_count = |token: usize| {
        line.tokens.get(token).is_some_and(|token| token.kind == Kind::Number)
            || line.word(token).is_some_and(|word| in_list(COUNTS, word))
    };
    let between = (first + 1..).take(MAX_BETWEEN).take_while(|token| is_count(*token)).count();
    let last = (first + 1..=first + 1 + between).rev().find(|token| line.word(*token).is_some_and(is_period))?;
    let span = line.tokens[first].start..line.end_of(last);
    Some((Spanned { value: Piece::Repeating, span }, last + 1 - first))
}

/// Words between `every` and a period.
const COUNTS: &str = "other single second third fourth few two three four working business";

/// Periods in the singular; the plural is accepted too.
const PERIODS: &str = "second minute hour day weekday workday week weekend fortnight month quarter year \
                       morning afternoon evening night \
                       monday tuesday wednesday thursday friday saturday sunday \
                       mon tue tues wed weds thu thur thurs fri sat sun";

fn is_period(word: &str) -> bool {
    in_list(PERIODS, word) || word.strip_suffix('s').is_some_and(|one| in_list(PERIODS, one))
}
