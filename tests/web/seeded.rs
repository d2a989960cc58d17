//! "10 000 seeded personal values found in no log, notice, metric, list page or database dump": thousands of invented values go
//! through the service, then everything it wrote is searched for each of them.
//!
//! `VAGUEMESTRE_SEEDS=10000` asks for the whole number; without it a fifth of them are sent.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use vaguemestre::model::{Address, Envelope, Raw, SenderFacts, Submission};
use vaguemestre::notices::render;
use vaguemestre::ports::{CaseFilter, Judge, Posted};
use vaguemestre::review::Role;

use super::scene::Scene;
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, SENDER, WEBMAIL, nam};
use crate::support::pg;

/// Every value has this many characters, so that one pass over the bytes looks for all of them.
const LENGTH: usize = 12;

/// Values in one message.
const EACH: usize = 40;

fn wanted() -> usize {
    std::env::var("VAGUEMESTRE_SEEDS").ok().and_then(|it| it.parse().ok()).unwrap_or(2_000)
}

/// What the service writes to its log at the most talkative level.
fn log() -> &'static Mutex<Vec<u8>> {
    static LOG: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    struct Pen;
    impl Write for Pen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            log().lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    LOG.get_or_init(|| {
        let filter =
            Targets::new().with_default(LevelFilter::ERROR).with_target("vaguemestre", LevelFilter::TRACE);
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Pen);
        let all = tracing_subscriber::registry().with(lines.with_filter(filter));
        tracing::subscriber::set_global_default(all).unwrap();
        Mutex::default()
    })
}

/// A word of 12 letters that no other seed has and no text of ours holds.
fn word(seed: usize) -> String {
    let digits = (0..6_u32).map(|place| seed / 18_usize.pow(place) % 18);
    let pairs = [
        "zu", "ke", "wo", "ji", "xa", "vy", "qe", "hu", "gy", "zo", "ku", "wa", "je", "xi", "vo", "qa", "ho",
        "gi",
    ];
    digits.map(|digit| pairs[digit]).collect()
}

/// A health insurance number that no other seed has.
fn number(seed: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap());
    let letters: String = [seed / 676, seed / 26, seed, seed / 7].into_iter().map(letter).collect();
    let part = |span: usize, at: usize| u32::try_from(at % span).unwrap();
    let date = (1940 + part(60, seed / 3), 1 + part(12, seed), 1 + part(28, seed / 5));
    nam(&letters, date, seed.is_multiple_of(2), char::from(b'1' + u8::try_from(seed % 9).unwrap()))
}

/// One message: 20 numbers and 20 names in its subject, body and attachment, and their values.
fn letter(index: usize) -> (Letter, Vec<String>) {
    let half = EACH / 2;
    let numbers: Vec<String> = (0..half).map(|at| number(index * half + at)).collect();
    let words: Vec<String> = (0..half).map(|at| word(index * half + at + 1)).collect();
    let spaced = |it: &str| format!("{} {} {}", &it[..4], &it[4..8], &it[8..]);
    let line =
        |at: usize| format!("Patient : {} {}, NAM {}\n", words[at], words[at + 1], spaced(&numbers[at]));
    let lines: String = (1..half / 2).map(line).collect();
    let rows: String = (half / 2..half).map(|at| format!("{};{}\n", words[at], numbers[at])).collect();
    let body = format!("Bonjour,\n\n{lines}\nDiagnostic de diabète. NAM : {}\n", numbers[0]);
    let letter = Letter::new(&format!("Suivi de {}", words[0]), &body).attach(
        &format!("liste {}.csv", words[half - 1]),
        "text/csv",
        format!("nom;nam\n{rows}").as_bytes(),
    );
    (letter, numbers.into_iter().chain(words).map(|it| it.to_lowercase()).collect())
}

/// Sends the messages, to be held, refused, warned about; gives every value and the numbers of the cases.
async fn send(scene: &Scene) -> (HashSet<Vec<u8>>, usize) {
    let mut values = HashSet::new();
    let messages = wanted().div_ceil(EACH);
    for index in 0..messages {
        let (letter, seeded) = letter(index);
        let to: &[&str] = match index % 4 {
            0 | 1 => &[COLLEAGUE, OTHER_COLLEAGUE],
            2 => &[EXTERNAL],
            _ => &[COLLEAGUE],
        };
        let to = if index % 8 == 6 { &[WEBMAIL] } else { to };
        let address = |text: &str| Address::parse(text).unwrap();
        let envelope = Envelope {
            sender: Some(address(SENDER)),
            recipients: to.iter().map(|to| address(to)).collect(),
            ..Envelope::default()
        };
        let raw = Raw(letter.to(to).data);
        let submission =
            Submission { envelope, facts: SenderFacts::default(), raw, received_at: scene.now() };
        let _ = scene.engine.judge(submission).await;
        values.extend(seeded.into_iter().map(String::into_bytes));
    }
    assert!(values.len() >= wanted(), "{} values are different", values.len());
    (values, messages)
}

