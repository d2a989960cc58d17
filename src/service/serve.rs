//! The service from its first line to its last.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use super::digests::run_digests;
use super::figures::MilterFigures;
use super::journal::run_journal;
use super::outbox::run_outbox;
use super::releases::{Doubts, run_releases};
use super::retention::run_retention;
use super::rosters::{self, run_rosters};
use super::signals::{Asked, Signals};
use super::timely::Timely;
use super::{BackOffice, Engine, InForce, Replies, RulesError, Workbench};
use crate::detect::Origin;
use crate::detect::roster::Rosters;
use crate::milter::{self, Counters, ListenError, Listener};
use crate::model::NoticeOrder;
use crate::model::settings::Settings;
use crate::notices;
use crate::ports::{Intake, Relay, Store, StoreError};
use crate::relay::{PostfixQueue, SmtpRelay};
use crate::store::{self, Access, Opening};
use crate::telemetry::{self, Health, LogError, Metrics};
use crate::web::{self, Provider, Site, Tls, TlsError};

/// Why the service does not start. Each says who can mend it and how.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Configuration or rules.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A milter socket.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The folder of large messages.
    #[error(
        "the folder of large messages {0} cannot be used: {1}; see milter.spill_dir in the configuration"
    )]
    Spill(PathBuf, std::io::Error),
    /// The address of a listener of pages.
    #[error("{0} = {1} cannot be opened: {2}")]
    Review(&'static str, core::net::SocketAddr, std::io::Error),
    /// The processes that read attachments.
    #[error(
        "no process can be started to read attachments: {0}; see [sandbox] in the configuration, and the unit's limits"
    )]
    Workers(std::io::Error),
    /// The establishment's sign-in service.
    #[error(transparent)]
    SignIn(#[from] web::OpenError),
    /// The certificate of the pages.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Logging.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Signals.
    #[error("the system refuses a signal handler: {0}")]
    Signals(std::io::Error),
}

impl ServeError {
    /// Whether another try may succeed with nothing set otherwise: a database that is not up yet, a full disk, an address that another
    /// process has for the moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Store(StoreError::Unavailable(_)) | Self::Listen(ListenError::InUse(_)) => true,
            Self::Spill(_, failure)
            | Self::Listen(ListenError::Io(_, failure))
            | Self::Review(_, _, failure)
            | Self::Workers(failure) => matches!(
                failure.kind(),
                ErrorKind::StorageFull
                    | ErrorKind::QuotaExceeded
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::AddrInUse
                    | ErrorKind::AddrNotAvailable
                    | ErrorKind::WouldBlock
                    | ErrorKind::OutOfMemory
                    | ErrorKind::TimedOut
            ),
            _ => false,
        }
    }
}

/// Lines of the journal that may wait for the database.
const JOURNAL_QUEUE: usize = 10_000;

