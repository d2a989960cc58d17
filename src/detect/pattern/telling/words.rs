//! The words around a secret that say how it is given and what it may be instead (compiled by us, 2026-11), in folded spelling.

/// The last word of a text, without the marks around it.
pub fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
    let start = text.rfind(|character: char| !character.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default()
}

fn is_one(word: &str, list: &[&str]) -> bool {
    list.iter().any(|other| word.eq_ignore_ascii_case(other))
}

fn ends_in(text: &str, list: &[&str]) -> bool {
    list.iter().any(|end| {
        let at = text.len().checked_sub(end.len());
        let tail = at.and_then(|at| Some((text.get(..at)?, text.get(at..)?)));
        tail.is_some_and(|(head, tail)| {
            tail.eq_ignore_ascii_case(end) && !head.ends_with(|last: char| last.is_alphanumeric())
        })
    })
}

/// Whether a text ends in a word that a value follows.
pub fn gives(text: &str) -> bool {
    is_one(last_word(text), GIVES) || ends_in(text, GIVES_IN_WORDS)
}

/// Whether what follows a value says that it is one.
pub fn takes(after: &str) -> bool {
    let after = after.trim_start_matches(['"', ')', ' ', ',', '*']);
    TAKES.iter().any(|word| after.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
}

/// Whether a text ends in a word that a value may follow.
pub fn gives_partly(text: &str) -> bool {
    is_one(last_word(text), PARTLY)
}

/// Whether a word is followed by a name of a user, a machine, a place or a thing.
pub fn is_user(word: &str) -> bool {
    is_one(word, USERS)
}

/// Whether a word is followed by the number of an account.
pub fn is_account(word: &str) -> bool {
    is_one(word, &["compte", "comptes", "account", "matricule", "client"])
}

/// Whether a word is followed by what something is of.
pub fn belongs(word: &str) -> bool {
    is_one(word, OF)
}

/// Whether a word is followed by a number where someone is reached.
pub fn reaches(word: &str) -> bool {
    is_one(word, REACHED)
}

/// Whether a text ends in a word that a full stop only shortens.
pub fn is_shortened(text: &str) -> bool {
    let word = last_word(text);
    text.ends_with(word)
        && (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) || is_one(word, REACHED))
}

const REACHED: &[&str] = &["p", "poste", "ext", "extension", "tel", "telec", "cell", "fax", "no"];

/// Whether what follows a number is what it counts.
pub fn counts(after: &str) -> bool {
    let rest = after.trim_start();
    let word = rest.split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default();
    rest.starts_with(['$', '%', '/']) && !rest.starts_with("/ ") || is_one(word, UNITS)
}

const GIVES: &[&str] = &[
    "est",
    "etait",
    "sera",
    "reste",
    "demeure",
    "devient",
    "deviendra",
    "soit",
    "is",
    "was",
    "be",
    "becomes",
    "remains",
    "stays",
    "tape",
    "tapes",
    "tapez",
    "taper",
    "entre",
    "entres",
    "entrez",
    "entrer",
    "ecris",
    "ecrit",
    "ecrivez",
    "ecrire",
    "essaie",
    "essaye",
    "essayez",
    "essayer",
    "try",
    "utilise",
    "utilises",
    "utilisez",
    "utiliser",
    "use",
    "uses",
    "mets",
    "mettez",
    "mettre",
    "mis",
    "inscris",
    "inscrit",
    "inscrivez",
    "inscrire",
    "enter",
    "type",
    "voici",
    "voila",
    "dites",
    "dis",
    "plutot",
    "donne",
    "suivant",
    "nouveau",
    "ecrivant",
    "compose",
    "composez",
    "composer",
    "pitonne",
    "pitonnez",
    "choisi",
    "choose",
    "chose",
    "choisis",
    "faites",
    "fais",
    "put",
    "punch",
    "maintenant",
    "now",
    "encore",
];
const GIVES_IN_WORDS: &[&str] = &[
    "key in",
    "punch in",
    "type in",
    "change pour",
    "changed to",
    "set to",
    "reset to",
    "remplace par",
    "se lit",
    "log in with",
    "remis a",
    "passe a",
    "sortir",
    "moved to",
];
const TAKES: &[&str] = &["est ", "c'est ", "is ", "comme ", "as ", "= ", "(", "sera ", "pour "];
const PARTLY: &[&str] =
    &["avec", "with", "a", "to", "par", "en", "puis", "then", "jusqu", "jusqu'a", "comme", "as"];

const USERS: &[&str] = &[
    "usager",
    "usagers",
    "utilisateur",
    "utilisateurs",
    "identifiant",
    "login",
    "user",
    "username",
    "userid",
    "id",
    "nom",
    "name",
    "courriel",
    "email",
    "ssh",
    "serveur",
    "server",
    "hote",
    "host",
    "hostname",
    "poste",
    "ext",
    "dossier",
    "local",
    "locaux",
    "salle",
    "chambre",
    "bureau",
    "room",
    "lot",
    "modele",
    "model",
    "version",
    "serie",
    "serial",
    "billet",
    "ticket",
    "demande",
    "request",
    "article",
    "ref",
    "reference",
    "no",
    "numero",
    "number",
    "facture",
    "invoice",
    "commande",
    "order",
    "projet",
    "project",
    "formulaire",
    "form",
    "protocole",
    "ssid",
    "reseau",
    "fichier",
    "file",
    "page",
    "lien",
    "link",
    "port",
    "procedure",
    "directive",
    "politique",
    "norme",
    "domaine",
    "groupe",
    "equipe",
    "module",
    "build",
    "tag",
    "branche",
    "commit",
    "empreinte",
    "hash",
    "sha",
    "md5",
    "adresse",
    "address",
    "IP",
    "MAC",
    "tel",
    "telephone",
    "ecran",
    "etage",
];

const OF: &[&str] = &[
    "de", "du", "des", "d", "pour", "sur", "for", "of", "on", "in", "le", "la", "l", "les", "au", "aux",
    "chez", "the", "from", "vers", "ce", "cette", "un", "une", "dans", "your", "votre", "notre", "ton",
];

const UNITS: &[&str] = &[
    "plants",
    "copies",
    "exemplaires",
    "personnes",
    "lits",
    "places",
    "unites",
    "usagers",
    "patients",
    "employes",
    "utilisateurs",
    "users",
    "people",
    "comptes",
    "postes",
    "fois",
    "jours",
    "heures",
    "minutes",
    "secondes",
    "mois",
    "ans",
    "days",
    "hours",
    "months",
    "years",
    "chiffres",
    "caracteres",
    "digits",
    "characters",
    "essais",
    "tentatives",
    "dollars",
    "km",
    "mg",
    "ml",
    "kg",
    "m",
    "cm",
    "pieces",
    "pages",
    "visites",
];
