//! Keys as the engine sees them: a kind and bytes, compared exactly.

/// What the bytes of a key stand for. Keys of different kinds are never equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A number: the eight bytes of an IEEE 754 double, little-endian.
    Number = 0,
    /// A string, in generalised UTF-8 (a lone surrogate is three bytes).
    String = 1,
    /// Everything else, in a self-describing encoding that the engine does not look into.
    Structure = 2,
    /// A key that the caller keeps, and by which it finds the slot itself. It has no bytes here.
    External = 3,
}

impl Kind {
    /// The kind with this number, if there is one whose keys have bytes.
    pub fn from_number(number: u32) -> Option<Kind> {
        match number {
            0 => Some(Kind::Number),
            1 => Some(Kind::String),
            2 => Some(Kind::Structure),
            _ => None,
        }
    }
}

/// A key on its way in: borrowed, not yet stored.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// What the bytes stand for.
    pub kind: Kind,
    /// The whole canonical encoding.
    pub bytes: &'a [u8],
}

impl<'a> Key<'a> {
    /// A key that the caller keeps.
    pub const EXTERNAL: Key<'static> = Key {
        kind: Kind::External,
        bytes: &[],
    };

    /// A string key.
    pub fn string(text: &'a str) -> Key<'a> {
        Key {
            kind: Kind::String,
            bytes: text.as_bytes(),
        }
    }
}

/// The one encoding of a number that compares as `Map` does: every NaN is one, and so are both zeros.
pub fn number_bytes(number: f64) -> [u8; 8] {
    let canonical = if number.is_nan() {
        f64::NAN
    } else if number == 0.0 {
        0.0
    } else {
        number
    };
    canonical.to_le_bytes()
}

/// Bytes of a stored key that fit into its entry.
pub const INLINE: usize = 11;

/// In the last byte: the length of a short key or this, and the kind.
const LONG: u8 = 12;
const LEN: u8 = 0b1111;
const KIND_SHIFT: u32 = 4;

/// What an entry has of its key: a short one's bytes and length, or where a long one is, its length, and bits of its
/// hash. Two words tell keys apart, so that the bytes of a long key are compared with hardly any other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredKey([u8; 12]);

impl StoredKey {
    /// No key.
    pub const VACANT: StoredKey = StoredKey([u8::MAX; 12]);

    /// What is stored of a key; the place of a long one is 0.
    #[inline]
    pub fn new(hash: u32, key: Key<'_>) -> StoredKey {
        let len = key.bytes.len();
        let kind = u32::from((key.kind as u8) << KIND_SHIFT) << 24;
        if len <= INLINE {
            let (low, high) = pack(key.bytes);
            StoredKey::from_words(low, high | kind | (len as u32) << 24)
        } else {
            let high = hash & 0x00ff_ffff | kind | u32::from(LONG) << 24;
            StoredKey::from_words((len as u64) << 32, high)
        }
    }

    /// Whether this is no key.
    #[inline]
    pub fn is_vacant(&self) -> bool {
        self.0[INLINE] == u8::MAX
    }

    /// Whether the bytes of the key are elsewhere.
    #[inline]
    pub fn is_long(&self) -> bool {
        self.0[INLINE] & LEN == LONG
    }

    /// Whether two keys are equal or, if they are long, may be.
    #[inline]
    pub fn may_equal(&self, other: &StoredKey) -> bool {
        let places = if other.is_long() {
            u64::from(u32::MAX)
        } else {
            0
        };
        (self.low() ^ other.low()) & !places == 0 && self.high() == other.high()
    }

    /// What the bytes stand for.
    #[inline]
    pub fn kind(&self) -> Kind {
        match self.0[INLINE] >> KIND_SHIFT {
            0 => Kind::Number,
            1 => Kind::String,
            2 => Kind::Structure,
            _ => Kind::External,
        }
    }

    /// Whether the caller keeps the key.
    #[inline]
    pub fn is_external(&self) -> bool {
        self.0[INLINE] == (Kind::External as u8) << KIND_SHIFT
    }

    /// How many bytes the key has.
    #[inline]
    #[allow(
        clippy::len_without_is_empty,
        reason = "an empty key is a key like any other"
    )]
    pub fn len(&self) -> usize {
        if self.is_long() {
            (self.low() >> 32) as usize
        } else {
            usize::from(self.0[INLINE] & LEN).min(INLINE)
        }
    }

    /// The bytes of a short key.
    #[inline]
    pub fn short(&self) -> &[u8] {
        &self.0[..self.len().min(INLINE)]
    }

    /// Where a long key is.
    #[inline]
    pub fn place(&self) -> u32 {
        self.low() as u32
    }

    /// Says where a long key is.
    #[inline]
    pub fn set_place(&mut self, place: u32) {
        let low = self.low() >> 32 << 32 | u64::from(place);
        *self = StoredKey::from_words(low, self.high());
    }

    #[inline]
    fn from_words(low: u64, high: u32) -> StoredKey {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&low.to_le_bytes());
        bytes[8..].copy_from_slice(&high.to_le_bytes());
        StoredKey(bytes)
    }

    #[inline]
    fn low(&self) -> u64 {
        word(&self.0)
    }

    #[inline]
    fn high(&self) -> u32 {
        half(&self.0[8..])
    }
}

