//! The floors of the house, enforced (std only).
//!
//! A module imports only from strictly lower floors, so siblings never meet and no arrow goes back.
//! Below `ports` the code is pure: no I/O, no async, no clock, no log. Keeping one `use` per parent
//! module (never `use crate::{…}`) lets this test read imports without a parser.

use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: &[&[&str]] = &[
    &["model"],
    &["mime", "protection", "roster", "recipients"],
    &["extract", "detect", "policy", "review", "notices", "report"],
    &["inspect"],
    &["plan"],
    &["ports", "telemetry"],
    &["milter", "store", "relay", "web", "sandbox", "config"],
    &["service"],
    &["cli"],
];

const PURE_FLOORS: usize = 5;

const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "tokio",
    "tracing",
    "async fn",
    "println!",
    "SystemTime::now",
    "Instant::now",
    "OffsetDateTime::now",
];

#[test]
fn a_module_imports_only_from_lower_floors() {
    let broken: Vec<String> = sources()
        .iter()
        .flat_map(|(module, path, code)| {
            let floor = floor_of(module);
            imports(code)
                .filter(|import| import != module && floor_of(import) >= floor)
                .map(|import| format!("{}: `{module}` may not import `{import}`", path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_core_is_pure() {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|(module, ..)| floor_of(module) < PURE_FLOORS)
        .flat_map(|(_, path, code)| {
            let used = IMPURE.iter().filter(|word| code.contains(**word));
            used.map(|word| format!("{}: `{word}`", path.display())).collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Every source file: its top module, its path, its code without comment lines.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let inside = path.strip_prefix(&root).unwrap();
            let module = Path::new(inside.iter().next().unwrap()).file_stem().unwrap();
            let module = module.to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((module, path, code.collect::<Vec<_>>().join("\n")));
        }
    }
    found.retain(|(module, ..)| !["lib", "main", "manual"].contains(&module.as_str()));
    found
}

fn imports(code: &str) -> impl Iterator<Item = String> + '_ {
    assert!(!code.contains("crate::{"), "one `use` per parent module, please:\n{code}");
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

fn floor_of(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("give `{module}` a floor"))
}
