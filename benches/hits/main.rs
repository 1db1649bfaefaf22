//! Hit ratios of the engine's eviction policies on request traces:
//! `cargo bench --bench hits -- [FOLDER] [SIZES] [--broad] [--only TEXT] [--seed N]`.
//!
//! FOLDER holds traces, `NAME.u32`: one little-endian `u32` per request, the number of a key. Without it, generated
//! workloads are replayed, with `--broad` very many of them. SIZES are numbers of entries, with commas between them;
//! left out, each trace has its own, with `--broad` many. `--only` takes the workloads whose names contain a text.
//! `--seed` is that of the hash: what the sketch confuses and which keys the policy samples depends on it.
//!
//! The columns are Belady's optimum, which knows the future; the default policy; exact LRU; and other policies, each
//! as its paper has it (`references`), in percent. The last columns compare the default with LRU and with the best.

mod broad;
mod optimum;
mod random;
mod references;
mod table;
mod workloads;

use poche::engine::{Cache, Config, EvictionKind, Key, Kind};
use std::path::{Path, PathBuf};
use workloads::Workload;

fn main() {
    let arguments = Arguments::read();
    let mut workloads = match &arguments.folder {
        Some(folder) => read_folder(Path::new(folder), arguments.broad),
        None if arguments.broad => broad::generate(),
        None => workloads::generate(),
    };
    if let Some(only) = &arguments.only {
        workloads.retain(|workload| workload.name.contains(only.as_str()));
    }
    if let Some(sizes) = arguments.sizes {
        for workload in &mut workloads {
            workload.sizes.clone_from(&sizes);
        }
    }
    table::print(&workloads, arguments.seed);
}

#[derive(Default)]
struct Arguments {
    folder: Option<String>,
    sizes: Option<Vec<usize>>,
    broad: bool,
    only: Option<String>,
    seed: u64,
}

impl Arguments {
    fn read() -> Arguments {
        let mut read = Arguments::default();
        let mut given = std::env::args().skip(1);
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--broad" => read.broad = true,
                "--only" => read.only = given.next(),
                "--seed" => {
                    let seed = given.next().and_then(|text| text.parse().ok());
                    read.seed = seed.expect("a number after --seed");
                }
                // Cargo's own.
                "--bench" => {}
                text => match sizes(text) {
                    Some(sizes) => read.sizes = Some(sizes),
                    None => read.folder = Some(text.into()),
                },
            }
        }
        read
    }
}

fn sizes(text: &str) -> Option<Vec<usize>> {
    text.split(',').map(|size| size.parse().ok()).collect()
}

/// Looks every key up and stores it on a miss; how many were hits.
fn replay(requests: &[u32], entries: usize, eviction: EvictionKind, seed: u64) -> usize {
    let mut cache = Cache::new(Config {
        max_entries: entries,
        eviction,
        seed,
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
fn read_folder(folder: &Path, broad: bool) -> Vec<Workload> {
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
            sizes: usual_sizes(&name, &requests, broad),
            name: name.into_owned(),
            requests,
        });
    }
    workloads
}

/// The sizes at which other caches were measured on these traces, else parts of their keys.
fn usual_sizes(name: &str, requests: &[u32], broad: bool) -> Vec<usize> {
    match name {
        _ if broad => {}
        "c2k_web07" => return vec![300, 1000, 3000],
        "c2k_web12" => return vec![300, 1200],
        "arc_OLTP" => return vec![1000, 5000],
        "lirs_gli" => return vec![1000],
        "corda" => return vec![512],
        _ => {}
    }
    let mut keys = requests.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let parts: &[usize] = if broad {
        &[1000, 300, 100, 50, 30, 20, 10, 7, 5, 4, 3, 2]
    } else {
        &[50, 10, 4]
    };
    parts
        .iter()
        .map(|part| keys.len().div_ceil(*part))
        .collect()
}
