//! An invented patient goes through everything, and is then looked for wherever a machine keeps text.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, OTHER_COLLEAGUE, WEBMAIL, nam};
use crate::support::smtp::Mail;
use crate::support::stage::Stage;

/// What identifies the patient, and what a sender wrote: none of it may be found.
fn traces() -> Vec<String> {
    let number = nam("VAIZ", (1957, 8, 30), true, '7');
    let spaced = format!("{} {} {}", &number[..4], &number[4..8], &number[8..]);
    let words = ["Vaillancourt", "Zélandine", "1957-08-30", "bordereau-confidentiel", "motif-tres-secret"];
    words.iter().map(|&word| word.to_owned()).chain([number, spaced]).collect()
}

fn letter(subject: &str) -> Letter {
    let number = nam("VAIZ", (1957, 8, 30), true, '7');
    let body = format!(
        "Bonjour,\n\nLa patiente Zélandine Vaillancourt, née le 1957-08-30 (NAM {number}), a reçu son diagnostic de diabète.\n\
         motif-tres-secret\n"
    );
    Letter::new(&format!("{subject} Vaillancourt {number}"), &body).attach(
        "bordereau-confidentiel Vaillancourt.csv",
        "text/csv",
        format!("nom,nam\nVaillancourt,{number}\n").as_bytes(),
    )
}

/// Sends the patient through every verdict, a release, a return, a retry, a broken message and a fault.
fn live_through_everything(stage: &mut Stage) {
    for to in [&[WEBMAIL][..], &[EXTERNAL], &[COLLEAGUE]] {
        stage.send(&letter("Suivi").to(to));
    }
    let (released, returned) = (letter("À relâcher"), letter("À retourner"));
    for held in [&released, &returned] {
        assert_eq!(stage.send(&held.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    }
    stage.release(&stage.case_of(&released.id)).unwrap();
    stage
        .service
        .cases(&["return", &stage.case_of(&returned.id), "--reason", "Plusieurs destinataires"])
        .unwrap();
    stage.wait_for_notices(&released.id, 2);
    stage.wait_for_notices(&returned.id, 2);
    let broken = letter("Brisé").to(&[EXTERNAL]);
    stage.send(&Mail { data: broken.data[..broken.data.len() - 40].to_vec(), ..broken });
    stage.send(&letter("Grand").field(&format!("X-Long: {}", "x".repeat(990))).to(&[WEBMAIL]));
    let _ = stage.service.cases(&["list"]);
    stage.service.kill();
    stage.send(&letter("Absent").to(&[WEBMAIL]));
    stage.service.start();
    stage.send(&letter("Encore").to(&[WEBMAIL]));
    stage.postfix.drain();
}

#[test]
fn a_patient_leaves_no_trace_outside_sealed_content() {
    let mut stage = Stage::new();
    live_through_everything(&mut stage);

    let mut places: Vec<(String, Vec<u8>)> = vec![
        ("the service's log".to_owned(), stage.service.log().into_bytes()),
        ("the metrics".to_owned(), stage.service.get("/metrics").1.into_bytes()),
        ("the readiness".to_owned(), stage.service.get("/readyz").1.into_bytes()),
        ("the list of cases".to_owned(), stage.service.cases(&["list"]).unwrap().into_bytes()),
    ];
    for notice in stage.sink.deliveries().iter().filter(|delivery| delivery.from.is_empty()) {
        places.push(("a notice".to_owned(), [notice.data.clone(), notice.text().into_bytes()].concat()));
    }
    assert!(places.len() > 8, "notices were looked at");
    let files = files(&stage.service.state());
    assert!(files.iter().any(|file| file.ends_with("cases.db")), "{files:?}");
    places.extend(files.iter().map(|file| (file.display().to_string(), fs::read(file).unwrap())));
    for (place, bytes) in &places {
        for trace in traces() {
            assert!(!holds(bytes, &trace), "`{trace}` stands in {place}");
        }
    }
    // The local part of addresses is personal too: not in logs, not in metrics.
    for (place, bytes) in places.iter().take(3) {
        for address in [WEBMAIL, EXTERNAL, COLLEAGUE] {
            assert!(!holds(bytes, address), "`{address}` stands in {place}");
        }
    }
}

/// The patient is in the next hop's copies, so the search can fail.
#[test]
fn the_search_finds_what_is_there() {
    assert!(holds("… Zélandine …".as_bytes(), "zélandine") && !holds(b"Zelande", "Zélandine"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut pending = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

/// Looks for a text in UTF-8, whatever its case, in UTF-16, and as base64 would show it at any of three offsets.
fn holds(bytes: &[u8], text: &str) -> bool {
    let lower = String::from_utf8_lossy(bytes).to_lowercase();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = (0..3).map(|offset| {
        let padded = [vec![b' '; offset], text.as_bytes().to_vec()].concat();
        let whole = data_encoding::BASE64.encode(&padded[..padded.len() / 3 * 3]);
        whole.as_bytes()[usize::from(offset > 0) * 4..].to_vec()
    });
    let within =
        |needle: &[u8]| needle.len() > 3 && bytes.windows(needle.len()).any(|window| window == needle);
    lower.contains(&text.to_lowercase())
        || within(&wide)
        || encoded.into_iter().any(|needle| needle.len() > 7 && within(&needle))
}
