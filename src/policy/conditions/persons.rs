//! `persons = { at_least = 5 }`: the message speaks of that many persons.

use serde::Deserialize;

use super::{AtLeast, Family, Touched, Unmet, View};

/// How many persons the findings are about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persons {
    at_least: AtLeast,
}

impl Family for Persons {
    const EXAMPLE: &'static str = "persons = { at_least = 2 }";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        let AtLeast(asked) = self.at_least;
        let count = view.situation.persons.len();
        if count < asked {
            return Err(format!("the message speaks of {count} persons, {asked} asked for").into());
        }
        Ok(Touched::default())
    }
}
