//! A socket of either family, as the connection loop needs it: plain reads and writes, no buffers.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpStream, UnixStream};

use super::negotiate::Family;

/// One accepted connection.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    pub(super) fn family(&self) -> Family {
        match self {
            Self::Tcp(_) => Family::Inet,
            Self::Unix(_) => Family::Unix,
        }
    }

    /// Waits for bytes and reads what is there; 0 is the end. Nothing is lost when the future is dropped.
    pub(super) async fn receive(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(room).await,
            Self::Unix(stream) => stream.read(room).await,
        }
    }

    /// Writes everything.
    pub(super) async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = match self {
                Self::Tcp(stream) => stream.try_write(bytes),
                Self::Unix(stream) => stream.try_write(bytes),
            };
            match written {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn writable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.writable().await,
            Self::Unix(stream) => stream.writable().await,
        }
    }
}
