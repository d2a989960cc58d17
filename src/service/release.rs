//! Messages that come back with a release token.

use jiff::Timestamp;
use tracing::{info, warn};

use crate::model::Submission;
use crate::model::settings::Establishment;
use crate::plan::{Claim, Reply};
use crate::ports::{self, Intake, RELEASE_HEADER, ReleaseCopy};

/// The answer to a message that carries a release header; `None` when it carries none, or one that is not ours.
///
/// The claim is durable, queue id included, before the MTA hears the answer: of two copies, one is delivered.
pub async fn claim(
    store: &dyn Intake,
    submission: &Submission,
    establishment: &Establishment,
) -> Option<Reply> {
    let token = token(&submission.raw)?;
    let Some(queue_id) = submission.facts.queue_id.as_ref() else {
        // Without a queue id the claim could not be settled after a crash; nothing of ours comes without one.
        warn!("a release token came without a queue id; it is put off");
        return Some(Reply::unjudged(None, establishment));
    };
    let copy = ReleaseCopy {
        token,
        envelope: &submission.envelope,
        content: &submission.raw,
        queue_id,
        at: Timestamp::now(),
    };
    let claim = match store.claim_release(copy).await {
        Ok(claim) => claim,
        Err(failure) => {
            warn!(queue_id = queue_id.as_str(), %failure, "a release could not be claimed; it will be tried again");
            return Some(Reply::unjudged(None, establishment));
        }
    };
    info!(queue_id = queue_id.as_str(), claim = ?claim, "release token seen");
    match claim {
        ports::Claim::First(_) => Reply::for_release(Claim::First),
        ports::Claim::Repeat(_) => Reply::for_release(Claim::Repeat),
        ports::Claim::Stale(_) => Some(Reply::unjudged(None, establishment)),
        ports::Claim::NotOurs => Reply::for_release(Claim::NotOurs),
    }
}

/// The value of the release header, looked for in the header only.
fn token(raw: &[u8]) -> Option<&str> {
    let name = RELEASE_HEADER.as_bytes();
    let mut rest = raw;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let (line, next) = rest.split_at_checked(end.checked_add(1)?)?;
        if line == b"\r\n" || line == b"\n" {
            return None;
        }
        let field = line.split_at_checked(name.len()).filter(|(field, _)| field.eq_ignore_ascii_case(name));
        if let Some((_, value)) = field.filter(|(_, value)| value.starts_with(b":")) {
            return std::str::from_utf8(value.get(1..)?).ok().map(str::trim);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn the_token_is_read_from_the_header_only() {
        assert_eq!(token(b"A: b\r\nx-vaguemestre-release: 1.2.3\r\n\r\n"), Some("1.2.3"));
        assert_eq!(token(b"A: b\r\n\r\nX-Vaguemestre-Release: 1.2.3\r\n"), None);
        assert_eq!(token(b"X-Vaguemestre-Released: yes\r\n\r\n"), None);
    }
}
