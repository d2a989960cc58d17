//! The pages over a real store and real rules, asked in process, with a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use tower::ServiceExt;
use vaguemestre::model::settings::Establishment;
use vaguemestre::model::{Address, Envelope, Raw, SenderFacts, Submission};
use vaguemestre::ports::{Account, By, CaseFilter, Grant, Judge, Secrets, Session, Store};
use vaguemestre::review::Role;
use vaguemestre::service::{BackOffice, Engine, Replies, Workbench};
use vaguemestre::store::{self, Access, Opening};
use vaguemestre::telemetry::Metrics;
use vaguemestre::web::{Provider, Site, router, secrets, senders_router, totp};

use crate::support::folder::Folder;
use crate::support::letters::{COLLEAGUE, Letter, OTHER_COLLEAGUE, SENDER, nam};

/// Where browsers find the pages in these tests.
pub const HOST: &str = "127.0.0.1:8892";
/// What everyone types.
pub const PASSWORD: &str = "une phrase assez longue";
/// Name of the browser.
pub const BROWSER: &str = "Navigateur/1.0";

pub struct Scene {
    pub store: Arc<dyn Store>,
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    clock: Arc<AtomicI64>,
    pages: Router,
    senders: Option<Router>,
    folder: Folder,
}

/// An answer: status, headers, text.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the cookie it sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap().to_owned());
        lines
            .filter_map(|line| Some(line.strip_prefix(&format!("{name}="))?.split(';').next()?.to_owned()))
            .next()
    }
}

impl Scene {
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// Over another database.
    pub async fn over(url: &str) -> Self {
        Self::made(&format!("url = \"{url}\"\n")).await
    }

    /// With lines of configuration on top.
    pub async fn with(extra: &str) -> Self {
        Self::made(extra).await
    }

    async fn made(extra: &str) -> Self {
        let folder = Folder::new("desk");
        let config = folder.path().join("vaguemestre.toml");
        let state = folder.path().join("state");
        let text =
            format!("[judging]\nmode = \"enforce\"\n[store]\nstate_dir = \"{}\"\n{extra}", state.display());
        std::fs::write(&config, text).unwrap();
        let bench = Workbench::open(Some(&config)).unwrap();
        let settings = bench.settings().clone();
        let opening = Opening::of(&settings, Access::Review);
        let store = store::open(&opening).await.unwrap();
        let (journal, lines) = tokio::sync::mpsc::channel(100);
        std::mem::forget(lines);
        let intake = Arc::clone(&store) as _;
        let metrics = Arc::new(Metrics::default());
        let engine = Engine::new(bench.in_force(), intake, Arc::clone(&metrics), journal);
        let engine = Arc::new(engine);
        let office = Arc::new(BackOffice::new(&engine));
        engine.answer_with(Replies::new(Arc::clone(&store), Arc::clone(&office) as _));
        let clock =
            Arc::new(AtomicI64::new("2026-11-02T15:05:00Z".parse::<Timestamp>().unwrap().as_second()));
        let hand = Arc::clone(&clock);
        let time = Arc::new(move || Timestamp::from_second(hand.load(Ordering::SeqCst)).unwrap());
        let senders = Site::for_senders(
            Arc::clone(&store),
            Arc::clone(&office) as _,
            &settings.review,
            Arc::clone(&time) as _,
        );
        let senders = senders.map(|site| senders_router(Arc::new(site)));
        let provider = settings.review.oidc.as_ref().map(|it| Provider::open(it).unwrap());
        let site = Site::new(Arc::clone(&store), office, &settings.review, time).with_provider(provider);
        Self { store, engine, metrics, clock, pages: router(Arc::new(site)), senders, folder }
    }

