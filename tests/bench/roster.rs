//! How long a roster of two million patients takes to build, how much memory it keeps, how fast it answers.
//!
//! `cargo bench --bench roster [-- PATIENTS]`: 2 000 000 by default. Patients are invented from a seed, surnames and given
//! names by rank as in Quebec (ISQ, Duchesne 2006: the first surname is borne by 1.08 %, the first ten by 6.2 %, 26 000 cover
//! 92 %). Rows are read as text, so that the time is that of the whole build but the disk.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::roster::{Builder, Export, Index, Roster, Secret, Secrets};

const SEED: u64 = 20_261_129;
const SURNAMES: usize = 43_000;
const GIVEN: usize = 6_000;
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

/// One row: 12 % of given names and 8 % of surnames are compound, one woman in ten has a married name.
fn line(text: &mut String, row: u64, surnames: &Ranks, given: &Ranks, random: &mut SmallRng) {
    let mut surname = word(surnames.pick(random), 7);
    if random.random_bool(0.08) {
        let _ = write!(surname, "-{}", word(surnames.pick(random), 7));
    }
    let mut name = word(given.pick(random), 3);
    if random.random_bool(0.12) {
        let _ = write!(name, "-{}", word(given.pick(random), 3));
    }
    let married = if random.random_bool(0.05) { word(surnames.pick(random), 7) } else { String::new() };
    let (year, month, day) =
        (random.random_range(1925..2025), random.random_range(1..=12), random.random_range(1..=28));
    let letters = surname.get(..3).unwrap().to_uppercase() + &name.get(..1).unwrap().to_uppercase();
    let number: u32 = random.random_range(10..100);
    let nam = format!("{letters}{:02}{month:02}{day:02}{number}", year % 100);
    let _ = writeln!(text, "{row},{surname},{name},{married},{year}-{month:02}-{day:02},{nam}");
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

/// Ranks drawn by frequency: 1 / (rank + shift) ^ power.
struct Ranks(Vec<f64>);

impl Ranks {
    fn new(count: usize, shift: f64, power: f64) -> Self {
        let mut sum = 0.0;
        let weights = (0..count).map(|rank| {
            sum += 1.0 / (rank as f64 + shift).powf(power);
            sum
        });
        Self(weights.collect())
    }

    fn pick(&self, random: &mut SmallRng) -> usize {
        let at = random.random::<f64>() * self.0.last().unwrap();
        self.0.partition_point(|sum| *sum < at).min(self.0.len() - 1)
    }
}

/// A word that stands for a rank: syllables, the same for the same rank.
fn word(rank: usize, seed: usize) -> String {
    const SYLLABLES: [&str; 24] = [
        "bar", "cel", "dor", "fan", "gui", "hel", "jac", "kir", "lam", "mon", "nad", "ouel", "pra", "que",
        "ros", "sau", "tre", "ura", "vil", "xav", "yer", "zel", "che", "phi",
    ];
    let mut rest = rank * 31 + seed;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[rest % 24]);
        rest /= 24;
    }
    word
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
    line.trim().trim_end_matches(" kB").to_owned()
}
