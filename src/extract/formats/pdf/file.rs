//! The objects of a file, found by reading all of it: no table of offsets is trusted, so that damaged files open and what an
//! update replaced is read too.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memmem;

use super::crypt::Key;
use super::filter;
use super::object::{Dict, Lexer, Object, is_blank};
use crate::extract::sink::Sink;

/// A file and its objects.
#[derive(Debug)]
pub struct File<'a> {
    bytes: &'a [u8],
    /// The newest object of each number, with its generation.
    objects: BTreeMap<u32, (u16, Object)>,
    /// Objects that an update replaced.
    pub replaced: Vec<(u32, Object)>,
    /// Dictionaries of trailers and cross-reference streams, newest last.
    pub trailers: Vec<Dict>,
    /// Objects of object streams: their strings are clear once the stream is.
    inside: BTreeSet<u32>,
    /// What decrypts it.
    pub key: Option<Key>,
    /// Streams decoded so far, by where they start.
    decoded: BTreeSet<usize>,
    /// Whether there are more objects than are kept.
    pub cut: bool,
    /// Whether streams may hide objects, or lists of objects break off.
    pub damaged: bool,
    /// What stands between objects.
    pub between: Vec<&'a [u8]>,
}

/// Most places in a stream where an object is looked for.
const MOST_LOOKS: usize = 50;
/// Most objects kept.
const MOST: usize = 1_000_000;

