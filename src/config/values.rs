//! The kinds of values that settings have, each with its unit and its way of saying what it expects.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use crate::model::settings::Network;
use crate::model::{Address, Mode};
use crate::review::Role;

use super::section::Value;

/// Free text.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Text(pub String);

/// A number of things.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Count(pub u64);

/// `true` or `false`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Switch(pub bool);

/// A path of this machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Folder(pub PathBuf);

/// A length of time with its unit.
#[derive(Clone, Copy, Debug)]
pub struct Span(pub Duration);

/// A number of bytes with its unit.
#[derive(Clone, Copy, Debug)]
pub struct Size(pub u64);

/// An address and port.
#[derive(Clone, Copy, Debug)]
pub struct Socket(pub SocketAddr);

/// A socket to listen on; mode and group of a file are settings of their own.
#[derive(Clone, Debug)]
pub enum ListenAt {
    /// An address and port.
    Tcp(SocketAddr),
    /// A socket file.
    Unix(PathBuf),
}

/// A mail address.
#[derive(Clone, Debug)]
pub struct Mailbox(pub String);

/// A page that explains a case.
#[derive(Clone, Debug)]
pub struct CasePage(pub String);

/// Where browsers reach the pages: scheme and host, no path.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

/// The name of a sign-in service: an address with TLS, or on loopback.
#[derive(Clone, Debug)]
pub struct Issuer(pub String);

/// What membership of a group gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRole {
    /// The group, as the token names it.
    pub group: String,
    /// The role.
    pub role: RoleName,
    /// Domains whose mail the role is for.
    #[serde(default)]
    pub departments: Vec<String>,
}

/// The name of a role.
#[derive(Clone, Debug)]
pub struct RoleName(pub String);

/// An address of the internet protocol.
#[derive(Clone, Copy, Debug)]
pub struct Ip(pub core::net::IpAddr);

/// A network.
#[derive(Clone, Copy, Debug)]
pub struct Net(pub Network);

/// Where the database is.
#[derive(Clone, Debug)]
pub struct Database(pub String);

/// A line that goes into a message header: printable ASCII.
#[derive(Clone, Debug)]
pub struct Field(pub String);

/// Permissions of a file, in octal.
#[derive(Clone, Copy, Debug)]
pub struct FileMode(pub u32);

/// What is done when judging fails.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Failure {
    /// The MTA keeps the message.
    Tempfail,
    /// Deliver.
    Accept,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The service fails.
    Error,
    /// An operator should act.
    Warn,
    /// One line a message.
    Info,
    /// The rest.
    Debug,
}

impl Level {
    /// The name used in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// A value written as text in a form of its own.
trait Textual: Sized {
    const EXPECTED: &'static str;

    fn parse(text: &str) -> Option<Self>;
}

impl Textual for Span {
    const EXPECTED: &'static str =
        "a duration with its unit, such as \"30s\", \"5 min\", \"2 h\" or \"15 days\"";

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = measure(text)?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            "d" | "day" | "days" => 86_400_000,
            _ => return None,
        };
        number.checked_mul(milliseconds).map(Duration::from_millis).map(Self)
    }
}

/// Reads a length of time as the configuration writes it.
///
/// # Errors
/// What is expected.
pub fn span(text: &str) -> Result<Duration, String> {
    Span::parse(text).map(|Span(length)| length).ok_or_else(|| format!("expected {}", Span::EXPECTED))
}

impl Textual for Size {
    const EXPECTED: &'static str = "a size with its unit, such as \"512 KiB\", \"25 MiB\" or \"1 GiB\"";

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = measure(text)?;
        let bytes = match unit {
            "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return None,
        };
        number.checked_mul(bytes).map(Self)
    }
}

/// Parts `30s` and `25 MiB`.
fn measure(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim_start()))
}

impl Textual for Socket {
    const EXPECTED: &'static str = "an address and port, such as \"127.0.0.1:8892\" or \"[::1]:8892\"";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl Textual for ListenAt {
    const EXPECTED: &'static str =
        "a socket: \"inet:127.0.0.1:8891\", \"inet6:[::1]:8891\" or \"unix:/run/vaguemestre/milter.sock\"";

    fn parse(text: &str) -> Option<Self> {
        let (family, place) = text.split_once(':')?;
        let address = || place.parse::<SocketAddr>().ok();
        match family {
            "inet" => address().filter(SocketAddr::is_ipv4).map(Self::Tcp),
            "inet6" => address().filter(SocketAddr::is_ipv6).map(Self::Tcp),
            "unix" => place.starts_with('/').then(|| Self::Unix(PathBuf::from(place))),
            _ => None,
        }
    }
}

