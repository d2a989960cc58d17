//! Method 6, *implode* (APPNOTE 5.3): repetitions whose lengths, distances and, at will, letters are told by Shannon-Fano codes.

use super::bits::{Bits, repeat};

/// Unpacks to at most `size` bytes by the flags of the member; what is damaged ends it.
#[must_use]
pub fn unpack(packed: &[u8], flags: usize, size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let (wide, lettered) = (flags & 2 != 0, flags & 4 != 0);
    let (letters, rest) = match Tree::read(packed, 256) {
        _ if !lettered => (None, packed),
        Some((tree, rest)) => (Some(tree), rest),
        None => return out,
    };
    let Some((lengths, rest)) = Tree::read(rest, 64) else { return out };
    let Some((distances, rest)) = Tree::read(rest, 64) else { return out };
    let mut bits = Bits::new(rest);
    let step = |bits: &mut Bits<'_>, out: &mut Vec<u8>| {
        if bits.take(1)? == 1 {
            let letter = match &letters {
                Some(tree) => tree.next(bits)?,
                None => bits.take(8)?,
            };
            out.push(u8::try_from(letter).ok()?);
            return Some(());
        }
        let width = if wide { 7 } else { 6 };
        let low = bits.take(width)?;
        let distance = (distances.next(bits)? << width) + low + 1;
        let mut length = lengths.next(bits)?;
        if length == 63 {
            length += bits.take(8)?;
        }
        repeat(out, distance, length + if lettered { 3 } else { 2 });
        Some(())
    };
    while out.len() < size && step(&mut bits, &mut out).is_some() {}
    out.truncate(size);
    out
}

/// Codes by their length.
struct Tree {
    /// For each length from 1: the symbols with a code of that length, in the order of their codes.
    levels: [Vec<usize>; 16],
}

impl Tree {
    /// Reads how long the code of each symbol is: a count of bytes, then in each byte a length and how many symbols have it.
    fn read(bytes: &[u8], symbols: usize) -> Option<(Self, &[u8])> {
        let (count, rest) = bytes.split_first()?;
        let (told, rest) = rest.split_at_checked(usize::from(*count) + 1)?;
        let mut levels: [Vec<usize>; 16] = Default::default();
        let mut symbol = 0;
        for byte in told {
            let level = levels.get_mut(usize::from(byte & 15))?;
            for _ in 0..=byte >> 4 {
                level.push(symbol);
                symbol += 1;
            }
        }
        (symbol == symbols).then_some((Self { levels }, rest))
    }

    /// Decodes a symbol: the codes are those of deflate with every bit turned over.
    fn next(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let (mut code, mut first) = (0, 0);
        for level in &self.levels {
            code = code << 1 | (bits.take(1)? ^ 1);
            first <<= 1;
            if let Some(symbol) = code.checked_sub(first).and_then(|at| level.get(at)) {
                return Some(*symbol);
            }
            first += level.len();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::unpack;
    use crate::extract::formats::zip::tests::packed;

    /// Sixty-four codes of six bits.
    const EVEN: [u8; 5] = [3, 0xF5, 0xF5, 0xF5, 0xF5];

    /// A code as it stands in the stream: its highest bit first, turned over.
    fn code(symbol: usize) -> (usize, u32) {
        (usize::from(!(u8::try_from(symbol).unwrap()) << 2).reverse_bits() >> (usize::BITS - 8), 6)
    }

    #[test]
    fn letters_and_repetitions_are_undone() {
        let mut codes: Vec<(usize, u32)> =
            b"TREM".iter().flat_map(|byte| [(1, 1), (usize::from(*byte), 8)]).collect();
        // Four bytes back, two and five more.
        codes.extend([(0, 1), (3, 6), code(0), code(5)]);
        let stream = [EVEN.as_slice(), &EVEN, &packed(&codes)].concat();
        assert_eq!(unpack(&stream, 0, 11), b"TREMTREMTRE");
        assert_eq!(unpack(&stream[..9], 0, 11), b"");
    }
}
