//! How surely a run of a memo is a time, going by its words and by the words beside it.
//!
//! Knows nothing of dates and clocks: only how people speak of them.

use super::beside;
use super::line::{Line, is_one, is_one_of};
use super::runs::Run;
use crate::grammar::{DateWords, Piece, TimeWords};
use crate::{Guess, zones};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It is none.
    Nothing,
    /// It is one where it stands at an end of the line, and shown as a guess.
    Guess,
    /// It is one.
    Sure,
}

/// Words that what follows them belongs to: `the 5 am crew`, `before friday`, `tom and friday`.
const BINDING: &str = "a an the my your his her its our their this that these those some any no not \
    for from since until till through before after of to about around than with without via per like between into during \
    over under near vs versus at on in and or but if when while as is was are were be called every each \
    first second third fourth last";

/// Words that belong to what stands before them: `tomorrow is a holiday`, `9am to 5pm`.
const CONTINUING: &str = "to until till through thru and or is was are were of than vs versus will would can has never";

/// Days with a name of their own, which are not the next day of that name in the week.
const NAMED_DAYS: &str =
    "black good ash easter palm cyber maundy holy shrove giving whit fat super bloody freaky ruby taco casual";

/// Words that a memo goes on with after a time in its middle.
const RESUMING: &str = "about with at in for from re regarding concerning because near before after via by";

/// Whether a run is a time, and how surely; takes a `by` before it into it.
pub(super) fn settle(run: &mut Run, line: &Line<'_>) -> bool {
    let first = line.is_first(run.first);
    if (!first && belongs_to_memo(line, run.first)) || continues(line, run.after) || is_named_day(run, line) {
        return false;
    }
    run.weight = weight(run, line);
    run.doubt_if(beside::looks_like_its_part(run, line), Guess::Figures);
    if !first && line.word_before(run.first) == Some("by") {
        run.doubt_if(true, Guess::Deadline);
        run.take_word_before(line);
    }
    run.weight > Weight::Nothing
}

/// Whether the word or the mark before a token makes what follows a part of the memo.
pub(super) fn belongs_to_memo(line: &Line<'_>, token: usize) -> bool {
    let mark = token
        .checked_sub(1)
        .is_some_and(|before| is_one_of(&line.tokens[before], &['&', '/', '+', '~', '=', '<', '>', '#', '$']));
    mark || line.word_before(token).is_some_and(|word| is_one(BINDING, word))
}

/// Whether the words before a token may be the zone of a time elsewhere in the line. `flight to Tokyo`
/// is where it goes, `dinner in Tokyo` may be where its clock hangs, too.
pub(super) fn may_be_a_zone_before(line: &Line<'_>, after: usize) -> bool {
    (after.saturating_sub(zones::CITY_WORDS)..after).any(|first| {
        let words: Option<Vec<&str>> = (first..after).map(|token| line.word(token)).collect();
        let named = words.map(|words| words.join(" "));
        named.is_some_and(|name| zones::city(&name).is_some() || zones::is_abbreviation(&name))
            && (line.word_before(first) == Some("in") || !belongs_to_memo(line, first))
    })
}

/// Whether a memo may go on here after a time in its middle.
pub(super) fn may_stand_before(line: &Line<'_>, after: usize) -> bool {
    !line.goes_on(after) || line.word(after).is_some_and(|word| is_one(RESUMING, word))
}

fn continues(line: &Line<'_>, after: usize) -> bool {
    let mark = line.tokens.get(after).is_some_and(|token| is_one_of(token, &['&', '/', '+', '~', '=', '<', '>', '*']));
    let asked = line.after_request(after) > after;
    mark || (!asked && line.word(after).is_some_and(|word| is_one(CONTINUING, word)))
}

fn is_named_day(run: &Run, line: &Line<'_>) -> bool {
    matches!(run.elements.first().map(|first| &first.piece.value), Some(Piece::Weekday(_)))
        && line.word_before(run.first).is_some_and(|word| is_one(NAMED_DAYS, word))
}

