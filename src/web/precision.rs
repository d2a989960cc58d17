//! How often each detection rule was right, as reviewers marked its findings.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;

use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::ports::{Period, Precision};
use crate::review::Right;

/// Marks below which a share says little.
const FEW: u64 = 20;

#[derive(Template)]
#[template(path = "precision.html", config = "src/web/askama.toml")]
struct PrecisionPage {
    frame: Frame,
    rules: Vec<Precision>,
    /// Whether the visitor sees the cases behind the figures.
    sees: bool,
}

/// The last twelve months, the most wrong first.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let to = visit.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let from = to.checked_sub(12.months()).unwrap_or(to);
    let rules = site.store.precision(Period { from, to }).await?;
    let sees = visit.signed_in()?.account.may(Right::SeeCases);
    Ok(show(&PrecisionPage { frame: Frame::new(&visit, "precision-title"), rules, sees }))
}

impl PrecisionPage {
    /// The share of findings that were right, in percent; « – » before any was marked.
    fn share(&self, rule: &Precision) -> String {
        let marked = rule.right + rule.wrong;
        match (rule.right * 100).checked_div(marked) {
            None => "–".to_owned(),
            Some(share) if marked < FEW => self.frame.with("precision-few", "number", share),
            Some(share) => self.frame.with("precision-share", "number", share),
        }
    }
}
