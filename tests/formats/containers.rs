//! Containers made to cost, one of each kind: what multiplies, refers to itself or never ends gets its verdict within the limits.

use std::io::Write;

use bzip2::Compression as Bzip2;
use flate2::Compression;
use flate2::write::GzEncoder;
use vaguemestre::model::{GapReason, Region, Segment};

use super::bombs::{has, read};
use super::packages::{docx, zip};
use super::text;

const SAYS: &str = "TREM04121925";

#[test]
fn a_mailbox_of_a_million_messages_is_read_to_the_limit() {
    let mut mailbox = format!("From a\nSubject: {SAYS}\n\n");
    mailbox.push_str(&"From a\nb:\n\n".repeat(1_000_000));
    let reading = read("a.mbox", mailbox.into_bytes());
    assert!(has(&reading, GapReason::TooDeep) && text(&reading).contains(SAYS));
    assert!(reading.gaps.len() < 20_000);
}

#[test]
fn mailboxes_inside_one_another_are_too_deep() {
    let mut inner = format!("From a\nSubject: x\n\nFrom b\nSubject: {SAYS}\n\nx\n");
    for _ in 0..20 {
        let escaped = inner.replace("From ", ">From ");
        inner = format!(
            "From a\nSubject: x\n\nFrom b\nSubject: y\nContent-Type: application/mbox; name=a.mbox\n\n{escaped}\n"
        );
    }
    assert!(!read("a.mbox", inner.into_bytes()).segments.is_empty());
}

/// A workbook in binary with this sheet.
fn xlsb(strings: &[u8], sheet: &[u8]) -> Vec<u8> {
    // BrtBundleSh (2.4.311): a sheet `A` whose relation is `r`.
    let bundle = [&[0; 8][..], &1u32.to_le_bytes(), b"r\0", &1u32.to_le_bytes(), b"A\0"].concat();
    let book = [&[0x9C, 0x01, u8::try_from(bundle.len()).unwrap()][..], &bundle].concat();
    zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", b"<R><R Id='r' Target='worksheets/sheet1.bin'/></R>".to_vec()),
        ("xl/sharedStrings.bin", strings.to_vec()),
        ("xl/worksheets/sheet1.bin", sheet.to_vec()),
    ])
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_binary_workbook_that_multiplies_a_string_or_never_ends_is_cut_and_told() {
    let long = "x".repeat(4_000);
    // BrtSSTItem: flags, a count, the text; its size in seven bits a byte.
    let size = 5 + long.len() * 2;
    let head = [19, u8::try_from(size & 0x7F).unwrap() | 0x80, u8::try_from(size >> 7).unwrap()];
    let count = u32::try_from(long.len()).unwrap().to_le_bytes();
    let strings = [&head[..], &[0], &count, &wide(&long)].concat();
    // BrtCellIsst: a column, a style, the string's number.
    let cells = [7, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].repeat(400_000);
    assert!(has(&read("a.xlsb", xlsb(&strings, &cells)), GapReason::TooLarge));
    let said = [&[6, 0x80 | 36, 0][..], &[0; 8], &12u32.to_le_bytes(), &wide(SAYS)].concat();
    for flood in [vec![0xFF; 4 << 20], vec![0x80; 4 << 20], [1, 0].repeat(2 << 20)] {
        let reading = read("a.xlsb", xlsb(&[], &[said.as_slice(), &flood].concat()));
        assert!(text(&reading).contains(SAYS));
    }
}

#[test]
fn a_metafile_of_records_that_lie_is_read() {
    let mut metafile = vec![0; 108];
    metafile[0] = 1;
    metafile[4] = 108;
    metafile[40..44].copy_from_slice(b" EMF");
    let record = |kind: u32, size: u32, count: u32, start: u32, rest: &[u8]| {
        let head = [kind, size].map(u32::to_le_bytes).concat();
        [&head[..], &[0; 36], &count.to_le_bytes(), &start.to_le_bytes(), rest].concat()
    };
    metafile.extend(record(83, 64, 12, 52, SAYS.as_bytes()));
    metafile.extend(record(84, 52, u32::MAX, u32::MAX, &[]).repeat(20_000));
    for size in [0, 4, 7, u32::MAX] {
        let bomb = [metafile.as_slice(), &record(84, size, 2, 0, &[])].concat();
        assert!(text(&read("a.emf", bomb)).contains(SAYS), "{size}");
    }
}

