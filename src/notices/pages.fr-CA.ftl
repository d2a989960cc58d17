### Textes des pages : le bureau des archivistes et la page de la personne qui écrit

## La charpente des pages

page-moment = { $date } à { $time }
desk-name = Vaguemestre
desk-wrong = Erreur :
desk-skip = Aller au contenu
desk-menu = Menu
desk-other = English
desk-other-tag = en
desk-other-lang = en
desk-sign-out = Se déconnecter
desk-footer = Ce service ne conserve que le nécessaire. Chaque consultation et chaque décision est inscrite au journal.
menu-cases = Cas
menu-figures = Chiffres
menu-access = Accès
age-now = à l’instant
age-minutes = { $count ->
        [one] il y a { $count } minute
       *[other] il y a { $count } minutes
    }
age-hours = { $count ->
        [one] il y a { $count } heure
       *[other] il y a { $count } heures
    }
age-days = { $count ->
        [one] il y a { $count } jour
       *[other] il y a { $count } jours
    }

## Se connecter

sign-in-title = Se connecter
sign-in-login = Nom d’utilisateur
sign-in-password = Mot de passe
sign-in-code = Code de vérification
sign-in-code-hint = Les 6 chiffres de votre application, ou un code de secours.
sign-in-do = Se connecter
sign-in-failed = La connexion n’a pas réussi.
sign-in-failed-do = Vérifiez le nom, le mot de passe et le code. Un code ne sert qu’une fois : attendez le suivant. Après 5 essais, le compte attend quelques minutes.
sign-in-ended = Votre session a pris fin.
sign-in-ended-do = Connectez-vous de nouveau. Ce qui n’était pas enregistré est à refaire.
sign-in-outside = Se connecter avec le compte de l’établissement
sign-in-local = Se connecter avec un compte local
sign-in-down = Le service de connexion de l’établissement ne répond pas.
sign-in-down-do = Réessayez dans quelques minutes. Si c’est urgent, une personne qui a un compte local peut se connecter ci-dessous.
sign-in-refused = La connexion n’a pas abouti.
sign-in-refused-do = Rien n’a été ouvert. Recommencez depuis cette page. Si cela se répète, adressez-vous à la personne qui gère les comptes.
sign-in-no-role = Votre compte n’a pas de rôle ici.
sign-in-no-role-do = L’établissement vous reconnaît, mais aucun de vos groupes ne donne accès au bureau. Adressez-vous à la personne qui gère les comptes.
sign-in-known = Votre établissement vous reconnaît
sign-in-known-do = Il reste à ouvrir le bureau.
sign-in-go-on = Ouvrir le bureau
sign-in-other = Se connecter autrement
signed-out-title = Vous êtes déconnecté
signed-out-done = Votre session est fermée ici.
signed-out-outside = Si vous êtes venu avec le compte de l’établissement, ce compte reste ouvert dans ce navigateur. Sur un poste partagé, fermez-le aussi.
signed-out-leave = Fermer le compte de l’établissement
signed-out-again = Se connecter de nouveau
sign-in-help = Vous n’arrivez pas à vous connecter? Adressez-vous à la personne qui gère les comptes.

## Mon compte

account-title = Mon compte
account-login = Vous êtes connecté sous le nom { $name }.
account-federated = Votre établissement gère ce compte : le mot de passe se change dans son propre service.
account-must-change = Une autre personne connaît votre mot de passe. Choisissez-en un nouveau pour continuer.
account-password = Changer de mot de passe
account-old = Mot de passe actuel
account-new = Nouveau mot de passe
account-new-hint = Au moins 12 caractères. Une courte phrase convient.
account-again = Nouveau mot de passe, encore une fois
account-change = Changer le mot de passe
account-too-short = Le nouveau mot de passe doit compter au moins 12 caractères.
account-differs = Les deux nouveaux mots de passe diffèrent.
account-too-plain = Choisissez un mot de passe nouveau, qui ne contient pas votre nom.
account-wrong = Le mot de passe actuel n’est pas le bon.

## Rester connecté, changer d’application