    /// Where everything is kept.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Who runs this service.
    pub fn establishment(&self) -> Establishment {
        self.engine.in_force().settings.establishment.clone()
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Opens an account; everyone has the same password and the same key.
    pub async fn account(&self, login: &str, grants: &[(Role, Option<&str>)]) -> Secrets {
        let fresh = secrets::fresh(Some(PASSWORD)).unwrap();
        let grant =
            |&(role, over): &(Role, Option<&str>)| Grant { role, department: over.map(str::to_owned) };
        let account = Account {
            login: login.to_owned(),
            name: format!("Personne {login}"),
            address: None,
            grants: grants.iter().map(grant).collect(),
            created_at: self.now(),
            seen_at: None,
            closed: false,
            must_change: false,
            locked_until: None,
            federated: false,
        };
        self.store
            .open_account(&account, &fresh.secrets, By { actor: "essai", at: self.now() })
            .await
            .unwrap();
        fresh.secrets
    }

    /// Signs a person in without the form; gives the cookie.
    pub async fn session(&self, login: &str) -> String {
        let id = secrets::id().unwrap();
        let now = self.now();
        let browser = <sha2::Sha256 as sha2::Digest>::digest(BROWSER).into();
        let digest = secrets::id_digest(&id);
        let session = Session {
            digest,
            login: login.to_owned(),
            created_at: now,
            seen_at: now,
            proved_at: now,
            browser,
        };
        self.store.open_session(&session).await.unwrap();
        id
    }

    /// An account with one role over all departments, signed in.
    pub async fn signed_in(&self, role: Role) -> String {
        let login = format!("personne-{}", role.name());
        if self.store.account(&login).await.unwrap().is_none() {
            self.account(&login, &[(role, None)]).await;
        }
        self.session(&login).await
    }

    pub fn code(&self, secrets: &Secrets) -> String {
        totp::code(secrets.totp.reveal(), self.now()).unwrap()
    }

    /// A message about a patient to two colleagues: held. Gives the case number, as people write it.
    pub async fn held(&self) -> String {
        let number = nam("GIRL", (1988, 11, 2), true, '4');
        self.held_letter(&Letter::new(
            "Suivi de rendez-vous",
            &format!("Bonjour,\n\nNAM : {number}\n\nMerci"),
        ))
        .await
    }

    pub async fn held_letter(&self, letter: &Letter) -> String {
        let before = self.case_numbers().await;
        self.judged(letter).await;
        let mut opened = self.case_numbers().await;
        opened.retain(|it| !before.contains(it));
        assert_eq!(opened.len(), 1, "one message opens one case: {opened:?}");
        opened.remove(0)
    }

    /// A message to two colleagues goes through the engine.
    pub async fn judged(&self, letter: &Letter) {
        let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
        let address = |text: &str| Address::parse(text).unwrap();
        let submission = Submission {
            envelope: Envelope {
                sender: Some(address(SENDER)),
                recipients: mail.to.iter().map(|to| address(to)).collect(),
                ..Envelope::default()
            },
            facts: SenderFacts::default(),
            raw: Raw(mail.data.clone()),
            received_at: self.now(),
        };
        let _ = self.engine.judge(submission).await;
    }

    async fn case_numbers(&self) -> Vec<String> {
        let cases = self.store.cases(&CaseFilter { limit: 1000, ..CaseFilter::default() }).await.unwrap();
        cases.iter().map(|it| it.id.to_string()).collect()
    }

    pub async fn get(&self, path: &str, session: &str) -> Answer {
        self.send(self.request("GET", path, session).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as our own page would.
    pub async fn post(&self, path: &str, session: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = csrf(session);
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let request = self
            .request("POST", path, session)
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(form(request, &fields)).await
    }

    /// Sends a form that gives a file.
    pub async fn download(&self, path: &str, session: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let csrf = csrf(session);
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let request = self.request("POST", path, session).header("sec-fetch-site", "same-origin");
        let response = self.pages.clone().oneshot(form(request, &fields)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()
    }

    pub fn request(&self, method: &str, path: &str, session: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::HOST, HOST).header(header::USER_AGENT, BROWSER);
        if session.is_empty() {
            request
        } else {
            request.header(header::COOKIE, format!("session={session}"))
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_to(self.pages.clone(), request).await
    }

    /// Sends to the senders' listener.
    pub async fn send_to_senders(&self, request: Request<Body>) -> Answer {
        self.send_to(self.senders.clone().unwrap(), request).await
    }

    async fn send_to(&self, pages: Router, request: Request<Body>) -> Answer {
        let response = pages.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Everything that a request could have changed: cases with their versions, and the trail's length and head.
    pub async fn state(&self) -> String {
        let cases = self.store.cases(&CaseFilter { limit: 1000, ..CaseFilter::default() }).await.unwrap();
        let cases: Vec<String> =
            cases.iter().map(|it| format!("{} {:?} {}", it.id, it.state, it.version)).collect();
        format!("{cases:?} {:?}", self.store.verify_audit().await.unwrap())
    }
}

/// The proof that a form of this session carries.
pub fn csrf(session: &str) -> String {
    use sha2::Digest;
    data_encoding::HEXLOWER
        .encode(&sha2::Sha256::new().chain_update("csrf ").chain_update(session).finalize())
}

pub fn form(request: axum::http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(pairs.join("&"))).unwrap()
}
