//! Release exactly once.

use std::sync::Arc;
use std::time::Duration;

use super::fixture::{
    DAY, MESSAGE, WINDOW, archivist, hold, later, noon, open, record, released_once, take_step,
};
use crate::model::{Address, CaseRecord, CaseState, Disposition, QueueId, Reports, ReportsOf};
use crate::plan::Claim;
use crate::ports::{
    Desk, Intake, Outbox, RELEASE_HEADER, ReleaseCopy, ReleaseOrder, Releases, Retention, Store,
};
use crate::review::{Action, Actor, ReleaseStep};

pub(super) async fn claim(store: &dyn Store, order: &ReleaseOrder, queue_id: &str, seconds: i64) -> Claim {
    let queue_id = QueueId::parse(queue_id).unwrap();
    let token = order.header.split_once(": ").unwrap().1;
    let copy = ReleaseCopy {
        token,
        envelope: &order.envelope,
        content: &order.content,
        queue_id: &queue_id,
        at: later(seconds),
    };
    store.claim_release(copy).await.unwrap()
}

#[tokio::test]
async fn the_copy_is_the_message_and_only_its_first_passage_counts() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    assert_eq!(&*order.content, MESSAGE);
    assert!(order.header.starts_with(&format!("{RELEASE_HEADER}: ")) && order.header.len() < 200);
    assert_eq!(claim(&store, &order, "4A", 1).await, Claim::First(order.case.clone()));
    assert_eq!(claim(&store, &order, "4B", 2).await, Claim::Repeat(order.case.clone()));
    let release = store.case(&order.case).await.unwrap().unwrap().release.unwrap();
    assert_eq!((release.step, release.queue_id), (ReleaseStep::Accepted, QueueId::parse("4A")));
    let done = take_step(&store, &order.case, Action::Sent, &Actor::Service, later(3)).await.unwrap();
    assert_eq!(done.state, CaseState::Released);
    assert_eq!(claim(&store, &order, "4C", 4).await, Claim::Repeat(order.case.clone()));
    assert_eq!(store.arm_release(later(9_999), WINDOW).await.unwrap().map(|order| order.attempt), None);
    let mut kinds = Vec::new();
    while let Some(notice) = store.claim_notice(later(10), WINDOW).await.unwrap() {
        kinds.push(notice.orders[0].kind.name());
    }
    assert_eq!(kinds, ["held", "released"]);
}

/// RFC 6531: what the client asked for with its message is asked for again with its copy, and no more.
#[tokio::test]
async fn a_release_asks_for_smtputf8_when_the_client_did() {
    for smtputf8 in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await;
        let record = CaseRecord { smtputf8, ..record(7, Disposition::Held) };
        let case = hold(&store, &record).await.unwrap().case;
        take_step(&store, &case, Action::Release, &archivist(), noon()).await.unwrap();
        let order = store.arm_release(noon(), WINDOW).await.unwrap().unwrap();
        assert_eq!(order.envelope.smtputf8, smtputf8);
    }
}

/// RFC 3461: a demand to be told of the delivery is part of the mail, and survives its being held.
#[tokio::test]
async fn a_release_asks_for_the_reports_that_the_client_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut record = record(7, Disposition::Held);
    record.reports = Reports::of_mail(Some("FULL"), Some("QQ314159"));
    record.reports.of =
        ReportsOf::of_recipient(&record.recipients[0], Some("SUCCESS,DELAY"), Some("rfc822;b@x.example"))
            .into_iter()
            .collect();
    let case = hold(&store, &record).await.unwrap().case;
    take_step(&store, &case, Action::Release, &archivist(), noon()).await.unwrap();
    let order = store.arm_release(noon(), WINDOW).await.unwrap().unwrap();
    assert_eq!(order.envelope.reports, record.reports);
    assert_eq!(order.envelope.reports.of.len(), 1);
}

