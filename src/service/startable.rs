//! Whether the service would start as the configuration says: what it names is looked at, and nothing is opened, made or bound.
//!
//! `check` tells it before a start, and a reload refuses what the next start would stumble over.

use std::net::SocketAddr;
use std::path::Path;

use crate::config;
use crate::milter::{self, ListenError};
use crate::model::settings::{Listen, Settings};
use crate::model::{Fault, Faults};
use crate::ports::StoreError;
use crate::store;
use crate::web::{OpenError, Provider, Tls, TlsError};

/// A setting: its section and key.
type Setting = (&'static str, &'static str);

/// The settings that are at odds, what is wrong, and what to do.
struct Wrong {
    at: Vec<Setting>,
    what: String,
    remedy: &'static str,
}

/// Looks at sockets, addresses, keys, certificates and secrets.
///
/// # Errors
/// Everything that would keep the service from starting, each with its place in the file.
pub(super) fn startable(config: Option<&Path>, settings: &Settings) -> Result<(), Faults> {
    let looks = [sockets, addresses, keys, certificate, sign_in, folders];
    let wrong = looks.into_iter().flat_map(|look| look(settings));
    let faults: Vec<Fault> = wrong.map(|it| config::fault(config, &it.at, it.what, it.remedy)).collect();
    Faults(faults).or(())
}

/// The milter's sockets, one by one.
fn sockets(settings: &Settings) -> Vec<Wrong> {
    let of = |key, what: String, remedy| Wrong { at: vec![("milter", key)], what, remedy };
    let listen = &settings.milter.listen;
    if listen.is_empty() {
        let what = "`milter.listen` is empty: the MTA could not reach us".to_owned();
        return vec![of("listen", what, "name a socket; with vaguemestre.socket, leave the line out")];
    }
    let troubles = listen.iter().filter_map(|socket| milter::look(socket).err());
    troubles
        .map(|trouble| match &trouble {
            ListenError::NoGroup(_) => of("socket_group", trouble.to_string(), "name the MTA's group"),
            _ => of("listen", trouble.to_string(), "give another path"),
        })
        .collect()
}

/// A setting and the address it gives.
type Named = (Setting, SocketAddr);

/// Addresses that are ours twice, or that lead back to ourselves.
fn addresses(settings: &Settings) -> Vec<Wrong> {
    let tcp = settings.milter.listen.iter().filter_map(|socket| match socket {
        Listen::Tcp(address) => Some((("milter", "listen"), *address)),
        Listen::Unix { .. } => None,
    });
    let senders = settings.review.senders.as_ref().map(|it| (("review", "senders_listen"), it.listen));
    let ours: Vec<Named> =
        tcp.chain([(("review", "listen"), settings.review.listen)]).chain(senders).collect();
    let relay = [("release", settings.relay.release), ("notices", settings.relay.notices)];
    let relay = relay.map(|(key, address)| (("relay", key), address));
    let twice = ours.iter().enumerate().flat_map(|(at, named)| {
        let before = ours.iter().take(at).find(|other| meet(other.1, named.1));
        before.map(|other| clash(*named, *other, "give another port"))
    });
    let back = relay.iter().filter_map(|named| {
        let own = ours.iter().find(|own| meet(own.1, named.1))?;
        Some(clash(*named, *own, "give the listener of the MTA, as in deploy/postfix/master.cf"))
    });
    twice.chain(back).collect()
}

/// Told where the file says either.
fn clash((setting, _): Named, (other, at): Named, remedy: &'static str) -> Wrong {
    let what = format!("`{}.{}` is where `{}.{}` is: {at}", setting.0, setting.1, other.0, other.1);
    Wrong { at: vec![setting, other], what, remedy }
}

/// Whether two sockets cannot both be had. Port 0 is any that is free.
fn meet(one: SocketAddr, other: SocketAddr) -> bool {
    let anywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (anywhere || one.ip() == other.ip())
}

fn keys(settings: &Settings) -> Vec<Wrong> {
    let store = &settings.store;
    if store.identity.as_deref().is_some_and(waits_for_systemd) {
        return Vec::new();
    }
    let trouble = store::look(store).err();
    let wrong = |(key, trouble): (&'static str, StoreError)| Wrong {
        at: vec![("store", key)],
        what: trouble.to_string(),
        remedy: "",
    };
    trouble.map(wrong).into_iter().collect()
}

