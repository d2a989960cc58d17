//! The desk: the list, a case, its decision, what is revealed of it.

mod counter_example;
mod decide;
mod hold;
mod list;
mod reveal;
mod show;
mod together;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;

pub(super) use counter_example::counter_example;
pub(super) use decide::{LONGEST, decide, free_text, marks, note};
pub(super) use hold::{evidence, hold, lift};
pub(super) use list::{figures, home, list, search};
pub(super) use reveal::{message, reveal};
pub(super) use show::case;
use show::done;
pub(super) use together::{chosen, together};

use super::doors::go;
use super::frame::Frame;
use super::problem::Problem;
use super::site::Site;
use super::visit::Visit;
use crate::model::{CaseId, Masked};
use crate::notices::pages;
use crate::ports::StoreError;
use crate::review::{Action, Actor, Case, Refusal, Right, Transition, act};

/// A request about the case of its path, which this visitor may open. One that they may not does not exist for them.
pub(super) struct Opened {
    pub(super) site: Arc<Site>,
    pub(super) visit: Visit,
    pub(super) case: Case,
}

impl Opened {
    /// The visitor, acting with a right on what the case's department sent.
    pub(super) fn actor(&self, right: Right) -> Result<Actor, Problem> {
        self.visit.signed_in()?.acting(right, &self.case.sender_domain)
    }

    /// Carries out an action on the case as it was seen, then shows it again, or that it is done to who sees it no more.
    async fn carried_out(
        &self,
        action: Action,
        actor: &Actor,
        text: Option<Masked>,
    ) -> Result<Response, Problem> {
        carry_out(&self.site, &self.visit, &self.case, action, actor, text).await?;
        match case_for(&self.site, &self.visit, self.case.id.as_str()).await {
            Err(Problem::NotFound) => Ok(done(&self.visit, action)),
            _ => Ok(self.again()),
        }
    }

    /// Sends the browser back to the case.
    fn again(&self) -> Response {
        go(&format!("/cases/{}", self.case.id))
    }
}

impl FromRequestParts<Arc<Site>> for Opened {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, site).await.map_err(|_| Problem::NotFound)?;
        let visit = parts.extensions.get::<Visit>().cloned().ok_or(Problem::SignedOut)?;
        let case = case_for(site, &visit, &id).await?;
        Ok(Self { site: Arc::clone(site), visit, case })
    }
}

/// The case of a path, if this visitor may open it. One that they may not does not exist for them.
pub(super) async fn case_for(site: &Site, visit: &Visit, id: &str) -> Result<Case, Problem> {
    let id = CaseId::parse(id).map_err(|_| Problem::NotFound)?;
    let case = site.store.case(&id).await?.ok_or(Problem::NotFound)?;
    if visit.signed_in()?.account.opens(&case) { Ok(case) } else { Err(Problem::NotFound) }
}

/// Whether this visitor sees a case in lists.
pub(super) fn see(visit: &Visit, case: &Case) -> bool {
    visit.person.as_ref().is_some_and(|person| person.account.sees(case))
}

/// Carries out an action on a case as it was seen, or says why not in the visitor's language.
pub(super) async fn carry_out(
    site: &Site,
    visit: &Visit,
    case: &Case,
    action: Action,
    actor: &Actor,
    text: Option<Masked>,
) -> Result<(), Problem> {
    let change = act(case, action, actor, text, visit.now).map_err(|why| refused(visit, &why))?;
    settle(site, visit, &change).await
}

/// Writes a change, or says who was faster.
async fn settle(site: &Site, visit: &Visit, change: &Transition) -> Result<(), Problem> {
    match site.store.apply(change).await {
        Ok(_) => Ok(()),
        Err(StoreError::Conflict(_)) => Err(dealt_with(site, visit, &change.case).await?),
        Err(other) => Err(other.into()),
    }
}

/// A refusal of the case's rules, in words.
pub(super) fn refused(visit: &Visit, why: &Refusal) -> Problem {
    let key = match why {
        Refusal::State(_) => "refusal-state",
        Refusal::Right | Refusal::NotTheSender => "refusal-right",
        Refusal::Department => "refusal-department",
        Refusal::OwnMessage => "refusal-own",
        Refusal::InHands(holder) => {
            return Problem::Refused(pages::filled(visit.language, "refusal-hands", &[("who", holder)]));
        }
        Refusal::NotInHand => "refusal-not-in-hand",
        Refusal::SamePerson => "refusal-same",
        Refusal::AlreadySaid => "refusal-said",
        Refusal::LegalHold => "refusal-hold",
        Refusal::NoLegalHold => "refusal-no-hold",
        Refusal::NotWatched => "refusal-not-watched",
        Refusal::TooLate => "refusal-late",
        Refusal::NoReason => "refusal-reason",
        Refusal::NoCopy => "refusal-copy",
        Refusal::NoKey => "refusal-key",
    };
    Problem::Refused(pages::text(visit.language, key))
}

/// Acts that decide a case.
const DECIDES: [&str; 9] = [
    "release",
    "release-encrypted",
    "propose",
    "approve",
    "decline",
    "return",
    "delete",
    "expire",
    "withdraw",
];

/// « Déjà traité par … à … » for whoever comes second; of what decides nothing, what it was.
async fn dealt_with(site: &Site, visit: &Visit, id: &CaseId) -> Result<Problem, Problem> {
    let history = site.store.history(id).await?;
    let quiet = ["note", "reveal", "mark-findings"];
    let last = history.iter().rev().find(|past| !quiet.contains(&past.what.as_str()));
    let Some(last) = last.or(history.last()) else { return Ok(Problem::NotFound) };
    let frame = Frame::new(visit, "case-title");
    let (who, what) = (frame.actor(last), frame.done(last));
    let at = pages::moment(visit.language, last.at);
    let key = if DECIDES.contains(&last.what.as_str()) { "conflict-by" } else { "conflict-since" };
    let facts = [("who", who.as_str()), ("what", what.as_str()), ("moment", at.as_str())];
    Ok(Problem::Conflict(pages::filled(visit.language, key, &facts)))
}
