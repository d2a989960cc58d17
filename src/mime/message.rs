//! One message to its parts.
//!
//! In: the bytes of a message. Out: header fields, leaves with their transfer encoding undone, and text that stood outside
//! every part. A nested message is a leaf: whoever reads it parses it in turn. The walk keeps its own stack, so that no
//! nesting can exhaust the program's; limits of depth and number become gaps.
//!
//! The walk is ours and not mail-parser's, because a filter must read what a mail program would skip: text before the first
//! boundary and after the last, headers cut short, and parts past any depth (as gaps). A test compares the two.

use std::borrow::Cow;

use memchr::memmem;

use super::fields::{self, Field};
use super::params::{self, Params};
use super::transfer;

/// A message, one level deep.
#[derive(Debug, Default)]
pub struct Message<'a> {
    /// Fields of its header.
    pub fields: Vec<Field<'a>>,
    /// Fields of the multiparts inside it.
    pub inner_fields: Vec<Field<'a>>,
    /// Its leaves, in the order in which they stand.
    pub parts: Vec<Part<'a>>,
    /// Text outside every part: preambles, epilogues, lines that are not of the transfer encoding.
    pub loose: Vec<Loose<'a>>,
    /// Part numbers past the bounds that were not opened, and how many bytes of content were left there.
    pub gaps: Vec<(String, usize)>,
}

/// A leaf of a message.
#[derive(Debug)]
pub struct Part<'a> {
    /// Number as IMAP counts.
    pub number: String,
    /// Fields of the part's own header; empty for a message without parts, whose fields are the message's.
    pub fields: Vec<Field<'a>>,
    /// Content-Type; `text/plain` when there is none.
    pub media: Params,
    /// Names of the attachment: of Content-Disposition, then of Content-Type, without repeats.
    pub names: Vec<String>,
    /// Whether the part is shown as an attachment.
    pub attached: bool,
    /// Content with its transfer encoding undone.
    pub bytes: Cow<'a, [u8]>,
    /// Media type of the multipart around it, when there is one.
    pub within: Option<String>,
}

/// Text outside every part.
#[derive(Debug)]
pub struct Loose<'a> {
    /// Number of the multipart around it.
    pub number: String,
    /// The text as it stands.
    pub bytes: Cow<'a, [u8]>,
}

/// How far to go into one message.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most multiparts inside one another.
    pub depth: u32,
    /// Most parts.
    pub parts: usize,
}

/// Something on the way to becoming leaves.
struct Entity<'a> {
    number: String,
    bytes: &'a [u8],
    depth: u32,
    /// The multipart around it.
    within: Option<String>,
}

/// Parses a message whose own number is `number` (empty for the outermost).
#[must_use]
pub fn parse<'a>(bytes: &'a [u8], number: &str, bounds: Bounds) -> Message<'a> {
    let mut message = Message::default();
    let mut pending = vec![Entity { number: number.to_owned(), bytes, depth: 0, within: None }];
    while let Some(entity) = pending.pop() {
        if entity.depth > bounds.depth {
            message.gaps.push((entity.number, entity.bytes.len()));
            continue;
        }
        if message.parts.len() >= bounds.parts {
            let behind = pending.iter().map(|entity| entity.bytes.len());
            message.gaps.push((entity.number, behind.fold(entity.bytes.len(), usize::saturating_add)));
            break;
        }
        let children = open(entity, bounds, &mut message);
        pending.extend(children.into_iter().rev());
    }
    message
}

