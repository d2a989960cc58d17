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
