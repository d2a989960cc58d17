//! A million invented cases, written beneath the store: its own way in would seal each, at some milliseconds a case.
//!
//! One case is held through the store; its sealed fields stand in all of them. Numbers, marks, times and counts are each case's own.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER as HEX;
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use sha2::Sha256;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, AssertSqlSafe};
use vaguemestre::model::{
    Address, ArticleId, CaseFinding, CaseId, CaseKey, CaseRecord, Confidence, Disposition, Excerpt, Kind,
    Masked, Region, Reports, Snippet, settings,
};
use vaguemestre::ports::{Batch, Store};

pub const DEPARTMENTS: u32 = 25;
pub const SENDERS: u32 = 4_000;
pub const RECIPIENTS: u32 = 60_000;
pub const ARTICLES: u32 = 30;
pub const RULES: u32 = 40;

/// Cases written at once.
const CHUNK: u32 = 200;

/// Values of one case row.
const COLUMNS: usize = 16;

/// The number of an invented case.
pub fn case_id(number: u32) -> CaseId {
    CaseId::from_bits(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24)
}

/// An invented address; its domain is its department.
pub fn address(kind: &str, number: u32) -> Option<Address> {
    Address::parse(&format!("{kind}{number}@d{}.example", number % DEPARTMENTS)).ok()
}

/// Writes them all.
pub async fn fill(store: &dyn Store, settings: &settings::Store, cases: u32, seed: u64) {
    let _ = store
        .commit(Batch { case: &template(), content: Some(b"Subject: x\r\n\r\nx"), notices: &[] })
        .await
        .unwrap();
    let pool = AnyPoolOptions::new().max_connections(1).connect(&settings.url).await.unwrap();
    let sealed: (Vec<u8>, Vec<u8>, String) =
        sqlx::query_as("SELECT personal, findings, facts FROM cases LIMIT 1").fetch_one(&pool).await.unwrap();
    let key = std::fs::read_to_string(settings.state_dir.join("keys/index.key")).unwrap();
    let key = HEX.decode(key.trim().as_bytes()).unwrap();
    let mut random = SmallRng::seed_from_u64(seed);
    let mut days = BTreeMap::new();
    sqlx::query("BEGIN").execute(&pool).await.unwrap();
    for first in (0..cases).step_by(usize::try_from(CHUNK).unwrap()) {
        let rows: Vec<Row> =
            (first..(first + CHUNK).min(cases)).map(|number| row(number, cases, &mut random)).collect();
        rows.iter().for_each(|row| row.count(&mut days));
        insert_cases(&pool, &rows, &sealed).await;
        insert_marks(&pool, &rows, &key).await;
    }
    let mut months: Days = BTreeMap::new();
    for ((day, measure, label, department), count) in &days {
        let month = (day[..7].to_owned(), *measure, label.clone(), department.clone());
        *months.entry(month).or_insert(0) += count;
    }
    insert_counts(&pool, "days (day", days).await;
    insert_counts(&pool, "months (month", months).await;
    sqlx::query("COMMIT").execute(&pool).await.unwrap();
    sqlx::query("ANALYZE").execute(&pool).await.unwrap();
}

async fn insert_counts(pool: &AnyPool, table: &str, counts: Days) {
    let counts: Vec<_> = counts.into_iter().collect();
    for some in counts.chunks(1_000) {
        let rows = values(some.len(), 5);
        let text = format!("INSERT INTO {table}, measure, label, department, count) VALUES {rows}");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for ((when, measure, label, department), count) in some {
            query = query
                .bind(when.clone())
                .bind(*measure)
                .bind(label.clone())
                .bind(department.clone())
                .bind(*count);
        }
        query.execute(pool).await.unwrap();
    }
}

/// One invented case.
struct Row {
    id: String,
    at: Timestamp,
    state: &'static str,
    outcome: Option<&'static str>,
    sender: u32,
    recipients: [u32; 2],
    article: u32,
    rules: [u32; 2],
    severity: i64,
}

