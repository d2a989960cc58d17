//! One milter connection without its socket: commands in, steps out.
//!
//! Every command ends in exactly one [`Step`]. Facts of the SMTP connection are kept over its messages; everything of a
//! message goes with its end or its ABORT. After a command out of order all that still comes is put off: what an MTA does with
//! a milter that closes is the MTA's setting, which may be to deliver. Only before the negotiation nothing can be said.

use std::net::IpAddr;

use super::codec::Frame;
use super::command::{Command, CommandError, Macros, Offer};
use super::draft::{Draft, OWN, OwnFields, Part, Whole};
use super::negotiate::{Family, Stage, Terms, TooOld};
use super::refusal::Refusal;
use super::reply::{Owed, Packet, VerdictDue};
use crate::model::{Envelope, Masked, QueueId, SenderFacts};
use crate::plan::Reply;

/// State of one milter connection.
#[derive(Debug)]
pub struct Session {
    family: Family,
    largest: u64,
    admitted: bool,
    terms: Option<Terms>,
    client: Option<IpAddr>,
    macros: Known,
    draft: Option<Draft>,
    /// Why the next message is put off.
    doomed: Option<Refusal>,
    off: Option<Off>,
}

/// To the end of the connection, every message is put off.
#[derive(Clone, Copy, Debug)]
struct Off {
    refusal: Refusal,
    /// Whether the MTA may be in a message that it heard nothing about.
    in_hand: bool,
}

