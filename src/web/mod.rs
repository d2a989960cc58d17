//! Floor 6: the review service's HTTP listener: what machines ask (health, readiness, metrics), and the pages of people.
//!
//! In: a listener, the store and the service behind, a future that ends when the service stops. Out: pages, French first,
//! which work without a script; no GET changes anything. Refuses to know: SQL, the milter, what a case's rules allow
//! (`review` does), and any client that takes too long or says too much.

mod account;
mod bounded;
mod cases;
pub mod code_image;
mod doors;
mod fate;
mod frame;
mod incidents;
mod listen;
#[cfg_attr(not(feature = "oidc"), path = "no_oidc.rs")]
mod oidc;
mod pages;
mod papers;
mod precision;
mod problem;
mod seats;
mod second_factor;
pub mod secrets;
mod sender;
mod session;
mod sign_in;
mod site;
mod throttle;
mod tls;
pub mod totp;
mod trail;
mod visit;

use std::io;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;

use crate::telemetry::{Health, Metrics};
use bounded::{BOUNDS, Bounded};
pub use doors::{Door, Who, doors, router, senders_router};
use listen::Peer;
pub use oidc::{OpenError, Provider};
pub use site::{Clock, Site};
pub use tls::{Tls, TlsError};

/// Serves the pages and what machines ask until `shutdown` ends, then finishes the answers in hand.
///
/// # Errors
/// None at present: a failed accept is tried again. The type leaves room for one.
pub async fn run(
    listener: TcpListener,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    site: Option<Arc<Site>>,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let pages = match site {
        Some(site) => router(site).merge(pages::routes(health, metrics)),
        None => pages::router(health, metrics),
    };
    serve(listener, pages, tls, shutdown).await
}

/// Serves the senders' page, as [`run`] does.
///
/// # Errors
/// As [`run`].
pub async fn run_for_senders(
    listener: TcpListener,
    site: Arc<Site>,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve(listener, senders_router(site), tls, shutdown).await
}

async fn serve(
    listener: TcpListener,
    pages: Router,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = pages.into_make_service_with_connect_info::<Peer>();
    axum::serve(Bounded::new(listener, BOUNDS, tls), service).with_graceful_shutdown(shutdown).await
}
