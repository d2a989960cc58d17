//! JSON and XML as one tree of named nodes (RFC 8259 by serde_json, XML 1.0 by quick-xml).
//!
//! In: text that opens with a value or an element. Out: its tree, and how long it is. Both read alike: the items of a list
//! are children of one name, attributes are children named `@…`. Nothing is dropped: a repeated key stays twice.
//! Entities are never expanded, depth and number of nodes are bounded; past a bound there is no tree, and the text
//! stays text.

use std::cell::Cell;
use std::fmt;

use quick_xml::escape;
use quick_xml::events::{BytesStart, Event};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Deepest nesting.
const DEEPEST: usize = 100;
/// Most nodes: about 60 MB.
const MOST_NODES: usize = 500_000;

/// A value, an element or an attribute.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Key, element name without prefix, or `@` and the name of an attribute; empty for text among elements.
    pub name: String,
    /// Text of a leaf.
    pub text: String,
    /// What is inside.
    pub children: Vec<Node>,
}

impl Node {
    /// The children of a name.
    pub fn all<'n, 'a: 'n>(&'n self, name: &'a str) -> impl Iterator<Item = &'n Node> + use<'n, 'a> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// What a node says: its text, or its attribute `value` as FHIR and CDA write it.
    #[must_use]
    pub fn value(&self) -> &str {
        if self.text.is_empty() {
            self.all("@value").next().map_or("", |value| &value.text)
        } else {
            &self.text
        }
    }

    /// What the first child of a name says.
    #[must_use]
    pub fn value_of(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", Node::value)
    }

    /// Calls with every text inside and the names that lead to it.
    pub fn leaves(&self, path: &str, call: &mut impl FnMut(&str, &str)) {
        if !self.text.is_empty() {
            call(path, &self.text);
        }
        for child in &self.children {
            child.leaves(&join(path, &child.name), call);
        }
    }
}

/// A path and one more name.
#[must_use]
pub fn join(path: &str, name: &str) -> String {
    let name = name.trim_start_matches('@');
    if path.is_empty() || name.is_empty() { format!("{path}{name}") } else { format!("{path}.{name}") }
}

/// The JSON value that a text opens with, and its length.
#[must_use]
pub fn json(text: &str) -> Option<(Node, usize)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Document>();
    let Document(mut roots) = stream.next()?.ok()?;
    let root = if roots.len() == 1 { roots.pop()? } else { Node { children: roots, ..Node::default() } };
    Some((root, stream.byte_offset()))
}

struct Document(Vec<Node>);

impl<'de> serde::Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut roots, left) = (Vec::new(), Cell::new(MOST_NODES));
        Member { name: "", into: &mut roots, left: &left, depth: DEEPEST }.deserialize(deserializer)?;
        Ok(Self(roots))
    }
}

/// The value of one key, on its way to the node around it.
struct Member<'a> {
    name: &'a str,
    into: &'a mut Vec<Node>,
    left: &'a Cell<usize>,
    depth: usize,
}

impl Member<'_> {
    fn put<E: Error>(self, text: String, children: Vec<Node>) -> Result<(), E> {
        self.left.set(self.left.get().checked_sub(1).ok_or_else(|| E::custom("too many values"))?);
        self.into.push(Node { name: self.name.to_owned(), text, children });
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth == 0 {
            return Err(D::Error::custom("too deep"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(value.to_string(), Vec::new())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(value.to_string(), Vec::new())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(value.to_string(), Vec::new())
    }

    /// A number with more digits than the type keeps is read as text instead.
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if value.abs() >= 1e15 {
            return Err(E::custom("a number too long to keep"));
        }
        self.put(value.to_string(), Vec::new())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.put(value.to_owned(), Vec::new())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let depth = self.depth - 1;
        while items
            .next_element_seed(Member { name: self.name, into: self.into, left: self.left, depth })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let (mut children, left, depth) = (Vec::new(), self.left, self.depth - 1);
        while let Some(name) = entries.next_key::<String>()? {
            entries.next_value_seed(Member { name: &name, into: &mut children, left, depth })?;
        }
        self.put(String::new(), children)
    }
}

/// The XML element that a text opens with, and its length.
#[must_use]
pub fn xml(text: &str) -> Option<(Node, usize)> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let (mut open, mut left): (Vec<Node>, usize) = (Vec::new(), MOST_NODES);
    loop {
        let event = reader.read_event().ok()?;
        left = left.checked_sub(1)?;
        match event {
            Event::Start(_) if open.len() >= DEEPEST => return None,
            Event::Start(start) => open.push(element(&start, &mut left)?),
            Event::Empty(start) => {
                let node = element(&start, &mut left)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some((node, position(&reader))),
                }
            }
            Event::End(_) => {
                let node = closed(open.pop()?);
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some((node, position(&reader))),
                }
            }
            Event::Text(text) => say(open.last_mut()?, &text),
            Event::CData(text) => say(open.last_mut()?, &text),
            Event::Comment(text) => aside(open.last_mut()?, &text),
            Event::PI(text) => aside(open.last_mut()?, &text),
            Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
                Some(character) => say(open.last_mut()?, character.encode_utf8(&mut [0; 4])),
                None => match escape::resolve_predefined_entity(&name) {
                    Some(text) => say(open.last_mut()?, text),
                    None => say(open.last_mut()?, &format!("&{};", &*name)),
                },
            },
            Event::Decl(_) | Event::DocType(_) | Event::Eof => return None,
        }
    }
}

