//! Cases at the desk, and the sender's way back.

use axum::http::StatusCode;
use vaguemestre::model::{Address, CaseId, CaseState};
use vaguemestre::ports::Period;
use vaguemestre::review::Role;

use super::scene::Scene;
use crate::support::letters::{COLLEAGUE, Letter, SENDER, nam};

async fn state(scene: &Scene, case: &str) -> CaseState {
    scene.store.case(&CaseId::parse(case).unwrap()).await.unwrap().unwrap().state
}

async fn token(scene: &Scene, case: &str) -> String {
    let address = Address::parse(SENDER).unwrap();
    let made = scene.store.issue_token(&CaseId::parse(case).unwrap(), &address, scene.now()).await.unwrap();
    made.reveal().to_owned()
}

/// "actions to decide a case: 2 (open, decide)".
#[tokio::test]
async fn a_case_is_opened_and_decided() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let page = scene.get(&format!("/cases/{case}"), &session).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("numéro d’assurance maladie") && page.text.contains("value=\"release\""),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("GIRL") && !page.text.contains("clinique@"),
        "a value or an address is shown unasked"
    );
    let fields = [("action", "return"), ("reason", "rewrite"), ("version", "1")];
    let answer = scene.post(&format!("/cases/{case}/decide"), &session, &fields).await;
    assert_eq!((answer.status, state(&scene, &case).await), (StatusCode::SEE_OTHER, CaseState::Returned));
}

/// "two people deciding at once": the second is told who was first, and changes nothing.
#[tokio::test]
async fn of_two_who_decide_at_once_one_does() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    scene.account("jroy", &[(Role::Archivist, None)]).await;
    let (one, two) = (scene.session("mtremblay").await, scene.session("jroy").await);
    let path = format!("/cases/{case}/decide");
    let first = [("action", "return"), ("reason", "rewrite"), ("version", "1")];
    let second = [("action", "release"), ("reason", "verified"), ("version", "1")];
    let (a, b) = tokio::join!(scene.post(&path, &one, &first), scene.post(&path, &two, &second));
    let statuses = [a.status, b.status];
    assert!(
        statuses.contains(&StatusCode::SEE_OTHER) && statuses.contains(&StatusCode::CONFLICT),
        "{statuses:?}"
    );
    let late = if a.status == StatusCode::CONFLICT { a } else { b };
    assert!(late.text.contains("Déjà traité par "), "{}", late.text);
    let mut history = scene.store.history(&CaseId::parse(&case).unwrap()).await.unwrap();
    history.retain(|past| past.what != "mark-findings");
    assert_eq!(history.len(), 2, "held, and one decision");
}

