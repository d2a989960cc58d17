//! Seeded mutations of the samples: no byte may make a reader panic, hang or recurse.

use std::fs;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;
use vaguemestre::{extract, mime, protection};

use super::samples;

const TOKENS: &[&[u8]] = &[
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
    b"begin 644 a\n",
    b"-----BEGIN PGP MESSAGE-----",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"data:text/html;base64,",
    b"BEGIN:VCARD",
    b"\"",
    b";",
    b"\\",
];

/// Changes a few bytes: flips, cuts, doublings, splices of tokens.
fn mutate(bytes: &mut Vec<u8>, random: &mut SmallRng) {
    for _ in 0..random.random_range(1..8) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..40)).min(bytes.len());
        match random.random_range(0..5) {
            0 if at < bytes.len() => bytes[at] = random.random(),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, TOKENS[random.random_range(0..TOKENS.len())].iter().copied())),
            3 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(at.max(bytes.len() / 2)),
        }
    }
}

#[test]
fn mutated_samples_are_read_to_the_end() {
    let rounds: usize = std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(150);
    let mut random = SmallRng::seed_from_u64(7);
    let limits = Limits { bytes: 1 << 20, depth: 6, parts: 100, fuel: 4 << 20 };
    for sample in samples() {
        let name = sample.file_name().unwrap().to_str().unwrap().to_owned();
        let original = fs::read(&sample).unwrap();
        for _ in 0..rounds {
            let mut bytes = original.clone();
            mutate(&mut bytes, &mut random);
            let _ = read_file(&name, &bytes, &limits);
            mime::fuzz(&bytes);
            extract::fuzz_html(&bytes);
            protection::fuzz(&bytes);
        }
    }
}
