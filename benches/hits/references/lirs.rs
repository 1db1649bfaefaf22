//! LIRS (Jiang, Zhang: "LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy", SIGMETRICS 2002): one
//! entry in a hundred, two at least, for keys with a long time between uses; twice as many ghosts as entries.

use super::lists::{Lists, NONE};

const STACK: u32 = 0;
const QUEUE: u32 = 0;
const GHOSTS: u32 = 1;

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Never seen, or forgotten.
    Unknown,
    Low,
    High,
    Ghost,
}

struct Cache {
    /// The recency stack, the bottom at the front.
    stack: Lists,
    /// Resident keys with a long time between uses, and those that were.
    queue: Lists,
    state: Vec<State>,
    low: usize,
}

impl Cache {
    /// Takes from the bottom of the stack all that is not low.
    fn prune(&mut self) {
        loop {
            let bottom = self.stack.front(STACK);
            if bottom == NONE || self.state[bottom as usize] == State::Low {
                return;
            }
            self.stack.unlink(bottom);
            if self.state[bottom as usize] == State::Ghost {
                self.state[bottom as usize] = State::Unknown;
                self.queue.unlink(bottom);
            }
        }
    }

    /// The low key at the bottom of the stack becomes a high one.
    fn demote(&mut self) {
        let bottom = self.stack.pop(STACK);
        self.low -= 1;
        self.state[bottom as usize] = State::High;
        self.queue.push(QUEUE, bottom);
        self.prune();
    }

    fn become_low(&mut self, key: u32, most: usize) {
        self.state[key as usize] = State::Low;
        self.queue.unlink(key);
        self.stack.push(STACK, key);
        self.low += 1;
        if self.low > most {
            self.demote();
        }
    }
}

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let high = (entries / 100).max(2).min(entries);
    let most_low = entries - high;
    let mut cache = Cache {
        stack: Lists::new(1, keys),
        queue: Lists::new(2, keys),
        state: vec![State::Unknown; keys],
        low: 0,
    };
    let mut hits = 0;
    for &key in requests {
        match cache.state[key as usize] {
            State::Low => {
                hits += 1;
                cache.stack.push(STACK, key);
                cache.prune();
            }
            State::High => {
                hits += 1;
                if cache.stack.list(key) == STACK && most_low > 0 {
                    cache.become_low(key, most_low);
                } else {
                    cache.stack.push(STACK, key);
                    cache.queue.push(QUEUE, key);
                }
            }
            state => {
                if cache.low + cache.queue.len(QUEUE) == entries {
                    if cache.queue.len(QUEUE) == 0 {
                        cache.demote();
                    }
                    let victim = cache.queue.pop(QUEUE);
                    if cache.stack.list(victim) == STACK {
                        cache.state[victim as usize] = State::Ghost;
                        cache.queue.push(GHOSTS, victim);
                        if cache.queue.len(GHOSTS) > 2 * entries {
                            let oldest = cache.queue.pop(GHOSTS);
                            cache.stack.unlink(oldest);
                            cache.state[oldest as usize] = State::Unknown;
                        }
                    } else {
                        cache.state[victim as usize] = State::Unknown;
                    }
                }
                if (state == State::Ghost
                    && cache.state[key as usize] == State::Ghost
                    && most_low > 0)
                    || cache.low < most_low
                {
                    cache.become_low(key, most_low);
                } else {
                    cache.state[key as usize] = State::High;
                    cache.stack.push(STACK, key);
                    cache.queue.push(QUEUE, key);
                }
            }
        }
    }
    hits
}
