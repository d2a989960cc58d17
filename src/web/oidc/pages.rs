//! The pages of a sign-in by the establishment's service.
//!
//! The way out is a link: it changes nothing here, and a form that leads elsewhere would need other hosts in the policy of our
//! pages. The way back changes nothing either, whoever follows it: the page holds the code in a form with one button, and its POST,
//! which must come from our own page and from the browser that began, makes the session. One key more than a session made by a
//! GET, and the rule that no GET ever changes anything has no exception.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use tracing::{info, warn};

use super::{Fault, Flow, PATIENCE, Provider};
use crate::web::doors::go;
use crate::web::frame::{Frame, show};
use crate::web::problem::Problem;
use crate::web::sign_in::{self, begin, with_cookie};
use crate::web::site::Site;
use crate::web::visit::{Visit, cookie};

/// What the way out may ask for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wish {
    back: String,
    again: String,
}

/// What the service sends back with the browser.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Answer {
    code: String,
    state: String,
    iss: String,
    error: String,
}

#[derive(Template)]
#[template(path = "sign-in-return.html", config = "src/web/askama.toml")]
struct ReturnPage {
    frame: Frame,
    answer: Answer,
}

/// Sends the browser to the service.
pub(in crate::web) async fn start(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Query(wish): Query<Wish>,
) -> Result<Response, Problem> {
    let provider = provider(&site)?;
    let flow = Flow::new(&wish.back, !wish.again.is_empty(), visit.now).map_err(|_| Problem::Unavailable)?;
    match provider.begin(site.home(), &flow, visit.now).await {
        Ok(address) => {
            let life = u32::try_from(PATIENCE.as_secs()).ok();
            let value = flow.sealed(site.store.as_ref());
            Ok(with_cookie(go(&address), &site, name(&site), &value, life))
        }
        Err(fault) => Ok(failed(&site, &visit, fault)),
    }
}

/// Shows that the service knows the person, and one button. Changes nothing.
pub(in crate::web) async fn returned(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Query(answer): Query<Answer>,
) -> Result<Response, Problem> {
    provider(&site)?;
    if !answer.error.is_empty() || answer.code.is_empty() {
        return Ok(failed(&site, &visit, Fault::Declined));
    }
    Ok(show(&ReturnPage { frame: Frame::new(&visit, "sign-in-title"), answer }))
}

/// Makes the session.
pub(in crate::web) async fn enter(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = provider(&site)?;
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let response = match known(&site, provider, &visit, &headers).await? {
        Ok((identity, back)) => {
            let store = &site.store;
            let account = store.federate(&identity.subject, &identity.account).await?;
            if account.closed || account.grants.is_empty() {
                failed(&site, &visit, Fault::NoRole)
            } else {
                begin(&site, &visit, &headers, account.login, identity.proved_at, &back).await?
            }
        }
        Err(fault) => failed(&site, &visit, fault),
    };
    Ok(with_cookie(response, &site, name(&site), "", Some(0)))
}

type Known = Result<(super::Identity, String), Fault>;

/// Who the browser that began this sign-in comes back as. A sign-in serves once, whatever comes of it.
async fn known(
    site: &Site,
    provider: &Provider,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<Known, Problem> {
    let store = site.store.as_ref();
    let flow = cookie(headers, name(site)).and_then(|cookie| Flow::opened(store, cookie, visit.now));
    let Some(flow) = flow else {
        return Ok(Err(Fault::Untrusted("this browser began no sign-in in the last ten minutes")));
    };
    if !super::same_state(&flow, visit.fields.get("state")) {
        return Ok(Err(Fault::Untrusted("it belongs to another sign-in")));
    }
    if !store.claim_slot(&flow.slot(), visit.now).await? {
        return Ok(Err(Fault::Untrusted("this sign-in was used already")));
    }
    let issuer = Some(visit.fields.get("iss")).filter(|issuer| !issuer.is_empty());
    let identity = provider.finish(site.home(), &flow, visit.fields.get("code"), issuer, visit.now).await;
    Ok(identity.map(|identity| (identity, flow.back)))
}

/// Sends the browser where it ends its session at the service too.
pub(in crate::web) async fn leave(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let place = provider(&site)?.farewell(site.home(), visit.now).await;
    Ok(go(place.as_deref().unwrap_or("/sign-in")))
}

/// The page to sign in, which says what happened and keeps the other door open.
fn failed(site: &Site, visit: &Visit, fault: Fault) -> Response {
    let alert = match fault {
        Fault::Down(_) => sign_in::Alert::ServiceDown,
        Fault::Untrusted(_) | Fault::Declined => sign_in::Alert::ServiceRefused,
        Fault::NoRole => sign_in::Alert::NoRole,
    };
    match fault {
        Fault::Declined | Fault::NoRole => info!(%fault, "a sign-in failed"),
        Fault::Down(_) | Fault::Untrusted(_) => warn!(%fault, "a sign-in failed"),
    }
    sign_in::again(site, visit, alert, "")
}

fn provider(site: &Site) -> Result<&Provider, Problem> {
    site.provider().ok_or(Problem::NotFound)
}

/// Name of the cookie of a sign-in under way.
fn name(site: &Site) -> &'static str {
    if site.is_secure() { "__Host-sign-in" } else { "sign-in" }
}
