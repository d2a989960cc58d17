//! What may befall a worker, made to happen: so that tests see each net hold.
//!
//! A worker comes to it by an argument of its command line alone, which the service never gives; no byte of a message reaches it.

use std::fs::File;
use std::hint::black_box;
use std::net::TcpListener;
use std::process::{Command, abort};
use std::str::FromStr;

/// Something that befalls a worker at a step of its reading.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    kind: Kind,
    step: u32,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Abort,
    Stack,
    Memory,
    Loop,
    Open,
    Socket,
    Exec,
    Thread,
}

impl FromStr for Trial {
    type Err = String;

    /// Parses `abort@2`: what, and at which step.
    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, step) = text.split_once('@').unwrap_or((text, "0"));
        let kind = match kind {
            "abort" => Kind::Abort,
            "stack" => Kind::Stack,
            "memory" => Kind::Memory,
            "loop" => Kind::Loop,
            "open" => Kind::Open,
            "socket" => Kind::Socket,
            "exec" => Kind::Exec,
            "thread" => Kind::Thread,
            _ => return Err(format!("no trial is named `{kind}`")),
        };
        Ok(Self { kind, step: step.parse().map_err(|_| format!("`{step}` is no step"))? })
    }
}

impl Trial {
    /// Makes it happen at its step. What is denied without ending the worker goes on as if nothing were.
    pub fn befall(&self, step: u32) {
        if step != self.step {
            return;
        }
        match self.kind {
            Kind::Abort => abort(),
            Kind::Stack => drop(black_box(deeper(1))),
            Kind::Memory => hoard(),
            Kind::Loop => never_to_succeed(true),
            Kind::Open => {
                never_to_succeed(File::open("/etc/passwd").is_ok() || File::open("/proc/self/maps").is_ok());
            }
            Kind::Socket => never_to_succeed(TcpListener::bind("127.0.0.1:0").is_ok()),
            Kind::Exec => never_to_succeed(Command::new("/bin/true").status().is_ok()),
            Kind::Thread => never_to_succeed(std::thread::Builder::new().spawn(|| {}).is_ok()),
        }
    }
}

/// Success where there should be none goes on for ever, which is told from being ended.
fn never_to_succeed(succeeded: bool) {
    if succeeded {
        loop {
            black_box(succeeded);
        }
    }
}

#[expect(unconditional_recursion, reason = "that is the trial")]
fn deeper(depth: u64) -> u64 {
    let room = black_box([depth; 1_024]);
    let below = deeper(depth.wrapping_add(1));
    below.wrapping_add(room.iter().sum())
}

fn hoard() {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(black_box(vec![1; 16 << 20]));
    }
}
