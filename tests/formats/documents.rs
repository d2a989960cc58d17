//! Documents made to cost: pages, streams, sectors and groups that refer to themselves, unfold or never end.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use vaguemestre::extract::{Reader, Second, Walked};
use vaguemestre::model::{GapReason, Limits, Share, Tools};

use super::bombs::{has, read};
use super::text;

pub fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

/// A PDF whose one page, shown by these kids, has this content.
pub fn pdf(kids: &str, filter: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count {}/Kids[{kids}]>>endobj\n\
         3 0 obj<</Type/Page/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>endobj\n4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n\
         5 0 obj<<{filter}/Length {}>>stream\n",
        kids.matches('R').count(),
        content.len()
    );
    [head.as_bytes(), content, b"\nendstream endobj trailer<</Root 1 0 R>>\n%%EOF"].concat()
}

const SAYS: &[u8] = b"BT /F 9 Tf 9 9 Td (TREM04121925) Tj ET ";

#[test]
fn a_page_that_unfolds_without_end_is_cut_and_told() {
    let content = packed(&[SAYS, &b"1 0 0 1 0 0 cm ".repeat(2 << 20)].concat());
    let reading = read("a.pdf", pdf("3 0 R", "/Filter/FlateDecode", &content));
    assert!(has(&reading, GapReason::TooCostly) && text(&reading).contains("TREM04121925"));
    let twice = packed(&packed(&vec![0; 300 << 20]));
    assert!(has(
        &read("a.pdf", pdf("3 0 R", "/Filter[/FlateDecode/FlateDecode]", &twice)),
        GapReason::TooLarge
    ));
}

#[test]
fn what_another_reader_sees_beyond_ours_is_added() {
    let bytes = pdf("3 0 R", "", SAYS);
    let limits = Limits { tools: Tools { pdf: true, ocr: false }, ..Limits::default() };
    let mut reader = Reader::file("a.pdf", &bytes, &limits);
    while reader.step() {}
    let Walked::Second(asked) = reader.walk() else { panic!("a page of few letters is read again") };
    let pages = vec!["TREM 0412 1925".to_owned(), "Suivi de Mme Roy".to_owned()];
    reader.second(*asked, Second { pages, rest: None });
    assert_eq!(text(&reader.finish()), "a.pdf\nTREM04121925\nSuivi de Mme Roy");
}

/// "Limits of section 7, configurable, each reported with the share that was read."
#[test]
fn scanned_pages_past_the_limit_are_told_with_the_share_that_is_read() {
    let scan = "q 600 0 0 700 9 9 cm BI /W 1 /H 1 /BPC 1 ID x EI Q";
    let page = |number: usize| {
        let content = number + 1;
        format!(
            "{number} 0 obj<</Type/Page/Contents {content} 0 R>>endobj {content} 0 obj<</Length 51>>stream\n{scan}\nendstream endobj\n"
        )
    };
    let mut bytes = pdf("10 0 R 20 0 R 30 0 R", "", b"");
    bytes.extend([10, 20, 30].map(page).concat().into_bytes());
    bytes.extend(b"%%EOF");
    let limits = Limits { tools: Tools { pdf: false, ocr: true }, ocr_pages: 2, ..Limits::default() };
    let mut reader = Reader::file("a.pdf", &bytes, &limits);
    while reader.step() {}
    let Walked::Second(asked) = reader.walk() else { panic!("scanned pages are read again") };
    assert_eq!(asked.pages, [1, 2]);
    let pages = vec!["TREM 0412 1925".to_owned()];
    reader.second(*asked, Second { pages, rest: Some(GapReason::TooCostly) });
    let reading = reader.finish();
    let whole = u64::try_from(bytes.len()).unwrap();
    let told: Vec<_> = reading.gaps.iter().map(|gap| (gap.reason, gap.share.unwrap())).collect();
    let share = |read| (GapReason::TooCostly, Share { read, of: Some(whole) });
    assert_eq!(told, [share(whole * 2 / 3), share(whole / 2)]);
}

#[test]
fn a_page_shown_twenty_thousand_times_is_read_once() {
    let reading = read("a.pdf", pdf(&"3 0 R ".repeat(20_000), "", SAYS));
    assert_eq!(text(&reading).matches("TREM04121925").count(), 1);
}

#[test]
fn nesting_and_floods_in_a_pdf_are_read() {
    for flood in ["<</A", "[", "(", "q ", "/F 9 Tf ", "/S BMC ", "BI ID ", "<", "1 0 obj "] {
        let reading =
            read("a.pdf", pdf("3 0 R 2 0 R", "", &[SAYS, flood.repeat(300_000).as_bytes()].concat()));
        assert!(text(&reading).contains("TREM04121925"), "{flood}");
    }
}

#[test]
fn an_rtf_of_open_groups_is_read() {
    for flood in ["{", "{\\b ", "\\'", "{\\*\\x ", "\\trowd\\cell\\row ", "{\\object{\\*\\objdata 7b7d"] {
        let reading = read("a.rtf", format!("{{\\rtf1 TREM04121925 {}", flood.repeat(300_000)).into_bytes());
        assert!(text(&reading).contains("TREM04121925"), "{flood}");
    }
}

/// A compound file whose every sector follows itself.
#[test]
fn sectors_that_follow_themselves_end() {
    let mut bytes = vec![0; 512 * 400];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[30] = 9;
    bytes[32] = 6;
    let reading = read("a.doc", bytes);
    assert!(!reading.gaps.is_empty());
}

#[test]
fn a_tar_that_lies_about_its_size_is_told() {
    let mut block = vec![0; 512];
    block.extend([b' '; 512]);
    block[..5].copy_from_slice(b"a.txt");
    block[124..136].copy_from_slice(b"77777777777\0");
    block[156] = b'0';
    block[512..524].copy_from_slice(b"TREM04121925");
    let sum: u32 = block[..512].iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let reading = read("a.tar", block);
    assert!(has(&reading, GapReason::Malformed) && text(&reading).contains("TREM04121925"));
}
