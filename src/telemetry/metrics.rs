//! Counters and gauges in Prometheus' text form.
//!
//! Label values are names of our own enums, the program's version, policy digests and article ids: closed lists all.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::{Delivery, Mailing, StoreStep, Tempfail};
use crate::model::{CaseState, GapReason, JournalEntry, Kind, Verdict};
use crate::plan::Claim;

/// One label with one of our names.
type One = [(&'static str, &'static str); 1];
/// Two labels.
type Two = [(&'static str, &'static str); 2];
/// One label with a name that the configuration gives: an article, a digest.
type Named = [(&'static str, String); 1];
/// Seconds and other measures.
type Measure = Gauge<f64, AtomicU64>;

/// Upper bounds of the judging histogram, in seconds: from a short text to the wall-clock net.
const JUDGE_SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0, 60.0];

/// All that is counted. Shared; every method may be called from any thread.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    messages: Family<Two, Counter>,
    findings: Family<One, Counter>,
    gaps: Family<One, Counter>,
    articles: Family<Named, Counter>,
    judge_seconds: Histogram,
    bytes: Counter,
    tempfails: Tempfails,
    store_errors: Family<One, Counter>,
    mailings: Family<Two, Counter>,
    release_headers: Family<One, Counter>,
    outbox_pending: Gauge,
    outbox_oldest: Measure,
    set_aside: Gauge,
    missing: Gauge,
    cases: Family<One, Gauge>,
    reloads: Family<One, Counter>,
    last_reload: Measure,
    policy: Family<Named, Gauge>,
    roster_persons: Family<One, Gauge>,
    roster_built: Family<One, Measure>,
}

/// Counts the 451s by their cause. Cheap to share.
#[derive(Clone, Debug, Default)]
pub struct Tempfails(Family<One, Counter>);

impl Tempfails {
    /// Counts one.
    pub fn count(&self, cause: Tempfail) {
        self.0.get_or_create(&[("cause", cause.name())]).inc();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("vaguemestre"),
            messages: Family::default(),
            findings: Family::default(),
            gaps: Family::default(),
            articles: Family::default(),
            judge_seconds: Histogram::new(JUDGE_SECONDS),
            bytes: Counter::default(),
            tempfails: Tempfails::default(),
            store_errors: Family::default(),
            mailings: Family::default(),
            release_headers: Family::default(),
            outbox_pending: Gauge::default(),
            outbox_oldest: Measure::default(),
            set_aside: Gauge::default(),
            missing: Gauge::default(),
            cases: Family::default(),
            reloads: Family::default(),
            last_reload: Measure::default(),
            policy: Family::default(),
            roster_persons: Family::default(),
            roster_built: Family::default(),
        };
        metrics.register();
        metrics.start_at_zero();
        metrics
    }
}

impl Metrics {
    /// Counts a judged message: verdicts, findings, gaps, articles, bytes, time.
    pub fn judged(&self, entry: &JournalEntry, took: Duration) {
        let verdicts = [("verdict", entry.verdict.name()), ("applied", entry.applied.name())];
        self.messages.get_or_create(&verdicts).inc();
        for (kind, count) in &entry.found {
            self.findings.get_or_create(&[("kind", kind.name())]).inc_by(u64::from(*count));
        }
        for (reason, count) in &entry.gaps {
            self.gaps.get_or_create(&[("reason", reason.name())]).inc_by(u64::from(*count));
        }
        for article in &entry.articles {
            self.articles.get_or_create(&[("article", article.0.clone())]).inc();
        }
        self.bytes.inc_by(entry.size);
        self.judge_seconds.observe(took.as_secs_f64());
    }

    /// Adds figures that are kept elsewhere and read when the page is asked for.
    #[must_use]
    pub fn with(mut self, figures: Box<dyn Collector>) -> Self {
        self.registry.register_collector(figures);
        self
    }

    /// Counts a 451.
    pub fn tempfailed(&self, cause: Tempfail) {
        self.tempfails.count(cause);
    }

    /// Counts the same from where the rest is not known.
    #[must_use]
    pub fn tempfails(&self) -> Tempfails {
        self.tempfails.clone()
    }

