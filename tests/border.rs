//! The border, as the face uses it: in Node and in a browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{Reflect, WebAssembly};
use poche::wasm::{self as border, Cache, scratch, seed, status};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const STRING: u32 = 1;
const NEVER: f64 = f64::INFINITY;
const EXPIRES: i32 = 1 << 28;
const INSERTED: i32 = 1 << 27;
const REMOVED: i32 = 1 << 28;
const REUSED: i32 = 1 << 29;
const MOVED: i32 = 1 << 30;

fn memory() -> js_sys::ArrayBuffer {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into()
}

/// Writes a key to scratch, as the face does; gives its length.
fn write(key: &str) -> usize {
    let address = scratch(key.len()) as u32;
    let view =
        js_sys::Uint8Array::new_with_byte_offset_and_length(&memory(), address, key.len() as u32);
    view.copy_from(key.as_bytes());
    key.len()
}

fn status_f64() -> f64 {
    js_sys::Float64Array::new_with_byte_offset_and_length(&memory(), status() as u32, 1)
        .get_index(0)
}

fn status_u32(index: u32) -> u32 {
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), status() as u32, 6)
        .get_index(index)
}

fn removals() -> Vec<u32> {
    let (len, address) = (status_u32(2), status_u32(3));
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, 2 * len).to_vec()
}

/// Writes a hit down, as the face does.
fn hit(at: usize, slot: u32) {
    let list = border::pending(at) as u32;
    let list = js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), list, 2);
    list.set_index(0, 1);
    list.set_index(1, slot);
    border::catch_up(at);
}

fn unbounded() -> Cache {
    seed(1, 2);
    Cache::new(NEVER, NEVER, 0, 0)
}

#[wasm_bindgen_test]
fn a_key_in_scratch_is_stored_found_and_given_back() {
    let cache = unbounded();
    let at = cache.address();
    let slot = border::set(at, STRING, write("user:1"), NEVER, 1.0, 0.0);
    assert_eq!(slot, INSERTED);
    let again = border::set(at, STRING, write("user:1"), NEVER, 1.0, 0.0);
    assert_eq!(again, 0);
    assert_eq!(border::find(at, STRING, write("user:1")), 0);
    assert_eq!(border::find(at, STRING, write("user:2")), -1);
    assert_eq!(border::key(at, 0), STRING as i32);
    let (address, len) = (status_u32(4), status_u32(5));
    let bytes =
        js_sys::Uint8Array::new_with_byte_offset_and_length(&memory(), address, len).to_vec();
    assert_eq!(bytes, b"user:1");
}

#[wasm_bindgen_test]
fn numbers_need_no_bytes() {
    let cache = unbounded();
    let at = cache.address();
    assert_eq!(border::set_number(at, -0.0, NEVER, 1.0, 0.0), INSERTED);
    assert_eq!(
        border::set_number(at, f64::NAN, NEVER, 1.0, 0.0),
        1 | INSERTED
    );
    assert_eq!(border::find_number(at, 0.0), 0);
    assert_eq!(border::find_number(at, -f64::NAN), 1);
    assert_eq!(border::find_number(at, 1.0), -1);
}

#[wasm_bindgen_test]
fn an_expiration_is_flagged_and_left_in_the_status() {
    let cache = unbounded();
    let at = cache.address();
    let now = js_sys::Date::now();
    border::set_number(at, 1.0, now + 5.0, 1.0, now);
    assert_eq!(border::find_number(at, 1.0), EXPIRES);
    assert_eq!(status_f64(), now + 5.0);
    assert_eq!(border::purge(at, now + 4.0, 10), 0);
    assert_eq!(border::purge(at, now + 5.0, 10), 1);
    assert_eq!(removals(), [0, 0]);
}

#[wasm_bindgen_test]
fn a_victim_is_reported_with_its_key() {
    seed(3, 4);
    let cache = Cache::new(2.0, NEVER, 1, 2);
    let at = cache.address();
    for key in ["a", "b"] {
        border::set(at, STRING, write(key), NEVER, 1.0, 0.0);
    }
    hit(at, 0);
    let stored = border::set(at, STRING, write("c"), NEVER, 1.0, 0.0);
    assert_eq!(stored, 1 | INSERTED | REMOVED | REUSED | MOVED);
    assert_eq!(removals(), [1, 1]);
    assert_eq!(border::removed_key(at, 0), STRING as i32);
    assert_eq!(border::removed_key(at, 1), -1);
}

