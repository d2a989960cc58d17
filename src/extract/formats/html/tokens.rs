//! The tokens of a page, one by one, on little stack whatever the page (WHATWG HTML 13.2.5).
//!
//! Plain tags and text are told here and lent as they stand. All else, which is little of a page (references, comments, scripts, what is
//! written wrong), is read by html5gum, up to the end of the piece that it begins with.
//!
//! html5gum calls itself once for each attribute in double quotes that a blank follows (0.9, `AttributeValueDoubleQuoted`): a tag of ten
//! thousand would exhaust the stack of a thread, and nothing catches that. So the reader here refuses the first read of each value: those
//! calls return, and the tokenizer goes on from the very place.

use std::cell::Cell;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Readable, Reader, Span, StringReader, Tokenizer};
use memchr::{memchr2, memchr2_iter, memmem};

use super::lossy;
use super::plain::Plain;
use super::references::{self, Within};

/// Name and value of an attribute; one without a value has an empty one.
pub(super) type Attribute<'e> = (&'e [u8], &'e str);

/// What comes next in a page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event<'e> {
    /// A start tag of this name.
    Start(&'e [u8], &'e [Attribute<'e>]),
    /// Attributes of an end tag, or of a tag that never closes.
    Stray(&'e [Attribute<'e>]),
    /// An end tag.
    End(&'e [u8]),
    /// Text.
    Text(&'e str),
    /// A comment.
    Comment(&'e str),
}

/// Reads a page and gives every event to `handle`.
pub(super) fn tokenize(html: &str, handle: &mut dyn FnMut(Event<'_>)) {
    // Both are turned into other characters wherever they stand.
    if memchr2(0, b'\r', html.as_bytes()).is_some() {
        by_the_book(html, 0, true, handle);
        return;
    }
    let (mut at, mut plain, mut undone) = (0, Plain::new(html), String::new());
    while at < html.len() {
        let (text, has_references) = text_end(html.as_bytes().get(at..).unwrap_or_default());
        at = if text > 0 {
            let text = html.get(at..at + text).unwrap_or_default();
            match has_references {
                true => said(text, &mut undone, handle),
                false => handle(Event::Text(text)),
            }
            at + text.len()
        } else if let Some(end) = plain.tag(at, handle) {
            end
        } else {
            comment(html, at, handle).unwrap_or_else(|| by_the_book(html, at, false, handle).max(at + 1))
        };
    }
}

/// Where text ends that begins here, at an angle behind which markup may stand, and whether references may be in it.
fn text_end(bytes: &[u8]) -> (usize, bool) {
    let mut has_references = false;
    let end = memchr2_iter(b'<', b'&', bytes).find(|at| match bytes.get(*at..) {
        Some([b'<', next, ..]) => next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'),
        Some([b'&', ..]) => {
            has_references = true;
            false
        }
        _ => false,
    });
    (end.unwrap_or(bytes.len()), has_references)
}

/// Gives a text that has references, which are undone in a place of their own.
fn said(text: &str, undone: &mut String, handle: &mut dyn FnMut(Event<'_>)) {
    undone.clear();
    match references::undo(text, Within::Text, undone) {
        true => handle(Event::Text(undone)),
        false => drop(by_the_book(text, 0, true, handle)),
    }
}

/// Gives the comment that begins here, and where it ends; none where it is no plain one.
fn comment(html: &str, at: usize, handle: &mut dyn FnMut(Event<'_>)) -> Option<usize> {
    let rest = html.get(at..)?.strip_prefix("<!--").filter(|rest| !rest.starts_with(['>', '-']))?;
    let said = rest.get(..memmem::find(rest.as_bytes(), b"-->")?)?;
    if said.contains("--!") {
        return None;
    }
    handle(Event::Comment(said));
    Some(at + "<!--".len() + said.len() + "-->".len())
}

/// Elements whose content is no markup (13.2.5.1; without a tree the elements around them do not count), in any case of letters.
pub(super) fn is_raw(name: &[u8]) -> bool {
    html5gum::naive_next_state(name).is_some()
        || name.iter().any(u8::is_ascii_uppercase)
            && html5gum::naive_next_state(&name.to_ascii_lowercase()).is_some()
}

/// A tag that the tokenizer tells bit by bit.
#[derive(Default)]
struct Bits {
    name: Vec<u8>,
    attributes: Vec<(Vec<u8>, String)>,
}

impl Bits {
    /// Adds the value of the last attribute.
    fn value(&mut self, value: &[u8]) {
        let value = lossy(value).into_owned();
        match self.attributes.last_mut() {
            Some((_, last)) if last.is_empty() => *last = value,
            _ => self.attributes.push((Vec::new(), value)),
        }
    }

    /// Gives the attributes so far, and forgets them.
    fn give(&mut self, handle: impl FnOnce(&[u8], &[Attribute<'_>])) {
        let lent = self.attributes.iter().map(|(name, value)| (name.as_slice(), value.as_str()));
        handle(&self.name, &lent.collect::<Vec<Attribute<'_>>>());
        self.attributes.clear();
    }

    /// Gives those of no start tag.
    fn give_stray(&mut self, handle: &mut dyn FnMut(Event<'_>)) {
        if !self.attributes.is_empty() {
            self.give(|_, attributes| handle(Event::Stray(attributes)));
        }
    }
}

/// Runs the tokenizer from a place on, up to the end of a tag, of a raw element or of a comment, or to the end of all: where that is.
fn by_the_book(html: &str, at: usize, whole: bool, handle: &mut dyn FnMut(Event<'_>)) -> usize {
    let (mut raw, mut bits) = (false, Bits::default());
    let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<()> {
        let ended = match event {
            CallbackEvent::OpenStartTag { name } => {
                raw = is_raw(name);
                name.clone_into(&mut bits.name);
                false
            }
            CallbackEvent::AttributeName { name } => {
                bits.attributes.push((name.to_vec(), String::new()));
                false
            }
            CallbackEvent::AttributeValue { value } => {
                bits.value(value);
                false
            }
            CallbackEvent::CloseStartTag { .. } => {
                bits.give(|name, attributes| handle(Event::Start(name, attributes)));
                !raw
            }
            CallbackEvent::EndTag { name } => {
                bits.give_stray(handle);
                handle(Event::End(name));
                true
            }
            CallbackEvent::String { value } => {
                handle(Event::Text(&lossy(value)));
                false
            }
            CallbackEvent::Comment { value } => {
                handle(Event::Comment(&lossy(value)));
                true
            }
            CallbackEvent::Doctype { .. } => true,
            CallbackEvent::Error(_) => false,
        };
        (ended && !whole).then_some(())
    };
    let mut emitter = CallbackEmitter::new(callback);
    emitter.naively_switch_states(true);
    let (due, read) = (Cell::new(false), Cell::new(0));
    let text = html.get(at..).unwrap_or_default();
    let reader = Resting { text: text.to_reader(), due: &due, read: &read };
    for rest in Tokenizer::new_with_emitter(reader, Quiet { emitter, due: &due }) {
        match rest {
            Err(Rest) => {}
            Ok(()) => return at + read.get(),
        }
    }
    bits.give_stray(handle);
    html.len()
}

/// A read that is refused once.
#[derive(Debug, thiserror::Error)]
#[error("the tokenizer rests")]
struct Rest;

/// Reads a text, counts what is read of it, and refuses one read when a rest is due.
struct Resting<'t> {
    text: StringReader<'t>,
    due: &'t Cell<bool>,
    read: &'t Cell<usize>,
}

impl Resting<'_> {
    fn count(&self, size: usize) {
        self.read.set(self.read.get() + size);
    }
}

impl Reader for Resting<'_> {
    type Error = Rest;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Rest> {
        let Ok(byte) = self.text.read_byte();
        self.count(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// A value is read by this alone, from its first byte on, and its state is known by then: what is refused here is asked for again.
    #[inline(always)]
    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        buffer: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Rest> {
        if self.due.take() {
            return Err(Rest);
        }
        let Ok(read) = self.text.read_until(needle, buffer);
        self.read.set(self.read.get() + read.map_or(0, <[u8]>::len));
        Ok(read)
    }

    #[inline(always)]
    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Rest> {
        let Ok(read) = self.text.try_read_string(text, case_sensitive);
        self.count(if read { text.len() } else { 0 });
        Ok(read)
    }
}

/// An emitter that asks for a rest at each value, and is told of no faults: nobody asks for them, and looking for them costs as much as reading.
struct Quiet<'t, E> {
    emitter: E,
    due: &'t Cell<bool>,
}

impl<E: Emitter> ForwardingEmitter for Quiet<'_, E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.emitter
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn init_attribute_value(&mut self) {
        self.due.set(true);
        self.emitter.init_attribute_value();
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Event, by_the_book, tokenize};

    fn shown(event: &Event<'_>) -> String {
        let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let list = |attributes: &[Attribute<'_>]| {
            attributes.iter().map(|(known, value)| format!(" {}={value:?}", name(known))).collect::<String>()
        };
        match event {
            Event::Start(tag, attributes) => format!("<{}{}>", name(tag), list(attributes)),
            Event::Stray(attributes) => list(attributes),
            Event::End(tag) => format!("</{}>", name(tag)),
            Event::Text(text) => format!("{text:?}"),
            Event::Comment(text) => format!("<!--{text}-->"),
        }
    }

    /// Events of a page, texts that touch as one.
    fn all(read: impl FnOnce(&mut dyn FnMut(Event<'_>))) -> String {
        let mut said = String::new();
        read(&mut |event| said.push_str(&shown(&event)));
        said.replace("\"\"", "")
    }

    /// Whatever a page is made of, it is read as the standard's own tokenizer reads it from end to end.
    #[test]
    fn a_page_is_read_by_the_book() {
        let pieces = [
            "a",
            " b\n",
            "é",
            "&amp;",
            "&eacute;",
            "&#233;",
            "&#x93;",
            "&eacute",
            "&#60",
            "<",
            "< ",
            "<p>",
            "</p>",
            "<P Class=X>",
            "</P >",
            "<br/>",
            "<br />",
            "<td nowrap colspan=2>",
            "<a href=\"x?a=b\" title='t'>",
            "<a href=\"?a&amp;b\">",
            "<a b=\"\" c>",
            "<a b = c>",
            "<a b=c/>",
            "<a b=\"c\"d>",
            "<a/b>",
            "<a \"b>",
            "<a b=>",
            "<é>",
            "<a é=1>",
            "</>",
            "</ p>",
            "</p q=r>",
            "<!-- c -->",
            "<!-->",
            "<!-- a <!-- b --->",
            "<!-- --!>",
            "<!---->",
            "<!-- <!--> -->",
            "-->",
            "<a href=\"?a&amp;b=1&c=2&d\" b=&eacute;>",
            "<A HREF='?a&copy=1&eacute;' C>",
            "<SCRIPT>a&amp;</SCRIPT >",
            "<script><!-- <script></script> --></script>",
            "<style></style>",
            "<title>a&eacute;</title a=b>",
            "<!x>",
            "<?x?>",
            "<!doctype html>",
            "<script>if (a<b) \"</p>\"</script>",
            "<style>p{}</style>",
            "<title>a<b>&lt;</title>",
            "<textarea><p>",
            "</textarea>",
            "<iframe>",
            "<script/>",
            "</script",
            ">",
            "<a href=\"",
            "\"",
            "'",
            "<![CDATA[x]]>",
            "<plaintext>",
        ];
        let mut state = 1u32;
        for size in 1..1500 {
            let page: String = (0..size % 12 + 1)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    pieces[usize::try_from(state >> 16).unwrap() % pieces.len()]
                })
                .collect();
            let whole = all(|handle| {
                by_the_book(&page, 0, true, handle);
            });
            assert_eq!(all(|handle| tokenize(&page, handle)), whole, "{page}");
        }
    }

    fn values(html: &str) -> Vec<String> {
        let mut values = Vec::new();
        tokenize(html, &mut |event| match event {
            Event::Start(_, attributes) | Event::Stray(attributes) => {
                values.extend(attributes.iter().map(|(_, value)| (*value).to_owned()));
            }
            Event::Text(text) => values.push(format!("={text}")),
            _ => {}
        });
        values
    }

    /// However values are written, a rest loses and doubles nothing.
    #[test]
    fn every_value_is_read_once_over_rests() {
        for [open, close] in
            [["\"", "\" "], ["'", "' "], ["", " "], ["\"", "\"\r\n"], ["\"\r\n", "\"/"], ["\"&amp;", "\""]]
        {
            for count in [1, 2, 300] {
                let attributes: String = (0..count).map(|at| format!("a{at}={open}v{at}{close}")).collect();
                let read = values(&format!("<p {attributes}>x\"y\" z<b title=\"w\">"));
                let start = open
                    .trim_start_matches('"')
                    .trim_start_matches('\'')
                    .replace("&amp;", "&")
                    .replace("\r\n", "\n");
                let wanted: Vec<String> = (0..count).map(|at| format!("{start}v{at}")).collect();
                let (values, rest) = read.split_at(wanted.len());
                assert_eq!(values, wanted, "{open:?} {close:?} {count}");
                assert_eq!(rest, ["=x\"y\" z", "w"], "{open:?} {close:?} {count}");
            }
        }
    }

    /// A tag of 300,000 attributes, on a stack of 128 KiB.
    #[test]
    fn a_tag_of_many_attributes_costs_no_stack() {
        let read = || values(&format!("<p {}>x", "a=\"1\" ".repeat(300_000))).len();
        let small = std::thread::Builder::new().stack_size(128 << 10).spawn(read).unwrap();
        assert!(small.join().unwrap() > 1);
    }
}
