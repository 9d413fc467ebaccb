//! Zones by name and by search.

use chrono::{TimeZone as _, Utc};
use when::{Tz, zones};

fn names(query: &str, limit: usize) -> Vec<&'static str> {
    zones::search(query, limit).into_iter().map(Tz::name).collect()
}

#[test]
fn parse_accepts_names_in_any_case_and_nothing_else() {
    assert_eq!(zones::parse("eUROPE/pARIS"), Some(Tz::Europe__Paris));
    assert_eq!(zones::parse("utc"), Some(Tz::UTC));
    assert_eq!(zones::parse("Z"), Some(Tz::UTC));
    assert_eq!(zones::parse("Paris"), None);
    assert_eq!(zones::parse(""), None);
}

#[test]
fn all_names_are_sorted_and_each_is_a_zone() {
    let all: Vec<&str> = zones::all().collect();
    assert!(all.len() > 500 && all.is_sorted());
    assert!(all.iter().all(|name| zones::parse(name).is_some_and(|tz| tz.name() == *name)));
    assert_eq!(names("", 3), all[..3]);
}

#[test]
fn better_matches_come_first() {
    assert_eq!(names("paris", 1), ["Europe/Paris"]);
    assert_eq!(names("UTC", 1), ["UTC"]);
    assert_eq!(names("new york", 1), ["America/New_York"]);
    // A city that begins with the query comes before a region that does.
    assert_eq!(names("eu", 1), ["Australia/Eucla"]);
    assert!(names("europe", 100).iter().all(|name| name.contains("Europe")));
    // Part of a word, then only its letters in order.
    assert_eq!(names("aris", 1), ["Europe/Paris"]);
    assert!(names("epar", 5).contains(&"Europe/Paris"));
    assert!(names("xyzzy", 5).is_empty());
}

#[test]
fn a_nickname_finds_its_zone_first() {
    assert_eq!(names("nyc", 1), ["America/New_York"]);
    assert_eq!(names("San Francisco", 1), ["America/Los_Angeles"]);
}

#[test]
fn an_offset_depends_on_the_instant() {
    let at = |month| Utc.with_ymd_and_hms(2026, month, 1, 0, 0, 0).single().unwrap_or_default();
    assert_eq!(zones::offset_text(Tz::Europe__Paris, at(1)), "+01:00");
    assert_eq!(zones::offset_text(Tz::Europe__Paris, at(7)), "+02:00");
    assert_eq!(zones::offset_text(Tz::America__St_Johns, at(1)), "-03:30");
}

#[test]
fn the_database_release_is_known() {
    assert!(zones::TZDB_VERSION.starts_with("20"), "{}", zones::TZDB_VERSION);
}
