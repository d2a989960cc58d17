# Textes en français : source de tout ce que les personnes lisent.
#
# Règles : une clé par texte, la même dans en-CA.ftl. Espace insécable devant « : » et à l'intérieur des guillemets,
# apostrophe courbe, phrases d'environ 15 mots, tournures épicènes. Aucune variable ne porte un extrait du courriel.
# Les clés « smtp-… » voyagent en ASCII : des mots sans accent, choisis pour cela.

# Le document que citent les rappels généraux. Un autre établissement nomme ici le sien.
-directive = DIR 2022 DQEPE 054

### Réponses SMTP

smtp-refused = Courriel non transmis (cas { $case }). Motif : { $why }, selon { $cites }. Que faire : { $todo }.
smtp-refused-no-case = Courriel non transmis. Motif : { $why }, selon { $cites }. Que faire : { $todo }.
smtp-refused-generic = Courriel non transmis. Motif : contenu contraire aux directives.
smtp-unavailable = Courriel en attente : analyse de contenu non disponible pour le moment. Aucune action requise, un nouvel essai automatique aura lieu.
smtp-too-large = Courriel non transmis. Motif : message trop volumineux (maximum { $size } Mo). Que faire : partager le fichier dans OneDrive ou SharePoint, ou joindre moins de fichiers.
smtp-answer-unknown = Message non admis. Motif : aucun cas en attente ne lui correspond, ou le temps prescrit est fini. Que faire : depuis votre compte de travail, utiliser l'avis d'origine, ouvrir son lien ou appeler.
smtp-answer-not-alone = Message non admis. Motif : d'autres personnes le recevraient aussi. Que faire : envoyer votre mot au seul auteur de l'avis.
smtp-answer-empty = Message non admis. Motif : il ne dit rien. Que faire : inscrire votre justification tout en haut, avant le texte d'origine.
smtp-answer-confidential = Message non admis. Motif : il contient un renseignement confidentiel. Que faire : inscrire votre justification sans nom ni chiffres.
smtp-answer-said = Message non admis. Motif : nous avons un mot de vous pour ce cas depuis un autre message. Que faire : attendre la suite ou appeler.
smtp-answer-over = Message non admis. Motif : ce cas est fini. Que faire : lire l'avis qui vous fut transmis ou appeler.
smtp-help-link = Explications et recours : { $link }
smtp-help-contact = Aide : { $contact }
smtp-help-contact-case = Questions : { $contact }, avec le no de cas

smtp-why-un-destinataire = renseignement confidentiel vers plusieurs destinataires
smtp-do-un-destinataire = choisir un seul destinataire, confirmer son adresse, remplacer le nom par le no de dossier
smtp-why-identifiant-externe = renseignement confidentiel sur un usager vers une adresse externe
smtp-do-identifiant-externe = remplacer le nom par le no de dossier, viser un seul destinataire, chiffrer ou appeler
smtp-why-messagerie-publique = renseignement confidentiel vers une messagerie publique
smtp-do-messagerie-publique = utiliser une adresse professionnelle, remplacer le nom par le no de dossier, chiffrer ou appeler
smtp-why-chiffrement-requis = renseignement confidentiel sans chiffrement reconnu vers une adresse externe
smtp-do-chiffrement-requis = ajouter le chiffrement reconnu par le MSSS et viser un seul destinataire, ou appeler
smtp-why-redirection = redirection automatique vers une adresse externe
smtp-do-redirection = supprimer la redirection et lire vos courriels dans Outlook
smtp-why-sondage-externe = lien vers un sondage externe
smtp-do-sondage-externe = utiliser le Sondage de planification dans Outlook
smtp-why-visioconference = lien vers un service de rencontre virtuelle autre que Teams
smtp-do-visioconference = utiliser Teams pour rencontrer l'usager
smtp-why-contenu-illisible = fichier joint que l'analyse ne peut pas lire
smtp-do-contenu-illisible = si rien n'y est confidentiel, joindre le fichier sans mot de passe et dans un format courant; sinon, chiffrer ou appeler
smtp-why-identifiant-interne = renseignement confidentiel qui identifie un usager
smtp-do-identifiant-interne = remplacer le nom par le no de dossier, ou diriger la personne vers votre note au dossier
smtp-why-crise = situation d'urgence ou de crise, pour laquelle un courriel ne suffit pas
smtp-do-crise = appeler maintenant; si le danger est imminent, composer le 911
smtp-why-objet-en-clair = renseignement confidentiel que le chiffrement ne cache pas (objet, noms de fichiers)
smtp-do-objet-en-clair = retirer tout renseignement de l'objet et des noms de fichiers, puis renvoyer le courriel
smtp-do-autre = retirer le renseignement confidentiel, ou appeler

