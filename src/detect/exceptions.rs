//! Exceptions: values that are never reported, in the scope and for the time that someone answers for.
//!
//! A value that is public stands in clear (`public`), a family of values as a `pattern`; the value of a person stands as a
//! keyed digest (`value`): of nine digits, a plain hash is undone in seconds by trying them all, with a key it is not.

use hmac::{Hmac, Mac};
use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;
use sha2::Sha256;
use toml::Spanned;

use super::Context;
use super::candidate::Candidate;
use super::cost;
use super::lexicon::fold;
use super::prepared::Prepared;
use super::rules::read::Reader;
use crate::model::{Kind, Region};

/// What a digest of a value starts with.
const PREFIX: &str = "hmac:";
/// Hexadecimal digits of a digest that are written: 128 bits.
const DIGITS: usize = 32;

/// The secret of the digests: 32 bytes, kept beside the exceptions and never in them.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// One exception.
#[derive(Debug)]
pub struct Exception {
    /// What it lets through.
    pub matter: Matter,
    kinds: Vec<Kind>,
    senders: Vec<String>,
    regions: Vec<Region>,
    columns: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub author: String,
    /// The last day it holds.
    pub until: Option<Date>,
    /// The file it stands in.
    pub file: String,
    /// The line it starts at.
    pub line: usize,
}

/// What an exception lets through.
#[derive(Debug)]
pub enum Matter {
    /// A keyed digest of a value in normal form.
    Digest(String),
    /// A value that anyone may know, folded, letters and digits only.
    Public(String),
    /// A telephone number of the establishment: ten digits.
    Phone(String),
    /// The whole of a value in normal form.
    Pattern(Regex),
}

/// Every exception, with the key of its digests.
#[derive(Debug, Default)]
pub struct Exceptions {
    all: Vec<Exception>,
    key: Option<Key>,
}

/// An exception as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawException {
    kinds: Spanned<Vec<Spanned<String>>>,
    value: Option<Spanned<String>>,
    public: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    senders: Vec<Spanned<String>>,
    #[serde(default)]
    regions: Vec<Region>,
    #[serde(default)]
    columns: Vec<Spanned<String>>,
    reason: Spanned<String>,
    author: Spanned<String>,
    date: Spanned<toml::Value>,
    until: Option<Spanned<toml::Value>>,
}

impl Key {
    /// Reads a key: 64 hexadecimal digits.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .trim()
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> =
            digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? << 4 | pair.last()?)).collect();
        (digits.len() == 64).then(|| bytes.try_into().ok()).flatten().map(Self)
    }

    /// The digest under which a value of a kind may stand in an exception.
    #[must_use]
    pub fn digest(&self, kind: Kind, value: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(kind.name().as_bytes());
        mac.update(b"\n");
        mac.update(value.as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{PREFIX}{}", hex.get(..DIGITS).unwrap_or_default())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(•••)")
    }
}

impl Exception {
    /// Reads one exception; every mistake is noted at its place.
    pub fn read(raw: Spanned<RawException>, reader: &mut Reader<'_>, key: Option<&Key>) -> Option<Self> {
        let span = raw.span();
        let raw = raw.into_inner();
        let before = reader.faults();
        reader.needs(&raw.reason, "reason", "say why this is no confidential value");
        reader.needs(&raw.author, "author", "say who answers for it");
        if raw.kinds.get_ref().is_empty() {
            reader.error(
                &raw.kinds.span(),
                "the exception has no kind",
                "name at least one, as in [\"nas\"]",
            );
        }
        let kinds: Vec<Kind> =
            raw.kinds.get_ref().iter().filter_map(|kind| reader.kind(kind).flatten()).collect();
        reader.words(&raw.senders);
        reader.words(&raw.columns);
        reader.day(&raw.date);
        let until = raw.until.as_ref().and_then(|until| reader.day(until));
        let matter = Self::matter(&span, &raw, reader, key);
        let folded = |words: &[Spanned<String>]| words.iter().map(|word| fold(word.get_ref())).collect();
        let (file, line) = reader.place(&span);
        let exception = Self {
            matter: matter?,
            kinds,
            senders: folded(&raw.senders),
            regions: raw.regions,
            columns: folded(&raw.columns),
            reason: raw.reason.into_inner(),
            author: raw.author.into_inner(),
            until,
            file,
            line,
        };
        (reader.faults() == before).then_some(exception)
    }

