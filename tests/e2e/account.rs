//! The reckoning after the kills: every message, every copy of it, and the line of a log that answers for that copy.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use crate::support::letters::SENDER;
use crate::support::maillog::MailLog;
use crate::support::sink::Delivery;
use crate::support::smtp::{Mail, Reply};
use crate::support::stage::Stage;

/// What should become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Delivered,
    Held,
    Refused,
}

/// A message that a client got rid of: taken with a 250, or refused with a 550.
pub struct Sent {
    pub id: String,
    pub mail: Mail,
    pub expected: Fate,
    pub reply: Reply,
}

impl Sent {
    /// The queue id that the 250 named: "250 2.0.0 Ok: queued as 4jXBq76hFSz1VJKN".
    fn queue_id(&self) -> Option<&str> {
        let line = self.reply.lines.last().filter(|_| self.reply.code == 250)?;
        line.split_once("queued as ").map(|(_, id)| id)
    }
}

/// What went wrong, sentence by sentence, and what did not.
#[derive(Debug, Default)]
pub struct Account {
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
    pub unread: Vec<String>,
    pub changed: Vec<String>,
    /// Held messages of which no copy is in the queue yet, and whose case says so.
    pub in_doubt: usize,
    /// Copies that Postfix itself made, each proven from its log.
    pub by_smtp: usize,
    pub notices: usize,
    /// Notices that came again, under their first Message-ID.
    pub notices_again: usize,
}

impl Account {
    /// Everything that must not be.
    pub fn faults(&self) -> Vec<&String> {
        [&self.lost, &self.doubled, &self.unread, &self.changed].into_iter().flatten().collect()
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [&self.lost, &self.doubled, &self.unread, &self.changed].map(Vec::len);
        let [lost, doubled, unread, changed] = counts;
        writeln!(f, "{lost} lost, {doubled} doubled, {unread} delivered unread, {changed} changed")?;
        writeln!(
            f,
            "{} copies besides: queued by a cleanup that was killed before its client could hear so, each proven from the mail log",
            self.by_smtp
        )?;
        write!(f, "{} notices, {} of them again under the same Message-ID", self.notices, self.notices_again)
    }
}

/// Reckons, once the queue is empty; these cases are in doubt still.
pub fn reckon(stage: &Stage, sent: &[Sent], open: &HashSet<String>) -> Account {
    let logs = (MailLog::read(&stage.postfix.log()), Answers::read(&stage.service.log(), open));
    let mut account = Account::default();
    let mut copies: HashMap<String, Vec<(String, Delivery)>> = HashMap::new();
    let mut notices: BTreeMap<String, usize> = BTreeMap::new();
    for delivery in stage.sink.deliveries() {
        let head = String::from_utf8_lossy(&delivery.data).into_owned();
        let message_id = field(&head, "Message-ID").unwrap_or_default();
        match delivery.from.as_str() {
            SENDER => {}
            "" => {
                *notices.entry(message_id).or_default() += 1;
                continue;
            }
            // Postfix tells its postmaster of every daemon that it lost.
            _ => continue,
        }
        // "by mta.example (Postfix) with ESMTP id 4jXBq76hFSz1VJKN", in the topmost trace field.
        let queue_id = head.split_once(" id ").and_then(|(_, rest)| rest.split([';', '\r', '\n']).next());
        copies.entry(message_id).or_default().push((queue_id.unwrap_or_default().to_owned(), delivery));
    }
    (account.notices, account.notices_again) =
        (notices.len(), notices.values().sum::<usize>() - notices.len());
    for message in sent {
        let found = copies.remove(&message.id).unwrap_or_default();
        account.message(message, &found, &logs);
    }
    // A copy of a message whose client never heard a final answer: none is left, every client goes on until it has one.
    account.doubled.extend(copies.into_keys().map(|id| format!("{id} was never sent")));
    account
}

impl Account {
    fn message(
        &mut self,
        message: &Sent,
        copies: &[(String, Delivery)],
        (log, answers): &(MailLog, Answers),
    ) {
        let (id, expected) = (&message.id, message.expected);
        let ids: Vec<&str> = copies.iter().map(|(queue_id, _)| queue_id.as_str()).collect();
        let code = message.reply.code;
        if code != if expected == Fate::Refused { 550 } else { 250 } {
            self.unread.push(format!("{id}, to be {expected:?}, got {code}"));
        }
        self.changed.extend(
            copies
                .iter()
                .filter(|it| !it.1.carries(&message.mail.data))
                .map(|it| format!("{id} as {}", it.0)),
        );
        let allowed: fn(&Answers, &str) -> usize = match expected {
            Fate::Delivered => |answers, queue_id| count(&answers.accepted, queue_id),
            Fate::Held => |answers, queue_id| count(&answers.claimed, queue_id),
            Fate::Refused => |_, _| 0,
        };
        for queue_id in &ids {
            match allowed(answers, queue_id) {
                1 => {}
                times => self.unread.push(format!("{id} left as {queue_id}, which we let go {times} times")),
            }
        }
        match expected {
            Fate::Refused => {}
            Fate::Held if ids.is_empty() && answers.is_open(message) => self.in_doubt += 1,
            Fate::Held if ids.is_empty() => self.lost.push(format!("{id} was held and released")),
            Fate::Held if ids.len() == 1 => {}
            Fate::Held => self.doubled.push(format!("{id} was released as {ids:?}")),
            Fate::Delivered => self.delivered(message, &ids, log),
        }
    }

