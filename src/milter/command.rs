//! Commands: frames in, what the MTA means out. Borrows from the frame, allocates nothing.

use std::net::IpAddr;

use super::codec::Frame;

/// What the MTA says. Strings are bytes as sent, without their final NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// `O`: versions, actions and steps on offer.
    Negotiate(Offer),
    /// `C`: an SMTP client connected. `None` for local submission and unknown families.
    Connect(Option<IpAddr>),
    /// `H`: HELO or EHLO.
    Hello,
    /// `M`: envelope sender.
    Mail {
        /// As written, angle brackets included.
        sender: &'a [u8],
        /// The ESMTP arguments.
        arguments: Arguments<'a>,
    },
    /// `R`: one envelope recipient.
    Recipient {
        /// As written, angle brackets included.
        address: &'a [u8],
        /// The ESMTP arguments.
        arguments: Arguments<'a>,
    },
    /// `T`: DATA.
    Data,
    /// `U`: a command that the MTA does not know.
    Unknown,
    /// `L`: one header field.
    Header {
        /// Its name.
        name: &'a [u8],
        /// Its value; folded lines joined by LF.
        value: &'a [u8],
    },
    /// `N`: the header is complete.
    EndOfHeader,
    /// `B`: a chunk of the body.
    Body(&'a [u8]),
    /// `E`: the message is complete. May carry the last chunk of the body.
    EndOfMessage(&'a [u8]),
    /// `D`: values that go with the command that follows.
    Macros(Macros<'a>),
    /// `A`: the message in progress is off.
    Abort,
    /// `Q`: the connection ends.
    Quit,
    /// `K`: the SMTP connection ends; another one follows on this socket.
    QuitNewConnection,
}

/// What an MTA can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Highest protocol version it speaks.
    pub version: u32,
    /// `SMFIF_*` bits: modifications it allows.
    pub actions: u32,
    /// `SMFIP_*` bits: steps it can skip and replies it can do without.
    pub steps: u32,
}

/// Why a frame is no command. The session ends: a reply, if one is due, could not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A command byte of no protocol version.
    #[error("unknown command 0x{0:02x}")]
    Unknown(u8),
    /// Data that lacks what the command needs.
    #[error("malformed data in command `{0}`")]
    Malformed(char),
}

impl<'a> Command<'a> {
    /// Reads one frame.
    ///
    /// # Errors
    /// [`CommandError`] for an unknown command and for data that cannot be understood. Macros never fail.
    pub fn decode(frame: Frame<'a>) -> Result<Self, CommandError> {
        let data = frame.data;
        let malformed = || CommandError::Malformed(char::from(frame.command));
        Ok(match frame.command {
            b'O' => Self::Negotiate(offer(data).ok_or_else(malformed)?),
            b'C' => Self::Connect(client(data).ok_or_else(malformed)?),
            b'H' => Self::Hello,
            b'M' => {
                let (sender, arguments) = path(data);
                Self::Mail { sender, arguments }
            }
            b'R' => {
                let (address, arguments) = path(data);
                Self::Recipient { address, arguments }
            }
            b'T' => Self::Data,
            b'U' => Self::Unknown,
            b'L' => {
                let (name, value) = split_at_nul(data).ok_or_else(malformed)?;
                Self::Header { name, value: value.strip_suffix(&[0]).unwrap_or(value) }
            }
            b'N' => Self::EndOfHeader,
            b'B' => Self::Body(data),
            b'E' => Self::EndOfMessage(data),
            b'D' => Self::Macros(Macros(data.get(1..).unwrap_or_default())),
            b'A' => Self::Abort,
            b'Q' => Self::Quit,
            b'K' => Self::QuitNewConnection,
            other => return Err(CommandError::Unknown(other)),
        })
    }
}

