//! Every setting there is, described once: what it means, its default, its range, since when.
//!
//! The doc comments below are what `config/vaguemestre.toml` shows.

use serde::Deserialize;
use toml::Spanned;

use crate::model::Mode;

use super::section::{Described, Maybe, Reader, section};
use super::values::{
    CasePage, Count, Database, Failure, Field, FileMode, Folder, GroupRole, Ip, Issuer, Level, ListenAt,
    Mailbox, Net, Origin, Size, Socket, Span, Switch, Text,
};

section! {
    /// Who runs this service, as notices name it.
    Establishment / WrittenEstablishment = "establishment" {
        /// Name shown in notices.
        name: Text = "\"Votre établissement\"", "", "0.1";
        /// Telephone of the archivists, with extension. To be set: refusals and notices tell people whom to ask.
        phone: Maybe<Text> = "# \"450 555-0100, poste 5500\"", "", "0.1";
        /// Mail address of the archivists. To be set.
        email: Maybe<Mailbox> = "# \"archives@exemple.qc.ca\"", "", "0.1";
        /// Telephone of the service desk, for security incidents. To be set.
        service_desk: Maybe<Text> = "# \"450 555-0100, poste 7777\"", "", "0.1";
        /// Page that explains a case, with `{case}` where its number goes. Without one, notices give the contact.
        case_page: Maybe<CasePage> = "# \"https://courriel.exemple.qc.ca/c/{case}\"", "", "0.1";
        /// Whether an English version follows the French in notices and replies.
        english: Switch = "false", "", "0.1";
    }
}

section! {
    /// How the MTA reaches us.
    Milter / WrittenMilter = "milter" {
        /// Sockets to open. When systemd hands some over, those are used and these are not opened.
        /// Forms: "inet:HOST:PORT", "inet6:[HOST]:PORT", "unix:/path".
        listen: Vec<ListenAt> = "[\"inet:127.0.0.1:8891\"]", "", "0.1";
        /// Permissions of socket files, in octal.
        socket_mode: Maybe<FileMode> = "# \"0660\"", "", "0.1";
        /// Group of socket files: the MTA's.
        socket_group: Maybe<Text> = "# \"postfix\"", "", "0.1";
        /// Most connections served at once; mail of a further one gets a 451.
        connections: Count = "1000", "1 to 100000", "0.1";
        /// Largest message; a larger one gets a 552. Set it no lower than Postfix' message_size_limit.
        message_size: Size = "\"64 MiB\"", "64 KiB to 1 GiB", "0.1";
        /// Messages in reception kept in memory, over all connections; past it, a 451.
        memory: Size = "\"256 MiB\"", "1 MiB to 64 GiB", "0.1";
        /// A message larger than this spills to a file.
        spill_above: Size = "\"1 MiB\"", "64 KiB to 1 GiB", "0.1";
        /// Folder for spilled messages; by default `spill` in the state folder.
        spill_dir: Maybe<Folder> = "# \"/var/lib/vaguemestre/spill\"", "", "0.1";
        /// Longest wait between two commands of one message. Postfix' milter_content_timeout is 300s.
        command_timeout: Span = "\"310s\"", "1s to 1 h", "0.1";
        /// Longest silence of a connection between messages.
        idle_timeout: Span = "\"10 min\"", "1s to 1 d", "0.1";
        /// How often the MTA hears that a long scan goes on.
        progress_every: Span = "\"10s\"", "100 ms to 60s", "0.1";
        /// Longest wait for messages in hand when stopping.
        drain_timeout: Span = "\"30s\"", "0s to 10 min", "0.1";
    }
}

