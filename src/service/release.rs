//! Messages that come back with a release token.

use std::borrow::Cow;

use jiff::Timestamp;
use tracing::{error, info, warn};

use crate::mime::split_header;
use crate::model::settings::Establishment;
use crate::model::{QueueId, Submission};
use crate::plan::{Claim, Reply};
use crate::ports::{Intake, RELEASE_HEADER, ReleaseCopy};
use crate::telemetry::Metrics;

/// The answer to a message that carries a release header, whoever wrote it; `None` when it carries none.
///
/// The claim is durable, queue id included, before the MTA hears the answer: of two copies, one is delivered.
pub async fn claim(
    store: &dyn Intake,
    metrics: &Metrics,
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
        token: &token,
        envelope: &submission.envelope,
        content: &submission.raw,
        queue_id,
        at: Timestamp::now(),
    };
    match store.claim_release(copy).await {
        Ok(claim) => {
            metrics.claimed(&claim);
            tell(&claim, queue_id);
            Some(Reply::for_release(&claim, establishment))
        }
        Err(failure) => {
            warn!(queue_id = queue_id.as_str(), %failure, "a release could not be claimed; it will be tried again");
            Some(Reply::unjudged(None, establishment))
        }
    }
}

fn tell(claim: &Claim, queue_id: &QueueId) {
    let queue_id = queue_id.as_str();
    match claim {
        Claim::First(case) | Claim::Repeat(case) | Claim::Stale(case) => {
            info!(queue_id, %case, claim = claim.name(), "release token seen");
        }
        Claim::Altered(case) => error!(
            queue_id, %case,
            "a released copy came back with another body, subject, MIME field or envelope than was sent: is another \
             milter before ours on the release listener? It is put off, and the message stays with us"
        ),
        Claim::Foreign => {
            warn!(queue_id, "a release header that names no release of ours: the message is put off");
        }
    }
}

/// The value of the release header, looked for in the header only.
fn token(raw: &[u8]) -> Option<Cow<'_, str>> {
    let (fields, _) = split_header(raw);
    let field = fields.into_iter().find(|field| field.is(RELEASE_HEADER))?;
    Some(String::from_utf8_lossy(field.value.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn the_token_is_read_from_the_header_only() {
        assert_eq!(token(b"A: b\r\nx-vaguemestre-release: 1.2.3\r\n\r\n").as_deref(), Some("1.2.3"));
        assert_eq!(token(b"A: b\r\n\r\nX-Vaguemestre-Release: 1.2.3\r\n"), None);
        assert_eq!(token(b"X-Vaguemestre-Released: yes\r\n\r\n"), None);
    }

    /// Whatever it holds, a message with the header is none to judge.
    #[test]
    fn a_header_without_a_token_is_a_release_header_all_the_same() {
        assert_eq!(token(b"X-Vaguemestre-Release:\r\n\r\n").as_deref(), Some(""));
        assert_eq!(token(b"X-Vaguemestre-Release: \xE9\r\n\r\n").as_deref(), Some("\u{FFFD}"));
    }
}