/// Whoever took a case in hand has not dealt with it; what the other had typed stays.
#[tokio::test]
async fn a_decision_on_a_case_that_was_taken_meanwhile_keeps_what_was_typed() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    scene.account("jroy", &[(Role::Archivist, None)]).await;
    let (one, two) = (scene.session("mtremblay").await, scene.session("jroy").await);
    let path = format!("/cases/{case}/decide");
    let taken = scene.post(&path, &one, &[("action", "take"), ("version", "1")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    let typed = "Voir avec la clinique de jour.";
    let fields = [("action", "return"), ("reason", "other"), ("text", typed), ("version", "1")];
    let late = scene.post(&path, &two, &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text.contains("pris en charge, mtremblay") && !late.text.contains("Déjà traité"),
        "{}",
        late.text
    );
    assert!(late.text.contains(typed), "{}", late.text);
    let own = scene.post(&path, &one, &[("action", "put-back"), ("version", "2")]).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    let late = scene.post(&path, &two, &fields).await;
    assert!(late.status == StatusCode::CONFLICT && late.text.contains(typed), "{}", late.text);
    let end = scene.post(&path, &one, &[("action", "return"), ("reason", "rewrite"), ("version", "3")]).await;
    assert_eq!(end.status, StatusCode::SEE_OTHER);
    let late = scene.post(&path, &two, &fields).await.text;
    assert!(
        late.contains("Déjà traité par mtremblay") && late.contains(&format!("<q>{typed}</q>")),
        "{late}"
    );
}

#[tokio::test]
async fn a_finding_is_revealed_with_a_reason_to_who_has_the_case_in_hand() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let path = format!("/cases/{case}/reveal");
    let none = scene.post(&path, &session, &[("finding", "0"), ("reason", "curiosité")]).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    let answer = scene.post(&path, &session, &[("finding", "0"), ("reason", "false-alarm")]).await;
    assert!(answer.status == StatusCode::OK && answer.text.contains("<mark>GIRL"), "{}", answer.text);
    let told: Vec<String> = scene
        .store
        .history(&CaseId::parse(&case).unwrap())
        .await
        .unwrap()
        .into_iter()
        .map(|it| it.what)
        .collect();
    assert!(told.ends_with(&["take".to_owned(), "reveal".to_owned()]), "{told:?}");
    scene.account("jroy", &[(Role::Archivist, None)]).await;
    let other = scene.session("jroy").await;
    let answer = scene.post(&path, &other, &[("finding", "0"), ("reason", "false-alarm")]).await;
    assert!(
        answer.status == StatusCode::UNPROCESSABLE_ENTITY && !answer.text.contains("GIRL"),
        "{}",
        answer.text
    );
}

/// "hostile HTML, SVG and file names in the preview": what comes is text, and text only.
#[tokio::test]
async fn a_hostile_message_is_shown_as_text() {
    let scene = Scene::new().await;
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><text>NAM : {number}</text></svg>"
    );
    let page = format!(
        "<html><body onload=alert(1)><img src='https://espion.example/x.gif'><script>alert(2)</script><p>NAM : {number}</p></body></html>"
    );
    let letter = Letter::new(
        "Objet <script>alert(3)</script>",
        &format!("NAM : {number}\n</div><script>alert(4)</script>"),
    )
    .attach("a\u{202e}fdp.html", "text/html", page.as_bytes())
    .attach("\"><script>alert(5)</script>.svg", "image/svg+xml", svg.as_bytes());
    let case = scene.held_letter(&letter).await;
    let session = scene.signed_in(Role::Archivist).await;
    let answer = scene.post(&format!("/cases/{case}/message"), &session, &[("reason", "false-alarm")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("<mark>GIRL"), "{}", answer.text);
    for hostile in ["<script", "<img", "<svg", "<iframe", "\u{202e}", "href=\"http"] {
        assert!(!answer.text.contains(hostile), "{hostile} in {}", answer.text);
    }
}

/// "whole-message view is a second, stronger right with TOTP step-up (< 15 min)".
#[tokio::test]
async fn a_whole_message_asks_for_a_fresh_code() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let secrets = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let session = scene.session("mtremblay").await;
    for _ in 0..2 {
        scene.pass(10 * 60);
        let _ = scene.get("/cases", &session).await;
    }
    let path = format!("/cases/{case}/message");
    let without = scene.post(&path, &session, &[("reason", "incident"), ("code", "000000")]).await;
    assert!(without.status == StatusCode::FORBIDDEN && !without.text.contains("GIRL"), "{}", without.text);
    let code = scene.code(&secrets);
    let with = scene.post(&path, &session, &[("reason", "incident"), ("code", &code)]).await;
    assert!(with.status == StatusCode::OK && with.text.contains("GIRL"), "{}", with.text);
}

#[tokio::test]
async fn what_a_reviewer_types_holds_nothing_confidential() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let text = format!("Usagère, NAM {}", nam("GIRL", (1988, 11, 2), true, '4'));
    let before = scene.state().await;
    let fields = [("action", "return"), ("reason", "other"), ("text", text.as_str())];
    let answer = scene.post(&format!("/cases/{case}/decide"), &session, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text.contains("GIRL"));
    assert_eq!(scene.state().await, before);
}

