//! Floor 6: the review service's HTTP listener: what machines ask (health, readiness, metrics), and the pages of people.
//!
//! In: a listener, the store and the service behind, a future that ends when the service stops. Out: pages, French first,
//! which work without a script; no GET changes anything. Refuses to know: SQL, the milter, what a case's rules allow
//! (`review` does), and any client that takes too long or says too much.

mod account;
mod bounded;
mod cases;
mod doors;
mod frame;
mod incidents;
mod listen;
mod pages;
mod papers;
mod precision;
mod problem;
pub mod secrets;
mod sender;
mod sign_in;
mod site;
mod throttle;
pub mod totp;
mod visit;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::telemetry::{Health, Metrics};
use bounded::{BOUNDS, Bounded};
pub use doors::{Door, Who, doors, router};
use listen::Peer;
pub use site::{Clock, Site};

/// Serves until `shutdown` ends, then finishes the answers in hand.
///
/// # Errors
/// None at present: a failed accept is tried again. The type leaves room for one.
pub async fn run(
    listener: TcpListener,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    site: Option<Arc<Site>>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let pages = pages::router(health, metrics);
    let pages = match site {
        Some(site) => router(site).merge(pages),
        None => pages,
    };
    let service = pages.into_make_service_with_connect_info::<Peer>();
    axum::serve(Bounded::new(listener, BOUNDS), service).with_graceful_shutdown(shutdown).await
}
