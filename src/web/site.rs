//! What every page shares: the store, the service behind, the clock, and where browsers find us.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use super::oidc::Provider;
use super::throttle::Throttle;
use crate::model::settings;
use crate::ports::{Office, Store};

/// A session not used for this long has ended.
pub(super) const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// A session ends after this, used or not.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_hours(8);
/// By how much the clocks of two machines that share sessions may differ.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_mins(1);
/// How long a code proves who someone is, for what needs a fresh one.
pub(super) const PROOF: SignedDuration = SignedDuration::from_mins(15);
/// A session's last use is written down this often at most.
pub(super) const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The shared state of the pages.
pub struct Site {
    pub(super) store: Arc<dyn Store>,
    pub(super) office: Arc<dyn Office>,
    pub(super) clock: Clock,
    pub(super) throttle: Throttle,
    /// One password at a time: each takes 19 MiB.
    pub(super) hashing: Semaphore,
    provider: Option<Provider>,
    origins: Vec<String>,
    proxies: Vec<IpAddr>,
    secure: bool,
}

impl Site {
    /// Joins the parts.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        office: Arc<dyn Office>,
        review: &settings::Review,
        clock: Clock,
    ) -> Self {
        let port = review.listen.port();
        let scheme = if review.tls.is_some() { "https" } else { "http" };
        let local = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{scheme}://{host}:{port}"));
        let origins = review.public_url.clone().map_or_else(|| local.to_vec(), |url| vec![url]);
        let secure = origins.iter().all(|origin| origin.starts_with("https://"));
        let (throttle, hashing) = (Throttle::default(), Semaphore::new(1));
        let (proxies, provider) = (review.proxies.clone(), None);
        Self { store, office, clock, throttle, hashing, provider, origins, proxies, secure }
    }

    /// The same for the senders' listener: its own origins, and no sign-in.
    #[must_use]
    pub fn for_senders(
        store: Arc<dyn Store>,
        office: Arc<dyn Office>,
        review: &settings::Review,
        clock: Clock,
    ) -> Option<Self> {
        let settings::Senders { listen, public_url } = review.senders.clone()?;
        let review = settings::Review { listen, public_url, ..review.clone() };
        Some(Self::new(store, office, &review, clock))
    }

    /// With the establishment's own sign-in service.
    #[must_use]
    pub fn with_provider(self, provider: Option<Provider>) -> Self {
        Self { provider, ..self }
    }

    /// The establishment's own sign-in service, when there is one.
    pub(super) fn provider(&self) -> Option<&Provider> {
        self.provider.as_ref()
    }

    /// Where browsers find us.
    #[cfg(feature = "oidc")]
    pub(super) fn home(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Whether browsers reach us over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether this is one of our own origins.
    pub(super) fn is_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|own| own.eq_ignore_ascii_case(origin))
    }

    /// Whether a request may come under this host: a page that points its own name at us reaches nothing.
    pub(super) fn is_host(&self, host: &str) -> bool {
        let own = self.origins.iter().filter_map(|origin| origin.split_once("://"));
        own.map(|(_, own)| own).any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Whether this peer's word on whom it speaks for is taken.
    pub(super) fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.to_canonical() == peer.to_canonical())
    }
}
