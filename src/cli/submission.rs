//! A message file as if an MTA had handed it over.

use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;

use crate::model::{Address, Envelope, Raw, SenderFacts, Submission};

/// Reads a message file and gives it an envelope. Lone line feeds become CRLF, as on the wire.
pub fn from_file(file: &Path, from: &str, to: &[String]) -> Result<Submission> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    from_bytes(with_crlf(bytes), from, to)
}

/// Gives a message an envelope; its bytes are kept as they are.
pub fn from_bytes(bytes: Vec<u8>, from: &str, to: &[String]) -> Result<Submission> {
    let sender = match from.trim() {
        "" | "<>" => None,
        text => Some(address(text)?),
    };
    let recipients = to.iter().map(|text| address(text)).collect::<Result<_>>()?;
    Ok(Submission {
        envelope: Envelope { sender, recipients, ..Envelope::default() },
        facts: SenderFacts::default(),
        raw: Raw(bytes),
        received_at: Timestamp::now(),
    })
}

fn address(text: &str) -> Result<Address> {
    Address::parse(text).with_context(|| format!("`{text}` is not a mail address; write it as name@domain"))
}

/// Gives every line a CRLF end; bytes that have them already are kept as they are.
fn with_crlf(bytes: Vec<u8>) -> Vec<u8> {
    let lone = |pair: &[u8]| pair.last() == Some(&b'\n') && pair.first() != Some(&b'\r');
    if bytes.first() != Some(&b'\n') && !bytes.windows(2).any(lone) {
        return bytes;
    }
    let mut lines = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut previous = 0;
    for byte in bytes {
        if byte == b'\n' && previous != b'\r' {
            lines.push(b'\r');
        }
        lines.push(byte);
        previous = byte;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::with_crlf;

    #[test]
    fn lines_end_as_on_the_wire() {
        assert_eq!(with_crlf(b"\na\nb\r\n\nc".to_vec()), b"\r\na\r\nb\r\n\r\nc");
        assert_eq!(with_crlf(b"a\r\n".to_vec()), b"a\r\n");
    }
}
