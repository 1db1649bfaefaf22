//! Keys for the engine's benchmarks: made beforehand, so that making them is not measured.

use poche::engine::{Key, Kind};

/// A form of keys, of which there is one for each number.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// `7.0`: 8 bytes.
    Number,
    /// `user:000007`: 11 bytes.
    Short,
    /// 45 bytes.
    Long,
    /// The caller's: a hash, in the form of a number.
    External,
}

/// Keys one after another, all of the same length.
pub struct Keys {
    bytes: Vec<u8>,
    len: usize,
    kind: Kind,
}

impl Keys {
    /// The keys of these numbers.
    pub fn new(form: Form, numbers: impl Iterator<Item = usize>) -> Keys {
        let mut bytes = Vec::new();
        let mut count = 0;
        for number in numbers {
            count += 1;
            match form {
                Form::Number | Form::External => {
                    bytes.extend_from_slice(&(number as f64).to_le_bytes())
                }
                Form::Short => bytes.extend_from_slice(format!("u:{number:09}").as_bytes()),
                Form::Long => bytes.extend_from_slice(
                    format!("https://example.org/api/v1/users/{number:012}").as_bytes(),
                ),
            }
        }
        Keys {
            len: bytes.len() / count,
            bytes,
            kind: match form {
                Form::Number => Kind::Number,
                Form::Short | Form::Long => Kind::String,
                Form::External => Kind::External,
            },
        }
    }

    /// The key at a place.
    #[inline]
    pub fn get(&self, place: usize) -> Key<'_> {
        Key {
            kind: self.kind,
            bytes: &self.bytes[place * self.len..][..self.len],
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.len
    }
}

/// The numbers below `n` in an order without any, each once per round of `n`.
pub fn shuffled(n: usize) -> impl Iterator<Item = usize> {
    // A step that has no factor in common with n visits everything.
    let mut step = (n as f64 * 0.618_033_988_75) as usize | 1;
    while gcd(step, n) != 1 {
        step += 2;
    }
    let mut at = 0;
    std::iter::repeat_with(move || {
        at = (at + step) % n;
        at
    })
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
