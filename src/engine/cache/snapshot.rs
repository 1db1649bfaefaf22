//! What a snapshot says of entries, and the records of whole runs of them, where the engine keeps the values: see
//! docs/snapshot-format.md.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::key::{Key, Kind};
use super::super::order::Position;
use super::super::policy::Eviction;
use super::{Cache, SetError};

const FREQUENCY: u8 = 0b11;

// The first byte of a record: the kind of its key, whether it expires, how often it was used.
const KIND: u8 = 0b11;
const EXPIRES: u8 = 0b100;
const USES: u32 = 3;

/// What [`Cache::read_records`] has read.
#[derive(Default, PartialEq, Debug)]
pub struct Run {
    /// Bytes of the records.
    pub len: usize,
    /// Whether any of their entries expires.
    pub expires: bool,
}

impl Cache {
    /// How often the entry at a slot was used of late, 0 to 3; 0 where the policy does not count.
    pub fn uses(&self, slot: Slot) -> u32 {
        match &self.eviction {
            Eviction::TinyLfu(_) if self.slab.is_occupied(slot) => {
                u32::from(self.slab.marks[slot as usize].tag & FREQUENCY)
            }
            _ => 0,
        }
    }

    /// Appends the records of entries, from a position in insertion order on, until there are `most` bytes. The position
    /// to go on from. O(1) for each.
    pub fn write_records(
        &mut self,
        mut position: Position,
        most: usize,
        out: &mut Vec<u8>,
    ) -> Result<Position, OutOfMemory> {
        while out.len() < most
            && let Some((slot, next)) = self.advance(position)
        {
            self.write_record(slot, out)?;
            position = next;
        }
        Ok(position)
    }

    fn write_record(&self, slot: Slot, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let key = self.slab.key(slot);
        let expiry = self.slab.at(slot).expiry;
        let expires = expiry < f64::INFINITY;
        let flags = key.kind as u8 | (self.uses(slot) << USES) as u8;
        put(out, &[if expires { flags | EXPIRES } else { flags }])?;
        put_count(out, key.bytes.len())?;
        put(out, key.bytes)?;
        if expires {
            put(out, &expiry.to_le_bytes())?;
        }
        let mut number = 0;
        while let Some((piece, len)) = self.value_piece(slot, number) {
            if number == 0 {
                put_count(out, len)?;
            }
            put(out, piece)?;
            number += 1;
        }
        Ok(())
    }

    /// Stores entries as records have them, as anybody would store them, but for those that have expired at `now` or
    /// are too large; appends the slot of each to `slots`, 4 bytes, `u32::MAX` for none. It ends before the first record
    /// that is not all there or very long, or whose key may not be in the one form that equal keys have: that is known only of
    /// ASCII text and of numbers. O(1) for each.
    pub fn read_records(
        &mut self,
        bytes: &[u8],
        now: f64,
        slots: &mut Vec<u8>,
    ) -> Result<Run, OutOfMemory> {
        let mut run = Run::default();
        let mut rest = bytes;
        while let Some(record) = Record::read(&mut rest) {
            let mut slot = Slot::MAX;
            if record.expiry > now {
                match self.set_value(record.key, record.value, record.expiry, now) {
                    Ok(stored) => slot = stored.slot,
                    Err(SetError::TooLarge) => {}
                    Err(SetError::OutOfMemory) => return Err(OutOfMemory),
                }
            }
            if slot != Slot::MAX {
                run.expires |= record.expiry < f64::INFINITY;
                let uses = usize::from(record.uses);
                self.pending.fill(std::iter::repeat_n(slot, uses));
                self.catch_up();
            }
            put(slots, &slot.to_le_bytes())?;
            run.len = bytes.len() - rest.len();
        }
        Ok(run)
    }
}

/// A record whose key is in the form that equal keys have.
struct Record<'a> {
    key: Key<'a>,
    expiry: f64,
    uses: u8,
    value: &'a [u8],
}

