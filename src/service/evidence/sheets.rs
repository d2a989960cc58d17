//! Sheets of the evidence pack, in French: what a person copies into forms and registers, with what the tool knows filled in.

use std::fmt::Write;

use super::{Evidence, MailLog, labels};
use crate::notices::{Language, words};
use crate::ports::IncidentFields;

/// What stands where only a person knows.
const TO_FILL: &str = "à compléter";

/// How the pack is checked without the tool.
pub const READ_ME: &str = "\
DOSSIER DE PREUVE

Ce dossier contient ce que le service conserve d'un cas. Il n'est pas un document du dossier de l'usager.

Vérifier l'intégrité :   sha256sum -c MANIFESTE.txt
Vérifier la signature :  MANIFESTE.signature.json : signature Ed25519 (« signature ») du texte « words » par la clé « key ». Ce texte
                         est « vaguemestre evidence v1 <cas> <empreinte> <millisecondes> », et l'empreinte doit être celle que
                         donne   sha256sum MANIFESTE.txt
                         Une ligne forgée, ajoutée ou retirée change l'empreinte : la signature ne vaut plus.
Vérifier la clé :        « key » se compare à keys/audit.pub, tenue hors de la base de données, et à ce que donne
                         vaguemestre audit verify   (la piste entière, et chaque clé qui a signé, avec ses dates).
Vérifier la piste :      chaque ligne de audit.jsonl porte le hachage de l'inscription précédente (« previous ») et le sien
                         (« hash »), soit SHA-256(previous en binaire, puis le texte de « entry »). Entre elles peuvent se
                         trouver les inscriptions d'autres cas, qui ne sont pas dans ce dossier : c'est la signature
                         du manifeste qui lie ces lignes, et point-de-controle.json dit jusqu'où la piste était signée.

