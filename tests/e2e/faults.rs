//! The service stopped, killed, reloaded, or without its disk, while Postfix goes on: nothing is lost, nothing leaves unread.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, WEBMAIL};
use crate::support::postfix::Ports;
use crate::support::service::{Service, program};
use crate::support::smtp::Client;
use crate::support::stage::{Changes, Stage};

#[test]
fn without_the_service_every_message_is_a_temporary_failure() {
    let mut stage = Stage::new();
    let letter = Letter::new("Réunion", "À 14 h.");
    stage.service.kill();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE])).code, 451);
    stage.service.start();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE])).code, 250);
    stage.delivered(&letter.id);
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 1);
}

/// Sends letters about patients all at once: each is refused or put off, some for this cause, and none arrives.
fn some_are_put_off_and_none_arrives(stage: &Stage, letters: &[Letter], cause: &str) {
    let codes: Vec<u16> = thread::scope(|scope| {
        let sending: Vec<_> =
            letters.iter().map(|letter| scope.spawn(|| stage.send(&letter.to(&[WEBMAIL])).code)).collect();
        sending.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(codes.iter().all(|code| [451, 550].contains(code)), "{codes:?}");
    assert!(codes.contains(&451), "the limit was not reached: {codes:?}");
    let figures = stage.service.get("/metrics").1;
    assert!(figures.contains(&format!("vaguemestre_tempfails_total{{cause=\"{cause}\"}}")), "{figures}");
    assert_eq!(letters.iter().map(|letter| stage.copies(&letter.id)).sum::<usize>(), 0);
}

/// Priority 1: "none delivered unread", also where Postfix is told to deliver when its milter closes.
#[test]
fn mail_past_the_limit_on_connections_is_not_delivered_unread() {
    let stage = Stage::with(&Changes {
        service: &[("milter", "connections = 1")],
        postfix: &["milter_default_action = accept"],
        ..Changes::default()
    });
    let letters: Vec<Letter> = (0..40).map(|_| about_a_patient()).collect();
    some_are_put_off_and_none_arrives(&stage, &letters, "connections");
}

/// The same where there is no memory for what comes.
#[test]
fn mail_past_the_memory_is_not_delivered_unread() {
    let stage = Stage::with(&Changes {
        service: &[("milter", "memory = \"1 MiB\"\nspill_above = \"1 MiB\"")],
        postfix: &["milter_default_action = accept"],
        ..Changes::default()
    });
    let filler = "Bonjour, voici la suite du compte rendu de la rencontre.\n".repeat(8000);
    let letters: Vec<Letter> =
        (0..12).map(|_| about_a_patient().attach("suite.txt", "text/plain", filler.as_bytes())).collect();
    some_are_put_off_and_none_arrives(&stage, &letters, "memory");
}

/// Milter study, 2.5: "finish the message in hand and close only between SMTP connections, never answer with an error".
#[test]
fn a_frozen_service_delays_mail_and_loses_none() {
    let stage = Stage::new();
    let letter = Letter::new("Réunion", "À 14 h.");
    stage.service.signal("STOP");
    let mail = letter.to(&[COLLEAGUE]);
    let reply = thread::scope(|scope| {
        let sending = scope.spawn(|| stage.send(&mail));
        thread::sleep(Duration::from_millis(500));
        stage.service.signal("CONT");
        sending.join().unwrap()
    });
    assert_eq!(reply.code, 250);
    stage.delivered(&letter.id);
}

/// Contract: "SIGTERM finishes the messages in hand". A client that holds its connection through the stop may hear the
/// temporary failures that Postfix makes itself; what the service had in hand is answered.
#[test]
fn stopping_under_load_finishes_what_is_in_hand() {
    let mut stage = Stage::new();
    let stop = AtomicBool::new(false);
    let port = stage.postfix.ports.normal;
    let (sent, refused) = thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| load(port, &stop))).collect();
        for _ in 0..5 {
            thread::sleep(Duration::from_millis(300));
            assert!(stage.service.stop().success(), "{}", stage.service.log());
            stage.service.start();
        }
        thread::sleep(Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
        let results: Vec<_> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
        (
            results.iter().flat_map(|it| it.0.clone()).collect::<Vec<_>>(),
            results.iter().map(|it| it.1).sum::<usize>(),
        )
    });
    println!("accepted {}, temporary failures {refused}", sent.len());
    stage.postfix.drain();
    let log = stage.postfix.log();
    let broken = log
        .lines()
        .filter(|line| line.contains("milter") && line.contains("END-OF-MESSAGE") && line.contains("4.7.1"));
    assert_eq!(broken.count(), 0, "a message in hand was not finished");
    for id in &sent {
        assert_eq!(stage.copies(id), 1, "{id}");
    }
}