session-title = Durée de la session
session-soon = Sans action de votre part, votre session se terminera dans 2 minutes.
session-lengthen-beside = Prolonger (nouvel onglet)
session-lengthen = Prolonger la session
session-longer = La session est prolongée. Si cet onglet s’est ouvert à côté de votre travail, vous pouvez le fermer.
session-ends = Sans action de votre part, votre session se terminera le { $moment }.
session-last = Elle se terminera au plus tard le { $moment } : il faudra alors vous connecter de nouveau.
session-hint = Une session inutilisée se termine après 15 minutes, pour qu’un poste laissé ouvert ne montre rien à personne.
key-title = Application d’authentification
key-why = Vous changez de téléphone ou d’application? Une nouvelle clé remplacera l’ancienne.
key-offer = Préparer une nouvelle clé
key-scan = Ouvrez votre application et ajoutez un compte en lisant cette image.
key-image = Image à lire avec l’application d’authentification; la même clé est écrite en lettres dessous.
key-spelled = Vous ne pouvez pas lire l’image? Entrez cette clé dans l’application :
key-code = Code affiché par l’application
key-confirm = Adopter cette clé
key-failed = Ce code ne vient pas de la nouvelle clé. Attendez le suivant et réessayez.
key-not-proved = Le mot de passe ou le code n’est pas bon. Un code ne sert qu’une fois : attendez le suivant.
key-hint = L’ancienne clé reste valable tant que vous n’avez pas adopté celle-ci. Vos codes de secours ne changent pas.

## Revue des accès

access-title = Revue des accès
access-intro = Voici qui peut se connecter, et avec quel rôle. À revoir chaque mois.
access-last = Dernière revue, signée par { $who } :
access-never = Aucune revue n’a encore été signée.
access-roles = Rôles
access-seen = Dernière connexion
access-unseen = jamais
access-address = Courriel
access-address-none = aucun
access-no-address = Aucun : ni avis de file ni alerte ne parviennent à cette personne.
access-state = Compte
access-open = ouvert
access-closed = fermé
access-sign-says = En signant, vous confirmez que chaque accès est encore nécessaire, ou que sa fermeture est demandée.
access-sign = Signer la revue
role-archivist = archiviste
role-approver = gestionnaire qui approuve
role-admin = administration de la messagerie
role-compliance = conformité et sécurité
role-auditor = vérification

## Chiffres

figures-title = Chiffres
figures-cases = Cas, selon leur état
figures-count = Nombre
figures-notices = avis à envoyer

## Liste des cas

cases-title = Cas
cases-filter = Filtrer la liste
cases-all = tous
cases-claimed = fausses alertes signalées, à vérifier
cases-claims = { $count ->
        [one] { $count } fausse alerte signalée est à vérifier
       *[other] { $count } fausses alertes signalées sont à vérifier
    }
cases-any-article = tous
cases-any = toutes
cases-sought = Numéro de cas, ou adresse d’une personne
cases-search = Chercher
cases-none = Aucun cas ici.
cases-none-found = Aucun cas trouvé. Vérifiez le numéro ou l’adresse complète.
cases-state = État
cases-received = Reçu
cases-from = De
cases-to = Vers
cases-recipients = { $count ->
        [one] { $count } destinataire
       *[other] { $count } destinataires
    }
cases-more-articles = { $count ->
        [one] et { $count } autre article
       *[other] et { $count } autres articles
    }
cases-unread = { $count ->
        [one] { $count } élément illisible
       *[other] { $count } éléments illisibles
    }
cases-next = Suite de la liste
cases-first = Début de la liste
cases-rule = Règle de détection
cases-department = Service (domaine)
cases-who = Cette personne est
cases-who-any = expéditrice ou destinataire
cases-who-sender = expéditrice
cases-who-recipient = destinataire
cases-within = La recherche suit aussi le filtre choisi.
cases-many = Les 100 cas les plus récents. Précisez le filtre pour voir les autres.
cases-unlike = Déclenché par les destinataires ou l’envoi, non par le texte

## Un cas

