//! Holding, releasing and returning, to the next hop.

use vaguemestre::ports::{KILL_AT, Step};

use crate::support::letters::{COLLEAGUE, Letter, OTHER_COLLEAGUE, SENDER, WEBMAIL, nam};
use crate::support::process::wait_for;
use crate::support::smtp::{Client, Mail, send, stuffed};
use crate::support::stage::{Changes, Stage, case_in};

/// A message that is held when it goes to two colleagues.
pub fn about_a_patient() -> Letter {
    let number = nam("GIRL", (1988, 11, 2), true, '4');
    Letter::new(
        "Suivi de rendez-vous",
        &format!("Bonjour,\n\nNAM : {number}\n\n.une ligne au point\n\nMerci"),
    )
}

#[test]
fn a_released_message_arrives_once_and_byte_for_byte() {
    let stage = Stage::new();
    let letter = about_a_patient();
    let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
    assert_eq!(stage.send(&mail).code, 250);
    let case = stage.case_of(&letter.id);
    stage.release(&case).unwrap();
    let mut delivery = stage.delivered(&letter.id);
    assert!(delivery.carries(&mail.data), "{}", String::from_utf8_lossy(&delivery.data));
    delivery.to.sort();
    assert_eq!(delivery.to, [OTHER_COLLEAGUE, COLLEAGUE]);
    assert!(!delivery.holds("X-Vaguemestre"), "the token left with the message");
    stage.wait_for_notices(&letter.id, 2);

    let again = stage.release(&case);
    assert!(again.is_err(), "a second release was taken: {again:?}");
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 1);
}

/// RFC 3461: who asks to be told of the delivery is told, also where a person released the message in between.
#[test]
fn a_release_keeps_what_the_client_asked_to_be_told() {
    let stage = Stage::new();
    let letter = about_a_patient();
    let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
    let mut client = Client::connect(stage.postfix.ports.normal).unwrap();
    for (command, code) in [
        (format!("MAIL FROM:<{SENDER}> BODY=8BITMIME RET=HDRS ENVID=QQ314159"), 250),
        (format!("RCPT TO:<{COLLEAGUE}> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;clinique@cissslau.example"), 250),
        (format!("RCPT TO:<{OTHER_COLLEAGUE}> NOTIFY=NEVER"), 250),
        ("DATA".to_owned(), 354),
    ] {
        assert_eq!(client.command(&command).unwrap().code, code, "{command}");
    }
    client.write(&stuffed(&mail.data)).unwrap();
    assert_eq!(client.reply().unwrap().code, 250);
    stage.release(&stage.case_of(&letter.id)).unwrap();
    stage.delivered(&letter.id);
    // The next hop of the tests offers no DSN, so Postfix itself says that it handed the message on.
    let told = stage
        .sink
        .wait("the report of delivery", |delivery| delivery.holds("Original-Envelope-Id: QQ314159"));
    assert_eq!(told.to, [SENDER]);
    let about = |recipient: &str| told.holds(&format!("Final-Recipient: rfc822; {recipient}"));
    assert!(about(COLLEAGUE) && !about(OTHER_COLLEAGUE), "{}", String::from_utf8_lossy(&told.data));
}

/// A message that no case names, as after a restore, is found by its file, and goes its way once a person took it back.
#[test]
fn a_message_without_its_case_is_listed_and_taken_back() {
    let stage = Stage::new();
    let letter = about_a_patient();
    let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
    assert_eq!(stage.send(&mail).code, 250);
    let case = stage.case_of(&letter.id);
    let content = stage.service.state().join("content");
    let sealed = std::fs::read_dir(&content).unwrap().flatten().find(|entry| entry.path().is_file()).unwrap();
    let aside = content.join("set-aside");
    std::fs::create_dir_all(&aside).unwrap();
    for name in ["0001.age", "0002.age"] {
        std::fs::copy(sealed.path(), aside.join(name)).unwrap();
    }
    stage.service.cases(&["return", &case, "--reason", "à refaire"]).unwrap();
    let list = stage.service.cases(&["set-aside"]).unwrap();
    assert!(list.contains("0001.age") && list.contains("0002.age") && !list.contains(SENDER), "{list}");
    let list = stage.service.cases(&["set-aside", "--reveal"]).unwrap();
    assert!(list.contains(&letter.id) && list.contains(SENDER), "{list}");
    stage.service.cases(&["set-aside", "delete", "0002.age", "--reason", "copie en double"]).unwrap();
    let taken = stage.service.cases(&[
        "set-aside",
        "take-back",
        "0001.age",
        "--from",
        SENDER,
        "--to",
        COLLEAGUE,
        "--to",
        OTHER_COLLEAGUE,
        "--reason",
        "base restaurée",
    ]);
    let taken = taken.unwrap();
    let again = taken.rsplit(' ').next().unwrap().trim().to_owned();
    assert_ne!(again, case);
    assert!(stage.service.cases(&["set-aside"]).unwrap().contains("none"));
    stage.release(&again).unwrap();
    assert!(stage.delivered(&letter.id).carries(&mail.data));
}

