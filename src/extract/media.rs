//! Sounds, films, pictures and fonts whose first bytes are too few to be believed: their headers are followed through the file, and must end
//! where it ends, so that nothing hides behind a mark of four bytes.

use super::endian::{big_at, little_at};
use super::parts::Parts;

/// Whether bytes are a file of one family; `None` where its header ends too soon.
type Test = fn(&[u8]) -> Option<bool>;

/// Whether bytes are one of them.
#[must_use]
pub fn parses(bytes: &[u8]) -> bool {
    const TESTS: [Test; 13] = [
        windows_media,
        hd_photo,
        quick_time,
        stream,
        core_audio,
        sun_audio,
        apple_audio,
        jpeg_xl,
        jpeg_2000,
        fujifilm,
        collection,
        embedded,
        dictation,
    ];
    is_font(bytes) || TESTS.iter().any(|test| test(bytes) == Some(true))
}

/// Whether bytes are a font (OpenType 1.9, "Organization of an OpenType Font"): tables that lie in the file and end with it.
#[must_use]
pub fn is_font(bytes: &[u8]) -> bool {
    font(bytes, 0).is_some_and(|end| bytes.len() - end < 4)
}

/// Where the last table of a font ends.
fn font(bytes: &[u8], at: usize) -> Option<usize> {
    let known = matches!(bytes.get(at..at.checked_add(4)?)?, b"\0\x01\0\0" | b"true" | b"OTTO");
    let count = big_at(bytes, at + 4, 2).filter(|count| known && (1..=64).contains(count))?;
    let (mut end, mut has_head) = (0, false);
    for record in (0..count).map(|number| at + 12 + number * 16) {
        has_head |= bytes.get(record..record + 4)? == b"head";
        let table = big_at(bytes, record + 8, 4)?.checked_add(big_at(bytes, record + 12, 4)?)?;
        end = end.max(table);
    }
    (has_head && end <= bytes.len()).then_some(end)
}

/// Several fonts in one file.
fn collection(bytes: &[u8]) -> Option<bool> {
    let count = big_at(bytes, 8, 4).filter(|count| bytes.starts_with(b"ttcf") && (1..=64).contains(count))?;
    let mut end = 0;
    for number in 0..count {
        end = end.max(font(bytes, big_at(bytes, 12 + number * 4, 4)?)?);
    }
    // A signature stands behind the fonts (version 2).
    let signed = big_at(bytes, 12 + count * 4 + 8, 4)
        .zip(big_at(bytes, 12 + count * 4 + 4, 4))
        .filter(|_| big_at(bytes, 4, 2) == Some(2));
    let end = end.max(signed.map_or(0, |(at, size)| at.saturating_add(size)));
    Some(end <= bytes.len() && bytes.len() - end < 4)
}

/// A font as presentations embed it (W3C, Embedded OpenType): it says its size, and has a mark in its header.
fn embedded(bytes: &[u8]) -> Option<bool> {
    let version = matches!(little_at(bytes, 8, 4)?, 0x1_0000 | 0x2_0001 | 0x2_0002);
    let whole = little_at(bytes, 0, 4)? == bytes.len() && little_at(bytes, 4, 4)? < bytes.len();
    Some(version && whole && little_at(bytes, 34, 2)? == 0x504C)
}

/// Windows Media ([ASF], 2 and 3): objects, each a name of sixteen bytes and its size, the first of which holds others.
fn windows_media(bytes: &[u8]) -> Option<bool> {
    const HEADER: &[u8] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    const DATA: &[u8] = b"\x36\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    let size = little_at(bytes, 16, 8)
        .filter(|size| bytes.starts_with(HEADER) && (30..bytes.len()).contains(size))?;
    let inside = covers(bytes.get(30..size)?, 24, |at| little_at(at, 16, 8));
    Some(inside && bytes.get(size..)?.starts_with(DATA) && covers(bytes, 24, |at| little_at(at, 16, 8)))
}

/// HD Photo (ITU-T T.832, annex A): a table of fields, and a picture with a mark of its own.
fn hd_photo(bytes: &[u8]) -> Option<bool> {
    let table = little_at(bytes, 4, 4).filter(|_| bytes.starts_with(b"II\xBC"))?;
    let fields =
        (0..little_at(bytes, table, 2)?.min(256)).map(|number| table.saturating_add(2 + number * 12));
    let (mut place, mut size, mut mask_place, mut mask_size) = (0, 0, 0, 0);
    let end = fields.clone().next_back()?.checked_add(16)?;
    for field in fields {
        let value = little_at(bytes, field.checked_add(8)?, 4)?;
        match little_at(bytes, field, 2)? {
            0xBCC0 => place = value,
            0xBCC1 => size = value,
            0xBCC2 => mask_place = value,
            0xBCC3 => mask_size = value,
            _ => {}
        }
    }
    let end = end.max(place.checked_add(size)?).max(mask_place.checked_add(mask_size)?);
    Some(bytes.get(place..)?.starts_with(b"WMPHOTO\0") && end <= bytes.len() && bytes.len() - end < 16)
}