/// What to do after a command.
#[must_use]
#[derive(Debug)]
pub enum Step {
    /// The command wants no reply.
    NoReply,
    /// The command wants this reply.
    Reply(Packet),
    /// The message was refused without judging; the reply says so.
    Refuse(Refusal, Packet),
    /// The message is whole: judge it, then keep the pledge.
    Judge(Box<Received>, Pledge),
    /// What came was not the protocol: to the end of the connection all is put off, this command with this reply if it wants one.
    LoseTrack(Ending, Option<Packet>),
    /// The session is over.
    Close(Ending),
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ending {
    /// The MTA said goodbye.
    #[error("the MTA quit")]
    Quit,
    /// A command came where it makes no sense.
    #[error("command `{0}` came out of order")]
    OutOfOrder(char),
    /// What came is no command.
    #[error(transparent)]
    NotACommand(#[from] CommandError),
    /// The MTA is too old.
    #[error(transparent)]
    TooOld(#[from] TooOld),
}

/// A whole message, or its end when the beginning was moved to a file.
#[derive(Debug)]
pub struct Received {
    /// Who sends to whom.
    pub envelope: Envelope,
    /// Who sends.
    pub facts: SenderFacts,
    /// Header, empty line and body, as far as they were not taken by [`Session::take_pending`].
    pub bytes: Vec<u8>,
    /// Size of the whole message.
    pub size: u64,
}

/// The duty to answer one end of message.
#[must_use = "the MTA waits for the verdict"]
#[derive(Debug)]
pub struct Pledge {
    due: VerdictDue,
    terms: Terms,
    own: OwnFields,
}

/// What macros told about the message in hand.
#[derive(Debug, Default)]
struct Known {
    queue_id: Option<QueueId>,
    login: Option<Masked>,
}

impl Session {
    /// Opens a session for an MTA that came by this kind of socket; messages above `largest` bytes are refused.
    #[must_use]
    pub fn new(family: Family, largest: u64) -> Self {
        Self {
            family,
            largest,
            admitted: true,
            terms: None,
            client: None,
            macros: Known::default(),
            draft: None,
            doomed: None,
            off: None,
        }
    }

    /// Opens one that is past the limit: until it is admitted, each message is put off at MAIL.
    #[must_use]
    pub fn waiting(family: Family, largest: u64) -> Self {
        Self { admitted: false, ..Self::new(family, largest) }
    }

    /// From the next message on, what comes is taken.
    pub fn admit(&mut self) {
        self.admitted = true;
    }

    /// Takes one frame.
    pub fn on_frame(&mut self, frame: Frame<'_>) -> Step {
        match Command::decode(frame) {
            Ok(command) => self.on(command),
            Err(error) => self.lose_track(char::from(frame.command), error.into()),
        }
    }

    /// Takes a frame whose data there was no room for: the message that it belongs to is put off.
    pub fn on_skipped(&mut self, command: u8) -> Step {
        match &mut self.draft {
            Some(draft) => draft.refuse(Refusal::NoRoom),
            None => self.doomed = Some(Refusal::NoRoom),
        }
        self.on_frame(Frame { command, data: &[0] })
    }

    /// Takes one command.
    pub fn on(&mut self, command: Command<'_>) -> Step {
        match (self.terms, command) {
            (_, Command::Quit) => Step::Close(Ending::Quit),
            (None, Command::Negotiate(offer)) => self.negotiate(offer),
            (Some(terms), command) if self.off.is_none() => self.agreed(terms, command),
            (_, other) => self.out_of_order(other),
        }
    }

    /// Puts off, from now on, the message in hand and all that follow, for this reason.
    pub fn put_off(&mut self, refusal: Refusal) {
        let in_hand = !self.between_messages();
        self.forget_message();
        self.off.get_or_insert(Off { refusal, in_hand });
    }

    /// Whether all that comes is put off, to the end of the connection.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.off.is_some()
    }

    /// What an MTA is told that may wait for a reply, after something went wrong here. To one that waits for none it is the
    /// answer to its next question, and puts a message off there: no harm is done that way.
    #[must_use]
    pub fn unasked(&self, refusal: Refusal) -> Packet {
        VerdictDue::unasked().refuse(refusal)
    }

    /// Whether the MTA has not yet made its offer.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.terms.is_none()
    }

    /// Whether no message is in hand.
    #[must_use]
    pub fn between_messages(&self) -> bool {
        self.draft.is_none() && self.off.is_none_or(|off| !off.in_hand)
    }

    /// Whether the MTA is taking the content from its client: it tells us none of it before it has all.
    #[must_use]
    pub fn awaits_content(&self) -> bool {
        let tells_data = self.terms.is_some_and(Terms::tells_data);
        self.draft.as_ref().is_some_and(|draft| match draft.part() {
            Part::Envelope => !tells_data,
            Part::Data => true,
            Part::Header | Part::Body => false,
        })
    }

    /// Memory held for the message in hand, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.draft.as_ref().map_or(0, Draft::memory)
    }

