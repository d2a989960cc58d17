//! Listening sockets: ours, or handed over by systemd.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener as StdUnixListener, UnixStream as StdUnixStream};
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

use super::stream::Stream;
use crate::model::settings::Listen;

/// A socket that connections come from. A unix socket that we made is removed with it.
#[derive(Debug)]
pub enum Listener {
    /// IPv4 or IPv6.
    Tcp(TcpListener),
    /// A path.
    Unix(UnixListener, Option<SocketFile>),
}

/// Why we cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The system refused.
    #[error("cannot listen on {0}: {1}")]
    Io(String, #[source] io::Error),
    /// Another process answers there.
    #[error("another process listens on unix:{0}")]
    InUse(String),
    /// The path is taken by something that is no socket; it is left alone.
    #[error("unix:{0} exists and is not a socket")]
    NotASocket(String),
    /// A unix socket's path does not fit into its address (unix(7): 108 bytes), with what its name has while it is made.
    #[error("unix:{0} is too long: a path of at most {LONGEST} bytes is allowed")]
    TooLong(String),
    /// The group that should own the socket does not exist.
    #[error("the group {0} of a unix socket is not in /etc/group")]
    NoGroup(String),
}

/// Opens the sockets that the settings name. To be called inside a tokio runtime.
///
/// A unix socket gets its mode and group before it can be seen under its name. A stale one is replaced, but only when
/// nobody answers on it.
///
/// # Errors
/// [`ListenError`], at the first socket that cannot be opened.
pub fn bind(sockets: &[Listen]) -> Result<Vec<Listener>, ListenError> {
    sockets.iter().map(bind_one).collect()
}

/// Looks whether a socket could be opened, without opening it.
///
/// # Errors
/// [`ListenError`]. Whether an address is free, only a start can tell.
pub fn look(socket: &Listen) -> Result<(), ListenError> {
    let Listen::Unix { path, group, .. } = socket else { return Ok(()) };
    fits(path)?;
    group.as_deref().map(group_id).transpose()?;
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.file_type().is_socket() => Err(ListenError::NotASocket(shown(path))),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Takes the sockets that systemd handed over (`ListenFd::from_env()`), all of them.
///
/// # Errors
/// [`ListenError`] when one is neither a listening TCP nor a listening unix socket.
pub fn adopt(mut handed_over: ListenFd) -> Result<Vec<Listener>, ListenError> {
    let failed = |index: usize| move |error| ListenError::Io(format!("socket {index} of systemd"), error);
    let mut listeners = Vec::new();
    for index in 0..handed_over.len() {
        let tcp = handed_over.take_tcp_listener(index);
        let listener = match tcp {
            Ok(Some(socket)) => tcp_listener(socket).map_err(failed(index))?,
            Ok(None) => continue,
            Err(_) => match handed_over.take_unix_listener(index).map_err(failed(index))? {
                Some(socket) => Listener::Unix(unix_listener(socket).map_err(failed(index))?, None),
                None => continue,
            },
        };
        listeners.push(listener);
    }
    Ok(listeners)
}

impl Listener {
    /// Where TCP connections are taken; `None` for a unix socket.
    #[must_use]
    pub fn address(&self) -> Option<std::net::SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(..) => None,
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Our replies are small and final: they must not wait for an ACK.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            Self::Unix(listener, _) => Ok(Stream::Unix(listener.accept().await?.0)),
        }
    }
}

/// A socket's path, removed on drop unless another socket took its place.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|now| now == self.identity) {
            // A path that cannot be removed is stale, and replaced at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn bind_one(socket: &Listen) -> Result<Listener, ListenError> {
    match socket {
        Listen::Tcp(address) => {
            let bound = std::net::TcpListener::bind(address).and_then(tcp_listener);
            bound.map_err(|error| ListenError::Io(address.to_string(), error))
        }
        Listen::Unix { path, mode, group } => {
            fits(path)?;
            let group = group.as_deref().map(group_id).transpose()?;
            replaceable(path)?;
            bind_unix(path, *mode, group).map_err(|error| ListenError::Io(shown(path), error))
        }
    }
}

/// Binds under a name of its own, then renames: whoever sees the socket sees it with its mode and group.
fn bind_unix(path: &Path, mode: Option<u32>, group: Option<u32>) -> io::Result<Listener> {
    let mut hidden = path.as_os_str().to_owned();
    hidden.push(format!(".{}", std::process::id()));
    let hidden = PathBuf::from(hidden);
    let socket = StdUnixListener::bind(&hidden)?;
    let published = publish(&hidden, path, mode, group);
    if let Err(error) = published {
        let _ = fs::remove_file(&hidden);
        return Err(error);
    }
    let file = SocketFile { path: path.to_owned(), identity: identity(path)? };
    Ok(Listener::Unix(unix_listener(socket)?, Some(file)))
}

fn publish(hidden: &Path, path: &Path, mode: Option<u32>, group: Option<u32>) -> io::Result<()> {
    if let Some(mode) = mode {
        fs::set_permissions(hidden, fs::Permissions::from_mode(mode))?;
    }
    if group.is_some() {
        std::os::unix::fs::chown(hidden, None, group)?;
    }
    fs::rename(hidden, path)
}

fn fits(path: &Path) -> Result<(), ListenError> {
    if path.as_os_str().len() > LONGEST { Err(ListenError::TooLong(shown(path))) } else { Ok(()) }
}

/// Longest path of a socket: 107 bytes, less a point and a process id of seven digits.
const LONGEST: usize = 99;

/// Whether nothing is lost by taking this path.
fn replaceable(path: &Path) -> Result<(), ListenError> {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    if !metadata.file_type().is_socket() {
        return Err(ListenError::NotASocket(shown(path)));
    }
    match StdUnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Ok(_) | Err(_) => Err(ListenError::InUse(shown(path))),
    }
}

/// The number of a group of `/etc/group`, or a number as it stands.
fn group_id(name: &str) -> Result<u32, ListenError> {
    let listed = || {
        let text = fs::read_to_string("/etc/group").ok()?;
        let mut fields =
            text.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
        fields.nth(2)?.parse().ok()
    };
    name.parse().ok().or_else(listed).ok_or_else(|| ListenError::NoGroup(name.to_owned()))
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn tcp_listener(socket: std::net::TcpListener) -> io::Result<Listener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket).map(Listener::Tcp)
}

fn unix_listener(socket: StdUnixListener) -> io::Result<UnixListener> {
    socket.set_nonblocking(true)?;
    UnixListener::from_std(socket)
}