/// Opens one entity: a multipart gives its children, anything else becomes a leaf.
fn open<'a>(entity: Entity<'a>, bounds: Bounds, message: &mut Message<'a>) -> Vec<Entity<'a>> {
    let (fields, start) = fields::split(entity.bytes);
    let body = entity.bytes.get(start..).unwrap_or_default();
    let medias: Vec<Params> = fields
        .iter()
        .filter(|field| field.is("Content-Type"))
        .map(|field| Params::parse(&field.plain()))
        .collect();
    let multipart = medias.iter().find(|media| media.value.starts_with("multipart/"));
    let split = multipart.and_then(|media| divide(body, media, bounds.parts + 1));
    let (Some(multipart), Some(divided)) = (multipart, split) else {
        leaf(entity, fields, body, medias, message);
        return Vec::new();
    };
    for loose in [divided.preamble, divided.epilogue] {
        if !loose.trim_ascii().is_empty() {
            message.loose.push(Loose { number: entity.number.clone(), bytes: Cow::Borrowed(loose) });
        }
    }
    let children = divided.parts.into_iter().zip(1u32..).map(|(bytes, index)| Entity {
        number: child(&entity.number, index),
        bytes,
        depth: entity.depth + 1,
        within: Some(multipart.value.clone()),
    });
    let children = children.collect();
    if entity.depth == 0 {
        message.fields = fields;
    } else {
        message.inner_fields.extend(fields);
    }
    children
}

fn leaf<'a>(
    entity: Entity<'a>,
    fields: Vec<Field<'a>>,
    body: &'a [u8],
    medias: Vec<Params>,
    message: &mut Message<'a>,
) {
    let default =
        if entity.within.as_deref() == Some("multipart/digest") { "message/rfc822" } else { "text/plain" };
    let media = medias.into_iter().find(|media| !media.value.is_empty());
    let media = media.unwrap_or_else(|| Params { value: default.to_owned(), list: Vec::new() });
    let disposition =
        fields::first(&fields, "Content-Disposition").map(|field| Params::parse(&field.plain()));
    let number = if entity.depth == 0 { child(&entity.number, 1) } else { entity.number };
    let (bytes, strays) = decoded(&fields, body);
    if !strays.is_empty() {
        let bytes = strays.join(b"\n".as_slice());
        message.loose.push(Loose { number: number.clone(), bytes: Cow::Owned(bytes) });
    }
    let names = names(disposition.as_ref(), &media, &fields);
    let fields = if entity.depth == 0 { std::mem::replace(&mut message.fields, fields) } else { fields };
    message.parts.push(Part {
        number,
        names,
        attached: disposition.is_some_and(|disposition| disposition.value == "attachment"),
        fields,
        media,
        bytes,
        within: entity.within,
    });
}

fn child(number: &str, index: u32) -> String {
    if number.is_empty() { index.to_string() } else { format!("{number}.{index}") }
}

/// Names that a part gives itself, and what of such a field goes on past where it is parsed: a name of that length is text.
fn names(disposition: Option<&Params>, media: &Params, fields: &[Field<'_>]) -> Vec<String> {
    let given = disposition.into_iter().flat_map(|params| params.all("filename")).chain(media.all("name"));
    let naming = fields.iter().filter(|field| field.is("Content-Type") || field.is("Content-Disposition"));
    let rest = naming.filter_map(|field| params::unparsed(&field.plain()).map(str::to_owned));
    let mut names: Vec<String> = Vec::new();
    for name in given.map(str::to_owned).chain(rest) {
        let name = name.trim();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Undoes the transfer encoding that the header names first; gives lines that were not of it.
fn decoded<'a>(fields: &[Field<'_>], body: &'a [u8]) -> (Cow<'a, [u8]>, Vec<&'a [u8]>) {
    let encodings = fields.iter().filter(|field| field.is("Content-Transfer-Encoding"));
    let mut encodings = encodings.map(|field| field.text().to_ascii_lowercase());
    let encoding = encodings.find(|word| !matches!(word.as_str(), "7bit" | "8bit" | "binary" | ""));
    match encoding.as_deref().map(|word| word.split([' ', ';', '(']).next().unwrap_or(word)) {
        Some("base64") => {
            let decoded = transfer::base64(body);
            (decoded.bytes, decoded.strays)
        }
        Some("quoted-printable") => (Cow::Owned(transfer::quoted(body)), Vec::new()),
        Some("x-uuencode" | "x-uue" | "uuencode") => {
            let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
            let Some(begin) = lines.iter().position(|line| line.starts_with(b"begin ")) else {
                return (Cow::Borrowed(body), Vec::new());
            };
            let (before, block) = lines.split_at(begin);
            let end = block.iter().position(|line| line.trim_ascii_end() == b"end").unwrap_or(block.len());
            let (block, after) = block.split_at(end);
            let strays = before.iter().chain(after.iter().skip(1)).copied();
            (
                Cow::Owned(transfer::uuencoded(block.get(1..).unwrap_or_default())),
                strays.filter(|line| !line.trim_ascii().is_empty()).collect(),
            )
        }
        _ => (Cow::Borrowed(body), Vec::new()),
    }
}

/// A multipart body cut at its boundary lines.
struct Divided<'a> {
    preamble: &'a [u8],
    parts: Vec<&'a [u8]>,
    epilogue: &'a [u8],
}

