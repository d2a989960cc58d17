//! Replies: what we may say, and the duty to say it once.
//!
//! A [`Due`] or a [`VerdictDue`] is one reply owed to the MTA. It is made only by the terms of the negotiation, cannot be
//! copied, and is spent by giving an answer: a command that wants no reply cannot get one, and none gets two. (A milter that
//! replies where no reply is wanted has its stale "continue" read as the answer to the next end of message, and
//! mail that it refused is delivered.)

use super::codec::write_frame;
use super::refusal::Refusal;
use super::text::{Class, reply_text};
use crate::model::SmtpText;
use crate::plan::{Accepted, Kept};

/// Whether a command wants a reply.
#[must_use]
#[derive(Debug)]
pub enum Owed {
    /// None: the MTA does not read one.
    Nothing,
    /// Exactly one.
    One(Due),
}

/// One reply owed to a command within a message or a session. All it can say is to go on, or to come again later.
#[must_use = "the MTA waits for this reply"]
#[derive(Debug)]
pub struct Due {
    _owed: (),
}

/// The reply owed to an end of message. It says what was decided; to let go of a message it takes the proof that a
/// plan said so.
#[must_use = "the MTA waits for the verdict"]
#[derive(Debug)]
pub struct VerdictDue {
    _owed: (),
}

/// Bytes for the MTA: one or more whole frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet(Vec<u8>);

impl Due {
    /// For the terms of a negotiation only.
    pub(super) fn new() -> Self {
        Self { _owed: () }
    }

    /// `c`: go on.
    #[must_use]
    pub fn go_on(self) -> Packet {
        Packet::new(b'c', &[])
    }

    /// `y`: this message comes again later, whatever the refusal's class.
    #[must_use]
    pub fn put_off(self, refusal: Refusal) -> Packet {
        Packet::new(b'y', &reply_text(&refusal.text(), Class::Transient))
    }
}

impl VerdictDue {
    /// For the terms of a negotiation only.
    pub(super) fn new() -> Self {
        Self { _owed: () }
    }

    /// For an MTA that may or may not wait: it can hear nothing but that it should come again.
    pub(super) fn unasked() -> Self {
        Self { _owed: () }
    }

    /// `c`: deliver, after these edits. (`a` means the same here, but not every client knows it.)
    #[must_use]
    pub fn accept(self, _proof: &Accepted, mut edits: Packet) -> Packet {
        write_frame(&mut edits.0, b'c', &[]);
        edits
    }

    /// `d`: taken; the MTA forgets the message.
    #[must_use]
    pub fn discard(self, _proof: &Kept) -> Packet {
        Packet::new(b'd', &[])
    }

    /// `y`: refused for good, with a text. A text of another class is still a refusal.
    #[must_use]
    pub fn reject(self, text: &SmtpText) -> Packet {
        Packet::new(b'y', &reply_text(text, Class::Permanent))
    }

    /// `y`: try again later, with a text.
    #[must_use]
    pub fn tempfail(self, text: &SmtpText) -> Packet {
        Packet::new(b'y', &reply_text(text, Class::Transient))
    }

    /// The milter's own refusals.
    #[must_use]
    pub fn refuse(self, refusal: Refusal) -> Packet {
        match refusal.class() {
            Class::Permanent => self.reject(&refusal.text()),
            Class::Transient => self.tempfail(&refusal.text()),
        }
    }

    /// `p`: still at work. Spends nothing: the verdict stays owed.
    #[must_use]
    pub fn progress(&self) -> Packet {
        Packet::new(b'p', &[])
    }
}

impl Packet {
    /// Frames one command.
    pub(super) fn new(command: u8, data: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(data.len() + 5);
        write_frame(&mut bytes, command, data);
        Self(bytes)
    }

    /// No frame yet.
    pub(super) fn empty() -> Self {
        Self(Vec::new())
    }

    /// Appends `h`: add a header field at the end of the header.
    pub(super) fn add_header(&mut self, name: &str, value: &str) {
        let data = [name.as_bytes(), &[0], value.as_bytes(), &[0]].concat();
        write_frame(&mut self.0, b'h', &data);
    }

    /// Appends `m` with an empty value: remove the field of this name with this index, counted from 1.
    pub(super) fn remove_header(&mut self, name: &[u8], index: u32) {
        let data = [&index.to_be_bytes()[..], name, &[0, 0]].concat();
        write_frame(&mut self.0, b'm', &data);
    }

    /// The bytes to send.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
