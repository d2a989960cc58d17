//! The audit trail as people read it: who did what, to which case, when and why. Words that people typed are not shown here.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::model::CaseId;
use crate::ports::TrailFilter;
use crate::review::Past;

/// Entries on a page.
const PAGE: usize = 50;

/// Which entries are asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    who: String,
    case: String,
    /// Number of the last entry of the page before.
    before: String,
}

#[derive(Template)]
#[template(path = "trail.html", config = "src/web/askama.toml")]
struct TrailPage {
    frame: Frame,
    asked: Asked,
    entries: Vec<(u64, Past)>,
    /// Number to go on from.
    next: Option<u64>,
}

/// The newest entries, of one person or one case when asked.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (who, case) = (asked.who.trim(), asked.case.trim());
    let known = CaseId::parse(case).ok();
    let filter = TrailFilter {
        actor: (!who.is_empty()).then(|| who.to_owned()),
        before: asked.before.parse().ok(),
        limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
        case: known,
    };
    let unknown = !case.is_empty() && filter.case.is_none();
    let mut entries = if unknown { Vec::new() } else { site.store.trail(&filter).await? };
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next = entries.last().filter(|_| more).map(|(seq, _)| *seq);
    Ok(show(&TrailPage { frame: Frame::new(&visit, "trail-title"), asked, entries, next }))
}

impl TrailPage {
    /// The address of the entries before a number. A login or a case with other letters than these is not one.
    fn before(&self, number: &u64) -> String {
        let plain =
            |text: &&str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let field = |name: &str, value: &str| {
            Some(value.trim()).filter(plain).filter(|it| !it.is_empty()).map(|it| format!("{name}={it}&"))
        };
        let who = field("who", &self.asked.who).unwrap_or_default();
        let case = field("case", &self.asked.case).unwrap_or_default();
        format!("/trail?{who}{case}before={number}")
    }
}
