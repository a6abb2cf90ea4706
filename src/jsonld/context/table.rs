//! A hash table of names whose hash is made once and asked of many tables.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// Positions by the hashes of their names.
#[derive(Default, Clone)]
pub(super) struct Table {
    /// The upper half of a hash, and a position; a position of `u32::MAX` is an empty place. A power of two of places,
    /// at most half of them taken; none at all for no names.
    places: Box<[(u32, u32)]>,
    /// A bit for each of 64 classes of hashes that are there.
    classes: u64,
}

const EMPTY: u32 = u32::MAX;

impl Table {
    /// Of the hashes of names, in the order of their positions.
    pub(super) fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        if hashes.len() == 0 {
            return Self::default();
        }
        let mut places = vec![(0, EMPTY); (hashes.len() * 2).next_power_of_two()].into_boxed_slice();
        let (mask, mut classes) = (places.len() - 1, 0);
        for (position, hash) in hashes.enumerate() {
            classes |= class(hash);
            let mut place = hash as usize & mask;
            while places[place].1 != EMPTY {
                place = (place + 1) & mask;
            }
            places[place] = ((hash >> 32) as u32, position as u32);
        }
        Self { places, classes }
    }

    /// The positions whose names may be the one with this hash.
    #[inline]
    pub(super) fn candidates(&self, hash: u64) -> impl Iterator<Item = usize> {
        let mask = self.places.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        let mut is_over = self.classes & class(hash) == 0;
        std::iter::from_fn(move || {
            while !is_over {
                let &(upper, position) = self.places.get(place)?;
                if position == EMPTY {
                    is_over = true;
                    break;
                }
                place = (place + 1) & mask;
                if upper == (hash >> 32) as u32 {
                    return Some(position as usize);
                }
            }
            None
        })
    }
}

/// One bit of 64.
#[inline]
fn class(hash: u64) -> u64 {
    1 << (hash >> 58)
}

/// A hash of a name that is another one in each process, so that nobody can choose names whose hashes are equal.
#[inline]
pub(super) fn hash(name: &str) -> u64 {
    static SEEDS: OnceLock<(u64, u64)> = OnceLock::new();
    let (first, second) = *SEEDS.get_or_init(|| {
        let random = RandomState::new();
        (random.hash_one(1u8), random.hash_one(2u8) | 1)
    });
    let bytes = name.as_bytes();
    let mut hash = first ^ bytes.len() as u64;
    let last = match bytes.len() {
        8.. => {
            let (pieces, _) = bytes.as_chunks::<8>();
            for piece in pieces {
                hash = folded(hash ^ u64::from_le_bytes(*piece), second);
            }
            // What is left, with some of what came before it.
            bytes.last_chunk::<8>().map_or(0, |last| u64::from_le_bytes(*last))
        }
        4..8 => {
            let half = |half: Option<&[u8; 4]>| half.map_or(0, |half| u64::from(u32::from_le_bytes(*half)));
            half(bytes.first_chunk()) << 32 | half(bytes.last_chunk())
        }
        _ => bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    // Twice, so that the upper bits, which choose class and comparison, depend on all of them.
    folded(folded(hash ^ last, second), first | 1)
}

fn folded(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}
