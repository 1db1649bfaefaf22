//! The border: the engine as JavaScript sees it. Numbers and bytes in, numbers out; no logic.
//!
//! Keys cross in a shared buffer, the scratch; what does not fit into a returned number is left in the status
//! block, at a fixed address. Slots, flags and reasons are numbers. Nothing here traps: a number that is no slot
//! is no entry.

mod cache;
mod copies;
mod external;
mod memory;
mod shared;
mod snapshot;
mod stats;

pub use cache::*;
pub use copies::*;
pub use external::*;
pub use shared::{scratch, seed, status};
pub use snapshot::*;
