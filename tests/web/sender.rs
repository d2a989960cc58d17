//! The sender's page: every link opens, what is refused is said beside the field, and what became of the message is told.

use axum::http::StatusCode;
use vaguemestre::model::{Address, Envelope, Raw, SenderFacts, Submission};
use vaguemestre::plan::Reply;
use vaguemestre::ports::{Judge, Measure, Period};
use vaguemestre::review::{Action, Actor, Role, act};

use super::scene::{HOST, Scene};
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, SENDER, nam};

fn paged() -> String {
    format!("[establishment]\nphone = \"450 555-0100\"\ncase_page = \"http://{HOST}/c/{{case}}\"\n")
}

fn number() -> String {
    nam("GIRL", (1988, 11, 2), true, '4')
}

/// Sends a letter about a patient; gives the answer to the MTA.
async fn judged(scene: &Scene, recipients: &[&str]) -> Reply {
    let letter = Letter::new("Suivi de rendez-vous", &format!("Bonjour,\n\nNAM : {}\n\nMerci", number()));
    let address = |text: &str| Address::parse(text).unwrap();
    let envelope = Envelope {
        sender: Some(address(SENDER)),
        recipients: recipients.iter().map(|to| address(to)).collect(),
        ..Envelope::default()
    };
    let raw = Raw(letter.to(recipients).data);
    let facts = SenderFacts::default();
    scene.engine.judge(Submission { envelope, facts, raw, received_at: scene.now() }).await
}

