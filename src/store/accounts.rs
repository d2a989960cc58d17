//! Accounts, grants, recovery codes and sessions.

use hmac::Mac;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::db::{Tx, millis, time};
use super::row::row;
use super::{SqlStore, audit};
use crate::model::{Address, Masked};
use crate::ports::{Account, Accounts, By, Credentials, Grant, Secrets, Session, StoreError};
use crate::review::Role;

/// A grant as its column holds it.
#[derive(Serialize, Deserialize)]
struct Written {
    role: String,
    department: Option<String>,
}

row! {
    struct AccountRow {
        login: String,
        name: String,
        address: Option<String>,
        grants: String,
        created_at: i64,
        seen_at: Option<i64>,
        closed: i64,
        must_change: i64,
        locked_until: Option<i64>,
        subject: Option<Vec<u8>>,
    }
}

/// Columns of an [`AccountRow`].
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT login, name, address, grants, created_at, seen_at, closed, must_change, locked_until, subject FROM accounts ",
            $rest
        )
    };
}

row! {
    struct SessionRow {
        login: String,
        created_at: i64,
        seen_at: i64,
        proved_at: i64,
        browser: Vec<u8>,
    }
}

#[async_trait::async_trait]
impl Accounts for SqlStore {
    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<AccountRow> =
            sqlx::query_as(select_accounts!("ORDER BY login")).fetch_all(self.db.read()).await?;
        rows.into_iter().map(account_of).collect()
    }

    async fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> = sqlx::query_as(select_accounts!("WHERE login = $1"))
            .bind(login)
            .fetch_optional(self.db.read())
            .await?;
        row.map(account_of).transpose()
    }

    async fn open_account(&self, account: &Account, secrets: &Secrets, by: By<'_>) -> Result<(), StoreError> {
        let totp = self.keys.seal(secrets.totp.reveal().as_bytes())?;
        let mut tx = self.db.begin().await?;
        let opened = sqlx::query(
            "INSERT INTO accounts (login, name, address, grants, created_at, must_change, password, totp) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(&account.login)
        .bind(&account.name)
        .bind(account.address.as_deref())
        .bind(written(&account.grants))
        .bind(millis(account.created_at))
        .bind(i64::from(secrets.must_change))
        .bind(&secrets.password)
        .bind(totp)
        .execute(&mut *tx)
        .await?;
        if opened.rows_affected() == 0 {
            return Err(StoreError::Refused(format!("there is an account {} already", account.login)));
        }
        keep_recovery(&mut tx, &account.login, secrets).await?;
        let facts = vec![("account", json!(account.login)), ("grants", facts_of(&account.grants))];
        self.tell(&mut tx, by, "account-open", facts).await?;
        tx.commit().await
    }

    async fn federate(&self, subject: &[u8; 32], account: &Account) -> Result<Account, StoreError> {
        let mut tx = self.db.begin().await?;
        self.db.only_one(&mut tx, subject).await?;
        let known: Option<AccountRow> = sqlx::query_as(select_accounts!("WHERE subject = $1"))
            .bind(subject.as_slice())
            .fetch_optional(&mut *tx)
            .await?;
        let by = |login| By { actor: login, at: account.created_at };
        let known = match known.map(account_of).transpose()? {
            // Whoever has no role leaves no trace: the list of accounts is of those who had one.
            None if account.grants.is_empty() => account.clone(),
            None => {
                self.insert_federated(&mut tx, subject, account).await?;
                let facts = vec![("account", json!(account.login)), ("grants", facts_of(&account.grants))];
                self.tell(&mut tx, by(&account.login), "account-federate", facts).await?;
                Account { federated: true, ..account.clone() }
            }
            Some(known) if known.closed => known,
            Some(known) => {
                sqlx::query("UPDATE accounts SET name = $1, address = $2, grants = $3 WHERE login = $4")
                    .bind(&account.name)
                    .bind(account.address.as_deref())
                    .bind(written(&account.grants))
                    .bind(&known.login)
                    .execute(&mut *tx)
                    .await?;
                if known.grants != account.grants {
                    let facts = vec![("account", json!(known.login)), ("grants", facts_of(&account.grants))];
                    self.tell(&mut tx, by(&known.login), "account-federate", facts).await?;
                    end_sessions(&mut tx, &known.login, &[]).await?;
                }
                let (name, address, grants) =
                    (account.name.clone(), account.address.clone(), account.grants.clone());
                Account { name, address, grants, ..known }
            }
        };
        tx.commit().await?;
        Ok(known)
    }

    fn mark(&self, purpose: &str, text: &str) -> [u8; 32] {
        self.keys.page_mac(purpose).chain_update(text).finalize().into_bytes().into()
    }

    async fn grant(&self, login: &str, grants: &[Grant], by: By<'_>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let update = sqlx::query("UPDATE accounts SET grants = $1 WHERE login = $2");
        changed(update.bind(written(grants)).bind(login).execute(&mut *tx).await?.rows_affected(), login)?;
        let facts = vec![("account", json!(login)), ("grants", facts_of(grants))];
        self.tell(&mut tx, by, "account-grant", facts).await?;
        tx.commit().await
    }

    async fn set_address(&self, login: &str, address: &Address, by: By<'_>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let update = sqlx::query("UPDATE accounts SET address = $1 WHERE login = $2");
        let update = update.bind(address.reveal()).bind(login).execute(&mut *tx).await?;
        changed(update.rows_affected(), login)?;
        self.tell(&mut tx, by, "account-address", vec![("account", json!(login))]).await?;
        tx.commit().await
    }

    async fn close_account(&self, login: &str, by: By<'_>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let update = sqlx::query("UPDATE accounts SET closed = 1 WHERE login = $1 AND closed = 0");
        changed(update.bind(login).execute(&mut *tx).await?.rows_affected(), login)?;
        end_sessions(&mut tx, login, &[]).await?;
        self.tell(&mut tx, by, "account-close", vec![("account", json!(login))]).await?;
        tx.commit().await
    }

    async fn renew_secrets(&self, login: &str, secrets: &Secrets, by: By<'_>) -> Result<(), StoreError> {
        let totp = self.keys.seal(secrets.totp.reveal().as_bytes())?;
        let mut tx = self.db.begin().await?;
        let update = sqlx::query(
            "UPDATE accounts SET password = $1, totp = $2, totp_step = 0, must_change = $3, failures = 0, \
             locked_until = NULL WHERE login = $4",
        );
        let update =
            update.bind(&secrets.password).bind(totp).bind(i64::from(secrets.must_change)).bind(login);
        changed(update.execute(&mut *tx).await?.rows_affected(), login)?;
        sqlx::query("DELETE FROM recovery_codes WHERE login = $1").bind(login).execute(&mut *tx).await?;
        keep_recovery(&mut tx, login, secrets).await?;
        end_sessions(&mut tx, login, &[]).await?;
        self.tell(&mut tx, by, "account-renew", vec![("account", json!(login))]).await?;
        tx.commit().await
    }

    async fn change_password(
        &self,
        login: &str,
        password: &str,
        keep: &[u8; 32],
        by: By<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let update = sqlx::query("UPDATE accounts SET password = $1, must_change = 0 WHERE login = $2");
        changed(update.bind(password).bind(login).execute(&mut *tx).await?.rows_affected(), login)?;
        end_sessions(&mut tx, login, keep).await?;
        self.tell(&mut tx, by, "password-change", Vec::new()).await?;
        tx.commit().await
    }

    async fn change_key(&self, login: &str, key: &Masked, step: i64, by: By<'_>) -> Result<(), StoreError> {
        let totp = self.keys.seal(key.reveal().as_bytes())?;
        let mut tx = self.db.begin().await?;
        let update = sqlx::query("UPDATE accounts SET totp = $1, totp_step = $2 WHERE login = $3");
        changed(update.bind(totp).bind(step).bind(login).execute(&mut *tx).await?.rows_affected(), login)?;
        self.tell(&mut tx, by, "key-change", Vec::new()).await?;
        tx.commit().await
    }

    async fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError> {
        let row: Option<(String, Vec<u8>, i64, i64)> = sqlx::query_as(
            "SELECT password, totp, totp_step, failures FROM accounts WHERE login = $1 AND closed = 0",
        )
        .bind(login)
        .fetch_optional(self.db.read())
        .await?;
        let Some((password, totp, totp_step, failures)) = row else { return Ok(None) };
        let totp = Masked::new(String::from_utf8_lossy(&self.keys.unseal(totp.as_slice())?));
        Ok(Some(Credentials {
            password,
            totp,
            totp_step,
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
        }))
    }

    async fn use_step(&self, login: &str, step: i64) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        // A code is of the step before, this one or the next: one used further ahead was of a clock that was wrong.
        let update = sqlx::query(
            "UPDATE accounts SET totp_step = $1 WHERE login = $2 AND (totp_step < $1 OR totp_step > $1 + 2)",
        );
        let taken = update.bind(step).bind(login).execute(&mut *tx).await?.rows_affected() == 1;
        tx.commit().await?;
        Ok(taken)
    }

    async fn use_recovery(&self, login: &str, digest: &[u8; 32], by: By<'_>) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let delete = sqlx::query("DELETE FROM recovery_codes WHERE login = $1 AND digest = $2");
        let taken = delete.bind(login).bind(digest.as_slice()).execute(&mut *tx).await?.rows_affected() == 1;
        if taken {
            self.tell(&mut tx, by, "recovery-code", Vec::new()).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    async fn sign_in_failed(
        &self,
        login: &str,
        locked_until: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let update =
            sqlx::query("UPDATE accounts SET failures = failures + 1, locked_until = $1 WHERE login = $2");
        let known =
            update.bind(locked_until.map(millis)).bind(login).execute(&mut *tx).await?.rows_affected() == 1;
        if known {
            let facts = vec![("locked_until", locked_until.map_or(Value::Null, |at| millis(at).into()))];
            self.tell(&mut tx, By { actor: login, at }, "sign-in-failed", facts).await?;
        }
        tx.commit().await
    }

    async fn open_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let at = millis(session.created_at);
        sqlx::query("UPDATE accounts SET failures = 0, locked_until = NULL, seen_at = $1 WHERE login = $2")
            .bind(at)
            .bind(&session.login)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (digest, login, created_at, seen_at, proved_at, browser) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.digest.as_slice())
        .bind(&session.login)
        .bind(at)
        .bind(millis(session.seen_at))
        .bind(millis(session.proved_at))
        .bind(session.browser.as_slice())
        .execute(&mut *tx)
        .await?;
        let by = By { actor: &session.login, at: session.created_at };
        self.tell(&mut tx, by, "sign-in", Vec::new()).await?;
        tx.commit().await
    }

    async fn session(&self, digest: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = sqlx::query_as(
            "SELECT login, created_at, seen_at, proved_at, browser FROM sessions WHERE digest = $1",
        )
        .bind(digest.as_slice())
        .fetch_optional(self.db.read())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let damaged = |_| StoreError::Damaged("a session cannot be read".to_owned());
        Ok(Some(Session {
            digest: *digest,
            login: row.login,
            created_at: time(row.created_at)?,
            seen_at: time(row.seen_at)?,
            proved_at: time(row.proved_at)?,
            browser: row.browser.try_into().map_err(damaged)?,
        }))
    }

    async fn touch_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        sqlx::query("UPDATE sessions SET seen_at = $1, proved_at = $2 WHERE digest = $3")
            .bind(millis(session.seen_at))
            .bind(millis(session.proved_at))
            .bind(session.digest.as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    async fn close_session(&self, digest: &[u8; 32]) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let delete = sqlx::query("DELETE FROM sessions WHERE digest = $1").bind(digest.as_slice());
        delete.execute(&mut *tx).await?;
        tx.commit().await
    }

    async fn sweep_sessions(&self, begun_before: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.db.begin().await?;
        let delete = sqlx::query("DELETE FROM sessions WHERE created_at < $1").bind(millis(begun_before));
        let removed = delete.execute(&mut *tx).await?.rows_affected();
        tx.commit().await?;
        Ok(removed)
    }

    async fn access_reviewed(&self) -> Result<Option<(String, Timestamp)>, StoreError> {
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT actor, signed_at FROM access_reviews ORDER BY signed_at DESC LIMIT 1")
                .fetch_optional(self.db.read())
                .await?;
        row.map(|(actor, at)| Ok((actor, time(at)?))).transpose()
    }

    async fn sign_access_review(&self, by: By<'_>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let insert = "INSERT INTO access_reviews (signed_at, actor) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(millis(by.at)).bind(by.actor).execute(&mut *tx).await?;
        self.tell(&mut tx, by, "access-review", Vec::new()).await?;
        tx.commit().await
    }

    async fn claim_slot(&self, slot: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let old = sqlx::query("DELETE FROM slots WHERE at < $1").bind(millis(at) - WEEK);
        old.execute(&mut *tx).await?;
        let insert = sqlx::query("INSERT INTO slots (slot, at) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        let taken = insert.bind(slot).bind(millis(at)).execute(&mut *tx).await?.rows_affected() == 1;
        tx.commit().await?;
        Ok(taken)
    }
}

