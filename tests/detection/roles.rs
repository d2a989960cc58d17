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

/// The same words beside someone at work and beside someone cared for.
#[test]
fn what_stands_right_beside_a_name_tells_whose_place_it_is() {
    for (text, found) in [
        // Several beds, and one bed of a room.
        ("Anne Fortin – beds 1-5 (one BiPAP); Marc Tremblay – beds 6-10 (one insulin drip).", &[][..]),
        ("Anne Fortin, ch 185-2 : delirium résolu, levée de contention.", &["anne fortin"]),
        // A function before brackets, or as the label of a line.
        (
            "Mr. Marc Tremblay had a hip fracture. OT (Anne Fortin) recommends a bath board.",
            &["marc tremblay"],
        ),
        ("Deux arrivées pour la réadaptation.\nPhysio : Anne Fortin. Préparer le fauteuil gériatrique.", &[]),
        // To whom one is sent, and who is.
        ("Son frère entend des voix et a jeté son Clozaril. Je l'ai référée à Anne Fortin du CLSC.", &[]),
        ("Je vous ai référé Anne Fortin : elle entend des voix et a jeté son Clozaril.", &["anne fortin"]),
        // Kin, and a title that carries on.
        (
            "Rencontre avec Anne Fortin et sa fille. Madame veut rester chez elle malgré les chutes.",
            &["anne fortin"],
        ),
        ("Rencontre avec Anne Fortin et Marc Tremblay du service de la paie.", &[]),
        // Who is greeted, and who is spoken of.
        (
            "Salut Luc, Anne Fortin a perdu encore 3 kg, son albumine est à 21 et le gavage coule juste à 40.",
            &["anne fortin"],
        ),
        ("Salut Anne Fortin, le gavage coule juste à 40 et l'albumine est à 21.", &[]),
        // A letter to a patient, and one to a colleague.
        (
            "Bonjour Anne Fortin,\n\nComme demandé, je vous envoie le résultat de votre mammographie du 4 novembre : kyste bénin.",
            &["anne fortin"],
        ),
        (
            "Dear Anne Fortin,\n\nThe results of your biopsy are ready: a lymphoma. Please call the clinic.",
            &["anne fortin"],
        ),
        ("Bonjour Anne Fortin,\n\nVotre formation sur le diabète est remise au 4 novembre.", &[]),
        (
            "Bonjour Anne Fortin,\n\nVoici le résultat de la mammographie de la patiente du 412 : kyste bénin.",
            &[],
        ),
        // Initials, with or without a word that is one letter too.
        ("Patient : A. Fortin\nDDN : 2019-07-04\nDx : otite moyenne aiguë", &["a fortin"]),
        ("Patiente : Anne F., diabète de type 2, insuline.", &["anne f"]),
        ("La patiente S. Bélanger est suivie pour un cancer du sein.", &["s belanger"]),
        ("Plan A. Vitamine D. Voir l'annexe S. Merci d'aviser la patiente du 412.", &[]),
        // Kin of whoever writes.
        ("Mon père, Marc Tremblay, a un cancer de la prostate et fait de la fièvre.", &["marc tremblay"]),
        // Who wrote what is quoted, and of whom.
        (
            "> On Nov 3, 2026, at 09:12, Marc Tremblay wrote:\n>\n> Anne Fortin was admitted with pneumonia and failed the swallow test again.\n> NPO until seen.",
            &["anne fortin"],
        ),
        // By whom someone came, which is nobody.
        ("Admission par l'urgence : Anne Fortin, douleur thoracique, troponine 412.", &["anne fortin"]),
        ("Donné par : Anne Fortin. Insuline 4 unités.", &[]),
        // Lower case in a clause.
        (
            "juste te dire que anne fortin est tombée dans sa chambre ce matin, radio demandée",
            &["anne fortin"],
        ),
        // Letters of an establishment.
        ("Il y aurait une place à la RAC de Saint-Georges pour cet usager, sevrage en cours.", &[]),
    ] {
        let wanted = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), wanted, "{text}");
    }
}

