//! The records of a snapshot: an entry with its key, expiration, value, and how often it was used of late.
//!
//! A record is a byte of flags; the key, a number as its 8 bytes, anything else after its length; the expiration, if
//! there is one, as 8 bytes; the value after its length. Lengths are counts of seven bits to a byte, the lowest
//! first. Reading takes nothing for granted: bytes that are no record are told from those that are.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::hash::Hasher;
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
pub fn checksum(bytes: &[u8], place: u32) -> u32 {
    let kind = Kind::String;
    Hasher::new(u64::from(place)).hash(Key { kind, bytes })
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

/// The record at the beginning of `block`, and how many bytes it has; `None` if there is none.
pub fn read_record(block: &[u8]) -> Option<(Record<'_>, usize)> {
    let mut reader = Reader(block);
    let flags = reader.take(1)?[0];
    let kind = Kind::from_number(u32::from(flags & KIND))?;
    let key = match kind {
        Kind::Number => reader.take(8)?,
        _ => reader.bytes()?,
    };
    // Any other form of a number would be another key.
    if kind == Kind::Number
        && key != number_bytes(f64::from_le_bytes(key.try_into().ok()?)).as_slice()
    {
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
        joined: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<(), OutOfMemory> {
        let Some(key) = self.key(slot) else {
            return Ok(());
        };
        let value = match value {
            Some(value) => value,
            None => self.value(slot, joined)?.unwrap_or_default(),
        };
        out.try_reserve(key.bytes.len() + value.len() + 32)
            .map_err(|_| OutOfMemory)?;
        let expiry = self.expiry(slot);
        let frequency = match &self.eviction {
            Eviction::S3Fifo(_) => self.slab.at(slot).tag & FREQUENCY,
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
        put_count(out, value.len());
        out.extend_from_slice(value);
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
    pub fn write_recency(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
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
