//! The lines of the mail log on a message, as evidence: addresses masked, what quotes the message left out.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::log::{LINE, of_id, time};
use super::queue::tails;
use crate::model::QueueId;

/// Most lines given.
const MOST: usize = 500;

/// Lines of the log, and of the one before it, on these queue ids since a moment, oldest first. `None` when neither can be read.
///
/// Local parts of addresses are masked, and where a header or body check quotes the message the quote is left out.
#[must_use]
pub fn lines_about(log: &Path, ids: &[QueueId], since: Timestamp) -> Option<Vec<String>> {
    let zone = TimeZone::system();
    let since = since.checked_sub(SignedDuration::from_mins(5)).unwrap_or(since);
    let logs = tails(log);
    if logs.is_empty() {
        return None;
    }
    let lines = logs.iter().flat_map(|log| log.split(|byte| *byte == b'\n'));
    let about = lines.filter(|line| {
        line.len() <= LINE
            && ids.iter().any(|id| of_id(line, id.as_str()).is_some())
            && time(line, since, &zone).is_none_or(|at| at >= since)
    });
    Some(about.take(MOST).map(|line| masked(&String::from_utf8_lossy(line))).collect())
}

/// One line without what names a person or opens a case.
fn masked(line: &str) -> String {
    let quotes = [": header ", ": body ", ": milter-header "];
    let end = quotes.iter().filter_map(|word| Some(line.find(word)? + word.len())).min();
    let cut = end.and_then(|end| line.get(..end)).map(|kept| format!("{kept}[…]"));
    let line = without_tokens(cut.as_deref().unwrap_or(line));
    let mut told = String::with_capacity(line.len());
    for piece in line.split_inclusive('@') {
        match piece.strip_suffix('@') {
            Some(before) => {
                told.push_str(without_local_part(before));
                told.push_str("…@");
            }
            None => told.push_str(piece),
        }
    }
    told.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A line in which the links to cases lack the token that opens them.
fn without_tokens(line: &str) -> String {
    let mut links = line.split(TOKEN);
    let mut told = links.next().unwrap_or_default().to_owned();
    for link in links {
        let end =
            link.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(link.len());
        told.push_str(TOKEN);
        told.push_str("[…]");
        told.push_str(link.get(end..).unwrap_or_default());
    }
    told
}

/// What stands before a token in the link of a sender.
const TOKEN: &str = "?k=";

/// A text up to where the local part of an address begins that ends it.
fn without_local_part(text: &str) -> &str {
    let start = match text.strip_suffix('"') {
        Some(quoted) => quoted.rfind('"'),
        None => text.rfind(['<', '>', ',', '=', ':', ';', '(', ' ', '\t']).map(|at| at + 1),
    };
    start.and_then(|start| text.get(..start)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-11-02T10:05:00.1-05:00 mta postfix/smtpd[7]: 4XyZ12: client=poste.cisss.example[10.1.2.3]
2026-11-02T10:05:00.2-05:00 mta postfix/cleanup[8]: 4XyZ12: warning: header Subject: Dossier de Zoe Quesnel from poste[10.1.2.3]; from=<z.q@cisss.example>
2026-11-02T10:05:00.3-05:00 mta postfix/qmgr[9]: 4XyZ12: from=<zoe.quesnel@cisss.example>, size=900, nrcpt=1 (queue active)
2026-11-02T10:05:00.4-05:00 mta postfix/smtp[9]: 4XyZ12: to=<\"b d\"@x.example>, orig_to=<bd@x.example>, status=bounced (said: 550 <bd@x.example> unknown)
2026-11-02T10:05:00.5-05:00 mta postfix/cleanup[8]: 4XyZ12: milter-reject: END-OF-MESSAGE from poste[10.1.2.3]: 5.7.1 https://courriel.example/c/QC-1?k=aB3-_x9; from=<z.q@cisss.example>
2026-11-02T10:05:00.5-05:00 mta postfix/qmgr[9]: OTHER1: from=<a@b.example>, size=900
2026-10-02T10:05:00.3-05:00 mta postfix/qmgr[9]: 4XyZ12: from=<old@cisss.example>, size=900, nrcpt=1 (queue active)
";

    #[test]
    fn lines_of_a_queue_id_name_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("mail.log");
        std::fs::write(&log, LOG).unwrap();
        let id = QueueId::parse("4XyZ12").unwrap();
        let lines = lines_about(&log, &[id], "2026-11-02T15:05:00Z".parse().unwrap()).unwrap();
        assert_eq!(lines.len(), 5, "{lines:#?}");
        let told = lines.join("\n");
        for word in ["Zoe", "zoe", "Quesnel", "z.q", "bd", "b d", "old", "Dossier", "aB3"] {
            assert!(!told.contains(word), "{word}: {told}");
        }
        assert!(
            told.contains("…@x.example")
                && told.contains("queue active")
                && told.contains("/c/QC-1?k=[…]; from")
                && told.contains("[…]")
        );
        assert_eq!(lines_about(&folder.path().join("none"), &[], Timestamp::UNIX_EPOCH), None);
    }
}
