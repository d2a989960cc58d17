//! Seeded mutations of the samples: no byte may make a reader panic, hang or recurse.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::SmallRng;
use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;
use vaguemestre::{extract, mime, protection, sandbox};

use super::{files, samples};
use crate::support::mutate::{mutant, mutate};
use crate::support::wrap::wrapped;

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
        extract::fuzz_readers(bytes);
        sandbox::fuzz_frames(bytes);
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

/// What files say in their margins, each in a whole file around it.
#[test]
fn mutated_margins_are_read_to_the_end() {
    let seeds: [&[u8]; 6] = [
        b".a:before{content:'T' attr(title) \"\\52 E\"} *{display:none} #b{unicode-bidi:bidi-override} i:after{content:'1'}",
        b"\xCF\xE0\xF6\xE8\xE5\xED\xF2: \xD1\xEE\xEA\xEE\xEB\xEE\xE2\xE0 \xC0\xED\xED\xE0\n",
        b"18 comment=TREMBLAY\n12 path=b\n30 SCHILY.xattr.user=a\n",
        b"\x75\x70\x0C\0\x01\0\0\0\0autre.t\x75\x63\x09\0\x01\0\0\0\0note\x01\0\x08\0\xFF\xFF\xFF\xFF\0\0\0\0",
        b"\x02\0a.txt\0C:\\a.txt\0\0\0\x03\0\x06\0\0\0a.txt\0\x04\0\0\0TREM",
        b"\x85\0\x09\0\0\x02\0\0\0\0\x01\0A\x04\x02\x0C\0\0\0\0\0\0\0\x04\0\0TREM\x0A\0\0\0",
    ];
    let seeds = seeds.map(<[u8]>::to_vec);
    let words: &[&[u8]] = &[
        b"content:",
        b"{",
        b"}",
        b"attr(",
        b"\"",
        b"\0",
        b"\xFF\xFF",
        b"=",
        b"9999 ",
        b":before",
        b".a",
        b"PK\x03\x04",
    ];
    for kind in 0..8 {
        mutate(&seeds, words, rounds() / 8, |bytes| {
            extract::fuzz_files(&wrapped(&[&[kind], bytes].concat()));
        });
    }
}

/// Longest that a file may be read.
const LONGEST: Duration = Duration::from_secs(20);

/// "200 random mutations of each: a verdict each time within the time limit." `MUTANTS_OF` names another folder of files, `MUTANTS_EACH`
/// how many mutations of each, `MUTANTS_TO` where those that fail are kept; memory is limited from outside (`ulimit -v`).
#[test]
fn every_mutation_of_a_file_gets_its_verdict_in_time() {
    let var = |name: &str| std::env::var(name).ok();
    let paths = var("MUTANTS_OF").map_or_else(samples, |folder| files(Path::new(&folder)));
    let each: u64 = var("MUTANTS_EACH").and_then(|each| each.parse().ok()).unwrap_or(3);
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let mut failures = Vec::new();
    for (number, (path, seed)) in (0u64..).zip(paths.iter().zip(&seeds)) {
        let name = path.file_name().unwrap().to_str().unwrap();
        for round in 0..each {
            let bytes = mutant(seed, &seeds, WORDS, &mut SmallRng::seed_from_u64(number << 20 | round));
            let start = Instant::now();
            let read = catch_unwind(|| drop(read_file(name, &bytes, &Limits::default())));
            if read.is_err() || start.elapsed() > LONGEST {
                failures.push(format!("{name} {round} {:?} panic: {}", start.elapsed(), read.is_err()));
                var("MUTANTS_TO")
                    .iter()
                    .for_each(|to| fs::write(format!("{to}/{round}-{name}"), &bytes).unwrap());
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