#[wasm_bindgen_test]
fn iteration_goes_by_positions() {
    let cache = unbounded();
    let at = cache.address();
    (0..3).for_each(|n| _ = border::set_number(at, f64::from(n), NEVER, 1.0, 0.0));
    let (mut position, mut slots) = (0.0, Vec::new());
    loop {
        let slot = border::advance(at, position);
        if slot < 0 {
            break;
        }
        position = status_f64();
        slots.push(slot);
    }
    assert_eq!(slots, [0, 1, 2]);
}

#[wasm_bindgen_test]
fn the_order_of_use_is_a_list_of_slots() {
    seed(3, 4);
    let cache = Cache::new(2.0, NEVER, 1, 0);
    let at = cache.address();
    assert_eq!(border::by_use(at, 9), 0);
    (0..2).for_each(|n| _ = border::set_number(at, f64::from(n), NEVER, 1.0, 0.0));
    hit(at, 0);
    assert_eq!(border::by_use(at, 9), 2);
    let (address, bytes) = (status_u32(4), status_u32(5));
    let slots = js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, bytes / 4);
    assert_eq!(slots.to_vec(), [1, 0]);
    assert_eq!(border::by_use(at, 1), 1);
    assert_eq!(border::by_use(unbounded().address(), 9), 0);
}

#[wasm_bindgen_test]
fn a_hit_that_is_written_down_counts() {
    seed(3, 4);
    let cache = Cache::new(2.0, NEVER, 1, 0);
    let at = cache.address();
    (0..2).for_each(|n| _ = border::set_number(at, f64::from(n), NEVER, 1.0, 0.0));
    border::board(at);
    let stamps = js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), status_u32(4), 3);
    assert_eq!(stamps.to_vec(), [2, 1, 2]);
    stamps.copy_from(&[3, 3, 2]);
    // What was used longest ago is now the other one.
    let stored = border::set_number(at, 2.0, NEVER, 1.0, 0.0);
    assert_eq!(stored, 1 | INSERTED | REMOVED | REUSED);
}

/// Writes numbers to the status, from one of them on.
fn set_status(first: u32, numbers: &[u32]) {
    let (address, len) = (status() as u32 + 4 * first, numbers.len() as u32);
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, len)
        .copy_from(numbers);
}

fn places(count: u32) -> Vec<u32> {
    let address = status() as u32 + 1048;
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, 2 * count).to_vec()
}

#[wasm_bindgen_test]
fn what_is_done_without_the_engine_is_done_by_it_later() {
    seed(3, 4);
    let cache = Cache::new(3.0, NEVER, 1, 0);
    let at = cache.address();
    assert_eq!(border::write_behind(at, 0, false, 9), 3 | MOVED);
    assert_eq!(places(3), [0, 0, 1, 0, 2, 0]);
    border::board(at);
    let address = status_u32(4);
    let stamps = js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, 4);
    // Three entries are stored, the second is removed and stored again.
    stamps.copy_from(&[4, 1, 4, 3]);
    set_status(6, &[0, 1, 2, 1 | 1 << 31, 1]);
    assert_eq!(
        (border::len(at), border::write_behind(at, 5, false, 9)),
        (0, 3)
    );
    assert_eq!((border::len(at), places(3)), (3, vec![0, 1, 2, 3, 1, 4]));
    // They may expire from now on; the one that was used longest ago is replaced.
    assert_eq!(border::write_behind(at, 0, true, 1), 1);
    stamps.copy_from(&[5, 5, 4, 3]);
    set_status(6, &[0, 2 | 1 << 30]);
    let expiries = js_sys::Float64Array::new_with_byte_offset_and_length(
        &memory(),
        status() as u32 + 24 + 512,
        2,
    );
    expiries.copy_from(&[500.0, NEVER]);
    assert_eq!(border::write_behind(at, 2, true, 0), 0);
    assert_eq!(
        (border::expiry(at, 0), border::expiry(at, 2)),
        (500.0, NEVER)
    );
    assert_eq!(border::by_use(at, 1), 1);
}

fn place_value(bytes: &[u8]) {
    let address = border::value_room(bytes.len()) as u32;
    js_sys::Uint8Array::new_with_byte_offset_and_length(&memory(), address, bytes.len() as u32)
        .copy_from(bytes);
}

