//! The seeded hash of keys: rapidhash V3, folded to 32 bits.
//!
//! The seed comes from the host's random numbers, once per process, so that nobody can prepare keys that
//! collide. 32 bits are enough: they are the index's whole use of a hash, and every candidate is compared
//! byte by byte.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};

use super::key::{Key, Kind};

/// Turns keys into hashes.
#[derive(Clone)]
pub struct Hasher {
    secrets: RapidSecrets,
    seed: u64,
}

impl Hasher {
    /// A hasher whose results depend on `seed`.
    pub fn new(seed: u64) -> Hasher {
        // As SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) makes numbers: with secrets that are the same everywhere,
        // keys that collide whatever the seed could be found.
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(state)
        };
        Hasher {
            secrets: RapidSecrets {
                seed: next(),
                secrets: std::array::from_fn(|_| next()),
            },
            seed,
        }
    }

    /// The hash of a key. O(its length).
    #[inline]
    pub fn hash(&self, key: Key<'_>) -> u32 {
        if let (Kind::Number, Ok(bytes)) = (key.kind, key.bytes.try_into()) {
            return self.hash_number(u64::from_le_bytes(bytes));
        }
        let hash = rapidhash_v3_nano_inline::<true, true>(key.bytes, &self.secrets);
        (hash ^ (hash >> 32)) as u32 ^ (key.kind as u32).wrapping_mul(0x9e37_79b9)
    }

    /// The hash of a key that the caller keeps, from a hash of the caller's own: one that nobody can foresee either.
    #[inline]
    pub fn hash_external(&self, hash: u32) -> u32 {
        self.hash_number(u64::from(hash))
    }

    /// Eight bytes need no more than a mixer of two multiplications (D. Stafford's variant 13 of the finalizer
    /// of MurmurHash3): WebAssembly has no 128-bit product, on which rapidhash rests.
    #[inline]
    fn hash_number(&self, bits: u64) -> u32 {
        let x = mix(bits ^ self.seed);
        x as u32 ^ (x >> 32) as u32
    }
}

#[inline]
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_the_seed_and_on_the_kind() {
        let key = Key::string("user:1");
        let (a, b) = (Hasher::new(1), Hasher::new(2));
        assert_eq!(a.hash(key), a.hash(key));
        assert_ne!(a.hash(key), b.hash(key));
        let structure = Key {
            kind: Kind::Structure,
            ..key
        };
        assert_ne!(a.hash(key), a.hash(structure));
    }

    #[test]
    fn spreads_consecutive_keys() {
        let hasher = Hasher::new(3);
        // Miri interprets: a hundredth has to do.
        let count = if cfg!(miri) { 100 } else { 10_000 };
        let mut hashes: Vec<u32> = (0..count)
            .map(|i| hasher.hash(Key::string(&format!("user:{i}"))))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        // 10,000 of 2^32: the birthday bound expects 0.012 collisions.
        assert!(hashes.len() >= count - 2);
    }
}
