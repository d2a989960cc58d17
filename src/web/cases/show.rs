//! One case: why, what and where, what happened, and the decision on the same screen.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Opened;
use super::decide::REASONS;
use crate::model::{ArticleRef, CaseState, Masked, Snippet};
use crate::notices::{Language, pages};
use crate::ports::{FindingMark, SenderHistory};
use crate::review::{Action, Case, Lease, Past, RevealReason, Right, Role, SenderSays};
use crate::web::frame::{Frame, show};
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "case.html", config = "src/web/askama.toml")]
pub(super) struct CasePage {
    pub(super) frame: Frame,
    pub(super) case: Case,
    history: Vec<Past>,
    advice: Vec<String>,
    similar: Vec<Case>,
    sender: SenderHistory,
    marks: Vec<FindingMark>,
    /// Numbers of the incidents that came from it.
    incidents: Vec<u64>,
    may: May,
    reasons: &'static [&'static str],
    why_reveal: [RevealReason; 4],
    /// Whether the establishment's own service proves who this is.
    federated: bool,
    /// What was revealed by this very answer: which finding, and the words.
    revealed: Option<(u32, Snippet)>,
    /// Why what was asked for is not done, and what had been typed.
    refused: Option<Refused>,
}

/// A decision that the case's rules refuse.
struct Refused {
    why: String,
    reason: String,
    text: Masked,
}

#[derive(Template)]
#[template(path = "done.html", config = "src/web/askama.toml")]
struct DonePage {
    frame: Frame,
    done: &'static str,
}

/// What this visitor may do here and now; the case's rules have the last word.
#[derive(Clone, Copy, Default)]
struct May {
    decide: bool,
    encrypt: bool,
    approve: bool,
    settle: bool,
    /// Give a release up that the MTA did not take.
    take_back: bool,
    restore: bool,
    note: bool,
    mark: bool,
    counter: bool,
    reveal: bool,
    message: bool,
    hold: bool,
    lift: bool,
    incident: bool,
    evidence: bool,
    /// Whether it may be taken out of someone else's hands, with a reason.
    take_over: bool,
    /// Whether addresses are shown: to who has the case in hand.
    names: bool,
    /// Whether it is in this visitor's hands.
    holds: bool,
    /// Whether it is their own message, which others decide.
    own: bool,
}

pub(in crate::web) async fn case(Opened { site, visit, case }: Opened) -> Result<Response, Problem> {
    with(&site, &visit, case, None).await
}

/// The page of a case whose rules refuse a decision: as it stands now, with what was typed.
pub(super) async fn refused(
    Opened { site, visit, case }: Opened,
    why: String,
    status: StatusCode,
) -> Result<Response, Problem> {
    let reason = visit.fields.get("reason").to_owned();
    // What seems confidential is not written on one more page.
    let confidential = why == pages::text(visit.language, "refusal-confidential");
    let text = Masked::new(if confidential { "" } else { visit.fields.get("text") });
    let refused = Refused { why, reason, text };
    let mut page = CasePage { refused: Some(refused), ..page(&site, &visit, case, None).await? };
    page.frame = page.frame.refused(true);
    Ok((status, show(&page)).into_response())
}

/// What was done to a case that this visitor sees no more: an approval ends what they were shown it for.
pub(super) fn done(visit: &Visit, action: Action) -> Response {
    let done = match action {
        Action::Approve => "past-approve",
        Action::Decline => "past-decline",
        _ => "case-done",
    };
    show(&DonePage { frame: Frame::new(visit, "case-title"), done })
}

/// The page of a case, with what was revealed.
pub(super) async fn with(
    site: &Site,
    visit: &Visit,
    case: Case,
    revealed: Option<(u32, Snippet)>,
) -> Result<Response, Problem> {
    Ok(show(&page(site, visit, case, revealed).await?))
}

