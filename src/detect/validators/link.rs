//! Links: the address as written, less the punctuation of the sentence it ends.

use super::{Found, Proof};

pub(super) fn link(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '"', '\'']);
    (value.len() > 4).then(|| Proof { value: value.to_owned(), facts: vec!["shape"], ..Proof::default() })
}