impl Textual for FileMode {
    const EXPECTED: &'static str = "a file mode in octal, such as \"0660\"";

    fn parse(text: &str) -> Option<Self> {
        u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o777).map(Self)
    }
}

impl Textual for Mailbox {
    const EXPECTED: &'static str = "a mail address, such as \"vaguemestre@exemple.qc.ca\"";

    fn parse(text: &str) -> Option<Self> {
        let address = Address::parse(text).ok()?;
        (!address.domain().is_empty()).then(|| Self(address.reveal()))
    }
}

impl Textual for CasePage {
    const EXPECTED: &'static str =
        "a page with `{case}` where the number goes, such as \"https://courriel.exemple.qc.ca/c/{case}\"";

    fn parse(text: &str) -> Option<Self> {
        let web = text.starts_with("https://") || text.starts_with("http://");
        (web && text.contains("{case}")).then(|| Self(text.to_owned()))
    }
}

impl Textual for Origin {
    const EXPECTED: &'static str = "a web address without a path, such as \"https://courriel.exemple.qc.ca\"";

    fn parse(text: &str) -> Option<Self> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']');
        (!host.is_empty() && host.chars().all(plain)).then(|| Self(text.to_ascii_lowercase()))
    }
}

impl Textual for Issuer {
    const EXPECTED: &'static str =
        "the address of a sign-in service, without `?` or `#`: \"https://login.exemple.qc.ca/v2.0\"";

    fn parse(text: &str) -> Option<Self> {
        let place = text.strip_prefix("https://");
        let here = |host: &str| {
            text.strip_prefix("http://")?.strip_prefix(host).filter(|rest| rest.starts_with(['/', ':']))
        };
        let place = place.or_else(|| here("127.0.0.1")).or_else(|| here("[::1]"))?;
        let plain = place.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'@'));
        (plain && !place.is_empty() && !place.starts_with('/')).then(|| Self(text.to_owned()))
    }
}

impl Textual for RoleName {
    const EXPECTED: &'static str = "a role: archivist, approver, admin, compliance or auditor";

    fn parse(text: &str) -> Option<Self> {
        Role::from_name(text).map(|role| Self(role.name().to_owned()))
    }
}

impl Textual for Ip {
    const EXPECTED: &'static str = "an IP address, such as \"10.0.0.5\"";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl Textual for Net {
    const EXPECTED: &'static str = "a network, such as \"10.0.0.0/8\" or \"2001:db8::/32\"";

    fn parse(text: &str) -> Option<Self> {
        Network::parse(text).map(Self)
    }
}

impl Textual for Database {
    const EXPECTED: &'static str =
        "a database that is known: \"sqlite:\" and a path, or \"postgres://\" and an address";

    fn parse(text: &str) -> Option<Self> {
        let kinds = ["sqlite:", "postgres://", "postgresql://"];
        let place = kinds.iter().find_map(|kind| text.strip_prefix(kind))?;
        (!place.is_empty()).then(|| Self(text.to_owned()))
    }
}

impl Textual for Field {
    const EXPECTED: &'static str = "printable ASCII on one line, 200 characters at most";

    fn parse(text: &str) -> Option<Self> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        (printable && !text.trim().is_empty() && text.len() <= 200).then(|| Self(text.to_owned()))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: Textual> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::parse(text).ok_or_else(|| E::custom(format!("\"{text}\" is not {}", T::EXPECTED)))
    }
}

macro_rules! textual {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor(PhantomData))
            }
        }
    )*};
}

textual!(
    Span, Size, Socket, ListenAt, FileMode, Mailbox, CasePage, Origin, Issuer, RoleName, Ip, Net, Database,
    Field
);

impl Value for Count {
    fn compare(&self, bound: &str) -> Option<Ordering> {
        Some(self.0.cmp(&bound.parse().ok()?))
    }
}

impl Value for Span {
    fn compare(&self, bound: &str) -> Option<Ordering> {
        Some(self.0.cmp(&Self::parse(bound)?.0))
    }
}

impl Value for Size {
    fn compare(&self, bound: &str) -> Option<Ordering> {
        Some(self.0.cmp(&Self::parse(bound)?.0))
    }
}

impl Value for Text {}
impl Value for Switch {}
impl Value for Folder {}
impl Value for Socket {}
impl Value for ListenAt {}
impl Value for FileMode {}
impl Value for Mailbox {}
impl Value for CasePage {}
impl Value for Origin {}
impl Value for Issuer {}
impl Value for GroupRole {}
impl Value for Net {}
impl Value for Ip {}
impl Value for Database {}
impl Value for Field {}
impl Value for Failure {}
impl Value for Level {}
impl Value for Mode {}
