//! What a client asks to be told of its message's delivery (RFC 3461, DSN), in the words of its commands.
//!
//! A message that is held and released keeps it: a demand for a receipt is part of the mail. What is not of the RFC's form is
//! dropped, as a server that does not know it would.

use serde::{Deserialize, Serialize};

use super::{Address, Masked};

/// The demands of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reports {
    /// `RET`: how much of the message a report brings back.
    pub returned: Option<Returned>,
    /// `ENVID`: the client's own name for the message, as sent.
    pub name: Option<Masked>,
    /// What is asked for single recipients; those who are missing have the default.
    pub of: Vec<ReportsOf>,
}

/// The demands on one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsOf {
    /// Who.
    pub recipient: Address,
    /// `NOTIFY`: on what.
    pub on: Option<ReportOn>,
    /// `ORCPT`: the address that the client's own client wrote, with its type, as sent.
    pub first_written: Option<Masked>,
}

/// `RET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Returned {
    /// All of it.
    Full,
    /// Its header.
    Header,
}

/// `NOTIFY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportOn {
    /// When it is delivered.
    pub success: bool,
    /// When it cannot be.
    pub failure: bool,
    /// When it takes long.
    pub delay: bool,
}

impl Reports {
    /// Takes `RET` and `ENVID` of the arguments of MAIL.
    #[must_use]
    pub fn of_mail(returned: Option<&str>, name: Option<&str>) -> Self {
        let returned = match returned {
            Some(word) if word.eq_ignore_ascii_case("FULL") => Some(Returned::Full),
            Some(word) if word.eq_ignore_ascii_case("HDRS") => Some(Returned::Header),
            _ => None,
        };
        Self { returned, name: name.and_then(|name| plain(name, LONGEST_NAME)), of: Vec::new() }
    }

    /// What is asked for a recipient.
    #[must_use]
    pub fn about(&self, recipient: &Address) -> Option<&ReportsOf> {
        self.of.iter().find(|of| of.recipient == *recipient)
    }
}

impl ReportsOf {
    /// Takes `NOTIFY` and `ORCPT` of the arguments of RCPT; `None` when nothing is asked.
    #[must_use]
    pub fn of_recipient(recipient: &Address, on: Option<&str>, first_written: Option<&str>) -> Option<Self> {
        let on = on.and_then(ReportOn::parse);
        let first_written = first_written.filter(|text| text.contains(';'));
        let first_written = first_written.and_then(|text| plain(text, LONGEST_ADDRESS));
        (on.is_some() || first_written.is_some()).then(|| Self {
            recipient: recipient.clone(),
            on,
            first_written,
        })
    }
}

impl Returned {
    /// The word of the command.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Header => "HDRS",
        }
    }
}

impl ReportOn {
    /// Reads `NEVER`, or a list of the other words.
    fn parse(text: &str) -> Option<Self> {
        let mut on = Self { success: false, failure: false, delay: false };
        if text.eq_ignore_ascii_case("NEVER") {
            return Some(on);
        }
        for word in text.split(',') {
            match word.to_ascii_uppercase().as_str() {
                "SUCCESS" => on.success = true,
                "FAILURE" => on.failure = true,
                "DELAY" => on.delay = true,
                _ => return None,
            }
        }
        Some(on)
    }

    /// The words of the command.
    #[must_use]
    pub fn words(self) -> String {
        let words = [(self.success, "SUCCESS"), (self.failure, "FAILURE"), (self.delay, "DELAY")];
        let asked: Vec<&str> = words.into_iter().filter_map(|(asked, word)| asked.then_some(word)).collect();
        if asked.is_empty() { "NEVER".to_owned() } else { asked.join(",") }
    }
}

/// A value that stands in a command as it is: printable ASCII, as xtext is (RFC 3461, 4), and not too long.
fn plain(text: &str, longest: usize) -> Option<Masked> {
    let fits = (1..=longest).contains(&text.len());
    (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Masked::new(text))
}

/// RFC 3461, 4.4: "ENVID […] MUST NOT exceed 100 characters".
const LONGEST_NAME: usize = 100;

/// RFC 3461, 4.2: "ORCPT […] 500 characters", in the worst case of xtext.
const LONGEST_ADDRESS: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3461, 4.1: `notify-esmtp-value = "NEVER" / 1#notify-list-element`.
    #[test]
    fn what_is_asked_is_written_as_it_was() {
        let to = Address::parse("b@x.example").unwrap();
        let of = |on: &str, orcpt: &str| {
            let of = ReportsOf::of_recipient(&to, Some(on), Some(orcpt))?;
            Some((of.on.map(ReportOn::words), of.first_written.map(|text| text.reveal().to_owned())))
        };
        let asked = |on: &str, orcpt: &str| {
            let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Some((given(on), given(orcpt)))
        };
        for (on, orcpt, expected) in [
            ("NEVER", "", asked("NEVER", "")),
            ("success,Delay", "rfc822;b+2Bc@x.example", asked("SUCCESS,DELAY", "rfc822;b+2Bc@x.example")),
            ("FAILURE", "no type", asked("FAILURE", "")),
            ("SUCCESS,NEVER", "rfc822;b@x.example\r\nRCPT", None),
            ("NEVER", "rfc822;b\u{e9}@x.example", asked("NEVER", "")),
            ("", "", None),
        ] {
            assert_eq!(of(on, orcpt), expected, "{on} {orcpt}");
        }
        let mail = Reports::of_mail(Some("hdrs"), Some("QQ314159"));
        assert_eq!(mail.returned.map(Returned::word), Some("HDRS"));
        assert_eq!(mail.name.map(|name| name.reveal().to_owned()), Some("QQ314159".to_owned()));
        assert_eq!(Reports::of_mail(Some("ALL"), Some("a b")), Reports::default());
        assert_eq!(Reports::of_mail(None, Some(&"a".repeat(101))), Reports::default());
    }
}
