//! Negotiation: an MTA's offer in, terms out that say which commands want a reply.

use super::command::Offer;
use super::reply::{Due, Owed, Packet, VerdictDue};

/// What kind of socket the MTA came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A unix socket.
    Unix,
    /// TCP.
    Inet,
}

/// Commands that may want a reply. (The end of message always does.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// `C`.
    Connect,
    /// `H`.
    Hello,
    /// `M`.
    Mail,
    /// `R`.
    Recipient,
    /// `T`.
    Data,
    /// `U`.
    Unknown,
    /// `L`.
    Header,
    /// `N`.
    EndOfHeader,
    /// `B`.
    Body,
}

/// What was agreed. Holds for the whole connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    version: u32,
    actions: u32,
    steps: u32,
}

/// The MTA speaks only the first version, from before 8.12 (2001).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the MTA speaks milter version {0}; at least 2 is needed")]
pub struct TooOld(pub u32);

impl Terms {
    /// Takes of an offer what we want. Nothing is taken that was not offered: an MTA that is told of a bit it does
    /// not know waits for replies that never come.
    ///
    /// Over TCP the reply to DATA is kept: it carries the ACK that Postfix' kernel waits for (Nagle) before it
    /// sends the content; without it every message takes 43 ms more.
    ///
    /// # Errors
    /// [`TooOld`] below version 2.
    pub fn agree(offer: Offer, family: Family) -> Result<Self, TooOld> {
        if offer.version < 2 {
            return Err(TooOld(offer.version));
        }
        let no_replies = match family {
            Family::Unix => NO_REPLIES | Stage::Data.no_reply_bit(),
            Family::Inet => NO_REPLIES,
        };
        let steps = (no_replies | HEADER_LEADING_SPACE | NO_UNKNOWN) & offer.steps;
        let actions = (ADD_HEADERS | CHANGE_HEADERS | SET_MACROS) & offer.actions;
        Ok(Self { version: offer.version.min(6), actions, steps })
    }

    /// The same, but MAIL is answered: there a message can be put off before it is sent.
    #[must_use]
    pub fn answering_mail(self) -> Self {
        Self { steps: self.steps & !Stage::Mail.no_reply_bit(), ..self }
    }

    /// Whether a command wants a reply: if and only if its no-reply bit was not agreed.
    pub fn owed(self, stage: Stage) -> Owed {
        if self.steps & stage.no_reply_bit() != 0 { Owed::Nothing } else { Owed::One(Due::new()) }
    }

    /// An end of message always wants its verdict.
    pub fn verdict_owed(self) -> VerdictDue {
        VerdictDue::new()
    }

    /// Whether header fields can be added.
    #[must_use]
    pub fn adds_headers(self) -> bool {
        self.actions & ADD_HEADERS != 0
    }

    /// Whether header fields can be removed.
    #[must_use]
    pub fn changes_headers(self) -> bool {
        self.actions & CHANGE_HEADERS != 0
    }

    /// Whether header values keep the space after the colon. Otherwise the MTA takes one off and adds one.
    #[must_use]
    pub fn leading_space(self) -> bool {
        self.steps & HEADER_LEADING_SPACE != 0
    }

    /// Whether DATA is told: from version 4 on.
    #[must_use]
    pub fn tells_data(self) -> bool {
        self.version >= 4
    }

    /// The answer to the offer, with the macros we need where the MTA lets us choose.
    #[must_use]
    pub fn answer(self) -> Packet {
        let mut data = Vec::with_capacity(64);
        for number in [self.version, self.actions, self.steps] {
            data.extend_from_slice(&number.to_be_bytes());
        }
        if self.actions & SET_MACROS != 0 {
            for (stage, names) in MACROS {
                data.extend_from_slice(&stage.to_be_bytes());
                data.extend_from_slice(names.as_bytes());
                data.push(0);
            }
        }
        Packet::new(b'O', &data)
    }
}

impl Stage {
    /// The stage of a command by its byte; `None` for those that never want a reply, and for the end of message, which always
    /// does.
    pub(super) fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'C' => Self::Connect,
            'H' => Self::Hello,
            'M' => Self::Mail,
            'R' => Self::Recipient,
            'T' => Self::Data,
            'U' => Self::Unknown,
            'L' => Self::Header,
            'N' => Self::EndOfHeader,
            'B' => Self::Body,
            _ => return None,
        })
    }

    const fn no_reply_bit(self) -> u32 {
        match self {
            Self::Header => 0x80,
            Self::Connect => 0x1000,
            Self::Hello => 0x2000,
            Self::Mail => 0x4000,
            Self::Recipient => 0x8000,
            Self::Data => 0x1_0000,
            Self::Unknown => 0x2_0000,
            Self::EndOfHeader => 0x4_0000,
            Self::Body => 0x8_0000,
        }
    }
}

