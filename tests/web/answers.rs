//! Answers by mail: from inside, by the sender, once; whatever is not taken stays with who wrote it.

use jiff::SignedDuration;
use vaguemestre::model::{Address, CaseId, CaseState, Envelope, Masked, Raw, SenderFacts, Submission};
use vaguemestre::plan::Reply;
use vaguemestre::ports::Judge;
use vaguemestre::review::SenderSays;

use super::scene::Scene;
use crate::support::letters::{COLLEAGUE, SENDER, nam};

const CONFIG: &str =
    "[replies]\naddress = \"reponse@courriel.cissslau.example\"\nnetworks = [\"10.0.0.0/8\"]\n";

struct Mail<'a> {
    sender: &'a str,
    from: &'a str,
    to: Vec<String>,
    client: Option<&'a str>,
    login: bool,
    body: &'a str,
}

impl<'a> Mail<'a> {
    fn new(token: &str, body: &'a str) -> Self {
        let to = vec![format!("reponse+{token}@courriel.cissslau.example")];
        Self { sender: SENDER, from: SENDER, to, client: Some("10.1.2.3"), login: false, body }
    }
}

async fn send(scene: &Scene, mail: &Mail<'_>) -> Reply {
    let address = |text: &str| Address::parse(text).unwrap();
    let raw = format!(
        "From: Une Personne <{}>\r\nTo: {}\r\nSubject: RE: Votre courriel est retenu\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        mail.from,
        mail.to.join(", "),
        mail.body
    );
    let facts = SenderFacts {
        client: mail.client.map(|client| client.parse().unwrap()),
        login: mail.login.then(|| Masked::new("jroy")),
        queue_id: None,
    };
    let envelope = Envelope {
        sender: (!mail.sender.is_empty()).then(|| address(mail.sender)),
        recipients: mail.to.iter().map(|to| address(to)).collect(),
        ..Envelope::default()
    };
    scene
        .engine
        .judge(Submission { envelope, facts, raw: Raw(raw.into_bytes()), received_at: scene.now() })
        .await
}

/// A held message, and the token that its notice carries.
async fn held(scene: &Scene) -> (CaseId, String) {
    let case = CaseId::parse(&scene.held().await).unwrap();
    let token = scene.store.issue_token(&case, &Address::parse(SENDER).unwrap(), scene.now()).await.unwrap();
    (case, token.reveal().to_owned())
}

