//! Finds what looks like a part of a time in the memo that is left: a weekday, a date, an hour, a repetition, or a
//! mistyped word of these.
//!
//! A time is certain only if nothing of the kind is left. What belongs to the memo must stay free, or every line would
//! be a guess: prices, versions, phone numbers, titles, `the daily report`.
//!
//! Does not depend on the calendar, only on language.

use std::borrow::Cow;
use std::ops::Range;

use super::confidence;
use super::figures::{Figures, figures};
use super::lexicon::{
    Look, Looks, ShortNames, counts, is_about_an_hour, is_mistyped, is_mistyped_preposition, is_mistyped_short,
    looks_like, names_day_or_month,
};
use super::line::{Line, in_list, is_any_mark, is_label};
use super::ownership::{has_known_region, repeated};
use super::segment::Segment;
use crate::grammar::{Piece, is_number_word, month_named, weekday_named};
use crate::lex::{Kind, Token};
use crate::zones;

/// Words just before or after a time that change it.
const CHANGING: &str = "late early mid nxt next coming following alternate starting approx approximately roughly circa past half almost nearly";

/// Words just after a time that change it.
const CHANGING_AFTER: &str = "late early ish week weeks fortnight weekly latest earliest";

/// `end of` and the like before a time.
const EDGES: &str = "end start beginning middle rest";

/// Words that make a time of a number after them.
const BEFORE_HOURS: &str = "at around about circa approx approximately until till from between past after before by to";

/// Words that make what follows a part of the memo: `the daily report`, `my morning run`.
const DETERMINERS: &str = "a an the my your his her its our their this that these those some any no";

/// Nouns that a number follows: `chapter 5`.
const NUMBERED: &str = "chapter ch page p pp room rm flat apt apartment suite unit floor level gate \
    platform terminal bus line tram train flight route bay seat row table track lane exit junction stop step part \
    episode ep season series volume vol issue no number nr question exercise lesson \
    unit phase round stage task ticket bug item section version v release sprint grade class year group \
    team size age aged score locker box door house hall building block ward bed pen \
    python java node psalm verse act scene day week module figure fig table appendix";

/// Words after a number that are not what it counts.
const FUNCTION_WORDS: &str =
    "with at on in for to from about and or but by of re via near before after until till then";

/// Nouns that a range or a decimal counts, beside the plurals in `s`.
const COUNTED: &str = "people men women children kg g mg kilo km m cm mm ml l gb mb tb in ft lb oz mph kmh kwh hp inch \
    foot feet mile percent cup tsp tbsp pint litre liter kid person euro eur usd dollar pound";

/// Words that name a holiday with `day` after them.
const HOLIDAYS_BEFORE_DAY: &str = "boxing labor labour memorial independence columbus veterans presidents mother's \
    mothers father's fathers patrick's groundhog australia canada bastille victoria anzac martin king's election";

/// What the time lacks, so that the memo may hold it. A distance lacks nothing.
#[derive(Debug, Clone, Copy)]
struct Lacks {
    hour: bool,
    day: bool,
}

impl Lacks {
    fn of(segments: &[Segment]) -> Self {
        let any = |is: fn(&Segment) -> bool| segments.iter().any(is);
        let distance = any(|segment| segment.has(|piece| matches!(piece, Piece::Distance(_))));
        let today = any(|segment| segment.has(|piece| matches!(piece, Piece::Part { today: true, .. })));
        Self { hour: !distance && !any(Segment::has_time), day: !today && !any(Segment::has_day) }
    }
}

/// The bytes of the first part of the memo that looks like a time.
pub(super) fn find(line: &Line<'_>, segments: &[Segment]) -> Option<Range<usize>> {
    let mut taken = vec![false; line.tokens.len()];
    for segment in segments {
        taken[segment.first..segment.after].fill(true);
    }
    let memo = Memo { line, taken, lacks: Lacks::of(segments), segments };
    let mut first = line.lead();
    while first < line.end() {
        let after = memo.group_after(first);
        if let Some(tokens) = memo.looks_like_time(first..after) {
            return Some(line.tokens[tokens.start].start..line.tokens[tokens.end - 1].end);
        }
        first = after;
    }
    None
}

/// The memo of a line.
struct Memo<'a, 's> {
    line: &'a Line<'s>,
    /// For each token, whether it belongs to the time.
    taken: Vec<bool>,
    lacks: Lacks,
    segments: &'a [Segment],
}

