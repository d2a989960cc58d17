//! Signing in and out, and the choice of language.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use tracing::info;

use super::doors::go;
use super::frame::{Frame, show};
use super::problem::Problem;
use super::secrets::{id, id_digest, is_password, recovery_digest};
use super::site::Site;
use super::totp;
use super::visit::{LANGUAGE, Visit, cookie, session_cookie};
use crate::model::Masked;
use crate::ports::{By, Credentials, Session};

/// Failed tries that are forgiven before an account has to wait.
const FORGIVEN: u32 = 5;
/// Longest wait, in minutes.
const LONGEST_WAIT: i64 = 30;
/// Seconds added to a wait by chance, fewer than this.
const JITTER: i64 = 30;

#[derive(Template)]
#[template(path = "sign-in.html", config = "src/web/askama.toml")]
struct SignInPage {
    frame: Frame,
    alert: Option<Alert>,
    login: String,
    /// Whether the establishment's own service may be asked.
    outside: bool,
}

/// Why the page to sign in comes again. Without the establishment's own service only the first two can be.
#[cfg_attr(not(feature = "oidc"), expect(dead_code, reason = "said of the service, which is not built in"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alert {
    /// Name, password or code.
    Failed,
    /// The session is over.
    Ended,
    /// The establishment's service does not answer.
    ServiceDown,
    /// Its answer was not accepted.
    ServiceRefused,
    /// The person has no role here.
    NoRole,
}

impl Alert {
    fn says(self) -> &'static str {
        match self {
            Self::Failed => "sign-in-failed",
            Self::Ended => "sign-in-ended",
            Self::ServiceDown => "sign-in-down",
            Self::ServiceRefused => "sign-in-refused",
            Self::NoRole => "sign-in-no-role",
        }
    }

    fn advises(self) -> &'static str {
        match self {
            Self::Failed => "sign-in-failed-do",
            Self::Ended => "sign-in-ended-do",
            Self::ServiceDown => "sign-in-down-do",
            Self::ServiceRefused => "sign-in-refused-do",
            Self::NoRole => "sign-in-no-role-do",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Failed | Self::ServiceRefused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Ended => StatusCode::OK,
            Self::ServiceDown => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoRole => StatusCode::FORBIDDEN,
        }
    }
}

pub(super) async fn page(State(site): State<Arc<Site>>, Extension(visit): Extension<Visit>) -> Response {
    let frame = Frame::new(&visit, "sign-in-title");
    let outside = site.provider().is_some();
    let alert = visit.ended.then_some(Alert::Ended);
    show(&SignInPage { frame, alert, login: String::new(), outside })
}

/// The page to sign in once more, with what happened.
pub(super) fn again(site: &Site, visit: &Visit, alert: Alert, login: &str) -> Response {
    let frame = Frame::new(visit, "sign-in-title").refused(true);
    let outside = site.provider().is_some();
    let page = SignInPage { frame, alert: Some(alert), login: login.to_owned(), outside };
    (alert.status(), show(&page)).into_response()
}

/// Signs in with name, password and code. Whatever is wrong, the answer is the same, after the same work.
pub(super) async fn sign_in(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let login = visit.fields.get("login").to_lowercase();
    let credentials = site.store.credentials(&login).await?;
    let account = site.store.account(&login).await?;
    let longest = visit.now + SignedDuration::from_secs(LONGEST_WAIT * 60 + JITTER);
    // A wait that is longer than any was begun by a clock that ran ahead.
    let locked = account
        .as_ref()
        .and_then(|it| it.locked_until)
        .is_some_and(|until| until > visit.now && until <= longest);
    let password = Masked::new(visit.fields.raw("password"));
    let knows = knows_password(&site, password, credentials.as_ref()).await?;
    let proved = match &credentials {
        Some(credentials) if knows && !locked => proves(&site, &visit, &login, credentials).await?,
        _ => false,
    };
    if !proved {
        let lock = credentials.filter(|_| !locked).map(|it| wait_after(it.failures + 1, visit.now));
        if let Some(until) = lock {
            site.store.sign_in_failed(&login, until, visit.now).await?;
        }
        info!("a sign-in failed");
        return Ok(again(&site, &visit, Alert::Failed, &login));
    }
    begin(&site, &visit, &headers, login, visit.now, "/").await
}

