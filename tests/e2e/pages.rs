//! Every page, looked at by axe-core: those of the router as its table names them, and those that answer a form.

use std::collections::BTreeSet;

use vaguemestre::web::doors;

use super::desk::{Desk, PASSWORD, link_in, with_an_attachment};
use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, OTHER_COLLEAGUE};

/// What is printed of an account, once.
struct Printed(String);

impl Printed {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.lines().filter_map(move |line| line.strip_prefix(name)?.split_whitespace().next())
    }

    fn key(&self) -> &str {
        self.values("key ").next().unwrap()
    }
}

/// Somebody with every role that sees pages, two held messages, and an incident.
fn scene() -> (Desk, Printed, [String; 2], String) {
    let desk = Desk::new();
    let printed = Printed(desk.printed("ckhoury", "Carole Khoury", "compliance"));
    let grant = ["--as", "essai", "grant", "ckhoury"].into_iter();
    let roles = ["archivist", "compliance", "auditor", "admin"].into_iter().flat_map(|role| ["--role", role]);
    let granted = desk.stage.service.command("accounts").args(grant.chain(roles)).status().unwrap();
    assert!(granted.success());
    let letters = [about_a_patient(), with_an_attachment()];
    for letter in &letters {
        assert_eq!(desk.stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    }
    let cases = letters.each_ref().map(|letter| desk.stage.case_of(&letter.id));
    let link = link_in(&desk.stage.notice(&letters[1].id).text(), &desk.home);
    let incident = ["--as", "essai", "open", "--case", cases[0].as_str(), "--circumstances", "Essai."];
    assert!(desk.stage.service.command("incidents").args(incident).status().unwrap().success());
    (desk, printed, cases, link)
}

/// "all pages at 320 and 1280 px, both languages: axe-core finds nothing". A page that is added to the router later is looked at too.
#[test]
fn every_page_of_the_router_is_fit_for_everyone() {
    let (mut desk, printed, cases, _) = scene();
    desk.sign_in("ckhoury", printed.key());
    let mut seen = BTreeSet::new();
    for door in doors().iter().filter(|door| door.method == "GET") {
        let path = door.path.replace("{id}", &cases[0]).replace("{number}", "1");
        desk.browser.go(&format!("{}{path}", desk.home));
        // One door leads to another: "/" to the list.
        if !seen.insert(desk.browser.url()) {
            continue;
        }
        desk.browser.script("document.querySelectorAll('details').forEach(it => it.open = true)");
        desk.look_in_both(&format!("door{}", door.path.replace(['/', '{', '}'], "-")));
    }
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

/// Pages that answer a form have no address to come back to: their forms are sent in English here, in French elsewhere.
#[test]
fn every_page_that_answers_a_form_is_fit_for_everyone_in_english_too() {
    let (mut desk, printed, cases, link) = scene();
    let home = desk.home.clone();
    desk.browser.go(&format!("{home}/sign-in"));
    desk.switch("en-CA");
    desk.sign_in("ckhoury", "AAAAAAAAAAAAAAAA");
    desk.look("posted-sign-in-again");
    desk.sign_in("ckhoury", printed.key());
    let case = format!("{home}/cases/{}", cases[0]);
    desk.browser.go(&case);
    desk.browser.submit("button[name=finding]");
    desk.look("posted-revealed");
    desk.browser.go(&case);
    desk.browser.script("document.querySelectorAll('details').forEach(it => it.open = true)");
    desk.browser.submit("form[action$='/message'] button");
    desk.look("posted-message");
    desk.browser.go(&format!("{home}/cases"));
    desk.browser.type_into("#sought", "personne@ailleurs.example");
    desk.browser.submit("form.inline button");
    desk.look("posted-search");
    desk.browser.go(&case);
    desk.browser.script("document.querySelector('#reason').value = 'other'");
    desk.browser.submit("button[value=return]");
    desk.look("posted-refused");

    desk.browser.go(&format!("{home}/account"));
    desk.browser.type_into("#old", "ce n’est pas elle");
    desk.browser.type_into("#new", "une autre phrase assez longue");
    desk.browser.type_into("#again", "une autre phrase assez longue");
    desk.browser.submit("form[action='/account/password'] button");
    desk.look("posted-account");
    desk.browser.go(&format!("{home}/account"));
    desk.browser.type_into("#password", PASSWORD);
    desk.browser.type_into("#code", printed.values("recovery ").next().unwrap());
    desk.browser.submit("form[action='/account/key'] button");
    desk.look("posted-second-factor");

    desk.browser.go(&format!("{home}/cases"));
    for case in &cases {
        desk.browser.click(&format!("#choose-{case}"));
    }
    desk.browser.submit("form[action='/cases/together'] button.second");
    desk.look("posted-together");
    desk.browser.type_into("#count", "2");
    desk.browser.submit("button[value=take]");
    desk.look("posted-together-done");

    desk.browser.go(&link);
    desk.browser.submit("button[value=false-alarm]");
    desk.look("posted-sender");
    assert_eq!(desk.browser.script("return document.documentElement.lang").as_str(), Some("en-CA"));
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}
