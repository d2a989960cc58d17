//! Notices as people get them: one golden file each, read as a clinician would.
//!
//! A mismatch writes `X.failed` beside `X.txt`; `UPDATE=1` accepts what is new.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use vaguemestre::model::settings::Establishment;
use vaguemestre::model::{
    Address, ArticleRef, CaseId, FoundAt, Kind, Masked, NoticeKind, NoticeOrder, Region,
};
use vaguemestre::notices::{Rendered, explains, is_urgent, render};

fn establishment() -> Establishment {
    Establishment {
        name: "CISSS de l’Exemple".to_owned(),
        phone: "450 555-0100, poste 12345".to_owned(),
        email: "archives@cisss.example".to_owned(),
        service_desk: "450 555-0199".to_owned(),
        case_page: None,
        english: false,
        replies: None,
    }
}

fn at(utc: &str) -> Timestamp {
    utc.parse().unwrap()
}

fn article(cites: &str, says: &str, says_en: &str, notice: &str) -> ArticleRef {
    ArticleRef { cites: cites.into(), says: says.into(), says_en: says_en.into(), notice: notice.into() }
}

fn single_recipient() -> ArticleRef {
    article(
        "DIR 2022 DQEPE 054, art. 5.8",
        "Un renseignement confidentiel s'adresse à un seul destinataire, jamais à un groupe de personnes.",
        "Confidential information goes to a single recipient, never to a group.",
        "un-destinataire",
    )
}

fn no_name() -> ArticleRef {
    article(
        "DIR 2022 DQEPE 054, art. 5.7",
        "Un courriel évite de nommer la personne concernée : le numéro de dossier, d'usager ou d'employé la remplace.",
        "An email avoids naming the person concerned: a record, user or employee number stands in.",
        "identifiant-interne",
    )
}

fn poll() -> ArticleRef {
    article(
        "MSSS-DIR09",
        "Seul le Sondage de planification d'Outlook sert à fixer une rencontre; les sites gratuits sont proscrits.",
        "Only Outlook's Scheduling Poll may be used to set up a meeting; free sites are proscribed.",
        "sondage-externe",
    )
}

fn crisis() -> ArticleRef {
    article(
        "DIR 2022 DQEPE 054, art. 5.3.1",
        "Le courriel peut ne pas être lu à temps dans une situation d'urgence ou de crise : téléphonez.",
        "In an emergency or a crisis an email may not be read in time: phone instead.",
        "crise",
    )
}

fn found(kind: Kind, count: u32, region: Region, attachment: Option<u32>, line: Option<u32>) -> FoundAt {
    FoundAt { kind, count, region, attachment, line }
}

fn order(kind: NoticeKind, case: &str, articles: Vec<ArticleRef>, found: Vec<FoundAt>) -> NoticeOrder {
    NoticeOrder {
        kind,
        case: CaseId::parse(case).unwrap(),
        to: Address::parse("josee.gagnon@cisss.example").unwrap(),
        sent_at: at("2026-11-21T19:05:00Z"),
        recipients: 3,
        domains: vec!["chum.example".to_owned(), "partenaire.example".to_owned()],
        articles,
        found,
        unread: 0,
        deadline: Some(at("2026-12-06T19:05:00Z")),
        reason: None,
        in_reply_to: Some(Masked::new("<4711@cisss.example>")),
        token: None,
        encrypted: false,
    }
}

fn held() -> NoticeOrder {
    let found = vec![
        found(Kind::Nam, 1, Region::Body, None, Some(12)),
        found(Kind::PatientName, 1, Region::Subject, None, None),
        found(Kind::BirthDate, 3, Region::Cell, Some(2), None),
    ];
    NoticeOrder {
        unread: 1,
        ..order(NoticeKind::Held, "7K3M-Q2P9", vec![single_recipient(), no_name()], found)
    }
}

fn warned() -> NoticeOrder {
    let found = vec![found(Kind::Nam, 1, Region::Body, None, Some(4))];
    NoticeOrder { recipients: 1, ..order(NoticeKind::Warned, "0R8F-5T2C", vec![no_name()], found) }
}

