//! The real program behind a real Postfix.

mod account;
mod demo;
mod desk;
mod faults;
mod harness;
mod holding;
mod kills;
mod odd;
mod privacy;
mod verdicts;
