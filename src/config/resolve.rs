//! From what a file writes to settings: defaults, folders derived from one another, checks across keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::model::settings::{self as resolved, Listen, OnFailure, Settings};
use crate::model::{ArticleId, Fault, Limits, Mode, Tools};

use super::section::Reader;
use super::sections as section;
use super::values::{Count, Failure, Field, Folder, GroupRole, ListenAt, Mailbox, Net, Origin, Socket, Text};

/// The whole file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    establishment: section::WrittenEstablishment,
    milter: section::WrittenMilter,
    judging: section::WrittenJudging,
    limits: section::WrittenLimits,
    sandbox: section::WrittenSandbox,
    tools: section::WrittenTools,
    modes: BTreeMap<String, Mode>,
    data: section::WrittenData,
    roster: section::WrittenRoster,
    store: section::WrittenStore,
    relay: section::WrittenRelay,
    review: section::WrittenReview,
    oidc: section::WrittenOidc,
    replies: section::WrittenReplies,
    log: section::WrittenLog,
}

/// Resolves a file; `state_dir` is where state goes when the file does not say. `None` when faults were noted.
pub fn resolve(written: Written, state_dir: &Path, reader: &mut Reader<'_>) -> Option<Settings> {
    let establishment = section::Establishment::fill(written.establishment, reader);
    let milter = section::Milter::fill(written.milter, reader);
    let mode_said = written.judging.mode.is_some();
    let judging = section::Judging::fill(written.judging, reader);
    let limits = section::Limits::fill(written.limits, reader);
    let tools = section::Tools::fill(written.tools, reader);
    let sandbox = section::Sandbox::fill(written.sandbox, reader);
    let data = section::Data::fill(written.data, reader);
    let roster = section::Roster::fill(written.roster, reader);
    let store = section::Store::fill(written.store, reader);
    let relay = section::Relay::fill(written.relay, reader);
    let review = section::Review::fill(written.review, reader);
    let oidc = section::Oidc::fill(written.oidc, reader);
    let replies = section::Replies::fill(written.replies, reader);
    let log = section::Log::fill(written.log, reader);
    let store = store_of(store?, state_dir);
    let judging = judging_of(&judging?, limits_of(&limits?, &tools?), written.modes);
    let judging = resolved::Judging { mode_said, ..judging };
    let replies = replies_of(replies?);
    let settings = Settings {
        establishment: establishment_of(establishment?, replies.as_ref()),
        replies,
        milter: milter_of(milter?, &store.state_dir),
        sandbox: sandbox_of(&sandbox?, judging.workers),
        judging,
        data: data_of(data?),
        roster: roster_of(roster?),
        store,
        relay: relay_of(relay?),
        review: review_of(review?, oidc_of(oidc?, reader), reader),
        log: log.map(|log| resolved::Log { level: log.level.name().to_owned(), json: log.json.0 })?,
    };
    reader.faults.extend(cross_checks(&settings, reader.file));
    Some(settings)
}

fn replies_of(from: section::Replies) -> Option<resolved::Replies> {
    let Mailbox(address) = from.address.0?;
    Some(resolved::Replies {
        address,
        networks: from.networks.into_iter().map(|Net(network)| network).collect(),
    })
}

fn establishment_of(
    from: section::Establishment,
    replies: Option<&resolved::Replies>,
) -> resolved::Establishment {
    resolved::Establishment {
        replies: replies.map(|it| it.address.clone()),
        name: from.name.0,
        phone: from.phone.0.map(|Text(phone)| phone).unwrap_or_default(),
        email: from.email.0.map(|Mailbox(email)| email).unwrap_or_default(),
        service_desk: from.service_desk.0.map(|Text(phone)| phone).unwrap_or_default(),
        case_page: from.case_page.0.map(|page| page.0),
        english: from.english.0,
    }
}

