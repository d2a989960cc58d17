//! Addresses without a page: a calm answer in French, the way back, and nothing told of what there is.

use axum::http::StatusCode;
use vaguemestre::model::Address;
use vaguemestre::ports::By;
use vaguemestre::review::Role;

use super::scene::Scene;
use crate::support::letters::SENDER;

#[tokio::test]
async fn an_address_without_a_page_says_so_in_french_and_leads_back() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    for path in ["/nowhere", "/cases/together/do", "/cases/ABCD-EFGH/elsewhere", "/incidents/1/2"] {
        for who in ["", session.as_str()] {
            let answer = scene.get(path, who).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.text.contains("Cette page n’existe pas"), "{path}: {}", answer.text);
            assert!(answer.text.contains("<html lang=\"fr-CA\""), "{path}: {}", answer.text);
        }
    }
}

/// Who reloads what a form answered, or types its address, is led to the case.
#[tokio::test]
async fn the_address_of_a_form_of_a_case_leads_to_the_case() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    let case = scene.held().await;
    for form in ["reveal", "decide", "message", "note", "marks"] {
        let answer = scene.get(&format!("/cases/{case}/{form}"), &session).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, format!("/cases/{case}").as_str())
        );
    }
}

/// "Nobody decides on their own message": told before anything is typed.
#[tokio::test]
async fn an_own_message_is_shown_without_its_decision() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let (by, own) = (By { actor: "essai", at: scene.now() }, Address::parse(SENDER).unwrap());
    scene.store.set_address("personne-archivist", &own, by).await.unwrap();
    let page = scene.get(&format!("/cases/{case}"), &session).await.text;
    assert!(page.contains("Ce courriel est le vôtre") && !page.contains("name=\"action\""), "{page}");
}