/// QuickTime before it had a type (QuickTime File Format, 2): boxes, among them the table of a film and its frames.
fn quick_time(bytes: &[u8]) -> Option<bool> {
    let first = matches!(bytes.get(4..8)?, b"wide" | b"mdat" | b"moov" | b"free" | b"skip" | b"pnot");
    let (mut table, mut frames) = (false, false);
    let whole = first
        && covers(bytes, 8, |at| {
            table |= at.get(4..8)? == b"moov";
            frames |= at.get(4..8)? == b"mdat";
            box_size(at)
        });
    Some(whole && table && frames)
}

/// The size of a box (ISO/IEC 14496-12, 4.2).
fn box_size(at: &[u8]) -> Option<usize> {
    let known = at.get(4..8)?.iter().all(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | 0xA9));
    match big_at(at, 0, 4).filter(|_| known)? {
        1 => big_at(at, 8, 8),
        size => Some(size),
    }
}

/// JPEG XL in boxes (ISO/IEC 18181-2, 9).
fn jpeg_xl(bytes: &[u8]) -> Option<bool> {
    Some(
        bytes.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n")
            && covers(bytes, 8, |at| match big_at(at, 0, 4) {
                // The last box may reach to the end.
                Some(0) => Some(at.len()),
                _ => box_size(at),
            }),
    )
}

/// JPEG 2000 without boxes (ITU-T T.800, A.5.1): the size of its header goes with the count of its colours.
fn jpeg_2000(bytes: &[u8]) -> Option<bool> {
    let known = bytes.starts_with(b"\xFF\x4F\xFF\x51") && bytes.ends_with(b"\xFF\xD9");
    Some(known && big_at(bytes, 4, 2)? == 38 + 3 * big_at(bytes, 40, 2)?)
}

/// Raw pictures of Fujifilm (by the notes of LibRaw and ExifTool): where the picture to be shown and the raw one are.
fn fujifilm(bytes: &[u8]) -> Option<bool> {
    let known = bytes.starts_with(b"FUJIFILMCCD-RAW ")
        && bytes.get(big_at(bytes, 84, 4)?..)?.starts_with(b"\xFF\xD8\xFF");
    let part = |at: usize| big_at(bytes, at, 4)?.checked_add(big_at(bytes, at + 4, 4)?);
    let end = part(84)?.max(part(92)?).max(part(100)?);
    Some(known && end <= bytes.len() && bytes.len() - end < 4096)
}

