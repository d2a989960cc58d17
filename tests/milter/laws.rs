//! Laws of the protocol, tried on conversations that nobody thought of.
//!
//! The MTA here is a model written from the protocol, not from the session: it offers at random, sends a command, and
//! knows by itself whether a reply must follow. `VAGUEMESTRE_CONVERSATIONS` says how many conversations are held.

use std::collections::VecDeque;

use proptest::prelude::*;
use proptest::test_runner::Config;

use vaguemestre::milter::codec::{FrameReader, write_frame};
use vaguemestre::milter::negotiate::Family;
use vaguemestre::milter::session::{Pledge, Received, Session, Step};

use super::replies;

/// What the judge will say. It reads it in the message itself, so that no verdict can be another message's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Accept,
    Mark,
    Reject,
    Discard,
    Tempfail,
}

#[derive(Clone, Debug)]
struct Message {
    verdict: Verdict,
    recipients: usize,
    fields: Vec<(usize, String)>,
    chunks: Vec<Vec<u8>>,
    last_with_end: bool,
    tells_data: bool,
    tells_end_of_header: bool,
    macros: bool,
    /// Bytes pending in the session are moved away after each command, as a spill does.
    spills: bool,
    /// Given up with ABORT after so many commands.
    abort_after: Option<usize>,
    /// Given up with EHLO after so many commands: Postfix says HELO, then ABORT.
    hello_after: Option<usize>,
    /// ABORT after the end, as Postfix sends.
    abort_at_end: usize,
    large: bool,
}

#[derive(Clone, Debug)]
struct Talk {
    version: u32,
    actions: u32,
    steps: u32,
    family: Family,
    hellos: usize,
    messages: Vec<Message>,
    /// A new SMTP connection on the same socket before this message.
    new_connection_before: Option<usize>,
    /// Sizes of the pieces that the bytes arrive in, round and round.
    pieces: Vec<usize>,
    quits: bool,
}

fn message() -> impl Strategy<Value = Message> {
    let verdict = prop_oneof![
        Just(Verdict::Accept),
        Just(Verdict::Mark),
        Just(Verdict::Reject),
        Just(Verdict::Discard),
        Just(Verdict::Tempfail)
    ];
    let fields = prop::collection::vec((0..FIELDS.len(), "[ a-z\t\n]{0,12}"), 0..5);
    let chunks = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), prop::bool::weighted(0.2));
    let given_up = || prop::option::weighted(0.15, 0_usize..9);
    let abort = (given_up(), 0_usize..3, prop::bool::weighted(0.03), given_up());
    (verdict, 1_usize..4, fields, chunks, flags, abort).prop_map(
        |(verdict, recipients, fields, chunks, flags, abort)| Message {
            verdict,
            recipients,
            fields,
            chunks,
            last_with_end: flags.0,
            tells_data: flags.1,
            tells_end_of_header: flags.2,
            macros: flags.3,
            spills: flags.4,
            abort_after: abort.0,
            abort_at_end: abort.1,
            large: abort.2,
            hello_after: abort.3,
        },
    )
}

fn talk() -> impl Strategy<Value = Talk> {
    // A bit in four is missing, so that every combination comes by.
    let bits = |full: u32| (any::<u32>(), any::<u32>()).prop_map(move |(a, b)| full & (a | b));
    let actions = prop_oneof![Just(0x1FF), bits(0x1FF)];
    let steps = prop_oneof![Just(0x1F_FFFF), Just(0), bits(0x3FFF_FFFF)];
    let family = prop_oneof![Just(Family::Unix), Just(Family::Inet)];
    let pieces = prop::collection::vec(prop_oneof![1_usize..8, 8_usize..4000], 1..6);
    let shape = (0_usize..3, prop::option::weighted(0.2, 0_usize..4), any::<bool>());
    (2_u32..8, actions, steps, family, prop::collection::vec(message(), 0..4), pieces, shape).prop_map(
        |(version, actions, steps, family, messages, pieces, shape)| Talk {
            version,
            actions,
            steps,
            family,
            messages,
            pieces,
            hellos: shape.0,
            new_connection_before: shape.1,
            quits: shape.2,
        },
    )
}

