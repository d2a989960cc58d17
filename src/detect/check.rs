//! Rules prove themselves: every example must be found, exactly; nothing may be found in a counter-example. And they are
//! looked through for what proofs do not show: a rule in another's shadow, a word that says two things.

mod lists;
mod shadows;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::exceptions::Exceptions;
use super::rules::{CounterExample, EXAMPLE_DATE, Example};
use super::trace::{Trace, trace};
use super::{Context, Detectors};
use crate::model::{Boundary, Confidence, Fault, Kind, Masked, Place, Region, Segment};

pub use lists::{Sources, lists};
pub use shadows::shadows;

/// What running every example and counter-example gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many rules there are.
    pub rules: usize,
    /// How many examples and counter-examples were run.
    pub run: usize,
    /// What did not come out as the rule says.
    pub failures: Vec<Fault>,
}

/// Something that works and that someone should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What kind of thing it is.
    pub topic: Topic,
    /// Where, what, and what to do.
    pub fault: Fault,
    /// Whether it stands in a file of the establishment.
    pub local: bool,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// A rule or term that stands twice.
    Duplicate,
    /// A rule whose every example another one takes.
    Shadow,
    /// Words or terms that say two things at once.
    Contradiction,
    /// Something that can have no effect.
    Unused,
    /// A pattern that costs more than most.
    Costly,
    /// An exception whose last day is past.
    Expired,
    /// An exception or a stop word that hides what a rule is there to find.
    Hides,
}

impl Topic {
    /// The name that JSON uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Shadow => "shadow",
            Self::Contradiction => "contradiction",
            Self::Unused => "unused",
            Self::Costly => "costly",
            Self::Expired => "expired",
            Self::Hides => "hides",
        }
    }
}

/// An example or counter-example, with the rule or file it belongs to.
struct Run<'a> {
    detectors: &'a Detectors,
    kind: Option<Kind>,
    file: &'a str,
    line: usize,
    of: &'a str,
}

/// Runs the examples of every rule, and those of `local.d`, through the whole detector.
#[must_use]
pub fn check(detectors: &Detectors) -> CheckReport {
    let mut report = CheckReport { rules: detectors.rules().len(), ..CheckReport::default() };
    for rule in detectors.rules() {
        let run = Run { detectors, kind: rule.kind, file: &rule.file, line: rule.line, of: &rule.id };
        for (number, example) in (1..).zip(&rule.examples) {
            report.take(run.example(number, example));
        }
        for (number, counter) in (1..).zip(&rule.counter_examples) {
            report.take(run.counter_example(number, counter));
        }
    }
    let local = detectors.local();
    for one in &local.examples {
        let run =
            Run { detectors, kind: Some(one.kind), file: &one.file, line: one.line, of: one.kind.name() };
        report.take(run.example(0, &one.proof));
    }
    for one in &local.counter_examples {
        let run =
            Run { detectors, kind: Some(one.kind), file: &one.file, line: one.line, of: one.kind.name() };
        report.take(run.counter_example(0, &one.proof));
    }
    report
}

/// Exceptions of `local.d` whose last day is past.
#[must_use]
pub fn expired(exceptions: &Exceptions, today: Date) -> Vec<Remark> {
    let remark = |exception: &super::Exception| {
        let day = exception.until.map_or(String::new(), |until| format!(" since {until}"));
        let what = format!("the exception has expired{day}: {}", exception.reason);
        let remedy = format!("remove it, or ask {} for another day", exception.author);
        let fault = Fault::on_line(&exception.file, exception.line, 1, what, remedy);
        Remark { topic: Topic::Expired, fault, local: true }
    };
    exceptions.expired(today).map(remark).collect()
}

impl CheckReport {
    fn take(&mut self, failure: Option<Fault>) {
        self.run += 1;
        self.failures.extend(failure);
    }
}