/// Every text that the service shows or sends, with where it stood.
async fn said(scene: &Scene) -> Vec<(String, Vec<u8>)> {
    let mut places = Vec::new();
    let cases = scene.store.cases(&CaseFilter { limit: 500, ..CaseFilter::default() }).await.unwrap();
    let numbers: Vec<String> = cases.iter().map(|case| case.id.to_string()).collect();
    for role in Role::ALL {
        let session = scene.signed_in(role).await;
        let lists = ["/cases", "/cases?state=all", "/cases?severity=3", "/figures", "/precision", "/access"];
        let papers = ["/conformity", "/assessment", "/incidents", "/account"];
        for path in lists.into_iter().chain(papers) {
            let page = scene.get(path, &session).await;
            places.push((format!("{path} of {}", role.name()), page.text.into_bytes()));
        }
        for number in numbers.iter().step_by(7) {
            let page = scene.get(&format!("/cases/{number}"), &session).await;
            places.push((format!("case {number} of {}", role.name()), page.text.into_bytes()));
        }
    }
    let mut notices = 0;
    while let Some(notice) = scene.store.claim_notice(scene.now(), std::time::Duration::ZERO).await.unwrap() {
        let letter = render(&notice.orders, &scene.establishment(), scene.now()).unwrap();
        let text = format!("{}\n{:?}\n{}", letter.subject, letter.headers, letter.text);
        places.push((format!("notice {}", notice.id), text.into_bytes()));
        scene.store.settle_notice(&notice.id, Posted::Sent, scene.now()).await.unwrap();
        notices += 1;
    }
    assert!(notices > 0 && places.len() > 50, "{notices} notices, {} places", places.len());
    places.push(("the metrics".to_owned(), scene.metrics.text().into_bytes()));
    places
}

fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path => found.extend(std::fs::read(&path).map(|bytes| (path.display().to_string(), bytes))),
        }
    }
}

/// Values that stand in these bytes, as they are or with what parts them left out.
fn leaks(bytes: &[u8], values: &HashSet<Vec<u8>>) -> usize {
    let lower = bytes.to_ascii_lowercase();
    let tight: Vec<u8> =
        lower.iter().copied().filter(|byte| !matches!(byte, b' ' | b'-' | b'\n' | b'\r' | 0)).collect();
    [lower, tight].iter().flat_map(|bytes| bytes.windows(LENGTH)).filter(|it| values.contains(*it)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_seeded_value_stands_in_what_the_service_writes_shows_or_keeps() {
    log();
    let scene = Scene::new().await;
    let (values, messages) = send(&scene).await;
    let mut places = said(&scene).await;
    files(scene.folder(), &mut places);
    places.push(("the log".to_owned(), log().lock().unwrap().clone()));
    let searched: usize = places.iter().map(|(_, bytes)| bytes.len()).sum();
    for (place, bytes) in &places {
        assert_eq!(leaks(bytes, &values), 0, "{place}");
    }
    println!(
        "{} values in {messages} messages: none in {} places, {searched} bytes",
        values.len(),
        places.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_seeded_value_stands_in_a_dump_of_postgresql() {
    log();
    let url = pg::server().database("seeded");
    let scene = Scene::over(&url).await;
    let (values, _) = send(&scene).await;
    let _ = said(&scene).await;
    let dumped = Command::new("pg_dump").args(["--dbname", &url]).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let dump = dumped.stdout;
    assert!(dump.len() > 100_000 && dump.windows(6).any(|it| it == b"signed" || it == b"notice"));
    assert_eq!(leaks(&dump, &values), 0);
    println!("{} values: none in a dump of {} bytes", values.len(), dump.len());
}

/// The search can fail: a value spelled in any of the ways that a text has it is seen.
#[test]
fn the_search_sees_what_is_there() {
    let (_, values) = letter(3);
    let all: HashSet<Vec<u8>> = values.iter().map(|it| it.clone().into_bytes()).collect();
    assert_eq!(all.len(), EACH);
    assert!(values.iter().all(|it| it.len() == LENGTH));
    let number = values[0].to_uppercase();
    let spaced = format!("NAM {} {} {}!", &number[..4], &number[4..8], &number[8..]);
    assert!(leaks(spaced.as_bytes(), &all) > 0 && leaks(number.as_bytes(), &all) > 0);
    let wide: Vec<u8> = number.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(leaks(&wide, &all) > 0 && leaks(b"rien ici, vraiment", &all) == 0);
}
