//! How fast detection is, and that no text makes it slow. Figures mean something in the release profile only:
//! `cargo test --release --test suite detection::speed -- --nocapture --ignored`.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use vaguemestre::detect::Detection;

use super::{detectors, read};

const CLEAN: &str = "Bonjour à tous,\nLa réunion du comité aura lieu le 12 mars 2026 à 13 h 30 dans la salle B-204. Merci de confirmer votre présence \
    auprès de l'agente administrative, poste 2214. Les documents préparatoires seront déposés sur le site interne la semaine prochaine.\n\n\
    Cordialement,\nUne personne\nService des communications\n450 555-0199\n";

/// What a text costs this thread, whatever else the machine does.
fn time(text: &str) -> (Duration, Detection) {
    let start = spent();
    let found = read(text);
    (spent().saturating_sub(start), found)
}

fn spent() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// "Worst case: crafted input at most a few times the mean cost; no super-linear path."
#[test]
fn twice_the_text_takes_about_twice_the_time() {
    let _ = detectors();
    for unit in [
        CLEAN,
        "1 ",
        "A1 ",
        "TREM0412192",
        "A B C D 1 2 3 ",
        "NAM NAM NAM ",
        "12/12/12/",
        "%41%41%41",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY ",
        ">",
        "mot de passe : ",
        "https://zoom.us/j/1 ",
        "é",
        "Ã",
    ] {
        let small = unit.repeat(8_000 / unit.len() + 1);
        let big = small.repeat(8);
        let (one, _) = (0..3).map(|_| time(&small)).min_by_key(|(elapsed, _)| *elapsed).unwrap();
        let (eight, _) = time(&big);
        assert!(eight < one * 32 + Duration::from_millis(200), "{unit:?}: {one:?} then {eight:?}");
    }
}

#[test]
#[ignore = "figures, to be read in release"]
fn figures() {
    let start = Instant::now();
    let _ = detectors();
    println!("compile {:?}", start.elapsed());
    for (name, unit, bytes) in [
        ("clean", CLEAN, 8 << 20),
        ("8 KB mail", CLEAN, 8 << 10),
        ("dense", "TREM0412 1925;1954-08-03;450 555-0199\n", 1 << 20),
        ("accents", "é à ç ", 1 << 20),
        ("letters", "bonjour ", 8 << 20),
    ] {
        let text = unit.repeat(bytes / unit.len());
        let (elapsed, found) = (0..5).map(|_| time(&text)).min_by_key(|(elapsed, _)| *elapsed).unwrap();
        println!(
            "{name:10} {elapsed:?} {:.1} MB/s, {} findings",
            text.len() as f64 / 1e6 / elapsed.as_secs_f64(),
            found.findings.len()
        );
    }
}
