//! Archives and packages made here: to cost, to lie, to hide.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, ProtectionKind, Strength};

use super::bombs::{has, read};
use super::text;

/// A zip of these members, packed.
pub fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content).unwrap();
        let packed = packer.finish().unwrap();
        let mut fields = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        fields.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        let header = u32::try_from(out.len()).unwrap();
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &fields, &[0; 10], &header.to_le_bytes()].concat());
        directory.extend(name.as_bytes());
        out.extend([b"PK\x03\x04".as_slice(), &fields, name.as_bytes(), &packed].concat());
    }
    let count = u16::try_from(members.len() % 65_536).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size, &start, &[0, 0]].concat();
    [out, directory, end].concat()
}

/// A document with this main part.
pub fn docx(part: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("word/document.xml", part.as_bytes().to_vec())])
}

/// A workbook with these strings and this sheet.
fn xlsx(strings: &str, sheet: &str) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name='A' id='r'/></sheets></workbook>".to_vec()),
        ("xl/_rels/workbook.xml.rels", b"<R><R Id='r' Target='worksheets/sheet1.xml'/></R>".to_vec()),
        ("xl/sharedStrings.xml", strings.as_bytes().to_vec()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes().to_vec()),
    ])
}

#[test]
fn an_archive_that_unfolds_without_end_is_cut_and_told() {
    let zeros = vec![b'0'; 300 << 20];
    let bomb = zip(&[("a.txt", b"TREM04121925".to_vec()), ("b.txt", zeros)]);
    assert!(bomb.len() < 1 << 20);
    let reading = read("a.zip", bomb);
    assert!(has(&reading, GapReason::TooLarge) && text(&reading).contains("TREM04121925"));
    assert!(text(&reading).len() <= 100 << 20);
}

#[test]
fn archives_inside_one_another_are_read_to_the_limit() {
    let mut inner = zip(&[("a.txt", b"TREM04121925".to_vec())]);
    for _ in 0..9 {
        inner = zip(&[("b.zip", inner)]);
    }
    assert!(text(&read("a.zip", inner.clone())).contains("TREM04121925"));
    for _ in 0..9 {
        inner = zip(&[("b.zip", inner)]);
    }
    assert!(has(&read("a.zip", inner), GapReason::TooDeep));
}

#[test]
fn twenty_thousand_members_are_too_many_and_their_names_are_read() {
    let names: Vec<String> = (0..20_000).map(|number| format!("n{number}.txt")).collect();
    let members: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), b"x".to_vec())).collect();
    let reading = read("a.zip", zip(&members));
    assert!(has(&reading, GapReason::TooDeep) && text(&reading).contains("n19999.txt"));
}

#[test]
fn a_flood_of_headers_costs_its_length() {
    let mut flood = b"PK\x03\x04\x14\0\x08\0\x08\0".repeat(500_000);
    flood.extend(zip(&[("a.txt", b"TREM04121925".to_vec())]));
    assert!(has(&read("a.zip", flood), GapReason::Malformed));
}

#[test]
fn parts_made_to_cost_are_read() {
    let laughs = "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
    let bombs = [
        docx(&format!("{laughs}<w:p><w:t>&b;&b;TREM04121925</w:t></w:p>")),
        docx(&format!("{}<w:t>TREM04121925</w:t>", "<w:p>".repeat(600_000))),
        docx(&format!("{}<w:t>TREM04121925</w:t>", "<w:txbxContent>".repeat(200_000))),
        docx(&format!("{}<w:t>TREM04121925</w:t>", "<w:tbl><w:tr><w:tc>".repeat(100_000))),
        docx(&format!("<w:p {}><w:t>TREM04121925</w:t></w:p>", "a='b' ".repeat(500_000))),
        docx(&format!("<w:t>{}TREM04121925</w:t>", "&amp;".repeat(1_000_000))),
        xlsx("", &format!("{}<c t='str'><v>TREM04121925</v></c>", "<row><c><v>1</v></c>".repeat(300_000))),
        xlsx(
            "",
            &format!(
                "<row r='4294967295'><c r='XFD4294967295' t='str'><v>TREM04121925</v></c>{}",
                "<c><v>1</v></c>".repeat(9)
            ),
        ),
    ];
    for (number, bomb) in bombs.into_iter().enumerate() {
        assert!(text(&read("a", bomb)).contains("TREM04121925"), "{number}");
    }
}

#[test]
fn a_string_shared_by_a_million_cells_is_cut_and_told() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_000));
    let reading = read("a.xlsx", xlsx(&strings, &"<c t='s'><v>0</v></c>".repeat(500_000)));
    assert!(has(&reading, GapReason::TooLarge));
}

#[test]
fn a_member_that_the_directory_does_not_name_is_read() {
    let hidden = zip(&[("cache.txt", b"TREM04121925".to_vec())]);
    let end = hidden.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let shown = zip(&[("a.txt", b"bonjour".to_vec())]);
    let reading = read_file("a.zip", &[&hidden[..end], &shown].concat(), &Limits::default());
    assert!(text(&reading).contains("TREM04121925") && text(&reading).contains("bonjour"));
}

/// APPNOTE 4.4.4: "Bit 0: If set, indicates that the file is encrypted."
#[test]
fn how_well_a_member_is_hidden_is_told() {
    let locked = |method: u8| {
        let mut bytes = zip(&[("Tremblay.txt", b"TREM04121925".to_vec())]);
        let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        for (flags, at) in [(6, 8), (central + 8, central + 10)] {
            bytes[flags] |= 1;
            bytes[at] = method;
        }
        read_file("a.zip", &bytes, &Limits::default())
    };
    for (method, strength) in [(8, Strength::Weak), (99, Strength::Strong)] {
        let reading = locked(method);
        let protection = &reading.protections[0];
        assert_eq!((protection.kind, protection.strength), (ProtectionKind::Zip, strength));
        assert!(protection.whole && has(&reading, GapReason::Encrypted));
        assert!(text(&reading).contains("Tremblay.txt") && !text(&reading).contains("TREM04121925"));
    }
}
