//! Children that end with their owner, and waiting with an end.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

/// A child process, killed and reaped when dropped.
pub struct Owned(pub Child);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a signal to one process.
pub fn signal(pid: u32, name: &str) {
    let sent =
        std::process::Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap();
    assert!(sent.success(), "no process {pid} to send {name} to");
}

/// Waits until `found` has something, at most two minutes: a loaded machine is slow, not wrong. `what` is said when it has not.
pub fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(120);
    while Instant::now() < end {
        if let Some(value) = found() {
            return value;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("waited 120 s in vain for {what}");
}
