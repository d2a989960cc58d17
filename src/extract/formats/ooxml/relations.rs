//! Relations of a part to others (ECMA-376-2, 9.3): where a part stands its relations tell, and any path will do.

use crate::extract::formats::markup::{self, Token};
use crate::extract::formats::zip::Archive;
use crate::extract::sink::Sink;

/// A relation.
#[derive(Debug)]
pub struct Relation {
    /// Its name in the part.
    pub id: String,
    /// The last word of its type, which is an address: `styles`.
    pub kind: String,
    /// The part that it leads to, as written.
    pub target: String,
}

/// The relations of a part; those of the package itself for an empty path.
#[must_use]
pub fn relations(archive: &Archive<'_>, part: &str, sink: &mut Sink) -> Vec<Relation> {
    let folder = folder(part);
    let file = part.strip_prefix(folder).unwrap_or(part);
    let mut relations = Vec::new();
    if let Some(member) = archive.find(&format!("{folder}_rels/{file}.rels")) {
        let ending = markup::events(&member.unpack(sink), sink.limits, |token| {
            if let Token::Open(element) = token {
                let value = |name: &str| element.get(name).unwrap_or_default();
                let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation {
                    id: value("Id").into_owned(),
                    kind,
                    target: value("Target").into_owned(),
                });
            }
        });
        ending.tell_cut(sink);
    }
    relations
}

/// The folder of a part, with the slash that ends it.
#[must_use]
pub fn folder(part: &str) -> &str {
    part.rfind('/').and_then(|at| part.get(..=at)).unwrap_or_default()
}

/// The path of a part that is named from a folder, in lower case.
#[must_use]
pub fn resolved(folder: &str, target: &str) -> String {
    let whole = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{folder, resolved};

    #[test]
    fn paths_are_followed() {
        for (part, target, path) in [
            ("xl/workbook.xml", "worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/book/a.xml", "book/a.xml"),
            ("xl/workbook.xml", "../styles.xml", "styles.xml"),
            ("workbook.xml", "./a.xml", "a.xml"),
            ("", "../../a.xml", "a.xml"),
        ] {
            assert_eq!(resolved(folder(part), target), path);
        }
    }
}
