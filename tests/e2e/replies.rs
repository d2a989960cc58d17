//! Answers by mail, through a real Postfix: what our milter takes goes no further.

use crate::support::letters::{COLLEAGUE, Letter, OTHER_COLLEAGUE, SENDER};
use crate::support::process::wait_for;
use crate::support::smtp::{Mail, Reply};
use crate::support::stage::{Changes, Stage};

use super::holding::about_a_patient;

const ADDRESS: &str = "reponse@courriel.cissslau.example";

/// A notice answered from its sender's mailbox.
struct Notice {
    /// Where the notice asks to be answered: our address with the case's token.
    to: String,
    case: String,
}

impl Notice {
    /// The notice about a message that was sent and held.
    fn of(stage: &Stage, letter: &Letter) -> Self {
        assert_eq!(stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
        let notice = String::from_utf8_lossy(&stage.notice(&letter.id).data).into_owned();
        let unfolded = notice.replace("\r\n ", " ");
        let to = unfolded.lines().find_map(|line| line.strip_prefix("Reply-To: "));
        let to = to.unwrap_or_else(|| panic!("no Reply-To in {notice}")).trim().to_owned();
        assert!(to.starts_with("reponse+") && to.ends_with("@courriel.cissslau.example"), "{to}");
        Self { to, case: stage.case_of(&letter.id) }
    }

    /// Answers it; gives the answer's Message-ID and Postfix' reply.
    fn answer(&self, stage: &Stage, from: &str, text: &str) -> (String, Reply) {
        let letter = Letter::new("RE: Votre courriel est retenu", text);
        let data = String::from_utf8(letter.to(&[&self.to]).data).unwrap().replace(SENDER, from);
        let reply = stage.send(&Mail::new(from, &[&self.to], data));
        (letter.id, reply)
    }

    fn state(&self, stage: &Stage) -> String {
        let text = stage.service.cases(&["show", &self.case]).unwrap();
        let state = text.lines().find_map(|line| line.strip_prefix("state "));
        state.unwrap_or_else(|| panic!("{text}")).trim().to_owned()
    }
}

/// "Reply by mail also works: accepted only from the internal connector with the same `From`". The next hop would get what Postfix kept:
/// nothing here tells it to discard.
#[test]
fn an_answer_by_mail_reaches_the_case_and_nobody_else() {
    let address = format!("address = \"{ADDRESS}\"");
    let mut stage = Stage::with(&Changes {
        service: &[("replies", &address)],
        postfix: &["recipient_delimiter = +"],
        ..Changes::default()
    });
    let (first, second) = (about_a_patient(), about_a_patient());
    let (justified, returned) = (Notice::of(&stage, &first), Notice::of(&stage, &second));

    let (stranger, reply) = justified.answer(&stage, COLLEAGUE, "Envoi requis.");
    assert_eq!(reply.code, 550, "{reply:?}");
    assert_eq!(justified.state(&stage), "held");
    let (answer, reply) = justified.answer(&stage, SENDER, "Envoi requis pour la continuité des soins.");
    assert_eq!(reply.code, 250, "{reply:?}");
    assert_eq!(justified.state(&stage), "justified");
    let (withdrawal, reply) = returned.answer(&stage, SENDER, "Retirer");
    assert_eq!(reply.code, 250, "{reply:?}");
    assert_eq!(returned.state(&stage), "returned");

    let outside = "networks = [\"192.0.2.0/24\"]";
    stage.reconfigure(&[("replies", outside)]);
    stage.reload();
    let (late, reply) = justified.answer(&stage, SENDER, "Retirer");
    assert_eq!(reply.code, 550, "from outside: {reply:?}");
    assert_eq!(justified.state(&stage), "justified");

    stage.postfix.drain();
    wait_for("word of the answers in the mail log", || {
        (stage.postfix.log().matches("milter-discard").count() >= 2).then_some(())
    });
    for id in [stranger, answer, withdrawal, late] {
        assert_eq!(stage.sink.holding(&id).len(), 0, "an answer went on: {id}");
    }
    assert_eq!(stage.copies(&second.id), 0);
}

/// README: with `local:`, an answer that our milter does not take comes back to its sender; `discard:` would lose it.
#[test]
fn an_answer_that_nobody_takes_comes_back() {
    let transport = format!("transport_maps = inline:{{{ADDRESS}=local:}}");
    let stage =
        Stage::with(&Changes { postfix: &["recipient_delimiter = +", &transport], ..Changes::default() });
    let letter = Letter::new("RE: Votre courriel est retenu", "Envoi requis.");
    let to = ADDRESS.replace('@', "+abc@");
    assert_eq!(stage.send(&letter.to(&[&to])).code, 250);
    let back = stage.sink.wait("the answer to come back", |it| it.from.is_empty() && it.holds(&letter.id));
    assert_eq!(back.to, [SENDER]);
}
