//! Decisions, notes and marks: each a POST, carried out by the same rules as from the terminal.

use axum::http::StatusCode;
use axum::response::Response;

use super::{Opened, case_for, dealt_with, show};
use crate::model::Masked;
use crate::notices::{Language, pages};
use crate::ports::FindingMark;
use crate::review::{Action, Actor, Case, Right};
use crate::web::doors::go;
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::visit::Visit;

/// Why a case is decided so; each has a text `reason-CODE`, which the sender reads.
pub(super) const REASONS: &[&str] =
    &["examined", "verified", "false-alarm", "double-identification", "rewrite", "wrong-recipient", "other"];

/// Longest text of a person, in characters.
pub(in crate::web) const LONGEST: usize = 1_000;

/// Decides, then shows the case again, with why not and what was typed when its rules refuse. The form names the version that was seen:
/// what changed since is shown first.
pub(in crate::web) async fn decide(opened: Opened) -> Result<Response, Problem> {
    match decided(&opened).await {
        Err(Problem::Refused(why)) => show::refused(opened, why, StatusCode::UNPROCESSABLE_ENTITY).await,
        // As it stands now; who may not open it any more hears what became of it.
        Err(Problem::Conflict(why)) => {
            match case_for(&opened.site, &opened.visit, opened.case.id.as_str()).await {
                Ok(case) => show::refused(Opened { case, ..opened }, why, StatusCode::CONFLICT).await,
                Err(_) => Err(Problem::Conflict(why)),
            }
        }
        other => other,
    }
}

async fn decided(opened: &Opened) -> Result<Response, Problem> {
    let (action, right) = match opened.visit.fields.get("action") {
        "take" => (Action::Take, Right::Decide),
        "put-back" => (Action::PutBack, Right::Decide),
        "release" => (Action::Release, Right::Decide),
        "release-encrypted" => (Action::ReleaseEncrypted, Right::Decide),
        "return" => (Action::Return, Right::Decide),
        "delete" => (Action::Delete, Right::Decide),
        "restore" => (Action::Restore, Right::Decide),
        "sent" => (Action::Sent, Right::Decide),
        "retry" => (Action::Retry(None), Right::Decide),
        "give-up" => (Action::GiveUp, Right::Decide),
        "approve" => (Action::Approve, Right::Approve),
        "decline" => (Action::Decline, Right::Approve),
        _ => return Err(Problem::Unreadable),
    };
    is_as_seen(opened).await?;
    let actor = opened.actor(right)?;
    let text = reason(&opened.site, &opened.visit).await?;
    let answer = opened.carried_out(action, &actor, text).await?;
    judge_findings(&opened.site, &opened.visit, &opened.case, action, &actor).await;
    Ok(answer)
}

/// Counts what a decision says of the findings that nobody judged one by one: false alarms when that is the reason, right otherwise.
pub(super) async fn judge_findings(site: &Site, visit: &Visit, case: &Case, action: Action, actor: &Actor) {
    let decides =
        matches!(action, Action::Release | Action::ReleaseEncrypted | Action::Return | Action::Delete);
    let Ok(judged) = site.store.marks(&case.id).await else { return };
    if !decides || !judged.is_empty() {
        return;
    }
    let false_alarm = visit.fields.get("reason") == "false-alarm";
    let marks = each_marked(case, |_| false_alarm);
    if !marks.is_empty() {
        // The decision is made: a count that cannot be kept does not undo it, nor says that it failed.
        let _ = site.store.mark_findings(&case.id, &marks, actor, visit.now).await;
    }
}

/// A mark for each finding.
fn each_marked(case: &Case, is_false: impl Fn(u32) -> bool) -> Vec<FindingMark> {
    let count = u32::try_from(case.findings.len()).unwrap_or(u32::MAX);
    (0..count).map(|finding| FindingMark { finding, false_alarm: is_false(finding) }).collect()
}

/// Writes a remark on a case.
pub(in crate::web) async fn note(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::Note)?;
    let text = free_text(&opened.site, &opened.visit, "text").await?;
    opened.carried_out(Action::Note, &actor, text).await
}

/// Keeps which findings were false alarms.
pub(in crate::web) async fn marks(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::Decide)?;
    let Opened { site, visit, case } = opened;
    let wrong: Vec<u32> = visit.fields.all("wrong").filter_map(|index| index.parse().ok()).collect();
    let marks = each_marked(&case, |finding| wrong.contains(&finding));
    site.store.mark_findings(&case.id, &marks, &actor, visit.now).await?;
    Ok(go(&format!("/cases/{}#found", case.id)))
}

/// Refuses when the case is no more as the form saw it.
async fn is_as_seen(Opened { site, visit, case }: &Opened) -> Result<(), Problem> {
    match visit.fields.get("version").parse::<i64>() {
        Ok(version) if version != case.version => Err(dealt_with(site, visit, &case.id).await?),
        _ => Ok(()),
    }
}

/// The reason: the code's own sentence, with what was added to it. Without either a decision that may do without says that no reason was
/// given: nobody is told as a person's word what that person did not choose.
pub(super) async fn reason(site: &Site, visit: &Visit) -> Result<Option<Masked>, Problem> {
    let code = visit.fields.get("reason");
    let known = REASONS.contains(&code) && code != "other";
    let added = free_text(site, visit, "text").await?;
    let code = match visit.fields.get("action") {
        _ if known => Some(code),
        "release" | "release-encrypted" | "return" if added.is_none() && code.is_empty() => Some("unsaid"),
        _ => None,
    };
    // Written down as the sender will read it, in whatever language the desk is shown.
    let known = code.map(|code| pages::text(Language::French, &format!("reason-{code}")));
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
