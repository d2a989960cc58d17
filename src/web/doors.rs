//! Every door of the pages, and who may go through it: one table, which the tests walk.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, any, get, post};

#[cfg(feature = "oidc")]
use super::oidc;
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use super::{
    account, cases, frame, incidents, papers, precision, second_factor, sender, session, sign_in, trail,
};
use crate::model::CaseId;
use crate::review::Right;

/// Who may go through a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone.
    Anyone,
    /// Who is signed in, whatever their role; even while their password must be changed.
    SignedIn,
    /// Who holds one of these rights.
    Holder(&'static [Right]),
}

/// One door.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path, `{id}` for a case, `{number}` for an incident.
    pub path: &'static str,
    /// Who may go through.
    pub who: Who,
}

/// Who sees cases, some or all.
const SEES: Who = Who::Holder(&[Right::SeeCases, Right::SeeProposed, Right::SeeIncidents]);

/// Who opens incidents.
const OPENS: Who = Who::Holder(&[Right::OpenIncident]);

/// Who takes the register and evidence out.
const EXPORTS: Who = Who::Holder(&[Right::ExportTrail]);

/// Who reads the register of incidents.
const KEEPS: Who = Who::Holder(&[Right::OpenIncident, Right::ExportTrail]);

type Handler = fn() -> MethodRouter<Arc<Site>>;

/// The table.
const DOORS: &[(&str, &str, Who, Handler)] = &[
    ("GET", "/", Who::SignedIn, || get(cases::home)),
    ("GET", "/sign-in", Who::Anyone, || get(sign_in::page)),
    ("POST", "/sign-in", Who::Anyone, || post(sign_in::sign_in)),
    #[cfg(feature = "oidc")]
    ("GET", "/sign-in/provider", Who::Anyone, || get(oidc::start)),
    #[cfg(feature = "oidc")]
    ("GET", "/sign-in/return", Who::Anyone, || get(oidc::returned)),
    #[cfg(feature = "oidc")]
    ("POST", "/sign-in/return", Who::Anyone, || post(oidc::enter)),
    #[cfg(feature = "oidc")]
    ("GET", "/sign-out/provider", Who::Anyone, || get(oidc::leave)),
    ("GET", "/sign-out", Who::Anyone, || get(sign_in::signed_out)),
    ("POST", "/sign-out", Who::SignedIn, || post(sign_in::sign_out)),
    ("POST", "/language", Who::Anyone, || post(sign_in::language)),
    ("GET", "/account", Who::SignedIn, || get(account::page)),
    ("GET", "/session", Who::SignedIn, || get(session::page)),
    ("POST", "/session", Who::SignedIn, || post(session::lengthen)),
    ("POST", "/account/key", Who::SignedIn, || post(second_factor::offer)),
    ("POST", "/account/key/confirm", Who::SignedIn, || post(second_factor::confirm)),
    ("POST", "/account/password", Who::SignedIn, || post(account::change_password)),
    ("GET", "/figures", Who::Holder(&[Right::SeeCounts]), || get(cases::figures)),
    ("GET", "/precision", Who::Holder(&[Right::SeeCounts]), || get(precision::page)),
    ("GET", "/conformity", Who::Holder(&[Right::VerifyTrail]), || get(papers::conformity)),
    ("GET", "/assessment", Who::Holder(&[Right::VerifyTrail]), || get(papers::assessment)),
    ("GET", "/access", Who::Holder(&[Right::ReadTrail]), || get(account::access)),
    ("GET", "/trail", Who::Holder(&[Right::ReadTrail]), || get(trail::page)),
    ("POST", "/access/sign", Who::Holder(&[Right::ReadTrail]), || post(account::sign_review)),
    ("GET", "/cases", SEES, || get(cases::list)),
    ("POST", "/cases/search", SEES, || post(cases::search)),
    ("POST", "/cases/together", Who::Holder(&[Right::Decide]), || post(cases::chosen)),
    ("POST", "/cases/together/do", Who::Holder(&[Right::Decide]), || post(cases::together)),
    ("GET", "/cases/{id}", SEES, || get(cases::case)),
    ("POST", "/cases/{id}/decide", Who::Holder(&[Right::Decide, Right::Approve]), || post(cases::decide)),
    ("POST", "/cases/{id}/note", Who::Holder(&[Right::Note]), || post(cases::note)),
    ("POST", "/cases/{id}/marks", Who::Holder(&[Right::Decide]), || post(cases::marks)),
    ("POST", "/cases/{id}/counter-example", Who::Holder(&[Right::Decide]), || post(cases::counter_example)),
    ("POST", "/cases/{id}/reveal", Who::Holder(&[Right::RevealSnippet]), || post(cases::reveal)),
    ("POST", "/cases/{id}/message", Who::Holder(&[Right::RevealMessage]), || post(cases::message)),
    ("POST", "/cases/{id}/hold", Who::Holder(&[Right::HoldLegally]), || post(cases::hold)),
    ("POST", "/cases/{id}/lift-hold", Who::Holder(&[Right::HoldLegally]), || post(cases::lift)),
    ("POST", "/cases/{id}/incident", OPENS, || post(incidents::open_from_case)),
    ("POST", "/cases/{id}/evidence", EXPORTS, || post(cases::evidence)),
    ("GET", "/incidents", KEEPS, || get(incidents::register)),
    ("POST", "/incidents", OPENS, || post(incidents::open)),
    ("POST", "/incidents/export", EXPORTS, || post(incidents::export)),
    ("GET", "/incidents/{number}", KEEPS, || get(incidents::incident)),
    ("POST", "/incidents/{number}", OPENS, || post(incidents::change)),
    ("GET", "/c/{id}", Who::Anyone, || get(sender::page)),
    ("POST", "/c/{id}", Who::Anyone, || post(sender::answer)),
];

