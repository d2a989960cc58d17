//! The way in for fuzzers: any bytes, through frames, commands and a session.

use super::codec::{FrameReader, MAX_PACKET};
use super::negotiate::Family;
use super::refusal::Refusal;
use super::session::{Session, Step};

/// Feeds bytes as a peer would send them, each message put off.
///
/// # Panics
/// When the session holds more memory than what it was sent can explain.
pub fn fuzz_frames(bytes: &[u8]) {
    let mut reader = FrameReader::default();
    let mut session = Session::new(Family::Inet, LARGEST);
    let mut rest = bytes;
    while !rest.is_empty() {
        let room = reader.room();
        let (piece, after) = rest.split_at(room.len().min(rest.len()));
        room.iter_mut().zip(piece).for_each(|(slot, byte)| *slot = *byte);
        reader.filled(piece.len());
        rest = after;
        while let Ok(Some(frame)) = reader.next_frame() {
            match session.on_frame(frame) {
                Step::NoReply | Step::Reply(_) | Step::Refuse(..) | Step::LoseTrack(..) => {}
                Step::Judge(received, pledge) => {
                    assert!(received.size <= LARGEST + 2, "a message past the limit came through");
                    let _ = pledge.refuse(Refusal::Unavailable);
                }
                Step::Close(_) => return,
            }
            assert!(
                session.memory() <= 2 * MAX_PACKET + 200 * bytes.len(),
                "memory grows past what was sent"
            );
        }
        if reader.next_frame().is_err() {
            return;
        }
    }
}

const LARGEST: u64 = 1 << 16;
