//! The whole scene: next hop, Postfix, and the service beside it.

use std::thread;
use std::time::{Duration, Instant};

use super::letters::SENDER;
use super::postfix::{Plan, Ports, Postfix};
use super::process::wait_for;
use super::service::Service;
use super::sink::{Delivery, Sink};
use super::smtp::{Mail, Reply, send};

/// A scene with everything running.
pub struct Stage {
    pub sink: Sink,
    pub service: Service,
    pub postfix: Postfix,
    extra: Vec<(String, String)>,
}

/// What to change from the usual scene.
#[derive(Clone, Debug, Default)]
pub struct Changes<'a> {
    /// Lines of the service's configuration, with their tables.
    pub service: &'a [(&'a str, &'a str)],
    /// Lines of Postfix' `main.cf`.
    pub postfix: &'a [&'a str],
    /// Postfix' local aliases.
    pub aliases: &'a [(&'a str, &'a str)],
    /// Folder where the next hop also writes what it gets.
    pub folder: Option<&'a std::path::Path>,
}

impl Stage {
    /// The usual scene: every article enforced.
    pub fn new() -> Self {
        Self::with(&Changes::default())
    }

    /// A scene with changes.
    pub fn with(changes: &Changes) -> Self {
        let sink = Sink::start(changes.folder);
        let ports = Ports::free();
        let mut service = Service::new(ports, changes.service);
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        let plan = Plan {
            milter: Some(service.milter.clone()),
            next_hop: sink.port,
            main: changes.postfix.iter().map(|&line| line.to_owned()).collect(),
            aliases: changes.aliases.iter().map(owned).collect(),
            ports: Some(ports),
        };
        let postfix = Postfix::start(&plan);
        service.knows(&postfix, ports, changes.service);
        service.start();
        Self { sink, service, postfix, extra: changes.service.iter().map(owned).collect() }
    }

    /// Writes the service's configuration again, with these lines on top of the scene's own.
    pub fn reconfigure(&mut self, lines: &[(&str, &str)]) {
        let mut all: Vec<(&str, &str)> = self.extra.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        all.extend_from_slice(lines);
        self.service.knows(&self.postfix, self.postfix.ports, &all);
    }

    /// Sends over SMTP, as a mail server of the establishment would; the verdict's reply.
    pub fn send(&self, mail: &Mail) -> Reply {
        let answer = send(self.postfix.ports.normal, mail);
        answer.unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.postfix.log(), self.service.log()))
    }

    /// Waits until a message has left, and gives it as the next hop got it. Notices do not count.
    pub fn delivered(&self, id: &str) -> Delivery {
        self.sink.wait(id, |delivery| !delivery.from.is_empty() && delivery.holds(id))
    }

    /// How often a message reached the next hop so far, counted once for each SMTP transaction.
    pub fn copies(&self, id: &str) -> usize {
        self.sink.holding(id).iter().filter(|delivery| !delivery.from.is_empty()).count()
    }

    /// Waits for the notice about a message: from nobody, to its sender, in reply to it.
    pub fn notice(&self, id: &str) -> Delivery {
        self.sink.wait(&format!("a notice about {id}"), |delivery| self.is_notice(delivery, id))
    }

    /// Waits for a notice that should come, at most 10 seconds: the demonstration goes on without it, and says so.
    pub fn expect_notice(&self, id: &str) {
        let end = Instant::now() + Duration::from_secs(10);
        while self.notices(id) == 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until there are as many notices about a message.
    pub fn wait_for_notices(&self, id: &str, count: usize) {
        wait_for(&format!("{count} notices about {id}"), || (self.notices(id) >= count).then_some(()));
    }

    /// The case that the notice about a message names.
    pub fn case_of(&self, id: &str) -> String {
        let text = self.notice(id).text();
        case_in(&text).unwrap_or_else(|| panic!("no case number in: {text}"))
    }

    /// Releases a case from the terminal.
    pub fn release(&self, case: &str) -> Result<String, String> {
        self.service.cases(&["release", case, "--reason", "Vérifié avec la personne qui envoie"])
    }

    /// Has the service read its configuration again, and waits until it says that it did, or did not.
    pub fn reload(&self) {
        let told = |log: &str| log.matches("reload refused").count() + log.matches("articles=").count();
        let before = told(&self.service.log());
        self.service.signal("HUP");
        wait_for("word of the reload in the log", || (told(&self.service.log()) > before).then_some(()));
    }

    /// Notices about a message so far.
    pub fn notices(&self, id: &str) -> usize {
        self.sink.deliveries().iter().filter(|delivery| self.is_notice(delivery, id)).count()
    }

    /// A notice answers its message, or, when it speaks of several, names the case of the mark that an insider sees.
    fn is_notice(&self, delivery: &Delivery, id: &str) -> bool {
        let marked = || self.mark(id).is_some_and(|case| delivery.text().contains(&case));
        delivery.from.is_empty()
            && delivery.to.iter().any(|to| to == SENDER)
            && (delivery.holds(id) || marked())
    }

    fn mark(&self, id: &str) -> Option<String> {
        let copies = self.sink.holding(id).into_iter().filter(|delivery| !delivery.from.is_empty());
        let headers = copies.map(|copy| String::from_utf8_lossy(&copy.data).into_owned());
        headers.filter_map(|text| case_in(text.split("X-Vaguemestre: warn; case=").nth(1)?.get(..9)?)).next()
    }
}

/// The case number that a text names, as `7K3M-Q2P9`.
pub fn case_in(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !"ILOU".contains(c));
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let mut cases = words.filter(|word| word.len() == 9 && word.chars().nth(4) == Some('-'));
    cases.find(|word| word.chars().enumerate().all(|(at, c)| at == 4 || known(c))).map(str::to_owned)
}
