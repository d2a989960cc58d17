//! Random kills while clients send and a reviewer releases: of the service, at any time or at a named step; of Postfix'
//! cleanup, at any time or just as a message ends; of the database, inside a transaction. Nothing is lost, doubled, or
//! delivered unread.
//!
//! A client does what a mail server does: it sends until the message is taken or refused for good. The seed and the number
//! of kills come from `KILL_SEED` and `KILLS`; the run that counts is
//! `KILLS=500 cargo test --release --test suite e2e::kills -- --nocapture`, some 3 minutes on 2 cores. An ordinary run makes
//! few kills and takes some 20 seconds: it does not wait out the minute after which a copy in doubt is sent again.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::ports::{KILL_AT, Step};

use super::account::{Fate, Sent, quoted, reckon};
use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, WEBMAIL};
use crate::support::smtp::{Mail, Reply, send};
use crate::support::stage::{Changes, Stage};

/// Kills in an ordinary run of the suite.
const KILLS: u32 = 16;

/// The steps that the service itself comes to, outside a transaction; the intent to release is the reviewer's.
const STEPS: [Step; 11] = [
    Step::HoldContentWritten,
    Step::HoldContentSynced,
    Step::HoldCommitted,
    Step::ReleaseArmed,
    Step::ReleaseSent,
    Step::ReleaseClaimed,
    Step::ReleaseAnswered,
    Step::ReleaseFinal,
    Step::NoticeClaimed,
    Step::NoticeSent,
    Step::NoticeFinal,
];

/// Longest wait for the service to come to the step where it dies.
const UNTIL_STEP: Duration = Duration::from_millis(1_500);

/// Longest wait for every case to be released, once nothing is killed any more: a copy that is in doubt, and nowhere in
/// the queue, is waited for a minute before it is sent again.
const SETTLING: Duration = Duration::from_secs(240);

/// The same in a run of few kills.
const SETTLING_SHORT: Duration = Duration::from_secs(12);

/// From so many kills on, everything is waited for.
const LONG_RUN: u32 = 100;

#[test]
fn kills_at_random_lose_double_and_let_slip_nothing() {
    let number = |name: &str, default: u32| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, wanted) = (number("KILL_SEED", 7), number("KILLS", KILLS));
    let mut stage = Stage::with(&Changes {
        postfix: &["minimal_backoff_time = 1s", "queue_run_delay = 1s", "service_throttle_time = 1s"],
        ..Changes::default()
    });
    let begun = Instant::now();
    let stop = AtomicBool::new(false);
    let port = stage.postfix.ports.normal;
    let reviewer = Reviewer::new(&stage);
    let mut killer = Killer {
        stage: &mut stage,
        reviewer: &reviewer,
        chance: SmallRng::seed_from_u64(u64::from(seed)),
        kills: BTreeMap::new(),
    };
    let sent: Vec<Sent> = thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| client(port, &stop))).collect();
        let releasing = scope.spawn(|| reviewer.work(&stop));
        while killer.kills.values().sum::<u32>() < wanted {
            killer.kill();
        }
        killer.stage.service.wait_ready();
        stop.store(true, Ordering::Relaxed);
        releasing.join().unwrap();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let (kills, killing) = (killer.kills, begun.elapsed());
    let settled = settle(&stage, if wanted < LONG_RUN { SETTLING_SHORT } else { SETTLING });
    println!("{} kills in {} s: {kills:?}", kills.values().sum::<u32>(), killing.as_secs());
    let held = sent.iter().filter(|message| message.expected == Fate::Held).count();
    let (released, open) = (settled.released, settled.open.len());
    let elapsed = begun.elapsed().as_secs();
    println!(
        "{} messages in {elapsed} s; {held} held, {released} cases released, {open} in doubt",
        sent.len()
    );
    let account = reckon(&stage, &sent, &settled.open);
    println!("{account}");
    assert!(account.faults().is_empty(), "{:#?}\n{}", account.faults(), stage.postfix.log());
    assert_eq!(released + open, held, "a case for each held message, and none twice");
    assert!(open == 0 || wanted < LONG_RUN, "never settled: {:?}", settled.open);
    stage.service.cases(&["verify"]).expect("the audit trail is whole");
}

/// Who ends processes, one at a time, and counts those that really ended.
struct Killer<'a> {
    stage: &'a mut Stage,
    reviewer: &'a Reviewer,
    chance: SmallRng,
    kills: BTreeMap<&'static str, u32>,
}

