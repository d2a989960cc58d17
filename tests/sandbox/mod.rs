//! Reading in processes of their own: the same results, and each net seen to hold.

mod chaos;
mod processes;
mod tools;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use vaguemestre::model::settings::Sandbox;
use vaguemestre::model::{GapReason, Limits, Reading};
use vaguemestre::ports::Unread;
use vaguemestre::sandbox::{Program, Workers};

use crate::formats::packages::zip;
use crate::formats::{samples, text};
use crate::support::service::program;

/// Room for a reading that is not to be cut.
fn settings() -> Sandbox {
    Sandbox {
        workers: 2,
        memory: 768 << 20,
        cpu: Duration::from_secs(20),
        cpu_message: Duration::from_secs(60),
        timeout: Duration::from_secs(60),
        recycle_after: 200,
    }
}

fn workers(program: Program, sandbox: Sandbox) -> Workers {
    Workers::within(Some(program), Limits::default(), Duration::from_secs(120), sandbox)
}

/// An archive of three texts; a worker reads the archive at step 0 and the texts at steps 1 to 3.
fn archive() -> Vec<u8> {
    let member = |name, text: &str| (name, text.as_bytes().to_vec());
    zip(&[member("a.txt", "premier"), member("b.txt", "deuxième"), member("c.txt", "troisième")])
}

fn gaps(reading: &Reading) -> Vec<(String, GapReason)> {
    let inner = |gap: &vaguemestre::model::Gap| {
        gap.place.inner.as_ref().map_or_else(String::new, |inner| inner.reveal().to_owned())
    };
    reading.gaps.iter().map(|gap| (inner(gap), gap.reason)).collect()
}

/// What a worker read of the archive while something befell it.
fn befallen(trial: &str, sandbox: Sandbox) -> (String, Vec<(String, GapReason)>) {
    let workers = workers(Program::at(&program()).with_trial(trial), sandbox);
    let reading = workers.read_file("a.zip", &archive()).unwrap();
    (text(&reading), gaps(&reading))
}

#[test]
fn a_worker_reads_as_this_process_does() {
    let workers = workers(Program::at(&program()), Sandbox { recycle_after: 7, ..settings() });
    for sample in samples() {
        let (name, bytes) = (sample.file_name().unwrap().to_str().unwrap(), fs::read(&sample).unwrap());
        let here = vaguemestre::inspect::read_file(name, &bytes, &Limits::default());
        let there = workers.read_file(name, &bytes).unwrap();
        // `Debug` masks texts, so they are compared apart.
        assert_eq!(format!("{there:?}"), format!("{here:?}"), "{name}");
        assert_eq!(text(&there), text(&here), "{name}");
    }
}

#[test]
fn what_ends_a_worker_costs_the_part_that_was_being_read() {
    for trial in ["abort@2", "stack@2", "memory@2"] {
        let (text, gaps) = befallen(trial, settings());
        assert_eq!(gaps, [("b.txt".to_owned(), GapReason::Crashed)], "{trial}");
        assert!(text.contains("premier") && text.contains("troisième"), "{trial}: {text}");
        assert!(!text.contains("deuxième"), "{trial}: {text}");
    }
}

#[test]
fn what_is_not_for_a_reader_is_denied() {
    for trial in ["socket@2", "exec@2", "thread@2"] {
        let (text, gaps) = befallen(trial, Sandbox { cpu: Duration::from_secs(2), ..settings() });
        assert_eq!(
            gaps,
            [("b.txt".to_owned(), GapReason::Crashed)],
            "{trial}: the call should end the worker"
        );
        assert!(text.contains("premier") && text.contains("troisième"), "{trial}: {text}");
    }
    let (text, gaps) = befallen("open@2", Sandbox { cpu: Duration::from_secs(2), ..settings() });
    assert!(gaps.is_empty() && text.contains("deuxième"), "opening fails and reading goes on: {gaps:?}");
}

