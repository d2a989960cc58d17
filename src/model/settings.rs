//! Settings as the program needs them: resolved, checked, without a default left to guess.
//! `config` makes them from `vaguemestre.toml`.

use core::net::SocketAddr;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{ArticleId, Limits, Mode};

/// Everything `vaguemestre.toml` settles.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who runs this service.
    pub establishment: Establishment,
    /// How the MTA reaches us.
    pub milter: Milter,
    /// How messages are judged.
    pub judging: Judging,
    /// How attachments are read.
    pub sandbox: Sandbox,
    /// Where articles, patterns and recipient lists come from.
    pub data: Data,
    /// Where the rosters are.
    pub roster: Roster,
    /// Where cases are kept.
    pub store: Store,
    /// How mail leaves us.
    pub relay: Relay,
    /// The review service's address.
    pub review: Review,
    /// Where senders answer notices by mail, when they may.
    pub replies: Option<Replies>,
    /// What is logged.
    pub log: Log,
}

/// Who runs this service, as notices name it.
#[derive(Clone, Debug)]
pub struct Establishment {
    /// Name shown in notices.
    pub name: String,
    /// Telephone of the archivists, with extension; empty when not set, and then not told.
    pub phone: String,
    /// Mail address of the archivists; empty when not set.
    pub email: String,
    /// Telephone of the service desk, for security incidents; empty when not set.
    pub service_desk: String,
    /// Page that explains a case, with `{case}` where its number goes; until there is one, the contact stands in its place.
    pub case_page: Option<String>,
    /// Whether an English version follows the French.
    pub english: bool,
    /// Address by which senders answer notices.
    pub replies: Option<String>,
}

/// Answers by mail.
#[derive(Clone, Debug)]
pub struct Replies {
    /// The address, to which a token is added after a `+`.
    pub address: String,
    /// Networks of ours, from which answers come.
    pub networks: Vec<Network>,
}

/// A network, by its address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Any address of it.
    pub address: core::net::IpAddr,
    /// Bits that its addresses share.
    pub bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, or one address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').unwrap_or((text, ""));
        let address: core::net::IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if text.contains('/') { bits.parse().ok()? } else { most };
        (bits <= most).then_some(Self { address, bits })
    }

    /// Whether an address belongs to it.
    #[must_use]
    pub fn holds(&self, address: core::net::IpAddr) -> bool {
        let wide = |ip: core::net::IpAddr| match ip.to_canonical() {
            core::net::IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32_u8),
            core::net::IpAddr::V6(ip) => (u128::from(ip), 128),
        };
        let ((own, width), (other, of)) = (wide(self.address), wide(address));
        let shift = 128_u32.saturating_sub(u32::from(self.bits.min(width)));
        width == of && (own ^ other).checked_shr(shift).unwrap_or(0) == 0
    }
}

/// A socket to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// `inet:HOST:PORT` or `inet6:…`.
    Tcp(SocketAddr),
    /// `unix:PATH`, with the socket's file mode and group when set.
    Unix {
        /// Path of the socket.
        path: PathBuf,
        /// File mode, such as 0o660.
        mode: Option<u32>,
        /// Name of the group that may connect.
        group: Option<String>,
    },
}

/// How the MTA reaches us.
#[derive(Clone, Debug)]
pub struct Milter {
    /// Sockets to open; when systemd hands some over, those are used and these are not opened.
    pub listen: Vec<Listen>,
    /// Most connections served at once; mail of a further one gets a 451.
    pub connections: usize,
    /// Largest message in bytes; a larger one gets a 552.
    pub message_size: u64,
    /// Bytes of messages in reception kept in memory, over all connections; past it, a 451.
    pub memory: u64,
    /// A message larger than this spills to a file.
    pub spill_above: u64,
    /// Folder for spilled messages.
    pub spill_dir: PathBuf,
    /// Longest wait between two commands of one message.
    pub command_timeout: Duration,
    /// Longest silence of a connection between messages.
    pub idle_timeout: Duration,
    /// How often the MTA hears that a long scan goes on.
    pub progress_every: Duration,
    /// Longest wait for connections to end when stopping.
    pub drain_timeout: Duration,
}