/// A compound file with this directory, whose every stream is the same sectors.
fn compound(names: impl Iterator<Item = (String, u8, u32, u32)>) -> Vec<u8> {
    let mut directory = Vec::new();
    for (name, kind, right, child) in names {
        let mut entry = wide(&name);
        entry.resize(64, 0);
        entry.extend(u16::try_from(name.len() * 2 + 2).unwrap().to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([u32::MAX, right, child].map(u32::to_le_bytes).concat());
        entry.resize(116, 0);
        entry.extend([0, 1 << 20, 0].map(u32::to_le_bytes).concat());
        directory.extend(entry);
    }
    directory.resize(directory.len().next_multiple_of(512), 0);
    // Sectors of content, then those of the directory, then those of the table.
    let (content, listed) = (2_048u32, u32::try_from(directory.len() / 512).unwrap());
    let tables = (content + listed + 200) / 128 + 1;
    let chain = |from: u32, count: u32| {
        (from..from + count).map(move |at| if at + 1 == from + count { 0xFFFF_FFFE } else { at + 1 })
    };
    let mut table: Vec<u32> = chain(0, content).chain(chain(content, listed)).collect();
    table.resize(usize::try_from(tables).unwrap() * 128, 0xFFFF_FFFD);
    let mut head = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    head.resize(512, 0);
    (head[30], head[32]) = (9, 6);
    head[48..52].copy_from_slice(&content.to_le_bytes());
    head[56..60].copy_from_slice(&4096u32.to_le_bytes());
    head[60..64].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    head[68..72].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    for index in 0..109u32 {
        let sector = if index < tables { content + listed + index } else { u32::MAX };
        let at = 76 + usize::try_from(index).unwrap() * 4;
        head[at..at + 4].copy_from_slice(&sector.to_le_bytes());
    }
    let content = SAYS.repeat(90_000).into_bytes()[..1 << 20].to_vec();
    [head, content, directory, table.into_iter().flat_map(u32::to_le_bytes).collect()].concat()
}

#[test]
fn streams_that_share_their_sectors_are_read_no_more_than_a_few_times() {
    let root = ("Root Entry".to_owned(), 5, u32::MAX, 1);
    let streams = (1..40_000u32).map(|at| (format!("s{at}"), 2, at + 1, u32::MAX));
    let reading = read("a.doc", compound(std::iter::once(root).chain(streams)));
    assert!(has(&reading, GapReason::TooCostly) && text(&reading).contains(SAYS));
}

/// An object of a program that nobody here knows stands beside one that is read: its words are no less there.
#[test]
fn streams_that_nobody_knows_are_swept_for_words() {
    let root = ("Root Entry".to_owned(), 5, u32::MAX, 1);
    let streams =
        [("Package", 2), ("Notes", u32::MAX)].map(|(name, next)| (name.to_owned(), 2, next, u32::MAX));
    let reading = read("a.doc", compound(std::iter::once(root).chain(streams)));
    let swept = |segment: &Segment| segment.region == Region::Hidden && segment.text.reveal().contains(SAYS);
    assert!(reading.segments.iter().any(swept) && !has(&reading, GapReason::Unsupported));
}

#[test]
fn storages_inside_one_another_and_entries_in_a_circle_end() {
    let root = |child| ("Root Entry".to_owned(), 5, u32::MAX, child);
    let nested =
        (1..40_000u32).map(|at| (format!("storage {at}"), if at < 39_999 { 1 } else { 2 }, at, at + 1));
    assert!(!read("a.doc", compound(std::iter::once(root(1)).chain(nested))).gaps.is_empty());
    let circle = (1..1_000u32).map(|at| (format!("s{at}"), 1, at % 999 + 1, 1));
    assert!(!read("a.doc", compound(std::iter::once(root(1)).chain(circle))).gaps.is_empty());
}

/// [MS-OVBA], 2.4.1: a chunk of nothing but longest repetitions, over and over.
#[test]
fn macros_that_unfold_without_end_are_cut() {
    let mut chunk = b"\0Attribut\x00e \"".to_vec();
    while chunk.len() + 17 < 4096 {
        chunk.push(0xFF);
        chunk.extend([0xFF, 0x0F].repeat(8));
    }
    let head = (0xB000 | u16::try_from(chunk.len() - 1).unwrap()).to_le_bytes();
    let module = [&[1][..], &[head.as_slice(), &chunk].concat().repeat(200)].concat();
    let entries = [
        ("Root Entry".to_owned(), 5, u32::MAX, 1),
        ("VBA".to_owned(), 1, u32::MAX, 2),
        ("Module1".to_owned(), 2, u32::MAX, u32::MAX),
    ];
    let mut bytes = compound(entries.into_iter());
    bytes[512..512 + module.len()].copy_from_slice(&module);
    let reading = read("vbaProject.bin", bytes);
    assert!(text(&reading).contains("Attribute") && text(&reading).len() < 32 << 20);
}

/// One member by a method that packs no more: APPNOTE 5.1 to 5.3.
fn old(method: u8, flags: u8, packed: &[u8], size: u32) -> Vec<u8> {
    let mut bytes = zip(&[("a.txt", Vec::new())]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let long = u32::try_from(packed.len()).unwrap().to_le_bytes();
    for (flag, at, packed_at) in [(6, 8, 18), (central + 8, central + 10, central + 20)] {
        (bytes[flag], bytes[at]) = (flags, method);
        bytes[packed_at..packed_at + 4].copy_from_slice(&long);
        bytes[packed_at + 4..packed_at + 8].copy_from_slice(&size.to_le_bytes());
    }
    let content = 30 + 5;
    let old = central - content;
    bytes.splice(content..central, packed.iter().copied());
    let end = bytes.len() - 22 + 16;
    let start = u32::try_from(central - old + packed.len()).unwrap().to_le_bytes();
    bytes[end..end + 4].copy_from_slice(&start);
    bytes
}

#[test]
fn old_methods_that_unfold_without_end_or_break_off_are_told() {
    for (method, flags) in [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (6, 6)] {
        for byte in [0, 0xFF, 0x55, 0x90] {
            let reading = read("a.zip", old(method, flags, &vec![byte; 1 << 16], u32::MAX));
            assert!(!reading.gaps.is_empty(), "{method} {flags} {byte}");
        }
    }
}

#[test]
fn a_flat_document_nested_without_end_is_told_and_read() {
    for tag in ["text:p", "text:section", "draw:text-box", "table:table", "office:annotation"] {
        let flat = format!(
            "<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' office:mimetype='application/vnd.oasis.opendocument.text'><office:body>{}{SAYS}",
            format!("<{tag}>").repeat(300_000)
        );
        let reading = read("a.fodt", flat.into_bytes());
        assert!(has(&reading, GapReason::TooDeep) && text(&reading).contains(SAYS), "{tag}");
        let share = reading.gaps.iter().find_map(|gap| gap.share).unwrap();
        assert!(share.of.is_some_and(|of| share.read < of));
    }
}

#[test]
fn attributes_past_the_most_are_told_and_read() {
    let attributes: String = (0..50_000).map(|at| format!(" a{at}='{SAYS}{at}'")).collect();
    let reading = read("a.docx", docx(&format!("<w:p{attributes}><w:t>bonjour</w:t></w:p>")));
    assert!(has(&reading, GapReason::TooLarge) && text(&reading).contains("TREM0412192549999"));
}

/// Packs a file into another container, so that each holds the one before.
fn nest(content: &[u8], level: usize) -> Vec<u8> {
    match level % 3 {
        0 => {
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(content).unwrap();
            packer.finish().unwrap()
        }
        1 => {
            let mut packer = bzip2::write::BzEncoder::new(Vec::new(), Bzip2::best());
            packer.write_all(content).unwrap();
            packer.finish().unwrap()
        }
        _ => zip(&[("a", content.to_vec())]),
    }
}

#[test]
fn containers_of_every_kind_inside_one_another_are_read_to_the_limit() {
    let mut inner = SAYS.as_bytes().to_vec();
    for level in 0..12 {
        inner = nest(&inner, level);
    }
    assert!(text(&read("a", inner.clone())).contains(SAYS));
    for level in 0..12 {
        inner = nest(&inner, level);
    }
    assert!(has(&read("a", inner), GapReason::TooDeep));
}

#[test]
fn zeros_packed_again_and_again_are_cut_and_told() {
    let mut inner = vec![0; 200 << 20];
    for level in 0..6 {
        inner = nest(&inner, level);
    }
    assert!(inner.len() < 100_000);
    assert!(has(&read("a", inner), GapReason::TooLarge));
}

/// Samples that unfold to zeros, each inside the others: archives in archives in archives.
#[test]
fn archives_that_others_write_are_cut_inside_one_another() {
    let sample = |path: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
        std::fs::read(root.join(path)).unwrap()
    };
    let members: Vec<(&str, Vec<u8>)> =
        [("a.7z", "7z/zeros.7z"), ("b.rar", "rar/zeros.rar"), ("c.xz", "gzip/zeros.xz")]
            .map(|(name, path)| (name, sample(path)))
            .to_vec();
    let inside: Vec<(&str, Vec<u8>)> = (0..40).flat_map(|_| members.clone()).collect();
    let reading = read("a.zip", zip(&inside));
    assert!(has(&reading, GapReason::TooLarge) || has(&reading, GapReason::TooCostly));
}
