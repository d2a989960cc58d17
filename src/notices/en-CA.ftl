# English texts: complete, and off until an establishment turns them on. The French file is the source.
#
# The keys `smtp-…` travel in ASCII.

# The document that the general reminders cite.
-directive = DIR 2022 DQEPE 054

### SMTP replies

smtp-refused = Email not sent (case { $case }). Reason: { $why }, under { $cites }. What to do: { $todo }.
smtp-refused-no-case = Email not sent. Reason: { $why }, under { $cites }. What to do: { $todo }.
smtp-refused-generic = Email not sent. Reason: its content goes against the directives.
smtp-unavailable = Email waiting: content analysis is not available at the moment. Nothing to do, it will be tried again automatically.
smtp-too-large = Email not sent. Reason: the message is too large (maximum { $size } MB). What to do: share the file in OneDrive or SharePoint, or attach fewer files.
smtp-answer-unknown = Answer not received. Reason: it matches no waiting case in your name, or its time is over. What to do: answer the notice itself from your establishment's account, open its link, or phone.
smtp-answer-not-alone = Answer not received. Reason: it is addressed to others too. What to do: answer the notice alone.
smtp-answer-empty = Answer not received. Reason: it says nothing. What to do: write your justification at the top of the email, above the quoted text.
smtp-answer-confidential = Answer not received. Reason: it holds confidential information. What to do: write it again without a name or number.
smtp-answer-said = Answer not received. Reason: you have answered for this case already. What to do: wait for the decision, or phone.
smtp-answer-over = Answer not received. Reason: this case has ended. What to do: read the notice that was sent to you, or phone.
smtp-help-link = Details and review: { $link }
smtp-help-contact = Help: { $contact }
smtp-help-contact-case = Questions: { $contact }, with the case number

smtp-why-un-destinataire = confidential information to several recipients
smtp-do-un-destinataire = choose a single recipient, check the address, use the record number instead of the name
smtp-why-identifiant-externe = confidential information about a user to an outside address
smtp-do-identifiant-externe = use the record number instead of the name, write to a single recipient, encrypt, or phone
smtp-why-messagerie-publique = confidential information to a public webmail
smtp-do-messagerie-publique = write to a professional address, use the record number instead of the name, encrypt, or phone
smtp-why-chiffrement-requis = confidential information to an outside address without approved encryption
smtp-do-chiffrement-requis = add the encryption approved by the MSSS and write to a single recipient, or phone
smtp-why-redirection = automatic forwarding to an outside address
smtp-do-redirection = remove the forwarding rule and read your email in Outlook
smtp-why-sondage-externe = link to an outside poll
smtp-do-sondage-externe = use the Scheduling Poll in Outlook
smtp-why-visioconference = link to a meeting service other than Teams
smtp-do-visioconference = use Teams to meet the user
smtp-why-contenu-illisible = attached file that could not be read
smtp-do-contenu-illisible = if nothing in it is confidential, attach it without a password and in a common format; otherwise encrypt or phone
smtp-why-identifiant-interne = confidential information that identifies a user
smtp-do-identifiant-interne = use the record number instead of the name, or point the person to your note in the record
smtp-why-crise = emergency or crisis, for which an email is not enough
smtp-do-crise = phone now; if the danger is immediate, dial 911
smtp-why-objet-en-clair = confidential information that encryption does not hide (subject, file names)
smtp-do-objet-en-clair = remove it from the subject and the file names, then send the email again
smtp-do-autre = remove the confidential information, or phone

### Advice, one a line, by the article's notice key

-conseil-dossier = Use the record number instead of the name, or point the person to your note in the record.
-conseil-un-seul = Write to a single recipient, after checking the address.
-conseil-chiffrer = To an outside address, write from your network account and add the approved encryption; the service desk can help.

advice-un-destinataire =
    { -conseil-un-seul }
    { -conseil-dossier }
advice-identifiant-externe =
    { -conseil-dossier }
    { -conseil-un-seul }
    { -conseil-chiffrer }
advice-messagerie-publique =
    Ask for a professional address: public webmail is to be avoided.
    { -conseil-dossier }
    { -conseil-chiffrer }
advice-chiffrement-requis =
    { -conseil-chiffrer }
    { -conseil-un-seul }
advice-redirection =
    Remove the forwarding rule and read your email in Outlook.
    When you are away, set up an automatic reply instead.
advice-sondage-externe =
    Use the Scheduling Poll, available in Outlook.
advice-visioconference =
    Use Teams for a virtual meeting with a user.
advice-contenu-illisible =
    If the file holds nothing confidential, attach it without a password and in a common format.
    If it is confidential, use the approved encryption instead of the password.
advice-identifiant-interne =
    { -conseil-dossier }
    If the user must be named to avoid an error, give two identifiers (double identification).
advice-crise =
    Phone the person or the service concerned now.
    If the danger is immediate, dial 911.
advice-objet-en-clair =
    Remove it from the subject and the file names: encryption does not hide them.
    { -conseil-un-seul }
