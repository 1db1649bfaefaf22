//! The records of a snapshot: an entry with its key, expiration, value, and how often it was used of late.
//!
//! A record is a byte of flags; the key, a number as its 8 bytes, anything else after its length; the expiration, if
//! there is one, as 8 bytes; the value after its length. Lengths are counts of seven bits to a byte, the lowest
//! first. Reading takes nothing for granted: bytes that are no record are told from those that are.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::key::{Key, Kind, number_bytes};
use super::super::policy::{Eviction, Policy};
use super::Cache;

const KIND: u8 = 0b11;
const EXPIRES: u8 = 0b100;
const FREQUENCY_SHIFT: u8 = 3;
const FREQUENCY: u8 = 0b11;

/// An entry as a snapshot has it.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Its key.
    pub key: Key<'a>,
    /// When it expires; infinite: never.
    pub expiry: f64,
    /// How often it was used of late, 0 to 3.
    pub frequency: u8,
    /// Its value.
    pub value: &'a [u8],
}

/// A number that changes when bytes do, or the place in which they are expected.
///
/// 8 bytes at a time, the last ones filled up with zeros, are xored to the sum, which is multiplied and folded then.
pub fn checksum(bytes: &[u8], place: u32) -> u32 {
    let mut sum = (bytes.len() as u64) << 32 | u64::from(place);
    let mut mix = |word: u64| {
        sum = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum ^= sum >> 32;
    };
    let mut words = bytes.chunks_exact(8);
    for word in words.by_ref() {
        mix(u64::from_le_bytes([
            word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7],
        ]));
    }
    let mut last = [0; 8];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    mix(u64::from_le_bytes(last));
    sum as u32
}

fn put_count(out: &mut Vec<u8>, mut count: usize) {
    while count > 0x7f {
        out.push(count as u8 | 0x80);
        count >>= 7;
    }
    out.push(count as u8);
}

/// What is left of a block.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<usize> {
        let mut count = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.take(1)?[0];
            count |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(count).ok();
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.count()?;
        self.take(len)
    }

    fn double(&mut self) -> Option<f64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some(f64::from_le_bytes(bytes))
    }
}

/// Whether bytes are UTF-8 in which surrogates may have 3 bytes each, but only where they are no pair.
fn is_text(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut after_high = false;
    while let [first, others @ ..] = rest {
        let (more, least) = match first {
            0..0x80 => (0, 0),
            0xc0..0xe0 => (1, 0x80),
            0xe0..0xf0 => (2, 0x800),
            0xf0..0xf8 => (3, 0x1_0000),
            _ => return false,
        };
        let Some((others, next)) = others.split_at_checked(more) else {
            return false;
        };
        let mut point = u32::from(*first) & (0x7f >> (more + usize::from(more > 0)));
        for byte in others {
            if byte >> 6 != 0b10 {
                return false;
            }
            point = point << 6 | u32::from(byte & 0x3f);
        }
        if point < least || point > 0x10_ffff || after_high && point >> 10 == 0xdc00 >> 10 {
            return false;
        }
        after_high = point >> 10 == 0xd800 >> 10;
        rest = next;
    }
    true
}

/// The record at the beginning of `block`, and how many bytes it has; `None` if there is none.
pub fn read_record(block: &[u8]) -> Option<(Record<'_>, usize)> {
    let mut reader = Reader(block);
    let flags = reader.take(1)?[0];
    let kind = Kind::from_number(u32::from(flags & KIND))?;
    let key = match kind {
        Kind::Number => reader.take(8)?,
        _ => reader.bytes()?,
    };
    // Any other form of a number or text would be another key.
    let canonical = match kind {
        Kind::Number => key == number_bytes(f64::from_le_bytes(key.try_into().ok()?)).as_slice(),
        Kind::String => key.is_ascii() || is_text(key),
        Kind::Structure => true,
    };
    if !canonical {
        return None;
    }
    let expiry = if flags & EXPIRES != 0 {
        reader.double().filter(|expiry| !expiry.is_nan())?
    } else {
        f64::INFINITY
    };
    let record = Record {
        key: Key { kind, bytes: key },
        expiry,
        frequency: flags >> FREQUENCY_SHIFT & FREQUENCY,
        value: reader.bytes()?,
    };
    Some((record, block.len() - reader.0.len()))
}

