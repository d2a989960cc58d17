//! A small SMTP client that gives a message back byte for byte, and tells exactly what the server answered.
//!
//! All recipients or none: one refused recipient, and nothing is sent.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use super::reply::{LINE, Line, Reply};
use crate::mime::split_header;
use crate::model::{Address, Envelope, Masked, Reports, ReportsOf};
use crate::ports::{Injection, Step, step};

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For one step.
    pub(super) step: Duration,
    /// For the answer to the whole message.
    pub(super) end: Duration,
}

/// Why a dialogue stopped before the message was sent.
enum Stop {
    /// The server refuses for good.
    Refused(u16),
    /// No connection, no answer, not SMTP, or a temporary refusal.
    Later,
}

/// Sends one message.
pub(super) async fn send(
    server: SocketAddr,
    helo: &str,
    patience: Patience,
    envelope: &Envelope,
    header: &str,
    content: &[u8],
) -> Injection {
    let mut client = match Client::connect(server, patience).await {
        Ok(client) => client,
        Err(_) => return Injection::NotSent,
    };
    match client.introduce(helo, envelope, content).await {
        Ok(()) => client.message(header, content).await,
        Err(stop) => {
            client.quit().await;
            match stop {
                Stop::Refused(code) => Injection::Refused(code),
                Stop::Later => Injection::NotSent,
            }
        }
    }
}

struct Client {
    input: BufReader<OwnedReadHalf>,
    output: BufWriter<OwnedWriteHalf>,
    patience: Patience,
}

impl Client {
    async fn connect(server: SocketAddr, patience: Patience) -> Result<Self, Stop> {
        let stream = timeout(patience.step, TcpStream::connect(server)).await;
        let stream = stream.ok().and_then(Result::ok).ok_or(Stop::Later)?;
        let _ = stream.set_nodelay(true);
        let (input, output) = stream.into_split();
        let output = BufWriter::with_capacity(1 << 16, output);
        Ok(Self { input: BufReader::new(input), output, patience })
    }

    /// Greeting, EHLO, MAIL, every RCPT, DATA: up to the point where the server waits for the message.
    async fn introduce(&mut self, helo: &str, envelope: &Envelope, content: &[u8]) -> Result<(), Stop> {
        // A server that refuses to talk at all says nothing of this message: later.
        if self.reply(self.patience.step).await?.code != 220 {
            return Err(Stop::Later);
        }
        let offers = self.command(&format!("EHLO {helo}")).await?;
        if offers.code != 250 {
            return Err(Stop::Later);
        }
        let sender = envelope.sender.as_ref().map(path).transpose()?.unwrap_or_default();
        let body = if offers.offers("8BITMIME") && !body_is_ascii(content) { " BODY=8BITMIME" } else { "" };
        let recipients: Result<Vec<String>, Stop> = envelope.recipients.iter().map(path).collect();
        let recipients = recipients?;
        // Asked where the client asked it, or an address cannot go without: a server further on that does not offer it sends the message back.
        let wanted =
            envelope.smtputf8 || !sender.is_ascii() || !recipients.iter().all(|path| path.is_ascii());
        let utf8 = if wanted && offers.offers("SMTPUTF8") { " SMTPUTF8" } else { "" };
        let dsn = offers.offers("DSN");
        let asked = if dsn { of_message(&envelope.reports, !utf8.is_empty()) } else { String::new() };
        self.must(&format!("MAIL FROM:<{sender}>{body}{utf8}{asked}"), 250).await?;
        for (recipient, path) in envelope.recipients.iter().zip(recipients) {
            let of = envelope.reports.about(recipient).filter(|_| dsn);
            let asked = of.map(|of| of_recipient(of, !utf8.is_empty())).unwrap_or_default();
            self.must(&format!("RCPT TO:<{path}>{asked}"), 250).await?;
        }
        self.must("DATA", 354).await
    }

    /// The message itself. From its last byte on, only a 250 says for sure where it is.
    async fn message(&mut self, header: &str, content: &[u8]) -> Injection {
        let sent = timeout(self.patience.end, self.write_message(header, content)).await;
        if !matches!(sent, Ok(Ok(()))) {
            return Injection::Unknown(None);
        }
        step(Step::ReleaseSent);
        let answer = match self.reply(self.patience.end).await {
            Ok(reply) if reply.code == 250 => Injection::Taken(reply.queue_id()),
            Ok(reply) => Injection::Unknown(Some(reply.code)),
            Err(_) => Injection::Unknown(None),
        };
        self.quit().await;
        answer
    }

