//! Plain text, and any textual format without a reader of its own: JSON, XML, HL7, logs, source code.

use super::Format;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::embedded;
use crate::model::{Boundary, GapReason, ProtectionKind, Region};
use crate::protection::pgp;

/// Takes any text.
pub const FORMAT: Format = Format { name: "text", claims: |_| true, read };

fn read(source: &Source<'_>, sink: &mut Sink) {
    for block in embedded::blocks(&source.bytes) {
        sink.child(Some(block.name), "", block.bytes);
    }
    let text = source.text();
    let text = if source.media.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) {
        flowed(&text, source.media.get("delsp").is_some_and(|word| word.eq_ignore_ascii_case("yes")))
    } else {
        text
    };
    let text = without_armor(text, sink);
    sink.text(Region::Body, text, Boundary::Block);
}

/// Takes the armored OpenPGP messages out of a text and tells what they are.
fn without_armor(text: String, sink: &mut Sink) -> String {
    let blocks = pgp::blocks(&text);
    if blocks.is_empty() {
        return text;
    }
    let mut clear = String::new();
    let mut from = 0;
    for block in &blocks {
        clear.push_str(text.get(from..block.range.start).unwrap_or_default());
        from = block.range.end;
    }
    clear.push_str(text.get(from..).unwrap_or_default());
    for block in blocks {
        if block.encrypted {
            sink.protection(ProtectionKind::Pgp, false)
        } else {
            sink.gap(GapReason::Unsupported)
        }
    }
    clear
}

/// Joins the lines of a flowed paragraph (RFC 3676, 4.2): a line that ends with a space runs on, but for the signature mark.
fn flowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let runs_on = line.ends_with(' ') && line != "-- ";
        let same_depth = lines.peek().is_some_and(|next| depth(next) == depth(line) && *next != "-- ");
        let kept = if runs_on && delsp { line.strip_suffix(' ').unwrap_or(line) } else { line };
        out.push_str(kept);
        if lines.peek().is_some() && !(runs_on && same_depth && depth(line) == 0) {
            out.push('\n');
        }
    }
    out
}

fn depth(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b'>').count()
}

#[cfg(test)]
mod tests {
    use super::flowed;

    /// RFC 3676, 4.2: "If the line ends in a space, the line is flowed."
    #[test]
    fn flowed_lines_run_on() {
        assert_eq!(flowed("NAM TREM \n0412 1925\nfin", false), "NAM TREM 0412 1925\nfin");
        assert_eq!(flowed("TREM \n0412", true), "TREM0412");
        assert_eq!(flowed("a\n-- \nb \n> c", false), "a\n-- \nb \n> c");
    }
}
