//! Entries of a directory, LDIF (RFC 2849), as programs export address books: a line for each attribute, folded, in base64 where it has accents.

use super::{Format, content_line};
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::{self, charset};
use crate::model::{Boundary, Region};

/// Takes text that opens with the name of an entry, or with the version before it.
pub const FORMAT: Format = Format { behind: false, name: "ldif", claims, read };

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(256);
    let mut lines = opening.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut said = lines
        .by_ref()
        .skip_while(|line| line.is_empty() || line.starts_with(b"#") || line.starts_with(b"version:"));
    // A name has attributes of its own, unless base64 hides them.
    said.next()
        .is_some_and(|line| line.starts_with(b"dn::") || line.starts_with(b"dn:") && line.contains(&b'='))
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let mut entry = String::new();
    for line in content_line::unfolded(&source.text()) {
        match line.split_once(':') {
            Some((name, value)) => {
                if name == "dn" {
                    sink.text(Region::Body, std::mem::take(&mut entry), Boundary::Block);
                }
                attribute(name, value, &mut entry, sink);
            }
            None => {
                entry.push_str(&line);
                entry.push('\n');
            }
        }
    }
    sink.text(Region::Body, entry, Boundary::Block);
}

/// Adds an attribute to its entry; a picture or a key is a file inside.
fn attribute(name: &str, value: &str, entry: &mut String, sink: &mut Sink) {
    let value = match value.strip_prefix(':') {
        None => value.trim().to_owned(),
        Some(letters) => {
            let bytes = mime::base64(letters.trim().as_bytes()).bytes;
            if !kind::is_text(&bytes) {
                return sink.encoded_child(None, "", letters.trim().as_bytes());
            }
            charset::decode(&bytes, None)
        }
    };
    entry.push_str(&format!("{name}: {value}\n"));
}