fn weight(run: &Run, line: &Line<'_>) -> Weight {
    let dated = run.has(|piece| matches!(piece, Piece::Date(_) | Piece::Weekday(_) | Piece::Distance(_)));
    let timed = run.has(|piece| matches!(piece, Piece::Time(_) | Piece::Part { .. } | Piece::Digits { .. }));
    let repeats = run.has(|piece| matches!(piece, Piece::Repeating));
    if repeats {
        let adverb = line.word(run.first).is_some_and(|word| !matches!(word, "every" | "each"));
        return if adverb && run.elements.len() == 1 { Weight::Nothing } else { Weight::Sure };
    }
    if dated && timed {
        return Weight::Sure;
    }
    run.elements
        .iter()
        .map(|element| alone(&element.piece.value, run, line, element.tokens.start))
        .max()
        .unwrap_or(Weight::Nothing)
}

/// How surely a piece is a time where no other of its kind stands beside it.
fn alone(piece: &Piece, run: &Run, line: &Line<'_>, token: usize) -> Weight {
    let said = line.word(token).unwrap_or_default();
    let with_at = said == "at" || line.tokens[token].is_mark('@');
    match piece {
        Piece::Time(time) if !with_at && may_be_no_time(*time, line.typed(token)) => Weight::Guess,
        Piece::Time(_) | Piece::Distance(_) | Piece::Part { today: true, .. } => Weight::Sure,
        // `call mum in the morning`, but `lock the door at night`.
        Piece::Part { .. } if said == "in" => Weight::Guess,
        Piece::Date(date) => date_alone(*date, run, line, said),
        Piece::Weekday(_) => weekday_alone(run, line, said),
        // At the other end of the line than its time.
        Piece::Zone(_) if run.is_zone() => Weight::Guess,
        _ => Weight::Nothing,
    }
}

/// `read John 3:16`, `watch High Noon`.
fn may_be_no_time(time: TimeWords, hour: &str) -> bool {
    match time {
        TimeWords::Clock { half: None, .. } => hour.len() < 2,
        TimeWords::Noon | TimeWords::Midnight => true,
        _ => false,
    }
}

fn date_alone(date: DateWords, run: &Run, line: &Line<'_>, said: &str) -> Weight {
    let first = line.is_first(run.first);
    match date {
        // What has passed is what a memo may well be about: `write up yesterday`.
        DateWords::FromToday { days: ..0 }
        | DateWords::WeekdayOf { weeks: ..0, .. }
        | DateWords::Weekend { weeks: ..0 }
        | DateWords::Week { weeks: ..0 }
        | DateWords::Month { months: ..0 }
        | DateWords::Year { years: ..0 }
        // `24/7 support`, `3rd attempt`
        | DateWords::Numeric { first: 24, second: 7, year: None } => Weight::Nothing,
        DateWords::DayOfMonth { .. } if said != "on" && first && line.goes_on(run.after) => Weight::Nothing,
        _ if said == "on" => Weight::Sure,
        DateWords::Weekend { .. }
        | DateWords::Week { .. }
        | DateWords::Month { .. }
        | DateWords::Year { .. }
        | DateWords::Numeric { year: None, .. }
        | DateWords::DayOfMonth { .. } => Weight::Guess,
        DateWords::MonthDay { .. } if is_doubtful_month(run, line, said) => Weight::Guess,
        _ => Weight::Sure,
    }
}

/// `march 3 miles`; and `24.12.`, which may be a number at the end of a sentence.
fn is_doubtful_month(run: &Run, line: &Line<'_>, said: &str) -> bool {
    let verb = line.is_first(run.first) && matches!(said, "may" | "march" | "mar");
    verb || line.tokens[run.first..run.after].iter().any(|token| token.is_mark('.'))
}

/// `friday call mum` and `monday blues`; `sun hat` and `call mum sun`.
fn weekday_alone(run: &Run, line: &Line<'_>, said: &str) -> Weight {
    let begins_memo = line.is_first(run.first) && line.goes_on(run.after);
    match said {
        "on" | "this" | "coming" => Weight::Sure,
        "sat" | "sun" | "wed" if begins_memo => Weight::Nothing,
        "sat" | "sun" | "wed" => Weight::Guess,
        _ if begins_memo => Weight::Guess,
        _ => Weight::Sure,
    }
}
