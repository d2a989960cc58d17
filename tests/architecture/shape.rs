//! How long files and functions are, and how much is explained. Printed, not judged: see `cargo test -- --nocapture`.

use crate::source::{Source, sources};
use crate::tokens::{end_of_item, spells};

#[test]
fn the_shape_of_the_sources_is_printed() {
    let sources = sources();
    let files: Vec<usize> = sources.iter().map(|source| source.text.lines().count()).collect();
    let functions: Vec<usize> = sources.iter().flat_map(function_lengths).collect();
    let documented =
        sources.iter().flat_map(|source| source.text.lines()).filter(|line| is_doc(line)).count();
    let lines: usize = files.iter().sum();
    println!("                         now   bar");
    println!("lines, {:4} files    {:7}", files.len(), lines);
    println!("lines a file, median {:7}   150", percentile(&files, 50));
    println!("lines a file, p90    {:7}   400", percentile(&files, 90));
    println!("lines a fn, median   {:7}     8", percentile(&functions, 50));
    println!("lines a fn, p90      {:7}    30", percentile(&functions, 90));
    println!("doc comments, %      {:7}    10", documented * 100 / lines.max(1));
    println!("unwrap()             {:7}     0", count(&sources, &[".", "unwrap", "("]));
    println!("casts with `as`      {:7}     0", sources.iter().map(casts).sum::<usize>());
    for (length, path) in longest(&sources) {
        println!("longest file         {length:7}         {path}");
    }
    assert!(lines > 0);
}

fn is_doc(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

fn function_lengths(source: &Source) -> Vec<usize> {
    let tokens = &source.tokens;
    let is_name = |index: usize| {
        tokens.get(index).is_some_and(|next| next.text.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    };
    let starts = (0..tokens.len()).filter(|&index| tokens[index].text == "fn" && is_name(index + 1));
    let ends = starts
        .filter_map(|start| tokens.get(end_of_item(tokens, start) - 1).map(|end| (&tokens[start], end)));
    ends.filter(|(_, end)| end.text == "}").map(|(start, end)| end.line - start.line + 1).collect()
}

fn casts(source: &Source) -> usize {
    let numeric =
        |text: &str| matches!(text.as_bytes(), [b'u' | b'i' | b'f', b'1'..=b'9', ..] | b"usize" | b"isize");
    source.tokens.windows(2).filter(|pair| pair[0].text == "as" && numeric(&pair[1].text)).count()
}

fn count(sources: &[Source], words: &[&str]) -> usize {
    let hits =
        |source: &Source| (0..source.tokens.len()).filter(|&at| spells(&source.tokens[at..], words)).count();
    sources.iter().map(hits).sum()
}

fn longest(sources: &[Source]) -> Vec<(usize, &str)> {
    let mut files: Vec<_> =
        sources.iter().map(|source| (source.text.lines().count(), source.shown.as_str())).collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    files.truncate(3);
    files
}

fn percentile(values: &[usize], percent: usize) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

#[test]
fn a_function_is_measured_from_its_name_to_its_last_brace() {
    let source = Source::parse(
        "src/plan.rs",
        "fn a() {\n  if x { y }\n}\ntrait T { fn b();\nfn c(f: fn(u8)) -> [u8; 2] { d } }",
    );
    assert_eq!(function_lengths(&source), [3, 1]);
}