impl<'a> File<'a> {
    /// Finds every object.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Self {
        let mut file = Self {
            bytes,
            objects: BTreeMap::new(),
            replaced: Vec::new(),
            trailers: Vec::new(),
            inside: BTreeSet::new(),
            key: None,
            decoded: BTreeSet::new(),
            cut: false,
            damaged: false,
            between: Vec::new(),
        };
        file.scan();
        file
    }

    fn scan(&mut self) {
        // What stands before and behind the whole is read by those who split it off.
        let mark =
            self.bytes.get(..self.bytes.len().min(1024)).and_then(|start| memmem::find(start, b"%PDF-"));
        let last = memmem::rfind(self.bytes, b"%%EOF").unwrap_or(self.bytes.len());
        let (mut from, mut ended) = (0, mark.unwrap_or(0));
        while let Some(found) = self.bytes.get(from..).and_then(|rest| memmem::find(rest, b"obj")) {
            let at = from + found;
            self.trailer(from, at);
            from = at + 3;
            let Some((number, generation)) = heading(self.bytes, at) else { continue };
            self.between.extend(self.bytes.get(ended..at));
            let (object, end, comments) = self.object_at(from);
            let bytes = self.bytes;
            self.between.extend(comments.into_iter().filter_map(|comment| bytes.get(comment)));
            from = end.max(from);
            ended = from;
            self.damaged |= self.hides_objects(&object);
            self.add(number, generation, object);
            if self.objects.len() + self.replaced.len() >= MOST {
                self.cut = true;
                break;
            }
        }
        self.between.extend(self.bytes.get(ended..last));
        self.trailer(from, self.bytes.len());
    }

    /// Whether what is taken for the content of a stream holds an object that others see: a length that lies, a mark that is missing. A
    /// file inside may be a PDF.
    fn hides_objects(&self, object: &Object) -> bool {
        let Object::Stream(dict, range) = object else { return false };
        let is_file = ["Type", "Subtype", "Params"].iter().any(|key| dict.contains_key(*key));
        let Some(content) = self.bytes.get(range.clone()).filter(|_| !is_file) else { return false };
        let is_object = |at: usize| {
            let at = range.start + at + 1;
            let inside = || Lexer::new(self.bytes, at + 3).next();
            heading(self.bytes, at).is_some()
                && inside().is_some_and(|object| match object {
                    Object::Dict(dict) => !dict.is_empty(),
                    Object::Array(items) => !items.is_empty(),
                    object => object.string().is_some(),
                })
        };
        let mut found = memmem::find_iter(content, b" obj");
        // Each look may go far: so many are proof enough.
        found.by_ref().take(MOST_LOOKS).any(is_object) || found.next().is_some()
    }

    /// Reads the trailers between two places.
    fn trailer(&mut self, from: usize, to: usize) {
        let Some(between) = self.bytes.get(from..to) else { return };
        for at in memmem::find_iter(between, b"trailer").take(100) {
            if let Some(Object::Dict(dict)) = Lexer::new(self.bytes, from + at + 7).next() {
                self.trailers.push(dict);
            }
        }
    }

    /// The object at a place, where it ends, and the comments in it.
    fn object_at(&self, at: usize) -> (Object, usize, Vec<Range<usize>>) {
        let mut lexer = Lexer::new(self.bytes, at);
        let object = lexer.next().unwrap_or(Object::Null);
        let after = lexer.at;
        let comments = std::mem::take(&mut lexer.comments);
        let Object::Dict(dict) = object else { return (object, after, comments) };
        if lexer.next() != Some(Object::Word(b"stream".to_vec())) {
            return (Object::Dict(dict), after, comments);
        }
        let mut start = lexer.at;
        match self.bytes.get(start..) {
            Some([b'\r', b'\n', ..]) => start += 2,
            Some([b'\n' | b'\r', ..]) => start += 1,
            _ => {}
        }
        let end = self.stream_end(&dict, start);
        (Object::Stream(dict, start..end), end, comments)
    }

    /// Where a stream ends: where its length says, if the mark is there, else at the next mark.
    fn stream_end(&self, dict: &Dict, start: usize) -> usize {
        let told = dict.get("Length").and_then(Object::index).and_then(|length| start.checked_add(length));
        let marked = |end: &usize| {
            let rest = self.bytes.get(*end..end.saturating_add(20).min(self.bytes.len())).unwrap_or_default();
            memmem::find(rest, b"endstream").is_some_and(|at| at < 8)
        };
        told.filter(marked).unwrap_or_else(|| {
            let rest = self.bytes.get(start..).unwrap_or_default();
            let end = memmem::find(rest, b"endstream")
                .or_else(|| memmem::find(rest, b"endobj"))
                .unwrap_or(rest.len());
            start + end
        })
    }

    fn add(&mut self, number: u32, generation: u16, object: Object) {
        if let Object::Stream(dict, _) = &object
            && dict.get("Type").and_then(Object::name) == Some("XRef")
        {
            self.trailers.push(dict.clone());
        }
        if let Some((_, old)) = self.objects.insert(number, (generation, object)) {
            self.replaced.push((number, old));
        }
    }

    /// Adds what object streams hold. To be called once, when the key is known.
    pub fn unpack_objects(&mut self, sink: &mut Sink) {
        let is_packed = |(_, object): &(u32, &Object)| {
            object.dict().and_then(|dict| dict.get("Type")).and_then(Object::name) == Some("ObjStm")
        };
        let packed: Vec<(u32, Object)> =
            self.all().filter(is_packed).map(|(number, object)| (number, object.clone())).collect();
        for (number, stream) in packed {
            let Some(dict) = stream.dict() else { continue };
            let first = dict.get("First").and_then(|first| self.resolve(first).index()).unwrap_or(0);
            let count = dict.get("N").and_then(|count| self.resolve(count).index()).unwrap_or(0);
            let bytes = self.decode(number, &stream, sink);
            let mut heads = Lexer::new(&bytes, 0);
            for _ in 0..count.min(MOST) {
                let (Some(number), Some(offset)) =
                    (heads.next().and_then(|it| it.index()), heads.next().and_then(|it| it.index()))
                else {
                    self.damaged = true;
                    break;
                };
                let Ok(number) = u32::try_from(number) else { continue };
                let object = Lexer::new(&bytes, first.saturating_add(offset)).next().unwrap_or(Object::Null);
                self.inside.insert(number);
                match self.objects.entry(number) {
                    Entry::Occupied(_) => self.replaced.push((number, object)),
                    Entry::Vacant(place) => {
                        place.insert((0, object));
                    }
                }
            }
        }
    }

    /// Every object with its number, oldest revisions first.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Object)> {
        let old = self.replaced.iter().map(|(number, object)| (*number, object));
        old.chain(self.objects.iter().map(|(number, (_, object))| (*number, object)))
    }

    /// The object of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> &Object {
        self.objects.get(&number).map_or(&Object::Null, |(_, object)| object)
    }

    /// What an object stands for.
    #[must_use]
    pub fn resolve<'s>(&'s self, mut object: &'s Object) -> &'s Object {
        for _ in 0..16 {
            match object {
                Object::Ref(number) => object = self.get(*number),
                _ => return object,
            }
        }
        &Object::Null
    }

    /// A value of a dictionary, whatever stands for it.
    #[must_use]
    pub fn value<'s>(&'s self, dict: &'s Dict, key: &str) -> &'s Object {
        dict.get(key).map_or(&Object::Null, |value| self.resolve(value))
    }

    /// The first bytes that stand in a trailer under a key, newest first.
    #[must_use]
    pub fn trailer_value(&self, key: &str) -> Option<&Object> {
        self.trailers.iter().rev().find_map(|trailer| trailer.get(key)).map(|value| self.resolve(value))
    }

    /// The content of a stream, filters undone; empty for images.
    pub fn decode(&self, number: u32, stream: &Object, sink: &mut Sink) -> Vec<u8> {
        let Object::Stream(dict, range) = stream else { return Vec::new() };
        let raw = self.bytes.get(range.clone()).unwrap_or_default();
        let raw = match &self.key {
            Some(key) if dict.get("Type").and_then(Object::name) != Some("XRef") => {
                key.stream(number, self.generation(number), dict, raw)
            }
            _ => raw.to_vec(),
        };
        filter::undo(self, dict, raw, sink)
    }

    /// The same, the first time it is asked; `None` after.
    pub fn decode_once(&mut self, number: u32, stream: &Object, sink: &mut Sink) -> Option<Vec<u8>> {
        let Object::Stream(_, range) = stream else { return None };
        let first = self.decoded.insert(range.start);
        first.then(|| self.decode(number, stream, sink))
    }

    /// Whether a stream was decoded.
    #[must_use]
    pub fn was_decoded(&self, start: usize) -> bool {
        self.decoded.contains(&start)
    }

    /// A string in clear.
    #[must_use]
    pub fn string(&self, number: u32, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Some(key) if !self.inside.contains(&number) => key.string(number, self.generation(number), bytes),
            _ => bytes.to_vec(),
        }
    }

    fn generation(&self, number: u32) -> u16 {
        self.objects.get(&number).map_or(0, |(generation, _)| *generation)
    }
}

/// Number and generation before `obj` at a place.
fn heading(bytes: &[u8], at: usize) -> Option<(u32, u16)> {
    let before = bytes.get(at.saturating_sub(24)..at)?;
    if bytes.get(at.saturating_sub(3)..at) == Some(b"end") {
        return None;
    }
    let before = trim_end(before);
    let digits = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (rest, generation) = before.split_at_checked(before.len() - digits(before))?;
    let rest = trim_end(rest);
    let number = rest.get(rest.len() - digits(rest)..)?;
    let parse = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u32>().ok();
    Some((parse(number)?, u16::try_from(parse(generation)?).unwrap_or(0)))
}

fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    bytes
}
