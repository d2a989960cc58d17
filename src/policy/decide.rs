//! Joins what all articles say into one decision.

use crate::model::{Decision, Kind, RecipientVerdict, Silent, Spoken, Verdict};

use super::Policy;
use super::situation::{Situation, View};

impl Policy {
    /// Decides on one message: the strictest of all articles that apply.
    pub fn decide(&self, situation: &Situation<'_>) -> Decision {
        let view = View::of(*situation, &self.definitions);
        let mut decision = Decision { confidential: confidential(&view), ..Decision::default() };
        for article in &self.articles {
            match article.weigh(&view, &self.definitions) {
                Ok(spoken) => decision.spoken.push(spoken),
                Err(because) => {
                    let because = because.into_owned();
                    decision.silent.push(Silent { article: article.id.clone(), because });
                }
            }
        }
        decision.verdict = strictest(decision.spoken.iter().map(Spoken::weight));
        decision.applied = strictest(decision.spoken.iter().map(Spoken::applied));
        decision.per_recipient = per_recipient(&decision.spoken, situation.recipients.len());
        decision
    }
}

fn strictest(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.max().unwrap_or_default()
}

fn per_recipient(spoken: &[Spoken], recipients: usize) -> Vec<RecipientVerdict> {
    let alone = |recipient: usize| {
        let speak = spoken.iter().filter(|spoken| spoken.recipients.binary_search(&recipient).is_ok());
        RecipientVerdict { recipient, verdict: strictest(speak.map(Spoken::weight)) }
    };
    (0..recipients).map(alone).collect()
}

fn confidential(view: &View<'_>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = view
        .confidential
        .iter()
        .filter_map(|index| view.finding(*index))
        .map(|finding| finding.kind)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
