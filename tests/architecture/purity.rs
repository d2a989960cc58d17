//! Floors 0 to 4 are pure, some crates have one owner, and nothing outside tests may panic at will.

use std::fs;

use crate::floors::floor_of;
use crate::source::{Source, root, sources};
use crate::tokens::{Named, spells};

const PURE_FLOORS: usize = 5;

/// Crates that pure floors may name: values and texts, no I/O.
const PURE_CRATES: &[&str] = &[
    "core",
    "alloc",
    "std",
    "aes",
    "aho_corasick",
    "bytes",
    "bzip2",
    "chardetng",
    "csv",
    "csv_core",
    "data_encoding",
    "deflate64",
    "encoding_rs",
    "flate2",
    "fluent_bundle",
    "hmac",
    "html5gum",
    "jiff",
    "lzma_rust2",
    "mail_parser",
    "md5",
    "memchr",
    "ppmd_rust",
    "quick_xml",
    "rars",
    "regex",
    "regex_syntax",
    "serde",
    "serde_json",
    "sevenz_rust2",
    "sha1",
    "sha2",
    "siphasher",
    "thiserror",
    "toml",
    "unic_langid",
    "unicode_normalization",
    "unicode_properties",
    "zeroize",
];

/// Modules of `std` without I/O, threads, time or environment. Of `io`, `net`, `path` and `time` only the values below.
const PURE_STD: &[&str] = &[
    "array",
    "ascii",
    "borrow",
    "boxed",
    "cell",
    "char",
    "cmp",
    "collections",
    "convert",
    "default",
    "error",
    "f32",
    "f64",
    "fmt",
    "hash",
    "i16",
    "i32",
    "i64",
    "iter",
    "marker",
    "mem",
    "num",
    "ops",
    "option",
    "prelude",
    "range",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "sync",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "vec",
    "matches",
    "format",
    "assert",
    "debug_assert",
    "concat",
    "include_str",
    "write",
    "writeln",
    "i8",
    "u128",
    "i128",
    "panic",
];

const PURE_VALUES: &[&str] = &[
    "io::Read",
    "io::Write",
    "io::BufRead",
    "io::BufReader",
    "io::Cursor",
    "io::Error",
    "io::ErrorKind",
    "io::Result",
    "io::Take",
    "net::IpAddr",
    "net::Ipv4Addr",
    "net::Ipv6Addr",
    "net::SocketAddr",
    "net::AddrParseError",
    "path::Path",
    "path::PathBuf",
    "ptr::eq",
    "time::Duration",
];

/// Words that bring in I/O, threads, a clock, the environment or chance by another door than a path.
const IMPURE_WORDS: &[&[&str]] = &[
    &["async"],
    &["await"],
    &["extern"],
    &["stdin"],
    &["stdout"],
    &["stderr"],
    &["thread_local"],
    &["RandomState"],
    &["static", "mut"],
    &["print", "!"],
    &["println", "!"],
    &["eprint", "!"],
    &["eprintln", "!"],
    &["env", "!"],
    &["option_env", "!"],
    &["include", "!"],
    &["sync", "::", "mpsc"],
    &["sync", "::", "Condvar"],
    &["panic", "::", "catch_unwind"],
    &[".", "canonicalize", "("],
    &[".", "read_dir", "("],
    &[".", "is_dir", "("],
    &[".", "is_file", "("],
    &["TimeZone", "::", "system"],
    &["tz", "::", "db"],
];

/// Crates named in one module only.
const OWNERS: &[(&str, &[&str])] = &[
    ("mail_parser", &["mime"]),
    ("sqlx", &["store"]),
    ("lettre", &["relay"]),
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
];

/// Ways to panic. `expect("why it holds")` stays allowed for an invariant visible on screen.
const PANICS: &[&[&str]] = &[
    &[".", "unwrap", "("],
    &[".", "unwrap_err", "("],
    &["panic", "!"],
    &["todo", "!"],
    &["unimplemented", "!"],
    &["dbg", "!"],
];

