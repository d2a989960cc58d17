//! Another authenticator application: a new key, shown once as a square code, taken when a code of it is typed.
//!
//! Nothing is kept until then: the key goes out in the form with our mark, for this person and a quarter of an hour.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER as HEX;

use super::account::own_page;
use super::code_image::CodeImage;
use super::doors::go;
use super::frame::{Frame, show};
use super::problem::Problem;
use super::secrets::{same, totp_secret};
use super::sign_in::{knows_password, proves};
use super::site::{PROOF, Site};
use super::totp;
use super::visit::Visit;
use crate::model::Masked;
use crate::ports::By;

#[derive(Template)]
#[template(path = "second-factor.html", config = "src/web/askama.toml")]
struct KeyPage {
    frame: Frame,
    side: usize,
    path: String,
    /// The key, in groups of four, for whoever cannot read the image.
    spelled: String,
    key: String,
    at: i64,
    mark: String,
    failed: bool,
}

/// Shows a new key, once password and code prove who asks.
pub(super) async fn offer(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let account = &visit.signed_in()?.account;
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let credentials = site.store.credentials(&account.login).await?.filter(|_| !account.federated);
    let knows =
        knows_password(&site, Masked::new(visit.fields.raw("password")), credentials.as_ref()).await?;
    let proved = match &credentials {
        Some(credentials) if knows => proves(&site, &visit, &account.login, credentials).await?,
        _ => false,
    };
    if !proved {
        return own_page(&visit, "key-not-proved");
    }
    let key = totp_secret().map_err(|_| Problem::Unavailable)?;
    key_page(&site, &visit, &key, visit.now.as_second(), false)
}

/// Takes the new key, once a code of it shows that the application has it.
pub(super) async fn confirm(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let login = visit.signed_in()?.account.login.clone();
    let key = Masked::new(visit.fields.get("key"));
    let at: i64 = visit.fields.get("at").parse().map_err(|_| Problem::Unreadable)?;
    let given = HEX.decode(visit.fields.get("mark").as_bytes()).map_err(|_| Problem::Unreadable)?;
    let fresh = (0..=PROOF.as_secs()).contains(&(visit.now.as_second() - at));
    if !fresh || !same(&given, &mark(&site, &login, &key, at)) {
        return Err(Problem::NotProved);
    }
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let Some(step) = totp::step_of(key.reveal(), visit.fields.get("code"), visit.now) else {
        let page = key_page(&site, &visit, &key, at, true)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    site.store.change_key(&login, &key, step, By { actor: &login, at: visit.now }).await?;
    Ok(go("/account"))
}

fn key_page(site: &Site, visit: &Visit, key: &Masked, at: i64, failed: bool) -> Result<Response, Problem> {
    let login = &visit.signed_in()?.account.login;
    let image = CodeImage::of(&totp::uri(login, key.reveal())).ok_or(Problem::Unavailable)?;
    let letters: Vec<char> = key.reveal().chars().collect();
    let spelled = letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Ok(show(&KeyPage {
        frame: Frame::new(visit, "key-title").refused(failed),
        side: image.side,
        path: image.path(),
        spelled,
        key: key.reveal().to_owned(),
        at,
        mark: HEX.encode(&mark(site, login, key, at)),
        failed,
    }))
}

fn mark(site: &Site, login: &str, key: &Masked, at: i64) -> [u8; 32] {
    site.store.mark("second-factor", &format!("{login} {} {at}", key.reveal()))
}
