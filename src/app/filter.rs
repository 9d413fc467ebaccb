//! The filter of a list: words that the person types after `/`. A line passes if it has each of them.
//!
//! A word matches anywhere in a line's texts. From three letters on, letters may be left out (`dntst` matches "dentist"). A
//! word also matches the line's day: `tomorrow`, `fri`, `dec`, `24`, `18:00`. A line with a word after `!` does not pass.
//! Letters are compared as in `app/fold.rs`: in any case, and composed or not.
//!
//! Nothing is ranked, so a matcher of a dozen lines does the work of a fuzzy-finder crate. It copies no text in ASCII, and
//! any other text once for many keys, which keeps a key over 10,000 memos within a frame.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use unicode_segmentation::UnicodeSegmentation as _;
use when::Moment;

use crate::memo::Memo;
use crate::schedule::{Body, Name, Receipt, Schedule};

use super::fold::{folded, is_of_word};
use super::line_input::LineInput;

/// A filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    typed: LineInput,
    /// Whether the keys go to the filter.
    pub typing: bool,
}

impl Filter {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.typed.text()
    }

    /// Whether the filter is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.text().trim().is_empty()
    }

    /// Clears the filter.
    pub(super) fn clear(&mut self) {
        self.typed.clear();
        self.typing = false;
    }

    /// The line in which the person types.
    pub(super) fn line_mut(&mut self) -> &mut LineInput {
        &mut self.typed
    }

    /// The filter, ready to be applied on this day.
    #[must_use]
    pub(super) fn sieve(&self, now: DateTime<Utc>, zone: Tz) -> Sieve {
        let words = self.text().split_whitespace().filter_map(Wanted::new).collect();
        Sieve { words, now, zone }
    }
}

/// A filter, ready to be applied to many lines.
#[derive(Debug, Clone)]
pub struct Sieve {
    words: Vec<Wanted>,
    now: DateTime<Utc>,
    zone: Tz,
}

impl Sieve {
    /// Whether everything passes.
    pub(super) fn lets_all(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a schedule passes.
    pub(super) fn lets(&self, row: &Schedule) -> bool {
        match &row.body {
            Body::Memo(memo) => self.lets_memo(&folded(&memo.text), memo.due),
            Body::Foreign(foreign) => {
                let due = foreign.due.map(|due| Moment::at(due, self.zone));
                self.holds(&[&row.name, &folded(&foreign.about), &foreign.zone, &foreign.expression], due)
            }
        }
    }

    /// Whether a schedule passes, if its text may have been folded before.
    pub(super) fn lets_again(&self, row: &Schedule, texts: &mut FoldedTexts) -> bool {
        match row.memo() {
            Some(memo) if !memo.text.is_ascii() => self.lets_memo(texts.of(&row.name, memo), memo.due),
            Some(_) | None => self.lets(row),
        }
    }

    fn lets_memo(&self, folded: &str, due: Moment) -> bool {
        self.holds(&[folded, due.zone.name()], Some(due))
    }

    /// Whether a line of the history passes, by its texts and its outcome.
    pub(super) fn lets_receipt(&self, receipt: &Receipt) -> bool {
        let outcome = if receipt.is_delivered() { "delivered" } else { "failed" };
        let by_hand = if receipt.by_hand { "run now" } else { "" };
        let (error, zone) = (receipt.error().unwrap_or_default(), receipt.zone.as_deref().unwrap_or_default());
        let texts = [&folded(&receipt.text), &folded(error), zone, outcome, by_hand];
        self.holds(&texts, Some(Moment::at(receipt.at, self.zone)))
    }

    /// Whether a delivery that is not done yet passes, by its texts, its outcome and the time for which it was scheduled.
    pub(super) fn lets_arrival(&self, receipt: &Receipt) -> bool {
        let outcome = if receipt.is_delivered() { "arrived" } else { "failed" };
        let (error, named) = (receipt.error().unwrap_or_default(), receipt.zone.as_deref().unwrap_or_default());
        let zone = when::zones::parse(named).unwrap_or(self.zone);
        let at = Moment::at(receipt.scheduled.unwrap_or(receipt.at), zone);
        self.holds(&[&folded(&receipt.text), &folded(error), named, outcome], Some(at))
    }

    /// Whether a line with these folded texts passes.
    fn holds(&self, texts: &[&str], at: Option<Moment>) -> bool {
        self.words.iter().all(|word| {
            // The day first: it is cheaper than the texts.
            let held = at.is_some_and(|at| word.day.is_of(at, self.now, self.zone))
                || texts.iter().any(|text| word.letters.are_in(text));
            held != word.unwanted
        })
    }
}

/// Whether a text has each of the typed words.
pub(super) fn words_are_in(typed: &str, text: &str) -> bool {
    let text = folded(text);
    typed.split_whitespace().filter_map(Wanted::new).all(|word| word.letters.are_in(&text) != word.unwanted)
}

/// The texts of memos that were folded once, for the next keys of the filter. A text in ASCII needs none.
#[derive(Debug, Clone, Default)]
pub(super) struct FoldedTexts(HashMap<Name, Box<str>>);

impl FoldedTexts {
    fn of(&mut self, name: &Name, memo: &Memo) -> &str {
        self.0.entry(Name::clone(name)).or_insert_with(|| folded(&memo.text).into())
    }

