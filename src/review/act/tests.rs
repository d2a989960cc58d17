use jiff::Timestamp;
use proptest::prelude::*;

use super::{GRACE, LEASE, Refusal, act};
use crate::model::CaseState::{
    self, Deleted, Held, Justified, Purged, Refused, Released, Releasing, Returned, Taken, ToApprove,
    Uncertain, Warned,
};
use crate::model::{Address, CaseId, Disposition, Masked, NoticeKind, QueueId, Reports};
use crate::review::{
    Action, Actor, Case, Change, Lease, LegalHold, Personal, Proposal, Release, ReleaseStep, Role,
    SenderSays, SenderWord, hold_legally,
};

fn case(state: CaseState) -> Case {
    Case {
        id: CaseId::from_bits(1),
        state,
        version: 3,
        opened_as: Disposition::Held,
        received_at: Timestamp::UNIX_EPOCH,
        decided_at: Some(now()),
        outcome: None,
        severity: 2,
        two_persons: false,
        lease: None,
        proposal: None,
        sender_word: None,
        judged: false,
        legal_hold: None,
        incident: false,
        findings: Vec::new(),
        repeats: 0,
        size: 10,
        sender_domain: "cisss.example".to_owned(),
        recipients: 1,
        domains: vec!["x.example".to_owned()],
        articles: Vec::new(),
        article_ids: Vec::new(),
        found: Vec::new(),
        gaps: Vec::new(),
        kept: true,
        release: None,
        personal: Some(Personal {
            sender: Address::parse("z.q@cisss.example").ok(),
            recipients: vec![Address::parse("b@x.example").unwrap()],
            message_id: None,
            smtputf8: false,
            reports: Reports::default(),
        }),
    }
}

fn person(role: Role) -> Actor {
    Actor::person("m.archiviste", role)
}

fn sender() -> Actor {
    Actor::Sender { address: Address::parse("Z.Q@cisss.example").unwrap() }
}

fn legal_hold() -> LegalHold {
    LegalHold {
        number: "2026-17".to_owned(),
        author: "c.conformite".to_owned(),
        reason: None,
        review_on: jiff::civil::date(2027, 1, 15),
    }
}

