//! One connection of an MTA: a task that reads, lets the session decide what each command wants, and writes.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::budget::Lease;
use super::codec::{BASE_BUFFER, FrameError, FrameReader};
use super::counters::count;
use super::judging::{Failure, decide};
use super::places::{Place, Standing};
use super::refusal::Refusal;
use super::reply::Packet;
use super::server::{Phase, Shared};
use super::session::{Ending, Pledge, Received, Session, Step};
use super::spill::Spill;
use super::stream::Stream;

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Closed {
    #[error(transparent)]
    Session(#[from] Ending),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the MTA closed the connection")]
    Gone,
    #[error("the socket failed: {0}")]
    Io(#[from] io::Error),
    #[error("nothing came for too long")]
    Silent,
    #[error("the MTA does not read its replies")]
    Deaf,
    #[error("the memory budget is spent")]
    NoRoom,
    #[error("the service stops")]
    Stopped,
}

/// The state of one connection.
pub(super) struct Connection {
    stream: Stream,
    shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
    reader: FrameReader,
    session: Session,
    lease: Lease,
    spill: Option<Spill>,
    out: Vec<u8>,
    /// When the last whole command was dealt with, or the first byte of a new one came.
    since: Instant,
    place: Place,
}

impl Connection {
    pub(super) fn new(
        stream: Stream,
        shared: Arc<Shared>,
        phase: watch::Receiver<Phase>,
        place: Place,
    ) -> Self {
        let (family, largest) = (stream.family(), shared.settings.message_size);
        let session = match place.standing {
            Standing::Served => Session::new(family, largest),
            Standing::Waiting => Session::waiting(family, largest),
        };
        let lease = shared.budget.lease();
        Self {
            stream,
            shared,
            phase,
            reader: FrameReader::default(),
            session,
            lease,
            spill: None,
            out: Vec::new(),
            since: Instant::now(),
            place,
        }
    }

    /// Serves until the connection ends. A message in hand then was not answered: the MTA defers it.
    pub(super) async fn serve(&mut self) -> Closed {
        loop {
            let round = async {
                self.work().await?;
                self.flush().await?;
                self.fill().await
            };
            if let Err(closed) = round.await {
                // A last reply may wait; the MTA is not made to wait for it.
                return closed;
            }
        }
    }

    /// Whether the MTA hears nothing about a message it handed over in part or whole.
    pub(super) fn message_in_hand(&self) -> bool {
        !self.session.between_messages()
    }

    /// Deals with every whole frame at hand.
    async fn work(&mut self) -> Result<(), Closed> {
        let mut worked = false;
        self.come_in();
        while let Some(frame) = self.reader.next_frame()? {
            worked = true;
            match self.session.on_frame(frame) {
                Step::NoReply => {}
                Step::Reply(packet) => self.say(&packet),
                Step::Refuse(refusal, packet) => {
                    self.shared.counters.refused(refusal);
                    self.say(&packet);
                }
                Step::Judge(received, pledge) => self.judge(*received, pledge).await?,
                Step::Close(ending) => {
                    self.flush().await?;
                    return Err(ending.into());
                }
            }
            self.account().await;
        }
        if worked {
            self.since = Instant::now();
        }
        Ok(())
    }

    /// Takes the place that came free, if this connection waits for one.
    fn come_in(&mut self) {
        if self.place.standing == Standing::Waiting
            && let Some(place) = self.shared.places.serve()
        {
            self.place = place;
            self.session.admit();
        }
    }

    /// Keeps memory in bounds after a command: large messages go to a file, too much memory gives the message up.
    async fn account(&mut self) {
        if self.session.between_messages() {
            self.spill = None;
        } else if self.spill_is_due()
            && let Err(error) = self.move_to_file().await
        {
            tracing::warn!(%error, queue_id = self.queue_id(), "a large message cannot be spilled; it is put off");
            self.session.refuse(Refusal::NoDisk);
        }
        if self.lease.resize(self.memory(self.reader.allocated())).is_err() {
            self.session.refuse(Refusal::NoRoom);
            // Smaller than before, so never refused.
            let _ = self.lease.resize(self.memory(self.reader.allocated()));
        }
    }

    fn spill_is_due(&self) -> bool {
        let pending = self.session.pending();
        let above = self.session.size() > self.shared.settings.spill_above;
        above && (pending >= SPILL_STEP || (self.spill.is_none() && pending > 0))
    }

    async fn move_to_file(&mut self) -> io::Result<()> {
        let spill = match self.spill.take() {
            Some(spill) => spill,
            None => {
                count(&self.shared.counters.spilled);
                Spill::open(self.shared.settings.spill_dir.clone()).await?
            }
        };
        self.spill = Some(spill.append(self.session.take_pending()).await?);
        Ok(())
    }

    /// Has a message judged and answers. Meanwhile the MTA is told that work goes on, and watched: when it leaves, the
    /// message is abandoned.
    async fn judge(&mut self, received: Received, pledge: Pledge) -> Result<(), Closed> {
        self.flush().await?;
        let shared = Arc::clone(&self.shared);
        let queue_id = received.facts.queue_id.clone();
        let queue_id = queue_id.as_ref().map(crate::model::QueueId::as_str);
        let decided = {
            let spill = self.spill.take();
            let mut deciding = pin!(decide(shared.judge.as_ref(), received, spill, &shared.read_back));
            let mut next = Instant::now() + shared.settings.progress_every;
            loop {
                tokio::select! {
                    biased;
                    decided = &mut deciding => break decided,
                    closed = self.watch_peer() => {
                        count(&shared.counters.abandoned);
                        return Err(closed);
                    }
                    () = tokio::time::sleep_until(next) => {
                        next += shared.settings.progress_every;
                        self.say(&pledge.progress());
                        self.flush().await?;
                    }
                }
            }
        };
        let packet = match decided {
            Ok(reply) => match pledge.settle(&reply) {
                Ok(packet) => {
                    shared.counters.replied(&reply);
                    packet
                }
                Err(packet) => {
                    tracing::warn!(queue_id, "the MTA does not allow the header edits of an accept; put off");
                    shared.counters.refused(Refusal::Unavailable);
                    packet
                }
            },
            Err(failure) => {
                tracing::error!(queue_id, %failure, "a message could not be judged; it is put off");
                if matches!(failure, Failure::Panicked) {
                    count(&shared.counters.panicked);
                }
                shared.counters.refused(failure.refusal());
                pledge.refuse(failure.refusal())
            }
        };
        self.say(&packet);
        Ok(())
    }

    /// Ends when the MTA leaves or the service must end. Bytes that come early are kept for later.
    async fn watch_peer(&mut self) -> Closed {
        loop {
            let full =
                self.reader.allocated() >= EARLY_BYTES && self.reader.wanted() > self.reader.allocated();
            let over = self.phase.wait_for(|phase| *phase == Phase::Over);
            if full {
                let _ = over.await;
                return Closed::Stopped;
            }
            tokio::select! {
                received = self.stream.receive(self.reader.room()) => match received {
                    Ok(0) => return Closed::Gone,
                    Ok(bytes) => self.reader.filled(bytes),
                    Err(error) => return error.into(),
                },
                _ = over => return Closed::Stopped,
            }
        }
    }

    /// Waits for more bytes, as long as this stage may take.
    async fn fill(&mut self) -> Result<(), Closed> {
        if self.session.between_messages() {
            self.reader.shrink();
        }
        self.make_room()?;
        let was_empty = self.reader.is_empty();
        let bytes = loop {
            let (end, closed) = self.patience();
            tokio::select! {
                biased;
                received = timeout_at(end, self.stream.receive(self.reader.room())) => match received {
                    Ok(bytes) => break bytes?,
                    Err(_) => return Err(closed),
                },
                changed = self.phase.changed() => changed.map_err(|_| Closed::Stopped)?,
            }
        };
        if bytes == 0 {
            return Err(Closed::Gone);
        }
        self.reader.filled(bytes);
        if was_empty {
            self.since = Instant::now();
        }
        Ok(())
    }

    /// Covers the buffer that the next read needs. A message in hand is given up before the connection is.
    fn make_room(&mut self) -> Result<(), Closed> {
        let buffer = self.reader.wanted();
        if self.lease.resize(self.memory(buffer)).is_ok() {
            return Ok(());
        }
        self.session.refuse(Refusal::NoRoom);
        self.lease.resize(self.memory(buffer)).map_err(|_| {
            count(&self.shared.counters.no_room);
            Closed::NoRoom
        })
    }

    /// Until when this stage may last, and what its end means. A client may dawdle over its envelope, but an MTA that has
    /// begun a packet has all of it.
    ///
    /// While the service drains, a connection between two messages ends once it has been silent for a moment: an MTA that
    /// loses its milter defers all that its client still wants to send on this SMTP connection, so one that is busy is
    /// served on.
    fn patience(&mut self) -> (Instant, Closed) {
        let settings = &self.shared.settings;
        let idle = self.session.between_messages() && self.reader.is_empty();
        let (limit, closed) = match *self.phase.borrow_and_update() {
            Phase::Over => (Duration::ZERO, Closed::Stopped),
            Phase::Draining if self.session.is_new() => (Duration::ZERO, Closed::Stopped),
            Phase::Draining if idle => (DRAIN_QUIET, Closed::Stopped),
            Phase::Draining | Phase::Serving => {
                let limit = if self.session.is_new() || !self.reader.is_empty() {
                    settings.command_timeout.min(PACKET_TIMEOUT)
                } else if idle {
                    match self.place.standing {
                        Standing::Served => settings.idle_timeout,
                        Standing::Waiting => settings.idle_timeout.min(WAITING_TIMEOUT),
                    }
                } else if self.session.awaits_content() {
                    settings.command_timeout.max(RECEPTION_TIMEOUT)
                } else {
                    settings.command_timeout
                };
                (limit, Closed::Silent)
            }
        };
        (self.since + limit, closed)
    }

    fn say(&mut self, packet: &Packet) {
        self.out.extend_from_slice(packet.as_bytes());
    }

    async fn flush(&mut self) -> Result<(), Closed> {
        if self.out.is_empty() {
            return Ok(());
        }
        let limit = self.shared.settings.command_timeout.min(PACKET_TIMEOUT);
        let written = timeout(limit, self.stream.write_all(&self.out)).await;
        written.map_err(|_| Closed::Deaf)??;
        self.out.clear();
        self.out.shrink_to(BASE_BUFFER);
        Ok(())
    }

    /// Bytes to be covered by the lease. The first few of each connection are not: the limit on connections bounds them, and
    /// a connection must be able to hear that there is no room.
    fn memory(&self, buffer: usize) -> usize {
        buffer.saturating_sub(BASE_BUFFER) + self.session.memory()
    }

    fn queue_id(&self) -> Option<&str> {
        self.session.queue_id().map(crate::model::QueueId::as_str)
    }
}

/// Longest wait for the rest of a packet, for the offer of a new connection, and for a reply to be read.
const PACKET_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest wait for the content of a message. The MTA has it from a client that may be slow, and limits that wait itself; ending
/// sooner would defer a large message from a slow line again and again. (libmilter waits as long: 7,210 s.)
const RECEPTION_TIMEOUT: Duration = Duration::from_secs(7210);

/// Longest silence of a connection that waits for a place: longer than an MTA waits for its client (RFC 5321, 4.5.3.2.7: 5 minutes),
/// so that the MTA ends first, and no default action of its own decides about mail.
const WAITING_TIMEOUT: Duration = Duration::from_secs(600);

/// While draining, the silence that ends a connection between messages.
const DRAIN_QUIET: Duration = Duration::from_secs(1);

/// Bytes that gather before they are written to a message's file: few enough to hold, enough to be worth a system call.
const SPILL_STEP: usize = 256 << 10;

/// Bytes kept of an MTA that speaks before it was answered.
const EARLY_BYTES: usize = 64 << 10;
