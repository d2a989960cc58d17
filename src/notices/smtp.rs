//! What an SMTP client is told when a message does not pass.
//!
//! The sender reads these lines in the report of their mail program, and the mail log keeps them: ASCII, short,
//! an article, what to do, whom to ask, and nothing of the message.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Language;
use super::paragraphs::case_link;
use crate::model::settings::Establishment;
use crate::model::{CaseId, Decision, Masked, SmtpText, Spoken};

/// Longest line, in bytes. Postfix passes more; RFC 5321, 4.5.3.1.5 allows 512 with code and CRLF.
const LINE: usize = 400;

/// Most citations in one reply.
const CITATIONS: usize = 3;

/// Says why a message is refused, by the strictest article; without a number when no case could be opened, and with whom
/// to ask in the place of a link when nothing durable opens the case's page.
#[must_use]
pub fn refused(
    decision: &Decision,
    establishment: &Establishment,
    case: Option<&CaseId>,
    token: Option<&Masked>,
) -> SmtpText {
    let strictest = strictest(decision);
    let said = |language| match strictest.first() {
        Some(article) => refusal(language, article, &cites(&strictest), case),
        None => Language::plain(language, "smtp-refused-generic"),
    };
    let link = case.and_then(|case| case_link(establishment, case, token));
    let help = |language| help(language, establishment, case, link.as_deref());
    reply_with(550, (7, 1), establishment, said, help)
}

/// Says that a message could not be judged for now. The MTA keeps it and tries again.
#[must_use]
pub fn unavailable(establishment: &Establishment) -> SmtpText {
    reply(451, (7, 1), establishment, |language| language.plain("smtp-unavailable"))
}

/// Says that a message is larger than `limit` bytes.
#[must_use]
pub fn too_large(establishment: &Establishment, limit: u64) -> SmtpText {
    let megabytes = (limit >> 20).max(1);
    reply(552, (3, 4), establishment, |language| {
        language.say("smtp-too-large", &[("size", megabytes.into())])
    })
}

/// Why an answer by mail is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// Unknown, forged or expired token, or not from whom it was made for, or not from inside: the answer tells nothing more.
    Unknown,
    /// Written to others too.
    NotAlone,
    /// Nothing is said in it.
    Empty,
    /// It holds something confidential.
    Confidential,
    /// The sender had their word already.
    Said,
    /// The case has ended.
    Over,
}

/// Says why an answer by mail is not taken. It stays with its sender: nothing is lost.
#[must_use]
pub fn answer_refused(establishment: &Establishment, fault: AnswerFault) -> SmtpText {
    let key = match fault {
        AnswerFault::Unknown => "smtp-answer-unknown",
        AnswerFault::NotAlone => "smtp-answer-not-alone",
        AnswerFault::Empty => "smtp-answer-empty",
        AnswerFault::Confidential => "smtp-answer-confidential",
        AnswerFault::Said => "smtp-answer-said",
        AnswerFault::Over => "smtp-answer-over",
    };
    reply(550, (7, 1), establishment, |language| language.plain(key))
}

fn reply(
    code: u16,
    detail: (u16, u16),
    establishment: &Establishment,
    said: impl Fn(Language) -> String,
) -> SmtpText {
    reply_with(code, detail, establishment, said, |language| help(language, establishment, None, None))
}

fn reply_with(
    code: u16,
    detail: (u16, u16),
    establishment: &Establishment,
    said: impl Fn(Language) -> String,
    help: impl Fn(Language) -> String,
) -> SmtpText {
    let languages = Language::ALL.into_iter().filter(|it| *it == Language::French || establishment.english);
    let lines = languages
        .flat_map(|language| wrapped(&ascii(format!("{} {}", said(language), help(language)).trim())))
        .collect();
    SmtpText { code, detail, lines }
}

/// The articles that ask for as much as any other under their modes, in the order of the policy.
fn strictest(decision: &Decision) -> Vec<&Spoken> {
    let most = decision.spoken.iter().map(Spoken::applied).max();
    decision.spoken.iter().filter(|article| Some(article.applied()) == most).collect()
}

