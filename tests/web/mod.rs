//! The health and metrics pages, by real HTTP on loopback; the pages of people beside.

mod access;
mod answers;
mod cases;
mod digests;
mod faults;
mod odd;
#[cfg(feature = "oidc")]
pub mod oidc;
mod scene;
mod seeded;
mod sender;
mod session;
mod texts;
mod tls;
mod together;
mod watched;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use vaguemestre::telemetry::{Health, Metrics, Tempfail};

struct Server {
    address: std::net::SocketAddr,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    stop: oneshot::Sender<()>,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn server() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (health, metrics) = (Arc::new(Health::default()), Arc::new(Metrics::default()));
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { drop(stopped.await) };
    let done =
        tokio::spawn(vaguemestre::web::run(listener, health.clone(), metrics.clone(), None, None, shutdown));
    Server { address, health, metrics, stop, done }
}

impl Server {
    /// Sends one request, says what came back: head and body.
    async fn ask(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

#[tokio::test]
async fn healthz_says_that_the_service_is_alive_even_when_it_is_not_ready() {
    let (head, body) = server().await.ask("GET /healthz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200 ") && body == "alive\n", "{head}\n{body}");
}

#[tokio::test]
async fn readyz_says_why_it_is_not_ready_and_then_that_it_is() {
    let server = server().await;
    server.health.judging(Ok(()));
    server.health.holding(Err("the state folder is read-only".to_owned()));
    let (head, body) = server.ask("GET /readyz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert_eq!(body, "not ready\nholding: the state folder is read-only\n");
    server.health.holding(Ok(()));
    let (head, body) = server.ask("GET /readyz HTTP/1.1\r\nAccept: application/json").await;
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("application/json"), "{head}");
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&json["ready"], &json["reasons"]), (&true.into(), &serde_json::json!([])));
}

#[tokio::test]
async fn metrics_are_openmetrics_text() {
    let server = server().await;
    server.metrics.tempfailed(Tempfail::Deadline);
    let (head, body) = server.ask("GET /metrics HTTP/1.1").await;
    assert!(head.contains("application/openmetrics-text; version=1.0.0"), "{head}");
    assert!(body.contains("vaguemestre_tempfails_total{cause=\"deadline\"} 1\n"), "{body}");
    assert!(body.ends_with("# EOF\n"), "{body}");
}

#[tokio::test]
async fn other_pages_other_methods_and_nonsense_get_a_plain_refusal() {
    let server = server().await;
    let cases = [
        ("GET /", "404"),
        ("GET /metrics/../etc/passwd", "404"),
        ("POST /readyz", "405"),
        ("DELETE /metrics", "405"),
        ("HEAD /healthz", "200"),
    ];
    for (request, status) in cases {
        let (head, _) = server.ask(&format!("{request} HTTP/1.1")).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {head}");
        assert!(head.to_lowercase().contains("x-content-type-options: nosniff"), "{head}");
    }
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"\x16\x03\x01\x00\x05hello\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_header_without_end_is_cut() {
    let server = server().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let _ = stream.write_all(format!("GET /healthz HTTP/1.1\r\nX: {}", "a".repeat(200_000)).as_bytes()).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection stayed open");
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn stopping_ends_the_listener_at_once_when_nobody_asks() {
    let server = server().await;
    let _ = server.ask("GET /healthz HTTP/1.1").await;
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), server.done).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}
