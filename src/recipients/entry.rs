//! One entry of a list: what it matches.

/// What an entry matches, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `x.example`: this domain, not its sub-domains.
    Domain(String),
    /// `*.x.example`: its sub-domains at any depth, not the domain itself.
    Under(String),
    /// `boite@x.example`: this address.
    Mailbox(String, String),
    /// `*.suffixe@x.example`: addresses of the domain whose local part ends so, and has something before.
    LocalSuffix(String, String),
}

impl Entry {
    /// Reads a domain, or `*.` and a domain.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn domain(text: &str) -> Result<Self, &'static str> {
        let text = text.trim().to_lowercase();
        match text.strip_prefix("*.") {
            Some(parent) => plain_domain(parent).map(Self::Under),
            None => plain_domain(&text).map(Self::Domain),
        }
    }

    /// Reads an address, or `*`, the end of a local part, `@` and a domain.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn address(text: &str) -> Result<Self, &'static str> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or("this is no address: it has no `@`")?;
        let domain = plain_domain(domain)?;
        match local.strip_prefix('*') {
            Some(suffix) if suffix.len() > 1 && !suffix.contains('*') => {
                Ok(Self::LocalSuffix(suffix.to_owned(), domain))
            }
            None if !local.is_empty() && !local.contains('*') => Ok(Self::Mailbox(local.to_owned(), domain)),
            _ => Err("`*` stands once, before the end of a local part, as in \"*.cissslau@ssss.gouv.qc.ca\""),
        }
    }
}

/// A name of at least two labels: a lone `ca` or an empty label would match far too much, or nothing.
fn plain_domain(text: &str) -> Result<String, &'static str> {
    if text.contains('@') {
        return Err("this is an address: write it under `addresses`");
    }
    if text.contains('*') {
        return Err("`*.` stands only at the front of a domain");
    }
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if text.contains('.') && text.split('.').all(label) {
        Ok(text.to_owned())
    } else {
        Err("this is no domain of at least two labels, such as \"exemple.qc.ca\"")
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn entries_are_read_or_refused() {
        assert_eq!(Entry::domain(" X.Example "), Ok(Entry::Domain("x.example".into())));
        assert_eq!(Entry::domain("*.x.example"), Ok(Entry::Under("x.example".into())));
        assert_eq!(Entry::address("*.b@x.example"), Ok(Entry::LocalSuffix(".b".into(), "x.example".into())));
        assert_eq!(Entry::address("a@x.example"), Ok(Entry::Mailbox("a".into(), "x.example".into())));
        for wrong in [
            "ca",
            "",
            "*",
            "*.ca",
            "*.*.x.example",
            "x.*.example",
            "x..example",
            "a@x.example",
            "x example.ca",
        ] {
            assert!(Entry::domain(wrong).is_err(), "{wrong}");
        }
        for wrong in ["x.example", "*@x.example", "a*b@x.example", "@x.example", "a@ca"] {
            assert!(Entry::address(wrong).is_err(), "{wrong}");
        }
    }
}
