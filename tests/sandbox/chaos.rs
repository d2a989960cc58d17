//! Workers killed, stopped and starved while mail flows: every message gets its verdict or a 451, none leaves unread.
//!
//! `VAGUEMESTRE_CHAOS_SECONDS=600` for the long run; a short one is part of every run.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::Rng;

use super::processes::workers_of;
use crate::formats::documents::{packed, pdf};
use crate::formats::packages::{docx, zip};
use crate::support::letters::{COLLEAGUE, Letter, WEBMAIL, nam};
use crate::support::process::wait_for;
use crate::support::sink::Delivery;
use crate::support::stage::{Changes, Stage};

const SHORT: u64 = 20;

/// What became of the messages.
#[derive(Default)]
struct Tally {
    replies: Mutex<BTreeMap<(bool, u16), usize>>,
    leaking: Mutex<Vec<String>>,
    clean: Mutex<Vec<String>>,
}

/// An attachment that says this, in one of three formats that workers read.
fn attached(letter: Letter, kind: u32, says: &str) -> Letter {
    let filler = "Compte rendu de la réunion du comité. ".repeat(2_000);
    let part = format!(
        "<w:document><w:body><w:p><w:r><w:t>{filler}</w:t></w:r></w:p><w:p><w:r><w:t>{says}</w:t></w:r></w:p></w:body></w:document>"
    );
    match kind {
        0 => letter.attach("compte-rendu.docx", "application/octet-stream", &docx(&part)),
        1 => {
            let page = packed(format!("BT /F 9 Tf 9 9 Td ({says}) Tj ET ").as_bytes());
            letter.attach("page.pdf", "application/pdf", &pdf("3 0 R", "/Filter/FlateDecode", &page))
        }
        _ => {
            let members = [("a.txt", filler.into_bytes()), ("b.docx", docx(&part))];
            letter.attach("dossier.zip", "application/zip", &zip(&members))
        }
    }
}

/// Sends messages with attachments until told to stop, each again while it is put off.
fn write_mail(port: u16, tally: &Tally, stop: &AtomicBool) {
    let mut random = rand::rng();
    while !stop.load(Ordering::Relaxed) {
        let (leaks, kind) = (random.random_bool(0.5), random.random_range(0..3));
        let says = match leaks {
            true => format!("NAM : {}", nam("BELR", (1974, 3, 21), false, '1')),
            false => "Ordre du jour : budget.".to_owned(),
        };
        let letter = attached(Letter::new("Document", "Voir la pièce jointe."), kind, &says);
        let list = if leaks { &tally.leaking } else { &tally.clean };
        list.lock().unwrap().push(letter.id.clone());
        let mail = letter.to(&[if leaks { WEBMAIL } else { COLLEAGUE }]);
        for _ in 0..3 {
            let reply = crate::support::smtp::send(port, &mail).unwrap();
            *tally.replies.lock().unwrap().entry((leaks, reply.code)).or_default() += 1;
            if reply.code != 451 {
                break;
            }
        }
    }
}

/// Befalls workers at random, about twenty times a second.
fn wreak(service: u32, wreaked: &AtomicUsize, stop: &AtomicBool) {
    let mut random = rand::rng();
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(random.random_range(1..100)));
        let workers = workers_of(service);
        let Some(worker) = workers.get(random.random_range(0..workers.len().max(1))) else { continue };
        let worker = worker.to_string();
        let mut command = match random.random_range(0..10) {
            0 => arguments("kill", &["-STOP", &worker]),
            1 => arguments("prlimit", &["--pid", &worker, "--as=60000000"]),
            _ => arguments("kill", &["-KILL", &worker]),
        };
        // A worker that is gone by now is no failure of the test.
        if command.output().unwrap().status.success() {
            wreaked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn arguments(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

#[test]
fn workers_killed_stopped_and_starved_let_no_message_out_unread() {
    let seconds = std::env::var("VAGUEMESTRE_CHAOS_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let service =
        [("judging", "workers = 2"), ("sandbox", "timeout = \"2s\""), ("sandbox", "recycle_after = 20")];
    let mut stage = Stage::with(&Changes { service: &service, ..Changes::default() });
    let (tally, stop, wreaked) = (Tally::default(), AtomicBool::new(false), AtomicUsize::new(0));
    let (port, pid) = (stage.postfix.ports.normal, stage.service.pid());
    thread::scope(|scope| {
        (0..3).for_each(|_| drop(scope.spawn(|| write_mail(port, &tally, &stop))));
        scope.spawn(|| wreak(pid, &wreaked, &stop));
        let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(SHORT));
        while Instant::now() < end && stage.service.runs() {
            thread::sleep(Duration::from_millis(200));
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(stage.service.runs(), "the service ended\n{}", stage.service.log());
    stage.postfix.drain();
    let replies = tally.replies.into_inner().unwrap();
    let (leaking, clean) = (tally.leaking.into_inner().unwrap(), tally.clean.into_inner().unwrap());
    println!(
        "{} things befell workers; replies (leaking, code): {replies:?}",
        wreaked.load(Ordering::Relaxed)
    );
    // Notices are from nobody, with a Message-ID of their own.
    let delivered: BTreeSet<String> = stage.sink.deliveries().iter().map(Delivery::id).collect();
    let escaped: Vec<_> = leaking.iter().filter(|id| delivered.contains(*id)).collect();
    assert!(escaped.is_empty(), "{} of {} left unread", escaped.len(), leaking.len());
    let foreign: Vec<_> = replies.keys().filter(|(_, code)| ![250, 451, 550].contains(code)).collect();
    assert!(foreign.is_empty(), "neither a verdict nor a 451: {foreign:?}");
    let arrived = clean.iter().filter(|id| delivered.contains(*id)).count();
    println!("clean: {} of {} arrived; leaking: 0 of {} arrived", arrived, clean.len(), leaking.len());
    assert!(arrived > 0 && wreaked.load(Ordering::Relaxed) > 0);
    recovered(&stage);
}

/// Once nothing befalls workers any more, mail flows as before.
fn recovered(stage: &Stage) {
    wait_for("workers as before", || {
        let letter = attached(Letter::new("Document", "Voir la pièce jointe."), 0, "Ordre du jour.");
        (stage.send(&letter.to(&[COLLEAGUE])).code == 250).then_some(())
    });
    let started = Instant::now();
    for kind in 0..9 {
        let letter = attached(Letter::new("Document", "Voir la pièce jointe."), kind % 3, "Ordre du jour.");
        assert_eq!(stage.send(&letter.to(&[COLLEAGUE])).code, 250);
        stage.delivered(&letter.id);
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
