//! Other names of a zone: cities, nicknames, abbreviations.
//!
//! An abbreviation may be ambiguous or out of use: in summer Los Angeles does not use `PST`, and
//! three countries use `IST`. This module lists the candidates; the time zone database says whether
//! a zone uses the abbreviation at a given time.
//!
//! Does not depend on now or on the grammar.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::{Datelike as _, FixedOffset, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetName as _, TZ_VARIANTS, Tz};

use super::names::{folded, parse};

/// The most words in the name of a city: `Ho Chi Minh`, `Dar es Salaam`.
pub(crate) const MAX_CITY_WORDS: usize = 3;

/// Cities that are not in the name of a zone, or are spelled differently there, and names such as
/// `ET` that hold in winter and in summer.
const NICKNAMES: &[(&str, Tz)] = &[
    ("nyc", Tz::America__New_York),
    ("boston", Tz::America__New_York),
    ("washington dc", Tz::America__New_York),
    ("miami", Tz::America__New_York),
    ("atlanta", Tz::America__New_York),
    ("et", Tz::America__New_York),
    ("eastern", Tz::America__New_York),
    ("eastern standard", Tz::America__New_York),
    ("eastern daylight", Tz::America__New_York),
    ("central standard", Tz::America__Chicago),
    ("central daylight", Tz::America__Chicago),
    ("central", Tz::America__Chicago),
    ("mountain standard", Tz::America__Denver),
    ("mountain daylight", Tz::America__Denver),
    ("mountain", Tz::America__Denver),
    ("pacific standard", Tz::America__Los_Angeles),
    ("pacific daylight", Tz::America__Los_Angeles),
    ("pacific", Tz::America__Los_Angeles),
    ("dallas", Tz::America__Chicago),
    ("houston", Tz::America__Chicago),
    ("austin", Tz::America__Chicago),
    ("ct", Tz::America__Chicago),
    ("mt", Tz::America__Denver),
    ("sf", Tz::America__Los_Angeles),
    ("san francisco", Tz::America__Los_Angeles),
    ("la", Tz::America__Los_Angeles),
    ("seattle", Tz::America__Los_Angeles),
    ("las vegas", Tz::America__Los_Angeles),
    ("pt", Tz::America__Los_Angeles),
    ("montreal", Tz::America__Toronto),
    ("ottawa", Tz::America__Toronto),
    ("rio", Tz::America__Sao_Paulo),
    ("rio de janeiro", Tz::America__Sao_Paulo),
    ("são paulo", Tz::America__Sao_Paulo),
    ("munich", Tz::Europe__Berlin),
    ("hamburg", Tz::Europe__Berlin),
    ("frankfurt", Tz::Europe__Berlin),
    ("geneva", Tz::Europe__Zurich),
    ("zürich", Tz::Europe__Zurich),
    ("barcelona", Tz::Europe__Madrid),
    ("milan", Tz::Europe__Rome),
    ("edinburgh", Tz::Europe__London),
    ("manchester", Tz::Europe__London),
    ("st petersburg", Tz::Europe__Moscow),
    ("cape town", Tz::Africa__Johannesburg),
    ("delhi", Tz::Asia__Kolkata),
    ("new delhi", Tz::Asia__Kolkata),
    ("mumbai", Tz::Asia__Kolkata),
    ("bangalore", Tz::Asia__Kolkata),
    ("bengaluru", Tz::Asia__Kolkata),
    ("chennai", Tz::Asia__Kolkata),
    ("beijing", Tz::Asia__Shanghai),
    ("shenzhen", Tz::Asia__Shanghai),
    ("abu dhabi", Tz::Asia__Dubai),
    ("tel aviv", Tz::Asia__Jerusalem),
    ("hanoi", Tz::Asia__Ho_Chi_Minh),
    ("osaka", Tz::Asia__Tokyo),
    ("kyoto", Tz::Asia__Tokyo),
    ("canberra", Tz::Australia__Sydney),
    ("wellington", Tz::Pacific__Auckland),
];

