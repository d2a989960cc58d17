//! Passwords that are dear to try, and workbooks in XML that repeat, nest and refer without end.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits};

use super::bombs::{has, read};
use super::packages::zip;
use super::text;

/// A workbook under the password that programs try by themselves, whose key takes so many rounds.
fn protected(rounds: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/ole/protected.xlsx");
    let bytes = fs::read(path).unwrap();
    let old = b"spinCount=\"100000\" saltSize=\"16\" blockSize=\"16\" keyBits=\"256\"\n        ";
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    let mut new =
        format!("spinCount=\"{rounds}\" saltSize=\"16\" blockSize=\"16\" keyBits=\"256\"\n").into_bytes();
    new.resize(old.len(), b' ');
    [&bytes[..at], &new, &bytes[at + old.len()..]].concat()
}

#[test]
fn a_password_that_takes_millions_of_rounds_is_not_tried() {
    assert!(!has(&read("a.xlsx", protected("100000")), GapReason::Encrypted));
    for rounds in ["10000000", "4294967295", "200001", "-1", "18446744073"] {
        let start = Instant::now();
        let reading = read("a.xlsx", protected(rounds));
        assert!(has(&reading, GapReason::Encrypted), "{rounds}");
        assert!(start.elapsed() < Duration::from_secs(5), "{rounds} took {:?}", start.elapsed());
    }
}

#[test]
fn passwords_of_many_files_are_tried_while_there_is_work_left() {
    let names: Vec<String> = (0..300).map(|number| format!("{number}.xlsx")).collect();
    let members: Vec<(&str, Vec<u8>)> =
        names.iter().map(|name| (name.as_str(), protected("100000"))).collect();
    let limits = Limits { fuel: 20 << 20, ..Limits::default() };
    let start = Instant::now();
    let reading = read_file("a.zip", &zip(&members), &limits);
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    let closed = reading.gaps.iter().filter(|gap| gap.reason != GapReason::Malformed).count();
    assert!(closed >= 290, "{closed}");
}

#[test]
fn workbooks_in_xml_made_to_cost_are_read() {
    const SAYS: &str = "TREM04121925";
    let book = |start: &str, sheet: &str| {
        format!(
            "<?xml version='1.0'?>{start}<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' \
             xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='A'><Table>{sheet}"
        )
    };
    let laughs =
        "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>";
    let cell = |attributes: &str| format!("<Cell {attributes}><Data ss:Type='String'>{SAYS}</Data></Cell>");
    let far = "ss:Index='4294967295' ss:MergeAcross='4294967295' ss:MergeDown='4294967295'";
    let style = "<Styles><Style ss:ID='a'><NumberFormat ss:Format='0'/></Style></Styles>";
    let bombs = [
        book(laughs, &format!("<Row>{}{}", "<Cell><Data>&c;&c;</Data></Cell>".repeat(100_000), cell(""))),
        book("", &format!("<Row ss:Index='4294967295' ss:Span='4294967295'>{}", cell(far).repeat(20_000))),
        book(
            "",
            &format!(
                "{}{}",
                "<Row ss:Index='0' ss:Span='-1'><Cell ss:Index='0'/>".repeat(200_000),
                cell(far)
            ),
        ),
        book("", &format!("{}{SAYS}", "<Row><Cell><Data>".repeat(300_000))),
        book("", &format!("{}{}", "<Comment><Data>".repeat(300_000), cell(""))),
        book("", &format!("{}{}", style.repeat(50_000), cell("ss:StyleID='a'"))),
        book("", &format!("<Row><Cell {}/>{}", "ss:HRef='b' ".repeat(300_000), cell(""))),
    ];
    for (number, bomb) in bombs.into_iter().enumerate() {
        let start = Instant::now();
        let reading = read("a.xml", bomb.into_bytes());
        assert!(text(&reading).contains(SAYS), "{number}");
        assert!(start.elapsed() < Duration::from_secs(30), "{number} took {:?}", start.elapsed());
    }
}
