//! A listener whose connections are few, short and small, so that no client can hold the service's memory or time.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Sleep, sleep};
use tokio_rustls::Accept;
use tokio_rustls::server::TlsStream;

use super::seats::{Seat, Seats};
use super::tls::Tls;

/// What one client, and all of them, may use.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Most connections at once; for a further one another gives way, or it waits.
    pub(super) connections: usize,
    /// How long a connection takes requests.
    pub(super) life: Duration,
    /// Longest rest of a client that takes an answer, and longest life of a connection whose client takes one.
    pub(super) rest: Duration,
    pub(super) answer: Duration,
    /// Most bytes a connection may send in its life.
    pub(super) bytes: usize,
}

/// Ample for scrapers (300 bytes a scrape, a new connection when the old one ends), small in memory: 4 MiB in all.
pub(super) const BOUNDS: Bounds = Bounds {
    connections: 64,
    life: Duration::from_secs(20),
    rest: Duration::from_secs(20),
    answer: Duration::from_secs(600),
    bytes: 64 * 1024,
};

/// Pause after a failed accept (no file descriptor left, mostly).
const PAUSE: Duration = Duration::from_millis(500);

/// How long a connection that is asked to leave may take, before another is asked.
const LEAVING: Duration = Duration::from_millis(100);

/// Takes connections within bounds.
pub(super) struct Bounded {
    listener: TcpListener,
    bounds: Bounds,
    tls: Option<Tls>,
    permits: Arc<Semaphore>,
    seats: Seats,
}

/// A connection that ends when its time or its bytes are used up; an answer in hand is finished, if the client takes it.
pub(super) struct Connection {
    stream: Stream,
    bounds: Bounds,
    begun: Instant,
    end: Pin<Box<Sleep>>,
    /// The end of the client's rest, while it takes nothing of an answer.
    resting: Option<Pin<Box<Sleep>>>,
    left: usize,
    seat: Seat,
    /// Ready when the connection is to make way for another.
    leave: oneshot::Receiver<()>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// What a connection runs over.
enum Stream {
    Plain(TcpStream),
    /// The handshake, which the first read or write drives on.
    Greeting(Box<Accept<TcpStream>>),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Reads and writes.
trait Duplex: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Duplex for T {}

impl Bounded {
    pub(super) fn new(listener: TcpListener, bounds: Bounds, tls: Option<Tls>) -> Self {
        let permits = Arc::new(Semaphore::new(bounds.connections));
        Self { listener, bounds, tls, permits, seats: Seats::default() }
    }

    /// A permit for a connection from there, as soon as one is free or made free. The semaphore is never closed; without a permit the
    /// connection would only go uncounted.
    async fn admit(&self, peer: SocketAddr) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Some(permit);
        }
        let mut permit = pin!(Arc::clone(&self.permits).acquire_owned());
        loop {
            self.seats.make_way(peer.ip());
            if let Ok(permit) = tokio::time::timeout(LEAVING, permit.as_mut()).await {
                return permit.ok();
            }
        }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let permit = self.admit(peer).await;
                    let seat = self.seats.take(peer.ip());
                    let stream = match &self.tls {
                        Some(tls) => Stream::Greeting(Box::new(tls.acceptor().accept(stream))),
                        None => Stream::Plain(stream),
                    };
                    return (Connection::new(stream, self.bounds, seat, permit), peer);
                }
                Err(error) => {
                    tracing::warn!(%error, "web: a connection could not be taken");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connection {
    fn new(
        stream: Stream,
        bounds: Bounds,
        (seat, leave): (Seat, oneshot::Receiver<()>),
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (begun, end) = (Instant::now(), Box::pin(sleep(bounds.life)));
        let left = bounds.bytes;
        Self { stream, bounds, begun, end, resting: None, left, seat, leave, _permit: permit }
    }

    /// The stream, once its handshake is done.
    fn ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Pin<&mut dyn Duplex>>> {
        if let Stream::Greeting(greeting) = &mut self.stream {
            self.stream = match Pin::new(greeting.as_mut()).poll(context) {
                Poll::Ready(stream) => Stream::Tls(Box::new(stream?)),
                Poll::Pending => return Poll::Pending,
            };
        }
        match &mut self.stream {
            Stream::Plain(stream) => Poll::Ready(Ok(Pin::new(stream))),
            Stream::Tls(stream) => Poll::Ready(Ok(Pin::new(stream.as_mut()))),
            Stream::Greeting(_) => Poll::Pending,
        }
    }

    /// Fails once the time for requests is used up, unless the client still takes an answer; and once another needs the place.
    fn in_time(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.leave.is_terminated() && Pin::new(&mut self.leave).poll(context).is_ready() {
            return Err(too_long());
        }
        match self.end.as_mut().poll(context) {
            Poll::Ready(()) if self.resting.is_none() => Err(too_long()),
            _ => Ok(()),
        }
    }

    /// Fails once a client that takes nothing has rested too long.
    fn rest(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let rest = self.bounds.rest;
        match self.resting.get_or_insert_with(|| Box::pin(sleep(rest))).as_mut().poll(context) {
            Poll::Ready(()) => Err(too_long()),
            Poll::Pending => Ok(()),
        }
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the connection lasted too long")
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.in_time(context)?;
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other("the connection sent too much")));
        }
        let before = buffer.filled().len();
        let read = ready!(self.ready(context))?.poll_read(context, buffer);
        let came = buffer.filled().len().saturating_sub(before);
        if came > 0 {
            self.seat.asked();
        }
        self.left = self.left.saturating_sub(came);
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.begun.elapsed() > self.bounds.answer {
            return Poll::Ready(Err(too_long()));
        }
        let written = match self.ready(context) {
            Poll::Ready(stream) => stream?.poll_write(context, bytes),
            Poll::Pending => Poll::Pending,
        };
        match written {
            Poll::Ready(_) => {
                self.resting = None;
                self.seat.answered();
            }
            Poll::Pending => self.rest(context)?,
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.ready(context))?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
            Stream::Greeting(_) => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const TIGHT: Bounds = Bounds {
        connections: 1,
        life: Duration::from_millis(80),
        rest: Duration::from_millis(80),
        answer: Duration::from_secs(20),
        bytes: 16,
    };
    /// More than sockets hold on their way.
    const LONG: usize = 32 << 20;