/// The sign-in service, when one is named. Half a description is told: it would be a door that nobody finds.
fn oidc_of(from: section::Oidc, reader: &mut Reader<'_>) -> Option<resolved::Oidc> {
    let (issuer, client_id) = (from.issuer.0?.0, from.client_id.0.map(|Field(id)| id));
    let mut fault = |what: &str, remedy: &str| reader.faults.push(Fault::whole(reader.file, what, remedy));
    let texts = |list: Vec<Text>| list.into_iter().map(|Text(text)| text).collect::<Vec<String>>();
    let scopes = texts(from.scopes);
    if client_id.is_none() {
        fault(
            "`oidc.issuer` is there, `oidc.client_id` is not",
            "give the identifier that the service knows us by",
        );
    }
    let grants = from.grants.0.unwrap_or_default();
    if grants.is_empty() {
        fault("`oidc.grants` is empty: nobody could come in", "say which group gives which role");
    }
    if !scopes.iter().any(|scope| scope == "openid") {
        fault("`oidc.scopes` lacks \"openid\"", "add it: without it the service gives no identity");
    }
    let grant = |it: GroupRole| resolved::GroupGrant {
        group: it.group,
        role: it.role.0,
        departments: it.departments.into_iter().map(|domain| domain.to_ascii_lowercase()).collect(),
    };
    Some(resolved::Oidc {
        issuer,
        client_id: client_id?,
        client_secret_file: folder(from.client_secret_file.0),
        scopes,
        login_claim: from.login_claim.0,
        groups_claim: from.groups_claim.0,
        grants: grants.into_iter().map(grant).collect(),
        second_factor: texts(from.second_factor),
        hosts: texts(from.hosts),
        root_certificates: folder(from.root_certificates.0),
        clock_skew: from.clock_skew.0,
    })
}

/// The senders' listener: somewhere else than the desk's, or it would part nothing.
fn senders_of(
    listen: Option<Socket>,
    url: Option<Origin>,
    desk: core::net::SocketAddr,
    reader: &mut Reader<'_>,
) -> Option<resolved::Senders> {
    let public_url = url.map(|Origin(url)| url);
    let Some(Socket(listen)) = listen else {
        if public_url.is_some() {
            let what = "`review.senders_url` is there, `review.senders_listen` is not";
            reader.faults.push(Fault::whole(reader.file, what, "give the address of the senders' listener"));
        }
        return None;
    };
    if listen == desk {
        let what = "`review.senders_listen` is the same as `review.listen`";
        reader.faults.push(Fault::whole(reader.file, what, "give another port, or leave it out"));
    }
    Some(resolved::Senders { listen, public_url })
}

/// Certificate and key: both or neither.
fn tls_of(
    certificate: Option<Folder>,
    key: Option<Folder>,
    reader: &mut Reader<'_>,
) -> Option<resolved::TlsFiles> {
    let (here, gone) = match (folder(certificate), folder(key)) {
        (Some(certificate), Some(key)) => return Some(resolved::TlsFiles { certificate, key }),
        (None, None) => return None,
        (Some(_), None) => ("tls_certificate", "tls_key"),
        (None, Some(_)) => ("tls_key", "tls_certificate"),
    };
    let what = format!("`review.{here}` is there, `review.{gone}` is not");
    reader.faults.push(Fault::whole(reader.file, what, "give both, or neither behind a proxy"));
    None
}

fn review_of(
    from: section::Review,
    oidc: Option<resolved::Oidc>,
    reader: &mut Reader<'_>,
) -> resolved::Review {
    let article = |Text(id): Text| ArticleId(id);
    resolved::Review {
        oidc,
        senders: senders_of(from.senders_listen.0, from.senders_url.0, from.listen.0, reader),
        tls: tls_of(from.tls_certificate.0, from.tls_key.0, reader),
        listen: from.listen.0,
        public_url: from.public_url.0.map(|origin| origin.0),
        proxies: from.proxies.into_iter().map(|ip| ip.0).collect(),
        two_persons: resolved::TwoPersons {
            articles: from.two_persons_articles.into_iter().map(article).collect(),
            severity: u8::try_from(from.two_persons_severity.0).unwrap_or(u8::MAX),
            recipients: u32::try_from(from.two_persons_recipients.0).unwrap_or(u32::MAX),
        },
    }
}

fn milter_of(from: section::Milter, state_dir: &Path) -> resolved::Milter {
    let mode = from.socket_mode.0.map(|mode| mode.0);
    let group = from.socket_group.0.map(|Text(group)| group);
    let listen = |at: ListenAt| match at {
        ListenAt::Tcp(address) => Listen::Tcp(address),
        ListenAt::Unix(path) => Listen::Unix { path, mode, group: group.clone() },
    };
    resolved::Milter {
        listen: from.listen.into_iter().map(listen).collect(),
        connections: count(from.connections),
        message_size: from.message_size.0,
        memory: from.memory.0,
        spill_above: from.spill_above.0,
        spill_dir: folder(from.spill_dir.0).unwrap_or_else(|| state_dir.join("spill")),
        command_timeout: from.command_timeout.0,
        idle_timeout: from.idle_timeout.0,
        progress_every: from.progress_every.0,
        drain_timeout: from.drain_timeout.0,
    }
}