    fn matter(
        span: &std::ops::Range<usize>,
        raw: &RawException,
        reader: &mut Reader<'_>,
        key: Option<&Key>,
    ) -> Option<Matter> {
        match (&raw.value, &raw.public, &raw.pattern) {
            (Some(value), None, None) => Self::digest(value, reader, key),
            (None, Some(public), None) => {
                let plain = compact(public.get_ref());
                if plain.is_empty() {
                    reader.error(&public.span(), "the value is empty", "write the public value");
                }
                Some(Matter::Public(plain))
            }
            (None, None, Some(pattern)) => reader.pattern(pattern).and_then(|_| {
                let whole = format!("^(?:{})$", pattern.get_ref());
                cost::compile(&whole).ok().map(Matter::Pattern)
            }),
            _ => {
                let what = "an exception has exactly one of `value`, `public` and `pattern`";
                reader.error(
                    span,
                    what,
                    "keep one; a person's value is written as `value`, by `vaguemestre rules digest`",
                );
                None
            }
        }
    }

    fn digest(value: &Spanned<String>, reader: &mut Reader<'_>, key: Option<&Key>) -> Option<Matter> {
        let digits = value.get_ref().strip_prefix(PREFIX).unwrap_or_default();
        if digits.len() != DIGITS || !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            let remedy =
                "`vaguemestre rules digest` makes one; a value that anyone may know goes under `public`";
            reader.error(&value.span(), "`value` is not a digest", remedy);
            return None;
        }
        if key.is_none() {
            let what = "the key of the digests is missing: exceptions.key beside this file";
            reader.error(
                &value.span(),
                what,
                "restore it, or make the digests anew with `vaguemestre rules digest`",
            );
            return None;
        }
        Some(Matter::Digest(value.get_ref().clone()))
    }

    /// The exception of an establishment's telephone number; `None` when it is not one.
    pub fn phone(phone: &Spanned<String>, reader: &mut Reader<'_>) -> Option<Self> {
        let digits: String = phone.get_ref().chars().filter(char::is_ascii_digit).collect();
        let digits = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits).to_owned();
        let (file, line) = reader.place(&phone.span());
        (digits.len() == 10).then(|| Self {
            matter: Matter::Phone(digits),
            kinds: Vec::new(),
            senders: Vec::new(),
            regions: Vec::new(),
            columns: Vec::new(),
            reason: "a telephone number of the establishment".to_owned(),
            author: String::new(),
            until: None,
            file,
            line,
        })
    }

    fn in_scope(&self, candidate: &Candidate, prepared: &Prepared<'_>, context: &Context) -> bool {
        let kind = candidate.kind.is_some_and(|kind| self.kinds.is_empty() || self.kinds.contains(&kind));
        let sender = || context.sender.as_ref().map(|sender| sender.domain().to_lowercase());
        let region = || prepared.blocks.get(candidate.block).map(|block| block.region);
        let column = || prepared.header(candidate.block).map(|header| fold(header.trim()));
        kind && self.until.is_none_or(|until| context.date <= until)
            && (self.senders.is_empty() || sender().is_some_and(|sender| self.senders.contains(&sender)))
            && (self.regions.is_empty() || region().is_some_and(|region| self.regions.contains(&region)))
            && (self.columns.is_empty() || column().is_some_and(|column| self.columns.contains(&column)))
    }
}

impl Exceptions {
    /// Adds one.
    pub fn push(&mut self, exception: Exception) {
        self.all.push(exception);
    }

    /// Sets the key of the digests.
    pub fn set_key(&mut self, key: &Key) {
        self.key = Some(key.clone());
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Exception] {
        &self.all
    }

    /// The exceptions whose last day is past.
    pub fn expired(&self, today: Date) -> impl Iterator<Item = &Exception> {
        self.all.iter().filter(move |exception| exception.until.is_some_and(|until| until < today))
    }

    /// The exception that lets a candidate through, when there is one.
    #[must_use]
    pub fn of(
        &self,
        candidate: &Candidate,
        prepared: &Prepared<'_>,
        context: &Context,
    ) -> Option<&Exception> {
        if self.all.is_empty() {
            return None;
        }
        let value = candidate.value.reveal();
        let plain = compact(value);
        let digest = self.key.as_ref().zip(candidate.kind).map(|(key, kind)| key.digest(kind, value));
        self.all.iter().find(|exception| {
            let same = match &exception.matter {
                Matter::Digest(own) => digest.as_ref() == Some(own),
                Matter::Public(own) | Matter::Phone(own) => *own == plain,
                Matter::Pattern(pattern) => pattern.is_match(value),
            };
            same && exception.in_scope(candidate, prepared, context)
        })
    }
}

/// Letters and digits of a text, folded, in lower case.
fn compact(text: &str) -> String {
    fold(text).chars().filter(|character| character.is_alphanumeric()).collect()
}
