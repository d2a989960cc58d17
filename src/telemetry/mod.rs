//! Floor 5: what operators watch: logs, metrics, health.
//!
//! In: settings, journal lines, counts and states from the adapters. Out: lines on stderr, Prometheus text, readiness with
//! its reasons. Refuses to know: HTTP, the store, and anything personal; labels are closed lists of our own names.

mod calm;
mod causes;
mod health;
mod logging;
mod metrics;

pub use calm::Calm;
pub use causes::{Delivery, Mailing, StoreStep, Tempfail};
pub use health::{Health, Readiness};
pub use logging::{LogError, start};
pub use metrics::{Metrics, Tempfails};
