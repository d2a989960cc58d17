//! `persons = { at_least = 5 }`: the message speaks of that many persons. `identified_by = 2` counts only those of whom
//! it gives that many identifiers.

use serde::Deserialize;

use super::{AtLeast, Family, Touched, Unmet, View};
use crate::model::Person;

/// How many persons the findings are about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persons {
    #[serde(default)]
    at_least: AtLeast,
    #[serde(default)]
    identified_by: AtLeast,
}

impl Family for Persons {
    const EXAMPLE: &'static str = "persons = { at_least = 2 }";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        let (AtLeast(asked), AtLeast(identifiers)) = (self.at_least, self.identified_by);
        let told = |person: &&Person| person.confidence() >= Some(view.floor);
        let count = view.situation.persons.iter().filter(told);
        let count = count.filter(|person| person.identified_by() >= identifiers).count();
        if count < asked {
            return Err(format!("the message speaks of {count} such persons, {asked} asked for").into());
        }
        Ok(Touched::default())
    }
}
