//! What is counted day by day, in the transaction of what happened; marks on findings; figures.
//!
//! Days are UTC. A row is one day, measure, label and department; the same is kept by month, so that a year of a million cases is read from
//! some ten thousand rows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::db::{Tx, millis, time};
use super::intake::department;
use super::rows::disposition_name;
use super::{SqlStore, audit};
use crate::model::{CaseId, CaseRecord, CaseState, JournalEntry};
use crate::ports::{Counted, Counts, Desk, Figures, FindingMark, Measure, Period, Precision, StoreError};
use crate::review::{Actor, Change, Right, Transition};

/// Upper bounds, in minutes, of the classes of waiting.
const WAITS: [i64; 11] = [5, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 4_320, 7_200];

/// Adds to one count.
pub(super) async fn add(
    tx: &mut Tx,
    at: Timestamp,
    measure: Measure,
    label: &str,
    department: &str,
    count: i64,
) -> Result<(), StoreError> {
    let day = at.to_zoned(TimeZone::UTC).date();
    let rows = [
        (
            "INSERT INTO days (day, measure, label, department, count) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (day, measure, label, department) DO UPDATE SET count = days.count + excluded.count",
            day.to_string(),
        ),
        (
            "INSERT INTO months (month, measure, label, department, count) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (month, measure, label, department) DO UPDATE SET count = months.count + excluded.count",
            day.strftime("%Y-%m").to_string(),
        ),
    ];
    for (sql, when) in rows {
        let upsert = sqlx::query(sql).bind(when).bind(measure.name()).bind(label).bind(department);
        upsert.bind(count).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Where a period is read from, and its first and last word there: whole months are read by month.
fn span_of(period: Period) -> (Grain, String, String) {
    let (from, to) = (period.from, period.to);
    if from == from.first_of_month() && to == to.last_of_month() {
        return (Grain::Months, from.strftime("%Y-%m").to_string(), to.strftime("%Y-%m").to_string());
    }
    (Grain::Days, from.to_string(), to.to_string())
}

/// Which table.
enum Grain {
    Days,
    Months,
}

/// Counts a case that was opened.
pub(super) async fn opened(tx: &mut Tx, record: &CaseRecord) -> Result<(), StoreError> {
    let (at, department) = (record.received_at, department(record));
    let articles: BTreeSet<&str> = record.article_ids.iter().map(|id| id.0.as_str()).collect();
    let rules: BTreeSet<&str> = record.findings.iter().map(|it| it.shown.rule.as_str()).collect();
    for article in articles {
        add(tx, at, Measure::Article, article, department, 1).await?;
    }
    add(tx, at, Measure::Opened, disposition_name(record.disposition), department, 1).await?;
    for rule in rules {
        add(tx, at, Measure::Rule, rule, department, 1).await?;
    }
    Ok(())
}

/// Counts judged messages. Nothing else touches these rows, and they are gone through in their order.
pub(super) async fn messages(tx: &mut Tx, entries: &[JournalEntry]) -> Result<(), StoreError> {
    let mut days: BTreeMap<(String, &str), (Timestamp, i64)> = BTreeMap::new();
    for entry in entries {
        let day = entry.received_at.to_zoned(TimeZone::UTC).date().to_string();
        let counted = days.entry((day, entry.applied.name())).or_insert((entry.received_at, 0));
        counted.1 += 1;
    }
    for ((_, verdict), (at, count)) in days {
        add(tx, at, Measure::Messages, verdict, "", count).await?;
    }
    Ok(())
}

/// Counts a decision, and what a sender says. What is taken back is counted back.
pub(super) async fn transition(tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
    let (from, to, at) = (transition.from, transition.to, transition.at);
    let word = transition.changes.iter().find_map(|change| match change {
        Change::Word(word) => Some(word.says.name()),
        _ => None,
    });
    let ended = to.ends() && from != to;
    let restored = from.ends() && to.waits();
    if !ended && !restored && word.is_none() {
        return Ok(());
    }
    let facts = "SELECT sender_domain, received_at FROM cases WHERE id = $1";
    let (department, received): (String, i64) =
        sqlx::query_as(facts).bind(transition.case.as_str()).fetch_one(&mut **tx).await?;
    if ended {
        add(tx, at, Measure::Decided, to.name(), &department, 1).await?;
        let waited = at.duration_since(time(received)?).as_secs() / 60;
        let class = WAITS.iter().find(|bound| waited <= **bound);
        let label = class.map_or("more".to_owned(), ToString::to_string);
        add(tx, at, Measure::Waited, &label, &department, 1).await?;
    }
    if restored {
        add(tx, at, Measure::Decided, from.name(), &department, -1).await?;
    }
    if let Some(says) = word {
        add(tx, at, Measure::SenderSays, says, &department, 1).await?;
    }
    Ok(())
}

/// Right and wrong findings by rule.
macro_rules! precision_over {
    ($table:literal, $when:literal) => {
        concat!(
            "SELECT label, CAST(sum(CASE measure WHEN 'rule' THEN count ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE measure WHEN 'right' THEN count ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE measure WHEN 'wrong' THEN count ELSE 0 END) AS BIGINT) FROM ",
            $table,
            " WHERE ",
            $when,
            " >= $1 AND ",
            $when,
            " <= $2 AND measure IN ('rule', 'right', 'wrong') GROUP BY label ORDER BY 4 DESC, 1"
        )
    };
}

#[async_trait::async_trait]
impl Counts for SqlStore {
    async fn figures(&self) -> Result<Figures, StoreError> {
        let counts: Vec<(String, i64)> = sqlx::query_as("SELECT state, count(*) FROM cases GROUP BY state")
            .fetch_all(self.db.read())
            .await?;
        let count = |state: CaseState| {
            let counted = counts.iter().find(|(name, _)| name == state.name());
            counted.map_or(0, |(_, count)| u64::try_from(*count).unwrap_or(0))
        };
        let waiting = "SELECT count(*), min(planned_at) FROM notices WHERE state = 'pending'";
        let (notices, oldest): (i64, Option<i64>) = sqlx::query_as(waiting).fetch_one(self.db.read()).await?;
        Ok(Figures {
            cases: CaseState::ALL.into_iter().map(|state| (state, count(state))).collect(),
            notices: u64::try_from(notices).unwrap_or(0),
            oldest_notice: oldest.map(time).transpose()?,
            set_aside: self.set_aside()?,
        })
    }

    async fn counted(&self, period: Period) -> Result<Vec<Counted>, StoreError> {
        let (grain, from, to) = span_of(period);
        let sql = match grain {
            Grain::Days => {
                "SELECT substr(day, 1, 7), measure, label, department, CAST(sum(count) AS BIGINT) FROM days \
                 WHERE day >= $1 AND day <= $2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
            }
            Grain::Months => {
                "SELECT month, measure, label, department, count FROM months \
                 WHERE month >= $1 AND month <= $2 ORDER BY 1, 2, 3, 4"
            }
        };
        let rows: Vec<(String, String, String, String, i64)> =
            sqlx::query_as(sql).bind(from).bind(to).fetch_all(self.db.read()).await?;
        let damaged = || StoreError::Damaged("a daily count cannot be read".to_owned());
        let counted = |(month, measure, label, department, count): (String, String, String, String, i64)| {
            Ok(Counted {
                month: format!("{month}-01").parse().map_err(|_| damaged())?,
                measure: Measure::from_name(&measure).ok_or_else(damaged)?,
                label,
                department,
                count: u64::try_from(count).unwrap_or(0),
            })
        };
        rows.into_iter().map(counted).collect()
    }

    async fn precision(&self, period: Period) -> Result<Vec<Precision>, StoreError> {
        let (grain, from, to) = span_of(period);
        let sql = match grain {
            Grain::Days => precision_over!("days", "day"),
            Grain::Months => precision_over!("months", "month"),
        };
        let rows: Vec<(String, i64, i64, i64)> =
            sqlx::query_as(sql).bind(from).bind(to).fetch_all(self.db.read()).await?;
        let whole = |count: i64| u64::try_from(count).unwrap_or(0);
        let precision = |(rule, cases, right, wrong)| Precision {
            rule,
            cases: whole(cases),
            right: whole(right),
            wrong: whole(wrong),
        };
        Ok(rows.into_iter().map(precision).collect())
    }

    async fn mark_findings(
        &self,
        case: &CaseId,
        marks: &[FindingMark],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let found = self.case(case).await?;
        let found = found.ok_or_else(|| StoreError::Refused("there is no case of this number".to_owned()))?;
        let Actor::Person { login, role, departments, .. } = actor else { return Err(not_theirs()) };
        let theirs = departments.is_empty() || departments.contains(&found.sender_domain);
        if !role.may(Right::Decide) || !theirs || found.is_of(actor) {
            return Err(not_theirs());
        }
        let rule = |mark: &FindingMark| {
            let index = usize::try_from(mark.finding).unwrap_or(usize::MAX);
            found.findings.get(index).map(|finding| (finding.rule.as_str(), *mark))
        };
        let ruled: Option<Vec<(&str, FindingMark)>> = marks.iter().map(rule).collect();
        let ruled = ruled.ok_or_else(|| StoreError::Refused("there is no such finding".to_owned()))?;
        self.keep_marks(case, &found.sender_domain, &ruled, login, at).await
    }

    async fn marks(&self, case: &CaseId) -> Result<Vec<FindingMark>, StoreError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT finding, false_alarm FROM finding_marks WHERE case_id = $1 ORDER BY finding",
        )
        .bind(case.as_str())
        .fetch_all(self.db.read())
        .await?;
        let mark = |(finding, wrong): (i64, i64)| FindingMark {
            finding: u32::try_from(finding).unwrap_or(u32::MAX),
            false_alarm: wrong != 0,
        };
        Ok(rows.into_iter().map(mark).collect())
    }
}