case-title = Cas
case-heading = Cas { $case }
case-back = Retour à la liste
case-why = Pourquoi ce cas
case-found = Ce qui a été repéré
case-found-nothing = Rien de particulier n’a été repéré dans le texte.
case-gap = Élément non lu :
case-facts = Le courriel
case-repeats = Envoyé de nouveau
case-decision = Décision
case-reason = Motif
case-reason-choose = Choisissez un motif
case-reason-usual = Motif non précisé
case-reason-hint = La personne qui a écrit le lira. Sans choix, elle lira que le motif n’est pas précisé. Pour détruire, choisissez.
case-take-over = Reprendre le cas
case-take-over-why = Pourquoi le reprendre
case-done-title = C’est fait
case-done = Le changement est inscrit au journal.
case-done-says = Le cas n’attend plus rien de vous : il n’est plus dans votre liste.
case-text = Précisions
case-text-hint = La personne qui a écrit les lira. N’inscrivez aucun renseignement confidentiel.
case-release = Transmettre
case-return = Retourner
case-delete = Détruire
case-advice = Conseils donnés
case-past = Historique
case-note = Note au cas
case-note-do = Ajouter la note
reason-unsaid = Non précisé.
reason-examined = Cas examiné, l’envoi peut partir.
reason-verified = Destinataire et contenu vérifiés.
reason-false-alarm = Fausse alerte : rien de confidentiel.
reason-double-identification = Double identification requise pour éviter une erreur.
reason-rewrite = À récrire sans renseignement qui identifie une personne.
reason-wrong-recipient = Destinataire qui ne convient pas.
reason-other = Autre motif (à préciser)
past-hold = courriel retenu
past-open = cas ouvert
past-release = transmission décidée
past-return = retourné
past-delete = détruit
past-note = note
past-expire = retourné à l’échéance
past-sent = transmis
past-doubt = transmission à confirmer
past-retry = nouvel essai de transmission
past-give-up = transmission abandonnée

## Quand une page ne peut pas

problem-title = Un instant
problem-back = Retour à l’accueil
problem-forbidden = Votre rôle ne donne pas accès à cette page.
problem-forbidden-do = Si vous en avez besoin, adressez-vous à la personne qui gère les comptes.
problem-not-found = Cette page n’existe pas.
problem-not-found-do = Vérifiez l’adresse ou le numéro de cas.
problem-foreign = Ce formulaire n’a pas été accepté.
problem-foreign-do = Il vient d’une autre page ou d’une session terminée. Rien n’a été changé. Ouvrez la page de nouveau et recommencez.
problem-misdirected = Cette adresse n’est pas celle du service.
problem-misdirected-do = Utilisez l’adresse donnée par votre établissement.
problem-unreadable = Ce formulaire n’a pas pu être lu.
problem-unreadable-do = Rien n’a été changé. Ouvrez la page de nouveau et recommencez.
problem-refused = Cette action n’est pas possible.
problem-refused-do = Rien n’a été changé. Revenez au cas pour voir où il en est.
problem-conflict = Ce cas a changé entre-temps.
problem-conflict-do = Votre décision n’a pas été appliquée. Ouvrez le cas pour voir où il en est.
problem-refused-above = Rien n’a été changé. Revenez à la page d’avant pour corriger votre demande.
problem-conflict-above = Rien n’a été changé. Revenez à la page d’avant pour voir où elle en est.
problem-too-many = Trop d’essais pour le moment.
problem-too-many-do = Attendez 5 minutes, puis recommencez.
problem-unavailable = Le service ne répond pas pour le moment.
problem-unavailable-do = Rien n’a été perdu ni changé. Recommencez dans quelques minutes; si cela continue, avisez le centre de services.

## Suite du bureau

