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

use crate::model::{Address, ArticleId, ArticleRef, CaseId, CaseState, Masked};
use crate::notices::Language;
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
    /// A state, `mine`, `claimed`, `all`, or nothing for what asks for a person.
    state: String,
    severity: String,
    article: String,
    /// A detection rule, as the page of their precision names it.
    rule: String,
    /// A domain of senders.
    department: String,
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
    /// Departments to choose from: those that the visitor looks after, or of the cases on the page.
    departments: Vec<String>,
    next: Option<String>,
    searched: bool,
    /// Whether more was found than is shown.
    many: bool,
    /// Whether cases can be chosen, to be decided together.
    chooses: bool,
    /// False alarms that senders report on what is decided, and nobody judged yet; 0 on their own list.
    claims: u64,
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
    let claims = claims(&site, &visit, &asked).await?;
    let mut page = page(&site, &visit, cases, asked, next, None);
    page.claims = claims;
    Ok(show(&page))
}

/// How many reported false alarms wait for this visitor's word.
async fn claims(site: &Site, visit: &Visit, asked: &Asked) -> Result<u64, Problem> {
    let account = &visit.signed_in()?.account;
    if asked.state == "claimed" || !account.may(Right::Decide) {
        return Ok(0);
    }
    let departments = account.departments(Right::Decide).unwrap_or_default();
    let waiting = CaseFilter { departments, limit: u32::MAX, ..CaseFilter::claims() };
    Ok(u64::try_from(site.store.cases(&waiting).await?.len()).unwrap_or(u64::MAX))
}

/// Most cases that a search shows.
const FOUND: usize = 100;

/// Finds by number, or by the address of a sender or recipient within the filter of the list. A form, so that no address stands in a log
/// of requests.
pub(in crate::web) async fn search(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let sought = visit.fields.get("sought");
    if let Ok(id) = CaseId::parse(sought) {
        return Ok(go(&format!("/cases/{id}")));
    }
    let asked = Asked::of(&visit);
    let Ok(address) = Address::parse(sought) else {
        return Ok(show(&page(&site, &visit, Vec::new(), asked, None, Some(false))));
    };
    let person = visit.signed_in()?;
    let limit = u32::try_from(FOUND + 1).unwrap_or(u32::MAX);
    let mut filter = CaseFilter { limit, watched: false, ..asked.filter(&visit)? };
    *(match visit.fields.get("who") {
        "sender" => &mut filter.sender,
        "recipient" => &mut filter.recipient,
        _ => &mut filter.address,
    }) = Some(address);
    if person.account.may(Right::HoldLegally) {
        // Whoever looks beyond what they look after says so in the trail.
        let (actor, sought) = (person.acting_anywhere(Right::HoldLegally)?, Masked::new(sought));
        site.store.write_down("look-up", None, &actor, Some(&sought), visit.now).await?;
        let departments = person.account.departments(Right::HoldLegally).unwrap_or_default();
        filter.departments = asked.among(departments);
    }
    let mut cases = site.store.cases(&filter).await?;
    let many = cases.len() > FOUND;
    cases.truncate(FOUND);
    cases.retain(|case| person.account.opens(case));
    Ok(show(&page(&site, &visit, cases, asked, None, Some(many))))
}

fn page(
    site: &Site,
    visit: &Visit,
    cases: Vec<Case>,
    asked: Asked,
    next: Option<String>,
    searched: Option<bool>,
) -> ListPage {
    let decides = visit.person.as_ref().is_some_and(|person| person.account.may(Right::Decide));
    let chooses = decides && cases.iter().filter(|case| case.state.waits()).count() > 1;
    let (states, severities) = (CaseState::ALL.as_slice(), ["1", "2", "3", "4"]);
    ListPage {
        frame: Frame::new(visit, "cases-title"),
        states,
        severities,
        articles: articles(site, visit, &asked),
        departments: departments(visit, &cases),
        next,
        searched: searched.is_some(),
        many: searched.unwrap_or(false),
        chooses,
        claims: 0,
        asked,
        cases,
    }
}