### Conseils, un par ligne, selon la clé d'avis de l'article

-conseil-dossier = Remplacez le nom par le numéro de dossier, ou dirigez la personne vers votre note au dossier.
-conseil-un-seul = Écrivez à un seul destinataire, après avoir vérifié son adresse.
-conseil-chiffrer = Vers l’externe, écrivez de votre compte du réseau et ajoutez le chiffrement approuvé; le centre de services peut vous aider.

advice-un-destinataire =
    { -conseil-un-seul }
    { -conseil-dossier }
advice-identifiant-externe =
    { -conseil-dossier }
    { -conseil-un-seul }
    { -conseil-chiffrer }
advice-messagerie-publique =
    Demandez une adresse professionnelle : les messageries publiques sont à éviter.
    { -conseil-dossier }
    { -conseil-chiffrer }
advice-chiffrement-requis =
    { -conseil-chiffrer }
    { -conseil-un-seul }
advice-redirection =
    Supprimez la redirection automatique et lisez vos courriels dans Outlook.
    Pour une absence, préparez plutôt une réponse automatique.
advice-sondage-externe =
    Utilisez le Sondage de planification, offert dans Outlook.
advice-visioconference =
    Pour une rencontre virtuelle avec un usager, utilisez Teams.
advice-contenu-illisible =
    Si le fichier ne contient rien de confidentiel, joignez-le sans mot de passe et dans un format courant.
    S’il est confidentiel, remplacez le mot de passe par le chiffrement approuvé.
advice-identifiant-interne =
    { -conseil-dossier }
    Si l’usager doit être nommé pour éviter une erreur, utilisez deux identifiants (double identification).
advice-crise =
    Téléphonez maintenant à la personne ou au service concerné.
    Si le danger est immédiat, composez le 911.
advice-objet-en-clair =
    Retirez tout renseignement de l’objet et des noms de fichiers : le chiffrement ne les cache pas.
    { -conseil-un-seul }
advice-autre =
    Retirez le renseignement confidentiel, ou choisissez un autre moyen.

### Avis : objets

moment-today = de { $time }
moment-day = du { $date } à { $time }

held-subject = Votre courriel { $moment } est retenu (cas { $case })
warned-subject = À vérifier : votre courriel { $moment } a été transmis (avis { $case })
warned-subject-crise = Téléphonez maintenant : votre courriel { $moment } pourrait ne pas être lu à temps (avis { $case })
warned-many-subject = À vérifier : { $count } de vos courriels ont été transmis
released-subject = Cas { $case } : votre courriel a été transmis
returned-subject = Cas { $case } : votre courriel vous est retourné
deleted-subject = Cas { $case } : votre courriel a été détruit

### Avis : corps

other-language = (English version below.)
greeting = Bonjour,

held-opening = Le courriel que vous avez envoyé le { $date } à { $time } n’a pas été transmis.
held-recipients = Il s’adressait à { $count ->
        [one] { $count } destinataire
       *[other] { $count } destinataires
    }.
held-recipients-domains = Il s’adressait à { $count ->
        [one] { $count } destinataire
       *[other] { $count } destinataires
    } ({ $domains }).
held-kept = Il est conservé sous forme chiffrée, en attente d’examen par les archivistes.
held-hurry = Si c’est urgent, n’attendez pas la décision : téléphonez.
held-deadline = Sans décision d’ici le { $date } à { $time }, le courriel vous sera retourné. Il ne sera ni transmis ni perdu.
held-disagree = Vous n’êtes pas d’accord? Dites-le aux archivistes en donnant le numéro de cas { $case }.
held-disagree-link = Vous n’êtes pas d’accord? Dites-le ici, tant que le cas n’est pas décidé : { $link }
held-answer = Vous pouvez aussi répondre à cet avis depuis votre compte : écrivez votre justification au début. Un de ces mots, seul sur la première ligne, suffit aussi : « fausse alerte », « chiffrer » ou « retirer ». Sans message d’erreur, votre réponse est reçue.
held-double-identification = Si l’usager doit être nommé pour éviter une erreur clinique, dites-le aussi : la double identification sera prise en compte ({ -directive }, art. 5.7).

warned-opening = Le courriel que vous avez envoyé le { $date } à { $time } a été transmis. Vous n’avez pas à le renvoyer.
warned-opening-crise = Le courriel que vous avez envoyé le { $date } à { $time } a été transmis, mais il pourrait ne pas être lu à temps. Il semble parler d’une urgence ou d’une crise : téléphonez maintenant.
warned-many-opening = Les { $count } courriels suivants ont été transmis. Vous n’avez pas à les renvoyer.
warned-many-line = { $date } à { $time }, avis { $case }
warned-many-line-found = { $date } à { $time }, avis { $case } : { $found }
warned-many-more = et { $count ->
        [one] { $count } autre courriel
       *[other] { $count } autres courriels
    }
