//! What is disguised: one sentence for each identifier, and clean ones that hold none.

use vaguemestre::model::Kind;

/// A sentence, the value that stands at `{}` and is disguised, and what it is read as.
pub struct Vector {
    pub frame: &'static str,
    pub value: &'static str,
    pub kind: Kind,
    pub read_as: &'static str,
}

impl Vector {
    /// The sentence with the value written so.
    pub fn with(&self, value: &str) -> String {
        self.frame.replace("{}", value)
    }

    /// The sentence in clear.
    pub fn plain(&self) -> String {
        self.with(self.value)
    }
}

const fn vector(frame: &'static str, value: &'static str, kind: Kind, read_as: &'static str) -> Vector {
    Vector { frame, value, kind, read_as }
}

/// Published test numbers and invented ones.
pub const VECTORS: &[Vector] = &[
    vector("NAM : {}", "TREM 0412 1925", Kind::Nam, "TREM04121925"),
    vector("NAM : {}", "SERE-7561-30A0", Kind::Nam, "SERE756130A0"),
    vector("Bonjour, {} svp.", "LIXA61550118", Kind::Nam, "LIXA61550118"),
    vector("Voir {} demain", "OBRK 330101 A8", Kind::Nam, "OBRK330101A8"),
    vector("N.A.M. {}", "BERC980401M2", Kind::Nam, "BERC980401M2"),
    vector("RAMQ {}", "TREM04121935", Kind::Nam, "TREM04121935"),
    vector("DDN : {}", "1954-08-03", Kind::BirthDate, "1954-08-03"),
    vector("née le {}", "03/08/1954", Kind::BirthDate, "1954-08-03"),
    vector("née le {} à Amos", "3 août 1954", Kind::BirthDate, "1954-08-03"),
    vector("NAS : {}", "130 692 544", Kind::Nas, "130692544"),
    vector("carte Visa {}", "4539 1488 0343 6467", Kind::PaymentCard, "4539148803436467"),
    vector("permis de conduire {}", "T6512-030854-07", Kind::DriversLicence, "T651203085407"),
    vector("OHIP {}", "9876-543-217", Kind::HealthCardOther, "9876543217"),
    vector("PHN {}", "9698 658 215", Kind::HealthCardOther, "9698658215"),
    vector("Dépôt direct : {}", "12345-006-1234567", Kind::BankAccount, "123450061234567"),
    vector(
        "Nous avons revu ce matin en clinique d'oncologie la patiente {} pour la suite.",
        "Solange Bélanger",
        Kind::PatientName,
        "solange belanger",
    ),
    vector(
        "Toujours sans nouvelles du dossier, voici la suite ; usager : {}",
        "Rosaire Bolduc",
        Kind::PatientName,
        "rosaire bolduc",
    ),
];

/// Sentences of ordinary mail: figures, codes, dates, names of staff and places.
pub const CLEAN: &[&str] = &[
    "Rendez-vous le 3 août 2026 à 14 h 30, salle B-214, poste 4471.",
    "Facture 20261103-0042 de 1 254,95 $ payable avant le 2026-12-15.",
    "Le bon de commande 4500012345 couvre 12 moniteurs de modèle XKPR20481130.",
    "Dossier 1234567, suivi le lundi 12 janvier 2026.",
    "Téléphone : 450 555-0142, télécopieur : 450 555-0199.",
    "Colis 1Z999AA10123456784, livraison le 2026-02-03.",
    "Version 2.14.3 du 1998-04-02, licence Apache.",
    "Chapitre 4, articles 12 à 15 : 2 005 signataires sur 3 610.",
    "Merci de confirmer votre présence au colloque du 5 mai 2026.",
    "ISBN 978-2-1234-5680-3, ISSN 1234-5679.",
    "La réunion du comité aura lieu au pavillon Rosemont, rue Saint-Denis.",
    "Incident INC0012345678 fermé le 2026-01-09 09:12:44.",
    "Budget : 130 692 545 $ en 2025, 131 004 112 $ en 2026.",
    "Numéro de série SNTR20481130, lot ABCD12345678.",
];
