//! What stands around every page: language, title, who is signed in, where they may go.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::problem::Problem;
use super::visit::Visit;
use crate::model::{CaseFinding, CaseId, CaseState, FoundAt, GapReason, Kind};
use crate::notices::{Language, pages, words};
use crate::review::{Case, Lease, Past, Right};

/// The frame of a page, and its texts.
pub(super) struct Frame {
    pub(super) language: Language,
    /// Key of the title.
    pub(super) title: &'static str,
    /// What the page is about, after its title: a case's number.
    pub(super) about: String,
    /// Whether a form comes back refused: whoever listens hears it first.
    pub(super) wrong: bool,
    pub(super) establishment: String,
    pub(super) phone: String,
    pub(super) english: bool,
    pub(super) back: String,
    pub(super) csrf: String,
    pub(super) name: String,
    pub(super) links: Vec<Link>,
    pub(super) now: Timestamp,
}

/// One place of the menu.
pub(super) struct Link {
    pub(super) path: &'static str,
    pub(super) text: &'static str,
    pub(super) here: bool,
}

/// The menu, with the right that each place asks for.
const MENU: &[(&str, &str, &[Right])] = &[
    ("/cases", "menu-cases", &[Right::SeeCases, Right::SeeProposed, Right::SeeIncidents]),
    ("/incidents", "menu-incidents", &[Right::OpenIncident, Right::ExportTrail]),
    ("/precision", "menu-precision", &[Right::SeeCounts]),
    ("/figures", "menu-figures", &[Right::SeeCounts]),
    ("/conformity", "menu-conformity", &[Right::VerifyTrail]),
    ("/access", "menu-access", &[Right::ReadTrail]),
    ("/trail", "menu-trail", &[Right::ReadTrail]),
];

impl Frame {
    pub(super) fn new(visit: &Visit, title: &'static str) -> Self {
        let person = visit.person.as_ref();
        let may =
            |rights: &[Right]| person.is_some_and(|it| rights.iter().any(|right| it.account.may(*right)));
        let open = MENU.iter().filter(|(_, _, rights)| may(rights));
        let here = |path: &str| visit.path == path || visit.path.starts_with(&format!("{path}/"));
        Self {
            language: visit.language,
            title,
            about: String::new(),
            wrong: false,
            establishment: visit.establishment.name.clone(),
            phone: visit.establishment.phone.clone(),
            english: visit.establishment.english,
            back: visit.back.clone(),
            csrf: person.map(|person| person.csrf.clone()).unwrap_or_default(),
            name: person.map(|person| person.account.name.clone()).unwrap_or_default(),
            links: open.map(|&(path, text, _)| Link { path, text, here: here(path) }).collect(),
            now: visit.now,
        }
    }

    /// The same, about one case.
    pub(super) fn about(self, case: &CaseId) -> Self {
        Self { about: case.to_string(), ..self }
    }

    /// The same, where a form may come back refused.
    pub(super) fn refused(self, wrong: bool) -> Self {
        Self { wrong, ..self }
    }

    /// The title, as windows and histories show it.
    pub(super) fn heading(&self) -> String {
        let title = self.t(self.title);
        let title = if self.about.is_empty() { title } else { format!("{title} {}", self.about) };
        if self.wrong { format!("{} {title}", self.t("desk-wrong")) } else { title }
    }

    /// The tag of the language.
    pub(super) fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// A text.
    pub(super) fn t(&self, key: &str) -> String {
        pages::text(self.language, key)
    }

    /// A text of a family, such as the name of a role.
    pub(super) fn of(&self, family: &str, name: &str) -> String {
        self.t(&format!("{family}-{name}"))
    }

    /// A text with one fact.
    pub(super) fn with(&self, key: &str, name: &'static str, value: impl std::fmt::Display) -> String {
        pages::filled(self.language, key, &[(name, &value.to_string())])
    }

    /// A text about a number of things.
    pub(super) fn count(&self, key: &str, count: &u64) -> String {
        pages::numbered(self.language, key, *count)
    }