/// Serves until SIGTERM or SIGINT: milter, health page, outbox, releases, retention.
///
/// # Errors
/// [`ServeError`] when it cannot start. Once started, only a signal ends it.
pub async fn serve(config: Option<PathBuf>) -> Result<(), ServeError> {
    let mut signals = Signals::take().map_err(ServeError::Signals)?;
    let bench = Workbench::open(config.as_deref())?.with_configured_rosters(&Rosters::default());
    let settings = bench.settings().clone();
    telemetry::start(&settings.log)?;
    milter::claim_descriptors();
    bench.workers().prove().map_err(ServeError::Workers)?;
    let provider = settings.review.oidc.as_ref().map(Provider::open).transpose()?;
    let tls = settings.review.tls.as_ref().map(Tls::open).transpose()?;
    let spill_dir = settings.milter.spill_dir.clone();
    milter::prepare_spill(&spill_dir).map_err(|failure| ServeError::Spill(spill_dir.clone(), failure))?;
    let _alone = store::hold(&settings.store)?;
    let listeners = listen(&settings)?;
    let page = bind("review.listen", settings.review.listen).await?;
    let senders_page = match &settings.review.senders {
        Some(senders) => Some(bind("review.senders_listen", senders.listen).await?),
        None => None,
    };
    let opening = Opening::of(&settings, Access::Review);
    let store = store::open(&opening).await?;

    let metrics = Metrics::default();
    let counters = Arc::new(Counters::with_causes(metrics.tempfails()));
    let metrics = Arc::new(metrics.with(Box::new(MilterFigures(Arc::clone(&counters)))));
    let health = Arc::new(Health::default());
    let (journal, lines) = mpsc::channel(JOURNAL_QUEUE);
    let intake: Arc<dyn Intake> = Arc::clone(&store) as _;
    let timely = Arc::new(Timely::new(Arc::clone(&intake), settings.judging.timeout));
    let engine = Arc::new(Engine::new(bench.in_force(), intake, Arc::clone(&metrics), journal));
    let office = Arc::new(BackOffice::new(&engine));
    engine.answer_with(Replies::new(Arc::clone(&store), Arc::clone(&office) as _));
    let clock: web::Clock = Arc::new(jiff::Timestamp::now);
    let senders_site =
        Site::for_senders(Arc::clone(&store), Arc::clone(&office) as _, &settings.review, Arc::clone(&clock));
    let site = Site::new(Arc::clone(&store), office, &settings.review, clock).with_provider(provider);

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(run_journal(Arc::clone(&store) as _, lines));
    let pages = serve_pages(
        page,
        Arc::clone(&health),
        Arc::clone(&metrics),
        site,
        tls.clone(),
        until(stopped.clone()),
    );
    tasks.spawn(pages);
    if let Some((page, site)) = senders_page.zip(senders_site) {
        let pages = web::run_for_senders(page, Arc::new(site), tls.clone(), until(stopped.clone()));
        tasks.spawn(async move {
            if let Err(failure) = pages.await {
                error!(%failure, "the senders' page ended; mail goes on");
            }
        });
    }
    tasks.spawn(watch_store(timely, Arc::clone(&health), until(stopped.clone())));
    tasks.spawn(watch_spill(spill_dir, Arc::clone(&health), until(stopped.clone())));
    tasks.spawn(run_rosters(
        Arc::clone(&engine),
        Arc::clone(&health),
        Arc::clone(&metrics),
        until(stopped.clone()),
    ));
    for worker in workers(&engine, &store, &settings, &metrics, &health, &stopped) {
        tasks.spawn(worker);
    }
    let mail = serve_mail(listeners, settings.clone(), Arc::clone(&engine), counters, until(stopped));
    let mail = tokio::spawn(mail);

    announce(&engine, &health, &metrics);
    while signals.next().await == Asked::Reload {
        reload(config.as_deref(), &engine, &health, &metrics);
        renew_certificate(tls.as_ref(), &engine);
    }
    info!("stopping: messages in hand are finished first");
    health.draining();
    notify(&[NotifyState::Stopping]);
    stop.send_replace(true);
    // A panic of the listener's own task is in the log already; what else runs is still to be ended in order.
    let _ = mail.await;
    drop(engine);
    while tasks.join_next().await.is_some() {}
    info!("stopped");
    Ok(())
}

async fn bind(setting: &'static str, at: core::net::SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(at).await.map_err(|failure| ServeError::Review(setting, at, failure))
}

/// Opens the milter's sockets: those handed over by systemd, or else those of the settings.
fn listen(settings: &Settings) -> Result<Vec<Listener>, ListenError> {
    let handed_over = milter::adopt(ListenFd::from_env())?;
    if handed_over.is_empty() { milter::bind(&settings.milter.listen) } else { Ok(handed_over) }
}

/// What goes on behind the mail: notices, releases, retention.
fn workers(
    engine: &Arc<Engine>,
    store: &Arc<dyn Store>,
    settings: &Settings,
    metrics: &Arc<Metrics>,
    health: &Arc<Health>,
    stopped: &watch::Receiver<bool>,
) -> [BoxFuture; 4] {
    let relay: Arc<dyn Relay> = Arc::new(SmtpRelay::new(settings.relay.clone()));
    let queue = Arc::new(PostfixQueue::new(&settings.relay));
    let stop = || until(stopped.clone());
    let current = engine.current();
    let establishment = move || current.get().settings.establishment.clone();
    let (desk, mail, review) = (Arc::clone(store), Arc::clone(&relay), settings.review.clone());
    let current = engine.current();
    let render = move |orders: &[NoticeOrder], now| {
        notices::render(orders, &current.get().settings.establishment, now)
    };
    [
        Box::pin(run_outbox(Arc::clone(store) as _, Arc::clone(&relay), render, Arc::clone(metrics), stop())),
        Box::pin(run_releases(
            Arc::clone(store),
            relay,
            queue,
            Doubts::default(),
            Arc::clone(metrics),
            stop(),
        )),
        Box::pin(run_retention(Arc::clone(store), Arc::clone(metrics), Arc::clone(health), stop())),
        Box::pin(run_digests(desk, mail, establishment, review, stop())),
    ]
}

/// A task to be.
type BoxFuture = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn serve_mail(
    listeners: Vec<Listener>,
    settings: Settings,
    engine: Arc<Engine>,
    counters: Arc<Counters>,
    stop: impl Future<Output = ()>,
) {
    milter::run(listeners, &settings.milter, engine, counters, stop).await;
}

async fn serve_pages(
    page: TcpListener,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    site: Site,
    tls: Option<Tls>,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    if let Err(failure) = web::run(page, health, metrics, Some(Arc::new(site)), tls, stop).await {
        error!(%failure, "the health page ended; mail goes on");
    }
}

