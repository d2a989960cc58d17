//! One request, once it is known who asks, in which language, and that nobody else makes them ask.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, Form, FromRequest, Request};
use axum::http::header::{COOKIE, HOST, ORIGIN, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::listen::Peer;
use super::problem::Problem;
use super::secrets::{id_digest, same};
use super::site::{AHEAD, IDLE, LONGEST, Site, TOUCH};
use crate::model::Address;
use crate::model::settings::Establishment;
use crate::notices::Language;
use crate::ports::{Account, Session, StoreError};
use crate::review::{Actor, Right, Role};

/// Name of the cookie that holds the language.
pub(super) const LANGUAGE: &str = "language";

/// A request with what is known of who sent it.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) language: Language,
    pub(super) establishment: Establishment,
    pub(super) person: Option<Person>,
    /// Whether the browser names a session that is over.
    pub(super) ended: bool,
    pub(super) fields: Fields,
    pub(super) peer: IpAddr,
    pub(super) browser: [u8; 32],
    pub(super) now: Timestamp,
    pub(super) path: String,
    /// Where to come back to after a choice of language.
    pub(super) back: String,
}

/// Who is signed in.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) account: Account,
    pub(super) session: Session,
    /// Proof that a form is one of ours, given to this session.
    pub(super) csrf: String,
}

/// The fields of a form.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's text, without spaces around; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field that a form may carry several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field as typed: a password may begin with a space.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

impl Visit {
    /// Learns who asks, and takes in the form of a POST once it is proved to be of our own pages.
    pub(super) async fn enter(site: &Site, request: Request) -> (Result<Self, Problem>, Parts) {
        let (parts, body) = request.into_parts();
        (Self::of(site, &parts, body).await, parts)
    }

    async fn of(site: &Site, parts: &Parts, body: Body) -> Result<Self, Problem> {
        let establishment = site.office.establishment();
        let headers = &parts.headers;
        let english = establishment.english && cookie(headers, LANGUAGE) == Some("en");
        let mut visit = Self {
            language: if english { Language::English } else { Language::French },
            establishment,
            person: None,
            ended: false,
            fields: Fields::default(),
            peer: peer(site, parts),
            browser: Sha256::digest(headers.get(USER_AGENT).map_or(&b""[..], |it| it.as_bytes())).into(),
            now: site.now(),
            path: parts.uri.path().to_owned(),
            back: back(parts),
        };
        if !text(headers, HOST.as_str()).is_some_and(|host| site.is_host(host)) {
            return Err(Problem::Misdirected);
        }
        visit.person = person(site, headers, &visit).await?;
        let named = cookie(headers, session_cookie(site)).is_some_and(|id| !id.is_empty());
        visit.ended = named && visit.person.is_none();
        if parts.method == Method::POST {
            from_our_own_page(site, headers)?;
            let request = Request::from_parts(parts.clone(), body);
            let Form(fields) = Form::from_request(request, &()).await.map_err(|_| Problem::Unreadable)?;
            visit.fields = Fields(fields);
            let proved = |person: &Person| same(person.csrf.as_bytes(), visit.fields.get("csrf").as_bytes());
            if !visit.person.as_ref().is_none_or(proved) {
                return Err(Problem::Foreign);
            }
        }
        Ok(visit)
    }

    /// Someone of whom nothing is known.
    pub(super) fn stranger(site: &Site) -> Self {
        Self {
            language: Language::French,
            establishment: site.office.establishment(),
            person: None,
            ended: false,
            fields: Fields::default(),
            peer: IpAddr::from([127, 0, 0, 1]),
            browser: [0; 32],
            now: site.now(),
            path: String::new(),
            back: "/".to_owned(),
        }
    }

    /// The day where nearly all of Quebec is.
    pub(super) fn today(&self) -> jiff::civil::Date {
        let zone = TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC);
        self.now.to_zoned(zone).date()
    }

    /// Who is signed in.
    pub(super) fn signed_in(&self) -> Result<&Person, Problem> {
        self.person.as_ref().ok_or(Problem::SignedOut)
    }
}

impl Person {
    /// This person, acting with a right on what a department sent.
    pub(super) fn acting(&self, right: Right, department: &str) -> Result<Actor, Problem> {
        let role = self.account.role_for(right, department).ok_or(Problem::Forbidden)?;
        Ok(self.actor(role, right))
    }

