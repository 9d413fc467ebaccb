//! Judges how likely a segment is a time, by its words and by the words next to it.
//!
//! Does not depend on the calendar, only on language.

use super::lexicon::{is_also_a_word, names_day_or_month};
use super::line::{Line, in_list, is_any_mark};
use super::segment::{Confidence, Segment};
use crate::grammar::{DateWords, Piece, TimeWords};
use crate::guess::Guess;
use crate::lex::Kind;
use crate::zones;

/// Words that tie what follows them to the memo: `the 5 am crew`, `before friday`, `tom and friday`.
const BINDING: &str = "a an the my your his her its our their this that these those some any no not \
    for from since until till til through thru before after of to about around than with without via per like between into during \
    over under near vs versus at on in and or but if when while as is was are were be called every each \
    first second third fourth last";

/// Words that tie what precedes them to the memo: `tomorrow is a holiday`, `9am to 5pm`.
const CONTINUING: &str = "to until till through thru and or is was are were of than vs versus will would can has never";

/// Words that make a day of the week a special day, such as `black friday`.
const SPECIAL_DAYS: &str = "black blue manic stormy gloomy sheffield good ash easter palm cyber maundy holy shrove giving whit fat super bloody freaky ruby taco casual";

/// Words with which a memo continues after a time in its middle.
const RESUMING: &str = "about with at in for from re regarding concerning because near before after via by";

/// Sets the confidence of a segment and adds a `by` before it. Returns whether it may be a time.
pub(super) fn judge(segment: &mut Segment, line: &Line<'_>) -> bool {
    let first = line.is_first(segment.first);
    if (!first && belongs_to_memo(line, segment.first))
        || continues(line, segment.after)
        || is_special_day(segment, line)
    {
        return false;
    }
    segment.confidence = confidence(segment, line);
    if is_verse(segment, line) {
        segment.mark_guess(Guess::Numbers);
    }
    if let Some(label) = line.label_before(segment.first) {
        segment.begin_at(label.start, line);
    }
    while !line.is_first(segment.first)
        && line.word_before(segment.first).is_some_and(|word| matches!(word, "by" | "due"))
    {
        segment.mark_guess(Guess::Deadline);
        segment.begin_at(segment.first - 1, line);
    }
    segment.confidence > Confidence::None
}

/// `read John 3:16 tomorrow`; but `call mum 9:30 tomorrow`.
fn is_verse(segment: &Segment, line: &Line<'_>) -> bool {
    let Some(first) = segment.elements.first() else { return false };
    let clock = matches!(first.piece.value, Piece::Time(TimeWords::Clock { half: None, .. }));
    let named = segment.first.checked_sub(1).is_some_and(|before| line.typed(before).starts_with(char::is_uppercase));
    clock && named && line.typed(segment.first).len() == 1 && line.tokens[segment.first].kind == Kind::Number
}

/// Whether the word or mark before a token ties it to the memo.
pub(super) fn belongs_to_memo(line: &Line<'_>, token: usize) -> bool {
    let mark = token
        .checked_sub(1)
        .is_some_and(|before| is_any_mark(&line.tokens[before], &['&', '/', '+', '~', '=', '<', '>', '#', '$']));
    mark || line
        .word_before(token)
        .is_some_and(|word| in_list(BINDING, word) && !is_free_particle(line, token - 1, word))
}

/// Whether a binding word does not tie the token after it to the memo: `bring the washing in at 4pm`, `the till 18:15`,
/// `form 7A mon`.
fn is_free_particle(line: &Line<'_>, token: usize, word: &str) -> bool {
    let before_at = line.word(token + 1) == Some("at") && matches!(word, "in" | "on" | "over" | "through" | "around");
    let noun = word == "till" && line.word_before(token).is_some_and(|word| matches!(word, "the" | "a" | "my" | "our"));
    before_at || noun || line.tokens[token].glued
}

/// Whether the words before a token may be the zone of a time elsewhere in the line: those of
/// `dinner in Tokyo` may be, those of `flight to Tokyo` are a destination.
pub(super) fn may_be_zone_before(line: &Line<'_>, after: usize) -> bool {
    // `Tokyo time`
    let name_ends = after - usize::from(after > 1 && line.word_before(after) == Some("time"));
    (name_ends.saturating_sub(zones::MAX_CITY_WORDS)..name_ends).any(|first| may_be_zone(line, first, name_ends))
}

/// Whether the words from a token on may be the zone of a time elsewhere in the line: `Paris call mum 18:00`.
pub(super) fn may_be_zone_after(line: &Line<'_>, first: usize) -> bool {
    let is_name =
        line.typed(first).starts_with(char::is_uppercase) || line.word(first).is_some_and(|word| !is_also_a_word(word));
    is_name
        && (first + 1..=(first + zones::MAX_CITY_WORDS).min(line.end())).any(|after| may_be_zone(line, first, after))
}

fn may_be_zone(line: &Line<'_>, first: usize, after: usize) -> bool {
    let words: Option<Vec<&str>> = (first..after).map(|token| line.word(token)).collect();
    let named = words.map(|words| words.join(" "));
    named.is_some_and(|name| zones::city(&name).is_some() || zones::is_abbreviation(&name))
        && (line.word_before(first) == Some("in") || !belongs_to_memo(line, first))
}

/// Whether a time may be in the middle of a memo that continues at this token.
pub(super) fn memo_may_resume(line: &Line<'_>, after: usize) -> bool {
    !line.memo_continues(after) || line.word(after).is_some_and(|word| in_list(RESUMING, word))
}

