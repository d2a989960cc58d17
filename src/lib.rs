//! Vaguemestre: outgoing-mail DLP milter for Postfix.
//!
//! The house has floors; a module imports only from strictly lower ones (`tests/architecture.rs`).

pub mod cli;
pub mod config;
pub mod detect;
pub mod extract;
pub mod inspect;
pub mod milter;
pub mod mime;
pub mod model;
pub mod notices;
pub mod plan;
pub mod policy;
pub mod ports;
pub mod protection;
pub mod recipients;
pub mod relay;
pub mod review;
pub mod sandbox;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod web;
