//! `unreadable = true`: something was not read, or is protected in a way that is not approved.

use serde::Deserialize;

use super::{Family, Touched, Unmet, View, Yes};

/// Something stays unread, and no approved encryption explains it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Unreadable(Yes);

impl Family for Unreadable {
    const EXAMPLE: &'static str = "unreadable = true";

    fn met(&self, view: &View<'_>) -> Result<Touched, Unmet> {
        if view.unread.is_empty() && !view.unapproved {
            return Err("everything was read, or is hidden by approved encryption".into());
        }
        Ok(Touched { gaps: view.unread.clone(), ..Touched::default() })
    }
}
