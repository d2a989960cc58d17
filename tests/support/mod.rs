//! What tests and the demo stand on: a private Postfix, a next hop that remembers, an SMTP client, the real service.
//!
//! Everything listens on 127.0.0.1, lives in a folder of its own, and ends with the value that holds it.

// The tests and the demo each use a part of it.
#![allow(dead_code)]

pub mod browser;
pub mod folder;
pub mod letters;
pub mod maillog;
pub mod mutate;
pub mod pg;
pub mod ports;
pub mod postfix;
pub mod process;
pub mod service;
pub mod sink;
pub mod smtp;
pub mod stage;
pub mod wrap;
