//! Papers to print: the proof of conformity and the privacy assessment.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::notices::Paper;
use crate::ports::{PaperKind, Period};

/// The period that a paper is asked for; a year until today when nothing is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
    /// `whole` walks the whole audit trail again.
    walk: String,
}

#[derive(Template)]
#[template(path = "paper.html", config = "src/web/askama.toml")]
struct PaperPage {
    frame: Frame,
    paper: Paper,
    /// The period of the proof; the assessment has none.
    period: Option<Period>,
}

/// The dated proof of conformity.
pub(super) async fn conformity(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let today = visit.today();
    let day = |text: &str| text.parse::<Date>().ok();
    let to = day(&asked.to).unwrap_or(today);
    let from = day(&asked.from).unwrap_or_else(|| to.checked_sub(1.year()).unwrap_or(to));
    // Two days name a period in either order.
    let period = Period { from: from.min(to), to: from.max(to) };
    let anew = asked.walk == "whole";
    page(&site, &visit, PaperKind::Conformity { anew }, Some(period)).await
}

/// The privacy assessment.
pub(super) async fn assessment(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    page(&site, &visit, PaperKind::Assessment, None).await
}

async fn page(
    site: &Site,
    visit: &Visit,
    kind: PaperKind,
    period: Option<Period>,
) -> Result<Response, Problem> {
    let today = visit.today();
    let of = period.unwrap_or(Period { from: today, to: today });
    let paper = site.office.paper(site.store.as_ref(), kind, visit.language, of, visit.now).await?;
    let title = match kind {
        PaperKind::Conformity { .. } => "paper-conformity",
        PaperKind::Assessment => "paper-assessment",
    };
    Ok(show(&PaperPage { frame: Frame::new(visit, title), paper, period }))
}
