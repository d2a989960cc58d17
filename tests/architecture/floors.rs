//! A module imports only from strictly lower floors.

use crate::source::{Source, sources};
use crate::tokens::Named;

pub const FLOORS: &[&[&str]] = &[
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

/// Documentation that may speak of every floor.
const OUTSIDE: &[&str] = &["manual"];

#[test]
fn a_module_imports_only_from_lower_floors() {
    let broken: Vec<String> = sources().iter().flat_map(broken_imports).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What one file imports against the rule.
fn broken_imports(source: &Source) -> Vec<String> {
    let Some(module) = source.top() else { return root_imports(source) };
    if OUTSIDE.contains(&module) {
        return Vec::new();
    }
    let Some(floor) = floor_of(module) else {
        return vec![format!("{}: give `{module}` a floor in tests/architecture/floors.rs", source.shown)];
    };
    source.paths.iter().filter_map(|named| fault(source, module, floor, named)).collect()
}

fn fault(source: &Source, module: &str, floor: usize, named: &Named) -> Option<String> {
    let at = source.at(named.line);
    let path = named.text();
    if named.segments.iter().filter(|segment| *segment == "super").count() > 1 {
        return Some(format!("{at}: `{path}` climbs two floors at once; name it from `crate::`"));
    }
    if named.renamed && named.segments.len() == 1 {
        return Some(format!("{at}: `{path}` gets another name, under which imports would hide"));
    }
    let import = imported(source, named)?;
    match floor_of(&import) {
        None => Some(format!(
            "{at}: `{path}` names no module of the house; import it from the module that defines it"
        )),
        Some(_) if import == module => None,
        Some(other) if other < floor => None,
        Some(_) => Some(format!("{at}: `{module}` may not import `{import}` (`{path}`)")),
    }
}

/// The top module that a path leads to, when it leads into this crate from its root.
fn imported(source: &Source, named: &Named) -> Option<String> {
    let from_root = match named.segments.first().map(String::as_str) {
        Some("crate" | "vaguemestre") => true,
        Some("super") => source.module.len() <= 1,
        _ => false,
    };
    from_root.then(|| named.segments.get(1).cloned().unwrap_or_default())
}

/// `lib.rs` declares the modules and re-exports nothing: a name has one place. `main.rs` calls `cli` alone.
fn root_imports(source: &Source) -> Vec<String> {
    let allowed = |named: &&Named| {
        source.shown.ends_with("main.rs") && named.segments.get(1).is_none_or(|m| m == "cli")
    };
    let inside = |named: &&Named| {
        let first = named.segments.first().map_or("", String::as_str);
        ["crate", "self", "vaguemestre"].contains(&first) || floor_of(first).is_some()
    };
    let faults = source.paths.iter().filter(inside).filter(|named| !allowed(named));
    faults
        .map(|named| format!("{}: `{}` does not belong at the root", source.at(named.line), named.text()))
        .collect()
}

pub fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn the_rule_sees_every_way_round_it() {
    let table: &[(&str, &str, bool)] = &[
        ("src/policy/decide.rs", "use crate::model::Verdict;", true),
        ("src/policy/decide.rs", "use super::article::Article; use self::inner::X;", true),
        ("src/policy/mod.rs", "use super::detect::X;", false),
        ("src/policy/decide.rs", "use crate::detect::Finding;", false),
        ("src/policy/decide.rs", "use crate::{detect, model};", false),
        ("src/policy/decide.rs", "pub use crate::store::open;", false),
        ("src/policy/decide.rs", "fn f() { crate\n::store::open() }", false),
        ("src/policy/decide.rs", "use super::super::store::open;", false),
        ("src/policy/conditions/x.rs", "use super::super::super::store::open;", false),
        ("src/policy/decide.rs", "use crate as c;", false),
        ("src/policy/decide.rs", "use crate::Reexported;", false),
        ("src/policy/decide.rs", "use crate::*;", false),
        ("src/policy/decide.rs", "vaguemestre::store::open();", false),
        ("src/policy/decide.rs", "macro_rules! m { () => { $crate::store::open() } }", false),
        ("src/cli/serve.rs", "use crate::service::Service;", true),
        ("src/cellar.rs", "", false),
        ("src/lib.rs", "pub mod model; pub mod store;", true),
        ("src/lib.rs", "pub mod store; pub use store::open;", false),
        ("src/main.rs", "fn main() { vaguemestre::cli::main() }", true),
        ("src/main.rs", "use vaguemestre::store::open;", false),
    ];
    for (path, text, fine) in table {
        let broken = broken_imports(&Source::parse(path, text));
        assert_eq!(broken.is_empty(), *fine, "{path}: {text}: {broken:?}");
    }
}
