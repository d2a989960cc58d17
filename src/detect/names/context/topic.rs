//! Words of health that are an illness of nobody: a service, an establishment, a trade, a branch of medicine.
//!
//! In: the words of a text and which of them speaks of health. Out: whether it only names where people work, or what is sold or
//! taught. It refuses to know names.

use super::after::{names_a_service, names_one_service};
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{DISCIPLINE, GENERAL, HEALTH, HEALTH_SENSITIVE, ORDINARY, PLACE_HEAD};

/// `clinique dentaire`, `salle de dialyse`, `the palliative care unit`, `formation sur le diabète`, `(périnatalité)`.
#[must_use]
pub fn is_topical(tokens: &[Token], index: usize) -> bool {
    let Some(token) = tokens.get(index) else { return false };
    token.own.any(DISCIPLINE)
        || is_capital_service(tokens, index)
        || is_of_goods(tokens, index)
        || is_general(tokens, index)
        || is_of_a_place(tokens, index)
        || is_before_a_service(tokens, index)
        || is_set_off_as_a_service(tokens, index)
}

/// `salle de dialyse`, `formation sur le diabète`: a term of health that says nothing of anyone.
#[must_use]
pub fn is_general(tokens: &[Token], index: usize) -> bool {
    let before = tokens.get(index.saturating_sub(REACH)..index).unwrap_or_default();
    tokens.get(index).is_some_and(|token| token.ends.any(HEALTH | HEALTH_SENSITIVE) && !token.opens)
        && before.iter().rev().any(|token| token.ends.any(GENERAL | ORDINARY))
}

/// How many words before a term of health make it a general one.
const REACH: usize = 4;

/// `Clinique dentaire Roy`, `hôpital pour enfants`, `centre de dialyse`: an establishment, a few words before in one breath.
fn is_of_a_place(tokens: &[Token], index: usize) -> bool {
    let head = tokens.get(index.saturating_sub(HEADED)..=index).unwrap_or_default();
    let mut parted = false;
    head.windows(2).rev().any(|pair| {
        let [place, next] = pair else { return false };
        parted |= next.lines > 0 || next.opens || !joins(next) || next.shape == Shape::Number;
        !parted && place.own.any(PLACE_HEAD)
    })
}

/// How many words after an establishment still say which it is.
const HEADED: usize = 3;

/// `palliative care unit`, `maternity and oncology floors`, `stroke program`: a service, named after what is done there.
fn is_before_a_service(tokens: &[Token], index: usize) -> bool {
    let rest = tokens.get(index + 1..).unwrap_or_default();
    rest.iter()
        .take(SERVED)
        .take_while(|token| token.lines == 0 && !token.opens && joins(token))
        .any(|token| SERVICES.contains(&token.key))
}

/// How many words before it say which service it is.
const SERVED: usize = 2;
const SERVICES: [u64; 22] = keys(
    "unit units ward wards floor floors clinic clinics team teams program programs programme programmes department committee nurse nurses course training workshop service",
);

/// `pour le Dialyse`, `l'équipe Urgence`: the name of a service has a capital where no sentence begins.
fn is_capital_service(tokens: &[Token], index: usize) -> bool {
    let capital = |token: &Token| token.shape == Shape::Capital && !token.opens_line() && joins(token);
    tokens.get(index).is_some_and(|token| capital(token) && names_one_service(token))
}

/// `10 boxes of sterile compresses`, `39 caisses de culottes d'incontinence`: what is sold.
fn is_of_goods(tokens: &[Token], index: usize) -> bool {
    let head = tokens.get(index.saturating_sub(REACH)..index).unwrap_or_default();
    head.windows(2).any(|pair| {
        matches!(pair, [number, goods] if number.shape == Shape::Number && goods.gap == Gap::Space
            && GOODS.contains(&goods.key))
    })
}

const GOODS: [u64; 18] = keys(
    "boxes box cases cartons crates packs packages units boites boite caisses caisse paquets paquet cartouches bouteilles unites exemplaires",
);

/// `(soins palliatifs)`, `: urgence`: the name of a service is all that is set off.
fn is_set_off_as_a_service(tokens: &[Token], index: usize) -> bool {
    let set_off = |token: &Token| matches!(token.gap, Gap::Other | Gap::Label) && token.lines == 0;
    let from =
        (0..=SERVED.min(index)).map(|back| index - back).find(|at| tokens.get(*at).is_some_and(set_off));
    from.and_then(|from| tokens.get(from..)).is_some_and(names_a_service)
}

fn joins(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen)
}