section! {
    /// How messages are judged. A new installation observes: articles are written to the journal and change
    /// nothing. Raise them one by one under [modes] once the journal shows them to be right.
    Judging / WrittenJudging = "judging" {
        /// Messages judged at once; 0 is one for each core.
        workers: Count = "0", "0 to 1024", "0.1";
        /// Most messages that wait to be judged; a further one gets a 451 at once.
        queue: Count = "500", "1 to 100000", "0.1";
        /// How far articles may act: "observe" (journal only), "warn" (at most a warning) or "enforce".
        mode: Mode = "\"observe\"", "", "0.1";
        /// What happens when a message cannot be judged: "tempfail" (451: the MTA keeps it and tries again), or
        /// "accept", which is allowed only while every article observes.
        on_failure: Failure = "\"tempfail\"", "", "0.1";
        /// Whether clean messages get the X-Vaguemestre header too (only when all recipients are internal or network).
        mark_clean: Switch = "false", "", "0.1";
        /// Wall clock for one message: a net under the fuel. The first time it fires is a 451.
        timeout: Span = "\"2 min\"", "1s to 290s", "0.1";
    }
}

section! {
    /// The processes that read attachments. Messages and text are read by the service itself; every other format, and text of more
    /// than 4 MiB, is read by a process of its own that can open nothing, reach nobody, and whose end costs no more than one
    /// attachment. There are as many as messages judged at once, and `scan` and `extract` use them too.
    Sandbox / WrittenSandbox = "sandbox" {
        /// Address space of each. Leave the service's own memory and this much for each process (MemoryMax in its unit).
        memory: Size = "\"768 MiB\"", "256 MiB to 16 GiB", "0.1";
        /// Processor time for one attachment; past it, the rest is a gap (too-costly).
        cpu: Span = "\"20s\"", "1s to 5 min", "0.1";
        /// Processor time for all attachments of a message.
        cpu_message: Span = "\"60s\"", "1s to 10 min", "0.1";
        /// Wall clock for one attachment. The first time it fires, the message gets a 451, since the machine may be at fault; when
        /// the same message comes again, the attachment is a gap (too-costly).
        timeout: Span = "\"45s\"", "1s to 280s", "0.1";
        /// Files after which a process is replaced by a fresh one.
        recycle_after: Count = "200", "1 to 1000000", "0.1";
    }
}

section! {
    /// How much of a message is read. What lies past a limit is a gap: what came before it is judged, the policy decides about the
    /// rest, and `scan` and `extract` say how much was read. Nothing is passed over in silence.
    Limits / WrittenLimits = "limits" {
        /// Most decoded and unpacked content of a message, over all attachments.
        content: Size = "\"400 MiB\"", "1 MiB to 4 GiB", "0.1";
        /// Most of one attachment.
        attachment: Size = "\"50 MiB\"", "64 KiB to 1 GiB", "0.1";
        /// Most of one member of an archive, unpacked.
        member: Size = "\"100 MiB\"", "64 KiB to 1 GiB", "0.1";
        /// Most bytes that a packed byte may unfold to, past the first 10 MiB.
        ratio: Count = "200", "10 to 10000", "0.1";
        /// Most text of a message.
        text: Size = "\"100 MiB\"", "1 MiB to 1 GiB", "0.1";
        /// Most text of one attachment, with all that is inside it.
        attachment_text: Size = "\"20 MiB\"", "64 KiB to 1 GiB", "0.1";
        /// Deepest nesting of messages and archives.
        depth: Count = "16", "1 to 64", "0.1";
        /// Deepest nesting of the parts of one message.
        mime_depth: Count = "64", "1 to 200", "0.1";
        /// Most parts of one message.
        mime_parts: Count = "5000", "10 to 100000", "0.1";
        /// Most parts and members of archives, over all.
        parts: Count = "10000", "10 to 100000", "0.1";
        /// Deepest nesting of elements in a part of an Office or OpenDocument file. What is deeper is read as bare text.
        xml_depth: Count = "5000", "100 to 100000", "0.1";
        /// Most attributes of one element of such a part. Further ones are read as bare text.
        xml_attributes: Count = "1000", "10 to 100000", "0.1";
        /// Most pages of one PDF.
        pdf_pages: Count = "2000", "1 to 100000", "0.1";
        /// Most content of one PDF, unpacked.
        pdf_content: Size = "\"256 MiB\"", "1 MiB to 1 GiB", "0.1";
        /// Most pages of one PDF whose letters are read, where `tesseract` is on.
        ocr_pages: Count = "25", "1 to 10000", "0.1";
        /// Most work for one message, in steps of about one decoded byte: a count, not a time, so that every machine
        /// stops at the same place.
        fuel: Count = "2_000_000_000", "1000000 to 1000000000000", "0.1";
    }
}

