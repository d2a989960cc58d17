//! Sealed messages that no case names, for a person to decide on.

use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER as HEX;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::content::Folder;
use super::{SqlStore, audit};
use crate::model::Raw;
use crate::ports::{Aside, AsideEnd, SetAside, StoreError};

#[async_trait::async_trait]
impl SetAside for SqlStore {
    async fn aside(&self) -> Result<Vec<Aside>, StoreError> {
        let Some(folder) = self.vault.folder() else { return Ok(Vec::new()) };
        let kept = SignedDuration::try_from(self.aside_for()).unwrap_or(SignedDuration::MAX);
        let mut all = Vec::new();
        for file in folder.all_aside()? {
            let Some((size, since)) = folder.aside_facts(&file)? else { continue };
            let since = moment(since);
            let until = since.checked_add(kept).unwrap_or(Timestamp::MAX);
            all.push(Aside { file, size, since, until });
        }
        all.sort_by(|one, other| (one.since, &one.file).cmp(&(other.since, &other.file)));
        Ok(all)
    }

    async fn aside_message(&self, file: &str) -> Result<Raw, StoreError> {
        let sealed = self.sealed_aside(file)?.1;
        Ok(Raw(self.keys.unseal(sealed.as_slice())?.to_vec()))
    }

    async fn end_aside(&self, file: &str, end: AsideEnd<'_>) -> Result<(), StoreError> {
        let (folder, sealed) = self.sealed_aside(file)?;
        let mut tx = self.db.begin().await?;
        if self.names(file).await? {
            tx.rollback().await?;
            return Err(StoreError::Refused(format!(
                "a case names {file}: the service brings it back by itself within the hour"
            )));
        }
        let entry = audit::Entry {
            at: end.at,
            actor: end.actor.name(),
            what: if end.case.is_some() { "aside-taken-back" } else { "aside-destroyed" },
            case: end.case,
            text: Some(end.reason),
            facts: vec![("file", json!(file)), ("sha256", json!(HEX.encode(&Sha256::digest(&sealed))))],
        };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await?;
        // A crash before this leaves the file for another decision, or for its time.
        folder.remove(file)
    }
}

impl SqlStore {
    /// How long a message that no case names is kept: as long as one that nobody decides.
    pub(super) fn aside_for(&self) -> Duration {
        self.keep_content.max(self.undecided)
    }

    fn sealed_aside(&self, file: &str) -> Result<(&Folder, Vec<u8>), StoreError> {
        let folder = self.vault.folder();
        let folder =
            folder.filter(|folder| folder.all_aside().is_ok_and(|all| all.iter().any(|it| it == file)));
        let none = || StoreError::Refused(format!("no message {file} is set aside: see `cases set-aside`"));
        let folder = folder.ok_or_else(none)?;
        Ok((folder, folder.sealed(file)?))
    }
}

fn moment(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}
