//! Several cases decided at once, where that is safe: chosen first, shown again with what will be done, then done one by one. Nothing
//! is revealed, and each case has its own transaction and its own entry of the trail.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::decide::{REASONS, judge_findings, reason};
use super::{carry_out, case_for};
use crate::model::{CaseState, Masked};
use crate::notices::pages;
use crate::review::{Action, Case, Right};
use crate::web::frame::{Frame, show};
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::visit::Visit;

/// Most cases at once.
const MOST: usize = 50;

/// From this severity on, a release is decided case by case.
const GRAVE: u8 = 4;

#[derive(Template)]
#[template(path = "together.html", config = "src/web/askama.toml")]
struct TogetherPage {
    frame: Frame,
    cases: Vec<Case>,
    reasons: &'static [&'static str],
    /// Whether they may be released together.
    releases: bool,
}

#[derive(Template)]
#[template(path = "together-done.html", config = "src/web/askama.toml")]
struct DonePage {
    frame: Frame,
    done: Vec<String>,
    left: Vec<(String, String)>,
}

/// Shows the chosen cases again, and what can be done to all of them.
pub(in crate::web) async fn chosen(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let mut cases = Vec::new();
    for id in chosen_ones(&visit)? {
        let case = case_for(&site, &visit, id.split_once(':').map_or(id, |(id, _)| id)).await?;
        let decides = visit.signed_in()?.account.role_for(Right::Decide, &case.sender_domain).is_some();
        let open = case.state.waits() && case.state != CaseState::ToApprove;
        if decides && open {
            cases.push(case);
        }
    }
    if cases.is_empty() {
        return Err(refuse(&visit, "together-none"));
    }
    let releases = alike(&cases);
    Ok(show(&TogetherPage { frame: Frame::new(&visit, "together-title"), cases, reasons: REASONS, releases }))
}

/// Does it, one case after the other. The number of cases was typed again: nobody decides on more than they think.
pub(in crate::web) async fn together(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let action = match visit.fields.get("action") {
        "take" => Action::Take,
        "put-back" => Action::PutBack,
        "return" => Action::Return,
        "delete" => Action::Delete,
        "release" => Action::Release,
        _ => return Err(Problem::Unreadable),
    };
    let ids = chosen_ones(&visit)?;
    if visit.fields.get("count").parse::<usize>() != Ok(ids.len()) {
        return Err(refuse(&visit, "together-count-wrong"));
    }
    let mut cases = Vec::new();
    for id in &ids {
        let (id, version) = id.split_once(':').ok_or(Problem::Unreadable)?;
        let version: i64 = version.parse().map_err(|_| Problem::Unreadable)?;
        cases.push((case_for(&site, &visit, id).await?, version));
    }
    let seen: Vec<Case> = cases.iter().map(|(case, _)| case.clone()).collect();
    if action == Action::Release && !alike(&seen) {
        return Err(refuse(&visit, "together-release-not"));
    }
    let why = reason(&site, &visit).await?;
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for (case, version) in cases {
        match one(&site, &visit, &case, version, action, why.clone()).await {
            Ok(()) => done.push(case.id.to_string()),
            Err(Problem::Refused(why) | Problem::Conflict(why)) => left.push((case.id.to_string(), why)),
            Err(other) if done.is_empty() => return Err(other),
            Err(other) => {
                let why = pages::text(visit.language, &format!("problem-{}", other.key()));
                left.push((case.id.to_string(), why));
            }
        }
    }
    Ok(show(&DonePage { frame: Frame::new(&visit, "together-title"), done, left }))
}

/// One of them, by the same rules as alone.
async fn one(
    site: &Site,
    visit: &Visit,
    case: &Case,
    version: i64,
    action: Action,
    why: Option<Masked>,
) -> Result<(), Problem> {
    if case.version != version {
        return Err(super::dealt_with(site, visit, &case.id).await?);
    }
    let actor = visit.signed_in()?.acting(Right::Decide, &case.sender_domain)?;
    carry_out(site, visit, case, action, &actor, why).await?;
    judge_findings(site, visit, case, action, &actor).await;
    Ok(())
}

/// Whether cases may be released together: of one article and one department, none of the gravest, none that two persons decide.
fn alike(cases: &[Case]) -> bool {
    let Some(first) = cases.first() else { return false };
    let (article, department) = (first.article_ids.first(), &first.sender_domain);
    article.is_some()
        && cases.iter().all(|case| {
            case.article_ids.first() == article
                && case.sender_domain == *department
                && case.severity < GRAVE
                && !case.two_persons
        })
}

/// The cases of the form, each once.
fn chosen_ones(visit: &Visit) -> Result<Vec<&str>, Problem> {
    let mut ids: Vec<&str> = Vec::new();
    for id in visit.fields.all("case") {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(refuse(visit, "together-none")),
        1..=MOST => Ok(ids),
        _ => Err(refuse(visit, "together-too-many")),
    }
}

fn refuse(visit: &Visit, key: &str) -> Problem {
    Problem::Refused(pages::text(visit.language, key))
}
