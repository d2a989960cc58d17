//! A clock that ran ahead and was set right: nothing is swallowed, nothing waits for the time that it showed.

use super::fixture::{
    DAY, HOUR, WINDOW, archivist, hold, later, noon, open, order, post_all, record, take_step,
};
use super::releasing::claim;
use crate::model::{CaseRecord, Disposition, NoticeKind};
use crate::plan::Claim;
use crate::ports::{Accounts, Batch, Intake, Outbox, Posted, Releases};
use crate::review::Action;

/// A message that comes a day after its like is another one, whatever the clock said when the first one came.
#[tokio::test]
async fn a_message_is_no_retry_of_one_that_came_later() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for message_id in [None, record(1, Disposition::Held).message_id] {
        let at = |seconds| CaseRecord {
            received_at: later(seconds),
            message_id: message_id.clone(),
            ..record(u64::from(message_id.is_some()), Disposition::Held)
        };
        let ahead = hold(&store, &at(30 * DAY)).await.unwrap();
        let right = hold(&store, &at(0)).await.unwrap();
        assert!(!right.repeated && right.case != ahead.case);
        assert!(hold(&store, &at(-30)).await.unwrap().repeated, "two machines differ by seconds");
    }
}

#[tokio::test]
async fn a_release_of_a_clock_that_ran_ahead_leaves_at_the_right_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Release, &archivist(), later(30 * DAY)).await.unwrap();
    let ahead = store.arm_release(later(30 * DAY + 1), WINDOW).await.unwrap().unwrap();
    let right = store.arm_release(noon(), WINDOW).await.unwrap().expect("nobody works on it for 30 days");
    assert_eq!(claim(&store, &ahead, "4A", 1).await, Claim::Stale(case.clone()));
    assert_eq!(claim(&store, &right, "4B", 2).await, Claim::First(case));
}

#[tokio::test]
async fn a_notice_of_a_clock_that_ran_ahead_leaves_at_the_right_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let warn = async |seed, at: i64| {
        let warned = CaseRecord { received_at: later(at), ..record(seed, Disposition::Warned) };
        let notices = [order(&warned, NoticeKind::Warned)];
        let _ = store.commit(Batch { case: &warned, content: None, notices: &notices }).await.unwrap();
    };
    warn(1, 30 * DAY).await;
    let put_off = store.claim_notice(later(30 * DAY), WINDOW).await.unwrap().unwrap();
    store.settle_notice(&put_off.id, Posted::Again(later(30 * DAY + HOUR)), later(30 * DAY)).await.unwrap();
    warn(2, 30 * DAY + 1).await;
    assert!(post_all(&store, noon()).await > 0, "those of the wrong time");
    warn(3, 1).await;
    assert_eq!(post_all(&store, later(HOUR)).await, 1, "one that comes waits a window at most");
}

/// Whoever signed in while the clock was ahead comes back once it is right, and at once with a new key.
#[tokio::test]
async fn a_code_of_a_clock_that_ran_ahead_locks_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let (account, secrets) = (super::accounts::person("mtremblay"), super::accounts::secrets());
    store.open_account(&account, &secrets, super::accounts::BY()).await.unwrap();
    assert!(store.use_step("mtremblay", 5_000).await.unwrap());
    for (step, taken) in
        [(4_999, false), (4_998, false), (1_000, true), (1_000, false), (999, false), (1_001, true)]
    {
        assert_eq!(store.use_step("mtremblay", step).await.unwrap(), taken, "{step}");
    }
    store.renew_secrets("mtremblay", &secrets, super::accounts::BY()).await.unwrap();
    assert_eq!(store.credentials("mtremblay").await.unwrap().unwrap().totp_step, 0);
}
