//! What pictures, sounds, films, forms and a Mac say beside what they show: mutants of it, and files made to cost. Each reader is small, and
//! reads what strangers send.

use vaguemestre::extract::fuzz_media;
use vaguemestre::model::GapReason;
use vaguemestre::protection;

use super::bombs::{has, read};
use super::{documents, samples, text};
use crate::support::mutate::mutate;

const SAYS: &str = "TREM04121925";

fn big(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_be_bytes()
}

fn little(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A box, a chunk of AIFF.
fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&big(8 + content.len())[..], name, content].concat()
}

/// A chunk of WAVE.
fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    [name, &little(content.len()), content].concat()
}

/// Things of the same kind inside one another.
fn nested(levels: usize, wrap: impl Fn(&[u8]) -> Vec<u8>, inside: &[u8]) -> Vec<u8> {
    (0..levels).fold(inside.to_vec(), |inside, _| wrap(&inside))
}

#[test]
fn mutated_media_are_read_to_the_end() {
    let rounds = std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(6_000);
    let of = ["media", "appledouble", "ds-store", "message"];
    let held = |path: &std::path::Path| of.iter().any(|folder| path.parent().unwrap().ends_with(folder));
    let mut seeds: Vec<Vec<u8>> =
        samples().iter().filter(|path| held(path)).map(|path| std::fs::read(path).unwrap()).collect();
    seeds.push(
        documents::pdf("3 0 R", "", b"")
            .into_iter()
            .chain(*b"4 0 obj<</V(A)/Rect[1 2 3 4]>>endobj")
            .collect(),
    );
    seeds.push(
        b"age-encryption.org/v1\n-> X25519 abc\n--- abc\n$ANSIBLE_VAULT;1.1;AES256\n66616263\n".to_vec(),
    );
    let words: &[&[u8]] = &[
        b"\0\0\0\x01",
        b"\xFF\xFF\xFF\xFF",
        b"\0\0\0\0",
        b"\x7F\x7F\x7F\x7F",
        b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        b"\0\0\0\x08moov",
        b"LIST\xFF\xFF\xFF\xFFINFO",
        b"data",
        b"COMM",
        b"APIC",
        b"8BIM\x04\x04",
        b"\x1C\x02\x05",
        b"OpusTags",
        b"Exif\0\0II*\0",
        b"\x69\x87\x04\0\x01\0\0\0",
        b"ATTR",
        b"bplist00",
        b"MIME-Version: 1.0\nContent-Type: text/html\nFrom: a\n",
        b"7z\xBC\xAF\x27\x1C\0",
        b"\x1F\x8B\x08\0\0\0\0\0\0\x03",
        b"/Parent 4 0 R",
    ];
    mutate(&seeds, words, rounds, |bytes| {
        (0..10).for_each(|which| fuzz_media(&[&[which], bytes].concat()));
        protection::fuzz(bytes);
    });
}

/// Reads a file that is made to cost; whether it says what it should, or tells that there is more than is read.
fn quick(name: &'static str, bytes: Vec<u8>) -> bool {
    let reading = read(name, bytes);
    text(&reading).contains(SAYS) || has(&reading, GapReason::TooLarge)
}