/// Core Audio (Apple Core Audio Format, "CAF File Overview"): chunks, the first of which describes the sound.
fn core_audio(bytes: &[u8]) -> Option<bool> {
    let known = bytes.starts_with(b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20");
    Some(
        known
            && covers(bytes.get(8..)?, 12, |at| match at.get(4..12)? {
                // The last chunk may have an unknown size.
                b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF" => Some(at.len()),
                _ => big_at(at, 4, 8)?.checked_add(12),
            }),
    )
}

/// Sound of Sun and NeXT: where it starts, its size, how it is written, its rate and channels.
fn sun_audio(bytes: &[u8]) -> Option<bool> {
    let start = big_at(bytes, 4, 4)
        .filter(|start| bytes.starts_with(b".snd") && (24..bytes.len()).contains(start))?;
    let whole = matches!(big_at(bytes, 8, 4)?, 0xFFFF_FFFF)
        || start.checked_add(big_at(bytes, 8, 4)?)? == bytes.len();
    let written =
        (1..=27).contains(&big_at(bytes, 12, 4)?) && (1_000..400_000).contains(&big_at(bytes, 16, 4)?);
    Some(whole && written && (1..=16).contains(&big_at(bytes, 20, 4)?))
}

/// Sound of a Mac (Apple, "Audio Interchange File Format"): a form of chunks, each with a name and a size.
fn apple_audio(bytes: &[u8]) -> Option<bool> {
    let known = bytes.starts_with(b"FORM") && matches!(bytes.get(8..12)?, b"AIFF" | b"AIFC");
    Some(
        known
            && covers(bytes.get(12..)?, 8, |at| {
                let size = big_at(at, 4, 4)?.checked_add(8)?;
                Some(size.checked_add(size % 2)?.min(at.len().max(size)))
            }),
    )
}

/// Dictation machines (by the reader of FFmpeg, `libavformat/dss.c`): blocks of 512 bytes, times in digits.
fn dictation(bytes: &[u8]) -> Option<bool> {
    let known = ["\x02dss", "\x03dss", "\x03ds2"].iter().any(|mark| bytes.starts_with(mark.as_bytes()));
    let times = bytes.get(0x26..0x3E)?.iter().all(u8::is_ascii_digit);
    Some(known && times && bytes.len() > 1_536 && bytes.len().is_multiple_of(512))
}

/// Frames of sound or packets of a film, one behind the other to the end.
fn stream(bytes: &[u8]) -> Option<bool> {
    if bytes.first() == Some(&0x47) && bytes.len() >= 940 {
        return Some(bytes.chunks(188).all(|packet| packet.first() == Some(&0x47)));
    }
    let (mut rest, mut frames) = (bytes, 0usize);
    while rest.len() >= 7 {
        // A title of old behind the sound (ID3v1).
        if rest.len() == 128 && rest.starts_with(b"TAG") {
            break;
        }
        frames += 1;
        // The last one may be cut.
        rest = rest.get(frame(rest)?..).unwrap_or_default();
    }
    Some(frames >= 4)
}

/// The size of a frame of MPEG audio (ISO/IEC 11172-3, 2.4.1.3) or AAC (ISO/IEC 13818-7, 6.2).
fn frame(bytes: &[u8]) -> Option<usize> {
    const LAYERS: [[usize; 15]; 5] = [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let head = big_at(bytes, 0, 4).filter(|head| head >> 21 == 0x7FF)?;
    let (version, layer) = (head >> 19 & 3, head >> 17 & 3);
    if layer == 0 {
        let size = big_at(bytes, 3, 3)? >> 5 & 0x1FFF;
        return (version >= 2 && size >= 7).then_some(size);
    }
    let newer = version != 3;
    let row = match (newer, layer) {
        (false, layer) => 3 - layer,
        (true, 3) => 3,
        (true, _) => 4,
    };
    let rate = LAYERS.get(row)?.get(head >> 12 & 15).filter(|rate| **rate > 0)? * 1_000;
    let divisor = [4, 0, 2, 1].get(version).filter(|divisor| **divisor > 0)?;
    let sampled = [44_100, 48_000, 32_000].get(head >> 10 & 3)? / divisor;
    let padding = head >> 9 & 1;
    Some(match layer {
        3 => (12 * rate / sampled + padding) * 4,
        1 if newer => 72 * rate / sampled + padding,
        _ => 144 * rate / sampled + padding,
    })
}

/// Whether parts, each of which says its size, follow one another to the very end.
fn covers(bytes: &[u8], least: usize, mut size: impl FnMut(&[u8]) -> Option<usize>) -> bool {
    let mut parts = Parts::of(bytes, |at| size(at).filter(|size| (least..=at.len()).contains(size)));
    parts.by_ref().for_each(drop);
    parts.rest().is_empty()
}

#[cfg(test)]
mod tests {
    use super::parses;

    fn sfnt(content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap().to_be_bytes();
        [b"\0\x01\0\0\0\x01\0\0\0\0\0\0head\0\0\0\0\0\0\0\x1C", &size[..], content].concat()
    }

    fn windows_media() -> Vec<u8> {
        let name = b"\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
        let header = [
            b"\x30",
            &name[..],
            b"\x38\0\0\0\0\0\0\0\x01\0\0\0\x01\x02",
            &[9; 16],
            b"\x1A\0\0\0\0\0\0\0",
            b"ab",
        ]
        .concat();
        [&header[..], b"\x36", name, b"\x1A\0\0\0\0\0\0\0", b"xy"].concat()
    }

    #[test]
    fn what_parses_to_its_end_is_media_and_what_goes_on_is_not() {
        let mp3: Vec<u8> = (0..5).flat_map(|_| [&[0xFF, 0xFB, 0x90, 0][..], &[7; 413]].concat()).collect();
        let aac: Vec<u8> = (0..5).flat_map(|_| [0xFF, 0xF1, 0x50, 0x80, 0x01, 0x3F, 0xFC, 1, 2]).collect();
        let caf =
            [&b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20"[..], &[0; 32], b"data\0\0\0\0\0\0\0\x02ab"].concat();
        let mov = b"\0\0\0\x08wide\0\0\0\x0Cmdatabcd\0\0\0\x08moov".to_vec();
        let aiff = b"FORM\0\0\0\x0EAIFFSSND\0\0\0\x02ab".to_vec();
        let snd = b".snd\0\0\0\x18\0\0\0\x02\0\0\0\x01\0\0\x1F\x40\0\0\0\x01ab".to_vec();
        for media in [sfnt(b"abcd"), windows_media(), mp3, aac, caf, mov, aiff, snd] {
            assert!(parses(&media), "{media:?}");
            let more = [&media[..], b"7z\xBC\xAF\x27\x1C\0\x04 and more"].concat();
            assert!(!parses(&more), "{more:?}");
            for end in 0..media.len() {
                let _ = parses(&media[..end]);
            }
        }
        assert!(!parses(
            b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C and noise behind it"
        ));
    }
}
