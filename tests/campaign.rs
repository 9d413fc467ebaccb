//! How much a campaign does: a slice by default, or all of it with `TICKLER_CAMPAIGN=long`, which `./check --long` sets.
//!
//! The tests of the other crates include this file by its path, so that the variable is read here alone.

/// The number of runs or cases: `slice` by default, `whole` in a long campaign.
pub fn size<T>(slice: T, whole: T) -> T {
    if std::env::var_os("TICKLER_CAMPAIGN").is_some_and(|length| length == "long") { whole } else { slice }
}
