//! Who may sign in, what they may do, and who is signed in. Secrets come in already digested, or go out sealed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Address, Masked};
use crate::review::{Case, Right, Role};

/// A role, over the whole establishment or one department.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What they may do.
    pub role: Role,
    /// For which department, told by the domain its people write from; `None` is all of them.
    pub department: Option<String>,
}

/// One person's account. Never a shared one: MSSS-ORI09 keeps generic accounts out of such work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name they sign in with, which the audit trail shows.
    pub login: String,
    /// Their name, as colleagues know it.
    pub name: String,
    /// Their own mail address: nobody decides on a message of theirs.
    pub address: Option<String>,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub seen_at: Option<Timestamp>,
    /// Closed accounts stay, so that the trail keeps its names.
    pub closed: bool,
    /// Whether the password was made by someone else and must be changed first.
    pub must_change: bool,
    /// Nobody signs in to it before this.
    pub locked_until: Option<Timestamp>,
    /// Whether the establishment's own sign-in service vouches for them: such an account has no password here.
    pub federated: bool,
}

impl Account {
    /// Whether one of its roles has this right, in whatever department.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        !self.closed && self.grants.iter().any(|grant| grant.role.may(right))
    }

    /// Whether mail is due to this person and no address is known: its digests and alerts go nowhere.
    #[must_use]
    pub fn lacks_address(&self) -> bool {
        !self.closed && self.address.is_none() && self.grants.iter().any(|grant| grant.role.is_written_to())
    }

    /// The departments over which it has this right; `None` when it has it nowhere, an empty list for all.
    #[must_use]
    pub fn departments(&self, right: Right) -> Option<Vec<String>> {
        let grants = self.grants.iter().filter(|grant| !self.closed && grant.role.may(right));
        let departments: Vec<Option<String>> = grants.map(|grant| grant.department.clone()).collect();
        match departments.is_empty() {
            true => None,
            false => Some(departments.into_iter().collect::<Option<Vec<String>>>().unwrap_or_default()),
        }
    }

    /// The role under which it uses this right in a department.
    #[must_use]
    pub fn role_for(&self, right: Right, department: &str) -> Option<Role> {
        self.grants_over(department).find(|grant| grant.role.may(right)).map(|grant| grant.role)
    }

    /// Whether it sees a case at all.
    #[must_use]
    pub fn sees(&self, case: &Case) -> bool {
        self.grants_over(&case.sender_domain).any(|grant| grant.role.sees(case))
    }

    /// Whether it may open a case whose number or address it knows, content aside: who sets legal holds must find what to hold.
    #[must_use]
    pub fn opens(&self, case: &Case) -> bool {
        self.sees(case) || self.role_for(Right::HoldLegally, &case.sender_domain).is_some()
    }

    fn grants_over(&self, department: &str) -> impl Iterator<Item = &Grant> {
        let covers = move |grant: &&Grant| {
            grant.department.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(department))
        };
        self.grants.iter().filter(|_| !self.closed).filter(covers)
    }
}

/// What proves who someone is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The password's digest, with its salt and costs, as text.
    pub password: String,
    /// The secret of the time-based codes (RFC 6238).
    pub totp: Masked,
    /// The last step whose code was used: no code serves twice.
    pub totp_step: i64,
    /// Failed tries in a row.
    pub failures: u32,
}

/// An account to open, or the new secrets of one.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The password's digest.
    pub password: String,
    /// The secret of the time-based codes.
    pub totp: Masked,
    /// Digests of the recovery codes.
    pub recovery: Vec<[u8; 32]>,
    /// Whether someone else knows the password.
    pub must_change: bool,
}

/// Someone signed in. The id is in the browser only; what is kept is its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the id.
    pub digest: [u8; 32],
    /// Whose.
    pub login: String,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they were last seen.
    pub seen_at: Timestamp,
    /// When they last proved themselves with a code.
    pub proved_at: Timestamp,
    /// Digest of the browser's name: another browser with the same cookie is no longer the same person.
    pub browser: [u8; 32],
}

/// Who opens or changes an account, for the trail.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What keeps accounts and sessions. Everything that changes who may do what is written to the audit trail.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Every account, by login.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// One account.
    async fn account(&self, login: &str) -> Result<Option<Account>, StoreError>;
    /// Opens an account.
    async fn open_account(&self, account: &Account, secrets: &Secrets, by: By<'_>) -> Result<(), StoreError>;
    /// Takes in whom the establishment's sign-in service vouches for: name, address and roles as it says them now. `subject` is a
    /// digest of who they are there; the login is the one of their first time. An account closed here stays closed.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the login belongs to someone else.
    async fn federate(&self, subject: &[u8; 32], account: &Account) -> Result<Account, StoreError>;
    /// Marks a text as ours, for one purpose: what every machine that shares this store knows again.
    fn mark(&self, purpose: &str, text: &str) -> [u8; 32];
    /// Replaces the roles of an account.
    async fn grant(&self, login: &str, grants: &[Grant], by: By<'_>) -> Result<(), StoreError>;
    /// Replaces the mail address of an account: where digests and alerts go, and whose messages its person does not decide on.
    async fn set_address(&self, login: &str, address: &Address, by: By<'_>) -> Result<(), StoreError>;
    /// Closes an account, with its sessions.
    async fn close_account(&self, login: &str, by: By<'_>) -> Result<(), StoreError>;
    /// Replaces the secrets of an account, ends its sessions and its lock.
    async fn renew_secrets(&self, login: &str, secrets: &Secrets, by: By<'_>) -> Result<(), StoreError>;
    /// Replaces the password alone, by the person themselves; ends their other sessions.
    async fn change_password(
        &self,
        login: &str,
        password: &str,
        keep: &[u8; 32],
        by: By<'_>,
    ) -> Result<(), StoreError>;
    /// Replaces the key of one's authenticator application, of which the code of `step` was just seen.
    async fn change_key(&self, login: &str, key: &Masked, step: i64, by: By<'_>) -> Result<(), StoreError>;
    /// What proves who this is.
    async fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError>;
    /// Takes a code's step, if it is later than every one used before; `false` is a code used twice.
    async fn use_step(&self, login: &str, step: i64) -> Result<bool, StoreError>;
    /// Takes a recovery code; `false` when there is none such left.
    async fn use_recovery(&self, login: &str, digest: &[u8; 32], by: By<'_>) -> Result<bool, StoreError>;
    /// Notes a failed try, and until when nobody may try again.
    async fn sign_in_failed(
        &self,
        login: &str,
        locked_until: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Opens a session.
    async fn open_session(&self, session: &Session) -> Result<(), StoreError>;
    /// A session by its digest.
    async fn session(&self, digest: &[u8; 32]) -> Result<Option<Session>, StoreError>;
    /// Notes that its person was seen, or proved themselves again.
    async fn touch_session(&self, session: &Session) -> Result<(), StoreError>;
    /// Ends a session.
    async fn close_session(&self, digest: &[u8; 32]) -> Result<(), StoreError>;
    /// Removes sessions begun before this; says how many.
    async fn sweep_sessions(&self, begun_before: Timestamp) -> Result<u64, StoreError>;
    /// The last signing of the review of who has access: by whom, when.
    async fn access_reviewed(&self) -> Result<Option<(String, Timestamp)>, StoreError>;
    /// Signs that who has access was reviewed.
    async fn sign_access_review(&self, by: By<'_>) -> Result<(), StoreError>;
    /// Takes what one machine of several does once, such as a digest; `false` when it was taken. Forgotten after a week.
    async fn claim_slot(&self, slot: &str, at: Timestamp) -> Result<bool, StoreError>;
}