fn limits_of(from: &section::Limits, tools: &section::Tools) -> Limits {
    Limits {
        bytes: from.content.0,
        attachment: from.attachment.0,
        member: from.member.0,
        ratio: from.ratio.0,
        text: from.text.0,
        attachment_text: from.attachment_text.0,
        depth: small(from.depth),
        mime_depth: small(from.mime_depth),
        mime_parts: small(from.mime_parts),
        parts: small(from.parts),
        xml_depth: small(from.xml_depth),
        xml_attributes: small(from.xml_attributes),
        pdf_pages: small(from.pdf_pages),
        pdf_content: from.pdf_content.0,
        ocr_pages: small(from.ocr_pages),
        fuel: from.fuel.0,
        tools: Tools { pdf: tools.pdftotext.0, ocr: tools.tesseract.0 },
    }
}

fn judging_of(from: &section::Judging, limits: Limits, modes: BTreeMap<String, Mode>) -> resolved::Judging {
    let on_failure = match from.on_failure {
        Failure::Tempfail => OnFailure::Tempfail,
        Failure::Accept => OnFailure::Accept,
    };
    let workers = match count(from.workers) {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        workers => workers,
    };
    resolved::Judging {
        workers,
        queue: count(from.queue),
        limits,
        timeout: from.timeout.0,
        on_failure,
        mark_clean: from.mark_clean.0,
        mode: from.mode,
        mode_said: false,
        modes: modes.into_iter().map(|(id, mode)| (ArticleId(id), mode)).collect(),
    }
}

fn sandbox_of(from: &section::Sandbox, workers: usize) -> resolved::Sandbox {
    resolved::Sandbox {
        workers,
        memory: from.memory.0,
        cpu: from.cpu.0,
        cpu_message: from.cpu_message.0,
        timeout: from.timeout.0,
        recycle_after: small(from.recycle_after),
    }
}

fn data_of(from: section::Data) -> resolved::Data {
    resolved::Data {
        policy: folder(from.policy.0),
        patterns: folder(from.patterns.0),
        recipients: folder(from.recipients.0),
        local: folder(from.local.0),
    }
}

fn roster_of(from: section::Roster) -> resolved::Roster {
    resolved::Roster {
        index: folder(from.index.0),
        staff: folder(from.staff.0),
        key: folder(from.key.0),
        warn_after: from.warn_after.0,
    }
}

fn store_of(from: section::Store, fallback: &Path) -> resolved::Store {
    let state_dir = folder(from.state_dir.0).unwrap_or_else(|| fallback.to_owned());
    let url = || format!("sqlite:{}", state_dir.join("cases.db").display());
    resolved::Store {
        url: from.url.0.map_or_else(url, |url| url.0),
        seal_to: from.seal_to.into_iter().map(|Text(key)| key).collect(),
        identity: folder(from.identity.0),
        undecided: from.undecided.0,
        keep_content: from.keep_content.0,
        keep_cases: from.keep_cases.0,
        state_dir,
    }
}

fn relay_of(from: section::Relay) -> resolved::Relay {
    resolved::Relay {
        release: from.release.0,
        notices: from.notices.0,
        from: from.from.0,
        helo: from.helo.0,
        group_warnings: from.group_warnings.0,
        postfix_config: folder(from.postfix_config.0),
        mail_log: folder(from.mail_log.0),
        timeout: from.timeout.0,
        encrypt_header: from.encrypt_header.0.map(|Field(field)| field).unwrap_or_default(),
        encrypt_subject: from.encrypt_subject.0.map(|Field(words)| words).unwrap_or_default(),
    }
}

fn folder(folder: Option<Folder>) -> Option<PathBuf> {
    folder.map(|Folder(path)| path)
}

fn count(Count(count): Count) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn small(Count(count): Count) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What one key alone cannot tell.
fn cross_checks(settings: &Settings, file: &str) -> Vec<Fault> {
    let milter = &settings.milter;
    let mut faults = Vec::new();
    if milter.memory < milter.message_size.min(milter.spill_above) {
        let what = "`milter.memory` cannot hold one message";
        faults.push(Fault::whole(file, what, "raise it, or lower `milter.spill_above`"));
    }
    let store = &settings.store;
    if store.keep_cases < store.undecided.saturating_add(store.keep_content) {
        let what = "`store.keep_cases` is shorter than `store.undecided` and `store.keep_content` together";
        let then = "raise it: a case is forgotten after its message, not before";
        faults.push(Fault::whole(file, what, then));
    }
    faults
}
