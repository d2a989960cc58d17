//! How long a roster of two million patients takes to build, how much memory it keeps, how fast it answers.
//!
//! `cargo bench --bench roster [-- PATIENTS]`: 2 000 000 by default. Patients are invented from a seed, surnames and given
//! names by rank as in Quebec (ISQ, Duchesne 2006: the first surname is borne by 1.08 %, the first ten by 6.2 %, 26 000 cover
//! 92 %). Rows are read as text, so that the time is that of the whole build but the disk.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod patients;

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use vaguemestre::roster::{Builder, Export, Index, Roster, Secret, Secrets};

use patients::{GIVEN, Ranks, SURNAMES, line, word};

const SEED: u64 = 20_261_129;
const PROBES: u32 = 2_000_000;

fn main() {
    let patients = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(2_000_000);
    let mut random = SmallRng::seed_from_u64(SEED);
    let (surnames, given) = (Ranks::new(SURNAMES, 12.0, 0.8), Ranks::new(GIVEN, 6.0, 0.9));
    let columns = Export::header(b"dossier,nom,prenom,nom_marie,date_naissance,nam").unwrap();
    let secret = Secret::new([7; 32]);
    let mut builder = Builder::new(Roster::Patients, &secret, [9; 32], Timestamp::UNIX_EPOCH);
    let mut took = Duration::ZERO;
    let mut text = String::new();
    let mut bytes = 0;
    for first in (0..patients).step_by(50_000) {
        text.clear();
        for row in first..(first + 50_000).min(patients) {
            line(&mut text, row, &surnames, &given, &mut random);
        }
        bytes += text.len();
        let start = Instant::now();
        for line in text.lines() {
            let row = columns.read(line.as_bytes()).unwrap().unwrap();
            builder.push(&row.person);
        }
        took += start.elapsed();
    }
    println!("{patients} rows, {bytes} bytes: read and hashed in {:.2} s", took.as_secs_f64());
    let start = Instant::now();
    let index = builder.finish();
    let finish = start.elapsed();
    println!(
        "sorted and written in {:.2} s; built in {:.2} s",
        finish.as_secs_f64(),
        (took + finish).as_secs_f64()
    );
    let start = Instant::now();
    let index = Index::open(index, &Secrets::from([secret])).unwrap();
    println!("opened and verified in {:.2} s", start.elapsed().as_secs_f64());
    let (persons, hashes, size) = (index.rows(), index.entries(), index.size());
    println!("{persons} persons, {hashes} hashes, {:.1} MB resident", size as f64 / 1e6);
    println!("peak memory of the build: {} kB", peak());
    ask(&index, &surnames, &given, &mut random);
}

/// Times questions that no row answers, and questions that some do.
fn ask(index: &Index, surnames: &Ranks, given: &Ranks, random: &mut SmallRng) {
    let parts: Vec<_> = (0..4_096).map(|at| index.part(&format!("nobody{at}"))).collect();
    let start = Instant::now();
    let mut hits = 0;
    for probe in 0..PROBES {
        let at = usize::try_from(probe).unwrap();
        hits += u32::from(index.pair(parts[at % 4_096], parts[(at / 4_096 + at * 7 + 1) % 4_096]).is_some());
    }
    told("questions that no row answers", start.elapsed(), hits);
    let names: Vec<_> =
        (0..4_096).map(|_| (word(surnames.pick(random), 7), word(given.pick(random), 3))).collect();
    let start = Instant::now();
    let mut hits = 0;
    for probe in 0..PROBES / 8 {
        let (surname, name) = &names[usize::try_from(probe).unwrap() % 4_096];
        hits += u32::from(black_box(index.pair(index.part(surname), index.part(name))).is_some());
    }
    told("names by frequency, folding apart", start.elapsed() * 8, hits * 8);
}

fn told(what: &str, took: Duration, hits: u32) {
    let each = took.as_nanos() / u128::from(PROBES);
    println!(
        "{what}: {each} ns each, {:.1} M/s, {hits} of {PROBES} hit",
        f64::from(PROBES) / took.as_secs_f64() / 1e6
    );
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
    line.trim().trim_end_matches(" kB").to_owned()
}
