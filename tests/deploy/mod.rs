//! What `deploy/` ships, used as it is.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::support::folder::Folder;
use crate::support::letters::{COLLEAGUE, Letter};
use crate::support::ports::free_port;
use crate::support::process::wait_for;
use crate::support::smtp::send;
use crate::support::stage::Stage;
use vaguemestre::service::MilterFigures;

fn shipped(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path)).unwrap()
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// The snippets of `deploy/postfix`, with the ports of this machine, on a Postfix that knows nothing of us before.
#[test]
fn the_postfix_snippets_are_valid_and_judge_what_passes_their_listener() {
    let stage = Stage::new();
    let (port, release) = (free_port(), free_port());
    let here = |snippet: &str| {
        let snippet = shipped(snippet).replace("inet:127.0.0.1:8891", &stage.service.milter);
        snippet
            .replace("\n10025 ", &format!("\n{port} "))
            .replace("127.0.0.1:10026", &format!("127.0.0.1:{release}"))
    };
    let main = here("postfix/main.cf");
    let settings = main.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let set = stage.postfix.command("postconf").arg("-e").args(settings).status().unwrap();
    assert!(set.success());
    append(&stage.postfix.config().join("master.cf"), &here("postfix/master.cf"));
    for arguments in [["-n"], ["-M"]] {
        let said = stage.postfix.command("postconf").args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success() && errors.is_empty(), "{errors}");
    }
    stage.postfix.reload();
    let letter = Letter::new("Réunion", "Bonjour, à demain.");
    let reply = wait_for("the snippet's listener", || send(port, &letter.to(&[COLLEAGUE])).ok());
    assert_eq!(reply.code, 250, "{reply:?}");
    let accepted = "vaguemestre_messages_total{verdict=\"accept\",applied=\"accept\"} 1\n";
    wait_for("the message among those judged", || {
        stage.service.get("/metrics").1.contains(accepted).then_some(())
    });
}

/// systemd-analyze(1): `verify` "will load unit files and print warnings if any errors are detected".
#[test]
fn the_systemd_units_are_valid() {
    let folder = Folder::new("units");
    let units = [
        "vaguemestre.service",
        "vaguemestre.socket",
        "vaguemestre-roster.service",
        "vaguemestre-roster.timer",
    ];
    for unit in units {
        // The program need not be installed here: any that exists will do.
        let text = shipped(unit).replace("/usr/bin/vaguemestre", "/bin/true");
        fs::write(folder.path().join(unit), text).unwrap();
    }
    let verified =
        Command::new("systemd-analyze").arg("verify").args(units).current_dir(folder.path()).output();
    let Ok(verified) = verified else { return };
    let said = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<_> = said.lines().filter(|line| line.contains("vaguemestre")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
}

fn readmes() -> [String; 2] {
    ["../README.md", "../README.fr.md"].map(shipped)
}

/// What the READMEs tell to add to Postfix stands in the files that the test above runs.
#[test]
fn the_readmes_tell_what_the_snippets_hold() {
    let snippets = shipped("postfix/main.cf") + &shipped("postfix/master.cf");
    for readme in readmes() {
        let blocks: Vec<&str> =
            readme.split("```ini\n").skip(1).filter_map(|block| block.split("```").next()).collect();
        let lines = blocks.iter().flat_map(|block| block.lines()).map(str::trim);
        let set =
            readme.lines().filter_map(|line| line.trim().strip_prefix("# postconf -e '")?.strip_suffix('\''));
        let lines: Vec<&str> = lines.chain(set).collect();
        assert!(lines.len() > 12, "{lines:?}");
        let missing: Vec<_> = lines.iter().filter(|line| !snippets.contains(**line)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }
}

/// A metric that a README tells to watch is on the page.
#[test]
fn the_readmes_name_metrics_that_exist() {
    let milter = Box::new(MilterFigures(Arc::default()));
    let page = vaguemestre::telemetry::Metrics::default().with(milter).text();
    for readme in readmes() {
        let named: Vec<&str> = readme.split('`').filter(|code| code.starts_with("vaguemestre_")).collect();
        assert!(named.len() > 3, "{named:?}");
        for name in named {
            assert!(page.lines().any(|line| line.starts_with(name)), "{name}\n{page}");
        }
    }
}
