//! The list of cases: reasons, domains and counts, never a subject nor an address.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::model::{Address, ArticleId, CaseId, CaseState, Masked};
use crate::ports::{CaseFilter, Cursor, Figures, Order};
use crate::review::{Case, Right};
use crate::web::doors::go;
use crate::web::frame::{Frame, show};
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::visit::Visit;

/// Cases on a page.
const PAGE: usize = 25;

/// What the address of the list asks for. It names no person: addresses are looked up by a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// A state, `mine`, `all`, or nothing for what waits.
    state: String,
    severity: String,
    article: String,
    since: String,
    until: String,
    /// End of the page before: milliseconds and number.
    after: String,
}

#[derive(Template)]
#[template(path = "cases.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    cases: Vec<Case>,
    asked: Asked,
    states: &'static [CaseState],
    severities: [&'static str; 4],
    articles: Vec<(ArticleId, String)>,
    next: Option<String>,
    searched: bool,
    /// Whether cases can be chosen, to be decided together.
    chooses: bool,
}

#[derive(Template)]
#[template(path = "figures.html", config = "src/web/askama.toml")]
struct FiguresPage {
    frame: Frame,
    figures: Figures,
}

/// The first page of whoever signed in.
pub(in crate::web) async fn home(Extension(visit): Extension<Visit>) -> Result<Response, Problem> {
    let account = &visit.signed_in()?.account;
    let sees =
        [Right::SeeCases, Right::SeeProposed, Right::SeeIncidents].into_iter().any(|it| account.may(it));
    Ok(go(match sees {
        _ if account.must_change => "/account",
        true => "/cases",
        false => "/figures",
    }))
}

pub(in crate::web) async fn figures(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let figures = site.store.figures().await?;
    Ok(show(&FiguresPage { frame: Frame::new(&visit, "figures-title"), figures }))
}

pub(in crate::web) async fn list(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let filter = asked.filter(&visit)?;
    let mut cases = site.store.cases(&filter).await?;
    let more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let last = cases.last().filter(|_| more).map(Cursor::of);
    let next = last.map(|last| asked.page_after(&last));
    let account = &visit.signed_in()?.account;
    cases.retain(|case| account.sees(case));
    Ok(page(&site, &visit, cases, asked, next, false))
}

/// Finds by number, or by the address of a sender or recipient. A form, so that no address stands in a log of requests.
pub(in crate::web) async fn search(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let sought = visit.fields.get("sought");
    if let Ok(id) = CaseId::parse(sought) {
        return Ok(go(&format!("/cases/{id}")));
    }
    let everything = Asked { state: "all".to_owned(), ..Asked::default() };
    let Ok(address) = Address::parse(sought) else {
        return Ok(page(&site, &visit, Vec::new(), everything, None, true));
    };
    let person = visit.signed_in()?;
    let mut filter =
        CaseFilter { address: Some(address), limit: 100, watched: false, ..everything.filter(&visit)? };
    if person.account.may(Right::HoldLegally) {
        // Whoever looks beyond what they look after says so in the trail.
        let (actor, sought) = (person.acting_anywhere(Right::HoldLegally)?, Masked::new(sought));
        site.store.write_down("look-up", None, &actor, Some(&sought), visit.now).await?;
        filter.departments = person.account.departments(Right::HoldLegally).unwrap_or_default();
    }
    let mut cases = site.store.cases(&filter).await?;
    cases.retain(|case| person.account.opens(case));
    Ok(page(&site, &visit, cases, everything, None, true))
}

fn page(
    site: &Site,
    visit: &Visit,
    cases: Vec<Case>,
    asked: Asked,
    next: Option<String>,
    searched: bool,
) -> Response {
    let decides = visit.person.as_ref().is_some_and(|person| person.account.may(Right::Decide));
    let chooses = decides && cases.iter().filter(|case| case.state.waits()).count() > 1;
    let (states, severities) = (CaseState::ALL.as_slice(), ["1", "2", "3", "4"]);
    show(&ListPage {
        frame: Frame::new(visit, "cases-title"),
        cases,
        states,
        severities,
        articles: articles(site, &asked),
        next,
        searched,
        chooses,
        asked,
    })
}

/// The articles to choose from: those in force, and the one that is asked for when it is so no more.
fn articles(site: &Site, asked: &Asked) -> Vec<(ArticleId, String)> {
    let mut articles = site.office.articles();
    let asked = asked.article.trim();
    if !asked.is_empty() && !articles.iter().any(|(id, _)| id.0 == asked) {
        articles.push((ArticleId(asked.to_owned()), String::new()));
    }
    articles
}

impl Asked {
    fn filter(&self, visit: &Visit) -> Result<CaseFilter, Problem> {
        let account = &visit.signed_in()?.account;
        let one = CaseState::from_name(&self.state);
        let waiting = one.is_none() && self.state != "all";
        let article =
            Some(self.article.trim()).filter(|it| !it.is_empty()).map(|it| ArticleId(it.to_owned()));
        let (all, proposed) = (account.may(Right::SeeCases), account.may(Right::SeeProposed));
        let watched = !all && !proposed && account.may(Right::SeeIncidents);
        let departments = [Right::SeeCases, Right::SeeProposed, Right::SeeIncidents]
            .into_iter()
            .filter_map(|right| account.departments(right))
            .reduce(
                |all, more| if all.is_empty() || more.is_empty() { Vec::new() } else { [all, more].concat() },
            );
        Ok(CaseFilter {
            states: match (waiting, one) {
                // What is under a hold is mostly decided: the list shows it in whatever state.
                (true, _) if watched => Vec::new(),
                (true, _) if !all => vec![CaseState::ToApprove],
                (true, _) => CaseState::WAITING.to_vec(),
                (false, one) => one.into_iter().collect(),
            },
            watched,
            departments: departments.unwrap_or_default(),
            article,
            holder: (self.state == "mine").then(|| account.login.clone()),
            severity: self.severity.parse().unwrap_or(0),
            since: day(&self.since),
            until: day(&self.until).and_then(|at| at.checked_add(jiff::SignedDuration::from_hours(24)).ok()),
            after: self.cursor(),
            order: if waiting && !watched { Order::Oldest } else { Order::Newest },
            limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
            ..CaseFilter::default()
        })
    }

    fn cursor(&self) -> Option<Cursor> {
        let (at, id) = self.after.split_once('.')?;
        let received_at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
        Some(Cursor { received_at, id: CaseId::parse(id).ok()? })
    }

    /// The same list, further down. Every part is plain text that needs no escape, or is left out.
    fn page_after(&self, last: &Cursor) -> String {
        let parts = [
            ("state", &self.state),
            ("severity", &self.severity),
            ("article", &self.article),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        let kept = parts.iter().filter(|(_, value)| !value.is_empty() && plain(value));
        let kept: String = kept.map(|(name, value)| format!("{name}={value}&")).collect();
        format!("/cases?{kept}after={}.{}", last.received_at.as_millisecond(), last.id.as_str())
    }
}

/// The beginning of a day in the time of nearly all of Quebec.
fn day(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    let zone = TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC);
    date.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}
