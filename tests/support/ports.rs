//! Ports nobody uses, below the range that the kernel gives to outgoing connections (32768 and up).

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of 127.0.0.1 that was free a moment ago, and that this process gives out once.
pub fn free_port() -> u16 {
    let start = u16::try_from(std::process::id() % 100).unwrap() * 80;
    loop {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
