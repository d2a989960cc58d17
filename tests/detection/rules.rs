//! The rules that ship prove themselves, and files that are wrong say where.

use vaguemestre::detect::Detectors;
use vaguemestre::model::{Confidence, Faults, Kind};

use super::{detectors, of, read, read_all, table};

/// "A rule without an example, a counter-example and a reference does not load."
#[test]
fn every_example_is_found_and_no_counter_example_is() {
    let report = detectors().check();
    assert!(report.failures.is_empty(), "{}", Faults(report.failures));
    assert!(report.run > 60, "{}", report.run);
}

#[test]
fn mistakes_are_told_with_file_line_and_column() {
    let rule = "[[rule]]\nid = \"x\"\nkind = \"nam\"\npattern = \"a\"\ndigits = 1\nevidence = { shape = 1.0 }\nreferences = [\"r\"]\nexamples = [{ text = \"a\", value = \"a\" }]\ncounter_examples = [{ text = \"b\", because = \"c\" }]\n";
    for (old, new, message) in [
        ("", "", ""),
        ("references = [\"r\"]", "", "a.toml:1:1: the rule has no reference; give it at least one reference"),
        ("kind = \"nam\"", "kind = \"name\"", "a.toml:3:8: no such kind; use one of nam"),
        ("pattern = \"a\"", "pattern = \"(\"", "a.toml:4:11: the pattern does not compile"),
        ("digits = 1", "digits = \"1\"", "a.toml:5:10: invalid type"),
        ("digits = 1", "digit = 1", "a.toml:5:1: unknown field"),
        ("shape = 1.0", "shap = 1.0", "a.toml:6:14: no such fact"),
        ("digits = 1", "digits = 0", "a.toml:5:10: no rule can ask for so many digits; give from 1"),
        ("digits = 1", "", "a.toml:2:6: the rule must start from one thing"),
    ] {
        let compiled = Detectors::compile(&[("a.toml".into(), rule.replace(old, new))], &[]);
        let error = compiled.err().map(|errors| errors.to_string()).unwrap_or_default();
        assert!(if message.is_empty() { error.is_empty() } else { error.starts_with(message) }, "{error}");
    }
}

/// Words that several rules share stand once, in any file; a name that no list has is a mistake.
#[test]
fn rules_of_any_file_share_lists_of_words() {
    let rule = |word: &str| {
        let text = format!(
            "[[rule]]\nid = \"x\"\nkind = \"nas\"\npattern = '[0-9]{{9}}'\ndigits = 9\nvalidators = [\"nas\"]\ncontext = {{ near = 9, words = [\"{word}\"] }}\nevidence = {{ prior = -5.0, label = 9.0 }}\nreferences = [\"r\"]\nexamples = [{{ text = \"SIN 130692544\", value = \"130692544\" }}]\ncounter_examples = [{{ text = \"b\", because = \"c\" }}]\n"
        );
        let lists = ("b.toml".to_owned(), "[lists]\ninsured = [\"NAS\", \"SIN\"]\n".to_owned());
        Detectors::compile(&[("a.toml".to_owned(), text), lists], &[])
    };
    assert_eq!(rule("@insured").unwrap().check().failures.len(), 0);
    let error = rule("@insurd").err().unwrap().to_string();
    assert!(error.starts_with("a.toml:7:32: no list is called insurd; did you mean @insured?"), "{error}");
}

#[test]
fn a_column_header_types_the_cells_below() {
    let detection = read_all(&table(&[
        &["Nom", "NAM", "DDN", "RDV"],
        &["Untel", "TREM04121925", "1954-08-03", "1994-08-03"],
        &["Unetelle", "SERE75613018", "03/04/1961", "1995-03-02"],
    ]));
    let values = |kind| {
        of(&detection, kind)
            .into_iter()
            .filter(|finding| finding.confidence >= Confidence::Medium)
            .map(|finding| finding.value.reveal())
            .collect::<Vec<_>>()
    };
    assert_eq!(values(Kind::Nam), ["TREM04121925", "SERE75613018"]);
    assert_eq!(values(Kind::BirthDate), ["1954-08-03", "1961-04-03"]);
}

#[test]
fn a_message_of_fifty_thousand_numbers_is_told_up_to_a_bound() {
    let text = "TREM04121925\n".repeat(50_000);
    assert_eq!(read(&text).findings.len(), 10_000);
}
