//! S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues Are All You Need for Cache Eviction", SOSP 2023): a tenth for
//! the small queue, promotion from two hits on, as many ghosts as the main queue has entries.

use super::lists::Lists;

const SMALL: u32 = 0;
const MAIN: u32 = 1;
const GHOST: u32 = 2;

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let most_small = (entries / 10).max(1);
    let most_ghosts = (entries - most_small).max(1);
    let mut lists = Lists::new(3, keys);
    let mut frequency = vec![0u8; keys];
    let mut hits = 0;
    for &key in requests {
        if lists.list(key) <= MAIN {
            hits += 1;
            frequency[key as usize] = (frequency[key as usize] + 1).min(3);
            continue;
        }
        let to = if lists.list(key) == GHOST {
            MAIN
        } else {
            SMALL
        };
        lists.unlink(key);
        while lists.len(SMALL) + lists.len(MAIN) >= entries {
            if lists.len(SMALL) >= most_small || lists.len(MAIN) == 0 {
                let first = lists.front(SMALL);
                if frequency[first as usize] >= 2 {
                    frequency[first as usize] = 0;
                    lists.push(MAIN, first);
                } else {
                    lists.push(GHOST, first);
                    if lists.len(GHOST) > most_ghosts {
                        lists.pop(GHOST);
                    }
                }
            } else {
                let first = lists.front(MAIN);
                if frequency[first as usize] > 0 {
                    frequency[first as usize] -= 1;
                    lists.push(MAIN, first);
                } else {
                    lists.pop(MAIN);
                }
            }
        }
        frequency[key as usize] = 0;
        lists.push(to, key);
    }
    hits
}
