//! One description for each setting: from it come the parser, the default, the range check and the
//! annotated sample file.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::model::Fault;

/// What is said of one setting.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// Its key.
    pub key: &'static str,
    /// What it means: the doc comment, line by line.
    pub doc: &'static [&'static str],
    /// Its default as TOML; after `#`, an example of a setting that is absent by default.
    pub default: &'static str,
    /// `lowest to highest`, or empty.
    pub range: &'static str,
    /// The first version that had it.
    pub since: &'static str,
}

/// A value that a setting may have.
pub trait Value: DeserializeOwned {
    /// Compares with a bound of the range, written as in the file. `None` when the kind has no order.
    fn compare(&self, _bound: &str) -> Option<std::cmp::Ordering> {
        None
    }

    /// The value of a setting that is absent by default.
    fn absent() -> Option<Self> {
        None
    }
}

/// A setting that may be absent.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Maybe<T>(pub Option<T>);

impl<T: Value> Value for Maybe<T> {
    fn compare(&self, bound: &str) -> Option<std::cmp::Ordering> {
        self.0.as_ref()?.compare(bound)
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl<T: Value> Value for Vec<T> {}

/// The file being read, and the faults found so far.
#[derive(Debug)]
pub struct Reader<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Faults so far.
    pub faults: Vec<Fault>,
}

impl Reader<'_> {
    /// The value as written, or the default; `None`, with a fault noted, when it is out of range.
    pub fn fill<T: Value>(&mut self, written: Option<Spanned<T>>, setting: &Described) -> Option<T> {
        let Some(written) = written else { return self.default(setting) };
        let at = written.span().start;
        let value = written.into_inner();
        if in_range(&value, setting.range) {
            return Some(value);
        }
        let what = format!("`{}` is out of range", setting.key);
        self.note(at, what, format!("give a value from {}", setting.range));
        None
    }

    /// Notes a fault at a byte offset.
    pub fn note(&mut self, at: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.faults.push(Fault::at(self.file, self.text, at, what, remedy));
    }

    fn default<T: Value>(&mut self, setting: &Described) -> Option<T> {
        if setting.default.starts_with('#') {
            return T::absent();
        }
        match toml::from_str::<Line<T>>(&format!("value = {}", setting.default)) {
            Ok(line) => Some(line.value),
            Err(error) => {
                self.faults.push(Fault::whole(setting.key, format!("its default is wrong: {error}"), ""));
                None
            }
        }
    }
}

#[derive(Deserialize)]
struct Line<T> {
    value: T,
}

fn in_range<T: Value>(value: &T, range: &str) -> bool {
    let Some((low, high)) = range.split_once(" to ") else { return true };
    value.compare(low).is_none_or(|order| order.is_ge())
        && value.compare(high).is_none_or(|order| order.is_le())
}

/// Declares a section: the table as written (every key optional), the same with defaults filled in, and the
/// description of every key.
macro_rules! section {
    ($(#[doc = $head:literal])* $name:ident / $written:ident = $key:literal {
        $($(#[doc = $doc:literal])* $field:ident: $type:ty = $default:literal, $range:literal, $since:literal;)*
    }) => {
        $(#[doc = $head])*
        #[derive(Debug)]
        pub struct $name { $($(#[doc = $doc])* pub $field: $type),* }

        #[doc = concat!("The table `", $key, "` as a file writes it.")]
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $written { $(pub(super) $field: Option<Spanned<$type>>),* }

        impl $name {
            /// Name of the table.
            pub const KEY: &'static str = $key;
            /// What the table is for.
            pub const DOC: &'static [&'static str] = &[$($head),*];
            /// Its settings, in the order of the sample.
            pub const SETTINGS: &'static [Described] = &[$(Described {
                key: stringify!($field), doc: &[$($doc),*], default: $default, range: $range, since: $since,
            }),*];

            /// Fills in defaults and checks ranges; `None` when a fault was noted.
            pub fn fill(written: $written, reader: &mut Reader<'_>) -> Option<Self> {
                let mut settings = Self::SETTINGS.iter();
                $(let $field = reader.fill(written.$field, settings.next()?);)*
                Some(Self { $($field: $field?),* })
            }
        }
    };
}

pub(super) use section;
