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
}

impl Kind {
    /// The kind with this number, if there is one.
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

/// Bytes of a stored key that fit into its entry, and so into the entry's cache line.
pub const INLINE: usize = 22;

/// The bytes of a stored key: short ones inline, longer ones in an allocation of their own.
#[derive(Debug)]
pub enum KeyBytes {
    /// Up to 22 bytes, with their length.
    Inline(u8, [u8; INLINE]),
    /// More than that.
    Heap(Box<[u8]>),
}

impl KeyBytes {
    /// The empty key; what a vacant entry holds.
    pub const EMPTY: KeyBytes = KeyBytes::Inline(0, [0; INLINE]);

    /// A copy of `bytes`, or `None` when there is no memory for it.
    #[inline(never)]
    pub fn try_from_slice(bytes: &[u8]) -> Option<KeyBytes> {
        if bytes.len() <= INLINE {
            let mut inline = [0; INLINE];
            inline[..bytes.len()].copy_from_slice(bytes);
            return Some(KeyBytes::Inline(bytes.len() as u8, inline));
        }
        let mut heap = Vec::new();
        heap.try_reserve_exact(bytes.len()).ok()?;
        heap.extend_from_slice(bytes);
        Some(KeyBytes::Heap(heap.into_boxed_slice()))
    }

    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            KeyBytes::Inline(len, bytes) => &bytes[..(*len as usize).min(INLINE)],
            KeyBytes::Heap(bytes) => bytes,
        }
    }

    /// Bytes held outside the entry.
    pub fn heap_len(&self) -> usize {
        match self {
            KeyBytes::Inline(..) => 0,
            KeyBytes::Heap(bytes) => bytes.len(),
        }
    }

    /// Whether these are the same bytes. Eight at a time: the `memcmp` of wasm targets goes byte by byte.
    #[inline]
    pub fn equals(&self, other: &[u8]) -> bool {
        let mine = self.as_slice();
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
}

#[inline]
fn word(chunk: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(chunk);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_bytes_equal_exactly_what_was_stored() {
        let long = if cfg!(miri) { 65 } else { 1000 };
        for len in [0, 1, 7, 8, 9, 21, 22, 23, 24, 64, long] {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 7) as u8).collect();
            let stored = KeyBytes::try_from_slice(&bytes).unwrap();
            assert_eq!(stored.as_slice(), &bytes[..]);
            assert!(stored.equals(&bytes));
            assert_eq!(stored.heap_len(), if len > INLINE { len } else { 0 });
            for i in 0..len {
                let mut other = bytes.clone();
                other[i] ^= 1;
                assert!(!stored.equals(&other), "length {len}, byte {i}");
            }
            let mut longer = bytes.clone();
            longer.push(0);
            assert!(!stored.equals(&longer));
        }
    }

    #[test]
    fn numbers_compare_as_in_map() {
        assert_eq!(number_bytes(0.0), number_bytes(-0.0));
        assert_eq!(number_bytes(f64::NAN), number_bytes(-f64::NAN));
        assert_ne!(number_bytes(1.0), number_bytes(-1.0));
    }
}