/// In milliseconds.
const WEEK: i64 = 7 * 24 * 3600 * 1000;

impl SqlStore {
    /// Keeps an account that has neither password nor code: nothing typed here opens it.
    async fn insert_federated(
        &self,
        tx: &mut Tx,
        subject: &[u8; 32],
        account: &Account,
    ) -> Result<(), StoreError> {
        let opened = sqlx::query(
            "INSERT INTO accounts (login, name, address, grants, created_at, password, totp, subject) \
             VALUES ($1, $2, $3, $4, $5, '', $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(&account.login)
        .bind(&account.name)
        .bind(account.address.as_deref())
        .bind(written(&account.grants))
        .bind(millis(account.created_at))
        .bind(self.keys.seal(b"")?)
        .bind(subject.as_slice())
        .execute(&mut **tx)
        .await?;
        match opened.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Refused(format!("the login {} belongs to someone else", account.login))),
        }
    }

    /// Writes what happened to an account to the trail, in the same transaction.
    async fn tell(
        &self,
        tx: &mut Tx,
        by: By<'_>,
        what: &str,
        facts: Vec<(&'static str, Value)>,
    ) -> Result<(), StoreError> {
        let entry = audit::Entry { at: by.at, actor: by.actor, what, case: None, text: None, facts };
        audit::append(tx, self, entry).await
    }
}

