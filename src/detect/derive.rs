//! Texts hidden in a text: characters spaced out, groups set apart by marks or hyphens at line ends, base64, hexadecimal,
//! percent signs. Each is read once more, two levels deep.

use std::ops::Range;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use memchr::{memchr2, memmem};

use super::canon::View;

/// Shortest run taken for an encoding.
const SHORTEST: usize = 24;
/// Fewest single characters in a row taken for a spaced-out word.
const SINGLES: usize = 8;
/// Bytes of the shortest word spaced out: a text of fewer that holds no mark hides nothing.
const SPACED: usize = 2 * SINGLES - 1;
/// Most separators between two of them.
const WIDEST_GAP: usize = 5;
/// What is read before a spelled name, and around a number cut at a line end.
const LEAD: usize = 64;
const TAIL: usize = 32;
/// Deepest indent of the line that goes on.
const MOST_INDENT: usize = 16;

/// A text found inside another, and the bytes it was written with.
pub type Derived = (String, Range<usize>);

/// Everything hidden in a folded text.
#[must_use]
pub fn derived(text: &str) -> Vec<Derived> {
    let marked = |byte: u8| matches!(byte, b'%' | b'+' | b'*' | b'\n');
    if text.len() < SPACED && !text.bytes().any(marked) {
        return Vec::new();
    }
    let mut found = spaced(text);
    found.extend(encoded(text));
    found.extend(percent(text));
    found.extend(marked_up(text));
    found.extend(hyphenated(text));
    found
}

/// Runs of single letters and digits with separators between, closed up. A wider gap stays as what stood in it.
///
/// Ordinary words have two letters side by side, so a stretch long enough for a run rarely lacks such a pair: it is
/// looked for from the stretch's end, and the text up to it is skipped.
fn spaced(text: &str) -> Vec<Derived> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(stretch) = bytes.get(at..at + SPACED) {
        if let Some(pair) = stretch.windows(2).rposition(is_pair) {
            at += pair + 1;
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let end = rest.windows(2).position(is_pair).map_or(bytes.len(), |pair| at + pair);
        // The first byte may be the last of a word that began before.
        let inside =
            at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric);
        let singles = (at + usize::from(inside)..end)
            .filter(|at| bytes.get(*at).is_some_and(u8::is_ascii_alphanumeric));
        let (mut run, mut last) = (Vec::new(), at);
        for single in singles {
            step(text, single, &mut run, &mut last, &mut found);
        }
        close(text, &mut run, &mut found);
        at = end + 1;
    }
    found
}

/// Two letters or digits side by side.
fn is_pair(pair: &[u8]) -> bool {
    pair.iter().all(u8::is_ascii_alphanumeric)
}

/// Adds one character to the run, or ends the run before it.
fn step(text: &str, single: usize, run: &mut Vec<usize>, last: &mut usize, found: &mut Vec<Derived>) {
    let gap = text.get(*last..single).unwrap_or_default();
    let follows = gap.len() <= WIDEST_GAP && gap.bytes().all(|byte| b" .-_/|\t\n*,".contains(&byte));
    if !(run.is_empty() || follows) {
        close(text, run, found);
    }
    run.push(single);
    *last = single + 1;
}

fn close(text: &str, run: &mut Vec<usize>, found: &mut Vec<Derived>) {
    let run = std::mem::take(run);
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    if run.len() < SINGLES {
        return;
    }
    let gaps = || {
        run.windows(2).map(|pair| {
            text.get(pair.first().map_or(0, |at| at + 1)..pair.last().copied().unwrap_or(0))
                .unwrap_or_default()
        })
    };
    let narrow = gaps().map(str::len).min().unwrap_or(1);
    let mut out = text.get(*first..first + 1).unwrap_or_default().to_owned();
    for (gap, at) in gaps().zip(run.iter().skip(1)) {
        let next = text.get(*at..at + 1).unwrap_or_default();
        if gap.len() > narrow {
            out.push_str(between(gap, narrow));
        } else if out.ends_with(|last: char| last.is_ascii_lowercase()) && is_upper(next) {
            out.push(' ');
        }
        out.push_str(next);
    }
    let whole = *first..last + 1;
    if out.bytes().any(|byte| byte.is_ascii_digit()) {
        // A word of one letter beside a spelled number is not of it.
        let (start, end) =
            (run.get(1).copied().unwrap_or(*first), run.len().checked_sub(2).and_then(|at| run.get(at)));
        if is_letter(out.get(..1)) && out.len() > SINGLES {
            found.extend(out.get(1..).map(|rest| (rest.trim_start().to_owned(), start..whole.end)));
        }
        if is_letter(out.get(out.len() - 1..)) && out.len() > SINGLES {
            let end = end.map_or(whole.end, |end| end + 1);
            found.extend(out.get(..out.len() - 1).map(|rest| (rest.trim_end().to_owned(), whole.start..end)));
        }
        found.push((out, whole));
    } else {
        // A spelled name says nothing without the words before it.
        let lead = text.floor_char_boundary(first.saturating_sub(LEAD));
        let lead = text.get(lead..*first).unwrap_or_default();
        let lead = lead.rsplit('\n').next().unwrap_or_default();
        found.push((format!("{lead}{out}"), whole));
    }
}

