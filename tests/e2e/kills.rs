//! Random kills: of the service, at any time or inside a hold, and of Postfix' cleanup. Nothing is lost, doubled, or delivered unread.
//!
//! A client does what a mail server does: it sends until the message is taken or refused for good. The seed and the number
//! of kills come from `KILL_SEED` and `KILLS`; a run of 500 is `KILLS=500 cargo test --release --test suite kills`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::ports::{KILL_AT, Step};

use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, WEBMAIL};
use crate::support::service::Service;
use crate::support::smtp::{Mail, send};
use crate::support::stage::{Changes, Stage};

/// Where a hold may be cut: before, inside and after the database's transaction.
const HOLDING: [Step; 4] =
    [Step::HoldContentWritten, Step::HoldContentSynced, Step::HoldInserted, Step::HoldCommitted];

/// Kills in an ordinary run of the suite.
const KILLS: u32 = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Held,
    Refused,
}

/// A message that a client got rid of: taken with a 250, or refused with a 550.
struct Sent {
    id: String,
    mail: Mail,
    expected: Fate,
    code: u16,
    /// Tries that ended without a word of the MTA after the final dot: the client cannot know what became of them.
    unanswered: usize,
}

#[test]
fn kills_at_random_lose_double_and_let_slip_nothing() {
    let number = |name: &str, default: u32| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, kills) = (number("KILL_SEED", 7), number("KILLS", KILLS));
    let mut stage = Stage::with(&Changes {
        postfix: &["minimal_backoff_time = 1s", "queue_run_delay = 1s", "service_throttle_time = 1s"],
        ..Changes::default()
    });
    let mut chance = SmallRng::seed_from_u64(u64::from(seed));
    let stop = AtomicBool::new(false);
    let port = stage.postfix.ports.normal;
    let sent: Vec<Sent> = thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| client(port, &stop))).collect();
        for _ in 0..kills {
            thread::sleep(Duration::from_millis(chance.random_range(5..250)));
            match chance.random_range(0..3) {
                0 => drop(stage.postfix.kill("cleanup")),
                1 => restart(&mut stage.service, None),
                _ => restart(&mut stage.service, Some(HOLDING[chance.random_range(0..HOLDING.len())])),
            }
        }
        restart(&mut stage.service, None);
        stage.service.wait_ready();
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    judge(&stage, &sent, kills);
}

/// Kills the service and starts it again; with a step, it dies there by itself at its next hold.
fn restart(service: &mut Service, die_at: Option<Step>) {
    service.kill();
    service.unset(KILL_AT);
    if let Some(step) = die_at {
        service.set(KILL_AT, step.name());
    }
    service.spawn();
}

/// Sends messages of every fate, each until the MTA takes or refuses it.
fn client(port: u16, stop: &AtomicBool) -> Vec<Sent> {
    let mut sent = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let kinds: [(Letter, &[&str], Fate); 3] = [
            (Letter::new("Réunion", "À 14 h."), &[EXTERNAL], Fate::Delivered),
            (about_a_patient(), &[COLLEAGUE, OTHER_COLLEAGUE], Fate::Held),
            (about_a_patient(), &[WEBMAIL], Fate::Refused),
        ];
        for (letter, to, expected) in kinds {
            let mail = letter.to(to);
            let (code, unanswered) = until_final(port, &mail);
            sent.push(Sent { id: letter.id, mail, expected, code, unanswered });
        }
    }
    sent
}

/// A mail server's patience: a temporary failure or a broken connection is tried again.
fn until_final(port: u16, mail: &Mail) -> (u16, usize) {
    let mut unanswered = 0;
    loop {
        match send(port, mail) {
            Ok(reply) if matches!(reply.code, 250 | 550) => return (reply.code, unanswered),
            // "451 4.3.0 Error: queue file write error" is all that smtpd can say when its cleanup is gone.
            Ok(reply) if !reply.text().contains("queue file write error") => {}
            _ => unanswered += 1,
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn judge(stage: &Stage, sent: &[Sent], kills: u32) {
    stage.postfix.flush();
    stage.postfix.drain();
    let (mut faults, mut by_smtp) = (Vec::new(), 0);
    for message in sent {
        let copies = stage.copies(&message.id);
        match (message.expected, message.code, copies) {
            (Fate::Delivered, 250, 1) | (Fate::Refused, 550, 0) | (Fate::Held, 250, 0) => {}
            // A cleanup killed between its commit and its answer: the client sends again what Postfix has already taken.
            // RFC 5321, 6.1 knows it and names RFC 1047; no filter can mend it. Counted, and printed.
            (Fate::Delivered, 250, 2..) if copies <= 1 + message.unanswered => by_smtp += 1,
            (expected, code, copies) => {
                faults.push(format!("{expected:?} {} got {code} and {copies} copies", message.id));
            }
        }
    }
    let held: Vec<&Sent> = sent.iter().filter(|message| message.expected == Fate::Held).collect();
    for message in &held {
        let released = stage.release(&stage.case_of(&message.id));
        if let Err(error) = released {
            faults.push(format!("{} cannot be released: {error}", message.id));
        }
    }
    for message in &held {
        if !stage.delivered(&message.id).carries(&message.mail.data) {
            faults.push(format!("{} was changed", message.id));
        }
    }
    stage.postfix.drain();
    faults.extend(
        held.iter().filter(|it| stage.copies(&it.id) != 1).map(|it| format!("doubled by release: {}", it.id)),
    );
    println!(
        "{kills} kills, {} messages, {} of them held and released, {} faults",
        sent.len(),
        held.len(),
        faults.len()
    );
    println!("{by_smtp} doubled by the MTA's own crash between commit and answer");
    assert!(faults.is_empty(), "{faults:#?}");
}