section! {
    /// Programs of others that read what ours do not, confined like our own readers, with neither network nor files but their own.
    /// One that is not installed is told of at the start, and reading goes on without it.
    Tools / WrittenTools = "tools" {
        /// Whether `pdftotext` (Debian: poppler-utils) reads a PDF again in which our reader finds little or nothing. It costs
        /// about 30 ms for such a file.
        pdftotext: Switch = "true", "", "0.1";
        /// Whether `tesseract` (Debian: tesseract-ocr, tesseract-ocr-fra, poppler-utils) reads the letters in pictures and in the
        /// first pages of a PDF that are scanned or show a picture (limits.ocr_pages). It costs one to several seconds of a core for
        /// each picture or page: every signature's logo is one. While it is off, a scanned page is a gap (unsupported), and a picture
        /// is not read.
        tesseract: Switch = "false", "", "0.1";
    }
}

section! {
    /// Folders of *.toml files that replace what ships inside the program. Copy the shipped folder first.
    Data / WrittenData = "data" {
        /// Articles of directives and the definitions they use.
        policy: Maybe<Folder> = "# \"/etc/vaguemestre/policy\"", "", "0.1";
        /// Detection rules, with their word lists in the folder `lexicons`.
        patterns: Maybe<Folder> = "# \"/etc/vaguemestre/patterns\"", "", "0.1";
        /// Recipient lists: internal, network, partner, webmail.
        recipients: Maybe<Folder> = "# \"/etc/vaguemestre/recipients\"", "", "0.1";
        /// The establishment's own rules, changes of shipped rules, exceptions and words, beside what ships: local.d/README.md
        /// shows them. By default the folder `local.d` beside this file, when there is one.
        local: Maybe<Folder> = "# \"/etc/vaguemestre/local.d\"", "", "0.1";
    }
}

section! {
    /// Who the patients are, as a keyed index that `vaguemestre roster build` makes of an export. Without one, names are told
    /// by what stands around them.
    Roster / WrittenRoster = "roster" {
        /// The index of patients. A new one is taken up within a minute, or at once at a reload.
        index: Maybe<Folder> = "# \"/var/lib/vaguemestre-roster/patients.idx\"", "", "0.1";
        /// The index of the staff directory, made with the same key.
        staff: Maybe<Folder> = "# \"/var/lib/vaguemestre-roster/staff.idx\"", "", "0.1";
        /// The key of both, a file of mode 0600; by default systemd's credential `roster.key`, else the file beside the index.
        key: Maybe<Folder> = "# \"/etc/vaguemestre/roster.key\"", "", "0.1";
        /// An index older than this is told of in the log and on /readyz: the nightly export is late.
        warn_after: Span = "\"2 days\"", "1 h to 365 days", "0.1";
    }
}

section! {
    /// Where cases are kept.
    Store / WrittenStore = "store" {
        /// Folder of the database, sealed content and keys. By default the one systemd gives (STATE_DIRECTORY), else
        /// /var/lib/vaguemestre.
        state_dir: Maybe<Folder> = "# \"/var/lib/vaguemestre\"", "", "0.1";
        /// The database; by default `cases.db` in the state folder. Several machines share a PostgreSQL database:
        /// "postgres://vaguemestre@db.cisss.example/vaguemestre". Keep its password in the service's ~/.pgpass, not here.
        /// Over a network the connection is encrypted, and the server proved by its certificate and name, as with `?sslmode=verify-full`;
        /// add `&sslrootcert=/etc/vaguemestre/db-ca.pem` for an authority of your own. In a tunnel, say `?sslmode=disable`.
        url: Maybe<Database> = "# \"sqlite:/var/lib/vaguemestre/cases.db\"", "", "0.1";
        /// age public keys that held content is sealed to; by default the one in the state folder.
        seal_to: Vec<Text> = "[]", "", "0.1";
        /// age private key of the review service, a file of mode 0600; by default the one in the state folder.
        identity: Maybe<Folder> = "# \"/etc/vaguemestre/review.key\"", "", "0.1";
        /// An undecided case goes back to the sender after this.
        undecided: Span = "\"15 days\"", "1 h to 365 days", "0.1";
        /// Sealed content is destroyed this long after the decision.
        keep_content: Span = "\"7 days\"", "0s to 365 days", "0.1";
        /// Sender, recipients and masked findings of an ended case are forgotten this long after the message came; counts stay.
        keep_cases: Span = "\"1827 days\"", "1 d to 36500 days", "0.1";
    }
}

