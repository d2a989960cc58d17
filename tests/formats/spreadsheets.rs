//! Tables, directories and documents of other programs: made to cost, and what is told where none of ours reads them.

use vaguemestre::extract::{self, fuzz_readers};
use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits};

use super::bombs::{has, read};
use super::packages::zip;
use super::{samples, text};
use crate::support::mutate::mutate;

const SAYS: &str = "TREM04121925";

/// Reads what is made to cost: it says what it should.
fn says(name: &'static str, bytes: impl Into<Vec<u8>>) {
    let reading = read(name, bytes.into());
    let said = text(&reading);
    assert!(said.contains(SAYS) && said.len() < 64 << 20, "{name}: {} bytes", said.len());
}

#[test]
fn spreadsheets_in_text_made_to_cost_are_read() {
    let sylk = |records: String| format!("ID;P\nC;Y1;X1;K\"{SAYS}\"\n{records}E\n");
    says("a.slk", sylk("C;Y4294967295;X4294967295;K1\n".repeat(200_000)));
    says("a.slk", sylk("F;P0;Y9;X9\nP;Pyyyy\\-mm\\-dd\n".repeat(200_000)));
    says("a.slk", sylk(format!("C;K\"{}\"\n", ";;".repeat(2_000_000))));
    says("a.slk", sylk(format!("C;K\"{}\"\n", "\u{1B}NBe".repeat(800_000))));
    says("a.slk", sylk(format!("P;P{}\nF;P0;Y9;X9\nC;K1\n", "yyyy[".repeat(400_000))));
    let dif = |cells: String| {
        format!("TABLE\n0,1\n\"\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"{SAYS}\"\n{cells}-1,0\nEOD\n")
    };
    says("a.dif", dif("-1,0\nBOT\n".repeat(600_000)));
    says("a.dif", dif("1,0\n\"a\n".repeat(600_000)));
    says("a.dif", dif(format!("1,0\n\"{}\n", "\"\"".repeat(2_000_000))));
    says("a.dif", format!("TABLE\n0,1\n\"{SAYS}\"\n{}", "LABEL\n0,0\n\"a\"\n".repeat(300_000)));
}

#[test]
fn tables_typed_in_markup_made_to_cost_are_read() {
    for piece in ["|===\n", "|", "a|", "2+|", "9999999999+|a ", "\\|", "[cols=9999999999*]\n|===\n|a\n|===\n"]
    {
        says("a.adoc", format!("{SAYS}\n|===\n{}\n|===\n", piece.repeat((1 << 19) / piece.len())));
    }
    for piece in ["{|\n", "|-\n", "||", "! a !! b\n", "| [[a|b=c|", "|}\n"] {
        says("a.wiki", format!("{SAYS}\n{{|\n{}\n|}}\n", piece.repeat((1 << 19) / piece.len())));
    }
}

#[test]
fn xml_and_directories_made_to_cost_are_read() {
    for piece in ["<a>", "<a>b</a>", "x<a/>y", "<a>b", "</a>", "<a", "&amp;", "<![CDATA[a]]>"] {
        says("a.xml", format!("<?xml version='1.0'?><r>{SAYS}{}", piece.repeat((1 << 19) / piece.len())));
    }
    for piece in ["dn: a=b\n", " a\n", "a:: YQ==\n", "a:: /9j/4AAQSkZJRg==\n", "a\n", ":"] {
        let many = piece.repeat((1 << 18) / piece.len());
        says("a.ldif", format!("dn: cn={SAYS}\n{many}"));
    }
}

/// Each reader gets them, whatever they open with.
#[test]
fn mutated_spreadsheets_and_directories_are_read_to_the_end() {
    let rounds = std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let of = ["sylk", "dif", "dbf", "plist", "ldif", "text"];
    let held = |path: &std::path::Path| of.iter().any(|folder| path.parent().unwrap().ends_with(folder));
    let mut seeds: Vec<Vec<u8>> =
        samples().iter().filter(|path| held(path)).map(|path| std::fs::read(path).unwrap()).collect();
    seeds.push(chunk(b"\x16\x54\x07\x12\x05\x08\xD1\x0F\x18\x0E\x1A\x0CTREM04121925"));
    seeds.push(chunk(b"\x08\x0CTREM\x01\x04"));
    let words: &[&[u8]] = &[
        b"\xFF\xFF\xFF\xFF",
        b"\0\0\0",
        b"\x1BNB",
        b";;",
        b"C;X9;Y9;K",
        b"\n-1,0\nBOT\n",
        b"\"",
        b"|===\n",
        b"{|\n",
        b"\x5F\x12",
        b"dn:: ",
        b"</a>",
        b"<a>",
    ];
    let count = u8::try_from(extract::formats().count()).unwrap();
    mutate(&seeds, words, rounds, |bytes| {
        (0..count).for_each(|number| fuzz_readers(&[&[0, number], bytes].concat()));
    });
}

