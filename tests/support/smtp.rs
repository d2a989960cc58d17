//! An SMTP client that keeps every reply (RFC 5321), and says nothing but what it is told to.

use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A reply: its code, and its lines as they came, without the line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub lines: Vec<String>,
}

impl Reply {
    /// The text of all lines, without the codes in front.
    pub fn text(&self) -> String {
        let texts = self.lines.iter().map(|line| line.get(4..).unwrap_or(""));
        texts.collect::<Vec<_>>().join(" ")
    }
}

/// One message to send.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Header, empty line, body; lines end in CRLF.
    pub data: Vec<u8>,
}

impl Mail {
    pub fn new(from: &str, to: &[&str], data: impl AsRef<[u8]>) -> Self {
        let to = to.iter().map(|&to| to.to_owned()).collect();
        Self { from: from.to_owned(), to, data: data.as_ref().to_vec() }
    }
}

/// A connection to an SMTP server, greeted.
pub struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects to a port of 127.0.0.1 and says EHLO.
    pub fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let mut client = Self(BufReader::new(stream));
        client.reply()?;
        client.command("EHLO client.example")?;
        Ok(client)
    }

    /// Sends one command and hears its reply.
    pub fn command(&mut self, line: &str) -> Result<Reply> {
        self.write(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    /// Sends a message; every reply from MAIL on, the last one being the verdict. Stops at the first refusal of all
    /// recipients, as a mail server does.
    pub fn send(&mut self, mail: &Mail) -> Result<Vec<Reply>> {
        let mut replies = vec![self.command(&format!("MAIL FROM:<{}> BODY=8BITMIME", mail.from))?];
        if replies[0].code != 250 {
            self.command("RSET")?;
            return Ok(replies);
        }
        let rcpts =
            mail.to.iter().map(|to| self.command(&format!("RCPT TO:<{to}>"))).collect::<Result<Vec<_>>>()?;
        let taken = rcpts.iter().any(|reply| reply.code == 250);
        replies.extend(rcpts);
        if !taken {
            self.command("RSET")?;
            return Ok(replies);
        }
        let data = self.command("DATA")?;
        let refused = data.code != 354;
        replies.push(data);
        if refused {
            self.command("RSET")?;
        } else {
            self.write(&stuffed(&mail.data))?;
            replies.push(self.reply()?);
        }
        Ok(replies)
    }

    /// Sends raw bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    /// Hears one reply.
    pub fn reply(&mut self) -> Result<Reply> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.0.read_until(b'\n', &mut line)? == 0 {
                return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
            }
            let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
            let last = line.as_bytes().get(3) != Some(&b'-');
            let code = line.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0);
            lines.push(line);
            if last {
                return Ok(Reply { code, lines });
            }
        }
    }
}

/// Sends one message over a connection of its own and gives the last reply.
pub fn send(port: u16, mail: &Mail) -> Result<Reply> {
    let mut client = Client::connect(port)?;
    let last = client.send(mail)?.pop().ok_or_else(|| Error::other("no reply"));
    let _ = client.command("QUIT");
    last
}

/// The message as DATA carries it: a dot in front of each dot that opens a line (RFC 5321, 4.5.2), and the final dot.
pub fn stuffed(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len() + 16);
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            bytes.push(b'.');
        }
        bytes.extend_from_slice(line);
    }
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b".\r\n");
    bytes
}
