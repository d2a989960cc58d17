//! The messages of the demonstration, and what is expected of each.

use super::support::letters::{COLLEAGUE, EXTERNAL, Letter, NETWORK, OTHER_COLLEAGUE, SENDER, WEBMAIL, nam};
use super::support::smtp::{Mail, Reply};
use super::support::stage::Stage;

/// What should become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Code of the SMTP reply.
    pub code: u16,
    /// Whether it reaches the next hop.
    pub delivered: bool,
    /// Whether its sender gets a notice.
    pub notice: bool,
    /// In one word.
    pub name: &'static str,
}

const PASSES: Expected = Expected { code: 250, delivered: true, notice: false, name: "delivered" };
const WARNED: Expected =
    Expected { code: 250, delivered: true, notice: true, name: "delivered, with a warning" };
const HELD: Expected = Expected { code: 250, delivered: false, notice: true, name: "held for review" };
const REFUSED: Expected = Expected { code: 550, delivered: false, notice: false, name: "refused" };
const TOO_LARGE: Expected = Expected { code: 552, delivered: false, notice: false, name: "refused" };

/// One message, and what is expected of it.
pub struct Act {
    pub what: &'static str,
    pub id: String,
    pub mail: Mail,
    pub expected: Expected,
}

/// What became of a message.
pub struct Outcome {
    pub reply: Reply,
    pub delivered: bool,
    pub unchanged: bool,
    pub notice: bool,
}

impl Outcome {
    /// Whether it is what was expected. What passes without a warning arrives byte for byte.
    pub fn is(&self, expected: Expected) -> bool {
        let seen = (self.reply.code, self.delivered, self.notice);
        seen == (expected.code, expected.delivered, expected.notice) && (expected != PASSES || self.unchanged)
    }
}

impl Act {
    /// Looks at the next hop, once nothing is on its way any more.
    pub fn observe(&self, stage: &Stage, reply: Reply) -> Outcome {
        let got = stage.sink.deliveries();
        let mine = got.iter().find(|delivery| delivery.from == SENDER && delivery.holds(&self.id));
        let unchanged = mine.is_some_and(|delivery| delivery.carries(&self.mail.data));
        Outcome { reply, delivered: mine.is_some(), unchanged, notice: stage.notices(&self.id) > 0 }
    }
}

/// Every message, in the order sent.
pub fn acts() -> Vec<Act> {
    let patient = nam("TANB", (1961, 7, 9), true, '1');
    let spaced = spaced(&patient);
    let about = format!("Bonjour,\n\nL'usager qui a le NAM {patient} attend son rendez-vous.\n\nMerci");
    let disguised = format!("Bonjour,\n\nNAM : {spaced}\n\nMerci");
    let plain = |subject, body: &str| Letter::new(subject, body);
    vec![
        act(
            "nothing confidential, to a colleague",
            PASSES,
            plain("Réunion", "La réunion est à 14 h."),
            &[COLLEAGUE],
        ),
        act(
            "nothing confidential, to three",
            PASSES,
            plain("Menu", "Le menu de la semaine."),
            &[COLLEAGUE, NETWORK, EXTERNAL],
        ),
        act("a dossier number only", PASSES, plain("Suivi", "Dossier 482913 : à rappeler."), &[COLLEAGUE]),
        act("a NAM, to a public webmail", REFUSED, plain("Rendez-vous", &about), &[WEBMAIL]),
        act("a NAM, to the outside", REFUSED, plain("Rendez-vous", &about), &[EXTERNAL]),
        act(
            "a NAM in disguise (spaces, invisible characters)",
            REFUSED,
            plain("Suivi", &disguised),
            &[EXTERNAL],
        ),
        act("a NAM, to two colleagues", HELD, plain("Rendez-vous", &about), &[COLLEAGUE, OTHER_COLLEAGUE]),
        act("a NAM, to one colleague", WARNED, plain("Rendez-vous", &about), &[COLLEAGUE]),
        act(
            "a link to a Doodle poll",
            WARNED,
            plain("Sondage", "Vos choix : https://doodle.com/poll/abc123"),
            &[COLLEAGUE],
        ),
        act("forwarded by a rule, to a webmail", HELD, forwarded(), &[WEBMAIL]),
        act("an attachment that cannot be read, outside", HELD, unreadable(), &[EXTERNAL]),
        act("larger than what is allowed here (1 MiB)", TOO_LARGE, large(), &[EXTERNAL]),
    ]
}

fn act(what: &'static str, expected: Expected, letter: Letter, to: &[&str]) -> Act {
    Act { what, id: letter.id.clone(), mail: letter.to(to), expected }
}

/// Puts a zero-width space and a space between the characters.
fn spaced(number: &str) -> String {
    number.chars().flat_map(|c| [c, '\u{200b}', ' ']).collect()
}

fn forwarded() -> Letter {
    Letter::new("TR: Horaire", "L'horaire de la semaine.").field("Auto-Submitted: auto-forwarded")
}

fn unreadable() -> Letter {
    let bytes: Vec<u8> = (0..2000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    Letter::new("Document", "Voir la pièce jointe.").attach("liste.dat", "application/octet-stream", &bytes)
}

fn large() -> Letter {
    Letter::new("Photos", &"Une ligne parmi beaucoup d'autres, toutes pareilles à celle-ci.\n".repeat(20_000))
}