/// postconf(5), local_header_rewrite_clients: Postfix adds headers to mail from its own machine, and completes addresses; a release comes
/// from there, the message came from elsewhere. The listener as deployed leaves it as it is; one that does not loses nothing.
#[test]
fn a_release_whose_header_postfix_rewrites_arrives() {
    for (rewrites, untouched) in
        [("release_rewrites =", true), ("release_rewrites = permit_inet_interfaces", false)]
    {
        let stage = Stage::with(&Changes { postfix: &["client_rewrites =", rewrites], ..Changes::default() });
        let letter = about_a_patient()
            .field("Disposition-Notification-To: secretariat")
            .field("Resent-From: secretariat");
        let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
        assert_eq!(stage.send(&mail).code, 250);
        stage.release(&stage.case_of(&letter.id)).unwrap();
        let delivery = stage.delivered(&letter.id);
        assert_eq!(delivery.carries(&mail.data), untouched, "{}", String::from_utf8_lossy(&delivery.data));
        assert_eq!(delivery.holds("Resent-Message-Id"), !untouched);
        stage.postfix.drain();
        assert_eq!(stage.copies(&letter.id), 1);
    }
}

/// Architecture, decision 7: "so that aliases, virtual maps and archive copies happen as for any mail".
#[test]
fn a_release_goes_through_aliases_virtual_maps_and_archive_copies() {
    let stage = Stage::with(&Changes {
        postfix: &[
            "virtual_alias_maps = inline:{groupe@cissslau.example=v1@cissslau.example}",
            "always_bcc = archive@cissslau.example",
        ],
        aliases: &[("equipe", "e1@cissslau.example, e2@cissslau.example")],
        ..Changes::default()
    });
    let letter = about_a_patient();
    let mail = letter.to(&["equipe@alias.example", "groupe@cissslau.example", WEBMAIL]);
    let held = stage.send(&mail);
    assert_eq!(held.code, 550, "with a webmail it is refused, whatever the others: {held:?}");

    let letter = about_a_patient();
    let mail = letter.to(&["groupe@cissslau.example", COLLEAGUE]);
    assert_eq!(stage.send(&mail).code, 250);
    stage.release(&stage.case_of(&letter.id)).unwrap();
    for to in ["v1@cissslau.example", COLLEAGUE, "archive@cissslau.example"] {
        let got = stage
            .sink
            .wait(to, |it| !it.from.is_empty() && it.holds(&letter.id) && it.to.iter().any(|got| got == to));
        assert!(got.holds("Merci"));
    }
    stage.postfix.drain();
    let to: Vec<String> = stage
        .sink
        .holding(&letter.id)
        .into_iter()
        .filter(|it| !it.from.is_empty())
        .flat_map(|it| it.to)
        .collect();
    assert_eq!(to.len(), 3, "each once: {to:?}");
}

#[test]
fn a_release_goes_through_a_local_alias() {
    let stage = Stage::with(&Changes {
        service: &[("data", &with_internal("alias.example"))],
        aliases: &[("equipe", "e1@cissslau.example, e2@cissslau.example")],
        ..Changes::default()
    });
    let letter = about_a_patient();
    assert_eq!(stage.send(&letter.to(&["equipe@alias.example", COLLEAGUE])).code, 250);
    stage.release(&stage.case_of(&letter.id)).unwrap();
    for to in ["e1@cissslau.example", "e2@cissslau.example", COLLEAGUE] {
        stage
            .sink
            .wait(to, |it| !it.from.is_empty() && it.holds(&letter.id) && it.to.iter().any(|got| got == to));
    }
}

/// A folder of recipient lists that knows one more internal domain, as a line of configuration.
fn with_internal(domain: &str) -> String {
    let folder = tempfile::tempdir().unwrap().keep();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/recipients");
    for entry in std::fs::read_dir(shipped).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let text = text.replace(
            "domains = [\"cissslau.example\"]",
            &format!("domains = [\"cissslau.example\", \"{domain}\"]"),
        );
        std::fs::write(folder.join(entry.file_name()), text).unwrap();
    }
    format!("recipients = {folder:?}")
}

/// Architecture, decision 5: "a retry finds its case instead of doubling it".
#[test]
fn the_same_message_sent_again_finds_its_case() {
    let stage = Stage::new();
    let letter = about_a_patient();
    let mail = letter.to(&[COLLEAGUE, OTHER_COLLEAGUE]);
    for _ in 0..3 {
        assert_eq!(stage.send(&mail).code, 250);
    }
    let case = stage.case_of(&letter.id);
    stage.release(&case).unwrap();
    stage.delivered(&letter.id);
    stage.wait_for_notices(&letter.id, 2);
    stage.postfix.drain();
    assert_eq!(
        (stage.copies(&letter.id), stage.notices(&letter.id)),
        (1, 2),
        "one held notice, one released notice"
    );
}