    /// A moment in words.
    pub(super) fn moment(&self, at: &Timestamp) -> String {
        pages::moment(self.language, *at)
    }

    /// How long ago, in the largest unit that fits.
    pub(super) fn age(&self, at: &Timestamp) -> String {
        let minutes = u64::try_from(self.now.duration_since(*at).as_mins()).unwrap_or(0);
        match minutes {
            0 => self.t("age-now"),
            1..60 => self.count("age-minutes", &minutes),
            60..2880 => self.count("age-hours", &(minutes / 60)),
            _ => self.count("age-days", &(minutes / 1440)),
        }
    }

    /// Who has a case in hand now.
    pub(super) fn lease<'a>(&self, case: &'a Case) -> Option<&'a Lease> {
        case.lease_at(self.now)
    }

    /// What happened, in words; the trail's own word when there is none.
    pub(super) fn done(&self, past: &Past) -> String {
        let key = format!("past-{}", past.what);
        let done = if pages::knows(self.language, &key) { self.t(&key) } else { past.what.clone() };
        match past.finding {
            Some(number) => format!("{done} ({})", self.with("past-finding", "number", number)),
            None => done,
        }
    }

    /// Who did it, in words.
    pub(super) fn actor(&self, past: &Past) -> String {
        match past.actor.as_str() {
            "service" => self.t("actor-service"),
            "sender" => self.t("actor-sender"),
            person => person.to_owned(),
        }
    }

    /// A state in words.
    pub(super) fn state(&self, state: &CaseState) -> String {
        words::case_state(self.language, *state)
    }

    /// What was found, counted.
    pub(super) fn found(&self, found: &FoundAt) -> String {
        words::counted(self.language, found.kind, found.count)
    }

    /// What a kind is called.
    pub(super) fn kind(&self, kind: &Kind) -> String {
        words::kind(self.language, *kind)
    }

    /// Where a finding stands.
    pub(super) fn place_of(&self, finding: &CaseFinding) -> String {
        let CaseFinding { kind, region, attachment, line, .. } = finding;
        self.place(&FoundAt { kind: *kind, count: 1, region: *region, attachment: *attachment, line: *line })
    }

    /// Where it stands.
    pub(super) fn place(&self, found: &FoundAt) -> String {
        pages::place_of(self.language, found)
    }

    /// Why something was not read.
    pub(super) fn gap(&self, gap: &GapReason) -> String {
        words::gap(self.language, *gap)
    }
}

#[derive(Template)]
#[template(path = "problem.html", config = "src/web/askama.toml")]
struct ProblemPage {
    frame: Frame,
    key: &'static str,
    /// Key of what to do.
    advice: String,
    detail: String,
    /// The case that the request was about.
    case: Option<CaseId>,
}

/// The page of a problem.
pub(super) fn problem(visit: &Visit, problem: &Problem) -> Response {
    let detail = match problem {
        Problem::Refused(why) | Problem::Conflict(why) => why.clone(),
        _ => String::new(),
    };
    let about_a_case = matches!(problem, Problem::Refused(_) | Problem::Conflict(_) | Problem::NotProved);
    let case = visit.path.strip_prefix("/cases/").filter(|_| about_a_case);
    let id = case.and_then(|rest| rest.split('/').next()).filter(|id| *id != "together");
    let case = id.and_then(|id| CaseId::parse(id).ok());
    let key = problem.key();
    let advice = match problem {
        Problem::Refused(_) | Problem::Conflict(_) if case.is_none() => format!("problem-{key}-above"),
        _ => format!("problem-{key}-do"),
    };
    let frame = Frame::new(visit, "problem-title").refused(!detail.is_empty());
    let page = ProblemPage { frame, key, advice, detail, case };
    (problem.status(), show(&page)).into_response()
}

/// A file to keep. Its name is ours: nothing of a message is in it.
pub(super) fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// A page as an answer. A template that does not render is a defect, and says nothing of what it was to show.
pub(super) fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