fn certificate(settings: &Settings) -> Vec<Wrong> {
    let files = settings.review.tls.as_ref();
    let files = files.filter(|it| !waits_for_systemd(&it.certificate) && !waits_for_systemd(&it.key));
    let Some(trouble) = files.and_then(|files| Tls::open(files).err()) else { return Vec::new() };
    let key = match trouble {
        TlsError::Certificate(..) => "tls_certificate",
        TlsError::Key(..) => "tls_key",
    };
    vec![Wrong { at: vec![("review", key)], what: trouble.to_string(), remedy: "" }]
}

fn sign_in(settings: &Settings) -> Vec<Wrong> {
    let service = settings.review.oidc.as_ref();
    let service = service.filter(|it| !it.client_secret_file.as_deref().is_some_and(waits_for_systemd));
    let trouble = service.and_then(|service| Provider::open(service).err());
    let wrong = |trouble: OpenError| Wrong {
        at: vec![("oidc", trouble.setting())],
        what: trouble.to_string(),
        remedy: "",
    };
    trouble.map(wrong).into_iter().collect()
}

/// Folders that the start makes where they are not there yet; what is no folder stays in its way.
fn folders(settings: &Settings) -> Vec<Wrong> {
    let named = [
        ("store", "state_dir", &settings.store.state_dir),
        ("milter", "spill_dir", &settings.milter.spill_dir),
    ];
    let wrong = named.into_iter().filter(|(_, _, path)| path.exists() && !path.is_dir());
    wrong
        .map(|(section, key, path)| Wrong {
            at: vec![(section, key)],
            what: format!("`{section}.{key}` = {} is no folder", path.display()),
            remedy: "give another path",
        })
        .collect()
}

/// A credential that systemd puts there when it starts the service, and that nobody can see before.
fn waits_for_systemd(path: &Path) -> bool {
    path.starts_with("/run/credentials") && !path.exists()
}

#[cfg(test)]
mod tests {
    use super::startable;
    use crate::config::load;

    /// `check` and a reload: "a configuration that is wrong leaves the old one in force, and says where".
    #[test]
    fn what_would_keep_the_service_from_starting_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.toml");
        let (state, none) = (folder.path().join("state"), folder.path().join("none"));
        let (state, none) = (state.display(), none.display());
        let long = "x".repeat(100);
        for (lines, expected) in [
            ("[store]\nseal_to = [\"age1junk\"]", "2:11: store.seal_to: "),
            (&format!("[store]\nidentity = \"{none}\""), "2:12: the key "),
            ("[milter]\nlisten = []", "2:10: `milter.listen` is empty"),
            (
                "[milter]\nlisten = [\"unix:/run/x.sock\"]\nsocket_group = \"nobody-has-it\"",
                "3:16: the group nobody-has-it of a unix socket is not in /etc/group",
            ),
            (&format!("[milter]\nlisten = [\"unix:/run/{long}\"]"), "2:10: unix:/run/xxx"),
            (
                "[milter]\nlisten = [\"inet:127.0.0.1:8892\"]",
                "2:10: `review.listen` is where `milter.listen` is: 127.0.0.1:8892; give another port",
            ),
            (
                "[review]\nlisten = \"0.0.0.0:8891\"",
                "2:10: `review.listen` is where `milter.listen` is: 127.0.0.1:8891; give another port",
            ),
            (
                "[relay]\nrelease = \"127.0.0.1:8891\"",
                "2:11: `relay.release` is where `milter.listen` is: 127.0.0.1:8891; give the listener",
            ),
            (
                &format!("[review]\ntls_certificate = \"{none}\"\ntls_key = \"{none}\""),
                "2:19: review.tls_certificate = ",
            ),
            (&format!("[milter]\nspill_dir = \"{}\"", file.display()), "2:13: `milter.spill_dir` = "),
        ] {
            let text = format!("{lines}\n");
            let rest =
                if lines.contains("[store]") { format!("state_dir = \"{state}\"\n") } else { String::new() };
            std::fs::write(&file, text + &rest).unwrap();
            let faults = startable(Some(&file), &load(Some(&file)).unwrap()).unwrap_err().to_string();
            let expected = format!("{}:{expected}", file.display());
            assert!(faults.starts_with(&expected), "{lines}\nexpected {expected}\ngot      {faults}");
        }
        std::fs::write(&file, format!("[store]\nstate_dir = \"{state}\"\n")).unwrap();
        startable(Some(&file), &load(Some(&file)).unwrap()).unwrap();
    }
}