impl<'a> Record<'a> {
    fn read(rest: &mut &'a [u8]) -> Option<Record<'a>> {
        let &flags = rest.split_off_first()?;
        let bytes = read_block(rest)?;
        let kind = Kind::from_number(u32::from(flags & KIND))?;
        let is_known = match kind {
            Kind::String => bytes.iter().fold(0, |all, byte| all | byte) < 0x80,
            // There are two zeros and many NaNs to bytes, but one of each to keys.
            Kind::Number => {
                let number = f64::from_le_bytes(bytes.try_into().ok()?);
                !number.is_nan() && (number != 0.0 || number.is_sign_positive())
            }
            _ => false,
        };
        if !is_known {
            return None;
        }
        let expiry = match flags & EXPIRES {
            0 => f64::INFINITY,
            _ => f64::from_le_bytes(rest.split_off(..8)?.try_into().ok()?),
        };
        Some(Record {
            key: Key { kind, bytes },
            expiry,
            uses: (flags >> USES) & FREQUENCY,
            value: read_block(rest)?,
        })
    }
}

// Not inlined, to be small.
#[inline(never)]
fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), OutOfMemory> {
    out.try_reserve(bytes.len()).map_err(|_| OutOfMemory)?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// Puts a count: seven bits to a byte, the lowest first.
#[inline(never)]
fn put_count(out: &mut Vec<u8>, mut count: usize) -> Result<(), OutOfMemory> {
    while count > 0x7f {
        put(out, &[count as u8 | 0x80])?;
        count >>= 7;
    }
    put(out, &[count as u8])
}

/// Reads so many bytes as a count of up to four bytes says.
#[inline(never)]
fn read_block<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut count = 0;
    for shift in [0, 7, 14, 21] {
        let &byte = rest.split_off_first()?;
        count |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return rest.split_off(..count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::key::number_bytes;
    use crate::engine::{Config, EvictionKind};

    fn cache_of(eviction: EvictionKind) -> Cache {
        let mut cache = Cache::new(Config {
            max_entries: 100,
            values: true,
            eviction,
            ..Config::default()
        });
        for key in ["a", "b", "c"] {
            cache
                .set_value(Key::string(key), b"", f64::INFINITY, 0.0)
                .unwrap();
        }
        cache.get(Key::string("a"), 0.0);
        cache
    }

    #[test]
    fn the_adaptive_policy_tells_how_often_entries_were_used() {
        let cache = cache_of(EvictionKind::Adaptive);
        let uses = |key| cache.uses(cache.find(Key::string(key)).unwrap());
        assert_eq!([uses("a"), uses("b")], [1, 0]);
        assert_eq!(cache.uses(77), 0);
        assert_eq!(cache_of(EvictionKind::Lru).uses(0), 0);
    }

    /// All records, written some bytes at a time.
    fn records(cache: &mut Cache, most: usize) -> Vec<u8> {
        let (mut all, mut position) = (Vec::new(), 0);
        loop {
            let mut out = Vec::new();
            position = cache.write_records(position, most, &mut out).unwrap();
            if out.is_empty() {
                return all;
            }
            all.extend(out);
        }
    }

    #[test]
    fn records_bring_back_keys_values_expirations_and_uses_in_order() {
        let mut cache = cache_of(EvictionKind::Adaptive);
        let long = vec![7; 20_000];
        let number = number_bytes(1.5);
        let number = Key {
            kind: Kind::Number,
            bytes: &number,
        };
        cache.set_value(number, &long, 500.0, 0.0).unwrap();
        let late = cache.find(number).unwrap();
        let bytes = records(&mut cache, 1);
        assert_eq!(bytes, records(&mut cache, 1 << 20));

        let mut other = cache_of(EvictionKind::Adaptive);
        other.clear().unwrap();
        let mut slots = Vec::new();
        let run = other.read_records(&bytes, 499.0, &mut slots).unwrap();
        assert_eq!((run.len, run.expires), (bytes.len(), true));
        assert_eq!(slots.len(), 4 * 4);
        let there = other.find(number).unwrap();
        assert_eq!(other.expiry(there), cache.expiry(late));
        let pieces: Vec<u8> = (0..)
            .map_while(|piece| other.value_piece(there, piece))
            .flat_map(|(piece, _)| piece.to_vec())
            .collect();
        assert_eq!(pieces, long);
        assert_eq!(other.uses(other.find(Key::string("a")).unwrap()), 1);
        assert_eq!(records(&mut other, 100), bytes);
        other.validate();
    }

    #[test]
    fn what_has_expired_is_read_but_not_stored() {
        let mut cache = cache_of(EvictionKind::Lru);
        cache.set_value(Key::string("d"), b"", 500.0, 0.0).unwrap();
        let bytes = records(&mut cache, 1 << 20);
        let mut other = cache_of(EvictionKind::Lru);
        other.clear().unwrap();
        let mut slots = Vec::new();
        let run = other.read_records(&bytes, 500.0, &mut slots).unwrap();
        assert_eq!((run.len, run.expires), (bytes.len(), false));
        assert_eq!(slots[12..], [0xff; 4]);
        assert_eq!(other.len(), 3);
    }

    #[test]
    fn reading_ends_before_what_is_not_all_there_or_not_known_to_be_a_key() {
        let good: &[u8] = &[1, 1, b'x', 1, 0];
        let hostile: &[&[u8]] = &[
            &[],
            &[1],
            &[1, 1, b'x', 1],
            &[1, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
            &[1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0],
            &[1, 2, 0xc3, 0xa9, 0],
            &[0, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0],
            &[0, 8, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0],
            &[0, 1, 0, 0],
            &[2, 1, 0, 0],
            &[3, 1, b'x', 0],
            &[5, 1, b'x', 0, 0, 0],
        ];
        for bytes in hostile {
            let mut cache = cache_of(EvictionKind::Lru);
            let mut slots = Vec::new();
            let all = [good, bytes].concat();
            let run = cache.read_records(&all, 0.0, &mut slots).unwrap();
            assert_eq!((run.len, cache.len()), (good.len(), 4), "{bytes:?}");
            cache.validate();
        }
    }
}
