//! What an establishment adds in `local.d`: merged with what ships, refused with its place when it is wrong.

use std::path::Path;

use jiff::civil::date;
use vaguemestre::detect::check::{Sources, Topic, lists, shadows};
use vaguemestre::detect::{Context, Detection, Detectors, Key, LocalFiles, detect};
use vaguemestre::model::{Confidence, Kind};

use super::{files, segment, shipped, table};
use vaguemestre::model::{Address, Boundary, Region};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn local(rules: &str, lexicons: &[(&str, &str)]) -> LocalFiles {
    LocalFiles {
        rules: vec![("local.toml".to_owned(), rules.to_owned())],
        lexicons: lexicons.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        key: Key::read(KEY),
    }
}

fn with(rules: &str, lexicons: &[(&str, &str)]) -> Detectors {
    let (patterns, lists) = shipped();
    Detectors::with_local(&patterns, &lists, &local(rules, lexicons))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// The first fault of a file of `local.d`, or nothing.
fn fault(rules: &str, lexicons: &[(&str, &str)], key: bool) -> String {
    let (patterns, lists) = shipped();
    let files = LocalFiles { key: Key::read(KEY).filter(|_| key), ..local(rules, lexicons) };
    let faults = Detectors::with_local(&patterns, &lists, &files).err();
    faults.map(|faults| faults.0[0].to_string()).unwrap_or_default()
}

fn read(detectors: &Detectors, text: &str, sender: &str, day: jiff::civil::Date) -> Detection {
    let context = Context {
        date: day,
        sender: Address::parse(sender).ok(),
        recipients: Vec::new(),
        display_names: Vec::new(),
    };
    detect(detectors, &[segment(text, Region::Body, None, Boundary::Part)], &context)
}

fn kinds(detection: &Detection) -> Vec<(Kind, Confidence)> {
    detection.findings.iter().map(|finding| (finding.kind, finding.confidence)).collect()
}

const NAS: &str = "NAS : 130 692 544";
const TODAY: jiff::civil::Date = date(2026, 11, 28);

#[test]
fn the_sample_of_local_d_loads_and_proves_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/local.d/sample");
    let (patterns, lists) = shipped();
    let sample =
        LocalFiles { rules: files(&root, "toml"), lexicons: files(&root.join("lexicons"), "txt"), key: None };
    let detectors =
        Detectors::with_local(&patterns, &lists, &sample).unwrap_or_else(|faults| panic!("{faults}"));
    let told: Vec<String> = detectors.check().failures.iter().map(ToString::to_string).collect();
    assert_eq!(told, Vec::<String>::new());
    assert!(detectors.rules().iter().all(|rule| rule.id != "nam-partial"));
    assert_ne!(detectors.digest(), super::detectors().digest());
}

#[test]
fn an_own_word_against_an_own_stop_word_and_own_bits_change_a_shipped_rule() {
    let plain = read(super::detectors(), "Le gabarit : NAS 130 692 544", "", TODAY);
    assert_eq!(kinds(&plain), [(Kind::Nas, Confidence::High)]);
    let detectors = with("[[override]]\nrule = \"nas\"\nreason = \"r\"\nevidence = { label = 2.0 }\n", &[]);
    assert_eq!(kinds(&read(&detectors, NAS, "", TODAY)), []);
    let detectors = with("[[disable]]\nrule = \"nas\"\nreason = \"r\"\n", &[]);
    assert_eq!(kinds(&read(&detectors, NAS, "", TODAY)), []);
}

fn exception(what: &str) -> String {
    format!("[[exception]]\nkinds = [\"nas\"]\nreason = \"r\"\nauthor = \"a\"\ndate = 2026-11-20\n{what}\n")
}

#[test]
fn an_exception_holds_in_its_scope_and_until_its_last_day() {
    let digest = Key::read(KEY).unwrap().digest(Kind::Nas, "130692544");
    assert!(!digest.contains("130692544"));
    let found = vec![(Kind::Nas, Confidence::High)];
    for (what, sender, day, left) in [
        (format!("value = \"{digest}\""), "", TODAY, vec![]),
        ("public = \"130-692-544\"".to_owned(), "", TODAY, vec![]),
        ("pattern = '1306[0-9]{5}'".to_owned(), "", TODAY, vec![]),
        ("pattern = '1306[0-9]{4}'".to_owned(), "", TODAY, found.clone()),
        ("public = \"123 456 782\"".to_owned(), "", TODAY, found.clone()),
        ("public = \"130692544\"\nuntil = 2026-11-28".to_owned(), "", TODAY, vec![]),
        ("public = \"130692544\"\nuntil = 2026-11-27".to_owned(), "", TODAY, found.clone()),
        ("public = \"130692544\"\nsenders = [\"Paie.example\"]".to_owned(), "x@paie.example", TODAY, vec![]),
        (
            "public = \"130692544\"\nsenders = [\"paie.example\"]".to_owned(),
            "x@y.example",
            TODAY,
            found.clone(),
        ),
        ("public = \"130692544\"\nregions = [\"subject\"]".to_owned(), "", TODAY, found.clone()),
        ("public = \"130692544\"\ncolumns = [\"no\"]".to_owned(), "", TODAY, found),
    ] {
        let detection = read(&with(&exception(&what), &[]), NAS, sender, day);
        assert_eq!(kinds(&detection), left, "{what}");
    }
}