/// The zones that an abbreviation may mean, unless the person's own zone uses it.
pub(super) fn candidates(abbreviation: &str) -> &'static [Tz] {
    match abbreviation {
        "utc" => &[Tz::UTC],
        "gmt" => &[Tz::GMT],
        "est" | "edt" => &[Tz::America__New_York],
        "cst" => &[Tz::America__Chicago, Tz::Asia__Shanghai],
        "cdt" => &[Tz::America__Chicago],
        "mst" | "mdt" => &[Tz::America__Denver],
        "pst" | "pdt" => &[Tz::America__Los_Angeles],
        "akst" | "akdt" => &[Tz::America__Anchorage],
        "hst" => &[Tz::Pacific__Honolulu],
        "ast" | "adt" => &[Tz::America__Halifax],
        "nst" | "ndt" => &[Tz::America__St_Johns],
        "bst" => &[Tz::Europe__London],
        "ist" => &[Tz::Asia__Kolkata, Tz::Asia__Jerusalem, Tz::Europe__Dublin],
        "idt" => &[Tz::Asia__Jerusalem],
        "wet" | "west" => &[Tz::Europe__Lisbon],
        "cet" | "cest" => &[Tz::Europe__Brussels],
        "eet" | "eest" => &[Tz::Europe__Athens],
        "msk" => &[Tz::Europe__Moscow],
        "sast" => &[Tz::Africa__Johannesburg],
        "pkt" => &[Tz::Asia__Karachi],
        "wib" => &[Tz::Asia__Jakarta],
        "hkt" => &[Tz::Asia__Hong_Kong],
        "kst" => &[Tz::Asia__Seoul],
        "jst" => &[Tz::Asia__Tokyo],
        "awst" => &[Tz::Australia__Perth],
        "acst" | "acdt" => &[Tz::Australia__Adelaide],
        "aest" | "aedt" => &[Tz::Australia__Sydney],
        "nzst" | "nzdt" => &[Tz::Pacific__Auckland],
        _ => &[],
    }
}

/// The zones that an abbreviation may mean: `base` alone, if it uses the abbreviation around one of
/// the times in `near`, else the zones that are known for it.
pub(crate) fn abbreviated(name: &str, base: Tz, near: &[NaiveDateTime]) -> Vec<Tz> {
    if near.iter().any(|civil| offset_for(name, base, *civil).is_some()) {
        return vec![base];
    }
    candidates(&name.to_ascii_lowercase()).to_vec()
}

/// Whether a word is a known abbreviation.
pub(crate) fn is_abbreviation(name: &str) -> bool {
    !candidates(&name.to_ascii_lowercase()).is_empty()
}

/// The offset for which a zone uses an abbreviation within half a year of a civil time.
pub(crate) fn offset_for(name: &str, zone: Tz, near: NaiveDateTime) -> Option<FixedOffset> {
    (-6..=6).find_map(|months| {
        let instant = near.checked_add_signed(TimeDelta::days(months * 30))?;
        let offset = zone.offset_from_utc_datetime(&instant);
        offset.abbreviation().is_some_and(|used| used.eq_ignore_ascii_case(name)).then(|| offset.fix())
    })
}

/// The zone of a city or a nickname in lower case. One space, `_` or `-` separates the words.
pub(crate) fn city(name: &str) -> Option<Tz> {
    static CITIES: OnceLock<HashMap<String, Tz>> = OnceLock::new();
    CITIES.get_or_init(cities).get(folded(name).as_str()).copied()
}

fn cities() -> HashMap<String, Tz> {
    // Deeper names come last and win: the shallower name is an old one of the same zone.
    let mut zones: Vec<&str> = TZ_VARIANTS.iter().map(|tz| tz.name()).collect();
    zones.sort_by_key(|name| name.matches('/').count());
    let from_names = zones.into_iter().filter_map(|name| {
        let (region, city) = (name.split_once('/')?.0, name.rsplit_once('/')?.1);
        Some((folded(city), is_usable_city(region, city).then(|| parse(name))??))
    });
    let nicknamed = NICKNAMES.iter().map(|&(name, tz)| (name.to_owned(), tz));
    from_names.chain(nicknamed).collect()
}

/// Whether the last part of a zone name is a city that a person would type.
fn is_usable_city(region: &str, city: &str) -> bool {
    const REGIONS: &[&str] =
        &["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    // Directions, holidays, names and common words, which often occur in a memo.
    const WORDS: &[&str] = &[
        "ACT",
        "LHI",
        "NSW",
        "North",
        "South",
        "West",
        "Center",
        "Wake",
        "Easter",
        "Midway",
        "Christmas",
        "Reunion",
        "Oral",
        "Resolute",
        "Canary",
        "Virgin",
        "Casey",
        "Davis",
        "Palmer",
    ];
    // Another place of the same name, at least as well known, has another time.
    const AMBIGUOUS: &[&str] =
        &["Cordoba", "Johnston", "Knox", "La_Rioja", "Merida", "Petersburg", "San_Juan", "Victoria", "Vincennes"];
    REGIONS.contains(&region) && !WORDS.contains(&city) && !AMBIGUOUS.contains(&city)
}

/// The middle of a year: half a year from it covers the whole year.
pub(crate) fn middle_of(year: i32) -> Option<NaiveDateTime> {
    NaiveDateTime::default().with_year(year)?.with_month(7)
}
