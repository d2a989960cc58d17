//! Vaguemestre: outgoing-mail DLP milter for Postfix.
//!
//! It reads every outgoing message to its last attachment, finds what is confidential, decides by articles that are data,
//! and answers the MTA: accept, warn, hold or refuse.
//!
//! # Where is what
//!
//! The house has floors. A module imports only from strictly lower ones, and floors 0 to 4 are pure: no I/O, clock, task or
//! log (`tests/architecture.rs` enforces both).
//!
//! | floor | modules | |
//! |---|---|---|
//! | 8 | [`cli`] | one file a command |
//! | 7 | [`service`] | wiring: settings, adapters, tasks, signals |
//! | 6 | [`milter`] [`store`] [`relay`] [`web`] [`sandbox`] [`config`] | adapters, which never meet |
//! | 5 | [`ports`] [`telemetry`] | what adapters implement; logs and figures |
//! | 4 | [`plan`] | what must be durable before the answer, and the answer |
//! | 3 | [`inspect`] | read a message, then judge what was read |
//! | 2 | [`extract`] [`detect`] [`policy`] [`review`] [`notices`] | text, findings, decisions, cases, words |
//! | 1 | [`mime`] [`protection`] [`roster`] [`recipients`] | parts, what hides them, who the patients are, who is who |
//! | 0 | [`model`] | the vocabulary |
//!
//! # One message, followed
//!
//! [`milter`] hands a [`model::Submission`] to [`service::Engine`]. [`service::examine()`] reads it ([`inspect::read()`]:
//! segments of text, gaps, protections) and judges it ([`inspect::judge()`]: findings, recipients' classes, the policy's
//! decision). [`plan::plan()`] says what must be durable first; [`store`] makes it so in one transaction;
//! [`plan::Plan::settle`] writes the one [`plan::Reply`] that the milter sends. An error on the way can only write a
//! temporary failure: [`plan::Reply::Accept`] has no public constructor.

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
pub mod roster;
pub mod sandbox;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod web;