/// Up to 11 bytes as two words, filled up with zeros. Reads overlap, which costs less than a copy of any length.
#[inline]
fn pack(bytes: &[u8]) -> (u64, u32) {
    let len = bytes.len();
    if len >= 8 {
        let last = u64::from(half(&bytes[len - 4..]));
        return (word(bytes), (last >> (8 * (12 - len))) as u32);
    }
    if len >= 4 {
        let last = u64::from(half(&bytes[len - 4..]));
        return (u64::from(half(bytes)) | last << (8 * (len - 4)), 0);
    }
    let mut low = 0;
    for &byte in bytes.iter().rev() {
        low = low << 8 | u64::from(byte);
    }
    (low, 0)
}

/// Whether these are the same bytes. Eight at a time: the `memcmp` of wasm targets goes byte by byte.
#[inline]
pub fn equal_bytes(mine: &[u8], other: &[u8]) -> bool {
    if mine.len() != other.len() {
        return false;
    }
    let (mut a, mut b) = (mine.chunks_exact(8), other.chunks_exact(8));
    for (x, y) in a.by_ref().zip(b.by_ref()) {
        if word(x) != word(y) {
            return false;
        }
    }
    a.remainder().iter().zip(b.remainder()).all(|(x, y)| x == y)
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(word)
}

#[inline]
fn half(bytes: &[u8]) -> u32 {
    let mut half = [0; 4];
    half.copy_from_slice(&bytes[..4]);
    u32::from_le_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(bytes: &[u8]) -> Key<'_> {
        Key {
            kind: Kind::Structure,
            bytes,
        }
    }

    #[test]
    fn short_keys_are_stored_whole_and_equal_only_themselves() {
        for len in 0..=INLINE {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 7 + 1) as u8).collect();
            let stored = StoredKey::new(5, key(&bytes));
            assert_eq!((stored.short(), stored.len()), (&bytes[..], len));
            assert_eq!(stored.kind(), Kind::Structure);
            assert!(!stored.is_long() && !stored.is_vacant());
            assert!(stored.may_equal(&StoredKey::new(6, key(&bytes))));
            for i in 0..len {
                let mut other = bytes.clone();
                other[i] ^= 1;
                let other = StoredKey::new(5, key(&other));
                assert!(!stored.may_equal(&other), "length {len}, byte {i}");
            }
            let mut longer = bytes.clone();
            longer.push(0);
            assert!(!stored.may_equal(&StoredKey::new(5, key(&longer))));
            let string = Key {
                kind: Kind::String,
                bytes: &bytes,
            };
            assert!(!stored.may_equal(&StoredKey::new(5, string)));
        }
    }

    #[test]
    fn long_keys_may_equal_those_of_the_same_length_kind_and_hash() {
        let key = Key::string("twelve bytes");
        let mut stored = StoredKey::new(7, key);
        stored.set_place(9);
        assert!(stored.is_long());
        assert_eq!((stored.place(), stored.len()), (9, 12));
        assert!(stored.may_equal(&StoredKey::new(7, key)));
        assert!(!stored.may_equal(&StoredKey::new(8, key)));
        assert!(!stored.may_equal(&StoredKey::new(7, Key::string("thirteen here"))));
    }

    #[test]
    fn bytes_are_equal_if_all_are() {
        for len in [0, 1, 7, 8, 9, 23, 64] {
            let bytes: Vec<u8> = (0..len).map(|i| i as u8).collect();
            assert!(equal_bytes(&bytes, &bytes.clone()));
            for i in 0..len {
                let mut other = bytes.clone();
                other[i] ^= 1;
                assert!(!equal_bytes(&bytes, &other), "length {len}, byte {i}");
            }
            assert!(!equal_bytes(&bytes, &[&bytes[..], &[0]].concat()));
        }
    }

    #[test]
    fn numbers_compare_as_in_map() {
        assert_eq!(number_bytes(0.0), number_bytes(-0.0));
        assert_eq!(number_bytes(f64::NAN), number_bytes(-f64::NAN));
        assert_ne!(number_bytes(1.0), number_bytes(-1.0));
    }
}
