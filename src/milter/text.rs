//! SMTP texts made safe for the wire: what a judge wrote in, bytes that every MTA passes on unharmed out.
//!
//! Observed: Sendmail strips the eighth bit; a lone `%` is eaten by Postfix and makes Sendmail drop the text; Postfix
//! 3.7 passes malformed lines on and so breaks the SMTP session; 421 and 521 make it hang up; a code and an enhanced
//! code of two classes become 451 4.3.5. RFC 5321, 4.5.3.1.5 limits a reply line to 512 bytes.

use unicode_normalization::UnicodeNormalization;

use crate::model::SmtpText;

/// First digit of a reply code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 4: trying again may help.
    Transient,
    /// 5: it will not.
    Permanent,
}

/// The data of a reply (`SMFIR_REPLYCODE`), its final NUL included: ASCII, every line with the same code and
/// enhanced code of the same class, `%` doubled, at most [`LINE`] bytes a line and [`LINES`] lines. A longer line is
/// folded between words; what does not fit in the last line is left out. A code of another class than asked for, or one
/// that makes an MTA hang up, becomes 550 or 451.
#[must_use]
pub fn reply_text(text: &SmtpText, class: Class) -> Vec<u8> {
    let (digit, fallback) = match class {
        Class::Transient => (4, 451),
        Class::Permanent => (5, 550),
    };
    let code = if text.code / 100 == digit && text.code % 100 != 21 { text.code } else { fallback };
    let (subject, detail) = (text.detail.0.min(999), text.detail.1.min(999));
    let enhanced = format!("{digit}.{subject}.{detail} ");
    let room = LINE - 4 - enhanced.len();
    let mut lines: Vec<String> = text.lines.iter().flat_map(|line| folded(&ascii(line), room)).collect();
    lines.truncate(LINES);
    if lines.is_empty() {
        lines.push(if digit == 5 { "Refuse".to_owned() } else { "Reessayer plus tard".to_owned() });
    }
    let last = lines.len() - 1;
    let wire = lines.iter().enumerate().map(|(index, line)| {
        let mark = if index == last { ' ' } else { '-' };
        format!("{code}{mark}{enhanced}{line}")
    });
    let mut bytes = wire.collect::<Vec<_>>().join("\r\n").into_bytes();
    bytes.push(0);
    bytes
}

/// Longest line sent, code included, `%` counted twice.
pub const LINE: usize = 400;

/// Most lines sent.
pub const LINES: usize = 10;

/// Writes a text with printable ASCII only. Accents are dropped, typographic signs get their nearest; what has no
/// equivalent becomes `?`, and a control character a space.
#[must_use]
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' '..='~' => out.push(c),
            '’' | '‘' | 'ʼ' | '′' => out.push('\''),
            // French quotes bring spaces of their own; English ones do not.
            '«' => {
                out.push('"');
                chars.next_if(|c| c.is_whitespace());
            }
            '»' => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('"');
            }
            '“' | '”' | '„' | '″' => out.push('"'),
            '–' | '—' | '−' | '‐' | '‑' => out.push('-'),
            'œ' => out.push_str("oe"),
            'Œ' => out.push_str("OE"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("AE"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'Ø' => out.push('O'),
            '×' => out.push('x'),
            '°' => out.push('o'),
            '€' => out.push_str("EUR"),
            _ if c.is_control() || c.is_whitespace() => out.push(' '),
            _ => decomposed(c, &mut out),
        }
    }
    out
}

/// Compatibility decomposition (NFKD) without its marks: `é` is `e`, `…` is `...`.
fn decomposed(c: char, out: &mut String) {
    let before = out.len();
    out.extend(std::iter::once(c).nfkd().filter(|part| matches!(part, ' '..='~')));
    if out.len() == before && !unicode_normalization::char::is_combining_mark(c) {
        out.push('?');
    }
}

