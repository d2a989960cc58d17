//! TLS of the pages: a browser's handshake, old versions refused, a renewed certificate, files that do not fit.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use vaguemestre::model::settings::TlsFiles;
use vaguemestre::telemetry::{Health, Metrics};
use vaguemestre::web::Tls;

fn pair() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap()
}

/// Writes certificate and key.
fn write(folder: &Path, certificate: &str, key: &str) -> TlsFiles {
    let files = TlsFiles { certificate: folder.join("desk.pem"), key: folder.join("desk.key") };
    fs::write(&files.certificate, certificate).unwrap();
    fs::write(&files.key, key).unwrap();
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o600)).unwrap();
    files
}

fn write_pair(folder: &Path, pair: &CertifiedKey<KeyPair>) -> TlsFiles {
    write(folder, &pair.cert.pem(), &pair.signing_key.serialize_pem())
}

async fn connect(
    port: u16,
    trusted: &CertifiedKey<KeyPair>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn ask(stream: &mut TlsStream<TcpStream>, more: bool) -> String {
    let close = if more { "keep-alive" } else { "close" };
    let request = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: {close}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let mut text = String::new();
    while !text.contains("alive\n") {
        let read = stream.read(&mut answer).await.unwrap();
        assert!(read > 0, "{text}");
        text.push_str(std::str::from_utf8(&answer[..read]).unwrap());
    }
    text
}

async fn serve(tls: Tls) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (health, metrics) = (Arc::new(Health::default()), Arc::new(Metrics::default()));
    tokio::spawn(vaguemestre::web::run(listener, health, metrics, None, Some(tls), std::future::pending()));
    port
}

#[tokio::test]
async fn both_versions_are_spoken_and_a_renewed_certificate_is_shown_without_dropping_anyone() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (pair(), pair());
    let files = write_pair(folder.path(), &old);
    let tls = Tls::open(&files).unwrap();
    let port = serve(tls.clone()).await;
    for version in [&version::TLS12, &version::TLS13] {
        let mut stream = connect(port, &old, &[version]).await.unwrap();
        assert!(ask(&mut stream, false).await.starts_with("HTTP/1.1 200"));
    }
    let mut begun = connect(port, &old, rustls::ALL_VERSIONS).await.unwrap();
    ask(&mut begun, true).await;
    write_pair(folder.path(), &new);
    tls.renew(&files).unwrap();
    ask(&mut begun, true).await;
    assert!(connect(port, &old, rustls::ALL_VERSIONS).await.is_err(), "the old one is shown no more");
    ask(&mut connect(port, &new, rustls::ALL_VERSIONS).await.unwrap(), false).await;
    fs::write(&files.certificate, "rien").unwrap();
    assert!(tls.renew(&files).is_err());
    ask(&mut connect(port, &new, rustls::ALL_VERSIONS).await.unwrap(), false).await;
}

/// A version older than 1.2 is not spoken, plain HTTP gets nothing, and a client that stops in the handshake keeps nobody waiting.
#[tokio::test]
async fn old_versions_plain_text_and_silence_get_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let own = pair();
    let port = serve(Tls::open(&write_pair(folder.path(), &own)).unwrap()).await;
    let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut half = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    half.write_all(&[0x16, 3, 1, 0, 200, 1]).await.unwrap();
    // A ClientHello of TLS 1.1 (RFC 4346, 7.4.1.2) with one suite.
    let mut hello = vec![0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x13, 1, 0]);
    for first in [hello, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()] {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(&first).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP") && !answer.starts_with(&[0x16]), "{answer:?}");
    }
    ask(&mut connect(port, &own, rustls::ALL_VERSIONS).await.unwrap(), false).await;
}

#[test]
fn files_that_do_not_fit_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (pair(), pair());
    let told = |files: &TlsFiles| Tls::open(files).err().map(|error| error.to_string()).unwrap_or_default();
    let (certificate, key) = (own.cert.pem(), own.signing_key.serialize_pem());
    let foreign = other.signing_key.serialize_pem();
    assert_eq!(told(&write(folder.path(), &certificate, &key)), "");
    let table = [
        ("", key.as_str(), "it holds no certificate (PEM)"),
        (certificate.as_str(), "", "review.tls_key = "),
        (certificate.as_str(), foreign.as_str(), "it is not the key of this certificate"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            key.as_str(),
            "review.tls_certificate = ",
        ),
    ];
    for (certificate, key, expected) in table {
        let told = told(&write(folder.path(), certificate, key));
        assert!(told.contains(expected), "{told}");
    }
    let files = write(folder.path(), &certificate, &key);
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(told(&files).contains("anybody may read this key; chmod 600 it"), "{}", told(&files));
    fs::remove_file(&files.certificate).unwrap();
    assert!(told(&files).starts_with("review.tls_certificate = "));
}