#[test]
fn an_exception_of_a_column_holds_under_its_header_alone() {
    let detectors = with(&exception("public = \"130692544\"\ncolumns = [\"Gabarit NAS\"]"), &[]);
    let context = Context { date: TODAY, sender: None, recipients: Vec::new(), display_names: Vec::new() };
    for (header, expected) in [("Gabarit NAS", 0), ("NAS", 1)] {
        let rows: &[&[&str]] = &[&["Poste", header], &["12", "130692544"]];
        assert_eq!(detect(&detectors, &table(rows), &context).findings.len(), expected, "{header}");
    }
}

#[test]
fn own_numbers_and_names_of_the_establishment_are_no_patient() {
    let text = "OHIP 4505550105";
    let rules = "[site]\nphones = [\"450 555-0105\"]\n";
    let before = read(super::detectors(), text, "", TODAY).findings.len();
    let after = read(&with(rules, &[]), text, "", TODAY).findings.len();
    assert_eq!((before, after), (1, 0));
}

#[test]
fn own_terms_join_a_list_and_leave_it() {
    let text = "Patient : Zyxwia Qwertov, glioblastome confirmé";
    let health = |detectors: &Detectors| {
        read(detectors, text, "", TODAY)
            .findings
            .iter()
            .filter(|one| one.kind == Kind::HealthTermCluster)
            .count()
    };
    assert_eq!(
        health(&with("", &[("lexicons/health.txt", "zyxwia\tsensitive\n-zyxwia\n")])),
        health(super::detectors())
    );
    let detectors = with("", &[("lexicons/health.remove.txt", "glioblastome\nconfirmé\n")]);
    assert!(health(&detectors) <= health(super::detectors()));
    assert_ne!(detectors.digest(), super::detectors().digest());
}

const RULE: &str = "[[rule]]\nid = \"x\"\nkind = \"nas\"\npattern = 'a[0-9]{9}'\ndigits = 9\nevidence = { shape = 1.0 }\nreferences = [\"r\"]\nexamples = [{ text = \"a123456789\", value = \"A123456789\" }]\ncounter_examples = [{ text = \"b\", because = \"c\" }]\n";

