//! Legal holds, and the evidence of a case: for who answers for security and compliance.

use axum::response::Response;
use jiff::civil::Date;

use super::{Opened, free_text, refused, settle};
use crate::notices::pages;
use crate::review::{Action, Right, hold_legally};
use crate::web::frame::download;
use crate::web::problem::Problem;

/// Sets a legal hold: nothing of the case is destroyed while it stands.
pub(in crate::web) async fn hold(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::HoldLegally)?;
    let Opened { site, visit, case } = &opened;
    let refuse = |key: &str| Problem::Refused(pages::text(visit.language, key));
    let review: Date = visit.fields.get("review").parse().map_err(|_| refuse("refusal-review"))?;
    if review <= visit.today() {
        return Err(refuse("refusal-review"));
    }
    let why = free_text(site, visit, "text").await?.ok_or_else(|| refuse("refusal-reason"))?;
    let number = free_text(site, visit, "number").await?.ok_or_else(|| refuse("refusal-reason"))?;
    let number: String = number.reveal().chars().take(64).collect();
    let set = hold_legally(case, &number, review, &actor, &why, visit.now);
    settle(site, visit, &set.map_err(|why| refused(visit, &why))?).await?;
    Ok(opened.again())
}

/// Lets a legal hold go.
pub(in crate::web) async fn lift(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::HoldLegally)?;
    let why = free_text(&opened.site, &opened.visit, "text").await?;
    // Who let it go may see it no more.
    opened.carried_out(Action::LiftHold, &actor, why).await
}

/// Packs the evidence of a case for a person, sealed to their key. The message is never in it.
pub(in crate::web) async fn evidence(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::ExportTrail)?;
    let Opened { site, visit, case } = opened;
    let refuse = |key: &str| Problem::Refused(pages::text(visit.language, key));
    let why = free_text(&site, &visit, "text").await?.ok_or_else(|| refuse("refusal-reason"))?;
    let key = visit.fields.get("key");
    if !key.starts_with("age1") {
        return Err(refuse("refusal-age-key"));
    }
    let sealed = site.office.evidence(site.store.as_ref(), &case.id, key).await?;
    // In the trail before it leaves.
    site.store.write_down("evidence", Some(&case.id), &actor, Some(&why), visit.now).await?;
    Ok(download(&format!("{}.zip.age", case.id), "application/octet-stream", sealed))
}