/// Asks the store again and again whether a message could be held, for `/readyz`.
async fn watch_store(store: Arc<dyn Intake>, health: Arc<Health>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        health.holding(store.ready().await.map_err(|failure| failure.to_string()));
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(STORE_WATCH) => {}
        }
    }
}

/// Tries again and again whether a large message could wait in its file, for `/readyz`; a folder that is gone is made again.
async fn watch_spill(folder: PathBuf, health: Arc<Health>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let tried = folder.clone();
        let probe = tokio::task::spawn_blocking(move || milter::prepare_spill(&tried)).await;
        let ability = probe.map_err(std::io::Error::other).flatten();
        health.spilling(
            ability.map_err(|why| format!("large messages are put off: {}: {why}", folder.display())),
        );
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(STORE_WATCH) => {}
        }
    }
}

/// How often `/readyz` learns whether a message can be held.
const STORE_WATCH: Duration = Duration::from_secs(5);

/// Tells operators what is in force.
fn announce(engine: &Engine, health: &Health, metrics: &Metrics) {
    let in_force = engine.in_force();
    health.judging(Ok(()));
    let remarks = in_force.remarks(jiff::Timestamp::now());
    for remark in &remarks {
        warn!("{remark}");
    }
    health.remarks(remarks);
    rosters::show(in_force.rules.detectors().rosters(), metrics);
    metrics.loaded(in_force.rules.digest(), jiff::Timestamp::now());
    info!(
        rules = in_force.rules.digest(),
        articles = in_force.rules.policy().articles().len(),
        own_rules =
            in_force.rules.detectors().rules().iter().filter(|rule| rule.origin == Origin::Local).count(),
        changed_rules = in_force.rules.detectors().local().changes.len(),
        exceptions = in_force.rules.detectors().local().exceptions.all().len(),
        version = env!("CARGO_PKG_VERSION"),
        "ready"
    );
    notify(&[NotifyState::Ready]);
}

/// Reads everything again; what does not load leaves the old rules in force. Sockets, store and relay keep the settings
/// they started with.
fn reload(config: Option<&Path>, engine: &Engine, health: &Health, metrics: &Metrics) {
    match Workbench::startable(config) {
        Ok(bench) => {
            if let Err(failure) = bench.workers().prove() {
                metrics.reload_refused();
                return error!("reload refused: no process can be started to read attachments: {failure}");
            }
            let old = engine.in_force();
            if is_cut_short(&old, &bench) {
                metrics.reload_refused();
                return error!(
                    "reload refused, the old rules stay in force: no article would act any more, and no line says so; \
                     to observe, write mode = \"observe\" under [judging]"
                );
            }
            let bench = bench.with_configured_rosters(old.rules.detectors().rosters());
            for section in old.settings.fixed_at_start(bench.settings()) {
                warn!(section, "changed in the configuration: takes effect at the next start");
            }
            engine.replace(bench.started_with(&old.settings).in_force());
            announce(engine, health, metrics);
        }
        Err(failure) => {
            metrics.reload_refused();
            error!("reload refused, the old rules stay in force: {failure}");
        }
    }
}

/// Whether the articles that act would stop doing so without a line that says it: an empty configuration, or one of which the end was lost.
fn is_cut_short(old: &InForce, new: &Workbench) -> bool {
    let observes = new.rules().policy().only_observes();
    observes && !new.settings().judging.mode_said && !old.rules.policy().only_observes()
}

/// Takes up a certificate that was renewed in its files, where TLS was on from the start.
fn renew_certificate(tls: Option<&Tls>, engine: &Engine) {
    let in_force = engine.in_force();
    if let (Some(tls), Some(files)) = (tls, &in_force.settings.review.tls) {
        match tls.renew(files) {
            Ok(()) => info!("the certificate of the pages was read again"),
            Err(failure) => error!("the certificate of the pages stays the old one: {failure}"),
        }
    }
}

/// Tells systemd, when it listens.
fn notify(states: &[NotifyState<'_>]) {
    if let Err(failure) = sd_notify::notify(states) {
        warn!(%failure, "systemd does not take the notice");
    }
}

/// Ready when the channel says so; a closed channel is a stop too.
async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "`/readyz` [says] that it can judge and hold": a store that hangs holds nothing, and is not waited for.
    #[tokio::test]
    async fn a_store_that_hangs_is_told_by_readyz() {
        let health = Arc::new(Health::default());
        let (stop, stopped) = watch::channel(false);
        let watching = tokio::spawn(watch_store(
            super::super::timely::tests::hung(),
            Arc::clone(&health),
            until(stopped),
        ));
        let told = || health.readiness().reasons.iter().any(|reason| reason.contains("no answer within"));
        while !told() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!health.readiness().can_hold);
        stop.send_replace(true);
        watching.await.unwrap();
    }
}