#[tokio::test]
async fn false_alarms_are_kept_and_counted_by_rule() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let answer = scene.post(&format!("/cases/{case}/marks"), &session, &[("wrong", "0")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(scene.get(&format!("/cases/{case}"), &session).await.text.contains("fausse alerte</span>"));
    let page = scene.get("/precision", &session).await.text;
    assert!(page.contains("(peu de cas)"), "{page}");
}

/// "Every change is a POST after a page the human must read": robots follow links.
#[tokio::test]
async fn a_robot_that_follows_the_link_of_a_notice_changes_nothing() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let token = token(&scene, &case).await;
    let before = scene.state().await;
    for _ in 0..50 {
        let page = scene.get(&format!("/c/{case}?k={token}&action=withdraw"), "").await;
        assert_eq!(page.status, StatusCode::OK);
    }
    assert_eq!(scene.state().await, before);
}

#[tokio::test]
async fn the_sender_learns_why_and_says_their_word_once() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let token = token(&scene, &case).await;
    let path = format!("/c/{case}?k={token}");
    let page = scene.get(&path, "").await.text;
    for word in [
        "numéro d’assurance maladie",
        "corps du courriel",
        "Que faire maintenant",
        "Justifier",
        "fausse alerte",
        "Reprendre",
    ] {
        assert!(page.contains(word), "{word} not in {page}");
    }
    assert!(
        !page.contains("GIRL") && !page.contains("clinique@") && !page.contains("Suivi de rendez-vous"),
        "{page}"
    );
    let post = format!("/c/{case}");
    let fields =
        [("k", token.as_str()), ("action", "justify"), ("text", "La clinique l’attend aujourd’hui.")];
    assert_eq!(scene.post(&post, "", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&scene, &case).await, CaseState::Justified);
    let again = [("k", token.as_str()), ("action", "false-alarm")];
    assert_eq!(scene.post(&post, "", &again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let session = scene.signed_in(Role::Archivist).await;
    assert!(scene.get(&format!("/cases/{case}"), &session).await.text.contains("La clinique l’attend"));
    let withdraw = [("k", token.as_str()), ("action", "withdraw")];
    assert_eq!(scene.post(&post, "", &withdraw).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&scene, &case).await, CaseState::Returned);
    assert!(scene.get(&path, "").await.text.contains("Repris le 2\u{a0}novembre 2026"));
}

/// "Expired, forged or reused tokens": none opens a case, none says whether there is one.
#[tokio::test]
async fn a_token_that_is_forged_expired_or_of_another_case_opens_nothing() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    scene.pass(7200);
    let other = scene
        .held_letter(&Letter::new("Autre", &format!("NAM : {}", nam("ROYM", (1970, 1, 5), false, '2'))))
        .await;
    let good = token(&scene, &case).await;
    let forged = good.replace(|c: char| c.is_ascii_digit(), "z");
    let before = scene.state().await;
    for (path, key) in
        [(&case, ""), (&case, forged.as_str()), (&other, good.as_str()), (&case, "../../etc"), (&case, "'--")]
    {
        let page = scene.get(&format!("/c/{path}?k={key}"), "").await.text;
        assert!(
            page.contains("Ouvrez le lien, en entier") && !page.contains("assurance maladie"),
            "{key}: {page}"
        );
        let fields = [("k", key), ("action", "withdraw")];
        assert_eq!(
            scene.post(&format!("/c/{path}"), "", &fields).await.status,
            StatusCode::NOT_FOUND,
            "{key}"
        );
    }
    assert_eq!(scene.state().await, before);
    let withdraw = [("k", good.as_str()), ("action", "withdraw")];
    scene.pass(80 * 86_400);
    assert_eq!(scene.post(&format!("/c/{case}"), "", &withdraw).await.status, StatusCode::SEE_OTHER);
    let page = scene.get(&format!("/c/{case}?k={good}"), "").await.text;
    assert!(
        page.contains("Ouvrez le lien, en entier"),
        "a month after its time a case that is over is closed: {page}"
    );
}

