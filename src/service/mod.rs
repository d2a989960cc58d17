//! Floor 7: wiring. Settings become adapters, adapters become tasks, tasks live until the signal.
//!
//! Follow one message: the [`Engine`] reads and judges it ([`examine()`]), plans, commits, answers.

mod check;
mod clock;
pub mod counter_example;
pub mod digests;
mod engine;
pub mod evidence;
mod examine;
mod figures;
mod free_text;
mod in_force;
mod journal;
mod office;
pub mod outbox;
mod overdue;
pub mod papers;
mod release;
pub mod releases;
mod replies;
pub mod retention;
mod rosters;
mod serve;
mod signals;
mod startable;
mod timely;
mod workbench;

pub use check::{CheckReport, Proof, check};
pub use engine::Engine;
pub use examine::{Examined, examine};
pub use figures::MilterFigures;
pub use free_text::NotForOthers;
pub use in_force::{Current, InForce};
pub use office::BackOffice;
pub use replies::Replies;
pub use serve::{ServeError, serve};
pub use workbench::{RulesError, Workbench};
