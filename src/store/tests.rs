//! The store's contract, written against the port and run over both engines, and what is one engine's own.

mod postgres;
mod sqlite;