fn warned_again(case: &str, minutes: i64, articles: Vec<ArticleRef>, found: Vec<FoundAt>) -> NoticeOrder {
    let sent_at = warned().sent_at + jiff::SignedDuration::from_mins(minutes);
    NoticeOrder { sent_at, ..order(NoticeKind::Warned, case, articles, found) }
}

fn several() -> Vec<NoticeOrder> {
    let link = || vec![found(Kind::PollLink, 1, Region::Body, None, Some(2))];
    let unread = warned_again("9D4E-7H1B", 95, vec![poll()], vec![]);
    vec![
        warned(),
        warned_again("2V6Y-8KXA", 12, vec![poll()], link()),
        warned_again("5N3P-Z0QW", 40, vec![no_name(), poll()], [warned().found, link()].concat()),
        NoticeOrder { unread: 2, ..unread },
    ]
}

fn decided(kind: NoticeKind, reason: &str) -> NoticeOrder {
    NoticeOrder { kind, reason: Some(Masked::new(reason)), ..held() }
}

fn emergency() -> NoticeOrder {
    let found = vec![found(Kind::Crisis, 1, Region::Body, None, Some(1))];
    order(NoticeKind::Warned, "3B7C-1M4X", vec![crisis()], found)
}

fn with_token(order: NoticeOrder) -> NoticeOrder {
    NoticeOrder { token: Some(Masked::new("k3q7".repeat(13))), ..order }
}

fn own_article() -> NoticeOrder {
    let own = article(
        "Directive maison, art. 2",
        "Les budgets restent à l'interne.",
        "Budgets stay inside.",
        "budget",
    );
    let found = vec![found(Kind::Finance, 2, Region::Body, Some(1), None)];
    NoticeOrder { domains: vec![], deadline: None, ..order(NoticeKind::Held, "6G5J-WT80", vec![own], found) }
}

#[test]
fn notices_read_as_their_golden_files() {
    let same_day = at("2026-11-21T19:05:30Z");
    let next_week = at("2026-11-27T14:30:00Z");
    let past_deadline = at("2026-12-06T19:06:00Z");
    let english = Establishment { english: true, ..establishment() };
    let page = Some("https://courriel.cisss.example/c/{case}".to_owned());
    let paged = Establishment { case_page: page, ..establishment() };
    let released = decided(NoticeKind::Released, "l’usager doit être nommé pour éviter une erreur");
    let returned = decided(NoticeKind::Returned, "le groupe compte des personnes hors de l’équipe de soins");
    let cases = [
        ("held", vec![held()], establishment(), same_day),
        ("held-english", vec![held()], english.clone(), same_day),
        ("held-page", vec![with_token(held())], paged.clone(), same_day),
        ("warned-page", vec![with_token(warned()), with_token(several().remove(1))], paged, same_day),
        ("held-own-article", vec![own_article()], establishment(), same_day),
        ("warned", vec![warned()], establishment(), same_day),
        ("warned-poll", several().drain(1..2).collect(), establishment(), same_day),
        ("warned-crisis", vec![emergency()], english.clone(), same_day),
        ("warned-several", several(), english.clone(), same_day),
        ("released", vec![released.clone()], establishment(), next_week),
        ("released-encrypted", vec![NoticeOrder { encrypted: true, ..released }], establishment(), next_week),
        ("returned", vec![returned], english.clone(), next_week),
        (
            "returned-expired",
            vec![NoticeOrder { kind: NoticeKind::Returned, ..held() }],
            establishment(),
            past_deadline,
        ),
        (
            "deleted",
            vec![decided(NoticeKind::Deleted, "doublon, à la demande de la personne")],
            english,
            next_week,
        ),
    ];
    let wrong: Vec<_> = cases
        .into_iter()
        .filter(|(name, orders, establishment, now)| {
            let rendered = render(orders, establishment, *now).unwrap();
            !golden(name, &printed(&rendered))
        })
        .map(|(name, ..)| name)
        .collect();
    assert!(
        wrong.is_empty(),
        "compare tests/notices/X.txt with X.failed, then UPDATE=1 to accept: {wrong:?}"
    );
}

