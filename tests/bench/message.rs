//! What a message costs with a hop to a worker in it, from DATA to the reply, beside the bars of the issue; and that a message of text
//! costs no more since there are workers. `cargo bench --bench message`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    dead_code,
    unused_imports,
    unused_macros
)]

#[path = "../formats/mod.rs"]
mod formats;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use vaguemestre::model::Limits;
use vaguemestre::model::settings::Sandbox;
use vaguemestre::sandbox::{Program, Workers};

use crate::formats::documents::{packed, pdf};
use crate::formats::packages::docx;
use crate::support::letters::{COLLEAGUE, Letter};
use crate::support::service::program;
use crate::support::smtp::Client;
use crate::support::stage::Stage;

/// Text that packs about as well as people's.
fn prose(bytes: usize) -> String {
    let mut seed = 7u64;
    let mut word = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (0..3 + seed % 7)
            .map(|at| char::from(b'a' + u8::try_from((seed >> (8 + 5 * at)) % 26).unwrap()))
            .collect::<String>()
    };
    let mut text = String::new();
    while text.len() < bytes {
        text += &word();
        text.push(' ');
    }
    text
}

fn spread(stage: &Stage, letter: impl Fn() -> Letter, count: usize) -> [Duration; 2] {
    let mut client = Client::connect(stage.postfix.ports.normal).unwrap();
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let mail = letter().to(&[COLLEAGUE]);
            let started = Instant::now();
            let replies = client.send(&mail).unwrap();
            assert_eq!(replies.last().unwrap().code, 250);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    [times[count / 2], times[(count * 99 / 100).min(count - 1)]]
}

/// How long a message takes to be read with workers at hand and, between these runs, without any: half of the runs take less.
fn beside_none(bytes: &[u8]) -> [Duration; 2] {
    let reader = |program: Option<Program>| {
        let sandbox = Sandbox {
            workers: 2,
            memory: 768 << 20,
            cpu: Duration::from_secs(20),
            cpu_message: Duration::from_secs(60),
            timeout: Duration::from_secs(45),
            recycle_after: 200,
        };
        Workers::within(program, Limits::default(), Duration::from_secs(120), sandbox)
    };
    let readers = [reader(Some(Program::at(&program()))), reader(None)];
    readers[0].prove().unwrap();
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5_000 {
        for (reader, times) in readers.iter().zip(&mut times) {
            let started = Instant::now();
            drop(reader.read_file("a.eml", bytes).unwrap());
            times.push(started.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

fn main() {
    let stage = Stage::new();
    let text = prose(450_000);
    let part = format!(
        "<w:document><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>",
        prose(650_000)
    );
    let lines: String = text
        .as_bytes()
        .chunks(80)
        .map(|line| format!("({}) Tj T* ", String::from_utf8_lossy(line)))
        .collect();
    let page = packed(format!("BT /F 9 Tf 12 TL 9 9 Td {lines} ET").as_bytes());
    let (docx, pdf) = (docx(&part), pdf("3 0 R", "/Filter/FlateDecode", &page));
    let with = || {
        let letter = Letter::new("Documents", "Voir les pièces jointes.");
        letter.attach("a.docx", "application/octet-stream", &docx).attach_more(
            "b.pdf",
            "application/pdf",
            &pdf,
        )
    };
    let plain = || Letter::new("Réunion", &"La réunion est à 14 h, comme convenu.\n".repeat(50));
    println!("message of {} bytes with docx ({}) and pdf ({})", with().bytes().len(), docx.len(), pdf.len());
    spread(&stage, with, 3);
    let [half, most] = spread(&stage, with, 100);
    println!("with documents: p50 {half:?}, p99 {most:?} (bar 150 ms)");
    let [plain_half, plain_most] = spread(&stage, plain, 200);
    println!("text of {} bytes: p50 {plain_half:?}, p99 {plain_most:?}", plain().bytes().len());
    let [with, without] = beside_none(&plain().bytes());
    println!("its reading alone: {with:?} with workers at hand, {without:?} without any");
}
