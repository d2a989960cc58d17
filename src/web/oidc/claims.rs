//! From claims to a person: login, name, address, roles by group, proof of a second factor.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Fault;
use super::token::{Claims, second};
use crate::model::{Address, settings};
use crate::ports::{Account, Grant};
use crate::review::{Role, is_shared};
use crate::web::site::PROOF;

/// Longest login and name, in characters.
const LONGEST: usize = 120;

/// Whom the service vouches for.
pub(in crate::web) struct Identity {
    /// Digest of the service's name and theirs there: what stays when the login changes.
    pub(in crate::web) subject: [u8; 32],
    /// As an account of ours.
    pub(in crate::web) account: Account,
    /// When they last proved themselves there.
    pub(in crate::web) proved_at: Timestamp,
}

/// Makes a person of verified claims. `again` asks for a proof that is fresh.
pub(super) fn identity(
    settings: &settings::Oidc,
    claims: &Claims,
    again: bool,
    now: Timestamp,
) -> Result<Identity, Fault> {
    let words = || ["amr", "acr", "acrs"].into_iter().flat_map(|name| list(claims.get(name)));
    let proved = settings.second_factor.iter().any(|asked| words().any(|word| word == asked));
    if !settings.second_factor.is_empty() && !proved {
        return Err(Fault::Untrusted("it shows no second factor (oidc.second_factor)"));
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let login = login(text(&settings.login_claim))?;
    let name = Some(text("name").trim()).filter(|name| !name.is_empty()).unwrap_or(&login);
    let name = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let address = [text("email"), text("preferred_username"), text("upn")];
    let address =
        address.into_iter().find_map(|it| Address::parse(it).ok().filter(|it| !it.domain().is_empty()));
    Ok(Identity {
        subject: Sha256::new()
            .chain_update(&settings.issuer)
            .chain_update("\n")
            .chain_update(text("sub"))
            .finalize()
            .into(),
        account: Account {
            login,
            name,
            address: address.map(|it| it.reveal()),
            grants: grants(settings, claims),
            created_at: now,
            seen_at: None,
            closed: false,
            must_change: false,
            locked_until: None,
            federated: true,
        },
        proved_at: proved_at(settings, claims, again, now)?,
    })
}

/// When they last typed something there. A service that does not say gives a session whose proof is old already: whole messages ask
/// for a new one.
fn proved_at(
    settings: &settings::Oidc,
    claims: &Claims,
    again: bool,
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let told = second(claims, "auth_time").map_err(Fault::Untrusted)?;
    let told = told.and_then(|at| Timestamp::from_second(at).ok()).map(|at| at.min(now));
    let skew = SignedDuration::try_from(settings.clock_skew).unwrap_or_default();
    match told {
        Some(at) if again && now.duration_since(at) > PROOF + skew => {
            Err(Fault::Untrusted("it asked for nothing again (auth_time is old)"))
        }
        None if again => Err(Fault::Untrusted("it does not say when it asked (auth_time is missing)")),
        Some(at) => Ok(at),
        None => Ok(now - PROOF - SignedDuration::from_secs(1)),
    }
}

/// A login that names one person: MSSS-ORI09 keeps shared accounts out.
fn login(text: &str) -> Result<String, Fault> {
    let login = text.trim().to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "@.-_+'".contains(c);
    if !(3..=LONGEST).contains(&login.len()) || !login.chars().all(plain) {
        return Err(Fault::Untrusted("its claim for the login is missing or no login (oidc.login_claim)"));
    }
    if is_shared(&login) {
        return Err(Fault::Untrusted("its login names a function, not a person (MSSS-ORI09)"));
    }
    Ok(login)
}

/// The roles that the groups give, each once.
fn grants(settings: &settings::Oidc, claims: &Claims) -> Vec<Grant> {
    let path = settings.groups_claim.as_str();
    let value = match path.strip_prefix('/') {
        Some(path) => {
            let mut names = path.split('/');
            let first = names.next().and_then(|first| claims.get(first));
            names.fold(first, |value, name| value?.get(name))
        }
        None => claims.get(path),
    };
    let groups = list(value);
    let mut grants = Vec::new();
    for given in settings.grants.iter().filter(|given| groups.contains(&given.group.as_str())) {
        let Some(role) = Role::from_name(&given.role) else { continue };
        let departments: Vec<Option<String>> = match given.departments.as_slice() {
            [] => vec![None],
            named => named.iter().cloned().map(Some).collect(),
        };
        for department in departments {
            let grant = Grant { role, department };
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
    }
    grants
}

/// One text or several.
fn list(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
