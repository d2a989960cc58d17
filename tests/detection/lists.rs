//! Labels, columns and lists: which value a word is heard for.

use vaguemestre::model::{Confidence, Kind};

use super::{of, read};

/// A text, and the values of a kind that are at least probable in it.
type Row = (&'static str, Kind, &'static [&'static str]);

const ROWS: &[Row] = &[
    // One label, several values.
    ("NAS :\n- 130 692 544\n- 123 456 782", Kind::Nas, &["130692544", "123456782"]),
    (
        "Voici les NAS :\n- Julie Roy : 130 692 544\n- Marc Cyr : 123 456 782",
        Kind::Nas,
        &["130692544", "123456782"],
    ),
    ("Les NAS sont 130 692 544 et 123 456 782.", Kind::Nas, &["130692544", "123456782"]),
    ("NAS 130 692 544, voir l'horaire ; 123 456 782 copies", Kind::Nas, &["130692544"]),
    ("DDN :\nJulie 1954-08-03\nMarc 1961-04-13", Kind::BirthDate, &["1954-08-03", "1961-04-13"]),
    ("DDN 1954-08-03\nAdmission 1961-04-13", Kind::BirthDate, &["1954-08-03"]),
    (
        "Dépôt direct :\n12345-815-1234567\n12346-006-7654321",
        Kind::BankAccount,
        &["123458151234567", "123460067654321"],
    ),
    (
        "Les enfants de madame : Alicia 2019-07-04, Noah 2021-02-11 et Léa 2023-09-30.",
        Kind::BirthDate,
        &["2019-07-04", "2021-02-11", "2023-09-30"],
    ),
    ("Enfants vaccinés : Alicia 2019-07-04, Noah 2021-02-11", Kind::BirthDate, &[]),
    // No label, but a list in which each number is right.
    (
        "Trois corrections :\nROY, Antonio : 130-692-544\nCYR, Dominique : 123-456-782\nDION, Ana : 647-648-260",
        Kind::Nas,
        &["130692544", "123456782", "647648260"],
    ),
    ("Pièces :\nRoy : 130-692-544\nCyr : 123-456-782\nDion : 647-648-261", Kind::Nas, &[]),
    // Two rules propose one place: what goes on the list does so whichever comes first.
    (
        "Voici les NAS :\n- Julie Roy : 130 692 544\n- Marc Cyr : 123 456 782\n- Ann Lee : 647 648 260",
        Kind::Nas,
        &["130692544", "123456782", "647648260"],
    ),
    ("OHIP\n9876-543-217\n9401-141-925", Kind::HealthCardOther, &["9876543217", "9401141925"]),
    (
        "4539 1488 0343 6467\n5425 2334 3010 9903",
        Kind::PaymentCard,
        &["4539148803436467", "5425233430109903"],
    ),
    // Columns, however they are parted; a heading of another column speaks against nothing.
    ("Matricule / nom / NAS\n31372 / Roy / 130 692 544", Kind::Nas, &["130692544"]),
    ("Nom/NAS/Tél.\nRoy/130692544/450-555-0188", Kind::Nas, &["130692544"]),
    (
        "Nom, NAS, Tél.\nRoy, 130692544, 450-555-0188\nCyr, 123456782, 450-555-0189",
        Kind::Nas,
        &["130692544", "123456782"],
    ),
    ("Nom | DDN | RDV\nA Roy | 1954-08-03 | 1994-08-03", Kind::BirthDate, &["1954-08-03"]),
    ("Transit,Institution,Compte\n12345,815,1234567", Kind::BankAccount, &["123458151234567"]),
    // Two spaces part sentences too.
    ("Bonjour.  Voici la facture du mois.\nNAS de M. Roy.  130 692 544", Kind::Nas, &["130692544"]),
    ("Facture  reçue\nNAS de M. Roy.  130 692 544", Kind::Nas, &["130692544"]),
    // A label glued to its value.
    ("NAS130692544", Kind::Nas, &["130692544"]),
    ("Roy_Julie_NAS130692544", Kind::Nas, &["130692544"]),
    ("Visa4539148803436467", Kind::PaymentCard, &["4539148803436467"]),
    ("XNAS130692544", Kind::Nas, &[]),
    // A label that ends in a figure.
    ("PID-5 Roy^Julie PID-7 19540803", Kind::BirthDate, &["1954-08-03"]),
    // Of long ago, right after any name; of these days it dates what is said.
    ("Julie Roy (1954-08-03)", Kind::BirthDate, &["1954-08-03"]),
    ("John Smith (2005-03-02) fixed it", Kind::BirthDate, &[]),
    ("Julie Roy, 2024-08-03", Kind::BirthDate, &[]),
    // What is born: an organisation is not, whoever it speaks of is.
    ("Le CISSS des Laurentides est né le 1er avril 2015.", Kind::BirthDate, &[]),
    ("L'école est née le 3 août 1954.", Kind::BirthDate, &[]),
    ("Le service demande la date de naissance : 1954-08-03", Kind::BirthDate, &["1954-08-03"]),
    ("La clinique confirme que Mme Roy est née le 3 août 1954.", Kind::BirthDate, &["1954-08-03"]),
    ("L'équipe suit Ann Lee, née le 3 août 1954.", Kind::BirthDate, &["1954-08-03"]),
    ("Le centre de jour reçoit un homme né le 3 août 1954.", Kind::BirthDate, &["1954-08-03"]),
    // A unit of bytes counts what is on a disk; `to` and `go` are words.
    ("Please send her SIN 130 692 544 to payroll.", Kind::Nas, &["130692544"]),
    ("Her SIN is 130 692 544 go ahead", Kind::Nas, &["130692544"]),
    ("Copie sur le NAS : 130 692 544 Ko", Kind::Nas, &[]),
    // What a code is of, its own sentence tells.
    ("Le code de la porte est 4471. Le système de chauffage est en panne.", Kind::Secret, &["4471"]),
    ("Porte coupe-feu, code 4471 du catalogue", Kind::Secret, &[]),
    // A question, and its answer in the next paragraph.
    ("> Peux-tu m'envoyer le NAS de madame?\n\nOui : 130 692 544", Kind::Nas, &["130692544"]),
];

#[test]
fn a_label_is_heard_for_what_it_stands_over() {
    for (text, kind, values) in ROWS {
        let detection = read(text);
        let found: Vec<&str> = of(&detection, *kind)
            .into_iter()
            .filter(|finding| finding.confidence >= Confidence::Medium)
            .map(|finding| finding.value.reveal())
            .collect();
        assert_eq!(found, *values, "{text}");
    }
}