/// "No mail lost": devices write everything in the subject, and no Message-ID. What is taken for a retry reaches nobody.
#[test]
fn messages_that_differ_in_their_subject_alone_are_cases_of_their_own() {
    let stage = Stage::new();
    let patients = [nam("ROYP", (1990, 1, 15), false, '2'), nam("BOUD", (1960, 4, 15), false, '1')];
    let subjects = [
        format!("NAM {}", patients[0]),
        format!("NAM {} (2e avis)", patients[0]),
        format!("NAM {}", patients[1]),
    ];
    for subject in subjects.iter().chain(&subjects) {
        let data = format!("From: {SENDER}\r\nSubject: Résultat critique, {subject}\r\n\r\nVoir objet.\r\n");
        let mail = Mail::new(SENDER, &[COLLEAGUE, OTHER_COLLEAGUE], data);
        assert_eq!(stage.send(&mail).code, 250);
    }
    let cases = stage.service.cases(&["list"]).unwrap();
    let numbers = cases.lines().filter_map(case_in).count();
    assert_eq!(numbers, subjects.len(), "{cases}");
}

/// The order of recipients is not part of a message's identity; a further recipient is.
#[test]
fn another_recipient_makes_another_case() {
    let stage = Stage::new();
    let letter = about_a_patient();
    let envelopes = [
        vec![COLLEAGUE, OTHER_COLLEAGUE],
        vec![OTHER_COLLEAGUE, COLLEAGUE],
        vec![COLLEAGUE, OTHER_COLLEAGUE, "tiers@cissslau.example"],
    ];
    let mail = letter.to(&[COLLEAGUE]);
    for to in envelopes {
        let mail = Mail { to: to.into_iter().map(str::to_owned).collect(), ..mail.clone() };
        assert_eq!(stage.send(&mail).code, 250);
    }
    stage.wait_for_notices(&letter.id, 2);
    stage.postfix.drain();
    assert_eq!(stage.notices(&letter.id), 2);
}

#[test]
fn a_returned_message_is_told_to_its_sender_and_not_delivered() {
    let stage = Stage::new();
    let letter = about_a_patient();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    let case = stage.case_of(&letter.id);
    stage.service.cases(&["return", &case, "--reason", "Trop de destinataires"]).unwrap();
    stage.wait_for_notices(&letter.id, 2);
    assert!(stage.release(&case).is_err(), "a returned case was released");
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 0);
}

/// Milter study, section 5: "Never trust a plain header: `X-...-Released: yes` is a bypass."
#[test]
fn an_invented_token_opens_nothing() {
    let stage = Stage::new();
    for port in [stage.postfix.ports.normal, stage.postfix.ports.release] {
        let letter = about_a_patient().field("X-Vaguemestre-Release: 1.1.0123456789abcdef0123456789abcdef");
        let reply = send(port, &letter.to(&[WEBMAIL])).unwrap();
        assert_eq!(reply.code, 451, "{reply:?}");
        stage.postfix.drain();
        assert_eq!(stage.copies(&letter.id), 0);
    }
    let metrics = stage.service.get("/metrics").1;
    assert!(metrics.contains("vaguemestre_release_headers_total{claim=\"foreign\"} 2"), "{metrics}");
}

/// Review study, 2.3, step 4: "asks for the stored queue id in `postqueue -j` and in the log: found means `relâché`". Here
/// there is no log, and the copy waits in the queue.
#[test]
fn a_release_in_doubt_is_found_in_the_queue_of_postfix() {
    let mut stage = Stage::with(&Changes {
        service: &[("relay", "mail_log = \"/nonexistent/maillog\"")],
        postfix: &["defer_transports = smtp", "minimal_backoff_time = 1s", "queue_run_delay = 1s"],
        ..Changes::default()
    });
    stage.service.kill();
    stage.service.set(KILL_AT, Step::ReleaseAnswered.name());
    stage.service.start();
    let letter = about_a_patient();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    let case = wait_for("the case", || case_in(&stage.service.log()));
    assert!(stage.release(&case).is_err(), "the service died as the MTA answered");
    wait_for("its end", || (!stage.service.runs()).then_some(()));
    stage.service.unset(KILL_AT);
    stage.service.start();
    wait_for("the doubt to be settled", || {
        stage.service.cases(&["show", &case]).unwrap().contains("released").then_some(())
    });
    assert!(stage.service.log().contains("doubt settled"), "{}", stage.service.log());

    let config = stage.postfix.config().join("main.cf");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("defer_transports = smtp", "")).unwrap();
    stage.postfix.reload();
    // The queue may be asked before it has read that delivery goes on.
    wait_for("the delivery", || {
        stage.postfix.flush();
        std::thread::sleep(std::time::Duration::from_millis(500));
        (stage.copies(&letter.id) > 0).then_some(())
    });
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 1);
}