/// The path of the one link in a text.
fn link(text: &str) -> String {
    let (_, rest) = text.split_once(&format!("http://{HOST}")).unwrap_or_else(|| panic!("no link in {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// A path's case and token.
fn parts(path: &str) -> (String, String) {
    let (case, token) = path.strip_prefix("/c/").unwrap().split_once("?k=").unwrap();
    (case.to_owned(), token.to_owned())
}

/// A held message; gives the path of its page, from the notice.
async fn held(scene: &Scene) -> String {
    let case = scene.held().await;
    let id = vaguemestre::model::CaseId::parse(&case).unwrap();
    let token = scene.store.issue_token(&id, &Address::parse(SENDER).unwrap(), scene.now()).await.unwrap();
    format!("/c/{case}?k={}", token.reveal())
}

#[tokio::test]
async fn the_link_of_a_refusal_opens_and_a_false_alarm_is_reported_there() {
    let scene = Scene::with(&paged()).await;
    let Reply::Reject(text) = judged(&scene, &[EXTERNAL]).await else { panic!("not refused") };
    let path = link(&text.lines.join(" "));
    let before = scene.state().await;
    let page = scene.get(&path, "").await;
    assert_eq!((page.status, scene.state().await), (StatusCode::OK, before));
    for words in
        ["numéro d’assurance maladie", "corps du courriel", "il n’a pas été transmis", "puis renvoyez-le"]
    {
        assert!(page.text.contains(words), "{words} not in {}", page.text);
    }
    assert!(!page.text.contains("GIRL") && !page.text.contains("value=\"withdraw\""), "{}", page.text);
    let (case, token) = parts(&path);
    let fields = [("k", token.as_str()), ("action", "false-alarm"), ("text", "C’est un numéro de lot.")];
    assert_eq!(scene.post(&format!("/c/{case}"), "", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(scene.get(&path, "").await.text.contains("Votre signalement est reçu."));
    let session = scene.signed_in(Role::Archivist).await;
    let desk = scene.get(&format!("/cases/{case}"), &session).await.text;
    assert!(desk.contains("numéro de lot"), "{desk}");
    let day = scene.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let counted = scene.store.counted(Period { from: day, to: day }).await.unwrap();
    let claims = counted.iter().find(|it| it.measure == Measure::SenderSays && it.label == "false-alarm");
    assert_eq!(claims.map(|it| it.count), Some(1), "{counted:?}");
    let list = scene.get("/cases", &session).await.text;
    assert!(list.contains("1 fausse alerte signalée est à vérifier"), "{list}");
    assert!(scene.get("/cases?state=claimed", &session).await.text.contains(&case));
    assert!(desk.contains("Enregistrer la vérification"), "{desk}");
    let judged = scene.post(&format!("/cases/{case}/marks"), &session, &[("wrong", "0")]).await;
    assert_eq!(judged.status, StatusCode::SEE_OTHER);
    assert!(!scene.get("/cases", &session).await.text.contains("à vérifier</a>"));
    assert!(!scene.get("/cases?state=claimed", &session).await.text.contains(&case));
    for action in ["justify", "encrypt", "withdraw"] {
        let fields = [("k", token.as_str()), ("action", action), ("text", "Requis.")];
        let answer = scene.post(&format!("/c/{case}"), "", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}: nothing waits");
    }
}

/// What nobody can do is not offered.
#[tokio::test]
async fn encryption_is_offered_where_the_establishment_has_it() {
    for (relay, offered) in [("", false), ("[relay]\nencrypt_header = \"X-Chiffrer: oui\"\n", true)] {
        let scene = Scene::with(&(paged() + relay)).await;
        let page = scene.get(&held(&scene).await, "").await.text;
        assert_eq!(page.contains("value=\"encrypt\""), offered, "{page}");
        assert!(page.contains("value=\"justify\""), "{page}");
    }
}

/// "prefer no link and a complete text over a dead link".
#[tokio::test]
async fn a_refusal_of_a_message_without_a_sender_gives_whom_to_call_and_no_link() {
    let scene = Scene::with(&paged()).await;
    let letter = Letter::new("Suivi", &format!("NAM : {}", number()));
    let envelope = Envelope { recipients: vec![Address::parse(EXTERNAL).unwrap()], ..Envelope::default() };
    let (raw, facts) = (Raw(letter.to(&[EXTERNAL]).data), SenderFacts::default());
    let reply = scene.engine.judge(Submission { envelope, facts, raw, received_at: scene.now() }).await;
    let Reply::Reject(text) = reply else { panic!("{reply:?}") };
    let text = text.lines.join(" ");
    assert!(text.contains("450 555-0100") && !text.contains("http:"), "{text}");
}

#[tokio::test]
async fn what_is_refused_is_said_beside_the_field_on_the_same_page() {
    let scene = Scene::with(&paged()).await;
    let path = held(&scene).await;
    let (case, token) = parts(&path);
    let post = format!("/c/{case}");
    let confidential = format!("Requis pour {}.", number());
    let table = [
        ("justify", confidential.as_str(), "Votre texte semble contenir", false),
        ("false-alarm", confidential.as_str(), "Votre texte semble contenir", false),
        ("justify", "", "Écrivez pourquoi ce courriel doit partir.", true),
    ];
    for (action, text, told, kept) in table {
        let before = scene.state().await;
        let fields = [("k", token.as_str()), ("action", action), ("text", text)];
        let answer = scene.post(&post, "", &fields).await;
        assert_eq!(
            (answer.status, scene.state().await),
            (StatusCode::UNPROCESSABLE_ENTITY, before),
            "{action}"
        );
        let page = answer.text;
        assert!(page.contains(told) && page.contains("aria-invalid=\"true\""), "{told}: {page}");
        assert!(page.contains("numéro d’assurance maladie") && page.contains("value=\"justify\""), "{page}");
        assert!(!page.contains("GIRL"), "what looks confidential is not shown again: {page}");
        assert_eq!(page.contains(">Requis"), kept && !text.is_empty(), "{page}");
        assert!(!page.contains("href=\"/\"") && !page.contains("/sign-in"), "{page}");
    }
    let justify = [("k", token.as_str()), ("action", "justify"), ("text", "La clinique l’attend.")];
    assert_eq!(scene.post(&post, "", &justify).await.status, StatusCode::SEE_OTHER);
    let again = [("k", token.as_str()), ("action", "false-alarm"), ("text", "Un lot, après tout.")];
    let answer = scene.post(&post, "", &again).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Votre réponse est déjà inscrite au cas."), "{}", answer.text);
}

#[tokio::test]
async fn no_problem_leads_a_sender_to_the_desk() {
    let scene = Scene::with(&paged()).await;
    let path = held(&scene).await;
    let (case, token) = parts(&path);
    let bad = [("k", "essai"), ("action", "withdraw")];
    let unknown = [("k", token.as_str()), ("action", "publish")];
    let foreign = scene.request("POST", &format!("/c/{case}"), "").header("sec-fetch-site", "cross-site");
    let answers = [
        (scene.post(&format!("/c/{case}"), "", &bad).await, StatusCode::NOT_FOUND),
        (scene.post(&format!("/c/{case}"), "", &unknown).await, StatusCode::BAD_REQUEST),
        (scene.send(super::scene::form(foreign, &bad)).await, StatusCode::FORBIDDEN),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status);
        assert!(answer.text.contains("450 555-0100"), "{}", answer.text);
        assert!(!answer.text.contains("href=\"/\"") && !answer.text.contains("/sign-in"), "{}", answer.text);
    }
}

#[tokio::test]
async fn the_page_tells_what_became_of_the_message_with_the_reason() {
    let scene = Scene::with(&paged()).await;
    let reason = "À récrire sans nommer la personne.";
    let person = Actor::Person {
        login: "mtremblay".to_owned(),
        role: Role::Archivist,
        address: None,
        departments: Vec::new(),
    };
    let table = [
        (Action::Return, &person, Some(reason), "Retourné le 2", "Corrigez le courriel"),
        (Action::Delete, &person, Some(reason), "Détruit le 2", "Pour contester"),
        (Action::Expire, &Actor::Service, None, "à l’échéance et sans décision", "Corrigez le courriel"),
    ];
    for (action, actor, said, told, todo) in table {
        let path = held(&scene).await;
        let id = vaguemestre::model::CaseId::parse(&parts(&path).0).unwrap();
        let case = scene.store.case(&id).await.unwrap().unwrap();
        let change = act(&case, action, actor, said.map(Into::into), scene.now()).unwrap();
        scene.store.apply(&change).await.unwrap();
        let page = scene.get(&path, "").await.text;
        assert!(page.contains(told) && page.contains(todo), "{told}, {todo}: {page}");
        assert_eq!(page.contains(reason), said.is_some(), "{page}");
        assert!(!page.contains("value=\"withdraw\"") && !page.contains("<textarea"), "{page}");
    }
    let path = held(&scene).await;
    let (case, token) = parts(&path);
    let withdraw = [("k", token.as_str()), ("action", "withdraw")];
    assert_eq!(scene.post(&format!("/c/{case}"), "", &withdraw).await.status, StatusCode::SEE_OTHER);
    let page = scene.get(&path, "").await.text;
    assert!(page.contains("Repris le 2") && page.contains(">repris</span>"), "{page}");
    assert!(!page.contains("Que faire maintenant"), "{page}");
}

/// "chiffrement demandé", not « chiffré »: only the approved service knows.
#[tokio::test]
async fn a_released_message_is_told_with_its_encryption_and_leaves_nothing_to_do() {
    let scene = Scene::with(&format!("{}[relay]\nencrypt_header = \"X-Encrypt: yes\"\n", paged())).await;
    let person = Actor::Person {
        login: "mtremblay".to_owned(),
        role: Role::Archivist,
        address: None,
        departments: Vec::new(),
    };
    for (action, told) in [
        (Action::Release, "transmis</span>"),
        (Action::ReleaseEncrypted, "transmis, chiffrement demandé</span>"),
    ] {
        let path = held(&scene).await;
        let id = vaguemestre::model::CaseId::parse(&parts(&path).0).unwrap();
        for (action, actor) in [(action, &person), (Action::Sent, &Actor::Service)] {
            let case = scene.store.case(&id).await.unwrap().unwrap();
            let change =
                act(&case, action, actor, Some("Double identification.".into()), scene.now()).unwrap();
            scene.store.apply(&change).await.unwrap();
        }
        let page = scene.get(&path, "").await.text;
        assert!(page.contains(told) && page.contains("Transmis le 2"), "{told}: {page}");
        assert!(page.contains("Motif\u{a0}: Double identification."), "{page}");
        assert!(!page.contains("Que faire maintenant"), "{page}");
    }
}

#[tokio::test]
async fn the_state_says_the_senders_own_word() {
    let scene = Scene::with(&paged()).await;
    for (action, told) in [
        ("justify", "retenu, justification reçue"),
        ("false-alarm", "retenu, fausse alerte signalée"),
        ("encrypt", "retenu, chiffrement demandé"),
    ] {
        let path = held(&scene).await;
        let (case, token) = parts(&path);
        let fields = [("k", token.as_str()), ("action", action), ("text", "Requis ce soir.")];
        assert_eq!(scene.post(&format!("/c/{case}"), "", &fields).await.status, StatusCode::SEE_OTHER);
        let page = scene.get(&path, "").await.text;
        assert!(page.contains(told) && !page.contains("retenu, justifié"), "{told}: {page}");
    }
}

/// Every link of every notice opens, whatever became of the message.
#[tokio::test]
async fn the_links_of_notices_open() {
    let scene = Scene::with(&paged()).await;
    let _ = judged(&scene, &[COLLEAGUE, OTHER_COLLEAGUE]).await;
    let _ = judged(&scene, &[COLLEAGUE]).await;
    let mut seen = Vec::new();
    while let Some(notice) = scene
        .store
        .claim_notice(
            scene.now() + jiff::SignedDuration::from_hours(1),
            std::time::Duration::from_secs(7_200),
        )
        .await
        .unwrap()
    {
        let text =
            vaguemestre::notices::render(&notice.orders, &scene.establishment(), scene.now()).unwrap().text;
        let page = scene.get(&link(&text), "").await;
        assert!(page.text.contains("numéro d’assurance maladie"), "{text}\n{}", page.text);
        seen.push(notice.orders[0].kind);
    }
    seen.sort();
    use vaguemestre::model::NoticeKind::{Held, Warned};
    assert_eq!(seen, [Held, Warned]);
}
