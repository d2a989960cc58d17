//! Filters of streams (ISO 32000-1, 7.4). Images stay as they are: nothing in them is text.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, ZlibDecoder};

use super::file::File;
use super::object::{Dict, Object};
use crate::extract::sink::Sink;
use crate::model::{GapReason, Share};

/// Most filters on one stream.
const MOST: usize = 8;

/// Filters of pictures.
const PICTURES: &[&str] = &["DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode"];

/// Undoes the filters of a stream.
pub fn undo(file: &File<'_>, dict: &Dict, mut bytes: Vec<u8>, sink: &mut Sink) -> Vec<u8> {
    let filters = listed(file, dict, &["Filter", "F"]);
    let params = listed(file, dict, &["DecodeParms", "DP"]);
    if filters.len() > MOST {
        sink.gap(GapReason::TooDeep);
    }
    for (at, filter) in filters.iter().enumerate().take(MOST) {
        let params = params.get(at).and_then(|object| object.dict()).cloned().unwrap_or_default();
        let number = |key: &str, default: usize| file.value(&params, key).index().unwrap_or(default);
        bytes = match filter.name().unwrap_or_default() {
            "FlateDecode" | "Fl" => predicted(inflate(&bytes, sink), number),
            "LZWDecode" | "LZW" => {
                let early = number("EarlyChange", 1);
                predicted(bounded(sink, &bytes, |most| lzw(&bytes, early, most)), number)
            }
            "ASCII85Decode" | "A85" => ascii85(&bytes),
            "ASCIIHexDecode" | "AHx" => ascii_hex(&bytes),
            "RunLengthDecode" | "RL" => bounded(sink, &bytes, |most| run_length(&bytes, most)),
            "Crypt" => bytes,
            name => {
                if !PICTURES.contains(&name) {
                    sink.gap(GapReason::Malformed);
                }
                return Vec::new();
            }
        };
    }
    bytes
}

fn listed(file: &File<'_>, dict: &Dict, keys: &[&str]) -> Vec<Object> {
    let value = keys.iter().find_map(|key| dict.get(*key)).map(|value| file.resolve(value));
    match value {
        Some(Object::Array(items)) => items.iter().map(|item| file.resolve(item).clone()).collect(),
        Some(Object::Null) | None => Vec::new(),
        Some(other) => vec![other.clone()],
    }
}

/// Inflates; a damaged end costs what comes after it only, and a wrong head is skipped.
fn inflate(bytes: &[u8], sink: &mut Sink) -> Vec<u8> {
    let whole = within(sink, ZlibDecoder::new(bytes), bytes.len());
    if whole.is_empty() && bytes.len() > 2 {
        return within(sink, DeflateDecoder::new(bytes.get(2..).unwrap_or_default()), bytes.len());
    }
    whole
}

/// Unpacks a stream as far as it goes.
fn within(sink: &mut Sink, stream: impl Read, packed: usize) -> Vec<u8> {
    let (bytes, reason) = sink.budget.unpack(stream, packed);
    if let Some(reason) = reason {
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        sink.cut(reason, Some(Share { read, of: None }));
    }
    bytes
}

/// Undoes a filter of our own up to what the budget has left, and one byte more, so that it tells that more does not fit.
fn bounded(sink: &mut Sink, packed: &[u8], undo: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let room = usize::try_from(sink.budget.room(packed.len())).unwrap_or(usize::MAX);
    within(sink, undo(room.saturating_add(1)).as_slice(), packed.len())
}

fn ascii_hex(bytes: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(b'>', bytes).unwrap_or(bytes.len());
    let digits = bytes.get(..end).unwrap_or_default().iter();
    let mut digits: Vec<u8> = digits
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    if digits.len() % 2 == 1 {
        digits.push(0);
    }
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in bytes {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    out.extend(word85(&group));
                    group.clear();
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        out.extend(word85(&group).into_iter().take(kept));
    }
    out
}

fn word85(group: &[u8]) -> [u8; 4] {
    let value = group.iter().fold(0u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value & 0xFFFF_FFFF).unwrap_or_default().to_be_bytes()
}

fn run_length(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let [length, tail @ ..] = rest
        && out.len() < most
    {
        match *length {
            128 => break,
            0..128 => {
                let count = usize::from(*length) + 1;
                out.extend(tail.iter().take(count));
                rest = tail.get(count..).unwrap_or_default();
            }
            _ => {
                let [byte, tail @ ..] = tail else { break };
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(*length)));
                rest = tail;
            }
        }
    }
    out
}