/// Every door.
#[must_use]
pub fn doors() -> Vec<Door> {
    DOORS.iter().map(|&(method, path, who, _)| Door { method, path, who }).collect()
}

/// The pages.
pub fn router(site: Arc<Site>) -> Router {
    through(site, |_| true, || any(nowhere))
}

/// The senders' page alone. The doors of the desk are not there, locked or not.
pub fn senders_router(site: Arc<Site>) -> Router {
    through(site, |path| path.starts_with("/c/") || path == "/language", || any(lost))
}

fn through(site: Arc<Site>, open: fn(&str) -> bool, else_where: Handler) -> Router {
    let mut router = Router::new().route("/style.css", get(style));
    for (_, path, who, handler) in DOORS.iter().filter(|(_, path, ..)| open(path)) {
        let gate = from_fn_with_state((Arc::clone(&site), *who), gate);
        router = router.route(path, handler().layer(gate));
    }
    let dressed = from_fn_with_state(Arc::clone(&site), dress);
    router.method_not_allowed_fallback(else_where()).fallback(else_where()).layer(dressed).with_state(site)
}

/// Answers at an address that has no page. Reloading what a form answered leads back to its case.
async fn nowhere(State(site): State<Arc<Site>>, request: Request) -> Response {
    let reloads = request.method() == Method::GET;
    let (entered, parts) = Visit::enter(&site, request).await;
    match (entered, case_above(parts.uri.path())) {
        (Ok(_), Some(case)) if reloads => go(&format!("/cases/{case}")),
        (Ok(visit), _) => told(&visit, &Problem::NotFound),
        (Err(why), _) => refuse(&site, parts.uri.path(), &why),
    }
}

/// Answers a sender at an address that has no page.
async fn lost(State(site): State<Arc<Site>>) -> Response {
    refuse(&site, "/c/", &Problem::NotFound)
}

/// The case that the form of this address is about.
fn case_above(path: &str) -> Option<CaseId> {
    let (id, form) = path.strip_prefix("/cases/")?.split_once('/')?;
    DOORS.iter().any(|(_, door, ..)| door.strip_prefix("/cases/{id}/") == Some(form)).then_some(())?;
    CaseId::parse(id).ok()
}

/// Lets a request in, or says why not; puts the page around a problem on the way out.
async fn gate(State((site, who)): State<(Arc<Site>, Who)>, request: Request, next: Next) -> Response {
    let (entered, parts) = Visit::enter(&site, request).await;
    let visit = match entered {
        Ok(visit) => visit,
        Err(why) => return refuse(&site, parts.uri.path(), &why),
    };
    if let Err(why) = admit(who, &visit) {
        return dressed_problem(&visit, why.into_response());
    }
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(visit.clone());
    dressed_problem(&visit, next.run(request).await)
}

/// Whether this visitor may go through.
fn admit(who: Who, visit: &Visit) -> Result<(), Problem> {
    match who {
        Who::Anyone => Ok(()),
        Who::SignedIn => visit.signed_in().map(|_| ()),
        Who::Holder(rights) => {
            let person = visit.signed_in()?;
            match rights.iter().any(|right| person.account.may(*right)) {
                _ if person.account.must_change => Err(Problem::MustChange),
                true => Ok(()),
                false => Err(Problem::Forbidden),
            }
        }
    }
}

fn dressed_problem(visit: &Visit, response: Response) -> Response {
    match response.extensions().get::<Problem>() {
        Some(problem) => told(visit, problem),
        None => response,
    }
}

/// The page of a problem: a sender has no desk to go back to.
fn told(visit: &Visit, problem: &Problem) -> Response {
    if visit.path.starts_with("/c/") {
        sender::problem(visit, problem)
    } else {
        frame::problem(visit, problem)
    }
}

/// A refusal before anything is known of the visitor: in French, without their name.
fn refuse(site: &Site, path: &str, why: &Problem) -> Response {
    told(&Visit { path: path.to_owned(), ..Visit::stranger(site) }, why)
}

/// The one style sheet.
async fn style() -> Response {
    let text = include_str!("templates/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response()
}

/// Puts on what keeps a browser from doing more than show the page.
async fn dress(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                  frame-ancestors 'none'; base-uri 'none'";
    let strict: [(HeaderName, &str); 6] = [
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        // Nothing goes to other sites; `no-referrer` would make browsers send `Origin: null` with our own forms.
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in strict {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    if site.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Sends the browser on, as after every POST that changed something.
pub(super) fn go(path: &str) -> Response {
    Redirect::to(path).into_response()
}