proptest! {
    #![proptest_config(Config { cases: conversations(), failure_persistence: None, ..Config::default() })]

    /// No verdict is lost, doubled or given to another message, whatever was negotiated.
    #[test]
    fn the_mta_hears_our_decision_on_every_message(talk in talk()) {
        let mut mta = Mta::connect(&talk);
        for (index, message) in talk.messages.iter().enumerate() {
            if talk.new_connection_before == Some(index) {
                mta.send(b'K', b"");
                mta.introduce(talk.hellos);
            }
            mta.deliver(index, message)?;
        }
        if talk.quits {
            mta.send(b'Q', b"");
            mta.flush();
            prop_assert!(mta.milter.closed);
        }
        mta.flush();
        prop_assert!(mta.milter.out.is_empty(), "a reply that nobody asked for");
    }

    /// Commands in any order: nothing is accepted or taken away that was not judged, every command that wants a reply gets one,
    /// and the connection goes on; once something was put off before an end of message, everything is.
    #[test]
    fn disorder_is_put_off(
        steps: u32, commands in prop::collection::vec((0..ANY_COMMAND.len(), prop::bool::weighted(0.02)), 0..40),
    ) {
        let mut milter = Milter::new(Family::Inet);
        milter.receive(&negotiation(6, 0x1FF, steps), &[usize::MAX]);
        let granted = u32::from_be_bytes(milter.frame().unwrap().1[8..12].try_into().unwrap());
        let mut put_off = false;
        for (which, empty) in commands {
            let (command, data) = ANY_COMMAND[which];
            let mut bytes = Vec::new();
            write_frame(&mut bytes, command, if empty { b"" } else { data });
            let judged = milter.judged;
            milter.receive(&bytes, &[usize::MAX]);
            let reply = milter.frame().map(|(reply, _)| reply);
            prop_assert!(milter.out.is_empty());
            prop_assert!(!milter.closed);
            prop_assert_eq!(reply.is_some(), wants_reply(command, granted), "{}", char::from(command));
            let lets_go = command == b'E' && reply != Some(b'y');
            prop_assert!(!lets_go || milter.judged == judged + 1, "let go without a judge");
            if command != b'E' && reply == Some(b'y') {
                put_off = true;
            }
            prop_assert!(!put_off || reply.is_none_or(|reply| reply == b'y'), "gone on after disorder");
            prop_assert!(command == b'E' || reply.is_none_or(|reply| b"cy".contains(&reply)), "a verdict out of place");
        }
    }
}

