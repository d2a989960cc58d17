//! Tells reviewers by mail how much waits: at set hours, and once an hour while something is late. Tells the security chief of unusual
//! reveals. One node sends each mail: the store gives out each slot once.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::model::settings::Establishment;
use crate::model::{Address, CaseState, settings};
use crate::notices::digest::{self, Digest};
use crate::ports::{Account, CaseFilter, Cursor, Letter, Order, Relay, Store, StoreError};
use crate::review::{Case, Delay, Right};

/// How often it is looked whether a mail is due.
const TICK: Duration = Duration::from_secs(60);

/// Hours of the daily digests, in minutes since midnight: 7 h 30 and 13 h.
const HOURS: [i32; 2] = [7 * 60 + 30, 13 * 60];

/// Cases asked for at a time, and looked at for one digest; a longer queue is told as at least so many.
const PAGE: u32 = 500;
const MOST: usize = 10_000;

/// Reveals of one person within an hour past which the security chief is told.
const UNUSUAL: u64 = 20;

/// How long an ended session is kept: past it nobody can use it anyway.
const SESSIONS: SignedDuration = SignedDuration::from_hours(24);

/// Works until told to stop.
pub async fn run_digests(
    store: Arc<dyn Store>,
    relay: Arc<dyn Relay>,
    establishment: impl Fn() -> Establishment + Send + Sync,
    review: settings::Review,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let home = review.public_url.as_deref();
        let done = round(store.as_ref(), relay.as_ref(), &establishment(), home, Timestamp::now()).await;
        if let Err(failure) = done {
            error!(%failure, "digests cannot be made");
        }
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Sends what is due at this moment; says how many mails left.
///
/// # Errors
/// [`StoreError`] when the store cannot be asked.
pub async fn round(
    store: &dyn Store,
    relay: &dyn Relay,
    establishment: &Establishment,
    home: Option<&str>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    store.sweep_sessions(now - SESSIONS).await?;
    let accounts: Vec<Account> = store.accounts().await?;
    let waiting =
        CaseFilter { states: CaseState::ASKING.to_vec(), order: Order::Oldest, ..CaseFilter::default() };
    let cases = all(store, waiting).await?;
    let claims = all(store, CaseFilter::claims()).await?;
    let mut sent = 0;
    for account in accounts.iter().filter(|account| !account.closed) {
        let Some(to) = account.address.as_deref().and_then(|it| Address::parse(it).ok()) else { continue };
        let digest = digest_for(account, &cases, &claims, now);
        let Some(slot) = slot(account, &digest, now) else { continue };
        if store.claim_slot(&format!("digest {} {slot}", account.login), now).await? {
            let says = digest::digest(&digest, establishment, home);
            sent += post(relay, &to, says, "digest").await;
        }
    }
    for (login, count) in store.reveals_since(now - SignedDuration::from_hours(1)).await? {
        if count > UNUSUAL && store.claim_slot(&format!("reveals {login} {}", hour(now)), now).await? {
            warn!(login, count, "unusually many reveals within an hour");
            for chief in accounts.iter().filter(|it| it.may(Right::HoldLegally)) {
                let Some(to) = chief.address.as_deref().and_then(|it| Address::parse(it).ok()) else {
                    continue;
                };
                sent += post(relay, &to, digest::reveals(&login, count, establishment), "alert").await;
            }
        }
    }
    Ok(sent)
}

/// The cases that a filter lets through, page by page: the department of one person may come last.
async fn all(store: &dyn Store, filter: CaseFilter) -> Result<Vec<Case>, StoreError> {
    let mut filter = CaseFilter { limit: PAGE, ..filter };
    let mut cases = Vec::new();
    loop {
        let page = store.cases(&filter).await?;
        let full = u32::try_from(page.len()).is_ok_and(|length| length >= PAGE);
        filter.after = page.last().map(|case| Cursor { received_at: case.received_at, id: case.id.clone() });
        cases.extend(page);
        if !full || cases.len() >= MOST {
            return Ok(cases);
        }
    }
}

/// What this person is told: archivists of all that waits for them, approvers of what is past its time.
fn digest_for(account: &Account, cases: &[Case], claims: &[Case], now: Timestamp) -> Digest {
    let decides = |case: &Case| account.role_for(Right::Decide, &case.sender_domain).is_some();
    let claims = claims.iter().filter(|case| decides(case)).count();
    let mut digest = Digest { claims: u64::try_from(claims).unwrap_or(u64::MAX), ..Digest::default() };
    for case in cases {
        let approves = account.role_for(Right::Approve, &case.sender_domain).is_some();
        if case.state == CaseState::Uncertain {
            digest.uncertain += u64::from(decides(case));
            continue;
        }
        let delay = case.delay(now);
        let told =
            decides(case) || (approves && (delay == Delay::Over || case.state == CaseState::ToApprove));
        if told {
            digest.waiting += 1;
            digest.late += u64::from(delay >= Delay::Half);
            digest.over += u64::from(delay == Delay::Over);
            digest.oldest = digest.oldest.into_iter().chain([case.received_at]).min();
        }
    }
    digest
}

/// Which mail is due to this person now: that of a set hour when something waits, is in doubt or is to be checked, that of this hour when something is
/// late.
fn slot(account: &Account, digest: &Digest, now: Timestamp) -> Option<String> {
    if digest.waiting == 0 && digest.claims == 0 && digest.uncertain == 0 {
        return None;
    }
    let local = now.to_zoned(jiff::tz::TimeZone::get("America/Toronto").unwrap_or(jiff::tz::TimeZone::UTC));
    let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
    let set = HOURS.iter().position(|hour| (*hour..*hour + 15).contains(&minutes));
    match set {
        Some(index) => Some(format!("{} {index}", local.date())),
        None if digest.late > 0 && account.may(Right::Decide) || digest.over > 0 => Some(hour(now)),
        None => None,
    }
}

fn hour(now: Timestamp) -> String {
    now.as_second().div_euclid(3600).to_string()
}

async fn post(relay: &dyn Relay, to: &Address, says: crate::notices::Rendered, kind: &str) -> u64 {
    let letter = Letter { id: format!("{kind}.{:016x}", rand::random::<u64>()), to: to.clone(), says };
    match relay.post(&letter).await {
        Ok(()) => {
            info!(kind, "mail to a reviewer sent");
            1
        }
        Err(failure) => {
            warn!(kind, %failure, "mail to a reviewer is not taken; the next slot tries again");
            0
        }
    }
}
