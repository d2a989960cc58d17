//! Floor 6: the milter protocol, ours from the first byte to the last.
//!
//! In come connections of an MTA; out go [`Submission`]s to a [`Judge`], and one reply for each command that wants
//! one. The module refuses to know what is detected or decided.
//!
//! Two halves. The sans-io half turns bytes into frames (`codec`), frames into commands (`command`), and commands into
//! steps (`session`); the other half moves bytes: sockets (`listener`, `stream`), one task a connection
//! (`connection`), all of them together (`server`, `places`).
//!
//! The protocol has no standard. What stands here was observed on the wire of Postfix 3.7 and Sendmail 8.17, both
//! version 6, and compiled by us, 2026-11.
//!
//! [`Submission`]: crate::model::Submission
//! [`Judge`]: crate::ports::Judge

mod budget;
pub mod codec;
pub mod command;
mod connection;
mod counters;
mod draft;
mod fuzz;
mod judging;
mod listener;
pub mod negotiate;
mod places;
mod refusal;
pub mod reply;
mod server;
pub mod session;
mod spill;
mod stream;
pub mod text;

pub use counters::{Counters, Figures};
pub use fuzz::fuzz_frames;
pub use listener::{ListenError, Listener, adopt, bind, look};
pub use places::claim_descriptors;
pub use refusal::Refusal;
pub use server::run;
pub use spill::prepare_spill;