Fichiers : cas.json (faits), chronologie.csv (décisions), constats.csv (constats masqués), avis.csv (avis à l'expéditeur),
audit.jsonl et point-de-controle.json (piste), ah-223.txt (aide-mémoire), registre-art-15.txt (registre des incidents),
avis-art-11.txt (avis au ministre et à la Commission), journal-mta.txt (lignes du serveur de courriel, adresses masquées).
Les dates des fichiers .csv, .json et .jsonl sont en UTC; celles des fichiers .txt à remplir, à l'heure locale.
Règles en vigueur ce jour-là : « rules_in_force » de cas.json, empreinte des articles, des règles et des listes.
";

/// The AH-223 aide-mémoire: facts that a person copies into the form of risk management (directive 054, 5.10).
pub fn ah_223(evidence: &Evidence<'_>) -> String {
    let case = evidence.case;
    let mut sheet = String::from("AIDE-MÉMOIRE AH-223 (rapport d'incident ou d'accident)\n\n");
    let found: Vec<String> =
        case.found.iter().map(|found| words::counted(Language::French, found.kind, found.count)).collect();
    let articles: Vec<&str> = case.articles.iter().map(|article| article.cites.as_str()).collect();
    let rows = [
        ("Numéro du cas", case.id.to_string()),
        ("Date et heure (heure locale)", labels::moment(case.received_at)),
        ("Lieu", format!("courriel sortant, service {}", or(&case.sender_domain))),
        ("Nature", format!("bris de confidentialité possible par courriel : {}", or(&found.join(", ")))),
        ("Règles en cause", or(&articles.join("; "))),
        ("Destinataires", format!("{} à {}", case.recipients, or(&case.domains.join(", ")))),
        ("Ce qu'est devenu le courriel", labels::outcome(case, evidence.history)),
        ("Personnes touchées", TO_FILL.to_owned()),
        ("Personne qui déclare", TO_FILL.to_owned()),
        ("Gestionnaire avisé, date et heure", TO_FILL.to_owned()),
        ("Mesures immédiates", TO_FILL.to_owned()),
        ("Usager ou représentant informé", TO_FILL.to_owned()),
    ];
    for (label, value) in rows {
        let _ = writeln!(sheet, "{label} : {value}");
    }
    sheet
}

/// The register's 8 fields (R-22.1, r. 1, s. 15), each marked as filled or to fill.
pub fn register_15(evidence: &Evidence<'_>) -> String {
    let known = evidence.incident.and_then(|incident| incident.fields.clone()).unwrap_or_default();
    let case = evidence.case;
    let kinds: Vec<String> =
        case.found.iter().map(|found| words::counted(Language::French, found.kind, found.count)).collect();
    let mut sheet = String::from("REGISTRE DES INCIDENTS DE CONFIDENTIALITÉ (R-22.1, r. 1, art. 15)\n\n");
    let rows = fields(&known);
    let ours = [
        kinds.join(", "),
        format!("courriel du cas {} : {}", case.id, labels::outcome(case, evidence.history)),
        labels::moment(case.received_at),
        evidence.incident.map(|incident| labels::moment(incident.opened_at)).unwrap_or_default(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ];
    for (number, ((label, written), ours)) in rows.into_iter().zip(ours).enumerate() {
        let (state, value) = match (written.trim().is_empty(), ours.trim().is_empty()) {
            (false, _) => ("rempli", written),
            (true, false) => ("proposé, à valider", ours),
            (true, true) => (TO_FILL, "—".to_owned()),
        };
        let _ = writeln!(sheet, "{}° {label} [{state}]\n   {value}\n", number + 1);
    }
    sheet
}

/// The notice of an incident with a risk of serious injury (R-22.1, r. 1, s. 11): its parts, each marked as filled or to fill.
pub fn notice_11(evidence: &Evidence<'_>) -> String {
    let known = evidence.incident.and_then(|incident| incident.fields.clone()).unwrap_or_default();
    let text = |field: &crate::model::Masked| field.reveal().trim().to_owned();
    let mut sheet = String::from(
        "AVIS AU MINISTRE ET À LA COMMISSION D’ACCÈS À L’INFORMATION (R-22.1, r. 1, art. 11)\n\
         À transmettre sans délai s’il y a un risque de préjudice sérieux (R-22.1, art. 108).\n\n",
    );
    let rows = [
        ("Nom de l’organisme", String::new()),
        ("Personne à joindre, et ses coordonnées", String::new()),
        ("Renseignements visés, ou pourquoi cela n’est pas connu", text(&known.information)),
        ("Circonstances, et cause si elle est connue", text(&known.circumstances)),
        ("Date ou période de l’incident", text(&known.happened)),
        ("Date où l’organisme en a pris connaissance", text(&known.known)),
        ("Nombre de personnes concernées, dont celles qui résident au Québec", text(&known.persons)),
        ("Éléments qui font conclure à un risque de préjudice sérieux", text(&known.risk)),
        ("Mesures pour aviser les personnes, et date", text(&known.notices)),
        ("Mesures prises ou prévues après l’incident, et délais", text(&known.measures)),
    ];
    for (number, (label, value)) in rows.into_iter().enumerate() {
        let (state, value) = match value.is_empty() {
            true => (TO_FILL, "—".to_owned()),
            false => ("rempli", value),
        };
        let _ = writeln!(sheet, "{}° {label} [{state}]\n   {value}\n", number + 1);
    }
    sheet.push_str("Vérifiez le texte en vigueur de l’article 11 avant l’envoi.\n");
    sheet
}

/// What the MTA's log tells, or why it tells nothing.
pub fn mail_log(told: &MailLog) -> String {
    let mut sheet = String::from("JOURNAL DU SERVEUR DE COURRIEL (adresses masquées)\n\n");
    match told {
        MailLog::NotConfigured => {
            sheet.push_str("Absent : aucun journal n’est configuré (relay.mail_log).\n");
        }
        MailLog::NotReadable => {
            sheet.push_str("Absent : le journal configuré n’a pas pu être lu.\n");
        }
        MailLog::Lines { ids, lines } => {
            let ids: Vec<&str> = ids.iter().map(crate::model::QueueId::as_str).collect();
            let _ = writeln!(sheet, "Identifiants de file : {}\n", or(&ids.join(", ")));
            if lines.is_empty() {
                sheet.push_str("Aucune ligne trouvée : le journal a pu être remplacé depuis.\n");
            }
            for line in lines {
                sheet.push_str(line);
                sheet.push('\n');
            }
        }
    }
    sheet
}

/// The fields in the order of the regulation, with what is written in them.
pub fn fields(known: &IncidentFields) -> [(&'static str, String); 8] {
    let text = |field: &crate::model::Masked| field.reveal().to_owned();
    [
        ("Renseignements visés, ou pourquoi cela n'est pas connu", text(&known.information)),
        ("Circonstances de l'incident", text(&known.circumstances)),
        ("Date ou période de l'incident", text(&known.happened)),
        ("Date où l'organisme en a pris connaissance", text(&known.known)),
        ("Nombre de personnes concernées", text(&known.persons)),
        ("Éléments qui font conclure à un risque de préjudice sérieux, ou non", text(&known.risk)),
        ("Dates des avis au ministre, à la Commission et aux personnes", text(&known.notices)),
        ("Mesures prises pour diminuer le risque", text(&known.measures)),
    ]
}

fn or(text: &str) -> String {
    if text.is_empty() { "inconnu".to_owned() } else { text.to_owned() }
}
