//! Floor 2: the life of a case. A case and an action come in; a transition, or a refusal in plain words, goes out.
//!
//! It refuses to know SQL, pages and clocks: whoever calls it brings the case as stored and the hour.

mod act;
mod action;
mod actor;
mod answer;
mod case;
mod desk;
mod end;
mod reveal;
mod right;
mod target;
mod transition;

pub use act::{GRACE, LEASE, Refusal, act};
pub use action::Action;
pub use actor::{Actor, Role, is_shared};
pub use answer::{Answer, read_answer};
pub use case::{Case, Past, Personal, Release, ReleaseStep};
pub use desk::{Lease, LegalHold, Proposal, SenderSays, SenderWord, hold_legally};
pub use end::{End, Ending, end};
pub use reveal::{RevealOrder, RevealReason, RevealWhat, reveal};
pub use right::Right;
pub use target::{Delay, due, is_open};
pub use transition::{Change, Intent, Transition};
