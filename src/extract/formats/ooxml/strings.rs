//! Shared and inline strings of a workbook (ECMA-376, 18.4).

use crate::extract::formats::markup::Token;

/// Builds strings from events: runs are joined, phonetic readings stand apart.
#[derive(Debug, Default)]
pub struct Builder {
    text: String,
    reading: String,
    in_text: bool,
    in_reading: bool,
}

impl Builder {
    /// Takes an event inside a string.
    pub fn take(&mut self, token: &Token<'_>) {
        match token {
            Token::Open(element) if element.name == "t" => self.in_text = true,
            Token::Open(element) if element.name == "rPh" => self.in_reading = true,
            Token::Close("t") => self.in_text = false,
            Token::Close("rPh") => {
                self.in_reading = false;
                self.reading.push(' ');
            }
            Token::Text(text) if self.in_text && self.in_reading => self.reading.push_str(text),
            Token::Text(text) if self.in_text => self.text.push_str(text),
            Token::Open(_) | Token::Close(_) | Token::Text(_) | Token::Aside(_) => {}
        }
    }

    /// The string so far, and how it is read aloud; starts on the next one.
    pub fn finish(&mut self) -> (String, String) {
        let done = std::mem::take(self);
        (unescaped(done.text), done.reading)
    }
}

/// Undoes `_x000D_` (ECMA-376, 22.9.2.19).
#[must_use]
pub fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let code = tail.get(2..6).filter(|_| tail.get(6..7) == Some("_"));
        let character = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match character {
            Some('\r') => rest = tail.get(7..).unwrap_or_default(),
            Some(character) => {
                out.push(character);
                rest = tail.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = tail.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescaped("a_x000D__x0041_b_xyz_x".to_owned()), "aAb_xyz_x");
    }
}
