//! One person of an export, and the hashes by which an index knows them again.

use jiff::civil::Date;

use super::fold::Spelling;
use super::secret::Key;

/// What an export says of one person. Borrowed from its row: nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Surnames: at birth, married, alias.
    pub surnames: Vec<Spelling>,
    /// Given names.
    pub given: Spelling,
    /// Birth date, when it is known.
    pub birth: Option<Date>,
    /// Health-insurance number in normal form.
    pub nam: Option<String>,
    /// Dossier number.
    pub dossier: Option<String>,
    /// Telephones, ten digits each.
    pub phones: Vec<String>,
    /// Postal code, six characters.
    pub postal: Option<String>,
}

/// What a hash is of: one letter, so that no two kinds meet.
pub(super) mod purpose {
    pub const PART: u8 = b'p';
    pub const PAIR: u8 = b'n';
    pub const INITIAL: u8 = b'i';
    pub const BIRTH: u8 = b'b';
    pub const NAM: u8 = b'm';
    pub const DOSSIER: u8 = b'd';
    pub const CONTACT: u8 = b'c';
}

/// Gives every hash of a person to `push`, some of them twice.
pub(super) fn hashes(person: &Person, key: &Key, mut push: impl FnMut(u64)) {
    let part = |form: &String| key.hash(purpose::PART, form.as_bytes());
    let surnames: Vec<u64> =
        person.surnames.iter().flat_map(Spelling::surnames).map(|form| part(&form)).collect();
    let givens: Vec<u64> = person.given.givens().iter().map(part).collect();
    for surname in &surnames {
        givens.iter().for_each(|given| push(pair(key, *surname, *given)));
    }
    let wholes = person.surnames.iter().map(Spelling::whole).filter(|whole| !whole.is_empty());
    for surname in wholes.map(|whole| part(&whole)) {
        for initials in person.given.initials() {
            push(key.join(purpose::INITIAL, surname, part(&initials)));
        }
        let contacts = person.phones.iter().chain(&person.postal);
        contacts.for_each(|contact| push(with_contact(key, surname, contact)));
    }
    if let Some(birth) = person.birth {
        surnames.iter().chain(&givens).for_each(|name| push(with_birth(key, *name, birth)));
    }
    person.nam.iter().for_each(|nam| push(key.hash(purpose::NAM, nam.as_bytes())));
    person.dossier.iter().for_each(|dossier| push(key.hash(purpose::DOSSIER, dossier.as_bytes())));
}

/// A surname and a given name, whichever comes first.
pub(super) fn pair(key: &Key, one: u64, other: u64) -> u64 {
    key.join(purpose::PAIR, one.min(other), one.max(other))
}

/// A surname or a given name, and a birth date.
pub(super) fn with_birth(key: &Key, name: u64, birth: Date) -> u64 {
    let day = i64::from(birth.year()) * 10_000 + i64::from(birth.month()) * 100 + i64::from(birth.day());
    key.join(purpose::BIRTH, name, day.unsigned_abs())
}

/// A surname, and a telephone or a postal code.
pub(super) fn with_contact(key: &Key, surname: u64, contact: &str) -> u64 {
    key.join(purpose::CONTACT, surname, key.hash(purpose::CONTACT, contact.as_bytes()))
}

/// A dossier number in normal form: letters and digits, without the zeros it is filled up with.
pub(super) fn dossier(written: &str) -> Option<String> {
    let plain: String =
        written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let plain = plain.trim_start_matches('0');
    (!plain.is_empty() && plain.len() <= 24 && plain.bytes().any(|byte| byte.is_ascii_digit()))
        .then(|| plain.to_owned())
}

/// A telephone in normal form: its last ten digits, when it has ten or eleven.
pub(super) fn phone(written: &str) -> Option<String> {
    let head = written.split(|c: char| c.is_ascii_alphabetic()).next().unwrap_or_default();
    let digits: String = head.chars().filter(char::is_ascii_digit).collect();
    let ten = if digits.len() == 11 { digits.strip_prefix('1')? } else { &digits };
    (ten.len() == 10).then(|| ten.to_owned())
}

/// A postal code in normal form.
pub(super) fn postal(written: &str) -> Option<String> {
    let plain: String =
        written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let fits = plain.len() == 6
        && plain
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at % 2 == 0 { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() });
    fits.then_some(plain)
}
