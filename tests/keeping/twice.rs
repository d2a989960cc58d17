//! Two machines, two reviewers, one store: every message is held twice, released by both at once and worked on by both, while
//! workers are cut off in the middle of anything and the MTA answers wrongly. Each arrives once, on both engines.
//!
//! `VAGUEMESTRE_RUNS` sets how many messages go through each engine (50 by default).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use vaguemestre::model::{CaseId, CaseState, Masked};
use vaguemestre::ports::{Store, Trail};
use vaguemestre::review::{Action, Actor, Role};
use vaguemestre::service::releases::decide;

use super::life::{House, MESSAGE, hold, open_at};
use super::mta::{Fault, messages};
use crate::support::pg;

/// Messages of one database.
const BATCH: u8 = 25;

fn wanted() -> usize {
    std::env::var("VAGUEMESTRE_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_cuts_and_duplicate_clicks_over_sqlite() {
    runs("SQLite", |folder| format!("sqlite:{}", folder.join("state/cases.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_cuts_and_duplicate_clicks_over_postgres() {
    runs("PostgreSQL", |_| pg::server().database(&format!("r{:016x}", rand::random::<u64>()))).await;
}

async fn runs(engine: &str, url: impl Fn(&Path) -> String) {
    let (mut done, mut cuts) = (0, 0);
    while done < wanted() {
        let folder = tempfile::tempdir().unwrap();
        cuts += batch(folder.path(), &url(folder.path())).await;
        done += usize::from(BATCH);
    }
    println!("{engine}: {done} messages, {cuts} cuts: 0 lost, 0 doubled");
}

/// One message of the batch.
fn message(seed: u8) -> Vec<u8> {
    [MESSAGE, format!("message {seed}\r\n").as_bytes()].concat()
}

/// Lives a batch to its end; says how often a worker was cut off.
async fn batch(folder: &Path, url: &str) -> usize {
    let stores = [open_at(folder, url).await, open_at(folder, url).await];
    let cases = hold_all(&stores).await;
    click_all(&stores, &cases).await;
    drop(stores);
    let mut cuts = 0;
    for _ in 0..8 {
        let nodes = [node(folder, url).await, node(folder, url).await];
        let mut working = tokio::task::JoinSet::new();
        for house in nodes {
            working.spawn(async move {
                loop {
                    house.turn().await;
                }
            });
        }
        let moment = Duration::from_millis(rand::rng().random_range(1..120));
        tokio::time::sleep(moment).await;
        // Both stop wherever they are, one after the other; what they hold is dropped.
        working.abort_all();
        while working.join_next().await.is_some() {
            cuts += 1;
        }
    }
    finish(folder, url, &cases).await;
    cuts
}

/// A machine that begins, with an MTA that fails in one way or another, a few times.
async fn node(folder: &Path, url: &str) -> House {
    let faults = [Fault::None, Fault::QueuedAnd451, Fault::LostAfterClaim, Fault::LostBeforeClaim];
    let fault = faults[rand::rng().random_range(0..faults.len())];
    let house = House::build_at(folder, url, fault, 3).await;
    house.store.resume(house.clock.now()).await.unwrap();
    house
}

/// Holds each message through both machines at once, twice through one: the MTA's retry.
async fn hold_all(stores: &[Arc<dyn Store>; 2]) -> Vec<CaseId> {
    let mut cases = Vec::new();
    for seed in 0..BATCH {
        let content = message(seed);
        let (one, two) =
            tokio::join!(hold(stores[0].as_ref(), seed, &content), hold(stores[1].as_ref(), seed, &content));
        let (one, two) = (one.unwrap(), two.unwrap());
        let again = hold(stores[usize::from(seed % 2)].as_ref(), seed, &content).await.unwrap();
        assert!(one.repeated != two.repeated && again.repeated, "one case for one message");
        assert!(one.case == two.case && two.case == again.case);
        cases.push(one.case);
    }
    cases
}

/// Two reviewers click « release » twice each, on two machines, at once: one click counts.
async fn click_all(stores: &[Arc<dyn Store>; 2], cases: &[CaseId]) {
    for case in cases {
        let mut clicks = tokio::task::JoinSet::new();
        for turn in 0..4_usize {
            let (store, case) = (Arc::clone(&stores[turn % 2]), case.clone());
            clicks.spawn(async move {
                let actor = Actor::person(["a", "b"][turn / 2], Role::Archivist);
                let (reason, now) = (Some(Masked::new("vu")), jiff::Timestamp::now());
                decide(store.as_ref(), &case, Action::Release, &actor, reason, now).await.is_ok()
            });
        }
        let counted = clicks.join_all().await.into_iter().filter(|counted| *counted).count();
        assert_eq!(counted, 1, "of four clicks one counts");
    }
}

/// Without further faults, everything ends; then what arrived is counted.
async fn finish(folder: &Path, url: &str, cases: &[CaseId]) {
    let house = House::build_at(folder, url, Fault::None, 0).await;
    house.store.resume(house.clock.now()).await.unwrap();
    for _ in 0..2_000 {
        house.turn().await;
        let figures = house.store.figures().await.unwrap();
        let released = figures.cases.iter().find(|(state, _)| *state == CaseState::Released).unwrap().1;
        if released == u64::from(BATCH) && figures.notices == 0 {
            break;
        }
    }
    for case in cases {
        assert_eq!(house.state(case).await, CaseState::Released, "{case}");
    }
    let mut arrived = messages(folder, "queue");
    arrived.sort();
    let mut sent: Vec<Vec<u8>> = (0..BATCH).map(message).collect();
    sent.sort();
    assert!(arrived == sent, "{} of {BATCH} arrived", arrived.len());
    assert!(matches!(house.store.verify_audit().await.unwrap(), Trail::Whole { .. }));
}
