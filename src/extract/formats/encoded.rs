//! Files in base64 inside any text: `data:` addresses in values and style sheets, JSON of programs, XML of offices, a query in a workbook.
//!
//! In: the bytes of a text. Out: files inside. What they are is told by their first letters, so that the pictures of a page cost next to nothing;
//! letters that are no file of a known kind, nor text, say nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use data_encoding::BASE64;

use crate::extract::sink::Sink;
use crate::mime::charset;

/// Fewest letters that stand together: programs break lines behind sixty and more.
const LEAST: usize = 56;
/// Fewest letters of a text that nothing says is one.
const LEAST_TEXT: usize = 128;
/// Letters by which a kind is told.
const TOLD_BY: usize = 40;
/// Most blanks at the start of a line.
const DEEPEST: usize = 64;
/// What stands before letters that a `data:` address has.
const DECLARED: &[u8] = b";base64,";
/// What stands before a drawing that Word repeats in letters, for itself.
const REPEATED: &[u8] = b"gfxdata=\"";

/// First bytes of files that hold others or text, as their readers have them.
const KINDS: &[&[u8]] = &[
    b"PK\x03\x04",
    b"%PDF-",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"{\\rtf",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\x1F\x8B\x08",
    b"BZh",
    b"\xFD7zXZ\0",
    b"\x78\x9F\x3E\x22",
];
/// Where the package of a query begins ([MS-QDEFF], 2.2): behind its version and size.
const QUERY: usize = 8;

/// Reads the files that stand in a text.
pub fn put(text: &[u8], sink: &mut Sink) {
    let wide = text.get(..text.len().min(64)).is_some_and(|start| start.contains(&0));
    let text = if wide { Cow::Owned(narrowed(text)) } else { Cow::Borrowed(text) };
    // What a format took out itself is not read again. Nothing is asked of them before there is a file.
    let mut known: Option<BTreeMap<u64, usize>> = None;
    let mut from = 0;
    while let Some(found) = next_run(&text, from) {
        let start = begin(&text, from, found);
        let mut head = Vec::with_capacity(TOLD_BY);
        let end = walk(&text, start, |letters| {
            let room = TOLD_BY.saturating_sub(head.len()).min(letters.len());
            head.extend_from_slice(letters.get(..room).unwrap_or_default());
        });
        // What was found is passed over whatever stands before it: an escape that is none ends the walk at its start.
        from = end.max(skip(&text, found));
        let Some(bytes) = file(&text, start, &decoded(&head)) else { continue };
        let known = known.get_or_insert_with(|| {
            sink.children.iter().enumerate().map(|(at, child)| (hash(&child.bytes), at)).collect()
        });
        let hash = hash(&bytes);
        let again =
            known.get(&hash).and_then(|at| sink.children.get(*at)).is_some_and(|it| it.bytes == bytes);
        if !again {
            known.insert(hash, sink.children.len());
            let copy = sink.copy(&bytes);
            sink.child(None, "", copy);
        }
    }
}

/// A text with zeros in it, so that its letters stand together: of two bytes a letter one is enough, since base64 and what parts it are of
/// ASCII.
fn narrowed(text: &[u8]) -> Vec<u8> {
    let unmarked = text.strip_prefix(b"\xFF\xFE").unwrap_or(text);
    let (pairs, _) = unmarked.as_chunks::<2>();
    if pairs.iter().take(32).all(|[low, high]| *low != 0 && *high == 0) {
        return pairs.iter().map(|[low, high]| if *high == 0 { *low } else { 0x80 }).collect();
    }
    charset::decode(text, None).into_bytes()
}

/// The file whose letters begin here, if they are one by its first bytes and by all.
fn file(text: &[u8], start: usize, head: &[u8]) -> Option<Vec<u8>> {
    let before = text.get(..start)?;
    if !stands_alone(before) || before.ends_with(REPEATED) || !(is_kind(head) || is_text(head)) {
        return None;
    }
    let mut letters = Vec::new();
    walk(text, start, |run| letters.extend_from_slice(run));
    let bytes = decoded(&letters);
    let long = before.ends_with(DECLARED) || letters.len() >= LEAST_TEXT;
    (is_kind(&bytes) || long && is_text(&bytes)).then_some(bytes)
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Letters of base64, and those that addresses have in place of two of them (RFC 4648, 4 and 5). Without a branch, so that many are looked at
/// in one step.
fn is_letter(byte: u8) -> bool {
    let alphabetic = (byte | 0x20).wrapping_sub(b'a') < 26;
    alphabetic
        | (byte.wrapping_sub(b'0') < 10)
        | (byte == b'+')
        | (byte == b'/')
        | (byte == b'-')
        | (byte == b'_')
}

/// Where the next letters begin that are long enough. Only the last of so many is looked at while it is none: words are short.
fn next_run(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let window = text.get(from..from.checked_add(LEAST)?)?;
        match window.iter().rposition(|byte| !is_letter(*byte)) {
            Some(at) => from += at + 1,
            None => return Some(from),
        }
    }
}