/// A table of dBase with one field of this kind, so many records of which it says that they are there.
fn dbf(kind: u8, count: u32, records: &[u8]) -> Vec<u8> {
    let field = [b"NAM\0\0\0\0\0\0\0\0", &[kind, 0, 0, 0, 0, 12, 0][..], &[0; 14]].concat();
    let head = [&[3, 126, 11, 30][..], &count.to_le_bytes(), &[65, 0, 13, 0], &[0; 20], &field, b"\r"];
    [head.concat(), records.to_vec()].concat()
}

#[test]
fn tables_of_dbase_made_to_cost_are_read_or_told() {
    let record = format!(" {SAYS}");
    says("a.dbf", dbf(b'C', 300_000, record.repeat(300_000).as_bytes()));
    let reading = read("a.dbf", dbf(b'C', u32::MAX, record.as_bytes()));
    assert!(has(&reading, GapReason::Malformed) && text(&reading).contains(SAYS));
    let behind = read("a.dbf", [dbf(b'C', 1, b" TREM04121925\x1A"), zip(&[("a.txt", SAYS.into())])].concat());
    assert!(text(&behind).matches(SAYS).count() == 2);
}

/// A chunk of an archive of iWork, not packed.
fn chunk(block: &[u8]) -> Vec<u8> {
    let size = u32::try_from(block.len()).unwrap().to_le_bytes();
    [&[0][..], &size[..3], block].concat()
}

#[test]
fn archives_of_iwork_made_to_cost_are_read_or_told() {
    // A text of thirteen bytes in a message of kind 2001, in one block.
    let text_field = [b"\x1A\x0C", SAYS.as_bytes()].concat();
    let header = [0x12, 0x05, 0x08, 0xD1, 0x0F, 0x18, 0x0E];
    let archive = [&[7][..], &header, &text_field].concat();
    let literal = [&[22, 21 << 2][..], &archive].concat();
    says("a.iwa", chunk(&literal).repeat(100_000));
    // A block that unfolds to as many bytes as one may.
    let copies = [&[0x80, 0x80, 0x08, 0, b'a'][..], &[0xFE, 1, 0].repeat(2_047), &[0xFA, 1, 0]].concat();
    let reading = read("a.iwa", [chunk(&literal), chunk(&copies).repeat(3_000)].concat());
    assert!(text(&reading).contains(SAYS) && !reading.gaps.is_empty());
    // Messages inside one another, which no text is.
    let nested = (0..2_000).fold(vec![8, 1], |inner, _| {
        let mut size = inner.len();
        let mut out = vec![0x0A];
        while size > 127 {
            out.push(u8::try_from(size & 127).unwrap() | 128);
            size >>= 7;
        }
        out.push(u8::try_from(size).unwrap());
        [out, inner].concat()
    });
    for bytes in [nested, b"\x08\x01".repeat(8_000), b"\x0A\0".repeat(8_000), vec![0xFF; 16_000]] {
        let size = bytes.len();
        let block = [
            &[size & 127 | 128, size >> 7 & 127 | 128, size >> 14][..],
            &[61 << 2, (size - 1) & 255, (size - 1) >> 8],
        ]
        .concat();
        let block = [block.iter().map(|it| u8::try_from(*it).unwrap()).collect(), bytes].concat();
        read("a.iwa", [chunk(&literal), chunk(&block)].concat());
    }
}

