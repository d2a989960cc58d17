//! What those who answer for security and compliance do at the desk: legal holds, incidents, evidence, papers.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use vaguemestre::model::{CaseId, CaseState};
use vaguemestre::review::Role;
use vaguemestre::service::{Workbench, check};

use super::scene::Scene;
use crate::support::folder::Folder;
use crate::support::letters::{SENDER, nam};

const REVIEW: &str = "2027-01-15";

async fn acts(scene: &Scene, case: &str) -> Vec<String> {
    let history = scene.store.history(&CaseId::parse(case).unwrap()).await.unwrap();
    history.into_iter().map(|past| past.what).collect()
}

#[tokio::test]
async fn compliance_finds_a_case_holds_it_and_lets_it_go() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let path = format!("/cases/{case}");
    let (chief, archivist) =
        (scene.signed_in(Role::Compliance).await, scene.signed_in(Role::Archivist).await);
    assert!(!scene.get("/cases", &chief).await.text.contains(&case), "nothing is watched yet");
    for sought in [case.as_str(), SENDER] {
        let found = scene.post("/cases/search", &chief, &[("sought", sought)]).await;
        assert!(found.header("location") == path || found.text.contains(&case), "{sought}: {}", found.text);
    }
    let page = scene.get(&path, &chief).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("GIRL") && !page.text.contains("clinique@"), "{}", page.text);
    let reveal = [("finding", "0"), ("reason", "incident")];
    let early = scene.post(&format!("{path}/reveal"), &chief, &reveal).await;
    assert!(early.text.contains("Mettez d’abord le cas sous gel juridique"), "{}", early.text);

    let hold =
        |review: &'static str, why: &'static str| [("number", "2026-17"), ("review", review), ("text", why)];
    for (review, why) in [("2020-01-01", "Litige."), (REVIEW, ""), ("demain", "Litige.")] {
        let refused = scene.post(&format!("{path}/hold"), &chief, &hold(review, why)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{review} {why}");
    }
    let set = scene.post(&format!("{path}/hold"), &chief, &hold(REVIEW, "Litige.")).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    assert!(scene.get("/cases", &chief).await.text.contains(&case), "what is held is in the list");
    assert!(scene.get(&path, &chief).await.text.contains("Gel juridique, dossier 2026-17."));
    let shown = scene.post(&format!("{path}/reveal"), &chief, &reveal).await;
    assert!(shown.text.contains("GIRL"), "{}", shown.text);
    let delete = [("action", "delete"), ("reason", "verified")];
    let kept = scene.post(&format!("{path}/decide"), &archivist, &delete).await;
    assert!(kept.text.contains("Un gel juridique interdit"), "{}", kept.text);
    let lifted = scene.post(&format!("{path}/lift-hold"), &chief, &[("text", "Réglé.")]).await;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER);
    assert!(!scene.get("/cases", &chief).await.text.contains(&case));
    let acts = acts(&scene, &case).await;
    assert!(acts.contains(&"legal-hold".to_owned()) && acts.contains(&"lift-hold".to_owned()), "{acts:?}");
    let trail = scene.store.audit_entries(None, 0).await.unwrap();
    assert!(
        trail.iter().any(|it| it.entry.contains("look-up"))
            && !trail.iter().any(|it| it.entry.contains(SENDER))
    );
}