    /// Size so far of the message in hand, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.draft.as_ref().map_or(0, Draft::size)
    }

    /// Bytes of it that could move to a file.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.draft.as_ref().map_or(0, Draft::pending)
    }

    /// Moves them out; whoever takes them puts them before [`Received::bytes`] again.
    #[must_use]
    pub fn take_pending(&mut self) -> Vec<u8> {
        self.draft.as_mut().map(Draft::take_pending).unwrap_or_default()
    }

    /// Gives up the message in hand. Its end of message will be answered with this.
    pub fn refuse(&mut self, refusal: Refusal) {
        if let Some(draft) = &mut self.draft {
            draft.refuse(refusal);
        }
    }

    /// Queue id of the message in hand, when the MTA told one.
    #[must_use]
    pub fn queue_id(&self) -> Option<&QueueId> {
        self.macros.queue_id.as_ref()
    }

    fn negotiate(&mut self, offer: Offer) -> Step {
        match Terms::agree(offer, self.family) {
            Ok(terms) => {
                let terms = if self.admitted { terms } else { terms.answering_mail() };
                self.terms = Some(terms);
                Step::Reply(terms.answer())
            }
            Err(error) => Step::Close(error.into()),
        }
    }

    fn agreed(&mut self, terms: Terms, command: Command<'_>) -> Step {
        match (command, &mut self.draft) {
            (Command::Macros(macros), _) => {
                self.macros.learn(macros);
                Step::NoReply
            }
            (Command::Unknown, _) => go_on(terms, Stage::Unknown),
            (Command::Abort, _) => {
                self.forget_message();
                Step::NoReply
            }
            (Command::QuitNewConnection, _) => {
                self.forget_message();
                self.client = None;
                Step::NoReply
            }
            (Command::Connect(client), None) => {
                self.client = client;
                go_on(terms, Stage::Connect)
            }
            // A client may reset by EHLO (RFC 5321, 4.1.4), and Postfix tells us of the EHLO before it tells us ABORT.
            (Command::Hello, _) => {
                self.forget_message();
                go_on(terms, Stage::Hello)
            }
            (Command::Mail { sender, arguments }, None) => self.mail(terms, Draft::new(sender, arguments)),
            (Command::EndOfMessage(last), draft) => match draft.take() {
                Some(draft) => self.end(terms, draft, last),
                None => self.out_of_order(command),
            },
            (command, Some(draft)) => match add(draft, terms, command) {
                Some(stage) => {
                    if draft.size() > self.largest {
                        draft.refuse(Refusal::TooLarge);
                    }
                    go_on(terms, stage)
                }
                None => self.out_of_order(command),
            },
            (command, None) => self.out_of_order(command),
        }
    }

    fn out_of_order(&mut self, command: Command<'_>) -> Step {
        let letter = command.letter();
        self.lose_track(letter, Ending::OutOfOrder(letter))
    }

    /// What came makes no sense here. Once terms are agreed, the MTA hears of it wherever it listens.
    fn lose_track(&mut self, letter: char, why: Ending) -> Step {
        let Some(terms) = self.terms else { return Step::Close(why) };
        let refusal = self.off.map_or(Refusal::OutOfOrder, |off| off.refusal);
        let told = Stage::of(letter).map_or(Owed::Nothing, |stage| terms.owed(stage));
        let packet = match (letter, told) {
            ('E', _) => Some(terms.verdict_owed().refuse(refusal)),
            (_, Owed::One(due)) => Some(due.put_off(refusal)),
            (_, Owed::Nothing) => None,
        };
        let was_off = self.off.is_some();
        self.put_off(refusal);
        let in_message = matches!(letter, 'M' | 'R' | 'T' | 'L' | 'N' | 'B') && packet.is_none();
        let nothing_new = matches!(letter, 'D' | 'C' | 'H' | 'U' | 'O') && packet.is_none();
        if let Some(off) = &mut self.off {
            off.in_hand = in_message || (nothing_new && off.in_hand);
        }
        match packet {
            Some(packet) if was_off => Step::Refuse(refusal, packet),
            None if was_off => Step::NoReply,
            packet => Step::LoseTrack(why, packet),
        }
    }

    fn mail(&mut self, terms: Terms, mut draft: Draft) -> Step {
        if let Some(refusal) = self.doomed.take() {
            draft.refuse(refusal);
        }
        if self.admitted {
            self.draft = Some(draft);
            return go_on(terms, Stage::Mail);
        }
        match terms.owed(Stage::Mail) {
            Owed::One(due) => {
                self.forget_message();
                Step::Refuse(Refusal::Busy, due.put_off(Refusal::Busy))
            }
            // Nothing can be said before the end of message.
            Owed::Nothing => {
                draft.refuse(Refusal::Busy);
                self.draft = Some(draft);
                Step::NoReply
            }
        }
    }

    fn end(&mut self, terms: Terms, mut draft: Draft, last: &[u8]) -> Step {
        let due = terms.verdict_owed();
        let Known { queue_id, login } = std::mem::take(&mut self.macros);
        let room = self.largest.saturating_sub(draft.size());
        if u64::try_from(last.len()).is_ok_and(|length| length > room) {
            draft.refuse(Refusal::TooLarge);
        }
        match draft.finish(last) {
            Ok((Whole { envelope, bytes, size }, own)) => {
                let facts = SenderFacts { client: self.client, login, queue_id };
                let received = Received { envelope, facts, bytes, size };
                Step::Judge(Box::new(received), Pledge { due, terms, own })
            }
            Err(refusal) => Step::Refuse(refusal, due.refuse(refusal)),
        }
    }

    fn forget_message(&mut self) {
        self.draft = None;
        self.macros = Known::default();
    }
}

