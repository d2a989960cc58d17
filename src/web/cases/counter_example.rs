//! A false alarm as an invented look-alike, to keep in `local.d`: nothing of the message is in it.

use axum::response::Response;

use super::{Opened, free_text};
use crate::notices::pages;
use crate::review::Right;
use crate::web::frame::download;
use crate::web::problem::Problem;

/// Makes the counter-example of one finding and gives it as a file; written in the trail first.
pub(in crate::web) async fn counter_example(opened: Opened) -> Result<Response, Problem> {
    let actor = opened.actor(Right::Decide)?;
    let Opened { site, visit, case } = opened;
    let refuse = |key: &str| Problem::Refused(pages::text(visit.language, key));
    let finding: usize = visit.fields.get("finding").parse().map_err(|_| Problem::Unreadable)?;
    let finding = case.findings.get(finding).ok_or(Problem::Unreadable)?;
    let because = free_text(&site, &visit, "text").await?.ok_or_else(|| refuse("refusal-reason"))?;
    if !case.kept {
        return Err(refuse("refusal-copy"));
    }
    let message = site.store.content(&case.id).await?;
    let made = site.office.counter_example(&case, message, finding, &because).await?;
    let made = made.ok_or_else(|| refuse("refusal-no-look-alike"))?;
    site.store.write_down("counter-example", Some(&case.id), &actor, Some(&because), visit.now).await?;
    Ok(download(&format!("contre-exemple-{}.toml", case.id), "application/toml", made.into_bytes()))
}