section! {
    /// How mail leaves us.
    Relay / WrittenRelay = "relay" {
        /// Private listener of the MTA that takes releases; its milter is ours.
        release: Socket = "\"127.0.0.1:10026\"", "", "0.1";
        /// Listener of the MTA that takes notices.
        notices: Socket = "\"127.0.0.1:25\"", "", "0.1";
        /// Address in the From field of notices; their envelope sender is empty.
        from: Mailbox = "\"vaguemestre@localhost\"", "", "0.1";
        /// Name given in HELO.
        helo: Text = "\"localhost\"", "", "0.1";
        /// Warnings to one sender within this are told in one notice.
        group_warnings: Span = "\"10 min\"", "0s to 1 d", "0.1";
        /// Configuration folder of the Postfix instance; by default Postfix' own.
        postfix_config: Maybe<Folder> = "# \"/etc/postfix\"", "", "0.1";
        /// Postfix' mail log, where a release in doubt is looked up.
        mail_log: Maybe<Folder> = "# \"/var/log/mail.log\"", "", "0.1";
        /// Longest wait for one SMTP step.
        timeout: Span = "\"60s\"", "1s to 10 min", "0.1";
        /// Header field by which a release asks the approved service to encrypt the message, as the transport of your MTA or tenant
        /// expects it. Without one and without a subject tag, no release with encryption is offered.
        encrypt_header: Maybe<Field> = "# \"X-Encrypt: yes\"", "", "0.1";
        /// Words put before the subject that ask for the same.
        encrypt_subject: Maybe<Field> = "# \"[chiffrer]\"", "", "0.1";
    }
}

section! {
    /// The review service: health, readiness, metrics, and the pages of reviewers and senders.
    Review / WrittenReview = "review" {
        /// Address of the HTTP listener.
        listen: Socket = "\"127.0.0.1:8892\"", "", "0.1";
        /// Address of a second listener that serves the senders' page alone (`/c/…`), with the same certificate: whoever reaches it does not
        /// reach the desk. Without it, the one listener serves both.
        senders_listen: Maybe<Socket> = "# \"10.0.0.5:8893\"", "", "0.1";
        /// Where browsers reach that one, without a path; `establishment.case_page` begins with it.
        senders_url: Maybe<Origin> = "# \"https://courriel.exemple.qc.ca\"", "", "0.1";
        /// Certificate of the pages, with those above it (PEM): the listener then speaks TLS (1.2 or 1.3) itself. Without it, a proxy
        /// does. A reload (SIGHUP) takes up a new certificate; connections in hand go on.
        tls_certificate: Maybe<Folder> = "# \"/etc/vaguemestre/tls/desk.pem\"", "", "0.1";
        /// Its private key (PEM), a file of mode 0600 or systemd's credential.
        tls_key: Maybe<Folder> = "# \"/etc/vaguemestre/tls/desk.key\"", "", "0.1";
        /// Where browsers reach the pages, without a path. A proxy in front passes the host on. Without it, the pages answer on loopback
        /// names only.
        public_url: Maybe<Origin> = "# \"https://bureau.exemple.qc.ca\"", "", "0.1";
        /// Addresses of proxies whose X-Forwarded-For header is believed.
        proxies: Vec<Ip> = "[]", "", "0.1";
        /// A release where one of these articles spoke needs a second person.
        two_persons_articles: Vec<Text> = "[]", "", "0.1";
        /// So does one of a case of this severity (1 to 4) or graver; 0 is never.
        two_persons_severity: Count = "4", "0 to 4", "0.1";
        /// So does one of a message to so many recipients or more; 0 is never.
        two_persons_recipients: Count = "10", "0 to 100000", "0.1";
    }
}