fn continues(line: &Line<'_>, after: usize) -> bool {
    let mark =
        line.tokens.get(after).is_some_and(|token| is_any_mark(token, &['&', '/', '+', '~', '=', '<', '>', '*']));
    let request = line.after_request(after) > after;
    mark || (!request && !is_destination(line, after) && line.word(after).is_some_and(|word| in_list(CONTINUING, word)))
}

/// `train 18:05 to London`.
fn is_destination(line: &Line<'_>, to: usize) -> bool {
    line.word(to) == Some("to")
        && line.word(to + 1).is_some_and(|word| !names_day_or_month(word))
        && line.typed(to + 1).starts_with(char::is_uppercase)
}

fn is_special_day(segment: &Segment, line: &Line<'_>) -> bool {
    matches!(segment.elements.first().map(|first| &first.piece.value), Some(Piece::Weekday(_)))
        && line.word_before(segment.first).is_some_and(makes_special_day)
}

/// Whether a word makes a day of the week after it a special day: `black friday`.
pub(super) fn makes_special_day(word: &str) -> bool {
    in_list(SPECIAL_DAYS, word)
}

fn confidence(segment: &Segment, line: &Line<'_>) -> Confidence {
    let dated = segment.has_day();
    let timed = segment.has_time();
    let repeats = segment.has(|piece| matches!(piece, Piece::Repeating));
    if repeats {
        let adverb = line.word(segment.first).is_some_and(|word| !matches!(word, "every" | "each"));
        return if adverb && segment.elements.len() == 1 { Confidence::None } else { Confidence::Sure };
    }
    if dated && timed {
        return Confidence::Sure;
    }
    segment
        .elements
        .iter()
        .map(|element| alone(&element.piece.value, segment, line, element.tokens.start))
        .max()
        .unwrap_or(Confidence::None)
}

/// The confidence of a single piece.
fn alone(piece: &Piece, segment: &Segment, line: &Line<'_>, token: usize) -> Confidence {
    let word = line.word(token).unwrap_or_default();
    let with_at = word == "at" || line.tokens[token].is_mark('@');
    match piece {
        Piece::Time(time) if !with_at && may_not_be_time(*time, line.typed(token)) => Confidence::Guess,
        Piece::Time(_) | Piece::Distance(_) | Piece::Part { today: true, .. } => Confidence::Sure,
        // `call mum in the morning`, but `lock the door at night`.
        Piece::Part { .. } if word == "in" => Confidence::Guess,
        Piece::Date(date) => date_alone(*date, segment, line, word),
        Piece::Weekday(_) | Piece::ThisWeekday(_) => weekday_alone(segment, line, word),
        Piece::HoursOrClock { .. } => Confidence::Guess,
        // The time is at the other end of the line.
        Piece::Zone(_) if segment.is_zone() => Confidence::Guess,
        _ => Confidence::None,
    }
}

/// `read John 3:16`, `watch High Noon`.
fn may_not_be_time(time: TimeWords, hour: &str) -> bool {
    match time {
        TimeWords::Clock { half: None, .. } => hour.len() < 2,
        TimeWords::Noon | TimeWords::Midnight => true,
        _ => false,
    }
}

fn date_alone(date: DateWords, segment: &Segment, line: &Line<'_>, word: &str) -> Confidence {
    let first = line.is_first(segment.first);
    match date {
        // A memo is often about something in the past: `write up yesterday`.
        DateWords::FromToday { days: ..0 }
        | DateWords::WeekdayOf { weeks: ..0, .. }
        | DateWords::Weekend { weeks: ..0 }
        | DateWords::Week { weeks: ..0 }
        | DateWords::Month { months: ..0 }
        | DateWords::Year { years: ..0 }
        // `24/7 support`, `3rd attempt`
        | DateWords::Numeric { first: 24, second: 7, year: None } => Confidence::None,
        DateWords::DayOfMonth { .. } if word != "on" && first && line.memo_continues(segment.after) => Confidence::None,
        _ if word == "on" => Confidence::Sure,
        DateWords::Weekend { .. }
        | DateWords::Week { .. }
        | DateWords::Month { .. }
        | DateWords::Year { .. }
        | DateWords::Numeric { year: None, .. }
        | DateWords::DayOfMonth { .. } => Confidence::Guess,
        DateWords::MonthDay { .. } if is_uncertain_month(segment, line, word) => Confidence::Guess,
        _ => Confidence::Sure,
    }
}

/// `march 3 miles`; and `24.12.`, which may be a number at the end of a sentence.
fn is_uncertain_month(segment: &Segment, line: &Line<'_>, word: &str) -> bool {
    let verb = line.is_first(segment.first) && matches!(word, "may" | "march" | "mar");
    verb || line.tokens[segment.first..segment.after].iter().any(|token| token.is_mark('.'))
}

/// `friday call mum` and `monday blues`; `sun hat` and `call mum sun`.
fn weekday_alone(segment: &Segment, line: &Line<'_>, word: &str) -> Confidence {
    let begins_memo = line.is_first(segment.first) && line.memo_continues(segment.after);
    match word {
        "on" | "this" | "coming" => Confidence::Sure,
        "sat" | "sun" | "wed" if begins_memo => Confidence::None,
        "sat" | "sun" | "wed" => Confidence::Guess,
        _ if begins_memo => Confidence::Guess,
        _ => Confidence::Sure,
    }
}