/// LZW with codes of 9 to 12 bits, 256 clears, 257 ends (7.4.4).
fn lzw(bytes: &[u8], early: usize, most: usize) -> Vec<u8> {
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut out: Vec<u8> = Vec::new();
    let (mut bits, mut held, mut width) = (0u32, 0u32, 9u32);
    let mut last: Option<(usize, usize)> = None;
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = usize::try_from(held >> bits & ((1 << width) - 1)).unwrap_or_default();
        held &= (1 << bits) - 1;
        let start = out.len();
        match code {
            256 => {
                table.clear();
                width = 9;
                last = None;
                continue;
            }
            257 => break,
            0..256 => out.extend(u8::try_from(code)),
            _ => match (table.get(code - 258).copied(), last) {
                (Some((from, length)), _) => out.extend_from_within(from..from + length),
                (None, Some((from, length))) => {
                    out.extend_from_within(from..from + length);
                    out.extend_from_within(from..=from);
                }
                (None, None) => break,
            },
        }
        if let Some((from, length)) = last
            && table.len() < 4096 - 258
        {
            table.push((from, length + 1));
        }
        last = Some((start, out.len() - start));
        width = match table.len() + 258 + early {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if out.len() >= most {
            break;
        }
    }
    out
}

/// Undoes the predictors of PNG (7.4.4.4), and the one of TIFF where a colour is a byte.
fn predicted(bytes: Vec<u8>, number: impl Fn(&str, usize) -> usize) -> Vec<u8> {
    if number("Predictor", 1) == 2 && number("BitsPerComponent", 8) == 8 {
        let colors = number("Colors", 1).clamp(1, 64);
        return summed(bytes, colors, colors * number("Columns", 1).clamp(1, 1 << 20));
    }
    if number("Predictor", 1) < 10 {
        return bytes;
    }
    let bits = number("Colors", 1).min(64) * number("BitsPerComponent", 8).min(64);
    let (pixel, row) =
        (bits.div_ceil(8).max(1), (bits * number("Columns", 1).min(1 << 20)).div_ceil(8).max(1));
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0u8; row];
    for line in bytes.chunks(row + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let mut current: Vec<u8> = Vec::with_capacity(row);
        for (at, byte) in line.iter().enumerate() {
            let left = at.checked_sub(pixel).and_then(|at| current.get(at)).copied().unwrap_or(0);
            let up = above.get(at).copied().unwrap_or(0);
            let corner = at.checked_sub(pixel).and_then(|at| above.get(at)).copied().unwrap_or(0);
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from(u16::from(left).midpoint(u16::from(up))).unwrap_or_default(),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            current.push(byte.wrapping_add(guess));
        }
        out.extend(&current);
        current.resize(row, 0);
        above = current;
    }
    out
}

/// Adds to each byte of a row the one of the same colour before it.
fn summed(mut bytes: Vec<u8>, colors: usize, row: usize) -> Vec<u8> {
    for line in bytes.chunks_mut(row) {
        for at in colors..line.len() {
            let before = line.get(at - colors).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(before);
            }
        }
    }
    bytes
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let near = a + b - c;
    let far = |value: i16| (near - value).abs();
    match (far(a), far(b), far(c)) {
        (x, y, z) if x <= y && x <= z => left,
        (_, y, z) if y <= z => up,
        _ => corner,
    }
}

/// Undoes each filter of our own, for fuzzing.
pub fn fuzz(bytes: &[u8], sink: &mut Sink) {
    let number = |key: &str, default| if key == "Predictor" { 12 } else { default };
    let _ = (ascii_hex(bytes), ascii85(bytes), bounded(sink, bytes, |most| run_length(bytes, most)));
    let _ = predicted(bounded(sink, bytes, |most| lzw(bytes, 1, most)), number);
}

#[cfg(test)]
mod tests {
    use super::{ascii_hex, ascii85, lzw, predicted, run_length};

    #[test]
    fn filters_are_undone() {
        assert_eq!(ascii_hex(b"54 52 4>"), b"TR@");
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(run_length(&[2, b'a', b'b', b'c', 254, b'x', 128], 9), b"abcxxx");
        // ISO 32000-1, 7.4.4.2, example 1.
        assert_eq!(
            lzw(&[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], 1, 99),
            [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]
        );
        let number = |key: &str, default| match key {
            "Predictor" => 12,
            "Columns" => 2,
            _ => default,
        };
        assert_eq!(predicted(vec![2, 1, 2, 2, 1, 1], number), [1, 2, 2, 3]);
        let number = |key: &str, default| match key {
            "Predictor" => 2,
            "Colors" | "Columns" => 3,
            _ => default,
        };
        assert_eq!(predicted(vec![1, 2, 3, 9, 9, 9], number), [1, 2, 3, 10, 11, 12]);
    }
}
