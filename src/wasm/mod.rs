//! The border: the engine as JavaScript sees it. Numbers and bytes in, numbers out; no logic.
//!
//! Keys cross in a shared buffer, the scratch; what does not fit into a returned number is left in the status
//! block, at a fixed address. Slots, flags and reasons are numbers. Nothing here traps: a number that is no slot
//! is no entry.

mod answer;
mod cache;
pub mod hot;
mod shared;
mod stats;

use rlsf::SmallGlobalTlsf;

pub use cache::Cache;
pub use shared::{scratch, seed, status};

/// Two-level segregated fit (Masmano et al., 2004): O(1), little fragmentation, and a sixth of the code of the
/// default allocator, which would be a seventh of the package.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();