    /// This person, acting with a right on what is of no department.
    pub(super) fn acting_anywhere(&self, right: Right) -> Result<Actor, Problem> {
        let grant = self.account.grants.iter().find(|grant| grant.role.may(right));
        Ok(self.actor(grant.ok_or(Problem::Forbidden)?.role, right))
    }

    fn actor(&self, role: Role, right: Right) -> Actor {
        let address = self.account.address.as_deref().and_then(|it| Address::parse(it).ok());
        let departments = self.account.departments(right).unwrap_or_default();
        Actor::Person { login: self.account.login.clone(), role, address, departments }
    }
}

/// The page that a request is of: its own address, or for a form the page above it.
fn back(parts: &Parts) -> String {
    let whole = parts.uri.path_and_query().map_or("/", |whole| whole.as_str());
    match (parts.method == Method::POST, parts.uri.path().rsplit_once('/')) {
        (true, Some(("", _))) => "/".to_owned(),
        (true, Some((above, _))) if above != "/c" => above.to_owned(),
        _ => whole.to_owned(),
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

/// Name of the session's cookie. `__Host-` ties it to TLS, this host and every path (RFC 6265bis, 4.1.3).
pub(super) fn session_cookie(site: &Site) -> &'static str {
    if site.is_secure() { "__Host-session" } else { "session" }
}

/// What a form of this session carries.
pub(super) fn csrf(id: &str) -> String {
    let digest = Sha256::new().chain_update("csrf ").chain_update(id).finalize();
    data_encoding::HEXLOWER.encode(&digest)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The session that the cookie names, while it lasts, in the browser it was begun in.
async fn person(site: &Site, headers: &HeaderMap, visit: &Visit) -> Result<Option<Person>, Problem> {
    let Some(id) = cookie(headers, session_cookie(site)) else { return Ok(None) };
    let Some(mut session) = site.store.session(&id_digest(id)).await? else { return Ok(None) };
    let over = visit.now.duration_since(session.seen_at) > IDLE
        || visit.now.duration_since(session.created_at) > LONGEST
        // Begun by a clock that ran ahead, it would last until that time and longer.
        || session.created_at.duration_since(visit.now) > AHEAD
        || session.browser != visit.browser;
    let account = site.store.account(&session.login).await?.filter(|account| !account.closed && !over);
    let Some(account) = account else {
        site.store.close_session(&session.digest).await?;
        return Ok(None);
    };
    if visit.now.duration_since(session.seen_at) > TOUCH {
        session.seen_at = visit.now;
        site.store.touch_session(&session).await?;
    }
    Ok(Some(Person { account, session, csrf: csrf(id) }))
}

/// Browsers say where a form comes from: `Sec-Fetch-Site` where they know it, else `Origin`. Saying neither is a refusal.
fn from_our_own_page(site: &Site, headers: &HeaderMap) -> Result<(), Problem> {
    let origin = text(headers, ORIGIN.as_str()).map(|origin| site.is_origin(origin));
    let same_site = text(headers, "sec-fetch-site").map(|from| from == "same-origin");
    match (same_site, origin) {
        (Some(true), None | Some(true)) | (None, Some(true)) => Ok(()),
        _ => Err(Problem::Foreign),
    }
}

/// Who connects, or whom a proxy of ours speaks for: the last address it added.
fn peer(site: &Site, parts: &Parts) -> IpAddr {
    let connected = parts.extensions.get::<ConnectInfo<Peer>>();
    let connected = connected.map_or(SocketAddr::from(([127, 0, 0, 1], 0)), |ConnectInfo(peer)| peer.0).ip();
    let told =
        text(&parts.headers, "x-forwarded-for").and_then(|it| it.rsplit(',').next()?.trim().parse().ok());
    told.filter(|_| site.is_proxy(connected)).unwrap_or(connected)
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(why) => Self::Refused(why),
            StoreError::Conflict(who) => Self::Conflict(who),
            StoreError::Unavailable(_) | StoreError::Key(_) | StoreError::Damaged(_) => {
                tracing::error!(%error, "a page cannot be shown");
                Self::Unavailable
            }
        }
    }
}
