//! Method 1, *shrink* (APPNOTE 5.1): LZW whose codes grow from 9 to 13 bits on demand and whose leaves are cleared on demand.

use super::bits::Bits;

/// Announces a wider code (1) or a clearing (2).
const CONTROL: usize = 256;
/// Codes that 13 bits can tell.
const CODES: usize = 1 << 13;

/// A string: another one and a byte more.
#[derive(Clone, Copy)]
struct Code {
    prefix: usize,
    last: u8,
}

/// Unpacks to at most `size` bytes; what is damaged ends it.
#[must_use]
pub fn unpack(packed: &[u8], size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bits = Bits::new(packed);
    let mut table = Table::new();
    let mut width = 9;
    let mut previous: Option<(usize, Vec<u8>)> = None;
    while out.len() < size {
        let Some(code) = bits.take(width) else { break };
        if code == CONTROL {
            match bits.take(width) {
                Some(1) if width < 13 => width += 1,
                Some(2) => table.clear_leaves(),
                _ => break,
            }
            continue;
        }
        let Some(string) = table.string(code).or_else(|| grown(previous.as_ref())) else { break };
        if let (Some((prefix, _)), Some(first)) = (previous, string.first()) {
            table.add(prefix, *first);
        }
        out.extend_from_slice(&string);
        previous = Some((code, string));
    }
    out.truncate(size);
    out
}

/// The string of a code that is only being made: the one before, and its own first byte again.
fn grown(previous: Option<&(usize, Vec<u8>)>) -> Option<Vec<u8>> {
    let (_, string) = previous?;
    Some(string.iter().chain(string.first()).copied().collect())
}

struct Table {
    codes: Vec<Option<Code>>,
    /// Free codes, the lowest last.
    free: Vec<usize>,
}

impl Table {
    fn new() -> Self {
        Self { codes: vec![None; CODES], free: (CONTROL + 1..CODES).rev().collect() }
    }

    /// The string of a code that exists.
    fn string(&self, code: usize) -> Option<Vec<u8>> {
        let mut string = Vec::new();
        let mut at = code;
        while let Some(known) = self.codes.get(at).copied().flatten() {
            // A damaged table may run in a circle.
            if string.len() > CODES {
                return None;
            }
            string.push(known.last);
            at = known.prefix;
        }
        string.push(u8::try_from(at).ok()?);
        string.reverse();
        Some(string)
    }

    fn add(&mut self, prefix: usize, last: u8) {
        if let Some(place) = self.free.pop().and_then(|code| self.codes.get_mut(code)) {
            *place = Some(Code { prefix, last });
        }
    }

    /// Frees every code that no other one begins with.
    fn clear_leaves(&mut self) {
        let mut needed = vec![false; CODES];
        for code in self.codes.iter().flatten() {
            if let Some(need) = needed.get_mut(code.prefix) {
                *need = true;
            }
        }
        self.free.clear();
        for (code, need) in needed.into_iter().enumerate().skip(CONTROL + 1).rev() {
            if let Some(place) = self.codes.get_mut(code).filter(|_| !need) {
                *place = None;
                self.free.push(code);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unpack;
    use crate::extract::formats::zip::tests::packed;

    #[test]
    fn strings_seen_before_are_one_code() {
        let letters = |text: &str| text.bytes().map(|byte| (usize::from(byte), 9)).collect::<Vec<_>>();
        let mut codes = letters("TREM");
        // TR and EM, then a wider code: the string TRE.
        codes.extend([(257, 9), (259, 9), (256, 9), (1, 9), (261, 10)]);
        assert_eq!(unpack(&packed(&codes), 11), b"TREMTREMTRE");
        // A code that is only being made.
        assert_eq!(unpack(&packed(&[(65, 9), (257, 9), (258, 9)]), 6), b"AAAAAA");
        // Leaves are cleared: 257 begins 258 and stays, 258 is free again.
        assert_eq!(unpack(&packed(&[(65, 9), (257, 9), (256, 9), (2, 9), (66, 9)]), 9), b"AAAB");
    }
}
