//! The tokens of a page, one by one, on little stack whatever the page (html5gum, WHATWG HTML 13.2.5).
//!
//! html5gum calls itself once for each attribute in double quotes that a blank follows (0.9, `AttributeValueDoubleQuoted`): a tag of ten
//! thousand would exhaust the stack of a thread, and nothing catches that. So the reader here refuses the first read of each value: those
//! calls return, and the tokenizer goes on from the very place.

use std::cell::Cell;
use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Readable, Reader, Span, StringReader, Tokenizer};

/// Runs the tokenizer over a page and gives every event to `handle`.
pub(super) fn tokenize(html: &str, mut handle: impl FnMut(CallbackEvent<'_>)) {
    let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        handle(event);
        None
    };
    let mut emitter = CallbackEmitter::new(callback);
    emitter.naively_switch_states(true);
    let due = Cell::new(false);
    let reader = Resting { text: html.to_reader(), due: &due };
    let tokenizer = Tokenizer::new_with_emitter(reader, Quiet { emitter, due: &due });
    // The emitter hands everything to the callback and never yields: it reads to a rest, or to the end.
    for rest in tokenizer {
        match rest {
            Err(Rest) => {}
            Ok(never) => match never {},
        }
    }
}

/// A read that is refused once.
#[derive(Debug, thiserror::Error)]
#[error("the tokenizer rests")]
struct Rest;

/// Reads a text, and refuses one read when a rest is due.
struct Resting<'t> {
    text: StringReader<'t>,
    due: &'t Cell<bool>,
}

impl Reader for Resting<'_> {
    type Error = Rest;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Rest> {
        let Ok(byte) = self.text.read_byte();
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
        Ok(read)
    }

    #[inline(always)]
    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Rest> {
        let Ok(read) = self.text.try_read_string(text, case_sensitive);
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
    use html5gum::emitters::callback::CallbackEvent;

    use super::tokenize;

    fn values(html: &str) -> Vec<String> {
        let mut values = Vec::new();
        tokenize(html, |event| match event {
            CallbackEvent::AttributeValue { value } => {
                values.push(String::from_utf8_lossy(value).into_owned());
            }
            CallbackEvent::String { value } => values.push(format!("={}", String::from_utf8_lossy(value))),
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
