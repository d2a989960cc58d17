//! The privacy assessment (EFVP), filled in as far as the tool knows itself; the establishment completes and signs it.

use jiff::Timestamp;

use super::{Desk, Words};
use crate::notices::{Paper, Section};
use crate::ports::{Store, StoreError};
use crate::review::Role;

pub(super) async fn assessment(
    words: Words,
    desk: Desk<'_>,
    store: &dyn Store,
    now: Timestamp,
) -> Result<Paper, StoreError> {
    let listed = |key: &str| words.section(key, words.listed(key));
    let sections = vec![
        identity(words, desk, now),
        listed("paper-purpose"),
        listed("paper-data"),
        listed("paper-need"),
        who(words, store).await?,
        measures(words, desk),
        kept(words, desk),
        outside(words, desk),
        listed("paper-persons"),
        listed("paper-risks"),
        listed("paper-complete"),
        words.section("paper-sign", vec![]),
    ];
    let (title, intro) = (words.t("paper-assessment"), words.t("paper-assessment-says"));
    Ok(Paper { title, intro, sections })
}

fn identity(words: Words, desk: Desk<'_>, now: Timestamp) -> Section {
    let rows = vec![
        words.row("paper-establishment", &desk.settings.establishment.name),
        words.row("paper-made", words.moment(now)),
        words.row("paper-version", env!("CARGO_PKG_VERSION")),
        words.row("paper-policy", desk.rules.policy().digest()),
        words.row("paper-rules", desk.rules.digest()),
    ];
    words.section("paper-project", rows)
}

/// Each role, what it sees, and how many hold it today.
async fn who(words: Words, store: &dyn Store) -> Result<Section, StoreError> {
    let accounts = store.accounts().await?;
    let rows = Role::ALL.map(|role| {
        let holders =
            accounts.iter().filter(|it| !it.closed && it.grants.iter().any(|grant| grant.role == role));
        let sees = words.t(&format!("paper-sees-{}", role.name()));
        let holders = words.with("paper-holders", "number", holders.count());
        (words.t(&format!("role-{}", role.name())), format!("{sees} {holders}"))
    });
    let sender = (words.t("paper-role-sender"), words.t("paper-sees-sender"));
    Ok(words.section("paper-who", rows.into_iter().chain([sender]).collect()))
}

/// Measures, and what the settings say of each.
fn measures(words: Words, desk: Desk<'_>) -> Section {
    let settings = desk.settings;
    let engine = if settings.store.url.starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
    let https = settings.review.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let two = &settings.review.two_persons;
    let two = !two.articles.is_empty() || two.severity > 0 || two.recipients > 0;
    let encrypts = !settings.relay.encrypt_header.is_empty() || !settings.relay.encrypt_subject.is_empty();
    let mut rows = words.listed("paper-measures");
    rows.extend([
        words.row("paper-engine", engine),
        words.row("paper-https", words.yes(https)),
        words.row("paper-oidc", words.yes(settings.review.oidc.is_some())),
        words.row("paper-two", words.yes(two)),
        words.row("paper-encrypts", words.yes(encrypts)),
        words.row("paper-roster", words.yes(settings.roster.index.is_some())),
    ]);
    words.section("paper-measures", rows)
}

/// Who else learns something: nobody, but the sign-in service when there is one.
fn outside(words: Words, desk: Desk<'_>) -> Section {
    let mut rows = words.listed("paper-outside");
    if let Some(oidc) = &desk.settings.review.oidc {
        let says = words.with("paper-oidc-service-says", "service", &oidc.issuer);
        rows.insert(1, (words.t("paper-oidc-service"), says));
    }
    words.section("paper-outside", rows)
}

fn kept(words: Words, desk: Desk<'_>) -> Section {
    let keeps = &desk.settings.store;
    let rows = vec![
        words.row("paper-keep-undecided", words.days(keeps.undecided)),
        words.row("paper-keep-content", words.days(keeps.keep_content)),
        words.row("paper-keep-cases", words.days(keeps.keep_cases)),
    ];
    words.section("paper-retention", rows)
}
