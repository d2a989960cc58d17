//! What the MTA handed over: an envelope, facts about who sends, and the bytes.

use core::net::IpAddr;

use jiff::Timestamp;

use super::{Address, Masked, Reports};

/// Who sends to whom, as said to the MTA. Blind copies are in it, though no header shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `None` is the null sender `<>` of notices and bounces.
    pub sender: Option<Address>,
    /// In the order given, without repeats.
    pub recipients: Vec<Address>,
    /// Whether the client asked for SMTPUTF8 (RFC 6531): what follows is refused by whoever does not offer it.
    pub smtputf8: bool,
    /// What the client asks to be told of the delivery.
    pub reports: Reports,
}

/// The MTA's name for a message in its queue: letters and digits only, safe to log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct QueueId(String);

impl QueueId {
    /// Keeps a queue id of 1 to 20 ASCII letters and digits; anything else gives `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (plain && (1..=20).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The id as the MTA writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Facts about the sending side, as the MTA tells them.
#[derive(Clone, Debug, Default)]
pub struct SenderFacts {
    /// Address of the SMTP client; `None` for local submission.
    pub client: Option<IpAddr>,
    /// Login name when the client authenticated.
    pub login: Option<Masked>,
    /// Queue id, when the MTA told one.
    pub queue_id: Option<QueueId>,
}

/// One message to judge.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Sender and recipients.
    pub envelope: Envelope,
    /// What is known of the sender.
    pub facts: SenderFacts,
    /// The message as received: header, empty line, body; lines end in CRLF.
    pub raw: Raw,
    /// When the MTA handed it over.
    pub received_at: Timestamp,
}

/// The bytes of a message. `Debug` prints their number, never their content.
#[derive(Clone, Default)]
pub struct Raw(pub Vec<u8>);

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl std::ops::Deref for Raw {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