fn position(reader: &quick_xml::Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// An element with its attributes.
fn element(start: &BytesStart<'_>, left: &mut usize) -> Option<Node> {
    let mut node = Node { name: start.local_name().into_inner().to_owned(), ..Node::default() };
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        *left = left.checked_sub(1)?;
        let text = escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.to_string(), |text| text.into_owned());
        node.children.push(Node {
            name: format!("@{}", attribute.key.local_name().into_inner()),
            text,
            children: Vec::new(),
        });
    }
    Some(node)
}

/// Adds a comment or an instruction inside an element.
fn aside(node: &mut Node, text: &str) {
    node.children.push(Node { name: "comment".to_owned(), text: text.to_owned(), children: Vec::new() });
}

/// Adds text inside an element, to the text before it when they touch.
fn say(node: &mut Node, text: &str) {
    match node.children.last_mut().filter(|last| last.name.is_empty()) {
        Some(last) => last.text.push_str(text),
        None => node.children.push(Node { text: text.to_owned(), ..Node::default() }),
    }
}

/// An element that holds nothing but text is a leaf; blanks between elements are layout.
fn closed(mut node: Node) -> Node {
    let elements = node.children.iter().any(|child| !child.name.is_empty() && !child.name.starts_with('@'));
    if elements {
        node.children.retain(|child| !child.name.is_empty() || !child.text.trim().is_empty());
    } else if let Some(at) = node.children.iter().position(|child| child.name.is_empty()) {
        node.text = node.children.remove(at).text;
    }
    node
}

#[cfg(test)]
mod tests {
    use super::{Node, json, xml};

    fn shown(node: &Node) -> String {
        let mut out = String::new();
        node.leaves("", &mut |path, text| out.push_str(&format!("{path}={text};")));
        out
    }

    #[test]
    fn json_and_xml_read_alike() {
        let text = r#"{"a":[{"b":"C\u00f4t\u00e9"},{"b":1.5}],"a":true,"c":null}"#;
        let (node, length) = json(&format!("{text} suite")).unwrap();
        assert_eq!((shown(&node).as_str(), length), ("a.b=Côté;a.b=1.5;a=true;", text.len()));
        let text = "<x:r xmlns:x='u'><a v=\"1 &amp; 2\">C&#244;t&eacute;</a> <b/><a>p<i>q</i></a></x:r>";
        let (node, length) = xml(&format!("{text} suite")).unwrap();
        assert_eq!(shown(&node), "x=u;a=Côt&eacute;;a.v=1 & 2;a=p;a.i=q;");
        assert_eq!(length, text.len());
    }

    #[test]
    fn past_a_bound_there_is_no_tree() {
        assert!(json(&"[".repeat(100_000)).is_none());
        assert!(json(&format!("[{}1]", "1,".repeat(600_000))).is_none());
        assert!(json(r#"{"compte":12345678901234567890123}"#).is_none());
        assert!(xml(&"<a>".repeat(100_000)).is_none());
        assert!(xml(&format!("<a>{}</a>", "<b/>".repeat(600_000))).is_none());
        assert!(xml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_none());
        assert!(xml("<a><b></a>").is_none());
    }
}