/// What happens when a message cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// 451: the MTA keeps the message and tries again.
    Tempfail,
    /// Deliver; allowed only while every article observes.
    Accept,
}

/// How messages are judged.
#[derive(Clone, Debug)]
pub struct Judging {
    /// Messages judged at once.
    pub workers: usize,
    /// Most messages that wait to be judged; a further one gets a 451.
    pub queue: usize,
    /// Most of a message that is read.
    pub limits: Limits,
    /// Wall clock for one message: a net under the fuel.
    pub timeout: Duration,
    /// What to do when judging fails.
    pub on_failure: OnFailure,
    /// Whether clean messages get the `X-Vaguemestre` header too (insiders only).
    pub mark_clean: bool,
    /// Mode of articles that no line names.
    pub mode: Mode,
    /// Whether a line says that mode: a file that was cut short does not.
    pub mode_said: bool,
    /// Modes article by article.
    pub modes: BTreeMap<ArticleId, Mode>,
}

/// The processes that read attachments.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// Most of them at once.
    pub workers: usize,
    /// Address space of each, in bytes.
    pub memory: u64,
    /// Processor time for one attachment.
    pub cpu: Duration,
    /// Processor time for all attachments of a message.
    pub cpu_message: Duration,
    /// Wall clock for one attachment.
    pub timeout: Duration,
    /// Files after which a process is replaced by a fresh one.
    pub recycle_after: u32,
}

/// Where articles, patterns and recipient lists come from. `None` is what ships inside the program.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Folder of `*.toml` articles.
    pub policy: Option<PathBuf>,
    /// Folder of `*.toml` detection rules and their lexicons.
    pub patterns: Option<PathBuf>,
    /// Folder of `*.toml` recipient lists.
    pub recipients: Option<PathBuf>,
    /// Folder of the establishment's own rules, changes, exceptions and lexicons.
    pub local: Option<PathBuf>,
}

/// Where the rosters are. `None`: none is used.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Index of patients.
    pub index: Option<PathBuf>,
    /// Index of the staff directory.
    pub staff: Option<PathBuf>,
    /// Key of both; `None`: the service's credential, else the file beside the index.
    pub key: Option<PathBuf>,
    /// Age past which the nightly export is late.
    pub warn_after: Duration,
}

/// Where cases are kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// Folder of the database, sealed content and keys.
    pub state_dir: PathBuf,
    /// `sqlite:` path, or `postgres:` address; by default `cases.db` in the state folder.
    pub url: String,
    /// age public keys (`age1…`) that content is sealed to; by default the one in the state folder.
    pub seal_to: Vec<String>,
    /// age private key of the review service.
    pub identity: Option<PathBuf>,
    /// An undecided case goes back to the sender after this.
    pub undecided: Duration,
    /// Sealed content is destroyed this long after the decision.
    pub keep_content: Duration,
    /// What names persons in an ended case is forgotten this long after the message came.
    pub keep_cases: Duration,
}

/// How mail leaves us.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Listener of the MTA that takes releases (its milter is ours, in release mode).
    pub release: SocketAddr,
    /// Listener of the MTA that takes notices.
    pub notices: SocketAddr,
    /// Address in the From field of notices.
    pub from: String,
    /// Name we give in HELO.
    pub helo: String,
    /// Warnings to one sender within this are told in one notice.
    pub group_warnings: Duration,
    /// Configuration folder of the Postfix instance, for `postqueue -c`; `None` is the default instance.
    pub postfix_config: Option<PathBuf>,
    /// Postfix' mail log, where the reconciler looks for queue ids.
    pub mail_log: Option<PathBuf>,
    /// Longest wait for one SMTP step.
    pub timeout: Duration,
    /// Header field that asks the approved service to encrypt a released message; empty: none.
    pub encrypt_header: String,
    /// Words before the subject that ask for the same; empty: none.
    pub encrypt_subject: String,
}

