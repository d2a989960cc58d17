//! TLS for the pages: certificate and key from files, TLS 1.2 and 1.3, taken up again at a reload without dropping anyone.
//!
//! The handshake runs within a connection's own time and bytes (`bounded`), so that a slow client keeps nobody waiting.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, crypto};
use tokio_rustls::TlsAcceptor;

use crate::model::settings;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate, or the chain above it.
    #[error("review.tls_certificate = {0}: {1}")]
    Certificate(String, String),
    /// The key.
    #[error("review.tls_key = {0}: {1}")]
    Key(String, String),
}

/// The pages' TLS. Connections begun keep the certificate they began with; a new one gets the newest.
#[derive(Clone)]
pub struct Tls {
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// [`TlsError`] when one cannot be read, or they do not belong together.
    pub fn open(files: &settings::TlsFiles) -> Result<Self, TlsError> {
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read(files)?))));
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(&shown) as _;
        let provider = Arc::new(crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Key(files.key.display().to_string(), error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { shown, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Takes up the files again. On a fault, what was shown before is shown still.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn renew(&self, files: &settings::TlsFiles) -> Result<(), TlsError> {
        let new = Arc::new(read(files)?);
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

fn read(files: &settings::TlsFiles) -> Result<CertifiedKey, TlsError> {
    let of = |path: &Path| path.display().to_string();
    let certificate = |why: String| TlsError::Certificate(of(&files.certificate), why);
    let key = |why: String| TlsError::Key(of(&files.key), why);
    let chain = CertificateDer::pem_file_iter(&files.certificate);
    let chain = chain.and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| certificate(error.to_string()))?;
    if chain.is_empty() {
        return Err(certificate("it holds no certificate (PEM)".to_owned()));
    }
    let mode = fs::metadata(&files.key).map_err(|error| key(error.kind().to_string()))?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(key("anybody may read this key; chmod 600 it".to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| key(error.to_string()))?;
    let pair = CertifiedKey::from_der(chain, secret, &crypto::ring::default_provider());
    pair.map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => key("it is not the key of this certificate".to_owned()),
        other => certificate(other.to_string()),
    })
}
