//! The store's contract, written against the port, and what is SQLite's own.

mod auditing;
mod faults;
mod fixture;
mod holding;
mod keys;
mod notices;
mod privacy;
mod releasing;
mod retaining;
