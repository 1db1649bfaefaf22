//! Hit ratios of the engine's eviction policies on request traces: `cargo bench --bench hits -- [FOLDER] [SIZES]`.
//!
//! FOLDER holds traces, `NAME.u32`: one little-endian `u32` per request, the number of a key. Without it, generated
//! workloads are replayed. SIZES are numbers of entries, with commas between them; left out, each trace has its own.
//! The columns are Belady's optimum, which knows the future, exact LRU and the default policy, in percent.

mod optimum;
mod workloads;

use poche::engine::{Cache, Config, EvictionKind, Key, Kind};
use std::path::{Path, PathBuf};
use workloads::Workload;

fn main() {
    // Cargo adds options of its own.
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let mut folder = arguments.next();
    let mut sizes = arguments.next();
    if folder.as_deref().is_some_and(|text| parse(text).is_some()) {
        sizes = folder.take();
    }
    let sizes = sizes.map(|text| parse(&text).expect("SIZES are numbers with commas between them"));
    let workloads = match folder {
        Some(folder) => read_folder(Path::new(&folder)),
        None => workloads::generate(),
    };
    println!(
        "{:<24} {:>9} {:>9} {:>9} {:>9}",
        "trace", "entries", "optimum", "LRU", "default"
    );
    for workload in &workloads {
        for &entries in sizes.as_ref().unwrap_or(&workload.sizes) {
            let requests = &workload.requests;
            println!(
                "{:<24} {entries:>9} {:>9.2} {:>9.2} {:>9.2}",
                workload.name,
                percent(optimum::hits(requests, entries), requests),
                percent(replay(requests, entries, EvictionKind::Lru), requests),
                percent(replay(requests, entries, EvictionKind::Adaptive), requests),
            );
        }
    }
}

fn parse(text: &str) -> Option<Vec<usize>> {
    text.split(',').map(|size| size.parse().ok()).collect()
}

fn percent(hits: usize, requests: &[u32]) -> f64 {
    100.0 * hits as f64 / requests.len() as f64
}

/// Looks every key up and stores it on a miss; how many were hits.
fn replay(requests: &[u32], entries: usize, eviction: EvictionKind) -> usize {
    let mut cache = Cache::new(Config {
        max_entries: entries,
        eviction,
        ..Config::default()
    });
    let mut hits = 0;
    for &request in requests {
        let bytes = f64::from(request).to_le_bytes();
        let key = Key {
            kind: Kind::Number,
            bytes: &bytes,
        };
        if cache.get(key, 0.0).is_some() {
            hits += 1;
        } else {
            cache.set(key, f64::INFINITY, 1.0, 0.0).expect("memory");
        }
    }
    hits
}

/// All traces of a folder, and the change of phase, if there is the trace that it is made of.
fn read_folder(folder: &Path) -> Vec<Workload> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| file.expect("a file of the folder").path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "u32"))
        .collect();
    files.sort();
    let mut workloads = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).expect("a trace that can be read");
        let requests: Vec<u32> = bytes
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        if name == "corda" {
            workloads.push(Workload {
                name: "corda, loop, corda".into(),
                requests: workloads::change_of_phase(&requests),
                sizes: vec![512],
            });
        }
        workloads.push(Workload {
            sizes: usual_sizes(&name, &requests),
            name: name.into_owned(),
            requests,
        });
    }
    workloads
}

/// The sizes at which other caches were measured on these traces, else three parts of their keys.
fn usual_sizes(name: &str, requests: &[u32]) -> Vec<usize> {
    match name {
        "c2k_web07" => vec![300, 1000, 3000],
        "c2k_web12" => vec![300, 1200],
        "arc_OLTP" => vec![1000, 5000],
        "lirs_gli" => vec![1000],
        "corda" => vec![512],
        _ => {
            let mut keys = requests.to_vec();
            keys.sort_unstable();
            keys.dedup();
            [50, 10, 4].map(|part| keys.len().div_ceil(part)).to_vec()
        }
    }
}