/// Replies we can do without on any socket. `SMFIP_SKIP` is of no use then: no reply to the body could carry it.
const NO_REPLIES: u32 = Stage::Header.no_reply_bit()
    | Stage::Connect.no_reply_bit()
    | Stage::Hello.no_reply_bit()
    | Stage::Mail.no_reply_bit()
    | Stage::Recipient.no_reply_bit()
    | Stage::Unknown.no_reply_bit()
    | Stage::EndOfHeader.no_reply_bit()
    | Stage::Body.no_reply_bit();
/// `SMFIP_NOUNKNOWN`: unknown SMTP commands are not told.
const NO_UNKNOWN: u32 = 0x100;
/// `SMFIP_HDR_LEADSPC`: without it the exact bytes of the header are lost.
const HEADER_LEADING_SPACE: u32 = 0x10_0000;
/// `SMFIF_ADDHDRS`.
const ADD_HEADERS: u32 = 0x01;
/// `SMFIF_CHGHDRS`.
const CHANGE_HEADERS: u32 = 0x10;
/// `SMFIF_SETSYMLIST`.
const SET_MACROS: u32 = 0x100;
/// Macros by stage (2 is MAIL, 5 is end of message): Postfix tells `{auth_authen}` at MAIL, the queue id from DATA on,
/// Sendmail both at MAIL.
const MACROS: [(u32, &str); 2] = [(2, "i {auth_authen}"), (5, "i")];

#[cfg(test)]
mod tests {
    use super::{Family, Stage, Terms, TooOld};
    use crate::milter::command::Offer;
    use crate::milter::reply::Owed;

    const FULL: Offer = Offer { version: 6, actions: 0x1FF, steps: 0x1F_FFFF };

    fn numbers(terms: Terms) -> (u32, u32, u32) {
        (terms.version, terms.actions, terms.steps)
    }

    #[test]
    fn what_is_taken_of_each_offer() {
        for (offer, family, expected) in [
            (FULL, Family::Inet, (6, 0x111, 0x1E_F180)),
            (FULL, Family::Unix, (6, 0x111, 0x1F_F180)),
            (Offer { version: 7, ..FULL }, Family::Inet, (6, 0x111, 0x1E_F180)),
            (Offer { version: 2, actions: 0x3F, steps: 0x7F }, Family::Inet, (2, 0x11, 0)),
            (Offer { version: 4, actions: 0x3F, steps: 0x3FF }, Family::Inet, (4, 0x11, 0x180)),
            (Offer { version: 6, actions: 0, steps: 0 }, Family::Unix, (6, 0, 0)),
            (
                Offer { version: u32::MAX, actions: u32::MAX, steps: u32::MAX },
                Family::Inet,
                (6, 0x111, 0x1E_F180),
            ),
        ] {
            assert_eq!(numbers(Terms::agree(offer, family).unwrap()), expected, "{offer:x?}");
        }
        for version in [0, 1] {
            assert_eq!(Terms::agree(Offer { version, ..FULL }, Family::Inet), Err(TooOld(version)));
        }
    }

    #[test]
    fn over_tcp_data_is_answered_so_that_its_reply_carries_the_ack() {
        assert!(matches!(Terms::agree(FULL, Family::Inet).unwrap().owed(Stage::Data), Owed::One(_)));
        assert!(matches!(Terms::agree(FULL, Family::Unix).unwrap().owed(Stage::Data), Owed::Nothing));
    }

    #[test]
    fn macros_are_chosen_only_where_the_mta_lets_us() {
        let answer = |offer| Terms::agree(offer, Family::Inet).unwrap().answer().as_bytes().to_vec();
        let full = answer(FULL);
        assert!(full.ends_with(b"\0\0\0\x02i {auth_authen}\0\0\0\0\x05i\0"));
        assert_eq!(
            usize::try_from(u32::from_be_bytes(full[..4].try_into().unwrap())).unwrap() + 4,
            full.len()
        );
        assert_eq!(answer(Offer { actions: 0xFF, ..FULL }).len(), 17);
    }
}
