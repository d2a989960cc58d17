//! A message in reception: envelope, and the bytes of header and body as they were before the MTA took them apart.

use super::command::Arguments;
use super::refusal::Refusal;
use crate::model::{Address, AddressError, Envelope, Reports, ReportsOf};

/// One message, from MAIL on.
#[derive(Debug)]
pub(super) struct Draft {
    envelope: Envelope,
    part: Part,
    /// Header and body received and not yet moved to a file.
    bytes: Vec<u8>,
    /// All of them, wherever they are.
    size: u64,
    envelope_memory: usize,
    own: OwnFields,
    refusal: Option<Refusal>,
}

/// How far the message has come. Later parts never go back to earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Envelope,
    Data,
    Header,
    Body,
}

/// A whole message, as received.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
    pub(super) size: u64,
}

/// Header fields that arrived under our name, to be removed when the message passes: name as sent, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OwnFields(Vec<(Vec<u8>, u32)>);

impl Draft {
    /// Opens a message at MAIL.
    pub(super) fn new(sender: &[u8], arguments: Arguments<'_>) -> Self {
        let (sender, refusal) = match address(sender) {
            Ok(sender) => (Some(sender), None),
            Err(_) if matches!(sender.trim_ascii(), b"<>" | b"") => (None, None),
            Err(_) => (None, Some(Refusal::BadSender)),
        };
        let reports = Reports::of_mail(arguments.value("RET"), arguments.value("ENVID"));
        let smtputf8 = arguments.has("SMTPUTF8");
        Self {
            envelope: Envelope { sender, recipients: Vec::new(), smtputf8, reports },
            part: Part::Envelope,
            bytes: Vec::new(),
            size: 0,
            envelope_memory: 0,
            own: OwnFields::default(),
            refusal,
        }
    }

    /// Adds a recipient. One that cannot be understood refuses the whole message: it must not be judged without him.
    pub(super) fn recipient(&mut self, text: &[u8], arguments: Arguments<'_>) {
        match address(text) {
            Ok(address) if self.refusal.is_none() => {
                self.envelope_memory += text.len() + size_of::<Address>() + ALLOCATIONS;
                let (on, first_written) = (arguments.value("NOTIFY"), arguments.value("ORCPT"));
                if let Some(of) = ReportsOf::of_recipient(&address, on, first_written) {
                    self.envelope_memory +=
                        text.len() + arguments.len() + size_of::<ReportsOf>() + 2 * ALLOCATIONS;
                    self.envelope.reports.of.push(of);
                }
                self.envelope.recipients.push(address);
            }
            Ok(_) => {}
            Err(_) => self.refuse(Refusal::BadRecipient),
        }
    }

    pub(super) fn part(&self) -> Part {
        self.part
    }

    pub(super) fn data(&mut self) {
        self.part = Part::Data;
    }

    /// Adds a field as it stood in the message: folded lines come joined by LF and end in CRLF again.
    pub(super) fn field(&mut self, name: &[u8], value: &[u8], leading_space: bool) {
        self.part = Part::Header;
        if self.refusal.is_some() {
            return;
        }
        self.own.notice(name);
        let before = self.bytes.len();
        self.bytes.extend_from_slice(name);
        self.bytes.extend_from_slice(if leading_space { b":" } else { b": " });
        for (index, line) in value.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 {
                self.bytes.extend_from_slice(b"\r\n");
            }
            self.bytes.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        }
        self.bytes.extend_from_slice(b"\r\n");
        self.grown(before);
    }

    /// Adds the empty line after the header.
    pub(super) fn end_of_header(&mut self) {
        self.part = Part::Body;
        self.append(b"\r\n");
    }

    /// Adds a chunk of the body; an MTA that did not tell the end of the header ended it by this.
    pub(super) fn body(&mut self, chunk: &[u8]) {
        if self.part < Part::Body {
            self.end_of_header();
        }
        self.append(chunk);
    }

    /// Gives the message up: what was received is dropped, what follows is not kept, the end of message is answered
    /// with this. The first reason stands.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
        self.bytes = Vec::new();
        self.envelope.recipients = Vec::new();
        self.envelope.reports = Reports::default();
        self.own = OwnFields::default();
        self.envelope_memory = 0;
    }

    /// Size of the message so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Memory held for it.
    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + self.envelope_memory + self.own.memory()
    }

    /// Bytes that could move to a file.
    pub(super) fn pending(&self) -> usize {
        self.bytes.len()
    }

    /// Moves them out.
    pub(super) fn take_pending(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Closes the message: whole, or refused.
    pub(super) fn finish(mut self, last: &[u8]) -> Result<(Whole, OwnFields), Refusal> {
        self.body(last);
        let refusal =
            self.refusal.or_else(|| self.envelope.recipients.is_empty().then_some(Refusal::NoRecipient));
        refusal.map_or(Ok(()), Err)?;
        let Self { mut envelope, bytes, size, own, .. } = self;
        envelope.recipients = without_repeats(envelope.recipients);
        Ok((Whole { envelope, bytes, size }, own))
    }

    fn append(&mut self, bytes: &[u8]) {
        if self.refusal.is_none() {
            let before = self.bytes.len();
            self.bytes.extend_from_slice(bytes);
            self.grown(before);
        }
    }

    fn grown(&mut self, before: usize) {
        self.size += u64::try_from(self.bytes.len() - before).unwrap_or(u64::MAX);
    }
}

