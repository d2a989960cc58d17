//! Text that is about nobody's care, whatever its words are: settings, tables, lists of mail, encyclopaedias. Each shape was met in text
//! that nobody here wrote (`real/README.md`); the sentences are ours. Beside each, a patient told in nearly the same words.

use std::collections::BTreeSet;

use vaguemestre::model::{Boundary, Confidence, Region, Segment};

use super::{identifies, read_all, segment};

/// What names or numbers someone, probably or certainly.
fn told(segments: &[Segment]) -> Vec<String> {
    let findings = read_all(segments).findings;
    let sure = findings.iter().filter(|one| one.confidence > Confidence::Low && identifies(one.kind));
    sure.map(|one| format!("{} {:?}", one.value.reveal(), one.evidence)).collect()
}

fn body(text: &str) -> Vec<Segment> {
    vec![segment(text, Region::Body, None, Boundary::Part)]
}

#[test]
fn settings_tables_and_encyclopaedias_are_about_nobody() {
    for text in [
        "hr    (Goran Vidovic)\npt    (Hugo Carvalho)\nsv    (Anders Jonsson)",
        "\\columnseprule 0.5pt                Hugo Carvalho",
        "Black Prince: son of Edward III, who defeated the French.",
        "Paul Henri Dubois\n    n 1: United States writer whose novels describe the sea (born in 1931)",
        "<entry id=\"lha\" reference_name=\"Laha (Paul Dubois)\" name=\"Laha\" />",
        "{ \"code\": \"ES-IB\", \"name\": \"Illes Dubois [Paul Dubois]\", \"type\": \"patient\" }",
        "<act:name>8047 Paul Dubois</act:name>\n<act:type>EXPENSE</act:type>",
        "005\t\"Paul Dubois\"\t_(\"Room\")\n006\t\"Hugo Roy\"\t_(\"Ghosts\")",
        "Inputting the reason for and the assessment of the encounter (RFE, AOE)",
        "HRA380 Hitachi Adapter to PCIe\n\t\t1054 3034  Dual-Port Ethernet PCIe Adapter",
        "Chao-Yang Road No. 103, Room 1109-1110 Beijing",
        "Mem:   16279260  5910248\nSwap:      16601084      240640",
        "add a module for the Czech birth numbers (of two kinds)\n\n2012-02-04  a change",
        "user:{plain}password:::::allow_nets=192.168.0.0/24",
        "var params = { user: 'x', password: '{$API.PASSWORD}' };",
        "After confirming the password and the administrator password, ldap-createuser-krb5 makes the user.",
    ] {
        assert_eq!(told(&body(text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_patient_told_in_nearly_the_same_words_is_one() {
    for text in [
        "Pt : Hugo Carvalho, INR à 3,2",
        "Le fils de Paul Dubois (né le 4 mai 1931) demande le résultat de sa biopsie.",
        "Patient : Paul Dubois\nChambre : 214\nDx : pneumonie",
        "NAM : ROOM 1109 1110",
        "DDN\n\n1954-08-03",
        "user: royj\npassword: Bouleau#4471",
    ] {
        assert_ne!(told(&body(text)), Vec::<String>::new(), "{text}");
    }
}

/// A mailing list and a page that was passed on speak of people of the news.
#[test]
fn a_list_of_mail_and_a_page_passed_on_are_read_by_everyone() {
    let news = "Paul Dubois was admitted to the hospital after a stroke, his family said.";
    let list =
        "To unsubscribe from this group, write to the list.\nhttp://list.example/mailman/listinfo/talk";
    let mails = [
        (None, "URL: http://news.example/1\n\nHugo Carvalho speaks of his stroke.\n".to_owned()),
        (Some("Re: [talk] Hugo Carvalho"), format!("Yes, I saw it.\n\n{list}")),
    ];
    for (subject, text) in mails {
        let subject = subject.map(|subject| segment(subject, Region::Subject, None, Boundary::Part));
        let segments: Vec<Segment> = subject.into_iter().chain(body(&text)).collect();
        assert_eq!(told(&segments), Vec::<String>::new(), "{text}");
    }
    assert_ne!(told(&body(news)), Vec::<String>::new(), "the same without a list");
}

/// News, adverts, letters of fraud and talk of computers use words of their own: several of them tell what a text is, one does not.
#[test]
fn a_text_that_uses_words_of_news_or_of_trade_is_about_nobody_cared_for() {
    let told_of = |text: &str| told(&body(text));
    for text in [
        "(Reuters) - The mayor told a newspaper that politicians were silent. Paul Dubois, 47, was treated after a stroke, a spokesman said.",
        "Our client Mr. Paul Dubois died of a heart attack and left funds of 12 million dollars. As the barrister I seek a trustworthy beneficiary.",
        "Click to shop online: lowest prices, discount on all orders. Paul Dubois was treated for diabetes and was cured.",
    ] {
        assert_eq!(told_of(text), Vec::<String>::new(), "{text}");
    }
    for text in [
        "Paul Dubois, 47, who knows the mayor, was treated here after a stroke and goes home on Friday.",
        "Our patient Mr. Paul Dubois died of a heart attack last night, his wife was with him.",
        "Paul Dubois was treated for diabetes; he could not book his appointment online.",
    ] {
        assert_ne!(told_of(text), Vec::<String>::new(), "{text}");
    }
}

/// Words of which no list of names knows one, places, and who is quoted in an advert.
#[test]
fn capitals_places_and_testimonials_are_nobody() {
    for text in [
        "Ingredients in precise prescription: Tadix Salviae, Arullus Euphoriae, Frutcus Orixi, against diabetes and pain.",
        "MISSAGLIA, Italy: patients with diabetes were treated at the hospital.",
        "Cancer cells and tumours are passed back to the patient, says reproductive biologist Paul Dubois from the university.",
        "\"My pain is gone and my arthritis was cured.\"\n-Paul Dubois, age 54, Oceanside",
    ] {
        assert_eq!(told(&body(text)), Vec::<String>::new(), "{text}");
    }
    for text in [
        "Patiente : Tadixia Arullus, diabète, douleur.",
        "Dubois, Paul : patient with diabetes, treated at the hospital.",
        "The patient says his pain is gone.\n-Paul Dubois, age 54, arthritis",
    ] {
        assert_ne!(told(&body(text)), Vec::<String>::new(), "{text}");
    }
}

/// A password and a birth in an advert or a manual are nobody's here; in a short mail they are someone's, and so is a password that
/// looks like nothing else.
#[test]
fn a_long_text_about_nobodys_care_gives_no_birth_and_no_plain_password() {
    let advert = "Click here for this offer: our sponsor, the Republic, and its advertisers offer wealth, profit and an advertisement \
                  on the website, with a database of mailing lists and software for Linux, Debian, the firmware and the server. "
        .repeat(14);
    let kinds = |text: &str| -> BTreeSet<&str> {
        let findings = super::read(text).findings;
        let sure = findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
        sure.map(|finding| finding.kind.name()).collect()
    };
    for (told, kind) in
        [("Password: harbour77", "secret"), ("The king was born on May 14, 1939.", "birth_date")]
    {
        assert_eq!(kinds(told), BTreeSet::from([kind]), "{told}");
        assert_eq!(kinds(&format!("{advert}\n\n{told}\n")), BTreeSet::new(), "{told}");
    }
    let strong = format!("{advert}\n\nPassword: Bouleau#4471\n");
    assert_eq!(kinds(&strong), BTreeSet::from(["secret"]));
}
