//! The dated proof of conformity, on one page: what is in force, what happened, and that the trail is whole.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, Walk, Words};
use crate::model::{CaseState, Mode};
use crate::notices::{Language, Paper, Section, words};
use crate::ports::{Counted, Measure, Period, Store, StoreError, Trail};

/// An access review older than this is late: they are due each month.
const REVIEW: SignedDuration = SignedDuration::from_hours(24 * 31);

pub(super) async fn conformity(
    words: Words,
    desk: Desk<'_>,
    store: &dyn Store,
    walk: &Walk,
    period: Period,
    now: Timestamp,
) -> Result<Paper, StoreError> {
    let counted = store.counted(period).await?;
    let sections = vec![
        in_force(words, desk, period, now),
        figures(words, &counted),
        trail(words, store, walk).await?,
        access(words, store, now).await?,
        retention(words, desk, store, now).await?,
        incidents(words, store, period).await?,
        words.section("paper-sign", vec![]),
    ];
    let (title, intro) = (words.t("paper-conformity"), words.t("paper-conformity-says"));
    Ok(Paper { title, intro, sections })
}

fn in_force(words: Words, desk: Desk<'_>, period: Period, now: Timestamp) -> Section {
    let policy = desk.rules.policy();
    let mode = |mode: Mode| policy.articles().iter().filter(|article| article.mode == mode).count();
    let modes = [Mode::Enforce, Mode::Warn, Mode::Observe]
        .map(|it| words.with(&format!("paper-mode-{}", it.name()), "number", mode(it)));
    let rows = vec![
        words.row("paper-establishment", &desk.settings.establishment.name),
        words.row("paper-made", words.moment(now)),
        words.row("paper-period", format!("{} – {}", period.from, period.to)),
        words.row("paper-version", env!("CARGO_PKG_VERSION")),
        words.row("paper-policy", policy.digest()),
        words.row("paper-rules", desk.rules.digest()),
        words.row("paper-articles", modes.join(", ")),
    ];
    words.section("paper-in-force", rows)
}

fn figures(words: Words, counted: &[Counted]) -> Section {
    let sum = |measure: Measure, label: Option<&str>| -> u64 {
        let of = counted.iter().filter(|it| it.measure == measure);
        of.filter(|it| label.is_none_or(|label| it.label == label)).map(|it| it.count).sum()
    };
    let verdicts = ["accept", "warn", "quarantine", "reject"].map(|verdict| {
        words.with(&format!("paper-verdict-{verdict}"), "number", sum(Measure::Messages, Some(verdict)))
    });
    let outcomes = [CaseState::Released, CaseState::Returned, CaseState::Deleted].map(|state| {
        let count = sum(Measure::Decided, Some(state.name()));
        format!("{} {count}", words::case_state(words.0, state))
    });
    let (right, wrong) = (sum(Measure::Right, None), sum(Measure::Wrong, None));
    let precision = (right * 1000).checked_div(right + wrong);
    let precision = precision.map_or("–".to_owned(), |share| {
        let mark = if words.0 == Language::French { ',' } else { '.' };
        let share = format!("{}{mark}{}", share / 10, share % 10);
        words.with("paper-precision-is", "number", share)
    });
    let rows = vec![
        words.row("paper-messages", sum(Measure::Messages, None)),
        words.row("paper-verdicts", verdicts.join(", ")),
        words.row("paper-opened", sum(Measure::Opened, None)),
        words.row("paper-decided", format!("{} ({})", sum(Measure::Decided, None), outcomes.join(", "))),
        words.row("paper-reveals", sum(Measure::Reveals, None)),
        words.row("paper-precision", precision),
    ];
    words.section("paper-figures", rows)
}

async fn trail(words: Words, store: &dyn Store, walk: &Walk) -> Result<Section, StoreError> {
    let mut rows = match &walk.trail {
        Trail::Whole { entries, head, checkpoints } => vec![
            words.row("paper-trail-state", words.t("paper-trail-whole")),
            words.row("paper-trail-entries", entries),
            words.row("paper-trail-head", head),
            words.row("paper-trail-checkpoints", checkpoints),
        ],
        Trail::Broken { entry, .. } => {
            vec![words.row("paper-trail-state", words.with("paper-trail-broken", "number", entry))]
        }
    };
    rows.push(words.row("paper-trail-walked", words.moment(walk.whole_at)));
    let signed = store.checkpoint_for(u64::MAX >> 1).await?;
    let signed = signed.map_or(words.t("paper-none"), |signed| {
        let signature: String = signed.signature.chars().take(32).collect();
        format!("{}, {} – {signature}…", signed.seq, words.moment(signed.at))
    });
    rows.push(words.row("paper-trail-signed", signed));
    Ok(words.section("paper-trail", rows))
}

async fn access(words: Words, store: &dyn Store, now: Timestamp) -> Result<Section, StoreError> {
    let reviewed = store.access_reviewed().await?;
    let recent = reviewed.as_ref().is_some_and(|(_, at)| now.duration_since(*at) <= REVIEW);
    let last = reviewed.map_or(words.t("paper-none"), |(who, at)| format!("{who}, {}", words.moment(at)));
    let accounts = store.accounts().await?;
    let open = accounts.iter().filter(|account| !account.closed).count();
    let rows = vec![
        words.row("paper-access-last", last),
        words.row("paper-access-recent", words.yes(recent)),
        words.row("paper-accounts", open),
    ];
    Ok(words.section("paper-access", rows))
}

async fn retention(
    words: Words,
    desk: Desk<'_>,
    store: &dyn Store,
    now: Timestamp,
) -> Result<Section, StoreError> {
    // The caretaker works by the hour: what is over its time for a day is overdue.
    let overdue = store.overdue(now - SignedDuration::from_hours(24)).await?;
    let keeps = &desk.settings.store;
    let rows = vec![
        words.row("paper-keep-undecided", words.days(keeps.undecided)),
        words.row("paper-keep-content", words.days(keeps.keep_content)),
        words.row("paper-keep-cases", words.days(keeps.keep_cases)),
        words.row("paper-overdue", overdue.waiting + overdue.content + overdue.named),
        words.row("paper-held", overdue.held),
        words.row("paper-kept", words.yes(overdue.waiting + overdue.content + overdue.named == 0)),
    ];
    Ok(words.section("paper-retention", rows))
}

async fn incidents(words: Words, store: &dyn Store, period: Period) -> Result<Section, StoreError> {
    let incidents = store.incidents().await?;
    let day = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let opened = incidents.iter().filter(|it| (period.from..=period.to).contains(&day(it.opened_at))).count();
    let still = incidents.iter().filter(|it| it.closed_at.is_none()).count();
    let rows = vec![words.row("paper-incidents-opened", opened), words.row("paper-incidents-open", still)];
    Ok(words.section("paper-incidents", rows))
}
