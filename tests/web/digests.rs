//! Mail to reviewers: counts only, once a slot, to whom it concerns.

use std::sync::Mutex;

use async_trait::async_trait;
use vaguemestre::model::settings::Establishment;
use vaguemestre::model::{CaseId, Envelope, Masked};
use vaguemestre::ports::{Account, By, Injection, Letter, PostError, Relay};
use vaguemestre::review::{Action, Actor, Role};
use vaguemestre::service::digests::round;
use vaguemestre::service::releases::decide;

use super::scene::Scene;
use crate::support::letters::{self, nam};

/// Remembers what it is given.
#[derive(Default)]
struct Post(Mutex<Vec<(String, String)>>);

#[async_trait]
impl Relay for Post {
    async fn reinject(&self, _: &Envelope, _: &str, _: &[u8]) -> Injection {
        Injection::NotSent
    }

    async fn post(&self, letter: &Letter) -> Result<(), PostError> {
        let text = format!("{}\n{}", letter.says.subject, letter.says.text);
        self.0.lock().unwrap().push((letter.to.reveal(), text));
        Ok(())
    }
}

fn establishment() -> Establishment {
    Establishment {
        name: "CISSS des essais".to_owned(),
        phone: String::new(),
        email: String::new(),
        service_desk: String::new(),
        case_page: None,
        english: false,
        replies: None,
    }
}

async fn person(scene: &Scene, login: &str, role: Role) {
    scene.account(login, &[(role, None)]).await;
    let account: Account = scene.store.account(login).await.unwrap().unwrap();
    let fresh = vaguemestre::web::secrets::fresh(Some(super::scene::PASSWORD)).unwrap();
    let by = By { actor: "essai", at: scene.now() };
    let account = Account {
        login: format!("{login}-2"),
        address: Some(format!("{login}@cissslau.example")),
        ..account
    };
    scene.store.open_account(&account, &fresh.secrets, by).await.unwrap();
}

async fn told(scene: &Scene) -> Vec<(String, String)> {
    let post = Post::default();
    let home = Some("https://courriel.exemple");
    round(scene.store.as_ref(), &post, &establishment(), home, scene.now()).await.unwrap();
    post.0.into_inner().unwrap()
}

#[tokio::test]
async fn reviewers_hear_at_set_hours_and_managers_of_what_is_over_its_time() {
    let scene = Scene::new().await;
    for (login, role) in
        [("mtremblay", Role::Archivist), ("jroy", Role::Approver), ("lgagnon", Role::Auditor)]
    {
        person(&scene, login, role).await;
    }
    scene.held().await;
    assert!(told(&scene).await.is_empty(), "10 h 05, nothing late");
    scene.pass(2 * 3600 + 58 * 60);
    let at_one = told(&scene).await;
    assert_eq!(at_one.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["mtremblay@cissslau.example"]);
    let text = &at_one[0].1;
    assert!(
        text.contains("1 courriel retenu attend une décision.")
            && text.contains("https://courriel.exemple/cases"),
        "{text}"
    );
    assert!(!text.contains("GIRL") && !text.contains("cissslau"), "{text}");
    assert!(told(&scene).await.is_empty(), "once a slot");
    scene.pass(80 * 3600);
    let late = told(&scene).await;
    let to: Vec<&str> = late.iter().map(|(to, _)| to.as_str()).collect();
    assert!(to.contains(&"jroy@cissslau.example") && !to.contains(&"lgagnon@cissslau.example"), "{to:?}");
}

/// A department behind a long queue of another's is told of too.
#[tokio::test]
async fn a_long_queue_is_told_to_its_last_case() {
    let scene = Scene::new().await;
    person(&scene, "mtremblay", Role::Archivist).await;
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    for index in 0..501 {
        scene.judged(&letters::Letter::new(&format!("Suivi {index}"), &format!("NAM : {number}"))).await;
    }
    scene.pass(2 * 3600 + 58 * 60);
    let mails = told(&scene).await;
    assert!(mails.len() == 1 && mails[0].1.contains("501 courriels retenus attendent"), "{mails:?}");
}

/// A release in doubt is settled by a person alone: the list shows it among what waits, and the mail of set hours tells of it.
#[tokio::test]
async fn a_release_in_doubt_is_told_and_shown() {
    let scene = Scene::new().await;
    person(&scene, "mtremblay", Role::Archivist).await;
    let case = scene.held().await;
    let number = CaseId::parse(&case).unwrap();
    for (action, actor) in [
        (Action::Release, Actor::person("m.archiviste", Role::Archivist)),
        (Action::Doubt(Some(250)), Actor::Service),
    ] {
        let why = Some(Masked::new("vérifié"));
        decide(scene.store.as_ref(), &number, action, &actor, why, scene.now()).await.unwrap();
    }
    let session = scene.signed_in(Role::Archivist).await;
    let list = scene.get("/cases", &session).await;
    assert!(list.text.contains(&case), "{}", list.text);
    scene.pass(2 * 3600 + 58 * 60);
    let mails = told(&scene).await;
    assert!(mails.len() == 1 && mails[0].1.contains("1 transmission est à confirmer"), "{mails:?}");
    assert!(!mails[0].1.contains("attend une décision"), "{mails:?}");
}

#[tokio::test]
async fn the_security_chief_hears_of_unusual_reveals_once_an_hour() {
    let scene = Scene::new().await;
    person(&scene, "chef-securite", Role::Compliance).await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    for _ in 0..21 {
        let fields = [("finding", "0"), ("reason", "false-alarm")];
        let answer = scene.post(&format!("/cases/{case}/reveal"), &session, &fields).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }
    let alerts = told(&scene).await;
    assert!(
        alerts.len() == 1 && alerts[0].1.contains("personne-archivist a consulté 21 contenus"),
        "{alerts:?}"
    );
    assert!(told(&scene).await.is_empty());
}

#[test]
fn english_follows_where_it_is_switched_on() {
    use vaguemestre::notices::digest::{Digest, digest, reveals};
    let english = Establishment { english: true, ..establishment() };
    let waiting = Digest { waiting: 2, late: 1, over: 0, oldest: None, ..Digest::default() };
    let text = digest(&waiting, &english, None).text;
    let (french, rest) = text.split_once("----").unwrap();
    assert!(french.contains("2 courriels retenus attendent une décision."), "{text}");
    assert!(rest.contains("2 held emails") || rest.contains("wait"), "{text}");
    assert!(reveals("m.t", 21, &english).text.contains("revealed 21 contents"));
    assert!(!digest(&waiting, &establishment(), None).text.contains("----"));
}