advice-autre =
    Remove the confidential information, or choose another means.

### Notices: subjects

moment-today = { $time }
moment-day = { $date }, { $time }

held-subject = Your { $moment } email is on hold (case { $case })
warned-subject = Please check: your { $moment } email was delivered (notice { $case })
warned-subject-crise = Phone now: your { $moment } email may not be read in time (notice { $case })
warned-many-subject = Please check: { $count } of your emails were delivered
released-subject = Case { $case }: your email was delivered
returned-subject = Case { $case }: your email is returned to you
deleted-subject = Case { $case }: your email was destroyed

### Notices: body

other-language = (Version française ci-dessus.)
greeting = Hello,

held-opening = The email you sent on { $date } at { $time } was not delivered.
held-recipients = It was addressed to { $count ->
        [one] { $count } recipient
       *[other] { $count } recipients
    }.
held-recipients-domains = It was addressed to { $count ->
        [one] { $count } recipient
       *[other] { $count } recipients
    } ({ $domains }).
held-kept = It is kept encrypted until the archivists review it.
held-hurry = If it is urgent, do not wait for the decision: phone.
held-deadline = With no decision by { $date } at { $time }, the email comes back to you. It will be neither delivered nor lost.
held-disagree = Do you disagree? Tell the archivists and give case number { $case }.
held-disagree-link = Do you disagree? Say so here, as long as the case is not decided: { $link }
held-answer = You may also answer this notice from your account: write your justification at the top. One of these words alone on the first line is enough too: “false alarm”, “encrypt” or “withdraw”. If no error comes back, your answer was received.
held-double-identification = If the user must be named to avoid a clinical error, say that too: double identification will be taken into account ({ -directive }, s. 5.7).

warned-opening = The email you sent on { $date } at { $time } was delivered. There is no need to send it again.
warned-opening-crise = The email you sent on { $date } at { $time } was delivered, but it may not be read in time. It seems to speak of an emergency or a crisis: phone now.
warned-many-opening = The { $count } emails below were delivered. There is no need to send them again.
warned-many-line = { $date } at { $time }, notice { $case }
warned-many-line-found = { $date } at { $time }, notice { $case }: { $found }
warned-many-more = and { $count ->
        [one] { $count } more email
       *[other] { $count } more emails
    }
wrong-recipient = Wrong recipient? Tell the archivists and your manager at once. If a user’s confidentiality is affected, form AH-223 is required ({ -directive }, s. 5.10).
keep-record = Remember to summarize the exchange in the record, then delete it from your mailbox ({ -directive }, s. 5.9.1).

released-opening = The archivists reviewed the email you sent on { $date } at { $time }. It was delivered.
released-encrypted = The approved service was asked to encrypt it.
returned-opening = The email you sent on { $date } at { $time } was reviewed. It was not delivered.
returned-expired-opening = The email you sent on { $date } at { $time } was not delivered.
returned-expired-why = Nobody could decide before the deadline: to be safe, it comes back to you. If it is still needed, phone the archivists.
returned-resend = Your email is still in your Sent items. Correct it as advised below, then send it again. The copy on hold will be destroyed.
returned-phone = If it is urgent or delicate, phone instead.
deleted-opening = The email you sent on { $date } at { $time } was destroyed without being delivered.
deleted-appeal = To contest this decision, phone the archivists and give case number { $case }.
reason = Reason: { $reason }

why-heading = Why this notice
article = { $says } [{ $cites }]
found-heading = What was found (values hidden)
found-more = and { $count ->
        [one] { $count } more place
       *[other] { $count } more places
    }
found = { $what }: { $place }
unread = { $count ->
        [one] { $count } item that could not be read
       *[other] { $count } items that could not be read
    }
todo-heading = What to do now
next-heading = Next time
next-heading-crise = What to do now
contact-heading = Questions
contact-archivists = Archivists: { $contact }
contact-case = Number to mention: { $case }
contact-desk = Security incident: service desk, { $phone }
contact-link = Details and review: { $link }
contact-no-reply = Do not put the information in a reply to this notice.
footer = { $establishment }. This notice is automatic and, by choice, quotes nothing of the email. This service keeps only what is necessary. The use of the network’s email is subject to inspection (MSSS-DIR04, s. 12).
or = { $left }, or { $right }

### Dates and times

date = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $day }, { $year }
time = { $hour12 }:{ $minutes } { $half ->
        [am] a.m.
       *[pm] p.m.
    }

### Places

place-subject = subject
place-header = message header
place-body = message body
place-cell = message body (table)
place-comment = message body (comment)
place-property = message properties
place-attribute = message body (link or image)
place-hidden = message body (invisible text)
place-file-name = name of an attachment
place-attached-subject = attachment { $number } (subject of an attached email)
place-attached-header = attachment { $number } (header of an attached email)
place-attached-body = attachment { $number }
place-attached-cell = attachment { $number } (table)
place-attached-comment = attachment { $number } (comment)
place-attached-property = attachment { $number } (document properties)
place-attached-attribute = attachment { $number } (link or image)
place-attached-hidden = attachment { $number } (invisible text)
place-attached-file-name = name of attachment { $number }
place-line = { $place }, line { $line }

