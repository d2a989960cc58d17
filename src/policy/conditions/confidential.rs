//! `confidential = true`: the message holds, in clear, something that the policy defines as confidential.

use serde::Deserialize;

use super::{Family, Touched, Unmet, View, Yes};

/// Something confidential is readable.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Confidential(Yes);

impl Family for Confidential {
    const EXAMPLE: &'static str = "confidential = true";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        if view.confidential.is_empty() {
            return Err("nothing confidential was found".into());
        }
        Ok(Touched { findings: view.confidential.clone(), ..Touched::default() })
    }
}