/// How many conversations each law is tried on.
fn conversations() -> u32 {
    let asked = std::env::var("VAGUEMESTRE_CONVERSATIONS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(20_000)
}

/// The model of an MTA.
struct Mta {
    milter: Milter,
    pieces: Vec<usize>,
    /// Sent, and not yet let through: an MTA may run ahead only while it waits for no reply.
    pending: Vec<u8>,
    actions: u32,
    steps: u32,
}

impl Mta {
    fn connect(talk: &Talk) -> Self {
        let mut milter = Milter::new(talk.family);
        milter.receive(&negotiation(talk.version, talk.actions, talk.steps), &talk.pieces);
        let (command, data) = milter.frame().expect("an answer to the offer");
        let number = |at: usize| u32::from_be_bytes(data[at..at + 4].try_into().unwrap());
        let (version, actions, steps) = (number(0), number(4), number(8));
        assert_eq!((command, version), (b'O', talk.version.min(6)));
        assert_eq!((actions & !talk.actions, steps & !talk.steps), (0, 0), "taken what was not offered");
        assert!(talk.family == Family::Unix || steps & 0x1_0000 == 0, "the 43 ms trap");
        let mut mta = Self { milter, pieces: talk.pieces.clone(), pending: Vec::new(), actions, steps };
        mta.introduce(talk.hellos);
        mta
    }

    fn introduce(&mut self, hellos: usize) {
        self.send(b'D', b"Cj\0mx.example\0");
        self.send(b'C', b"h.example\x004\0\x19192.0.2.1\0");
        (0..hellos).for_each(|_| self.hello());
    }

    fn hello(&mut self) {
        self.send(b'D', b"H");
        self.send(b'H', b"h.example\0");
    }

    /// Sends a command; where a reply must follow, it must be there, alone, and say to go on.
    fn send(&mut self, command: u8, data: &[u8]) {
        write_frame(&mut self.pending, command, data);
        if wants_reply(command, self.steps) && command != b'E' {
            self.flush();
            let reply = self.milter.frame();
            assert_eq!(reply, Some((b'c', Vec::new())), "reply to {}", char::from(command));
        }
        assert!(self.milter.out.is_empty(), "a reply too many to {}", char::from(command));
    }

    fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.pending);
        self.milter.receive(&bytes, &self.pieces);
    }

    fn deliver(&mut self, index: usize, message: &Message) -> Result<(), TestCaseError> {
        let serial = format!("{index}-{:?}", message.verdict);
        let mut commands = self.commands(index, &serial, message);
        self.milter.spills = message.spills;
        if let Some(count) = message.abort_after.filter(|count| *count < commands.len()) {
            commands.truncate(count);
            commands.iter().for_each(|(command, data)| self.send(*command, data));
            self.send(b'A', b"");
            return Ok(());
        }
        if let Some(count) = message.hello_after.filter(|count| *count < commands.len()) {
            commands.iter().take(count).for_each(|(command, data)| self.send(*command, data));
            self.hello();
            self.send(b'A', b"");
        }
        let judged = self.milter.judged;
        commands.iter().for_each(|(command, data)| self.send(*command, data));
        self.flush();
        self.hear_verdict(&serial, message)?;
        if !message.large {
            prop_assert_eq!(self.milter.judged, judged + 1);
            let seen = self.milter.seen.take().expect("the judge saw the message");
            prop_assert_eq!(seen.bytes, self.expected_bytes(&serial, message));
            prop_assert_eq!(seen.envelope.recipients.len(), message.recipients);
            prop_assert_eq!(
                seen.envelope.sender.map(|sender| sender.reveal()),
                Some(format!("s{index}@a.example"))
            );
            let queue_id = seen.facts.queue_id.map(|id| id.as_str().to_owned());
            prop_assert_eq!(queue_id, message.macros.then(|| format!("Q{index}")));
            prop_assert_eq!(seen.facts.client, Some("192.0.2.1".parse().unwrap()));
        }
        (0..message.abort_at_end).for_each(|_| self.send(b'A', b""));
        Ok(())
    }

    fn commands(&self, index: usize, serial: &str, message: &Message) -> Vec<(u8, Vec<u8>)> {
        let mut commands = Vec::new();
        if message.macros {
            commands.push((b'D', format!("Mi\0Q{index}\0{{auth_authen}}\0login\0").into_bytes()));
        }
        commands.push((b'M', format!("<s{index}@a.example>\0SIZE=3\0").into_bytes()));
        for recipient in 0..message.recipients {
            commands.push((b'R', format!("<r{recipient}@b.example>\0").into_bytes()));
        }
        if message.tells_data {
            commands.push((b'D', b"T".to_vec()));
            commands.push((b'T', Vec::new()));
        }
        for (name, value) in fields(serial, message) {
            let value = if self.leading_space() { value } else { value.trim_start_matches(' ').to_owned() };
            commands.push((b'D', b"L".to_vec()));
            commands.push((b'L', format!("{name}\0{value}\0").into_bytes()));
        }
        if message.tells_end_of_header {
            commands.push((b'N', Vec::new()));
        }
        let mut chunks: VecDeque<Vec<u8>> = chunks(message).into();
        let last = if message.last_with_end { chunks.pop_back() } else { None };
        commands.extend(chunks.into_iter().map(|chunk| (b'B', chunk)));
        commands.push((b'E', last.unwrap_or_default()));
        commands
    }

    fn leading_space(&self) -> bool {
        self.steps & 0x10_0000 != 0
    }

    fn expected_bytes(&self, serial: &str, message: &Message) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, value) in fields(serial, message) {
            let value =
                if self.leading_space() { value } else { format!(" {}", value.trim_start_matches(' ')) };
            bytes.extend_from_slice(format!("{name}:{}\r\n", value.replace('\n', "\r\n")).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend(chunks(message).concat());
        bytes
    }

    /// Reads the answer to the end of the message as an MTA does: edits until a final reply.
    fn hear_verdict(&mut self, serial: &str, message: &Message) -> Result<(), TestCaseError> {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let (reply, data) = loop {
            match self.milter.frame() {
                Some((b'm', data)) => {
                    prop_assert!(self.actions & 0x10 != 0, "an edit that is not allowed");
                    removed.push(data);
                }
                Some((b'h', data)) => {
                    prop_assert!(self.actions & 0x01 != 0, "an edit that is not allowed");
                    added.push(data);
                }
                Some(other) => break other,
                None => return Err(TestCaseError::fail("no verdict")),
            }
        };
        prop_assert!(self.milter.out.is_empty(), "two verdicts");
        let forged = message.fields.iter().filter(|(name, _)| FORGED.contains(name)).count();
        let must_edit = if message.verdict == Verdict::Mark { 1 } else { 0 };
        let passes = matches!(message.verdict, Verdict::Accept | Verdict::Mark);
        let allowed = (forged == 0 || self.actions & 0x10 != 0) && (must_edit == 0 || self.actions & 1 != 0);
        let text = String::from_utf8(data).unwrap();
        if message.large {
            prop_assert_eq!((reply, &text[..10]), (b'y', "552 5.3.4 "));
            return Ok(());
        }
        match message.verdict {
            Verdict::Accept | Verdict::Mark if allowed => {
                prop_assert_eq!(reply, b'c');
                prop_assert_eq!((removed.len(), added.len()), (forged, must_edit));
                let space = if self.leading_space() { " " } else { "" };
                let expected = format!("X-Vaguemestre\0{space}{}\0", replies::MARK).into_bytes();
                prop_assert!(added.iter().all(|data| *data == expected));
            }
            Verdict::Accept | Verdict::Mark => prop_assert!(reply == b'y' && text.starts_with("451 4.7.1 ")),
            Verdict::Discard => prop_assert_eq!(reply, b'd'),
            Verdict::Reject => {
                prop_assert_eq!((reply, text), (b'y', format!("550 5.7.1 {serial}\0")));
            }
            Verdict::Tempfail => {
                prop_assert_eq!((reply, text), (b'y', format!("451 4.7.1 {serial}\0")));
            }
        }
        prop_assert!(passes || (removed.is_empty() && added.is_empty()));
        Ok(())
    }
}

