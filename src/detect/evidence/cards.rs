//! Payment cards that stand in a list: one with neither label nor expiry is believed beside another.

use super::{between, has};
use crate::detect::candidate::Candidate;
use crate::detect::prepared::Prepared;
use crate::model::Kind;

/// A second card right beside one: two numbers with the prefix of an issuer and its check digit.
const SECOND_CARD: f32 = 4.0;
/// Most bytes between them.
const JOINT: usize = 12;

/// Numbers of payment cards in groups of four, one right after the other, are a list of cards.
pub fn listed(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    let mut before: Option<usize> = None;
    for index in 0..candidates.len() {
        let Some(this) = candidates.get(index).filter(|this| is_grouped_card(this)) else { continue };
        let follows = |other: &Candidate| {
            other.block == this.block
                && other.value != this.value
                && prepared.text(this.block).get(between(&other.span, &this.span)).is_some_and(is_joint)
        };
        let other = before.replace(index);
        if let Some(other) = other.filter(|other| candidates.get(*other).is_some_and(follows)) {
            for index in [other, index] {
                if let Some(card) = candidates.get_mut(index) {
                    card.add_once("another card beside it", SECOND_CARD);
                }
            }
        }
    }
}

fn is_grouped_card(candidate: &Candidate) -> bool {
    candidate.kind == Some(Kind::PaymentCard) && has(candidate, "grouped") && candidate.bits() >= 0.0
}

/// Whether a text only joins what stands on either side of it.
fn is_joint(text: &str) -> bool {
    let bare = text.trim_matches(|mark: char| mark.is_ascii_whitespace() || ",;-*&/.".contains(mark));
    text.len() <= JOINT && matches!(bare, "" | "et" | "and" | "ou" | "or")
}
