//! Bits of the methods that zip had before deflate, the lowest of a byte first.

/// Reads bits until the bytes end.
#[derive(Debug)]
pub struct Bits<'a> {
    bytes: std::slice::Iter<'a, u8>,
    held: u32,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Starts at the first bit.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), held: 0, count: 0 }
    }

    /// The next `count` bits, at most 16, as a number whose lowest bit came first; `None` past the end.
    pub fn take(&mut self, count: u32) -> Option<usize> {
        while self.count < count {
            self.held |= u32::from(*self.bytes.next()?) << self.count;
            self.count += 8;
        }
        let taken = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        usize::try_from(taken).ok()
    }
}

/// Repeats `length` bytes from `distance` bytes back; what lies before the start is zero (APPNOTE 5.3.7).
pub fn repeat(out: &mut Vec<u8>, distance: usize, length: usize) {
    for _ in 0..length {
        let byte = out.len().checked_sub(distance).and_then(|at| out.get(at)).copied();
        out.push(byte.unwrap_or(0));
    }
}