#[test]
fn property_lists_and_pieces_made_to_cost_are_read_or_told() {
    let list = |objects: &[u8], count: u64| {
        let table = u64::try_from(8 + objects.len()).unwrap().to_be_bytes();
        let offsets = b"\0\0\0\x08".repeat(usize::try_from(count).unwrap());
        let end = [&[0, 0, 0, 0, 0, 0, 4, 4][..], &count.to_be_bytes(), &[0; 8], &table].concat();
        [b"bplist00", objects, &offsets, &end].concat()
    };
    let long = [&[0x5F, 0x12, 0, 0x10, 0, 0][..], &vec![b'a'; 1 << 20]].concat();
    assert!(has(&read("a.plist", list(&long, 200_000)), GapReason::Malformed));
    let says_all = [&[0x5C][..], SAYS.as_bytes()].concat();
    says("a.plist", list(&says_all, 9));
    let names: Vec<String> = (0..9_000).map(|number| format!("a.fpage/[{number}].piece")).collect();
    let glyphs = format!("<FixedPage><Glyphs UnicodeString='{SAYS}'/>");
    let mut members: Vec<(&str, Vec<u8>)> = vec![("[Content_Types].xml", b"<Types/>".to_vec())];
    members.extend(names.iter().map(|name| (name.as_str(), b"<a/>".to_vec())));
    members[1].1 = glyphs.into_bytes();
    let reading = read("a.xps", zip(&members));
    assert!(text(&reading).contains(SAYS) && has(&reading, GapReason::Malformed));
}

/// "What cannot be read is a `Gap`": formats that none of ours reads, even where their bytes could be taken for text. What they say in
/// clear is read all the same.
#[test]
fn formats_that_are_not_read_are_told_and_never_silent() {
    let line = "Dossier de Mme Lie Tremblay, NAM TREM04121925, suivi au CLSC ";
    let wide: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marks: [(&str, &[u8]); 22] = [
        ("a.one", b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"),
        ("a.mdb", b"\0\x01\0\0Standard Jet DB\0"),
        ("a.accdb", b"\0\x01\0\0Standard ACE DB\0"),
        ("a.sqlite", b"SQLite format 3\0\x10\0"),
        ("a.parquet", b"PAR1\x15\x04\x15"),
        ("a.orc", b"ORC\x0A\x0B\0\0\x01\x02\x03\x04\x05"),
        ("a.avro", b"Obj\x01\x04\x14"),
        ("a.feather", b"ARROW1\0\0"),
        ("a.pst", b"!BDN\0\0\0\0SM\x17\0"),
        ("a.ost", b"!BDN\0\0\0\0SO\x24\0"),
        ("a.chm", b"ITSF\x03\0\0\0"),
        ("a.hlp", b"\x3F\x5F\x03\0\0\0\0\0"),
        ("a.wpd", b"\xFFWPC\x10\0\0\0\x01\x0A"),
        ("a.wps", b"\x01\xFE\x32\0\0\0\0\0"),
        ("a.wri", b"\x31\xBE\0\0\0\xAB\0\0"),
        ("a.wk1", b"\0\0\x02\0\x06\x04\x06\0"),
        ("a.wk3", b"\0\0\x1A\0\0\x10\x04\0"),
        ("a.djvu", b"AT&TFORM\0\0\0\x10DJVU"),
        ("a.mobi", b"\0\0\0\0\0\0\0\0BOOKMOBI"),
        ("a.dwg", b"AC1032\0\0\0\0\0\x01\x02\x03"),
        ("a.zst", b"\x28\xB5\x2F\xFD"),
        ("a.sav", b"$FL2@(#) SPSS DATA FILE\0\0\0\0\x02\0\0\0"),
    ];
    for (name, mark) in marks {
        for said in [line.repeat(3).as_bytes(), &wide] {
            for (before, behind) in [(0, 0), (512, 64)] {
                let bytes = [mark, &vec![0; before], said, &vec![1; behind]].concat();
                let reading = read_file(name, &bytes, &Limits::default());
                let plain = reading.gaps.is_empty() && text(&reading).contains(SAYS);
                assert!(plain || has(&reading, GapReason::Unsupported), "{name} is silent");
                assert!(text(&reading).contains(SAYS), "{name} {before}: {}", text(&reading));
            }
        }
        let noise: Vec<u8> =
            (0..4_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 23).to_le_bytes()[0]).collect();
        let reading = read_file(name, &[mark, &noise].concat(), &Limits::default());
        assert!(!reading.gaps.is_empty(), "{name} is silent");
    }
}
