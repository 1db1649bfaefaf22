//! W-TinyLFU with a hill climber (Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", ACM
//! Transactions on Storage, 2017; Einziger, Eytan, Friedman, Manes: "Adaptive Software Cache Management", Middleware
//! 2018): a window that is LRU, a segmented LRU of 20 and 80 parts in 100, exact counts up to 15 that are halved
//! after ten requests per entry. The window starts at 1%; every ten requests per entry it moves on by 6.25% while the
//! hit ratio rises and else turns round, by steps that shrink by 2% each and are renewed by a change of 5 points.

use super::lists::Lists;

const WINDOW: u32 = 0;
const PROBATION: u32 = 1;
const PROTECTED: u32 = 2;

struct Cache {
    lists: Lists,
    counts: Vec<u8>,
    additions: usize,
    entries: usize,
    window: usize,
}

impl Cache {
    fn count(&mut self, key: u32) {
        let count = &mut self.counts[key as usize];
        if *count < 15 {
            *count += 1;
            self.additions += 1;
        }
        if self.additions >= 10 * self.entries {
            self.counts.iter_mut().for_each(|count| *count /= 2);
            self.additions /= 2;
        }
    }

    fn settle(&mut self) {
        let protected = (self.entries - self.window) * 4 / 5;
        while self.lists.len(PROTECTED) > protected {
            let key = self.lists.front(PROTECTED);
            self.lists.push(PROBATION, key);
        }
    }

    fn request(&mut self, key: u32) -> bool {
        self.count(key);
        match self.lists.list(key) {
            WINDOW => self.lists.push(WINDOW, key),
            PROBATION | PROTECTED => {
                self.lists.push(PROTECTED, key);
                self.settle();
            }
            _ => {
                self.lists.push(WINDOW, key);
                self.make_room();
                return false;
            }
        }
        true
    }

    fn make_room(&mut self) {
        while self.lists.len(WINDOW) > self.window {
            let candidate = self.lists.front(WINDOW);
            self.lists.push(PROBATION, candidate);
            let main = self.lists.len(PROBATION) + self.lists.len(PROTECTED);
            if main + self.lists.len(WINDOW) <= self.entries {
                continue;
            }
            let victim = self.lists.front(PROBATION);
            let victim = if victim != candidate {
                victim
            } else {
                match self.lists.front(PROTECTED) {
                    super::lists::NONE => candidate,
                    other => other,
                }
            };
            let admitted = self.counts[candidate as usize] > self.counts[victim as usize];
            self.lists.unlink(if admitted { victim } else { candidate });
        }
        while self.lists.len(WINDOW) + self.lists.len(PROBATION) + self.lists.len(PROTECTED)
            > self.entries
        {
            let from = if self.lists.len(PROBATION) > 0 {
                PROBATION
            } else {
                PROTECTED
            };
            self.lists.pop(from);
        }
    }

    fn resize(&mut self, window: usize) {
        while self.window < window {
            // The window takes what the main part would lose first.
            let from = if self.lists.len(PROBATION) > 0 {
                PROBATION
            } else {
                PROTECTED
            };
            self.window += 1;
            if self.lists.len(from) > 0 {
                let key = self.lists.front(from);
                self.lists.push(WINDOW, key);
            }
        }
        self.window = window;
        while self.lists.len(WINDOW) > self.window {
            let key = self.lists.front(WINDOW);
            self.lists.push(PROBATION, key);
        }
        self.settle();
    }
}

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let most = entries.saturating_sub(1).max(1);
    let mut cache = Cache {
        lists: Lists::new(3, keys),
        counts: vec![0; keys],
        additions: 0,
        entries,
        window: (entries / 100).max(1),
    };
    let first_step = 0.0625 * entries as f64;
    let (mut step, mut window) = (first_step, cache.window as f64);
    let (mut hits, mut sampled, mut last) = (0, 0, 0.0);
    let period = 10 * entries;
    for (time, &key) in requests.iter().enumerate() {
        let hit = cache.request(key);
        hits += usize::from(hit);
        sampled += usize::from(hit);
        if (time + 1) % period == 0 {
            let ratio = sampled as f64 / period as f64;
            let change = ratio - last;
            if time + 1 > period {
                step = if change >= 0.0 { step } else { -step };
                step = if change.abs() >= 0.05 {
                    first_step * step.signum()
                } else {
                    0.98 * step
                };
            }
            window = (window + step).clamp(1.0, most as f64);
            cache.resize(window as usize);
            (last, sampled) = (ratio, 0);
        }
    }
    hits
}
