//! What of a message stays the same when a client tries again, and the digest by which a retry finds its case.

use sha2::{Digest, Sha256};

use crate::mime::{Field, split_header};
use crate::model::{CaseKey, Disposition, HeaderFacts, Masked, Submission};

/// Digests what stays the same when a client tries again. The disposition is part of it, so that a message held today never
/// finds yesterday's refusal.
pub fn case_key(submission: &Submission, disposition: Disposition) -> CaseKey {
    let mut digest = Sha256::new();
    let mut piece = |bytes: &[u8]| {
        // With its length, so that no two lists of pieces digest alike.
        digest.update(wide(bytes.len()));
        digest.update(bytes);
    };
    piece(format!("{disposition:?}").as_bytes());
    sameness(submission, piece);
    CaseKey(digest.finalize().into())
}

/// Tells, piece by piece, what stays the same when a client tries again: sender, sorted recipients, header fields, body.
///
/// A message taken for the retry of another is answered 250 and delivered to nobody; a retry taken for another message is one
/// case too many, which a reviewer sees. So whatever a client sends counts, the subject and the date too: a queue sends the same
/// bytes at each try. Two things do not:
///
/// - what Postfix appends where a client left it out, new at each try: a Message-ID told by the queue id in it
///   (`<20261121190500.QUEUEID@host>`), then Date, then From; in a message that was sent again (Resent-From …), Resent-Message-ID,
///   Resent-Date and Resent-From in their place;
/// - what servers on the way note (`TRACE`): one that keeps no queue notes it anew at each try. But only in a message that has
///   a Message-ID of its client: what tells two messages of a device apart may be nothing else.
pub fn sameness(submission: &Submission, mut piece: impl FnMut(&[u8])) {
    let envelope = &submission.envelope;
    let mut recipients: Vec<String> = envelope.recipients.iter().map(|r| r.reveal()).collect();
    recipients.sort();
    piece(envelope.sender.as_ref().map(|sender| sender.reveal()).unwrap_or_default().as_bytes());
    piece(&wide(recipients.len()));
    recipients.iter().for_each(|recipient| piece(recipient.as_bytes()));

    let (fields, body) = split_header(&submission.raw);
    let sent = sent(submission, &fields);
    let named = sent.iter().any(is_message_id);
    for field in sent.iter().filter(|field| !(named && is_trace(field))) {
        piece(field.name.as_bytes());
        piece(field.value);
    }
    piece(submission.raw.get(body..).unwrap_or_default());
}

/// The Message-ID, unless there is none or the MTA made it.
pub(super) fn client_message_id<'a>(submission: &Submission, facts: &'a HeaderFacts) -> Option<&'a Masked> {
    facts.message_id.as_ref().filter(|id| !id.reveal().is_empty() && !holds_queue_id(submission, id.reveal()))
}

/// The fields that the client sent, without those at the end that Postfix may have appended. Where there is no Message-ID at all, it
/// appends nothing.
fn sent<'f, 'a>(submission: &Submission, fields: &'f [Field<'a>]) -> &'f [Field<'a>] {
    let resent = fields.iter().any(|field| RESENT.iter().any(|name| field.is(name)));
    let [id, date, from] = if resent { APPENDED_RESENT } else { APPENDED };
    let is_id = |field: &Field<'_>| field.is(id) && !field.value.trim_ascii().is_empty();
    let of_the_mta = |field: &Field<'_>| is_id(field) && holds_queue_id(submission, &field.plain());
    let end = match fields.iter().position(of_the_mta) {
        Some(made) => made,
        None if fields.iter().any(is_id) => {
            let own = |field: &Field<'_>| !field.is(date) && !field.is(from);
            fields.iter().rposition(own).map_or(0, |last| last + 1)
        }
        None => fields.len(),
    };
    fields.get(..end).unwrap_or(fields)
}

/// What Postfix appends where a client left it out, in this order (cleanup_message.c).
const APPENDED: [&str; 3] = ["Message-ID", "Date", "From"];

/// The same for a message that was sent again: these instead of those.
const APPENDED_RESENT: [&str; 3] = ["Resent-Message-ID", "Resent-Date", "Resent-From"];

