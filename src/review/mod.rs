//! Floor 2: the life of a case. A case and an action come in; a transition, or a refusal in plain words, goes out.
//!
//! It refuses to know SQL, pages and clocks: whoever calls it brings the case as stored and the hour.

mod act;
mod actor;
mod case;
mod transition;

pub use act::{Action, Refusal, act};
pub use actor::{Actor, Role};
pub use case::{Case, Past, Personal, Release, ReleaseStep};
pub use transition::Transition;
