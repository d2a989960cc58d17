//! Categories of directive 054, 5.1 and 5.3: what is confidential without an identifier, and what only speaks of it.

use vaguemestre::model::{Boundary, Confidence, Kind, Region};

use super::{read_all, segment};
use crate::support::letters::nam;

const CATEGORIES: [Kind; 6] =
    [Kind::HealthTermCluster, Kind::Hr, Kind::Finance, Kind::Strategic, Kind::Legal, Kind::Crisis];

/// A subject, a body, and the category it belongs to. Written by us, persons invented.
const CONFIDENTIAL: &[(Kind, &str, &str)] = &[
    (Kind::Hr, "Suivi", "La suspension sans solde de Mme Corriveau débute lundi, trois jours."),
    (
        Kind::Hr,
        "Avis disciplinaire",
        "Ci-joint le projet. La réprimande écrite vise M. Quessy pour absences injustifiées.",
    ),
    (
        Kind::Hr,
        "Dossier CNESST",
        "L'assignation temporaire de l'employée sera révisée, ses limitations fonctionnelles demeurent.",
    ),
    (Kind::Hr, "Meeting", "The written warning to Ms. Harrow goes in her employee file; union informed."),
    (Kind::Hr, "Probation", "On prolonge la période de probation : M. Lortie ne répond pas aux attentes."),
    (
        Kind::Hr,
        "Poste",
        "Le poste de M. Lortie est aboli; il peut supplanter Mme Quessy, le syndicat l'ignore.",
    ),
    (Kind::Hr, "Stage", "Mme Corriveau ne sera pas confirmée : retards chroniques, absences non motivées."),
    (
        Kind::Hr,
        "Investigation",
        "Mr. Harrow was caught stealing; he is placed on leave, a reprimand will follow.",
    ),
    (
        Kind::Finance,
        "Compte",
        "Le compte de M. Lortie est à découvert, créanciers et loyer impayé; il doit 2 340 $.",
    ),
    (
        Kind::Finance,
        "Hébergement",
        "La résidente a 9 120 $ d'épargne, une rente et quatre mois d'arriérés de 410 $.",
    ),
    (Kind::Finance, "Pay", "Ms. Harrow was overpaid by $1,120; we will recover the overpayment."),
    (Kind::Finance, "Saisie", "Saisie de salaire pour M. Lortie : retenir 412,50 $ par paie."),
    (
        Kind::Finance,
        "Dossier",
        "Le relevé bancaire de Mme Quessy montre un solde de 1 204,11 $ et des dettes.",
    ),
    (Kind::Finance, "Pay", "Mr. Harrow's pay stub shows gross pay of $2,310.40 and a garnishment."),
    (
        Kind::Strategic,
        "À lire",
        "Confidentiel : l'abolition de postes au service de buanderie, avant l'annonce officielle.",
    ),
    (
        Kind::Strategic,
        "Audit",
        "Le test d'intrusion montre des vulnérabilités critiques; règles de pare-feu ci-jointes.",
    ),
    (
        Kind::Strategic,
        "Été",
        "Fermeture de nuit de l'urgence en août; c'est pas annoncé, n'en parlez à personne.",
    ),
    (Kind::Strategic, "Direction", "Elle quitte en mars. Pas annoncé encore; gardez-le pour vous."),
    (Kind::Strategic, "Tender", "Scores of the bidders, not yet awarded. Do not circulate."),
    (Kind::Strategic, "Manuscript", "Unpublished results, under embargo until the journal decides."),
    (
        Kind::Legal,
        "Dossier 12",
        "Mise en demeure reçue de M. Lortie; notre procureur propose un règlement hors cour.",
    ),
    (Kind::Legal, "Plainte", "Le médecin examinateur a conclu l'examen de la plainte visant le Dr Harrow."),
    (
        Kind::Legal,
        "Famille",
        "L'avocat de la famille de M. Lortie entend poursuivre; position juridique à venir.",
    ),
    (
        Kind::Legal,
        "College",
        "Complaint to the college about Dr. Harrow; our lawyer will prepare the testimony.",
    ),
    (Kind::Legal, "Claim", "Statement of claim served; counsel's legal opinion is attached, privileged."),
    (Kind::Crisis, "Urgent", "M. Lortie verbalise des idées suicidaires avec plan précis ce matin."),
    (Kind::Crisis, "Adieu", "J'ai écrit mes lettres. Je ne serai plus là demain."),
    (Kind::Crisis, "Urgence", "M. Lortie est barricadé dans la chambre, il brandit un couteau."),
    (Kind::Crisis, "Roof", "Ms. Harrow is on the roof and says she will jump."),
    (Kind::Crisis, "Usager", "Le patient tient des propos homicidaires envers son voisin."),
    (Kind::Crisis, "Now", "Ms. Harrow expressed suicidal intent and left the unit."),
    (
        Kind::HealthTermCluster,
        "Mme L.",
        "Mme Lortie : fibrillation auriculaire, apixaban débuté, INR à cesser.",
    ),
    (
        Kind::HealthTermCluster,
        "Votre renouvellement",
        "Votre clozapine est renouvelée; la leucopénie et vos myalgies demandent une prise de sang.",
    ),
    (Kind::HealthTermCluster, "Update", "Mr. Harrow has pancreatitis and was started on meropenem."),
];