impl Cache {
    /// Appends the record of an entry to `out`, with the value given or else with the one that the engine has.
    pub fn write_record(
        &self,
        slot: Slot,
        value: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), OutOfMemory> {
        let Some(key) = self.key(slot) else {
            return Ok(());
        };
        let piece = |piece| match value {
            Some(value) => (piece == 0).then_some((value, value.len())),
            None => self.value_piece(slot, piece),
        };
        let len = piece(0).map_or(0, |(_, len)| len);
        out.try_reserve(key.bytes.len() + len + 32)
            .map_err(|_| OutOfMemory)?;
        let expiry = self.expiry(slot);
        let frequency = match &self.eviction {
            Eviction::TinyLfu(_) => self.slab.marks[slot as usize].tag & FREQUENCY,
            _ => 0,
        };
        let expires = if expiry < f64::INFINITY { EXPIRES } else { 0 };
        out.push(key.kind as u8 | expires | frequency << FREQUENCY_SHIFT);
        if key.kind != Kind::Number {
            put_count(out, key.bytes.len());
        }
        out.extend_from_slice(key.bytes);
        if expires != 0 {
            out.extend_from_slice(&expiry.to_le_bytes());
        }
        put_count(out, len);
        for (bytes, _) in (0..).map_while(piece) {
            out.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// Lets an entry count as used so many times more, if there is one.
    pub fn add_uses(&mut self, slot: Slot, uses: u8) {
        for _ in 0..uses {
            if self.slab.is_occupied(slot) {
                self.eviction.hit(&mut self.slab, slot);
            }
        }
    }

    /// With exact LRU, the entries in the order of their use, the first used first: each by its place in the order
    /// of insertion, as 4 bytes. Nothing with other policies.
    pub fn write_recency(&mut self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        self.catch_up();
        let Eviction::Lru(lru) = &self.eviction else {
            return Ok(());
        };
        let mut places = Vec::new();
        places
            .try_reserve_exact(self.slab.slots())
            .map_err(|_| OutOfMemory)?;
        places.resize(self.slab.slots(), 0);
        for (place, slot) in self.order.slots(&self.slab).enumerate() {
            places[slot as usize] = place as u32;
        }
        out.try_reserve_exact(4 * self.len())
            .map_err(|_| OutOfMemory)?;
        for slot in lru.slots(&self.slab) {
            out.extend_from_slice(&places[slot as usize].to_le_bytes());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Config, EvictionKind};

    fn cache(eviction: EvictionKind) -> Cache {
        Cache::new(Config {
            max_entries: 100,
            values: true,
            eviction,
            ..Config::default()
        })
    }

    #[test]
    fn records_are_read_back_as_they_were_written() {
        let mut original = cache(EvictionKind::Adaptive);
        let number = number_bytes(-7.5);
        let keys = [
            Key::string("short"),
            Key::string("a key that is too long to be held in its entry"),
            Key {
                kind: Kind::Number,
                bytes: &number,
            },
            Key {
                kind: Kind::Structure,
                bytes: &[1, 2, 3],
            },
        ];
        let value = vec![9; 20_000];
        for (i, key) in keys.into_iter().enumerate() {
            let expiry = if i % 2 == 0 { f64::INFINITY } else { 1e12 };
            original
                .set_value(key, &value[..i * 6_000], expiry, 0.0)
                .unwrap();
        }
        original.get(keys[1], 0.0);
        let mut out = Vec::new();
        let slots: Vec<Slot> = original.order.slots(&original.slab).collect();
        for slot in slots {
            original.write_record(slot, None, &mut out).unwrap();
        }
        let mut rest = &out[..];
        for (i, key) in keys.into_iter().enumerate() {
            let (record, read) = read_record(rest).unwrap();
            assert_eq!((record.key.kind, record.key.bytes), (key.kind, key.bytes));
            assert_eq!(record.value, &value[..i * 6_000]);
            assert_eq!(record.expiry < f64::INFINITY, i % 2 == 1);
            assert_eq!(record.frequency, u8::from(i == 1));
            rest = &rest[read..];
        }
        assert!(rest.is_empty());
        for len in (0..out.len().min(9_000)).step_by(if cfg!(miri) { 999 } else { 1 }) {
            if let Some((_, read)) = read_record(&out[..len]) {
                assert!(read <= len);
            }
        }
    }

    #[test]
    fn the_order_of_use_is_written_for_lru_only() {
        let mut lru = cache(EvictionKind::Lru);
        for key in ["a", "b", "c"] {
            lru.set_value(Key::string(key), b"", f64::INFINITY, 0.0)
                .unwrap();
        }
        lru.get(Key::string("a"), 0.0);
        let mut out = Vec::new();
        lru.write_recency(&mut out).unwrap();
        assert_eq!(out, [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
        out.clear();
        cache(EvictionKind::Adaptive)
            .write_recency(&mut out)
            .unwrap();
        assert!(out.is_empty());
    }

    #[test]
    fn keys_in_any_other_form_than_their_own_are_no_records() {
        let text = |bytes: &[u8]| is_text(bytes);
        assert!(
            text("é日😀a".as_bytes()) && text(b"\xed\xa0\x80") && text(b"\xed\xb0\x80\xed\xa0\x80")
        );
        for bad in [
            &b"\xed\xa0\x80\xed\xb0\x80"[..],
            b"\xc0\x80",
            b"\xe0\x80\x80",
            b"\xf0\x80\x80\x80",
            b"\xf7\xbf\xbf\xbf",
            b"\x80",
            b"\xff",
            b"\xc3",
            b"\xc3a",
        ] {
            assert!(!text(bad), "{bad:x?}");
        }
        let zero = [0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0];
        assert!(read_record(&zero).is_none(), "-0 is stored as 0");
    }

    /// Snapshots of this version must be read for ever: what computes this number must not change under it.
    #[test]
    fn the_checksum_is_part_of_the_form() {
        let bytes: Vec<u8> = (0..=255).collect();
        let sums = [checksum(b"", 0), checksum(b"poche", 1), checksum(&bytes, 2)];
        assert_eq!(sums, [0, 4_050_242_925, 1_011_166_548]);
    }
}
