//! Asks Postfix whether it has, or had, a message: `postqueue -j`, then the mail log.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::log::fate_in_log;
use crate::model::{QueueId, settings};
use crate::ports::{Fate, MailQueue};

/// Most of a log read, from its end, in bytes.
const LOG: u64 = 64 << 20;

/// Longest wait for `postqueue`.
const PATIENCE: Duration = Duration::from_secs(30);

/// The queue of a Postfix on this machine.
#[derive(Clone, Debug)]
pub struct PostfixQueue {
    config: Option<PathBuf>,
    log: Option<PathBuf>,
}

impl PostfixQueue {
    /// Takes the instance's configuration folder and the log's path from the settings.
    #[must_use]
    pub fn new(settings: &settings::Relay) -> Self {
        Self { config: settings.postfix_config.clone(), log: settings.mail_log.clone() }
    }
}

#[async_trait::async_trait]
impl MailQueue for PostfixQueue {
    async fn fate(&self, queue_id: &QueueId, since: Timestamp) -> Fate {
        match timeout(PATIENCE, self.in_queue(queue_id, since)).await {
            Ok(Some(true)) => return Fate::Taken,
            Ok(Some(false)) => {}
            // A queue that cannot be asked may hold it: the log alone may only say yes.
            Ok(None) | Err(_) => {
                return if self.in_log(queue_id, since).await == Fate::Taken {
                    Fate::Taken
                } else {
                    Fate::Unknown
                };
            }
        }
        self.in_log(queue_id, since).await
    }
}

/// The two fields of a line of `postqueue -j` that are looked at. Addresses are not read.
#[derive(Deserialize)]
struct Queued {
    queue_id: String,
    arrival_time: i64,
}

impl PostfixQueue {
    /// Whether the id is in the queue; `None` when the queue cannot be asked.
    async fn in_queue(&self, queue_id: &QueueId, since: Timestamp) -> Option<bool> {
        let mut command = Command::new("postqueue");
        if let Some(config) = &self.config {
            command.arg("-c").arg(config);
        }
        command
            .arg("-j")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn().ok()?;
        let mut lines = BufReader::new(child.stdout.take()?).lines();
        let mut found = false;
        while let Some(line) = lines.next_line().await.ok()? {
            let Ok(queued) = serde_json::from_str::<Queued>(&line) else { continue };
            found |= queued.queue_id == queue_id.as_str() && queued.arrival_time >= since.as_second() - 2;
        }
        child.wait().await.ok()?.success().then_some(found)
    }

    async fn in_log(&self, queue_id: &QueueId, since: Timestamp) -> Fate {
        let Some(log) = self.log.clone() else { return Fate::Unknown };
        let queue_id = queue_id.clone();
        let reading = tokio::task::spawn_blocking(move || in_files(&log, &queue_id, since));
        reading.await.unwrap_or(Fate::Unknown)
    }
}

/// Looks in the log and in the one before it.
fn in_files(log: &Path, queue_id: &QueueId, since: Timestamp) -> Fate {
    let mut before = log.as_os_str().to_owned();
    before.push(".1");
    let zone = TimeZone::system();
    let fates = [log, Path::new(&before)].map(|path| match tail(path) {
        Ok(bytes) => fate_in_log(&bytes, queue_id.as_str(), since, &zone),
        Err(_) => Fate::Unknown,
    });
    if fates.contains(&Fate::Taken) {
        Fate::Taken
    } else if fates.contains(&Fate::NeverQueued) {
        Fate::NeverQueued
    } else {
        Fate::Unknown
    }
}

/// The ends of the log before it and of the log itself, as far as they can be read.
pub(super) fn tails(log: &Path) -> Vec<Vec<u8>> {
    let mut before = log.as_os_str().to_owned();
    before.push(".1");
    [Path::new(&before), log].into_iter().filter_map(|path| tail(path).ok()).collect()
}

fn tail(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG)))?;
    let mut bytes = Vec::new();
    file.take(LOG).read_to_end(&mut bytes)?;
    Ok(bytes)
}