fn printed(notice: &Rendered) -> String {
    let fields: String = notice.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("Subject: {}\n{fields}\n{}", notice.subject, notice.text)
}

fn golden(name: &str, text: &str) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notices");
    let (accepted, failed) = (folder.join(format!("{name}.txt")), folder.join(format!("{name}.failed")));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&accepted, text).unwrap();
    }
    let same = fs::read_to_string(&accepted).is_ok_and(|golden| golden == text);
    if same {
        let _ = fs::remove_file(&failed);
    } else {
        fs::write(&failed, text).unwrap();
    }
    same
}

#[test]
fn a_notice_holds_no_address_of_the_message_and_no_foreign_text() {
    let mut order = held();
    order.domains = vec!["Marie Tremblay <x".to_owned(), "a.example".to_owned()];
    let text = render(&[order], &establishment(), at("2026-11-21T20:00:00Z")).unwrap().text;
    assert!(text.contains("(a.example)") && !text.contains("Tremblay") && !text.contains("gagnon"), "{text}");
}

/// RFC 5322, 3.6.4: "msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS]"
#[test]
fn only_a_plain_message_id_threads_the_notice() {
    let cases = [
        ("<4711@cisss.example>", true),
        ("4711@cisss.example", false),
        ("<a@b>\r\nBcc: <c@d.example>", false),
        ("<a@b> <c@d>", false),
        ("<é@b>", false),
        ("<>", false),
    ];
    for (id, kept) in cases {
        let order = NoticeOrder { in_reply_to: Some(Masked::new(id)), ..held() };
        let notice = render(&[order], &establishment(), at("2026-11-21T20:00:00Z")).unwrap();
        assert_eq!(notice.in_reply_to.is_some(), kept, "{id:?}");
    }
}

#[test]
fn a_crisis_cannot_wait_to_be_grouped() {
    assert!(is_urgent(&emergency()) && !is_urgent(&warned()));
    let notice = render(&[warned(), emergency()], &establishment(), at("2026-11-21T20:00:00Z")).unwrap();
    assert!(notice.subject.starts_with("Téléphonez maintenant"), "{}", notice.subject);
}

/// A long list informs no one: 20 lines, then a count.
#[test]
fn long_lists_are_cut_and_counted() {
    let now = at("2026-11-21T20:00:00Z");
    let place = found(Kind::Nam, 1, Region::Cell, Some(1), None);
    let many = NoticeOrder { found: vec![place; 25], ..held() };
    let text = render(&[many], &establishment(), now).unwrap().text;
    assert!(text.contains("- et 5 autres endroits\n") && text.matches("(tableau)").count() == 20, "{text}");
    let text = render(&vec![warned(); 21], &establishment(), now).unwrap().text;
    assert!(
        text.contains("- et 1 autre courriel\n") && text.matches("avis 0R8F-5T2C").count() == 20,
        "{text}"
    );
}

#[test]
fn several_notices_of_any_kind_are_all_told() {
    let orders = [held(), decided(NoticeKind::Deleted, "doublon"), warned()];
    let text = render(&orders, &establishment(), at("2026-11-21T20:00:00Z")).unwrap().text;
    for words in ["est conservé", "a été détruit", "a été transmis", "Motif\u{a0}: doublon"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(render(&[], &establishment(), at("2026-11-21T20:00:00Z")).is_none());
}

/// An article of the shipped policy is explained in its own words; `autre` asks for the general advice by name.
#[test]
fn every_notice_key_of_the_shipped_policy_has_its_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    let texts = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let texts: Vec<String> = texts.collect();
    let keys: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("notice = \"")?.strip_suffix('"'))
        .collect();
    assert!(keys.len() > 5, "{keys:?}");
    let unexplained: Vec<_> = keys.iter().filter(|key| **key != "autre" && !explains(key)).collect();
    assert!(unexplained.is_empty(), "add smtp-why-, smtp-do- and advice- texts for {unexplained:?}");
}