menu-precision = Règles
cases-waiting = en attente de décision
cases-mine = que j’ai en main
cases-severity = Gravité
cases-severity-is = gravité { $number }
cases-since = Depuis
cases-until = Jusqu’au
cases-article = Article
cases-filter-do = Filtrer
case-hands = En main de
case-yours = Vous avez ce cas en main jusqu’au { $moment }.
case-others = { $who } a ce cas en main jusqu’au { $moment }.
case-typed = Ce que vous aviez écrit :
case-proposed = { $who } propose de transmettre ce courriel.
case-proposed-encrypted = { $who } propose de transmettre ce courriel chiffré.
case-false = fausse alerte
case-reveal = Révéler
case-why-reveal = Pourquoi révéler
case-reveal-hint = Le cas est alors pris en charge, et la consultation est inscrite au journal.
case-reveal-hint-only = La consultation est inscrite au journal.
case-mark = Signaler de fausses alertes
case-mark-which = Cochez ce qui n’est pas confidentiel
case-mark-do = Enregistrer
case-claimed = Fausse alerte signalée : à vérifier
case-claimed-do = Enregistrer la vérification
case-claimed-nothing = Aucun constat n’est à juger ici. L’enregistrement retire le cas de la liste des signalements.
case-message = Voir le courriel en entier
case-message-outside = Pour lire un message entier, prouvez à nouveau qui vous êtes, si ce n’est pas fait depuis moins de 15 minutes.
case-message-prove = Confirmer mon identité
case-message-hint = Requis si votre dernier code date de plus de 15 minutes.
case-message-do = Afficher en texte
case-sender = Cette personne, depuis un an
case-sender-cases = { $count ->
        [one] { $count } cas
       *[other] { $count } cas
    }
case-sender-false = { $count ->
        [one] dont { $count } fausse alerte
       *[other] dont { $count } fausses alertes
    }
case-from = Personne qui a écrit
case-recipients = Destinataires
case-two-persons = Une deuxième personne devra approuver la transmission.
case-propose = Proposer la transmission
case-propose-encrypted = Proposer la transmission chiffrée
case-keys = Clavier : Alt ou Alt+Maj avec 1 pour aller au motif, 2 pour l’envoi chiffré, 3 pour retourner, 4 pour détruire.
case-keys-plain = Clavier : Alt ou Alt+Maj avec 1 pour aller au motif, 3 pour retourner, 4 pour détruire.
case-own = Ce courriel est le vôtre : une autre personne en décide.
case-release-encrypted = Transmettre chiffré
case-put-back = Remettre dans la liste
case-take = Prendre en charge
case-approve = Approuver la transmission
case-decline = Refuser la transmission
case-sent = Le courriel est parti
case-retry = Essayer de nouveau
case-take-back = Ne plus transmettre
case-restore = Annuler la destruction
case-similar = Cas semblables en attente
says-justified = La personne qui a écrit justifie l’envoi.
says-false-alarm = La personne qui a écrit signale une fausse alerte.
says-encrypt = La personne qui a écrit demande un envoi chiffré.
reveal-false-alarm = Vérifier une fausse alerte
reveal-right-recipient = Vérifier le bon destinataire
reveal-incident = Incident de confidentialité
reveal-access-request = Demande d’accès
actor-service = le service
actor-sender = la personne qui a écrit
past-held = courriel retenu
past-refused = courriel refusé
past-warned = courriel transmis avec avis
past-take = pris en charge
past-put-back = remis dans la liste
past-propose = transmission proposée
past-approve = transmission approuvée
past-decline = transmission refusée
past-release-encrypted = transmission chiffrée décidée
past-restore = destruction annulée
past-reveal = contenu consulté
past-mark-findings = constats jugés
past-justify = envoi justifié
past-claim-false-alarm = fausse alerte signalée
past-ask-encryption = envoi chiffré demandé
past-withdraw = courriel repris
past-legal-hold = gel juridique
past-lift-hold = gel juridique levé
past-shred = copie détruite

## Refus des règles

