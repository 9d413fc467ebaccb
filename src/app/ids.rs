//! Ids for new memos, from a seed. The same seed gives the same ids, so that a test can be replayed.

use crate::memo::MemoId;

/// A generator of ids (two `SplitMix64` streams, Steele et al. 2014), as unpredictable as its seed. The seed comes from the
/// operating system.
#[derive(Debug, Clone)]
pub struct Ids([u64; 2]);

impl Ids {
    /// A generator from 128 bits of seed.
    #[must_use]
    pub fn new(seed: u128) -> Self {
        let bytes = seed.to_le_bytes();
        let (low, high) = bytes.split_at(8);
        let number = |half: &[u8]| half.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self([number(low), number(high)])
    }

    /// The next id.
    pub fn next(&mut self) -> MemoId {
        let mut bytes = [0; 16];
        for (state, half) in self.0.iter_mut().zip(bytes.chunks_exact_mut(8)) {
            half.copy_from_slice(&split_mix(state).to_le_bytes());
        }
        MemoId::from_random(bytes)
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_identities_again_and_never_the_same_twice() {
        let (mut one, mut two) = (Ids::new(7), Ids::new(7));
        let first: Vec<_> = (0..1000).map(|_| one.next()).collect();
        assert_eq!(first, (0..1000).map(|_| two.next()).collect::<Vec<_>>());
        assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 1000);
        assert_eq!(first[0].to_string().as_bytes()[14], b'4', "version 4");
    }
}
