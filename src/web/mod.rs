//! Floor 6: the review service's HTTP listener. For now what machines ask: health, readiness, metrics.
//!
//! In: a listener, the shared health and metrics, a future that ends when the service stops. Out: three small pages, none
//! with personal data. Refuses to know: SQL, the milter, and any client that takes too long or says too much.

mod bounded;
mod pages;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::telemetry::{Health, Metrics};
use bounded::{BOUNDS, Bounded};

/// Serves until `shutdown` ends, then finishes the answers in hand.
///
/// # Errors
/// None at present: a failed accept is tried again. The type leaves room for one.
pub async fn run(
    listener: TcpListener,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let pages = pages::router(health, metrics);
    axum::serve(Bounded::new(listener, BOUNDS), pages).with_graceful_shutdown(shutdown).await
}