type Days = BTreeMap<(String, &'static str, String, String), i64>;

/// The last 200 cases wait; of the others two in three were held and ended.
fn row(number: u32, cases: u32, random: &mut SmallRng) -> Row {
    let first: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let minutes = i64::from(number) * 3 * 365 * 24 * 60 / i64::from(cases);
    let (state, outcome) = match number % 6 {
        _ if number + 200 >= cases => {
            (["held", "justified", "taken"][usize::try_from(number % 3).unwrap()], None)
        }
        0 => ("refused", None),
        1 => ("warned", None),
        2 | 3 => ("purged", Some("released")),
        4 => ("returned", Some("returned")),
        _ => ("purged", Some("returned")),
    };
    // By rank: some senders, recipients, articles and rules come much more often than others.
    let mut ranked = |most: u32| {
        let unit: f64 = random.random_range(0.0..1.0);
        let rank = unit * unit * f64::from(most);
        format!("{rank:.0}").parse::<u32>().unwrap_or(0).min(most - 1)
    };
    let sender = ranked(SENDERS);
    Row {
        id: case_id(number).as_str().to_owned(),
        at: first + SignedDuration::from_mins(minutes),
        state,
        outcome,
        sender,
        recipients: [ranked(RECIPIENTS), ranked(RECIPIENTS)],
        article: ranked(ARTICLES),
        rules: [ranked(RULES), ranked(RULES)],
        severity: i64::from(number % 4) + 1,
    }
}

impl Row {
    fn department(&self) -> String {
        format!("d{}.example", self.sender % DEPARTMENTS)
    }

    fn count(&self, days: &mut Days) {
        let day = self.at.strftime("%Y-%m-%d").to_string();
        let mut add = |measure, label: String| {
            *days.entry((day.clone(), measure, label, self.department())).or_insert(0) += 1;
        };
        add("opened", self.state.to_owned());
        add("article", format!("article-{}", self.article));
        self.rules.iter().for_each(|rule| add("rule", format!("rule-{rule}")));
        if let Some(outcome) = self.outcome {
            add("decided", outcome.to_owned());
            add("waited", "60".to_owned());
            add(if self.severity == 1 { "wrong" } else { "right" }, format!("rule-{}", self.rules[0]));
        }
    }

    fn marks(&self, key: &[u8]) -> Vec<String> {
        let blind = |mark: &str, kind: &str, number: u32| {
            let address = address(kind, number).unwrap().reveal().to_lowercase();
            let mac =
                Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(address).finalize().into_bytes();
            format!("{mark}:{}", HEX.encode(&mac[..16]))
        };
        let article = format!("article-{}", self.article);
        let mut marks = vec![blind("s", "s", self.sender), format!("a:{article}")];
        marks.push(format!("b:{article} {}", self.department()));
        marks.extend(self.recipients.iter().map(|number| blind("r", "r", *number)));
        marks.extend(self.rules.iter().map(|rule| format!("f:rule-{rule}")));
        marks.sort_unstable();
        marks.dedup();
        marks
    }
}

async fn insert_cases(
    pool: &AnyPool,
    rows: &[Row],
    (personal, findings, facts): &(Vec<u8>, Vec<u8>, String),
) {
    let mut query = sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO cases (id, key, opened_as, state, received_at, size, sender_domain, recipients, domains, facts, personal, outcome, \
         severity, two_persons, findings, decided_at) VALUES {}",
        values(rows.len(), COLUMNS)
    )));
    for row in rows {
        let opened_as = if matches!(row.state, "refused" | "warned") { row.state } else { "held" };
        query = query
            .bind(row.id.clone())
            .bind(row.id.as_bytes().to_vec())
            .bind(opened_as)
            .bind(row.state)
            .bind(row.at.as_millisecond())
            .bind(40_000_i64)
            .bind(row.department())
            .bind(2_i64)
            .bind("[\"x.example\"]")
            .bind(facts.clone())
            .bind(personal.clone())
            .bind(row.outcome)
            .bind(row.severity)
            .bind(0_i64)
            .bind(findings.clone())
            .bind(row.outcome.map(|_| row.at.as_millisecond() + 3_600_000));
    }
    query.execute(pool).await.unwrap();
}

async fn insert_marks(pool: &AnyPool, rows: &[Row], key: &[u8]) {
    let marks: Vec<(String, i64, String)> = rows
        .iter()
        .flat_map(|row| {
            row.marks(key).into_iter().map(|mark| (mark, row.at.as_millisecond(), row.id.clone()))
        })
        .collect();
    let text = format!("INSERT INTO marks (mark, received_at, case_id) VALUES {}", values(marks.len(), 3));
    let mut query = sqlx::query(AssertSqlSafe(text));
    for (mark, at, id) in marks {
        query = query.bind(mark).bind(at).bind(id);
    }
    query.execute(pool).await.unwrap();
}

/// `($1, $2), ($3, $4)`.
fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let values: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", values.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// The case whose sealed fields stand in all of them; it is from before the period.
fn template() -> CaseRecord {
    CaseRecord {
        queue_id: None,
        rules: "0123456789abcdef".to_owned(),
        proposed: CaseId::from_bits(1),
        key: CaseKey([1; 32]),
        disposition: Disposition::Held,
        received_at: "2023-12-01T00:00:00Z".parse().unwrap(),
        sender: address("s", 0),
        recipients: vec![address("r", 0).unwrap(), address("r", 1).unwrap()],
        message_id: Some(Masked::new("<1@d0.example>")),
        smtputf8: false,
        reports: Reports::default(),
        articles: Vec::new(),
        article_ids: vec![ArticleId("article-0".to_owned())],
        found: Vec::new(),
        findings: vec![Excerpt {
            shown: CaseFinding {
                kind: Kind::Nam,
                rule: "rule-0".to_owned(),
                masked: "T••••••••••2".to_owned(),
                confidence: Confidence::High,
                region: Region::Body,
                attachment: None,
                line: Some(1),
                person: Some(1),
            },
            around: Snippet::default(),
        }],
        severity: 2,
        two_persons: false,
        gaps: Vec::new(),
        size: 40_000,
    }
}