#[test]
fn what_is_wrong_is_told_with_its_place_and_a_remedy() {
    let rule = |old: &str, new: &str| RULE.replace(old, new);
    let change = |what: &str| format!("[[override]]\nrule = \"nas\"\nreason = \"r\"\n{what}\n");
    for (text, expected) in [
        (rule("", ""), ""),
        (
            rule("\"x\"", "\"nas\""),
            "local.toml:1:1: the id nas is taken, at nas.toml:3; give yours another id, or change",
        ),
        (
            rule("{9}", "+"),
            "local.toml:4:11: the pattern is costly: a repetition in it has no upper bound; bound it",
        ),
        (rule("a[0-9]{9}", "(?:\\w{1,9}|\\d{1,9}){1,9}"), "local.toml:4:11: the pattern is costly: "),
        (
            rule("a[0-9]{9}", "ab(c"),
            "local.toml:4:14: the pattern does not compile: unclosed group; correct it",
        ),
        (
            rule("digits = 9", "digits = 900"),
            "local.toml:5:10: no rule can ask for so many digits; give from 1 to 64",
        ),
        (rule("shape = 1.0", "shape = nan"), "local.toml:6:22: so many bits mean nothing"),
        (rule("shape", "sahpe"), "local.toml:6:14: no such fact; did you mean shape?"),
        (
            rule("digits = 9", "digits = 9\nanchors = [\"x\"]"),
            "local.toml:2:6: the rule must start from one thing; give `digits` (with or without",
        ),
        (rule("digits = 9", "columns_only = true"), "local.toml:2:6: the rule must start from one thing"),
        (
            change("anchors = [\"x\"]"),
            "local.toml:4:12: the rule nas starts from no words; give words that speak for a match",
        ),
        (
            rule("digits = 9", "digits = 0"),
            "local.toml:5:10: no rule can ask for so many digits; give from 1",
        ),
        (
            rule("digits = 9", "anchors = [\"\"]"),
            "local.toml:5:12: the word is empty; write one, or remove it",
        ),
        (
            rule("digits = 9", "digits = 9\ncontext = { near = 18446744073709551615, words = [\"a\"] }"),
            "local.toml:6:",
        ),
        (
            change("stop_words = [\"A\"]").replace("nas", "nsa"),
            "local.toml:2:8: no shipped rule has this id: nsa; did you mean nas?",
        ),
        (change(""), "local.toml:1:1: the override changes nothing; add context, against"),
        (
            change("stop_words = [\"A\"]").replace("\"r\"", "\" \""),
            "local.toml:3:10: `reason` is empty; say why",
        ),
        (change("contex = [\"a\"]"), "local.toml:4:1: unknown field `contex`"),
        ("[[disable]]\nrule = \"nas\"\n".to_owned(), "local.toml:1:1: missing field `reason`"),
        (
            "[[disable]]\nrule = \"nas\"\nreason = \"r\"\n[[disable]]\nrule = \"nas\"\nreason = \"r\"\n"
                .to_owned(),
            "local.toml:5:8: the rule is switched off already: nas",
        ),
        (
            exception("public = \"1\"\npattern = '1'"),
            "local.toml:1:1: an exception has exactly one of `value`, `public`",
        ),
        (
            exception("value = \"130692544\""),
            "local.toml:6:9: `value` is not a digest; `vaguemestre rules digest` makes one",
        ),
        (
            exception("public = \"1\"\nuntil = \"demain\""),
            "local.toml:7:9: not a day; write it as 2026-11-30",
        ),
        (exception("public = \" \""), "local.toml:6:10: the value is empty"),
        (
            exception("public = \"1\"\nregions = [\"corps\"]"),
            "local.toml:7:12: unknown variant `corps`, expected one of `subject`",
        ),
        (
            "[site]\nphones = [\"poste 5500\"]\n".to_owned(),
            "local.toml:2:11: not a telephone number; write ten digits",
        ),
        (
            "[[counter_example]]\nkind = \"nom\"\ntext = \"a\"\nbecause = \"b\"\n".to_owned(),
            "local.toml:2:8: no such kind; use one of nam",
        ),
        ("[[exeption]]\n".to_owned(), "local.toml:1:3: unknown field `exeption`, expected one of"),
        ("[[rule]\n".to_owned(), "local.toml:1:"),
    ] {
        let told = fault(&text, &[], true);
        let fits = if expected.is_empty() { told.is_empty() } else { told.starts_with(expected) };
        assert!(fits, "{text}\nexpected {expected}\ngot      {told}");
    }
    let value = exception("value = \"hmac:00112233445566778899aabbccddeeff\"");
    assert!(fault(&value, &[], false).starts_with("local.toml:6:9: the key of the digests is missing"));
}

#[test]
fn a_bad_line_of_a_list_is_told_with_its_place_and_a_remedy() {
    let long = format!("mot\n{}\n", "a".repeat(121));
    for (name, text, expected) in [
        ("health.txt", "mot\tsensitive\n", ""),
        (
            "health.txt",
            "mot\n\tsensitive\n",
            "health.txt:2:1: a tag without a term; write the term before the tab",
        ),
        ("health.txt", "mot\tsensible\n", "health.txt:1:5: no such tag; use sensitive, or none"),
        (
            "places.txt",
            "mot\tsensitive\n",
            "places.txt:1:5: no such tag; this list has no tags; leave it out",
        ),
        ("health.txt", "mot\nm\u{fffd}t\n", "health.txt:2:2: a character that is no text; save the list"),
        ("health.txt", "mo\0t\n", "health.txt:1:3: a character that is no text"),
        ("health.txt", "-\n", "health.txt:1:1: nothing to take out; write the term after the -"),
        ("health.txt", "\u{200b}\n", "health.txt:1:1: a term that no text holds; write letters or digits"),
        (
            "health.txt",
            long.as_str(),
            "health.txt:2:1: a term of more than 120 characters; give one term a line",
        ),
        ("helath.txt", "mot\n", "helath.txt: no list has this name; did you mean health.txt?"),
        ("diagnostics.txt", "mot\n", "diagnostics.txt: no list has this name; the lists are given-names"),
    ] {
        let told = fault("", &[(name, text)], true);
        let fits = if expected.is_empty() { told.is_empty() } else { told.starts_with(expected) };
        assert!(fits, "{text:?}\nexpected {expected}\ngot      {told}");
    }
    let noise = "\u{1}\n".repeat(1_000);
    let (patterns, lists) = shipped();
    let files = local("", &[("health.txt", noise.as_str())]);
    assert_eq!(Detectors::with_local(&patterns, &lists, &files).unwrap_err().0.len(), 21);
}

