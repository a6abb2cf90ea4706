//! How many different parties stand behind something.

use std::collections::HashSet;
use std::hash::Hash;

/// Whether at least `threshold` different identities are among `identities`: one that stands there ten times counts
/// once.
///
/// What an identity is, the caller says: a witness's id, a member's attested number. It must be something that its
/// bearer cannot have twice; a key, a proof or the controller that a DID names for itself is no such thing.
///
/// Nobody's consent is never enough: a threshold of 0 is not reached.
pub fn is_reached<I: Eq + Hash>(threshold: usize, identities: impl IntoIterator<Item = I>) -> bool {
    if threshold == 0 {
        return false;
    }
    let mut distinct = HashSet::new();
    identities.into_iter().any(|identity| distinct.insert(identity) && distinct.len() == threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_identities_count_and_repetitions_do_not() {
        assert!(is_reached(1, ["a"]));
        assert!(is_reached(2, ["a", "a", "b"]));
        assert!(is_reached(3, [3, 1, 1, 2, 9]));
        assert!(!is_reached(2, ["a"; 100]));
        assert!(!is_reached(3, ["a", "b", "a", "b"]));
        assert!(!is_reached(1, [] as [&str; 0]));
    }

    #[test]
    fn a_threshold_of_nothing_is_not_reached() {
        assert!(!is_reached(0, ["a"]));
        assert!(!is_reached(0, [] as [&str; 0]));
        assert!(!is_reached(usize::MAX, ["a", "b"]));
    }
}
