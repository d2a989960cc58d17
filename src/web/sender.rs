//! The sender's page: what was found, which article, what to do, what became of the message, and the sender's word. A look changes
//! nothing: robots follow every link of a mail.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::cases::{LONGEST, carry_out, free_text};
use super::doors::go;
use super::fate::{Fate, fate};
use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::model::{ArticleRef, CaseId, CaseState, Masked};
use crate::notices::{Language, pages};
use crate::ports::SenderCase;
use crate::review::{Action, Case, is_open};

/// Most pieces of advice on the page, as in a notice.
const ADVICE: usize = 6;

/// What opens the case.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Key {
    k: String,
}

#[derive(Template)]
#[template(path = "sender.html", config = "src/web/askama.toml")]
struct SenderPage {
    frame: Frame,
    case: Case,
    token: String,
    badge: String,
    fate: Option<Fate>,
    /// Heading of what to do; empty where nothing is left to do.
    todo: &'static str,
    resend: bool,
    contest: bool,
    advice: Vec<String>,
    /// Whether the message still waits.
    waits: bool,
    /// Whether it does so while nobody is at the desk.
    closed: bool,
    /// Whether nothing more comes of the sender's word.
    is_over: bool,
    /// Whether the sender may still say their one word.
    may_speak: bool,
    /// Whether that word may be to encrypt: where the establishment says how.
    may_encrypt: bool,
    /// Whether that word may be that it is a false alarm.
    may_claim: bool,
    error: Option<Fault>,
    email: String,
}

/// Why what was asked is not done.
struct Fault {
    status: StatusCode,
    /// In words.
    says: String,
    /// By which button it was asked.
    action: String,
    /// What was typed; empty when it may not be shown again.
    typed: String,
}

#[derive(Template)]
#[template(path = "sender-closed.html", config = "src/web/askama.toml")]
struct ClosedPage {
    frame: Frame,
    email: String,
}

#[derive(Template)]
#[template(path = "sender-problem.html", config = "src/web/askama.toml")]
struct ProblemPage {
    frame: Frame,
    key: &'static str,
    email: String,
    /// Where the case is, when the form told what opens it; empty else.
    again: String,
}

/// The page of a problem that is not the case's own.
pub(super) fn problem(visit: &Visit, problem: &Problem) -> Response {
    let token = visit.fields.get("k");
    let plain = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let page = ProblemPage {
        frame: Frame::new(visit, "sender-title"),
        key: problem.key(),
        email: visit.establishment.email.clone(),
        again: if plain { format!("{}?k={token}", visit.path) } else { String::new() },
    };
    (problem.status(), show(&page)).into_response()
}

/// Shows a case to its sender; without a good token, how to get to it.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, Problem> {
    match open(&site, &visit, &id, &key.k).await? {
        Some(SenderCase { case, .. }) => shown(&site, &visit, case, key.k, None).await,
        None => Ok(closed(&visit)),
    }
}

/// Takes the sender's word: justify, report a false alarm, ask for encryption, take the message back. What cannot be done is said on
/// the same page, with what was typed.
pub(super) async fn answer(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let token = visit.fields.get("k").to_owned();
    let Some(opened) = open(&site, &visit, &id, &token).await? else {
        return Ok((StatusCode::NOT_FOUND, closed(&visit)).into_response());
    };
    match take(&site, &visit, &opened).await? {
        None => Ok(go(&format!("/c/{}?k={token}", opened.case.id))),
        Some(fault) => {
            let now = open(&site, &visit, &id, &token).await?.map_or(opened.case, |opened| opened.case);
            shown(&site, &visit, now, token, Some(fault)).await
        }
    }
}

