//! What Postfix' mail log tells of every queue id: who wrote it, whether it was queued, what its client heard.

use std::collections::{HashMap, HashSet};

/// A mail log, by queue id.
#[derive(Debug, Default)]
pub struct MailLog {
    traces: HashMap<String, Trace>,
    /// Processes that a SIGKILL ended, as Postfix' master saw it.
    killed: HashSet<u32>,
}

/// One queue id.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub message_id: Option<String>,
    /// The process that wrote the queue file.
    pub cleanup: Option<u32>,
    /// The queue manager took it: it will be delivered, whatever anybody was told.
    pub queued: bool,
    /// What its SMTP session, of one message, came to.
    pub told: Told,
}

/// What a client heard of its message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// The session did not end properly, or not yet.
    #[default]
    Nothing,
    /// A 250 after the final dot.
    Taken,
    /// Anything else after the final dot.
    NotTaken,
}

impl MailLog {
    /// Reads a log whose clients send one message a session.
    pub fn read(text: &str) -> Self {
        let mut log = Self::default();
        // A process of smtpd serves one session at a time.
        let mut in_hand: HashMap<u32, String> = HashMap::new();
        for line in text.lines() {
            let Some((daemon, pid, rest)) = parts(line) else { continue };
            match daemon {
                "smtpd" => match rest.split_once(": ") {
                    Some((id, rest)) if rest.starts_with("client=") => {
                        log.traces.entry(id.to_owned()).or_default();
                        in_hand.insert(pid, id.to_owned());
                    }
                    _ if rest.starts_with("disconnect from") => {
                        let trace = in_hand.remove(&pid).and_then(|id| log.traces.get_mut(&id));
                        if let Some(trace) = trace {
                            trace.told = told(rest);
                        }
                    }
                    _ => {}
                },
                "cleanup" => {
                    let Some((id, rest)) = rest.split_once(": ") else { continue };
                    let Some(message_id) = rest.strip_prefix("message-id=") else { continue };
                    let trace = log.traces.entry(id.to_owned()).or_default();
                    (trace.message_id, trace.cleanup) = (Some(message_id.to_owned()), Some(pid));
                }
                "qmgr" => {
                    let Some((id, rest)) = rest.split_once(": ") else { continue };
                    if rest.ends_with("(queue active)") {
                        log.traces.entry(id.to_owned()).or_default().queued = true;
                    }
                }
                "master" => log.killed.extend(victim(rest)),
                _ => {}
            }
        }
        log
    }

    pub fn trace(&self, queue_id: &str) -> Option<&Trace> {
        self.traces.get(queue_id)
    }

    /// Whether Postfix itself made this copy of a message that its client had to send again: it was queued, but the client
    /// did not hear so, because the cleanup that had queued it was killed before it could say. RFC 5321, 6.1
    /// knows it and names RFC 1047; a filter has long answered by then.
    pub fn unanswered(&self, queue_id: &str) -> Result<(), &'static str> {
        let trace = self.trace(queue_id).ok_or("the mail log does not name it")?;
        let cleanup = trace.cleanup.ok_or("no cleanup wrote it")?;
        match (trace.queued, trace.told, self.killed.contains(&cleanup)) {
            (true, Told::NotTaken, true) => Ok(()),
            (false, ..) => Err("it was never queued"),
            (_, Told::Taken | Told::Nothing, _) => Err("its client was not told to send again"),
            (.., false) => Err("its cleanup was not killed"),
        }
    }
}

/// `Nov 22 01:50:27 mta postfix/smtpd[6609]: …` as daemon, process and the rest.
fn parts(line: &str) -> Option<(&str, u32, &str)> {
    let (head, rest) = line.split_once("]: ")?;
    let (name, pid) = head.rsplit_once('[')?;
    Some((name.rsplit_once('/')?.1, pid.parse().ok()?, rest))
}

/// `disconnect from … mail=1 rcpt=1 data=0/1 …`: of one DATA command, none succeeded.
fn told(rest: &str) -> Told {
    match rest.split(' ').find_map(|word| word.strip_prefix("data=")) {
        Some("1") => Told::Taken,
        Some("0/1") => Told::NotTaken,
        _ => Told::Nothing,
    }
}

/// `warning: process /usr/lib/postfix/sbin/cleanup pid 6757 killed by signal 9`.
fn victim(rest: &str) -> Option<u32> {
    let (head, signal) = rest.split_once(" killed by signal ")?;
    head.rsplit_once(" pid ")?.1.parse().ok().filter(|_| signal == "9")
}

#[cfg(test)]
mod tests {
    use super::MailLog;

    const LOG: &str = "\
Nov 22 01:50:27 mta postfix/smtpd[6609]: 4jX1: client=unknown[127.0.0.1]
Nov 22 01:50:27 mta postfix/cleanup[6757]: 4jX1: message-id=<1@cissslau.example>
Nov 22 01:50:27 mta postfix/qmgr[6595]: 4jX1: from=<a@cissslau.example>, size=488, nrcpt=1 (queue active)
Nov 22 01:50:27 mta postfix/master[6530]: warning: process /usr/lib/postfix/sbin/cleanup pid 6757 killed by signal 9
Nov 22 01:50:27 mta postfix/smtpd[6609]: disconnect from unknown[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=0/1 quit=1
";

    /// Each part of the proof is needed: without it, a second copy is ours to answer for.
    #[test]
    fn a_copy_is_the_mtas_own_only_when_every_line_says_so() {
        let proof = |log: &str| MailLog::read(log).unanswered("4jX1");
        assert_eq!(proof(LOG), Ok(()));
        let table = [
            ("pid 6757 killed", "pid 6758 killed", "its cleanup was not killed"),
            ("data=0/1", "data=1", "its client was not told to send again"),
            ("disconnect from", "timeout after", "its client was not told to send again"),
            ("(queue active)", "(queue x)", "it was never queued"),
            (": message-id=", ": m=", "no cleanup wrote it"),
            ("4jX1:", "4jX2:", "the mail log does not name it"),
        ];
        for (line, other, because) in table {
            assert_eq!(proof(&LOG.replace(line, other)), Err(because), "{line} as {other}");
        }
    }
}
