//! Sample memos: the same ones each time, short and long, some in wide characters.
//!
//! Does not depend on a clock: the caller chooses when they are due.

use std::ops::Range;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use tickler::memo::{Memo, MemoId};
use when::{Moment, Tz};

const TEXTS: [&str; 10] = [
    "Call the dentist",
    "Water the plants, and those of the neighbours on the second floor, who are away until the end of the month",
    "Tea",
    "牛乳と卵を買って帰る",
    "Ask Zoë whether the café opens on Sundays",
    "Rent is due: the new account, not the one that the standing order still names",
    "Pick up the parcel 📦 before the shop closes",
    "회의실 예약 확인하기",
    "Renew the passport.\nTwo photographs, the old passport, and the letter from the town hall; the office takes cards \
     only, and nobody without an appointment.",
    "Stand up, look out of the window, drink some water",
];

/// The memos with these numbers. The first is due at `from`, and each later one a `step` later, in whole seconds.
///
/// A number always gives the same text and id, so two ranges that overlap share memos.
pub fn memos(numbers: Range<u32>, from: DateTime<Utc>, step: TimeDelta) -> impl Iterator<Item = Memo> {
    let (first, from) = (numbers.start, from.trunc_subsecs(0));
    numbers.map(move |number| {
        let due = from + TimeDelta::seconds(step.num_seconds() * i64::from(number - first));
        Memo { id: id_of(number), text: text_of(number), due: Moment::at(due, Tz::Europe__Paris) }
    })
}

/// An id that looks random, since the store sorts by id.
fn id_of(number: u32) -> MemoId {
    const GOLDEN_RATIO: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
    MemoId::from_random(GOLDEN_RATIO.wrapping_mul(u128::from(number) + 1).to_be_bytes())
}

fn text_of(number: u32) -> String {
    format!("{} ({number})", TEXTS[number as usize % TEXTS.len()])
}
