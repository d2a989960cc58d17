//! Papers that an establishment is asked for: a dated proof of conformity, and a privacy assessment to complete.
//!
//! Both tell counts, settings and digests, never a case. Their words are those of the pages.

mod assessment;
mod conformity;
mod walks;

use std::fmt::Display;

use jiff::Timestamp;

use crate::inspect::Rules;
use crate::model::settings::Settings;
use crate::notices::{Language, Paper, Section, pages};
use crate::ports::{PaperKind, Period, Store, StoreError};
pub use walks::{Walk, Walks};

/// What a paper is made of.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The rules in force.
    pub rules: &'a Rules,
    /// The settings in force.
    pub settings: &'a Settings,
    /// Earlier walks of the audit trail.
    pub walks: &'a Walks,
}

/// Makes a paper. The proof of conformity walks the audit trail.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn paper(
    desk: Desk<'_>,
    store: &dyn Store,
    kind: PaperKind,
    language: Language,
    period: Period,
    now: Timestamp,
) -> Result<Paper, StoreError> {
    let words = Words(language);
    match kind {
        PaperKind::Conformity { anew } => {
            let walk = desk.walks.walk(store, anew, now).await?;
            conformity::conformity(words, desk, store, &walk, period, now).await
        }
        PaperKind::Assessment => assessment::assessment(words, desk, store, now).await,
    }
}

/// The words of one language, by key.
#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn t(self, key: &str) -> String {
        pages::text(self.0, key)
    }

    fn with(self, key: &str, name: &'static str, value: impl Display) -> String {
        pages::filled(self.0, key, &[(name, &value.to_string())])
    }

    fn moment(self, at: Timestamp) -> String {
        pages::moment(self.0, at)
    }

    fn days(self, span: std::time::Duration) -> String {
        pages::numbered(self.0, "paper-days", span.as_secs() / 86_400)
    }

    fn yes(self, yes: bool) -> String {
        self.t(if yes { "paper-yes" } else { "paper-no" })
    }

    /// A row by the key of its label.
    fn row(self, key: &str, value: impl Display) -> (String, String) {
        (self.t(key), value.to_string())
    }

    /// Rows whose texts are two keys: `KEY-1`, `KEY-1-says`, `KEY-2` … as far as there are any.
    fn listed(self, key: &str) -> Vec<(String, String)> {
        let numbers = (1..).take_while(|number| pages::knows(self.0, &format!("{key}-{number}")));
        numbers
            .map(|number| (self.t(&format!("{key}-{number}")), self.t(&format!("{key}-{number}-says"))))
            .collect()
    }

    fn section(self, key: &str, rows: Vec<(String, String)>) -> Section {
        let says = format!("{key}-says");
        let text = if pages::knows(self.0, &says) { vec![self.t(&says)] } else { Vec::new() };
        Section { title: self.t(key), text, rows }
    }
}