impl Command<'_> {
    /// The byte that stands for it on the wire.
    #[must_use]
    pub fn letter(&self) -> char {
        match self {
            Self::Negotiate(_) => 'O',
            Self::Connect(_) => 'C',
            Self::Hello => 'H',
            Self::Mail { .. } => 'M',
            Self::Recipient { .. } => 'R',
            Self::Data => 'T',
            Self::Unknown => 'U',
            Self::Header { .. } => 'L',
            Self::EndOfHeader => 'N',
            Self::Body(_) => 'B',
            Self::EndOfMessage(_) => 'E',
            Self::Macros(_) => 'D',
            Self::Abort => 'A',
            Self::Quit => 'Q',
            Self::QuitNewConnection => 'K',
        }
    }
}

/// The names and values of a macro packet. An empty packet, a name without value, an unknown name: all are
/// possible on the wire, none is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Macros<'a>(&'a [u8]);

impl<'a> Iterator for Macros<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = split_at_nul(self.0)?;
        let (value, rest) = split_at_nul(rest).unwrap_or((rest, &[]));
        self.0 = rest;
        Some((name, value))
    }
}

/// ESMTP arguments of MAIL or RCPT, each a keyword, or a keyword, `=` and a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    /// Whether a keyword stands there without a value.
    #[must_use]
    pub fn has(self, keyword: &str) -> bool {
        self.0.split(|byte| *byte == 0).any(|argument| argument.eq_ignore_ascii_case(keyword.as_bytes()))
    }

    /// The value of the first argument with this keyword, if it is text.
    #[must_use]
    pub fn value(self, keyword: &str) -> Option<&'a str> {
        let mut arguments = self.0.split(|byte| *byte == 0);
        let value = arguments.find_map(|argument| {
            let (word, rest) = argument.split_at_checked(keyword.len())?;
            rest.strip_prefix(b"=").filter(|_| word.eq_ignore_ascii_case(keyword.as_bytes()))
        });
        std::str::from_utf8(value?).ok()
    }

    /// How many bytes they are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// An address as written, and what stands behind it.
fn path(data: &[u8]) -> (&[u8], Arguments<'_>) {
    split_at_nul(data).map_or((data, Arguments::default()), |(path, rest)| (path, Arguments(rest)))
}

fn offer(data: &[u8]) -> Option<Offer> {
    let (version, rest) = data.split_first_chunk::<4>()?;
    let (actions, rest) = rest.split_first_chunk::<4>()?;
    let steps = rest.first_chunk::<4>()?;
    let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
    Some(Offer { version: number(version), actions: number(actions), steps: number(steps) })
}

/// Host name, NUL, family byte, port (2 bytes), address, NUL. Nothing follows the family `U`.
/// The outer `None` is a malformed packet: a network client must not pass for a local one.
fn client(data: &[u8]) -> Option<Option<IpAddr>> {
    let (_, rest) = split_at_nul(data)?;
    match rest.split_first() {
        Some((b'4' | b'6', rest)) => {
            let address = std::str::from_utf8(first_string(rest.get(2..)?)).ok()?;
            // Sendmail writes `IPv6:` before the address.
            let address = address.strip_prefix("IPv6:").unwrap_or(address);
            address.parse().ok().map(Some)
        }
        Some((b'L' | b'U', _)) => Some(None),
        Some(_) | None => None,
    }
}

fn first_string(data: &[u8]) -> &[u8] {
    split_at_nul(data).map_or(data, |(first, _)| first)
}