    /// Counts something that the store did not do.
    pub fn store_error(&self, step: StoreStep) {
        self.store_errors.get_or_create(&[("step", step.name())]).inc();
    }

    /// Counts a try to hand mail to the MTA.
    pub fn mailed(&self, mailing: Mailing, delivery: Delivery) {
        let labels = [("mail", mailing.name()), ("outcome", delivery.name())];
        self.mailings.get_or_create(&labels).inc();
    }

    /// Counts a message that came with a release header.
    pub fn claimed(&self, claim: &Claim) {
        self.release_headers.get_or_create(&[("claim", claim.name())]).inc();
    }

    /// Says how many notices wait, and for how long the oldest has.
    pub fn outbox(&self, pending: u64, oldest: Duration) {
        self.outbox_pending.set(i64::try_from(pending).unwrap_or(i64::MAX));
        self.outbox_oldest.set(oldest.as_secs_f64());
    }

    /// Says how many sealed messages are set aside since no case names them.
    pub fn set_aside(&self, messages: u64) {
        self.set_aside.set(i64::try_from(messages).unwrap_or(i64::MAX));
    }

    /// Says how many cases wait whose sealed message is gone.
    pub fn missing(&self, cases: usize) {
        self.missing.set(i64::try_from(cases).unwrap_or(i64::MAX));
    }

