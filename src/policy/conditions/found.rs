//! `found = […]`: the message holds findings of these kinds, confidential or not.

use serde::Deserialize;

use crate::model::Kind;

use super::{AtLeast, Family, Touched, Unmet, View, not_empty};

/// Findings of one of some kinds. Written as a list, or as `{ kinds = […], at_least = 3 }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Found {
    kinds: Vec<Kind>,
    at_least: usize,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of kinds of findings, or `{ kinds = […], at_least = … }`")]
enum Raw {
    Kinds(Vec<Kind>),
    Counted(Counted),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    kinds: Vec<Kind>,
    #[serde(default)]
    at_least: AtLeast,
}

impl TryFrom<Raw> for Found {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let (kinds, AtLeast(at_least)) = match raw {
            Raw::Kinds(kinds) => (kinds, AtLeast::default()),
            Raw::Counted(counted) => (counted.kinds, counted.at_least),
        };
        Ok(Self { kinds: not_empty(kinds)?, at_least })
    }
}

impl Family for Found {
    const EXAMPLE: &'static str = "found = { kinds = [\"crisis\", \"nam\"], at_least = 2 }";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        let wanted =
            |index: &usize| view.finding(*index).is_some_and(|found| self.kinds.contains(&found.kind));
        let findings: Vec<usize> = view.heard.iter().copied().filter(wanted).collect();
        if findings.len() < self.at_least {
            let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.name()).collect();
            return Err(format!(
                "{} found of {}, {} asked for",
                findings.len(),
                kinds.join(", "),
                self.at_least
            )
            .into());
        }
        Ok(Touched { findings, ..Touched::default() })
    }
}
