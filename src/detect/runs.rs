//! Runs of letters and of digits, found sixty-four bytes at a time.
//!
//! Each stretch of sixty-four bytes is classed at once, without branches, into one bit a byte; a run starts or ends where
//! a bit differs from the one before. What is between runs costs next to nothing, whatever its length.

use std::ops::Range;

/// The runs of a text: bytes that a predicate takes for letters, or ASCII digits, of one kind and side by side.
pub struct Runs<'b, L> {
    bytes: &'b [u8],
    is_letter: L,
    /// Where the classed bytes start, and where the next to class do.
    base: usize,
    next: usize,
    /// Bits of the classed bytes: where the kind changes, and which belong to a run.
    edges: u64,
    inside: u64,
    /// Kinds of the last byte before.
    last: (u64, u64),
    /// Where a run begins that the one before it touches.
    open: Option<usize>,
}

/// The runs of letters and digits from a place on.
pub fn runs<L: Fn(u8) -> bool>(bytes: &[u8], from: usize, is_letter: L) -> Runs<'_, L> {
    Runs { bytes, is_letter, base: from, next: from, edges: 0, inside: 0, last: (0, 0), open: None }
}

impl<L: Fn(u8) -> bool> Iterator for Runs<'_, L> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = match self.open.take() {
            Some(start) => start,
            None => self.edge()?.0,
        };
        // A run that the text ends in has no other edge.
        let (end, begins) = self.edge().unwrap_or((self.bytes.len(), false));
        self.open = begins.then_some(end);
        Some(start..end)
    }
}

impl<L: Fn(u8) -> bool> Runs<'_, L> {
    /// Where the kind changes next, and whether a run begins there.
    #[inline]
    fn edge(&mut self) -> Option<(usize, bool)> {
        while self.edges == 0 {
            if !self.class_more() {
                return None;
            }
        }
        let bit = self.edges.trailing_zeros();
        self.edges &= self.edges.wrapping_sub(1);
        let here = self.base.wrapping_add(usize::try_from(bit).unwrap_or(0));
        Some((here, (self.inside >> bit) & 1 == 1))
    }

    /// Classes the next bytes; whether there were any.
    fn class_more(&mut self) -> bool {
        let rest = self.bytes.get(self.next..).unwrap_or_default();
        let (letters, digits) = match rest.first_chunk::<64>() {
            Some(chunk) => self.class(chunk),
            None if rest.is_empty() => return false,
            None => {
                let mut chunk = [0; 64];
                for (to, from) in chunk.iter_mut().zip(rest) {
                    *to = *from;
                }
                self.class(&chunk)
            }
        };
        let edges = |bits: u64, last: u64| bits ^ ((bits << 1) | last);
        self.edges = edges(letters, self.last.0) | edges(digits, self.last.1);
        self.inside = letters | digits;
        self.last = (letters >> 63, digits >> 63);
        self.base = self.next;
        self.next += 64;
        true
    }

    fn class(&self, chunk: &[u8; 64]) -> (u64, u64) {
        // Most stretches of prose hold no digit, and that is told faster than where they stand.
        let digits = chunk.iter().fold(false, |any, byte| any | byte.is_ascii_digit());
        let digits = if digits { bits(chunk, |byte| byte.is_ascii_digit()) } else { 0 };
        (bits(chunk, &self.is_letter), digits)
    }
}

/// One bit for each byte that a predicate takes, the first lowest.
fn bits(chunk: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    // Multiplied by this, eight bytes of 0 or 1 leave their bits in the highest byte, the first lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut flags = [0_u8; 64];
    for (flag, byte) in flags.iter_mut().zip(chunk) {
        *flag = u8::from(is(*byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    let gathered = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    gathered.rev().fold(0, |bits, eight| (bits << 8) | eight)
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn runs_end_where_the_kind_changes_wherever_the_stretches_do() {
        for pad in 0..70 {
            let text = format!("{}Abc12,, d3-{}x", " ".repeat(pad), "y".repeat(130));
            let found: Vec<_> =
                runs(text.as_bytes(), 0, |byte| byte.is_ascii_alphabetic()).map(|run| &text[run]).collect();
            assert_eq!(found[..4], ["Abc", "12", "d", "3"], "{pad}");
            assert_eq!((found[4].len(), found.len()), (131, 5), "{pad}");
            let digits: Vec<_> = runs(text.as_bytes(), pad, |_| false).collect();
            assert_eq!(digits, [pad + 3..pad + 5, pad + 9..pad + 10], "{pad}");
        }
    }
}
