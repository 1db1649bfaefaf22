//! The table: one line per workload and size, and what it comes to.

use super::references::REFERENCES;
use super::workloads::Workload;
use super::{broad, optimum, replay};
use poche::engine::EvictionKind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Hits in percent.
struct Line {
    workload: usize,
    entries: usize,
    optimum: f64,
    default: f64,
    references: Vec<f64>,
}

impl Line {
    fn best(&self) -> f64 {
        self.references.iter().copied().fold(0.0, f64::max)
    }

    fn to_lru(&self) -> f64 {
        self.default - self.references[0]
    }

    fn to_best(&self) -> f64 {
        self.default - self.best()
    }
}

/// Measures all of them, on all processors, and prints the table.
pub fn print(workloads: &[Workload], seed: u64) {
    let mut lines = measure(workloads, seed);
    lines.sort_by_key(|line| (line.workload, line.entries));
    print!(
        "{:<38}{:>8}{:>9}{:>9}",
        "trace", "entries", "optimum", "default"
    );
    for (name, _) in REFERENCES {
        print!("{name:>10}");
    }
    println!("{:>9}{:>9}", "- LRU", "- best");
    for line in &lines {
        print!(
            "{:<38}{:>8}{:>9.2}{:>9.2}",
            workloads[line.workload].name, line.entries, line.optimum, line.default
        );
        for hits in &line.references {
            print!("{hits:>10.2}");
        }
        println!("{:>+9.2}{:>+9.2}", line.to_lru(), line.to_best());
    }
    println!();
    summarize("LRU", &lines, Line::to_lru);
    summarize("the best", &lines, Line::to_best);
}

fn summarize(what: &str, lines: &[Line], difference: fn(&Line) -> f64) {
    let worst = lines.iter().map(difference).fold(f64::INFINITY, f64::min);
    let mean = lines.iter().map(difference).sum::<f64>() / lines.len() as f64;
    println!(
        "The default to {what}: {mean:+.2} on average, {worst:+.2} at worst, of {} lines.",
        lines.len()
    );
}

fn measure(workloads: &[Workload], seed: u64) -> Vec<Line> {
    let jobs: Vec<(usize, usize)> = workloads
        .iter()
        .enumerate()
        .flat_map(|(n, workload)| workload.sizes.iter().map(move |&entries| (n, entries)))
        .collect();
    let (next, lines) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |n| n.get()) {
            scope.spawn(|| {
                while let Some(&(workload, entries)) =
                    jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let line = line(workload, entries, &workloads[workload].requests, seed);
                    lines.lock().expect("no panic").push(line);
                }
            });
        }
    });
    lines.into_inner().expect("no panic")
}

fn line(workload: usize, entries: usize, requests: &[u32], seed: u64) -> Line {
    let requests = broad::dense(requests);
    let keys = requests.iter().max().map_or(0, |&key| key as usize + 1);
    let percent = |hits: usize| 100.0 * hits as f64 / requests.len() as f64;
    Line {
        workload,
        entries,
        optimum: percent(optimum::hits(&requests, entries)),
        default: percent(replay(&requests, entries, EvictionKind::Adaptive, seed)),
        references: REFERENCES
            .iter()
            .map(|(_, hits)| percent(hits(&requests, keys, entries)))
            .collect(),
    }
}
