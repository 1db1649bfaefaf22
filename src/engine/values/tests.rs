//! The store of values against a map of vectors, and what it holds in memory under churn.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// Bytes that differ from value to value and from place to place.
fn content(seed: u32, len: usize) -> Vec<u8> {
    (0..len as u32)
        .map(|at| (at.wrapping_mul(31) ^ seed.wrapping_mul(0x9E37_79B9) >> 13) as u8)
        .collect()
}

/// The store, and what it ought to hold.
#[derive(Default)]
struct Tested {
    values: Values,
    slots: HashMap<Slot, Vec<u8>>,
    loose: Vec<(Loose, Vec<u8>)>,
}

impl Tested {
    fn set(&mut self, slot: Slot, bytes: Vec<u8>) {
        let loose = self.values.insert(&bytes).unwrap();
        self.values.try_reserve(slot as usize + 1).unwrap();
        if self.slots.insert(slot, bytes).is_some() {
            self.values.remove(slot);
        }
        self.values.give(loose, slot);
    }

    fn take(&mut self, slot: Slot) {
        if let Some(bytes) = self.slots.remove(&slot) {
            self.values.try_reserve_loose(1).unwrap();
            self.loose.push((self.values.take(slot), bytes));
        }
    }

    fn remove(&mut self, slot: Slot) {
        if self.slots.remove(&slot).is_some() {
            self.values.remove(slot);
        }
    }

    fn remove_loose(&mut self, which: usize) {
        if which < self.loose.len() {
            let (loose, _) = self.loose.swap_remove(which);
            self.values.remove_loose(loose);
        }
    }

    fn check(&self) {
        self.values.validate();
        let join = |piece: &dyn Fn(usize) -> Option<(Vec<u8>, usize)>| {
            let pieces: Vec<_> = (0..).map_while(piece).collect();
            let whole: Vec<u8> = pieces.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
            assert!(pieces.iter().all(|(_, len)| *len == whole.len()));
            whole
        };
        let owned = |(bytes, len): (&[u8], usize)| (bytes.to_vec(), len);
        for (&slot, bytes) in &self.slots {
            assert_eq!(self.values.len_at(slot), bytes.len());
            assert_eq!(
                &join(&|piece| self.values.piece(slot, piece).map(owned)),
                bytes
            );
        }
        for (loose, bytes) in &self.loose {
            assert_eq!(
                &join(&|piece| self.values.loose_piece(*loose, piece).map(owned)),
                bytes
            );
        }
    }
}

#[derive(Clone, Debug)]
enum Op {
    Set(Slot, usize),
    Take(Slot),
    Remove(Slot),
    RemoveLoose(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let len = prop_oneof![
        4 => 0..100usize,
        2 => 0..10_000usize,
        1 => LARGEST_CONTENT - 2..LARGEST_CONTENT + 8,
        1 => 0..40_000usize,
    ];
    prop_oneof![
        6 => (0..40u32, len).prop_map(|(slot, len)| Op::Set(slot, len)),
        2 => (0..40u32).prop_map(Op::Take),
        2 => (0..40u32).prop_map(Op::Remove),
        2 => (0..10usize).prop_map(Op::RemoveLoose),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 300 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_value_is_read_back_as_it_was_stored(ops in prop::collection::vec(op(), 1..if cfg!(miri) { 20 } else { 150 })) {
        let mut tested = Tested::default();
        for (step, op) in ops.into_iter().enumerate() {
            match op {
                Op::Set(slot, len) => tested.set(slot, content(step as u32, len)),
                Op::Take(slot) => tested.take(slot),
                Op::Remove(slot) => tested.remove(slot),
                Op::RemoveLoose(which) => tested.remove_loose(which),
            }
        }
        tested.check();
        for slot in 0..40 {
            tested.remove(slot);
        }
        while !tested.loose.is_empty() {
            tested.remove_loose(0);
        }
        tested.check();
        prop_assert_eq!(tested.values.bytes(), 0);
    }
}

#[test]
fn the_smallest_values_take_eight_bytes() {
    let mut tested = Tested::default();
    for slot in 0..1000 {
        tested.set(slot, content(slot, slot as usize % 6));
    }
    tested.check();
    assert_eq!([0, 4, 5].map(footprint), [8, 8, 16]);
}

#[test]
fn a_value_may_be_so_long_that_the_list_of_its_pieces_has_pieces() {
    let pieces = LARGEST_CONTENT / size_of::<Loose>() + 3;
    let len = pieces * LARGEST_CONTENT - 5;
    if cfg!(miri) {
        return;
    }
    let mut tested = Tested::default();
    tested.set(1, content(1, 20_000));
    tested.set(2, content(2, len));
    tested.set(3, content(3, 9_000));
    tested.check();
    tested.take(2);
    tested.remove(1);
    tested.check();
    assert!(tested.values.memory() as f64 <= 1.02 * len as f64);
    assert!((tested.values.used() as f64) <= 1.02 * len as f64);
    tested.remove_loose(0);
    tested.remove(3);
    tested.check();
    assert_eq!((tested.values.bytes(), tested.values.used()), (0, 0));
}

#[test]
fn a_slot_without_a_value_has_none() {
    let mut values = Values::default();
    values.try_reserve(1500).unwrap();
    assert_eq!(values.piece(7, 0), None);
    assert_eq!(values.piece(70_000, 0), None);
    values.remove(1400);
    assert_eq!(values.len_at(1400), 0);
    values.validate();
}

/// The next number of a small generator (xorshift64*).
fn random(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
}

/// Sizes from 1 byte to 1 MiB, each order of magnitude as likely as any other.
fn mixed_size(state: &mut u64) -> usize {
    let bits = random(state) % 21;
    ((1 << bits) + random(state) as usize % (1 << bits)).min(1 << 20)
}

#[test]
fn churn_of_sizes_from_a_byte_to_a_megabyte_holds_at_most_a_quarter_more_than_is_in_use() {
    let mut values = Values::default();
    let mut state = 1;
    let slots = if cfg!(miri) { 20 } else { 1000 };
    let steps = if cfg!(miri) { 60 } else { 30_000 };
    let bytes = vec![7; 1 << 20];
    values.try_reserve(slots).unwrap();
    let mut worst: f64 = 0.0;
    for step in 0..steps {
        let slot = (random(&mut state) as usize % slots) as Slot;
        // The sizes change for a while, so that classes have to shrink: only small ones, only large ones.
        let size = match step / 2000 % 3 {
            0 => mixed_size(&mut state),
            1 => 1 + random(&mut state) as usize % 200,
            _ => 20_000 + random(&mut state) as usize % 200_000,
        };
        let loose = values.insert(&bytes[..size]).unwrap();
        values.remove(slot);
        values.give(loose, slot);
        if values.bytes() > 1 << 20 {
            worst = worst.max(values.memory() as f64 / values.bytes() as f64);
        }
    }
    values.validate();
    assert!(
        cfg!(miri) || worst > 1.0 && worst <= 1.25,
        "{worst:.3} bytes held for each in use"
    );
}

#[test]
fn small_values_lose_little_too() {
    let mut values = Values::default();
    let slots = if cfg!(miri) { 100 } else { 100_000 };
    values.try_reserve(slots).unwrap();
    let mut state = 2;
    let mut exact = 0;
    for slot in 0..slots as Slot {
        let len = 20 + random(&mut state) as usize % 200;
        exact += len + 4 + size_of::<Location>();
        let loose = values.insert(&[1; 220][..len]).unwrap();
        values.give(loose, slot);
    }
    assert!(cfg!(miri) || values.memory() as f64 <= 1.1 * exact as f64);
}
