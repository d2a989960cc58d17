//! Word lists that say a thing twice, or two things.

use std::collections::{BTreeMap, HashMap};

use super::{Remark, Topic};
use crate::detect::lexicon::{Entry, entries, list_of};
use crate::detect::names;
use crate::model::{Fault, Faults};

/// Lists of which one must not hold a term of the other: one speaks for a patient, the other against.
const OPPOSED: [(&str, &str); 5] = [
    ("patient-before", "contact-before"),
    ("patient-after", "contact-after"),
    ("patient-verbs", "staff-verbs"),
    ("patient-columns", "staff-columns"),
    ("file-words", "file-other"),
];

/// The word lists as texts: those that ship, then those of `local.d`.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Shipped lists, as (file name, text).
    pub shipped: &'a [(String, String)],
    /// The establishment's, as (file name, text).
    pub local: &'a [(String, String)],
}

/// A term with its place.
struct Term<'a> {
    entry: Entry,
    file: &'a str,
    local: bool,
}

/// Looks for terms that stand twice, that a shipped list has already, that take out what is not there, that stand in two lists
/// that contradict each other, and for lists that nobody reads.
#[must_use]
pub fn lists(sources: Sources<'_>) -> Vec<Remark> {
    let mut by_list: BTreeMap<&str, Vec<Term<'_>>> = BTreeMap::new();
    let mut remarks = Vec::new();
    let all =
        sources.shipped.iter().map(|file| (file, false)).chain(sources.local.iter().map(|file| (file, true)));
    for ((file, text), local) in all {
        let list = list_of(file);
        if names::tags_of(list).is_none() {
            let fault = Fault::whole(file, "no rule reads this list", "remove it");
            remarks.push(Remark { topic: Topic::Unused, fault, local });
        }
        // Its faults stopped the loading; here there are none.
        let read = entries(file, text, local, &mut Faults::default());
        by_list.entry(list).or_default().extend(read.into_iter().map(|entry| Term { entry, file, local }));
    }
    for terms in by_list.values() {
        remarks.extend(within(terms));
    }
    for (one, other) in OPPOSED {
        if let (Some(one), Some(other)) = (by_list.get(one), by_list.get(other)) {
            remarks.extend(across(one, other));
        }
    }
    remarks
}

fn remark(term: &Term<'_>, topic: Topic, what: String, remedy: &str) -> Remark {
    let fault = Fault::on_line(term.file, term.entry.line, 1, what, remedy);
    Remark { topic, fault, local: term.local }
}

/// Terms of one list that stand twice, and removals without effect.
fn within(terms: &[Term<'_>]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut known: HashMap<&str, &Term<'_>> = HashMap::new();
    for term in terms.iter().filter(|term| !term.entry.removes) {
        let Some(other) = known.insert(&term.entry.term, term) else { continue };
        let place = format!("{}:{}", other.file, other.entry.line);
        if other.entry.tag != term.entry.tag {
            if !term.local {
                let what = format!("`{}` has another tag at {place}; this one counts", term.entry.term);
                remarks.push(remark(term, Topic::Contradiction, what, "keep one"));
            }
        } else if term.local && !other.local {
            let what = format!("`{}` ships already, at {place}", term.entry.term);
            remarks.push(remark(term, Topic::Duplicate, what, "remove the line"));
        } else {
            let what =
                format!("`{}` stands at {place} already, once accents and case are folded", term.entry.term);
            remarks.push(remark(term, Topic::Duplicate, what, "remove one"));
        }
    }
    for term in terms.iter().filter(|term| term.entry.removes) {
        match known.get(term.entry.term.as_str()) {
            None => {
                let what = format!("`{}` is taken out of a list that does not hold it", term.entry.term);
                remarks.push(remark(term, Topic::Unused, what, "remove the line"));
            }
            Some(other) if other.local => {
                let what = format!(
                    "`{}` is added at {}:{} and taken out here",
                    term.entry.term, other.file, other.entry.line
                );
                remarks.push(remark(term, Topic::Contradiction, what, "keep one of the two lines"));
            }
            Some(_) => {}
        }
    }
    remarks
}

/// Terms that two opposed lists hold.
fn across(one: &[Term<'_>], other: &[Term<'_>]) -> Vec<Remark> {
    let known: HashMap<&str, &Term<'_>> = held(one).map(|term| (term.entry.term.as_str(), term)).collect();
    let twice = held(other).filter_map(|term| Some((term, known.get(term.entry.term.as_str())?)));
    twice
        .map(|(term, opposed)| {
            let (here, there) =
                if opposed.local && !term.local { (*opposed, term) } else { (term, *opposed) };
            let what =
                format!("`{}` speaks the other way in {}:{}", here.entry.term, there.file, there.entry.line);
            remark(
                here,
                Topic::Contradiction,
                what,
                "keep it in one list; a line `-term` in local.d takes it out of the other",
            )
        })
        .collect()
}

/// The terms that a list holds in the end.
fn held<'a, 't>(terms: &'a [Term<'t>]) -> impl Iterator<Item = &'a Term<'t>> {
    let removed: Vec<&str> =
        terms.iter().filter(|term| term.entry.removes).map(|term| term.entry.term.as_str()).collect();
    terms.iter().filter(move |term| !term.entry.removes && !removed.contains(&term.entry.term.as_str()))
}