/// Our half, without sockets: what the connection's task does, in the simplest way.
struct Milter {
    reader: FrameReader,
    session: Session,
    out: VecDeque<u8>,
    closed: bool,
    judged: usize,
    seen: Option<Received>,
    spills: bool,
    spilled: Vec<u8>,
}

impl Milter {
    fn new(family: Family) -> Self {
        Self {
            reader: FrameReader::default(),
            session: Session::new(family, LARGEST),
            out: VecDeque::new(),
            closed: false,
            judged: 0,
            seen: None,
            spills: false,
            spilled: Vec::new(),
        }
    }

    fn receive(&mut self, mut bytes: &[u8], pieces: &[usize]) {
        for piece in pieces.iter().cycle() {
            if bytes.is_empty() || self.closed {
                return;
            }
            let room = self.reader.room();
            let count = (*piece).min(bytes.len()).min(room.len());
            room[..count].copy_from_slice(&bytes[..count]);
            self.reader.filled(count);
            bytes = &bytes[count..];
            self.work();
        }
    }

    fn work(&mut self) {
        while let Some(frame) = self.reader.next_frame().unwrap() {
            match self.session.on_frame(frame) {
                Step::NoReply => {}
                Step::Reply(packet) | Step::Refuse(_, packet) | Step::LoseTrack(_, Some(packet)) => {
                    self.out.extend(packet.as_bytes());
                }
                Step::LoseTrack(_, None) => {}
                Step::Judge(received, pledge) => self.judge(*received, pledge),
                Step::Close(_) => {
                    self.closed = true;
                    return;
                }
            }
            if self.session.between_messages() {
                self.spilled.clear();
            } else if self.spills {
                self.spilled.extend(self.session.take_pending());
            }
        }
    }

