//! What a person types for others to read: it goes out in notices and stays in the trail, so it holds nothing confidential.

use jiff::Timestamp;

use super::{Workbench, examine};
use crate::inspect::Rules;
use crate::model::{Confidence, Envelope, Kind, Masked, Raw, SenderFacts, Submission};
use crate::ports::{Attempt, Extractor, Unread};

/// The kinds of confidential information that a text surely holds.
///
/// # Errors
/// [`Unread`] when the text could not be read: nobody may then say that it holds nothing.
pub(super) fn confidential(
    rules: &Rules,
    extractor: &dyn Extractor,
    text: &Masked,
) -> Result<Vec<Kind>, Unread> {
    let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    let raw = Raw([head.as_bytes(), text.reveal().as_bytes()].concat());
    let (envelope, facts) = (Envelope::default(), SenderFacts::default());
    let submission = Submission { envelope, facts, raw, received_at: Timestamp::now() };
    let examined = examine(rules, extractor, submission, None, Attempt::Again)?;
    let findings = examined.inspection.findings().iter();
    let sure = findings.filter(|it| it.confidence >= Confidence::Medium);
    let identifies = sure.filter(|it| !it.kind.is_evidence_only() && it.kind != Kind::HealthTermCluster);
    Ok(identifies.map(|it| it.kind).collect())
}

/// Why a text that was typed at the terminal is not taken. It quotes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotForOthers {
    /// It names a patient, a number, a password.
    #[error(
        "{0} seems to hold confidential information; others read it, and notices go out in clear. \
         Write it without names, numbers or passwords; nothing was done"
    )]
    Confidential(&'static str),
    /// It could not be looked at.
    #[error("{0} could not be looked at for confidential information: try again; nothing was done")]
    Unread(&'static str),
}

impl Workbench {
    /// Takes a text that others will read, as the pages do; `None` when there is none. `named` is what the text is called where it
    /// is typed.
    ///
    /// # Errors
    /// [`NotForOthers`].
    pub fn free_text(&self, named: &'static str, text: &str) -> Result<Option<Masked>, NotForOthers> {
        let text = Masked::new(text.trim());
        if text.is_empty() {
            return Ok(None);
        }
        match confidential(self.rules(), self.extractor(), &text) {
            Ok(kinds) if kinds.is_empty() => Ok(Some(text)),
            Ok(_) => Err(NotForOthers::Confidential(named)),
            Err(_) => Err(NotForOthers::Unread(named)),
        }
    }
}
