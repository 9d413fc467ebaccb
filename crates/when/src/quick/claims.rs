//! Whose a piece is: the time's, or the memo's.
//!
//! The grammar may take every word for a part of a time, since nothing else can stand there; in a
//! line many a piece is rather a word of the memo. Knows nothing of what comes of them together.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;

use super::line::{Line, is_one, is_one_of};
use super::runs::{Element, Run};
use crate::grammar::{DateWords, Piece, Spanned, TimeWords, first_piece_of_time};
use crate::lex::Kind;
use crate::{Moment, zones};

/// The longest nickname of a city that is written in capitals: `NYC`.
const SHORT: usize = 3;

/// Whose a piece is.
pub(super) enum Verdict {
    /// A part of the time.
    Taken,
    /// A part of the time, or of the memo after all.
    Doubted,
    /// A part of the memo, or of the time after all.
    LeftInDoubt,
    /// A part of the memo.
    Left,
}

/// What it takes to judge the pieces of a line.
pub(super) struct Claims<'a, 's> {
    pub line: &'a Line<'s>,
    /// The zone at hand.
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl Claims<'_, '_> {
    /// Whose a piece is that may go on a run, or begin one.
    pub fn verdict(&self, run: &Run, element: &Element) -> Verdict {
        let said = self.line.word(element.tokens.start).unwrap_or_default();
        let leads = run.elements.is_empty();
        match &element.piece.value {
            Piece::Distance(distance) if distance.back || !self.is_marked(element) => Verdict::Left,
            Piece::Now => Verdict::Left,
            Piece::Repeating if is_every(said) && !self.repeats(element) => Verdict::Left,
            Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::NoZone => self.place(run, element),
            // `movie night tomorrow`, `6pm evening class`.
            Piece::Part { today: false, .. } if is_part(said) && leads => Verdict::Left,
            Piece::Part { today: false, .. } if is_part(said) => self.part(run, element),
            Piece::Digits { value, .. } => self.digits(*value, run, element),
            Piece::Time(TimeWords::Bare { hour }) if *hour > 24 => Verdict::Left,
            // `live at 1984`
            Piece::Time(TimeWords::Clock { hour, minute, .. })
                if matches!(said, "at") && !self.is_divided(element) && (*hour > 24 || *minute > 59) =>
            {
                Verdict::Left
            }
            Piece::Date(DateWords::FromToday { .. }) if said == "tom" => self.tom(run, element),
            Piece::Date(DateWords::MonthDay { .. })
                if said == "may" && self.line.word(element.tokens.start + 1).is_some() =>
            {
                Verdict::Left
            }
            Piece::Date(DateWords::DayOfMonth { .. }) if said.is_empty() && !leads => self.in_doubt(element),
            Piece::Date(DateWords::Numeric { .. }) if !leads => self.in_doubt(element),
            Piece::Weekday(_) if !leads && matches!(said, "sat" | "sun" | "wed") => self.in_doubt(element),
            _ => Verdict::Taken,
        }
    }

    /// `every day`, and `every 9am`; but `thank every client`.
    fn repeats(&self, every: &Element) -> bool {
        let next = || first_piece_of_time(&self.line.tokens[every.tokens.end..]);
        every.tokens.len() > 1 || next().is_some_and(|(piece, _)| matches!(piece.value, Piece::Time(_)))
    }

    /// `friday evening`; but `6pm evening class`.
    fn part(&self, run: &Run, element: &Element) -> Verdict {
        match run.last() {
            Some(Piece::Time(TimeWords::Clock { half: None, .. } | TimeWords::Bare { .. })) => self.in_doubt(element),
            Some(Piece::Time(_)) => Verdict::Left,
            _ => Verdict::Taken,
        }
    }

    /// `24 dec 2026` and `fri 1730`; but `pay friday 1200`, `tomorrow 2000 steps`.
    fn digits(&self, value: u32, run: &Run, element: &Element) -> Verdict {
        let goes_on = self.line.goes_on(element.tokens.end);
        match run.last() {
            Some(Piece::Date(DateWords::MonthDay { .. } | DateWords::Numeric { year: None, .. }))
                if self.is_year_soon(value) || !goes_on =>
            {
                Verdict::Taken
            }
            Some(Piece::Date(_) | Piece::Weekday(_)) if goes_on => Verdict::LeftInDoubt,
            Some(Piece::Date(_) | Piece::Weekday(_)) => Verdict::Doubted,
            _ => Verdict::Left,
        }
    }

    /// What the memo may well go on with is left to it where it goes on, and else taken.
    fn in_doubt(&self, element: &Element) -> Verdict {
        if self.line.goes_on(element.tokens.end) { Verdict::LeftInDoubt } else { Verdict::Taken }
    }

    /// Whether a distance says that it counts from now; `20 minutes` alone may be how long it takes.
    fn is_marked(&self, distance: &Element) -> bool {
        let Range { start, end } = distance.tokens;
        self.line.tokens[start].is_mark('+')
            || self.line.word(start) == Some("in")
            || matches!(self.line.word(end - 1), Some("now" | "later" | "hence"))
    }

    /// Whether hours and minutes stand apart: `18:00`, but not `at 1800`.
    fn is_divided(&self, time: &Element) -> bool {
        self.line.tokens[time.tokens.clone()].iter().any(|token| is_one_of(token, &[':', '.']))
    }

    fn is_year_soon(&self, digits: u32) -> bool {
        let year = Moment::at(self.now, self.zone).civil.year();
        i32::try_from(digits).is_ok_and(|digits| (year..=year + 10).contains(&digits))
    }

    /// `tom 9am` is tomorrow, `Tom` is a man.
    fn tom(&self, run: &Run, element: &Element) -> Verdict {
        let small = self.line.typed(element.tokens.start).starts_with('t');
        let time_follows = first_piece_of_time(&self.line.tokens[element.tokens.end..])
            .is_some_and(|(piece, _)| matches!(piece.value, Piece::Time(_) | Piece::Part { .. }));
        if small && (time_follows || run.has_clock()) { Verdict::Doubted } else { Verdict::Left }
    }

    /// Whose clock. The name of a zone is nothing else; a city is where people are, and many an
    /// abbreviation is a word.
    fn place(&self, run: &Run, element: &Element) -> Verdict {
        let Range { start, end } = element.tokens;
        let after_in = self.line.word(start) == Some("in") && element.tokens.len() > 1;
        let name = start + usize::from(after_in);
        let named = self.line.tokens[name];
        let goes_on = self.line.goes_on(end);
        match &element.piece.value {
            Piece::Zone(_) if named.kind != Kind::Word && zones::parse(named.text).is_some() => return Verdict::Taken,
            Piece::Zone(tz) if *tz == Tz::UTC && named.glued => return Verdict::Taken,
            _ if !run.has_clock() => return Verdict::Left,
            Piece::NoZone if !is_region(named.text) => return Verdict::Left,
            Piece::NoZone => return Verdict::Taken,
            Piece::Offset(_) => return self.offset(element),
            Piece::Abbreviation(_) if !self.is_used(named.text) => return Verdict::Left,
            _ => {}
        }
        let typed = self.line.typed(name);
        let capitals = !typed.contains(char::is_lowercase);
        let capital = capitals || typed.starts_with(char::is_uppercase);
        let said_so = self.line.word(end - 1) == Some("time") && end - 1 > name;
        match &element.piece.value {
            _ if said_so => Verdict::Taken,
            // `9am PST standup`, but `6pm west side run`.
            Piece::Abbreviation(_) if goes_on && !capitals => Verdict::LeftInDoubt,
            Piece::Abbreviation(_) if capital || zones::is_abbreviation(named.text) => Verdict::Taken,
            Piece::Abbreviation(_) => Verdict::Doubted,
            // `9am Paris call`, but `6pm la boheme`.
            _ if goes_on && !(capitals || capital && typed.len() > SHORT) => Verdict::LeftInDoubt,
            _ if goes_on || after_in => Verdict::Doubted,
            _ => Verdict::Taken,
        }
    }

    /// `+02:00` and `UTC+2`; but `+2` are guests, and `-10` is what a memo may go on with.
    fn offset(&self, element: &Element) -> Verdict {
        let tokens = &self.line.tokens[element.tokens.clone()];
        let digits: usize =
            tokens.iter().filter(|token| token.kind == Kind::Number).map(|token| token.text.len()).sum();
        match digits {
            _ if tokens[0].kind == Kind::Word => Verdict::Taken,
            0..=1 => Verdict::LeftInDoubt,
            2 => self.in_doubt(element),
            _ => Verdict::Taken,
        }
    }

    /// Whether anybody goes by an abbreviation: the zone at hand, or one that is known for it.
    fn is_used(&self, name: &str) -> bool {
        zones::is_abbreviation(name)
            || zones::offset_called(name, self.zone, Moment::at(self.now, self.zone).civil).is_some()
    }
}

fn is_every(word: &str) -> bool {
    matches!(word, "every" | "each")
}

fn is_part(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night")
}

/// Whether a name that no zone has begins as those of zones do: `europe/pariss`, but not `and/or`.
fn is_region(name: &str) -> bool {
    let Some((region, _)) = name.split_once('/') else { return false };
    zones::all().any(|zone| zone.split_once('/').is_some_and(|(known, _)| known.eq_ignore_ascii_case(region)))
}

/// `every other day`, `each friday`: what repeats is no one moment, whatever stands beside it.
pub(super) fn repeated(line: &Line<'_>, first: usize) -> Option<(Spanned<Piece>, usize)> {
    /// How many words may stand between: `every second working day`.
    const BETWEEN: usize = 2;
    line.word(first).filter(|word| is_every(word))?;
    let counts = |token: usize| {
        line.tokens.get(token).is_some_and(|token| token.kind == Kind::Number)
            || line.word(token).is_some_and(|word| is_one(COUNTS, word))
    };
    let between = (first + 1..).take(BETWEEN).take_while(|token| counts(*token)).count();
    let last = (first + 1..=first + 1 + between).rev().find(|token| line.word(*token).is_some_and(is_period))?;
    let span = line.tokens[first].start..line.end_of(last);
    Some((Spanned { value: Piece::Repeating, span }, last + 1 - first))
}

/// What may stand between `every` and what it counts.
const COUNTS: &str = "other single second third fourth few two three four working business";

/// What a time may be repeated by; one or several of them.
const PERIODS: &str = "second minute hour day weekday workday week weekend fortnight month quarter year \
                       morning afternoon evening night \
                       monday tuesday wednesday thursday friday saturday sunday \
                       mon tue tues wed weds thu thur thurs fri sat sun";

fn is_period(word: &str) -> bool {
    is_one(PERIODS, word) || word.strip_suffix('s').is_some_and(|one| is_one(PERIODS, one))
}