/// Cuts a body at the first boundary parameter that occurs in it, else at what looks like a boundary.
fn divide<'a>(body: &'a [u8], media: &Params, most: usize) -> Option<Divided<'a>> {
    let named = media.all("boundary").find_map(|boundary| cut(body, boundary.trim_end().as_bytes(), most));
    named.or_else(|| cut(body, guessed(body)?, most))
}

/// The first line that starts with two hyphens and is followed by a header field.
fn guessed(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|byte| *byte == b'\n').take(200).peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        let is_field = next.to_ascii_lowercase().starts_with(b"content-");
        if let Some(boundary) =
            line.trim_ascii_end().strip_prefix(b"--").filter(|name| is_field && !name.is_empty())
        {
            return Some(boundary);
        }
    }
    None
}

/// Cuts at every line `--boundary`. After a closing `--boundary--` text is epilogue, unless another boundary line follows.
fn cut<'a>(body: &'a [u8], boundary: &[u8], most: usize) -> Option<Divided<'a>> {
    if boundary.is_empty() {
        return None;
    }
    let marker = [b"--", boundary].concat();
    let mut parts = Vec::new();
    let mut preamble = body;
    let mut epilogue: &[u8] = &[];
    let mut open: Option<usize> = None;
    for at in memmem::find_iter(body, &marker) {
        let Some((next, closes)) = delimiter(body, at, marker.len()) else { continue };
        let before = body.get(open.unwrap_or(0)..at).map(without_line_end).unwrap_or_default();
        match open {
            None => preamble = before,
            Some(_) if parts.len() >= most => break,
            Some(_) if !epilogue.is_empty() && before.trim_ascii().is_empty() => {}
            Some(_) => parts.push(before),
        }
        open = Some(next);
        epilogue = if closes { body.get(next..).unwrap_or_default() } else { &[] };
    }
    let start = open?;
    if epilogue.is_empty() && parts.len() < most {
        let rest = body.get(start..).unwrap_or_default();
        if !rest.trim_ascii().is_empty() {
            parts.push(rest);
        }
    }
    Some(Divided { preamble, parts, epilogue })
}

