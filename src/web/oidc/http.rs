//! Asking the service: HTTP/1.1 over TLS, to its own hosts alone, without redirects, in bounded time and size.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{Fault, OpenError};
use crate::model::{Masked, settings};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Largest answer: descriptions and key sets are a few KiB.
const LARGEST: usize = 256 * 1024;

/// Asks the service.
pub(super) struct Client {
    tls: TlsConnector,
    /// Hosts that may be asked.
    hosts: Vec<String>,
    /// Whether the issuer itself is on loopback, without TLS.
    plain: bool,
}

impl Client {
    pub(super) fn new(settings: &settings::Oidc) -> Result<Self, OpenError> {
        let issuer: Option<Uri> = settings.issuer.parse().ok();
        let own = issuer.as_ref().and_then(Uri::host).unwrap_or_default().to_owned();
        let hosts = settings.hosts.iter().map(|host| host.to_ascii_lowercase());
        let plain = settings.issuer.starts_with("http://");
        let roots = if plain { RootCertStore::empty() } else { roots(settings)? };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| OpenError::NoRoots)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let hosts = std::iter::once(own.to_ascii_lowercase()).chain(hosts).collect();
        Ok(Self { tls: TlsConnector::from(Arc::new(tls)), hosts, plain })
    }

    /// Whether an address is one that a secret may be sent to: over TLS, or on loopback as the issuer itself.
    pub(super) fn is_safe(&self, address: &str) -> bool {
        let scheme = address.parse::<Uri>().ok().and_then(|uri| uri.scheme_str().map(str::to_owned));
        match scheme.as_deref() {
            Some("https") => true,
            Some("http") => self.plain && self.reachable(address).is_some(),
            _ => false,
        }
    }

    pub(super) async fn get(&self, address: &str) -> Result<Bytes, Fault> {
        self.ask(Method::GET, address, Bytes::new(), None).await
    }

    pub(super) async fn post(
        &self,
        address: &str,
        form: &Masked,
        authorization: Option<&Masked>,
    ) -> Result<Bytes, Fault> {
        let form = Bytes::copy_from_slice(form.reveal().as_bytes());
        self.ask(Method::POST, address, form, authorization).await
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        body: Bytes,
        authorization: Option<&Masked>,
    ) -> Result<Bytes, Fault> {
        let uri = self
            .reachable(address)
            .ok_or(Fault::Untrusted("it names a host that is not its own (oidc.hosts)"))?;
        let request =
            request(method, &uri, body, authorization).ok_or(Fault::Untrusted("it names no address"))?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let exchange = async {
            let stream = TcpStream::connect((host.as_str(), port)).await;
            let stream = stream.map_err(|_| Fault::Down("cannot be reached"))?;
            if !secure {
                return exchange(stream, request).await;
            }
            let name = ServerName::try_from(host.clone()).map_err(|_| Fault::Down("has no usable name"))?;
            let stream = self.tls.connect(name, stream).await;
            exchange(stream.map_err(|_| Fault::Down("shows no certificate that we trust"))?, request).await
        };
        timeout(PATIENCE, exchange).await.map_err(|_| Fault::Down("takes too long"))?
    }

    /// The address, if it may be asked.
    fn reachable(&self, address: &str) -> Option<Uri> {
        let uri: Uri = address.parse().ok()?;
        let host = uri.host()?.to_ascii_lowercase();
        let scheme = if self.plain { "http" } else { "https" };
        (uri.scheme_str() == Some(scheme) && self.hosts.contains(&host)).then_some(uri)
    }
}

fn request(
    method: Method,
    uri: &Uri,
    body: Bytes,
    authorization: Option<&Masked>,
) -> Option<Request<Full<Bytes>>> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, uri.authority()?.as_str())
        .header(ACCEPT, "application/json");
    if !body.is_empty() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(authorization.reveal()).ok()?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    request.body(Full::new(body)).ok()
}

/// Sends one request over a connection of its own.
async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Bytes, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |_| Fault::Down("breaks off");
    let posted = request.method() == Method::POST;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(broken);
    let answer = match answer {
        Ok(answer) if answer.status().is_success() => {
            let body = Limited::new(answer.into_body(), LARGEST).collect().await;
            body.map(http_body_util::Collected::to_bytes).map_err(|_| Fault::Down("answers without end"))
        }
        Ok(answer) if posted && answer.status().is_client_error() => {
            Err(Fault::Untrusted("it refuses the code or us"))
        }
        Ok(_) => Err(Fault::Down("is out of order")),
        Err(fault) => Err(fault),
    };
    driver.abort();
    answer
}

/// The authorities that are trusted: those of a file, else the system's.
fn roots(settings: &settings::Oidc) -> Result<RootCertStore, OpenError> {
    let mut store = RootCertStore::empty();
    if let Some(path) = &settings.root_certificates {
        let fault = |why: String| OpenError::Roots(path.display().to_string(), why);
        let file = CertificateDer::pem_file_iter(path).map_err(|error| fault(error.to_string()))?;
        for certificate in file {
            let certificate = certificate.map_err(|error| fault(error.to_string()))?;
            store.add(certificate).map_err(|error| fault(error.to_string()))?;
        }
        return if store.is_empty() {
            Err(fault("it holds no certificate (PEM)".to_owned()))
        } else {
            Ok(store)
        };
    }
    let (_, _) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() { Err(OpenError::NoRoots) } else { Ok(store) }
}
