//! From list files, or the JSON of `scan --recipients`, to compiled lists.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::model::{Class, Fault, Faults};

use super::entry::Entry;
use super::table::Table;
use super::{ListErrors, Listed, Lists};

/// A list file: entries of one class, with where they come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    class: Spanned<Class>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "compiled")]
    _compiled: String,
    #[serde(default)]
    domains: Vec<Spanned<String>>,
    #[serde(default)]
    addresses: Vec<Spanned<String>>,
    #[serde(default)]
    verified_tls: Vec<Spanned<String>>,
}

/// Lists of domains by class, as `scan --recipients` takes them. An entry with an `@` is an address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawJson {
    internal: Vec<String>,
    network: Vec<String>,
    partner: Vec<String>,
    webmail: Vec<String>,
}

impl Lists {
    /// Compiles list files, given as (name, text).
    ///
    /// # Errors
    /// Every fault found, each with file, line, column and what to do.
    pub fn compile(files: &[(String, String)]) -> Result<Self, ListErrors> {
        let mut faults = Vec::new();
        let mut table = Table::default();
        for (file, text) in files {
            match toml::from_str::<RawList>(text) {
                Ok(raw) => add_file(&mut table, file, text, &raw, &mut faults),
                Err(error) => {
                    let offset = error.span().map_or(0, |span| span.start);
                    faults.push(Fault::at(file, text, offset, error.message(), ""));
                }
            }
        }
        let digest = digest(files.iter().flat_map(|(file, text)| [file.as_str(), text]));
        Faults(faults).or(Self { table, digest })
    }

    /// Compiles the lists of `scan --recipients FILE`: `{"internal": […], "network": […], "partner": […], "webmail": […]}`.
    ///
    /// # Errors
    /// What is not JSON, not a known class, or not a domain.
    pub fn from_json(file: &str, text: &str) -> Result<Self, ListErrors> {
        let raw: RawJson =
            serde_json::from_str(text).map_err(|error| Faults(vec![json_fault(file, &error)]))?;
        let classes = [
            (Class::Internal, raw.internal),
            (Class::Network, raw.network),
            (Class::Partner, raw.partner),
            (Class::Webmail, raw.webmail),
        ];
        let mut faults = Vec::new();
        let mut table = Table::default();
        for (class, entries) in classes {
            for text in entries {
                let entry = if text.contains('@') { Entry::address(&text) } else { Entry::domain(&text) };
                let added = entry.and_then(|entry| {
                    table.add(entry, listed(class, false)).map_err(|_| "another class lists it too")
                });
                if let Err(what) = added {
                    faults.push(Fault::whole(file, format!("`{text}` under `{}`: {what}", class.name()), ""));
                }
            }
        }
        Faults(faults).or(Self { table, digest: digest([file, text]) })
    }
}

fn add_file(table: &mut Table, file: &str, text: &str, raw: &RawList, faults: &mut Vec<Fault>) {
    let class = *raw.class.get_ref();
    if class == Class::External {
        let what = "external is what no list names";
        faults.push(Fault::at(
            file,
            text,
            raw.class.span().start,
            what,
            "write internal, network, partner or webmail",
        ));
    }
    if class != Class::Partner
        && let Some(first) = raw.verified_tls.first()
    {
        let what = "only partners have `verified_tls`";
        faults.push(Fault::at(file, text, first.span().start, what, "move these lines to `domains`"));
    }
    let domains = raw.domains.iter().map(|text| (text, Entry::domain(text.get_ref()), false));
    let verified = raw.verified_tls.iter().map(|text| (text, Entry::domain(text.get_ref()), true));
    let addresses = raw.addresses.iter().map(|text| (text, Entry::address(text.get_ref()), false));
    for (written, entry, verified) in domains.chain(verified).chain(addresses) {
        let added = match entry {
            Ok(entry) => table.add(entry, listed(class, verified)).map_err(|earlier| {
                let what = format!("`{}` is already listed as {}", written.get_ref(), earlier.class.name());
                (what, "keep it in one list")
            }),
            Err(what) => Err((format!("`{}`: {what}", written.get_ref()), "correct or remove the entry")),
        };
        if let Err((what, remedy)) = added {
            faults.push(Fault::at(file, text, written.span().start, what, remedy));
        }
    }
}

/// A partner counts as external, or as network when its transport encryption is verified.
fn listed(class: Class, verified_tls: bool) -> Listed {
    let counts_as = match class {
        Class::Partner if verified_tls => Class::Network,
        Class::Partner => Class::External,
        other => other,
    };
    Listed { class, counts_as }
}

fn json_fault(file: &str, error: &serde_json::Error) -> Fault {
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default().to_owned();
    let remedy = "give lists of domains under internal, network, partner, webmail".to_owned();
    Fault { file: file.to_owned(), line: error.line(), column: error.column(), what, remedy }
}

fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Lists;
    use crate::model::{Address, Class};

    fn errors(text: &str) -> String {
        let head = "source = \"t\"\ncompiled = \"2026-11\"\n";
        Lists::compile(&[("x.toml".into(), format!("{head}{text}"))]).unwrap_err().to_string()
    }

    #[test]
    fn a_broken_list_tells_where_and_what_to_do() {
        let table = [
            ("class = \"intern\"", "x.toml:3:9: unknown variant `intern`"),
            ("class = \"external\"", "x.toml:3:9: external is what no list names; write internal"),
            ("class = \"network\"\ndomain = []", "x.toml:4:1: unknown field `domain`"),
            ("class = \"network\"\ndomains = [\"a.b\", \"ca\"]", "x.toml:4:19: `ca`: this is no domain"),
            ("class = \"network\"\nverified_tls = [\"a.b\"]", "x.toml:4:17: only partners"),
            (
                "class = \"partner\"\ndomains = [\"a.b\"]\nverified_tls = [\"a.b\"]",
                "x.toml:5:17: `a.b` is already listed as partner",
            ),
        ];
        for (text, expected) in table {
            let got = errors(text);
            assert!(got.starts_with(expected), "{expected}\n{got}");
        }
    }

    #[test]
    fn the_json_of_scan_replaces_the_lists() {
        let json = r#"{"internal": ["a.example"], "network": ["*.b.example"], "webmail": ["poste.example"]}"#;
        let lists = Lists::from_json("d.json", json).unwrap();
        let class = |address: &str| lists.classify(&Address::parse(address).unwrap()).0;
        assert_eq!(class("x@a.example"), Class::Internal);
        assert_eq!(class("x@c.b.example"), Class::Network);
        assert_eq!(class("x@poste.example"), Class::Webmail);
        assert_eq!(class("x@gmail.com"), Class::External);
        let wrong = Lists::from_json("d.json", "{\"intern\": []}").unwrap_err().to_string();
        assert!(wrong.starts_with("d.json:1:9: unknown field `intern`"), "{wrong}");
    }
}
