//! Every word list that names need, in one table: one look-up per word of a message.
//!
//! In: word lists as terms with tags. Out: for a run of words, which lists hold it. A word is known by a
//! 64-bit key of its lower-case letters, a phrase by the mix of its words' keys, so that nothing is copied
//! while a text is read. It refuses to know what a name is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::{BitOr, BitOrAssign};

use super::elsewhere::Elsewhere;
use super::key_filter::KeyFilter;
use super::ordinary::Ordinary;
use super::token;
use super::weights::{WEIGHTS, Weights};
use crate::detect::lexicon::{Lexicon, Lexicons};

/// The lists a word or phrase stands in, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tags(u64);

impl Tags {
    /// No list.
    pub const NONE: Self = Self(0);

    const fn bit(index: u32) -> Self {
        Self(1 << index)
    }

    /// The union of several sets.
    #[must_use]
    pub const fn all(sets: &[Self]) -> Self {
        let (mut all, mut rest) = (0, sets);
        while let [first, others @ ..] = rest {
            all |= first.0;
            rest = others;
        }
        Self(all)
    }

    /// Whether the two sets share a list.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set without the lists of another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is in no list.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Tags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Tags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $index:literal;)+) => {
        $($(#[$doc])* pub const $name: Tags = Tags::bit($index);)+
    };
}

tags! {
    /// A given name.
    GIVEN = 0;
    /// A surname.
    SURNAME = 1;
    /// A name that is an ordinary word too.
    NAME_WORD = 2;
    /// An ordinary word.
    COMMON = 3;
    /// A place, an establishment, a holiday.
    PLACE = 4;
    /// What turns the next capitalised words into a place.
    PLACE_HEAD = 5;
    /// The same, when nothing stands between.
    PLACE_HEAD_WEAK = 6;
    /// After it, a name is that of a disease or a scale.
    EPONYM_HEAD = 7;
    /// A disease, scale or device named after someone.
    EPONYM = 8;
    /// A title of courtesy.
    TITLE = 9;
    /// A title of someone on duty.
    STAFF = 10;
    /// A function, after a name.
    JOB = 11;
    /// Before the name of a patient.
    PATIENT_BEFORE = 12;
    /// The same, saying less.
    PATIENT_BEFORE_WEAK = 13;
    /// After the name of a patient.
    PATIENT_AFTER = 14;
    /// Said of a patient.
    PATIENT_VERB = 15;
    /// Before the name of someone who acts, writes or is thanked.
    CONTACT = 16;
    /// Training, announcements, forms.
    ORDINARY = 17;
    /// Closes a message.
    CLOSING = 18;
    /// Opens a message.
    GREETING = 19;
    /// Opens a legal footer.
    FOOTER = 20;
    /// A label of a quoted mail header.
    MAIL_HEADER = 21;
    /// A column of a table of patients.
    PATIENT_COLUMN = 22;
    /// A column of a table of employees.
    STAFF_COLUMN = 23;
    /// A term of health.
    HEALTH = 24;
    /// A term of health that says enough alone.
    HEALTH_SENSITIVE = 25;
    /// A strong term of crisis.
    CRISIS = 26;
    /// Speaks against a crisis.
    CRISIS_NOT = 27;
    /// A term of staff files, weight 1.
    HR = 28;
    /// The same, weight 3.
    HR_STRONG = 29;
    /// Speaks against staff files.
    HR_NOT = 30;
    /// A term of money.
    FINANCE = 31;
    /// The same, weight 2.
    FINANCE_STRONG = 32;
    /// Speaks against money.
    FINANCE_NOT = 33;
    /// A term of legal matters.
    LEGAL = 34;
    /// The same, weight 2.
    LEGAL_STRONG = 35;
    /// Speaks against legal matters.
    LEGAL_NOT = 36;
    /// A term of strategic information.
    STRATEGIC = 37;
    /// The same, weight 2.
    STRATEGIC_STRONG = 38;
    /// Speaks against strategic information.
    STRATEGIC_NOT = 39;
    /// A particle of surnames.
    PARTICLE = 40;
    /// A label after the name of a colleague.
    CONTACT_AFTER = 41;
    /// Said of someone on duty.
    STAFF_VERB = 42;
    /// In the names of files about a patient.
    FILE_WORD = 43;
    /// In the names of files about someone else.
    FILE_OTHER = 44;
    /// Carries on about the person just named.
    PRONOUN = 45;
    /// Labels the surname in a form.
    FORM_SURNAME = 46;
    /// Labels the given name in a form.
    FORM_GIVEN = 47;
    /// What care is made of: appointments, wards, body parts, visits.
    CARE = 48;
    /// Before a term of health, makes it one of a ward, a course, a programme.
    GENERAL = 49;
    /// A measure, beside a number.
    UNIT = 50;
    /// Right after a name, tells what became of someone: `a`, `s'est`, `was`.
    TOLD = 51;
    /// Ties a name to the word it owns: `de`, `chez`, `for`.
    LINK_OF = 52;
    /// Says that someone did something beside a name: `avec`, `with`.
    LINK_WITH = 53;
    /// Before whom something is asked of or sent to: `à`, `to`.
    ADDRESSED = 57;
    /// After a name, says that a thing bears it: `Award`, `Room`.
    THING_TAIL = 58;
    /// Asks that something be told or sent: `demandez`, `adressez`.
    ASKS = 54;
    /// Said of hardly anyone but a patient: `est décédée`, `was admitted`.
    PATIENT_VERB_SURE = 55;
    /// A funeral, condolences: whoever is named is mourned by colleagues.
    MOURNING = 56;
    /// Someone of the staff, in a file about them: `l'employée`, `the employee`.
    EMPLOYEE = 59;
    /// Said to everyone: what a notice to the whole staff holds.
    TO_EVERYONE = 60;
    /// A term of crisis that says little alone: `couteau`, `code jaune`.
    CRISIS_WEAK = 61;
    /// A branch of medicine, which is nobody's illness: `psychiatrie`, `oncology`.
    DISCIPLINE = 62;
    /// A longer phrase begins so.
    BEGINS = 63;
}

/// A list's name, the tag of its terms, and the tags that its own tags stand for.
type List = (&'static str, Tags, &'static [(&'static str, Tags)]);

/// Which list gives which tags: the tag of terms without one, then those by the list's own tags.
const LISTS: &[List] = &[
    ("given-names", GIVEN, &[]),
    ("given-names-france", GIVEN, &[]),
    ("given-names-usa", GIVEN, &[]),
    ("given-names-world", GIVEN, &[]),
    ("surnames", SURNAME, &[]),
    ("surnames-france", SURNAME, &[]),
    ("surnames-usa", SURNAME, &[]),
    ("surnames-world", SURNAME, &[]),
    ("name-words", NAME_WORD, &[]),
    ("name-particles", PARTICLE, &[]),
    ("common-words", COMMON, &[]),
    ("places", PLACE, &[]),
    ("place-heads", PLACE_HEAD, &[("weak", PLACE_HEAD_WEAK), ("tail", THING_TAIL)]),
    ("eponym-heads", EPONYM_HEAD, &[]),
    ("eponyms", EPONYM, &[]),
    ("titles", TITLE, &[]),
    ("staff-titles", STAFF, &[]),
    ("job-titles", JOB, &[]),
    ("patient-before", PATIENT_BEFORE, &[("weak", PATIENT_BEFORE_WEAK)]),
    ("patient-after", PATIENT_AFTER, &[]),
    ("patient-verbs", PATIENT_VERB, &[("told", TOLD), ("sure", PATIENT_VERB_SURE)]),
    ("care-words", CARE, &[("unit", UNIT)]),
    ("contact-before", CONTACT, &[("asks", ASKS)]),
    ("contact-after", CONTACT_AFTER, &[]),
    ("staff-verbs", STAFF_VERB, &[]),
    ("links", Tags::NONE, &[("of", LINK_OF), ("with", LINK_WITH), ("to", ADDRESSED)]),
    ("pronouns", PRONOUN, &[]),
    ("form-surname", FORM_SURNAME, &[]),
    ("form-given", FORM_GIVEN, &[]),
    ("file-words", FILE_WORD, &[]),
    ("file-other", FILE_OTHER, &[]),
    ("ordinary-matters", ORDINARY, &[("head", GENERAL), ("mourning", MOURNING)]),
    ("to-everyone", TO_EVERYONE, &[]),
    ("closings", CLOSING, &[]),
    ("greetings", GREETING, &[]),
    ("legal-footer", FOOTER, &[]),
    ("mail-headers", MAIL_HEADER, &[]),
    ("patient-columns", PATIENT_COLUMN, &[]),
    ("staff-columns", STAFF_COLUMN, &[]),
    ("health", HEALTH, &[("sensitive", HEALTH_SENSITIVE)]),
    ("drugs", HEALTH, &[]),
    ("diseases", HEALTH, &[]),
    ("crisis", CRISIS, &[("weak", CRISIS_WEAK), ("negative", CRISIS_NOT)]),
    ("hr", HR, &[("3", HR_STRONG), ("someone", EMPLOYEE), ("negative", HR_NOT)]),
    ("finance", FINANCE, &[("2", FINANCE_STRONG), ("negative", FINANCE_NOT)]),
    ("legal", LEGAL, &[("2", LEGAL_STRONG), ("negative", LEGAL_NOT)]),
    ("strategic", STRATEGIC, &[("2", STRATEGIC_STRONG), ("negative", STRATEGIC_NOT)]),
];

/// The list that is kept as a set of its own.
const ORDINARY_WORDS: &str = "ordinary-words";

/// The list of what clues around a name weigh.
const AROUND: &str = "around";

/// The list of what the words of a mail weigh.
const TOPIC: &str = "topic";

/// The list of words of texts that are about nobody's care.
const ELSEWHERE: &str = "elsewhere-words";

/// The tags that terms of a list may carry; `None` when no list has the name.
#[must_use]
pub fn tags_of(list: &str) -> Option<Vec<&'static str>> {
    if list == ORDINARY_WORDS || list == ELSEWHERE {
        return Some(Vec::new());
    }
    if list == AROUND || list == TOPIC {
        return Some(WEIGHTS.to_vec());
    }
    let (_, _, tagged) = LISTS.iter().find(|(name, _, _)| *name == list)?;
    Some(tagged.iter().map(|(tag, _)| *tag).collect())
}

/// The names of the lists.
pub fn lists() -> impl Iterator<Item = &'static str> {
    LISTS.iter().map(|(name, _, _)| *name).chain([ORDINARY_WORDS, AROUND, TOPIC, ELSEWHERE])
}

/// Bits of the filter: 2^20, 128 KiB, so that it stays in a near cache and lets few of the unlisted words through.
const FILTER_BITS: u32 = 20;

/// The table of every word and phrase.
#[derive(Debug, Default)]
pub struct Words {
    /// Most words of a text are in no list, and one bit tells at once.
    filter: KeyFilter<FILTER_BITS>,
    table: HashMap<u64, Tags, BuildHasherDefault<KeyHasher>>,
    ordinary: Ordinary,
    around: Weights,
    topic: Weights,
    elsewhere: Elsewhere,
}

impl Words {
    /// Gathers the lists that names need. A list that is missing leaves its clue out.
    #[must_use]
    pub fn of(lexicons: &Lexicons) -> Self {
        let mut listed = Listed::default();
        for (name, plain, tagged) in LISTS {
            listed.add_list(&lexicons.get(name), *plain, tagged);
        }
        let mut filter = KeyFilter::default();
        listed.0.keys().for_each(|key| filter.add(*key));
        Self {
            filter,
            table: listed.0,
            ordinary: Ordinary::of(lexicons.get(ORDINARY_WORDS).terms()),
            around: Weights::of(&lexicons.get(AROUND)),
            topic: Weights::of(&lexicons.get(TOPIC)),
            elsewhere: Elsewhere::of(lexicons.get(ELSEWHERE).terms()),
        }
    }

    /// Whether a word in none of these lists is an ordinary one all the same.
    #[must_use]
    pub fn is_ordinary(&self, word: &str) -> bool {
        self.ordinary.holds(word)
    }

    /// What the words around a name weigh.
    #[must_use]
    pub fn around(&self) -> &Weights {
        &self.around
    }

    /// What the words of a mail weigh.
    #[must_use]
    pub fn topic(&self) -> &Weights {
        &self.topic
    }

    /// The words of texts that are about nobody's care.
    #[must_use]
    pub fn elsewhere(&self) -> &Elsewhere {
        &self.elsewhere
    }

    /// The lists that hold what a key stands for.
    #[must_use]
    pub fn get(&self, key: u64) -> Tags {
        let tags = Some(key).filter(|key| self.filter.may_hold(*key)).and_then(|key| self.table.get(&key));
        tags.copied().unwrap_or_default()
    }
}

/// The lists as they are gathered.
#[derive(Default)]
struct Listed(HashMap<u64, Tags, BuildHasherDefault<KeyHasher>>);

impl Listed {
    /// Adds a list; `suivi de` is `suivi d'` before a vowel.
    fn add_list(&mut self, list: &Lexicon, plain: Tags, tagged: &[(&str, Tags)]) {
        self.0.reserve(list.len());
        for term in list.terms() {
            let own = list.tag(term);
            let tag = tagged.iter().find(|(name, _)| Some(*name) == own).map_or(plain, |(_, tag)| *tag);
            let discipline = tag.any(HEALTH | HEALTH_SENSITIVE) && is_discipline(term);
            self.add(term, if discipline { tag | DISCIPLINE } else { tag });
            if let Some(head) = term.strip_suffix(" de") {
                self.add(&format!("{head} d"), tag);
            }
        }
    }

    /// Adds a folded term: its whole under `tag`, each of its beginnings under [`BEGINS`].
    fn add(&mut self, term: &str, tag: Tags) {
        let mut key = 0;
        let mut words = token::words(term).peekable();
        while let Some(word) = words.next() {
            key = follow(key, word);
            let tag = if words.peek().is_some() { BEGINS } else { tag };
            *self.0.entry(key).or_default() |= tag;
        }
    }
}

/// `psychiatrie`, `cardiologie`: a word that ends as the branches of medicine do; `pathologie` is an illness all the same.
fn is_discipline(term: &str) -> bool {
    let ends =
        ["iatrie", "iatries", "iatry", "logie", "logies", "logy"].iter().any(|end| term.ends_with(end));
    ends && !term.contains("patholog") && !term.contains("symptom")
}

/// The key of a phrase (0 when there is none yet) and one more word.
#[must_use]
pub const fn follow(phrase: u64, word: u64) -> u64 {
    if phrase == 0 { word } else { phrase.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word }
}

/// Keys are hashes already.
#[derive(Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
