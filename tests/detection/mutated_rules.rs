//! The fuzz entry of rule files, `local.d` and word lists, driven by the seeded mutator: wrong files are told, never a panic.

use vaguemestre::detect::fuzz_rules;

use crate::support::mutate::mutate;

#[test]
fn mutated_rule_files_and_lists_are_read_or_refused() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read(root.join(path)).unwrap();
    let rule = b"[[rule]]\nid = \"x\"\nkind = \"nas\"\npattern = '(?x) [0-9]{3}'\ndigits = 3\nvalidators = [\"nas\"]\ncontext = { near = 9, words = [\"a\"] }\nevidence = { shape = 1.0 }\nreferences = [\"r\"]\nexamples = [{ text = \"a\", value = \"a\" }]\ncounter_examples = [{ text = \"b\", because = \"c\" }]\n".to_vec();
    let seeds = [
        rule,
        read("config/local.d/sample/exceptions.toml"),
        read("config/local.d/sample/rules.toml"),
        b"mot\n-mot\tsensitive\n# a\n".to_vec(),
    ];
    let words: [&[u8]; 10] = [
        b"{1,99}",
        b"\\w",
        b"(?:",
        b"99999999999999999999",
        b"nan",
        b"[[",
        b"'''",
        b"\t",
        b"\xff",
        b"\xef\xbb\xbf",
    ];
    mutate(&seeds, &words, 1_500, fuzz_rules);
}
