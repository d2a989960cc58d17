//! How far the audit trail was last seen to go, written beside the database: one that does not go so far, or went there another way, is of
//! an earlier moment. What left since then it cannot know.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Mutex;

use super::db::Db;
use super::{SqlStore, audit};
use crate::model::{CaseId, Masked};
use crate::ports::{Desk, StoreError};
use crate::review::{Action, Actor, act};

/// The file, in the state folder. It is not to be restored with the database.
const FILE: &str = "trail.seen";

/// The answer of an MTA that took the whole message: what a release is doubted with that no queue and no log can settle.
const TAKEN: u16 = 250;

/// What was seen of the trail.
pub(super) struct Seen {
    path: PathBuf,
    last: Mutex<Option<Head>>,
    rewound: AtomicBool,
}

/// An entry of the trail: its number and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    seq: i64,
    hash: Vec<u8>,
}

impl Seen {
    /// Reads the file, and holds the trail against it.
    pub(super) async fn open(state_dir: &Path, db: &Db) -> Result<Self, StoreError> {
        let path = state_dir.join(FILE);
        let last = std::fs::read_to_string(&path).ok().as_deref().and_then(Head::read);
        let rewound = match &last {
            Some(last) if last.seq > 0 => {
                let there = sqlx::query_scalar::<_, Vec<u8>>("SELECT hash FROM audit WHERE seq = $1");
                let there = there.bind(last.seq).fetch_optional(db.read()).await?;
                there.as_ref() != Some(&last.hash)
            }
            _ => false,
        };
        Ok(Self { path, last: Mutex::new(last), rewound: AtomicBool::new(rewound) })
    }

    /// Notes how far the trail goes now, unless it went further before.
    pub(super) async fn note(&self, db: &Db) -> Result<(), StoreError> {
        let mut last = self.last.lock().await;
        let now = head(db).await?;
        let further = last.as_ref().is_some_and(|last| last.seq > now.seq);
        if further {
            self.rewound.store(true, Ordering::Relaxed);
        }
        if self.rewound.load(Ordering::Relaxed) || last.as_ref() == Some(&now) {
            return Ok(());
        }
        self.write(&now)?;
        *last = Some(now);
        Ok(())
    }

    /// What is seen from here on is the trail as it is.
    async fn begin_again(&self, db: &Db) -> Result<(), StoreError> {
        let mut last = self.last.lock().await;
        let now = head(db).await?;
        self.write(&now)?;
        *last = Some(now);
        self.rewound.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// A half-written one would tell of a restore that never was: it is put in its place whole.
    fn write(&self, head: &Head) -> Result<(), StoreError> {
        let draft = self.path.with_extension("part");
        std::fs::write(&draft, format!("{} {}\n", head.seq, HEX.encode(&head.hash)))
            .and_then(|()| std::fs::rename(&draft, &self.path))
            .map_err(|error| StoreError::Unavailable(format!("{}: {}", self.path.display(), error.kind())))
    }
}

impl Head {
    fn read(text: &str) -> Option<Self> {
        let (seq, hash) = text.trim().split_once(' ')?;
        Some(Self { seq: seq.parse().ok()?, hash: HEX.decode(hash.as_bytes()).ok()? })
    }
}

async fn head(db: &Db) -> Result<Head, StoreError> {
    let head: (i64, Vec<u8>) =
        sqlx::query_as("SELECT seq, hash FROM audit_head").fetch_one(db.read()).await?;
    Ok(Head { seq: head.0, hash: head.1 })
}

impl SqlStore {
    /// Before any release of a database of an earlier moment: those that were on their way may have left since. A person settles each.
    pub(super) async fn doubt_rewound(&self, now: Timestamp) -> Result<(), StoreError> {
        if !self.seen.rewound.load(Ordering::Relaxed) {
            return Ok(());
        }
        let on_their_way = "SELECT c.id FROM cases c JOIN releases r ON r.case_id = c.id \
             WHERE c.state = 'releasing' AND r.step = 'prepared' ORDER BY c.id";
        let on_their_way: Vec<String> = sqlx::query_scalar(on_their_way).fetch_all(self.db.read()).await?;
        tracing::error!(
            releases = on_their_way.len(),
            "the database is of an earlier moment than this service last saw: it was restored. Releases that were on their way may have \
             left since: a person settles each"
        );
        for id in on_their_way {
            let id =
                CaseId::parse(&id).map_err(|_| StoreError::Damaged("a release names no case".to_owned()))?;
            let Some(case) = self.case(&id).await? else { continue };
            let why = Masked::new("the database was restored: it may have left before");
            let Ok(doubt) = act(&case, Action::Doubt(Some(TAKEN)), &Actor::Service, Some(why), now) else {
                continue;
            };
            tracing::warn!(case = %id, "it may have been released already: ask a recipient or the MTA's log");
            self.apply(&doubt).await?;
        }
        let mut tx = self.db.begin().await?;
        let seen = self.seen.last.lock().await.as_ref().map(|last| last.seq);
        let facts = vec![("seen", json!(seen))];
        let entry =
            audit::Entry { at: now, actor: "service", what: "restored", case: None, text: None, facts };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await?;
        self.seen.begin_again(&self.db).await
    }
}
