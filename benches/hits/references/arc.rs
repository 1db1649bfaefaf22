//! ARC (Megiddo, Modha: "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST 2003), as its figure 4 has it.

use super::lists::{Lists, NONE};

/// Seen once, seen more often; and what has been evicted from each.
const T1: u32 = 0;
const T2: u32 = 1;
const B1: u32 = 2;
const B2: u32 = 3;

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let mut lists = Lists::new(4, keys);
    let mut target = 0.0;
    let mut hits = 0;
    for &key in requests {
        let (b1, b2) = (lists.len(B1) as f64, lists.len(B2) as f64);
        match lists.list(key) {
            T1 | T2 => {
                hits += 1;
                lists.push(T2, key);
            }
            B1 => {
                target = f64::min(target + (b2 / b1).max(1.0), entries as f64);
                replace(&mut lists, target, false);
                lists.push(T2, key);
            }
            B2 => {
                target = f64::max(target - (b1 / b2).max(1.0), 0.0);
                replace(&mut lists, target, true);
                lists.push(T2, key);
            }
            _ => {
                let l1 = lists.len(T1) + lists.len(B1);
                let all = l1 + lists.len(T2) + lists.len(B2);
                if l1 == entries {
                    if lists.len(T1) < entries {
                        lists.pop(B1);
                        replace(&mut lists, target, false);
                    } else {
                        lists.pop(T1);
                    }
                } else if all >= entries {
                    if all == 2 * entries {
                        lists.pop(B2);
                    }
                    replace(&mut lists, target, false);
                }
                lists.push(T1, key);
            }
        }
    }
    hits
}

fn replace(lists: &mut Lists, target: f64, in_b2: bool) {
    let t1 = lists.len(T1) as f64;
    let from = t1 >= 1.0 && ((in_b2 && t1 == target.floor()) || t1 > target);
    let (from, to) = if from { (T1, B1) } else { (T2, B2) };
    let key = lists.front(from);
    if key != NONE {
        lists.push(to, key);
    }
}
