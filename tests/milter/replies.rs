//! Replies of every kind. Those that let a message go are had the only way there is: by settling.

use std::sync::LazyLock;

use vaguemestre::detect::Detectors;
use vaguemestre::inspect::{Rules, judge};
use vaguemestre::model::settings::{Establishment, TwoPersons};
use vaguemestre::model::{CaseId, Envelope, Raw, Reading, SenderFacts, SmtpText, Submission};
use vaguemestre::plan::{Claim, Outcome, Reply, Stance, plan};
use vaguemestre::policy::Policy;
use vaguemestre::recipients::Lists;

/// Value of the field that a marked accept adds.
pub const MARK: &str = "accept";

/// The reply of this name (`Accept`, `Mark`, `Reject`, `Discard`), with this text; another name is a put-off.
pub fn named(name: &str, text: &str) -> Reply {
    let said = |code| SmtpText { code, detail: (7, 1), lines: vec![text.to_owned()] };
    match name {
        "Accept" => released(&Claim::First(CaseId::from_bits(1))),
        "Mark" => MARKED.clone(),
        "Reject" => Reply::Reject(said(550)),
        "Discard" => released(&Claim::Repeat(CaseId::from_bits(1))),
        _ => Reply::Tempfail(said(451)),
    }
}

fn released(claim: &Claim) -> Reply {
    Reply::for_release(claim, &establishment())
}

/// A clean message among insiders, where clean messages are marked too.
static MARKED: LazyLock<Reply> = LazyLock::new(|| {
    let policy = super::folder_texts("config/policy", "toml");
    let detectors = Detectors::compile(&[], &[]).unwrap();
    let rules = Rules::new(detectors, Policy::compile(&policy).unwrap(), Lists::default());
    let received_at = "2026-11-21T12:00:00Z".parse().unwrap();
    let submission = Submission {
        envelope: Envelope::default(),
        facts: SenderFacts::default(),
        raw: Raw::default(),
        received_at,
    };
    let reading = Reading::default();
    let inspection = judge(&rules, &submission, &reading, jiff::civil::date(2026, 11, 21));
    let stance = Stance {
        proposed: CaseId::from_bits(1),
        deadline: received_at,
        mark_clean: true,
        two_persons: TwoPersons::default(),
    };
    let reply = plan(&submission, &reading, &inspection, &stance).settle(Outcome::Nothing, &establishment());
    assert!(matches!(&reply, Reply::Accept(accepted) if accepted.mark() == Some(MARK)));
    reply
});

fn establishment() -> Establishment {
    Establishment {
        name: "CISSS".to_owned(),
        phone: String::new(),
        email: String::new(),
        service_desk: String::new(),
        case_page: None,
        english: false,
        replies: None,
    }
}
