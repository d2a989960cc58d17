//! Words in bytes of unknown structure: what a program left beside a document.

use crate::mime::charset;

/// Runs of printable characters, in one byte or two.
#[must_use]
pub fn words(bytes: &[u8]) -> String {
    let mut out = String::new();
    for run in runs(bytes, 6, |byte| matches!(byte, 0x20..=0x7E | 0xC0..=0xFF | b'\t')) {
        out.push_str(&charset::decode(run, Some("windows-1252")));
        out.push('\n');
    }
    for (_, text) in wide_runs(bytes) {
        out.push_str(&text);
        out.push('\n');
    }
    out
}

/// Lines of plain letters in a picture, a sound or a font: captions and comments, and what was put behind. Noise of the same size has hardly
/// any: a run of 32 bytes without a control character, four of five of ASCII.
#[must_use]
pub fn lines(bytes: &[u8]) -> String {
    let is_control = |byte: u8| matches!(byte, 0..=8 | 0xB..=0xC | 0xE..=0x1F | 0x7F);
    let mut out = String::new();
    for run in runs(bytes, 32, |byte| !is_control(byte)) {
        if run.iter().filter(|byte| byte.is_ascii()).count() * 5 >= run.len() * 4 {
            out.push_str(&charset::among_noise(run));
            out.push('\n');
        }
    }
    out
}

/// Runs of such bytes, as long as they go and this long at least. Looked for from behind: among as many bytes one that is none is soon found.
fn runs(bytes: &[u8], least: usize, is: impl Fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    let mut from = 0usize;
    std::iter::from_fn(move || {
        loop {
            let window = bytes.get(from..from.checked_add(least)?)?;
            if let Some(at) = window.iter().rposition(|byte| !is(*byte)) {
                from += at + 1;
                continue;
            }
            let rest = bytes.get(from..)?;
            let size = rest.iter().position(|byte| !is(*byte)).unwrap_or(rest.len());
            from += size;
            return rest.get(..size);
        }
    })
}

/// Bytes of a file of unknown structure that are looked at: bombs unfold to hundreds of MB.
const HEAD: usize = 4 << 20;

/// Fewest bytes of a stretch of two bytes a letter that no noise has.
const LONG: usize = 24;

/// Long stretches of text, in one byte or two, where a program leaves what it no longer needs.
#[must_use]
pub fn long(bytes: &[u8]) -> String {
    let mut out = lines(bytes);
    for (_, text) in wide_runs(bytes).into_iter().filter(|(_, text)| text.len() >= LONG) {
        out.push_str(&text);
        out.push('\n');
    }
    out
}

/// The same at the head of a file of unknown structure, where text of two bytes may begin at an odd place too. Such a file is a gap
/// whatever its words say.
#[must_use]
pub fn unknown(bytes: &[u8]) -> String {
    let bytes = bytes.get(..HEAD).unwrap_or(bytes);
    let mut out = long(bytes);
    let odd = wide_runs(bytes.get(1..).unwrap_or_default());
    for (_, text) in odd.into_iter().filter(|(_, text)| text.len() >= LONG) {
        out.push_str(&text);
        out.push('\n');
    }
    out
}

/// Runs of four or more characters of two bytes, at an even place, with where each begins.
fn wide_runs(bytes: &[u8]) -> Vec<(usize, String)> {
    let mut runs = Vec::new();
    let mut run: Vec<u16> = Vec::new();
    let flush = |at: usize, run: &mut Vec<u16>, runs: &mut Vec<(usize, String)>| {
        if run.len() >= 4 {
            runs.push((at, String::from_utf16_lossy(run)));
        }
        run.clear();
    };
    for (index, pair) in bytes.as_chunks::<2>().0.iter().enumerate() {
        let unit = u16::from_le_bytes(*pair);
        if matches!(unit, 0x20..=0x7E | 0xC0..=0x17F) {
            run.push(unit);
        } else {
            flush(index, &mut run, &mut runs);
        }
    }
    flush(0, &mut run, &mut runs);
    runs
}

/// Strings behind a count of four bytes, as the binary parts of Office write them ([MS-XLSB], 2.5.168): every one that is printable.
#[must_use]
pub fn counted(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(head) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let size = usize::try_from(u32::from_le_bytes(*head)).unwrap_or(usize::MAX).saturating_mul(2);
        // A count has two zero bytes on top and a printable text has none: a text is looked at twice at most.
        let text = (4..=1 << 16).contains(&size).then(|| bytes.get(at + 4..at + 4 + size)).flatten();
        match text.filter(|text| is_printable(text)) {
            Some(text) => {
                out.push_str(&crate::extract::endian::wide(text));
                out.push('\n');
                at += 4 + size;
            }
            None => at += 1,
        }
    }
    out
}

fn is_printable(text: &[u8]) -> bool {
    text.as_chunks::<2>()
        .0
        .iter()
        .all(|pair| !matches!(u16::from_le_bytes(*pair), 0..=8 | 0xB..=0x1F | 0xD800..))
}

#[cfg(test)]
mod tests {
    use super::{counted, words};

    #[test]
    fn words_are_found_in_one_byte_and_in_two() {
        let wide: Vec<u8> = "Hewlett".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = [&[1, 2, 3, 0][..], b"printer 12\0\0", &wide, &[0, 0]].concat();
        assert_eq!(words(&bytes), "printer 12\nHewlett\n");
        let string = [&[9, 9, 9][..], &7u32.to_le_bytes(), &wide, &[4, 0]].concat();
        assert_eq!(counted(&string), "Hewlett\n");
    }
}
