//! Floor 1: raw bytes to the parts of a message.
//!
//! In: the bytes of one message. Out: its header fields, its leaves, text that stood outside them, and what was not opened.
//! It refuses to know what the text means. `mail-parser` is named here only: it reads addresses, dates, charsets and strict
//! base64; structure, parameters and encoded words are read here, because they must lose nothing.

pub mod charset;
mod ebcdic;
pub mod embedded;
pub mod facts;
mod fields;
mod guess;
mod mangled;
mod message;
mod params;
mod shifted;
mod transfer;
mod words;

pub use fields::{Field, split as split_header};
pub use message::{Bounds, Loose, Message, Part, parse};
pub use params::{Params, percent_decoded};
pub use transfer::{base64, quoted, strange_lines};

/// Reads arbitrary bytes as a message, for fuzzing: no input may panic, hang or recurse.
pub fn fuzz(bytes: &[u8]) {
    let message = parse(bytes, "", Bounds { depth: 12, parts: 100 });
    let _ = facts::of(&message.fields);
    for part in &message.parts {
        let text = charset::decode(&part.bytes, part.media.get("charset"));
        let _ = embedded::blocks(&text.into_bytes());
    }
}
