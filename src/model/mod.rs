//! Floor 0: the vocabulary. What every other module speaks of, and nothing that acts.
//!
//! No module here knows a protocol, a database or a clock; values come in, values go out.
//! Words follow the field: envelope, recipient, part, segment, finding, verdict, hold, release, queue id.

mod address;
mod case;
mod decision;
mod effect;
mod excerpt;
mod fault;
mod finding;
mod gap;
mod limits;
mod masked;
mod months;
mod notice;
mod reading;
mod recipient;
mod reports;
mod segment;
pub mod settings;
mod smtp;
mod submission;
mod verdict;

pub use address::{Address, AddressError};
pub use case::{CaseId, CaseIdError, CaseKey, CaseState};
pub use decision::{ArticleId, Decision, Mode, RecipientVerdict, Silent, Spoken};
pub use effect::{CaseRecord, Disposition, Effect, JournalEntry};
pub use excerpt::{CaseFinding, Excerpt, Snippet};
pub use fault::{Fault, Faults};
pub use finding::{Confidence, Evidence, Finding, Kind, Person, PersonId};
pub use gap::{Gap, GapReason, Share};
pub use limits::{Limits, Tools};
pub use masked::Masked;
pub use months::{ENGLISH_MONTHS, FRENCH_MONTHS};
pub use notice::{ArticleRef, FoundAt, NoticeKind, NoticeOrder};
pub use reading::{HeaderFacts, Protection, ProtectionKind, Reading, Strength, Written};
pub use recipient::{Class, Recipient};
pub use reports::{ReportOn, Reports, ReportsOf, Returned};
pub use segment::{Boundary, Cell, Place, Region, Segment};
pub use smtp::SmtpText;
pub use submission::{Envelope, QueueId, Raw, SenderFacts, Submission};
pub use verdict::Verdict;
