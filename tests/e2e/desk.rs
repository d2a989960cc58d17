//! The desk and the sender's page in Debian's Chromium, behind a real Postfix, looked at by axe-core.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use vaguemestre::web::totp;

use super::holding::about_a_patient;
use crate::support::browser::{Browser, View};
use crate::support::letters::{COLLEAGUE, Letter, OTHER_COLLEAGUE, nam};
use crate::support::stage::{Changes, Stage};

pub(super) const PASSWORD: &str = "une phrase assez longue";

/// Looks of every page: two widths, two colour schemes.
const VIEWS: [View; 4] = [
    View { width: 1280, dark: false },
    View { width: 320, dark: false },
    View { width: 1280, dark: true },
    View { width: 320, dark: true },
];

pub(super) struct Desk {
    pub(super) stage: Stage,
    pub(super) browser: Browser,
    pub(super) home: String,
    axe: String,
    pictures: PathBuf,
    pub(super) faults: Vec<String>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(&[])
    }

    /// With lines of configuration on top.
    pub(super) fn with(lines: &[(&str, &str)]) -> Self {
        let lines = [&[("establishment", "english = true")], lines].concat();
        let mut stage = Stage::with(&Changes { service: &lines, ..Changes::default() });
        let home = format!("http://127.0.0.1:{}", stage.service.review);
        let page = format!("case_page = \"{home}/c/{{case}}\"");
        stage.reconfigure(&[("establishment", &page)]);
        stage.reload();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let axe = target.join("axe/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(&axe)
            .unwrap_or_else(|_| panic!("{} is missing: tests/support/axe.sh", axe.display()));
        let pictures = target.join("screenshots");
        fs::create_dir_all(&pictures).unwrap();
        Self { stage, browser: Browser::open(), home, axe, pictures, faults: Vec::new() }
    }

    /// Opens an account from the terminal; gives the key of its application.
    fn account(&self, login: &str, name: &str, role: &str) -> String {
        let text = self.printed(login, name, role);
        let key = text.lines().find_map(|line| line.strip_prefix("key ")).unwrap_or_else(|| panic!("{text}"));
        key.split_whitespace().next().unwrap().to_owned()
    }

    /// Opens an account from the terminal; gives all that is printed.
    pub(super) fn printed(&self, login: &str, name: &str, role: &str) -> String {
        let mut command = self.stage.service.command("accounts");
        command.args(["--as", "essai", "--password-stdin", "create", login, "--name", name, "--role", role]);
        command.args(["--address", &format!("{login}@cissslau.example")]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn sign_in(&self, login: &str, key: &str) {
        self.browser.go(&format!("{}/sign-in", self.home));
        self.browser.type_into("#login", login);
        self.browser.type_into("#password", PASSWORD);
        self.browser.type_into("#code", &totp::code(key, Timestamp::now()).unwrap());
        self.browser.submit("main button");
    }

    /// Looks at the page that is shown in every way, notes what axe-core says, and keeps pictures.
    pub(super) fn look(&mut self, name: &str) {
        for view in VIEWS {
            self.browser.view(view);
            let scheme = if view.dark { "dark" } else { "light" };
            let place = format!("{name}, {} px, {scheme}", view.width);
            self.faults.extend(self.browser.axe(&self.axe).iter().map(|fault| format!("{place}: {fault}")));
            if self.browser.overflow() > 0 {
                self.faults.push(format!("{place}: {} px too wide", self.browser.overflow()));
            }
            let foreign = self.browser.fetched().into_iter().filter(|it| !it.starts_with(&self.home));
            self.faults.extend(foreign.map(|it| format!("{place}: fetches {it}")));
            self.browser.picture(&self.pictures.join(format!("{name}-{}-{scheme}.png", view.width)));
        }
        self.browser.view(VIEWS[0]);
    }

    /// The same page in English, then back.
    pub(super) fn look_in_both(&mut self, name: &str) {
        let url = self.browser.url();
        self.look(&format!("{name}-fr"));
        self.browser.submit("button[name=language]");
        self.browser.go(&url);
        assert_eq!(
            self.browser.script("return document.documentElement.lang").as_str(),
            Some("en-CA"),
            "{url}"
        );
        self.look(&format!("{name}-en"));
        self.switch("fr-CA");
    }

    pub(super) fn switch(&self, to: &str) {
        self.browser.submit("button[name=language]");
        assert_eq!(self.browser.script("return document.documentElement.lang").as_str(), Some(to));
    }
}

/// "an archivist signs in, finds, reveals, releases; the message arrives once at the sink; the sender justifies from the
/// notice; all pages at 320 and 1280 px, both languages: axe-core finds nothing".
#[test]
fn an_archivist_finds_reveals_and_releases_and_the_sender_justifies() {
    let mut desk = Desk::new();
    let key = desk.account("mtremblay", "Marie Tremblay", "archivist");
    let (first, second) = (about_a_patient(), with_an_attachment());
    for letter in [&first, &second] {
        assert_eq!(desk.stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    }
    let case = desk.stage.case_of(&first.id);
    let other = desk.stage.case_of(&second.id);

    desk.browser.go(&desk.home.clone());
    desk.look_in_both("sign-in");
    desk.sign_in("mtremblay", &key);
    let list = desk.browser.text();
    assert!(list.contains(&case) && list.contains(&other), "{list}");
    assert!(!list.contains("GIRL") && !list.contains(COLLEAGUE), "the list names someone: {list}");
    desk.look_in_both("cases");

    desk.browser.type_into("#sought", &other);
    desk.browser.submit("form.inline button");
    assert!(desk.browser.url().ends_with(&format!("/cases/{other}")), "{}", desk.browser.url());
    assert!(!desk.browser.text().contains("GIRL"), "a value is shown unasked");
    desk.browser.submit("button[name=finding]");
    let revealed = desk.browser.text();
    assert!(revealed.contains("GIRL"), "nothing is revealed: {revealed}");
    desk.look("case-revealed");
    desk.browser.go(&format!("{}/cases/{other}", desk.home));
    desk.look_in_both("case");
    desk.browser.click("details:last-of-type summary");
    desk.browser.submit("form[action$='/message'] button");
    let message = desk.browser.text();
    assert!(message.contains("GIRL") && message.contains("dossiers.csv"), "{message}");
    desk.look("message");

    // Two actions decide a case: open it, decide.
    desk.browser.go(&format!("{}/cases/{case}", desk.home));
    desk.browser.submit("button[value=release]");
    assert!(desk.browser.url().ends_with(&format!("/cases/{case}")), "{}", desk.browser.text());
    desk.stage.delivered(&first.id);
    desk.stage.postfix.drain();
    assert_eq!(desk.stage.copies(&first.id), 1);

    desk.browser.go(&format!("{}/access", desk.home));
    desk.look_in_both("forbidden");

    let link = link_in(&desk.stage.notice(&second.id).text(), &desk.home);
    desk.browser.go(&link);
    desk.look_in_both("sender");
    desk.browser.type_into("#text", "Suivi demandé par la clinique, même équipe de soins.");
    desk.browser.submit("button[value=justify]");
    let thanks = desk.browser.text();
    assert!(thanks.contains("Votre justification est reçue."), "{thanks}");
    desk.look_in_both("sender-answered");
    desk.browser.go(&format!("{}/c/{other}", desk.home));
    assert!(!desk.browser.text().contains("assurance maladie"), "a case opens without its key");
    desk.look_in_both("sender-closed");
    desk.browser.go(&format!("{}/cases/{other}", desk.home));
    let told = desk.browser.text();
    assert!(told.contains("même équipe de soins"), "{told}");

    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

/// What compliance does at the desk, and several cases decided at once: every page of it looked at.
#[test]
fn compliance_holds_and_keeps_the_register_and_an_archivist_decides_together() {
    let mut desk = Desk::new();
    let chief = desk.account("ckhoury", "Carole Khoury", "compliance");
    let archivist = desk.account("mtremblay", "Marie Tremblay", "archivist");
    let letters = [about_a_patient(), with_an_attachment()];
    for letter in &letters {
        assert_eq!(desk.stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    }
    let cases = letters.each_ref().map(|letter| desk.stage.case_of(&letter.id));

    desk.sign_in("ckhoury", &chief);
    desk.look_in_both("cases-watched-none");
    desk.browser.type_into("#sought", &cases[0]);
    desk.browser.submit("form.inline button");
    desk.browser.script("document.querySelectorAll('details').forEach(it => it.open = true)");
    desk.look("case-compliance");
    desk.browser.type_into("#hold-number", "2026-17");
    desk.browser.script("document.querySelector('#hold-review').value = '2099-01-15'");
    desk.browser.type_into("#hold-text", "Litige en cours.");
    desk.browser.submit("form[action$='/hold'] button");
    assert!(desk.browser.text().contains("Gel juridique, dossier 2026-17."), "{}", desk.browser.text());
    desk.look_in_both("case-held");
    desk.browser.script("document.querySelectorAll('details').forEach(it => it.open = true)");
    desk.browser.type_into("#circumstances", "Relâché vers la mauvaise clinique.");
    desk.browser.submit("form[action$='/incident'] button");
    assert!(desk.browser.url().ends_with("/incidents/1"), "{}", desk.browser.text());
    desk.look_in_both("incident");
    desk.browser.go(&format!("{}/conformity", desk.home));
    let sheets = desk.browser.print(&desk.pictures.join("conformity.pdf"));
    assert!(
        sheets.len() == 1 && sheets[0].contains("Signature"),
        "not one sheet of letter paper: {sheets:#?}"
    );

    desk.browser.submit("form[action='/sign-out'] button");
    desk.sign_in("mtremblay", &archivist);
    desk.look("cases-choose");
    for case in &cases {
        desk.browser.click(&format!("#choose-{case}"));
    }
    desk.browser.submit("form[action='/cases/together'] button.second");
    desk.look("together");
    desk.browser.type_into("#count", "2");
    desk.browser.script("document.querySelector('#reason').value = 'rewrite'");
    desk.browser.submit("button[value=return]");
    assert!(desk.browser.text().contains("2 cas traités."), "{}", desk.browser.text());
    desk.look("together-done");

    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

pub(super) fn with_an_attachment() -> Letter {
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    let table = format!("NAM;Remarque\r\n{number};à revoir <script>alert(1)</script>\r\n");
    Letter::new("Liste", "Bonjour,\n\nVoici la liste demandée.\n").attach(
        "dossiers.csv",
        "text/csv",
        table.as_bytes(),
    )
}

/// The link of a notice to its case.
pub(super) fn link_in(text: &str, home: &str) -> String {
    let start = text.find(home).unwrap_or_else(|| panic!("no link in: {text}"));
    let link: String = text[start..].chars().take_while(|c| !c.is_whitespace()).collect();
    assert!(link.contains("?k="), "{link}");
    link
}
