//! The fuzz entry, driven by a seeded mutator on every run: no bytes make folding or detecting fail.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::detect::fuzz_canon;

use super::read;

const SEEDS: &[&str] = &[
    "Émilie née le 3 août 1954, NAM : TREM 0412 1925\n> > DDN 1954-08-03\n",
    "Ã©tÃ© â€™ ＴＲＥＭ\u{200b}０４１２ TkFNIDogVFJFTSAwNDEyIDE5MjU= %4e%41%4d T.R.E.M.0.4.1.2.1.9.2.5",
    "mot de passe : Bouleau#4471 https://zoom.us/j/91 œ ﬁ ½ ٣ 𝟎 -----BEGIN",
];

#[test]
fn mutated_texts_fold_and_map_back() {
    let mut random = SmallRng::seed_from_u64(7);
    for round in 0..3000 {
        let mut bytes = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..random.random_range(1..12) {
            let at = random.random_range(0..bytes.len());
            match random.random_range(0..4) {
                0 => bytes[at] = random.random(),
                1 => bytes.insert(at, random.random()),
                2 => drop(bytes.drain(at..(at + 3).min(bytes.len()))),
                _ => {
                    let copy = bytes[at..(at + 9).min(bytes.len())].to_vec();
                    bytes.extend(copy);
                }
            }
        }
        fuzz_canon(&bytes);
        if round % 10 == 0 {
            let text = String::from_utf8_lossy(&bytes);
            for finding in read(&text).findings {
                assert!(text.get(finding.span.0..finding.span.1).is_some(), "{text:?}");
            }
        }
    }
}