#[test]
fn boxes_and_chunks_made_to_cost_are_read_or_told() {
    let film = |inside: &[u8]| [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"moov", inside)].concat();
    let title = boxed(b"\xA9nam", &[&[0, 12, 0, 0], SAYS.as_bytes()].concat());
    let user = boxed(b"udta", &title);
    for film in [
        film(&[user.clone(), boxed(b"free", b"").repeat(1_000_000)].concat()),
        film(&[user.clone(), nested(3_000, |inside| boxed(b"trak", inside), b"")].concat()),
        film(&[user.clone(), nested(3_000, |inside| boxed(b"meta", inside), b"")].concat()),
        film(&[user.clone(), b"\xFF\xFF\xFF\xFFtrak".repeat(500_000)].concat()),
        film(&[user.clone(), b"\0\0\0\x01trak\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF".repeat(300_000)].concat()),
        film(&[user, b"\0\0\0\0ilst".repeat(500_000)].concat()),
    ] {
        assert!(quick("a.m4a", film));
    }
    let named = chunk(b"LIST", &[b"INFO", &chunk(b"INAM", SAYS.as_bytes())[..]].concat());
    let sound = |inside: &[u8]| [b"RIFF\0\0\0\0WAVE", &named[..], inside].concat();
    for inside in [
        chunk(b"LIST", b"INFO").repeat(300_000),
        nested(3_000, |inside| chunk(b"LIST", &[b"INFO", inside].concat()), b""),
        chunk(b"id3 ", b"ID3\x03\0\0\x7F\x7F\x7F\x7F").repeat(200_000),
        b"INAM\xFF\xFF\xFF\xFF".repeat(300_000),
    ] {
        assert!(quick("a.wav", sound(&inside)));
    }
}

#[test]
fn fields_of_sounds_made_to_cost_are_read_or_told() {
    let title = [b"TIT2\0\0\0\x0D\0\0\0", SAYS.as_bytes()].concat();
    let sound = |inside: &[u8]| [b"ID3\x03\0\0\x7F\x7F\x7F\x7F", &title[..], inside].concat();
    for inside in [
        b"TXXX\0\0\0\x02\0\0\0a".repeat(400_000),
        b"TXXX\xFF\xFF\xFF\xFF\0\0\0".repeat(300_000),
        [&b"TXXX\0\x7F\0\0\0\0\x01"[..], &b"\xFF\xFEa\0".repeat(2_000_000)].concat(),
        [&b"TXXX\0\x7F\0\0\0\0\0"[..], &b"\xC3\x83\xC2\x83\xE9 ".repeat(1_300_000)].concat(),
    ] {
        assert!(quick("a.mp3", sound(&inside)));
    }
    let comments = |count: usize, fields: &[u8]| {
        let own = [&little(12)[..], SAYS.as_bytes()].concat();
        let block = [&little(0)[..], &little(count), &own, fields].concat();
        [b"fLaC\x84\xFF\xFF\xFF", &block[..]].concat()
    };
    assert!(quick("a.flac", comments(usize::try_from(u32::MAX).unwrap(), &[0; 4_000_000])));
    assert!(quick("a.flac", comments(900_000, &b"\x01\0\0\0a".repeat(900_000))));
    let blocks = [&b"fLaC"[..], &b"\x04\0\0\x00".repeat(1_000_000)].concat();
    quick("a.flac", blocks);
    quick("a.ogg", [&b"OggS"[..], &b"OpusTags\0\0\0\0\xFF\xFF\xFF\xFF".repeat(100_000)].concat());
    let header = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    let further =
        b"\x40\xA4\xD0\xD2\x07\xE3\xD2\x11\x97\xF0\x00\xA0\xC9\x5E\xA8\x50\x1A\0\0\0\0\0\0\0\xFF\xFF";
    for object in [&further[..], &[0; 24], &[&[9; 16][..], &[0xFF; 8]].concat()] {
        let size = u64::try_from(30 + object.len() * 100_000).unwrap().to_le_bytes();
        quick("a.wma", [&header[..], &size, &[1, 0, 0, 0, 1, 2], &object.repeat(100_000)].concat());
    }
}

