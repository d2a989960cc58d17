//! Floor 3: read a message, then judge what was read.
//!
//! In: a submission and limits, then its reading and the rules. Out: a reading, then an inspection.
//! It refuses to know where a message came from and what will be done with it.

mod inspection;
mod judge;
mod read;

pub use inspection::Inspection;
pub use judge::{Rules, context, judge, judge_unread};
pub use read::{file_reader, read, read_file, read_header, reader};
