//! Doubly linked lists of keys, each key in one of them at most.

/// No list, and no key.
pub const NONE: u32 = u32::MAX;

/// So many lists, over keys below a number.
pub struct Lists {
    prev: Vec<u32>,
    next: Vec<u32>,
    list: Vec<u32>,
    ends: Vec<(u32, u32)>,
    lens: Vec<usize>,
}

impl Lists {
    pub fn new(lists: usize, keys: usize) -> Lists {
        Lists {
            prev: vec![NONE; keys],
            next: vec![NONE; keys],
            list: vec![NONE; keys],
            ends: vec![(NONE, NONE); lists],
            lens: vec![0; lists],
        }
    }

    /// The list that a key is in.
    pub fn list(&self, key: u32) -> u32 {
        self.list[key as usize]
    }

    pub fn len(&self, list: u32) -> usize {
        self.lens[list as usize]
    }

    /// The key that was pushed first, or [`NONE`].
    pub fn front(&self, list: u32) -> u32 {
        self.ends[list as usize].0
    }

    /// Appends a key, which leaves the list that it was in.
    pub fn push(&mut self, list: u32, key: u32) {
        self.unlink(key);
        let back = self.ends[list as usize].1;
        self.prev[key as usize] = back;
        self.next[key as usize] = NONE;
        match back {
            NONE => self.ends[list as usize].0 = key,
            back => self.next[back as usize] = key,
        }
        self.ends[list as usize].1 = key;
        self.list[key as usize] = list;
        self.lens[list as usize] += 1;
    }

    /// Takes a key out of its list, if it is in one.
    pub fn unlink(&mut self, key: u32) {
        let list = std::mem::replace(&mut self.list[key as usize], NONE);
        if list == NONE {
            return;
        }
        let (prev, next) = (self.prev[key as usize], self.next[key as usize]);
        match prev {
            NONE => self.ends[list as usize].0 = next,
            prev => self.next[prev as usize] = next,
        }
        match next {
            NONE => self.ends[list as usize].1 = prev,
            next => self.prev[next as usize] = prev,
        }
        self.lens[list as usize] -= 1;
    }

    /// Takes out the key that was pushed first.
    pub fn pop(&mut self, list: u32) -> u32 {
        let key = self.front(list);
        self.unlink(key);
        key
    }
}