/// Does what the form asks, or says why not.
async fn take(site: &Site, visit: &Visit, opened: &SenderCase) -> Result<Option<Fault>, Problem> {
    let action = match visit.fields.get("action") {
        "justify" => Action::Justify,
        "false-alarm" => Action::ClaimFalseAlarm,
        "encrypt" => Action::AskEncryption,
        "withdraw" => Action::Withdraw,
        _ => return Err(Problem::Unreadable),
    };
    let typed: String = visit.fields.get("text").chars().take(LONGEST).collect();
    let fault = |status, says, typed| {
        Ok(Some(Fault { status, says, action: visit.fields.get("action").to_owned(), typed }))
    };
    let text = match free_text(site, visit, "text").await {
        Ok(text) => text,
        // What looks confidential is not sent back to be shown and kept by the browser.
        Err(Problem::Refused(says)) => return fault(StatusCode::UNPROCESSABLE_ENTITY, says, String::new()),
        Err(other) => return Err(other),
    };
    if action == Action::Justify && text.is_none() && opened.case.state.waits() {
        let says = pages::text(visit.language, "sender-empty");
        return fault(StatusCode::UNPROCESSABLE_ENTITY, says, typed);
    }
    if action != Action::Withdraw && opened.case.sender_word.is_some() {
        let says = pages::text(visit.language, "refusal-said");
        return fault(StatusCode::UNPROCESSABLE_ENTITY, says, typed);
    }
    match carry_out(site, visit, &opened.case, action, &opened.actor, text).await {
        Ok(()) => Ok(None),
        Err(Problem::Refused(says)) => fault(StatusCode::UNPROCESSABLE_ENTITY, says, typed),
        // Who was faster is the archivists' own affair.
        Err(Problem::Conflict(_)) => {
            fault(StatusCode::CONFLICT, pages::text(visit.language, "sender-conflict"), typed)
        }
        Err(other) => Err(other),
    }
}

/// The case that a token opens, if it is the one of the path. Guesses are counted by network.
async fn open(site: &Site, visit: &Visit, id: &str, token: &str) -> Result<Option<SenderCase>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    let plain = token.len() <= 128 && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let opened = match plain {
        true => site.store.sender_case(&Masked::new(token), visit.now).await?,
        false => None,
    };
    let opened = opened.filter(|it| CaseId::parse(id).is_ok_and(|id| id == it.case.id));
    if opened.is_none() && !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    Ok(opened)
}

fn closed(visit: &Visit) -> Response {
    let email = visit.establishment.email.clone();
    show(&ClosedPage { frame: Frame::new(visit, "sender-title"), email })
}

async fn shown(
    site: &Site,
    visit: &Visit,
    case: Case,
    token: String,
    error: Option<Fault>,
) -> Result<Response, Problem> {
    let fate = fate(visit.language, &case, &site.store.history(&case.id).await?);
    let unsaid = case.sender_word.is_none();
    let waits = case.state.waits();
    let is_over = !CaseState::OPEN.contains(&case.state);
    let page = SenderPage {
        frame: Frame {
            back: format!("/c/{}?k={token}", case.id),
            ..Frame::new(visit, "sender-title").about(&case.id).refused(error.is_some())
        },
        badge: badge(visit.language, &case, fate.as_ref()),
        todo: fate.as_ref().map_or("sender-do", |fate| fate.todo()),
        resend: fate.as_ref().is_some_and(|fate| fate.todo() == "sender-do"),
        contest: case.state == CaseState::Deleted,
        advice: advice(visit.language, &case),
        waits,
        closed: waits && !is_open(visit.now),
        is_over: is_over && !case.is_told_only(),
        may_speak: waits && unsaid,
        may_encrypt: waits && unsaid && site.office.can_encrypt(),
        may_claim: (waits || case.is_told_only()) && unsaid,
        email: visit.establishment.email.clone(),
        fate,
        token,
        case,
        error,
    };
    let status = page.error.as_ref().map_or(StatusCode::OK, |error| error.status);
    Ok((status, show(&page)).into_response())
}

/// Where the message stands, in two or three words: what became of it, or what its sender said while it waits.
fn badge(language: Language, case: &Case, fate: Option<&Fate>) -> String {
    match (fate, &case.sender_word) {
        (Some(fate), _) => pages::text(language, &format!("sender-badge-{}", fate.ending.word())),
        (None, Some(word)) => pages::text(language, &format!("sender-badge-{}", word.says.name())),
        (None, None) => pages::state(language, case.state),
    }
}

/// What the articles advise, each piece once, as the notice says it.
fn advice(language: Language, case: &Case) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for piece in case.articles.iter().flat_map(|article| pages::advice(language, &article.notice)) {
        if !pieces.contains(&piece) && pieces.len() < ADVICE {
            pieces.push(piece);
        }
    }
    pieces
}

impl SenderPage {
    fn says<'a>(&self, article: &'a ArticleRef) -> &'a str {
        match self.frame.language {
            Language::French => &article.says,
            Language::English => &article.says_en,
        }
    }

    /// Whether this form was refused.
    fn is_wrong(&self, action: &str) -> bool {
        self.error.as_ref().is_some_and(|error| error.action == action)
    }

    /// Why it was.
    fn wrong(&self) -> &str {
        self.error.as_ref().map_or("", |error| &error.says)
    }

    /// What was typed into it.
    fn typed(&self, action: &str) -> &str {
        self.error.as_ref().filter(|error| error.action == action).map_or("", |error| &error.typed)
    }
}
