//! 2Q (Johnson, Shasha: "2Q: A Low Overhead High Performance Buffer Management Replacement Algorithm", VLDB 1994):
//! a quarter of the entries for what is new, and half as many ghosts as entries, as the paper proposes.

use super::lists::Lists;

const IN: u32 = 0;
const OUT: u32 = 1;
const MAIN: u32 = 2;

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let (most_in, most_out) = ((entries / 4).max(1), (entries / 2).max(1));
    let mut lists = Lists::new(3, keys);
    let mut hits = 0;
    for &key in requests {
        match lists.list(key) {
            MAIN => {
                hits += 1;
                lists.push(MAIN, key);
                continue;
            }
            IN => {
                hits += 1;
                continue;
            }
            _ => {}
        }
        let to = if lists.list(key) == OUT { MAIN } else { IN };
        lists.unlink(key);
        if lists.len(IN) + lists.len(MAIN) == entries {
            if lists.len(IN) > most_in || lists.len(MAIN) == 0 {
                let out = lists.pop(IN);
                lists.push(OUT, out);
                if lists.len(OUT) > most_out {
                    lists.pop(OUT);
                }
            } else {
                lists.pop(MAIN);
            }
        }
        lists.push(to, key);
    }
    hits
}
