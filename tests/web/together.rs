//! Several cases decided at once: two steps, each case on its own, never beyond what may be released together.

use axum::http::StatusCode;
use vaguemestre::model::{CaseId, CaseState};
use vaguemestre::review::Role;

use super::scene::Scene;
use crate::support::letters::{Letter, nam};

async fn three(scene: &Scene) -> Vec<String> {
    let mut cases = Vec::new();
    for day in 1..=3 {
        scene.pass(60);
        let number = nam("GIRL", (1988, 11, day), true, '4');
        cases.push(scene.held_letter(&Letter::new("Suivi", &format!("Bonjour,\n\nNAM : {number}\n"))).await);
    }
    cases
}

async fn states(scene: &Scene, cases: &[String]) -> Vec<CaseState> {
    let mut states = Vec::new();
    for case in cases {
        states.push(scene.store.case(&CaseId::parse(case).unwrap()).await.unwrap().unwrap().state);
    }
    states
}

fn chosen(cases: &[String]) -> Vec<(&'static str, String)> {
    cases.iter().map(|case| ("case", format!("{case}:1"))).collect()
}

async fn decide(
    scene: &Scene,
    session: &str,
    cases: &[String],
    action: &'static str,
    count: &str,
) -> super::scene::Answer {
    let mut fields = chosen(cases);
    fields.extend([
        ("action", action.to_owned()),
        ("count", count.to_owned()),
        ("reason", "rewrite".to_owned()),
    ]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    scene.post("/cases/together/do", session, &fields).await
}

#[tokio::test]
async fn cases_are_chosen_shown_again_and_returned_each_on_its_own() {
    let scene = Scene::new().await;
    let cases = three(&scene).await;
    let session = scene.signed_in(Role::Archivist).await;
    let list = scene.get("/cases", &session).await.text;
    assert!(cases.iter().all(|case| list.contains(&format!("name=\"case\" value=\"{case}\""))), "{list}");
    let before = scene.state().await;
    let fields: Vec<(&str, &str)> = cases.iter().map(|case| ("case", case.as_str())).collect();
    let shown = scene.post("/cases/together", &session, &fields).await;
    assert!(shown.status == StatusCode::OK && shown.text.contains("3 cas choisis"), "{}", shown.text);
    assert!(shown.text.contains("value=\"release\"") && !shown.text.contains("GIRL"), "{}", shown.text);
    for count in ["", "2", "30"] {
        let refused = decide(&scene, &session, &cases, "return", count).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{count}");
        assert!(
            !refused.text.contains("T0GE-THER") && !refused.text.contains("Revenez au cas"),
            "{}",
            refused.text
        );
    }
    assert_eq!(scene.state().await, before, "nothing changed before the number was right");
    let decided = scene.post(&format!("/cases/{}/decide", cases[1]), &session, &[("action", "take")]).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER);
    let done = decide(&scene, &session, &cases, "return", "3").await;
    assert!(
        done.text.contains("2 cas traités.") && done.text.contains("1 cas laissé tel quel"),
        "{}",
        done.text
    );
    let (returned, taken) = (CaseState::Returned, CaseState::Taken);
    assert_eq!(states(&scene, &cases).await, [returned, taken, returned], "what changed meanwhile is left");
    for case in [&cases[0], &cases[2]] {
        let history = scene.store.history(&CaseId::parse(case).unwrap()).await.unwrap();
        assert_eq!(history.iter().filter(|past| past.what == "return").count(), 1, "{case}");
    }
    let again = decide(&scene, &session, &cases, "return", "3").await;
    assert!(again.text.contains("3 cas laissés tels quels"), "a second click does nothing: {}", again.text);
}

#[tokio::test]
async fn what_two_persons_decide_is_not_released_together() {
    let scene = Scene::with("[review]\ntwo_persons_recipients = 2\n").await;
    let cases = three(&scene).await;
    let session = scene.signed_in(Role::Archivist).await;
    let fields: Vec<(&str, &str)> = cases.iter().map(|case| ("case", case.as_str())).collect();
    let shown = scene.post("/cases/together", &session, &fields).await;
    assert!(!shown.text.contains("value=\"release\""), "{}", shown.text);
    let refused = decide(&scene, &session, &cases, "release", "3").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(states(&scene, &cases).await, [CaseState::Held; 3]);
}

#[tokio::test]
async fn alike_cases_are_released_together() {
    let scene = Scene::new().await;
    let cases = three(&scene).await;
    let session = scene.signed_in(Role::Archivist).await;
    let done = decide(&scene, &session, &cases, "release", "3").await;
    assert!(done.text.contains("3 cas traités."), "{}", done.text);
    assert_eq!(states(&scene, &cases).await, [CaseState::Releasing; 3]);
    let none = scene.post("/cases/together", &session, &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other: &[(&str, &str)] = &[("case", "0000-0000:1"), ("count", "1"), ("action", "return")];
    assert_eq!(scene.post("/cases/together/do", &session, other).await.status, StatusCode::NOT_FOUND);
}