wrong-recipient = Mauvais destinataire? Avisez sans délai les archivistes et votre supérieure ou supérieur immédiat. Si la confidentialité d’un usager est touchée, le formulaire AH-223 est requis ({ -directive }, art. 5.10).
keep-record = Pensez à résumer l’échange au dossier, puis à l’effacer de votre boîte ({ -directive }, art. 5.9.1).

released-opening = Les archivistes ont examiné le courriel que vous avez envoyé le { $date } à { $time }. Il a été transmis.
released-encrypted = Son chiffrement a été demandé au service approuvé.
returned-opening = Le courriel que vous avez envoyé le { $date } à { $time } a été examiné. Il n’a pas été transmis.
returned-expired-opening = Le courriel que vous avez envoyé le { $date } à { $time } n’a pas été transmis.
returned-expired-why = Personne n’a pu trancher avant l’échéance : par prudence, il vous revient. Si l’envoi est encore nécessaire, téléphonez aux archivistes.
returned-resend = Votre courriel se trouve encore dans vos éléments envoyés. Corrigez-le selon les conseils ci-dessous, puis renvoyez-le. La copie retenue sera détruite.
returned-phone = Si c’est urgent ou délicat, téléphonez plutôt.
deleted-opening = Le courriel que vous avez envoyé le { $date } à { $time } a été détruit sans être transmis.
deleted-appeal = Pour contester cette décision, téléphonez aux archivistes et donnez le numéro de cas { $case }.
reason = Motif : { $reason }

why-heading = Pourquoi cet avis
article = { $says } [{ $cites }]
found-heading = Ce qui a été repéré (valeurs masquées)
found-more = et { $count ->
        [one] { $count } autre endroit
       *[other] { $count } autres endroits
    }
found = { $what } : { $place }
unread = { $count ->
        [one] { $count } élément que l’analyse n’a pas pu lire
       *[other] { $count } éléments que l’analyse n’a pas pu lire
    }
todo-heading = Que faire maintenant
next-heading = La prochaine fois
next-heading-crise = Que faire maintenant
contact-heading = Questions
contact-archivists = Archivistes : { $contact }
contact-case = Numéro à mentionner : { $case }
contact-desk = Incident de sécurité : centre de services, { $phone }
contact-link = Explications et recours : { $link }
contact-no-reply = N’envoyez pas le renseignement en réponse à cet avis.
footer = { $establishment }. Cet avis est automatique et ne cite, par choix, aucun extrait du courriel. Ce service ne conserve que le nécessaire. L’usage du courriel du réseau est soumis à un droit de regard (MSSS-DIR04, art. 12).
or = { $left }, ou { $right }

### Dates et heures

date = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    } { $year }
time = { $minute ->
        [0] { $hour } h
       *[other] { $hour } h { $minutes }
    }

### Endroits

place-subject = objet
place-header = en-tête du courriel
place-body = corps du courriel
place-cell = corps du courriel (tableau)
place-comment = corps du courriel (commentaire)
place-property = propriétés du courriel
place-attribute = corps du courriel (lien ou image)
place-hidden = corps du courriel (texte invisible)
place-file-name = nom d’une pièce jointe
place-attached-subject = pièce jointe { $number } (objet d’un courriel joint)
place-attached-header = pièce jointe { $number } (en-tête d’un courriel joint)
place-attached-body = pièce jointe { $number }
place-attached-cell = pièce jointe { $number } (tableau)
place-attached-comment = pièce jointe { $number } (commentaire)
place-attached-property = pièce jointe { $number } (propriétés du document)
place-attached-attribute = pièce jointe { $number } (lien ou image)
place-attached-hidden = pièce jointe { $number } (texte invisible)
place-attached-file-name = nom de la pièce jointe { $number }
place-line = { $place }, ligne { $line }

### Ce qui est repéré : nom seul, puis compté

kind-nam = numéro d’assurance maladie (NAM)
kind-birth_date = date de naissance
kind-patient_name = nom d’usager
kind-nas = numéro d’assurance sociale (NAS)
kind-payment_card = numéro de carte de paiement
kind-bank_account = numéro de compte bancaire
kind-drivers_licence = numéro de permis de conduire
kind-health_card_other = numéro de carte santé d’une autre province
kind-passport = numéro de passeport
kind-civil_status = numéro d’état civil
kind-immigration = numéro d’immigration
kind-professional_number = numéro de facturation d’une professionnelle ou d’un professionnel
kind-phone = numéro de téléphone d’une personne
kind-address = adresse d’une personne
kind-email = adresse courriel personnelle
kind-secret = mot de passe ou clé d’accès
kind-health_term_cluster = passage sur la santé d’une personne
kind-hr = passage sur un dossier d’emploi
kind-finance = passage de nature financière
kind-strategic = passage de nature stratégique
kind-legal = passage de nature juridique
kind-crisis = mention d’une urgence ou d’une crise
kind-poll_link = lien vers un sondage externe
kind-consultation_link = lien vers un service de visioconférence externe