/// Whether the marker at `at` is a whole line; gives the offset after the line and whether it closes the multipart.
fn delimiter(body: &[u8], at: usize, length: usize) -> Option<(usize, bool)> {
    let starts_line = at == 0 || body.get(at - 1).is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
    let rest = body.get(at + length..).filter(|_| starts_line)?;
    let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let tail = rest.get(..line).unwrap_or_default().trim_ascii();
    let next = (at + length + line + 1).min(body.len());
    match tail {
        b"" => Some((next, false)),
        b"--" => Some((next, true)),
        _ => None,
    }
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Bounds, parse};

    const BOUNDS: Bounds = Bounds { depth: 12, parts: 100 };

    fn leaves(message: &[u8]) -> Vec<(String, String)> {
        let parts = parse(message, "", BOUNDS).parts;
        parts
            .into_iter()
            .map(|part| (part.number, String::from_utf8_lossy(&part.bytes).into_owned()))
            .collect()
    }

    /// A program shows a name of any length.
    #[test]
    fn a_name_that_is_too_long_to_be_parsed_is_a_name_still() {
        for field in ["Content-Type: application/x; name=", "Content-Disposition: attachment; filename="] {
            let raw = format!("{field}\"{}last.pdf\"\n\nx", "a ".repeat(16 << 10));
            let message = parse(raw.as_bytes(), "", BOUNDS);
            let names = message.parts.first().map(|part| part.names.concat()).unwrap_or_default();
            assert!(names.contains("last.pdf"), "{field}");
        }
    }

    #[test]
    fn every_byte_of_a_body_is_in_a_part_or_beside_one() {
        type Row = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
        let table: &[Row] = &[
            ("a", &[("1", "a")], &[]),
            ("before\n--b\n\na\n--b--\nafter", &[("1", "a")], &["before", "after"]),
            ("--b\n\na\n--b\n\nc", &[("1", "a"), ("2", "c")], &[]),
            ("--b\n\na\n--b--\nbetween\n--b\n\nc\n--b--", &[("1", "a"), ("2", "between"), ("3", "c")], &[]),
            ("--b\n\na --b\nb--b", &[("1", "a --b\nb--b")], &[]),
            ("--bb\n\na", &[("1", "--bb\n\na")], &[]),
            ("--other\nContent-Type: text/plain\n\na\n--other--", &[("1", "a")], &[]),
            ("--b  \n\na\n--b-- \n", &[("1", "a")], &[]),
        ];
        for (body, parts, beside) in table {
            let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n{body}").replace('\n', "\r\n");
            let shown: Vec<(String, String)> = leaves(raw.as_bytes())
                .into_iter()
                .map(|(number, text)| (number, text.replace("\r\n", "\n")))
                .collect();
            let expected: Vec<(String, String)> =
                parts.iter().map(|(number, text)| ((*number).into(), (*text).into())).collect();
            assert_eq!(shown, expected, "{body}");
            let message = parse(raw.as_bytes(), "", BOUNDS);
            let loose: Vec<&[u8]> = message.loose.iter().map(|loose| loose.bytes.trim_ascii()).collect();
            assert_eq!(loose, beside.iter().map(|text| text.as_bytes()).collect::<Vec<_>>(), "{body}");
        }
    }

    #[test]
    fn parts_are_numbered_as_imap_does() {
        let raw = b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n--b--\n--a\n\ny\n--a--";
        assert_eq!(leaves(raw), [("1.1".to_owned(), "x".to_owned()), ("2".to_owned(), "y".to_owned())]);
        assert_eq!(parse(b"Subject: x\n\ny", "3", BOUNDS).parts[0].number, "3.1");
    }

    #[test]
    fn past_the_bounds_is_a_gap() {
        let raw = b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a\n\ny\n--a--";
        let message = parse(raw, "", Bounds { depth: 0, parts: 100 });
        assert_eq!(message.gaps.first(), Some(&("1".to_owned(), 2)));
        assert!(message.parts.is_empty());
        let message = parse(raw, "", Bounds { depth: 5, parts: 1 });
        assert_eq!((message.parts.len(), message.gaps), (1, vec![("2".to_owned(), 2)]));
    }

    /// What a mail program built on mail-parser would show is read here too.
    #[test]
    fn everything_that_mail_parser_finds_is_found() {
        let samples: &[&[u8]] = &[
            include_bytes!("../../tests/formats/message/mixed.eml"),
            include_bytes!("../../tests/formats/message/no_header.eml"),
            include_bytes!("../../tests/formats/message/uuencode.eml"),
        ];
        for raw in samples {
            let Some(theirs) = mail_parser::MessageParser::default().parse(*raw) else { continue };
            let ours = parse(raw, "", BOUNDS);
            let ours: String = ours
                .parts
                .iter()
                .map(|part| crate::mime::charset::decode(&part.bytes, part.media.get("charset")))
                .collect();
            for part in &theirs.parts {
                let Some(text) = part.text_contents() else { continue };
                for line in text.lines().filter(|line| line.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
                    assert!(ours.contains(line), "{line}");
                }
            }
        }
    }
}