/// Administrative mail that names the matters of 5.1 and speaks of nobody. Written by us.
const ADMINISTRATIVE: &[(&str, &str)] = &[
    (
        "Campagne d'appréciation du rendement",
        "À l'ensemble du personnel : la période d'appréciation annuelle débute. Guide sur l'intranet. Questions : Mme Roy, poste 4412.",
    ),
    (
        "Nouvelle politique",
        "La politique sur les mesures disciplinaires et le harcèlement psychologique est en ligne.",
    ),
    (
        "Calendrier de paie",
        "Le calendrier de paie 2027 est disponible. Les bulletins de paie seront déposés le jeudi.",
    ),
    ("Payroll reminder", "Reminder to all staff: pay stubs and T4 slips are now on the portal."),
    ("Kilométrage", "Le taux passe à 0,61 $ du kilomètre. Remboursement par dépôt direct en dix jours."),
    (
        "Plan stratégique 2026-2030",
        "Le plan stratégique a été adopté par le conseil et publié sur le site web.",
    ),
    (
        "Hameçonnage",
        "Capsule de sensibilisation : reconnaître un incident de sécurité, ne jamais donner son mot de passe.",
    ),
    (
        "Dépliant",
        "Le dépliant du commissaire aux plaintes explique comment porter plainte. Affiches à imprimer.",
    ),
    ("Portes ouvertes", "Portes ouvertes : le diabète, l'hypertension et nos patients, sur inscription."),
    ("Réseau", "Le pare-feu sera mis à jour dimanche; les accès reviennent à 6 h."),
    ("Bienvenue", "Mme Lortie se joint à l'équipe des ressources humaines. Félicitations!"),
    ("Fournitures", "Commande de fournitures : 412 $, facture à M. Lortie au service des achats."),
    ("Rencontre", "Rencontre du comité mardi; l'ordre du jour et le procès-verbal sont joints."),
    ("Suicide prevention", "Suicide prevention week: posters are available, register for the workshop."),
    ("Exercice", "Un exercice de code gris aura lieu mardi. Aucun risque réel."),
    (
        "Formation",
        "Formation de deux jours : repérer le risque suicidaire. Places limitées, inscription en ligne.",
    ),
    ("Webinar", "Webinar on legal opinions and civil lawsuits for managers. Registration open."),
    (
        "Midi-conférence",
        "Le diabète et l'insuffisance cardiaque : nouveautés thérapeutiques. Inscription à la bibliothèque.",
    ),
    ("Activité", "Course à pied samedi, chandails à 20 $ au profit de la fondation."),
];

fn categories(subject: &str, body: &str) -> Vec<Kind> {
    let segments = [
        segment(subject, Region::Subject, None, Boundary::Part),
        segment(body, Region::Body, None, Boundary::Part),
    ];
    let sure =
        read_all(&segments).findings.into_iter().filter(|found| found.confidence >= Confidence::Medium);
    sure.map(|found| found.kind).filter(|kind| CATEGORIES.contains(kind)).collect()
}

#[test]
fn what_is_confidential_by_its_words_is_told() {
    for (kind, subject, body) in CONFIDENTIAL {
        let found = categories(subject, body);
        assert!(found.contains(kind), "{kind:?} not in {found:?}: {body}");
    }
}

#[test]
fn what_only_speaks_of_it_is_silent() {
    for (subject, body) in ADMINISTRATIVE {
        assert_eq!(categories(subject, body), [], "{subject}: {body}");
    }
}

/// The same words closed by a signature or greeting that names a colleague say no more of anyone.
#[test]
fn a_greeting_and_a_signature_are_nobody_a_matter_is_about() {
    for (subject, body) in ADMINISTRATIVE {
        let letter =
            format!("Bonjour Mme Lortie,\n\n{body}\n\nCordialement,\nRosalie Quessy\nAgente administrative");
        assert_eq!(categories(subject, &letter), [], "{subject}: {letter}");
    }
}

/// A health insurance number stands for someone as a name would.
#[test]
fn words_of_health_beside_a_health_number_are_about_someone() {
    let about = |whose: &str| {
        let text = format!("Résultat de l'échographie et de la biopsie à 9 h, {whose}.");
        let detection = read_all(&[segment(&text, Region::Body, None, Boundary::Block)]);
        let mut found = detection.findings.iter().filter(|it| it.kind == Kind::HealthTermCluster);
        found.any(|it| it.confidence >= Confidence::Medium)
    };
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    assert!(about(&number) && about(&format!("{} {} {}", &number[..4], &number[4..8], &number[8..])));
    assert!(!about("salle 4") && !about("appareil 88521234"));
}
