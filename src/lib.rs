//! The engine of poche, an in-memory cache for JavaScript, and its WebAssembly border.
