//! Texts to measure on, made from a seed: nothing here was ever sent.

/// A small generator of numbers (xorshift64, Marsaglia 2003): the same seed makes the same text everywhere.
pub struct Seed(u64);

impl Seed {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    pub fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

const GIVEN: &[&str] = &[
    "Marie",
    "Jean-Paul",
    "Sylvie",
    "Étienne",
    "Fatima",
    "Luc",
    "Huguette",
    "Nathalie",
    "Olivier",
    "Noémie",
];
const FAMILY: &[&str] = &[
    "Gagnon",
    "Tremblay",
    "Côté",
    "Bélanger",
    "Lavoie",
    "Nguyen",
    "Saint-Onge",
    "Roy",
    "Pelletier",
    "Haddad",
];
const MONTHS: &[&str] =
    &["janvier", "février", "mars", "avril", "mai", "juin", "août", "septembre", "octobre", "décembre"];
const ROOMS: &[&str] =
    &["la salle du conseil", "l'amphithéâtre", "la bibliothèque", "le local de réunion", "la cafétéria"];

/// Sentences of ordinary mail; `{}` stands for a number, `{n}` for a name, `{d}` for a date, `{r}` for a room.
const SENTENCES: &[&str] = &[
    "Tel que discuté lors de la rencontre de mardi, voici le résumé des points à suivre pour le comité.",
    "Le rapport trimestriel a été déposé le {d} et les indicateurs sont, dans l'ensemble, stables par rapport à l'an dernier.",
    "Nous aimerions rappeler que les demandes d'achat de plus de {} $ doivent être approuvées par la direction avant le {d}.",
    "Les formulaires sont disponibles dans l'intranet et doivent être accompagnés d'au moins deux soumissions.",
    "La formation sur le nouveau logiciel aura lieu dans {r}, de 9 h à 16 h; prévoyez apporter votre carte d'accès.",
    "Concernant la toiture de l'aile B, l'entrepreneur nous informe que les travaux débuteront la semaine prochaine si la météo le permet.",
    "Une zone de stationnement sera réservée; merci d'éviter les espaces {} à {}.",
    "En cas de question, le poste {} demeure le meilleur moyen de nous joindre.",
    "Les personnes qui désirent participer à la campagne de financement peuvent s'inscrire auprès de leur gestionnaire.",
    "Pourrais-tu vérifier si la facture 2025-{} a bien été payée? Le fournisseur affirme n'avoir rien reçu.",
    "Je joins la copie du bon de commande ainsi que les échanges que nous avons eus avec l'équipe des approvisionnements.",
    "{n} remplacera la cheffe de service pendant son absence et assurera le suivi des dossiers courants.",
    "Le procès-verbal de la dernière séance est en pièce jointe; les corrections peuvent être transmises d'ici le {d}.",
    "Comme l'horaire a été modifié, la réunion se tiendra plutôt dans {r} et commencera dix minutes plus tard.",
    "L'objectif de cette année est de {} $, soit une hausse d'environ quatre pour cent par rapport à l'objectif précédent.",
    "Nous avons bien reçu votre message et nous vous reviendrons aussitôt que possible.",
    "Il faudrait aussi prévoir une journée pour l'inventaire du matériel informatique de l'étage.",
    "Selon {n}, la nouvelle procédure sera en vigueur à compter du {d} dans toutes les installations.",
];

fn sentence(seed: &mut Seed, text: &mut String) {
    let mut rest = seed.of(SENTENCES);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (slot, after) = after.split_once('}').unwrap();
        match slot {
            "n" => text.push_str(&format!("{} {}", seed.of(GIVEN), seed.of(FAMILY))),
            "d" => text.push_str(&format!("{} {} 2026", 1 + seed.below(28), seed.of(MONTHS))),
            "r" => text.push_str(seed.of(ROOMS)),
            _ => text.push_str(&(10 + seed.below(9000)).to_string()),
        }
        rest = after;
    }
    text.push_str(rest);
}

/// French mail of an office: greetings, paragraphs, names of colleagues, dates, signatures.
pub fn mail(bytes: usize) -> String {
    filled(bytes, 1, |seed, text| {
        text.push_str(&format!("Bonjour {},\n\n", seed.of(GIVEN)));
        for _ in 0..2 + seed.below(4) {
            for _ in 0..1 + seed.below(4) {
                sentence(seed, text);
                text.push(' ');
            }
            text.push_str("\n\n");
        }
        let (given, family) = (seed.of(GIVEN), seed.of(FAMILY));
        text.push_str(&format!(
            "Cordialement,\n\n{given} {family}\nDirection des services techniques\n450 555-01{}\n\n",
            10 + seed.below(90)
        ));
    })
}

