//! `recipients = { … }`: how many the message goes to (envelope, To and Cc together), and of which class
//! (envelope only).

use serde::Deserialize;

use crate::model::Class;

use super::{AtLeast, Family, Touched, Unmet, View, not_empty};

/// Number and classes of recipients. An article with `any_of` speaks of the recipients of these classes only.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Recipients {
    at_least: usize,
    any_of: Option<Vec<Class>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    at_least: AtLeast,
    any_of: Option<Vec<Class>>,
}

impl TryFrom<Raw> for Recipients {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let AtLeast(at_least) = raw.at_least;
        let any_of = raw.any_of.map(not_empty).transpose()?;
        if any_of.as_ref().is_some_and(|classes| classes.contains(&Class::Partner)) {
            return Err(
                "no article sees a partner: it counts as external, or as network when its transport encryption is verified",
            );
        }
        Ok(Self { at_least, any_of })
    }
}

impl Family for Recipients {
    const EXAMPLE: &'static str = "recipients = { at_least = 2, any_of = [\"external\", \"webmail\"] }";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        if view.addressees < self.at_least {
            return Err(format!("{} recipients, {} asked for", view.addressees, self.at_least).into());
        }
        let Some(classes) = &self.any_of else {
            return Ok(Touched::default());
        };
        let recipients = view.of_class(classes);
        if recipients.is_empty() {
            let names: Vec<&str> = classes.iter().map(|class| class.name()).collect();
            return Err(format!("no recipient is {}", names.join(" or ")).into());
        }
        Ok(Touched { recipients: Some(recipients), ..Touched::default() })
    }
}