impl OwnFields {
    /// Names of all of them with their indexes, from 1, highest first: removing one must not move another.
    pub(super) fn removals(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.0.iter().flat_map(|(name, count)| (1..=*count).rev().map(move |index| (&name[..], index)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn notice(&mut self, name: &[u8]) {
        if !is_own(name) {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.0.push((name.to_owned(), 1)),
        }
    }

    fn memory(&self) -> usize {
        self.0.iter().map(|(name, _)| name.capacity() + ALLOCATIONS).sum()
    }
}

/// `X-Vaguemestre` and `X-Vaguemestre-…`, in any case.
fn is_own(name: &[u8]) -> bool {
    let (ours, rest) = name.trim_ascii_end().split_at_checked(OWN.len()).unwrap_or((name, &[]));
    ours.eq_ignore_ascii_case(OWN.as_bytes()) && (rest.is_empty() || rest.first() == Some(&b'-'))
}

/// The header field that is ours.
pub(super) const OWN: &str = "X-Vaguemestre";

/// What one small allocation costs besides its bytes.
const ALLOCATIONS: usize = 32;

fn address(text: &[u8]) -> Result<Address, AddressError> {
    Address::parse(&String::from_utf8_lossy(text))
}

fn without_repeats(mut recipients: Vec<Address>) -> Vec<Address> {
    if recipients.len() > 1 {
        let mut seen = std::collections::HashSet::with_capacity(recipients.len());
        recipients.retain(|address| seen.insert(address.clone()));
    }
    recipients
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Draft, OwnFields, is_own};
    use crate::milter::Refusal;

    fn draft() -> Draft {
        let mut draft = Draft::new(b"<a@b.example>", Arguments::default());
        draft.recipient(b"<c@d.example>", Arguments::default());
        draft
    }

    #[test]
    fn the_bytes_are_those_the_client_sent() {
        let mut draft = draft();
        draft.field(b"Subject", b" a\n b\n\tc", true);
        draft.field(b"X-Tight", b"x", true);
        draft.field(b"X-Empty", b"", true);
        draft.field(b"X-Latin", b" \xe9\0", true);
        draft.field(b"X-Crlf", b" a\r\n b", true);
        draft.end_of_header();
        draft.body(b"one\r\n");
        let (whole, _) = draft.finish(b"two\r\n").unwrap();
        let expected = b"Subject: a\r\n b\r\n\tc\r\nX-Tight:x\r\nX-Empty:\r\nX-Latin: \xe9\0\r\nX-Crlf: a\r\n b\r\n\r\none\r\ntwo\r\n";
        assert_eq!(whole.bytes, expected);
        assert_eq!(whole.size, u64::try_from(expected.len()).unwrap());
    }

    #[test]
    fn an_old_mta_keeps_the_space_for_itself_and_may_not_tell_the_end_of_the_header() {
        let mut draft = draft();
        draft.field(b"Subject", b"a", false);
        let (whole, _) = draft.finish(b"body").unwrap();
        assert_eq!(whole.bytes, b"Subject: a\r\n\r\nbody");
    }

    #[test]
    fn envelopes_that_cannot_be_understood_refuse_the_message() {
        let finish = |sender: &[u8], recipients: &[&[u8]]| {
            let mut draft = Draft::new(sender, Arguments::default());
            recipients.iter().for_each(|recipient| draft.recipient(recipient, Arguments::default()));
            draft
                .finish(b"")
                .map(|(whole, _)| (whole.envelope.sender.is_some(), whole.envelope.recipients.len()))
        };
        assert_eq!(finish(b"<a@b.example>", &[b"<c@d.example>", b"c@d.example"]), Ok((true, 1)));
        assert_eq!(finish(b"<>", &[b"<c@d.example>"]), Ok((false, 1)));
        assert_eq!(finish(b"<@b.example>", &[b"<c@d.example>"]), Err(Refusal::BadSender));
        assert_eq!(
            finish(b"<a@b.example>", &[b"<c@d.example>", b"<@d.example>"]),
            Err(Refusal::BadRecipient)
        );
        assert_eq!(finish(b"<a@b.example>", &[b"<>"]), Err(Refusal::BadRecipient));
        assert_eq!(finish(b"<a@b.example>", &[]), Err(Refusal::NoRecipient));
    }

    #[test]
    fn a_refused_message_holds_no_memory() {
        let mut draft = draft();
        draft.body(&[0; 10_000]);
        draft.refuse(Refusal::NoRoom);
        draft.body(&[0; 10_000]);
        draft.recipient(b"<e@f.example>", Arguments::default());
        draft.field(b"X-Vaguemestre", b"x", true);
        assert_eq!(draft.memory(), 0);
        assert_eq!(draft.finish(b"more").unwrap_err(), Refusal::NoRoom);
    }

    #[test]
    fn our_own_fields_are_told_from_others() {
        for (name, own) in [
            ("X-Vaguemestre", true),
            ("x-vaguemestre-release", true),
            ("X-VAGUEMESTRE ", true),
            ("X-Vaguemestre-", true),
            ("X-Vaguemestres", false),
            ("X-Vague", false),
            ("", false),
        ] {
            assert_eq!(is_own(name.as_bytes()), own, "{name}");
        }
        let mut fields = OwnFields::default();
        for name in ["X-Vaguemestre", "To", "X-Vaguemestre-Release", "x-vaguemestre"] {
            fields.notice(name.as_bytes());
        }
        let removals: Vec<_> = fields.removals().collect();
        assert_eq!(
            removals,
            [(&b"X-Vaguemestre"[..], 2), (b"X-Vaguemestre", 1), (b"X-Vaguemestre-Release", 1)]
        );
    }
}