impl Pledge {
    /// Tells the MTA that the message is still being judged, and keeps the pledge.
    #[must_use]
    pub fn progress(&self) -> Packet {
        self.due.progress()
    }

    /// Answers with what was decided, edits first.
    ///
    /// # Errors
    /// A packet that puts the message off, when an edit is needed that the MTA did not allow: a message must not pass
    /// with a forged field, nor without its mark.
    pub fn settle(self, reply: &Reply) -> Result<Packet, Packet> {
        match reply {
            Reply::Accept(accepted) => match self.edits(accepted.mark()) {
                Some(edits) => Ok(self.due.accept(accepted, edits)),
                None => Err(self.refuse(Refusal::Unavailable)),
            },
            Reply::Discard(kept) => Ok(self.due.discard(kept)),
            Reply::Reject(text) => Ok(self.due.reject(text)),
            Reply::Tempfail(text) => Ok(self.due.tempfail(text)),
        }
    }

    /// Answers with a refusal of the milter's own.
    #[must_use]
    pub fn refuse(self, refusal: Refusal) -> Packet {
        self.due.refuse(refusal)
    }

    /// Fields of ours that came with the message go, the mark comes. `None` when the MTA does not allow it.
    fn edits(&self, mark: Option<&str>) -> Option<Packet> {
        let allowed = (self.own.is_empty() || self.terms.changes_headers())
            && (mark.is_none() || self.terms.adds_headers());
        let mut edits = Packet::empty();
        for (name, index) in self.own.removals() {
            edits.remove_header(name, index);
        }
        if let Some(mark) = mark {
            let mark = super::text::ascii(mark);
            let space = if self.terms.leading_space() { " " } else { "" };
            edits.add_header(OWN, &format!("{space}{mark}"));
        }
        allowed.then_some(edits)
    }
}

impl Known {
    /// Keeps the two values we need, at whatever stage they come; all others pass unseen.
    fn learn(&mut self, macros: Macros<'_>) {
        for (name, value) in macros {
            let text = || String::from_utf8_lossy(value);
            match name {
                b"i" | b"{i}" => self.queue_id = QueueId::parse(&text()).or(self.queue_id.take()),
                b"{auth_authen}" if !value.is_empty() => self.login = Some(Masked::new(text())),
                _ => {}
            }
        }
    }
}

/// Commands that add to a message; `None` when they make no sense at this point of it.
fn add(draft: &mut Draft, terms: Terms, command: Command<'_>) -> Option<Stage> {
    let stage = match (command, draft.part()) {
        (Command::Recipient { address, arguments }, Part::Envelope) => {
            draft.recipient(address, arguments);
            Stage::Recipient
        }
        (Command::Data, Part::Envelope) => {
            draft.data();
            Stage::Data
        }
        (Command::Header { name, value }, Part::Envelope | Part::Data | Part::Header) => {
            draft.field(name, value, terms.leading_space());
            Stage::Header
        }
        (Command::EndOfHeader, Part::Envelope | Part::Data | Part::Header) => {
            draft.end_of_header();
            Stage::EndOfHeader
        }
        (Command::Body(chunk), _) => {
            draft.body(chunk);
            Stage::Body
        }
        _ => return None,
    };
    Some(stage)
}

fn go_on(terms: Terms, stage: Stage) -> Step {
    match terms.owed(stage) {
        Owed::Nothing => Step::NoReply,
        Owed::One(due) => Step::Reply(due.go_on()),
    }
}