/// The same words without any digit or capital; accents stay when asked.
pub fn lower_case(bytes: usize, accents: bool) -> String {
    let lower = mail(bytes).to_lowercase().replace(|character: char| character.is_ascii_digit(), "x");
    if accents {
        lower
    } else {
        lower
            .replace(['é', 'è', 'ê'], "e")
            .replace(['à', 'â'], "a")
            .replace(['û', 'ù'], "u")
            .replace('ô', "o")
            .replace('ç', "c")
            .replace('î', "i")
    }
}

/// Rows of numbers parted by tabs.
pub fn figures(bytes: usize) -> String {
    filled(bytes, 2, |seed, text| {
        let row: Vec<String> = (0..6).map(|_| seed.below(100_000).to_string()).collect();
        text.push_str(&row.join("\t"));
        text.push('\n');
    })
}

/// Lines of a log.
pub fn log(bytes: usize) -> String {
    filled(bytes, 3, |seed, text| {
        let (hour, minute, request) = (seed.below(24), seed.below(60), seed.below(1_000_000));
        text.push_str(&format!(
            "2026-01-{:02} {hour:02}:{minute:02}:07 INFO serveur{} requête {request} terminée en {} ms\n",
            1 + seed.below(28),
            seed.below(9),
            seed.below(5000)
        ));
    })
}

/// What is left of a page when its markup was not taken for markup.
pub fn markup(bytes: usize) -> String {
    filled(bytes, 4, |seed, text| {
        let line = format!(
            "<td class=\"c{}\"><a href=\"https://intranet.example/page/{}\">Rapport annuel</a></td>\n",
            seed.below(20),
            seed.below(10_000)
        );
        text.push_str(&line);
    })
}

/// Mail that is about patients: a name, a number, a date in each line.
pub fn patients(bytes: usize) -> String {
    filled(bytes, 5, |seed, text| {
        let (given, family, day) = (seed.of(GIVEN), seed.of(FAMILY), 1 + seed.below(28));
        text.push_str(&format!(
            "Usager : {given} {family}, né le {day} {} 1954, NAM TREM 0412 1925, suivi pour diabète.\n",
            seed.of(MONTHS)
        ));
        for _ in 0..4 {
            sentence(seed, text);
            text.push(' ');
        }
        text.push('\n');
    })
}

fn filled(bytes: usize, seed: u64, mut more: impl FnMut(&mut Seed, &mut String)) -> String {
    let (mut seed, mut text) = (Seed::new(seed), String::new());
    while text.len() < bytes {
        more(&mut seed, &mut text);
    }
    text
}

/// Texts made to be slow: what starts a search and leads nowhere, again and again.
pub const CRAFTED: &[(&str, &str)] = &[
    ("digits apart", "1 "),
    ("digits together", "1234567890"),
    ("almost a NAM", "TREM0412192"),
    ("letters and digits", "A1 "),
    ("spaced letters", "A B C D 1 2 3 "),
    ("spaced capitals", "T R E M "),
    ("labels", "NAM NAM NAM "),
    ("dates", "12/12/12/"),
    ("percent signs", "%41%41%41"),
    ("base64", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY "),
    ("quote marks", ">"),
    ("quoted lines", "> > x\n"),
    ("anchors", "mot de passe : "),
    ("anchors of links", "https://zoom.us/j/1 "),
    ("accents", "é"),
    ("misread accents", "Ã"),
    ("odd spaces", "\u{a0}\u{2009}"),
    ("invisible", "a\u{200b}"),
    ("capitals", "ABCDEFGH "),
    ("capitalised words", "Abcdef "),
    ("names", "Marie Tremblay, "),
    ("given names", "marie "),
    ("listed words", "diabete "),
    ("beginnings of phrases", "mots de mots de "),
    ("patients", "Patient : Marie Tremblay, "),
    ("short lines", "a\n"),
    ("empty lines", "\n"),
    ("deep rows", "a\t1\t"),
    ("bars", "| 1 "),
    ("numbers of persons", "TREM0412 1925;1954-08-03;450 555-0199\n"),
];
