//! Lists of names: what a name has from the one before it, and from the line above.
//!
//! In: the words of a passage and where a name starts. Out: what was said of the others. It refuses to know how a name was read.

use std::ops::Range;

use super::GREETED;
use crate::detect::names::context::{self, Before};
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    CONTACT, GREETING, JOB, PATIENT_BEFORE, PATIENT_BEFORE_WEAK, STAFF, STAFF_VERB, TITLE,
};

/// Who was named last, for lists: `la patiente A, B et C`, and `patients à rappeler :` above lines.
#[derive(Debug, Default)]
pub struct List {
    last: Option<(usize, Before)>,
}

impl List {
    /// What stands before a name, or before the one it is listed with; the next one may have it from this one.
    pub fn before(&mut self, tokens: &[Token], name: &Range<usize>) -> Before {
        let own = context::before(tokens, name);
        let greeted = |before: &Before| before.contact <= GREETED && goes_on(tokens, name.end);
        let inherited = self.inherit(tokens, name.start).filter(|before| !greeted(before));
        let before = merge(own, inherited.unwrap_or_default());
        self.last = Some((name.end, Before { title: false, ..before }));
        before
    }

    /// What a name inherits from the name before it, when only commas and `et` part them.
    fn inherit(&self, tokens: &[Token], start: usize) -> Option<Before> {
        let (end, before) = self.last?;
        let between = tokens.get(end..start)?;
        let acts = before.contact < 0.0
            && between.len() <= ASIDE
            && between.iter().all(|token| token.lines == 0 && !token.opens);
        if acts
            && between.iter().all(|token| !token.is_capital())
            && tokens.get(start).is_some_and(|name| !name.opens && name.lines == 0)
        {
            return Some(before);
        }
        let links = between.iter().all(|token| {
            (token.len() <= 3 && token.shape == Shape::Lower && !token.opens) || token.own.any(TITLE | STAFF)
        });
        let first = tokens.get(end)?;
        let apart = first.lines > 0 && before.patient <= 0.0;
        (links && between.len() <= 2 && !first.opens && first.lines < 2 && !apart).then_some(before)
    }
}

/// `Bonjour Luc, Ann Lee est chez nous`: what goes on after a name is said of someone who is not greeted.
fn goes_on(tokens: &[Token], end: usize) -> bool {
    tokens
        .get(end)
        .is_some_and(|next| next.gap == Gap::Space && next.shape == Shape::Lower && next.lines == 0)
}

fn merge(own: Before, inherited: Before) -> Before {
    if own.staff || own.place || own.eponym || own.patient > 0.0 || own.contact < 0.0 {
        return own;
    }
    Before { title: own.title, ..inherited }
}

/// Most words between two names of one list: `Jean Roy (chirurgie d'un jour), Ann Lee`.
const ASIDE: usize = 6;

/// Bits for a name that starts a line of a list, by the words of the line above the list: `patients à rappeler :`,
/// `Étaient présents :`.
pub fn heading(tokens: &[Token], name: &Range<usize>) -> f32 {
    let head = tokens.get(..name.start).unwrap_or_default();
    let line = head.iter().rev().take(4).take_while(|token| token.lines == 0).count();
    if line > 3 {
        return 0.0;
    }
    let above = head.iter().rev().take(HEADING);
    let mut labelled = tokens.get(name.start).is_some_and(|token| token.gap == Gap::Label && token.lines > 0);
    // The first word that says something: `Patients à voir par l'infirmière :`, `Médecins des patients :`.
    let mut says = 0.0;
    for token in above {
        // `Ann Lee wrote:`, `Bonjour Luc,`: what begins below is no list.
        if WROTE.contains(&token.key) || token.own.any(GREETING) && token.opens_line() {
            return says;
        }
        if labelled && token.ends.any(PATIENT_BEFORE) {
            says = 5.0;
        } else if labelled && token.ends.any(PATIENT_BEFORE_WEAK) {
            says = 3.5;
        } else if labelled && token.ends.any(CONTACT | JOB | STAFF | STAFF_VERB) {
            says = -6.0;
        }
        if labelled && (token.opens && token.lines < 2 || token.lines > 0) {
            return says;
        }
        labelled |= token.gap == Gap::Label && token.lines > 0;
    }
    says
}

/// What ends the line above a quoted message.
const WROTE: [u64; 2] = keys("wrote ecrit");

/// How far up the words of a heading are looked for.
const HEADING: usize = 160;
