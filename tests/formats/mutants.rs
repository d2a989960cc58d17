//! Seeded mutations of the samples: no byte may make a reader panic, hang or recurse.

use std::fs;

use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;
use vaguemestre::{extract, mime, protection};

use super::samples;
use crate::support::mutate::mutate;

const WORDS: &[&[u8]] = &[
    b"\n\n",
    b"--b",
    b"=",
    b"=?utf-8?Q?",
    b"?=",
    b"<table>",
    b"</td>",
    b"<!--",
    b"&#",
    b"style='display:none'",
    b"\0",
    b"\xFF\xFE",
    b"\x30\x80",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"\xFF\xFF\xFF\xFF",
    b"<w:txbxContent>",
    b"</w:tc>",
    b"<c r=\"B2\" t=\"s\"><v>0</v></c>",
    b"begin 644 a\n",
    b"-----BEGIN PGP MESSAGE-----",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"data:text/html;base64,",
    b"BEGIN:VCARD",
    b"\"",
    b";",
    b"\\",
    b"MSH|^~\\&|",
    b"\rPID|1||",
    b"^~&|",
    b"{\"resourceType\":",
    b"<ClinicalDocument>",
    b"</",
    b"]}",
];

fn rounds() -> u32 {
    std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_500)
}

#[test]
fn mutated_messages_and_pages_are_read_to_the_end() {
    let seeds: Vec<Vec<u8>> = samples().iter().map(|sample| fs::read(sample).unwrap()).collect();
    mutate(&seeds, WORDS, rounds(), |bytes| {
        mime::fuzz(bytes);
        protection::fuzz(bytes);
        extract::fuzz_html(bytes);
        extract::fuzz_records(bytes);
        extract::fuzz_files(bytes);
    });
}

#[test]
fn mutated_samples_are_read_whatever_their_name() {
    let limits = Limits { bytes: 1 << 20, depth: 6, parts: 100, fuel: 4 << 20, ..Limits::default() };
    let seeds: Vec<Vec<u8>> = samples().iter().map(|sample| fs::read(sample).unwrap()).collect();
    for name in ["a.eml", "a.csv", "a.ics", "a.vcf", "a.txt", "a"] {
        mutate(&seeds, WORDS, rounds() / 3, |bytes| drop(read_file(name, bytes, &limits)));
    }
}