#[test]
fn a_list_of_a_hundred_megabytes_is_refused_at_once() {
    let told = fault("", &[("health.txt", "mot\n".repeat(25_000_000).as_str())], true);
    assert!(told.starts_with("health.txt: the list has 100000000 bytes"), "{told}");
    let told = fault(&"# ".repeat(1_000_000), &[], true);
    assert!(told.starts_with("local.toml: the file has 2000000 bytes"), "{told}");
}

#[test]
fn check_shows_what_shadows_duplicates_contradicts_and_hides() {
    let shipped = include_str!("../../patterns/nas.toml");
    let twin = shipped.lines().find(|line| line.starts_with("pattern = ")).unwrap();
    let rule = format!(
        "[[rule]]\nid = \"x\"\nkind = \"nas\"\n{twin}\ndigits = 9\nvalidators = [\"nas\"]\nevidence = {{ shape = 1.0 }}\nreferences = [\"r\"]\nexamples = [{{ text = \"NAS 130692544\", value = \"130692544\" }}]\ncounter_examples = [{{ text = \"b\", because = \"c\" }}]\ncontext = {{ near = 9, words = [\"été\", \"ete\", \"lot\"] }}\nagainst = {{ near = 9, words = [\"LOT\"] }}\n"
    );
    let change = "[[override]]\nrule = \"nas\"\nreason = \"r\"\nstop_words = [\"1306\"]\n";
    let topics: Vec<(Topic, String)> = shadows(&with(&format!("{rule}{change}"), &[]))
        .into_iter()
        .filter(|remark| remark.local)
        .map(|remark| (remark.topic, remark.fault.to_string()))
        .collect();
    for (topic, expected) in [
        (Topic::Duplicate, "local.toml:1:1: rule x: its pattern is that of rule nas (nas.toml:3)"),
        (Topic::Duplicate, "local.toml:1:1: rule x: \"ete\" stands twice"),
        (Topic::Contradiction, "local.toml:1:1: rule x: \"LOT\" speaks for and against"),
        (
            Topic::Hides,
            "local.toml:13:1: the stop word 1306 silences the example \"NAS : 130 692 544\" of rule nas",
        ),
    ] {
        assert!(
            topics.iter().any(|(own, told)| *own == topic && told.starts_with(expected)),
            "{expected}\n{topics:#?}"
        );
    }
}

#[test]
fn a_rule_whose_every_example_another_takes_is_in_its_shadow() {
    let rule = RULE
        .replace("a[0-9]{9}", "[0-9]{3} [0-9]{3} [0-9]{3}")
        .replace("kind = \"nas\"", "kind = \"nas\"\nvalidators = [\"nas\"]");
    let rule = rule.replace(
        "text = \"a123456789\", value = \"A123456789\"",
        "text = \"NAS 130 692 544\", value = \"130692544\"",
    );
    let remarks = shadows(&with(&rule, &[]));
    let told = remarks
        .iter()
        .find(|remark| remark.local && remark.topic == Topic::Shadow)
        .map(|remark| remark.fault.to_string());
    let expected = "local.toml:1:1: rule x: every example is found by nas (nas.toml:3), with more evidence";
    assert!(told.as_deref().is_some_and(|told| told.starts_with(expected)), "{remarks:#?}");
}

#[test]
fn check_shows_terms_that_stand_twice_or_contradict() {
    let list = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let shipped = [list("patient-before.txt", "# x\nsuivi de\n"), list("contact-before.txt", "merci à\n")];
    let local = [
        list("local/patient-before.txt", "Suivi de\nmerci a\n-absent\n"),
        list("local/contact-before.txt", "vu\nvu\nva\n-va\n"),
    ];
    let remarks = lists(Sources { shipped: &shipped, local: &local });
    let told: Vec<String> = remarks.iter().map(|remark| remark.fault.to_string()).collect();
    for expected in [
        "local/patient-before.txt:1:1: `suivi de` ships already, at patient-before.txt:2; remove the line",
        "local/patient-before.txt:3:1: `absent` is taken out of a list that does not hold it; remove the line",
        "local/contact-before.txt:2:1: `vu` stands at local/contact-before.txt:1 already",
        "local/contact-before.txt:4:1: `va` is added at local/contact-before.txt:3 and taken out here",
        "local/patient-before.txt:2:1: `merci a` speaks the other way in contact-before.txt:1",
    ] {
        assert!(told.iter().any(|one| one.starts_with(expected)), "{expected}\n{told:#?}");
    }
}
