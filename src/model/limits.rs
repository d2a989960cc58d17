//! How much of a message is read.

use serde::{Deserialize, Serialize};

/// Budgets for reading one message. What lies past a limit becomes a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most bytes of decoded content read, over all parts.
    pub bytes: u64,
    /// Deepest nesting of parts, messages and archives.
    pub depth: u32,
    /// Most parts.
    pub parts: u32,
    /// Most work, in steps of about one decoded byte: a count, not a time, so that every machine stops at the same place.
    pub fuel: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 200 << 20, depth: 12, parts: 2_000, fuel: 2_000_000_000 }
    }
}
