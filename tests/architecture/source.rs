//! The package's own sources, read once.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tokens::{Named, Token, paths, spells, tokens, without_tests};

/// One source file, without its tests.
pub struct Source {
    /// Path as shown in messages: `src/policy/decide.rs`.
    pub shown: String,
    /// Path of modules from the crate's root: `["policy", "decide"]`; empty for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    pub tokens: Vec<Token>,
    pub paths: Vec<Named>,
    /// The text up to the tests, for counting lines.
    pub text: String,
}

impl Source {
    /// Reads one file's text as if it stood at `shown`.
    pub fn parse(shown: &str, text: &str) -> Self {
        let tokens = without_tests(&tokens(text));
        let body = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text).to_owned();
        let inside = shown.trim_start_matches("src/").trim_end_matches(".rs");
        let module =
            inside.split('/').filter(|name| !["lib", "main", "mod"].contains(name)).map(str::to_owned);
        Self { shown: shown.to_owned(), module: module.collect(), paths: paths(&tokens), tokens, text: body }
    }

    /// The module under the crate's root that the file belongs to; `None` for the root itself.
    pub fn top(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    /// `src/policy/decide.rs:12`.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.shown)
    }
}

/// Every source file under `src`, sorted by path.
pub fn sources() -> Vec<Source> {
    let mut files = files_under(&root().join("src"));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let texts: Vec<_> = files.iter().map(|path| (shown(path), fs::read_to_string(path).unwrap())).collect();
    let tests: Vec<_> = texts.iter().flat_map(|(shown, text)| test_modules(shown, text)).collect();
    let sources = texts.iter().map(|(shown, text)| Source::parse(shown, text));
    sources.filter(|source| !tests.iter().any(|test| source.module.starts_with(test))).collect()
}

/// Modules that a file declares for tests only: `#[cfg(test)] mod laws;`.
fn test_modules(shown: &str, text: &str) -> Vec<Vec<String>> {
    let tokens = tokens(text);
    let declared = tokens.windows(10).filter(|window| {
        spells(window, &["#", "[", "cfg", "(", "test", ")", "]", "mod"]) && window[9].text == ";"
    });
    let parent = module_of(shown);
    declared.map(|window| [parent.as_slice(), &[window[8].text.clone()]].concat()).collect()
}

fn module_of(shown: &str) -> Vec<String> {
    let inside = shown.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|name| !["lib", "main", "mod"].contains(name)).map(str::to_owned).collect()
}

/// The package's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path relative to the package.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Every file under a folder, sorted.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut pending = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn a_module_for_tests_only_is_known_by_its_declaration() {
    assert_eq!(test_modules("src/policy/mod.rs", "mod a;\n#[cfg(test)]\nmod laws;"), [["policy", "laws"]]);
}
