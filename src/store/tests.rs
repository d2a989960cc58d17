//! The store's contract, written against the port, and what is SQLite's own.

mod fixture;
mod holding;
