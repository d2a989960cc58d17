//! Floor 6: SMTP out: released mail, byte for byte, and notices; and what the MTA knows of its queue.
//!
//! Envelopes, bytes and rendered notices come in; what became of them goes out, as codes. It refuses to know cases,
//! stores and policies.

mod letter;
mod lines;
mod log;
mod queue;
mod reply;
mod setting;
mod smtp;

use std::time::Duration;

use crate::model::{Envelope, settings};
use crate::ports::{Injection, Letter, PostError, Relay};
pub use lines::lines_about;
pub use log::fate_in_log;
pub use queue::PostfixQueue;
pub use reply::fuzz_reply;
pub use setting::careless_default;

/// Speaks SMTP to the MTA's two listeners.
#[derive(Clone, Debug)]
pub struct SmtpRelay {
    settings: settings::Relay,
}

impl SmtpRelay {
    /// Takes the listeners, the name to give and the patience from the settings.
    #[must_use]
    pub fn new(settings: settings::Relay) -> Self {
        Self { settings }
    }
}

#[async_trait::async_trait]
impl Relay for SmtpRelay {
    async fn reinject(&self, envelope: &Envelope, header: &str, content: &[u8]) -> Injection {
        let patience = smtp::Patience { step: self.settings.timeout, end: END_OF_MESSAGE };
        smtp::send(self.settings.release, &self.settings.helo, patience, envelope, header, content).await
    }

    async fn post(&self, letter: &Letter) -> Result<(), PostError> {
        letter::post(&self.settings, letter).await
    }
}

/// Longest wait for the answer to a whole message (RFC 5321, 4.5.3.2.6: 10 minutes).
const END_OF_MESSAGE: Duration = Duration::from_secs(600);
