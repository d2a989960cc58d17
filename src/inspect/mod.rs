//! Floor 3: read a message, then judge what was read.

mod read;

pub use read::{read, read_file};