#[tokio::test]
async fn guesses_at_tokens_are_counted() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let mut last = StatusCode::OK;
    for guess in 0..40 {
        last = scene.get(&format!("/c/{case}?k=essai{guess}"), "").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// A list by pages shows every case once.
#[tokio::test]
async fn pages_of_the_list_join_without_gap_or_repeat() {
    let scene = Scene::new().await;
    let mut cases = Vec::new();
    for index in 0..60_u32 {
        scene.pass(i64::from(index % 2) * 60);
        let number = nam("GIRL", (1960 + index % 30, 1 + index % 12, 1 + index % 28), index % 2 == 0, '4');
        let letter = Letter::new("Suivi", &format!("Bonjour {index},\n\nNAM : {number}\n"));
        scene.held_letter(&letter).await;
    }
    let session = scene.signed_in(Role::Archivist).await;
    let mut path = "/cases".to_owned();
    for _ in 0..5 {
        let page = scene.get(&path, &session).await.text;
        cases.extend(page.split("<h2><a href=\"/cases/").skip(1).map(|it| it[..9].to_owned()));
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    }
    let all = cases.len();
    cases.sort_unstable();
    cases.dedup();
    assert_eq!((all, cases.len()), (60, 60));
}

/// "four eyes": who proposes does not approve; a second person does, and may decline.
#[tokio::test]
async fn a_release_that_two_persons_decide_is_proposed_and_then_approved() {
    let scene = Scene::with("[review]\ntwo_persons_recipients = 2\n").await;
    let case = scene.held().await;
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    scene.account("jroy", &[(Role::Approver, None)]).await;
    let (one, two) = (scene.session("mtremblay").await, scene.session("jroy").await);
    let path = format!("/cases/{case}");
    assert_eq!(scene.get(&path, &two).await.status, StatusCode::NOT_FOUND, "nothing waits for approval yet");
    let decide = format!("{path}/decide");
    let propose = [("action", "release"), ("reason", "verified")];
    assert_eq!(scene.post(&decide, &one, &propose).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&scene, &case).await, CaseState::ToApprove);
    let approve = [("action", "approve"), ("reason", "other"), ("text", "Vu.")];
    let own = scene.post(&decide, &one, &approve).await;
    assert!(own.text.contains("Une autre personne doit approuver."), "{}", own.text);
    let page = scene.get(&path, &two).await;
    assert!(
        page.text.contains("mtremblay propose de transmettre") && page.text.contains("value=\"approve\"")
    );
    let approved = scene.post(&decide, &two, &approve).await;
    assert_eq!(approved.status, StatusCode::OK);
    assert!(approved.text.contains("transmission approuvée"), "{}", approved.text);
    assert_eq!(state(&scene, &case).await, CaseState::Releasing);
}

/// "steal needs a reason": a colleague's case is taken over from its page, and the trail says why.
#[tokio::test]
async fn a_case_in_other_hands_is_taken_over_with_a_reason() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    scene.account("jroy", &[(Role::Archivist, None)]).await;
    let (one, two) = (scene.session("mtremblay").await, scene.session("jroy").await);
    let (path, decide) = (format!("/cases/{case}"), format!("/cases/{case}/decide"));
    assert_eq!(scene.post(&decide, &one, &[("action", "take")]).await.status, StatusCode::SEE_OTHER);
    let page = scene.get(&path, &two).await.text;
    assert!(
        page.contains("mtremblay a ce cas en main jusqu’au") && page.contains("Reprendre le cas"),
        "{page}"
    );
    let without = scene.post(&decide, &two, &[("action", "take")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        without.text.contains("Pour le reprendre, dites pourquoi.")
            && without.text.contains("id=\"take-over\"")
    );
    let with = scene.post(&decide, &two, &[("action", "take"), ("text", "Absence imprévue.")]).await;
    assert_eq!(with.status, StatusCode::SEE_OTHER, "{}", with.text);
    let page = scene.get(&path, &two).await.text;
    assert!(page.contains("Vous avez ce cas en main") && page.contains("Absence imprévue."), "{page}");
}

