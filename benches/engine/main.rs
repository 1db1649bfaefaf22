//! The engine's operations, one at a time: `cargo bench --bench engine -- [OPERATION [ENTRIES [CALLS]]]`.
//!
//! What a cache is filled with stays outside of what is measured: the calls, and nothing else, are made in a function
//! named `measured`. So callgrind counts the instructions of just these:
//!
//! ```text
//! valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*measured*' \
//!     target/release/deps/engine-HASH find-hit-number 1000 1000
//! ```
//!
//! The line that is printed says how many calls there were, so that a count can be divided by it. Without an operation,
//! or with `all`, all are run, and their times printed. `fill` instead prints the longest single call that filling
//! takes, and bytes per entry.

mod fill;
mod keys;
mod operations;

use std::time::Instant;

const ENTRIES: usize = 1_000;
const CALLS: usize = 1_000_000;

fn main() {
    // Cargo adds options of its own.
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let name = arguments.next().filter(|name| name != "all");
    let mut number = |otherwise| {
        arguments.next().map_or(otherwise, |text| {
            text.replace(['_', ','], "").parse().expect("a number")
        })
    };
    if name.as_deref() == Some("fill") {
        return fill::run(number(1_000_000));
    }
    let (entries, calls) = (number(ENTRIES), number(CALLS));
    let mut known = false;
    for operation in operations::ALL {
        if name.as_deref().is_none_or(|name| name == operation.name) {
            known = true;
            let mut prepared = (operation.prepare)(entries, calls);
            let start = Instant::now();
            measured(&mut *prepared);
            let each = start.elapsed().as_nanos() as f64 / calls as f64;
            println!(
                "{:<32} {entries:>9} entries {calls:>9} calls {each:>8.1} ns",
                operation.name
            );
        }
    }
    assert!(known, "there is no operation {}", name.unwrap_or_default());
}

/// What callgrind counts.
#[inline(never)]
fn measured(calls: &mut dyn FnMut()) {
    calls();
}