#[test]
fn pictures_and_fonts_made_to_cost_are_read_or_told() {
    let press = |blocks: &[u8]| {
        let inside = [b"Photoshop 3.0\0".as_slice(), blocks].concat();
        let size = u16::try_from(inside.len() + 2).unwrap().to_be_bytes();
        [b"\xFF\xED", &size[..], &inside].concat()
    };
    let caption = [b"8BIM\x04\x04\0\0\0\0\0\x11\x1C\x02\x78\0\x0C", SAYS.as_bytes(), &[0]].concat();
    let blocks = [&caption[..], &b"8BIM\0\0\0\0\0\0\0\0".repeat(5_000)].concat();
    let fields = [&b"8BIM\x04\x04\0\0\0\0\xFF\xFF"[..], &b"\x1C\x02\x78\0\0".repeat(13_000)].concat();
    let comment = [b"\xFF\xFE\0\x0E", SAYS.as_bytes()].concat();
    for segments in [
        press(&blocks),
        [comment.clone(), press(&fields)].concat(),
        [comment, b"\xFF\xFE\0\x03a".repeat(1_000_000)].concat(),
    ] {
        assert!(quick("a.jpg", [b"\xFF\xD8".as_slice(), &segments, b"\xFF\xD9"].concat()));
    }
    let gif = |blocks: &[u8]| [b"GIF89a\x01\0\x01\0\0\0\0!\xFE\x0C", SAYS.as_bytes(), b"\0", blocks].concat();
    for blocks in
        [b"!\xFE\x01a\0".repeat(1_000_000), b"!\xFE\0".repeat(1_000_000), b"\x01a".repeat(2_000_000)]
    {
        assert!(quick("a.gif", gif(&blocks)));
    }
    let collection =
        [&b"ttcf\0\x01\0\0\0\0\0\x40"[..], &big(300).repeat(64), &[0; 32], &b"\0\x01\0\0\0\x40".repeat(99)]
            .concat();
    quick("a.ttc", collection);
    let noise = |size: u32| -> Vec<u8> {
        (0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 23).to_le_bytes()[0] | 1).collect()
    };
    // A table of sixty-five thousand attributes, each of which is all the rest.
    let value = noise(1 << 20);
    let (table, room) = (65_535 * 16, 38 + 34 + 36);
    let entry = [&big(room + table)[..], &big(value.len()), &[0, 0, 2, b'a', 0, 0, 0, 0]].concat();
    let head = [
        b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x01\0\0\0\x09\0\0\0\x26",
        &big(70 + table + value.len())[..],
    ]
    .concat();
    let attributes = [&b"ATTR"[..], &[0; 30], b"\xFF\xFF"].concat();
    quick("._a", [head, vec![0; 34], attributes, entry.repeat(65_535), value].concat());
    quick(
        ".DS_Store",
        [&b"\0\0\0\x01Bud1\0\0\x01\0\0\0\x01\0\0\0\x01\0"[..], &b"\0a\0b\0c\0\x01".repeat(1_000_000)]
            .concat(),
    );
}

#[test]
fn texts_and_forms_made_to_cost_are_read() {
    let block = "VTJGc2RHVmtYMTg5ODc2NTQzMjEwOTg3NjU0MzIxMDk4NzY1NDMyMTA5OA";
    for piece in [
        "$ANSIBLE_VAULT;",
        "-----BEGIN AGE ENCRYPTED FILE-----",
        "U2FsdGVkX1",
        "U2FsdGVkX1 ",
        "'\"",
        block,
        "\\x012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789\n",
        "\"UEsDBAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
        "<!ENTITY ",
        "<!ENTITY 'a\" ",
    ] {
        let bomb = format!("{SAYS}\n{}", piece.repeat((1 << 20) / piece.len()));
        assert!(quick("a.txt", bomb.clone().into_bytes()), "{piece}");
        assert!(quick("a.html", format!("<html>{bomb}").into_bytes()), "{piece}");
    }
    let field =
        |at: usize| format!("{at} 0 obj<</V(A)/Parent {} 0 R/Rect[{at} 9 {} 9]>>endobj\n", at + 1, at + 1);
    let fields: String = (9..60_000).map(field).collect();
    let form =
        [documents::pdf("3 0 R", "", format!("BT /F 9 Tf ({SAYS}) Tj ET").as_bytes()), fields.into_bytes()]
            .concat();
    assert!(quick("a.pdf", form));
    let headers =
        format!("{}MIME-Version: 1.0\nContent-Type: text/html\n\n{SAYS}", "Subject: x\n".repeat(500_000));
    assert!(quick("a.doc", headers.into_bytes()));
}