impl<'s> Memo<'_, 's> {
    /// The token after the group without a space that begins at a token.
    fn group_after(&self, first: usize) -> usize {
        let ends = |token: usize| {
            !self.line.tokens[token].glued || self.taken[token] != self.taken[first] || !self.is_free(token)
        };
        (first + 1..self.line.tokens.len()).find(|token| ends(*token)).unwrap_or(self.line.tokens.len())
    }

    /// Whether there is such a token, in the memo and not quoted.
    fn is_free(&self, token: usize) -> bool {
        self.line.is_unquoted(token) && self.taken.get(token) == Some(&false)
    }

    /// A word of the memo in lower case.
    fn word(&self, token: usize) -> Option<&'s str> {
        self.line.word(token).filter(|_| self.is_free(token))
    }

    fn word_before(&self, token: usize) -> Option<&'s str> {
        token.checked_sub(1).and_then(|before| self.word(before))
    }

    fn word_before_is_in(&self, token: usize, list: &str) -> bool {
        self.word_before(token).is_some_and(|word| in_list(list, word))
    }

    /// Whether the time begins at this token, perhaps after a comma.
    fn time_begins(&self, token: usize) -> bool {
        let token = token + usize::from(self.line.tokens.get(token).is_some_and(|mark| mark.is_mark(',')));
        self.segments.iter().any(|segment| segment.first == token)
    }

    fn time_ends(&self, token: usize) -> bool {
        self.segments.iter().any(|segment| segment.after == token)
    }

    /// Whether a memo word that may be a noun follows.
    fn noun_follows(&self, token: usize) -> bool {
        self.word(token).is_some_and(|word| {
            !in_list(FUNCTION_WORDS, word) && !looks_like(Look::Unit, word) && !names_day_or_month(word)
        })
    }

    /// The tokens of a group that look like a time, if any do.
    fn looks_like_time(&self, group: Range<usize>) -> Option<Range<usize>> {
        if !self.is_free(group.start) {
            return None;
        }
        let tokens = &self.line.tokens[group.clone()];
        let is_opening = |token: &&Token<'_>| is_any_mark(token, &['(', '[', '~', '\'', '*', '+', '-', '−']);
        let opening = tokens.iter().take_while(is_opening).count();
        let is_closing = |token: &&Token<'_>| is_any_mark(token, &[')', ']', ',', ';', '.', '!', '?', ':']);
        let closing = tokens[opening..].iter().rev().take_while(is_closing).count();
        let inner = group.start + opening..group.end - closing;
        if inner.is_empty() {
            return None;
        }
        if let Some(label) = self.label(group.clone()) {
            return Some(label);
        }
        // `2x a week`
        let times = (self.word(inner.end - 1) == Some("x"))
            .then(|| self.repeats(inner.end - 1, "x", Looks::default()))
            .flatten();
        if let Some(after) = times {
            return Some(inner.start..after);
        }
        if self.line.tokens[inner.start].kind == Kind::Number {
            return self.figures(inner);
        }
        // `mar-6`, `fri/13`
        let is_dated = self.line.tokens[inner.clone()].iter().any(|token| token.kind == Kind::Number);
        let is_month =
            |word: &str| names_day_or_month(word) || (self.lacks.day && is_mistyped_short(word, ShortNames::Months));
        if is_dated && inner.len() == 3 && self.word(inner.start).is_some_and(is_month) {
            return Some(inner);
        }
        // `UTC+2`
        if matches!(self.word(inner.start), Some("utc" | "gmt")) && inner.len() > 1 {
            return Some(inner);
        }
        if is_name(&self.line.tokens[inner.clone()]) {
            return None;
        }
        inner
            .clone()
            .find_map(|token| self.joined_by_a_slash(token).or_else(|| self.word_looks_like_time(token, inner.clone())))
    }

    /// `mon/thu`, which the lexer takes for the name of a zone, and `Urope/Paris`.
    fn joined_by_a_slash(&self, token: usize) -> Option<Range<usize>> {
        let found = self.line.tokens.get(token).filter(|found| found.kind == Kind::UnknownZone)?;
        let days = found.text.split('/').all(|part| names_day_or_month(part) || part == "weekend");
        let zone = has_known_region(found.text)
            || found.text.rsplit('/').next().is_some_and(|city| zones::city(city).is_some());
        (days || zone).then(|| token..token + 1)
    }

    /// `due:`, `remind:`.
    fn label(&self, group: Range<usize>) -> Option<Range<usize>> {
        self.word(group.start).filter(|word| is_label(word))?;
        let colon = group.start + 1;
        let has_colon = colon < group.end && self.line.tokens[colon].is_mark(':');
        // `at://`
        let is_link = self.line.tokens.get(colon + 1).is_some_and(|next| next.glued && next.is_mark('/'));
        (has_colon && !is_link).then(|| group.start..colon + 1)
    }

    fn figures(&self, group: Range<usize>) -> Option<Range<usize>> {
        let Range { start, end } = group;
        let at_end = self.line.is_last(end);
        let numbered = self.word_before(start).is_some_and(|word| {
            in_list(NUMBERED, word) || word.strip_suffix('s').is_some_and(|one| in_list(NUMBERED, one))
        });
        let led = self.word_before_is_in(start, BEFORE_HOURS);
        let beside = self.time_begins(end) || self.time_ends(start);
        let next = self.word(end);
        let counted = next.is_some_and(|word| in_list(COUNTED, word) || (word.len() > 3 && word.ends_with('s')));
        // `6-ar`, `2/jux/2026`
        let mistyped = |token: usize| {
            self.word(token).is_some_and(|word| is_mistyped_short(word, ShortNames::Months) || is_mistyped(word))
        };
        if group.len() > 2 && is_any_mark(&self.line.tokens[start + 1], &['-', '/', '.']) && mistyped(start + 2) {
            return Some(group);
        }
        let found = match figures(&self.line.tokens[group.clone()])? {
            Figures::DateOrTime => true,
            Figures::Pair => {
                let fraction = self.line.tokens[start + 1].is_mark('/')
                    && (self.noun_follows(end) || next == Some("of"))
                    && self.is_fraction(start);
                !counted && !numbered && !fraction
            }
            Figures::Ordinal => !self.noun_follows(end) || self.word_before(start) == Some("on") || next == Some("of"),
            Figures::Hour => self.lacks.hour || self.line.tokens[end - 1].is_word("ish"),
            Figures::Decimal => beside && !counted && (self.lacks.hour || self.lacks.day),
            Figures::FourDigits => self.lacks.hour && (beside || (!numbered && (at_end || led))),
            Figures::Number if self.is_before_something(end) => true,
            Figures::Number if self.lacks.hour && self.time_ends(start) => true,
            Figures::Number => {
                let follows = self.noun_follows(end) && !self.time_begins(end);
                let hours = next == Some("h");
                self.lacks.hour && !numbered && (hours || !follows) && (at_end || led || hours || self.time_begins(end))
            }
        };
        found.then_some(group)
    }

    /// `2 hours before the flight`
    fn is_before_something(&self, unit: usize) -> bool {
        self.word(unit).is_some_and(|word| looks_like(Look::Unit, word))
            && self.word(unit + 1).is_some_and(|word| matches!(word, "before" | "after" | "prior"))
    }

    /// `1/2`, `3/4`.
    fn is_fraction(&self, first: usize) -> bool {
        let typed = [first, first + 2].map(|token| self.line.tokens[token].text);
        matches!(typed, ["1", "2" | "3" | "4" | "8"] | ["2", "3"] | ["3", "4" | "8"])
    }

    /// The tokens that a word makes look like a time.
    fn word_looks_like_time(&self, token: usize, group: Range<usize>) -> Option<Range<usize>> {
        let word = self.word(token)?;
        let lower: Cow<'_, str> = if word.is_ascii() { word.into() } else { word.to_lowercase().into() };
        let (looks, alone) = (Looks::of(&lower), token..token + 1);
        if names_day_or_month(word) {
            return self.name_looks_like_time(token, group);
        }
        // `le 5 mars`; but `a bar on Mars`
        if matches!(&*lower, "mars" | "mai" | "mayo") && self.number_beside(token) {
            return Some(alone);
        }
        if looks.has(Look::Foreign) || is_mistyped(&lower) {
            return (!self.is_in_title(token)).then_some(alone);
        }
        if let Some(mistyped) = self.mistyped_beside_the_time(token, &lower) {
            return Some(mistyped);
        }
        if group.len() > 1 && group.len() != 3 {
            return None;
        }
        if let Some(after) = self.holiday(token, word, looks) {
            return Some(token..after);
        }
        if let Some(after) = self.repeats(token, word, looks) {
            return Some(token..after);
        }
        if let Some(counted) = self.counts_a_unit(token, word, looks) {
            return Some(counted);
        }
        if let Some(changed) = self.changes_the_time(token, word) {
            return Some(changed);
        }
        if self.lacks.hour
            && let Some(hour) = self.spoken_hour(token, group)
        {
            return Some(hour);
        }
        let described = || self.word_before_is_in(token, DETERMINERS) && self.noun_follows(token + 1);
        let hour = is_about_an_hour(word) || (self.lacks.hour && looks.has(Look::Hour) && !described());
        hour.then_some(alone)
    }

    /// `call mum fru 18:00`, `24 dex 18:00`, `in 3 dys at 9am`, `our pm friday`: short words are judged only beside the
    /// time, because most near misses of them are other words. A name has a capital.
    fn mistyped_beside_the_time(&self, token: usize, word: &str) -> Option<Range<usize>> {
        if self.line.typed(token).starts_with(char::is_uppercase) {
            return None;
        }
        let beside = self.time_begins(token + 1) || self.time_ends(token);
        let day = beside && is_mistyped_short(word, ShortNames::Days);
        let month = self.number_beside(token) && is_mistyped_short(word, ShortNames::Months);
        if self.lacks.day && (day || month) {
            return Some(token..token + 1);
        }
        let number = |token: usize| {
            self.line.tokens.get(token).is_some_and(|found| found.kind == Kind::Number)
                || self.word(token).is_some_and(|word| counts(word) || word == "a")
        };
        let counted = token.checked_sub(1).filter(|before| self.is_free(*before) && number(*before));
        let before_time = self.time_begins(token + 1) || matches!(self.word(token + 1), Some("from" | "on"));
        if let Some(count) = counted.filter(|_| before_time && is_mistyped_short(word, ShortNames::Units)) {
            return Some(count..token + 1);
        }
        (self.lacks.hour && beside && matches!(word, "am" | "pm")).then(|| token.saturating_sub(1)..token + 1)
    }

    /// Whether a number of the memo is next to a token.
    fn number_beside(&self, token: usize) -> bool {
        // `6. march`
        let before = token
            .checked_sub(1)
            .map(|before| before - usize::from(self.line.tokens[before].is_mark('.') && before > 0));
        [before, Some(token + 1)].into_iter().flatten().any(|beside| {
            let number = self.line.tokens.get(beside).is_some_and(|token| token.kind == Kind::Number);
            number && self.is_free(beside)
        })
    }

    /// `ten to nine`, `seven thirty`, and `six` at the end of the line; but `two to three people`, `chapter six`.
    fn spoken_hour(&self, token: usize, group: Range<usize>) -> Option<Range<usize>> {
        let is_number = |token: usize| self.word(token).is_some_and(is_number_word);
        if !is_number(token) || self.word_before(token).is_some_and(|word| in_list(NUMBERED, word)) {
            return None;
        }
        let joined = group.len() == 3 && token == group.start && is_number(token + 2);
        let after = match self.word(token + 1) {
            Some("to" | "past") if is_number(token + 2) => token + 3,
            Some(word) if is_number_word(word) => token + 2,
            _ if joined => token + 3,
            _ if self.line.is_last(token + 1) || self.time_begins(token + 1) => token + 1,
            _ => return None,
        };
        (!self.noun_follows(after)).then_some(token..after)
    }

    /// The name of a day or a month.
    fn name_looks_like_time(&self, token: usize, group: Range<usize>) -> Option<Range<usize>> {
        let word = self.word(token)?;
        let joined =
            |other: usize| group.contains(&other) && self.word(other).is_some_and(|word| weekday_named(word).is_some());
        // `mon/thu`
        if weekday_named(word).is_some() && joined(token + 2) {
            return Some(token..token + 3);
        }
        if self.is_in_title(token) || self.word_before(token).is_some_and(confidence::makes_special_day) {
            return None;
        }
        // `tomorrow buy tickets for friday`
        if self.word_before(token) == Some("for") && !self.lacks.day {
            return None;
        }
        let led = self.word_before(token).is_some_and(|word| looks_like(Look::Lead, word));
        let near = self.time_begins(token + 1) || self.time_ends(token);
        let certain =
            !looks_like(Look::Homonym, word) || led || self.number_beside(token) || near && month_named(word).is_none();
        let is_number = |token: usize| self.is_free(token) && self.line.tokens[token].kind == Kind::Number;
        let is_month = month_named(word).is_some();
        let first = token.checked_sub(1).filter(|before| is_month && is_number(*before)).unwrap_or(token);
        let after = token + 1 + usize::from(is_month && first == token && is_number(token + 1));
        certain.then_some(first..after)
    }

    /// `Friday Night Lights`: words of a title in capitals. The first word of a line is always in a capital.
    fn is_in_title(&self, token: usize) -> bool {
        let capital = |token: usize| {
            let first = self.line.typed(token).chars().next();
            self.word(token).is_some() && first.is_some_and(char::is_uppercase)
        };
        token > self.line.lead() && capital(token) && capital(token + 1)
    }

    /// The token after a repetition: `daily`, `each friday`, `once a day`, `3 times a week`; but `the daily report`.
    fn repeats(&self, token: usize, word: &str, looks: Looks) -> Option<usize> {
        let is_period = |token: usize| self.word(token).is_some_and(|word| looks_like(Look::Unit, word));
        let is_article =
            |token: usize| self.word(token).is_some_and(|word| matches!(word, "a" | "an" | "per" | "each" | "every"));
        match word {
            "once" | "twice" | "thrice" | "times" | "x" if is_article(token + 1) && is_period(token + 2) => {
                Some(token + 3)
            }
            "each" | "every" => repeated(self.line, token).map(|(_, count)| token + count),
            "per" if is_period(token + 1) => Some(token + 2),
            _ if looks.has(Look::Repeating) && !self.word_before_is_in(token, DETERMINERS) => Some(token + 1),
            _ => None,
        }
    }

    /// The token after a holiday; but `christmas dinner`.
    fn holiday(&self, token: usize, word: &str, looks: Looks) -> Option<usize> {
        let next = self.word(token + 1).unwrap_or_default();
        let of_two_words = match next {
            "day" => in_list(HOLIDAYS_BEFORE_DAY, word),
            "year" | "years" | "year's" | "year’s" => word == "new",
            "holiday" => word == "bank",
            _ => false,
        };
        if of_two_words {
            return Some(token + 2);
        }
        (looks.has(Look::Holiday) && !looks_like(Look::Festive, next)).then_some(token + 1)
    }

    /// `twenty minutes`, `a few days`; but `a two week holiday`, `for three hours`, `half an hour of yoga`.
    fn counts_a_unit(&self, token: usize, word: &str, looks: Looks) -> Option<Range<usize>> {
        if !looks.has(Look::Count) && !is_number_word(word) {
            return None;
        }
        let unit = (token + 1..token + 4).find(|at| self.word(*at).is_some_and(|word| looks_like(Look::Unit, word)))?;
        let linked = (token + 1..unit).all(|at| {
            self.word(at).is_some_and(|word| counts(word) || matches!(word, "of" | "a" | "an" | "and" | "or" | "more"))
        });
        let led_by_memo =
            self.word_before_is_in(token, DETERMINERS) && word != "few" && word != "couple" && word != "half"
                || self.word_before_is_in(token, "for last past first every each within");
        let described = self.noun_follows(unit + 1) || self.word(unit + 1) == Some("of");
        if linked && self.word(unit + 1).is_some_and(|word| matches!(word, "before" | "after" | "prior")) {
            return Some(token..unit + 2);
        }
        (linked && !led_by_memo && !described).then(|| token..unit + 1)
    }

    /// `late`, `nxt` or `end of` beside the time, and `next week` anywhere.
    fn changes_the_time(&self, token: usize, word: &str) -> Option<Range<usize>> {
        let changes_next = self.time_begins(token + 1) && (in_list(CHANGING, word) || is_mistyped_preposition(word));
        let changes_last = self.time_ends(token) && in_list(CHANGING_AFTER, word);
        if word == "first" && self.word(token + 1) == Some("thing") && self.time_begins(token + 2) {
            return Some(token..token + 2);
        }
        let edge = self.word(token + 1) == Some("of") && self.time_begins(token + 2) && in_list(EDGES, word);
        if edge {
            return Some(token..token + 2);
        }
        // `week on friday`, `hundred and five minutes from now`
        let counts_time = self.time_begins(token + 1)
            && (looks_like(Look::Count, word)
                || (matches!(word, "week" | "weeks" | "fortnight" | "day" | "days" | "month" | "months")
                    && !self.word_before_is_in(token, DETERMINERS)));
        let period = matches!(word, "next" | "nxt" | "coming")
            && self.word(token + 1).is_some_and(|word| looks_like(Look::Unit, word) || names_day_or_month(word));
        if period {
            return Some(token..token + 2);
        }
        let half_of = matches!(word, "half" | "quarter")
            && self.word(token + 1).is_some_and(|word| matches!(word, "past" | "to") || is_number_word(word));
        (changes_next || changes_last || counts_time || half_of && self.lacks.hour).then(|| token..token + 1)
    }
}

/// Whether a group is a link, an address, a tag or the name of a file, in which words do not name times.
fn is_name(group: &[Token<'_>]) -> bool {
    let marks = ['#', '@', '_', '\\', '=', '&', '<', '>', '$', '£', '€', '¥'];
    let dot_inside = group.windows(2).any(|pair| is_any_mark(&pair[0], &['.', ':']) && pair[1].glued);
    group.iter().any(|token| is_any_mark(token, &marks) || token.kind == Kind::Number) || dot_inside
}
