//! Macros ([MS-OVBA], 2.4.1): the source of a module, packed in chunks of 4096 bytes.

use memchr::memmem;

/// Most bytes of a chunk.
const CHUNK: usize = 4096;
/// Most bytes of source from one stream: macros are typed by people.
const MOST: usize = 4 << 20;

/// The source in a stream: it opens with the attribute of its name, whose first letters stand unpacked.
#[must_use]
pub fn source(stream: &[u8]) -> Option<String> {
    let at = memmem::find(stream, b"\0Attribut")?.checked_sub(3)?;
    let bytes = unpack(stream.get(at..).filter(|rest| rest.first() == Some(&1))?);
    Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().replace('\r', ""))
}

/// Chunks after a mark: a head with the size, then the content, packed or not.
fn unpack(container: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), container.get(1..).unwrap_or_default());
    while let Some((head, tail)) = rest.split_first_chunk::<2>() {
        let head = usize::from(u16::from_le_bytes(*head));
        let size = (head & 0x0FFF) + 1;
        let (chunk, after) = tail.split_at_checked(size).unwrap_or((tail, &[]));
        if head & 0x7000 != 0x3000 || out.len() >= MOST {
            break;
        }
        if head & 0x8000 == 0 {
            out.extend_from_slice(chunk);
        } else {
            unpack_chunk(chunk, &mut out);
        }
        rest = after;
    }
    out
}

/// Eight tokens behind each byte of flags: a letter, or a repetition whose offset grows with what was unpacked.
fn unpack_chunk(mut chunk: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    while let Some((flags, rest)) = chunk.split_first() {
        chunk = rest;
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some((letter, rest)) = chunk.split_first() else { return };
                out.push(*letter);
                chunk = rest;
                continue;
            }
            let Some((token, rest)) = chunk.split_first_chunk::<2>() else { return };
            chunk = rest;
            let token = usize::from(u16::from_le_bytes(*token));
            let done = (out.len() - start).clamp(1, CHUNK);
            let width = done.next_power_of_two().ilog2().max(4);
            let (length, offset) = ((token & (0xFFFF >> width)) + 3, (token >> (16 - width)) + 1);
            for _ in 0..length.min(CHUNK) {
                let Some(byte) = out.len().checked_sub(offset).and_then(|at| out.get(at)).copied() else {
                    return;
                };
                out.push(byte);
            }
        }
    }
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
        assert_eq!(source(&stream).as_deref(), Some("Attribute abababab\n"));
        assert_eq!(source(b"junk"), None);
    }
}
