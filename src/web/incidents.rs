//! The register of incidents: open one, fill its fields in, close it, take the whole out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::cases::{Opened, free_text, see};
use super::doors::go;
use super::frame::{Frame, download, show};
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::model::Masked;
use crate::notices::{pages, words};
use crate::ports::{Incident, IncidentFields, StoreError};
use crate::review::{Actor, Case, Right};

#[derive(Template)]
#[template(path = "incidents.html", config = "src/web/askama.toml")]
struct RegisterPage {
    frame: Frame,
    incidents: Vec<Incident>,
    opens: bool,
    exports: bool,
}

#[derive(Template)]
#[template(path = "incident.html", config = "src/web/askama.toml")]
struct IncidentPage {
    frame: Frame,
    incident: Incident,
    fields: IncidentFields,
    names: [&'static str; 8],
    /// What the form was made of; another's change since then is not written over.
    seen: String,
    keeps: bool,
    /// Whether the key to read the fields is missing.
    sealed: bool,
    /// Why nothing was saved, in words.
    refused: Option<Refused>,
}

/// A form that was not saved: it is shown again with what was typed.
struct Refused {
    why: String,
    /// What to correct, or to compare.
    advice: String,
    /// The field that is not taken.
    field: Option<&'static str>,
}

impl IncidentPage {
    /// What the register holds, where the form shows something else.
    fn held(&self, name: &str) -> Option<&Masked> {
        let held = self.incident.fields.as_ref()?.field(name)?;
        let typed = self.fields.field(name);
        (self.refused.is_some() && typed != Some(held) && !held.is_empty()).then_some(held)
    }

    fn is_refused(&self, name: &str) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.field == Some(name))
    }
}

/// The register, newest first.
pub(super) async fn register(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let account = &visit.signed_in()?.account;
    let (opens, exports) = (account.may(Right::OpenIncident), account.may(Right::ExportTrail));
    let mut incidents = Vec::new();
    for incident in site.store.incidents().await? {
        if shown(&site, &visit, &incident).await? {
            incidents.push(incident);
        }
    }
    Ok(show(&RegisterPage { frame: Frame::new(&visit, "incidents-title"), incidents, opens, exports }))
}

/// One incident, with the form of its fields for who keeps the register.
pub(super) async fn incident(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let incident = found(&site, &visit, &number).await?;
    let fields = incident.fields.clone().unwrap_or_default();
    Ok(show(&page(&visit, incident, fields, None)?))
}

fn page(
    visit: &Visit,
    incident: Incident,
    fields: IncidentFields,
    refused: Option<Refused>,
) -> Result<IncidentPage, Problem> {
    let keeps = visit.signed_in()?.account.may(Right::OpenIncident) && incident.fields.is_some();
    let (seen, sealed) = (digest(&incident), incident.fields.is_none());
    let frame = Frame::new(visit, "incident-title").refused(refused.is_some());
    let names = IncidentFields::NAMES;
    Ok(IncidentPage { frame, incident, fields, names, seen, keeps, sealed, refused })
}

/// Opens an incident that came from no case.
pub(super) async fn open(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let circumstances = said(&site, &visit).await?;
    let fields = IncidentFields { circumstances, known: now(&visit), ..IncidentFields::default() };
    let number = site.store.open_incident(None, &fields, &keeper(&visit, "")?, visit.now).await?;
    Ok(go(&format!("/incidents/{number}")))
}

/// Opens an incident from a case, with what is known of it filled in: kinds and counts, never a value.
pub(super) async fn open_from_case(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::OpenIncident)?;
    let Opened { site, visit, case } = opened;
    let circumstances = said(&site, &visit).await?;
    let fields = IncidentFields { circumstances, known: now(&visit), ..known_of(&visit, &case) };
    let number = site.store.open_incident(Some(&case.id), &fields, &actor, visit.now).await?;
    Ok(go(&format!("/incidents/{number}")))
}

