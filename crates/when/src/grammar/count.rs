//! Parses numbers in words: `five`, `twenty five`, `twenty-fifth`.
//!
//! Does not depend on what they count.

use winnow::combinator::{alt, opt, preceded};
use winnow::prelude::*;

use super::tokens::{Parsed, Tokens, one_word, touching, touching_mark};

/// A number from 1 to 99 in words. `a` is not one.
pub(super) fn count(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    alt(((one_word(tens), opt(preceded(joint, one_word(unit_word)))).map(sum), one_word(simple))).parse_next(input)
}

/// A number from 1 to 19 in words.
pub(super) fn hour_word(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    one_word(simple).parse_next(input)
}

/// The place of a day in its month in words, from 1 to 31: `first`, `twenty-fifth`.
pub(super) fn ordinal(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    let compound = (one_word(tens), preceded(joint, one_word(unit_ordinal))).map(|(tens, unit)| tens + unit);
    alt((compound, one_word(simple_ordinal))).verify(|day| (1..=31).contains(day)).parse_next(input)
}

fn sum((tens, unit): (u32, Option<u32>)) -> u32 {
    tens + unit.unwrap_or(0)
}

/// The space or the hyphen of `twenty five` and `twenty-five`.
fn joint(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    opt((touching_mark('-'), touching)).void().parse_next(input)
}

/// Whether a word is a number, or a part of one.
pub(crate) fn is_number_word(word: &str) -> bool {
    simple(word).or_else(|| tens(word)).is_some()
}

fn simple(word: &str) -> Option<u32> {
    let teen = match word {
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        _ => return unit_word(word),
    };
    Some(teen)
}

fn unit_word(word: &str) -> Option<u32> {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    (1..).zip(words).find_map(|(number, known)| (known == word).then_some(number))
}

fn tens(word: &str) -> Option<u32> {
    let words = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    (2..).zip(words).find_map(|(tens, known)| (known == word).then_some(tens * 10))
}

fn simple_ordinal(word: &str) -> Option<u32> {
    let later = match word {
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return unit_ordinal(word),
    };
    Some(later)
}

fn unit_ordinal(word: &str) -> Option<u32> {
    let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    (1..).zip(words).find_map(|(number, known)| (known == word).then_some(number))
}
