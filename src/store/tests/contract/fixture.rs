//! A store in a folder of its own, and invented records.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::model::{
    Address, ArticleId, ArticleRef, CaseFinding, CaseId, CaseKey, CaseRecord, Confidence, Disposition,
    Excerpt, FoundAt, GapReason, Kind, Masked, NoticeKind, NoticeOrder, Region, Reports, Snippet, settings,
};
use crate::ports::{Batch, Committed, Posted, Store, StoreError};
use crate::review::{Action, Actor, Case, Role, act};
use crate::store::{Access, Opening, SqlStore};

/// 2026-11-02 14:05 UTC.
pub(in crate::store::tests) fn noon() -> Timestamp {
    "2026-11-02T14:05:00Z".parse().unwrap()
}

pub(in crate::store::tests) fn later(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

pub(in crate::store::tests) const HOUR: i64 = 3_600;
pub(in crate::store::tests) const DAY: i64 = 86_400;
pub(in crate::store::tests) const WINDOW: Duration = Duration::from_secs(3_600);

pub(in crate::store::tests) fn settings(state_dir: &Path) -> settings::Store {
    settings::Store {
        state_dir: state_dir.to_owned(),
        url: super::super::url(state_dir),
        seal_to: Vec::new(),
        identity: None,
        undecided: Duration::from_secs(15 * 86_400),
        keep_content: Duration::from_secs(7 * 86_400),
        keep_cases: Duration::from_secs(1_827 * 86_400),
    }
}

pub(in crate::store::tests) async fn open(state_dir: &Path) -> SqlStore {
    try_open(state_dir, Access::Review).await.unwrap()
}

pub(in crate::store::tests) async fn try_open(
    state_dir: &Path,
    access: Access,
) -> Result<SqlStore, StoreError> {
    let settings = settings(state_dir);
    let mut opening = Opening::new(&settings, WINDOW, access);
    opening.busy = Duration::from_millis(200);
    SqlStore::open(&opening).await
}

pub(in crate::store::tests) const MESSAGE: &[u8] = b"From: Zenaide Quintefeuille <zenaide.quintefeuille@cisss.example>\r\n\
Subject: Suivi de Barnabe Trifluvien\r\nMessage-ID: <orig-1@cisss.example>\r\n\r\nNAM TRIB 8003 1512\r\n.\r\n..fin\r\n";

/// A case of an invented message; `seed` tells one message from another.
pub(in crate::store::tests) fn record(seed: u64, disposition: Disposition) -> CaseRecord {
    let mut key = [0_u8; 32];
    key.copy_from_slice(&Sha256::digest(seed.to_be_bytes()));
    CaseRecord {
        queue_id: None,
        rules: "0123456789abcdef".to_owned(),
        proposed: CaseId::from_bits(seed.wrapping_mul(0x9E37_79B9)),
        key: CaseKey(key),
        disposition,
        received_at: noon(),
        sender: Some(Address::parse("Zenaide.Quintefeuille@cisss.example").unwrap()),
        recipients: vec![
            Address::parse("barnabe.trifluvien@courriel.example").unwrap(),
            Address::parse("ophelie.grandmaison@clinique.example").unwrap(),
        ],
        message_id: Some(Masked::new("<orig-1@cisss.example>")),
        smtputf8: false,
        reports: Reports::default(),
        articles: vec![ArticleRef {
            cites: "DIR 2022 DQEPE 054, art. 5.7".to_owned(),
            says: "On ne nomme pas l'usager.".to_owned(),
            says_en: "The user is not named.".to_owned(),
            notice: "nom".to_owned(),
        }],
        article_ids: vec![ArticleId("054-5.7-nom".to_owned())],
        found: vec![FoundAt {
            kind: Kind::Nam,
            count: 1,
            region: Region::Body,
            attachment: None,
            line: Some(1),
        }],
        findings: vec![Excerpt {
            shown: CaseFinding {
                kind: Kind::Nam,
                rule: "nam".to_owned(),
                masked: "T••••••••••2".to_owned(),
                confidence: Confidence::High,
                region: Region::Body,
                attachment: None,
                line: Some(1),
                person: Some(1),
            },
            around: Snippet {
                before: Masked::new("NAM "),
                found: Masked::new("TRIB 8003 1512"),
                after: Masked::new(" de Barnabe"),
            },
        }],
        severity: 2,
        two_persons: false,
        gaps: vec![GapReason::Encrypted],
        size: u64::try_from(MESSAGE.len()).unwrap(),
    }
}

pub(in crate::store::tests) fn order(record: &CaseRecord, kind: NoticeKind) -> NoticeOrder {
    NoticeOrder {
        kind,
        case: record.proposed.clone(),
        to: record.sender.clone().unwrap(),
        sent_at: record.received_at,
        recipients: 2,
        domains: vec!["clinique.example".to_owned(), "courriel.example".to_owned()],
        articles: record.articles.clone(),
        found: record.found.clone(),
        unread: 1,
        deadline: Some(later(15 * DAY)),
        reason: None,
        in_reply_to: record.message_id.clone(),
        token: None,
        encrypted: false,
    }
}

pub(in crate::store::tests) async fn hold(
    store: &dyn Store,
    record: &CaseRecord,
) -> Result<Committed, StoreError> {
    let notices = [order(record, NoticeKind::Held)];
    store.commit(Batch { case: record, content: Some(MESSAGE), notices: &notices }).await
}

pub(in crate::store::tests) fn archivist() -> Actor {
    Actor::person("m.archiviste", Role::Archivist)
}

/// Does something to a case as it stands now.
pub(in crate::store::tests) async fn take_step(
    store: &dyn Store,
    case: &CaseId,
    action: Action,
    actor: &Actor,
    at: Timestamp,
) -> Result<Case, StoreError> {
    let before = store.case(case).await?.unwrap();
    let text = matches!(actor, Actor::Person { .. }).then(|| Masked::new("Barnabe Trifluvien a consenti"));
    let transition =
        act(&before, action, actor, text, at).map_err(|refusal| StoreError::Refused(refusal.to_string()))?;
    store.apply(&transition).await?;
    Ok(store.case(case).await?.unwrap())
}

/// A held case, and the order of its first try.
pub(in crate::store::tests) async fn released_once(
    store: &dyn Store,
    at: Timestamp,
) -> crate::ports::ReleaseOrder {
    let case = hold(store, &record(7, Disposition::Held)).await.unwrap().case;
    take_step(store, &case, Action::Release, &archivist(), at).await.unwrap();
    store.arm_release(at, WINDOW).await.unwrap().unwrap()
}

/// Tells the MTA took every notice that waits; how many there were.
pub(in crate::store::tests) async fn post_all(store: &dyn Store, at: Timestamp) -> usize {
    let mut posted = 0;
    while let Some(notice) = store.claim_notice(at, Duration::from_secs(60)).await.unwrap() {
        store.settle_notice(&notice.id, Posted::Sent, at).await.unwrap();
        posted += 1;
    }
    posted
}
