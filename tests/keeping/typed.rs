//! The terminal: what is typed for others to read, held against the rules as on the pages; what is asked of the trail and of lists.

use std::process::Output;

use crate::support::postfix::Ports;
use crate::support::service::Service;

const NAMED: &str = "le NAM de la patiente est TREM 5412 1925, diabète";

fn run(service: &Service, arguments: &[&str]) -> (Option<i32>, String) {
    let (command, rest) = arguments.split_first().unwrap();
    let Output { status, stdout, stderr } =
        service.command(command).args(["--as", "archiviste"]).args(rest).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

/// SECURITY.md: "no personal data in notices": a reason goes out in clear, to the sender and into the trail.
#[test]
fn a_text_with_a_patient_in_it_is_taken_from_no_terminal() {
    let service = Service::new(Ports::free(), &[]);
    let case = "7K3M-Q2P9";
    for decision in ["release", "return", "note", "take-back"] {
        let (code, told) = run(&service, &["cases", decision, case, "--reason", NAMED]);
        assert!(code == Some(2) && told.contains("--reason seems to hold"), "{decision}: {told}");
        assert!(!told.contains("5412") && !told.contains("TREM"), "{told}");
    }
    let (code, told) =
        run(&service, &["cases", "return", case, "--reason", "à refaire avec le numéro de dossier"]);
    assert!(code == Some(2) && told.contains("there is no case"), "{told}");

    let (code, told) = run(&service, &["incidents", "open", "--circumstances", NAMED]);
    assert!(code == Some(2) && told.contains("--circumstances seems to hold"), "{told}");
    assert!(!told.contains("5412"), "{told}");
    assert_eq!(run(&service, &["incidents", "list"]).1.lines().count(), 1, "an incident was opened");
    let (code, told) =
        run(&service, &["incidents", "open", "--circumstances", "relâché vers la mauvaise personne"]);
    assert_eq!((code, told.trim()), (Some(0), "incident 1"));

    let pack = service.state().join("pack.age");
    let evidence =
        ["audit", "evidence", case, "--to", "age1x", "--output", pack.to_str().unwrap(), "--reason", NAMED];
    let (code, told) = run(&service, &evidence);
    assert!(code == Some(2) && told.contains("--reason seems to hold"), "{told}");
}

/// A trail that was cut with all that proves it is held against what was written down elsewhere.
#[test]
fn the_trail_is_held_against_a_checkpoint_kept_elsewhere() {
    let service = Service::new(Ports::free(), &[]);
    for _ in 0..2 {
        run(&service, &["incidents", "open", "--circumstances", "relâché vers la mauvaise personne"]);
    }
    let (_, told) = run(&service, &["audit", "checkpoint"]);
    let head = told.split("head ").nth(1).unwrap().split_whitespace().next().unwrap();
    let verify = |kept: &str| run(&service, &["audit", "verify", "--checkpoint", kept]);
    let (code, told) = verify(&format!("2:{head}"));
    assert!(code == Some(0) && told.contains("is whole: 2 entries"), "{told}");
    for other in [format!("1:{head}"), format!("3:{head}"), format!("2:{}", "0".repeat(64))] {
        let (code, told) = verify(&other);
        assert!(code == Some(1) && told.contains("the checkpoint kept elsewhere"), "{other}: {told}");
    }
    assert_eq!(verify("2").0, Some(2));
}

/// A line that cannot be judged is told by its place, and stops no other.
#[test]
fn a_manifest_that_names_a_file_that_is_not_there_tells_which_and_goes_on() {
    let folder = crate::support::folder::Folder::new("manifest");
    std::fs::write(folder.path().join("m.eml"), "Subject: x\r\n\r\nBonjour.\r\n").unwrap();
    let line = |file: &str| {
        format!("{{\"file\":\"{file}\",\"from\":\"a@cisss.example\",\"to\":[\"b@x.example\"]}}\n")
    };
    let manifest = folder.path().join("list.jsonl");
    std::fs::write(&manifest, [line("m.eml"), line("gone.eml"), "{}\n".to_owned(), line("m.eml")].concat())
        .unwrap();
    let mut scan = std::process::Command::new(crate::support::service::program());
    let scan = scan.args(["scan", "--format", "json", "--manifest"]).arg(&manifest).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&scan.stdout).lines().count(), 2);
    let told = String::from_utf8_lossy(&scan.stderr).into_owned();
    assert!(told.contains("list.jsonl:2: ") && told.contains("gone.eml cannot be read"), "{told}");
    assert!(told.contains("list.jsonl:3: expected") && told.contains("2 lines were not judged"), "{told}");
    assert_eq!(scan.status.code(), Some(2));
}