/// Sends clean messages, each over a connection of its own: the ids of those taken, and how many had to wait.
fn load(port: u16, stop: &AtomicBool) -> (Vec<String>, usize) {
    let (mut taken, mut refused) = (Vec::new(), 0);
    while !stop.load(Ordering::Relaxed) {
        let letter = Letter::new("Charge", "Une ligne.");
        let mut client = Client::connect(port).unwrap();
        match client.send(&letter.to(&[EXTERNAL])).unwrap().pop().unwrap().code {
            250 => taken.push(letter.id),
            451 => {
                refused += 1;
                thread::sleep(Duration::from_millis(20));
            }
            code => panic!("{code}"),
        }
        let _ = client.command("QUIT");
    }
    (taken, refused)
}

/// Two services on one file would release twice over; commands of the terminal work beside the one that runs.
#[test]
fn a_second_service_on_the_same_store_is_refused() {
    let mut stage = Stage::new();
    let second = stage.service.command("serve").output().unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && told.contains("another service works on this store"), "{told}");
    stage.service.cases(&["list"]).unwrap();
    assert!(stage.service.runs());
}

/// A database that is not up yet at boot, or a disk that is full, must not keep the service down for good: the unit starts it again
/// after any exit but 2.
#[test]
fn what_may_pass_is_told_from_what_is_set_wrong() {
    for (table, line, status, told) in [
        ("store", "url = \"postgres:///v?host=/nonexistent&user=v\"", 75, "does not answer"),
        ("milter", "spill_dir = \"/dev/full/spill\"", 2, "milter.spill_dir"),
        ("milter", "connections = 0", 2, "connections"),
    ] {
        let service = Service::new(Ports::free(), &[(table, line)]);
        let output = service.command("serve").output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(status) && text.contains(told),
            "{line}: {:?} {text}",
            output.status
        );
    }
}

/// Tools that turn logs send SIGUSR1 or SIGUSR2 to have a file opened again.
#[test]
fn signals_that_ask_for_nothing_end_nothing() {
    let mut stage = Stage::new();
    for signal in ["USR1", "USR2"] {
        stage.service.signal(signal);
    }
    assert_eq!(stage.send(&Letter::new("Réunion", "À 14 h.").to(&[COLLEAGUE])).code, 250);
    assert!(stage.service.runs());
}

/// "A configuration that is wrong leaves the old one in force, and says where": also where only the next start would fail.
#[test]
fn a_reload_refuses_what_the_next_start_would_stumble_over() {
    let mut stage = Stage::new();
    stage
        .reconfigure(&[("judging", "mode = \"observe\""), ("store", "identity = \"/nowhere/identity.txt\"")]);
    let check = stage.service.command("check").output().unwrap();
    let told = String::from_utf8_lossy(&check.stderr);
    assert_eq!(check.status.code(), Some(2), "{told}");
    assert!(told.contains("vaguemestre.toml:") && told.contains("/nowhere/identity.txt"), "{told}");
    stage.reload();
    assert!(stage.service.log().contains("reload refused"), "{}", stage.service.log());
    assert_eq!(stage.send(&about_a_patient().to(&[WEBMAIL])).code, 550, "the old rules are in force");
}

/// Contract: "SIGHUP reloads configuration, policy, patterns and roster at once or not at all".
#[test]
fn a_broken_configuration_leaves_the_old_one_in_force() {
    let mut stage = Stage::new();
    let refused = |stage: &Stage| stage.send(&about_a_patient().to(&[WEBMAIL])).code;
    assert_eq!(refused(&stage), 550);

    let good = fs::read_to_string(stage.service.config()).unwrap();
    fs::write(stage.service.config(), good.replace("mode = \"enforce\"", "mode = \"enforces\"")).unwrap();
    stage.reload();
    assert_eq!(refused(&stage), 550, "a broken file changed the policy");
    assert!(
        stage.service.log().contains("vaguemestre.toml:"),
        "the log does not say where: {}",
        stage.service.log()
    );

    fs::write(stage.service.config(), good.replace("mode = \"enforce\"", "")).unwrap();
    stage.reload();
    assert_eq!(refused(&stage), 550, "a file that lost a line took the protection away");

    stage.reconfigure(&[("judging", "mode = \"observe\"")]);
    stage.reload();
    assert_eq!(refused(&stage), 250, "a good file was not taken");
}

