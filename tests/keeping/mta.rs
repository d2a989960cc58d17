//! An MTA small enough to be read: its queue is a folder, its milter is the store's claim.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use vaguemestre::model::{Address, Envelope, QueueId};
use vaguemestre::plan::Claim;
use vaguemestre::ports::{Fate, MailQueue, RELEASE_HEADER, ReleaseCopy, Store};

/// Time that the test moves on.
#[derive(Debug, Default)]
pub struct Clock(AtomicI64);

impl Clock {
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }

    pub fn skip(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// What the MTA does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Queues the message, and answers 451.
    QueuedAnd451,
    /// Accepts the milter's word, then loses the message before it is in the queue, and hangs up.
    LostAfterClaim,
    /// Hangs up as the message ends, before the milter saw it.
    LostBeforeClaim,
    /// Says 250 to a message that it throws away before the milter saw it.
    TakenUnseen,
    /// Refuses the whole message for good, before the milter saw it.
    RefusedUnseen,
    /// Accepts the milter's word, then refuses the whole message for good.
    RefusedAfterClaim,
    /// Refuses the recipient for good.
    NoSuchUser,
}

/// The MTA: what it does wrong `faulty` times, then no more.
pub struct Mta {
    pub folder: PathBuf,
    pub store: Arc<dyn Store>,
    pub clock: Arc<Clock>,
    pub fault: Fault,
    pub faulty: AtomicUsize,
    pub listening: Mutex<Vec<tokio::task::AbortHandle>>,
}

impl Mta {
    /// Listens for mail of one sort; messages land in the folder of that name.
    pub async fn listen(self: &Arc<Self>, sort: &'static str) -> std::net::SocketAddr {
        std::fs::create_dir_all(self.folder.join(sort)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mta = Arc::clone(self);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mta = Arc::clone(&mta);
                tokio::spawn(async move { mta.serve(stream, sort).await });
            }
        });
        self.listening.lock().unwrap().push(listening.abort_handle());
        address
    }

    /// Listens no more, and lets go of the store once what is in hand is done.
    pub fn stop(&self) {
        self.listening.lock().unwrap().drain(..).for_each(|listening| listening.abort());
    }

    async fn serve(&self, stream: TcpStream, sort: &str) -> Option<()> {
        let (input, mut output) = stream.into_split();
        let mut input = BufReader::new(input);
        let mut envelope = Envelope::default();
        output.write_all(b"220 mta.example\r\n").await.ok()?;
        loop {
            let mut line = String::new();
            if input.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let upper = line.to_ascii_uppercase();
            let path = || line.split(['<', '>']).nth(1).and_then(|path| Address::parse(path).ok());
            let answer = if upper.starts_with("EHLO") {
                "250-mta.example\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned()
            } else if upper.starts_with("MAIL") {
                envelope = Envelope { sender: path(), ..Envelope::default() };
                "250 ok".to_owned()
            } else if upper.starts_with("RCPT") && sort == "queue" && self.fails(Fault::NoSuchUser) {
                "550 5.1.1 no such user".to_owned()
            } else if upper.starts_with("RCPT") {
                envelope.recipients.extend(path());
                "250 ok".to_owned()
            } else if upper.starts_with("DATA") {
                output.write_all(b"354 go\r\n").await.ok()?;
                let message = read_message(&mut input).await?;
                self.take(sort, &envelope, &message).await?
            } else if upper.starts_with("QUIT") {
                output.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            } else {
                "502 no".to_owned()
            };
            output.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
    }

    fn fails(&self, fault: Fault) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.fault == fault && self.faulty.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok()
    }

    /// The end of a message: the milter first, then the queue. `None` hangs up.
    async fn take(&self, sort: &str, envelope: &Envelope, message: &[u8]) -> Option<String> {
        let queue_id = QueueId::parse(&format!("{:016X}", rand::random::<u64>())).unwrap();
        if sort != "queue" {
            self.queue(sort, &queue_id, message);
            return Some(format!("250 2.0.0 Ok: queued as {}", queue_id.as_str()));
        }
        if self.fails(Fault::LostBeforeClaim) {
            return None;
        }
        if self.fails(Fault::TakenUnseen) {
            return Some("250 2.0.0 Ok: queued as 4GONE".to_owned());
        }
        if self.fails(Fault::RefusedUnseen) {
            return Some("554 5.7.1 message content rejected".to_owned());
        }
        let (header, content) = first_line(message);
        let token = header.strip_prefix(&format!("{RELEASE_HEADER}: ")).unwrap();
        let copy = ReleaseCopy { token, envelope, content, queue_id: &queue_id, at: self.clock.now() };
        match self.store.claim_release(copy).await {
            Ok(Claim::First(_)) => {}
            Ok(Claim::Repeat(_)) => return Some("250 2.0.0 Ok: queued as DISCARDED".to_owned()),
            Ok(Claim::Stale(_) | Claim::Altered(_) | Claim::Foreign) | Err(_) => {
                return Some("451 4.7.1 later".to_owned());
            }
        }
        if self.fails(Fault::LostAfterClaim) {
            return None;
        }
        if self.fails(Fault::RefusedAfterClaim) {
            return Some("552 5.3.4 message file too big".to_owned());
        }
        self.queue(sort, &queue_id, content);
        if self.fails(Fault::QueuedAnd451) {
            return Some("451 4.3.0 queue file write error".to_owned());
        }
        Some(format!("250 2.0.0 Ok: queued as {}", queue_id.as_str()))
    }

    /// Puts a message into the queue in one step, as cleanup does.
    fn queue(&self, sort: &str, queue_id: &QueueId, message: &[u8]) {
        let folder = self.folder.join(sort);
        let draft = self.folder.join(format!("{}.part", queue_id.as_str()));
        std::fs::write(&draft, message).unwrap();
        std::fs::rename(draft, folder.join(queue_id.as_str())).unwrap();
    }
}

async fn read_message(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        if line == b".\r\n" {
            return Some(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn first_line(message: &[u8]) -> (&str, &[u8]) {
    let end = message.windows(2).position(|two| two == b"\r\n").unwrap();
    (std::str::from_utf8(&message[..end]).unwrap(), &message[end + 2..])
}

/// Messages in a folder of the MTA.
pub fn messages(folder: &Path, sort: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder.join(sort)) else { return Vec::new() };
    entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

/// Tells what is in the queue, as `postqueue` and the log would.
pub struct FolderQueue(pub PathBuf);

#[async_trait]
impl MailQueue for FolderQueue {
    async fn fate(&self, queue_id: &QueueId, _since: Timestamp) -> Fate {
        match self.0.join("queue").join(queue_id.as_str()).exists() {
            true => Fate::Taken,
            false => Fate::NeverQueued,
        }
    }
}
