//! The runs of a line that the grammar can read: each one or more pieces without anything between.
//!
//! Stricter than the grammar, which may take every word for a part of a time since nothing else
//! can stand there: here anything may. Whether a run is a time at all is for `weight` to say.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;

use super::line::{Line, is_one_of};
use super::weight::{self, Weight};
use crate::grammar::{DateWords, Piece, Spanned, TimeWords, first_piece, first_piece_of_time, may_touch};
use crate::lex::Kind;
use crate::{Moment, zones};

/// Pieces that follow each other.
#[derive(Debug)]
pub(super) struct Run {
    pub elements: Vec<Element>,
    /// The token that it begins with.
    pub first: usize,
    /// The token after it.
    pub after: usize,
    /// Whether a word beside it may belong to it, or one of its own to the memo.
    pub doubtful: bool,
    /// How surely it is a time.
    pub weight: Weight,
}

/// A piece, and the tokens that it takes.
#[derive(Debug)]
pub(super) struct Element {
    pub piece: Spanned<Piece>,
    pub tokens: Range<usize>,
}

impl Run {
    /// The bytes of it.
    pub fn span(&self) -> Range<usize> {
        match self.elements.as_slice() {
            [first, .., last] => first.piece.span.start..last.piece.span.end,
            [only] => only.piece.span.clone(),
            [] => 0..0,
        }
    }

    /// Whether a time of day is in it.
    pub fn has_clock(&self) -> bool {
        self.has(|piece| matches!(piece, Piece::Time(_) | Piece::Part { .. } | Piece::Digits { .. }))
    }

    pub fn has_zone(&self) -> bool {
        self.has(is_place)
    }

    /// Whether it is a zone and nothing else.
    pub fn is_zone(&self) -> bool {
        self.elements.iter().all(|element| is_place(&element.piece.value))
    }

    pub fn has(&self, is: impl Fn(&Piece) -> bool) -> bool {
        self.elements.iter().any(|element| is(&element.piece.value))
    }

    /// Takes the word before it into it.
    pub fn take_word_before(&mut self, line: &Line<'_>) {
        if let (Some(before), Some(first)) = (self.first.checked_sub(1), self.elements.first_mut()) {
            first.piece.span.start = line.tokens[before].start;
            self.first = before;
        }
    }

    fn last(&self) -> Option<&Piece> {
        self.elements.last().map(|element| &element.piece.value)
    }

    /// The last piece, and before it the one before it.
    fn last_two(&self) -> [Option<&Piece>; 2] {
        let mut backwards = self.elements.iter().rev().map(|element| &element.piece.value);
        let last = backwards.next();
        [backwards.next(), last]
    }
}

fn is_place(piece: &Piece) -> bool {
    matches!(piece, Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::NoZone)
}

/// The runs of a line, in order.
pub(super) fn runs(line: &Line<'_>, zone: Tz, now: DateTime<Utc>) -> Vec<Run> {
    let reader = Reader { line, zone, now };
    let mut runs = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let (run, next) = reader.run(at);
        runs.extend(run);
        at = next;
    }
    runs
}

/// Whether the words before a token may be the zone of a time elsewhere in the line. `flight to Tokyo`
/// is where it goes, `dinner in Tokyo` may be where its clock hangs, too.
pub(super) fn may_be_a_zone_before(line: &Line<'_>, after: usize) -> bool {
    (after.saturating_sub(zones::CITY_WORDS)..after).any(|first| {
        let words: Option<Vec<&str>> = (first..after).map(|token| line.word(token)).collect();
        let named = words.map(|words| words.join(" "));
        named.is_some_and(|name| zones::city(&name).is_some() || zones::is_abbreviation(&name))
            && (line.word_before(first) == Some("in") || !weight::belongs_to_memo(line, first))
    })
}

/// The longest nickname of a city that is written in capitals: `NYC`.
const SHORT: usize = 3;

/// What a piece is in a memo.
enum Verdict {
    /// A part of the time.
    Taken,
    /// A part of the time, or of the memo after all.
    Doubted,
    /// A part of the memo, or of the time after all.
    LeftInDoubt,
    /// A part of the memo.
    Left,
}

struct Reader<'a, 's> {
    line: &'a Line<'s>,
    zone: Tz,
    now: DateTime<Utc>,
}

impl Reader<'_, '_> {
    /// The run that begins with a token, and the token to go on from.
    fn run(&self, first: usize) -> (Option<Run>, usize) {
        let mut run = Run { elements: Vec::new(), first, after: first, doubtful: false, weight: Weight::Nothing };
        if !self.line.is_free(first) || !self.line.begins_a_word(first) {
            return (None, first + 1);
        }
        let mut next = first;
        while let Some((element, verdict)) = self.element(&run) {
            next = element.tokens.end;
            match verdict {
                Verdict::Taken | Verdict::Doubted => {
                    run.doubtful |= matches!(verdict, Verdict::Doubted);
                    run.after = element.tokens.end;
                    run.elements.push(element);
                }
                Verdict::LeftInDoubt | Verdict::Left => {
                    run.doubtful |= matches!(verdict, Verdict::LeftInDoubt);
                    break;
                }
            }
        }
        while !self.line.ends_a_word(run.after) && run.elements.pop().is_some() {
            run.doubtful = true;
            run.after = run.elements.last().map_or(first, |element| element.tokens.end);
        }
        let next = if next > run.after && !run.elements.is_empty() { run.after } else { next.max(first + 1) };
        ((!run.elements.is_empty()).then_some(run), next)
    }

