//! Mail addresses of the envelope and the headers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Masked;

/// A mail address: the local part as written (it may name a person, so it is masked), the domain in lower case.
///
/// `Display` and `Debug` print the domain only. The longest address kept is 998 bytes, one line of
/// RFC 5322; RFC 5321, 4.5.3.1 allows 64 + 1 + 255.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    local: Masked,
    domain: String,
}

/// Why a text is not a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text has no local part.
    #[error("the address is empty")]
    Empty,
    /// More than 998 bytes, or a control character.
    #[error("the address is longer than a header line, or holds a control character")]
    Unusable,
}

impl Address {
    /// Parses `local@domain`, with or without angle brackets. The last `@` parts them; an address
    /// without one (a local user) has an empty domain.
    ///
    /// # Errors
    /// [`AddressError`] when there is no local part, when it exceeds 998 bytes or holds control characters.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let text = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        if text.len() > 998 || text.chars().any(char::is_control) {
            return Err(AddressError::Unusable);
        }
        let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
        if local.is_empty() {
            return Err(AddressError::Empty);
        }
        let domain = domain.trim_end_matches('.').to_lowercase();
        Ok(Self { local: Masked::new(local), domain })
    }

    /// The domain, in lower case, without a final dot; empty for a local user.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The part before the `@`. It may name a person.
    #[must_use]
    pub fn local(&self) -> &Masked {
        &self.local
    }

    /// The whole address in clear, for an envelope, a sealed record or `--reveal`.
    #[must_use]
    pub fn reveal(&self) -> String {
        if self.domain.is_empty() {
            return self.local.reveal().to_owned();
        }
        format!("{}@{}", self.local.reveal(), self.domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "•••@{}", self.domain)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError};

    #[test]
    fn an_address_prints_its_domain_only() {
        let address = Address::parse("<Marie.Tremblay@CISSS.example.>").unwrap();
        assert_eq!(format!("{address} {address:?}"), "•••@cisss.example •••@cisss.example");
        assert_eq!(address.reveal(), "Marie.Tremblay@cisss.example");
    }

    #[test]
    fn odd_addresses_are_parsed_or_refused() {
        assert_eq!(Address::parse("\"a@b\"@c.example").unwrap().domain(), "c.example");
        assert_eq!(Address::parse("root").unwrap().domain(), "");
        assert_eq!(Address::parse("@c.example"), Err(AddressError::Empty));
        assert_eq!(Address::parse("a\r\nb@c"), Err(AddressError::Unusable));
    }
}
