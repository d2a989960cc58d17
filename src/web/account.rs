//! One's own account, and the review of who has access.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};

use super::doors::go;
use super::frame::{Frame, show};
use super::problem::Problem;
use super::secrets::{SHORTEST, digest};
use super::sign_in::knows_password;
use super::site::Site;
use super::visit::Visit;
use crate::model::Masked;
use crate::ports::{Account, By};

#[derive(Template)]
#[template(path = "account.html", config = "src/web/askama.toml")]
struct AccountPage {
    frame: Frame,
    login: String,
    must_change: bool,
    federated: bool,
    /// Key of what was wrong with the form; empty at first.
    fault: &'static str,
}

pub(super) async fn page(Extension(visit): Extension<Visit>) -> Result<Response, Problem> {
    own_page(&visit, "")
}

pub(super) fn own_page(visit: &Visit, fault: &'static str) -> Result<Response, Problem> {
    let account = &visit.signed_in()?.account;
    let (login, must_change, federated) = (account.login.clone(), account.must_change, account.federated);
    let page = AccountPage {
        frame: Frame::new(visit, "account-title").refused(!fault.is_empty()),
        login,
        must_change,
        federated,
        fault,
    };
    let status = if fault.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, show(&page)).into_response())
}

/// Changes one's own password; other sessions end.
pub(super) async fn change_password(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?;
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let (old, new) = (Masked::new(visit.fields.raw("old")), Masked::new(visit.fields.raw("new")));
    let login = &person.account.login;
    let fault = match new.reveal() {
        new if new.chars().count() < SHORTEST => "account-too-short",
        new if new != visit.fields.raw("again") => "account-differs",
        new if new == old.reveal() || new.to_lowercase().contains(login.as_str()) => "account-too-plain",
        _ => "",
    };
    if !fault.is_empty() {
        return own_page(&visit, fault);
    }
    let credentials = site.store.credentials(login).await?;
    if !knows_password(&site, old, credentials.as_ref()).await? {
        return own_page(&visit, "account-wrong");
    }
    let kept = tokio::task::spawn_blocking(move || digest(&new)).await;
    let kept = kept.map_err(|_| Problem::Unavailable)?.map_err(|_| Problem::Unavailable)?;
    let by = By { actor: login, at: visit.now };
    site.store.change_password(login, &kept, &person.session.digest, by).await?;
    Ok(go("/"))
}

#[derive(Template)]
#[template(path = "access.html", config = "src/web/askama.toml")]
struct AccessPage {
    frame: Frame,
    accounts: Vec<Account>,
    reviewed: Option<(String, Timestamp)>,
    /// How often each person looked at content within 31 days.
    looked: Vec<(String, u64)>,
}

impl AccessPage {
    fn looks(&self, login: &str) -> u64 {
        self.looked.iter().find(|(known, _)| known == login).map_or(0, |(_, count)| *count)
    }
}

/// Who has access, for the monthly review.
pub(super) async fn access(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let (accounts, reviewed) = (site.store.accounts().await?, site.store.access_reviewed().await?);
    let looked = site.store.reveals_since(visit.now - SignedDuration::from_hours(31 * 24)).await?;
    Ok(show(&AccessPage { frame: Frame::new(&visit, "access-title"), accounts, reviewed, looked }))
}

pub(super) async fn sign_review(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let by = By { actor: &visit.signed_in()?.account.login, at: visit.now };
    site.store.sign_access_review(by).await?;
    Ok(go("/access"))
}
