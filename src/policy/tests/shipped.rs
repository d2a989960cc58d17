//! The shipped policy, row by row.

use std::fs;
use std::path::Path;

use super::{Message, shipped, shipped_files};
use crate::model::Class::{External, Internal, Network, Partner, Webmail};
use crate::model::{ArticleId, Confidence, GapReason, Kind, Mode, ProtectionKind, Verdict};
use crate::policy::Policy;

use Verdict::{Accept, Quarantine, Reject, Warn};

#[test]
fn every_case_of_the_shipped_articles_holds() {
    let failures: Vec<String> = shipped().check().iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(shipped().proofs().len() > 30);
}

#[test]
fn a_case_that_does_not_hold_tells_where_and_why() {
    let text = "[[article]]\nid = \"a\"\ncites = \"c\"\nsays = \"s\"\nsays_en = \"e\"\nverdict = \"warn\"\nnotice = \"n\"\n\
                when = { forwarded = true }\n[[article.case]]\ngiven = { to = [\"internal\"] }\nthen = \"warn\"\n";
    let policy = Policy::compile(&[("x.toml".to_owned(), text.to_owned())]).unwrap();
    let failures: Vec<String> = policy.check().iter().map(ToString::to_string).collect();
    assert_eq!(
        failures,
        ["x.toml:9: `a` should say warn, it says accept: the message is not forwarded automatically"]
    );
}

#[test]
fn ten_thousand_recipients_are_decided_at_once() {
    let crowd = (0..10_000).fold(Message::default().found(&[Kind::Nam]), |message, _| message.to(External));
    let decision = crowd.decided_by(shipped());
    assert_eq!((decision.verdict, decision.per_recipient.len()), (Reject, 10_000));
}

/// The reply's reason is that of the first of the strictest articles.
#[test]
fn the_most_specific_article_speaks_first() {
    let nam = || Message::default().found(&[Kind::Nam]);
    let table = [
        (nam().to(External), "dir04-6-3-chiffrement"),
        (nam().to(External).to(Webmail), "dir04-6-4-messagerie-publique"),
        (nam().hidden(ProtectionKind::Smime).to(Webmail), "dir04-6-3-objet-en-clair"),
        (nam().forwarded().to(Webmail), "dir04-6-5-redirection-confidentielle"),
        (nam().found(&[Kind::Crisis]).to(Webmail), "dir054-5-3-1-crise-externe"),
        (nam().to(Internal).to(Internal), "dir054-5-8-un-destinataire"),
    ];
    for (message, article) in table {
        let decision = message.decided_by(shipped());
        let first = decision.spoken.iter().find(|spoken| spoken.weight() == decision.verdict);
        assert_eq!(first.map(|spoken| spoken.article.0.as_str()), Some(article));
    }
}

/// Every notice key has its text in the notices.
#[test]
fn every_article_has_a_known_notice() {
    let known = [
        "un-destinataire",
        "identifiant-externe",
        "messagerie-publique",
        "chiffrement-requis",
        "redirection",
        "sondage-externe",
        "visioconference",
        "contenu-illisible",
        "identifiant-interne",
        "crise",
        "objet-en-clair",
        "autre",
    ];
    for article in shipped().articles() {
        assert!(known.contains(&article.notice.as_str()), "{}", article.notice);
    }
}

#[test]
fn each_row_of_the_default_policy_decides_as_it_says() {
    let message = Message::default;
    let nam = || message().found(&[Kind::Nam]);
    let name = || message().found(&[Kind::PatientName]);
    let table = [
        ("nothing confidential, any", message().to(Webmail).to(External), Accept),
        ("link to a poll", message().found(&[Kind::PollLink]).to(External), Warn),
        ("link to a consultation", message().found(&[Kind::ConsultationLink]).to(Webmail), Warn),
        ("confidential, one webmail among others", nam().to(Internal).to(External).to(Webmail), Reject),
        ("confidential, one external", nam().to(External), Reject),
        ("confidential, internal and external", nam().to(Internal).to(External), Reject),
        ("confidential, partner", nam().to(Partner), Reject),
        ("confidential, one internal", nam().to(Internal), Warn),
        ("confidential, one network", nam().to(Network), Warn),
        ("confidential, internal and network", nam().to(Internal).to(Network), Quarantine),
        (
            "confidential, one in the envelope, another in Cc",
            nam().to(Internal).shown("autre@x.example"),
            Quarantine,
        ),
        ("confidential, To repeats the envelope", nam().to(Internal).shown("D0@internal.EXAMPLE"), Warn),
        ("name with health", name().found(&[Kind::HealthTermCluster]).to(External), Reject),
        ("name with date of birth", name().found(&[Kind::BirthDate]).to(External), Reject),
        ("name alone", name().to(External), Accept),
        ("date of birth alone", message().found(&[Kind::BirthDate]).to(External), Accept),
        ("health terms alone", message().found(&[Kind::HealthTermCluster]).to(External), Accept),
        (
            "name with health that is only possible",
            name().find(Kind::HealthTermCluster, Confidence::Low).to(External),
            Accept,
        ),
        ("only possible", message().find(Kind::Nam, Confidence::Low).to(Webmail), Accept),
        ("probable", message().find(Kind::Nam, Confidence::Medium).to(Webmail), Reject),
        ("approved encryption, one", message().hidden(ProtectionKind::Smime).to(External), Accept),
        ("approved encryption, one webmail", message().hidden(ProtectionKind::Pgp).to(Webmail), Accept),
        (
            "approved encryption, two",
            message().hidden(ProtectionKind::Pgp).to(Internal).to(Internal),
            Quarantine,
        ),
        (
            "approved encryption, identifier in clear",
            nam().hidden(ProtectionKind::Smime).to(External),
            Reject,
        ),
        (
            "approved encryption, identifier in clear, internal",
            nam().hidden(ProtectionKind::Smime).to(Internal),
            Warn,
        ),
        ("corrupt, external", message().gap(GapReason::Malformed).to(External), Quarantine),
        ("corrupt, internal", message().gap(GapReason::Malformed).to(Internal).to(Internal), Warn),
        (
            "past a limit, webmail among internal",
            message().gap(GapReason::TooDeep).to(Internal).to(Webmail),
            Quarantine,
        ),
        ("encrypted zip, external", message().hidden(ProtectionKind::Zip).to(External), Quarantine),
        (
            "encrypted zip, several internal",
            message().hidden(ProtectionKind::Zip).to(Internal).to(Internal),
            Warn,
        ),
        ("OME, external", message().hidden(ProtectionKind::Ome).to(External), Quarantine),
        (
            "S/MIME beside an encrypted zip",
            message().hidden(ProtectionKind::Smime).hidden(ProtectionKind::Zip).to(External),
            Quarantine,
        ),
        (
            "S/MIME beside a corrupt file",
            message().hidden(ProtectionKind::Smime).gap(GapReason::Malformed).to(External),
            Quarantine,
        ),
        ("forwarded, external", message().forwarded().to(External), Quarantine),
        ("forwarded, internal", message().forwarded().to(Internal), Accept),
        ("forwarded and confidential", nam().forwarded().to(Webmail), Reject),
        ("crisis, external", message().found(&[Kind::Crisis]).to(External), Reject),
        ("crisis, internal", message().found(&[Kind::Crisis]).to(Internal).to(Network), Warn),
        (
            "crisis and confidential, several internal",
            nam().found(&[Kind::Crisis]).to(Internal).to(Internal),
            Warn,
        ),
    ];
    for (row, message, verdict) in table {
        let decision = message.decided_by(shipped());
        assert_eq!(decision.verdict, verdict, "{row}: {:#?}", decision.spoken);
    }
}

