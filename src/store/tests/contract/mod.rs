//! What any engine keeps to. Each engine's module says where its database is and how to look beneath it.

mod accounts;
mod auditing;
mod clocks;
mod counting;
mod deciding;
pub(super) mod fixture;
mod holding;
mod incidents;
mod notices;
mod privacy;
mod releasing;
mod resealing;
mod retaining;
mod revealing;
mod searching;
mod senders;