fn cites(articles: &[&Spoken]) -> String {
    let mut cites: Vec<&str> = Vec::new();
    for article in articles {
        if !cites.contains(&article.cites.as_str()) && cites.len() < CITATIONS {
            cites.push(&article.cites);
        }
    }
    cites.join("; ")
}

fn refusal(language: Language, article: &Spoken, cites: &str, case: Option<&CaseId>) -> String {
    let (why, todo) = (format!("smtp-why-{}", article.notice), format!("smtp-do-{}", article.notice));
    let own = match language {
        Language::French => &article.says,
        Language::English => &article.says_en,
    };
    let why = if language.knows(&why) { language.plain(&why) } else { own.trim_end_matches('.').to_owned() };
    let todo = language.plain(if language.knows(&todo) { &todo } else { "smtp-do-autre" });
    let key = if case.is_some() { "smtp-refused" } else { "smtp-refused-no-case" };
    let case = case.map(ToString::to_string).unwrap_or_default();
    let facts = [("case", case.into()), ("why", why.into()), ("cites", cites.into()), ("todo", todo.into())];
    language.say(key, &facts)
}

/// Where to ask: the case's page, or the archivists where there is none, or where its link would be cut.
fn help(
    language: Language,
    establishment: &Establishment,
    case: Option<&CaseId>,
    link: Option<&str>,
) -> String {
    if let Some(link) = link.filter(|link| link.len() <= LINE && link.is_ascii()) {
        return language.say("smtp-help-link", &[("link", link.into())]);
    }
    let contact = super::paragraphs::contact(language, establishment);
    let key = if case.is_some() { "smtp-help-contact-case" } else { "smtp-help-contact" };
    if contact.is_empty() { contact } else { language.say(key, &[("contact", contact.into())]) }
}

