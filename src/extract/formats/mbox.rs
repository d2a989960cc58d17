//! Mailboxes (RFC 4155, `mboxrd` and its like): messages one after another, each behind a line that starts with `From `.

use memchr::memmem;

use super::Format;
use crate::extract::sink::Sink;
use crate::extract::source::Source;

/// Takes what opens with such a line and holds another one; a message behind a single one is a message.
pub const FORMAT: Format = Format { behind: false, name: "mbox", claims, read };

fn claims(source: &Source<'_>) -> bool {
    source.bytes.starts_with(b"From ") && starts(&source.bytes).nth(1).is_some()
}

/// Where the messages of a mailbox begin: a `From ` line after an empty line, before a header field.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let after_empty = |at: &usize| {
        let before = bytes.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n")
    };
    let before_field = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        let name =
            line.iter().take(80).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
        name > 0 && line.get(name) == Some(&b':')
    };
    memmem::find_iter(bytes, b"From ").filter(after_empty).filter(before_field)
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let starts: Vec<usize> = starts(bytes).collect();
    let ends = starts.iter().copied().skip(1).chain([bytes.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let message = bytes.get(start..end).unwrap_or_default();
        let body =
            memchr::memchr(b'\n', message).and_then(|line| message.get(line + 1..)).unwrap_or_default();
        sink.child(None, "message/rfc822", body.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::starts;

    #[test]
    fn a_sentence_that_starts_so_begins_no_message() {
        let mailbox = b"From a@b.example Mon\nSubject: x\n\nFrom here on: nothing.\n\nFrom now on\nwe wait\n\nFrom c\r\nTo: d\n\ne\n";
        assert_eq!(starts(mailbox).collect::<Vec<_>>(), [0, 78]);
    }
}
