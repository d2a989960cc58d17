//! Encoded words of header fields (RFC 2047).
//!
//! In: the decoded text of a field. Out: the text a reader sees. Words that follow one another are joined as bytes before
//! their characters are decoded, since mailers cut between the bytes of one character.

use super::charset;
use super::transfer;

/// Decodes every encoded word in a text; what is not one stays as it is.
#[must_use]
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending: Option<Word> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, tail) = rest.split_at(start);
        let Some((word, after)) = Word::parse(tail) else {
            let (mark, after) = tail.split_at(2);
            flush(&mut pending, &mut out);
            out.push_str(before);
            out.push_str(mark);
            rest = after;
            continue;
        };
        let adjacent = pending.is_some() && before.chars().all(char::is_whitespace);
        if !adjacent {
            flush(&mut pending, &mut out);
            out.push_str(before);
        }
        pending = Some(match pending.take() {
            Some(previous) if previous.charset.eq_ignore_ascii_case(&word.charset) => previous.joined(word),
            previous => {
                flush(&mut { previous }, &mut out);
                word
            }
        });
        rest = after;
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    out
}

fn flush(pending: &mut Option<Word>, out: &mut String) {
    if let Some(word) = pending.take() {
        out.push_str(&charset::decode(&word.bytes, Some(&word.charset)));
    }
}

/// An encoded word, its transfer encoding undone.
struct Word {
    charset: String,
    bytes: Vec<u8>,
}

impl Word {
    /// Parses `=?charset?encoding?data?=` at the start of a text; gives the word and what follows it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let (label, rest) = text.strip_prefix("=?")?.split_once('?')?;
        let (encoding, rest) = rest.split_once('?')?;
        let (data, rest) = rest.split_once("?=").unwrap_or((rest, ""));
        if label.len() > 64 || label.contains(char::is_whitespace) {
            return None;
        }
        let bytes = match encoding {
            "q" | "Q" => transfer::quoted(data.replace('_', " ").as_bytes()),
            // Programs show what is no base64 as it stands.
            "b" | "B" if transfer::strange_lines(data.as_bytes()).next().is_some() => return None,
            "b" | "B" => transfer::base64(data.as_bytes()).bytes.into_owned(),
            _ => return None,
        };
        // RFC 2231, 5: a language may follow the charset after an asterisk.
        let label = label.split('*').next().unwrap_or(label);
        Some((Self { charset: label.to_owned(), bytes }, rest))
    }

    fn joined(mut self, next: Self) -> Self {
        self.bytes.extend(next.bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn words_are_joined_before_their_characters_are_decoded() {
        let table = [
            ("=?utf-8?Q?Formulaire_compl=C3=A9?= =?utf-8?Q?t=C3=A9?=", "Formulaire complété"),
            ("=?utf-8?B?w6k=?=", "é"),
            ("=?utf-8?Q?caf=C3?= \t=?utf-8?Q?=A9?=", "café"),
            ("=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=", "éé"),
            ("RE: =?iso-8859-1*fr?q?=e9t=e9?= 2026", "RE: été 2026"),
            ("=?utf-8?Q?TREM?= 0412 =?utf-8?Q?1925?=", "TREM 0412 1925"),
            ("=?utf-8?Q?NAM TREM 0412?=", "NAM TREM 0412"),
            ("a =?utf-8?x?y?= b", "a =?utf-8?x?y?= b"),
            ("=?utf-8?B?Roy; NAM TREM 0412?=", "=?utf-8?B?Roy; NAM TREM 0412?="),
            ("=?utf-8?Q?unclosed", "unclosed"),
            ("2 =? 3", "2 =? 3"),
        ];
        for (text, expected) in table {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}