/// What a wide gap holds besides the separators of single characters.
fn between(gap: &str, narrow: usize) -> &str {
    let inner = gap.get(narrow..gap.len().saturating_sub(narrow)).unwrap_or(gap).trim();
    if inner.is_empty() { " " } else { inner }
}

fn is_upper(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_letter(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Lines in which marks of emphasis part words: `**130** **692**`.
fn marked_up(text: &str) -> Vec<Derived> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) =
        text.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), b"* *")).map(|at| from + at)
    {
        let start =
            text.get(from..at).and_then(|before| before.rfind('\n')).map_or(from, |end| from + end + 1);
        let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
        let line: String = text.get(start..end).unwrap_or_default().chars().filter(|c| *c != '*').collect();
        if line.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            found.push((line, start..end));
        }
        from = end;
    }
    found
}

/// Numbers cut by a hyphen at a line end, with what stands around them.
fn hyphenated(text: &str) -> Vec<Derived> {
    memmem::find_iter(text.as_bytes(), b"-\n").filter_map(|at| rejoined(text, at)).collect()
}

fn rejoined(text: &str, at: usize) -> Option<Derived> {
    let start = text.floor_char_boundary(at.saturating_sub(LEAD));
    let head = text.get(start..at)?;
    let head = head.rsplit('\n').next()?;
    let rest = text.get(at + 2..)?;
    let tail = rest.trim_start_matches([' ', '\t']);
    let indent = rest.len() - tail.len();
    let tail = tail.get(..tail.floor_char_boundary(TAIL.min(tail.len())))?.split('\n').next()?;
    let cut = head.trim_end_matches('-').ends_with(|last: char| last.is_ascii_digit())
        && tail.starts_with(|first: char| first.is_ascii_digit());
    let run = at - head.len()..at + 2 + indent + tail.len();
    (cut && indent <= MOST_INDENT).then(|| (format!("{head}{tail}"), run))
}

/// Runs of base64 or hexadecimal that decode to readable text. Wrapped lines are one run.
fn encoded(text: &str) -> Vec<Derived> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // A run has no other byte in its first stretch: one found there, the last first, is where to look on.
    while let Some(stretch) = bytes.get(at..at + SHORTEST) {
        if let Some(other) = stretch.iter().rposition(|byte| !is_of_code(*byte)) {
            at += other + 1;
            continue;
        }
        let end = end_of_code(bytes, at);
        found.extend(readable(text, &(at..end)));
        at = end + 1;
    }
    found
}

fn is_of_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

/// Where a run that starts here ends, line ends after 60 characters or more included.
fn end_of_code(bytes: &[u8], start: usize) -> usize {
    let mut line = start;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        if *byte == b'\n' && at - line >= 60 {
            line = at + 1;
        } else if !is_of_code(*byte) {
            return at;
        }
    }
    bytes.len()
}

fn readable(text: &str, run: &Range<usize>) -> Option<Derived> {
    if run.len() < SHORTEST {
        return None;
    }
    let written: String = text.get(run.clone())?.split(['\n', '=']).collect();
    decode(written.as_bytes()).and_then(as_text).map(|text| (text, run.clone()))
}

fn decode(written: &[u8]) -> Option<Vec<u8>> {
    if written.iter().all(u8::is_ascii_hexdigit) && written.len().is_multiple_of(2) {
        return HEXLOWER_PERMISSIVE.decode(written).ok();
    }
    let whole = written.get(..written.len() - usize::from(written.len() % 4 == 1)).unwrap_or_default();
    let standard = || {
        BASE64_NOPAD.decode(whole).or_else(|error| {
            // Bits left over after the last byte are a sloppy encoder's, not a reason to look away.
            whole.get(..whole.len() - whole.len() % 4).map_or(Err(error), |even| BASE64_NOPAD.decode(even))
        })
    };
    standard().or_else(|_| BASE64URL_NOPAD.decode(whole)).ok()
}

/// The text of bytes of which nine in ten are printable, as written or once disguises of letters are undone.
fn as_text(bytes: Vec<u8>) -> Option<String> {
    match String::from_utf8(bytes) {
        Ok(text) => (is_printable(&text) || is_printable(View::of(&text).text())).then_some(text),
        Err(error) => {
            let text = error.into_bytes().iter().copied().map(char::from).collect::<String>();
            is_printable(&text).then_some(text)
        }
    }
}

fn is_printable(text: &str) -> bool {
    let printable = text.chars().filter(|character| matches!(character, ' '..='~' | '\n' | '\r' | '\t' | '\u{c0}'..='\u{17f}' | '’' | '–')).count();
    printable * 10 >= text.chars().count() * 9 && printable > 8
}