/// What follows a name may be told of someone else, and one of a series is what the others are.
#[test]
fn a_name_is_what_the_others_beside_it_are() {
    for (text, found) in [
        // A function after someone else's name, and of someone whom the one named has.
        (
            "Anne Fortin part en ambulance à 15 h, dyspnée sévère, accompagnée par Marc Tremblay, infirmier.",
            &["anne fortin"][..],
        ),
        ("Marc Tremblay, infirmier, part en ambulance avec la patiente à 15 h.", &[]),
        (
            "Voici les notes de Louise Gagnon, qui a maintenant un médecin de famille, pour son diabète.",
            &["louise gagnon"],
        ),
        ("Voici les notes de Louise Gagnon, qui est médecin de famille, sur le diabète.", &[]),
        // Kin of whoever is written to, and no place for all that a clinic stands before.
        (
            "Je voulais vous rassurer : votre père, M. Marc Tremblay, a bien toléré l'intervention de ce matin.",
            &["marc tremblay"],
        ),
        ("Le père Marc Tremblay dira la messe de minuit à la chapelle de l'hôpital.", &[]),
        (
            "J'ai revu à ma clinique madame Anne Fortin, que vous m'aviez adressée pour des palpitations.",
            &["anne fortin"],
        ),
        // Called for what they lack, or for what they know.
        ("Pouvez-vous rappeler Anne Fortin? Elle n'a plus d'insuline.", &["anne fortin"]),
        ("Pouvez-vous rappeler Anne Fortin? Elle a la clé du local.", &[]),
        (
            "Police au téléphone : Marc Tremblay a été arrêté hier. C'est un usager du centre, bipolaire.",
            &["marc tremblay"],
        ),
        // The place of work after the name.
        ("Est-ce que Lise Roy est parente avec Louise Gagnon de la paie? Je veux le lui dire.", &[]),
        // Lines and lists: assigned beds make workers of all, plain patients make patients of all.
        (
            "Anne Fortin : chimio chaises 1 à 6. Louise Gagnon : chimio 7 à 12. Marc Tremblay : appels de toxicité (nausées, neutropénie).",
            &[],
        ),
        (
            "Nouveautés : Guérir sans guerre (Anne Fortin), La démence au quotidien (Louise Gagnon), L'enfant diabétique (Marc Tremblay).",
            &[],
        ),
        (
            "Départs prévus : Anne Fortin (pneumonie, insuline), Guylaine Cloutier (RPA), Louise Gagnon (fracture de la hanche).",
            &["anne fortin", "guylaine cloutier", "louise gagnon"],
        ),
        // No quoted header, for all that it begins with one's word.
        (
            "À surveiller : Anne Fortin (saignement, anémie), Louise Gagnon (hypoglycémie, diabète).",
            &["anne fortin", "louise gagnon"],
        ),
        ("À : Anne Fortin; Louise Gagnon\nObjet : saignement\n", &[]),
        // Years at work.
        ("Portrait : Marc Tremblay, 40 ans à la buanderie. Vaccination : où et quand.", &[]),
        // The rest of a title.
        ("Fortin Anne, Vivre avec la démence, Éd. du Lac, 2020.", &[]),
    ] {
        let found: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), found, "{text}");
    }
}

