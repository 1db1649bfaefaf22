//! The engine: the keys of a cache, their order, their expiry, and the choice of what leaves.
//!
//! It is plain Rust. It knows nothing of JavaScript, reads no clock and calls nobody: the time comes in as an
//! argument, and what was removed, and why, goes out as a list ([`Cache::removed`]). Values are the caller's: an
//! entry has a slot number, small and dense, and the caller keeps the value under it.
//!
//! ```
//! use poche::engine::{Cache, Config, Key};
//!
//! let mut cache = Cache::new(Config { max_entries: 2, ..Config::default() });
//! let stored = cache.set(Key::string("a"), 5_000.0, 1.0, 0.0).unwrap();
//! assert_eq!(cache.get(Key::string("a"), 4_999.0), Some(stored.slot));
//! assert_eq!(cache.get(Key::string("a"), 5_000.0), None, "it expired");
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`cache`] | the operations, each of them all or nothing |
//! | [`entry`], `slab`, [`segments`], `index` | where entries are, and how a key finds its own |
//! | [`key`], `keys`, `hash` | the bytes of keys |
//! | [`order`] | insertion order and iteration |
//! | `expiry` | which entry expires first |
//! | [`policy`], `marks` | which entry is evicted |
//! | [`pending`] | hits to be taken note of later |
//! | [`removed`], [`stats`] | what an operation reports |

pub mod cache;
pub mod entry;
mod expiry;
mod hash;
mod index;
pub mod key;
mod keys;
pub mod marks;
pub mod order;
pub mod pending;
pub mod policy;
pub mod removed;
pub mod segments;
mod slab;
pub mod stats;
pub mod values;

pub use cache::{Cache, Config, EvictionKind, SetError, Stored};
pub use entry::Slot;
pub use key::{Key, Kind};
pub use removed::Reason;
pub use stats::Stats;

/// Memory could not be had. Whatever was asked for has not been done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory;
