//! Any bytes, as an expression and as a line of quick entry: nothing panics, and what is promised of
//! every text is kept.

#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use when::{DateOrder, Hours, Settings, Tz};

#[path = "../../tests/promises/mod.rs"]
mod promises;

/// Moments at which clocks differ: the table's, one hour before Paris goes back, and a leap day at
/// the end of what zones are known for.
const NOW: [(i64, Tz, DateOrder, Hours); 3] = [
    (1_772_637_420, Tz::America__New_York, DateOrder::Ask, Hours::TwentyFour),
    (1_792_886_400, Tz::Europe__Paris, DateOrder::DayFirst, Hours::Twelve),
    (4_107_542_399, Tz::Africa__Nairobi, DateOrder::MonthFirst, Hours::TwentyFour),
];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for (seconds, zone, date_order, hours) in NOW {
        let now = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
        promises::are_kept(&text, now, zone, &Settings { date_order, hours, ..Settings::default() });
    }
});
