//! The whole life of one held message, from the milter's hold to the last notice; it may be begun again after any crash.

use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use vaguemestre::model::{
    Address, CaseId, CaseKey, CaseRecord, CaseState, Disposition, Masked, NoticeKind, NoticeOrder, Reports,
    settings,
};
use vaguemestre::notices::Rendered;
use vaguemestre::ports::{Batch, Committed, Store, StoreError};
use vaguemestre::relay::SmtpRelay;
use vaguemestre::review::{Action, Actor, Role};
use vaguemestre::service::outbox::post_next;
use vaguemestre::service::releases::{Doubts, Looks, decide, reconcile, release_next};
use vaguemestre::store::{self, Access, Opening};
use vaguemestre::telemetry::Metrics;

use super::mta::{Clock, Fault, FolderQueue, Mta};

pub const MESSAGE: &[u8] =
    b"From: z.q@cisss.example\r\nSubject: Suivi\r\nDate: Mon, 2 Nov 2026 10:00:00 -0500\r\nMessage-ID: <life-1@cisss.example>\r\n\r\n\
Bonjour,\r\n.point\r\n..deux points\r\n\xE9 latin-1\r\nfin\r\n";

/// Never asks neither queue nor log too early: the test's clock moves on by itself.
pub const DOUBTS: Doubts =
    Doubts { lost_after: SignedDuration::from_secs(60), told_after: SignedDuration::from_mins(15) };

/// Where a child finds a database that is not in its folder.
pub const URL: &str = "VAGUEMESTRE_TEST_URL";

pub async fn open(state: &Path) -> Arc<dyn Store> {
    let own = || format!("sqlite:{}", state.join("state/cases.db").display());
    open_at(state, &std::env::var(URL).unwrap_or_else(|_| own())).await
}

pub async fn open_at(state: &Path, url: &str) -> Arc<dyn Store> {
    let settings = settings::Store {
        state_dir: state.join("state"),
        url: url.to_owned(),
        seal_to: Vec::new(),
        identity: None,
        undecided: Duration::from_secs(15 * 86_400),
        keep_content: Duration::from_secs(7 * 86_400),
        keep_cases: Duration::from_secs(1_827 * 86_400),
    };
    store::open(&Opening::new(&settings, Duration::from_secs(60), Access::Review)).await.unwrap()
}

/// One machine: a store, an MTA, a relay between them.
pub struct House {
    pub store: Arc<dyn Store>,
    pub clock: Arc<Clock>,
    pub relay: SmtpRelay,
    pub queue: FolderQueue,
    pub metrics: Metrics,
    looks: tokio::sync::Mutex<Looks>,
    mta: Arc<Mta>,
}

impl Drop for House {
    fn drop(&mut self) {
        self.mta.stop();
    }
}

impl House {
    pub async fn build(folder: &Path, fault: Fault, faulty: usize) -> Self {
        Self::with(open(folder).await, folder, fault, faulty).await
    }

    pub async fn build_at(folder: &Path, url: &str, fault: Fault, faulty: usize) -> Self {
        Self::with(open_at(folder, url).await, folder, fault, faulty).await
    }

    async fn with(store: Arc<dyn Store>, folder: &Path, fault: Fault, faulty: usize) -> Self {
        let clock = Arc::new(Clock::default());
        let mta = Arc::new(Mta {
            folder: folder.to_owned(),
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            fault,
            faulty: AtomicUsize::new(faulty),
            listening: Mutex::default(),
        });
        let relay = SmtpRelay::new(settings::Relay {
            release: mta.listen("queue").await,
            notices: mta.listen("notices").await,
            from: "courriel@cisss.example".to_owned(),
            helo: "vaguemestre.cisss.example".to_owned(),
            group_warnings: Duration::from_secs(60),
            postfix_config: None,
            mail_log: None,
            timeout: Duration::from_secs(5),
            encrypt_header: String::new(),
            encrypt_subject: String::new(),
        });
        let queue = FolderQueue(folder.to_owned());
        Self { store, clock, relay, queue, metrics: Metrics::default(), looks: Default::default(), mta }
    }

    /// Holds the message, as the milter does at each try of the MTA.
    pub async fn hold(&self) -> CaseId {
        hold(self.store.as_ref(), 7, MESSAGE).await.unwrap().case
    }

