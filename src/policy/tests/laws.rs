//! Laws of every decision, on generated messages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use super::{Message, shipped};
use crate::model::{ArticleId, Class, Confidence, GapReason, Kind, Mode, ProtectionKind, Verdict};
use crate::policy::conditions::{Conditions, EXAMPLES};
use crate::policy::situation::View;

/// One more fact.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Find(Kind, Confidence),
    Person,
    Gap(GapReason),
    Hidden(ProtectionKind),
    To(Class),
    Shown,
    Forwarded,
}

impl Piece {
    fn add(self, message: Message) -> Message {
        match self {
            Self::Find(kind, confidence) => message.find(kind, confidence),
            Self::Person => message.person(),
            Self::Gap(reason) => message.gap(reason),
            Self::Hidden(kind) => message.hidden(kind),
            Self::To(class) => message.to(class),
            Self::Shown => message.shown("copie@internal.example"),
            Self::Forwarded => message.forwarded(),
        }
    }

    fn is_crisis(self) -> bool {
        matches!(self, Self::Find(Kind::Crisis, _))
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    let confidence = select(vec![Confidence::Low, Confidence::Medium, Confidence::High]);
    prop_oneof![
        4 => (select(Kind::ALL.to_vec()), confidence).prop_map(|(kind, confidence)| Piece::Find(kind, confidence)),
        1 => Just(Piece::Person),
        1 => select(GapReason::ALL.to_vec()).prop_map(Piece::Gap),
        1 => select(ProtectionKind::ALL.to_vec()).prop_map(Piece::Hidden),
        3 => select(Class::ALL.to_vec()).prop_map(Piece::To),
        1 => Just(Piece::Shown),
        1 => Just(Piece::Forwarded),
    ]
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    prop::collection::vec(piece(), 0..12)
}

fn message(pieces: &[Piece]) -> Message {
    pieces.iter().fold(Message::default(), |message, piece| piece.add(message))
}

fn mode() -> impl Strategy<Value = Mode> {
    select(vec![Mode::Observe, Mode::Warn, Mode::Enforce])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn one_more_fact_never_lowers_the_verdict(pieces in pieces(), more in piece()) {
        prop_assume!(!more.is_crisis());
        let policy = shipped();
        let (before, after) = (message(&pieces), more.add(message(&pieces)));
        prop_assert!(after.decided_by(policy).verdict >= before.decided_by(policy).verdict);
    }

    /// DIR 2022 DQEPE 054, 5.3.1: "An emergency or crisis is never held".
    #[test]
    fn a_crisis_is_never_held(pieces in pieces()) {
        let crisis = message(&pieces).found(&[Kind::Crisis]);
        prop_assert_ne!(crisis.decided_by(shipped()).verdict, Verdict::Quarantine);
    }

    #[test]
    fn the_order_of_recipients_does_not_matter(pieces in pieces()) {
        let message = message(&pieces);
        let mut turned = message.clone();
        turned.recipients.reverse();
        prop_assert_eq!(message.decided_by(shipped()).verdict, turned.decided_by(shipped()).verdict);
    }

    #[test]
    fn the_message_gets_the_strictest_verdict_of_its_recipients(pieces in pieces()) {
        let decision = message(&pieces).to(Class::Internal).decided_by(shipped());
        let strictest = decision.per_recipient.iter().map(|recipient| recipient.verdict).max();
        prop_assert_eq!(Some(decision.verdict), strictest);
    }

    #[test]
    fn modes_never_raise(pieces in pieces(), default in mode(), other in mode(), chosen in 0..20_usize) {
        let policy = shipped();
        let id = policy.articles().iter().cycle().nth(chosen).unwrap().id.clone();
        let modes: BTreeMap<ArticleId, Mode> = [(id, other)].into();
        let decision = message(&pieces).decided_by(&policy.clone().with_modes(default, &modes).unwrap());
        prop_assert!(decision.applied <= decision.verdict);
        if default == Mode::Observe && other == Mode::Observe {
            prop_assert_eq!(decision.applied, Verdict::Accept);
        }
    }

    #[test]
    fn every_condition_that_is_met_stays_met(pieces in pieces(), more in piece()) {
        let (before, after) = (message(&pieces), more.add(message(&pieces)));
        let (before, after) = (view(&before), view(&after));
        for (example, conditions) in conditions() {
            prop_assert!(conditions.met(&before).is_err() || conditions.met(&after).is_ok(), "{}", example);
        }
    }
}

fn view(message: &Message) -> View<'_> {
    View::of(message.situation(), &shipped().definitions)
}

/// Every family's example, and the conditions it stands for.
fn conditions() -> &'static [(&'static str, Conditions)] {
    static CONDITIONS: LazyLock<Vec<(&str, Conditions)>> = LazyLock::new(|| {
        EXAMPLES.iter().map(|example| (*example, toml::from_str(example).unwrap())).collect()
    });
    &CONDITIONS
}

/// A condition that nothing meets, or that everything meets, would pass the law above.
#[test]
fn every_condition_has_a_message_that_meets_it_and_one_that_does_not() {
    let full = message(&[
        Piece::Find(Kind::Nam, Confidence::High),
        Piece::Find(Kind::Crisis, Confidence::High),
        Piece::Person,
        Piece::Person,
        Piece::Gap(GapReason::Malformed),
        Piece::Hidden(ProtectionKind::Smime),
        Piece::To(Class::External),
        Piece::To(Class::Internal),
        Piece::Forwarded,
    ]);
    let empty = Message::default();
    for (example, conditions) in conditions() {
        assert!(conditions.met(&view(&full)).is_ok() && conditions.met(&view(&empty)).is_err(), "{example}");
    }
}

#[test]
fn the_guide_shows_every_condition() {
    let guide = include_str!("../../../config/policy/README.md");
    let missing: Vec<_> = EXAMPLES.iter().filter(|example| !guide.contains(**example)).collect();
    assert!(missing.is_empty(), "config/policy/README.md lacks {missing:?}");
}