async fn page(
    site: &Site,
    visit: &Visit,
    case: Case,
    revealed: Option<(u32, Snippet)>,
) -> Result<CasePage, Problem> {
    let account = &visit.signed_in()?.account;
    let sender = case.personal.as_ref().and_then(|personal| personal.sender.clone());
    let sender = match sender {
        Some(sender) => site.store.sender_history(&sender, visit.now).await?,
        None => SenderHistory::default(),
    };
    let mut similar = site.store.similar(&case).await?;
    similar.retain(|other| account.sees(other));
    let may = May::of(site, visit, &case)?;
    let incidents = match case.incident && (may.incident || may.evidence) {
        true => site.store.incidents().await?,
        false => Vec::new(),
    };
    let incidents = incidents.into_iter().filter(|it| it.case.as_ref() == Some(&case.id));
    let notice = case.articles.first().map(|article| article.notice.as_str()).unwrap_or_default();
    Ok(CasePage {
        history: site.store.history(&case.id).await?,
        advice: pages::advice(visit.language, notice),
        marks: site.store.marks(&case.id).await?,
        incidents: incidents.map(|it| it.number).collect(),
        may,
        frame: Frame::new(visit, "case-title").about(&case.id),
        similar,
        sender,
        case,
        federated: account.federated,
        reasons: REASONS,
        why_reveal: RevealReason::ALL,
        revealed,
        refused: None,
    })
}

impl May {
    fn of(site: &Site, visit: &Visit, case: &Case) -> Result<Self, Problem> {
        let account = &visit.signed_in()?.account;
        let has = |right| account.role_for(right, &case.sender_domain).is_some();
        let lease = case.lease_at(visit.now);
        let holds = lease.is_some_and(|lease| lease.holder == account.login);
        let free = lease.is_none() || holds;
        let proposer = case.proposal.as_ref().is_some_and(|proposal| proposal.by == account.login);
        let acting = |right| visit.signed_in().and_then(|person| person.acting(right, &case.sender_domain));
        let own = [Right::Decide, Right::Approve]
            .into_iter()
            .any(|right| acting(right).is_ok_and(|it| case.is_of(&it)));
        let open = case.state.waits() && case.state != CaseState::ToApprove;
        let reveals = case.kept
            && free
            && account
                .role_for(Right::RevealSnippet, &case.sender_domain)
                .is_some_and(|role| role != Role::Compliance || case.is_watched());
        Ok(Self {
            decide: has(Right::Decide) && open && free && !own,
            encrypt: site.office.can_encrypt(),
            own,
            approve: has(Right::Approve) && case.state == CaseState::ToApprove && !proposer && !own,
            settle: has(Right::Decide) && case.state == CaseState::Uncertain && !own,
            take_back: has(Right::Decide) && case.may_be_taken_back() && !own,
            restore: has(Right::Decide) && !own && case.state == CaseState::Deleted && case.kept,
            note: has(Right::Note),
            mark: has(Right::Decide) && !own && (!case.findings.is_empty() || case.is_claimed()),
            counter: has(Right::Decide) && case.kept && !case.findings.is_empty(),
            reveal: has(Right::RevealSnippet) && reveals && !case.findings.is_empty(),
            message: has(Right::RevealMessage) && reveals,
            hold: has(Right::HoldLegally) && case.legal_hold.is_none() && case.state != CaseState::Purged,
            lift: has(Right::HoldLegally) && case.legal_hold.is_some() && case.state != CaseState::Purged,
            incident: has(Right::OpenIncident),
            evidence: has(Right::ExportTrail),
            take_over: has(Right::Decide) && open && !free && !own,
            names: has(Right::RevealSnippet) && (holds || case.state == CaseState::ToApprove),
            holds,
        })
    }
}

impl CasePage {
    /// The sentence of an article in the page's language.
    fn says<'a>(&self, article: &'a ArticleRef) -> &'a str {
        match self.frame.language {
            Language::French => &article.says,
            Language::English => &article.says_en,
        }
    }

    /// What stands in the field of this name after a refusal.
    fn typed(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| refused.text.reveal())
    }

    fn is_chosen(&self, reason: &str) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.reason == reason)
    }

    /// Who else has the case in hand, and until when.
    fn in_hands_of(&self, lease: &Lease) -> String {
        let until = self.frame.moment(&lease.until);
        pages::filled(self.frame.language, "case-others", &[("who", &lease.holder), ("moment", &until)])
    }

    fn word(&self, says: &SenderSays) -> String {
        self.frame.of("says", says.name())
    }

    fn is_false(&self, index: &usize) -> bool {
        self.marks
            .iter()
            .any(|mark| usize::try_from(mark.finding).is_ok_and(|it| it == *index) && mark.false_alarm)
    }

    fn is_revealed(&self, index: &usize) -> Option<&Snippet> {
        let revealed = self.revealed.as_ref()?;
        usize::try_from(revealed.0).is_ok_and(|it| it == *index).then_some(&revealed.1)
    }
}