    pub async fn release(&self, case: &CaseId) {
        self.decide(case, Action::Release).await;
    }

    /// An archivist's decision.
    pub async fn decide(&self, case: &CaseId, action: Action) {
        let actor = Actor::person("m.archiviste", Role::Archivist);
        let reason = Some(Masked::new("faux positif"));
        decide(self.store.as_ref(), case, action, &actor, reason, self.clock.now()).await.unwrap();
    }

    /// One turn of every worker. The clock moves on, so that leases end and waits pass.
    pub async fn turn(&self) {
        let (store, now) = (self.store.as_ref(), self.clock.now());
        let released = release_next(store, &self.relay, &self.metrics, now).await.unwrap();
        let mut looks = self.looks.lock().await;
        reconcile(store, &self.queue, DOUBTS, &mut looks, self.clock.now()).await.unwrap();
        drop(looks);
        let posted = post_next(store, &self.relay, &render, &self.metrics, self.clock.now()).await.unwrap();
        if !released && !posted {
            self.clock.skip(30);
        }
    }

    pub async fn state(&self, case: &CaseId) -> CaseState {
        self.store.case(case).await.unwrap().unwrap().state
    }

    /// Turns until the case has ended and every notice has left.
    pub async fn to_the_end(&self, case: &CaseId) {
        for _ in 0..400 {
            self.turn().await;
            let waiting = self.store.figures().await.unwrap().notices;
            if self.state(case).await == CaseState::Released && waiting == 0 {
                return;
            }
        }
        panic!("the case does not end: {:?}", self.store.case(case).await.unwrap().unwrap());
    }
}

/// Holds a message; `seed` tells one from another.
pub async fn hold(store: &dyn Store, seed: u8, content: &[u8]) -> Result<Committed, StoreError> {
    let record = record(seed);
    let notices = [notice(&record)];
    store.commit(Batch { case: &record, content: Some(content), notices: &notices }).await
}

/// Begins, or goes on after a crash. The client sends the message until it is answered, and then no more.
pub async fn whole_life(folder: &Path) {
    let house = House::build(folder, Fault::None, 0).await;
    house.store.resume(house.clock.now()).await.unwrap();
    let answered = folder.join("answered");
    let case = match std::fs::read_to_string(&answered) {
        Ok(number) => CaseId::parse(&number).unwrap(),
        Err(_) => {
            let case = house.hold().await;
            std::fs::write(folder.join("answer"), case.as_str()).unwrap();
            std::fs::rename(folder.join("answer"), answered).unwrap();
            case
        }
    };
    if house.state(&case).await == CaseState::Held {
        house.release(&case).await;
    }
    house.to_the_end(&case).await;
}

fn record(seed: u8) -> CaseRecord {
    CaseRecord {
        queue_id: None,
        rules: "0123456789abcdef".to_owned(),
        proposed: CaseId::from_bits(rand::random()),
        key: CaseKey([seed; 32]),
        disposition: Disposition::Held,
        received_at: Timestamp::now(),
        sender: Address::parse("z.q@cisss.example").ok(),
        recipients: vec![Address::parse("b@x.example").unwrap(), Address::parse("c@y.example").unwrap()],
        message_id: Some(Masked::new("<life-1@cisss.example>")),
        smtputf8: false,
        reports: Reports::default(),
        articles: Vec::new(),
        article_ids: Vec::new(),
        found: Vec::new(),
        findings: Vec::new(),
        severity: 1,
        two_persons: false,
        gaps: Vec::new(),
        size: 1,
    }
}

fn notice(record: &CaseRecord) -> NoticeOrder {
    NoticeOrder {
        kind: NoticeKind::Held,
        case: record.proposed.clone(),
        to: record.sender.clone().unwrap(),
        sent_at: record.received_at,
        recipients: 2,
        domains: Vec::new(),
        articles: Vec::new(),
        found: Vec::new(),
        unread: 0,
        deadline: None,
        reason: None,
        in_reply_to: record.message_id.clone(),
        token: None,
        encrypted: false,
    }
}

fn render(orders: &[NoticeOrder], _now: Timestamp) -> Option<Rendered> {
    let order = orders.first()?;
    Some(Rendered {
        subject: order.kind.name().to_owned(),
        text: "Bonjour\n".to_owned(),
        headers: Vec::new(),
        in_reply_to: order.in_reply_to.clone(),
    })
}
