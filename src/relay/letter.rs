//! Notices: built and sent by lettre, from nobody (`<>`), so that no robot answers them.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::model::settings;
use crate::ports::{Letter, PostError};

/// Sends one notice.
pub(super) async fn post(settings: &settings::Relay, letter: &Letter) -> Result<(), PostError> {
    let message = build(settings, letter).ok_or(PostError::Never)?;
    let server = settings.notices;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.ip().to_string())
        .port(server.port())
        .hello_name(ClientId::Domain(settings.helo.clone()))
        .timeout(Some(settings.timeout))
        .build();
    match transport.send(message).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(PostError::Refused),
        Err(_) => Err(PostError::Later),
    }
}

/// Writes the message. `None` when an address cannot stand in a header.
fn build(settings: &settings::Relay, letter: &Letter) -> Option<Message> {
    let to = mail_address(letter)?;
    let envelope = lettre::address::Envelope::new(None, vec![to.clone()]).ok()?;
    let mut message = Message::builder()
        .from(settings.from.parse::<Mailbox>().ok()?)
        .to(Mailbox::new(None, to))
        .subject(letter.says.subject.as_str())
        .message_id(Some(format!("<{}@{}>", letter.id, settings.helo)))
        .date_now()
        .envelope(envelope);
    for (name, value) in &letter.says.headers {
        let name = HeaderName::new_from_ascii((*name).to_owned()).ok()?;
        message = message.raw_header(HeaderValue::new(name, value.clone()));
    }
    if let Some(id) = &letter.says.in_reply_to {
        message = message.in_reply_to(id.reveal().to_owned()).references(id.reveal().to_owned());
    }
    message.singlepart(SinglePart::plain(letter.says.text.clone())).ok()
}

fn mail_address(letter: &Letter) -> Option<lettre::Address> {
    lettre::Address::new(letter.to.local().reveal(), letter.to.domain()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::build;
    use crate::model::{Address, Masked, settings};
    use crate::notices::Rendered;
    use crate::ports::Letter;

    fn settings() -> settings::Relay {
        settings::Relay {
            release: "127.0.0.1:1".parse().unwrap(),
            notices: "127.0.0.1:1".parse().unwrap(),
            from: "Vaguemestre <courriel@cisss.example>".to_owned(),
            helo: "vaguemestre.cisss.example".to_owned(),
            group_warnings: Duration::from_secs(1),
            postfix_config: None,
            mail_log: None,
            timeout: Duration::from_secs(1),
            encrypt_header: String::new(),
            encrypt_subject: String::new(),
        }
    }

    /// RFC 3834, 3.1.7: "The Auto-Submitted field […] SHOULD be included"; RFC 5321, 6.1: notifications go out with the null
    /// reverse-path, so that no answer comes back.
    #[test]
    fn a_notice_comes_from_nobody_and_threads_under_the_message_it_speaks_of() {
        let letter = Letter {
            id: "00ff".to_owned(),
            to: Address::parse("z.q@cisss.example").unwrap(),
            says: Rendered {
                subject: "Votre courriel est retenu".to_owned(),
                text: "Bonjour,\n\nÀ vérifier.\n".to_owned(),
                headers: vec![
                    ("Auto-Submitted", "auto-replied".to_owned()),
                    ("X-Auto-Response-Suppress", "All".to_owned()),
                ],
                in_reply_to: Some(Masked::new("<orig@cisss.example>")),
            },
        };
        let message = build(&settings(), &letter).unwrap();
        assert!(message.envelope().from().is_none());
        let text = String::from_utf8(message.formatted()).unwrap();
        for line in [
            "Message-ID: <00ff@vaguemestre.cisss.example>",
            "In-Reply-To: <orig@cisss.example>",
            "References: <orig@cisss.example>",
            "Auto-Submitted: auto-replied",
            "X-Auto-Response-Suppress: All",
            "To: z.q@cisss.example",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
    }
}
