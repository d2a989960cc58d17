//! The sender's page: what was found, which article, what to do, and the sender's word. A look changes nothing: robots follow
//! every link of a mail.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::cases::{carry_out, free_text};
use super::doors::go;
use super::frame::{Frame, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::model::{ArticleRef, CaseId, Masked};
use crate::notices::{Language, pages};
use crate::ports::SenderCase;
use crate::review::{Action, Case};

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
    advice: Vec<String>,
    /// Whether the message still waits.
    waits: bool,
    /// Whether the sender may still say their one word.
    may_speak: bool,
    sent_at: Timestamp,
    email: String,
}

#[derive(Template)]
#[template(path = "sender-closed.html", config = "src/web/askama.toml")]
struct ClosedPage {
    frame: Frame,
    email: String,
}

/// Shows a case to its sender; without a good token, how to get to it.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, Problem> {
    let Some(SenderCase { case, .. }) = open(&site, &visit, &id, &key.k).await? else {
        let email = visit.establishment.email.clone();
        return Ok(show(&ClosedPage { frame: Frame::new(&visit, "sender-title"), email }));
    };
    let notice = case.articles.first().map(|article| article.notice.as_str()).unwrap_or_default();
    Ok(show(&SenderPage {
        frame: Frame::new(&visit, "sender-title"),
        advice: pages::advice(visit.language, notice),
        waits: case.state.waits(),
        may_speak: case.state.waits() && case.sender_word.is_none(),
        sent_at: case.received_at,
        email: visit.establishment.email.clone(),
        token: key.k,
        case,
    }))
}

/// Takes the sender's word: justify, report a false alarm, ask for encryption, take the message back.
pub(super) async fn answer(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let token = visit.fields.get("k").to_owned();
    let opened = open(&site, &visit, &id, &token).await?;
    let SenderCase { case, actor } = opened.ok_or(Problem::NotFound)?;
    let action = match visit.fields.get("action") {
        "justify" => Action::Justify,
        "false-alarm" => Action::ClaimFalseAlarm,
        "encrypt" => Action::AskEncryption,
        "withdraw" => Action::Withdraw,
        _ => return Err(Problem::Unreadable),
    };
    let text = free_text(&site, &visit, "text").await?;
    carry_out(&site, &visit, &case, action, &actor, text).await?;
    Ok(go(&format!("/c/{}?k={token}", case.id)))
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

impl SenderPage {
    fn says<'a>(&self, article: &'a ArticleRef) -> &'a str {
        match self.frame.language {
            Language::French => &article.says,
            Language::English => &article.says_en,
        }
    }
}