refusal-state = Le cas n’est plus dans un état qui le permet.
refusal-right = Votre rôle ne le permet pas.
refusal-department = Ce cas relève d’un service qui n’est pas le vôtre.
refusal-own = Personne ne décide de son propre courriel.
refusal-hands = { $who } a ce cas en main. Pour le reprendre, dites pourquoi.
refusal-not-in-hand = Prenez d’abord le cas en charge.
refusal-same = Une autre personne doit approuver.
refusal-said = Votre réponse est déjà inscrite au cas.
refusal-hold = Un gel juridique interdit de détruire quoi que ce soit.
refusal-no-hold = Ce cas n’est pas sous gel juridique.
refusal-late = Le délai pour revenir en arrière est passé.
refusal-reason = Un motif ou un texte est requis.
refusal-copy = Aucune copie du courriel n’est conservée.
refusal-key = La clé privée manque : avisez l’administration de la messagerie.
refusal-confidential = Votre texte semble contenir un renseignement confidentiel. Décrivez la situation sans nommer personne.
conflict-by = Déjà traité par { $who }, { $moment }.
conflict-since = Ce cas a changé pendant que vous l’aviez à l’écran : { $what }, { $who }, { $moment }.
problem-not-proved = Cette preuve d’identité n’est pas bonne.
problem-not-proved-do = Revenez au cas. Entrez le code affiché maintenant par votre application, ou suivez le lien qui confirme votre identité.

## Courriel en texte

message-title = Courriel en texte
message-heading = Cas { $case } : courriel en texte
message-back = Retour au cas
message-hint = Texte seulement : ni image, ni lien, ni contenu distant. Ce qui a été repéré est surligné.
message-itself = Le courriel
message-attachment = Pièce jointe { $number }
message-unread = { $count ->
        [one] { $count } élément n’a pas pu être lu.
       *[other] { $count } éléments n’ont pas pu être lus.
    }
message-cut = La suite du texte n’est pas affichée.

## Précision des règles

precision-title = Précision des règles
precision-intro = Chaque cas décidé compte : ses constats sont justes, sauf ceux qui ont été signalés comme de fausses alertes. Une règle souvent fautive devrait être revue.
precision-mend = Pour qu’une fausse alerte ne revienne pas, l’administration en fait un contre-exemple inventé :
precision-none = Aucune règle n’a encore été notée.
precision-caption = Douze derniers mois, les règles les plus fautives d’abord
precision-rule = Règle
precision-cases = Cas
precision-right = Justes
precision-wrong = Fausses alertes
precision-rate = Précision
precision-share = { $number } %
precision-few = { $number } % (peu de cas)

## Page de la personne qui écrit

sender-title = Votre courriel
sender-sent = Courriel envoyé le { $moment }.
sender-recipients = { $count ->
        [one] Il s’adressait à { $count } destinataire.
       *[other] Il s’adressait à { $count } destinataires.
    }
sender-waits = Il n’a pas été transmis. Il est conservé sous forme chiffrée, en attente d’examen.
sender-desk-closed = Le bureau des archivistes est fermé à cette heure. Si c’est urgent, n’attendez pas : joignez par téléphone la personne à qui vous écriviez.
sender-number = Numéro à mentionner : { $case }
sender-why = Pourquoi
sender-found = Ce qui a été repéré (valeurs masquées)
sender-do = Que faire maintenant
sender-phone = Si c’est urgent ou délicat, téléphonez.
sender-phone-at = Si c’est urgent ou délicat, téléphonez : { $phone }.
sender-justify = Justifier l’envoi
sender-text = Pourquoi ce courriel doit-il partir?
sender-text-hint = Les archivistes liront ce texte. N’inscrivez aucun renseignement confidentiel. Double identification pour éviter une erreur? Dites-le ici.
sender-justify-do = Envoyer la justification
sender-false = Signaler une fausse alerte
sender-false-says = Rien de confidentiel dans ce courriel? Les archivistes le vérifieront.
sender-false-do = Signaler une fausse alerte
sender-encrypt = Demander un envoi chiffré
sender-encrypt-says = Le courriel partirait par le service de chiffrement approuvé.
sender-encrypt-do = Demander le chiffrement
sender-withdraw = Reprendre le courriel
sender-withdraw-says = Il ne sera pas transmis, et sa copie sera détruite. L’original reste dans vos éléments envoyés.
sender-withdraw-do = Reprendre le courriel
sender-said = Les archivistes en tiendront compte.
said-justified = Votre justification est reçue.
said-false-alarm = Votre signalement est reçu.
said-encrypt = Votre demande de chiffrement est reçue.
sender-contact = Questions :
sender-closed = Cette page ne montre un cas qu’à la personne qui a écrit le courriel.
sender-closed-link = Ouvrez le lien, en entier, de l’avis ou du message de refus que vous avez reçu. Il reste valide jusqu’à la décision, et au moins 30 jours ensuite.
sender-closed-phone = Sinon, téléphonez aux archivistes en donnant le numéro de cas.
sender-closed-hurry = Si c’est urgent, n’attendez pas : téléphonez.

