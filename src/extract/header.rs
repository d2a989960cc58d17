//! Header fields to segments.

use super::sink::Sink;
use crate::mime::Field;
use crate::mime::facts;
use crate::model::{Boundary, Region};

/// Fields that machines write for machines: traces, identifiers, signatures, structure. They are not read.
const MACHINE: &[&str] = &[
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "in-reply-to",
    "references",
    "date",
    "mime-version",
    "content-type",
    "content-disposition",
    "content-transfer-encoding",
    "content-id",
    "content-language",
    "content-length",
    "dkim-signature",
    "authentication-results",
    "received-spf",
    "thread-index",
    "user-agent",
    "x-mailer",
    "x-priority",
    "importance",
    "autocrypt",
    "x-originating-ip",
    "x-vaguemestre",
];

/// Starts of names of such fields.
const MACHINE_FAMILIES: &[&str] =
    &["arc-", "x-ms-exchange-", "x-google-", "x-spam-", "x-received", "x-forefront-"];

/// Fields of addresses: display names are read, addresses are not.
const ADDRESSES: &[&str] = &[
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "resent-from",
    "resent-sender",
    "resent-to",
    "resent-cc",
    "resent-bcc",
];

/// Most fields that get a segment of their own; further ones are joined into one.
const MOST: usize = 500;

/// Puts the subject and every field that people write or read.
pub fn read(fields: &[Field<'_>], sink: &mut Sink) {
    for subject in fields.iter().filter(|field| field.is("Subject")) {
        sink.text(Region::Subject, subject.text(), Boundary::Block);
    }
    let mut lines = fields.iter().filter_map(line);
    for line in lines.by_ref().take(MOST) {
        sink.text(Region::Header, line, Boundary::Block);
    }
    let rest = lines.collect::<Vec<_>>().join("\n");
    sink.text(Region::Header, rest, Boundary::Block);
}

/// A field as `Name: value`, when it is for people and says something.
fn line(field: &Field<'_>) -> Option<String> {
    let name = field.name.to_ascii_lowercase();
    let machine =
        MACHINE.contains(&name.as_str()) || MACHINE_FAMILIES.iter().any(|start| name.starts_with(start));
    let value = match name.as_str() {
        "subject" => return None,
        _ if machine => return None,
        _ if ADDRESSES.contains(&name.as_str()) => {
            let names = facts::display_names(field).into_iter().chain(facts::unparsed(field));
            names.collect::<Vec<_>>().join(", ")
        }
        _ => field.text(),
    };
    if value.is_empty() {
        return None;
    }
    Some(if name.is_empty() { value } else { format!("{}: {value}", field.name) })
}
