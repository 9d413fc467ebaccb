//! Judges figures that are left in a memo: may they be a date, an hour, a range of hours?
//!
//! Does not depend on words, except for those in the same group (`9am`, `5th`).

use chrono::NaiveDate;

use super::line::is_any_mark;
use crate::lex::{Kind, Token};

/// What a group of figures without a space may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    /// A date or a time, whatever is next to it: `2026-03-06`, `24/12/26`, `14:00-15:00`, `2026-W12`.
    DateOrTime,
    /// `4/7`, `5-22`, `24.12`: a date, or a fraction, a range, a size.
    Pair,
    /// `10.3`: a date only beside the time.
    Decimal,
    /// `5th`.
    Ordinal,
    /// `9am`, `6p`, `18h`, `6ish`.
    Hour,
    /// `1830`.
    FourDigits,
    /// `6`.
    Number,
}

/// Classifies the tokens of a group, if it is made of figures. Marks around it are left out already.
pub(super) fn figures(group: &[Token<'_>]) -> Option<Figures> {
    let first = group.first().filter(|token| token.kind == Kind::Number)?;
    match group {
        [number] => return single(number.text),
        [number, word] if word.kind == Kind::Word => return with_ending(number.text, word.text),
        [number, dash, ish] if dash.is_mark('-') && ish.is_word("ish") => return with_ending(number.text, "ish"),
        _ => {}
    }
    let numbers: Vec<&str> = group.iter().filter(|token| token.kind == Kind::Number).map(|token| token.text).collect();
    if first.text.len() == 4
        && group.get(1..3).is_some_and(|week| week[0].is_mark('-') && week[1].text.starts_with('w'))
    {
        return Some(Figures::DateOrTime);
    }
    if !group.iter().all(is_part_of_a_time) {
        return None;
    }
    let with = |mark: char| group.iter().any(|token| token.is_mark(mark));
    let has_half = group.iter().any(|token| token.is_word("am") || token.is_word("pm"));
    match numbers.as_slice() {
        _ if has_half => Some(Figures::DateOrTime),
        [hour, minute, ..] if with(':') || group[1].is_word("h") => {
            let is_clock = value(hour) < 25 && minute.len() == 2 && value(minute) < 60;
            is_clock.then_some(Figures::DateOrTime)
        }
        [one, other] if group.len() == 3 => pair(one, other, with('.')),
        [one, two, three] if group.len() == 5 => triple([one, two, three], with('.')),
        [year, month, day, ..] if year.len() == 4 && is_day(value(month), value(day)) => Some(Figures::DateOrTime),
        _ => None,
    }
}

/// The figures, the marks and the letters of which dates and times are made.
fn is_part_of_a_time(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Number => true,
        Kind::Mark => is_any_mark(token, &['/', '-', '–', '.', ':']),
        Kind::Word => matches!(token.text, "am" | "pm" | "a" | "p" | "h" | "t" | "z"),
        Kind::Zone(_) | Kind::UnknownZone => false,
    }
}

fn single(number: &str) -> Option<Figures> {
    match number.len() {
        1 | 2 if value(number) <= 24 => Some(Figures::Number),
        4 if value(number) / 100 < 24 && value(number) % 100 < 60 => Some(Figures::FourDigits),
        8 => {
            let (year, month, day) = (value(&number[..4]), value(&number[4..6]), value(&number[6..]));
            let exists = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).is_some();
            (exists && (2020..2100).contains(&year)).then_some(Figures::DateOrTime)
        }
        _ => None,
    }
}

fn with_ending(number: &str, ending: &str) -> Option<Figures> {
    match ending {
        "st" | "nd" | "rd" | "th" if (1..=31).contains(&value(number)) => Some(Figures::Ordinal),
        "am" | "pm" | "ish" if number.len() <= 4 => Some(Figures::Hour),
        "a" | "p" if number.len() <= 2 && (1..=12).contains(&value(number)) => Some(Figures::Hour),
        "h" if number.len() == 2 && (10..24).contains(&value(number)) => Some(Figures::Hour),
        _ => None,
    }
}

/// `24/7` is not a date, and `1/2` is mostly a half.
fn pair(one: &str, other: &str, dotted: bool) -> Option<Figures> {
    let (first, second) = (value(one), value(other));
    let short = one.len() <= 2 && other.len() <= 2;
    let is_date =
        if dotted { other.len() == 2 && is_day(second, first) } else { is_day(first, second) || is_day(second, first) };
    let is_clock = dotted && other.len() == 2 && first < 24 && second < 60;
    if short && (is_date || is_clock) && (first, second) != (24, 7) {
        return Some(Figures::Pair);
    }
    (short && dotted).then_some(Figures::Decimal)
}

/// `24/12/26` and `2026-03-06`, but not the version `1.2.3`.
fn triple(numbers: [&str; 3], dotted: bool) -> Option<Figures> {
    let [first, second, third] = numbers.map(value);
    let lengths = numbers.map(str::len);
    let is_date = match lengths {
        [4, 1 | 2, 1 | 2] => is_day(second, third),
        [1 | 2, 1 | 2, 4] => is_day(second, first) || (!dotted && is_day(first, second)),
        [1 | 2, 1 | 2, 2] if dotted => is_day(second, first),
        [1 | 2, 1 | 2, 2] => is_day(second, first) || is_day(first, second) || is_day(second, third),
        _ => false,
    };
    is_date.then_some(Figures::DateOrTime)
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// The value of figures; one that is too large is not part of a time.
fn value(figures: &str) -> u32 {
    figures.parse().unwrap_or(u32::MAX)
}
