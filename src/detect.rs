//! Detection: segments of text in, findings grouped by person out.
//!
//! It refuses to know the policy, who may read what, and where rules are kept: rule files and word lists are
//! given as text. Detectors propose [`Candidate`]s on folded text; evidence is summed in bits; what stays
//! above zero is a finding.

mod about;
pub mod candidate;
pub mod canon;
pub mod check;
mod columns;
mod cost;
mod derive;
mod digits;
pub mod disguise;
mod evidence;
mod exceptions;
mod findings;
mod joints;
mod labels;
pub mod lexicon;
mod local;
mod misread;
pub mod names;
mod nearest;
mod numbered;
mod openers;
mod pattern;
mod person;
pub mod prepared;
pub mod roster;
mod ruler;
mod rules;
mod runs;
mod scattered;
mod series;
pub mod table;
pub mod trace;
mod validators;

use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub use candidate::{Candidate, Says};
pub use check::CheckReport;
pub use exceptions::{Exception, Exceptions, Key};
pub use findings::masked;
pub use local::{Local, LocalFiles};
pub use prepared::Prepared;
pub use rules::{Origin, Rule};
pub use validators::{check_digit, letters_of};

use crate::model::{Address, Faults, Finding, Kind, Masked, Person, Segment};
use findings::{Quota, tell};
use lexicon::Lexicons;
use names::Names;
use pattern::Rules;
use roster::Rosters;
use trace::Trace;

/// Everything that detects, compiled once. A clone shares it, and may have other rosters.
#[derive(Clone, Debug)]
pub struct Detectors {
    rules: Arc<Rules>,
    names: Arc<Names>,
    local: Arc<Local>,
    rosters: Rosters,
    digest: String,
}

/// What detection may know besides the text.
#[derive(Clone, Debug)]
pub struct Context {
    /// The message's date: ages are taken at it.
    pub date: Date,
    /// The envelope sender.
    pub sender: Option<Address>,
    /// The envelope recipients.
    pub recipients: Vec<Address>,
    /// Display names of From, To and Cc.
    pub display_names: Vec<Masked>,
}

/// What was found in a message.
#[derive(Clone, Debug, Default)]
pub struct Detection {
    /// Findings, in reading order.
    pub findings: Vec<Finding>,
    /// The persons they are about.
    pub persons: Vec<Person>,
}

impl Detectors {
    /// Compiles rule files and word lists, given as (file name, text).
    ///
    /// # Errors
    /// [`Faults`]: every mistake with file, line, column, what is wrong and what to do.
    pub fn compile(files: &[(String, String)], lexicons: &[(String, String)]) -> Result<Self, Faults> {
        Self::with_local(files, lexicons, &LocalFiles::default())
    }

    /// The same, with what an establishment adds and changes.
    ///
    /// # Errors
    /// [`Faults`]: every mistake with file, line, column, what is wrong and what to do.
    pub fn with_local(
        files: &[(String, String)],
        lexicons: &[(String, String)],
        local: &LocalFiles,
    ) -> Result<Self, Faults> {
        let mut errors = Faults::default();
        let (mut rules, shared) = rules::read::read(files, &mut errors);
        let mut lists = Lexicons::read(lexicons).unwrap_or_else(|more| {
            errors.0.extend(more.0);
            Lexicons::default()
        });
        // What shipped files lack would only be told again by the files that change them.
        let changes = if errors.0.is_empty() {
            Local::merge(local, &mut rules, &shared, &mut lists, &mut errors)
        } else {
            Local::default()
        };
        rules::read::whole(&rules, &mut errors);
        if !errors.0.is_empty() {
            return Err(errors);
        }
        let names = Names::compile(&lists)?;
        let digest = digest(files, lexicons, local);
        Ok(Self {
            rules: Arc::new(Rules::new(rules)),
            names: Arc::new(names),
            local: Arc::new(changes),
            rosters: Rosters::default(),
            digest,
        })
    }

    /// The same with other rosters.
    #[must_use]
    pub fn with_rosters(&self, rosters: Rosters) -> Self {
        Self { rosters, ..self.clone() }
    }

    /// The rosters in force.
    #[must_use]
    pub fn rosters(&self) -> &Rosters {
        &self.rosters
    }

    /// The rules, own ones last.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        self.rules.rules()
    }

    /// What the establishment adds.
    #[must_use]
    pub fn local(&self) -> &Local {
        &self.local
    }

    /// Runs the examples and counter-examples of every rule through the whole detector.
    #[must_use]
    pub fn check(&self) -> CheckReport {
        check::check(self)
    }

    /// SHA-256 of the rule files and word lists, local ones included, in hexadecimal, with those of the rosters: the same rules detect
    /// the same.
    #[must_use]
    pub fn digest(&self) -> String {
        [vec![self.digest.as_str()], self.rosters.digests()].concat().join(" ").trim_end().to_owned()
    }
}

/// Finds what is confidential in the text of one message.
#[must_use]
pub fn detect(detectors: &Detectors, segments: &[Segment], context: &Context) -> Detection {
    let Trace { prepared, kept: candidates, .. } = trace::trace(detectors, segments, context);
    let persons = person::group(&candidates, &prepared, context);
    let mut quota = Quota::default();
    let mut findings = Vec::new();
    for (candidate, person) in candidates.iter().zip(persons.of) {
        if let Some(finding) = tell(candidate, &prepared).filter(|finding| quota.takes(finding.kind)) {
            findings.push(Finding { person, ..finding });
        }
    }
    Detection { findings, persons: persons.all }
}

/// Folds any bytes as text, and checks that every place maps back into them. For fuzzing.
pub fn fuzz_canon(bytes: &[u8]) {
    canon::fuzz(bytes);
}

/// SHA-256 of every text that decides what is found.
fn digest(files: &[(String, String)], lexicons: &[(String, String)], local: &LocalFiles) -> String {
    let mut digest = Sha256::new();
    for (file, text) in files.iter().chain(lexicons).chain(&local.rules).chain(&local.lexicons) {
        // The folder does not count: the same rules are the same from any place.
        let name = file.rsplit('/').next().unwrap_or(file);
        digest.update(format!("{} {} {name} {text}\n", name.len(), text.len()));
    }
    if let Some(key) = &local.key {
        digest.update(key.digest(Kind::Secret, ""));
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads any bytes as a rule file, a file of `local.d`, a list and a pattern. For fuzzing.
pub fn fuzz_rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = |name: &str| vec![(name.to_owned(), text.clone())];
    let local = LocalFiles { rules: file("a.toml"), lexicons: file("surnames.txt"), key: Key::read(&text) };
    let _ = Detectors::compile(&file("a.toml"), &file("health.txt"));
    if let Ok(detectors) = Detectors::with_local(&[], &[], &local) {
        let _ = detectors.check();
    }
    let _ = cost::compile(&text);
}