#[test]
fn the_core_is_pure() {
    let broken: Vec<String> = sources().iter().flat_map(impurities).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_crate_with_an_owner_is_named_there_only() {
    let broken: Vec<String> = sources().iter().flat_map(trespasses).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn nothing_outside_tests_panics_at_will() {
    let broken: Vec<String> = sources().iter().flat_map(panics).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn impurities(source: &Source) -> Vec<String> {
    if source.top().and_then(floor_of).is_none_or(|floor| floor >= PURE_FLOORS) {
        return Vec::new();
    }
    let crates = dependencies();
    let paths = source.paths.iter().filter(|named| !pure(named, &crates));
    let paths = paths.map(|named| format!("{}: `{}` in a pure floor", source.at(named.line), named.text()));
    paths.chain(words(source, IMPURE_WORDS, "in a pure floor")).collect()
}

fn pure(named: &Named, crates: &[String]) -> bool {
    let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
    let clock = segments.len() > 1 && segments.last() == Some(&"now");
    match segments.as_slice() {
        _ if clock => false,
        ["std" | "core" | "alloc", rest @ ..] => pure_std(rest, named.renamed),
        [first, ..] if crates.iter().any(|known| known == first) => PURE_CRATES.contains(first),
        _ => true,
    }
}

fn pure_std(rest: &[&str], renamed: bool) -> bool {
    match rest {
        [] => !renamed,
        [module, ..] if PURE_STD.contains(module) => true,
        ["io", "self"] => !renamed,
        [module, value, ..] => PURE_VALUES.contains(&format!("{module}::{value}").as_str()),
        [value] => *value == "io" && !renamed,
    }
}

fn trespasses(source: &Source) -> Vec<String> {
    let module = source.top().unwrap_or("main");
    let owner = |named: &Named| {
        OWNERS.iter().find(|(name, _)| named.segments.first().is_some_and(|first| first == name))
    };
    let strays =
        source.paths.iter().filter(|named| owner(named).is_some_and(|(_, homes)| !homes.contains(&module)));
    strays
        .map(|named| format!("{}: `{}` is not at home in `{module}`", source.at(named.line), named.text()))
        .collect()
}

fn panics(source: &Source) -> Vec<String> {
    let unsafe_code = if source.top() == Some("sandbox") { [].as_slice() } else { &[["unsafe"].as_slice()] };
    words(source, PANICS, "outside tests").chain(words(source, unsafe_code, "outside the sandbox")).collect()
}

fn words<'a>(
    source: &'a Source,
    list: &'a [&'a [&'a str]],
    place: &'a str,
) -> impl Iterator<Item = String> + 'a {
    source.tokens.iter().enumerate().flat_map(move |(index, token)| {
        let hits = list.iter().filter(move |words| spells(&source.tokens[index..], words));
        hits.map(move |words| format!("{}: `{}` {place}", source.at(token.line), words.concat()))
    })
}

/// Names of the dependencies as code writes them.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let names = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .take_while(|line| *line != "[lints.rust]");
    let names = names.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_"));
    names.collect()
}

#[test]
fn the_rules_see_what_they_forbid() {
    let table: &[(&str, &str, bool)] = &[
        ("src/detect/canon.rs", "use std::collections::BTreeMap; use std::borrow::Cow; use std::fmt;", true),
        ("src/extract/zip.rs", "use std::io::{self, Read};", true),
        ("src/model/settings.rs", "use std::net::SocketAddr; use std::path::PathBuf;", true),
        ("src/detect/canon.rs", "use std::{fmt, fs};", false),
        ("src/detect/canon.rs", "use std::*;", false),
        ("src/detect/canon.rs", "use std as s;", false),
        ("src/detect/canon.rs", "std::thread::spawn(f);", false),
        ("src/detect/canon.rs", "use std::time::{Duration, Instant};", false),
        ("src/detect/canon.rs", "let at = jiff::Timestamp::now();", false),
        ("src/detect/canon.rs", "let at = jiff::Zoned\n::now();", false),
        ("src/detect/canon.rs", "let clock = Timestamp::now;", false),
        ("src/detect/canon.rs", "use std::io; io::stdout().write_all(x);", false),
        ("src/detect/canon.rs", "std::env::var(name);", false),
        ("src/detect/canon.rs", "let x = env!(name);", false),
        ("src/detect/canon.rs", "use rand::Rng;", false),
        ("src/detect/canon.rs", "#[async_trait::async_trait] trait T {}", false),
        ("src/detect/canon.rs", "async fn f() {}", false),
        ("src/detect/canon.rs", "::tokio::spawn(x);", false),
        ("src/detect/canon.rs", "use mail_parser::Message;", false),
        ("src/mime/parse.rs", "use mail_parser::Message;", true),
        ("src/store/sqlite.rs", "use std::fs; use sqlx::Row; async fn f() {}", true),
        ("src/cli/scan.rs", "use sqlx::Row;", false),
        ("src/cli/scan.rs", "let x = y\n.unwrap();", false),
        ("src/cli/scan.rs", "let x = y.unwrap_or(0); let z = y.expect(why);", true),
        ("src/cli/scan.rs", "todo!()", false),
        ("src/cli/scan.rs", "unsafe { f() }", false),
        ("src/cli/scan.rs", "#[cfg(test)] mod tests { fn f() { None.unwrap() } }", true),
    ];
    for (path, text, fine) in table {
        let source = Source::parse(path, text);
        let broken = [impurities(&source), trespasses(&source), panics(&source)].concat();
        assert_eq!(broken.is_empty(), *fine, "{path}: {text}: {broken:?}");
    }
}