    fn judge(&mut self, mut received: Received, pledge: Pledge) {
        received.bytes.splice(0..0, self.spilled.drain(..));
        assert_eq!(u64::try_from(received.bytes.len()).unwrap(), received.size);
        self.judged += 1;
        let text = String::from_utf8_lossy(&received.bytes).into_owned();
        let serial =
            text.lines().find_map(|line| line.strip_prefix("X-Serial:")).unwrap_or("").trim().to_owned();
        let verdict = serial.split_once('-').map_or("", |(_, verdict)| verdict);
        let reply = replies::named(verdict, &serial);
        self.seen = Some(received);
        let packet = pledge.settle(&reply).unwrap_or_else(|packet| packet);
        self.out.extend(packet.as_bytes());
    }

    /// The next frame that the MTA would read.
    fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let prefix: Vec<u8> = self.out.iter().take(4).copied().collect();
        let length = u32::from_be_bytes(prefix.try_into().ok()?);
        let frame: Vec<u8> = self.out.drain(..4 + usize::try_from(length).unwrap()).skip(4).collect();
        frame.split_first().map(|(command, data)| (*command, data.to_vec()))
    }
}

/// The protocol's own rule, by the names of its header file: no reply to D, A, K, Q; one to E; one to the others unless
/// their `SMFIP_NR_*` bit was agreed.
fn wants_reply(command: u8, steps: u32) -> bool {
    let bit = match command {
        b'L' => 0x80,
        b'C' => 0x1000,
        b'H' => 0x2000,
        b'M' => 0x4000,
        b'R' => 0x8000,
        b'T' => 0x1_0000,
        b'U' => 0x2_0000,
        b'N' => 0x4_0000,
        b'B' => 0x8_0000,
        b'E' => 0,
        _ => return false,
    };
    steps & bit == 0
}

fn negotiation(version: u32, actions: u32, steps: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, b'O', &[version, actions, steps].map(u32::to_be_bytes).concat());
    bytes
}

fn fields(serial: &str, message: &Message) -> Vec<(&'static str, String)> {
    let others = message.fields.iter().map(|(name, value)| (FIELDS[*name], value.clone()));
    others.chain([("X-Serial", format!(" {serial}"))]).collect()
}

fn chunks(message: &Message) -> Vec<Vec<u8>> {
    let large = message.large.then(|| vec![b'x'; usize::try_from(LARGEST).unwrap()]);
    message.chunks.iter().cloned().chain(large).collect()
}

const FIELDS: [&str; 6] =
    ["Subject", "To", "X-Vaguemestre", "x-vaguemestre", "X-Vaguemestre-Release", "X-Vaguer"];

/// Those of them that are ours alone to write.
const FORGED: std::ops::Range<usize> = 2..5;

const ANY_COMMAND: [(u8, &[u8]); 18] = [
    (b'C', b"h\x004\0\x19192.0.2.1\0"),
    (b'H', b"h\0"),
    (b'M', b"<a@b.example>\0"),
    (b'M', b"<>\0"),
    (b'R', b"<c@d.example>\0"),
    (b'R', b"<>\0"),
    (b'T', b""),
    (b'U', b"NOOP\0"),
    (b'L', b"X-Serial\0 0-Accept\0"),
    (b'L', b"X-Serial\0 0-Discard\0"),
    (b'N', b""),
    (b'B', b"body"),
    (b'E', b""),
    (b'E', b"last"),
    (b'D', b"Mi\0Q\0"),
    (b'A', b""),
    (b'K', b""),
    (b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"),
];

const LARGEST: u64 = 2000;
