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
    #[error("the service stops")]
    Stopped,
    #[error("serving it panicked again")]
    Panicked,
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

    /// Serves until the connection ends. A message in hand then was not answered: its fate is the MTA's default action.
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

    /// Goes on after a panic, which was not the judge's: what the MTA still sends is put off. It may wait for a reply that the panic
    /// took, so it gets one.
    pub(super) fn recover(&mut self) {
        count(&self.shared.counters.panicked);
        self.shared.counters.refused(Refusal::Panicked);
        let packet = self.session.unasked(Refusal::Panicked);
        self.session.put_off(Refusal::Panicked);
        self.say(&packet);
    }

    /// Whether the MTA hears nothing about a message it handed over in part or whole.
    pub(super) fn message_in_hand(&self) -> bool {
        !self.session.between_messages()
    }

    /// Deals with every whole frame at hand.
    async fn work(&mut self) -> Result<(), Closed> {
        let mut worked = false;
        self.come_in();
        loop {
            let step = match self.reader.next_frame() {
                Ok(Some(frame)) => self.session.on_frame(frame),
                Ok(None) => break,
                Err(error) if self.session.is_new() => return Err(error.into()),
                Err(error) => {
                    if !self.session.is_off() {
                        self.lost_track(&error);
                    }
                    self.session.put_off(Refusal::OutOfOrder);
                    Step::NoReply
                }
            };
            worked = true;
            self.take(step).await?;
            self.account().await;
        }
        if worked {
            self.since = Instant::now();
        }
        Ok(())
    }

    async fn take(&mut self, step: Step) -> Result<(), Closed> {
        match step {
            Step::NoReply => {}
            Step::Reply(packet) => self.say(&packet),
            Step::Refuse(refusal, packet) => {
                self.shared.counters.refused(refusal);
                self.say(&packet);
            }
            Step::LoseTrack(why, packet) => {
                self.lost_track(&why);
                if let Some(packet) = packet {
                    self.shared.counters.refused(Refusal::OutOfOrder);
                    self.say(&packet);
                }
            }
            Step::Judge(received, pledge) => self.judge(*received, pledge).await?,
            Step::Close(ending) => {
                self.flush().await?;
                return Err(ending.into());
            }
        }
        Ok(())
    }

    fn lost_track(&self, why: &dyn std::error::Error) {
        count(&self.shared.counters.protocol_errors);
        tracing::warn!("what came was not the protocol: {why}; what this connection still brings is put off");
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
        if self.session.between_messages() || self.session.is_off() {
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
                        if matches!(closed, Closed::Stopped) {
                            shared.counters.refused(Refusal::Stopping);
                            self.say(&pledge.refuse(Refusal::Stopping));
                            self.flush().await?;
                        } else {
                            count(&shared.counters.abandoned);
                        }
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
        self.make_room().await?;
        let was_between = self.reader.is_between();
        let bytes = loop {
            let (end, closed) = self.patience();
            tokio::select! {
                biased;
                received = timeout_at(end, self.stream.receive(self.reader.room())) => match received {
                    Ok(bytes) => break bytes?,
                    Err(_) => self.out_of_patience(closed)?,
                },
                changed = self.phase.changed() => changed.map_err(|_| Closed::Stopped)?,
            }
        };
        if bytes == 0 {
            return Err(Closed::Gone);
        }
        self.reader.filled(bytes);
        if was_between {
            self.since = Instant::now();
        }
        Ok(())
    }

    /// Ends the connection, unless there is a message in hand that can still be put off.
    fn out_of_patience(&mut self, closed: Closed) -> Result<(), Closed> {
        if self.session.is_new() || self.session.is_off() || self.session.between_messages() {
            return Err(closed);
        }
        count(&self.shared.counters.timeouts);
        tracing::info!(
            queue_id = self.queue_id(),
            "the MTA was silent for too long in a message; it is put off"
        );
        self.session.put_off(Refusal::Silent);
        self.spill = None;
        // Smaller than before, so never refused.
        let _ = self.lease.resize(self.memory(self.reader.allocated()));
        self.since = Instant::now();
        Ok(())
    }

    /// Covers the buffer that the next read needs. A message in hand is given up for it, then the frame that asks for so much:
    /// it is passed over in a small buffer, and its message put off.
    async fn make_room(&mut self) -> Result<(), Closed> {
        if self.lease.resize(self.memory(self.reader.wanted())).is_ok() {
            return Ok(());
        }
        self.session.refuse(Refusal::NoRoom);
        if self.lease.resize(self.memory(self.reader.wanted())).is_ok() {
            return Ok(());
        }
        if let Some(command) = self.reader.skip_frame() {
            let step = self.session.on_skipped(command);
            self.take(step).await?;
            self.flush().await?;
        }
        // The first buffer of a connection is not of the budget, so this is never refused.
        let _ = self.lease.resize(self.memory(self.reader.wanted()));
        Ok(())
    }

    /// Until when this stage may last, and what its end means. A client may dawdle over its envelope, but an MTA that has
    /// begun a packet has all of it.
    ///
    /// While the service drains, a connection between two messages ends once it has been silent for a moment: an MTA that
    /// loses its milter defers all that its client still wants to send on this SMTP connection, so one that is busy is
    /// served on.
    fn patience(&mut self) -> (Instant, Closed) {
        let idle = self.session.between_messages() && self.reader.is_between();
        let phase = *self.phase.borrow_and_update();
        let (limit, closed) = match phase {
            Phase::Over => {
                self.session.put_off(Refusal::Stopping);
                (if idle { Duration::ZERO } else { LAST_WORDS }, Closed::Stopped)
            }
            Phase::Draining if idle => (DRAIN_QUIET, Closed::Stopped),
            Phase::Draining | Phase::Serving => (self.longest_wait(idle), Closed::Silent),
        };
        (self.since + limit, closed)
    }

    fn longest_wait(&self, idle: bool) -> Duration {
        let settings = &self.shared.settings;
        if self.session.is_new() {
            settings.command_timeout.min(PACKET_TIMEOUT)
        } else if self.session.is_off() {
            RECEPTION_TIMEOUT
        } else if idle {
            match self.place.standing {
                Standing::Served => settings.idle_timeout,
                Standing::Waiting => settings.idle_timeout.min(WAITING_TIMEOUT),
            }
        } else if self.session.awaits_content() && self.reader.is_between() {
            settings.command_timeout.max(RECEPTION_TIMEOUT)
        } else {
            settings.command_timeout
        }
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

/// Longest wait for the offer of a new connection, and for a reply to be read.
const PACKET_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest wait for the content of a message. The MTA has it from a client that may be slow, and limits that wait itself; ending
/// sooner would defer a large message from a slow line again and again. (libmilter waits as long: 7,210 s.)
const RECEPTION_TIMEOUT: Duration = Duration::from_secs(7210);

/// Longest silence of a connection that waits for a place: longer than an MTA waits for its client (RFC 5321, 4.5.3.2.7: 5 minutes),
/// so that the MTA ends first, and no default action of its own decides about mail.
const WAITING_TIMEOUT: Duration = Duration::from_secs(600);

/// At the end of the drain, the silence that ends a connection with a message in hand: what the MTA is sending comes to its end by
/// then, and is answered.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// While draining, the silence that ends a connection between messages.
const DRAIN_QUIET: Duration = Duration::from_secs(1);

/// Bytes that gather before they are written to a message's file: few enough to hold, enough to be worth a system call.
const SPILL_STEP: usize = 256 << 10;

/// Bytes kept of an MTA that speaks before it was answered.
const EARLY_BYTES: usize = 64 << 10;
