//! What policy and notices need of a message's header.
//!
//! In: header fields. Out: [`HeaderFacts`]. Addresses and dates are read by mail-parser.

use std::collections::BTreeSet;

use jiff::civil::Date;
use mail_parser::{Addr, HeaderValue, parsers::MessageStream};

use super::fields::{Field, first};
use crate::model::{Address, HeaderFacts, Masked};

/// Most addresses kept of a header, over all its fields.
const MOST_ADDRESSES: usize = 20_000;
/// Longest field handed to the address parser.
const LONGEST: usize = 4 << 20;

/// Gathers the facts of a header.
#[must_use]
pub fn of(fields: &[Field<'_>]) -> HeaderFacts {
    let submitted = |word: &str| {
        fields
            .iter()
            .any(|field| field.is("Auto-Submitted") && field.text().to_ascii_lowercase().starts_with(word))
    };
    let recipients = people(fields, &["To", "Cc"]);
    let mut seen = BTreeSet::new();
    let to_cc = recipients.iter().filter_map(|person| Address::parse(person.address.as_deref()?).ok());
    let authors = people(fields, &["From"]);
    let named = authors.iter().chain(&recipients);
    HeaderFacts {
        auto_forwarded: submitted("auto-forwarded") || fields.iter().any(is_forwarding_mark),
        auto_replied: submitted("auto-replied"),
        to_cc: to_cc.filter(|address| seen.insert(address.clone())).collect(),
        display_names: named.filter_map(|person| person.name.as_deref()).map(Masked::new).collect(),
        message_id: first(fields, "Message-ID").map(Field::text).filter(|id| !id.is_empty()).map(Masked::new),
        date: first(fields, "Date").and_then(date),
    }
}

/// A field that a mailbox rule or a resending client leaves.
fn is_forwarding_mark(field: &Field<'_>) -> bool {
    let resent = field.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("Resent-"));
    resent || field.is("X-MS-Exchange-Inbox-Rules-Loop")
}

/// Someone named in an address field.
struct Person {
    name: Option<String>,
    address: Option<String>,
}

fn people(fields: &[Field<'_>], names: &[&str]) -> Vec<Person> {
    let fields = fields.iter().filter(|field| names.iter().any(|name| field.is(name)));
    fields.flat_map(|field| addresses(field)).take(MOST_ADDRESSES).collect()
}

/// The people of one address field, groups flattened.
fn addresses(field: &Field<'_>) -> Vec<Person> {
    let mut text = field.plain();
    text.truncate(text.floor_char_boundary(LONGEST));
    text.push('\n');
    let person = |one: &Addr<'_>| Person {
        name: one.name.as_deref().map(str::to_owned),
        address: one.address.as_deref().map(str::to_owned),
    };
    match MessageStream::new(text.as_bytes()).parse_address() {
        HeaderValue::Address(list) => list.iter().map(person).collect(),
        _ => Vec::new(),
    }
}

/// Display names of an address field, without the addresses.
#[must_use]
pub fn display_names(field: &Field<'_>) -> Vec<String> {
    addresses(field).into_iter().filter_map(|person| person.name).filter(|name| !name.is_empty()).collect()
}

/// What of an address field is too long to be parsed, as it stands.
#[must_use]
pub fn unparsed(field: &Field<'_>) -> Option<String> {
    let text = field.plain();
    text.get(text.floor_char_boundary(LONGEST)..).filter(|rest| !rest.is_empty()).map(str::to_owned)
}

fn date(field: &Field<'_>) -> Option<Date> {
    let mut text = field.plain();
    text.truncate(text.floor_char_boundary(200));
    text.push('\n');
    let HeaderValue::DateTime(date) = MessageStream::new(text.as_bytes()).parse_date() else { return None };
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    Date::new(i16::try_from(date.year).ok()?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::mime::fields::split;
    use crate::model::HeaderFacts;

    fn facts(header: &str) -> HeaderFacts {
        of(&split(header.as_bytes()).0)
    }

    #[test]
    fn what_forwards_by_itself_leaves_a_mark() {
        assert!(facts("Auto-Submitted: auto-forwarded\n\n").auto_forwarded);
        assert!(facts("auto-submitted: Auto-Forwarded; by=rule\n\n").auto_forwarded);
        assert!(facts("Resent-From: a@b.example\n\n").auto_forwarded);
        assert!(facts("X-MS-Exchange-Inbox-Rules-Loop: a@b.example\n\n").auto_forwarded);
        assert!(facts("Auto-Submitted: auto-replied (vacation)\n\n").auto_replied);
        assert!(!facts("Auto-Submitted: no\nSubject: Resent-From: x\n\n").auto_forwarded);
    }

    #[test]
    fn people_dates_and_ids_are_read() {
        let facts = facts(
            "From: \"L\u{e9}a B.\" <lea@a.example>\nTo: =?utf-8?Q?No=C3=A9?= <noe@b.example>, x@C.example\n\
             Cc: equipe: <z@d.example>, x@c.example;\nDate: Tue, 3 Feb 2026 23:30:00 -0500\nMessage-ID: <1@a.example>\n\n",
        );
        let domains: Vec<&str> = facts.to_cc.iter().map(|address| address.domain()).collect();
        assert_eq!(domains, ["b.example", "c.example", "d.example"]);
        let names: Vec<&str> = facts.display_names.iter().map(|name| name.reveal()).collect();
        assert_eq!(names, ["Léa B.", "Noé"]);
        assert_eq!(facts.date, Some(jiff::civil::date(2026, 2, 3)));
        assert_eq!(facts.message_id.unwrap().reveal(), "<1@a.example>");
    }
}