/// A decision that is refused shows the case again, says why, and keeps what was typed; the usual reason is what the decision says.
#[tokio::test]
async fn a_refused_decision_loses_nothing_typed_and_the_usual_reason_is_honest() {
    let scene = Scene::new().await;
    let (first, second) =
        (scene.held().await, scene.held_letter(&Letter::new("Autre", "NAM : GIRL 8811 0214")).await);
    let session = scene.signed_in(Role::Archivist).await;
    let decide = format!("/cases/{first}/decide");
    let without = scene.post(&decide, &session, &[("action", "delete")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        without.text.contains("Un motif ou un texte est requis.") && without.text.contains("id=\"decision\"")
    );
    assert!(without.text.contains(&format!("<title>Erreur\u{a0}: Cas {first} –")), "{}", without.text);
    let version =
        [("action", "return"), ("reason", "wrong-recipient"), ("text", "À revoir."), ("version", "99")];
    let late = scene.post(&decide, &session, &version).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text.contains("À revoir.") && late.text.contains(&format!("action=\"/cases/{first}/decide\"")),
        "what was typed is lost: {}",
        late.text
    );
    assert_eq!(scene.post(&decide, &session, &[("action", "release")]).await.status, StatusCode::SEE_OTHER);
    let page = scene.get(&format!("/cases/{first}"), &session).await.text;
    assert!(
        page.contains("<q>Non précisé.") && !page.contains("<q>Cas examiné"),
        "a reason that nobody chose: {page}"
    );
    let other = format!("/cases/{second}/decide");
    assert_eq!(scene.post(&other, &session, &[("action", "return")]).await.status, StatusCode::SEE_OTHER);
}

/// review.md: two actions decide a case, and no single key does. The first button of a form is what Enter in a field presses: one that
/// cannot be pressed keeps a half-typed word from being a decision.
#[tokio::test]
async fn no_single_key_decides_a_case() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let page = scene.get(&format!("/cases/{case}"), &session).await.text;
    assert!(page.contains(&format!("<title>Cas {case} –")), "{page}");
    let form = page.split(&format!("action=\"/cases/{case}/decide\"")).nth(1).unwrap();
    let first = form.split("<button").nth(1).unwrap();
    assert!(first.starts_with(" disabled hidden "), "{form}");
    assert!(
        form.contains("name=\"reason\" accesskey=\"1\"") && !form.contains("value=\"release\" accesskey")
    );
    let list = scene.get("/cases", &session).await.text;
    let heading = list.split("<h2>").nth(1).unwrap().split("</h2>").next().unwrap();
    assert_eq!(
        heading,
        format!("<a href=\"/cases/{case}\">{case}</a>"),
        "a heading is the case's number, once"
    );
}

/// "a reviewer's « faux positif » feeds precision per rule": the reason of the decision is enough, and any other says that it was right.
#[tokio::test]
async fn a_decision_says_whether_its_findings_were_right() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    for (turn, (reason, counts)) in [("rewrite", (1, 0)), ("false-alarm", (1, 1))].into_iter().enumerate() {
        let number = nam("LACD", (1971 + turn as u32, 5, 9), false, '2');
        let case = scene.held_letter(&Letter::new("Suivi", &format!("NAM : {number}"))).await;
        let fields = [("action", "return"), ("reason", reason)];
        let answer = scene.post(&format!("/cases/{case}/decide"), &session, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let today = scene.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let rules = scene.store.precision(Period { from: today, to: today }).await.unwrap();
        let nam = rules.iter().find(|rule| rule.rule == "nam").unwrap();
        assert_eq!((nam.right, nam.wrong), counts, "{reason}");
    }
}