#[tokio::test]
async fn an_incident_is_opened_from_a_case_filled_in_closed_and_taken_out() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let (archivist, chief) =
        (scene.signed_in(Role::Archivist).await, scene.signed_in(Role::Compliance).await);
    let auditor = scene.signed_in(Role::Auditor).await;
    let path = format!("/cases/{case}/incident");
    assert_eq!(scene.post(&path, &archivist, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = format!("NAM {} envoyé.", nam("GIRL", (1988, 11, 2), true, '4'));
    let said = scene.post(&path, &archivist, &[("circumstances", &told)]).await;
    assert!(said.text.contains("renseignement confidentiel"), "{}", said.text);
    let opened =
        scene.post(&path, &archivist, &[("circumstances", "Relâché vers la mauvaise clinique.")]).await;
    assert_eq!(opened.header("location"), "/incidents/1", "{}", opened.text);
    let page = scene.get("/incidents/1", &archivist).await.text;
    assert!(page.contains("mauvaise clinique") && page.contains("assurance maladie") && page.contains(&case));
    assert!(scene.get("/cases", &chief).await.text.contains(&case), "compliance looks after it");

    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let change = |action: &'static str, seen: String| {
        [
            ("action", action.to_owned()),
            ("seen", seen),
            ("circumstances", "Relâché par erreur.".to_owned()),
            ("persons", "1".to_owned()),
        ]
    };
    async fn post(scene: &Scene, session: &str, fields: [(&str, String); 4]) -> StatusCode {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        scene.post("/incidents/1", session, &fields).await.status
    }
    let wrong = [("action", "save"), ("seen", &seen), ("risk", &told), ("measures", "Rappel fait.")];
    let refused = scene.post("/incidents/1", &archivist, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("Rappel fait.") && refused.text.contains("À corriger\u{a0}: «\u{a0}Risque"),
        "{}",
        refused.text
    );
    assert!(
        !refused.text.contains("GIRL") && refused.text.contains("aria-invalid=\"true\""),
        "{}",
        refused.text
    );
    assert_eq!(post(&scene, &chief, change("close", seen.clone())).await, StatusCode::SEE_OTHER);
    assert_eq!(
        post(&scene, &archivist, change("save", seen.clone())).await,
        StatusCode::CONFLICT,
        "changed meanwhile"
    );
    let late = [("action", "save"), ("seen", &seen), ("measures", "Rappel fait.")];
    let late = scene.post("/incidents/1", &archivist, &late).await.text;
    assert!(late.contains("Rappel fait.") && late.contains("<q>Relâché par erreur.</q>"), "{late}");
    assert!(late.contains("Une autre personne a changé cet incident") && !late.contains("Ce cas"), "{late}");
    let page = scene.get("/incidents/1", &auditor).await.text;
    assert!(page.contains("Relâché par erreur.") && !page.contains("<textarea"), "an auditor reads only");
    assert!(scene.get("/incidents", &auditor).await.text.contains("fermé"));
    let out = scene.post("/incidents/export", &auditor, &[]).await;
    assert!(out.header("content-type").starts_with("text/csv") && out.text.contains("Relâché par erreur."));
    assert!(out.header("content-disposition").contains("registre-des-incidents.csv"));
    assert!(out.text.starts_with("\u{feff}Numéro;Cas;Ouvert par;"), "{}", out.text);
    let trail = scene.store.audit_entries(None, 0).await.unwrap();
    for act in ["open-incident", "close-incident", "export-incidents"] {
        assert!(trail.iter().any(|it| it.entry.contains(act)), "{act}");
    }
    scene.account("jroy", &[(Role::Archivist, Some("ailleurs.example"))]).await;
    let other = scene.session("jroy").await;
    assert_eq!(scene.get("/incidents/1", &other).await.status, StatusCode::NOT_FOUND);
    assert!(!scene.get("/incidents", &other).await.text.contains("Incident 1"));
}