### What is found: the name alone, then counted

kind-nam = health insurance number (NAM)
kind-birth_date = date of birth
kind-patient_name = user’s name
kind-nas = social insurance number (SIN)
kind-payment_card = payment card number
kind-bank_account = bank account number
kind-drivers_licence = driver’s licence number
kind-health_card_other = health card number of another province
kind-passport = passport number
kind-civil_status = civil status number
kind-immigration = immigration number
kind-professional_number = billing number of a professional
kind-phone = telephone number of a person
kind-address = address of a person
kind-email = personal e-mail address
kind-secret = password or access key
kind-health_term_cluster = passage about a person’s health
kind-hr = passage about an employment record
kind-finance = passage about finance
kind-strategic = passage about strategy
kind-legal = passage about a legal matter
kind-crisis = mention of an emergency or a crisis
kind-poll_link = link to an outside poll
kind-consultation_link = link to an outside meeting service

count-nam = { $count ->
        [one] { $count } health insurance number
       *[other] { $count } health insurance numbers
    }
count-birth_date = { $count ->
        [one] { $count } date of birth
       *[other] { $count } dates of birth
    }
count-patient_name = { $count ->
        [one] { $count } user’s name
       *[other] { $count } users’ names
    }
count-nas = { $count ->
        [one] { $count } social insurance number
       *[other] { $count } social insurance numbers
    }
count-payment_card = { $count ->
        [one] { $count } payment card number
       *[other] { $count } payment card numbers
    }
count-bank_account = { $count ->
        [one] { $count } bank account number
       *[other] { $count } bank account numbers
    }
count-drivers_licence = { $count ->
        [one] { $count } driver’s licence number
       *[other] { $count } driver’s licence numbers
    }
count-health_card_other = { $count ->
        [one] { $count } health card number of another province
       *[other] { $count } health card numbers of another province
    }
count-passport = { $count ->
        [one] { $count } passport number
       *[other] { $count } passport numbers
    }
count-civil_status = { $count ->
        [one] { $count } civil status number
       *[other] { $count } civil status numbers
    }
count-immigration = { $count ->
        [one] { $count } immigration number
       *[other] { $count } immigration numbers
    }
count-professional_number = { $count ->
        [one] { $count } professional billing number
       *[other] { $count } professional billing numbers
    }
count-phone = { $count ->
        [one] { $count } telephone number
       *[other] { $count } telephone numbers
    }
count-address = { $count ->
        [one] { $count } address
       *[other] { $count } addresses
    }
count-email = { $count ->
        [one] { $count } personal e-mail address
       *[other] { $count } personal e-mail addresses
    }
count-secret = { $count ->
        [one] { $count } password or access key
       *[other] { $count } passwords or access keys
    }
count-health_term_cluster = { $count ->
        [one] { $count } passage about a person’s health
       *[other] { $count } passages about a person’s health
    }
count-hr = { $count ->
        [one] { $count } passage about an employment record
       *[other] { $count } passages about an employment record
    }
count-finance = { $count ->
        [one] { $count } passage about finance
       *[other] { $count } passages about finance
    }
count-strategic = { $count ->
        [one] { $count } passage about strategy
       *[other] { $count } passages about strategy
    }
count-legal = { $count ->
        [one] { $count } passage about a legal matter
       *[other] { $count } passages about a legal matter
    }
count-crisis = { $count ->
        [one] { $count } mention of an emergency or a crisis
       *[other] { $count } mentions of an emergency or a crisis
    }
count-poll_link = { $count ->
        [one] { $count } link to an outside poll
       *[other] { $count } links to an outside poll
    }
count-consultation_link = { $count ->
        [one] { $count } link to an outside meeting service
       *[other] { $count } links to an outside meeting service
    }

### Words of pages and tables

gap-encrypted = encrypted or behind a password
gap-unsupported = format that is not read
gap-too-large = too large
gap-too-deep = nested too deep
gap-too-costly = too long to analyse
gap-malformed = damaged
gap-crashed = reading interrupted

class-internal = internal
class-network = health network
class-partner = partner
class-external = external
class-webmail = public webmail

region-subject = subject
region-header = header
region-body = text
region-cell = table
region-comment = comment
region-property = document property
region-attribute = link or image
region-hidden = invisible text
region-file-name = attachment name

verdict-accept = delivered
verdict-warn = delivered with a notice
verdict-quarantine = on hold
verdict-reject = refused

state-refused = refused
state-warned = delivered with a notice
state-held = on hold
state-justified = on hold, answer received
state-taken = under review
state-to-approve = to be approved
state-releasing = being delivered
state-uncertain = delivery to be confirmed
state-released = released
state-returned = returned
state-deleted = deleted
state-purged = destroyed after the deadline