fn split_at_nul(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let nul = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..nul)?, data.get(nul + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command, CommandError, Offer};
    use crate::milter::codec::Frame;

    fn decode(command: u8, data: &[u8]) -> Result<Command<'_>, CommandError> {
        Command::decode(Frame { command, data })
    }

    #[test]
    fn commands_as_seen_on_the_wire() {
        let mail = |arguments: &'static [u8]| Command::Mail {
            sender: b"<a@b.example>",
            arguments: Arguments(arguments),
        };
        let client = |text: &str| Command::Connect(Some(text.parse().unwrap()));
        for (command, data, expected) in [
            (
                b'O',
                &b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"[..],
                Command::Negotiate(Offer { version: 6, actions: 0x1FF, steps: 0x1F_FFFF }),
            ),
            (b'C', b"[127.0.0.1]\x004\xc3\x50127.0.0.1\0", client("127.0.0.1")),
            (b'C', b"h.example\x006\0\x19IPv6:2001:db8::1\0", client("2001:db8::1")),
            (b'C', b"h.example\x006\0\x192001:db8::1\0", client("2001:db8::1")),
            (b'C', b"localhost\0L\0\0/run/socket\0", Command::Connect(None)),
            (b'C', b"unknown\0U", Command::Connect(None)),
            (b'M', b"<a@b.example>\0BODY=8BITMIME\0SIZE=300\0", mail(b"BODY=8BITMIME\0SIZE=300\0")),
            (b'M', b"<a@b.example>", mail(b"")),
            (
                b'R',
                b"<c@d.example>\0NOTIFY=NEVER\0",
                Command::Recipient { address: b"<c@d.example>", arguments: Arguments(b"NOTIFY=NEVER\0") },
            ),
            (b'L', b"Subject\0 a\n b\0", Command::Header { name: b"Subject", value: b" a\n b" }),
            (b'L', b"X-Nul\0 a\0b\0", Command::Header { name: b"X-Nul", value: b" a\0b" }),
            (b'L', b"X-Empty\0\0", Command::Header { name: b"X-Empty", value: b"" }),
            (b'E', b"", Command::EndOfMessage(b"")),
            (b'E', b"last", Command::EndOfMessage(b"last")),
        ] {
            assert_eq!(decode(command, data), Ok(expected), "{}", char::from(command));
        }
    }

    #[test]
    fn arguments_are_found_by_their_keyword() {
        let arguments = Arguments(b"BODY=8BITMIME\0SMTPUTF8\0envid=a=b\0RETRY=x\0RET=FULL\0X=\xff\0");
        assert!(arguments.has("smtputf8") && !arguments.has("ENVID") && !arguments.has("BODY"));
        assert_eq!((arguments.value("ENVID"), arguments.value("RET")), (Some("a=b"), Some("FULL")));
        assert_eq!(
            (arguments.value("X"), arguments.value("SMTPUTF8"), arguments.value("NO")),
            (None, None, None)
        );
        assert!(!Arguments(b"ENVID=SMTPUTF8\0").has("SMTPUTF8"));
    }

    #[test]
    fn what_cannot_be_understood_is_an_error() {
        for (command, data, error) in [
            (b'O', &b"\0\0\0\x06"[..], CommandError::Malformed('O')),
            (b'L', b"Subject", CommandError::Malformed('L')),
            (b'C', b"no end", CommandError::Malformed('C')),
            (b'C', b"h\x004\0\x19not an address\0", CommandError::Malformed('C')),
            (b'C', b"h\0?", CommandError::Malformed('C')),
            (b'z', b"", CommandError::Unknown(b'z')),
        ] {
            assert_eq!(decode(command, data), Err(error));
        }
    }

    /// rspamd broke on the empty ones: its issues 2005 and 1740.
    #[test]
    fn no_macro_packet_is_an_error() {
        let pairs = |data| match decode(b'D', data) {
            Ok(Command::Macros(macros)) => macros.collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(pairs(b""), []);
        assert_eq!(pairs(b"H"), []);
        assert_eq!(pairs(b"U"), []);
        assert_eq!(pairs(b"Li\x004jX6\0"), [(&b"i"[..], &b"4jX6"[..])]);
        assert_eq!(pairs(b"M{auth_authen}\0x\0i\0Q1\0"), [(&b"{auth_authen}"[..], &b"x"[..]), (b"i", b"Q1")]);
        assert_eq!(pairs(b"Mi\0\0"), [(&b"i"[..], &b""[..])]);
        assert_eq!(pairs(b"Mi\0no end"), [(&b"i"[..], &b"no end"[..])]);
        assert_eq!(pairs(b"?junk"), []);
    }
}
