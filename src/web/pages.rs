//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::telemetry::{Health, Metrics, Readiness};

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
/// As Prometheus asks for it: <https://prometheus.io/docs/specs/om/open_metrics_spec/>.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The pages over shared state, alone behind their door.
pub(super) fn router(health: Arc<Health>, metrics: Arc<Metrics>) -> Router {
    let nowhere =
        || async { guarded(page(StatusCode::NOT_FOUND, TEXT, "/healthz /readyz /metrics\n")).await };
    routes(health, metrics).fallback(nowhere)
}

/// The pages over shared state, beside those of people.
pub(super) fn routes(health: Arc<Health>, metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz).with_state(health))
        .route("/metrics", get(all_metrics).with_state(metrics))
        .method_not_allowed_fallback(|| async { page(StatusCode::METHOD_NOT_ALLOWED, TEXT, "GET only\n") })
        .layer(map_response(guarded))
}

/// Alive: this answer is the proof.
async fn healthz() -> Response {
    page(StatusCode::OK, TEXT, "alive\n")
}

/// Ready to judge and to hold: 200, else 503; the reasons as text, or as JSON for who accepts it.
async fn readyz(State(health): State<Arc<Health>>, headers: HeaderMap) -> Response {
    let readiness = health.readiness();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains(JSON) {
        let json = serde_json::to_string(&readiness).unwrap_or_default();
        return page(status, JSON, json + "\n");
    }
    page(status, TEXT, lines(&readiness))
}

async fn all_metrics(State(metrics): State<Arc<Metrics>>) -> Response {
    page(StatusCode::OK, OPENMETRICS, metrics.text())
}

fn lines(readiness: &Readiness) -> String {
    let first = if readiness.ready { "ready" } else { "not ready" };
    std::iter::once(first)
        .chain(readiness.reasons.iter().map(String::as_str))
        .map(|it| format!("{it}\n"))
        .collect()
}

fn page(status: StatusCode, kind: &'static str, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Adds what keeps a browser from doing more than show the page.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}
