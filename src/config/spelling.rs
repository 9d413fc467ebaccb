//! Which known word was meant by one that is not known.
//!
//! It must never know what the words stand for.

/// The word that is at most two slips away (and less than half of it), the nearest first.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (slips(word, candidate), *candidate))
        .filter(|(slips, candidate)| *slips <= 2 && slips * 2 < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters have to be put in, left out or exchanged to make one word of the other.
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, slips};

    #[test]
    fn slips_are_counted() {
        for (from, to, expected) in
            [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("zone", "zones", 1), ("bell", "ball", 1)]
        {
            assert_eq!(slips(from, to), expected, "{from} → {to}");
            assert_eq!(slips(to, from), expected, "{to} → {from}");
        }
    }

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        let known = ["zone", "mouse", "role_arn", "target_arn"];
        assert_eq!(nearest("muose", &known), Some("mouse"));
        assert_eq!(nearest("role-arn", &known), Some("role_arn"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("ab", &known), None);
    }
}