/// "search by case, sender, recipient, rule and period": an address is looked for within the filter of the list.
#[tokio::test]
async fn a_search_by_address_follows_the_filter() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let expected: &[(&[(&str, &str)], bool)] = &[
        (&[], true),
        (&[("who", "recipient"), ("state", "held")], true),
        (&[("who", "sender")], false),
        (&[("until", "2001-01-01")], false),
        (&[("state", "deleted")], false),
        (&[("department", "ailleurs.example")], false),
    ];
    for (filter, found) in expected {
        let fields: Vec<_> = filter.iter().copied().chain([("sought", COLLEAGUE)]).collect();
        let page = scene.post("/cases/search", &session, &fields).await.text;
        assert_eq!(page.contains(&format!("/cases/{case}")), *found, "{filter:?}: {page}");
    }
}

/// "personal values found in no … list page": nor on any page of a case that nobody has in hand, nor on the sender's.
#[tokio::test]
async fn no_page_shows_a_value_that_was_not_revealed() {
    let scene = Scene::new().await;
    let mut values = Vec::new();
    let mut cases = Vec::new();
    for index in 0..40_u32 {
        let numbers: Vec<String> = (0..5)
            .map(|turn| {
                let letters =
                    format!("{}{}GA", char::from(b'B' + (index % 20) as u8), char::from(b'B' + turn as u8));
                nam(&letters, (1950 + index, 1 + turn, 2 + turn), turn % 2 == 0, '3')
            })
            .collect();
        let text =
            format!("Bonjour,\n\n{}\n", numbers.iter().map(|it| format!("NAM : {it}\n")).collect::<String>());
        cases.push(scene.held_letter(&Letter::new(&format!("Objet inventé {index}"), &text)).await);
        values.extend(numbers);
    }
    values.extend(["Objet inventé".to_owned(), "clinique@".to_owned(), "archives@".to_owned()]);
    let session = scene.signed_in(Role::Archivist).await;
    let mut paths: Vec<String> =
        ["/cases", "/cases?state=all", "/figures", "/precision", "/account"].map(str::to_owned).to_vec();
    paths.extend(cases.iter().map(|case| format!("/cases/{case}")));
    for case in &cases {
        paths.push(format!("/c/{case}?k={}", token(&scene, case).await));
    }
    for path in paths {
        let page = scene.get(&path, &session).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for value in &values {
            assert!(!page.text.contains(value.as_str()), "{path} shows {value}");
        }
    }
}

/// "list with filters": by the rule too, chosen from those in force, and kept on the way to the next page.
#[tokio::test]
async fn the_list_is_filtered_by_rule_from_the_page_of_their_precision() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let fields = [("action", "return"), ("reason", "rewrite")];
    scene.post(&format!("/cases/{case}/decide"), &session, &fields).await;
    let page = scene.get("/precision", &session).await.text;
    assert!(page.contains("href=\"/cases?state=all&amp;rule=nam\""), "{page}");
    assert!(scene.get("/cases?state=all&rule=nam", &session).await.text.contains(&case));
    assert!(!scene.get("/cases?state=all&rule=nas", &session).await.text.contains(&case));
    let admin = scene.signed_in(Role::Admin).await;
    assert!(!scene.get("/precision", &admin).await.text.contains("href=\"/cases?"));
}

#[tokio::test]
async fn the_list_is_filtered_by_article() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let archivist = scene.signed_in(Role::Archivist).await;
    let all = scene.get("/cases", &archivist).await.text;
    let own = scene.store.case(&CaseId::parse(&case).unwrap()).await.unwrap().unwrap().article_ids[0].clone();
    for id in [own.0.as_str(), "dir09-sondage-externe"] {
        assert!(all.contains(&format!("<option value=\"{id}\">")), "{id}: {all}");
        let some = scene.get(&format!("/cases?article={id}"), &archivist).await.text;
        assert!(some.contains(&format!("<option value=\"{id}\" selected>")), "{some}");
        assert_eq!(some.contains(&format!("/cases/{case}\"")), id == own.0, "{id}");
    }
    let gone = scene.get("/cases?article=un-article-d-hier", &archivist).await.text;
    assert!(gone.contains("<option value=\"un-article-d-hier\" selected>"), "{gone}");
}