section! {
    /// Answers by mail: the notice of a held message may be answered, from inside, to an address that holds the case's token after a `+`. Who
    /// answers must be the sender of the message, by envelope and by From. Let Postfix take the address (README.md): our milter
    /// sees the answer first and keeps it.
    Replies / WrittenReplies = "replies" {
        /// The address, without a token. Without it, notices are answered on the page alone.
        address: Maybe<Mailbox> = "# \"reponse@courriel.exemple.qc.ca\"", "", "0.1";
        /// Networks of yours: the servers or workstations that hand over your own people's mail. Whoever signed in to the MTA needs none.
        networks: Vec<Net> = "[\"127.0.0.0/8\", \"::1/128\"]", "", "0.1";
    }
}

section! {
    /// Signing in with the establishment's own accounts (Microsoft Entra ID or any other service that speaks OpenID Connect).
    /// Register "PUBLIC_URL/sign-in/return" there as the address of return. Accounts made by `vaguemestre accounts` stay, for
    /// the day this service is away. The client secret and the certificates are read at the start.
    Oidc / WrittenOidc = "oidc" {
        /// Name of the service, as its tokens write it. Without it, only our own accounts sign in.
        issuer: Maybe<Issuer> = "# \"https://login.microsoftonline.com/TENANT-ID/v2.0\"", "", "0.1";
        /// Our name there: the application's (client) identifier.
        client_id: Maybe<Field> = "# \"00000000-0000-0000-0000-000000000000\"", "", "0.1";
        /// File of the client secret, one line, mode 0600 or systemd's credential. Without one, we are a public client.
        client_secret_file: Maybe<Folder> = "# \"/etc/vaguemestre/oidc.secret\"", "", "0.1";
        /// What is asked for; `openid` must be there.
        scopes: Vec<Text> = "[\"openid\", \"profile\", \"email\"]", "", "0.1";
        /// The claim that becomes the login, as the audit trail shows it. A person keeps the login of their first time.
        login_claim: Text = "\"preferred_username\"", "", "0.1";
        /// The claim that lists groups or roles, such as "groups", "roles" (application roles of Entra ID) or a path: "/realm_access/roles".
        groups_claim: Text = "\"groups\"", "", "0.1";
        /// Which group gives which role (archivist, approver, admin, compliance, auditor), for the mail of which domains; without
        /// `departments`, for all. Who is in none of these groups does not come in.
        grants: Maybe<Vec<GroupRole>> = "# [{ group = \"GROUP-ID\", role = \"archivist\", departments = [\"dsp.cisss.example\"] }]", "", "0.1";
        /// Words of which the token's `amr`, `acr` or `acrs` must hold one: proof of a second factor. An empty list asks for none:
        /// only where the service itself asks everyone for one.
        second_factor: Vec<Text> = "[\"mfa\"]", "", "0.1";
        /// Hosts that the service answers from besides its issuer's. Nothing else is ever connected to.
        hosts: Vec<Text> = "[]", "", "0.1";
        /// Certificates of the authorities trusted for it (PEM), in place of the system's.
        root_certificates: Maybe<Folder> = "# \"/etc/vaguemestre/idp-ca.pem\"", "", "0.1";
        /// How far its clock may differ from ours.
        clock_skew: Span = "\"60s\"", "0s to 5 min", "0.1";
    }
}

section! {
    /// What is logged, on stderr. No log holds a subject, a local part, a file name or an excerpt.
    Log / WrittenLog = "log" {
        /// "error" (the service fails), "warn" (an operator should act), "info" (one line a message) or "debug".
        level: Level = "\"info\"", "", "0.1";
        /// JSON lines instead of text.
        json: Switch = "false", "", "0.1";
    }
}