/// A machine that sends the same text every hour, without a Message-ID, must lose none of it. A client that sent a Message-ID
/// and did not hear the answer sends the same message: it must not be delivered twice.
#[tokio::test]
async fn the_same_message_after_its_release_is_a_retry_only_by_its_message_id() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    assert_eq!(claim(&store, &order, "4A", 1).await, Claim::First(order.case.clone()));
    let mut record = record(7, Disposition::Held);
    take_step(&store, &order.case, Action::Sent, &Actor::Service, later(3)).await.unwrap();
    let retry = hold(&store, &record).await.unwrap();
    assert_eq!((retry.repeated, retry.case), (true, order.case.clone()));
    record.message_id = None;
    let after = hold(&store, &record).await.unwrap();
    assert!(!after.repeated && after.case != order.case);
}

/// A copy whose header was lost on the way comes as any other mail: taken for a retry of the message it is, it would be gone.
#[tokio::test]
async fn while_a_release_is_on_its_way_the_same_message_is_another_case() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    let record = record(7, Disposition::Held);
    let first = hold(&store, &record).await.unwrap();
    assert!(!first.repeated && first.case != order.case, "releasing");
    assert!(hold(&store, &record).await.unwrap().repeated, "a retry of the second");
    take_step(&store, &order.case, Action::Doubt(None), &Actor::Service, later(3)).await.unwrap();
    take_step(&store, &first.case, Action::Return, &archivist(), later(4)).await.unwrap();
    let second = hold(&store, &record).await.unwrap();
    assert!(!second.repeated && second.case != order.case, "uncertain");
}

/// postconf(5), local_header_rewrite_clients.
#[tokio::test]
async fn a_copy_whose_addresses_the_mta_completed_is_the_copy() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut order = released_once(&store, noon()).await;
    order.content.0 =
        [b"Resent-Message-Id: <1@mta.example>\r\nErrors-To: a@mta.example\r\n", &*order.content].concat();
    assert_eq!(claim(&store, &order, "4A", 1).await, Claim::First(order.case.clone()));
}

#[tokio::test]
async fn a_token_opens_one_message_for_its_recipients_for_ten_minutes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    let mut other = order.clone();
    other.content.0.extend_from_slice(b"more\r\n");
    let altered = Claim::Altered(order.case.clone());
    assert_eq!(claim(&store, &other, "4A", 1).await, altered, "another body");
    let mut other = order.clone();
    other.envelope.recipients.push(Address::parse("spy@x.example").unwrap());
    assert_eq!(claim(&store, &other, "4A", 1).await, altered, "one more recipient");
    let mut other = order.clone();
    other.envelope.sender = None;
    assert_eq!(claim(&store, &other, "4A", 1).await, altered, "another sender");
    assert_eq!(claim(&store, &order, "4A", 601).await, Claim::Stale(order.case.clone()), "too old");
    assert_eq!(claim(&store, &order, "4A", 599).await, Claim::First(order.case.clone()));
}

#[tokio::test]
async fn garbage_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    let real = order.header.split_once(": ").unwrap().1;
    let altered = || Claim::Altered(order.case.clone());
    let table = [
        ("", Claim::Foreign),
        (".", Claim::Foreign),
        ("...", Claim::Foreign),
        ("a.1.2.zz", Claim::Foreign),
        ("yes", Claim::Foreign),
        ("\u{e9}.1.1.00", Claim::Foreign),
        (&format!("{real}.1"), Claim::Foreign),
        (&real.replacen(".1.", ".2.", 1), altered()),
        (&real[..real.len() - 2], altered()),
    ];
    let queue_id = QueueId::parse("4A").unwrap();
    for (token, expected) in table {
        let copy = ReleaseCopy {
            token,
            envelope: &order.envelope,
            content: &order.content,
            queue_id: &queue_id,
            at: noon(),
        };
        assert_eq!(store.claim_release(copy).await.unwrap(), expected, "{token}");
    }
}

/// "no queue id stored means the milter never accepted, safe to retry".
#[tokio::test]
async fn a_copy_that_comes_after_the_next_try_began_is_void() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = released_once(&store, noon()).await;
    assert!(store.arm_release(later(1), WINDOW).await.unwrap().is_none(), "its lease runs");
    let second = store.arm_release(later(3_601), WINDOW).await.unwrap().unwrap();
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_eq!(claim(&store, &first, "4A", 2).await, Claim::Stale(first.case.clone()));
    assert_eq!(claim(&store, &second, "4B", 3_602).await, Claim::First(first.case.clone()));
}

