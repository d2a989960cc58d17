//! The milter in a process of its own: sockets handed over by systemd, and memory that is nobody else's.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use vaguemestre::milter::{Counters, adopt, bind, run};
use vaguemestre::model::settings::Listen;

use super::peer::Peer;
use super::server::{Scripted, settings};
use crate::support::process::Owned;

/// What the child runs; started by the tests below, and by hand to try a bench or a probe on it:
/// `VAGUEMESTRE_TEST_LISTEN=127.0.0.1:14001 cargo test --release --test suite milter::child::serve -- --exact --ignored --nocapture`.
#[test]
#[ignore = "serves until killed"]
fn serve() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(folder.path());
    settings.connections = 2000;
    let listen = std::env::var("VAGUEMESTRE_TEST_LISTEN").unwrap_or_default();
    settings.listen = match listen.strip_prefix("unix:") {
        Some(path) => vec![Listen::Unix { path: path.into(), mode: Some(0o666), group: None }],
        None => listen.parse().map(Listen::Tcp).into_iter().collect(),
    };
    let judge = std::sync::Arc::new(Scripted::forgetful());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let mut listeners = adopt(listenfd::ListenFd::from_env()).unwrap();
        listeners.extend(bind(&settings.listen).unwrap());
        for listener in &listeners {
            println!(
                "listening {}",
                listener.address().map_or_else(String::new, |address| address.to_string())
            );
        }
        let counters = std::sync::Arc::new(Counters::default());
        run(listeners, &settings, judge, counters, std::future::pending()).await;
    });
}

/// sd_listen_fds(3): sockets are passed as file descriptors from 3 on, their number is in `LISTEN_FDS`, and `LISTEN_PID` is the
/// process they are for. Perl stands in for systemd.
#[test]
fn sockets_handed_over_by_systemd_are_served() {
    const HAND_OVER: &str = r#"
        use IO::Socket::INET; use IO::Socket::UNIX; use POSIX ();
        $^F = 9;
        my $tcp = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1:0") or die;
        my $unix = IO::Socket::UNIX->new(Listen => 5, Local => shift @ARGV) or die;
        POSIX::dup2(fileno($tcp), 8); POSIX::dup2(fileno($unix), 9);
        POSIX::dup2(8, 3); POSIX::dup2(9, 4);
        $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2;
        exec { $ARGV[0] } @ARGV or die;
    "#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("handed.sock");
    let mut command = Command::new("perl");
    command.args(["-e", HAND_OVER]).arg(&path);
    let (_child, lines) = started(command, 2);
    let address = lines.iter().find_map(|line| line.parse().ok()).expect("a TCP socket");
    for mut peer in [Peer::ready(address), Peer::unix(&path).negotiate(0x1FF, 0x1E_FFFF)] {
        assert_eq!(peer.message("Reject non", b"x"), Some((b'y', "550 5.7.1 non".to_owned())));
    }
}

/// A thousand idle connections, then 400 half packets of 60 KB: what a neighbour of a mail server may cost.
#[test]
fn hostile_and_idle_peers_cost_little_memory() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("VAGUEMESTRE_TEST_LISTEN", "127.0.0.1:0").arg0("suite");
    let (child, lines) = started(command, 1);
    let address = lines[0].parse().unwrap();
    assert_eq!(Peer::ready(address).message("Accept", b"x").unwrap().0, b'c');
    let before = resident(child.0.id());
    let idle: Vec<Peer> = (0..1000).map(|_| Peer::ready(address)).collect();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let grown = resident(child.0.id()).saturating_sub(before);
    println!("{} idle connections: {grown} KiB", idle.len());
    assert!(grown < 16 << 10, "{grown} KiB");
    drop(idle);
    let before = resident(child.0.id());
    let half = [&[0, 0x10, 0, 0, b'B'][..], &[b'z'; 60_000]].concat();
    let peers: Vec<Peer> = (0..400)
        .map(|_| {
            let mut peer = Peer::tcp(address);
            peer.raw(&half);
            peer
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let grown = resident(child.0.id()).saturating_sub(before);
    println!("400 half packets: {grown} KiB");
    assert!(grown < 64 << 10, "{grown} KiB");
    drop(peers);
}

/// Starts the test binary's [`serve`] and reads where it listens.
fn started(mut command: Command, sockets: usize) -> (Owned, Vec<String>) {
    if command.get_program() == "perl" {
        command.arg(std::env::current_exe().unwrap());
    }
    command.args(["--exact", "milter::child::serve", "--ignored", "--nocapture"]);
    let mut child = Owned(command.stdout(Stdio::piped()).spawn().expect("the child starts"));
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let listening = lines.filter_map(|line| line.split_once("listening ").map(|(_, rest)| rest.to_owned()));
    let lines = listening.take(sockets).collect();
    (child, lines)
}

/// Resident memory of a process in KiB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
