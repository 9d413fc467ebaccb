//! Reads any bytes as a time and as quick entry: nothing panics, and the invariants hold.

#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use when::{DateOrder, Hours, Settings, Tz};

#[path = "../../tests/invariants/mod.rs"]
mod invariants;

/// The now of the table; an hour before clocks in Paris go back; and the end of February 2100, which is not a
/// leap year and comes after the end of the zone data.
const NOW: [(i64, Tz, DateOrder, Hours); 3] = [
    (1_772_637_420, Tz::America__New_York, DateOrder::Ask, Hours::TwentyFour),
    (1_792_886_400, Tz::Europe__Paris, DateOrder::DayFirst, Hours::Twelve),
    (4_107_542_399, Tz::Africa__Nairobi, DateOrder::MonthFirst, Hours::TwentyFour),
];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for (seconds, zone, date_order, hours) in NOW {
        let now = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
        invariants::check(&text, now, zone, &Settings { date_order, hours, ..Settings::default() });
    }
});
