//! Worker processes seen from outside: killed, stopped, left behind.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use vaguemestre::model::settings::Sandbox;
use vaguemestre::model::{Envelope, GapReason, Limits, Raw, Reading, SenderFacts, Submission};
use vaguemestre::ports::{Attempt, Extractor, Unread};
use vaguemestre::sandbox::{Program, Workers};

use super::{archive, gaps, settings, workers};
use crate::formats::packages::docx;
use crate::formats::text;
use crate::support::letters::{COLLEAGUE, Letter};
use crate::support::process::{signal, wait_for};
use crate::support::service::program;
use crate::support::stage::{Changes, Stage};

pub const FIRST: Attempt = Attempt::First;
pub const AGAIN: Attempt = Attempt::Again;

/// A message with this archive.
pub fn mail(archive: &[u8]) -> Submission {
    let letter = Letter::new("Liste", "Bonjour").attach("a.zip", "application/zip", archive);
    let raw = Raw(letter.to(&[]).data);
    let (envelope, facts) = (Envelope::default(), SenderFacts::default());
    Submission { envelope, facts, raw, received_at: jiff::Timestamp::now() }
}

pub fn read(workers: &Workers, mail: &Submission, attempt: Attempt) -> Result<Reading, Unread> {
    workers.read(mail, attempt)
}

/// Processes of this parent that run as workers.
pub fn workers_of(parent: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent) && is_worker(*pid)).collect()
}

fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn is_worker(pid: u32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline"))
        .is_ok_and(|line| line.split(|byte| *byte == 0).nth(1) == Some(b"worker"))
}

#[test]
fn a_worker_that_died_in_reserve_is_replaced() {
    let workers = workers(Program::at(&program()), settings());
    let whole = |reading: Reading| gaps(&reading).is_empty() && text(&reading).contains("troisième");
    assert!(whole(workers.read_file("a.zip", &archive()).unwrap()));
    for pid in workers_of(std::process::id()) {
        // Workers of other tests are among them: those survive a kill just as well.
        signal(pid, "KILL");
    }
    assert!(whole(workers.read_file("a.zip", &archive()).unwrap()));
}

#[test]
fn more_readings_than_workers_take_their_turn() {
    let one = workers(Program::at(&program()), Sandbox { workers: 1, recycle_after: 2, ..settings() });
    thread::scope(|scope| {
        let read = || scope.spawn(|| text(&one.read_file("a.zip", &archive()).unwrap()));
        let readings: Vec<_> = (0..8).map(|_| read()).collect();
        assert!(readings.into_iter().all(|reading| reading.join().unwrap().contains("troisième")));
    });
}

/// A step in the service itself cannot be ended: what may take long is read where it can be.
#[test]
fn a_large_text_is_read_by_a_worker_that_the_clock_ends() {
    let list = "Nom;NAM\nRoy;ROYA 5453 0912\n".repeat(300_000);
    let whole = workers(Program::at(&program()), settings()).read_file("a.csv", list.as_bytes()).unwrap();
    assert!(gaps(&whole).is_empty() && text(&whole).contains("ROYA 5453 0912"));
    let hurried = Sandbox { timeout: Duration::from_secs(2), ..settings() };
    let looping = workers(Program::at(&program()).with_trial("loop@0"), hurried);
    let start = Instant::now();
    let reading = looping.read_file("a.csv", list.as_bytes()).unwrap();
    assert_eq!(gaps(&reading), [(String::new(), GapReason::TooCostly)]);
    assert!(start.elapsed() < Duration::from_secs(30), "took {:?}", start.elapsed());
}

#[test]
fn what_the_clock_leaves_unread_is_tried_again_and_then_told() {
    let hurried =
        Workers::within(Some(Program::at(&program())), Limits::default(), Duration::ZERO, settings());
    assert!(matches!(read(&hurried, &mail(&archive()), FIRST), Err(Unread::Outlasted)));
    let reading = read(&hurried, &mail(&archive()), AGAIN).unwrap();
    assert!(gaps(&reading).iter().any(|(_, reason)| *reason == GapReason::TooCostly));
}

/// A queue without end would hold mail, memory and the MTA's patience; the MTA has a queue of its own.
#[test]
fn a_full_queue_is_a_temporary_failure_at_once() {
    let narrow = [("judging", "workers = 1"), ("judging", "queue = 1")];
    let stage = Stage::with(&Changes { service: &narrow, ..Changes::default() });
    let slow = docx(&format!("<w:p><w:t>{}</w:t></w:p>", "Compte rendu de la réunion. ".repeat(100_000)));
    let letters: Vec<_> = (0..6)
        .map(|_| Letter::new("Document", "Voici.").attach("a.docx", "application/octet-stream", &slow))
        .collect();
    let codes: Vec<u16> = thread::scope(|scope| {
        let send = |letter: &Letter| stage.send(&letter.to(&[COLLEAGUE])).code;
        let replies: Vec<_> = letters.iter().map(|letter| scope.spawn(move || send(letter))).collect();
        replies.into_iter().map(|reply| reply.join().unwrap()).collect()
    });
    assert!(codes.iter().all(|code| [250, 451].contains(code)), "{codes:?}");
    assert!(codes.contains(&250) && codes.contains(&451), "{codes:?}");
    stage.postfix.drain();
    for (letter, code) in letters.iter().zip(&codes) {
        assert_eq!(stage.copies(&letter.id), usize::from(*code == 250), "{code}");
    }
}

/// A worker has nobody to end it but its service: without one it hears the end of its socket.
#[test]
fn no_worker_outlives_its_service() {
    let mut stage = Stage::new();
    let pids = workers_of(stage.service.pid());
    assert!(!pids.is_empty(), "one is started to see that it can be");
    stage.service.kill();
    let end = Instant::now() + Duration::from_secs(5);
    wait_for("the end of the workers", || {
        let left = pids.iter().any(|pid| Path::new(&format!("/proc/{pid}")).exists() && is_worker(*pid));
        assert!(Instant::now() < end, "a worker outlives its service");
        (!left).then_some(())
    });
}
