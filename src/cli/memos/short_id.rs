//! How much of an id identifies it among others.

/// The fewest characters of an id that are shown.
const MIN_LENGTH: usize = 8;

/// How many characters of each id make it unique among these.
pub(super) fn unique_length<'a>(ids: impl Iterator<Item = &'a str>) -> usize {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    let shared = |pair: &[&str]| pair[0].chars().zip(pair[1].chars()).take_while(|(one, other)| one == other).count();
    ids.windows(2).map(|pair| shared(pair) + 1).max().unwrap_or_default().max(MIN_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::unique_length;

    #[test]
    fn an_id_is_as_long_as_it_takes_to_be_unique() {
        assert_eq!(unique_length(["aaaaaaaa-1", "b"].into_iter()), 8);
        assert_eq!(unique_length(["aaaaaaaa-1", "aaaaaaaa-2"].into_iter()), 10);
        assert_eq!(unique_length(std::iter::empty()), 8);
    }
}
