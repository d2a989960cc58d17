//! The mark that asks the approved service to encrypt a released message: it is asked for, never done here.

use std::io::Write;

/// How encryption is asked for. Empty parts are left out; with both empty nothing marks a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encryption {
    /// A whole header field, such as `X-Encrypt: yes`.
    pub header: String,
    /// Words put before the subject, such as `[chiffrer]`.
    pub subject: String,
}

impl Encryption {
    /// Whether anything is configured.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        !self.header.is_empty() || !self.subject.is_empty()
    }

    /// Writes the mark into a message.
    pub(super) fn mark(&self, message: &[u8]) -> Vec<u8> {
        let mut marked = Vec::with_capacity(message.len() + 200);
        if !self.header.is_empty() {
            let _ = write!(marked, "{}\r\n", self.header);
        }
        if self.subject.is_empty() {
            marked.extend_from_slice(message);
            return marked;
        }
        let (before, value) = match subject(message) {
            Some(at) => message.split_at_checked(at).unwrap_or((message, &[])),
            None => (b"".as_slice(), message),
        };
        if before.is_empty() {
            let _ = write!(marked, "Subject: {}\r\n", self.subject);
            marked.extend_from_slice(value);
        } else {
            marked.extend_from_slice(before);
            let _ = write!(marked, " {}", self.subject);
            marked.extend_from_slice(value);
        }
        marked
    }
}

/// Where the value of the Subject field begins.
fn subject(message: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"subject:";
    let mut at = 0;
    loop {
        let line = message.get(at..)?;
        if line.is_empty() || line.starts_with(b"\r\n") || line.starts_with(b"\n") {
            return None;
        }
        if line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            return Some(at + NAME.len());
        }
        at += line.iter().position(|byte| *byte == b'\n')? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Encryption;

    #[test]
    fn the_mark_is_a_header_a_subject_tag_or_both() {
        let message = b"From: a@b.example\r\nsubject: Suivi\r\n\r\nSubject: non\r\n".to_vec();
        let mark = |header: &str, subject: &str, message: &[u8]| {
            let encryption = Encryption { header: header.to_owned(), subject: subject.to_owned() };
            String::from_utf8(encryption.mark(message)).unwrap()
        };
        assert_eq!(
            mark("X-Encrypt: yes", "", &message),
            "X-Encrypt: yes\r\nFrom: a@b.example\r\nsubject: Suivi\r\n\r\nSubject: non\r\n"
        );
        assert_eq!(
            mark("", "[chiffrer]", &message),
            "From: a@b.example\r\nsubject: [chiffrer] Suivi\r\n\r\nSubject: non\r\n"
        );
        assert_eq!(mark("", "[chiffrer]", b"From: a\r\n\r\nx"), "Subject: [chiffrer]\r\nFrom: a\r\n\r\nx");
        assert_eq!(mark("", "", b"\r\nx"), "\r\nx");
    }
}
