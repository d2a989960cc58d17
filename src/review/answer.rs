//! What a sender answers by mail: which of the page's four words, and what they add.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Action;
use crate::model::Masked;

/// Longest text kept of an answer, in characters: what the form of the page takes.
const LONGEST: usize = 500;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One of the sender's actions.
    pub action: Action,
    /// What was added.
    pub text: Option<Masked>,
}

/// Words that stand alone on the first line, and what they ask for.
const WORDS: &[(&[&str], Action)] = &[
    (&["retirer", "retirer le courriel", "reprendre", "withdraw"], Action::Withdraw),
    (&["fausse alerte", "faux positif", "false alarm", "false positive"], Action::ClaimFalseAlarm),
    (&["chiffrer", "envoi chiffre", "encrypt"], Action::AskEncryption),
    (&["justifier", "justification", "justify"], Action::Justify),
];

/// Lines that begin what is quoted, folded: other mail programs' own words for "original message".
const QUOTES: &[&str] = &[
    "-----message d'origine",
    "-----message original",
    "-----original message",
    "----- message transmis",
    "________________",
    "de :",
    "de:",
    "from:",
    "envoye :",
    "sent from",
    "envoye de mon",
    "envoye a partir",
];

/// Reads the text of an answer: its first line may be one of the words, alone; whatever else is said justifies. Quoted text is left out.
/// `None` when nothing is left.
#[must_use]
pub fn read_answer(body: &str) -> Option<Answer> {
    let own: Vec<&str> = body.lines().map(str::trim).take_while(|line| !quotes(line)).collect();
    let mut lines = own.into_iter().skip_while(|line| line.is_empty()).peekable();
    let first = folded(lines.peek()?);
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    let word = WORDS.iter().find(|(words, _)| words.contains(&first));
    if word.is_some() {
        lines.next();
    }
    let text = lines.collect::<Vec<_>>().join("\n");
    let text: String = text.trim().chars().take(LONGEST).collect();
    let action = word.map_or(Action::Justify, |(_, action)| *action);
    let silent = text.is_empty() && action == Action::Justify;
    (!silent).then(|| Answer { action, text: (!text.is_empty()).then(|| Masked::new(text)) })
}

/// Whether a line begins what is quoted: `>`, a header of Outlook, « Le … a écrit : ».
fn quotes(line: &str) -> bool {
    let line = folded(line);
    let wrote = line.ends_with("a ecrit :") || line.ends_with("a ecrit:") || line.ends_with("wrote:");
    line.starts_with('>') || line == "--" || wrote || QUOTES.iter().any(|quote| line.starts_with(quote))
}

/// Lower case, without accents, with plain spaces and apostrophes.
fn folded(text: &str) -> String {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c)).map(|c| match c {
        '’' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    plain.collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Action, read_answer};

    #[test]
    fn the_first_line_says_what_is_asked_and_the_rest_why() {
        let table: &[(&str, Option<(Action, &str)>)] = &[
            ("RETIRER\n", Some((Action::Withdraw, ""))),
            (
                "\n« Fausse alerte ».\nC’est un numéro de lot.\n",
                Some((Action::ClaimFalseAlarm, "C’est un numéro de lot.")),
            ),
            ("Chiffrer", Some((Action::AskEncryption, ""))),
            (
                "Justifier\r\n\r\nDouble identification requise.",
                Some((Action::Justify, "Double identification requise.")),
            ),
            ("Bonjour,\nenvoi requis ce soir", Some((Action::Justify, "Bonjour,\nenvoi requis ce soir"))),
            ("Il faut retirer ce passage", Some((Action::Justify, "Il faut retirer ce passage"))),
            (
                "Requis.\n\nLe 2 nov. 2026 à 14 h, Vaguemestre a écrit :\n> secret",
                Some((Action::Justify, "Requis.")),
            ),
            ("Requis.\n> retirer", Some((Action::Justify, "Requis."))),
            ("Requis.\n-----Message d’origine-----\nsecret", Some((Action::Justify, "Requis."))),
            ("Requis.\nDe : Vaguemestre\nsecret", Some((Action::Justify, "Requis."))),
            ("justifier", None),
            ("> retirer\n", None),
            ("", None),
        ];
        for (body, expected) in table {
            let answer = read_answer(body);
            let seen =
                answer.map(|it| (it.action, it.text.map(|it| it.reveal().to_owned()).unwrap_or_default()));
            assert_eq!(seen, expected.map(|(action, text)| (action, text.to_owned())), "{body}");
        }
        let long = read_answer(&"é".repeat(9_000)).unwrap().text.unwrap();
        assert_eq!(long.reveal().chars().count(), 500);
    }
}