/// The review service.
#[derive(Clone, Debug)]
pub struct Review {
    /// Address of the HTTP listener: health, readiness, metrics, the pages.
    pub listen: SocketAddr,
    /// Where the senders' page has a listener of its own, and the origin under which browsers reach that.
    pub senders: Option<Senders>,
    /// Certificate and key, when the pages speak TLS themselves.
    pub tls: Option<TlsFiles>,
    /// Origin under which browsers reach the pages, such as `https://courriel.exemple.qc.ca`; `None` is loopback only.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<core::net::IpAddr>,
    /// When a release needs a second person.
    pub two_persons: TwoPersons,
    /// The establishment's own sign-in service, when there is one.
    pub oidc: Option<Oidc>,
}

/// The senders' page on a listener of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Senders {
    /// Address of the listener.
    pub listen: SocketAddr,
    /// Origin under which browsers reach it; `None` is loopback only.
    pub public_url: Option<String>,
}

/// Where a certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those above it (PEM).
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

/// A sign-in service that speaks OpenID Connect.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Its name, as its tokens write it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// File of the secret that goes with it; without one, the code challenge alone proves us.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The claim that becomes the login.
    pub login_claim: String,
    /// The claim that lists groups; a path into the claims when it begins with `/`.
    pub groups_claim: String,
    /// Which group gives which role.
    pub grants: Vec<GroupGrant>,
    /// Words of which `amr`, `acr` or `acrs` must hold one; empty asks for none.
    pub second_factor: Vec<String>,
    /// Hosts it answers from besides the issuer's own.
    pub hosts: Vec<String>,
    /// Certificates trusted for it in place of the system's.
    pub root_certificates: Option<PathBuf>,
    /// How far its clock may differ from ours.
    pub clock_skew: Duration,
}

/// What membership of a group gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupGrant {
    /// The group, as the token names it.
    pub group: String,
    /// Name of the role.
    pub role: String,
    /// Domains whose mail the role is for; empty is all.
    pub departments: Vec<String>,
}

/// When a release needs a second person: any of these asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TwoPersons {
    /// One of these articles spoke.
    pub articles: Vec<ArticleId>,
    /// The case is of this severity or graver; 0: never for that.
    pub severity: u8,
    /// The message has so many recipients or more; 0: never for that.
    pub recipients: u32,
}

impl TwoPersons {
    /// Whether a case asks for it.
    #[must_use]
    pub fn asked(&self, articles: &[ArticleId], severity: u8, recipients: usize) -> bool {
        let many = usize::try_from(self.recipients).unwrap_or(usize::MAX);
        articles.iter().any(|article| self.articles.contains(article))
            || (self.severity > 0 && severity >= self.severity)
            || (many > 0 && recipients >= many)
    }
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// JSON lines instead of text.
    pub json: bool,
}

impl Settings {
    /// These settings, with those of the start where a change waits for the next one.
    #[must_use]
    pub fn started_with(self, start: &Self) -> Self {
        Self {
            milter: start.milter.clone(),
            store: start.store.clone(),
            relay: start.relay.clone(),
            review: start.review.clone(),
            log: start.log.clone(),
            judging: Judging { workers: start.judging.workers, ..self.judging },
            ..self
        }
    }

    /// Names what waits for the next start when it changes: sockets, store, relay, review, log, the count of workers.
    #[must_use]
    pub fn fixed_at_start(&self, new: &Self) -> Vec<&'static str> {
        let changed = [
            ("milter", format!("{:?}", self.milter) != format!("{:?}", new.milter)),
            ("store", format!("{:?}", self.store) != format!("{:?}", new.store)),
            ("relay", format!("{:?}", self.relay) != format!("{:?}", new.relay)),
            ("review", format!("{:?}", self.review) != format!("{:?}", new.review)),
            ("log", format!("{:?}", self.log) != format!("{:?}", new.log)),
            ("judging.workers", self.judging.workers != new.judging.workers),
        ];
        changed.into_iter().filter(|(_, changed)| *changed).map(|(section, _)| section).collect()
    }
}