/// A frame settles whom a name is of, whatever stands in the other lines.
#[test]
fn a_frame_settles_whom_a_name_is_of() {
    for (text, found) in [
        // A case that is presented, and who presents.
        (
            "Pour la conférence : Anne Fortin, 67 ans, lymphome diffus à grandes cellules, neutropénie fébrile.",
            &["anne fortin"][..],
        ),
        ("Pour la conférence : Anne Fortin, lymphome diffus à grandes cellules et neutropénie fébrile.", &[]),
        // Whom to see about it.
        ("Livres reçus : Soins palliatifs à domicile. Emprunt de trois semaines, voir Anne Fortin.", &[]),
        ("Plaie au talon infectée, voir Anne Fortin à la chambre 214.", &["anne fortin"]),
        // Cards.
        (
            "N: Fortin, Anne\nFN: Anne Fortin\nBDAY: 19590612\nTEL: 819 555-0121\nNOTE: Épilepsie réfractaire",
            &["anne fortin"],
        ),
        (
            "N: Fortin, Anne\nFN: Anne Fortin\nTITLE: Nutritionniste\nTEL: 819 555-0121\nNOTE: Clinique du diabète",
            &[],
        ),
        // A quoted letter is no list of those who write.
        (
            "On May 14, 2026, Marc Tremblay wrote:\n> Hello Luc,\n> \n> Anne Fortin slipped beside the bed and has a laceration over the eyebrow; she is on rivaroxaban.",
            &["anne fortin"],
        ),
        // How someone is, after who was met.
        (
            "I met with Anne Fortin yesterday. Mood is still low, lithium level 0.4, and she stopped taking olanzapine.",
            &["anne fortin"],
        ),
        ("I met with Anne Fortin yesterday. The budget is still late and she sends it Friday.", &[]),
        // Whom a sentence speaks to, and of whom it speaks.
        (
            "Anne Fortin, voici le dépliant sur les chutes. Il reste la page sur l'ostéoporose et celle sur les anticoagulants.",
            &[],
        ),
        ("Anne Fortin, voisine du 214, a fait une chute : ostéoporose, anticoagulants.", &["anne fortin"]),
        // Parties to a case and authors.
        (
            "Fortin c. Hôpital du Lac, 2019 QCCS 4176 – refus de transfusion, démence. Anne Fortin c. Centre du Lac.",
            &[],
        ),
        (
            "Au sommaire : « Schizophrénie et clozapine » (Anne Fortin, 2022), « Dépistage du VIH » (Fortin et al., 2020).",
            &[],
        ),
        // A room under someone's name, prizes, services in brackets, who speaks at an hour.
        ("La salle est réservée au nom de Anne Fortin pour l'atelier sur le diabète et la démence.", &[]),
        (
            "Prix d'excellence. Innovation : Anne Fortin et Marc Tremblay pour leur trousse de dépistage de la dénutrition et de la démence.",
            &[],
        ),
        (
            "Rotation. R1 : Anne Fortin (médecine interne), Marc Tremblay (urgence), Louise Gagnon (obstétrique).",
            &[],
        ),
        ("10 h 30 Anne Fortin, pharmacienne – Déprescrire les benzodiazépines", &[]),
        ("10 h 30 Anne Fortin, pansement – plaie, diabète", &["anne fortin"]),
        // Who ordered, in a message between systems.
        ("OBR\n1\n6865696\nBilan métabolique\n49656, FORTIN, ANNE\nPotassium\nDiabète", &[]),
    ] {
        let found: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), found, "{text}");
    }
}

/// "Silent on everything else": what a message is about says that someone is cared for, not who.
#[test]
fn what_a_text_is_about_makes_no_patient_of_everyone_it_names() {
    for (text, found) in [
        // A service, and an illness, after each of several names.
        (
            "Anne Fortin : hémodialyse\nMarc Tremblay : urgence, aire des civières\nLouise Gagnon : surveillance, psychiatrie\nLuc Roy : en réserve",
            &[][..],
        ),
        (
            "Anne Fortin : AVC, dysphagie\nMarc Tremblay : pneumonie, oxygène\nLouise Gagnon : sevrage, fièvre",
            &["anne fortin", "louise gagnon", "marc tremblay"],
        ),
        (
            "Mentore / mentorée\nAnne Fortin / Luc Roy (dialyse)\nMarc Tremblay / Lise Roy (cardiologie)\nLouise Gagnon / Jean Cyr (santé mentale)",
            &[],
        ),
        // A unit, and care.
        (
            "I would like to nominate Anne Fortin of the palliative care unit. In 12 years this colleague has trained 75 nurses in symptom control.",
            &[],
        ),
        ("I would like to refer Anne Fortin for palliative care: metastatic cancer, pain.", &["anne fortin"]),
        // What anyone takes, and what a patient does.
        (
            "Anne Fortin prend son secteur et Marc Tremblay répond au téléphone de garde. Elle revient lundi.",
            &[],
        ),
        ("Anne Fortin prend de la morphine pour sa douleur.", &["anne fortin"]),
    ] {
        let found: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), found, "{text}");
    }
}

/// Whom a letter calls before it speaks of someone else, and whose telephone a list gives.
#[test]
fn whoever_is_called_or_listed_is_not_who_is_ill() {
    for (text, found) in [
        ("Derek, Seydou,\n\nL'usager 100125 a reçu une orthèse neuve, l'ancienne blesse le talon.", &[][..]),
        (
            "Anne Fortin, nous ajoutons ceci au signalement : l'enfant Louise Gagnon (12/08/2015) a des ecchymoses au dos.",
            &["louise gagnon"],
        ),
        ("Anne Fortin, nous l'avons vue hier : ecchymoses au dos, fracture du poignet.", &["anne fortin"]),
        (
            "Lignes cliniques\n\nClinique d'asthme : 418 555-4620\nPlaies : 579 555-4017 (Anne Fortin)\nUrgence : 418 555-4621\n",
            &[],
        ),
    ] {
        assert_eq!(names(text), found.iter().map(|name| (*name).to_owned()).collect(), "{text}");
    }
}
