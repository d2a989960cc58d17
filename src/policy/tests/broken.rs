//! Policy files that do not load, and what is said of them.

use crate::policy::Policy;

const CASE: &str = "[[article.case]]\ngiven = { forwarded = true, to = [\"internal\"] }\nthen = \"warn\"\n";

/// An article that loads; `edit` replaces one of its lines.
fn article(line: &str, edit: &str) -> String {
    let head = "[[article]]\nid = \"a-b\"\ncites = \"c\"\nsays = \"s\"\nsays_en = \"e\"\nwhen = { forwarded = true }\nverdict = \"warn\"\nnotice = \"n\"\n";
    let text = format!("{head}{CASE}");
    assert!(text.contains(line), "{line}");
    text.replace(line, edit)
}

fn errors(text: &str) -> String {
    match Policy::compile(&[("x.toml".to_owned(), text.to_owned())]) {
        Ok(_) => panic!("loaded:\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn the_article_the_table_breaks_loads_whole() {
    let policy = Policy::compile(&[("x.toml".to_owned(), article("", ""))]).unwrap();
    assert!(policy.check().is_empty());
}

#[test]
fn a_broken_article_tells_where_and_what_to_do() {
    let crisis = "[[exception]]\nid = \"crisis\"\nwhen = { found = [\"crisis\"] }\nconcerns = \"warn\"\n";
    let table = [
        (article(CASE, ""), "x.toml:2:6: no case shows the article at work; add an [[article.case]]"),
        (article("then = \"warn\"", "then = \"accept\""), "x.toml:2:6: no case shows the article at work"),
        (article("then = \"warn\"", "then = \"reject\""), "x.toml:2:6: no case shows"),
        (
            article("id = \"a-b\"", "id = \"A.b\""),
            "x.toml:2:6: `id` must be lower-case letters, digits and hyphens; rename it",
        ),
        (article("says = \"s\"", "says = \" \""), "x.toml:4:8: `says` is empty; people read it"),
        (article("says_en = \"e\"\n", ""), "x.toml:1:1: missing field `says_en`"),
        (
            article("verdict = \"warn\"", "verdict = \"accept\""),
            "x.toml:7:11: an article cannot ask to accept; write",
        ),
        (
            article("verdict = \"warn\"", "verdict = \"hold\""),
            "x.toml:7:11: unknown variant `hold`, expected one of `accept`, `warn`",
        ),
        (article("notice = \"n\"", "notce = \"n\""), "x.toml:8:1: unknown field `notce`"),
        (
            article("{ forwarded = true }", "{}"),
            "x.toml:6:8: there is no condition: the article would always apply",
        ),
        (
            article("{ forwarded = true }", "{ forwarded = false }"),
            "x.toml:6:22: only `true` has a meaning here",
        ),
        (
            article("{ forwarded = true }", "{ forwarde = true }"),
            "x.toml:6:10: unknown field `forwarde`, expected one of `confidential`",
        ),
        (
            article("{ forwarded = true }", "true"),
            "x.toml:6:8: invalid type: boolean `true`, expected a table of conditions, such as confidential = true; found",
        ),
        (article("{ forwarded = true }", "{ found = [] }"), "x.toml:6:18: the list is empty"),
        (
            article("{ forwarded = true }", "{ found = [\"nom\"] }"),
            "x.toml:6:18: expected a list of kinds of findings",
        ),
        (
            article("{ forwarded = true }", "{ recipients = { at_least = 0 } }"),
            "x.toml:6:36: `at_least` counts from 1",
        ),
        (
            article("{ forwarded = true }", "{ recipients = { any_of = [\"partner\"] } }"),
            "x.toml:6:23: no article sees a partner",
        ),
        (
            article("notice = \"n\"", "notice = \"n\"\nunless = [\"fete\"]"),
            "x.toml:9:11: no exception is called `fete`; define it",
        ),
        (
            format!("{crisis}{}", article("", "")),
            "x.toml:6:6: every warn article must take a stand on `crisis`; add unless",
        ),
        (
            format!("{0}{0}", article("", "")),
            "x.toml:13:6: the article `a-b` stands twice, first at x.toml:2; rename one",
        ),
        (format!("{crisis}{crisis}"), "x.toml:6:6: the exception `crisis` is defined twice"),
        (article("to = [\"internal\"]", "to = []"), "x.toml:9:1: the case has no recipient; give classes"),
        (article("to = [\"internal\"]", "to = [\"interne\"]"), "x.toml:10:35: unknown variant `interne`"),
        (
            article("to = [", "findings = [\"nom\"], to = ["),
            "x.toml:10:41: no kind of finding is called `nom`",
        ),
        ("[[article]".to_owned(), "x.toml:1:"),
        (String::new(), "policy: there is no article; put at least one"),
    ];
    for (text, expected) in table {
        let got = errors(&text);
        assert!(got.starts_with(expected), "{text}\nexpected {expected}\ngot      {got}");
    }
}

#[test]
fn faults_of_several_files_are_told_together() {
    let file = |name: &str, text: String| (name.to_owned(), text);
    let files =
        [file("a.toml", article("cites = \"c\"", "cites = \"\"")), file("b.toml", article("id =", "di ="))];
    let errors = Policy::compile(&files).unwrap_err().to_string();
    assert_eq!(errors.lines().count(), 2, "{errors}");
}

#[test]
fn what_two_files_define_differently_is_refused() {
    let floor = |name: &str| (name.to_owned(), "confidence = \"low\"\n".to_owned());
    let errors = Policy::compile(&[floor("a.toml"), floor("b.toml")]).unwrap_err().to_string();
    assert!(
        errors.starts_with("b.toml:1:14: another file says this already; keep it in one file"),
        "{errors}"
    );
}