async fn keep_recovery(tx: &mut Tx, login: &str, secrets: &Secrets) -> Result<(), StoreError> {
    for digest in &secrets.recovery {
        let insert = sqlx::query("INSERT INTO recovery_codes (login, digest) VALUES ($1, $2)");
        insert.bind(login).bind(digest.as_slice()).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Ends the sessions of an account but the one to keep.
async fn end_sessions(tx: &mut Tx, login: &str, keep: &[u8]) -> Result<(), StoreError> {
    let delete = sqlx::query("DELETE FROM sessions WHERE login = $1 AND digest <> $2");
    delete.bind(login).bind(keep).execute(&mut **tx).await?;
    Ok(())
}

fn changed(rows: u64, login: &str) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Refused(format!("there is no open account {login}"))) }
}

fn account_of(row: AccountRow) -> Result<Account, StoreError> {
    let damaged = || StoreError::Damaged("the roles of an account cannot be read".to_owned());
    let written: Vec<Written> = serde_json::from_str(&row.grants).map_err(|_| damaged())?;
    let grant = |it: Written| {
        Role::from_name(&it.role).map(|role| Grant { role, department: it.department }).ok_or_else(damaged)
    };
    Ok(Account {
        login: row.login,
        name: row.name,
        address: row.address,
        grants: written.into_iter().map(grant).collect::<Result<_, _>>()?,
        created_at: time(row.created_at)?,
        seen_at: row.seen_at.map(time).transpose()?,
        closed: row.closed != 0,
        must_change: row.must_change != 0,
        locked_until: row.locked_until.map(time).transpose()?,
        federated: row.subject.is_some(),
    })
}

fn written(grants: &[Grant]) -> String {
    facts_of(grants).to_string()
}

fn facts_of(grants: &[Grant]) -> Value {
    let written = grants
        .iter()
        .map(|it| Written { role: it.role.name().to_owned(), department: it.department.clone() });
    json!(written.collect::<Vec<_>>())
}