fn refusal(reply: &Reply) -> String {
    match reply {
        Reply::Reject(text) => format!("{} {}", text.code, text.lines.join(" ")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_sender_justifies_asks_and_takes_back_by_mail() {
    let table = [
        (
            "Envoi requis pour la continuité des soins.\r\n> cité",
            CaseState::Justified,
            Some(SenderSays::Justified),
        ),
        ("Fausse alerte\r\nC'est un numéro de lot.", CaseState::Justified, Some(SenderSays::FalseAlarm)),
        ("CHIFFRER", CaseState::Justified, Some(SenderSays::Encrypt)),
        ("retirer", CaseState::Returned, None),
    ];
    for (body, state, says) in table {
        let scene = Scene::with(CONFIG).await;
        let (case, token) = held(&scene).await;
        let reply = send(&scene, &Mail::new(&token, body)).await;
        assert!(matches!(reply, Reply::Discard(_)), "{body}: {reply:?}");
        let case = scene.store.case(&case).await.unwrap().unwrap();
        assert_eq!((case.state, case.sender_word.as_ref().map(|word| word.says)), (state, says), "{body}");
        let text = case.sender_word.and_then(|word| word.text).map(|text| text.reveal().to_owned());
        assert!(text.is_none_or(|text| !text.contains("cité")), "what is quoted is left out");
    }
}

#[tokio::test]
async fn what_is_not_the_senders_own_word_from_inside_changes_nothing() {
    let scene = Scene::with(CONFIG).await;
    let (_, token) = held(&scene).await;
    let forged = "a".repeat(52);
    let word = "Envoi requis.";
    let number = format!("Requis pour {}.", nam("GIRL", (1988, 11, 2), true, '4'));
    let good = || Mail::new(&token, word);
    let mut two = good();
    two.to.push(COLLEAGUE.to_owned());
    let mut bare = good();
    bare.to = vec!["reponse@courriel.cissslau.example".to_owned()];
    let table: Vec<(&str, Mail<'_>, &str)> = vec![
        ("a forged token", Mail::new(&forged, word), "aucun cas en attente ne lui correspond"),
        ("no token", bare, "aucun cas en attente ne lui correspond"),
        (
            "from outside",
            Mail { client: Some("198.51.100.7"), ..good() },
            "aucun cas en attente ne lui correspond",
        ),
        (
            "another sender",
            Mail { sender: COLLEAGUE, from: COLLEAGUE, ..good() },
            "aucun cas en attente ne lui correspond",
        ),
        ("another From", Mail { from: COLLEAGUE, ..good() }, "aucun cas en attente ne lui correspond"),
        ("a robot", Mail { sender: "", ..good() }, "aucun cas en attente ne lui correspond"),
        ("to others too", two, "d'autres personnes le recevraient aussi"),
        ("nothing said", Mail { body: "> cite", ..good() }, "il ne dit rien"),
        ("a number in it", Mail { body: &number, ..good() }, "renseignement confidentiel"),
    ];
    let before = scene.state().await;
    for (what, mail, told) in table {
        let reply = send(&scene, &mail).await;
        let text = refusal(&reply);
        assert!(text.starts_with("550 ") && text.contains(told), "{what}: {text}");
        assert!(text.is_ascii() && !text.contains(&token), "{what}: {text}");
        assert_eq!(scene.state().await, before, "{what}");
    }
    let outside = Mail { client: Some("198.51.100.7"), login: true, ..good() };
    assert!(matches!(send(&scene, &outside).await, Reply::Discard(_)), "signed in to the MTA, from wherever");
}

#[tokio::test]
async fn an_answer_counts_once_and_its_own_repeat_is_no_fault() {
    let scene = Scene::with(CONFIG).await;
    let (case, token) = held(&scene).await;
    for _ in 0..3 {
        let reply = send(&scene, &Mail::new(&token, "Envoi requis.")).await;
        assert!(matches!(reply, Reply::Discard(_)), "the MTA's own retry: {reply:?}");
    }
    let reply = send(&scene, &Mail::new(&token, "Autre chose.")).await;
    assert!(refusal(&reply).contains("un mot de vous pour ce cas"), "{reply:?}");
    assert_eq!(scene.store.history(&case).await.unwrap().iter().filter(|it| it.what == "justify").count(), 1);
    assert!(matches!(send(&scene, &Mail::new(&token, "Retirer")).await, Reply::Discard(_)));
    assert!(refusal(&send(&scene, &Mail::new(&token, "Retirer")).await).contains("ce cas est fini"));
    // As long as the case waits, its token is good; a month after its time it opens nothing more.
    let (_, late) = held(&scene).await;
    scene.pass(SignedDuration::from_hours(80 * 24).as_secs());
    assert!(matches!(send(&scene, &Mail::new(&late, "Retirer")).await, Reply::Discard(_)));
    assert!(
        refusal(&send(&scene, &Mail::new(&late, "Requis.")).await).contains("le temps prescrit est fini")
    );
}

/// Without the setting, mail to that address is mail as any other.
#[tokio::test]
async fn nothing_is_taken_where_answers_are_not_turned_on() {
    let scene = Scene::new().await;
    let (_, token) = held(&scene).await;
    let before = scene.state().await;
    let reply = send(&scene, &Mail::new(&token, "Requis.")).await;
    assert!(!matches!(reply, Reply::Discard(_)), "{reply:?}");
    assert_eq!(scene.state().await, before);
}
