//! What is shown under text that is said to stand for it (ISO 32000-1, 14.9.4): kept where the two differ, since who looks at a page sees
//! what is shown.

use unicode_normalization::UnicodeNormalization;

/// The text shown under the marks of a page.
#[derive(Debug, Default)]
pub struct Beneath {
    /// What differs from the text that stands for it.
    pub text: String,
    /// Where what the open marks cover begins.
    start: usize,
}

impl Beneath {
    /// Adds what is shown, behind what parts it from the text before.
    pub fn put(&mut self, parting: &str, text: &str) {
        self.text.push_str(parting);
        self.text.push_str(text);
    }

    /// Ends what a mark covers: what says the same as the text that stands for it is not told again.
    pub fn end(&mut self, instead: &str) {
        let shown = self.text.get(self.start..).unwrap_or_default();
        // A long text for a short one says something else, and costs no comparison.
        let alike = instead.len() <= shown.len().saturating_mul(4).saturating_add(64);
        let shown = plain(shown);
        if shown.is_empty() || alike && plain(instead).contains(&shown) {
            self.text.truncate(self.start);
        }
        self.start = self.text.len();
    }
}

/// Its letters and digits.
fn plain(text: &str) -> String {
    text.nfkc().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether a text has letters or digits.
#[must_use]
pub fn says(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
