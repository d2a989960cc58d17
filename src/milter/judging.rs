//! The end of a message: from the bytes received to the reply, however long that takes and whatever goes wrong.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use super::session::Received;
use super::spill::Spill;
use crate::model::{Raw, Submission};
use crate::plan::Reply;
use crate::ports::Judge;

/// Memory for messages read back from files: as much again as the budget of reception. Whoever finds none waits his turn.
#[derive(Debug)]
pub(super) struct ReadBack {
    room: std::sync::Arc<Semaphore>,
    most: u32,
}

impl ReadBack {
    pub(super) fn new(memory: u64) -> Self {
        let most = u32::try_from(memory >> 10).unwrap_or(u32::MAX).clamp(1, MOST_PERMITS);
        let permits = usize::try_from(most).unwrap_or(1);
        Self { room: std::sync::Arc::new(Semaphore::new(permits)), most }
    }

    /// Room for so many bytes; a message larger than all the room takes all of it.
    async fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).min(self.most);
        std::sync::Arc::clone(&self.room).acquire_many_owned(kibibytes).await.ok()
    }
}

/// Makes a message whole and has it judged.
///
/// Never fails and never hangs on a panic: what goes wrong is a [`Failure`], so the MTA keeps the message.
/// Dropping the future abandons the message.
pub(super) async fn decide(
    judge: &dyn Judge,
    received: Received,
    spill: Option<Spill>,
    room: &ReadBack,
) -> Result<Reply, Failure> {
    let _room = match &spill {
        Some(_) => room.take(received.size).await,
        None => None,
    };
    let Received { envelope, facts, bytes, .. } = received;
    let bytes = match spill {
        Some(spill) => spill.read_back(bytes).await.map_err(Failure::Spill)?,
        None => bytes,
    };
    let submission = Submission { envelope, facts, raw: Raw(bytes), received_at: Timestamp::now() };
    caught(async { judge.judge(submission).await }).await
}

/// Why a message could not be judged.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The file that a large message waited in cannot be read.
    #[error("a spilled message cannot be read back: {0}")]
    Spill(#[source] std::io::Error),
    /// The judge panicked. What it said is not repeated: it may quote the message.
    #[error("judging panicked")]
    Panicked,
}

impl Failure {
    pub(super) fn refusal(&self) -> Refusal {
        match self {
            Self::Spill(_) => Refusal::NoDisk,
            Self::Panicked => Refusal::Panicked,
        }
    }
}

/// Runs a future here, in this task, and turns a panic of it into an error: one poisonous message must not take the
/// connection, and its MTA's other messages, with it.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.map_or(Poll::Ready(Err(Failure::Panicked)), |poll| poll.map(Ok))
    })
    .await
}

/// Tokio's semaphores count to 2^61, but one acquires at most `u32` at once; this is 2 TiB.
const MOST_PERMITS: u32 = 1 << 31;