/// "Removing an article's file changes verdicts without a rebuild."
#[test]
fn removing_a_file_of_articles_changes_verdicts() {
    let messages = [
        ("dir-054.toml", Message::default().found(&[Kind::Nam]).to(Internal)),
        ("msss-dir04.toml", Message::default().found(&[Kind::Nam]).to(External)),
        ("msss-dir05.toml", Message::default().found(&[Kind::ConsultationLink]).to(External)),
        ("msss-dir09.toml", Message::default().found(&[Kind::PollLink]).to(External)),
        ("lisibilite.toml", Message::default().gap(GapReason::Crashed).to(External)),
    ];
    for (file, message) in messages {
        let rest: Vec<_> = shipped_files().into_iter().filter(|(name, _)| name != file).collect();
        let without = Policy::compile(&rest).unwrap();
        assert!(message.decided_by(shipped()).verdict > message.decided_by(&without).verdict, "{file}");
        assert_ne!(without.digest(), shipped().digest());
    }
}

#[test]
fn a_decision_tells_who_spoke_of_what_and_why_the_others_did_not() {
    let message =
        Message::default().find(Kind::Nam, Confidence::Low).found(&[Kind::Nas]).to(Internal).to(Webmail);
    let decision = message.decided_by(shipped());
    let public =
        decision.spoken.iter().find(|spoken| spoken.article.0 == "dir04-6-4-messagerie-publique").unwrap();
    assert_eq!((public.findings.as_slice(), public.recipients.as_slice()), ([1].as_slice(), [1].as_slice()));
    assert_eq!(decision.confidential, [Kind::Nas]);
    let alone: Vec<Verdict> = decision.per_recipient.iter().map(|recipient| recipient.verdict).collect();
    assert_eq!(alone, [Quarantine, Reject]);
    let because =
        |id: &str| decision.silent.iter().find(|silent| silent.article.0 == id).unwrap().because.clone();
    assert_eq!(because("dir04-6-3-chiffrement"), "no recipient is external");
    assert_eq!(because("lisibilite-externe"), "everything was read, or is hidden by approved encryption");
}

/// the policy refuses to know "names of directives".
#[test]
fn the_engine_names_no_directive() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() && !entry.ends_with("tests") {
                folders.push(entry);
            } else if entry.is_file() {
                let source = fs::read_to_string(&entry).unwrap().to_lowercase();
                read += 1;
                assert!(
                    !["054", "dir0", "msss", "dqepe"].iter().any(|name| source.contains(name)),
                    "{}",
                    entry.display()
                );
            }
        }
    }
    assert!(read > 10);
}

/// What an establishment has not asked for must not disturb it.
#[test]
fn an_article_on_trial_weighs_nothing_until_a_mode_names_it() {
    let message = Message::default().found(&[Kind::Strategic]).to(External);
    let decision = message.decided_by(shipped());
    assert_eq!((decision.verdict, decision.applied), (Accept, Accept));
    assert_eq!(decision.spoken.first().unwrap().article.0, "dir054-5-1-strategique");
    let named = |mode| [(ArticleId("dir054-5-1-strategique".to_owned()), mode)].into();
    let with = |mode| message.decided_by(&shipped().clone().with_modes(Mode::Enforce, &named(mode)).unwrap());
    assert_eq!((with(Mode::Observe).verdict, with(Mode::Observe).applied), (Accept, Accept));
    assert_eq!((with(Mode::Warn).verdict, with(Mode::Warn).applied), (Quarantine, Warn));
    assert_eq!((with(Mode::Enforce).verdict, with(Mode::Enforce).applied), (Quarantine, Quarantine));
}