/// Folds to printable ASCII: accents fall, « n° » is « no », any other sign becomes a space.
fn ascii(text: &str) -> String {
    let plain = text.replace("n°", "no").replace('°', "").replace('œ', "oe").replace('’', "'");
    let folded = plain.nfkd().filter(|c| !is_combining_mark(*c));
    let printable: String = folded.map(|c| if c.is_ascii_graphic() { c } else { ' ' }).collect();
    printable.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Parts ASCII text at spaces into lines of at most [`LINE`] bytes; a longer word stands alone, cut.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').map(|word| word.get(..LINE).unwrap_or(word)) {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ArticleId, Mode, Verdict};

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

    fn spoken(notice: &str, verdict: Verdict, mode: Mode) -> Spoken {
        Spoken {
            article: ArticleId(notice.to_owned()),
            cites: "MSSS-DIR04, art. 6 (3°)".to_owned(),
            says: "Une règle de l’établissement s’applique.".to_owned(),
            says_en: "A rule of the establishment applies.".to_owned(),
            verdict,
            mode,
            trial: false,
            notice: notice.to_owned(),
            findings: vec![],
            gaps: vec![],
            recipients: vec![],
        }
    }

    fn decision(spoken: Vec<Spoken>) -> Decision {
        Decision { verdict: Verdict::Reject, applied: Verdict::Reject, spoken, ..Decision::default() }
    }

    fn refusal_of(notice: &str, establishment: &Establishment) -> SmtpText {
        let case = CaseId::parse("7K3M-Q2P9").unwrap();
        let token = Masked::new("k3q7".repeat(13));
        let decision = decision(vec![spoken(notice, Verdict::Reject, Mode::Enforce)]);
        refused(&decision, establishment, Some(&case), Some(&token))
    }

    #[test]
    fn a_refusal_gives_the_case_the_reason_the_article_what_to_do_and_whom_to_ask() {
        let text = refusal_of("identifiant-externe", &establishment());
        assert_eq!((text.code, text.detail), (550, (7, 1)));
        assert_eq!(
            text.lines,
            [
                "Courriel non transmis (cas 7K3M-Q2P9). Motif : renseignement confidentiel sur un usager vers une \
              adresse externe, selon MSSS-DIR04, art. 6 (3). Que faire : remplacer le nom par le no de dossier, viser un \
              seul destinataire, chiffrer ou appeler. Questions : 450 555-0100, poste 12345, ou \
              archives@cisss.example, avec le no de cas"
            ]
        );
    }

    #[test]
    fn the_page_takes_the_place_of_the_contact_once_there_is_one() {
        let page = Some("https://courriel.cisss.example/c/{case}".to_owned());
        let text = refusal_of("redirection", &Establishment { case_page: page, ..establishment() });
        let link = format!("recours : https://courriel.cisss.example/c/7K3M-Q2P9?k={}", "k3q7".repeat(13));
        assert!(text.lines.concat().ends_with(&link), "{text:?}");
    }

    #[test]
    fn a_link_that_would_not_open_is_not_given() {
        let page = |page: &str| Establishment { case_page: Some(page.to_owned()), ..establishment() };
        let case = CaseId::parse("7K3M-Q2P9").unwrap();
        let decision = decision(vec![spoken("redirection", Verdict::Reject, Mode::Enforce)]);
        let token = Masked::new("k".repeat(52));
        let long = format!("https://courriel.cisss.example/{}/{{case}}", "c".repeat(400));
        for (page, token) in [(page("https://x.example/{case}"), None), (page(&long), Some(&token))] {
            let text = refused(&decision, &page, Some(&case), token).lines.join(" ");
            assert!(text.contains("450 555-0100") && !text.contains("https:"), "{text}");
        }
    }

    #[test]
    fn english_follows_on_a_line_of_its_own_when_switched_on() {
        let text = refusal_of("redirection", &Establishment { english: true, ..establishment() });
        assert!(
            matches!(text.lines.as_slice(), [fr, en] if fr.starts_with("Courriel") && en.starts_with("Email"))
        );
    }

    #[test]
    fn without_a_store_a_refusal_has_no_case_number() {
        let decision = decision(vec![spoken("redirection", Verdict::Reject, Mode::Enforce)]);
        let text = refused(&decision, &establishment(), None, None).lines.concat();
        assert!(text.starts_with("Courriel non transmis. Motif") && !text.contains("cas "), "{text}");
    }

    #[test]
    fn the_strictest_article_under_its_mode_speaks() {
        let observed = spoken("redirection", Verdict::Reject, Mode::Observe);
        let warned = spoken("sondage-externe", Verdict::Warn, Mode::Enforce);
        let decision =
            decision(vec![warned, observed, spoken("un-destinataire", Verdict::Reject, Mode::Enforce)]);
        let text = refused(&decision, &establishment(), None, None).lines.concat();
        assert!(text.contains("vers plusieurs destinataires"), "{text}");
    }

    #[test]
    fn an_article_of_the_administrator_speaks_for_itself() {
        let text = refusal_of("article-maison", &Establishment { english: true, ..establishment() }).lines;
        assert!(
            text.concat().contains("Motif : Une regle de l'etablissement s'applique, selon MSSS"),
            "{text:?}"
        );
        assert!(
            text.concat().contains("Reason: A rule of the establishment applies, under MSSS"),
            "{text:?}"
        );
    }

    #[test]
    fn failures_of_ours_are_temporary_and_a_too_large_message_is_not() {
        let (ours, large) = (unavailable(&establishment()), too_large(&establishment(), 50 << 20));
        assert_eq!((ours.code, ours.detail, large.code, large.detail), (451, (7, 1), 552, (3, 4)));
        assert!(large.lines.concat().contains("(maximum 50 Mo)"), "{large:?}");
    }

    /// RFC 5321, 4.5.3.1.5: "The maximum total length of a reply line including the reply code and the <CRLF> is 512 octets."
    #[test]
    fn every_line_is_ascii_and_short_whatever_the_settings_say() {
        let long = Establishment { phone: "é".repeat(900), email: "à b%".repeat(300), ..establishment() };
        for establishment in [establishment(), Establishment { english: true, ..long }] {
            for key in ["crise", "contenu-illisible", "inconnu"] {
                for line in refusal_of(key, &establishment).lines {
                    assert!(line.len() <= LINE && line.bytes().all(|it| matches!(it, b' '..=b'~')), "{line}");
                }
            }
        }
    }

    #[test]
    fn texts_without_accents_are_chosen_not_stripped() {
        for line in
            Language::ALL.iter().flat_map(|it| it.source().lines()).filter(|it| it.starts_with("smtp-"))
        {
            assert!(line.is_ascii(), "{line}");
        }
    }
}
