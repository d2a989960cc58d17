//! A simple seeded mutator: fuzzing without a fuzzer, on stable, the same on every machine.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// Calls `target` with `rounds` mutations of the seeds, each made of one to eight small changes. `words` are bytes that mean
/// something to the target. On a panic the bytes are printed, so that they can become a test.
pub fn mutate(
    seeds: &[Vec<u8>],
    words: &[&[u8]],
    rounds: u32,
    target: impl Fn(&[u8]) + std::panic::RefUnwindSafe,
) {
    let mut random = SmallRng::seed_from_u64(20_261_121);
    for round in 0..rounds {
        let seed = pick(seeds, &mut random);
        let bytes = mutant(seed, seeds, words, &mut random);
        let ran = std::panic::catch_unwind(|| target(&bytes));
        assert!(ran.is_ok(), "round {round} fails on b\"{}\"", bytes.escape_ascii());
    }
}

/// A seed with one to eight small changes.
pub fn mutant(seed: &[u8], seeds: &[Vec<u8>], words: &[&[u8]], random: &mut SmallRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..=8) {
        change(&mut bytes, seeds, words, random);
    }
    bytes
}

/// One small change anywhere.
fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&[u8]], random: &mut SmallRng) {
    let at = random.random_range(0..=bytes.len());
    let end = (at + random.random_range(0..16)).min(bytes.len());
    match random.random_range(0..8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
        1 if at < bytes.len() => bytes[at] = random.random(),
        2 => bytes.insert(at, random.random()),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.truncate(at),
        5 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        6 if !words.is_empty() => drop(bytes.splice(at..at, pick(words, random).to_vec())),
        _ => {
            let other = pick(seeds, random);
            let from = random.random_range(0..=other.len());
            let to = (from + random.random_range(0..64)).min(other.len());
            drop(bytes.splice(at..end, other[from..to].iter().copied()));
        }
    }
}

fn pick<'a, T>(of: &'a [T], random: &mut SmallRng) -> &'a T {
    &of[random.random_range(0..of.len())]
}
