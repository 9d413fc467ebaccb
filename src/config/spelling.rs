//! The known word that somebody probably meant by an unknown one.

/// The nearest known word. It differs by at most two typing errors, and by fewer than half of its letters.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), *candidate))
        .filter(|(errors, candidate)| *errors <= 2 && errors * 2 < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_a_similar_word_is_suggested() {
        let known = ["zone", "mouse", "role_arn", "target_arn"];
        assert_eq!(nearest("muose", &known), Some("mouse"));
        assert_eq!(nearest("zoen", &known), Some("zone"));
        assert_eq!(nearest("zne", &known), Some("zone"));
        assert_eq!(nearest("role-arn", &known), Some("role_arn"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("ab", &known), None);
    }
}
