//! Frames: bytes in, whole packets out. Knows lengths, not meanings.
//!
//! A packet is a length (u32, big-endian, counting the command byte), a command byte, and data.
//! The buffer grows with the bytes received, never with the length announced: a peer that announces a megabyte
//! and sends nothing costs nothing.

/// The longest packet taken, command byte included: the largest data size that any protocol option names
/// (`SMFIP_MDS_1M`). We never ask for that option; MTAs send at most 65,536 without it.
pub const MAX_PACKET: usize = (1 << 20) + 1;

/// What a connection's buffer holds at least, and all it holds when idle.
pub const BASE_BUFFER: usize = 4 << 10;

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Which command.
    pub command: u8,
    /// What comes with it.
    pub data: &'a [u8],
}

/// Why the bytes are no milter packets. The frame is passed over by the length it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A packet without a command byte.
    #[error("a packet of length 0")]
    Empty,
    /// A length past [`MAX_PACKET`]: another protocol, or an attack.
    #[error("a packet of {0} bytes was announced")]
    TooLong(u32),
}

/// Cuts a stream of bytes into frames.
#[derive(Debug, Default)]
pub struct FrameReader {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of a frame still to come that nobody reads.
    skipping: u32,
}

impl FrameReader {
    /// The next whole frame; `None` until more bytes come.
    ///
    /// # Errors
    /// [`FrameError`] when the announced length cannot be one. Whoever goes on reads what follows that frame.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, FrameError> {
        self.pass_over();
        let unread = self.bytes.get(self.start..self.end).unwrap_or_default();
        let Some((announced, rest)) = unread.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let announced = u32::from_be_bytes(*announced);
        let length = match checked(announced) {
            Ok(length) => length,
            Err(error) => {
                self.start += PREFIX;
                self.skipping = announced;
                return Err(error);
            }
        };
        let Some((&command, data)) = rest.get(..length).and_then(<[u8]>::split_first) else {
            return Ok(None);
        };
        self.start += PREFIX + length;
        Ok(Some(Frame { command, data }))
    }

    /// Gives up the frame in progress, whose data will not be read, and says which command it is; `None` while not even that is
    /// known. The buffer is given back.
    pub fn skip_frame(&mut self) -> Option<u8> {
        let unread = self.bytes.get(self.start..self.end)?;
        let (announced, rest) = unread.split_first_chunk::<PREFIX>()?;
        let command = *rest.first()?;
        self.skipping = u32::from_be_bytes(*announced);
        self.start += PREFIX;
        self.pass_over();
        self.shrink();
        Some(command)
    }

    /// Drops what has come of a frame that nobody reads.
    fn pass_over(&mut self) {
        let here = u32::try_from(self.end - self.start).unwrap_or(u32::MAX).min(self.skipping);
        self.skipping -= here;
        self.start += usize::try_from(here).unwrap_or(0);
    }

    /// Room for the next bytes of the peer. Empty only while a whole frame waits to be taken.
    pub fn room(&mut self) -> &mut [u8] {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let wanted = self.wanted();
        if wanted > self.bytes.len() {
            self.bytes.resize(wanted, 0);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Says how many bytes of the room were filled.
    pub fn filled(&mut self, count: usize) {
        self.end = self.bytes.len().min(self.end + count);
    }

    /// How large the buffer will be when [`Self::room`] is asked for: four times what was received at most.
    #[must_use]
    pub fn wanted(&self) -> usize {
        let received = self.end - self.start;
        if received < self.bytes.len() {
            return self.bytes.len();
        }
        (4 * received).min(self.needed()).max(self.bytes.len()).max(BASE_BUFFER)
    }

    /// Bytes allocated now.
    #[must_use]
    pub fn allocated(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no frame has begun.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.is_empty() && self.skipping == 0
    }

    /// Whether no byte waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Gives memory back while no byte waits.
    pub fn shrink(&mut self) {
        if self.is_empty() && self.bytes.len() > BASE_BUFFER {
            *self = Self { skipping: self.skipping, ..Self::default() };
        }
    }

    /// What the frame in progress takes as a whole, as far as its length is known.
    fn needed(&self) -> usize {
        let unread = self.bytes.get(self.start..self.end).unwrap_or_default();
        let announced = unread.first_chunk::<PREFIX>().map(|length| u32::from_be_bytes(*length));
        announced.and_then(|length| checked(length).ok()).map_or(BASE_BUFFER, |length| PREFIX + length)
    }
}

/// Writes one frame. Data past the u32 range cannot be framed and is never made here; it is cut.
pub fn write_frame(out: &mut Vec<u8>, command: u8, data: &[u8]) {
    let length = u32::try_from(data.len() + 1).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.push(command);
    out.extend_from_slice(data);
}

/// Bytes of the length.
const PREFIX: usize = 4;

fn checked(announced: u32) -> Result<usize, FrameError> {
    match usize::try_from(announced) {
        Ok(0) => Err(FrameError::Empty),
        Ok(length) if length <= MAX_PACKET => Ok(length),
        Ok(_) | Err(_) => Err(FrameError::TooLong(announced)),
    }
}

#[cfg(test)]
mod tests {
    use super::{BASE_BUFFER, Frame, FrameError, FrameReader, MAX_PACKET, write_frame};

    /// Feeds as a socket does; hands back frames as (command, data).
    fn read(reader: &mut FrameReader, mut bytes: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, FrameError> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let room = reader.room();
            let count = room.len().min(bytes.len());
            assert!(count > 0, "a reader without a whole frame has room");
            room[..count].copy_from_slice(&bytes[..count]);
            reader.filled(count);
            bytes = &bytes[count..];
            while let Some(Frame { command, data }) = reader.next_frame()? {
                frames.push((command, data.to_vec()));
            }
        }
        Ok(frames)
    }

    #[test]
    fn frames_come_out_whatever_the_cuts() {
        let mut stream = Vec::new();
        let sent: Vec<(u8, Vec<u8>)> = vec![
            (b'O', vec![0; 12]),
            (b'A', vec![]),
            (b'B', vec![7; 65_535]),
            (b'L', b"To\0x\0".to_vec()),
            (b'B', vec![9; 5000]),
        ];
        for (command, data) in &sent {
            write_frame(&mut stream, *command, data);
        }
        for cut in [1, 2, 3, 5, 7, 1000, 4096, 65_540, 1 << 20] {
            let mut reader = FrameReader::default();
            let pieces = stream.chunks(cut).map(|piece| read(&mut reader, piece).unwrap());
            assert_eq!(pieces.flatten().collect::<Vec<_>>(), sent, "cut every {cut} bytes");
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        for (bytes, error) in [
            (&b"\0\0\0\0"[..], FrameError::Empty),
            (b"\xff\xff\xff\xffO", FrameError::TooLong(u32::MAX)),
            (b"GET / HTTP/1.0\r\n\r\n", FrameError::TooLong(0x4745_5420)),
            (b"\0\x10\0\x02B", FrameError::TooLong(0x0010_0002)),
        ] {
            assert_eq!(read(&mut FrameReader::default(), bytes), Err(error));
        }
    }

    #[test]
    fn what_follows_a_frame_that_is_passed_over_is_read() {
        let mut bytes = b"\0\0\0\0".to_vec();
        write_frame(&mut bytes, b'A', b"");
        let length = u32::try_from(MAX_PACKET).unwrap() + 1;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.resize(bytes.len() + MAX_PACKET + 1, b'x');
        write_frame(&mut bytes, b'E', b"");
        for cut in [1, 7, 4096, 1 << 21] {
            let mut reader = FrameReader::default();
            let (mut seen, mut errors) = (Vec::new(), 0);
            for mut piece in bytes.chunks(cut) {
                while !piece.is_empty() {
                    let room = reader.room();
                    let count = room.len().min(piece.len());
                    room[..count].copy_from_slice(&piece[..count]);
                    reader.filled(count);
                    piece = &piece[count..];
                    loop {
                        match reader.next_frame() {
                            Ok(Some(frame)) => seen.push(frame.command),
                            Ok(None) => break,
                            Err(_) => errors += 1,
                        }
                    }
                    assert!(reader.allocated() <= BASE_BUFFER);
                }
            }
            assert_eq!((&seen[..], errors), (&b"AE"[..], 2), "cut every {cut} bytes");
        }
    }

    #[test]
    fn a_frame_given_up_halfway_gives_its_buffer_back() {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, b'B', &vec![0; 500_000]);
        write_frame(&mut bytes, b'E', b"");
        let mut reader = FrameReader::default();
        assert_eq!(reader.skip_frame(), None);
        assert_eq!(read(&mut reader, &bytes[..300_000]), Ok(vec![]));
        assert_eq!((reader.skip_frame(), reader.allocated(), reader.is_between()), (Some(b'B'), 0, false));
        assert_eq!(read(&mut reader, &bytes[300_000..]), Ok(vec![(b'E', vec![])]));
        assert!(reader.allocated() <= BASE_BUFFER && reader.is_between());
    }

    #[test]
    fn the_buffer_grows_with_bytes_received_not_with_bytes_announced() {
        let mut reader = FrameReader::default();
        let mut packet = Vec::new();
        write_frame(&mut packet, b'B', &vec![0; MAX_PACKET - 1]);
        read(&mut reader, &packet[..5]).unwrap();
        assert_eq!(reader.allocated(), BASE_BUFFER);
        read(&mut reader, &packet[5..60_000]).unwrap();
        assert!(reader.allocated() <= 64 << 10, "{}", reader.allocated());
        assert_eq!(read(&mut reader, &packet[60_000..]).unwrap().len(), 1);
        reader.shrink();
        assert_eq!(reader.allocated(), 0);
    }
}
