//! The real program behind a real Postfix.

#[cfg(feature = "oidc")]
mod access;
mod account;
mod demo;
mod desk;
mod faults;
mod harness;
mod holding;
mod kills;
mod odd;
mod pages;
mod privacy;
mod replies;
mod sender;
mod verdicts;
