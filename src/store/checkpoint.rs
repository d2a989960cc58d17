//! Signed checkpoints: a word on how far the audit trail went, that whoever rewrites the database cannot give.

use data_encoding::HEXLOWER as HEX;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;

use super::SqlStore;
use super::db::{locked, millis, time};
use super::keys::KeyRing;
use super::row::row;
use crate::model::CaseId;
use crate::ports::{Attestation, Checkpoint, Signer, StoreError};

row! {
    /// A row of the table.
    pub(super) struct Signed {
        pub(super) seq: i64,
        hash: Vec<u8>,
        at: i64,
        signature: Vec<u8>,
        key: Vec<u8>,
    }
}

/// What is signed.
fn words(seq: i64, hash: &[u8], at: i64) -> String {
    format!("vaguemestre checkpoint v1 {seq} {} {at}", HEX.encode(hash))
}

impl Signed {
    /// Why it does not fit the entry it names.
    pub(super) fn fault(&self, last: &(i64, Vec<u8>), keys: &KeyRing) -> Option<&'static str> {
        if (self.seq, &self.hash) != (last.0, &last.1) {
            return Some("it is not what a signed checkpoint says");
        }
        let key = <[u8; 32]>::try_from(self.key.as_slice())
            .ok()
            .and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let signature = Signature::from_slice(&self.signature).ok();
        let (Some(key), Some(signature)) = (key, signature) else {
            return Some("its checkpoint is not signed");
        };
        if !keys.signs_with(&self.key) {
            return Some("its checkpoint is signed with a key that keys/audit.pub does not name");
        }
        let words = words(self.seq, &self.hash, self.at);
        key.verify_strict(words.as_bytes(), &signature)
            .err()
            .map(|_| "the signature of its checkpoint is wrong")
    }

    fn told(self) -> Result<Checkpoint, StoreError> {
        Ok(Checkpoint {
            seq: u64::try_from(self.seq).unwrap_or(0),
            hash: HEX.encode(&self.hash),
            at: time(self.at)?,
            signature: HEX.encode(&self.signature),
            key: HEX.encode(&self.key),
        })
    }
}

impl SqlStore {
    /// All checkpoints, oldest first.
    pub(super) async fn checkpoints(&self) -> Result<Vec<Signed>, StoreError> {
        let all = "SELECT seq, hash, at, signature, key FROM checkpoints ORDER BY seq";
        Ok(sqlx::query_as(all).fetch_all(self.db.read()).await?)
    }

    /// Signs the head of the trail, unless that was done already.
    pub(super) async fn sign_head(&self, now: Timestamp) -> Result<Option<Checkpoint>, StoreError> {
        let key = self.signer()?;
        let mut tx = self.db.begin().await?;
        let head = locked!(self.db, "SELECT seq, hash FROM audit_head", "FOR UPDATE");
        let (seq, hash): (i64, Vec<u8>) = sqlx::query_as(head).fetch_one(&mut *tx).await?;
        let done: Option<i64> = sqlx::query_scalar("SELECT seq FROM checkpoints WHERE seq >= $1 LIMIT 1")
            .bind(seq)
            .fetch_optional(&mut *tx)
            .await?;
        if seq == 0 || done.is_some() {
            tx.rollback().await?;
            return Ok(None);
        }
        let at = millis(now);
        let signature = key.sign(words(seq, &hash, at).as_bytes()).to_bytes().to_vec();
        let signed = Signed { seq, hash, at, signature, key: key.verifying_key().to_bytes().to_vec() };
        sqlx::query("INSERT INTO checkpoints (seq, hash, at, signature, key) VALUES ($1, $2, $3, $4, $5)")
            .bind(signed.seq)
            .bind(signed.hash.as_slice())
            .bind(signed.at)
            .bind(signed.signature.as_slice())
            .bind(signed.key.as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        signed.told().map(Some)
    }

    /// Signs what an evidence pack holds. A checkpoint cannot do it: between it and the entries of one case stand those of others,
    /// whose text the pack does not give, and without their text a chain of hashes is anybody's to make up.
    pub(super) fn sign_manifest(
        &self,
        case: &CaseId,
        manifest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Attestation, StoreError> {
        let key = self.signer()?;
        let words = format!("vaguemestre evidence v1 {case} {} {}", HEX.encode(manifest), millis(now));
        let signature = HEX.encode(&key.sign(words.as_bytes()).to_bytes());
        Ok(Attestation { words, at: now, signature, key: HEX.encode(key.verifying_key().as_bytes()) })
    }

    /// Who signed, since when, how often.
    pub(super) async fn signed_by(&self) -> Result<Vec<Signer>, StoreError> {
        let sql = "SELECT key, min(at), max(at), count(*) FROM checkpoints GROUP BY key ORDER BY 2, 1";
        let rows: Vec<(Vec<u8>, i64, i64, i64)> = sqlx::query_as(sql).fetch_all(self.db.read()).await?;
        let signer = |(key, since, until, count): (Vec<u8>, i64, i64, i64)| {
            let (since, until) = (time(since)?, time(until)?);
            Ok(Signer { key: HEX.encode(&key), since, until, checkpoints: u64::try_from(count).unwrap_or(0) })
        };
        rows.into_iter().map(signer).collect()
    }

    fn signer(&self) -> Result<&SigningKey, StoreError> {
        let missing = || StoreError::Key("this process holds no key to sign with".to_owned());
        self.keys.audit.as_ref().ok_or_else(missing)
    }

    /// The first checkpoint that covers an entry, else the latest.
    pub(super) async fn covering(&self, seq: u64) -> Result<Option<Checkpoint>, StoreError> {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        for wanted in [
            "SELECT seq, hash, at, signature, key FROM checkpoints WHERE seq >= $1 ORDER BY seq LIMIT 1",
            "SELECT seq, hash, at, signature, key FROM checkpoints WHERE seq < $1 ORDER BY seq DESC LIMIT 1",
        ] {
            let found: Option<Signed> =
                sqlx::query_as(wanted).bind(seq).fetch_optional(self.db.read()).await?;
            if let Some(found) = found {
                return found.told().map(Some);
            }
        }
        Ok(None)
    }
}