    /// Forgets a text that has changed, or is gone.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Forgets all texts.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// One word of a filter.
#[derive(Debug, Clone)]
struct Wanted {
    unwanted: bool,
    letters: Letters,
    day: DayWord,
}

impl Wanted {
    fn new(typed: &str) -> Option<Self> {
        let (unwanted, word) = typed.strip_prefix('!').map_or((false, typed), |word| (true, word));
        let day = DayWord::new(&word.to_lowercase());
        (!word.is_empty()).then(|| Self { unwanted, letters: Letters::new(word), day })
    }
}

/// The letters of a word, one bit for each position. Both searches read the text once, and advance all their positions with
/// one shift (Baeza-Yates and Gonnet 1992).
#[derive(Debug, Clone)]
struct Letters {
    ascii: Box<[u64; 128]>,
    others: Vec<(char, u64)>,
    last: u64,
    /// Whether letters may be left out. A short word would match nearly every text.
    loose: bool,
}

/// Only this many letters of a longer word count.
const MOST_LETTERS: usize = 64;

/// Letters may be left out of a word of this length.
const LOOSE_FROM: usize = 3;

impl Letters {
    fn new(word: &str) -> Self {
        let (mut ascii, mut others) = (Box::new([0; 128]), Vec::new());
        let mut place = 1_u64;
        let mut last = 0_u64;
        for letter in folded(word).chars().take(MOST_LETTERS).map(|letter| letter.to_ascii_lowercase()) {
            match ascii.get_mut(letter as usize) {
                Some(places) => *places |= place,
                None => others.push((letter, place)),
            }
            last = place;
            place <<= 1;
        }
        // As a person counts: one letter for `é` or `한`, however many parts it has.
        Self { ascii, others, last, loose: word.graphemes(true).count() >= LOOSE_FROM }
    }

    fn places(&self, letter: char) -> u64 {
        self.ascii.get(letter as usize).copied().unwrap_or_else(|| {
            self.others.iter().filter(|(other, _)| *other == letter).fold(0, |places, (_, place)| places | place)
        })
    }

    /// Whether a folded text has the letters.
    fn are_in(&self, text: &str) -> bool {
        if self.loose { self.are_found::<true>(text) } else { self.are_found::<false>(text) }
    }