/// Behind the letters that stand together from here on.
fn skip(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let all = |letters: &&[u8; 16]| letters.iter().fold(true, |all, byte| all & is_letter(*byte));
    let whole = rest.as_chunks().0.iter().take_while(all).count() * 16;
    let last = rest.get(whole..).unwrap_or_default();
    from + whole + last.iter().position(|byte| !is_letter(*byte)).unwrap_or(last.len())
}

/// Where letters begin that may have escapes among them (`\/`), behind those that were looked at before.
fn begin(text: &[u8], from: usize, found: usize) -> usize {
    let before = text.get(from..found).unwrap_or_default();
    if !before.ends_with(b"\\") {
        return found;
    }
    let outside = before.iter().rposition(|byte| !is_letter(*byte) && *byte != b'\\');
    let start = from + outside.map_or(0, |at| at + 1);
    // The letter of an escape that ends a line is none of them.
    match text.get(start..) {
        Some([b'\\', b'n' | b'r' | b't', ..]) => start + 2,
        _ => start,
    }
}

/// Whether letters are all of a value, a line or an element: in an address they are the token of a page.
fn stands_alone(before: &[u8]) -> bool {
    before.last().is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`>(,;nrt".contains(byte))
}

/// Gives the letters from a place on, without what parts their lines; where they end.
fn walk(text: &[u8], start: usize, mut each: impl FnMut(&[u8])) -> usize {
    let mut at = start;
    loop {
        let end = skip(text, at);
        each(text.get(at..end).unwrap_or_default());
        let rest = text.get(end..).unwrap_or_default();
        let (letter, size): (&[u8], usize) = match rest {
            [b'\\', b'/', ..] => (b"/", 2),
            [b'\\', b'u', b'0', b'0', b'2', b'b' | b'B', ..] => (b"+", 6),
            [b'\\', b'u', b'0', b'0', b'2', b'f' | b'F', ..] => (b"/", 6),
            _ => (b"", line_end(rest)),
        };
        if size == 0 {
            return end;
        }
        each(letter);
        at = end + size;
    }
}

/// The size of the end of a line, written out or escaped, and of the blanks behind it, when more letters fill the next line.
fn line_end(rest: &[u8]) -> usize {
    const ENDS: &[&[u8]] =
        &[b"\r", b"\n", b"\\r", b"\\n", b"&#10;", b"&#13;", b"&#xA;", b"&#xD;", b"&#xa;", b"&#xd;"];
    let mut size = 0;
    while let Some(end) = rest.get(size..).and_then(|rest| ENDS.iter().find(|end| rest.starts_with(end))) {
        size += end.len();
    }
    if size == 0 {
        return 0;
    }
    let after = rest.get(size..).unwrap_or_default();
    let blanks = after.iter().take(DEEPEST).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let line = after.get(blanks..).unwrap_or_default();
    let count = skip(line, 0);
    let closed = line.get(count).is_none_or(|byte| b"\r\n=<\"'\\&)`".contains(byte));
    if count > 0 && closed { size + blanks } else { 0 }
}

/// What letters stand for; those of an unfinished last group as far as they go.
fn decoded(letters: &[u8]) -> Vec<u8> {
    let usual = |letter: &u8| match letter {
        b'-' => b'+',
        b'_' => b'/',
        letter => *letter,
    };
    let mut letters: Vec<u8> = letters.iter().map(usual).collect();
    let missing = (4 - letters.len() % 4) % 4;
    letters.resize(letters.len() + missing, b'A');
    let mut bytes = BASE64.decode(&letters).unwrap_or_default();
    bytes.truncate(bytes.len().saturating_sub(missing));
    bytes
}

/// Whether bytes are text, most of it of ASCII: packed bytes have control characters.
fn is_text(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < b'\t' || (0x0E..b' ').contains(byte) || *byte == 0x7F;
    let words = bytes.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')).count();
    words * 4 >= bytes.len() * 3 && !bytes.iter().any(is_control)
}

