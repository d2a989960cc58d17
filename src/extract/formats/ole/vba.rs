//! Macros ([MS-OVBA], 2.4.1): the source of a module, packed in chunks of 4096 bytes.

use memchr::memmem;

/// Most bytes of a chunk.
const CHUNK: usize = 4096;
/// Most bytes of source from one stream: macros are typed by people.
const MOST: usize = 4 << 20;

/// The source in a stream, and whether it is whole: it opens with the attribute of its name, whose first letters stand unpacked.
#[must_use]
pub fn source(stream: &[u8]) -> Option<(String, bool)> {
    let at = memmem::find(stream, b"\0Attribut")?.checked_sub(3)?;
    let (bytes, whole) = unpack(stream.get(at..).filter(|rest| rest.first() == Some(&1))?);
    Some((bytes.iter().map(|byte| char::from(*byte)).collect::<String>().replace('\r', ""), whole))
}

/// Chunks after a mark: a head with the size, then the content, packed or not.
fn unpack(container: &[u8]) -> (Vec<u8>, bool) {
    let (mut out, mut rest) = (Vec::new(), container.get(1..).unwrap_or_default());
    while let Some((head, tail)) = rest.split_first_chunk::<2>() {
        let head = usize::from(u16::from_le_bytes(*head));
        let size = (head & 0x0FFF) + 1;
        let Some((chunk, after)) = tail.split_at_checked(size).filter(|_| head & 0x7000 == 0x3000) else {
            return (out, false);
        };
        if out.len() >= MOST {
            return (out, false);
        }
        if head & 0x8000 == 0 {
            out.extend_from_slice(chunk);
        } else if !unpack_chunk(chunk, &mut out) {
            return (out, false);
        }
        rest = after;
    }
    (out, rest.is_empty())
}

/// Eight tokens behind each byte of flags: a letter, or a repetition whose offset grows with what was unpacked. Whether all made sense.
fn unpack_chunk(mut chunk: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    while let Some((flags, rest)) = chunk.split_first() {
        chunk = rest;
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some((letter, rest)) = chunk.split_first() else { return true };
                out.push(*letter);
                chunk = rest;
                continue;
            }
            let Some((token, rest)) = chunk.split_first_chunk::<2>() else { return chunk.is_empty() };
            chunk = rest;
            let token = usize::from(u16::from_le_bytes(*token));
            let done = (out.len() - start).clamp(1, CHUNK);
            let width = done.next_power_of_two().ilog2().max(4);
            let (length, offset) = ((token & (0xFFFF >> width)) + 3, (token >> (16 - width)) + 1);
            for _ in 0..length.min(CHUNK) {
                let Some(byte) = out.len().checked_sub(offset).and_then(|at| out.get(at)).copied() else {
                    return false;
                };
                out.push(byte);
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::source;

    /// [MS-OVBA], 3.2.2: the example of compressible content, here behind the attribute.
    #[test]
    fn repetitions_are_undone() {
        let mut chunk = b"\0Attribut\x10e ab".to_vec();
        // Two back, six long: the twelve bytes before make offsets of four bits.
        chunk.extend(0x1003u16.to_le_bytes());
        chunk.extend(b"\n");
        let size = u16::try_from(chunk.len() - 1).unwrap();
        let mut stream = b"junk\x01".to_vec();
        stream.extend((0xB000 | size).to_le_bytes());
        stream.extend(chunk);
        assert_eq!(source(&stream), Some(("Attribute abababab\n".to_owned(), true)));
        assert_eq!(source(b"junk"), None);
    }
}