#[test]
fn work_without_end_is_cut_by_the_processor_time() {
    let (text, gaps) = befallen("loop@2", Sandbox { cpu: Duration::from_secs(1), ..settings() });
    assert_eq!(gaps, [("b.txt".to_owned(), GapReason::TooCostly)]);
    assert!(text.contains("premier") && text.contains("troisième"), "{text}");
    let poor = Sandbox { cpu_message: Duration::from_secs(1), ..settings() };
    let (text, gaps) = befallen("loop@2", poor);
    assert_eq!(
        gaps.last().map(|(_, reason)| *reason),
        Some(GapReason::TooCostly),
        "nothing is left to go on with"
    );
    assert!(text.contains("premier"), "{text}");
}

#[test]
fn the_wall_clock_is_a_temporary_failure_first_and_a_gap_when_it_comes_again() {
    let short = Sandbox { timeout: Duration::from_secs(1), ..settings() };
    let workers = workers(Program::at(&program()).with_trial("loop@2"), short);
    let mail = processes::mail(&archive());
    assert_eq!(processes::read(&workers, &mail, processes::FIRST).err(), Some(Unread::Outlasted));
    let reading = processes::read(&workers, &mail, processes::AGAIN).unwrap();
    assert_eq!(gaps(&reading), [(String::new(), GapReason::TooCostly)]);
    assert!(text(&reading).contains("premier") && text(&reading).contains("Bonjour"));
}

/// Whoever judges a part of a file must know that it is one.
#[test]
fn what_a_limit_cuts_off_is_told_with_the_share_that_was_read() {
    let share = |limits: Limits, name: &str, bytes: &[u8]| {
        let timeout = Duration::from_secs(120);
        let workers = Workers::within(Some(Program::at(&program())), limits, timeout, settings());
        let reading = workers.read_file(name, bytes).unwrap();
        assert_eq!(reading.gaps.len(), 1, "{:?}", reading.gaps);
        (reading.gaps[0].reason, reading.gaps[0].share.map(|share| (share.read, share.of)))
    };
    let (usual, text) = (Limits::default(), "premier ".repeat(20_000));
    let packed = zip(&[("a.txt", text.clone().into_bytes())]);
    let bytes = u64::try_from(text.len()).unwrap();
    let table = [
        (Limits { attachment: 1_000, ..usual }, "a.txt", text.as_bytes(), Some((1_000, Some(bytes)))),
        (Limits { bytes: 2_000, ..usual }, "a.txt", text.as_bytes(), Some((2_000, Some(bytes)))),
        (Limits { attachment_text: 3_000, ..usual }, "a.txt", text.as_bytes(), Some((3_000, None))),
        (Limits { text: 4_000, ..usual }, "a.zip", &packed, Some((4_000 - 5, None))),
        (Limits { member: 5_000, ..usual }, "a.zip", &packed, Some((5_000, None))),
    ];
    for (limits, name, bytes, expected) in table {
        assert_eq!(share(limits, name, bytes), (GapReason::TooLarge, expected), "{limits:?}");
    }
    for limits in [Limits { depth: 0, ..usual }, Limits { parts: 1, ..usual }] {
        let nothing = (GapReason::TooDeep, Some((0, Some(bytes))));
        assert_eq!(share(limits, "a.zip", &packed), nothing, "{limits:?}");
    }
}

#[test]
fn without_a_worker_text_is_read_and_what_is_foreign_is_a_temporary_failure() {
    let none = |program| Workers::within(program, Limits::default(), Duration::from_secs(5), settings());
    for program in
        [None, Some(Program::at("/nowhere/vaguemestre".as_ref())), Some(Program::at("/bin/false".as_ref()))]
    {
        let workers = none(program);
        assert_eq!(text(&workers.read_file("a.txt", b"premier").unwrap()), "a.txt\npremier");
        assert_eq!(workers.read_file("a.zip", &archive()).err(), Some(Unread::NoWorker));
        assert!(workers.prove().is_err());
    }
}

#[test]
fn a_worker_that_ends_before_it_is_ready_is_tried_once_again() {
    let folder = tempfile::tempdir().unwrap();
    let (script, mark) = (folder.path().join("program"), folder.path().join("mark"));
    let (mark, program) = (mark.display(), program());
    let program = program.display();
    let lines = format!("#!/bin/sh\n[ -e {mark} ] && exec {program} \"$@\"\ntouch {mark}\nexit 1\n");
    fs::write(&script, lines).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let workers = workers(Program::at(&script), settings());
    assert!(text(&workers.read_file("a.zip", &archive()).unwrap()).contains("premier"));
}
