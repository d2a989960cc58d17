//! The content of a member, by each method that packs it (APPNOTE 4.4.5).

use std::io::Read;

use lzma_rust2::{LzmaReader, XzReader};
use ppmd_rust::{Ppmd8Decoder, RestoreMethod};

use super::{Member, implode, reduce, shrink};
use crate::extract::endian::little_at;
use crate::extract::sink::Sink;
use crate::model::GapReason;

/// Most memory of a dictionary, in KiB.
const MEMORY: u32 = 192 << 10;

impl Member<'_> {
    /// Unpacks it; a gap tells why not, or not to the end.
    pub fn unpack(&self, sink: &mut Sink) -> Vec<u8> {
        let Some(packed) = self.packed else {
            sink.gap(GapReason::Malformed);
            return Vec::new();
        };
        let stream: Box<dyn Read + '_> = match self.method {
            0 => return sink.copy(packed),
            8 => return sink.inflate(packed, self.size),
            9 => Box::new(deflate64::Deflate64Decoder::new(packed)),
            12 => Box::new(bzip2::read::BzDecoder::new(packed)),
            14 => return self.stream(lzma(packed, self.size), packed, sink),
            95 => Box::new(XzReader::new_mem_limit(packed, true, MEMORY)),
            98 => return self.stream(ppmd(packed), packed, sink),
            1..=6 => return self.unpack_old(packed, sink),
            _ => {
                sink.gap(GapReason::Unsupported);
                return Vec::new();
            }
        };
        sink.unpack(stream, packed.len())
    }

    /// The first bytes of it, for a look: nothing is told and nothing spent where they are deflated.
    pub fn opening(&self, size: usize, sink: &mut Sink) -> Vec<u8> {
        match self.packed {
            Some(packed) if self.method == 8 => sink.opening(packed, size),
            _ => self.unpack(sink),
        }
    }

    /// Unpacks a stream to the size that the directory tells, since it need not tell its own end.
    fn stream(&self, stream: Option<impl Read>, packed: &[u8], sink: &mut Sink) -> Vec<u8> {
        let Some(stream) = stream else {
            sink.gap(GapReason::Malformed);
            return Vec::new();
        };
        let size = u64::try_from(self.size).unwrap_or(u64::MAX);
        sink.unpack(stream.take(size), packed.len())
    }

    /// Unpacks by a method of before deflate.
    fn unpack_old(&self, packed: &[u8], sink: &mut Sink) -> Vec<u8> {
        let room = usize::try_from(sink.budget.room(packed.len())).unwrap_or(usize::MAX);
        // One more than fits, so that the budget tells that it does not.
        let size = self.size.min(room.saturating_add(1));
        let bytes = match self.method {
            1 => shrink::unpack(packed, size),
            6 => implode::unpack(packed, self.flags, size),
            method => reduce::unpack(packed, u32::from(method).saturating_sub(1), size),
        };
        if bytes.len() < size {
            sink.gap(GapReason::Malformed);
        }
        sink.unpack(bytes.as_slice(), packed.len())
    }
}

/// APPNOTE 5.8.8: a version, the size of the properties, the properties, the stream.
fn lzma(packed: &[u8], size: usize) -> Option<impl Read> {
    let (head, stream) = packed.split_at_checked(9)?;
    let dictionary = u32::try_from(little_at(head, 5, 4)?).ok().filter(|size| size / 1024 <= MEMORY)?;
    LzmaReader::new_with_props(stream, u64::try_from(size).ok()?, *head.get(4)?, dictionary, None).ok()
}

/// APPNOTE 5.10: order, memory and what is done when it is full, in two bytes.
fn ppmd(packed: &[u8]) -> Option<impl Read> {
    let (head, stream) = packed.split_at_checked(2)?;
    let settings = u32::try_from(little_at(head, 0, 2)?).ok()?;
    let restore = if settings >> 12 == 0 { RestoreMethod::Restart } else { RestoreMethod::CutOff };
    Ppmd8Decoder::new(stream, (settings & 15) + 1, (((settings >> 4) & 0xFF) + 1) << 20, restore).ok()
}
