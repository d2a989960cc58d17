//! The real listeners with a judge that does what the Subject says.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::oneshot;
use vaguemestre::milter::{Counters, Figures, bind, run};
use vaguemestre::model::Submission;
use vaguemestre::model::settings::{Listen, Milter};
use vaguemestre::plan::Reply;
use vaguemestre::ports::Judge;

use super::replies;

/// A running milter. Dropping it stops it and waits.
pub struct Server {
    pub addresses: Vec<SocketAddr>,
    pub counters: Arc<Counters>,
    pub judge: Arc<Scripted>,
    pub folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Judges by the Subject: `Accept`, `Mark`, `Reject`, `Discard`, `Panic`, `Slow MILLISECONDS` (then accepts), `Never`; all else
/// is put off.
#[derive(Default)]
pub struct Scripted {
    /// Messages as they came.
    pub seen: Mutex<Vec<Submission>>,
    /// Messages whose judging was dropped before its end.
    pub dropped: AtomicUsize,
    forgets: bool,
}

impl Scripted {
    /// Keeps no message and accepts what no Subject tells otherwise: for long runs and benches.
    pub fn forgetful() -> Self {
        Self { forgets: true, ..Self::default() }
    }
}

impl Server {
    /// Serves on 127.0.0.1 with settings that tests can change.
    pub fn start(change: impl FnOnce(&mut Milter)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(folder.path());
        change(&mut settings);
        let (counters, judge) = (Arc::new(Counters::default()), Arc::new(Scripted::default()));
        let (stop, stopped) = oneshot::channel();
        let (bound, addresses) = std::sync::mpsc::channel();
        let (shared_counters, shared_judge) = (Arc::clone(&counters), Arc::clone(&judge));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(async move {
                let listeners = bind(&settings.listen).unwrap();
                bound.send(listeners.iter().filter_map(|listener| listener.address()).collect()).unwrap();
                let stopped = async { stopped.await.unwrap_or(()) };
                run(listeners, &settings, shared_judge, shared_counters, stopped).await;
            });
        });
        let addresses = addresses.recv().expect("the milter listens");
        Self { addresses, counters, judge, folder, stop: Some(stop), thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("milter.sock")
    }

    pub fn figures(&self) -> Figures {
        self.counters.read()
    }

    /// Asks the milter to stop; [`Server::ended`] says when it has.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    pub fn ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let ended = self.thread.take().map(JoinHandle::join);
        if let (false, Some(ended)) = (std::thread::panicking(), ended) {
            ended.expect("the milter did not panic");
        }
    }
}

#[async_trait]
impl Judge for Scripted {
    async fn judge(&self, submission: Submission) -> Reply {
        let subject = field(&submission.raw, "Subject");
        if !self.forgets {
            self.seen.lock().unwrap().push(submission);
        }
        let mut unfinished = Unfinished(self, true);
        match subject.split_once(' ').unwrap_or((&subject, "")) {
            ("Panic", _) => {
                unfinished.1 = false;
                std::panic::resume_unwind(Box::new("as the Subject says"));
            }
            ("Never", _) => std::future::pending().await,
            ("Slow", milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds.parse().unwrap())).await;
                unfinished.1 = false;
                replies::named("Accept", "")
            }
            (name, text) => {
                unfinished.1 = false;
                let known = ["Accept", "Mark", "Reject", "Discard", "Tempfail"].contains(&name);
                replies::named(if self.forgets && !known { "Accept" } else { name }, text)
            }
        }
    }
}

/// Settings with short waits.
pub fn settings(folder: &Path) -> Milter {
    Milter {
        listen: vec![Listen::Tcp("127.0.0.1:0".parse().unwrap())],
        connections: 500,
        message_size: 32 << 20,
        memory: 64 << 20,
        spill_above: 1 << 20,
        spill_dir: folder.to_owned(),
        command_timeout: Duration::from_secs(20),
        idle_timeout: Duration::from_secs(20),
        progress_every: Duration::from_secs(10),
        drain_timeout: Duration::from_secs(5),
    }
}

/// The value of a header field.
pub fn field(raw: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(8192)]).into_owned();
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or("").trim().to_owned()
}

/// Counts itself when dropped before it was told that all is done.
struct Unfinished<'a>(&'a Scripted, bool);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if self.1 {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}