/// Contract: "SIGHUP reloads […] roster at once or not at all"; a roster that cannot be read takes nobody off it.
#[test]
fn a_roster_is_taken_at_a_reload_and_a_damaged_one_leaves_the_old_in_force() {
    let mut stage = Stage::new();
    let letter = || Letter::new("Suivi", "Bonjour,\n\nZorvane Quillebecq a un diabète et une pneumonie.\n");
    let state = stage.service.state();
    let (input, index) = (state.join("export.csv"), state.join("patients.idx"));
    fs::write(&input, "dossier,nom,prenom,date_naissance,nam\n100001,Quillebecq,Zorvane,1950-01-02,\n")
        .unwrap();
    let mut build = Command::new(program());
    build.args(["roster", "build", "--input"]).arg(&input).arg("--output").arg(&index);
    assert!(build.output().unwrap().status.success());
    let line = format!("index = \"{}\"", index.display());
    let digest = |stage: &Stage| {
        let metrics = stage.service.get("/metrics").1;
        metrics.lines().find(|line| line.contains("digest=")).map(str::to_owned)
    };
    let without = digest(&stage);
    stage.reconfigure(&[("judging", "mode = \"enforce\""), ("roster", &line)]);
    stage.reload();
    let with = digest(&stage);
    assert_ne!(without, with, "the roster is no part of the rules in force: {}", stage.service.log());
    assert_eq!(stage.send(&letter().to(&[WEBMAIL])).code, 550);

    fs::write(&index, b"not an index").unwrap();
    stage.reload();
    assert_eq!(digest(&stage), with, "a damaged roster took patients off it");
    assert!(stage.service.get("/readyz").1.contains("patients.idx"), "nobody is told");
    assert_eq!(stage.send(&letter().to(&[WEBMAIL])).code, 550);
}

/// Issue: "the service keeps its last good state", for a file of `local.d` too.
#[test]
fn a_broken_file_of_local_d_leaves_the_old_rules_in_force() {
    let stage = Stage::new();
    let local = stage.service.config().with_file_name("local.d");
    let refused = |stage: &Stage| stage.send(&about_a_patient().to(&[WEBMAIL])).code;
    assert_eq!(refused(&stage), 550);

    let off = |rules: &[&str]| {
        let line = |rule: &&str| format!("[[disable]]\nrule = \"{rule}\"\nreason = \"an essay\"\n");
        rules.iter().map(line).collect::<String>()
    };
    fs::create_dir(&local).unwrap();
    fs::write(local.join("a.toml"), off(&["nam", "nam-misread"])).unwrap();
    fs::write(local.join("b.toml"), off(&["no-such-rule"])).unwrap();
    stage.reload();
    assert_eq!(refused(&stage), 550, "half of local.d was taken");
    let log = stage.service.log();
    assert!(log.contains("b.toml:2:8: no shipped rule has this id: no-such-rule"), "{log}");

    fs::write(local.join("b.toml"), "[[rule]\n").unwrap();
    stage.reload();
    assert!(stage.service.log().contains("b.toml:1:"), "{}", stage.service.log());
    assert_eq!(refused(&stage), 550);
}

#[test]
fn reloading_under_load_refuses_nothing() {
    let mut stage = Stage::new();
    let stop = AtomicBool::new(false);
    let port = stage.postfix.ports.normal;
    let refused = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| load(port, &stop))).collect();
        for mode in ["observe", "enforce", "observe", "enforce"] {
            stage.reconfigure(&[("judging", &format!("mode = {mode:?}"))]);
            stage.reload();
        }
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().unwrap().1).sum::<usize>()
    });
    assert_eq!(refused, 0);
}