/// The articles to choose from, with what they say: those in force, and the one that is asked for when it is so no more.
fn articles(site: &Site, visit: &Visit, asked: &Asked) -> Vec<(ArticleId, String)> {
    let says = |article: ArticleRef| match visit.language {
        Language::French => format!("{} – {}", article.cites, article.says),
        Language::English => format!("{} – {}", article.cites, article.says_en),
    };
    let in_force = site.office.articles().into_iter();
    let mut articles: Vec<_> = in_force.map(|(id, article)| (id, says(article))).collect();
    let asked = asked.article.trim();
    if !asked.is_empty() && !articles.iter().any(|(id, _)| id.0 == asked) {
        articles.push((ArticleId(asked.to_owned()), asked.to_owned()));
    }
    articles
}

/// The departments to choose from.
fn departments(visit: &Visit, cases: &[Case]) -> Vec<String> {
    let account = visit.person.as_ref().map(|person| &person.account);
    let own = account.and_then(|account| account.departments(Right::SeeCases)).unwrap_or_default();
    let mut all =
        if own.is_empty() { cases.iter().map(|case| case.sender_domain.clone()).collect() } else { own };
    all.sort_unstable();
    all.dedup();
    all
}

impl Asked {
    /// The filter that the form of a search carries; a search looks among all states unless one is chosen.
    fn of(visit: &Visit) -> Self {
        let field = |name| visit.fields.get(name).to_owned();
        let state = Some(field("state")).filter(|state| !state.is_empty());
        Self {
            state: state.unwrap_or_else(|| "all".to_owned()),
            severity: field("severity"),
            article: field("article"),
            rule: field("rule"),
            department: field("department"),
            since: field("since"),
            until: field("until"),
            after: String::new(),
        }
    }

    /// Whether the list is narrowed at all.
    fn narrows(&self) -> bool {
        self.parts().iter().any(|(_, value)| !value.trim().is_empty())
    }

    /// The department that is asked for, if it is among those that are looked after; none is all.
    fn among(&self, departments: Vec<String>) -> Vec<String> {
        let asked = self.department.trim().to_ascii_lowercase();
        match asked.is_empty() {
            true => departments,
            false if departments.is_empty() || departments.contains(&asked) => vec![asked],
            // Nobody's: nothing is found, rather than everything.
            false => vec![String::new()],
        }
    }

    fn filter(&self, visit: &Visit) -> Result<CaseFilter, Problem> {
        let account = &visit.signed_in()?.account;
        let one = CaseState::from_name(&self.state);
        let claimed = self.state == "claimed";
        let waiting = one.is_none() && !claimed && self.state != "all";
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
            claimed,
            states: match (waiting, one) {
                _ if claimed => CaseFilter::claims().states,
                // What is under a hold is mostly decided: the list shows it in whatever state.
                (true, _) if watched => Vec::new(),
                (true, _) if !all => vec![CaseState::ToApprove],
                (true, _) => CaseState::ASKING.to_vec(),
                (false, one) => one.into_iter().collect(),
            },
            watched,
            rule: Some(self.rule.trim()).filter(|it| !it.is_empty()).map(str::to_owned),
            departments: self.among(departments.unwrap_or_default()),
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

    /// The same list, further down.
    fn page_after(&self, last: &Cursor) -> String {
        format!("{}after={}.{}", self.first_page(), last.received_at.as_millisecond(), last.id.as_str())
    }

    /// What narrows the list, by the names of its fields.
    fn parts(&self) -> [(&'static str, &String); 7] {
        [
            ("state", &self.state),
            ("severity", &self.severity),
            ("article", &self.article),
            ("rule", &self.rule),
            ("department", &self.department),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    /// The same list from its start. Every part is plain text that needs no escape, or is left out.
    fn first_page(&self) -> String {
        let parts = self.parts();
        let plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        let kept = parts.iter().filter(|(_, value)| !value.is_empty() && plain(value));
        let kept: String = kept.map(|(name, value)| format!("{name}={value}&")).collect();
        format!("/cases?{kept}")
    }
}

/// The beginning of a day in the time of nearly all of Quebec.
fn day(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    let zone = TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC);
    date.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}
