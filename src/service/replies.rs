//! Answers by mail: the sender answers a notice, and the milter sees it on its way out, from inside.
//!
//! The address holds the case's token; who writes must be whom the token was made for, by envelope and by From, from a network of ours or
//! signed in to the MTA. What is taken is in the case before the MTA hears so, and goes no further; what is not is refused with a
//! reason, and stays with its sender: nothing is lost either way.

use std::sync::Arc;

use tracing::{info, warn};

use crate::mime::split_header;
use crate::model::settings::{Establishment, Replies as Settings};
use crate::model::{Address, Masked, Reading, Region, Submission};
use crate::notices::{AnswerFault, answer_refused};
use crate::plan::Reply;
use crate::ports::{Office, SenderCase, Store, StoreError};
use crate::review::{Action, Answer, Refusal, SenderSays, SenderWord, act, read_answer};

/// Takes answers.
pub struct Replies {
    store: Arc<dyn Store>,
    office: Arc<dyn Office>,
}

/// Why an answer is not taken.
enum Stop {
    Refused(AnswerFault),
    Later(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Later(error)
    }
}

impl Replies {
    /// Joins the parts.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, office: Arc<dyn Office>) -> Self {
        Self { store, office }
    }

    /// The answer to the MTA about a message to the reply address; `None` when it is for somebody else.
    pub async fn take(
        &self,
        submission: &Submission,
        settings: &Settings,
        establishment: &Establishment,
    ) -> Option<Reply> {
        let own = Address::parse(&settings.address).ok()?;
        let token = submission.envelope.recipients.iter().find_map(|to| token(to, &own)).map(Masked::new)?;
        Some(match self.carry_out(submission, settings, &token).await {
            Ok(()) => {
                info!("an answer by mail was taken");
                Reply::for_answer()
            }
            Err(Stop::Refused(fault)) => {
                info!(?fault, "an answer by mail was refused");
                Reply::Reject(answer_refused(establishment, fault))
            }
            Err(Stop::Later(failure)) => {
                warn!(%failure, "an answer by mail could not be kept; the MTA will try again");
                Reply::unjudged(None, establishment)
            }
        })
    }

    async fn carry_out(
        &self,
        submission: &Submission,
        settings: &Settings,
        token: &Masked,
    ) -> Result<(), Stop> {
        let refused = |fault| Err(Stop::Refused(fault));
        if submission.envelope.recipients.len() != 1 {
            return refused(AnswerFault::NotAlone);
        }
        let Some(opened) = self.opened(submission, settings, token).await? else {
            return refused(AnswerFault::Unknown);
        };
        let sight = self.office.look(&opened.case, submission.raw.0.clone()).await?;
        if sight.reading.facts.auto_replied {
            return refused(AnswerFault::Unknown);
        }
        let Some(answer) = read_answer(&body(&sight.reading)) else { return refused(AnswerFault::Empty) };
        if let Some(text) = &answer.text
            && !self.office.confidential(text).await?.is_empty()
        {
            return refused(AnswerFault::Confidential);
        }
        let SenderCase { case, actor } = opened;
        let speaks = answer.action != Action::Withdraw && case.state.waits();
        if speaks && case.sender_word.is_some() {
            // The MTA asks again when we stopped between the commit and the answer: the same word is no second one.
            return if said(&case.sender_word, &answer) { Ok(()) } else { refused(AnswerFault::Said) };
        }
        let change = match act(&case, answer.action, &actor, answer.text, submission.received_at) {
            Ok(change) => change,
            Err(Refusal::State(_)) => return refused(AnswerFault::Over),
            Err(_) => return refused(AnswerFault::Unknown),
        };
        self.store.apply(&change).await?;
        Ok(())
    }

    /// The case, when who writes is whom its token was made for, and writes from inside.
    async fn opened(
        &self,
        submission: &Submission,
        settings: &Settings,
        token: &Masked,
    ) -> Result<Option<SenderCase>, StoreError> {
        let facts = &submission.facts;
        let near = |client| settings.networks.iter().any(|network| network.holds(client));
        let inside = facts.login.is_some() || facts.client.is_none_or(near);
        let plain = (1..=128).contains(&token.reveal().len())
            && token.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !inside || !plain {
            return Ok(None);
        }
        let Some(opened) = self.store.sender_case(token, submission.received_at).await? else {
            return Ok(None);
        };
        let sender = opened.case.personal.as_ref().and_then(|personal| personal.sender.clone());
        let same = |one: &Address| {
            sender.as_ref().is_some_and(|other| one.reveal().eq_ignore_ascii_case(&other.reveal()))
        };
        let envelope = submission.envelope.sender.as_ref().is_some_and(same);
        let header = from(&submission.raw).as_ref().is_some_and(same);
        Ok(Some(opened).filter(|_| envelope && header))
    }
}

