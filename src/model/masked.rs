//! A sensitive string that no log, panic or error message can print by accident.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A string that may hold personal data.
///
/// `Debug` and `Display` print a fixed mark, whatever the value and its length. Reading it takes
/// [`Masked::reveal`], a word one can search the code for. The memory is wiped on drop.
/// Serialization writes the clear value: only sealed storage and the pipe of a reading process may serialize it.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

/// What `Debug` and `Display` print in place of the value.
const MARK: &str = "•••";

impl Masked {
    /// Wraps a value. From here on, only [`Masked::reveal`] shows it.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The clear value. To be called only in extraction, detection, sealed storage and the case page.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)
    }
}

impl Drop for Masked {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<&str> for Masked {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Masked;

    #[test]
    fn neither_debug_nor_display_prints_a_character_of_the_value() {
        let masked = Masked::new("TREM04121925");
        assert_eq!(format!("{masked} {masked:?}"), "••• •••");
        assert_eq!(masked.reveal(), "TREM04121925");
    }
}
