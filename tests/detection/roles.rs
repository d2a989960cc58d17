//! Whom a sentence makes of a name: the same words beside someone cared for and someone at work. Every row has its counterpart.

use std::collections::BTreeSet;

use vaguemestre::model::{Confidence, Kind};

use super::read;

fn names(text: &str) -> BTreeSet<String> {
    let findings = read(text).findings;
    let sure = findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
    sure.filter(|finding| finding.kind == Kind::PatientName)
        .map(|finding| finding.value.reveal().to_owned())
        .collect()
}

/// "Silent on everything else": a false alarm on a nurse's signature costs the trust of the establishment.
#[test]
fn an_illness_belongs_to_whom_it_is_said_of() {
    for (text, found) in [
        // Set off after each name, under a worker's.
        (
            "Je reprends les dossiers de Luc : Anne Fortin (bipolaire, lithium), Marc Tremblay (sevrage, Suboxone 16 mg), Louise Gagnon (schizophrénie).",
            &["anne fortin", "louise gagnon", "marc tremblay"][..],
        ),
        ("Répondantes : Anne Fortin (psychiatrie), Louise Gagnon (urgence), Marc Tremblay (pédiatrie).", &[]),
        // For whom a bed is asked, and whose name a hospital bears.
        (
            "Nous recommandons l'hôpital de jour pour Anne Fortin : anorexie restrictive, automutilation.",
            &["anne fortin"],
        ),
        ("Nous recommandons l'hôpital Anne-Fortin pour l'anorexie et l'automutilation.", &[]),
        // Pairs.
        (
            "Tuteurs : Anne Fortin avec Marc Tremblay, Louise Gagnon avec Lise Roy. Thèmes : plaies, douleur, démence.",
            &[],
        ),
        ("Anne Fortin est hospitalisée avec une démence et des plaies.", &["anne fortin"]),
        // The function of another.
        ("Marc Tremblay demeure sa gestionnaire. Les cas de dépression vont à la clinique.", &[]),
        (
            "Marc Tremblay demeure souffrant, sa dépression est sévère. Il est hospitalisé.",
            &["marc tremblay"],
        ),
        // A book and a birth.
        (
            "Fortin Anne, Vivre avec la démence, Éditions du Lac, 2020. Tremblay Marc et al., Diabète et pied, 2022.",
            &[],
        ),
        ("Patiente Fortin Anne, née en 1944, démence et diabète.", &["anne fortin"]),
        // What is done to patients whom nobody names.
        (
            "Anne Fortin et Marc Tremblay rencontreront la famille du patient de la chambre 970, démence avancée.",
            &[],
        ),
        // A particle that belongs to the words before.
        (
            "Réclamation de la patiente Colombe Fortin, fracture de la hanche, hospitalisée.",
            &["colombe fortin"],
        ),
    ] {
        let found: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), found, "{text}");
    }
}

/// A signature without closing words: a name alone on its line, then a function whose specialty is nobody's illness.
#[test]
fn a_signature_is_one_without_closing_words() {
    for text in [
        "Super, merci!\n\nAnne Fortin\nInfirmière clinicienne – Cancer du sein / Nurse Clinician – Breast Cancer\nCLSC du Lac\nSecrétariat : Marc Tremblay, 450-555-0159\nEn cas de détresse suicidaire : 1 866 277-3553",
        "Oui!\n\nAnne Fortin\nTravailleuse sociale | Social Worker – Santé mentale adulte\nAdj. : Marc Tremblay | 514 555-0198",
        "C'est noté.\n\nDr Marc Tremblay\nMédecin de famille, CMQ 78533\nCHSLD du Lac\nSecrétariat : Anne Fortin",
        "FN: Anne Fortin\nN: Fortin, Anne\nORG: CISSS du Lac, Oncologie\nTITLE: Infirmière pivot\n",
    ] {
        assert_eq!(names(text), BTreeSet::new(), "{text}");
    }
    let patient = "Patiente à voir :\n\nAnne Fortin\nCancer du sein, métastases osseuses, soins palliatifs\nMédecin traitant : Dr Roy";
    assert_eq!(names(patient), BTreeSet::from(["anne fortin".to_owned()]));
}

/// Who is greeted is not whom the sentence is about; a surname keeps its article; an agenda ends with its line.
#[test]
fn a_name_is_read_whole_and_where_its_sentence_stands() {
    for (text, found) in [
        (
            "Bonjour Carmelle, Mme Odette Gagnon revient demain. Elle a fait un œdème aigu du poumon.",
            &["odette gagnon"][..],
        ),
        (
            "Patientes à revoir : L'ABBÉ, Odette (pneumonie), D'AMOUR Louise (fracture).",
            &["louise d'amour", "odette l'abbe"],
        ),
        ("9 h Bilan des chutes - Odette Gagnon (urgence)", &[]),
        (
            "Pat - Odette Gagnon (bed 9) spiked to 39.4 at 0300, cultures drawn, started on antibiotics for her pneumonia.",
            &["odette gagnon"],
        ),
    ] {
        let found: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), found, "{text}");
    }
}