# La page de la personne qui a écrit : ce qu’il est advenu du courriel
sender-fate-refused = Refusé le { $moment } : il n’a pas été transmis, et aucune copie n’est gardée.
sender-fate-warned = Transmis le { $moment }. Vous n’avez pas à le renvoyer.
sender-fate-releasing = Les archivistes ont décidé de le transmettre. L’envoi est en cours.
sender-fate-released = Transmis le { $moment }.
sender-fate-encrypted = Transmis le { $moment }. Son chiffrement a été demandé au service approuvé.
sender-fate-returned = Retourné le { $moment } : il n’a pas été transmis.
sender-fate-withdrawn = Repris le { $moment } : il ne sera pas transmis. L’original reste dans vos éléments envoyés.
sender-fate-expired = Retourné le { $moment }, à l’échéance et sans décision : il n’a pas été transmis.
sender-fate-deleted = Détruit le { $moment }, sans être transmis.
sender-badge-refused = non transmis
sender-badge-warned = transmis, avec avis
sender-badge-releasing = transmission en cours
sender-badge-released = transmis
sender-badge-encrypted = transmis, chiffrement demandé
sender-badge-returned = retourné
sender-badge-withdrawn = repris
sender-badge-expired = retourné
sender-badge-deleted = détruit
sender-badge-justified = retenu, justification reçue
sender-badge-false-alarm = retenu, fausse alerte signalée
sender-badge-encrypt = retenu, chiffrement demandé
sender-reason = Motif : { $reason }
sender-next = La prochaine fois
sender-resend = Corrigez le courriel selon les conseils ci-dessous, puis renvoyez-le.
sender-contest = Pour contester cette décision, téléphonez aux archivistes et donnez le numéro de cas.
sender-false-over = Rien de confidentiel dans ce courriel? Dites-le : les archivistes le vérifieront, et la règle sera corrigée s’il y a lieu. Un courriel refusé ne part pas pour autant.
sender-about = Précision, si elle aide
sender-about-hint = Par exemple « c’est un numéro de lot ». N’inscrivez aucun renseignement confidentiel.
sender-nothing-changed = Rien n’a été changé.
sender-empty = Écrivez pourquoi ce courriel doit partir.
sender-conflict = Ce cas vient d’être traité. Voici où il en est.
sender-problem-back = Revenir à votre courriel

# Le dossier de preuve : ce qu’il est advenu du courriel
evidence-end-refused = refusé à l’envoi : non transmis, aucune copie gardée
evidence-end-warned = transmis à l’envoi, avec un avis
evidence-end-releasing = transmission décidée, en cours
evidence-end-released = transmis le { $moment }
evidence-end-encrypted = transmis le { $moment }, chiffrement demandé
evidence-end-returned = retourné à la personne qui l’a écrit le { $moment }, sans être transmis
evidence-end-withdrawn = repris par la personne qui l’a écrit le { $moment }, sans être transmis
evidence-end-expired = retourné à l’échéance et sans décision le { $moment }, sans être transmis
evidence-end-deleted = détruit le { $moment }, sans être transmis

## Courriels au personnel du bureau

digest-subject = { $count ->
        [one] { $count } courriel attend une décision
       *[other] { $count } courriels attendent une décision
    }
digest-waiting = { $count ->
        [one] { $count } courriel retenu attend une décision.
       *[other] { $count } courriels retenus attendent une décision.
    }
digest-oldest = Le plus ancien attend depuis le { $moment }.
digest-late = { $count ->
        [one] { $count } approche de son délai ou l’a dépassé.
       *[other] { $count } approchent de leur délai ou l’ont dépassé.
    }