fn reason() -> Option<Masked> {
    Some(Masked::new("motif"))
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// The whole table: what is not listed here is not possible.
#[test]
fn each_action_leads_where_it_may_and_nowhere_else() {
    let listed: &[(&[CaseState], &[Action], CaseState)] = &[
        (&[Held, Justified, Taken], &[Action::Take], Taken),
        (&[Taken], &[Action::PutBack], Held),
        (&[Held, Justified, Taken], &[Action::Release, Action::ReleaseEncrypted], Releasing),
        (&[ToApprove], &[Action::Approve], Releasing),
        (&[ToApprove], &[Action::Decline], Held),
        (&[Held, Justified, Taken, ToApprove], &[Action::Return, Action::Withdraw, Action::Expire], Returned),
        (&[Held, Justified, Taken, ToApprove], &[Action::Delete], Deleted),
        (&[Deleted], &[Action::Restore], Held),
        (&[Held], &[Action::Justify, Action::ClaimFalseAlarm, Action::AskEncryption], Justified),
        (&[Taken], &[Action::Justify, Action::ClaimFalseAlarm, Action::AskEncryption], Taken),
        (&[Refused], &[Action::ClaimFalseAlarm], Refused),
        (&[Warned], &[Action::ClaimFalseAlarm], Warned),
        (&[Releasing, Uncertain], &[Action::Sent], Released),
        (&[Releasing], &[Action::Doubt(None)], Uncertain),
        (&[Releasing, Uncertain], &[Action::Retry(None)], Releasing),
        (&[Releasing, Uncertain], &[Action::GiveUp], Held),
    ];
    for state in CaseState::ALL {
        for action in Action::ALL {
            let row = listed.iter().find(|(from, by, _)| from.contains(&state) && by.contains(&action));
            let expected = match action {
                Action::Note => Some(state),
                Action::LiftHold => (state != Purged).then_some(state),
                _ => row.map(|(.., to)| *to),
            };
            assert_eq!(action.leads(state), expected, "{state:?} {action:?}");
            let mut case = case(state);
            case.legal_hold = (action == Action::LiftHold).then(legal_hold);
            let roles = Role::ALL.map(person);
            let someone = [Actor::Service, sender()].into_iter().chain(roles);
            let done = someone.filter(|actor| act(&case, action, actor, reason(), now()).is_ok()).count();
            assert_eq!(done > 0, expected.is_some(), "{state:?} {action:?}");
        }
    }
}

/// Once our milter let the copy in, only what queue and log tell of it counts, or a person in doubt.
#[test]
fn a_release_is_taken_back_until_our_milter_saw_it() {
    for (state, queue_id, may) in
        [(Releasing, None, true), (Releasing, Some("4A"), false), (Uncertain, Some("4A"), true)]
    {
        let mut case = case(state);
        case.release = Some(Release {
            attempt: 3,
            step: ReleaseStep::Prepared,
            armed_at: now(),
            queue_id: queue_id.and_then(QueueId::parse),
            answer: None,
            reason: None,
            encrypted: false,
        });
        let done = act(&case, Action::GiveUp, &person(Role::Archivist), reason(), now());
        assert_eq!(done.is_ok(), may, "{state:?} {queue_id:?}");
    }
}

/// release, return and delete are the archivist's; the mail administrator and the auditor decide nothing.
#[test]
fn each_role_does_what_it_may() {
    let table = [
        (Role::Archivist, Held, Action::Release, true),
        (Role::Archivist, Held, Action::Return, true),
        (Role::Archivist, Held, Action::Delete, true),
        (Role::Archivist, Uncertain, Action::Sent, true),
        (Role::Archivist, Uncertain, Action::Retry(None), true),
        (Role::Archivist, Releasing, Action::Sent, false),
        (Role::Archivist, Releasing, Action::Retry(None), false),
        (Role::Archivist, Held, Action::Expire, false),
        (Role::Archivist, Releasing, Action::GiveUp, true),
        (Role::Archivist, Uncertain, Action::GiveUp, true),
        (Role::Compliance, Uncertain, Action::GiveUp, false),
        (Role::Compliance, Held, Action::Note, true),
        (Role::Compliance, Held, Action::Release, false),
        (Role::Auditor, Held, Action::Note, false),
        (Role::Auditor, Held, Action::Release, false),
        (Role::Admin, Held, Action::Note, false),
        (Role::Admin, Held, Action::Release, false),
        (Role::Admin, Held, Action::Delete, false),
    ];
    for (role, state, action, may) in table {
        let done = act(&case(state), action, &person(role), reason(), now());
        assert_eq!(done.is_ok(), may, "{role:?} {state:?} {action:?}");
    }
    for action in [Action::Release, Action::Return, Action::Delete, Action::Note] {
        assert_eq!(act(&case(Held), action, &Actor::Service, reason(), now()), Err(Refusal::Right));
    }
}

#[test]
fn a_person_says_why_and_does_not_decide_on_their_own_message() {
    for empty in [None, Some(Masked::new(" \n"))] {
        let done = act(&case(Held), Action::Return, &person(Role::Archivist), empty, now());
        assert_eq!(done, Err(Refusal::NoReason));
    }
    let own = Address::parse("Z.Q@CISSS.example").ok();
    let mut sender = Actor::person("z.q", Role::Archivist);
    if let Actor::Person { address, .. } = &mut sender {
        *address = own;
    }
    assert_eq!(act(&case(Held), Action::Release, &sender, reason(), now()), Err(Refusal::OwnMessage));
}

#[test]
fn the_sender_hears_of_what_ends_the_case_and_of_nothing_else() {
    let table = [
        (Held, Action::Return, Some(NoticeKind::Returned), true),
        (Held, Action::Delete, Some(NoticeKind::Deleted), true),
        (Held, Action::Release, None, false),
        (Held, Action::Note, None, false),
        (Uncertain, Action::Sent, Some(NoticeKind::Released), false),
    ];
    for (state, action, kind, told) in table {
        let done = act(&case(state), action, &person(Role::Archivist), reason(), now()).unwrap();
        assert_eq!(done.notice.as_ref().map(|notice| notice.kind), kind, "{action:?}");
        assert_eq!(done.notice.is_some_and(|notice| notice.reason.is_some()), told, "{action:?}");
    }
    let expired = act(&case(Held), Action::Expire, &Actor::Service, None, now()).unwrap();
    assert_eq!(expired.notice.unwrap().deadline, Some(now()));
}

#[test]
fn a_release_needs_a_copy_and_the_key() {
    let mut bare = case(Held);
    bare.kept = false;
    let done = act(&bare, Action::Release, &person(Role::Archivist), reason(), now());
    assert_eq!(done, Err(Refusal::NoCopy));
    let mut sealed = case(Held);
    sealed.personal = None;
    let done = act(&sealed, Action::Return, &person(Role::Archivist), reason(), now());
    assert_eq!(done, Err(Refusal::NoKey));
}

#[test]
fn who_has_a_case_in_hand_decides_it_until_the_lease_ends() {
    let other = Actor::person("n.archiviste", Role::Archivist);
    let mut taken = case(Taken);
    taken.lease = Some(Lease { holder: "m.archiviste".to_owned(), until: now() + LEASE });
    let in_hands = Err(Refusal::InHands("m.archiviste".to_owned()));
    assert_eq!(act(&taken, Action::Return, &other, reason(), now()), in_hands);
    assert_eq!(act(&taken, Action::Take, &other, None, now()), in_hands);
    let stolen = act(&taken, Action::Take, &other, reason(), now()).unwrap();
    let lease = Lease { holder: "n.archiviste".to_owned(), until: now() + LEASE };
    assert_eq!(stolen.changes, [Change::Lease(lease)]);
    assert!(act(&taken, Action::Note, &other, reason(), now()).is_ok());
    assert!(act(&taken, Action::Return, &person(Role::Archivist), reason(), now()).is_ok());
    assert!(act(&taken, Action::Expire, &Actor::Service, None, now()).is_err());
    let over = now() + LEASE;
    assert!(act(&taken, Action::Return, &other, reason(), over).is_ok());
    assert!(act(&taken, Action::Take, &other, None, over).is_ok());
    assert!(act(&taken, Action::Expire, &Actor::Service, None, over).is_ok());
}

/// "second person ≠ first, ≠ sender".
#[test]
fn a_release_of_two_persons_is_proposed_by_one_and_approved_by_another() {
    let mut grave = case(Held);
    grave.two_persons = true;
    let proposed = act(&grave, Action::ReleaseEncrypted, &person(Role::Archivist), reason(), now()).unwrap();
    assert_eq!((proposed.to, proposed.what), (ToApprove, "propose"));
    let Change::Propose(proposal) = &proposed.changes[0] else { panic!("{:?}", proposed.changes) };
    let mut waiting = case(ToApprove);
    waiting.two_persons = true;
    waiting.proposal = Some(Proposal { at: now(), ..proposal.clone() });
    let approve = |actor: &Actor| act(&waiting, Action::Approve, actor, Some(Masked::new("vu")), now());
    assert_eq!(approve(&person(Role::Archivist)), Err(Refusal::SamePerson));
    assert_eq!(approve(&Actor::person("g", Role::Compliance)), Err(Refusal::Right));
    let own = Address::parse("z.q@cisss.example").ok();
    let mut second = Actor::person("g.gestionnaire", Role::Approver);
    let done = approve(&second).unwrap();
    assert_eq!(done.to, Releasing);
    let Change::Intend(intent) = &done.changes[0] else { panic!("{:?}", done.changes) };
    assert!(intent.encrypted, "as it was proposed");
    assert_eq!(
        intent.reason.as_ref().map(Masked::reveal),
        Some("motif"),
        "the sender reads the first reason"
    );
    if let Actor::Person { address, .. } = &mut second {
        *address = own;
    }
    assert_eq!(approve(&second), Err(Refusal::OwnMessage));
}

#[test]
fn a_reviewer_works_on_the_departments_that_are_theirs() {
    let of = |department: &str| Actor::Person {
        login: "m".to_owned(),
        role: Role::Archivist,
        address: None,
        departments: vec![department.to_owned()],
    };
    assert!(act(&case(Held), Action::Return, &of("cisss.example"), reason(), now()).is_ok());
    let other = act(&case(Held), Action::Return, &of("chu.example"), reason(), now());
    assert_eq!(other, Err(Refusal::Department));
}

#[test]
fn a_legal_hold_is_set_by_compliance_and_forbids_destruction_until_it_is_lifted() {
    let set = |role, state, number: &str| {
        let on = jiff::civil::date(2027, 1, 15);
        hold_legally(&case(state), number, on, &person(role), &Masked::new("litige"), now())
    };
    for role in [Role::Archivist, Role::Approver, Role::Admin, Role::Auditor] {
        assert_eq!(set(role, Held, "2026-17"), Err(Refusal::Right));
    }
    assert_eq!(set(Role::Compliance, Held, " "), Err(Refusal::NoReason));
    assert_eq!(set(Role::Compliance, Purged, "1"), Err(Refusal::State(Purged)));
    let done = set(Role::Compliance, Returned, "2026-17").unwrap();
    assert_eq!((done.from, done.to, done.what), (Returned, Returned, "legal-hold"));
    let mut kept = case(Held);
    kept.legal_hold = Some(legal_hold());
    assert_eq!(
        act(&kept, Action::Delete, &person(Role::Archivist), reason(), now()),
        Err(Refusal::LegalHold)
    );
    assert_eq!(act(&kept, Action::Expire, &Actor::Service, None, now()), Err(Refusal::LegalHold));
    assert!(act(&kept, Action::Release, &person(Role::Archivist), reason(), now()).is_ok());
    assert!(act(&kept, Action::LiftHold, &person(Role::Compliance), reason(), now()).is_ok());
    let none = act(&case(Held), Action::LiftHold, &person(Role::Compliance), reason(), now());
    assert_eq!(none, Err(Refusal::NoLegalHold));
}

#[test]
fn a_deletion_can_be_taken_back_within_72_hours() {
    let restore = |at| act(&case(Deleted), Action::Restore, &person(Role::Archivist), reason(), at);
    assert_eq!(restore(now() + GRACE).unwrap().to, Held);
    let late = now() + GRACE + jiff::SignedDuration::from_secs(1);
    assert_eq!(restore(late), Err(Refusal::TooLate));
    let mut gone = case(Deleted);
    gone.kept = false;
    let done = act(&gone, Action::Restore, &person(Role::Archivist), reason(), now());
    assert_eq!(done, Err(Refusal::NoCopy));
}

#[test]
fn the_sender_answers_once_and_on_their_own_message() {
    let stranger = Actor::Sender { address: Address::parse("x@cisss.example").unwrap() };
    let claim = |case: &Case, actor: &Actor| act(case, Action::ClaimFalseAlarm, actor, None, now());
    assert_eq!(claim(&case(Held), &stranger), Err(Refusal::NotTheSender));
    let done = claim(&case(Held), &sender()).unwrap();
    let word = SenderWord { says: SenderSays::FalseAlarm, at: now(), text: None };
    assert_eq!((done.to, done.changes), (Justified, vec![Change::Word(word.clone())]));
    assert_eq!(act(&case(Held), Action::Justify, &sender(), None, now()), Err(Refusal::NoReason));
    let mut said = case(Taken);
    said.sender_word = Some(word);
    assert_eq!(claim(&said, &sender()), Err(Refusal::AlreadySaid));
    let back = act(&said, Action::PutBack, &person(Role::Archivist), None, now()).unwrap();
    assert_eq!(back.to, Justified, "the word stays");
    assert_eq!(act(&said, Action::Withdraw, &sender(), None, now()).unwrap().to, Returned);
    assert_eq!(act(&case(Held), Action::Release, &sender(), reason(), now()), Err(Refusal::Right));
}

proptest! {
    /// Whatever is done in whatever order: a case ends once, tells the sender of its end once, and is never both
    /// released and given back or destroyed. (A deletion that is taken back is another story, told above.)
    #[test]
    fn a_case_ends_once(actions in proptest::collection::vec(0_usize..20, 0..60)) {
        let mut case = case(Held);
        let mut told = 0;
        let actors = [Actor::Service, sender(), person(Role::Archivist), Actor::person("g", Role::Approver)];
        for action in actions {
            if Action::ALL[action] == Action::Restore {
                continue;
            }
            for actor in &actors {
                let Ok(done) = act(&case, Action::ALL[action], actor, reason(), now()) else { continue };
                prop_assert_eq!(done.from, case.state);
                prop_assert_eq!(done.version, case.version);
                let ended = case.state.ends();
                prop_assert!(!ended || done.to == case.state);
                told += usize::from(done.notice.is_some());
                case.state = done.to;
                case.version += 1;
            }
        }
        prop_assert_eq!(told, usize::from(case.state.ends()));
        prop_assert!(!matches!(case.state, Refused | Warned | Purged));
    }
}
