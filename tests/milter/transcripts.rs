//! Transcripts: conversations as text, played through frames and session. See `transcripts/README.md`.

use vaguemestre::milter::codec::{FrameReader, write_frame};
use vaguemestre::milter::negotiate::Family;
use vaguemestre::milter::session::{Received, Session, Step};

use super::replies;

#[test]
fn every_transcript_is_kept_to_the_byte() {
    let transcripts = super::folder_texts("tests/milter/transcripts", "txt");
    assert!(transcripts.len() >= 12);
    for (name, text) in transcripts {
        let mut player = Player::new(&text);
        for (index, line) in text.lines().enumerate() {
            if let Err(fault) = player.play(line.trim()) {
                panic!("{name}:{}: {fault}\n  {line}", index + 1);
            }
        }
        assert!(
            player.out.is_empty(),
            "{name}: said at the end and not written: {:?}",
            player.out.escape_ascii()
        );
    }
}

#[test]
fn a_transcript_that_differs_is_noticed() {
    for (text, fault) in [
        ("~ inet\n> O 6 0 0\n< O 6 0 1", "said"),
        ("~ inet\n> O 6 0 0\n> Q", "not written"),
        ("~ inet\n< end", "did not close"),
        ("~ inet\n> O 6 0 0\n< O 6 0 0\n> M \"<a@b>\\0\"\n< c\n= \"x\"", "no message"),
        ("~ inet\n> O \"open", "quote"),
    ] {
        let mut player = Player::new(text);
        let result = text.lines().try_for_each(|line| player.play(line));
        assert!(result.as_ref().is_err_and(|said| said.contains(fault)), "{text}: {result:?}");
    }
}

struct Player {
    reader: FrameReader,
    session: Session,
    out: Vec<u8>,
    closed: bool,
    verdict: (String, String),
    seen: Option<Received>,
}

impl Player {
    fn new(text: &str) -> Self {
        let family = if text.lines().any(|line| line == "~ unix") { Family::Unix } else { Family::Inet };
        Self {
            reader: FrameReader::default(),
            session: Session::new(family, 1 << 20),
            out: Vec::new(),
            closed: false,
            verdict: (String::new(), String::new()),
            seen: None,
        }
    }

    fn play(&mut self, line: &str) -> Result<(), String> {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match mark {
            "" | "#" | "~" => Ok(()),
            "!" => {
                let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.verdict = (name.to_owned(), text.to_owned());
                Ok(())
            }
            ">" => self.receive(&frame(rest)?),
            "<" if rest == "end" => self.closed.then_some(()).ok_or_else(|| "did not close".to_owned()),
            "<" => self.hear(&frame(rest)?),
            "=" => self.compare(&data(rest)?),
            "@" => self.compare_facts(rest),
            other => Err(format!("unknown mark {other}")),
        }
    }

    fn receive(&mut self, bytes: &[u8]) -> Result<(), String> {
        if !self.out.is_empty() {
            return Err(format!("said before and not written: {}", self.out.escape_ascii()));
        }
        for byte in bytes {
            self.reader.room()[0] = *byte;
            self.reader.filled(1);
            while let Some(frame) = self.reader.next_frame().map_err(|error| error.to_string())? {
                let said = match self.session.on_frame(frame) {
                    Step::NoReply | Step::LoseTrack(_, None) => continue,
                    Step::Reply(packet) | Step::Refuse(_, packet) | Step::LoseTrack(_, Some(packet)) => {
                        packet
                    }
                    Step::Judge(received, pledge) => {
                        self.seen = Some(*received);
                        let reply = replies::named(&self.verdict.0, &self.verdict.1);
                        pledge.settle(&reply).unwrap_or_else(|packet| packet)
                    }
                    Step::Close(_) => {
                        self.closed = true;
                        continue;
                    }
                };
                self.out.extend_from_slice(said.as_bytes());
            }
        }
        Ok(())
    }

    fn hear(&mut self, expected: &[u8]) -> Result<(), String> {
        match self.out.strip_prefix(expected) {
            Some(rest) => {
                self.out = rest.to_vec();
                Ok(())
            }
            None => Err(format!("said {}, expected {}", self.out.escape_ascii(), expected.escape_ascii())),
        }
    }

    fn compare(&self, expected: &[u8]) -> Result<(), String> {
        let seen = &self.seen.as_ref().ok_or("no message was judged")?.bytes;
        (seen == expected).then_some(()).ok_or_else(|| format!("judged {}", seen.escape_ascii()))
    }

    fn compare_facts(&self, expected: &str) -> Result<(), String> {
        let facts = &self.seen.as_ref().ok_or("no message was judged")?.facts;
        let dash = || "-".to_owned();
        let queue_id = facts.queue_id.as_ref().map_or_else(dash, |id| id.as_str().to_owned());
        let login = facts.login.as_ref().map_or_else(dash, |login| login.reveal().to_owned());
        let client = facts.client.map_or_else(dash, |client| client.to_string());
        let seen = format!("{queue_id} {login} {client}");
        (seen == expected).then_some(()).ok_or(seen)
    }
}

fn frame(text: &str) -> Result<Vec<u8>, String> {
    let (command, rest) = text.split_at(1);
    let mut bytes = Vec::new();
    write_frame(&mut bytes, command.as_bytes()[0], &data(rest)?);
    Ok(bytes)
}

/// Quoted bytes and hexadecimal numbers of four bytes, one after the other.
fn data(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        rest = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted, &mut bytes)?,
            None => {
                let (number, after) = rest.split_once(' ').unwrap_or((rest, ""));
                let number = u32::from_str_radix(number, 16).map_err(|error| format!("{number}: {error}"))?;
                bytes.extend(number.to_be_bytes());
                after
            }
        }
        .trim_start();
    }
    Ok(bytes)
}

/// Reads up to the closing quote; hands back what follows it.
fn unquote<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Result<&'a str, String> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok(&text[at + 1..]),
            '\\' => match chars.next().map(|(_, escape)| escape) {
                Some('0') => bytes.push(0),
                Some('n') => bytes.push(b'\n'),
                Some('r') => bytes.push(b'\r'),
                Some('t') => bytes.push(b'\t'),
                Some('x') => {
                    let digits = text.get(at + 2..at + 4).ok_or("an escape without digits")?;
                    bytes.push(u8::from_str_radix(digits, 16).map_err(|error| error.to_string())?);
                    chars.nth(1);
                }
                Some(other) => bytes.push(u8::try_from(other).map_err(|error| error.to_string())?),
                None => break,
            },
            other => bytes.extend(other.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    Err("a quote is not closed".to_owned())
}