    /// One copy under the queue id that the client heard; for each other, Postfix' own word that it could not say so.
    fn delivered(&mut self, message: &Sent, ids: &[&str], log: &MailLog) {
        let id = &message.id;
        let known = message.queue_id().unwrap_or_default();
        match ids.iter().filter(|queue_id| **queue_id == known).count() {
            0 => self.lost.push(format!("{id} was taken as {known}")),
            1 => {}
            times => self.doubled.push(format!("{id} left {times} times as {known}")),
        }
        let mut others: Vec<&str> = ids.iter().copied().filter(|queue_id| *queue_id != known).collect();
        others.sort_unstable();
        for same in others.chunk_by(|a, b| a == b) {
            match (same, same.first().map(|queue_id| log.unanswered(queue_id))) {
                ([_], Some(Ok(()))) => self.by_smtp += 1,
                (_, because) => self.doubled.push(format!("{id} also left as {same:?}: {because:?}")),
            }
        }
    }
}

/// What the service's log says that it let go, by queue id.
#[derive(Debug, Default)]
struct Answers {
    /// Judged, with nothing against it.
    accepted: HashMap<String, usize>,
    /// Let in with the token of a release, for the first time.
    claimed: HashMap<String, usize>,
    /// Held, under a case that is in doubt still.
    open: HashSet<String>,
}

impl Answers {
    fn read(log: &str, open: &HashSet<String>) -> Self {
        let mut answers = Self::default();
        for line in log.lines() {
            let Some(queue_id) = quoted(line, "queue_id") else { continue };
            if quoted(line, "applied") == Some("accept") {
                *answers.accepted.entry(queue_id.to_owned()).or_default() += 1;
            }
            if quoted(line, "case").is_some_and(|case| open.contains(case)) {
                answers.open.insert(queue_id.to_owned());
            }
            if quoted(line, "claim") == Some("first") {
                *answers.claimed.entry(queue_id.to_owned()).or_default() += 1;
            }
        }
        answers
    }

    /// Whether a message's case is in doubt still. The client was told the queue id under which it was held.
    fn is_open(&self, message: &Sent) -> bool {
        message.queue_id().is_some_and(|queue_id| self.open.contains(queue_id))
    }
}

fn count(map: &HashMap<String, usize>, queue_id: &str) -> usize {
    map.get(queue_id).copied().unwrap_or(0)
}

/// The value of `name="value"` in a line of the service's log.
pub fn quoted<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

fn field(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().take_while(|line| !line.is_empty());
    let line = lines.find(|line| {
        line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && line.get(name.len()..).is_some_and(|rest| rest.starts_with(':'))
    })?;
    line.split_once(": ").map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Account, Answers, Fate, Sent};
    use crate::support::letters::{COLLEAGUE, Letter, SENDER};
    use crate::support::maillog::MailLog;
    use crate::support::sink::Delivery;
    use crate::support::smtp::Reply;

    /// The reckoning can fail: each wrong ending has its row.
    #[test]
    fn a_wrong_ending_is_told_from_a_right_one() {
        use Fate::{Delivered, Held, Refused};
        let log = " queue_id=\"A\" applied=\"accept\"\n queue_id=\"B\" applied=\"accept\"\n queue_id=\"C\" claim=\"first\"\n \
                   queue_id=\"D\" claim=\"first\"\n queue_id=\"O\" applied=\"quarantine\" case=\"2222-2222\"\n";
        let logs = (MailLog::default(), Answers::read(log, &HashSet::from(["2222-2222".to_owned()])));
        // Fate, what the client heard, queue ids of the copies; how many faults are: lost, doubled, unread.
        let table: [(Fate, &str, &[&str], [usize; 3]); 12] = [
            (Delivered, "250 2.0.0 Ok: queued as A", &["A"], [0, 0, 0]),
            (Delivered, "250 2.0.0 Ok: queued as A", &[], [1, 0, 0]),
            (Delivered, "250 2.0.0 Ok: queued as A", &["A", "A"], [0, 1, 0]),
            (Delivered, "250 2.0.0 Ok: queued as A", &["A", "B"], [0, 1, 0]),
            (Delivered, "250 2.0.0 Ok: queued as Z", &["Z"], [0, 0, 1]),
            (Held, "250 2.0.0 Ok: queued as A", &["C"], [0, 0, 0]),
            (Held, "250 2.0.0 Ok: queued as A", &["C", "D"], [0, 1, 0]),
            (Held, "250 2.0.0 Ok: queued as A", &["A"], [0, 0, 1]),
            (Held, "250 2.0.0 Ok: queued as A", &[], [1, 0, 0]),
            (Held, "250 2.0.0 Ok: queued as O", &[], [0, 0, 0]),
            (Refused, "550 5.7.1 non", &[], [0, 0, 0]),
            (Refused, "550 5.7.1 non", &["A"], [0, 0, 1]),
        ];
        for (expected, line, ids, faults) in table {
            let letter = Letter::new("a", "b");
            let mail = letter.to(&[COLLEAGUE]);
            let delivery = Delivery { from: SENDER.to_owned(), to: mail.to.clone(), data: mail.data.clone() };
            let copies: Vec<_> = ids.iter().map(|&id| (id.to_owned(), delivery.clone())).collect();
            let reply = Reply { code: line[..3].parse().unwrap(), lines: vec![line.to_owned()] };
            let mut account = Account::default();
            account.message(&Sent { id: letter.id, mail, expected, reply }, &copies, &logs);
            let found = [&account.lost, &account.doubled, &account.unread].map(Vec::len);
            assert_eq!(found, faults, "{expected:?} {line} {ids:?}: {account:?}");
        }
    }
}
