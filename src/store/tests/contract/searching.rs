//! Finding cases: every filter, in both orders, page by page.

use super::fixture::{archivist, hold, later, noon, open, record, take_step};
use crate::model::{Address, ArticleId, CaseId, CaseRecord, CaseState, Disposition};
use crate::ports::{CaseFilter, Cursor, Desk, Order, Store};
use crate::review::{Action, Case};

const CASES: u64 = 40;

/// Cases of one minute each: senders of two departments, ten recipients, three articles, one in four returned.
async fn fill(store: &dyn Store) -> Vec<CaseRecord> {
    let mut records = Vec::new();
    for seed in 0..CASES {
        let mut case = record(seed + 1, Disposition::Held);
        let at = i64::try_from(seed / 2).unwrap() * 60;
        case.received_at = later(at);
        let department = if seed % 2 == 0 { "urgence.cisss.example" } else { "labo.cisss.example" };
        case.sender = Address::parse(&format!("s{}@{department}", seed % 5)).ok();
        case.recipients = vec![Address::parse(&format!("r{}@x.example", seed % 10)).unwrap()];
        case.article_ids = vec![ArticleId(format!("a{}", seed % 3))];
        case.severity = u8::try_from(seed % 4 + 1).unwrap();
        let id = hold(store, &case).await.unwrap().case;
        case.proposed = id.clone();
        if seed % 4 == 0 {
            take_step(store, &id, Action::Return, &archivist(), later(at + 1)).await.unwrap();
        }
        records.push(case);
    }
    records
}

/// Everything a filter lists, in pages of 3.
async fn listed(store: &dyn Store, filter: &CaseFilter) -> Vec<Case> {
    let mut filter = CaseFilter { limit: 3, ..filter.clone() };
    let mut all = Vec::new();
    loop {
        let page = store.cases(&filter).await.unwrap();
        let Some(last) = page.last() else { return all };
        filter.after = Some(Cursor::of(last));
        all.extend(page);
    }
}

#[tokio::test]
async fn each_filter_lists_what_fits_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let records = fill(&store).await;
    let returned = |index: usize| index.is_multiple_of(4);
    type Fits = Box<dyn Fn(usize, &CaseRecord) -> bool>;
    let address = |text: &str| Address::parse(text).ok();
    let some = |change: &dyn Fn(&mut CaseFilter)| {
        let mut filter = CaseFilter::default();
        change(&mut filter);
        filter
    };
    let held = vec![CaseState::Held];
    let table: Vec<(CaseFilter, Fits)> = vec![
        (some(&|_| {}), Box::new(|_, _| true)),
        (some(&|it| it.states = held.clone()), Box::new(move |index, _| !returned(index))),
        (some(&|it| it.states = vec![CaseState::Returned]), Box::new(move |index, _| returned(index))),
        (
            some(&|it| it.states = vec![CaseState::Returned, CaseState::Released, CaseState::Held]),
            Box::new(|_, _| true),
        ),
        (some(&|it| it.sender = address("S3@labo.cisss.example")), Box::new(|index, _| index % 10 == 3)),
        (some(&|it| it.recipient = address("r7@x.example")), Box::new(|index, _| index % 10 == 7)),
        (some(&|it| it.address = address("r7@x.example")), Box::new(|index, _| index % 10 == 7)),
        (some(&|it| it.sender = address("r7@x.example")), Box::new(|_, _| false)),
        (some(&|it| it.article = Some(ArticleId("a1".to_owned()))), Box::new(|index, _| index % 3 == 1)),
        (some(&|it| it.rule = Some("nam".to_owned())), Box::new(|_, _| true)),
        (some(&|it| it.rule = Some("nas".to_owned())), Box::new(|_, _| false)),
        (
            some(&|it| it.departments = vec!["labo.cisss.example".to_owned()]),
            Box::new(|index, _| index % 2 == 1),
        ),
        (some(&|it| it.severity = 4), Box::new(|index, _| index % 4 == 3)),
        (some(&|it| it.since = Some(later(600))), Box::new(|index, _| index >= 20)),
        (some(&|it| it.until = Some(later(600))), Box::new(|index, _| index < 20)),
        (
            some(&|it| {
                it.recipient = address("r1@x.example");
                it.article = Some(ArticleId("a1".to_owned()));
                it.states = held.clone();
                it.departments = vec!["labo.cisss.example".to_owned(), "x.example".to_owned()];
                it.since = Some(later(60));
            }),
            Box::new(move |index, _| index % 10 == 1 && index % 3 == 1 && !returned(index) && index >= 2),
        ),
        (
            some(&|it| {
                it.article = Some(ArticleId("a2".to_owned()));
                it.states = held.clone();
            }),
            Box::new(move |index, _| index % 3 == 2 && !returned(index)),
        ),
    ];
    for (number, (filter, fits)) in table.iter().enumerate() {
        let mut wanted: Vec<(jiff::Timestamp, CaseId)> = records
            .iter()
            .enumerate()
            .filter(|(index, record)| fits(*index, record))
            .map(|(_, record)| (record.received_at, record.proposed.clone()))
            .collect();
        wanted.sort();
        for order in [Order::Oldest, Order::Newest] {
            let filter = CaseFilter { order, ..filter.clone() };
            let found: Vec<_> =
                listed(&store, &filter).await.into_iter().map(|case| (case.received_at, case.id)).collect();
            assert_eq!(found, wanted, "row {number} {order:?}");
            wanted.reverse();
        }
    }
}

#[tokio::test]
async fn similar_cases_wait_too_and_a_sender_has_a_history() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let records = fill(&store).await;
    let case = store.case(&records[3].proposed).await.unwrap().unwrap();
    let similar = store.similar(&case).await.unwrap();
    assert_eq!(similar.len(), 6);
    for other in &similar {
        let index = records.iter().position(|record| record.proposed == other.id).unwrap();
        assert!(index != 3 && index % 4 != 0, "open, and another");
        assert!(index % 3 == 0 && index % 2 == 1, "same article and department");
    }
    let sender = records[4].sender.clone().unwrap();
    let history = store.sender_history(&sender, later(9_999)).await.unwrap();
    assert_eq!((history.cases, history.false_alarms), (4, 0));
    assert_eq!(history.states, [(CaseState::Held, 2), (CaseState::Returned, 2)]);
    let nobody = Address::parse("personne@cisss.example").unwrap();
    assert_eq!(store.sender_history(&nobody, noon()).await.unwrap().cases, 0);
}

#[tokio::test]
async fn a_reviewer_finds_what_they_have_in_hand() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let records = fill(&store).await;
    take_step(&store, &records[5].proposed, Action::Take, &archivist(), later(5_000)).await.unwrap();
    let mine = CaseFilter { holder: Some("m.archiviste".to_owned()), ..CaseFilter::default() };
    let found = store.cases(&mine).await.unwrap();
    assert_eq!(found.iter().map(|case| &case.id).collect::<Vec<_>>(), [&records[5].proposed]);
    let other = CaseFilter { holder: Some("n".to_owned()), ..CaseFilter::default() };
    assert!(store.cases(&other).await.unwrap().is_empty());
}
