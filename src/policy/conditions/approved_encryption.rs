//! `approved_encryption = true`: something is hidden by encryption that the policy approves.

use serde::Deserialize;

use super::{Family, Touched, Unmet, View, Yes};

/// Approved encryption hides something.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct ApprovedEncryption(Yes);

impl Family for ApprovedEncryption {
    const EXAMPLE: &'static str = "approved_encryption = true";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        if view.encrypted {
            Ok(Touched::default())
        } else {
            Err("nothing is hidden by approved encryption".into())
        }
    }
}