/// Cuts an ASCII text into lines of at most `room` bytes with every `%` doubled, between words where there are any.
fn folded(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word = word.replace('%', "%%");
        if !line.is_empty() && line.len() + 1 + word.len() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for unit in units(&word) {
            if line.len() + unit.len() > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(unit);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// What may not be cut: a character, or a doubled `%`.
fn units(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let length = if rest.starts_with("%%") { 2 } else { 1 };
        let (unit, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Class, LINE, LINES, reply_text};
    use crate::model::SmtpText;

    fn wire(code: u16, class: Class, lines: &[&str]) -> String {
        let lines = lines.iter().map(ToString::to_string).collect();
        let bytes = reply_text(&SmtpText { code, detail: (7, 1), lines }, class);
        String::from_utf8(bytes).unwrap().strip_suffix('\0').unwrap().to_owned()
    }

    #[test]
    fn texts_as_the_wire_wants_them() {
        for (code, class, lines, expected) in [
            (550, Class::Permanent, &["Refuse"][..], "550 5.7.1 Refuse"),
            (
                550,
                Class::Permanent,
                &["un", "deux", "trois"],
                "550-5.7.1 un\r\n550-5.7.1 deux\r\n550 5.7.1 trois",
            ),
            (550, Class::Permanent, &["Refusé : l’usager « X »"], "550 5.7.1 Refuse : l'usager \"X\""),
            (550, Class::Permanent, &["cœur… été\u{a0}!"], "550 5.7.1 coeur... ete !"),
            (
                550,
                Class::Permanent,
                &["100% sûr https://x.example/a%20b"],
                "550 5.7.1 100%% sur https://x.example/a%%20b",
            ),
            (550, Class::Permanent, &["a\x07\tb\x1b\r\n250 ok"], "550 5.7.1 a b 250 ok"),
            (550, Class::Permanent, &["", "x", ""], "550 5.7.1 x"),
            (550, Class::Permanent, &["日本"], "550 5.7.1 ??"),
            (451, Class::Transient, &["x"], "451 4.7.1 x"),
            // A code of the wrong class, or one that closes the SMTP session.
            (451, Class::Permanent, &["x"], "550 5.7.1 x"),
            (521, Class::Permanent, &["x"], "550 5.7.1 x"),
            (421, Class::Transient, &["x"], "451 4.7.1 x"),
            (250, Class::Transient, &["x"], "451 4.7.1 x"),
            (250, Class::Permanent, &["x"], "550 5.7.1 x"),
            (0, Class::Permanent, &[], "550 5.7.1 Refuse"),
            (60000, Class::Transient, &["\u{301}"], "451 4.7.1 Reessayer plus tard"),
        ] {
            assert_eq!(wire(code, class, lines), expected);
        }
    }

    #[test]
    fn long_texts_fold_between_words_and_end_after_ten_lines() {
        let text = wire(550, Class::Permanent, &[&"mot ".repeat(2000)]);
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines.len(), LINES);
        assert!(lines.iter().all(|line| line.len() <= LINE && line.ends_with("mot")));
        assert!(lines[9].starts_with("550 "));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Compiled by us, 2026-11, stricter than Postfix 3.7: every line is `[45]dd(-| )…`, one code on all, CRLF between.
        #[test]
        fn any_text_keeps_the_strictest_rule(
            code: u16, detail: (u16, u16), transient: bool,
            lines in prop::collection::vec("(\\PC|[%\r\n\0\u{80}-\u{9f}é’«]|[a-z]{0,500}){0,60}", 0..14),
        ) {
            let class = if transient { Class::Transient } else { Class::Permanent };
            let digit = if transient { b'4' } else { b'5' };
            let bytes = reply_text(&SmtpText { code, detail, lines }, class);
            let text = bytes.strip_suffix(&[0]).unwrap();
            prop_assert!(text.is_ascii() && !text.contains(&0));
            let text = std::str::from_utf8(text).unwrap();
            let lines: Vec<&str> = text.split("\r\n").collect();
            prop_assert!(lines.len() <= LINES);
            for (index, line) in lines.iter().enumerate() {
                prop_assert!(line.len() <= LINE && line.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
                prop_assert_eq!(line.as_bytes()[0], digit);
                prop_assert_eq!(&line[..3], &lines[0][..3]);
                prop_assert_eq!(line.as_bytes()[3], if index + 1 == lines.len() { b' ' } else { b'-' });
                prop_assert_eq!(line.as_bytes()[4], digit);
                prop_assert!(!line.replace("%%", "").contains('%'));
                prop_assert!(!line.starts_with("421") && !line.starts_with("521"));
            }
        }
    }
}