#[tokio::test]
async fn evidence_leaves_sealed_and_is_in_the_trail() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let chief = scene.signed_in(Role::Compliance).await;
    let path = format!("/cases/{case}/evidence");
    let identity = age::x25519::Identity::generate();
    let key = identity.to_public().to_string();
    let wrong = scene.post(&path, &chief, &[("key", "ssh-rsa AAAA"), ("text", "Demande.")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pack = scene.download(&path, &chief, &[("key", &key), ("text", "Demande de la Commission.")]).await;
    let clear = age::decrypt(&identity, &pack).unwrap();
    assert!(clear.starts_with(b"PK\x03\x04"));
    for name in ["journal-mta.txt", "avis-art-11.txt", "registre-art-15.txt", "ah-223.txt"] {
        assert!(clear.windows(name.len()).any(|it| it == name.as_bytes()), "{name}");
    }
    assert!(!clear.windows(4).any(|it| it == b"GIRL"), "the pack quotes the message");
    assert!(acts(&scene, &case).await.contains(&"evidence".to_owned()));
}

#[tokio::test]
async fn papers_are_whole_in_both_languages_and_name_no_case() {
    let scene = Scene::with("[establishment]\nenglish = true\nname = \"CISSS des essais\"\n").await;
    let case = scene.held().await;
    let auditor = scene.signed_in(Role::Auditor).await;
    for path in ["/conformity", "/conformity?from=2026-01-01&to=2026-12-31", "/assessment"] {
        for language in ["fr", "en"] {
            let request = scene
                .request("GET", path, "")
                .header("cookie", format!("session={auditor}; language={language}"));
            let page = scene.send(request.body(axum::body::Body::empty()).unwrap()).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            for hole in ["<dt></dt>", "<dd></dd>", "<h2></h2>", "<h1></h1>", "<p></p>"] {
                assert!(!page.text.contains(hole), "{path} {language}: {hole}");
            }
            assert!(page.text.contains("CISSS des essais"), "{path}");
            assert!(!page.text.contains(&case) && !page.text.contains("clinique@"), "{path}");
        }
    }
    let assessment = scene.get("/assessment", &auditor).await.text;
    assert!(assessment.contains("(OpenID Connect)</dt><dd>non</dd>"), "{assessment}");
    assert!(!assessment.contains("Service de connexion"), "no such service is configured: {assessment}");
    let proof = scene.get("/conformity", &auditor).await.text;
    for told in ["entière", "Délais respectés", "Dernière revue signée"] {
        assert!(proof.contains(told), "{told}: {proof}");
    }
}

/// The page reads the whole trail once a day and when it is asked to; in between, what came since. It says when it read it whole.
#[tokio::test]
async fn the_proof_reads_the_whole_trail_once_a_day_and_on_demand() {
    let scene = Scene::new().await;
    for _ in 0..3 {
        scene.held().await;
    }
    let auditor = scene.signed_in(Role::Auditor).await;
    let proof = async |path| scene.get(path, &auditor).await.text;
    let (whole, broken) = ("<dd>entière</dd>", "rompue à l’inscription");
    assert!(proof("/conformity").await.contains(whole));
    let database = format!("sqlite:{}", scene.folder().join("state/cases.db").display());
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect(&database).await.unwrap();
    let tamper = "DROP TRIGGER audit_is_not_changed; UPDATE audit SET entry = entry || ' ' WHERE seq = 1";
    sqlx::raw_sql(tamper).execute(&mut database).await.unwrap();

    scene.held().await;
    assert!(proof("/conformity").await.contains(whole), "only what came since is read");
    let told = proof("/conformity?walk=whole").await;
    assert!(told.contains(broken), "{told}");
    assert!(proof("/conformity").await.contains(broken), "a fault does not pass by itself");

    let mend = "UPDATE audit SET entry = rtrim(entry) WHERE seq = 1";
    sqlx::raw_sql(mend).execute(&mut database).await.unwrap();
    assert!(proof("/conformity").await.contains(whole));
    sqlx::raw_sql("UPDATE audit SET entry = entry || ' ' WHERE seq = 1")
        .execute(&mut database)
        .await
        .unwrap();
    scene.pass(25 * 3_600);
    let auditor = scene.signed_in(Role::Auditor).await;
    let told = scene.get("/conformity", &auditor).await.text;
    assert!(told.contains(broken), "a day later: {told}");
}

/// "can be exported as a masked counter-example for `check`": the file stands in local.d, and proves what it should.
#[tokio::test]
async fn a_false_alarm_is_taken_out_as_a_counter_example_that_check_reads() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let archivist = scene.signed_in(Role::Archivist).await;
    let path = format!("/cases/{case}/counter-example");
    let fields = [("finding", "0"), ("text", "un numéro de formulaire")];
    let made = scene.post(&path, &archivist, &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert!(made.text.contains("[[counter_example]]") && made.text.contains("un numéro de formulaire"));
    assert!(!made.text.contains("GIRL"), "{}", made.text);
    assert!(acts(&scene, &case).await.contains(&"counter-example".to_owned()));
    assert_eq!(
        scene.store.case(&CaseId::parse(&case).unwrap()).await.unwrap().unwrap().state,
        CaseState::Held
    );

    let failing = |local: Option<&str>| {
        let folder = Folder::new("counter");
        let config = folder.path().join("vaguemestre.toml");
        let own = folder.path().join("local.d");
        std::fs::create_dir_all(&own).unwrap();
        local.into_iter().for_each(|text| std::fs::write(own.join("desk.toml"), text).unwrap());
        std::fs::write(&config, format!("[data]\nlocal = \"{}\"\n", own.display())).unwrap();
        let bench = Workbench::open(Some(&config)).unwrap();
        let proofs = check(&bench, "2026-11-02".parse().unwrap()).proofs;
        proofs.into_iter().filter_map(|proof| proof.failure).map(|it| it.what).collect::<BTreeSet<_>>()
    };
    let (before, after) = (failing(None), failing(Some(&made.text)));
    assert_eq!(after.difference(&before).count(), 1, "{after:?}");
}

/// "audit log: read": who answers for security reads who looked at what and why; words that people typed are not there.
#[tokio::test]
async fn the_trail_is_read_by_person_and_by_case() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let archivist = scene.signed_in(Role::Archivist).await;
    let reveal = [("finding", "0"), ("reason", "false-alarm")];
    assert_eq!(
        scene.post(&format!("/cases/{case}/reveal"), &archivist, &reveal).await.status,
        StatusCode::OK
    );
    let fields = [("action", "return"), ("reason", "other"), ("text", "Mot tapé à la main.")];
    let _ = scene.post(&format!("/cases/{case}/decide"), &archivist, &fields).await;
    assert_eq!(scene.get("/trail", &archivist).await.status, StatusCode::FORBIDDEN);
    let chief = scene.signed_in(Role::Compliance).await;
    let whole = scene.get("/trail", &chief).await.text;
    for told in ["contenu consulté (constat 1)", "Vérifier une fausse alerte", "retourné", case.as_str()] {
        assert!(whole.contains(told), "{told}: {whole}");
    }
    assert!(!whole.contains("Mot tapé"), "{whole}");
    let of_case = scene.get(&format!("/trail?case={case}"), &chief).await.text;
    assert!(of_case.contains("contenu consulté") && !of_case.contains("compte ouvert"), "{of_case}");
    let of_nobody = scene.get("/trail?who=personne", &chief).await.text;
    assert!(of_nobody.contains("Aucune inscription."), "{of_nobody}");
    let history = scene.get(&format!("/cases/{case}"), &archivist).await.text;
    assert!(
        history.contains("contenu consulté (constat 1)") && history.contains("Vérifier une fausse alerte")
    );
}