fn not_theirs() -> StoreError {
    StoreError::Refused("this role may not do this to this case".to_owned())
}

fn measure_of(false_alarm: bool) -> Measure {
    if false_alarm { Measure::Wrong } else { Measure::Right }
}

impl SqlStore {
    /// Keeps marks, one a finding; what a mark replaces is counted back on the day it was made.
    async fn keep_marks(
        &self,
        case: &CaseId,
        department: &str,
        marks: &[(&str, FindingMark)],
        login: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        // The case is touched first: two who mark it at once go one after the other.
        let judged = sqlx::query("UPDATE cases SET judged_at = $1 WHERE id = $2").bind(millis(at));
        judged.bind(case.as_str()).execute(&mut *tx).await?;
        let mut counted = Vec::new();
        for (rule, mark) in marks {
            let earlier: Option<(i64, i64)> = sqlx::query_as(
                "SELECT false_alarm, at FROM finding_marks WHERE case_id = $1 AND finding = $2",
            )
            .bind(case.as_str())
            .bind(i64::from(mark.finding))
            .fetch_optional(&mut *tx)
            .await?;
            if let Some((wrong, then)) = earlier {
                counted.push((time(then)?, measure_of(wrong != 0), *rule, -1));
            }
            counted.push((at, measure_of(mark.false_alarm), *rule, 1));
            sqlx::query(
                "INSERT INTO finding_marks (case_id, finding, rule, false_alarm, actor, at) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (case_id, finding) DO UPDATE \
                 SET false_alarm = excluded.false_alarm, actor = excluded.actor, at = excluded.at",
            )
            .bind(case.as_str())
            .bind(i64::from(mark.finding))
            .bind(*rule)
            .bind(i64::from(mark.false_alarm))
            .bind(login)
            .bind(millis(at))
            .execute(&mut *tx)
            .await?;
        }
        let said = |wrong: bool| -> Vec<u32> {
            marks.iter().filter(|(_, mark)| mark.false_alarm == wrong).map(|(_, mark)| mark.finding).collect()
        };
        let facts = vec![("false_alarms", json!(said(true))), ("right", json!(said(false)))];
        let entry =
            audit::Entry { at, actor: login, what: "mark-findings", case: Some(case), text: None, facts };
        audit::append(&mut tx, self, entry).await?;
        for (day, measure, rule, count) in counted {
            add(&mut tx, day, measure, rule, department, count).await?;
        }
        tx.commit().await
    }
}
