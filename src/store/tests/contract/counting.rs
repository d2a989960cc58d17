//! Daily counts, and what reviewers say of rules.

use jiff::civil::date;

use super::fixture::{DAY, archivist, hold, later, noon, open, record, take_step};
use crate::model::Disposition;
use crate::ports::{Counts, FindingMark, Measure, Period, StoreError};
use crate::review::{Action, Actor, Role};

const NOVEMBER: Period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };

#[tokio::test]
async fn what_happened_is_counted_once_by_day_and_told_by_month() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for seed in 1..=3 {
        let case = hold(&store, &record(seed, Disposition::Held)).await.unwrap().case;
        let _ = hold(&store, &record(seed, Disposition::Held)).await.unwrap();
        let action = if seed == 3 { Action::Delete } else { Action::Return };
        take_step(&store, &case, action, &archivist(), later(40 * 60)).await.unwrap();
        if seed == 3 {
            take_step(&store, &case, Action::Restore, &archivist(), later(41 * 60)).await.unwrap();
        }
    }
    let counted = store.counted(NOVEMBER).await.unwrap();
    let count = |measure: Measure, label: &str| {
        let found = counted.iter().filter(|it| it.measure == measure && it.label == label);
        found.map(|it| it.count).sum::<u64>()
    };
    assert_eq!(count(Measure::Opened, "held"), 3, "a repeat is no new case");
    assert_eq!(count(Measure::Article, "054-5.7-nom"), 3);
    assert_eq!(count(Measure::Rule, "nam"), 3);
    assert_eq!((count(Measure::Decided, "returned"), count(Measure::Decided, "deleted")), (2, 0));
    assert_eq!(count(Measure::Waited, "60"), 3);
    assert!(counted.iter().all(|it| it.department == "cisss.example" && it.month == date(2026, 11, 1)));
    let days = Period { from: date(2026, 11, 1), to: date(2026, 11, 29) };
    assert_eq!(store.counted(days).await.unwrap(), counted, "by day and by month the same");
    let december = Period { from: date(2026, 12, 1), to: date(2026, 12, 31) };
    assert!(store.counted(december).await.unwrap().is_empty());
}

/// "a reviewer's « faux positif » feeds precision per rule".
#[tokio::test]
async fn a_mark_counts_for_its_rule_and_a_later_word_replaces_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let mark = |false_alarm| [FindingMark { finding: 0, false_alarm }];
    store.mark_findings(&case, &mark(false), &archivist(), noon()).await.unwrap();
    store.mark_findings(&case, &mark(true), &archivist(), later(DAY)).await.unwrap();
    assert_eq!(store.marks(&case).await.unwrap(), mark(true));
    let precision = store.precision(NOVEMBER).await.unwrap();
    assert_eq!(precision.len(), 1);
    let rule = &precision[0];
    assert_eq!((rule.rule.as_str(), rule.cases, rule.right, rule.wrong), ("nam", 1, 0, 1));
    let none = [FindingMark { finding: 7, false_alarm: true }];
    assert!(matches!(
        store.mark_findings(&case, &none, &archivist(), noon()).await,
        Err(StoreError::Refused(_))
    ));
    let auditor = Actor::person("v", Role::Auditor);
    assert!(matches!(
        store.mark_findings(&case, &mark(true), &auditor, noon()).await,
        Err(StoreError::Refused(_))
    ));
}
