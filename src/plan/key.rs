//! The digest by which a retried message finds its case.

use sha2::{Digest, Sha256};

use crate::model::{CaseKey, Disposition, HeaderFacts, Masked, Submission};

/// Digests what stays the same when a client tries again: sender, sorted recipients, body, and the Message-ID when the
/// client sent one. The disposition is part of it, so that a message held today never finds yesterday's refusal.
///
/// Postfix adds a missing Message-ID before the milter sees the message, new at each try; it is told by the queue id in it
/// (`<20261121190500.QUEUEID@host>`).
pub fn case_key(submission: &Submission, facts: &HeaderFacts, disposition: Disposition) -> CaseKey {
    let mut recipients: Vec<String> = submission.envelope.recipients.iter().map(|r| r.reveal()).collect();
    recipients.sort();
    let sender = submission.envelope.sender.as_ref().map(|sender| sender.reveal());

    let mut digest = Sha256::new();
    field(&mut digest, format!("{disposition:?}").as_bytes());
    field(&mut digest, sender.unwrap_or_default().as_bytes());
    for recipient in &recipients {
        field(&mut digest, recipient.as_bytes());
    }
    let message_id = client_message_id(submission, facts).map_or("", |id| id.reveal());
    field(&mut digest, message_id.as_bytes());
    field(&mut digest, body(&submission.raw));
    CaseKey(digest.finalize().into())
}

/// The Message-ID, unless there is none or the MTA made it.
pub(super) fn client_message_id<'a>(submission: &Submission, facts: &'a HeaderFacts) -> Option<&'a Masked> {
    let queue_id = submission.facts.queue_id.as_ref();
    facts.message_id.as_ref().filter(|id| {
        let id = id.reveal();
        !id.is_empty() && !queue_id.is_some_and(|queue_id| id.contains(queue_id.as_str()))
    })
}

/// Adds one field with its length, so that no two lists of fields digest alike.
fn field(digest: &mut Sha256, bytes: &[u8]) {
    digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(bytes);
}

/// What follows the first empty line; the whole message when there is none.
fn body(raw: &[u8]) -> &[u8] {
    raw.windows(4).position(|end| end == b"\r\n\r\n").and_then(|at| raw.get(at + 4..)).unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::case_key;
    use crate::model::{
        Address, Disposition, Envelope, HeaderFacts, Masked, QueueId, Raw, SenderFacts, Submission,
    };

    fn submission(to: &[&str], queue_id: &str, raw: &str) -> Submission {
        let address = |text: &&str| Address::parse(text).unwrap();
        Submission {
            envelope: Envelope {
                sender: Some(address(&"a@cisss.example")),
                recipients: to.iter().map(address).collect(),
            },
            facts: SenderFacts { queue_id: QueueId::parse(queue_id), ..SenderFacts::default() },
            raw: Raw(raw.as_bytes().to_vec()),
            received_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn facts(id: &str) -> HeaderFacts {
        HeaderFacts { message_id: Some(Masked::new(id)), ..HeaderFacts::default() }
    }

    /// "The same message retried finds its case": queue id, order of recipients and the MTA's own header change at a retry.
    #[test]
    fn a_retry_has_the_key_of_the_first_try() {
        let first = submission(&["b@x.example", "c@x.example"], "4AAA", "Date: 1\r\n\r\nbonjour\r\n");
        let retry = submission(&["c@x.example", "b@x.example"], "4BBB", "Date: 2\r\n\r\nbonjour\r\n");
        let key = |message, id: &str| case_key(message, &facts(id), Disposition::Held);
        assert_eq!(key(&first, "<1.4AAA@mta.example>"), key(&retry, "<2.4BBB@mta.example>"));
        assert_eq!(key(&first, "<x@client.example>"), key(&retry, "<x@client.example>"));
        assert_ne!(key(&first, "<x@client.example>"), key(&retry, "<y@client.example>"));
    }

    #[test]
    fn another_body_recipient_or_disposition_has_another_key() {
        let key = |to: &[&str], raw: &str, disposition| {
            case_key(&submission(to, "4AAA", raw), &HeaderFacts::default(), disposition)
        };
        let one = key(&["b@x.example"], "\r\n\r\nbonjour", Disposition::Held);
        assert_ne!(one, key(&["b@x.example"], "\r\n\r\nbonsoir", Disposition::Held));
        assert_ne!(one, key(&["c@x.example"], "\r\n\r\nbonjour", Disposition::Held));
        assert_ne!(one, key(&["b@x.example"], "\r\n\r\nbonjour", Disposition::Refused));
    }
}