    async fn write_message(&mut self, header: &str, content: &[u8]) -> std::io::Result<()> {
        self.output.write_all(header.as_bytes()).await?;
        self.output.write_all(b"\r\n").await?;
        for piece in stuffed(content) {
            self.output.write_all(piece).await?;
        }
        let end: &[u8] =
            if content.is_empty() || content.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" };
        self.output.write_all(end).await?;
        self.output.flush().await
    }

    async fn must(&mut self, command: &str, wanted: u16) -> Result<(), Stop> {
        match self.command(command).await?.code {
            code if code == wanted => Ok(()),
            251 | 252 if wanted == 250 => Ok(()),
            code if code >= 500 => Err(Stop::Refused(code)),
            _ => Err(Stop::Later),
        }
    }

    async fn command(&mut self, command: &str) -> Result<Reply, Stop> {
        let line = format!("{command}\r\n");
        let writing = async {
            self.output.write_all(line.as_bytes()).await?;
            self.output.flush().await
        };
        timeout(self.patience.step, writing).await.ok().and_then(Result::ok).ok_or(Stop::Later)?;
        self.reply(self.patience.step).await
    }

    async fn reply(&mut self, patience: Duration) -> Result<Reply, Stop> {
        let limit = u64::try_from(LINE).unwrap_or(u64::MAX);
        let reading = async {
            let mut reply = Reply::default();
            loop {
                let mut line = Vec::new();
                (&mut self.input).take(limit).read_until(b'\n', &mut line).await.ok()?;
                if !line.ends_with(b"\n") {
                    return None;
                }
                if reply.take(&line).ok()? == Line::Last {
                    return Some(reply);
                }
            }
        };
        timeout(patience, reading).await.ok().flatten().ok_or(Stop::Later)
    }

    /// Politeness; whatever comes of it.
    async fn quit(&mut self) {
        let _ = timeout(Duration::from_secs(2), self.command("QUIT")).await;
    }
}

/// What the client asked to be told of the whole message, as arguments of MAIL.
fn of_message(reports: &Reports, utf8: bool) -> String {
    let returned = reports.returned.map(|returned| format!(" RET={}", returned.word()));
    let name = reports.name.as_ref().and_then(|name| argument("ENVID", name, utf8));
    returned.unwrap_or_default() + &name.unwrap_or_default()
}

/// What it asked of one recipient, as arguments of RCPT.
fn of_recipient(of: &ReportsOf, utf8: bool) -> String {
    let on = of.on.map(|on| format!(" NOTIFY={}", on.words()));
    let first = of.first_written.as_ref().and_then(|first| argument("ORCPT", first, utf8));
    on.unwrap_or_default() + &first.unwrap_or_default()
}

/// One argument; none when it would break out of its command, or needs SMTPUTF8 where that is not spoken (RFC 6533, 3).
fn argument(keyword: &str, value: &Masked, utf8: bool) -> Option<String> {
    let value = value.reveal();
    let loose = |c: char| c.is_control() || c.is_whitespace() || !(utf8 || c.is_ascii());
    (!value.contains(loose)).then(|| format!(" {keyword}={value}"))
}

/// An address as a command holds it. One that would break out of its brackets is refused.
fn path(address: &Address) -> Result<String, Stop> {
    let local = address.local().reveal();
    let quoted = local.starts_with('"') && local.ends_with('"');
    let loose = |text: &str| text.contains([' ', '<', '>']) || text.chars().any(char::is_control);
    if (loose(local) && !quoted) || local.contains(['\r', '\n']) || loose(address.domain()) {
        return Err(Stop::Refused(553));
    }
    Ok(address.reveal())
}

fn body_is_ascii(content: &[u8]) -> bool {
    let (_, body) = split_header(content);
    content.get(body..).unwrap_or_default().is_ascii()
}

/// The message cut before each dot that begins a line, with a dot between (RFC 5321, 4.5.2). A line begins after any
/// LF, so that no server, however it reads line ends, sees the end of the message inside it.
fn stuffed(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let first: &[u8] = if content.starts_with(b".") { b"." } else { b"" };
    let mut rest = content;
    let pieces = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = rest.windows(2).position(|two| two == b"\n.").map_or(rest.len(), |at| at + 1);
        let (piece, after) = rest.split_at_checked(cut)?;
        rest = after;
        let dot: &[u8] = if after.is_empty() { b"" } else { b"." };
        Some([piece, dot])
    });
    std::iter::once(first).chain(pieces.flatten())
}

#[cfg(test)]
mod tests;
