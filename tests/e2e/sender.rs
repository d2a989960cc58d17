//! The sender's way back in Debian's Chromium: from the answer of the MTA, after a refused text, and once the message was taken back.

use super::desk::{Desk, link_in};
use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, EXTERNAL, OTHER_COLLEAGUE, nam};

#[test]
fn the_sender_finds_the_way_back_from_a_refusal_and_takes_a_message_back() {
    let mut desk = Desk::new();
    let refused = desk.stage.send(&about_a_patient().to(&[EXTERNAL]));
    assert_eq!(refused.code, 550, "{refused:?}");
    desk.browser.go(&link_in(&refused.text(), &desk.home));
    let page = desk.browser.text();
    assert!(page.contains("assurance maladie") && page.contains("n’a pas été transmis"), "{page}");
    desk.look_in_both("sender-refused");
    desk.browser.type_into("#about", "C’est un numéro de lot.");
    desk.browser.submit("button[value=false-alarm]");
    assert!(desk.browser.text().contains("Votre signalement est reçu."), "{}", desk.browser.text());
    desk.look_in_both("sender-refused-said");

    let held = about_a_patient();
    assert_eq!(desk.stage.send(&held.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    desk.browser.go(&link_in(&desk.stage.notice(&held.id).text(), &desk.home));
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    desk.browser.type_into("#text", &format!("Requis pour {number}."));
    desk.browser.submit("button[value=justify]");
    let page = desk.browser.text();
    assert!(page.contains("Votre texte semble contenir") && !page.contains(&number), "{page}");
    desk.look("sender-fault");
    desk.browser.submit("button[value=withdraw]");
    let page = desk.browser.text();
    assert!(page.contains("Repris le") && page.contains("il ne sera pas transmis"), "{page}");
    desk.look_in_both("sender-withdrawn");

    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}
