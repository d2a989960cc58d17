//! Methods 2 to 5, *reduce* (APPNOTE 5.2): which bytes follow a byte, then repetitions behind an escape.

use super::bits::{Bits, repeat};

/// Announces a repetition.
const ESCAPE: usize = 144;

/// What the escape is followed by.
enum State {
    Plain,
    Escaped,
    Longer(usize, usize),
    Distance(usize, usize),
}

/// Unpacks to at most `size` bytes with the factor 1 to 4; what is damaged ends it.
#[must_use]
pub fn unpack(packed: &[u8], factor: u32, size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bits = Bits::new(packed);
    let Some(followers) = followers(&mut bits) else { return out };
    let shift = 8u32.saturating_sub(factor);
    let longest = (1usize << shift) - 1;
    let (mut last, mut state) = (0, State::Plain);
    while out.len() < size {
        let Some(byte) = next(&mut bits, followers.get(last)) else { break };
        last = byte;
        state = match state {
            State::Plain if byte == ESCAPE => State::Escaped,
            State::Plain => put(&mut out, byte),
            State::Escaped if byte == 0 => put(&mut out, ESCAPE),
            State::Escaped if byte & longest == longest => State::Longer(byte, longest),
            State::Escaped => State::Distance(byte, byte & longest),
            State::Longer(high, length) => State::Distance(high, length + byte),
            State::Distance(high, length) => {
                repeat(&mut out, ((high >> shift) << 8) + byte + 1, length + 3);
                State::Plain
            }
        };
    }
    out.truncate(size);
    out
}

fn put(out: &mut Vec<u8>, byte: usize) -> State {
    out.extend(u8::try_from(byte));
    State::Plain
}

/// The bytes that may follow each byte, told for the last byte first.
fn followers(bits: &mut Bits<'_>) -> Option<Vec<Vec<usize>>> {
    let set = |_| {
        let count = bits.take(6)?;
        (0..count).map(|_| bits.take(8)).collect()
    };
    let mut sets: Vec<Vec<usize>> = (0..256).map(set).collect::<Option<_>>()?;
    sets.reverse();
    Some(sets)
}

fn next(bits: &mut Bits<'_>, followers: Option<&Vec<usize>>) -> Option<usize> {
    let followers = followers.filter(|followers| !followers.is_empty());
    let Some(followers) = followers else { return bits.take(8) };
    if bits.take(1)? == 1 {
        return bits.take(8);
    }
    let width = (followers.len() - 1).checked_ilog2().map_or(1, |log| log + 1);
    followers.get(bits.take(width)?).copied()
}

#[cfg(test)]
mod tests {
    use super::unpack;
    use crate::extract::formats::zip::tests::packed;

    #[test]
    fn followers_and_repetitions_are_undone() {
        // After A, B or C may follow; every other set is empty.
        let mut codes: Vec<(usize, u32)> = Vec::new();
        for byte in (0..256).rev() {
            codes.push((if byte == 65 { 2 } else { 0 }, 6));
            if byte == 65 {
                codes.extend([(66, 8), (67, 8)]);
            }
        }
        codes.extend([(65, 8), (0, 1), (1, 1), (65, 8), (1, 1), (90, 8)]);
        // The escape: four bytes back, three and one more.
        codes.extend([(144, 8), (1, 8), (3, 8)]);
        assert_eq!(unpack(&packed(&codes), 1, 8), b"ACAZACAZ");
    }
}
