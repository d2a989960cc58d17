//! The MTA's side of a socket, by hand: says anything, hears everything.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// One connection to the milter.
pub struct Peer(Box<dyn Socket>);

trait Socket: Read + Write {}
impl<T: Read + Write> Socket for T {}

impl Peer {
    pub fn tcp(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(Box::new(stream))
    }

    pub fn unix(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(Box::new(stream))
    }

    /// Connected, negotiated as Postfix and Sendmail do, and introduced.
    pub fn ready(address: SocketAddr) -> Self {
        Self::tcp(address).negotiate(0x1FF, 0x1F_FFFF)
    }

    pub fn negotiate(mut self, actions: u32, steps: u32) -> Self {
        self.send(b'O', &[6, actions, steps].map(u32::to_be_bytes).concat());
        assert_eq!(self.frame().expect("an answer to the offer").0, b'O');
        self.send(b'C', b"h.example\x004\0\x19192.0.2.1\0");
        self.send(b'H', b"h.example\0");
        self
    }

    /// Sends one frame; a peer that closed is noticed when its answer is read.
    pub fn send(&mut self, command: u8, data: &[u8]) {
        let length = u32::try_from(data.len() + 1).unwrap();
        self.raw(&[&length.to_be_bytes()[..], &[command], data].concat());
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// The next frame; `None` when the milter closed.
    pub fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut length = [0; 4];
        match self.0.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("neither reply nor end"),
            Err(_) => return None,
        }
        let mut frame = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
        self.0.read_exact(&mut frame).ok()?;
        frame.split_first().map(|(command, data)| (*command, data.to_vec()))
    }

    /// Begins a message, as far as its header; over TCP with all replies but DATA's agreed away.
    pub fn begin(&mut self, subject: &str) {
        self.send(b'M', b"<a@b.example>\0");
        self.send(b'R', b"<c@d.example>\0");
        self.send(b'T', b"");
        assert_eq!(self.frame(), Some((b'c', Vec::new())));
        self.send(b'L', format!("Subject\0 {subject}\0").as_bytes());
        self.send(b'N', b"");
    }

    /// Sends a whole message and hears the verdict, progress left out.
    pub fn message(&mut self, subject: &str, body: &[u8]) -> Option<(u8, String)> {
        self.begin(subject);
        for chunk in body.chunks(65_535) {
            self.send(b'B', chunk);
        }
        self.send(b'E', b"");
        self.verdict()
    }

    /// The final reply, edits and progress left out.
    pub fn verdict(&mut self) -> Option<(u8, String)> {
        loop {
            let (command, data) = self.frame()?;
            if !b"pmh".contains(&command) {
                return Some((command, String::from_utf8(data).unwrap().trim_end_matches('\0').to_owned()));
            }
        }
    }

    /// Whether the milter closes without a word.
    pub fn closed(&mut self) -> bool {
        self.frame().is_none()
    }
}

/// Longest wait for a reply.
const PATIENCE: Duration = Duration::from_secs(30);
