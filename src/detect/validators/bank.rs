//! Bank accounts. Canadian: transit 5, institution 3, account 7 to 12 digits; institutions compiled by us, 2026-11, on the
//! numbers that Payments Canada gives to its members. IBAN: modulo 97 equal to 1 (python-stdnum, `stdnum/iban.py`, which looks
//! at each country's own structure too) and the length that its country has (compiled by us, 2026-11, on ISO 13616's registry).

use super::{Found, Proof, compact, groups};

/// Institutions whose numbers stand on Canadian cheques: banks, then trust companies, then caisses and credit unions.
const INSTITUTIONS: [u16; 71] = [
    1, 2, 3, 4, 6, 10, 16, 30, 39, 117, 127, 177, 219, 240, 241, 245, 260, 265, 269, 270, 290, 292, 294, 301,
    303, 307, 308, 309, 310, 311, 312, 314, 315, 318, 320, 323, 326, 328, 332, 334, 338, 340, 352, 361, 370,
    374, 507, 509, 540, 548, 568, 570, 590, 614, 618, 621, 623, 626, 809, 815, 819, 828, 829, 837, 839, 842,
    865, 869, 879, 889, 899,
];

/// The institution whose number is an area code too.
const AREA: &str = "819";

/// How long an IBAN is, by country.
const LENGTHS: &[(u8, &str)] = &[
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FO GL NL"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HU LB PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU"),
    (31, "MT SC"),
    (32, "LC"),
];

/// Takes transit, institution and account in any order the labels gave, or the nine digits of a deposit (0, institution, transit)
/// and the account; the normal form is transit, institution, account.
pub(super) fn account(found: &Found<'_>) -> Option<Proof> {
    let numbers: Vec<&str> = found
        .text
        .split(|character: char| !character.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let lengths: Vec<usize> = numbers.iter().map(|number| number.len()).collect();
    let (transit, institution, account) = match (numbers.as_slice(), lengths.as_slice()) {
        ([transit, institution, rest @ ..], [5, 3, ..]) => (*transit, *institution, rest.concat()),
        ([institution, transit, rest @ ..], [3, 5, ..]) => (*transit, *institution, rest.concat()),
        ([deposit, rest @ ..], [9, _, ..]) => (deposit.get(4..)?, deposit.get(1..4)?, rest.concat()),
        ([account, transit, institution], [7, 5, 3]) => (*transit, *institution, (*account).to_owned()),
        ([both, rest @ ..], [8, _, ..]) => (both.get(..5)?, both.get(5..)?, rest.concat()),
        ([whole], _) => (whole.get(..5)?, whole.get(5..8)?, whole.get(8..)?.to_owned()),
        _ => return None,
    };
    // `poste 12345, 819 555-1530`
    let telephone = matches!(lengths.as_slice(), [5, 3, 3, 4]) && institution == AREA;
    let deposit =
        lengths.first() != Some(&9) || numbers.first().is_some_and(|number| number.starts_with('0'));
    proof(transit, institution, &account).filter(|_| deposit && !telephone)
}

/// Takes the three numbers by their names, which stand before them, or after them when the text starts with a number.
pub(super) fn account_named(found: &Found<'_>) -> Option<Proof> {
    let mut parts = Parts::default();
    let (mut role, mut waiting) = (None, String::new());
    let after = found.text.starts_with(|first: char| first.is_ascii_digit());
    let mut bracketed = false;
    for token in found.text.split_inclusive([' ', '\n', '\t', ',', ';', ':', '/', '|', '-', ')', '(', '\'']) {
        let bare = token.trim_matches(|character: char| !character.is_ascii_alphanumeric());
        if bare.bytes().all(|byte| byte.is_ascii_digit()) && !bare.is_empty() {
            // `(5 chiffres)` says how many digits follow.
            match role {
                _ if after => waiting.push_str(bare),
                Some(role) if bare.len() > 2 || !bracketed => parts.of(role).push_str(bare),
                _ => {}
            }
        } else if let Some(named) = Role::of(bare) {
            role = Some(named);
            parts.of(named).push_str(&std::mem::take(&mut waiting));
        }
        bracketed = token.ends_with('(');
    }
    parts.proof()
}

/// What a number of an account is, by its name.
#[derive(Clone, Copy)]
enum Role {
    Transit,
    Institution,
    Account,
    /// Nine digits: 0, institution, transit.
    Deposit,
}

impl Role {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "transit" | "succursale" | "succ" | "branch" | "caisse" => Self::Transit,
            "institution" | "inst" | "banque" | "bank" => Self::Institution,
            "compte" | "comptes" | "cpt" | "cpte" | "folio" | "account" | "acct" => Self::Account,
            "routing" => Self::Deposit,
            _ => return None,
        })
    }
}

