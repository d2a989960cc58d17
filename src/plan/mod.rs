//! Floor 4: from an inspection to what must be done, and to the one answer the MTA gets.

mod reply;

pub use crate::model::SmtpText;
pub use reply::{Accepted, Claim, FailOpen, Kept, Outcome, Reply};