    /// The next piece after a run, and whose it is.
    fn element(&self, run: &Run) -> Option<(Element, Verdict)> {
        let comma = !run.elements.is_empty() && self.line.tokens.get(run.after)?.is_mark(',');
        let first = run.after + usize::from(comma);
        if !self.line.is_free(first) {
            return None;
        }
        let tokens = &self.line.tokens[first..];
        // No time begins with a city or an abbreviation.
        let may_be_zone = !run.elements.is_empty() || matches!(tokens[0].kind, Kind::Zone(_));
        let read = if may_be_zone { first_piece } else { first_piece_of_time };
        let (piece, length) = repeated(self.line, first).or_else(|| read(tokens))?;
        let element = Element { piece, tokens: first..first + length };
        let touches = tokens[0].glued && !comma && !run.elements.is_empty();
        let quoted = element.tokens.clone().any(|token| !self.line.is_free(token));
        if quoted || (touches && !may_touch(run.last_two(), &element.piece.value)) {
            return None;
        }
        let verdict = self.verdict(run, &element);
        Some((element, verdict))
    }

    fn verdict(&self, run: &Run, element: &Element) -> Verdict {
        let said = self.line.word(element.tokens.start).unwrap_or_default();
        let leads = run.elements.is_empty();
        match &element.piece.value {
            Piece::Distance(distance) if distance.back || !self.is_marked(element) => Verdict::Left,
            Piece::Now => Verdict::Left,
            // `thank every client`, but `every 9am`.
            Piece::Repeating if matches!(said, "every" | "each") && element.tokens.len() == 1 => {
                match first_piece_of_time(&self.line.tokens[element.tokens.end..]) {
                    Some((Spanned { value: Piece::Time(_), .. }, _)) => Verdict::Taken,
                    _ => Verdict::Left,
                }
            }
            Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::NoZone => self.place(run, element),
            // `movie night tomorrow`, `6pm evening class`.
            Piece::Part { today: false, .. } if is_part(said) && leads => Verdict::Left,
            Piece::Part { today: false, .. } if is_part(said) => match run.last() {
                Some(Piece::Time(TimeWords::Clock { half: None, .. } | TimeWords::Bare { .. })) => {
                    self.in_doubt(element)
                }
                Some(Piece::Time(_)) => Verdict::Left,
                _ => Verdict::Taken,
            },
            Piece::Digits { value, .. } => match run.last() {
                Some(Piece::Date(DateWords::MonthDay { .. } | DateWords::Numeric { year: None, .. }))
                    if self.is_year_soon(*value) || !self.line.goes_on(element.tokens.end) =>
                {
                    Verdict::Taken
                }
                // `pay friday 1200`
                Some(Piece::Date(_) | Piece::Weekday(_)) if self.line.goes_on(element.tokens.end) => {
                    Verdict::LeftInDoubt
                }
                Some(Piece::Date(_) | Piece::Weekday(_)) => Verdict::Doubted,
                _ => Verdict::Left,
            },
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

fn is_part(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night")
}

/// Whether a name that no zone has begins as those of zones do: `europe/pariss`, but not `and/or`.
fn is_region(name: &str) -> bool {
    let Some((region, _)) = name.split_once('/') else { return false };
    zones::all().any(|zone| zone.split_once('/').is_some_and(|(known, _)| known.eq_ignore_ascii_case(region)))
}

/// `every other day`, `each friday`: what repeats is no one moment, whatever stands beside it.
fn repeated(line: &Line<'_>, first: usize) -> Option<(Spanned<Piece>, usize)> {
    /// How many words may stand between: `every second working day`.
    const BETWEEN: usize = 2;
    if !matches!(line.word(first), Some("every" | "each")) {
        return None;
    }
    let counts = |token: usize| {
        let number = line.tokens.get(token).is_some_and(|token| token.kind == Kind::Number);
        number
            || matches!(
                line.word(token),
                Some(
                    "other"
                        | "single"
                        | "second"
                        | "third"
                        | "fourth"
                        | "few"
                        | "two"
                        | "three"
                        | "four"
                        | "working"
                        | "business"
                )
            )
    };
    let between = (first + 1..).take(BETWEEN).take_while(|token| counts(*token)).count();
    let last = (first + 1..=first + 1 + between).rev().find(|token| line.word(*token).is_some_and(is_period))?;
    let span = line.tokens[first].start..line.end_of(last);
    Some((Spanned { value: Piece::Repeating, span }, last + 1 - first))
}

/// What a time may be repeated by.
fn is_period(word: &str) -> bool {
    const PERIODS: &[&str] = &[
        "second",
        "minute",
        "hour",
        "day",
        "weekday",
        "workday",
        "week",
        "weekend",
        "fortnight",
        "month",
        "quarter",
        "year",
        "morning",
        "afternoon",
        "evening",
        "night",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "tues",
        "wed",
        "weds",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
    ];
    PERIODS.contains(&word) || word.strip_suffix('s').is_some_and(|one| PERIODS.contains(&one))
}