/// Begins a session under a new id; the one that the browser had ends.
pub(super) async fn begin(
    site: &Site,
    visit: &Visit,
    headers: &HeaderMap,
    login: String,
    proved_at: Timestamp,
    back: &str,
) -> Result<Response, Problem> {
    let id = id().map_err(|_| Problem::Unavailable)?;
    let session = Session {
        digest: id_digest(&id),
        login,
        created_at: visit.now,
        seen_at: visit.now,
        proved_at,
        browser: visit.browser,
    };
    if let Some(old) = cookie(headers, session_cookie(site)) {
        site.store.close_session(&id_digest(old)).await?;
    }
    site.store.open_session(&session).await?;
    Ok(with_cookie(go(back), site, session_cookie(site), &id, None))
}

pub(super) async fn sign_out(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let person = visit.signed_in()?;
    site.store.close_session(&person.session.digest).await?;
    let next = if person.account.federated { "/sign-out" } else { "/sign-in" };
    Ok(with_cookie(go(next), &site, session_cookie(&site), "", Some(0)))
}

#[derive(Template)]
#[template(path = "signed-out.html", config = "src/web/askama.toml")]
struct SignedOutPage {
    frame: Frame,
    outside: bool,
}

/// Says that the session is over, and that the one at the establishment's service may not be.
pub(super) async fn signed_out(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let outside = site.provider().is_some();
    show(&SignedOutPage { frame: Frame::new(&visit, "signed-out-title"), outside })
}

/// Keeps the language in the browser, for a year; only what the establishment turned on has an effect.
pub(super) async fn language(State(site): State<Arc<Site>>, Extension(visit): Extension<Visit>) -> Response {
    let chosen = if visit.fields.get("language") == "en" { "en" } else { "fr" };
    let back = visit.fields.get("back");
    let inside = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    with_cookie(go(if inside { back } else { "/" }), &site, LANGUAGE, chosen, Some(31_536_000))
}

/// Whether a person's code is good: of the application, once, or a recovery code.
pub(super) async fn proves(
    site: &Site,
    visit: &Visit,
    login: &str,
    credentials: &Credentials,
) -> Result<bool, Problem> {
    let code = visit.fields.get("code");
    if let Some(step) = totp::step_of(credentials.totp.reveal(), code, visit.now) {
        return Ok(site.store.use_step(login, step).await?);
    }
    let by = By { actor: login, at: visit.now };
    Ok(code.len() >= 16 && site.store.use_recovery(login, &recovery_digest(code), by).await?)
}

/// Whether this is the password; the same work when there is no such account.
pub(super) async fn knows_password(
    site: &Site,
    password: Masked,
    credentials: Option<&Credentials>,
) -> Result<bool, Problem> {
    let kept = credentials.map(|it| it.password.clone());
    let _turn = site.hashing.acquire().await.map_err(|_| Problem::Unavailable)?;
    let work = tokio::task::spawn_blocking(move || is_password(&password, kept.as_deref()));
    work.await.map_err(|_| Problem::Unavailable)
}

/// Until when an account waits after so many failures: a minute, then twice as long each time, with some chance in it so
/// that nobody can time a colleague's lock.
fn wait_after(failures: u32, now: Timestamp) -> Option<Timestamp> {
    let doublings = failures.checked_sub(FORGIVEN)?;
    let minutes = 1_i64.checked_shl(doublings.min(10)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let jitter = rand::rng().random_range(0..JITTER);
    Some(now + SignedDuration::from_secs(minutes * 60 + jitter))
}

/// Sets a cookie that no script reads and that no other site's form sends.
pub(super) fn with_cookie(
    mut response: Response,
    site: &Site,
    name: &str,
    value: &str,
    age: Option<u32>,
) -> Response {
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}