    /// Whether a text has the letters: all in a row, or in one word that begins with the first of them.
    fn are_found<const LOOSE: bool>(&self, text: &str) -> bool {
        let (mut run, mut loose, mut before) = (0_u64, 0_u64, ' ');
        text.chars().map(|letter| letter.to_ascii_lowercase()).any(|letter| {
            let places = self.places(letter);
            run = (run << 1 | 1) & places;
            if !LOOSE {
                return run & self.last != 0;
            }
            // Most letters are decided without asking what they are. While `loose` is not empty, the letter before is of a word.
            if loose != 0 {
                loose = if is_of_word(letter) { loose | (loose << 1 & places) } else { 0 };
            } else if places & 1 != 0 && is_of_word(letter) && !is_of_word(before) {
                loose = 1;
            }
            before = letter;
            (run | loose) & self.last != 0
        })
    }
}

/// The day or the time that a word may name. Names of days and months match from two letters on.
#[derive(Debug, Clone, Default)]
struct DayWord {
    /// Days of the week, counted from Monday; months, from January; days from today.
    weekdays: Vec<u32>,
    months: Vec<u32>,
    from_today: Vec<i64>,
    /// The day of the month.
    number: Option<u32>,
    /// A date.
    date: Option<NaiveDate>,
    /// The beginning of a time of day.
    clock: Option<String>,
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl DayWord {
    fn new(word: &str) -> Self {
        let named = |names: &[&str]| -> Vec<u32> {
            let begins = |name: &&str| word.len() > 1 && name.starts_with(word);
            (0..).zip(names).filter(|(_, name)| begins(name)).map(|(index, _)| index).collect()
        };
        let from_today = named(&["yesterday", "today", "tomorrow"]).into_iter().map(|index| i64::from(index) - 1);
        Self {
            weekdays: named(&WEEKDAYS),
            months: named(&MONTHS),
            from_today: from_today.collect(),
            number: word.parse().ok(),
            date: word.parse().ok(),
            clock: word.contains(':').then(|| word.to_owned()),
        }
    }

    /// Whether the moment matches, in the memo's own zone. A date is one of the person's days, as in the calendar.
    fn is_of(&self, moment: Moment, now: DateTime<Utc>, mine: Tz) -> bool {
        let at = moment.civil;
        self.weekdays.contains(&at.weekday().num_days_from_monday())
            || self.months.contains(&at.month0())
            || self.number == Some(at.day())
            || self.date.is_some_and(|date| date == Moment::at(moment.instant, mine).civil.date())
            || self.clock.as_ref().is_some_and(|clock| at.format("%H:%M").to_string().starts_with(clock))
            || (!self.from_today.is_empty()
                && self.from_today.contains(&(at.date() - Moment::at(now, moment.zone).civil.date()).num_days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets(filter: &str, text: &str) -> bool {
        let mut typed = Filter::default();
        typed.line_mut().paste(filter);
        let now = "2026-03-04T09:17:00Z".parse().unwrap();
        let due = Moment::at("2026-03-05T17:00:00Z".parse().unwrap(), Tz::Europe__Paris);
        typed.sieve(now, Tz::Europe__Paris).lets_memo(&folded(text), due)
    }

    #[test]
    fn every_word_must_match() {
        assert!(lets("", "anything") && lets("!", "anything"));
        assert!(lets("DENT call", "call the dentist") && !lets("dent tea", "call the dentist"));
        assert!(lets("zoë", "Ask Zoë") && lets("牛乳", "牛乳と卵を買って帰る"));
        assert!(lets("paris", "tea"), "the zone");
    }

    #[test]
    fn letters_match_in_any_case_and_composed_or_not() {
        for (filter, text) in [
            ("Zo\u{eb}", "Ask Zoe\u{308}"),
            ("zoe\u{308}", "Ask ZO\u{cb}"),
            ("strasse", "Lange Straße 7"),
            ("STRASSE", "Lange Straße 7"),
            ("straße", "LANGE STRASSE 7"),
            ("istanbul", "İstanbul"),
            ("İSTANBUL", "ıstanbul"),
            ("ΟΔΟΣ", "μια οδος"),
            ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}어"),
            ("が", "か\u{3099}っこう"),
        ] {
            assert!(lets(filter, text), "{filter} in {text}");
        }
        assert!(lets("elan", "Élan vital"), "an accent may be left out, as any part of a word");
        assert!(!lets("élan", "Elan vital"), "an accent that is typed is wanted");
        assert!(!lets("한글", "하나 같은"), "two letters, however many parts they have, must follow each other");
    }

    #[test]
    fn letters_may_be_left_out_within_a_word() {
        assert!(lets("dntst", "call the dentist"));
        assert!(!lets("ntst", "call the dentist"), "another first letter");
        assert!(!lets("cldn", "call the dentist"), "not across two words");
        assert!(!lets("ct", "the cat"), "two letters are too few");
    }

    #[test]
    fn words_match_the_day() {
        for word in ["tomorrow", "tom", "thu", "thursday", "mar", "march", "5", "18:00", "18:", "2026-03-05"] {
            assert!(lets(word, "x"), "{word}");
        }
        for word in ["today", "fri", "dec", "6", "19:00", "2026-03-06"] {
            assert!(!lets(word, "x"), "{word}");
        }
    }

    #[test]
    fn an_exclamation_mark_excludes_a_word() {
        assert!(!lets("!dent", "call the dentist") && lets("!tea", "call the dentist"));
        assert!(lets("call !tea", "call the dentist") && !lets("call !thu", "call the dentist"));
    }

    #[test]
    fn a_long_word_matches_by_its_beginning() {
        let word = "a".repeat(80);
        assert!(lets(&word, &"a".repeat(70)) && !lets(&word, &"a".repeat(60)));
    }
}