#[wasm_bindgen_test]
fn of_what_the_face_has_alone_the_engine_tells_the_oldest_and_takes_over_all() {
    seed(3, 4);
    let cache = Cache::new(3.0, NEVER, 1, 0);
    let at = cache.address();
    let times = [7, 5, 7, 2];
    let address = border::uses_room(4) as u32;
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, 4).copy_from(&times);
    assert_eq!((border::oldest(), status_u32(5)), (3, 24));
    let address = status_u32(4);
    let oldest = js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), address, 6);
    assert_eq!(oldest.to_vec(), [1, 7, 0, 5, 2, 2]);
    // They have been taken.
    assert_eq!(border::oldest(), 0);
    assert!(border::uses_room(usize::MAX).is_null());
    // Stored at 0, then at 2, then at 1: expirations, slots with numbers of hits, hashes.
    let dates = [500.0, NEVER, 600.0].map(f64::to_le_bytes).concat();
    let words = [3u32 << 30, 2, 1 | 1 << 30, 9, 9, 8]
        .map(u32::to_le_bytes)
        .concat();
    place_value(&[dates, words].concat());
    assert_eq!(border::take_over(at, 3, 3, true, true), 0);
    border::board(at);
    js_sys::Uint32Array::new_with_byte_offset_and_length(&memory(), status_u32(4), 4)
        .copy_from(&times);
    assert_eq!(border::len(at), 3);
    assert_eq!(
        [0, 1, 2].map(|slot| border::expiry(at, slot)),
        [500.0, 600.0, NEVER]
    );
    assert_eq!(
        [0.0, 1.0].map(|position| border::advance(at, position)),
        [0, 2]
    );
    // Who was used longest ago is at 2.
    assert_eq!(border::set_external(at, 1, NEVER, 1.0, 0.0) & 0xff, 2);
    assert_eq!(border::take_over(at, 3, 3, true, true), -1);
    // What the buffer does not hold cannot be taken over.
    let other = Cache::new(3.0, NEVER, 2, 0);
    assert_eq!(
        border::take_over(other.address(), 3, 1 << 20, false, false),
        -1
    );
    place_value(&1u32.to_le_bytes());
    assert_eq!(border::take_over(other.address(), 3, 1, false, false), 0);
    assert_eq!(border::len(other.address()), 1);
}

#[wasm_bindgen_test]
fn numbers_that_mean_nothing_change_nothing() {
    let cache = unbounded();
    let at = cache.address();
    assert_eq!(border::find(at, 9, 0), -1);
    assert_eq!(border::find(at, STRING, 1 << 30), -1);
    assert_eq!(border::store(at, 7, NEVER, 1.0, 0.0), -1);
    assert_eq!(border::rename(at, 7, STRING, write("a"), 0.0), -1);
    assert_eq!(border::remove(at, 7, 2), 0);
    assert_eq!(border::key(at, u32::MAX), -1);
    assert_eq!(border::set_expiry(at, 7, 1.0), 0);
    assert_eq!(border::expiry(at, 7), NEVER);
    hit(at, 7);
    assert_eq!(border::len(at), 0);
}

#[wasm_bindgen_test]
fn statistics_come_as_a_plain_object() {
    let uncounted = unbounded();
    assert!(border::stats(uncounted.address()).is_undefined());
    let cache = Cache::new(NEVER, NEVER, 0, 1);
    let at = cache.address();
    border::set_number(at, 1.0, NEVER, 1.0, 0.0);
    hit(at, 0);
    border::miss(at, 3);
    let stats = border::stats(at);
    let field = |name: &str| Reflect::get(&stats, &JsValue::from_str(name)).unwrap();
    assert_eq!(field("hits"), 1.0);
    assert_eq!(field("misses"), 3.0);
    assert_eq!(field("hitRate"), 0.25);
    assert_eq!(field("entries"), 1.0);
}

#[wasm_bindgen_test]
fn memory_that_cannot_be_had_leaves_the_scratch_usable() {
    let cache = unbounded();
    let at = cache.address();
    assert!(scratch(0xf000_0000).is_null());
    let slot = border::set(at, STRING, write("still here"), NEVER, 1.0, 0.0);
    assert_eq!(slot, INSERTED);
}