    /// Says how many cases stand in a state.
    pub fn cases(&self, state: CaseState, count: u64) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.cases.get_or_create(&[("state", state.name())]).set(count);
    }

    /// Says that a policy is in force since a moment; its digest replaces the one before.
    pub fn loaded(&self, digest: &str, at: Timestamp) {
        self.policy.clear();
        self.policy.get_or_create(&[("digest", digest.to_owned())]).set(1);
        self.reloads.get_or_create(&[("outcome", "done")]).inc();
        self.last_reload.set(at.as_duration().as_secs_f64());
    }

    /// Says which rosters are in force: their name, how many persons they hold, when they were built.
    pub fn rosters(&self, rosters: impl Iterator<Item = (&'static str, u64, Timestamp)>) {
        self.roster_persons.clear();
        self.roster_built.clear();
        for (name, persons, built) in rosters {
            let persons = i64::try_from(persons).unwrap_or(i64::MAX);
            self.roster_persons.get_or_create(&[("roster", name)]).set(persons);
            self.roster_built.get_or_create(&[("roster", name)]).set(built.as_duration().as_secs_f64());
        }
    }

    /// Counts a reload that was refused; what was in force stays.
    pub fn reload_refused(&self) {
        self.reloads.get_or_create(&[("outcome", "refused")]).inc();
    }

    /// All of it in the text form of OpenMetrics.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail; a text cut short would lack its `# EOF` and be refused by the reader.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// Names every metric, and says what it counts.
    fn register(&mut self) {
        let registry = &mut self.registry;
        let build: One = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "Version of the program", Info::new(build));
        registry.register("messages", "Messages judged", self.messages.clone());
        registry.register("findings", "Findings by kind", self.findings.clone());
        registry.register("gaps", "Parts that could not be read", self.gaps.clone());
        registry.register("articles", "Messages an article applied to", self.articles.clone());
        registry.register("judge_seconds", "Time to read and judge a message", self.judge_seconds.clone());
        registry.register("message_bytes", "Bytes of the messages judged", self.bytes.clone());
        registry.register("tempfails", "Messages the MTA has to try again", self.tempfails.0.clone());
        registry.register("store_errors", "Steps that the store did not do", self.store_errors.clone());
        registry.register("mailings", "Tries to hand mail to the MTA", self.mailings.clone());
        registry.register("release_headers", "Release headers seen", self.release_headers.clone());
        registry.register("outbox_pending", "Notices that wait", self.outbox_pending.clone());
        registry.register("outbox_oldest_seconds", "Age of the oldest notice", self.outbox_oldest.clone());
        registry.register("content_set_aside", "Sealed messages that no case names", self.set_aside.clone());
        registry.register(
            "content_missing",
            "Cases that wait whose sealed message is gone",
            self.missing.clone(),
        );
        registry.register("cases", "Cases by state", self.cases.clone());
        registry.register("reloads", "Loads of configuration and policy", self.reloads.clone());
        registry.register("last_reload_timestamp_seconds", "When it was loaded", self.last_reload.clone());
        registry.register("policy", "The policy in force", self.policy.clone());
        registry.register("roster_persons", "Persons on a roster in force", self.roster_persons.clone());
        registry.register("roster_built_timestamp_seconds", "When it was built", self.roster_built.clone());
    }

    /// Shows every closed label from the start: a rate over a counter that appears late misses its first step.
    fn start_at_zero(&self) {
        for verdict in Verdict::ALL {
            for applied in Verdict::ALL.into_iter().filter(|applied| *applied <= verdict) {
                let labels = [("verdict", verdict.name()), ("applied", applied.name())];
                let _ = self.messages.get_or_create(&labels);
            }
        }
        for mailing in Mailing::ALL {
            for delivery in Delivery::ALL {
                let labels = [("mail", mailing.name()), ("outcome", delivery.name())];
                let _ = self.mailings.get_or_create(&labels);
            }
        }
        Claim::NAMES.iter().for_each(|it| drop(self.release_headers.get_or_create(&[("claim", *it)])));
        Kind::ALL.iter().for_each(|it| drop(self.findings.get_or_create(&[("kind", it.name())])));
        GapReason::ALL.iter().for_each(|it| drop(self.gaps.get_or_create(&[("reason", it.name())])));
        Tempfail::ALL.iter().for_each(|it| drop(self.tempfails.0.get_or_create(&[("cause", it.name())])));
        StoreStep::ALL.iter().for_each(|it| drop(self.store_errors.get_or_create(&[("step", it.name())])));
        CaseState::ALL.iter().for_each(|it| drop(self.cases.get_or_create(&[("state", it.name())])));
        ["done", "refused"].iter().for_each(|it| drop(self.reloads.get_or_create(&[("outcome", *it)])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ArticleId;

    fn entry() -> JournalEntry {
        JournalEntry {
            received_at: Timestamp::UNIX_EPOCH,
            queue_id: None,
            verdict: Verdict::Reject,
            applied: Verdict::Warn,
            articles: vec![ArticleId("dir04-6-3".to_owned())],
            found: [(Kind::Nam, 3)].into(),
            gaps: [(GapReason::Encrypted, 1)].into(),
            recipients: 2,
            size: 2048,
            digest: "d1".to_owned(),
        }
    }

    #[track_caller]
    fn shows(metrics: &Metrics, line: &str) {
        let text = metrics.text();
        assert!(text.lines().any(|it| it == format!("vaguemestre_{line}")), "{line}\n{text}");
    }

    #[test]
    fn a_judged_message_is_counted_from_every_side() {
        let metrics = Metrics::default();
        metrics.judged(&entry(), Duration::from_millis(2));
        for line in [
            "messages_total{verdict=\"reject\",applied=\"warn\"} 1",
            "findings_total{kind=\"nam\"} 3",
            "gaps_total{reason=\"encrypted\"} 1",
            "articles_total{article=\"dir04-6-3\"} 1",
            "message_bytes_total 2048",
            "judge_seconds_bucket{le=\"0.0025\"} 1",
            "judge_seconds_count 1",
        ] {
            shows(&metrics, line);
        }
    }

    #[test]
    fn closed_labels_stand_at_zero_from_the_start() {
        let metrics = Metrics::default();
        shows(&metrics, "tempfails_total{cause=\"store\"} 0");
        shows(&metrics, "release_headers_total{claim=\"altered\"} 0");
        shows(&metrics, "cases{state=\"held\"} 0");
        shows(&metrics, "messages_total{verdict=\"quarantine\",applied=\"accept\"} 0");
        assert!(metrics.text().ends_with("# EOF\n"));
    }

    #[test]
    fn a_reload_replaces_the_digest() {
        let metrics = Metrics::default();
        metrics.loaded("d1", Timestamp::UNIX_EPOCH);
        metrics.loaded("d2", Timestamp::UNIX_EPOCH);
        shows(&metrics, "policy{digest=\"d2\"} 1");
        shows(&metrics, "reloads_total{outcome=\"done\"} 2");
        assert!(!metrics.text().contains("\"d1\""));
    }
}
