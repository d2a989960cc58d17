//! Finding cases: by state, department, period, and by the marks that each case leaves.
//!
//! One narrow way in is chosen (a mark, the few open cases, a department, the time), and the rest is asked of each row on
//! the way: a page of a list then costs the same in ten cases and in a million.

use data_encoding::HEXLOWER as HEX;
use jiff::{SignedDuration, Timestamp};

use super::SqlStore;
use super::db::{Sql, Value, millis};
use super::keys::KeyRing;
use super::rows::{CaseRow, Fields, select_cases};
use crate::model::{Address, CaseState};
use crate::ports::{CaseFilter, Order, SenderHistory, StoreError};
use crate::review::Case;

/// Cases listed when no number is asked for.
const PAGE: u32 = 50;

/// Most cases listed at once.
const MOST: u32 = 500;

/// One way to find a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Sender,
    Recipient,
    /// A sender or recipient of a case of the first version.
    Either,
    Article,
    /// An article, a space and a department: both together are asked for often, and far narrower than either.
    ArticleOf,
    Rule,
}

impl Mark {
    /// The mark of a word in clear.
    pub(super) fn of(self, word: &str) -> String {
        let kind = match self {
            Self::Sender => "s",
            Self::Recipient => "r",
            Self::Either => "x",
            Self::Article => "a",
            Self::ArticleOf => "b",
            Self::Rule => "f",
        };
        format!("{kind}:{word}")
    }

    /// The mark of an address: its blind index.
    pub(super) fn of_address(self, keys: &KeyRing, address: &Address) -> String {
        self.of(&HEX.encode(&keys.blind(address)))
    }
}

