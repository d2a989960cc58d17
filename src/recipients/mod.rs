//! Floor 1: how far from the establishment an address is, from lists given as values.
//!
//! In: list files as texts, and addresses. Out: a class for each address. Knows no DNS and asks nobody: an
//! address that no list names is external, and so is a look-alike of one that is listed.

mod entry;
mod lists;
mod table;

use std::collections::HashMap;

use crate::model::{Address, Class, Faults, Recipient};

use table::Table;

/// Compiled recipient lists.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    table: Table,
    digest: String,
}

/// Everything wrong in recipient lists.
pub type ListErrors = Faults;

/// What a list says of the addresses it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listed {
    class: Class,
    counts_as: Class,
}

const STRANGER: Listed = Listed { class: Class::External, counts_as: Class::External };

impl Lists {
    /// The class an address is listed in, and the class that articles see. The closest match wins: the address or
    /// the end of its local part, then its domain, then the nearest parent domain.
    ///
    /// A local part that routes onward (`a%b.example@…`, `b.example!a@…`) is as far away as the farther of both domains:
    /// Postfix rewrites these forms by default (`allow_percent_hack`, `swap_bangpath`).
    #[must_use]
    pub fn classify(&self, address: &Address) -> (Class, Class) {
        let local = address.local().reveal().to_lowercase();
        let listed = self.table.find(&local, address.domain()).unwrap_or(STRANGER);
        let farthest = onward(&local)
            .map(|domain| self.table.find("", domain).unwrap_or(STRANGER))
            .chain([listed])
            .max_by_key(|listed| listed.counts_as)
            .unwrap_or(STRANGER);
        (farthest.class, farthest.counts_as)
    }

    /// Classifies all recipients of an envelope.
    #[must_use]
    pub fn recipients(&self, addresses: &[Address]) -> Vec<Recipient> {
        let one = |address: &Address| {
            let (class, counts_as) = self.classify(address);
            Recipient { address: address.clone(), class, counts_as }
        };
        addresses.iter().map(one).collect()
    }

    /// SHA-256 of the lists, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many entries each class has.
    #[must_use]
    pub fn sizes(&self) -> HashMap<Class, usize> {
        self.table.sizes()
    }
}

/// Domains that a local part asks to be routed to.
fn onward(local: &str) -> impl Iterator<Item = &str> {
    let after = local.rsplit_once(['%', '@']).map(|(_, domain)| domain);
    let before = local.split_once('!').map(|(domain, _)| domain);
    [after, before].into_iter().flatten().map(|domain| domain.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::Lists;
    use crate::model::{Address, Class};

    fn lists() -> Lists {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        Lists::compile(&[
            file(
                "internal.toml",
                "class = \"internal\"\nsource = \"test\"\ncompiled = \"2026-11\"\ndomains = [\"cissslau.example\"]\naddresses = [\"*.cissslau@ssss.gouv.example\"]",
            ),
            file(
                "network.toml",
                "class = \"network\"\nsource = \"test\"\ncompiled = \"2026-11\"\ndomains = [\"ssss.gouv.example\", \"*.ssss.gouv.example\"]",
            ),
            file(
                "partner.toml",
                "class = \"partner\"\nsource = \"test\"\ncompiled = \"2026-11\"\ndomains = [\"labo.example\"]\nverified_tls = [\"pharma.example\"]",
            ),
            file(
                "webmail.toml",
                "class = \"webmail\"\nsource = \"test\"\ncompiled = \"2026-11\"\ndomains = [\"gmail.com\", \"ssss.poste.example\"]",
            ),
        ])
        .unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn an_address_has_the_class_of_its_closest_match() {
        use Class::{External, Internal, Network, Partner, Webmail};
        let table = [
            ("a@cissslau.example", Internal, Internal),
            ("A@CISSSLAU.Example.", Internal, Internal),
            ("a@sub.cissslau.example", External, External),
            ("jean.roy.cissslau@ssss.gouv.example", Internal, Internal),
            ("Jean.Roy.CISSSLAU@ssss.gouv.example", Internal, Internal),
            ("jean.roy.cissslav@ssss.gouv.example", Network, Network),
            (".cissslau@ssss.gouv.example", Network, Network),
            ("jean.roy.cissslau@x.ssss.gouv.example", Network, Network),
            ("a@b.c.ssss.gouv.example", Network, Network),
            ("a@labo.example", Partner, External),
            ("a@pharma.example", Partner, Network),
            ("a@gmail.com", Webmail, Webmail),
            ("a@mail.gmail.com", External, External),
            ("root", External, External),
            ("a@[192.0.2.1]", External, External),
        ];
        for (address, class, counts_as) in table {
            assert_eq!(lists().classify(&Address::parse(address).unwrap()), (class, counts_as), "{address}");
        }
    }

    #[test]
    fn look_alikes_are_external() {
        for domain in [
            "cissslau-example.com",
            "cisss1au.example",
            "xcissslau.example",
            "cissslau.example.com",
            "gmial.com",
        ] {
            let address = Address::parse(&format!("a@{domain}")).unwrap();
            assert_eq!(lists().classify(&address), (Class::External, Class::External), "{domain}");
        }
    }

    /// postconf(5), `allow_percent_hack`: "Enable the rewriting of the form "user%domain" to "user@domain"."
    #[test]
    fn a_local_part_that_routes_onward_is_as_far_as_its_target() {
        let table = [
            ("a%gmail.com@cissslau.example", Class::Webmail),
            ("gmail.com!a@cissslau.example", Class::Webmail),
            ("\"a@ailleurs.example\"@cissslau.example", Class::External),
            ("a%ssss.gouv.example@cissslau.example", Class::Network),
            ("a%cissslau.example@gmail.com", Class::Webmail),
        ];
        for (address, class) in table {
            assert_eq!(lists().classify(&Address::parse(address).unwrap()).0, class, "{address}");
        }
    }
}
