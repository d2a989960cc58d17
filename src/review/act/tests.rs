use jiff::Timestamp;
use proptest::prelude::*;

use super::{Action, Refusal, act};
use crate::model::CaseState::{
    self, Deleted, Held, Refused, Released, Releasing, Returned, Uncertain, Warned,
};
use crate::model::{Address, CaseId, Disposition, Masked, NoticeKind};
use crate::review::{Actor, Case, Personal, Role};

const ACTIONS: [Action; 9] = [
    Action::Release,
    Action::Return,
    Action::Delete,
    Action::Note,
    Action::Expire,
    Action::Sent,
    Action::Doubt,
    Action::Retry(None),
    Action::GiveUp,
];

fn case(state: CaseState) -> Case {
    Case {
        id: CaseId::from_bits(1),
        state,
        version: 3,
        opened_as: Disposition::Held,
        received_at: Timestamp::UNIX_EPOCH,
        decided_at: None,
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
        }),
    }
}

fn person(role: Role) -> Actor {
    Actor::Person { login: "m.archiviste".to_owned(), role, address: None }
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
    let listed = [
        (Held, Action::Release, Releasing),
        (Held, Action::Return, Returned),
        (Held, Action::Delete, Deleted),
        (Held, Action::Expire, Returned),
        (Releasing, Action::Sent, Released),
        (Releasing, Action::Doubt, Uncertain),
        (Releasing, Action::Retry(None), Releasing),
        (Releasing, Action::GiveUp, Held),
        (Uncertain, Action::Sent, Released),
        (Uncertain, Action::Retry(None), Releasing),
        (Uncertain, Action::GiveUp, Held),
    ];
    for state in CaseState::ALL {
        for action in ACTIONS {
            let listed =
                listed.iter().find(|(from, by, _)| (*from, *by) == (state, action)).map(|(.., to)| *to);
            let expected = if action == Action::Note { Some(state) } else { listed };
            assert_eq!(action.leads(state), expected, "{state:?} {action:?}");
            let someone = [Actor::Service, person(Role::Archivist)];
            let done = someone.iter().any(|actor| act(&case(state), action, actor, reason(), now()).is_ok());
            assert_eq!(done, expected.is_some(), "{state:?} {action:?}");
        }
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
        (Role::Archivist, Releasing, Action::GiveUp, false),
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
    let sender = Actor::Person { login: "z.q".to_owned(), role: Role::Archivist, address: own };
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

proptest! {
    /// Whatever is done in whatever order: a case ends once, tells the sender of its end once, and is never both
    /// released and given back or destroyed.
    #[test]
    fn a_case_ends_once(actions in proptest::collection::vec(0_usize..9, 0..40)) {
        let mut case = case(Held);
        let mut told = 0;
        for action in actions {
            for actor in [Actor::Service, person(Role::Archivist)] {
                let Ok(done) = act(&case, ACTIONS[action], &actor, reason(), now()) else { continue };
                prop_assert_eq!(done.from, case.state);
                prop_assert_eq!(done.version, case.version);
                let ended = matches!(case.state, Released | Returned | Deleted);
                prop_assert!(!ended || done.to == case.state);
                told += usize::from(done.notice.is_some());
                case.state = done.to;
                case.version += 1;
            }
        }
        let ended = matches!(case.state, Released | Returned | Deleted);
        prop_assert_eq!(told, usize::from(ended));
        prop_assert!(!matches!(case.state, Refused | Warned));
    }
}