/// Nothing but a person ends a doubt that queue and log do not settle.
#[tokio::test]
async fn a_doubt_that_lasts_is_overdue() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    assert_eq!(store.overdue(later(99 * DAY)).await.unwrap().waiting, 0);
    take_step(&store, &order.case, Action::Doubt(None), &Actor::Service, later(2)).await.unwrap();
    assert_eq!(store.overdue(later(99 * DAY)).await.unwrap().waiting, 1);
}

#[tokio::test]
async fn retrying_a_lost_copy_voids_its_token_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = released_once(&store, noon()).await;
    let _ = claim(&store, &first, "4A", 1).await;
    take_step(&store, &first.case, Action::Doubt(None), &Actor::Service, later(2)).await.unwrap();
    assert_eq!(store.unsettled(later(2)).await.unwrap().len(), 1);
    take_step(&store, &first.case, Action::Retry(None), &Actor::Service, later(70)).await.unwrap();
    assert_eq!(claim(&store, &first, "4C", 71).await, Claim::Stale(first.case.clone()));
    let second = store.arm_release(later(72), WINDOW).await.unwrap().unwrap();
    assert_eq!(claim(&store, &second, "4D", 73).await, Claim::First(first.case.clone()));
}

/// A claim between a look and a decision must not be overlooked: else a queued copy would be sent again.
#[tokio::test]
async fn a_claim_makes_an_older_view_of_the_case_void() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let order = released_once(&store, noon()).await;
    let seen = store.case(&order.case).await.unwrap().unwrap();
    let _ = claim(&store, &order, "4A", 1).await;
    let retry = crate::review::act(&seen, Action::Retry(None), &Actor::Service, None, later(2)).unwrap();
    assert!(matches!(store.apply(&retry).await, Err(crate::ports::StoreError::Conflict(_))));
}

#[tokio::test]
async fn given_up_it_is_held_again_and_may_be_released_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = released_once(&store, noon()).await;
    let held = take_step(&store, &first.case, Action::GiveUp, &Actor::Service, later(1)).await.unwrap();
    assert_eq!((held.state, held.decided_at, held.release), (CaseState::Held, None, None));
    assert_eq!(claim(&store, &first, "4A", 2).await, Claim::Stale(first.case.clone()));
    take_step(&store, &first.case, Action::Release, &archivist(), later(3)).await.unwrap();
    assert!(store.arm_release(later(4), WINDOW).await.unwrap().is_some());
}

/// "100 concurrent clicks on one case = 1 delivery".
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_releases_at_once_one_counts_and_of_a_hundred_copies_one_passes() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(open(dir.path()).await);
    let case = hold(store.as_ref(), &record(1, Disposition::Held)).await.unwrap().case;
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (store, case) = (Arc::clone(&store), case.clone());
        clicks.spawn(async move {
            take_step(store.as_ref(), &case, Action::Release, &archivist(), noon()).await.is_ok()
        });
    }
    let counted = clicks.join_all().await.into_iter().filter(|counted| *counted).count();
    assert_eq!(counted, 1);
    let order = Arc::new(store.arm_release(noon(), Duration::from_secs(60)).await.unwrap().unwrap());
    assert!(store.arm_release(noon(), WINDOW).await.unwrap().is_none());
    let mut copies = tokio::task::JoinSet::new();
    for copy in 0..100 {
        let (store, order) = (Arc::clone(&store), Arc::clone(&order));
        copies.spawn(async move { claim(store.as_ref(), &order, &format!("4A{copy}"), 1).await });
    }
    let claims = copies.join_all().await;
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::First(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Repeat(_))).count(), 99);
}

#[tokio::test]
async fn a_damaged_message_stops_no_other_release() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    super::super::damage(&store, dir.path()).await;
    let second = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    for case in [&first, &second] {
        take_step(&store, case, Action::Release, &archivist(), noon()).await.unwrap();
    }
    let mut released = Vec::new();
    let mut damaged = 0;
    for _ in 0..4 {
        match store.arm_release(later(1), WINDOW).await {
            Ok(Some(order)) => released.push(order.case),
            Ok(None) => {}
            Err(crate::ports::StoreError::Damaged(_)) => damaged += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((released, damaged), (vec![second], 1));
}