/// Words with at least three `%XX`, undone, and the queries of addresses, in which a plus sign may be the only one.
fn percent(text: &str) -> Vec<Derived> {
    let mut found = Vec::new();
    let mut from = 0;
    let next = |from: usize| memchr2(b'%', b'+', text.as_bytes().get(from..)?).map(|at| from + at);
    while let Some(at) = next(from) {
        let start = text
            .get(from..at)
            .and_then(|before| before.rfind(char::is_whitespace))
            .map_or(from, |space| from + space + 1);
        let end = text
            .get(at..)
            .and_then(|rest| rest.find(char::is_whitespace))
            .map_or(text.len(), |space| at + space);
        let word = text.get(start..end).unwrap_or_default();
        if let Some(decoded) = undo_percent(word) {
            found.push((decoded, start..end));
        }
        from = end;
    }
    found
}

/// The fewest signs that are undone in words that are no query: a rate, a rule, a file name have some.
const SIGNS: usize = 3;

fn undo_percent(word: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(word.len());
    let (mut undone, mut spaces) = (0, 0);
    let query = word.split_once('?').is_some_and(|(_, query)| query.contains('='));
    // In the query of an address a space is a plus sign, unless it is written out.
    let plus = !word.contains("%20");
    let mut rest = word.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.first_chunk::<2>().filter(|_| *first == b'%');
        match pair.and_then(|pair| HEXLOWER_PERMISSIVE.decode(pair).ok()).as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                undone += 1;
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                spaces += usize::from(*first == b'+' && plus);
                bytes.push(match first {
                    b'+' if plus => b' ',
                    // Each value stands by itself.
                    b'&' if query => b'\n',
                    first => *first,
                });
                rest = tail;
            }
        }
    }
    let enough = undone >= SIGNS || query && undone + spaces > 0;
    if enough { as_text(bytes) } else { None }
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn hidden_texts_are_read_with_their_place() {
        for (text, hidden, run) in [
            ("voir T R E M 0 4 1 2 1 9 2 5 merci", "TREM04121925", "T R E M 0 4 1 2 1 9 2 5"),
            ("T.R.E.M.0.4.1.2.1.9.2.5.", "TREM04121925", "T.R.E.M.0.4.1.2.1.9.2.5"),
            ("1 9 5 4 - 0 8 - 0 3", "1954-08-03", "1 9 5 4 - 0 8 - 0 3"),
            ("1.9.5.4.-.0.8.-.0.3", "1954-08-03", "1.9.5.4.-.0.8.-.0.3"),
            ("le 3 a o u t 1 9 5 4 a Amos", "3aout1954", "3 a o u t 1 9 5 4"),
            ("Usager : R o s e  M o r i n", "Usager : Rose Morin", "R o s e  M o r i n"),
            ("NAS **130** **692**\nfin", "NAS 130 692", "NAS **130** **692**"),
            ("NAS 130 692 5-\n  44 fin", "NAS 130 692 544 fin", "NAS 130 692 5-\n  44 fin"),
            ("cl TkFNIDogVFJFTSAwNDEyIDE5MjU= fin", "NAM : TREM 0412 1925", "TkFNIDogVFJFTSAwNDEyIDE5MjU="),
            (
                "cl 4e414d203a205452454d203034313220313932350a fin",
                "NAM : TREM 0412 1925\n",
                "4e414d203a205452454d203034313220313932350a",
            ),
            (
                "https://rdv.example/a?nom=Rose+Morin&nam=TREM+0412+1925 x",
                "https://rdv.example/a?nom=Rose Morin\nnam=TREM 0412 1925",
                "https://rdv.example/a?nom=Rose+Morin&nam=TREM+0412+1925",
            ),
            (
                "mailto:a@b.example?subject=Dossier%20TREM0412 x",
                "mailto:a@b.example?subject=Dossier TREM0412",
                "mailto:a@b.example?subject=Dossier%20TREM0412",
            ),
            ("?q=%4eAM%20%3a%20TREM%200412 x", "?q=NAM : TREM 0412", "?q=%4eAM%20%3a%20TREM%200412"),
        ] {
            let all = derived(text);
            let found =
                all.iter().find(|(found, _)| found == hidden).unwrap_or_else(|| panic!("{text}: {all:?}"));
            assert_eq!(&text[found.1.clone()], run);
        }
    }

    #[test]
    fn ordinary_text_hides_nothing() {
        for text in [
            "a b c",
            "une sous-\n2 lignes, 1 mot-\nclé",
            "Le CISSS des Laurentides, 100 % public",
            "c5a1893a07fdf93dffd3cac8945fddcfaf62ecc6b57076e652454682e4b789ab",
            "anticonstitutionnellementtropgrand",
            "a+b=c, 3+4 %, C++ ? oui=non+1",
        ] {
            assert_eq!(derived(text), [], "{text}");
        }
    }
}