fn is_kind(bytes: &[u8]) -> bool {
    let query =
        bytes.starts_with(&[0; 4]) && bytes.get(QUERY..).is_some_and(|it| it.starts_with(b"PK\x03\x04"));
    query || KINDS.iter().any(|mark| bytes.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::put;
    use crate::extract::budget::Budget;
    use crate::extract::sink::Sink;
    use crate::model::{Limits, Place};

    fn files(text: &[u8]) -> Vec<Vec<u8>> {
        let limits = Limits::default();
        let mut sink = Sink::new(Place::default(), false, Budget::new(&limits));
        sink.limits = limits;
        put(text, &mut sink);
        sink.children.into_iter().map(|child| child.bytes.into_owned()).collect()
    }

    /// Bytes of this beginning, with every value among them.
    fn file(start: &[u8]) -> Vec<u8> {
        [start, &(0..=255).collect::<Vec<u8>>(), b"\xFB\xFF\xFE?>"].concat()
    }

    fn base64(bytes: &[u8]) -> String {
        data_encoding::BASE64.encode(bytes)
    }

    fn in_lines(letters: &str, end: &str) -> String {
        letters.as_bytes().chunks(60).map(|line| format!("{}{end}", str::from_utf8(line).unwrap())).collect()
    }

    #[test]
    fn files_are_found_however_their_letters_stand() {
        let pdf = file(b"%PDF-1.7\n");
        let letters = base64(&pdf);
        let query = file(b"\0\0\0\0\x9E\0\0\0PK\x03\x04");
        let wide: Vec<u8> = format!("<DataMashup>{}</DataMashup>", base64(&query))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(files(&wide), [query]);
        for text in [
            format!("{{\"a\":\"rapport.pdf\",\"b\":\"{letters}\"}}"),
            format!("{{\"b\":\"{}\"}}", letters.replace('/', "\\/")),
            format!("{{\"b\":\"{}\"}}", letters.replace('/', "\\u002f").replace('+', "\\u002B")),
            format!("{{\"b\":\"{}\"}}", in_lines(&letters, "\\r\\n")),
            format!("{{\"b\":\"{}\"}}", letters.replace('+', "-").replace('/', "_").replace('=', "")),
            format!("{{\"b\":\"\\n{letters}\"}}"),
            format!("<c>\n{}</c>", in_lines(&letters, "\n     ")),
            format!("<c v='{}'/>", in_lines(&letters, "&#13;&#10;")),
            format!("<style>a{{background:url(data:application/pdf;base64,{letters})}}</style>"),
            format!("Voici :\r\n\r\n{}\r\nMerci de votre aide", in_lines(&letters, "\r\n")),
            format!("cle: !!binary |\n  {}", in_lines(&letters, "\n  ")),
            letters.clone(),
            format!("var d=\"{letters}\", e='{letters}';"),
        ] {
            assert_eq!(files(text.as_bytes()), std::slice::from_ref(&pdf), "{text}");
        }
        let list = "Nom;NAM\nTremblay, Hélène;TREM04121925\n".repeat(4).into_bytes();
        assert_eq!(files(format!("\"{}\"", base64(&list)).as_bytes()), [list]);
        let short = b"Nom;NAM\nTremblay, Ana;TREM04121925\nRoy, Zoe;";
        assert_eq!(files(format!("(data:text/csv;base64,{})", base64(short)).as_bytes()), [short]);
    }

    #[test]
    fn letters_that_are_no_file_say_nothing() {
        let list = base64("Nom;NAM\nTremblay, Ana;TREM04121925\n".repeat(4).as_bytes());
        for text in [
            format!("<img src=\"data:image/png;base64,{}\">", base64(&file(b"\x89PNG\r\n\x1a\n"))),
            format!("\"{}\"", base64(&file(b"wOF2"))),
            format!("<v:shape o:gfxdata=\"{}\"/>", base64(&file(b"PK\x03\x04"))),
            // Words inside of a picture, at the start of a line.
            in_lines(
                &base64(&[&file(b"\xFF\xD8\xFF")[..], &b"Nom;NAM\n".repeat(90), &file(b"")].concat()),
                "\n",
            ),
            format!("https://infolettre.example/?q={list}"),
            format!("https://infolettre.example/a.{list}"),
            format!("eyJhbGciOiJIUzI1NiJ9.{list}.x"),
            format!("\"{}\"", base64(b"Nom;NAM\nTremblay, Ana;TREM04121925\n")),
            "a".repeat(1000),
            format!("\\x{}\\x{}", "a".repeat(60), "a".repeat(60)),
            "-".repeat(1000),
            "0123456789abcdef".repeat(90),
            "anticonstitutionnellement".repeat(9),
            "Bonjour, voici les nouvelles de la semaine. ".repeat(90),
        ] {
            assert_eq!(files(text.as_bytes()), Vec::<Vec<u8>>::new(), "{text}");
        }
    }
}