impl SqlStore {
    pub(super) async fn search(&self, filter: &CaseFilter) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = self.statement(filter).fetch(self.db.read()).await?;
        rows.into_iter().map(|row| self.case_of(row, Fields::Sealed)).collect()
    }

    /// The marks that a filter asks for; each list is alternatives. The narrowest comes first.
    fn marks_asked(&self, filter: &CaseFilter) -> Vec<Vec<String>> {
        let of = |mark: Mark, address: &Address| mark.of_address(&self.keys, address);
        let sender = filter.sender.as_ref().map(|it| vec![of(Mark::Sender, it), of(Mark::Either, it)]);
        let recipient =
            filter.recipient.as_ref().map(|it| vec![of(Mark::Recipient, it), of(Mark::Either, it)]);
        let address = filter.address.as_ref().map(|address| {
            [Mark::Sender, Mark::Recipient, Mark::Either].map(|mark| of(mark, address)).to_vec()
        });
        let rule = filter.rule.as_ref().map(|rule| vec![Mark::Rule.of(rule)]);
        let article = filter.article.as_ref().map(|article| match filter.departments.as_slice() {
            [] => vec![Mark::Article.of(&article.0)],
            departments => {
                departments.iter().map(|it| Mark::ArticleOf.of(&format!("{} {it}", article.0))).collect()
            }
        });
        [recipient, sender, address, rule, article].into_iter().flatten().collect()
    }

    fn statement(&self, filter: &CaseFilter) -> Sql {
        let marks = self.marks_asked(filter);
        let few = !filter.states.is_empty()
            && filter.states.iter().all(|state| CaseState::OPEN.contains(state))
            || filter.holder.is_some();
        let by_address = filter.recipient.is_some() || filter.sender.is_some() || filter.address.is_some();
        let mut sql = Sql::new(select_cases!(""));
        let mut rest = marks.as_slice();
        let mut by_mark = false;
        match marks.split_first() {
            // Of the few open cases, or along one mark: whichever is narrower leads.
            Some((first, others)) if by_address || !few => {
                sql.add("JOIN marks m ON m.case_id = c.id WHERE m.mark IN (");
                sql.list(first.iter().cloned().map(Value::Text)).add(")");
                (rest, by_mark) = (others, true);
            }
            _ => {
                sql.add("WHERE 1 = 1");
            }
        }
        self.narrow(&mut sql, filter, few || filter.states.len() == 1 && !by_mark);
        for alternatives in rest {
            sql.add(" AND EXISTS (SELECT 1 FROM marks o WHERE o.received_at = c.received_at AND o.case_id = c.id AND o.mark IN (");
            sql.list(alternatives.iter().cloned().map(Value::Text)).add("))");
        }
        page(&mut sql, filter, by_mark);
        sql
    }

    /// States, departments, holder and severity.
    fn narrow(&self, sql: &mut Sql, filter: &CaseFilter, by_state: bool) {
        if !filter.states.is_empty() {
            // Many ended cases are better met on the way than sorted: the joined text keeps an engine from their index.
            sql.add(if by_state { " AND c.state IN (" } else { " AND c.state || '' IN (" });
            sql.list(filter.states.iter().map(|state| Value::Text(state.name().to_owned()))).add(")");
        }
        if !filter.departments.is_empty() {
            let one = filter.departments.len() == 1 && !by_state && !filter.claimed;
            sql.add(if one { " AND c.sender_domain IN (" } else { " AND c.sender_domain || '' IN (" });
            sql.list(filter.departments.iter().cloned().map(Value::Text)).add(")");
        }
        if let Some(holder) = &filter.holder {
            sql.add(" AND c.holder = ").value(Value::Text(holder.clone()));
        }
        if filter.watched {
            sql.add(
                " AND c.id IN (SELECT id FROM cases WHERE legal_hold = 1 \
                 UNION SELECT case_id FROM incidents WHERE case_id IS NOT NULL)",
            );
        }
        if filter.claimed {
            sql.add(" AND c.says = 'false-alarm' AND c.judged_at IS NULL");
        }
        if filter.severity > 0 {
            sql.add(" AND c.severity >= ").value(Value::Int(i64::from(filter.severity)));
        }
    }

    /// Cases that wait, of the same department and the same first article: the ten newest.
    pub(super) async fn similar_to(&self, case: &Case) -> Result<Vec<Case>, StoreError> {
        let Some(article) = case.article_ids.first() else { return Ok(Vec::new()) };
        let alike = CaseFilter {
            states: CaseState::OPEN.to_vec(),
            article: Some(article.clone()),
            departments: vec![case.sender_domain.clone()],
            limit: 11,
            ..CaseFilter::default()
        };
        let mut found = self.search(&alike).await?;
        found.retain(|other| other.id != case.id && other.article_ids.first() == Some(article));
        found.truncate(10);
        Ok(found)
    }

    /// What a sender sent within a year.
    pub(super) async fn history_of(
        &self,
        sender: &Address,
        now: Timestamp,
    ) -> Result<SenderHistory, StoreError> {
        let year = now - SignedDuration::from_hours(24 * 365);
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT stands, CAST(count(*) AS BIGINT), CAST(sum(wrong) AS BIGINT) FROM \
             (SELECT COALESCE(c.outcome, c.state) AS stands, \
              CASE WHEN EXISTS (SELECT 1 FROM finding_marks f WHERE f.case_id = c.id AND f.false_alarm = 1) THEN 1 ELSE 0 END AS wrong \
              FROM marks m JOIN cases c ON c.id = m.case_id WHERE m.mark = $1 AND m.received_at >= $2 \
              ORDER BY m.received_at DESC LIMIT 1000) AS theirs GROUP BY stands",
        )
        .bind(Mark::Sender.of_address(&self.keys, sender))
        .bind(millis(year))
        .fetch_all(self.db.read())
        .await?;
        let mut history = SenderHistory::default();
        for (state, count, wrong) in rows {
            let count = u64::try_from(count).unwrap_or(0);
            history.cases += count;
            history.false_alarms += u64::try_from(wrong).unwrap_or(0);
            history.states.extend(CaseState::from_name(&state).map(|state| (state, count)));
        }
        history.states.sort_unstable();
        Ok(history)
    }
}

/// Period, place and order. Along a mark, the mark's own time leads: it stands in the index.
fn page(sql: &mut Sql, filter: &CaseFilter, by_mark: bool) {
    let (time, id) = if by_mark { ("m.received_at", "m.case_id") } else { ("c.received_at", "c.id") };
    if let Some(since) = filter.since {
        sql.add(" AND ").add(time).add(" >= ").value(Value::Int(millis(since)));
    }
    if let Some(until) = filter.until {
        sql.add(" AND ").add(time).add(" < ").value(Value::Int(millis(until)));
    }
    let (after, way) = match filter.order {
        Order::Newest => (") < (", " DESC"),
        Order::Oldest => (") > (", ""),
    };
    if let Some(cursor) = &filter.after {
        sql.add(" AND (").add(time).add(", ").add(id).add(after);
        sql.value(Value::Int(millis(cursor.received_at))).add(", ");
        sql.value(Value::Text(cursor.id.as_str().to_owned())).add(")");
    }
    sql.add(" ORDER BY ").add(time).add(way).add(", ").add(id).add(way).add(" LIMIT ");
    let limit = if filter.limit == 0 { PAGE } else { filter.limit.min(MOST) };
    sql.value(Value::Int(i64::from(limit)));
}
