//! Other policies to be measured against, each written from its paper, exact and without regard to cost.
//!
//! Keys are dense numbers, so that an array takes the place of a hash table. Where a paper leaves a parameter open,
//! the file says what was taken.

mod arc;
mod lirs;
mod lists;
mod lru;
mod s3_fifo;
mod two_q;
mod w_tinylfu;

/// What a policy hits: of these requests, for keys below this number, with room for so many entries.
pub type Hits = fn(requests: &[u32], keys: usize, entries: usize) -> usize;

/// All of them, LRU first.
pub const REFERENCES: [(&str, Hits); 6] = [
    ("LRU", lru::hits),
    ("ARC", arc::hits),
    ("LIRS", lirs::hits),
    ("2Q", two_q::hits),
    ("S3-FIFO", s3_fifo::hits),
    ("W-TinyLFU", w_tinylfu::hits),
];
