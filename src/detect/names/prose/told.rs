//! What the words around a name tell of it, once what they say has been held against one another.
//!
//! In: a passage, and where a name stands in it. Out: what stands before, after and in its sentence. It refuses to know what that weighs.

use std::ops::Range;

use super::list::heading;
use super::{GREETED, Passage};
use crate::detect::names::context::{self, After, Before, Said};
use crate::detect::names::doubt;
use crate::detect::names::token::Token;
use crate::detect::names::zones::Zone;

/// How a name reads.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// It is a surname without a given name.
    pub alone: bool,
    /// Its words are names by the lists, more than capitals.
    pub known: bool,
    pub surname_first: bool,
}

/// What is told of a name.
#[derive(Debug)]
pub struct Told<'p> {
    pub passage: &'p Passage<'p>,
    pub name: &'p Range<usize>,
    pub read: Read,
    pub before: Before,
    pub after: After,
    pub said: Said,
    /// Bits of the line above a list.
    pub heading: f32,
    /// Its words are in no list, and nothing is told of them.
    pub unlisted: bool,
    /// It stands beside their kin.
    pub kin: bool,
    /// They are greeted, and told of their own care.
    pub own_care: bool,
    /// They are presented as a case, or stand on the card of a patient.
    pub case: bool,
}

/// Bits of words beside a name that tell that it is someone's.
const TOLD_OF: f32 = 3.0;

/// Most that an age or a dossier says of someone who acts.
const OF_WHO_ACTS: f32 = 2.0;

/// Least that a birth beside a name says of it.
const BORN: f32 = 5.0;

impl<'p> Told<'p> {
    /// Reads what is told of a name, `before` being what stands before it or before the one it is listed with.
    pub fn of(passage: &'p Passage<'p>, name: &'p Range<usize>, read: Read, before: Before) -> Self {
        let (tokens, text) = (passage.tokens, passage.text);
        let mut told = Self {
            passage,
            name,
            read,
            before,
            after: context::after(tokens, name),
            said: context::said(tokens, name),
            heading: 0.0,
            unlisted: false,
            kin: context::is_with_kin(tokens, name),
            own_care: false,
            case: context::is_a_case(tokens, name) || context::is_on_a_patients_card(tokens, name),
        };
        told.doubt();
        let beside = told.before.patient.max(told.after.patient).max(told.said.patient);
        let someone = told.before.title || beside >= TOLD_OF;
        told.unlisted = !someone && doubt::is_unlisted(tokens, name);
        told.heed_next_sentence();
        told.heed_greeting();
        let labelled = told.before.contact < 0.0 && context::has_own_label(tokens, name);
        told.heading = if labelled { 0.0 } else { heading(tokens, name) };
        told.heed_illness();
        if context::is_born_beside(text, tokens, name) {
            told.after.patient = told.after.patient.max(BORN);
        }
        if told.before.contact < 0.0 && told.after.patient < context::ILL {
            told.after.patient = told.after.patient.min(OF_WHO_ACTS);
        }
        told
    }

    /// The words of the passage.
    pub fn tokens(&self) -> &'p [Token] {
        self.passage.tokens
    }

    /// Whether words beside a name tell a patient so that what is said elsewhere in the text hardly matters.
    pub fn is_sure(&self) -> bool {
        self.before.patient >= 6.0 || self.after.patient > 2.0
    }

    /// Whether words for a patient stand before a name.
    pub fn is_labelled(&self) -> bool {
        self.before.patient >= TOLD_OF
    }

    pub fn zone(&self) -> Zone {
        self.passage.zones.get(self.name.start).copied().unwrap_or_default()
    }

    /// Takes back what words seem to say of a surname alone, of a key in a program, of the subject of a reply, of two words in no list.
    fn doubt(&mut self) {
        let (tokens, text) = (self.passage.tokens, self.passage.text);
        if self.read.alone {
            self.heed_health_alone();
        }
        self.before = doubt::of_code(self.before, text, tokens, self.name);
        if self.passage.region > 0.0 {
            self.before = doubt::of_reply(self.before, text, tokens, self.name);
        }
        if !self.read.known {
            (self.before, self.after) = doubt::of_words(self.before, self.after, &mut self.said);
        }
    }

    /// A surname alone is told of a patient by health in the same sentence, hardly by anything else.
    fn heed_health_alone(&mut self) {
        if self.said.health <= 0.0 {
            (self.said.patient, self.said.care) = (0.0, 0.0);
            self.before.patient = self.before.patient.min(3.5);
        }
    }

    /// The next sentence may call them a patient: then they do not act in this one.
    fn heed_next_sentence(&mut self) {
        let called = self.said.onward && context::is_called(self.passage.tokens, self.name);
        if self.said.patient_next {
            self.after = After { patient: self.after.patient.max(context::ILL), staff: 0.0 };
        }
        if (self.kin || called || self.said.patient_next) && self.before.contact > GREETED {
            self.before.contact = 0.0;
        }
    }

    /// A letter may tell someone of their own care.
    fn heed_greeting(&mut self) {
        self.own_care =
            self.zone() == Zone::Greeting && context::is_told_of_their_care(self.passage.tokens, self.name);
        if self.own_care {
            self.before.contact = 0.0;
        }
    }

    fn heed_illness(&mut self) {
        if self.case || context::is_one_of_the_ill(self.passage.tokens, self.name) {
            self.after = After { patient: context::ILL, staff: 0.0 };
        }
    }
}
