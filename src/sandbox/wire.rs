//! What passes between the service and a worker: frames of four bytes of length and a value, and the file by descriptor.
//!
//! A worker's word is foreign too: it is bounded, parsed into types that cannot be wrong, and never trusted with more than text.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Seek, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::extract::{Progress, Task};
use crate::model::GapReason;

/// Longest frame, in bytes: all the text of a message, and room for places.
const LONGEST: usize = 1 << 30;

/// What a worker is asked, with the file's descriptor.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// What to read.
    pub task: Task,
    /// Size of the file.
    pub size: u64,
    /// Steps to pass over, since they ended a worker before, and why.
    pub skip: Vec<(u32, GapReason)>,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Said {
    /// It is confined and waits for work.
    Ready(Confinement),
    /// It has the file and begins.
    Begun,
    /// What a step gave.
    Step(Progress),
    /// The file is read.
    Done {
        /// Processor time of the worker's whole life, in milliseconds.
        cpu: u64,
    },
}

/// What confines a worker besides its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// No file can be opened and no port be reached, by landlock(7).
    pub landlock: bool,
    /// No system call beyond a short list, by seccomp(2).
    pub seccomp: bool,
}

/// Writes one frame.
///
/// # Errors
/// When the other side is gone or does not read.
pub fn send(mut to: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut frame = frame(value)?;
    let sent = to.write_all(&frame);
    frame.zeroize();
    sent
}

/// Writes one frame, and a descriptor with its first bytes.
///
/// # Errors
/// When the other side is gone or does not read.
pub fn send_with(mut to: impl Write + AsFd, value: &impl Serialize, descriptor: &OwnedFd) -> io::Result<()> {
    let frame = frame(value)?;
    let (length, rest) = frame.split_at_checked(PREFIX).ok_or(io::ErrorKind::InvalidData)?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    let descriptors = [descriptor.as_fd()];
    if !ancillary.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::Error::other("no room for a descriptor"));
    }
    let sent = sendmsg(to.as_fd(), &[IoSlice::new(length)], &mut ancillary, SendFlags::NOSIGNAL)?;
    to.write_all(length.get(sent..).unwrap_or_default())?;
    to.write_all(rest)
}

/// Reads one frame.
///
/// # Errors
/// When the other side is gone, says nothing for too long, or says what no frame may.
pub fn receive<T: DeserializeOwned>(mut from: impl Read) -> io::Result<T> {
    let mut length = [0; PREFIX];
    from.read_exact(&mut length)?;
    body(from, length)
}

/// Reads one frame and the descriptor that comes with it.
///
/// # Errors
/// When the other side is gone, or sends none.
pub fn receive_with<T: DeserializeOwned>(mut from: impl Read + AsFd) -> io::Result<(T, OwnedFd)> {
    let mut length = [0; PREFIX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let got =
        recvmsg(from.as_fd(), &mut [IoSliceMut::new(&mut length)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    if got.bytes == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let descriptor = ancillary.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    });
    let descriptor = descriptor.ok_or_else(|| io::Error::other("a request without a file"))?;
    from.read_exact(length.get_mut(got.bytes..).unwrap_or_default())?;
    Ok((body(from, length)?, descriptor))
}

/// Puts bytes where another process can read them and nobody can change them any more.
///
/// # Errors
/// When the system has no memory or no descriptor left.
pub fn sealed(bytes: &[u8]) -> io::Result<OwnedFd> {
    let descriptor = memfd_create("attachment", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut file = File::from(descriptor);
    file.write_all(bytes)?;
    file.rewind()?;
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL)?;
    Ok(file.into())
}

/// Room made for a frame before its bytes have come.
const AT_ONCE: usize = 1 << 20;

/// Bytes that tell a frame's length.
const PREFIX: usize = 4;

fn frame(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = postcard::to_extend(value, vec![0; PREFIX]).map_err(io::Error::other)?;
    let length = frame.len().saturating_sub(PREFIX);
    let told = u32::try_from(length).ok().filter(|_| length <= LONGEST);
    let told = told.ok_or_else(|| io::Error::other("a frame that is too long"))?.to_le_bytes();
    frame.iter_mut().zip(told).for_each(|(place, byte)| *place = byte);
    Ok(frame)
}

/// Bytes are taken as they come, so that a length alone costs no memory.
fn body<T: DeserializeOwned>(from: impl Read, length: [u8; PREFIX]) -> io::Result<T> {
    let length = u64::from(u32::from_le_bytes(length));
    if usize::try_from(length).is_ok_and(|length| length > LONGEST) {
        return Err(io::Error::other("a frame that is too long"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(AT_ONCE).min(AT_ONCE));
    let got = from.take(length).read_to_end(&mut bytes)?;
    if u64::try_from(got).is_ok_and(|got| got < length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let value = postcard::from_bytes(&bytes).map_err(io::Error::other);
    bytes.zeroize();
    value
}

/// Reads arbitrary bytes as what a worker says and is asked, for fuzzing: no input may panic, hang or cost memory that it does not bring.
pub fn fuzz_frames(bytes: &[u8]) {
    let mut rest = bytes;
    while receive::<Said>(&mut rest).is_ok() {}
    let _ = receive::<Request>(bytes);
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use super::{Said, receive, receive_with, sealed, send, send_with};

    #[test]
    fn a_file_goes_with_its_request_and_cannot_be_changed() {
        let (one, two) = UnixStream::pair().unwrap();
        send_with(&one, &Said::Begun, &sealed(b"TREM 0412").unwrap()).unwrap();
        let (said, file): (Said, _) = receive_with(&two).unwrap();
        assert!(matches!(said, Said::Begun));
        let mut file = File::from(file);
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "TREM 0412");
        assert!(file.write_all(b"x").is_err());
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        let said = |bytes: &[u8]| receive::<Said>(bytes).map(|said| format!("{said:?}"));
        let mut good = Vec::new();
        send(&mut good, &Said::Done { cpu: 7 }).unwrap();
        assert_eq!(said(&good).unwrap(), "Done { cpu: 7 }");
        assert!(said(&good[..good.len() - 1]).is_err());
        assert!(said(&[1, 0, 0, 0, 99]).is_err());
        assert!(said(&[255, 255, 255, 255, 0]).is_err());
        assert!(said(&[]).is_err());
    }
}
