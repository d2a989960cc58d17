//! Replies of an SMTP server (RFC 5321, 4.2), read within a budget.

use crate::model::QueueId;

/// Longest reply line taken, in bytes; RFC 5321, 4.5.3.1.5 asks for 512.
pub(super) const LINE: usize = 4_096;

/// Most lines of one reply.
const LINES: usize = 128;

/// What the server said: a code, and its lines without code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

/// Whether a reply goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    More,
    Last,
}

/// The server does not speak SMTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotSmtp;

impl Reply {
    /// Takes one line, with or without its line end.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<Line, NotSmtp> {
        let line = line.trim_ascii_end();
        let (digits, rest) = line.split_at_checked(3).ok_or(NotSmtp)?;
        if !digits.iter().all(u8::is_ascii_digit) || line.len() > LINE || self.lines.len() >= LINES {
            return Err(NotSmtp);
        }
        let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        if !(200..600).contains(&code) || (!self.lines.is_empty() && code != self.code) {
            return Err(NotSmtp);
        }
        self.code = code;
        let (more, text) = match rest.split_first() {
            None => (Line::Last, rest),
            Some((b' ', text)) => (Line::Last, text),
            Some((b'-', text)) => (Line::More, text),
            Some(_) => return Err(NotSmtp),
        };
        self.lines.push(String::from_utf8_lossy(text).into_owned());
        Ok(more)
    }

    /// Whether an EHLO reply offers an extension.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        let named =
            |line: &String| line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        self.lines.iter().skip(1).any(named)
    }

    /// The queue id of Postfix' `2.0.0 Ok: queued as ID`.
    pub(super) fn queue_id(&self) -> Option<QueueId> {
        let (_, id) = self.lines.first()?.rsplit_once("queued as ")?;
        QueueId::parse(id.split_whitespace().next()?)
    }
}

/// Reads any bytes as replies: for fuzzing. It must never panic, nor keep more than its budget.
pub fn fuzz_reply(bytes: &[u8]) {
    let mut reply = Reply::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        match reply.take(line) {
            Ok(Line::More) => {}
            Ok(Line::Last) => {
                let _ = (reply.offers("8BITMIME"), reply.queue_id());
                reply = Reply::default();
            }
            Err(NotSmtp) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Reply};

    fn read(lines: &[&str]) -> Option<Reply> {
        let mut reply = Reply::default();
        let mut last = Line::More;
        for line in lines {
            last = reply.take(line.as_bytes()).ok()?;
        }
        (last == Line::Last).then_some(reply)
    }

    /// RFC 5321, 4.2.1: "The format for multiline replies requires that every line, except the last, begin with the
    /// reply code, followed immediately by a hyphen".
    #[test]
    fn replies_are_read_or_refused() {
        let table: &[(&[&str], Option<u16>)] = &[
            (&["250 ok\r\n"], Some(250)),
            (&["250\r\n"], Some(250)),
            (&["250-a", "250-8BITMIME", "250 SMTPUTF8"], Some(250)),
            (&["250-a", "251 b"], None),
            (&["25 a"], None),
            (&["2x0 a"], None),
            (&["100 a"], None),
            (&["999 a"], None),
            (&["250_a"], None),
            (&[""], None),
        ];
        for (lines, code) in table {
            assert_eq!(read(lines).map(|reply| reply.code), *code, "{lines:?}");
        }
    }

    #[test]
    fn extensions_and_queue_ids_are_found() {
        let ehlo = read(&["250-8bitmime host", "250-SIZE 10", "250-8bitmime", "250 SMTPUTF8"]).unwrap();
        assert!(ehlo.offers("8BITMIME") && ehlo.offers("SMTPUTF8") && !ehlo.offers("DSN"));
        let queued = read(&["250 2.0.0 Ok: queued as 4ZrT1k0Abcz9"]).unwrap();
        assert_eq!(queued.queue_id().unwrap().as_str(), "4ZrT1k0Abcz9");
        assert_eq!(read(&["250 2.0.0 Ok: queued as ../x"]).unwrap().queue_id(), None);
    }

    #[test]
    fn a_reply_without_end_is_given_up() {
        let mut reply = Reply::default();
        assert!((0..1_000).map(|_| reply.take(b"250-x")).any(|line| line.is_err()));
    }
}
