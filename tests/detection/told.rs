//! Numbers told in plain sentences: what they are is said in another sentence, in a question, in the subject, or by what one is
//! asked for; beside them stand numbers of the same shape that are called something else.

use vaguemestre::model::{Boundary, Confidence, Kind, Place, Region, Segment};

use super::{of, read_all, segment};

/// A subject, a text, and the values of a kind that are at least probable in it.
type Row = (&'static str, &'static str, Kind, &'static [&'static str]);

const NAS: &[&str] = &["130692544"];
const CARD: &[&str] = &["4539148803436467"];
const ACCOUNT: &[&str] = &["123458151234567"];
const LICENCE: &[&str] = &["T651203085407"];
const HEALTH: &[&str] = &["9876543217"];
const PASSPORT: &[&str] = &["AB123456"];

const ROWS: &[Row] = &[
    // In another sentence, on another line, after the number, quoted below.
    (
        "paie",
        "- Quel est son numéro d'assurance sociale?\n- Attends, je regarde. 130 692 544.",
        Kind::Nas,
        NAS,
    ),
    (
        "numéro manquant",
        "Le voici, désolée : 130692544\n\nBonne journée\n\n> Il nous manque le numéro d'assurance sociale de la personne recrutée le 2.",
        Kind::Nas,
        NAS,
    ),
    (
        "NAS illisible sur le formulaire",
        "J'ai rappelé le gars. Il me dicte : 130 692 544. Si ça ne passe pas, ouvre un billet.",
        Kind::Nas,
        NAS,
    ),
    (
        "pour le notaire",
        "Il faut son numéro d'assurance sociale pour la requête. 130 692 544.",
        Kind::Nas,
        NAS,
    ),
    (
        "reply",
        "The one starting like his phone: 130 692 544. That is his social insurance number.",
        Kind::Nas,
        NAS,
    ),
    ("commande", "Total 118,40 $. Mode : crédit. No : 4539 1488 0343 6467.", Kind::PaymentCard, CARD),
    (
        "carte refusée",
        "Ma carte a été refusée au guichet de la cafétéria, c'est pourtant 4539148803436467.",
        Kind::PaymentCard,
        CARD,
    ),
    (
        "dépôt",
        "Nouveau spécimen, elle a changé de caisse. Je lis, de gauche à droite : 12345, puis 815, puis 1234567.",
        Kind::BankAccount,
        ACCOUNT,
    ),
    (
        "taxi",
        "Coordonnées bancaires données par téléphone : 815 comme banque, 12345 comme succursale et 1234567 comme compte.",
        Kind::BankAccount,
        ACCOUNT,
    ),
    (
        "EFT",
        "Our supplier gave the electronic form of the bank: 081512345, account 1234567.",
        Kind::BankAccount,
        ACCOUNT,
    ),
    (
        "RE: Où dépose-t-on?",
        "Au 12345 815 1234567.\n\n> Merci de nous indiquer le compte bancaire.",
        Kind::BankAccount,
        ACCOUNT,
    ),
    (
        "chauffeur",
        "Le numéro que vous avez inscrit (T651203085407) ne correspond pas à la photocopie de votre permis.",
        Kind::DriversLicence,
        LICENCE,
    ),
    ("classe 4B", "Examens médicaux à jour :\nT6512-030854-07 (ambulance 12)", Kind::DriversLicence, LICENCE),
    (
        "carte de l'Ontario refusée",
        "Le terminal n'accepte pas la carte de la dame. C'est une verte avec photo, le numéro est 9876 543 217.",
        Kind::HealthCardOther,
        HEALTH,
    ),
    (
        "déménagement",
        "Elle garde son numéro de l'Ontario, soit 9876 543 217, jusqu'à la fin du délai de carence.",
        Kind::HealthCardOther,
        HEALTH,
    ),
    (
        "passeport de mon fils",
        "Je vous envoie le numéro en attendant la copie : AB123456. Il est délivré à Port-au-Prince.",
        Kind::Passport,
        PASSPORT,
    ),
    (
        "billets",
        "On veut nos passeports. J'ai le mien, et je le lis d'ici sans mes lunettes, c'est AB123456.",
        Kind::Passport,
        PASSPORT,
    ),
    // By what one is asked for, with groups and a check digit.
    (
        "nouvel employé",
        "Il s'appelle Roch, il commence lundi, 130 692 544, célibataire, deux crédits.",
        Kind::Nas,
        NAS,
    ),
    (
        "don",
        "Donatrice rejointe. 100 $ par mois. Elle m'a dicté 4539 1488 0343 6467 et puis 09 28.",
        Kind::PaymentCard,
        CARD,
    ),
    (
        "paie",
        "T'as-tu été payé? Moi non, ils ont encore 12345-815-1234567 à mon nom.",
        Kind::BankAccount,
        ACCOUNT,
    ),
    // Called something else, in the same words.
    ("NAS", "Pour inscrire un NAS, neuf chiffres. Requête 130 692 544.", Kind::Nas, &[]),
    ("NAS", "Ne mettez jamais d'assurance sociale dans un courriel! Réf. 130 692 544", Kind::Nas, &[]),
    ("embauche", "ID de réunion : 130 692 544. On parle d'embauche et de paie.", Kind::Nas, &[]),
    ("paie", "Affichage 130 692 544 : agente de paie, temps complet.", Kind::Nas, &[]),
    ("CNESST", "Dossier CNESST 130 692 544. Le numéro d'assurance sociale n'y figure pas.", Kind::Nas, &[]),
    ("réclamation", "Réclamation 9876-543-217 pour l'Ontario, refusée.", Kind::HealthCardOther, &[]),
    ("flotte", "Clé T6512-030854-07 du véhicule perdue.", Kind::DriversLicence, &[]),
    ("paiement", "Transaction 4539 1488 0343 6467 refusée, réessayez le paiement.", Kind::PaymentCard, &[]),
    ("caisse", "Caisses de gants : 12345 petites, 815 moyennes, 1234567 grandes.", Kind::BankAccount, &[]),
    ("paie", "Remboursement au poste 12345, 819 555-1530.", Kind::BankAccount, &[]),
    ("passeport", "Billet AB123456 : le portail du passeport ne répond pas.", Kind::Passport, &[]),
    ("voyage", "Apportez votre passeport au comptoir, réservation AB123456.", Kind::Passport, &[]),
];

#[test]
fn a_number_is_what_the_message_says_it_is() {
    for (subject, text, kind, values) in ROWS {
        let header =
            Segment { place: Place::default(), ..segment(subject, Region::Subject, None, Boundary::Part) };
        let detection = read_all(&[header, segment(text, Region::Body, None, Boundary::Part)]);
        let found: Vec<&str> = of(&detection, *kind)
            .into_iter()
            .filter(|finding| finding.confidence >= Confidence::Medium)
            .map(|finding| finding.value.reveal())
            .collect();
        assert_eq!(found, *values, "{subject}: {text}");
    }
}