impl Killer<'_> {
    /// One kill of a random sort, at a random moment. What was killed runs again at the end of it.
    fn kill(&mut self) {
        thread::sleep(Duration::from_millis(self.chance.random_range(5..250)));
        let what = match self.chance.random_range(0..6) {
            0 => self.cleanup().then_some("cleanup, at any time"),
            1 => {
                self.until_an_answer();
                self.cleanup().then_some("cleanup, as a message ends")
            }
            2 => {
                self.restart(None);
                Some("service, at any time")
            }
            3 => {
                let step = STEPS[self.chance.random_range(0..STEPS.len())];
                Some(if self.die_at(step) { "service, at a step" } else { "service, at any time" })
            }
            4 => {
                let inside = self.die_at(Step::HoldInserted);
                Some(if inside {
                    "database, inside the transaction of a hold"
                } else {
                    "service, at any time"
                })
            }
            _ => self.reviewer.is_cut_off().then_some("database, inside the transaction of a release"),
        };
        if let Some(what) = what {
            *self.kills.entry(what).or_default() += 1;
        }
    }

    fn cleanup(&self) -> bool {
        self.stage.postfix.kill("cleanup") > 0
    }

    /// Waits until the service says what it decided of some message, and a few milliseconds: the MTA is about to commit it.
    fn until_an_answer(&mut self) {
        let length = || fs::metadata(&self.reviewer.log).map_or(0, |found| found.len());
        let (before, end) = (length(), Instant::now() + UNTIL_STEP);
        while length() == before && Instant::now() < end {
            thread::sleep(Duration::from_micros(100));
        }
        thread::sleep(Duration::from_micros(self.chance.random_range(0..6_000)));
    }

    /// Has the service run on until it comes to a step, and die there; whether it did. It is killed anyhow.
    fn die_at(&mut self, step: Step) -> bool {
        self.restart(Some(step));
        let end = Instant::now() + UNTIL_STEP;
        while self.stage.service.runs() && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
        let died = !self.stage.service.runs();
        self.restart(None);
        died
    }

    /// Kills the service and starts it again; with a step, it dies there by itself.
    fn restart(&mut self, die_at: Option<Step>) {
        let service = &mut self.stage.service;
        service.kill();
        service.unset(KILL_AT);
        if let Some(step) = die_at {
            service.set(KILL_AT, step.name());
        }
        service.spawn();
    }
}

/// Who releases, from the terminal, every case that the service's log names, as soon as it does.
struct Reviewer {
    /// `vaguemestre cases`, for this scene.
    cases: Command,
    log: PathBuf,
    /// The next release is to die inside its transaction.
    cut_off: AtomicBool,
}

impl Reviewer {
    fn new(stage: &Stage) -> Self {
        let (cases, log) = (stage.service.command("cases"), stage.service.log_path());
        Self { cases, log, cut_off: AtomicBool::new(false) }
    }

    fn work(&self, stop: &AtomicBool) {
        let (mut read, mut known) = (0, HashSet::new());
        while !stop.load(Ordering::Relaxed) {
            let log = fs::read(&self.log).unwrap_or_default();
            let end = log.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let text = String::from_utf8_lossy(log.get(read..end).unwrap_or_default()).into_owned();
            read = end;
            let held = text.lines().filter(|line| quoted(line, "applied") == Some("quarantine"));
            for case in held.filter_map(|line| quoted(line, "case")).filter(|case| !case.is_empty()) {
                if known.insert(case.to_owned()) {
                    self.release(case, stop);
                }
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks for a release, and again when it was cut off. Whatever else goes wrong is seen at the end.
    fn release(&self, case: &str, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let mut command = Command::new(self.cases.get_program());
            command.args(self.cases.get_args());
            command.envs(self.cases.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command.args(["--as", "archiviste", "release", case, "--reason", "Vérifié", "--wait", "0"]);
            let wanted = self.cut_off.load(Ordering::SeqCst);
            if wanted {
                command.env(KILL_AT, Step::ReleaseIntended.name());
            }
            let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
            if ended.signal().is_none() {
                return;
            }
            self.cut_off.store(false, Ordering::SeqCst);
        }
    }

    /// Has the next release die; whether one did in time.
    fn is_cut_off(&self) -> bool {
        self.cut_off.store(true, Ordering::SeqCst);
        let end = Instant::now() + UNTIL_STEP;
        while self.cut_off.load(Ordering::SeqCst) && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
        !self.cut_off.swap(false, Ordering::SeqCst)
    }
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
            let reply = until_final(port, &mail);
            sent.push(Sent { id: letter.id, mail, expected, reply });
            thread::sleep(Duration::from_millis(80));
        }
    }
    sent
}

/// A mail server's patience: a temporary failure or a broken connection is tried again.
fn until_final(port: u16, mail: &Mail) -> Reply {
    loop {
        match send(port, mail) {
            Ok(reply) if matches!(reply.code, 250 | 550) => return reply,
            _ => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// How the cases ended.
struct Settled {
    released: usize,
    /// Cases whose copy is in doubt still.
    open: HashSet<String>,
}

/// Releases what is still held, and waits until nothing is in doubt and nothing is queued.
fn settle(stage: &Stage, patience: Duration) -> Settled {
    let end = Instant::now() + patience;
    let open = loop {
        for case in in_state(stage, "held") {
            let _waits = stage.service.cases(&["release", &case, "--reason", "Vérifié", "--wait", "0"]);
        }
        let states = ["held", "releasing", "uncertain"];
        let open: HashSet<String> = states.into_iter().flat_map(|state| in_state(stage, state)).collect();
        if open.is_empty() || Instant::now() > end {
            break open;
        }
        thread::sleep(Duration::from_millis(500));
    };
    stage.postfix.flush();
    stage.postfix.drain();
    Settled { released: in_state(stage, "released").len(), open }
}

fn in_state(stage: &Stage, state: &str) -> Vec<String> {
    let arguments = ["list", "--limit", "1000000", "--state", state, "--format", "json"];
    let case = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["case"].as_str().unwrap().to_owned()
    };
    stage.service.cases(&arguments).unwrap().lines().map(case).collect()
}
