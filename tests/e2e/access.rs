//! Coming in with the establishment's own account, staying, leaving, and another authenticator application, in Debian's Chromium.

use jiff::Timestamp;
use serde_json::json;
use vaguemestre::web::totp;

use super::desk::{Desk, PASSWORD};
use crate::web::oidc::provider::{Idp, Signer};

#[test]
fn a_person_comes_in_with_the_establishments_account_stays_leaves_and_changes_key() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Timestamp::now().as_second();
    let idp = runtime.block_on(Idp::start(Signer::rsa(), now));
    idp.change(|it| it.claims["exp"] = json!(now + 3600));
    let config = idp.config("");
    let lines: Vec<(&str, &str)> =
        config.lines().filter(|line| line.contains(" = ")).map(|line| ("oidc", line)).collect();
    let mut desk = Desk::with(&lines);
    let printed = desk.printed("jroy", "Jean Roy", "archivist");
    assert!(printed.contains('\u{2588}'), "no square code on the terminal: {printed}");

    desk.browser.go(&format!("{}/sign-in", desk.home));
    desk.look_in_both("sign-in-outside");
    desk.browser.submit("a.button");
    assert!(desk.browser.url().contains("/sign-in/return?code="), "{}", desk.browser.url());
    desk.look_in_both("sign-in-return");
    desk.browser.submit("main button");
    assert!(desk.browser.text().contains("Marie Tremblay"), "{}", desk.browser.text());
    desk.browser.go(&format!("{}/session", desk.home));
    desk.look_in_both("session");
    desk.browser.script("document.getAnimations().forEach(it => it.finish()); return 0");
    assert!(desk.browser.text().contains("dans 2 minutes"), "{}", desk.browser.text());
    desk.look("session-soon");
    desk.browser.script("document.querySelector('.expiring form').removeAttribute('target'); return 0");
    desk.browser.script("document.getAnimations().forEach(it => it.finish()); return 0");
    desk.browser.submit(".expiring button");
    assert!(desk.browser.text().contains("La session est prolongée."), "{}", desk.browser.text());
    desk.browser.submit("form[action='/sign-out'] button");
    desk.look_in_both("signed-out");

    let value =
        |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let key = value("key ").split_whitespace().next().unwrap().to_owned();
    desk.browser.go(&format!("{}/sign-in", desk.home));
    desk.browser.click("summary");
    desk.browser.type_into("#login", "jroy");
    desk.browser.type_into("#password", PASSWORD);
    desk.browser.type_into("#code", &totp::code(&key, Timestamp::now()).unwrap());
    desk.browser.submit("details button");
    desk.browser.go(&format!("{}/account", desk.home));
    desk.browser.type_into("#password", PASSWORD);
    desk.browser.type_into("#code", &value("recovery "));
    desk.browser.submit("form[action='/account/key'] button");
    assert!(desk.browser.text().contains("Adopter cette clé"), "{}", desk.browser.text());
    desk.look("second-factor");
    let new = desk.browser.script("return document.querySelector('input[name=key]').value");
    desk.browser.type_into("#code", &totp::code(new.as_str().unwrap(), Timestamp::now()).unwrap());
    desk.browser.submit("form[action='/account/key/confirm'] button");
    assert!(desk.browser.url().ends_with("/account"), "{}", desk.browser.text());
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}
