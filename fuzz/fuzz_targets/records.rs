//! Blocks of a snapshot that anybody may have written: `cargo +nightly fuzz run records`.
//!
//! Whatever the bytes, reading them ends, and what is read is written again as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use poche::engine::cache::snapshot::read_record;
use poche::engine::{Cache, Config};

fuzz_target!(|block: &[u8]| {
    let mut cache = Cache::new(Config {
        max_bytes: 100_000.0,
        values: true,
        ..Config::default()
    });
    let (mut rest, mut joined) = (block, Vec::new());
    while let Some((record, read)) = read_record(rest) {
        if let Ok(stored) = cache.set_value(record.key, record.value, record.expiry, 0.0) {
            cache.add_uses(stored.slot, record.frequency);
            let value = cache.value(stored.slot, &mut joined).unwrap();
            assert_eq!(value, Some(record.value));
            let mut written = Vec::new();
            cache
                .write_record(stored.slot, None, &mut joined, &mut written)
                .unwrap();
            let (again, len) = read_record(&written).unwrap();
            assert_eq!(len, written.len());
            assert_eq!(again.key.bytes, record.key.bytes);
            assert_eq!(again.value, record.value);
            assert_eq!(again.expiry, record.expiry);
        }
        rest = &rest[read..];
    }
    cache.validate();
});