count-nam = { $count ->
        [one] { $count } numéro d’assurance maladie
       *[other] { $count } numéros d’assurance maladie
    }
count-birth_date = { $count ->
        [one] { $count } date de naissance
       *[other] { $count } dates de naissance
    }
count-patient_name = { $count ->
        [one] { $count } nom d’usager
       *[other] { $count } noms d’usager
    }
count-nas = { $count ->
        [one] { $count } numéro d’assurance sociale
       *[other] { $count } numéros d’assurance sociale
    }
count-payment_card = { $count ->
        [one] { $count } numéro de carte de paiement
       *[other] { $count } numéros de carte de paiement
    }
count-bank_account = { $count ->
        [one] { $count } numéro de compte bancaire
       *[other] { $count } numéros de compte bancaire
    }
count-drivers_licence = { $count ->
        [one] { $count } numéro de permis de conduire
       *[other] { $count } numéros de permis de conduire
    }
count-health_card_other = { $count ->
        [one] { $count } numéro de carte santé d’une autre province
       *[other] { $count } numéros de carte santé d’une autre province
    }
count-passport = { $count ->
        [one] { $count } numéro de passeport
       *[other] { $count } numéros de passeport
    }
count-civil_status = { $count ->
        [one] { $count } numéro d’état civil
       *[other] { $count } numéros d’état civil
    }
count-immigration = { $count ->
        [one] { $count } numéro d’immigration
       *[other] { $count } numéros d’immigration
    }
count-professional_number = { $count ->
        [one] { $count } numéro de facturation professionnelle
       *[other] { $count } numéros de facturation professionnelle
    }
count-phone = { $count ->
        [one] { $count } numéro de téléphone
       *[other] { $count } numéros de téléphone
    }
count-address = { $count ->
        [one] { $count } adresse
       *[other] { $count } adresses
    }
count-email = { $count ->
        [one] { $count } adresse courriel personnelle
       *[other] { $count } adresses courriel personnelles
    }
count-secret = { $count ->
        [one] { $count } mot de passe ou clé d’accès
       *[other] { $count } mots de passe ou clés d’accès
    }
count-health_term_cluster = { $count ->
        [one] { $count } passage sur la santé d’une personne
       *[other] { $count } passages sur la santé d’une personne
    }
count-hr = { $count ->
        [one] { $count } passage sur un dossier d’emploi
       *[other] { $count } passages sur un dossier d’emploi
    }
count-finance = { $count ->
        [one] { $count } passage de nature financière
       *[other] { $count } passages de nature financière
    }
count-strategic = { $count ->
        [one] { $count } passage de nature stratégique
       *[other] { $count } passages de nature stratégique
    }
count-legal = { $count ->
        [one] { $count } passage de nature juridique
       *[other] { $count } passages de nature juridique
    }
count-crisis = { $count ->
        [one] { $count } mention d’une urgence ou d’une crise
       *[other] { $count } mentions d’une urgence ou d’une crise
    }
count-poll_link = { $count ->
        [one] { $count } lien vers un sondage externe
       *[other] { $count } liens vers un sondage externe
    }
count-consultation_link = { $count ->
        [one] { $count } lien vers un service de visioconférence externe
       *[other] { $count } liens vers un service de visioconférence externe
    }

### Mots des pages et des tableaux

gap-encrypted = chiffré ou protégé par un mot de passe
gap-unsupported = format qui n’est pas lu
gap-too-large = trop volumineux
gap-too-deep = trop d’éléments imbriqués
gap-too-costly = trop long à analyser
gap-malformed = endommagé
gap-crashed = lecture interrompue

class-internal = interne
class-network = réseau de la santé
class-partner = partenaire
class-external = externe
class-webmail = messagerie publique

region-subject = objet
region-header = en-tête
region-body = texte
region-cell = tableau
region-comment = commentaire
region-property = propriété du document
region-attribute = lien ou image
region-hidden = texte invisible
region-file-name = nom de pièce jointe

verdict-accept = transmis
verdict-warn = transmis avec avis
verdict-quarantine = retenu
verdict-reject = refusé

state-refused = refusé
state-warned = transmis avec avis
state-held = retenu
state-justified = retenu, réponse reçue
state-taken = pris en charge
state-to-approve = à approuver
state-releasing = transmission en cours
state-uncertain = transmission à confirmer
state-released = transmis
state-returned = retourné
state-deleted = détruit
state-purged = copie détruite
