//! The engine of poche, an in-memory cache for JavaScript, and its WebAssembly border.

pub mod engine;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