digest-over = { $count ->
        [one] { $count } a dépassé son délai.
       *[other] { $count } ont dépassé leur délai.
    }
digest-uncertain-subject = { $count ->
        [one] { $count } transmission à confirmer
       *[other] { $count } transmissions à confirmer
    }
digest-uncertain = { $count ->
        [one] { $count } transmission est à confirmer : dites si le courriel est parti.
       *[other] { $count } transmissions sont à confirmer : dites si les courriels sont partis.
    }
digest-claims = { $count ->
        [one] { $count } fausse alerte signalée est à vérifier.
       *[other] { $count } fausses alertes signalées sont à vérifier.
    }
digest-link = Le bureau : { $link }
alert-reveals-subject = Consultations inhabituelles au bureau des archivistes
alert-reveals = { $who } a consulté { $count } contenus en une heure.
alert-reveals-do = Vérifiez au journal si ces consultations s’expliquent.

## Incidents et gel juridique

menu-incidents = Incidents
incidents-title = Registre des incidents
incidents-intro = Tous les incidents de confidentialité connus ici (R-22.1, art. 110). Un courriel intercepté n’en est pas un : il n’est pas parti.
incidents-none = Aucun incident au registre.
incidents-export = Sortir le registre
incidents-export-says = Le fichier peut nommer des personnes : gardez-le en lieu sûr. La sortie est inscrite au journal.
incidents-export-do = Télécharger le registre (CSV)
incidents-new = Ouvrir un incident sans cas
incidents-new-says = Pour un courriel que ce service n’a pas vu passer.
incident-title = Incident
incident-heading = Incident { $number }
incident-back = Retour au registre
incident-open = ouvert
incident-closed = fermé
incident-opened = Ouvert le
incident-by = Ouvert par
incident-closed-at = Fermé le
incident-empty = à compléter
incident-law = Le registre contient ces 8 éléments (R-22.1, r. 1, art. 15). S’il y a risque de préjudice sérieux, avisez sans délai le ministre, la Commission d’accès à l’information et les personnes concernées (art. 108).
incident-hint = Décrivez sans nommer personne et sans copier de renseignement confidentiel.
incident-information = Renseignements visés, ou pourquoi cela n’est pas connu
incident-circumstances = Circonstances de l’incident
incident-happened = Date ou période de l’incident
incident-known = Date où l’établissement en a pris connaissance
incident-persons = Nombre de personnes concernées
incident-risk = Risque de préjudice sérieux, ou non, et pourquoi
incident-risk-hint = Trois facteurs : la sensibilité des renseignements, les conséquences à craindre, la probabilité d’un usage nuisible.
incident-notices = Dates des avis
incident-notices-hint = Au ministre, à la Commission, aux personnes; avis public s’il y a lieu, et pourquoi.
incident-measures = Mesures prises pour diminuer le risque
incident-save = Enregistrer
incident-close = Enregistrer et fermer
incident-reopen = Enregistrer et rouvrir
incident-changed = Une autre personne a changé cet incident entre-temps. Votre texte est ci-dessous, rien n’est enregistré : comparez, puis enregistrez.
incident-now = Au registre :
incident-refused = Rien n’est enregistré. À corriger : « { $field } ».
case-protect = Incident et preuve
case-incident = Ouvrir un incident
case-incident-says = À ouvrir si un renseignement est parvenu à la mauvaise personne. Un courriel retenu n’est pas un incident.
case-incident-do = Ouvrir l’incident
case-hold = Mettre sous gel juridique
case-hold-says = Rien du cas ne sera détruit tant que le gel dure.
case-hold-number = Numéro du dossier en cause
case-hold-review = À revoir le
case-hold-do = Mettre le gel
case-lift = Lever le gel juridique
case-lift-do = Lever le gel
case-held-for = Gel juridique, dossier { $number }.
case-held-by = Mis par { $who }.
case-held-until = À revoir le { $date }.
case-evidence = Préparer le dossier de preuve
case-evidence-says = Faits, décisions, constats masqués, piste et fiches à remplir, sans le courriel. Le fichier est chiffré pour une personne.
case-evidence-key = Clé publique age de cette personne (age1…)
case-evidence-do = Télécharger le dossier chiffré
past-evidence = dossier de preuve sorti
past-open-incident = incident ouvert
refusal-review = La date de révision doit être une date à venir.
refusal-age-key = La clé publique commence par age1.
refusal-not-watched = Mettez d’abord le cas sous gel juridique, ou ouvrez un incident.

