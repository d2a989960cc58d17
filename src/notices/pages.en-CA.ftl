### Texts of the pages: the archivists' desk and the sender's page

## The frame

page-moment = { $date }, { $time }
desk-name = Vaguemestre
desk-wrong = Error:
desk-skip = Skip to content
desk-menu = Menu
desk-other = Français
desk-other-tag = fr
desk-other-lang = fr
desk-sign-out = Sign out
desk-footer = This service keeps only what is needed. Every consultation and every decision is written to the trail.
menu-cases = Cases
menu-figures = Figures
menu-access = Access
age-now = just now
age-minutes = { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
age-hours = { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
age-days = { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }

## Signing in

sign-in-title = Sign in
sign-in-login = User name
sign-in-password = Password
sign-in-code = Verification code
sign-in-code-hint = The 6 digits of your application, or a recovery code.
sign-in-do = Sign in
sign-in-failed = You are not signed in.
sign-in-failed-do = Check the name, the password and the code. A code serves once: wait for the next one. After 5 tries the account waits for a few minutes.
sign-in-ended = Your session has ended.
sign-in-ended-do = Sign in again. What was not saved has to be done again.
sign-in-outside = Sign in with your establishment’s account
sign-in-local = Sign in with a local account
sign-in-down = Your establishment’s sign-in service does not answer.
sign-in-down-do = Try again in a few minutes. If it cannot wait, someone who has a local account can sign in below.
sign-in-refused = You are not signed in.
sign-in-refused-do = Nothing was opened. Start again from this page. If it happens again, ask whoever manages the accounts.
sign-in-no-role = Your account has no role here.
sign-in-no-role-do = Your establishment knows you, but none of your groups opens the desk. Ask whoever manages the accounts.
sign-in-known = Your establishment knows you
sign-in-known-do = One step is left: open the desk.
sign-in-go-on = Open the desk
sign-in-other = Sign in another way
signed-out-title = You are signed out
signed-out-done = Your session is closed here.
signed-out-outside = If you came with your establishment’s account, that account stays open in this browser. On a shared computer, close it too.
signed-out-leave = Close the establishment’s account
signed-out-again = Sign in again
sign-in-help = Cannot sign in? Ask whoever manages the accounts.

## My account

account-title = My account
account-login = You are signed in as { $name }.
account-federated = Your establishment manages this account: its password is changed in its own service.
account-must-change = Someone else knows your password. Choose a new one to go on.
account-password = Change password
account-old = Current password
account-new = New password
account-new-hint = At least 12 characters. A short sentence will do.
account-again = New password, once more
account-change = Change password
account-too-short = The new password needs at least 12 characters.
account-differs = The two new passwords differ.
account-too-plain = Choose a password that is new and does not hold your name.
account-wrong = The current password is not right.

## Staying signed in, another application

session-title = Length of the session
session-soon = Unless you act, your session ends in 2 minutes.
session-lengthen-beside = Stay signed in (new tab)
session-lengthen = Stay signed in
session-longer = Your session goes on. If this tab opened beside your work, you may close it.
session-ends = Your session ends on { $moment } unless you act.
session-last = It ends on { $moment } at the latest: you will then have to sign in again.
session-hint = A session that is not used ends after 15 minutes, so that a computer left open shows nothing to anyone.
key-title = Authenticator application
key-why = A new phone or application? A new key will replace the old one.
key-offer = Prepare a new key
key-scan = Open your application and add an account by reading this image.
key-image = Image to be read by the authenticator application; the same key is written in letters below.
key-spelled = Cannot read the image? Enter this key in the application:
key-code = Code that the application shows
key-confirm = Adopt this key
key-failed = This code is not of the new key. Wait for the next one and try again.
key-not-proved = The password or the code is not good. A code serves once: wait for the next one.
key-hint = The old key stays good until you adopt this one. Your recovery codes do not change.

## Access review

access-title = Access review
access-intro = This is who may sign in, and in which role. To be reviewed every month.
access-last = Last review, signed by { $who }:
access-never = No review was signed yet.
access-roles = Roles
access-seen = Last sign-in
access-unseen = never
access-address = Email
access-address-none = none
access-no-address = None: neither digests nor alerts reach this person.
access-state = Account
access-open = open
access-closed = closed
access-sign-says = By signing you confirm that each access is still needed, or that its closing was asked for.
access-sign = Sign the review
role-archivist = archivist
role-approver = approving manager
role-admin = mail administration
role-compliance = compliance and security
role-auditor = audit

## Figures

figures-title = Figures
figures-cases = Cases by state
figures-count = Count
figures-notices = notices to be sent

## List of cases

cases-title = Cases
cases-filter = Filter the list
cases-all = all
cases-claimed = reported false alarms, to be checked
cases-claims = { $count ->
        [one] { $count } reported false alarm is to be checked
       *[other] { $count } reported false alarms are to be checked
    }
cases-any-article = all
cases-any = all
cases-sought = Case number, or a person's address
cases-search = Search
cases-none = No case here.
cases-none-found = No case found. Check the number or the full address.
cases-state = State
cases-received = Received
cases-from = From
cases-to = To
cases-recipients = { $count ->
        [one] { $count } recipient
       *[other] { $count } recipients
    }
cases-more-articles = { $count ->
        [one] and { $count } more article
       *[other] and { $count } more articles
    }
cases-unread = { $count ->
        [one] { $count } unreadable item
       *[other] { $count } unreadable items
    }
cases-next = Rest of the list
cases-first = Start of the list
cases-rule = Detection rule
cases-department = Department (domain)
cases-who = This person is
cases-who-any = sender or recipient
cases-who-sender = sender
cases-who-recipient = recipient
cases-within = The search follows the chosen filter too.
cases-many = The 100 newest cases. Narrow the filter to see others.
cases-unlike = Raised by the recipients or the way it was sent, not by the text

## One case

case-title = Case
case-heading = Case { $case }
case-back = Back to the list
case-why = Why this case
case-found = What was found
case-found-nothing = Nothing in particular was found in the text.
case-gap = Item not read:
case-facts = The email
case-repeats = Sent again
case-decision = Decision
case-reason = Reason
case-reason-choose = Choose a reason
case-reason-usual = No reason given
case-reason-hint = The person who wrote will read it. Without a choice, they will read that no reason is given. To destroy, choose one.
case-take-over = Take over the case
case-take-over-why = Why you take it over
case-done-title = Done
case-done = The change is written to the trail.
case-done-says = The case asks nothing more of you: it is no longer in your list.
case-text = Details
case-text-hint = The person who wrote will read them. Enter nothing confidential.
case-release = Release
case-return = Return
case-delete = Destroy
case-advice = Advice given
case-past = History
case-note = Note on the case
case-note-do = Add the note
reason-unsaid = Not given.
reason-examined = Case examined, the message may go.
reason-verified = Recipient and content were checked.
reason-false-alarm = False alarm: nothing confidential.
reason-double-identification = Double identification, needed to avoid an error.
reason-rewrite = To be rewritten without anything that identifies a person.
reason-wrong-recipient = The recipient is not the right one.
reason-other = Another reason (give details)
past-hold = email held
past-open = case opened
past-release = release decided
past-return = returned
past-delete = destroyed
past-note = note
past-expire = returned at expiry
past-sent = released
past-doubt = release to be confirmed
past-retry = release tried again
past-give-up = release given up

## When a page cannot

problem-title = One moment
problem-back = Back to the first page
problem-forbidden = Your role gives no access to this page.
problem-forbidden-do = If you need it, ask whoever manages the accounts.
problem-not-found = This page does not exist.
problem-not-found-do = Check the address or the case number.
problem-foreign = This form was not accepted.
problem-foreign-do = It comes from another page or an ended session. Nothing was changed. Open the page again and start over.
problem-misdirected = This is not the address of the service.
problem-misdirected-do = Use the address given by your establishment.
problem-unreadable = This form could not be read.
problem-unreadable-do = Nothing was changed. Open the page again and start over.
problem-refused = This action is not possible.
problem-refused-do = Nothing was changed. Go back to the case to see where it stands.
problem-conflict = This case has changed meanwhile.
problem-conflict-do = Your decision was not applied. Open the case to see where it stands.
problem-refused-above = Nothing was changed. Go back to the page before to correct your request.
problem-conflict-above = Nothing was changed. Go back to the page before to see where it stands.
problem-too-many = Too many tries for now.
problem-too-many-do = Wait for 5 minutes, then try again.
problem-unavailable = The service does not answer right now.
problem-unavailable-do = Nothing was lost or changed. Try again in a few minutes; if it goes on, tell the service desk.

## More of the desk

menu-precision = Rules
cases-waiting = waiting for a decision
cases-mine = in my hands
cases-severity = Severity
cases-severity-is = severity { $number }
cases-since = Since
cases-until = Until
cases-article = Article
cases-filter-do = Filter
case-hands = In the hands of
case-yours = Until { $moment } this case is in your hands.
case-others = Until { $moment } { $who } has this case in hand.
case-typed = What you had written:
case-proposed = { $who } proposes to release this email.
case-proposed-encrypted = { $who } proposes to release this email encrypted.
case-false = false alarm
case-reveal = Reveal
case-why-reveal = Why reveal
case-reveal-hint = The case is then taken in hand, and the consultation is written to the trail.
case-reveal-hint-only = The consultation is written to the trail.
case-mark = Report false alarms
case-mark-which = Check what is not confidential
case-mark-do = Save
case-claimed = Reported false alarm: to be checked
case-claimed-do = Save the check
case-claimed-nothing = There is no finding to judge here. Saving takes the case off the list of reports.
case-message = See the whole email
case-message-outside = To read a whole message, prove who you are again, unless you did so within 15 minutes.
case-message-prove = Confirm my identity
case-message-hint = Needed if your last code is older than 15 minutes.
case-message-do = Show as text
case-sender = This person, within a year
case-sender-cases = { $count ->
        [one] { $count } case
       *[other] { $count } cases
    }
case-sender-false = { $count ->
        [one] { $count } false alarm
       *[other] { $count } false alarms
    }
case-from = Written by
case-recipients = Recipients
case-two-persons = A second person has to approve the release.
case-propose = Propose release
case-propose-encrypted = Propose encrypted release
case-keys = Keyboard: Alt or Alt+Shift with 1 to go to the reason, 2 for encrypted release, 3 to return, 4 to destroy.
case-keys-plain = Keyboard: Alt or Alt+Shift with 1 to go to the reason, 3 to return, 4 to destroy.
case-own = This email is your own: someone else decides about it.
case-release-encrypted = Release encrypted
case-put-back = Put back
case-take = Take in hand
case-approve = Approve release
case-decline = Decline release
case-sent = The email has left
case-retry = Try again
case-take-back = Stop the release
case-restore = Take the destruction back
case-similar = Similar cases that wait
says-justified = The sender explains why it must go.
says-false-alarm = The sender reports a false alarm.
says-encrypt = The sender asks for encrypted release.
reveal-false-alarm = Check a false alarm
reveal-right-recipient = Check the right recipient
reveal-incident = Privacy incident
reveal-access-request = Access request
actor-service = the service
actor-sender = the sender
past-held = email held
past-refused = email refused
past-warned = email delivered with a notice
past-take = taken in hand
past-put-back = put back
past-propose = release proposed
past-approve = release approved
past-decline = release declined
past-release-encrypted = encrypted release decided
past-restore = destruction taken back
past-reveal = content consulted
past-mark-findings = findings judged
past-justify = explained
past-claim-false-alarm = false alarm reported
past-ask-encryption = encryption asked for
past-withdraw = taken back
past-legal-hold = legal hold
past-lift-hold = legal hold lifted
past-shred = copy destroyed

## Refusals of the rules

refusal-state = The case is no longer in a state for this.
refusal-right = Your role does not allow it.
refusal-department = This case is of a department that is not yours.
refusal-own = Nobody decides on an email of their own.
refusal-hands = { $who } has this case in hand. To take it over, say why.
refusal-not-in-hand = Take the case in hand first.
refusal-same = Another person has to approve.
refusal-said = Your answer stands on the case already.
refusal-hold = A legal hold forbids destroying anything.
refusal-no-hold = This case is under no legal hold.
refusal-late = The time to take this back is over.
refusal-reason = A reason or a text is needed.
refusal-copy = No copy of the email is kept.
refusal-key = The private key is missing: tell the mail administration.
refusal-confidential = Your text seems to hold confidential information. Describe the situation without naming anyone.
conflict-by = On { $moment } { $who } dealt with it.
conflict-since = This case changed on { $moment }, while you had it on your screen: { $what } ({ $who }).
problem-not-proved = This proof of identity is not good.
problem-not-proved-do = Go back to the case. Enter the code that your application shows now, or follow the link that confirms your identity.

## Email as text

message-title = Email as text
message-heading = Case { $case }: email as text
message-back = Back to the case
message-hint = Text only: no picture, no link, no remote content. What was found is highlighted.
message-itself = The email
message-attachment = Attachment { $number }
message-unread = { $count ->
        [one] { $count } item could not be read.
       *[other] { $count } items could not be read.
    }
message-cut = The rest of the text is not shown.

## Precision of rules

precision-title = Precision of rules
precision-intro = Every decided case counts: its findings are right, but for those reported as false alarms. A rule that is often wrong should be looked at.
precision-mend = So that a false alarm does not come back, the administration makes an invented counter-example of it:
precision-none = No rule was marked yet.
precision-caption = The last twelve months, the most wrong first
precision-rule = Rule
precision-cases = Cases
precision-right = Right
precision-wrong = False alarms
precision-rate = Precision
precision-share = { $number }%
precision-few = { $number }% (few cases)

## The sender's page

sender-title = Your email
sender-sent = On { $moment } you sent this email.
sender-recipients = { $count ->
        [one] It was for { $count } recipient.
       *[other] It was for { $count } recipients.
    }
sender-waits = It was not delivered. It is kept encrypted, waiting for review.
sender-desk-closed = The archivists' desk is closed at this hour. If it is urgent, do not wait: phone the person you wrote to.
sender-number = Number to mention: { $case }
sender-why = Why
sender-found = What was found (values hidden)
sender-do = What to do now
sender-phone = If it is urgent or delicate, phone.
sender-phone-at = If it is urgent or delicate, phone: { $phone }.
sender-justify = Explain why it must go
sender-text = Why must this email go?
sender-text-hint = The archivists will read this. Enter nothing confidential. Double identification to avoid an error? Say so here.
sender-justify-do = Send the explanation
sender-false = Report a false alarm
sender-false-says = Nothing confidential in this email? The archivists will check.
sender-false-do = Report a false alarm
sender-encrypt = Ask for encrypted release
sender-encrypt-says = The email would leave through the approved encryption service.
sender-encrypt-do = Ask for encryption
sender-withdraw = Take the email back
sender-withdraw-says = It will not be delivered, and the copy will be destroyed. The original stays in your Sent items.
sender-withdraw-do = Take the email back
sender-said = The archivists will take it into account.
said-justified = Your explanation was received.
said-false-alarm = Your report was received.
said-encrypt = Your request for encryption was received.
sender-contact = Questions:
sender-closed = This page shows a case only to the person who wrote the email.
sender-closed-link = Open the whole link of the notice or of the refusal that you got. It is valid until the decision, and for 30 days after that at least.
sender-closed-phone = Otherwise, phone the archivists and give the case number.
sender-closed-hurry = If it is urgent, do not wait: phone.

# The page of the person who wrote: what became of the email
sender-fate-refused = Refused on { $moment }: it was not delivered, and no copy is kept.
sender-fate-warned = On { $moment } it was delivered. There is no need to send it again.
sender-fate-releasing = The archivists decided to deliver it. It is being sent.
sender-fate-released = On { $moment } it was delivered.
sender-fate-encrypted = On { $moment } it was delivered. The approved service was asked to encrypt it.
sender-fate-returned = Returned on { $moment }: it was not delivered.
sender-fate-withdrawn = Withdrawn on { $moment }: it will not be delivered. The original is still in your Sent items.
sender-fate-expired = Returned on { $moment }, at the deadline and without a decision: it was not delivered.
sender-fate-deleted = Destroyed on { $moment } without being delivered.
sender-badge-refused = not delivered
sender-badge-warned = delivered, with a notice
sender-badge-releasing = being delivered
sender-badge-released = delivered
sender-badge-encrypted = delivered, encryption asked for
sender-badge-returned = returned
sender-badge-withdrawn = withdrawn
sender-badge-expired = returned
sender-badge-deleted = destroyed
sender-badge-justified = on hold, justification received
sender-badge-false-alarm = on hold, false alarm reported
sender-badge-encrypt = on hold, encryption asked for
sender-reason = Reason: { $reason }
sender-next = Next time
sender-resend = Correct the email as advised below, then send it again.
sender-contest = To contest this decision, phone the archivists and give the case number.
sender-false-over = Nothing confidential in this email? Say so: the archivists will check, and the rule will be corrected if need be. A refused email does not leave all the same.
sender-about = Details, if they help
sender-about-hint = For example “it is a lot number”. Write nothing confidential.
sender-nothing-changed = Nothing was changed.
sender-empty = Write why this email must leave.
sender-conflict = This case was just dealt with. This is where it stands.
sender-problem-back = Back to your email

# The evidence pack: what became of the message
evidence-end-refused = refused when sent: not delivered, no copy kept
evidence-end-warned = delivered when sent, with a notice
evidence-end-releasing = delivery decided, under way
evidence-end-released = delivered on { $moment }
evidence-end-encrypted = delivered on { $moment }, encryption asked for
evidence-end-returned = given back to who wrote it on { $moment }, not delivered
evidence-end-withdrawn = taken back by who wrote it on { $moment }, not delivered
evidence-end-expired = given back at the deadline without a decision on { $moment }, not delivered
evidence-end-deleted = destroyed on { $moment }, not delivered

## Mail to the desk's staff

digest-subject = { $count ->
        [one] { $count } email waits for a decision
       *[other] { $count } emails wait for a decision
    }
digest-waiting = { $count ->
        [one] { $count } email on hold waits for a decision.
       *[other] { $count } emails on hold wait for a decision.
    }
digest-oldest = The oldest came on { $moment } and still waits.
digest-late = { $count ->
        [one] { $count } nears its time or is past it.
       *[other] { $count } near their time or are past it.
    }
digest-over = { $count ->
        [one] { $count } is past its time.
       *[other] { $count } are past their time.
    }
digest-uncertain-subject = { $count ->
        [one] { $count } delivery to be confirmed
       *[other] { $count } deliveries to be confirmed
    }
digest-uncertain = { $count ->
        [one] { $count } delivery is to be confirmed: say whether the email has left.
       *[other] { $count } deliveries are to be confirmed: say whether the emails have left.
    }
digest-claims = { $count ->
        [one] { $count } reported false alarm is to be checked.
       *[other] { $count } reported false alarms are to be checked.
    }
digest-link = The desk: { $link }
alert-reveals-subject = Unusual reveals at the archivists' desk
alert-reveals = { $who } revealed { $count } contents within an hour.
alert-reveals-do = Check in the trail whether there is a reason.

## Incidents and legal holds

menu-incidents = Incidents
incidents-title = Register of incidents
incidents-intro = All confidentiality incidents known here (R-22.1, s. 110). An email that was stopped is not one: it did not leave.
incidents-none = No incident in the register.
incidents-export = Take the register out
incidents-export-says = The file may name persons: keep it in a safe place. Taking it out is written to the trail.
incidents-export-do = Download the register (CSV)
incidents-new = Open an incident without a case
incidents-new-says = For an email that this service did not see.
incident-title = Incident
incident-heading = Incident { $number }
incident-back = Back to the register
incident-open = open
incident-closed = closed
incident-opened = Opened on
incident-by = Opened by
incident-closed-at = Closed on
incident-empty = to be filled in
incident-law = The register holds these 8 elements (R-22.1, r. 1, s. 15). If there is a risk of serious injury, notify the Minister, the Commission d’accès à l’information and the persons concerned promptly (s. 108).
incident-hint = Describe without naming anyone and without copying confidential information.
incident-information = Information concerned, or why it is not known
incident-circumstances = Circumstances of the incident
incident-happened = Date or period of the incident
incident-known = Date on which the establishment became aware of it
incident-persons = Number of persons concerned
incident-risk = Risk of serious injury, or none, and why
incident-risk-hint = Three factors: how sensitive the information is, the consequences to fear, how likely harmful use is.
incident-notices = Dates of the notices
incident-notices-hint = To the Minister, to the Commission, to the persons; a public notice where there is one, and why.
incident-measures = Measures taken to reduce the risk
incident-save = Save
incident-close = Save and close
incident-reopen = Save and open again
incident-changed = Someone else changed this incident meanwhile. Your text is below, nothing is saved: compare, then save.
incident-now = In the register:
incident-refused = Nothing is saved. To correct: “{ $field }”.
case-protect = Incident and evidence
case-incident = Open an incident
case-incident-says = To be opened when information reached the wrong person. A held email is not an incident.
case-incident-do = Open the incident
case-hold = Set a legal hold
case-hold-says = Nothing of the case is destroyed while the hold stands.
case-hold-number = Number of the matter
case-hold-review = To be reviewed on
case-hold-do = Set the hold
case-lift = Lift the legal hold
case-lift-do = Lift the hold
case-held-for = Legal hold, matter { $number }.
case-held-by = Set by { $who }.
case-held-until = To be reviewed on { $date }.
case-evidence = Prepare the evidence pack
case-evidence-says = Facts, decisions, masked findings, trail and sheets to fill in, without the email. The file is encrypted for one person.
case-evidence-key = age public key of this person (age1…)
case-evidence-do = Download the encrypted pack
past-evidence = evidence pack taken out
past-open-incident = incident opened
refusal-review = The review date must be a date to come.
refusal-age-key = The public key begins with age1.
refusal-not-watched = Set a legal hold on the case first, or open an incident.

## Several cases at once

cases-choose = Choose { $case }
cases-together = Decide together
together-title = Decide together
together-cases = { $count ->
        [one] { $count } case chosen
       *[other] { $count } cases chosen
    }
together-says = The same decision applies to each. Each has an entry of its own in the trail, and each sender gets a notice.
together-count = How many cases? Type the number again to confirm.
together-return = Return all
together-take = Take all in hand
together-put-back = Put all back in the list
together-release = Release all
together-delete = Destroy all
together-release-not = Only cases of one rule and one department, of severity 1 to 3, that do not ask for two persons are released together.
together-none = None of the chosen cases waits for your decision.
together-too-many = Choose 50 cases at once at most.
together-count-wrong = The number typed is not that of the chosen cases. Nothing was changed.
together-done = { $count ->
        [one] { $count } case decided.
       *[other] { $count } cases decided.
    }
together-left = { $count ->
        [one] { $count } case left as it was
       *[other] { $count } cases left as they were
    }

## Counter-example

case-counter = Make a counter-example of a false alarm
case-counter-says = A text that raises the same alarm: names and numbers in it are invented, and nothing is left of the email but words that the rules know. The administrator puts it into local.d: from then on vaguemestre check proves it.
case-counter-which = False alarm
case-counter-why = Why it is not confidential
case-counter-why-hint = Without the value itself: “a form number”.
case-counter-do = Download the counter-example
past-counter-example = counter-example made
refusal-no-look-alike = No invented text raises the same alarm. The administrator can write the counter-example by hand.
menu-conformity = Conformity

## Trail

menu-trail = Trail
trail-title = Trail
trail-intro = Who did what, when and why, newest first. What people typed is not shown here.
trail-filter = Filter the trail
trail-who = Login of the person
trail-case = Case number
trail-none = No entry.
trail-number = entry { $number }
trail-at = When
trail-by = Who
trail-why = Why
trail-older = Older entries
access-looked = Content looked at, within 31 days
past-finding = finding { $number }
past-look-up = searched by address
past-access-review = access review signed
past-export-incidents = register of incidents exported
past-destroyed = copy destroyed
past-forgotten = names erased
past-notice-failed = notice not sent
past-resealed = content sealed to the new key
past-account-open = account opened
past-account-federate = account tied to the establishment’s service
past-account-grant = roles changed
past-account-close = account closed
past-account-address = mail address changed
past-aside-destroyed = set-aside message, destroyed
past-aside-taken-back = set-aside message, held again
past-audit-key = new signing key of the trail
past-restored = database of an earlier moment
past-account-renew = access renewed
past-password-change = password changed
past-key-change = authenticator changed
past-recovery-code = recovery code used
past-sign-in = signed in
past-sign-in-failed = sign-in refused
past-sign-out = signed out