/// Replaces the fields, and closes the incident or opens it again.
pub(super) async fn change(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let incident = found(&site, &visit, &number).await?;
    let closed = match visit.fields.get("action") {
        "save" => incident.closed_at.is_some(),
        "close" => true,
        "reopen" => false,
        _ => return Err(Problem::Unreadable),
    };
    let (fields, refused) = typed(&site, &visit, &incident).await?;
    if let Some(refused) = refused {
        return again(&visit, incident, fields, refused, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if visit.fields.get("seen") != digest(&incident) {
        return changed(&visit, incident, fields);
    }
    let department = match &incident.case {
        Some(id) => site.store.case(id).await?.map(|case| case.sender_domain).unwrap_or_default(),
        None => String::new(),
    };
    let actor = keeper(&visit, &department)?;
    match site.store.change_incident(&incident, &fields, closed, &actor, visit.now).await {
        Err(StoreError::Conflict(_)) => changed(&visit, found(&site, &visit, &number).await?, fields),
        Err(other) => Err(other.into()),
        Ok(()) => Ok(go(&format!("/incidents/{}", incident.number))),
    }
}

/// The fields as they were typed. In place of one that is not taken stands what the register holds: what seems confidential is not
/// written on one more page.
async fn typed(
    site: &Site,
    visit: &Visit,
    incident: &Incident,
) -> Result<(IncidentFields, Option<Refused>), Problem> {
    let (mut fields, mut refused) = (incident.fields.clone().ok_or(Problem::Unavailable)?, None);
    for name in IncidentFields::NAMES {
        let text = match free_text(site, visit, name).await {
            Err(Problem::Refused(why)) => {
                let named = pages::text(visit.language, &format!("incident-{name}"));
                let advice = pages::filled(visit.language, "incident-refused", &[("field", &named)]);
                refused = refused.or(Some(Refused { why, advice, field: Some(name) }));
                continue;
            }
            text => text?,
        };
        if let Some(field) = fields.field_mut(name) {
            *field = text.unwrap_or_default();
        }
    }
    Ok((fields, refused))
}

/// The form once more, with what was typed beside what another person wrote meanwhile.
fn changed(visit: &Visit, incident: Incident, fields: IncidentFields) -> Result<Response, Problem> {
    let advice = pages::text(visit.language, "incident-changed");
    let refused = Refused { why: String::new(), advice, field: None };
    again(visit, incident, fields, refused, StatusCode::CONFLICT)
}

fn again(
    visit: &Visit,
    incident: Incident,
    fields: IncidentFields,
    refused: Refused,
    status: StatusCode,
) -> Result<Response, Problem> {
    Ok((status, show(&page(visit, incident, fields, Some(refused))?)).into_response())
}

/// The whole register as a table for a spreadsheet; written in the trail first.
pub(super) async fn export(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let actor = visit.signed_in()?.acting_anywhere(Right::ExportTrail)?;
    site.store.write_down("export-incidents", None, &actor, None, visit.now).await?;
    let table = site.office.register(&site.store.incidents().await?)?;
    Ok(download("registre-des-incidents.csv", "text/csv; charset=utf-8", table))
}

/// The incident of a number, if this visitor sees it.
async fn found(site: &Site, visit: &Visit, number: &str) -> Result<Incident, Problem> {
    let number: u64 = number.parse().map_err(|_| Problem::NotFound)?;
    let incident = site.store.incidents().await?.into_iter().find(|it| it.number == number);
    let incident = incident.ok_or(Problem::NotFound)?;
    if shown(site, visit, &incident).await? { Ok(incident) } else { Err(Problem::NotFound) }
}

/// Who reads the trail sees every incident; an archivist those of their departments, and those they opened.
async fn shown(site: &Site, visit: &Visit, incident: &Incident) -> Result<bool, Problem> {
    let account = &visit.signed_in()?.account;
    let departments = account.departments(Right::OpenIncident);
    if account.may(Right::ReadTrail) || departments.as_ref().is_some_and(Vec::is_empty) {
        return Ok(true);
    }
    if incident.opened_by == account.login {
        return Ok(true);
    }
    Ok(match &incident.case {
        Some(id) => site.store.case(id).await?.is_some_and(|case| see(visit, &case)),
        None => false,
    })
}

/// This visitor, as who keeps the register of what a department sent; without a department, whoever keeps any of it.
fn keeper(visit: &Visit, department: &str) -> Result<Actor, Problem> {
    let person = visit.signed_in()?;
    match department {
        "" => person.acting_anywhere(Right::OpenIncident),
        department => person.acting(Right::OpenIncident, department),
    }
}

/// What happened, in the words of who opens it.
async fn said(site: &Site, visit: &Visit) -> Result<Masked, Problem> {
    let said = free_text(site, visit, "circumstances").await?;
    said.ok_or_else(|| Problem::Refused(pages::text(visit.language, "refusal-reason")))
}

fn now(visit: &Visit) -> Masked {
    Masked::new(pages::moment(visit.language, visit.now))
}

fn known_of(visit: &Visit, case: &Case) -> IncidentFields {
    let kinds = case.found.iter().map(|found| words::counted(visit.language, found.kind, found.count));
    let kinds: Vec<String> = kinds.collect();
    IncidentFields {
        information: Masked::new(kinds.join(", ")),
        happened: Masked::new(pages::moment(visit.language, case.received_at)),
        ..IncidentFields::default()
    }
}

/// Tells one state of an incident from another.
fn digest(incident: &Incident) -> String {
    let fields = serde_json::to_vec(&incident.fields).unwrap_or_default();
    let closed = incident.closed_at.map_or(0, jiff::Timestamp::as_millisecond);
    let digest = Sha256::new().chain_update(fields).chain_update(closed.to_be_bytes()).finalize();
    data_encoding::HEXLOWER.encode(&digest)
}