/// Architecture, decision 2: "Store down: a message that would be held … gets 451; a refusal stays a 550, without case
/// number; a clean accept stays an accept."
#[test]
fn without_a_store_nothing_is_held_and_clean_mail_passes() {
    let stage = Stage::new();
    let held = about_a_patient();
    assert_eq!(stage.send(&held.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    stage.case_of(&held.id);

    // A second writer that never lets go: `cases.db` is locked for as long as this connection lives.
    let lock = lock_database(&stage);
    let clean = Letter::new("Réunion", "À 14 h.");
    assert_eq!(stage.send(&clean.to(&[COLLEAGUE])).code, 250);
    stage.delivered(&clean.id);
    let reply = stage.send(&about_a_patient().to(&[COLLEAGUE, OTHER_COLLEAGUE]));
    assert_eq!(reply.code, 451, "{reply:?}");
    let reply = stage.send(&about_a_patient().to(&[WEBMAIL]));
    assert_eq!(reply.code, 550, "{reply:?}");
    drop(lock);
    assert_eq!(stage.send(&about_a_patient().to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
}

/// Holds SQLite's write lock on the service's database.
fn lock_database(stage: &Stage) -> impl Sized {
    use sqlx::Connection;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("sqlite:{}", stage.service.state().join("cases.db").display());
    let mut connection = runtime.block_on(sqlx::SqliteConnection::connect(&url)).unwrap();
    runtime.block_on(async { sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await }).unwrap();
    Lock(Some(connection), runtime)
}

struct Lock(Option<sqlx::SqliteConnection>, tokio::runtime::Runtime);

impl Drop for Lock {
    fn drop(&mut self) {
        let connection = self.0.take().expect("dropped once");
        let _ = self.1.block_on(sqlx::Connection::close(connection));
    }
}

/// No answer from the release listener: the case waits, and leaves once there is one.
#[test]
fn a_release_without_an_mta_waits_for_it() {
    let mut stage = Stage::new();
    let letter = about_a_patient();
    let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
    assert_eq!(stage.send(&mail).code, 250);
    let case = stage.case_of(&letter.id);
    stage.reconfigure(&[("relay", "release = \"127.0.0.1:1\"")]);
    stage.service.stop();
    stage.service.start();
    let _ = stage.release(&case);
    assert_eq!(stage.copies(&letter.id), 0);
    stage.reconfigure(&[]);
    stage.service.stop();
    stage.service.start();
    let _ = stage.release(&case);
    assert!(stage.delivered(&letter.id).carries(&mail.data));
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 1);
}

/// Issue: "hot swap"; the sample configuration: "a new one is taken up within a minute". Nobody sends a signal, mail goes on.
#[test]
fn a_new_roster_is_taken_up_by_itself_while_mail_goes_on() {
    let mut stage = Stage::new();
    let state = stage.service.state();
    let (input, index) = (state.join("export.csv"), state.join("patients.idx"));
    let build = |rows: &str| {
        fs::write(&input, format!("dossier,nom,prenom,date_naissance,nam\n{rows}")).unwrap();
        let mut build = Command::new(program());
        build.args(["roster", "build", "--input"]).arg(&input).arg("--output").arg(&index);
        assert!(build.output().unwrap().status.success());
    };
    let first = "100001,Quillebecq,Zorvane,1950-01-02,\n";
    build(first);
    stage.reconfigure(&[
        ("judging", "mode = \"enforce\""),
        ("roster", &format!("index = \"{}\"\nwarn_after = \"1 h\"", index.display())),
    ]);
    stage.reload();
    let about = |who: &str| {
        let letter = Letter::new("Jeudi", &format!("Bonjour,\n\nRéunion du comité. {who}, vendredi.\n"));
        letter.to(&[WEBMAIL])
    };
    assert_eq!(stage.send(&about("Zorvane Quillebecq, 2 janvier 1950")).code, 550);
    assert_eq!(
        stage.send(&about("Tavrik Oudelle, 6 mai 1961")).code,
        250,
        "without a roster, this names no patient"
    );

    build(&format!("{first}100002,Oudelle,Tavrik,1961-05-06,\n"));
    let start = Instant::now();
    while stage.send(&about("Tavrik Oudelle, 6 mai 1961")).code != 550 {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", stage.service.log());
        assert_eq!(
            stage.send(&about("Zorvane Quillebecq, 2 janvier 1950")).code,
            550,
            "a patient left the roster in the swap"
        );
    }
    let metrics = stage.service.get("/metrics").1;
    assert!(metrics.contains("vaguemestre_roster_persons{roster=\"patients\"} 2"), "{metrics}");
    assert!(stage.service.log().contains("a roster was replaced and is in force"));
}