## Plusieurs cas à la fois

cases-choose = Choisir { $case }
cases-together = Décider ensemble
together-title = Décider ensemble
together-cases = { $count ->
        [one] { $count } cas choisi
       *[other] { $count } cas choisis
    }
together-says = La même décision s’applique à chacun. Chacun a sa propre inscription au journal, et chaque personne qui a écrit reçoit son avis.
together-count = Combien de cas? Récrivez le nombre pour confirmer.
together-return = Tout retourner
together-take = Tout prendre en charge
together-put-back = Tout remettre dans la liste
together-release = Tout transmettre
together-delete = Tout détruire
together-release-not = On transmet ensemble seulement des cas d’une même règle et d’un même service, de gravité 1 à 3, qui ne demandent pas deux personnes.
together-none = Aucun cas choisi n’attend votre décision.
together-too-many = Choisissez au plus 50 cas à la fois.
together-count-wrong = Le nombre écrit n’est pas celui des cas choisis. Rien n’a été changé.
together-done = { $count ->
        [one] { $count } cas traité.
       *[other] { $count } cas traités.
    }
together-left = { $count ->
        [one] { $count } cas laissé tel quel
       *[other] { $count } cas laissés tels quels
    }

## Contre-exemple

case-counter = Faire un contre-exemple d’une fausse alerte
case-counter-says = Un texte qui lève la même alerte. Noms et nombres y sont inventés. Du courriel, il ne reste que des mots que les règles connaissent. L’administration le dépose dans local.d : vaguemestre check le vérifie dès lors.
case-counter-which = Fausse alerte
case-counter-why = Pourquoi ce n’est pas confidentiel
case-counter-why-hint = Sans la valeur elle-même : « un numéro de formulaire ».
case-counter-do = Télécharger le contre-exemple
past-counter-example = contre-exemple tiré
refusal-no-look-alike = Aucun texte inventé ne lève la même alerte. L’administration peut écrire le contre-exemple à la main.
menu-conformity = Conformité

## Journal

menu-trail = Journal
trail-title = Journal
trail-intro = Qui a fait quoi, quand et pourquoi, du plus récent au plus ancien. Ce que des personnes ont écrit n’y paraît pas.
trail-filter = Filtrer le journal
trail-who = Identifiant de la personne
trail-case = Numéro de cas
trail-none = Aucune inscription.
trail-number = inscription { $number }
trail-at = Quand
trail-by = Qui
trail-why = Pourquoi
trail-older = Inscriptions plus anciennes
access-looked = Consultations de contenu, depuis 31 jours
past-finding = constat { $number }
past-look-up = recherche par adresse
past-access-review = revue des accès signée
past-export-incidents = registre des incidents exporté
past-destroyed = copie détruite
past-forgotten = noms effacés
past-notice-failed = avis non envoyé
past-resealed = contenu scellé à la nouvelle clé
past-account-open = compte ouvert
past-account-federate = compte relié au service de l’établissement
past-account-grant = rôles changés
past-account-close = compte fermé
past-account-address = adresse de courriel changée
past-aside-destroyed = courriel mis de côté, détruit
past-aside-taken-back = courriel mis de côté, retenu de nouveau
past-audit-key = nouvelle clé de signature de la piste
past-restored = base de données d’un moment antérieur
past-account-renew = accès renouvelé
past-password-change = mot de passe changé
past-key-change = application d’authentification changée
past-recovery-code = code de secours utilisé
past-sign-in = connexion
past-sign-in-failed = connexion refusée
past-sign-out = déconnexion
