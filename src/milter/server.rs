//! All connections together: accepting, limits, and a stop that loses nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;

use super::budget::Budget;
use super::connection::{Closed, Connection};
use super::counters::{Counters, count};
use super::judging::{ReadBack, caught};
use super::listener::Listener;
use super::places::{Place, Places, Standing};
use super::session::Ending;
use super::stream::Stream;
use crate::model::settings::Milter;
use crate::ports::Judge;
use crate::telemetry::Calm;

/// What all connections share.
pub(super) struct Shared {
    pub(super) settings: Milter,
    pub(super) judge: Arc<dyn Judge>,
    pub(super) counters: Arc<Counters>,
    pub(super) budget: Arc<Budget>,
    pub(super) read_back: ReadBack,
    pub(super) places: Places,
    limit: Calm,
    overfull: Calm,
    not_accepted: Calm,
}

/// Where the service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Taking connections.
    Serving,
    /// Taking none; those there are come to their end.
    Draining,
    /// Every connection ends now.
    Over,
}

/// Serves MTAs until `stop` is ready and the connections have come to their end.
///
/// On stop the sockets are closed first. A connection with a message in hand is served to the message's end; one
/// between messages ends when it has been silent for a second, for an MTA that loses its milter defers all else that
/// its client sends over the same SMTP connection. After [`Milter::drain_timeout`] what is judged or comes to its end at once is put
/// off, and what remains is cut.
pub async fn run(
    listeners: Vec<Listener>,
    settings: &Milter,
    judge: Arc<dyn Judge>,
    counters: Arc<Counters>,
    stop: impl Future<Output = ()>,
) {
    let budget = Budget::new(settings.memory);
    counters.watch(&budget);
    let places = Places::new(settings.connections);
    let (phase, watched) = watch::channel(Phase::Serving);
    let read_back = ReadBack::new(settings.memory);
    let shared = Arc::new(Shared {
        settings: settings.clone(),
        judge,
        counters,
        budget,
        read_back,
        places: places.clone(),
        limit: Calm::default(),
        overfull: Calm::default(),
        not_accepted: Calm::default(),
    });
    let mut accepting = tokio::task::JoinSet::new();
    for listener in listeners {
        accepting.spawn(accept(listener, Arc::clone(&shared), watched.clone()));
    }
    drop(watched);
    stop.await;
    accepting.shutdown().await;
    phase.send_replace(Phase::Draining);
    if tokio::time::timeout(settings.drain_timeout, places.empty()).await.is_err() {
        tracing::warn!("connections were still open at the end of the drain; they are cut");
        phase.send_replace(Phase::Over);
        // Each ends at its next wait; a judge that does not yield is not waited for.
        let _ = tokio::time::timeout(CUT, places.empty()).await;
    }
}

/// Takes connections from one socket for ever.
async fn accept(listener: Listener, shared: Arc<Shared>, phase: watch::Receiver<Phase>) {
    loop {
        match listener.accept().await {
            Ok(stream) => {
                let place = take_place(&shared).await;
                tokio::spawn(attend(stream, Arc::clone(&shared), phase.clone(), place));
            }
            Err(error) => {
                // Out of file descriptors, most likely: the next try is not better at once. Who connected waits meanwhile.
                if let Some(times) = shared.not_accepted.speak() {
                    tracing::warn!(times, %error, "a connection could not be accepted; it waits");
                }
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// A place for a new connection, among those that wait if need be, however long that takes.
async fn take_place(shared: &Shared) -> Place {
    let place = match shared.places.take() {
        Some(place) => place,
        None => {
            if let Some(times) = shared.overfull.speak() {
                tracing::error!(
                    times,
                    "even the connections that wait are too many: a further one is served once one ends"
                );
            }
            shared.places.wait().await
        }
    };
    if place.standing == Standing::Waiting {
        count(&shared.counters.over_limit);
        if let Some(times) = shared.limit.speak() {
            tracing::warn!(times, "the limit on connections is reached: mail of a further one is put off");
        }
    }
    place
}

/// One connection from its first byte to its last, counted and logged.
async fn attend(stream: Stream, shared: Arc<Shared>, phase: watch::Receiver<Phase>, place: Place) {
    let counters = Arc::clone(&shared.counters);
    count(&counters.connections);
    counters.open.fetch_add(1, Ordering::Relaxed);
    let _open = Open(&counters);
    let mut connection = Connection::new(stream, shared, phase, place);
    let closed = match caught(connection.serve()).await {
        Ok(closed) => closed,
        Err(failure) => {
            tracing::error!(%failure, "serving a connection panicked: what it still brings is put off");
            connection.recover();
            caught(connection.serve()).await.unwrap_or(Closed::Panicked)
        }
    };
    let in_hand = connection.message_in_hand();
    match &closed {
        // A client that only connects and leaves, a port check, a stop: all in a day's work.
        Closed::Session(Ending::Quit) | Closed::Gone | Closed::Stopped => {
            tracing::debug!(in_hand, "connection ended: {closed}");
        }
        Closed::Io(error) => tracing::debug!(in_hand, "connection ended: {error}"),
        Closed::Silent | Closed::Deaf => {
            count(&counters.timeouts);
            tracing::info!(in_hand, "connection ended: {closed}");
        }
        Closed::Panicked => tracing::error!(in_hand, "connection ended: {closed}"),
        Closed::Session(_) | Closed::Frame(_) => {
            count(&counters.protocol_errors);
            tracing::warn!(in_hand, "connection ended: {closed}");
        }
    }
}

/// Counts a connection as open until dropped, a panic included.
struct Open<'a>(&'a Counters);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Wait after a failed accept.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Wait for connections that were cut: as long as their last words, and a moment.
const CUT: Duration = Duration::from_millis(1500);
