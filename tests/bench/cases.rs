//! One million cases: how long lists, searches and the yearly figures take, and where the bar is.
//!
//! `cargo bench --bench cases [-- CASES]`: 1 000 000 by default, in SQLite; with `VAGUEMESTRE_BENCH_URL` in that PostgreSQL database, empty.
//! `VAGUEMESTRE_BENCH_DIR` keeps the database for a second run. Cases are invented from a seed: three years, 25 departments,
//! 4 000 senders and 60 000 recipients by rank, 30 articles, 40 rules, 200 cases that wait.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod million;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::model::{ArticleId, CaseState, settings};
use vaguemestre::ports::{CaseFilter, Cursor, Period, Store};
use vaguemestre::store::{Access, Opening, open};

use million::{ARTICLES, RECIPIENTS, RULES, SENDERS, address, case_id, fill};

const SEED: u64 = 20_261_129;
const TURNS: usize = 400;

fn main() {
    let cases = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let kept = std::env::var_os("VAGUEMESTRE_BENCH_DIR").map(PathBuf::from);
    let folder = tempfile::tempdir().unwrap();
    let folder = kept.unwrap_or_else(|| folder.path().to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run(&folder, cases));
}

async fn run(folder: &Path, cases: u32) {
    let settings = settings::Store {
        state_dir: folder.to_owned(),
        url: std::env::var("VAGUEMESTRE_BENCH_URL")
            .unwrap_or_else(|_| format!("sqlite:{}", folder.join("cases.db").display())),
        seal_to: Vec::new(),
        identity: None,
        undecided: Duration::from_secs(15 * 86_400),
        keep_content: Duration::from_secs(7 * 86_400),
        keep_cases: Duration::from_secs(1_827 * 86_400),
    };
    let opening = Opening::new(&settings, Duration::ZERO, Access::Review);
    let store = open(&opening).await.unwrap();
    if store.cases(&CaseFilter::default()).await.unwrap().is_empty() {
        let begun = Instant::now();
        fill(store.as_ref(), &settings, cases, SEED).await;
        println!("{cases} cases written in {:.0?}", begun.elapsed());
    }
    let mut random = SmallRng::seed_from_u64(SEED);
    searches(store.as_ref(), &mut random, cases).await;
    lists(store.as_ref(), &mut random).await;
    figures(store.as_ref()).await;
}

async fn searches(store: &dyn Store, random: &mut SmallRng, cases: u32) {
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let id = case_id(random.random_range(0..cases));
        let begun = Instant::now();
        assert!(store.case(&id).await.unwrap().is_some());
        times.push(begun.elapsed());
    }
    report("one case by its number", times, 50);
    let rare = |random: &mut SmallRng, most: u32| random.random_range(0..most);
    let kinds: [(&str, Change); 5] = [
        ("by sender", |it, n, _| it.sender = address("s", n % SENDERS)),
        ("by recipient", |it, n, _| it.recipient = address("r", n % RECIPIENTS)),
        ("by sender or recipient", |it, n, _| it.address = address("r", n % RECIPIENTS)),
        ("by rule and month", |it, n, month| {
            it.rule = Some(format!("rule-{}", n % RULES));
            (it.since, it.until) = month;
        }),
        ("by article and month", |it, n, month| {
            it.article = Some(ArticleId(format!("article-{}", n % ARTICLES)));
            (it.since, it.until) = month;
        }),
    ];
    for (name, change) in kinds {
        let mut times = Vec::new();
        for _ in 0..TURNS {
            let (number, month) = (rare(random, 240_000), month(random));
            let mut filter = CaseFilter::default();
            change(&mut filter, number, month);
            times.push(timed(store, &filter).await.1);
        }
        report(name, times, 50);
    }
}

type Month = (Option<Timestamp>, Option<Timestamp>);
type Change = fn(&mut CaseFilter, u32, Month);

async fn lists(store: &dyn Store, random: &mut SmallRng) {
    let filters = [
        ("the newest", CaseFilter::default()),
        ("what waits", CaseFilter { states: CaseState::WAITING.to_vec(), ..CaseFilter::default() }),
        (
            "what ended",
            CaseFilter {
                states: vec![CaseState::Released, CaseState::Returned, CaseState::Purged],
                ..CaseFilter::default()
            },
        ),
        (
            "of one department",
            CaseFilter { departments: vec!["d3.example".to_owned()], ..CaseFilter::default() },
        ),
        (
            "of an article, state and department",
            CaseFilter {
                article: Some(ArticleId("article-7".to_owned())),
                states: vec![CaseState::Returned],
                departments: vec!["d3.example".to_owned()],
                ..CaseFilter::default()
            },
        ),
        ("grave ones", CaseFilter { severity: 4, ..CaseFilter::default() }),
    ];
    for (name, filter) in filters {
        let mut times = Vec::new();
        for _ in 0..TURNS / 8 {
            // From a random place, then the next pages.
            let mut filter = CaseFilter { until: month(random).1, ..filter.clone() };
            for _ in 0..4 {
                let (last, took) = timed(store, &filter).await;
                times.push(took);
                let Some(last) = last else { break };
                filter.after = Some(last);
            }
        }
        report(&format!("list: {name}"), times, 150);
    }
}

async fn figures(store: &dyn Store) {
    let year = Period { from: date(2025, 4, 1), to: date(2026, 3, 31) };
    let odd = Period { from: date(2025, 4, 2), to: date(2026, 3, 30) };
    let (mut yearly, mut daily, mut rules, mut now) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let begun = Instant::now();
        assert!(!store.counted(year).await.unwrap().is_empty());
        yearly.push(begun.elapsed());
        let begun = Instant::now();
        assert!(!store.counted(odd).await.unwrap().is_empty());
        daily.push(begun.elapsed());
        let begun = Instant::now();
        assert!(!store.precision(year).await.unwrap().is_empty());
        rules.push(begun.elapsed());
        let begun = Instant::now();
        store.figures().await.unwrap();
        now.push(begun.elapsed());
    }
    report("figures of a year", yearly, 2_000);
    report("figures of a year of odd days", daily, 2_000);
    report("precision of rules over a year", rules, 2_000);
    report("cases by state, for the metrics", now, 2_000);
}

async fn timed(store: &dyn Store, filter: &CaseFilter) -> (Option<Cursor>, Duration) {
    let begun = Instant::now();
    let found = store.cases(filter).await.unwrap();
    (found.last().map(Cursor::of), begun.elapsed())
}

fn report(name: &str, mut times: Vec<Duration>, bar: u64) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let met = if at(99) <= Duration::from_millis(bar) { "met" } else { "MISSED" };
    println!("{name:36} p50 {:>10.2?}   p99 {:>10.2?}   bar {bar} ms {met}", at(50), at(99));
}

fn month(random: &mut SmallRng) -> Month {
    let first: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let since = first + SignedDuration::from_hours(24 * random.random_range(30..1_000));
    (Some(since), Some(since + SignedDuration::from_hours(24 * 30)))
}
