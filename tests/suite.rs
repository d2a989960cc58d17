//! The tests that need more than one module: end to end, against real neighbours, over whole corpora. One binary.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, clippy::print_stdout)]

mod corpus;
mod deploy;
mod detection;
mod e2e;
mod formats;
mod keeping;
mod milter;
mod notices;
mod policy;
mod roster;
mod sandbox;
mod support;
mod web;
