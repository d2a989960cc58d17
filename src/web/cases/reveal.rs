//! Revealing: words around one finding, or a whole message as text. Each is asked for with a reason, and written down first.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{carry_out, case_for, refused, show};
use crate::model::{Boundary, CaseState, Segment};
use crate::ports::{Sight, StoreError};
use crate::review::{Action, Actor, Case, RevealReason, RevealWhat, Right};
use crate::web::frame::{self, Frame};
use crate::web::problem::Problem;
use crate::web::sign_in::proves;
use crate::web::site::{PROOF, Site};
use crate::web::visit::Visit;

/// Longest text shown of a message, in characters; what follows is said to be there.
const LONGEST: usize = 200_000;

/// Shows the case with the words around one finding.
pub(in crate::web) async fn reveal(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let index: u32 = visit.fields.get("finding").parse().map_err(|_| Problem::Unreadable)?;
    let (case, actor) = in_hand(&site, &visit, &id, Right::RevealSnippet).await?;
    let order = crate::review::reveal(&case, RevealWhat::Finding(index), why(&visit)?, &actor, visit.now);
    let order = order.map_err(|why| refused(&visit, &why))?;
    let snippet = site.store.reveal_snippet(&order).await?;
    show::with(&site, &visit, case, Some((index, snippet))).await
}

#[derive(Template)]
#[template(path = "message.html", config = "src/web/askama.toml")]
struct MessagePage {
    frame: Frame,
    id: String,
    parts: Vec<Part>,
    unread: u64,
    cut: bool,
}

/// One part of a message as text: the message itself, or an attachment.
struct Part {
    /// Number of the attachment; `None` for the message itself.
    number: Option<u64>,
    /// Its name, as text.
    name: String,
    pieces: Vec<Piece>,
}

/// A stretch of text.
struct Piece {
    text: String,
    found: bool,
}

/// Shows a whole message as text: no picture, no link, no remote content; what was found is marked. Asks for a code when the last one is
/// older than 15 minutes.
pub(in crate::web) async fn message(
    State(site): State<Arc<Site>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    prove_again(&site, &visit).await?;
    let (case, actor) = in_hand(&site, &visit, &id, Right::RevealMessage).await?;
    let order = crate::review::reveal(&case, RevealWhat::Message, why(&visit)?, &actor, visit.now);
    let order = order.map_err(|why| refused(&visit, &why))?;
    let message = site.store.reveal_message(&order).await?;
    let sight = site.office.look(&case, message).await?;
    let (parts, cut) = parts(&sight);
    let unread = u64::try_from(sight.reading.gaps.len()).unwrap_or(u64::MAX);
    let frame = Frame::new(&visit, "message-title");
    Ok(frame::show(&MessagePage { frame, id: case.id.to_string(), parts, unread, cut }))
}

fn why(visit: &Visit) -> Result<RevealReason, Problem> {
    RevealReason::from_name(visit.fields.get("reason")).ok_or(Problem::Unreadable)
}

/// A case that waits is taken in hand first, if it is free: the trail shows both.
async fn in_hand(site: &Site, visit: &Visit, id: &str, right: Right) -> Result<(Case, Actor), Problem> {
    let case = case_for(site, visit, id).await?;
    let person = visit.signed_in()?;
    let actor = person.acting(right, &case.sender_domain)?;
    let free = case.lease_at(visit.now).is_none() && case.state.waits() && case.state != CaseState::ToApprove;
    if !free || person.account.role_for(Right::Decide, &case.sender_domain).is_none() {
        return Ok((case, actor));
    }
    let taker = person.acting(Right::Decide, &case.sender_domain)?;
    carry_out(site, visit, &case, Action::Take, &taker, None).await?;
    Ok((case_for(site, visit, id).await?, taker))
}

/// Asks for a fresh code, unless one was given within the quarter of an hour. Whom the establishment's service vouches for has no code
/// here: they prove themselves there again, by the link on the case's page.
async fn prove_again(site: &Site, visit: &Visit) -> Result<(), Problem> {
    let person = visit.signed_in()?;
    if visit.now.duration_since(person.session.proved_at) <= PROOF {
        return Ok(());
    }
    if person.account.federated {
        return Err(Problem::NotProved);
    }
    if !site.throttle.admit(visit.peer, visit.now) {
        return Err(Problem::TooMany);
    }
    let login = &person.account.login;
    let credentials = site.store.credentials(login).await?;
    let credentials = credentials.ok_or_else(|| StoreError::Refused("the account is closed".to_owned()))?;
    if !proves(site, visit, login, &credentials).await? {
        return Err(Problem::NotProved);
    }
    let session = crate::ports::Session { proved_at: visit.now, ..person.session.clone() };
    Ok(site.store.touch_session(&session).await?)
}

/// Text by part, in reading order, cut at the findings.
fn parts(sight: &Sight) -> (Vec<Part>, bool) {
    let (mut parts, mut last, mut attachments, mut left) = (Vec::<Part>::new(), None, 0_u64, LONGEST);
    for (index, segment) in sight.reading.segments.iter().enumerate() {
        // The header and the body of the message itself are one part.
        let named = segment.place.filename.as_ref();
        let key = named.map(|name| (&segment.place.part, name));
        if last != Some(key) {
            attachments += u64::from(named.is_some());
            let name = named.map(|name| harmless(name.reveal())).unwrap_or_default();
            parts.push(Part { number: named.map(|_| attachments), name, pieces: Vec::new() });
            last = Some(key);
        }
        if left == 0 {
            break;
        }
        left = left.saturating_sub(segment.text.reveal().chars().count());
        if let Some(part) = parts.last_mut() {
            let first = usize::from(part.pieces.is_empty());
            part.pieces.extend(pieces(sight, index, segment).into_iter().skip(first));
        }
    }
    (parts, left == 0)
}

/// What parts a segment from the one before it: cells of a row stand side by side.
fn before(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::Inline => "",
        Boundary::Cell => "  |  ",
        Boundary::Row | Boundary::Block | Boundary::Part => "\n",
    }
}

/// A segment in pieces: found or not.
fn pieces(sight: &Sight, index: usize, segment: &Segment) -> Vec<Piece> {
    let text = segment.text.reveal();
    let piece = |text: &str, found| Piece { text: plain(text), found };
    let mut spans: Vec<(usize, usize)> =
        sight.findings.iter().filter(|it| it.segment == index).map(|it| it.span).collect();
    spans.sort_unstable();
    let (mut pieces, mut at) = (vec![piece(before(segment.boundary), false)], 0);
    for (from, to) in spans {
        if let (true, Some(before), Some(found)) = (from >= at, text.get(at..from), text.get(from..to)) {
            pieces.extend([piece(before, false), piece(found, true)]);
            at = to;
        }
    }
    pieces.push(piece(text.get(at..).unwrap_or_default(), false));
    pieces
}

/// A file name that can do nothing: 100 characters at most, on one line.
fn harmless(name: &str) -> String {
    plain(name).chars().filter(|c| !c.is_control()).take(100).collect()
}

/// Text in which nothing turns the reading direction or controls a terminal; what would stands as �.
fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let acts = |c: char| turns(c) || (c.is_control() && !matches!(c, '\n' | '\t'));
    text.chars().map(|c| if acts(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_hostile_file_name_is_shown_as_it_is_and_does_nothing() {
        assert_eq!(harmless("rapport\u{202e}fdp.exe\n"), "rapport\u{fffd}fdp.exe");
        assert_eq!(harmless(&"a".repeat(500)).len(), 100);
    }
}
