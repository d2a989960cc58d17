//! Validators: is a text that has the right shape really such a number, and what does it say?
//!
//! Each takes a [`Found`] and answers with a [`Proof`], or `None` when the text cannot be one.
//! It names facts (`check_digit`, `no_check`, …); the rule that asked weighs them in bits.

mod bank;
mod card;
mod contact;
mod date;
mod date_words;
mod health_card;
mod licence;
mod link;
mod luhn;
mod nam;
mod nas;
mod passport;
mod permit;
mod secret;
mod spelled;

use jiff::civil::Date;

use super::candidate::Says;

pub use licence::sound_of;
pub use nam::{check_digit, letters_of};

/// A text to validate, with what surrounds it on its line.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The folded text that matched.
    pub text: &'a str,
    /// What follows it, up to the end of the line.
    pub after: &'a str,
    /// The message's date.
    pub today: Date,
}

/// What a validator makes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The value in normal form.
    pub value: String,
    /// Facts for or against, to be weighed by the rule.
    pub facts: Vec<&'static str>,
    /// What the value says besides itself.
    pub says: Says,
}

/// Judges one text.
pub type Validator = fn(&Found<'_>) -> Option<Proof>;

/// Every validator, by the name that rules use.
pub static VALIDATORS: &[(&str, Validator)] = &[
    ("nam", nam::nam),
    ("nam_misread", nam::misread),
    ("nam_partial", nam::partial),
    ("nam_in_record", nam::in_record),
    ("nam_spelled", spelled::nam),
    ("nam_reversed", spelled::reversed_nam),
    ("date", date::date),
    ("birth_month", date::month_of_birth),
    ("date_of_age", date::of_age),
    ("date_in_pieces", date::in_pieces),
    ("date_year_first", date::year_first),
    ("date_in_words", date_words::in_words),
    ("date_serial", date::serial),
    ("nas", nas::nas),
    ("nas_spelled", spelled::nas),
    ("card", card::card),
    ("card_spelled", spelled::card),
    ("iban", bank::iban),
    ("account", bank::account),
    ("account_named", bank::account_named),
    ("ohip", health_card::ohip),
    ("bc_phn", health_card::bc_phn),
    ("province_card", health_card::province),
    ("nunavut_card", health_card::nunavut),
    ("mrz", passport::mrz),
    ("varied", permit::varied),
    ("lettered", permit::lettered),
    ("plain_number", permit::plain),
    ("client_of_immigration", permit::client),
    ("billing", permit::billing),
    ("phone", contact::phone),
    ("postal_code", contact::postal_code),
    ("mailbox", contact::mailbox),
    ("licence_qc", licence::quebec),
    ("licence_on", licence::ontario),
    ("password", secret::password),
    ("password_unmarked", secret::unmarked_password),
    ("password_parted", secret::parted_password),
    ("network_key", secret::network_key),
    ("password_strong", secret::strong_password),
    ("password_word", secret::told),
    ("token", secret::token),
    ("github_token", secret::checksummed),
    ("jwt", secret::jwt),
    ("door_code", secret::door_code),
    ("secret", secret::secret),
    ("secret_code", secret::code),
    ("secret_phrase", secret::phrase),
    ("recovery_key", secret::recovery_key),
    ("basic_authorization", secret::basic),
    ("url_password", secret::in_address),
    ("verbatim", verbatim),
    ("link", link::link),
];

/// Every fact that validators and the engine state, and the reason it is told as.
pub static FACTS: &[(&str, &str)] = &[
    ("prior", "how rare such a thing is"),
    ("label", "a label"),
    ("column", "a column header"),
    ("decoy", "a word against"),
    ("decoy_of", "a word against, before someone's"),
    ("in_token", "inside an address or an identifier"),
    ("beside_digits", "part of a longer number"),
    ("shape", "shape"),
    ("check_digit", "check digit"),
    ("no_check", "no check"),
    ("temporary", "temporary"),
    ("lower_case", "lower case"),
    ("odd_groups", "odd groups"),
    ("compact_date", "compact date"),
    ("grouped", "grouped"),
    ("version", "version"),
    ("plausible_age", "plausible age"),
    ("recent", "recent"),
    ("future", "future"),
    ("two_digit_year", "two digit year"),
    ("time", "time"),
    ("same_age", "same age"),
    ("compact", "compact"),
    ("strong", "strong"),
    ("several", "several different ones"),
    ("one_swap", "one swap"),
    ("known_length", "known length"),
    ("plain_word", "plain word"),
    ("cased", "both cases and figures"),
    ("joined", "words joined"),
    ("long", "more digits than a code has"),
    ("signed", "a sign that ends a code"),
    ("named", "the word for a secret in its sentence"),
    ("named_before", "the word for a secret in the sentence before"),
    ("named_far", "the word for a secret farther off, or in the subject"),
    ("named_after", "the word for a secret after it"),
    ("hinted", "a word of what is locked or asked for"),
    ("opens", "what it opens"),
    ("given", "given by a mark or a word right before it"),
    ("given_partly", "perhaps given by what stands before it"),
    ("answers", "alone over the question that it answers"),
    ("user_told", "the word for a user or a thing and a mark before it"),
    ("user", "the word for a user or a thing right before it"),
    ("of", "what something is of, or counts"),
    ("listing", "in code, settings or a log"),
    ("about", "what such numbers are called, elsewhere in the message"),
    ("topic", "spoken of where such a number is given"),
    ("topics", "spoken of in several words where such a number is given"),
    ("uncued", "given by nothing before it"),
    ("titled", "a noun opens the sentence right before it"),
    ("another", "its sentence speaks of another number"),
    ("own_birth", "its own birth date after it"),
    ("expiry", "the expiry of a card after it"),
    ("expires", "a month and a year after it"),
    ("code", "a code of three digits after its expiry"),
    ("own_sex", "the letter of its own sex after it"),
];

/// The reason that a fact is told as.
#[must_use]
pub fn told_as(fact: &str) -> &'static str {
    FACTS.iter().find(|(name, _)| *name == fact).map_or("", |(_, told)| told)
}

/// The validator of a name.
#[must_use]
pub fn by_name(name: &str) -> Option<Validator> {
    VALIDATORS.iter().find(|(other, _)| *other == name).map(|(_, validator)| *validator)
}

/// Takes the text as it is, upper case, without separators.
fn verbatim(found: &Found<'_>) -> Option<Proof> {
    Some(Proof { value: compact(found.text), facts: vec!["shape"], ..Proof::default() })
}

/// Letters and digits of a text, upper case.
fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_uppercase()).collect()
}

/// The digits of a text.
fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|character| character.to_digit(10)).collect()
}

/// Lengths of the groups of letters and digits between separators.
fn groups(text: &str) -> Vec<usize> {
    text.split(|character: char| !character.is_ascii_alphanumeric())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect()
}
