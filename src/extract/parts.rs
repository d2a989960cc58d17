//! Parts of a file that follow one another, each of which says its size: boxes, chunks, objects, blocks.

/// The parts of some bytes, until one does not tell its size.
#[derive(Debug)]
pub struct Parts<'a, F> {
    rest: &'a [u8],
    size: F,
}

impl<'a, F: FnMut(&'a [u8]) -> Option<usize>> Parts<'a, F> {
    /// Starts on bytes; `size` tells the size of the part that they begin with, its head included.
    pub fn of(bytes: &'a [u8], size: F) -> Self {
        Self { rest: bytes, size }
    }

    /// What no part was made of.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a, F: FnMut(&'a [u8]) -> Option<usize>> Iterator for Parts<'a, F> {
    type Item = &'a [u8];

    /// The next part; the last one may be cut. A part of no size ends them all.
    fn next(&mut self) -> Option<&'a [u8]> {
        let size = (self.size)(self.rest).filter(|size| *size > 0 && !self.rest.is_empty())?;
        let (part, rest) = self.rest.split_at_checked(size).unwrap_or((self.rest, &[]));
        self.rest = rest;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn parts_follow_one_another_until_one_tells_no_size() {
        let of = |bytes: &'static [u8]| {
            let mut parts = Parts::of(bytes, |at: &[u8]| at.first().map(|size| usize::from(*size)));
            let all: Vec<&[u8]> = parts.by_ref().collect();
            (all, parts.rest())
        };
        assert_eq!(of(b"\x02a\x03bc"), (vec![&b"\x02a"[..], b"\x03bc"], &b""[..]));
        assert_eq!(of(b"\x02a\0bc"), (vec![&b"\x02a"[..]], &b"\0bc"[..]));
        assert_eq!(of(b"\x09a"), (vec![&b"\x09a"[..]], &b""[..]));
        assert_eq!(of(b""), (vec![], &b""[..]));
    }
}
