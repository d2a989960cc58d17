//! What an article or an exception asks of a message: one file for each family of conditions.
//!
//! Every condition is monotone: one more finding, gap, protection or recipient never makes it fail. That is
//! why a policy can only grow stricter with what a message holds, and why there is no `not`: what must soften
//! an article is a named exception.

mod approved_encryption;
mod confidential;
mod forwarded;
mod found;
mod persons;
mod recipients;
mod unreadable;

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, de};

use super::situation::View;

use approved_encryption::ApprovedEncryption;
use confidential::Confidential;
use forwarded::Forwarded;
use found::Found;
use persons::Persons;
use recipients::Recipients;
use unreadable::Unreadable;

/// A family of conditions: what one key of `when` may hold.
trait Family: de::DeserializeOwned {
    /// A line as a policy file may write it: for error messages, and for the tests that walk all families.
    const EXAMPLE: &'static str;

    /// Says what meets the condition, or why nothing does.
    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet>;
}

/// Why a condition is not met, in words of ours.
pub type Unmet = Cow<'static, str>;

/// What met a condition. An article speaks of all of it.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Findings, as indexes.
    pub findings: Vec<usize>,
    /// Gaps, as indexes.
    pub gaps: Vec<usize>,
    /// Recipients, as indexes; `None` when the condition does not tell them apart.
    pub recipients: Option<Vec<usize>>,
}

macro_rules! families {
    ($($key:literal => $family:ident),* $(,)?) => {
        /// One condition.
        #[derive(Clone, Debug)]
        pub enum Condition {
            $(#[doc = concat!("The key `", $key, "` of `when`.")] $family($family)),*
        }

        const KEYS: &[&str] = &[$($key),*];

        impl Condition {
            fn read<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Self, A::Error> {
                match key {
                    $($key => map.next_value().map(Self::$family),)*
                    other => Err(A::Error::unknown_field(other, KEYS)),
                }
            }

            fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
                match self { $(Self::$family(condition) => condition.met(view)),* }
            }
        }

        /// A line of each family, as a policy file may write it.
        pub(super) const EXAMPLES: &[&str] = &[$(<$family as Family>::EXAMPLE),*];
    };
}

families! {
    "confidential" => Confidential,
    "found" => Found,
    "unreadable" => Unreadable,
    "approved_encryption" => ApprovedEncryption,
    "forwarded" => Forwarded,
    "persons" => Persons,
    "recipients" => Recipients,
}

/// Conditions that must all be met: the table `when`.
#[derive(Clone, Debug)]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// Says what meets all conditions, or the first reason why something does not.
    pub fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        let mut all = Touched::default();
        for condition in &self.0 {
            all.add(condition.met(view)?);
        }
        Ok(all)
    }
}

impl Touched {
    fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.findings.sort_unstable();
        self.findings.dedup();
        self.gaps.extend(other.gaps);
        self.gaps.sort_unstable();
        self.gaps.dedup();
        self.recipients = self.recipients.take().or(other.recipients);
    }
}

impl<'de> Deserialize<'de> for Conditions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConditionsVisitor)
    }
}

struct ConditionsVisitor;

impl<'de> Visitor<'de> for ConditionsVisitor {
    type Value = Conditions;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a table of conditions, such as {}", EXAMPLES.join("; "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Conditions, A::Error> {
        let mut conditions = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            conditions.push(Condition::read(key, &mut map)?);
        }
        if conditions.is_empty() {
            return Err(A::Error::custom("there is no condition: the article would always apply"));
        }
        Ok(Conditions(conditions))
    }
}

/// Reads a key and refuses unknown ones where they stand.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = KEYS.iter().copied().find(|key| *key == name);
        known.ok_or_else(|| D::Error::unknown_field(&name, KEYS))
    }
}

/// A condition that is there or not: `true` is the only thing to write.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "bool")]
struct Yes;

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        value
            .then_some(Self)
            .ok_or("only `true` has a meaning here: leave the line out, or name an exception in `unless`")
    }
}

/// A count from 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "usize")]
struct AtLeast(usize);

impl TryFrom<usize> for AtLeast {
    type Error = &'static str;

    fn try_from(value: usize) -> Result<Self, Self::Error> {
        (value > 0).then_some(Self(value)).ok_or("`at_least` counts from 1")
    }
}

impl Default for AtLeast {
    fn default() -> Self {
        Self(1)
    }
}

/// Refuses an empty list, which nothing could meet.
fn not_empty<T>(list: Vec<T>) -> Result<Vec<T>, &'static str> {
    if list.is_empty() { Err("the list is empty: nothing can meet it") } else { Ok(list) }
}
