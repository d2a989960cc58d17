//! `forwarded = true`: a mailbox rule or another automaton sends the message on.

use serde::Deserialize;

use super::{Family, Touched, Unmet, View, Yes};

/// The message is forwarded automatically.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Forwarded(Yes);

impl Family for Forwarded {
    const EXAMPLE: &'static str = "forwarded = true";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        if view.situation.facts.auto_forwarded {
            Ok(Touched::default())
        } else {
            Err("the message is not forwarded automatically".into())
        }
    }
}