    async fn pair(bounds: Bounds) -> (Bounded, TcpStream) {
        let bounded = Bounded::new(TcpListener::bind("127.0.0.1:0").await.unwrap(), bounds, None);
        let client = TcpStream::connect(bounded.local_addr().unwrap()).await.unwrap();
        (bounded, client)
    }

    #[tokio::test]
    async fn a_silent_client_is_cut_when_its_time_is_up() {
        let (mut bounded, _client) = pair(TIGHT).await;
        let (mut connection, _) = bounded.accept().await;
        let error = connection.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_client_that_sends_without_end_is_cut() {
        let (mut bounded, mut client) = pair(Bounds { life: Duration::from_secs(20), ..TIGHT }).await;
        let (mut connection, _) = bounded.accept().await;
        client.write_all(&[b'a'; 64]).await.unwrap();
        let mut seen = Vec::new();
        assert!(connection.read_to_end(&mut seen).await.is_err() && seen.len() <= 64);
    }

    #[tokio::test]
    async fn an_answer_in_hand_is_finished_after_the_time_for_requests() {
        let (mut bounded, mut client) = pair(Bounds { rest: Duration::from_secs(20), ..TIGHT }).await;
        let (mut connection, _) = bounded.accept().await;
        let answer = tokio::spawn(async move {
            connection.write_all(&vec![b'a'; LONG]).await?;
            connection.read_u8().await
        });
        sleep(Duration::from_millis(160)).await;
        let mut seen = vec![0; LONG];
        client.read_exact(&mut seen).await.unwrap();
        assert_eq!(answer.await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut, "and then it ends");
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_of_an_answer_is_cut() {
        for bounds in [TIGHT, Bounds { rest: Duration::from_secs(20), answer: Duration::ZERO, ..TIGHT }] {
            let (mut bounded, _client) = pair(bounds).await;
            let (mut connection, _) = bounded.accept().await;
            let error = connection.write_all(&vec![b'a'; LONG]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        }
    }

    #[tokio::test]
    async fn past_the_limit_a_silent_connection_gives_way_and_one_that_is_answered_does_not() {
        let bounds = Bounds { life: Duration::from_secs(20), ..TIGHT };
        let (mut bounded, mut first) = pair(bounds).await;
        let _second = TcpStream::connect(bounded.local_addr().unwrap()).await.unwrap();
        let (mut held, _) = bounded.accept().await;
        first.write_all(b"GET").await.unwrap();
        held.read_exact(&mut [0; 3]).await.unwrap();
        let answering = tokio::spawn(async move {
            let answered = async {
                sleep(Duration::from_millis(300)).await;
                held.write_all(b"200").await
            };
            answered.await.unwrap();
            held.read_u8().await
        });
        assert!(tokio::time::timeout(Duration::from_millis(200), bounded.accept()).await.is_err());
        // Answered, it is silent, and goes.
        let _third = TcpStream::connect(bounded.local_addr().unwrap()).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_secs(5), bounded.accept()).await.is_ok());
        assert_eq!(answering.await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
        first.read_exact(&mut [0; 3]).await.unwrap();
    }
}