impl Run<'_> {
    fn failure(&self, what: &str, number: usize, why: &str, remedy: &str) -> Fault {
        let number = if number == 0 { String::new() } else { format!(" {number}") };
        Fault::on_line(self.file, self.line, 1, format!("{}, {what}{number}: {why}", self.of), remedy)
    }

    /// Why an example is not found as it says.
    fn example(&self, number: usize, example: &Example) -> Option<Fault> {
        let segments = segments(&example.text, Region::Body);
        let trace = run(self.detectors, &segments);
        let failure = |why: &str, remedy: &str| Some(self.failure("example", number, why, remedy));
        let mut of_kind = trace.kept.iter().filter(|candidate| candidate.kind == self.kind);
        let Some(candidate) = of_kind.clone().find(|one| one.value.reveal() == example.value) else {
            let hidden = trace.excepted.iter().find(|one| one.candidate.value.reveal() == example.value);
            if let Some(hidden) = hidden {
                let why = format!(
                    "{} is let through by the exception {}:{}",
                    example.value, hidden.file, hidden.line
                );
                return failure(&why, "narrow the exception");
            }
            let others: Vec<_> = of_kind.by_ref().map(|one| one.value.reveal()).collect();
            let others = if others.is_empty() { "nothing".to_owned() } else { others.join(", ") };
            return failure(
                &format!("{} is not found, but {others}", example.value),
                "`vaguemestre explain --text` shows what was weighed",
            );
        };
        let (_, span) = trace.prepared.locate(candidate.block, &candidate.span);
        let written = example.text.get(span.0..span.1).unwrap_or_default();
        let expected = example.found.as_deref();
        if expected.is_some_and(|found| found != written)
            || (expected.is_none() && plain(written) != plain(&example.value))
        {
            return failure(&format!("what is found is {written:?}"), "give the exact text as `found`");
        }
        let wanted = example.confidence.unwrap_or(Confidence::Medium);
        let reached = Confidence::of(candidate.bits());
        let name = reached.map_or("none", Confidence::name);
        let why = format!("confidence is {name}, not {}: {}", wanted.name(), reasons(candidate));
        (reached < Some(wanted)).then(|| failure(&why, "mend the rule, or what speaks against it")).flatten()
    }

    /// What is found, at medium or more, where nothing should be.
    fn counter_example(&self, number: usize, counter: &CounterExample) -> Option<Fault> {
        let segments = segments(&counter.text, counter.region.unwrap_or(Region::Body));
        let trace = run(self.detectors, &segments);
        let wrong = trace.kept.iter().find(|candidate| {
            candidate.kind == self.kind && Confidence::of(candidate.bits()) >= Some(Confidence::Medium)
        })?;
        let value = wrong.value.reveal();
        let what = if value.is_empty() { "it" } else { value };
        let why = format!(
            "{what} is found by rule {} although {}: {}",
            wrong.rule,
            counter.because,
            reasons(wrong)
        );
        Some(self.failure("counter-example", number, &why, "add a word against, a stop word or an exception"))
    }
}

/// The evidence of a candidate in one line.
fn reasons(candidate: &Candidate) -> String {
    let told = candidate.evidence.iter().map(|evidence| format!("{} {:+.1}", evidence.reason, evidence.bits));
    told.collect::<Vec<_>>().join(", ")
}

fn plain(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_uppercase()
}

/// A text as a message of one part.
#[must_use]
pub fn segments(text: &str, region: Region) -> Vec<Segment> {
    vec![Segment {
        place: Place { part: "1".to_owned(), ..Place::default() },
        region,
        cell: None,
        text: Masked::new(text),
        offset: 0,
        boundary: Boundary::Part,
    }]
}

/// What is proposed in a message, read on the day of the examples, from nobody to nobody.
#[must_use]
pub fn run<'a>(detectors: &Detectors, segments: &'a [Segment]) -> Trace<'a> {
    let context =
        Context { date: EXAMPLE_DATE, sender: None, recipients: Vec::new(), display_names: Vec::new() };
    trace(detectors, segments, &context)
}
