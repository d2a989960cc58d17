//! Decisions, notes and marks: each a POST, carried out by the same rules as from the terminal.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{carry_out, case_for, dealt_with};
use crate::model::Masked;
use crate::notices::pages;
use crate::ports::FindingMark;
use crate::review::{Action, Case, Right};
use crate::web::doors::go;
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::visit::Visit;

/// Why a case is decided so; each has a text `reason-CODE`, which the sender reads.
pub(super) const REASONS: &[&str] =
    &["verified", "false-alarm", "double-identification", "rewrite", "wrong-recipient", "other"];

/// Longest text of a person, in characters.
pub(in crate::web) const LONGEST: usize = 1_000;

/// Decides, then shows the case again. The form names the version that was seen: what changed since is shown first.
pub(in crate::web) async fn decide(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (action, right) = match visit.fields.get("action") {
        "take" => (Action::Take, Right::Decide),
        "put-back" => (Action::PutBack, Right::Decide),
        "release" => (Action::Release, Right::Decide),
        "release-encrypted" => (Action::ReleaseEncrypted, Right::Decide),
        "return" => (Action::Return, Right::Decide),
        "delete" => (Action::Delete, Right::Decide),
        "restore" => (Action::Restore, Right::Decide),
        "sent" => (Action::Sent, Right::Decide),
        "retry" => (Action::Retry(None), Right::Decide),
        "approve" => (Action::Approve, Right::Approve),
        "decline" => (Action::Decline, Right::Approve),
        _ => return Err(Problem::Unreadable),
    };
    let case = seen(&site, &visit, &id).await?;
    let actor = visit.signed_in()?.acting(right, &case.sender_domain)?;
    let text = reason(&site, &visit).await?;
    carry_out(&site, &visit, &case, action, &actor, text).await?;
    Ok(go(&format!("/cases/{}", case.id)))
}

/// Writes a remark on a case.
pub(in crate::web) async fn note(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let case = case_for(&site, &visit, &id).await?;
    let actor = visit.signed_in()?.acting(Right::Note, &case.sender_domain)?;
    let text = free_text(&site, &visit, "text").await?;
    carry_out(&site, &visit, &case, Action::Note, &actor, text).await?;
    Ok(go(&format!("/cases/{}", case.id)))
}

/// Keeps which findings were false alarms.
pub(in crate::web) async fn marks(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let case = case_for(&site, &visit, &id).await?;
    let actor = visit.signed_in()?.acting(Right::Decide, &case.sender_domain)?;
    let wrong: Vec<u32> = visit.fields.all("wrong").filter_map(|index| index.parse().ok()).collect();
    let count = u32::try_from(case.findings.len()).unwrap_or(u32::MAX);
    let marks: Vec<FindingMark> =
        (0..count).map(|finding| FindingMark { finding, false_alarm: wrong.contains(&finding) }).collect();
    site.store.mark_findings(&case.id, &marks, &actor, visit.now).await?;
    Ok(go(&format!("/cases/{}#found", case.id)))
}

/// The case, if it is still as the form saw it.
async fn seen(site: &Site, visit: &Visit, id: &str) -> Result<Case, Problem> {
    let case = case_for(site, visit, id).await?;
    match visit.fields.get("version").parse::<i64>() {
        Ok(version) if version != case.version => Err(dealt_with(site, visit, &case.id).await?),
        _ => Ok(case),
    }
}

/// The reason: the code's own sentence, with what was added to it.
pub(super) async fn reason(site: &Site, visit: &Visit) -> Result<Option<Masked>, Problem> {
    let code = visit.fields.get("reason");
    let known = REASONS.contains(&code) && code != "other";
    let known = known.then(|| pages::text(visit.language, &format!("reason-{code}")));
    let added = free_text(site, visit, "text").await?;
    Ok(match (known, added) {
        (Some(known), Some(added)) => Some(Masked::new(format!("{known} {}", added.reveal()))),
        (Some(known), None) => Some(Masked::new(known)),
        (None, added) => added,
    })
}

/// What a person typed, if it holds nothing confidential: others will read it.
pub(in crate::web) async fn free_text(
    site: &Site,
    visit: &Visit,
    field: &str,
) -> Result<Option<Masked>, Problem> {
    let text: String = visit.fields.get(field).chars().take(LONGEST).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let text = Masked::new(text);
    match site.office.confidential(&text).await?.is_empty() {
        true => Ok(Some(text)),
        false => Err(Problem::Refused(pages::text(visit.language, "refusal-confidential"))),
    }
}
