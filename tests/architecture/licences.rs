//! What the package stands on may be used by everyone who may use the package (Apache-2.0), and comes from one source.

use std::process::Command;

use serde_json::Value;

use crate::source::root;

/// Licences that ask for nothing more than a notice, by SPDX name; MPL-2.0 asks it of its own files only.
const PERMISSIVE: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unlicense",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CDLA-Permissive-2.0",
    "MPL-2.0",
    "blessing",
    "bzip2-1.0.6",
];

const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn every_dependency_is_permissive_and_from_the_public_registry() {
    let broken: Vec<String> = packages().iter().filter_map(fault).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn packages() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    let output =
        cargo.args(["metadata", "--format-version=1", "--locked"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn fault(package: &Value) -> Option<String> {
    let name = package["name"].as_str().unwrap();
    let licence = package["license"].as_str().unwrap_or("");
    if name == env!("CARGO_PKG_NAME") {
        return None;
    }
    if package["source"] != SOURCE {
        return Some(format!("{name} comes from {}", package["source"]));
    }
    (!permissive(licence)).then(|| format!("{name} is under `{licence}`"))
}

/// Whether an SPDX expression leaves a permissive choice. `AND` binds tighter than `OR`; the old `/` means `OR`.
fn permissive(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words)
}

fn any<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    let mut fine = all(words);
    while words.next_if_eq(&"OR").is_some() {
        fine |= all(words);
    }
    fine
}

fn all<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    let mut fine = true;
    loop {
        fine &= match words.next() {
            Some("(") => {
                let inner = any(&mut *words as &mut std::iter::Peekable<_>);
                words.next_if_eq(&")").is_some() && inner
            }
            Some(name) => PERMISSIVE.contains(&name),
            None => false,
        };
        if words.next_if_eq(&"WITH").is_some() {
            words.next();
        }
        if words.next_if_eq(&"AND").is_none() {
            return fine;
        }
    }
}

#[test]
fn an_expression_is_read_as_spdx_means_it() {
    let table = [
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-or-later", false),
        ("GPL-3.0-only OR MIT", true),
        ("MIT AND GPL-2.0-only", false),
        ("(MIT OR GPL-2.0-only) AND Unicode-3.0", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
        ("", false),
    ];
    for (expression, fine) in table {
        assert_eq!(permissive(expression), fine, "{expression}");
    }
}
