//! How long one is still signed in, and how to stay (WCAG 2.2.1): a banner that the style sheet shows two minutes before the end, without a
//! script, and whose button opens this page beside, so that nothing typed is lost.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::{IDLE, LONGEST, Site};
use super::visit::Visit;
use crate::ports::Session;

#[derive(Template)]
#[template(path = "session.html", config = "src/web/askama.toml")]
struct SessionPage {
    frame: Frame,
    /// Whether it was just lengthened.
    longer: bool,
    /// When it ends if nothing is done.
    ends_at: Timestamp,
    /// When it ends whatever is done.
    last: Timestamp,
}

/// Shows when the session ends.
pub(super) async fn page(Extension(visit): Extension<Visit>) -> Result<Response, Problem> {
    until(&visit, visit.signed_in()?.session.seen_at, false)
}

/// Begins the quarter of an hour anew.
pub(super) async fn lengthen(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let session = &visit.signed_in()?.session;
    site.store.touch_session(&Session { seen_at: visit.now, ..session.clone() }).await?;
    until(&visit, visit.now, true)
}

fn until(visit: &Visit, seen_at: Timestamp, longer: bool) -> Result<Response, Problem> {
    let last = visit.signed_in()?.session.created_at + LONGEST;
    let ends_at = (seen_at + IDLE).min(last);
    Ok(show(&SessionPage { frame: Frame::new(visit, "session-title"), longer, ends_at, last }))
}