/// Fields by which Postfix knows a message that was sent again (RFC 5322, 3.6.6).
const RESENT: [&str; 8] = [
    "Resent-Bcc",
    "Resent-Cc",
    "Resent-Date",
    "Resent-From",
    "Resent-Message-ID",
    "Resent-Reply-To",
    "Resent-Sender",
    "Resent-To",
];

/// Fields that servers on the way add or change: their path (RFC 5321, 4.4), their signatures, what they think of it.
const TRACE: [&str; 8] = [
    "Received",
    "Return-Path",
    "Received-SPF",
    "Authentication-Results",
    "DKIM-Signature",
    "ARC-Seal",
    "ARC-Message-Signature",
    "ARC-Authentication-Results",
];

fn is_trace(field: &Field<'_>) -> bool {
    TRACE.iter().any(|name| field.is(name))
}

fn is_message_id(field: &Field<'_>) -> bool {
    field.is("Message-ID") && !field.value.trim_ascii().is_empty()
}

fn holds_queue_id(submission: &Submission, text: &str) -> bool {
    submission.facts.queue_id.as_ref().is_some_and(|queue_id| text.contains(queue_id.as_str()))
}

fn wide(count: usize) -> [u8; 8] {
    u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::case_key;
    use crate::model::{Address, Disposition, Envelope, QueueId, Raw, SenderFacts, Submission};

    fn submission(to: &[&str], queue_id: &str, raw: &str) -> Submission {
        let address = |text: &&str| Address::parse(text).unwrap();
        Submission {
            envelope: Envelope {
                sender: Some(address(&"a@cisss.example")),
                recipients: to.iter().map(address).collect(),
                ..Envelope::default()
            },
            facts: SenderFacts { queue_id: QueueId::parse(queue_id), ..SenderFacts::default() },
            raw: Raw(raw.as_bytes().to_vec()),
            received_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn same(first: &str, second: &str) -> bool {
        let key = |queue_id: &str, raw: &str| {
            case_key(&submission(&["b@x.example"], queue_id, raw), Disposition::Held)
        };
        key("4AAA", first) == key("4BBB", second)
    }

    /// "A retry finds its case": queue id, order of recipients and what the MTA adds are new at each try.
    #[test]
    fn a_retry_has_the_key_of_the_first_try() {
        let first = submission(&["b@x.example", "c@x.example"], "4AAA", "A: b\r\n\r\nbonjour\r\n");
        let retry = submission(&["c@x.example", "b@x.example"], "4BBB", "A: b\r\n\r\nbonjour\r\n");
        assert_eq!(case_key(&first, Disposition::Held), case_key(&retry, Disposition::Held));
        for (first, retry) in [
            // Postfix appends what a client left out (cleanup(8), always_add_missing_headers).
            (
                "Subject: x\r\nMessage-Id: <1.4AAA@mta.example>\r\nDate: Mon, 2 Nov 2026 10:00:00 -0500\r\nFrom: a@b.example\r\n\r\ny",
                "Subject: x\r\nMessage-Id: <2.4BBB@mta.example>\r\nDate: Mon, 2 Nov 2026 10:15:00 -0500\r\nFrom: a@b.example\r\n\r\ny",
            ),
            (
                "Message-ID: <1@c.example>\r\nSubject: x\r\nDate: Mon, 2 Nov 2026 10:00:00 -0500\r\n\r\ny",
                "Message-ID: <1@c.example>\r\nSubject: x\r\nDate: Mon, 2 Nov 2026 10:15:00 -0500\r\n\r\ny",
            ),
            // The same of a message that was sent again.
            (
                "Resent-From: a@b.example\r\nMessage-ID: <1@c.example>\r\nDate: 1\r\n\
                 Resent-Message-Id: <1.4AAA@mta.example>\r\nResent-Date: Mon, 2 Nov 2026 10:00:00 -0500\r\n\r\ny",
                "Resent-From: a@b.example\r\nMessage-ID: <1@c.example>\r\nDate: 1\r\n\
                 Resent-Message-Id: <2.4BBB@mta.example>\r\nResent-Date: Mon, 2 Nov 2026 10:15:00 -0500\r\n\r\ny",
            ),
            (
                "Resent-To: b@x.example\r\nResent-Message-ID: <2@c.example>\r\nMessage-ID: <1@c.example>\r\n\
                 Resent-Date: 1\r\nResent-From: a@b.example\r\n\r\ny",
                "Resent-To: b@x.example\r\nResent-Message-ID: <2@c.example>\r\nMessage-ID: <1@c.example>\r\n\
                 Resent-Date: 2\r\nResent-From: a@b.example\r\n\r\ny",
            ),
            // A proxy without a queue, and a signer before us, write anew at each try.
            (
                "DKIM-Signature: t=1\r\nReceived: from a; Mon, 2 Nov 2026\r\nMessage-ID: <1@c.example>\r\n\r\ny",
                "DKIM-Signature: t=2\r\nReceived: from a;\r\n Tue, 3 Nov 2026\r\nMessage-ID: <1@c.example>\r\n\r\ny",
            ),
        ] {
            assert!(same(first, retry), "{first}");
        }
    }

    /// "No mail lost": what is taken for a retry is answered 250 and delivered to nobody.
    #[test]
    fn another_message_has_another_key() {
        for (first, second) in [
            ("Message-ID: <1@c.example>\r\n\r\ny", "Message-ID: <2@c.example>\r\n\r\ny"),
            // Devices that put everything in the subject, and send no Message-ID.
            ("Subject: NAM 1\r\n\r\nVoir objet.", "Subject: NAM 2\r\n\r\nVoir objet."),
            ("X-Patient: 1\r\n\r\ny", "X-Patient: 2\r\n\r\ny"),
            ("Subject: x\r\n 1\r\n\r\ny", "Subject: x\r\n 2\r\n\r\ny"),
            ("Date: 1\r\nSubject: x\r\n\r\ny", "Date: 2\r\nSubject: x\r\n\r\ny"),
            ("Subject: x\r\nDate: 1\r\n\r\ny", "Subject: x\r\nDate: 2\r\n\r\ny"),
            ("Received: 1\r\nSubject: x\r\n\r\ny", "Received: 2\r\nSubject: x\r\n\r\ny"),
            ("Received: 1\r\nMessage-ID:\r\n\r\ny", "Received: 2\r\nMessage-ID:\r\n\r\ny"),
            // A device whose Message-ID is always the same.
            (
                "Message-ID: <1@c.example>\r\nDate: 1\r\nSubject: x\r\n\r\ny",
                "Message-ID: <1@c.example>\r\nDate: 2\r\nSubject: x\r\n\r\ny",
            ),
            (
                "Message-ID: <1@c.example>\r\nSubject: 1\r\n\r\ny",
                "Message-ID: <1@c.example>\r\nSubject: 2\r\n\r\ny",
            ),
            ("Subject: 1\r\nMessage-Id: <4AAA@m>\r\n\r\ny", "Subject: 2\r\nMessage-Id: <4BBB@m>\r\n\r\ny"),
            // Sent again, so that Postfix appends no Date: it is the client's.
            (
                "Resent-To: b@x.example\r\nMessage-ID: <1@c.example>\r\nDate: 1\r\n\r\ny",
                "Resent-To: b@x.example\r\nMessage-ID: <1@c.example>\r\nDate: 2\r\n\r\ny",
            ),
            (
                "Resent-To: b@x.example\r\nResent-Message-ID: <1@c.example>\r\n\r\ny",
                "Resent-To: b@x.example\r\nResent-Message-ID: <2@c.example>\r\n\r\ny",
            ),
            // Without a header, the body is all there is.
            ("\r\nNAM 1\r\n\r\nfin", "\r\nNAM 2\r\n\r\nfin"),
            ("NAM 1\r\n\r\nfin", "NAM 2\r\n\r\nfin"),
            ("A: b\r\n\r\ny", "A: by\r\n\r\n"),
        ] {
            assert!(!same(first, second), "{first}");
        }
    }

    #[test]
    fn another_recipient_or_disposition_has_another_key() {
        let key =
            |to: &[&str], disposition| case_key(&submission(to, "4AAA", "\r\n\r\nbonjour"), disposition);
        let one = key(&["b@x.example"], Disposition::Held);
        assert_ne!(one, key(&["c@x.example"], Disposition::Held));
        assert_ne!(one, key(&["b@x.example"], Disposition::Refused));
    }
}
