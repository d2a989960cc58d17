//! Patients invented from a seed, surnames and given names by rank as in Quebec (ISQ, Duchesne 2006).
#![allow(dead_code)]

use std::fmt::Write;

use rand::Rng;
use rand::rngs::SmallRng;

/// How many surnames and given names there are.
pub const SURNAMES: usize = 43_000;
pub const GIVEN: usize = 6_000;

/// One row: 12 % of given names and 8 % of surnames are compound, one woman in ten has a married name.
pub fn line(text: &mut String, row: u64, surnames: &Ranks, given: &Ranks, random: &mut SmallRng) {
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

/// Ranks drawn by frequency: 1 / (rank + shift) ^ power.
pub struct Ranks(Vec<f64>);

impl Ranks {
    pub fn new(count: usize, shift: f64, power: f64) -> Self {
        let mut sum = 0.0;
        let weights = (0..count).map(|rank| {
            sum += 1.0 / (rank as f64 + shift).powf(power);
            sum
        });
        Self(weights.collect())
    }

    pub fn pick(&self, random: &mut SmallRng) -> usize {
        let at = random.random::<f64>() * self.0.last().unwrap();
        self.0.partition_point(|sum| *sum < at).min(self.0.len() - 1)
    }
}

/// A word that stands for a rank: syllables, the same for the same rank.
pub fn word(rank: usize, seed: usize) -> String {
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