/// The digits of each.
#[derive(Default)]
struct Parts {
    transit: String,
    institution: String,
    account: String,
    deposit: String,
}

impl Parts {
    fn of(&mut self, role: Role) -> &mut String {
        match role {
            Role::Transit => &mut self.transit,
            Role::Institution => &mut self.institution,
            Role::Account => &mut self.account,
            Role::Deposit => &mut self.deposit,
        }
    }

    fn proof(&self) -> Option<Proof> {
        match (self.transit.len(), self.institution.len(), self.deposit.len()) {
            (5, 3, 0) => proof(&self.transit, &self.institution, &self.account),
            (0, 0, 9) => proof(self.deposit.get(4..)?, self.deposit.get(1..4)?, &self.account),
            _ => None,
        }
    }
}

/// The normal form, when the institution exists and the account has as many digits as one has.
fn proof(transit: &str, institution: &str, account: &str) -> Option<Proof> {
    let known = institution.parse().is_ok_and(|number| INSTITUTIONS.contains(&number));
    let empty = account.bytes().all(|byte| byte == b'0') || transit.bytes().all(|byte| byte == b'0');
    (known && !empty && (5..=12).contains(&account.len())).then(|| Proof {
        value: format!("{transit}{institution}{account:0>7}"),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

pub(super) fn iban(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let country = value.get(..2)?;
    let length = LENGTHS.iter().find(|(_, countries)| countries.split(' ').any(|other| other == country))?.0;
    let turned = format!("{}{country}{}", value.get(4..)?, value.get(2..4)?);
    let rest = turned.chars().try_fold(0, |rest: u32, character| {
        let number = character.to_digit(36)?;
        Some((rest * if number > 9 { 100 } else { 10 } + number) % 97)
    })?;
    let mut facts = vec!["check_digit", "known_length"];
    facts.extend(
        groups(found.text)
            .split_last()
            .is_some_and(|(_, rest)| rest.len() > 2 && rest.iter().all(|length| *length == 4))
            .then_some("grouped"),
    );
    (value.len() == usize::from(length) && rest == 1).then(|| Proof { value, facts, ..Proof::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(text: &str) -> Found<'_> {
        Found { text, after: "", today: date(2026, 1, 15) }
    }

    #[test]
    fn accounts_are_put_in_one_order() {
        for (text, value) in [
            ("12345-006-1234567", Some("123450061234567")),
            ("Transit : 12345 / Institution : 815 / Folio : 1234567", Some("123458151234567")),
            ("institution 815, transit 12345, compte 234567", Some("123458150234567")),
            ("12345-999-1234567", None),
            ("081512345 1234567", Some("123458151234567")),
            ("181512345 1234567", None),
            ("12345006 1234567", Some("123450061234567")),
            ("123450061234567", Some("123450061234567")),
            ("12345 006 123 4567", Some("123450061234567")),
            ("12345 819 123-4567", None),
            ("00000-006-0000000", None),
            ("⑆12345⑉006⑆ 123⑉456⑉7⑈", Some("123450061234567")),
        ] {
            assert_eq!(account(&found(text)).map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn the_numbers_of_an_account_are_told_by_their_names() {
        for (text, value) in [
            ("compte 1234567, transit 12345, institution 815", Some("123458151234567")),
            ("Inst. 815 Succ. 12345 Cpte 12-345-67", Some("123458151234567")),
            (
                "Transit (5 chiffres) : 12345 Institution 815 Compte (7 chiffres) : 1234567",
                Some("123458151234567"),
            ),
            ("12345 (transit) 815 (institution) 1234567 (compte)", Some("123458151234567")),
            ("routing 081512345 account 1234567", Some("123458151234567")),
            ("transit 1234, institution 815, compte 1234567", None),
            ("transit 12345, institution 999, compte 1234567", None),
            ("transit 12345, institution 815, compte", None),
        ] {
            assert_eq!(account_named(&found(text)).map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn ibans_are_checked_modulo_97() {
        for (text, passes) in [
            ("GB82 WEST 1234 5698 7654 32", true),
            ("FR14 2004 1010 0505 0001 3M02 606", true),
            ("GB82 WEST 1234 5698 7654 33", false),
            ("DE89 3704 0044 0532 0130 00", true),
            ("CH93 0076 2011 6238 5295 7", true),
            ("BE68 5390 0754 7034", true),
            ("GB82 WEST 1234 5698 7654 3233", false),
            ("ZZ82 WEST 1234 5698 7654 32", false),
        ] {
            assert_eq!(iban(&found(text)).is_some(), passes, "{text}");
        }
    }
}
