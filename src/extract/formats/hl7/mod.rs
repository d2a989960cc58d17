//! HL7 version 2 messages (HL7 v2.5.1, chapters 2 and 3; segments, fields and escapes compiled by us, 2026-11).
//!
//! In: text that opens with `MSH`, `FHS` or `BHS`, or holds such a message somewhere. Out: one table for each person that
//! a message is about, the rest as running text, attached files as children. Separators are those that the
//! message declares.

mod delimiters;
mod person;
mod split;

use super::{Format, pasted};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use delimiters::Delimiters;

/// Takes what claims to be HL7 or opens like it; the framing of a lower layer may come first.
pub const FORMAT: Format =
    Format { behind: false, name: "hl7", claims, read: |source, sink| pasted::read(source.text(), sink) };

const MEDIAS: &[&str] = &[
    "application/hl7-v2",
    "x-application/hl7-v2+er7",
    "application/edi-hl7v2",
    "text/hl7",
    "application/hl7",
];

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(8);
    let opening = opening.strip_prefix(b"\x0B").unwrap_or(&opening);
    let opens = [b"msh", b"fhs", b"bhs"].iter().any(|name| opening.starts_with(*name))
        && opening.get(3).is_some_and(|byte| byte.is_ascii_punctuation());
    opens || source.claims(MEDIAS, &["hl7", "hl7v2", "er7"])
}

/// Whether a message opens at a place: its header, or the segment of a patient that somebody copied alone.
#[must_use]
pub fn opens(text: &str, at: usize) -> bool {
    let (Some(before), Some(rest)) = (text.get(..at), text.get(at..)) else { return false };
    let alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric())
        || before.ends_with("\\r")
        || before.ends_with("\\n");
    alone && (Delimiters::of(rest).is_some() || (rest.starts_with("PID|") && is_patient(rest)))
}

/// Enough fields to be a patient, not a word in a sentence.
fn is_patient(rest: &str) -> bool {
    let shown = rest.get(..rest.floor_char_boundary(400)).unwrap_or(rest);
    let shown = shown.split('\n').next().unwrap_or_default();
    shown.matches('|').count() >= 5 && shown.contains('^')
}

/// Puts the message that starts at a place; gives where it ends.
pub fn put(text: &str, start: usize, sink: &mut Sink) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut delimiters = Delimiters::of(rest).unwrap_or_default();
    let (segments, length) = split::segments(rest, &delimiters);
    let first = sink.segments.len();
    for segment in &segments {
        delimiters = Delimiters::of(segment).unwrap_or(delimiters);
        put_segment(segment, &delimiters, sink);
    }
    let shown = Delimiters::of(rest).unwrap_or_default();
    sink.written(first, &shown.unescaped(rest.get(..length).unwrap_or_default()));
    start + length
}

fn put_segment(segment: &str, delimiters: &Delimiters, sink: &mut Sink) {
    let fields: Vec<&str> = segment.split(delimiters.field).collect();
    let name = fields.first().copied().unwrap_or_default();
    if let Some(record) = person::record(name, &fields, delimiters) {
        return record.put(sink);
    }
    let attached = name == "OBX" && fields.get(2) == Some(&"ED");
    if attached && fields.get(5).is_some_and(|field| put_file(field, delimiters, sink)) {
        return;
    }
    let texts = fields.iter().map(|field| delimiters.plain(field)).filter(|text| !text.trim().is_empty());
    sink.named(name, texts.collect::<Vec<_>>().join("\n"));
}

/// Encapsulated data: source, type, subtype, encoding, content.
fn put_file(field: &str, delimiters: &Delimiters, sink: &mut Sink) -> bool {
    let parts: Vec<&str> = field.split(delimiters.component).collect();
    let [_, kind, subtype, encoding, content, ..] = parts.as_slice() else { return false };
    let base64 = encoding.eq_ignore_ascii_case("base64");
    if base64 {
        let media = format!("{kind}/{subtype}").to_lowercase();
        sink.encoded_child(None, &media, content.as_bytes());
    }
    base64
}

#[cfg(test)]
mod tests {
    use super::opens;

    #[test]
    fn a_message_opens_with_its_header_or_a_patient() {
        for (text, at, is) in [
            ("> MSH|^~\\&|A|B\n", 2, true),
            ("log:\\rMSH|^~\\&|A\\rPID|1", 6, true),
            ("FHS|^~\\&|A\nBHS|^~\\&|A\nMSH|^~\\&|A", 0, true),
            ("MSH#*~\\&#A#B", 0, true),
            ("voir PID|1||123^^^RAMQ^JHN||ROY^LEA", 5, true),
            ("MSH|A|B, le segment MSH-3 est vide", 0, false),
            ("le champ PID|5 du", 9, false),
            ("SMSH|^~\\&", 1, false),
        ] {
            assert_eq!(opens(text, at), is, "{text}");
        }
    }
}