fn said(word: &Option<SenderWord>, answer: &Answer) -> bool {
    let says = match answer.action {
        Action::ClaimFalseAlarm => SenderSays::FalseAlarm,
        Action::AskEncryption => SenderSays::Encrypt,
        _ => SenderSays::Justified,
    };
    word.as_ref().is_some_and(|word| word.says == says && word.text == answer.text)
}

/// The token in an address: what follows the `+`. Empty for the bare address, `None` for another.
fn token(to: &Address, own: &Address) -> Option<String> {
    let (to_local, own_local) =
        (to.local().reveal().to_ascii_lowercase(), own.local().reveal().to_ascii_lowercase());
    if !to.domain().eq_ignore_ascii_case(own.domain()) {
        return None;
    }
    let rest = to_local.strip_prefix(&own_local)?;
    if rest.is_empty() { Some(String::new()) } else { rest.strip_prefix('+').map(str::to_owned) }
}

/// The text of the message itself: its first part that reads as text.
fn body(reading: &Reading) -> String {
    let own = |it: &&crate::model::Segment| {
        it.place.filename.is_none() && matches!(it.region, Region::Body | Region::Cell)
    };
    let first = reading.segments.iter().find(own).map(|it| it.place.part.clone()).unwrap_or_default();
    let mut text = String::new();
    for segment in reading.segments.iter().filter(own).filter(|it| it.place.part == first) {
        if segment.boundary != crate::model::Boundary::Inline {
            text.push('\n');
        }
        text.push_str(segment.text.reveal());
    }
    text
}

/// The one address of the one From field (RFC 5322, 3.6.2).
fn from(raw: &[u8]) -> Option<Address> {
    let (fields, _) = split_header(raw);
    let mut from = fields.iter().filter(|field| field.is("From"));
    let (Some(field), None) = (from.next(), from.next()) else { return None };
    let text = field.plain();
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.split_once('>')?.0,
        None => text.as_str(),
    };
    Address::parse(address.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::{Address, from, token};

    #[test]
    fn the_token_stands_after_the_plus_of_our_own_address() {
        let own = Address::parse("reponse@courriel.example").unwrap();
        let table = [
            ("reponse+abc@courriel.example", Some("abc")),
            ("Reponse+ABC@Courriel.Example", Some("abc")),
            ("reponse@courriel.example", Some("")),
            ("reponses+abc@courriel.example", None),
            ("reponse+abc@ailleurs.example", None),
        ];
        for (to, expected) in table {
            let seen = token(&Address::parse(to).unwrap(), &own);
            assert_eq!(seen.as_deref(), expected, "{to}");
        }
    }

    #[test]
    fn the_from_field_gives_one_address_or_none() {
        let table: [(&[u8], Option<&str>); 6] = [
            (b"From: Jean Roy <jroy@a.example>\r\n\r\n", Some("jroy@a.example")),
            (
                b"X: y\r\nFROM: \"Roy, <x@y.example>\"\r\n <jroy@a.example>\r\n\r\nFrom: z@z.example",
                Some("jroy@a.example"),
            ),
            (b"From: jroy@a.example\r\n\r\n", Some("jroy@a.example")),
            (b"From: a@a.example\r\nFrom: b@a.example\r\n\r\n", None),
            (b"To: a@a.example\r\n\r\nFrom: b@a.example\r\n", None),
            (b"", None),
        ];
        for (raw, expected) in table {
            assert_eq!(from(raw).map(|it| it.reveal()).as_deref(), expected);
        }
    }
}
