//! Content within content that programs of everyday write: files in base64 in texts and in parts of packages, pages printed to a file, filters
//! and shapes, parts of a message that was cut in several, letters of two bytes.

use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, Reading};

use super::bombs::{has, read};
use super::packages::zip;
use super::text;

const SAYS: &str = "TREM04121925";
const LIST: &[u8] = b"Nom;NAM\nTremblay, Ana;TREM04121925\n";

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// A zip whose content does not show.
fn packed() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, LIST).unwrap();
    zip(&[("liste.csv.gz", packer.finish().unwrap())])
}

#[test]
fn files_in_base64_inside_any_text_are_read_once() {
    let letters = base64(&packed());
    let json = letters.replace('/', "\\/");
    let office = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:x'";
    let soft = |uri: &str| format!("<html><style>p{{background:url({uri})}}</style><p>Bonjour");
    let samples = [
        ("a.json", format!("{{\"nom\":\"rapport\",\"contenu\":\"{json}\"}}")),
        ("a.xml", format!("<?xml version='1.0'?><a><b>{letters}</b></a>")),
        ("a.html", soft(&format!("data:application/zip;base64,{letters}"))),
        ("a.html", format!("<a href='data:application/zip;base64,{letters}'>x</a>")),
        ("a.html", format!("<html><script>var d = \"{letters}\";</script>")),
        (
            "a.fodt",
            format!(
                "<office:document {office}><text:p><office:binary-data>{letters}</office:binary-data></text:p></office:document>"
            ),
        ),
        (
            "a.xml",
            format!(
                "<pkg:package xmlns:pkg='p'><pkg:part><pkg:binaryData>{letters}</pkg:binaryData></pkg:part></pkg:package>"
            ),
        ),
        ("a.txt", format!("Bonjour,\n\n{letters}\n")),
        ("a.csv", format!("nom;fichier\nx;{letters}\n")),
    ];
    for (name, sample) in samples {
        let reading = read(name, sample.clone().into_bytes());
        assert_eq!(text(&reading).matches(SAYS).count(), 1, "{sample}: {}", text(&reading));
        assert!(reading.gaps.is_empty(), "{sample}: {:?}", reading.gaps);
    }
    let message = format!("Subject: x\n\nVoici :\n{letters}\n");
    assert!(text(&read("a.eml", message.into_bytes())).contains(SAYS));
}

#[test]
fn a_query_in_a_workbook_is_read() {
    let query = [&[0; 4][..], &u32::try_from(packed().len()).unwrap().to_le_bytes(), &packed()].concat();
    let part = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?><DataMashup>{}</DataMashup>",
        base64(&query)
    );
    let part: Vec<u8> = part.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let book = zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.xml", b"<workbook/>".to_vec()),
        ("customXml/item1.xml", part),
    ]);
    assert!(text(&read("a.xlsx", book)).contains(SAYS));
}

#[test]
fn letters_in_base64_that_are_no_file_say_nothing() {
    let noise: Vec<u8> =
        (0..9_000u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 5).to_le_bytes()).collect();
    let picture = [b"\xFF\xD8\xFF\xE0", &noise[..], &b"Nom;NAM\n".repeat(99), &noise].concat();
    for bytes in [noise, picture] {
        let letters = base64(&bytes);
        for sample in [
            format!("<html><style>p{{background:url(data:font/woff2;base64,{letters})}}</style><p>Bonjour"),
            format!("<html><script>var d = \"{letters}\";</script>"),
            format!("{{\"a\":\"{letters}\"}}"),
            format!("-----BEGIN CERTIFICATE-----\n{letters}\n-----END CERTIFICATE-----\n"),
        ] {
            let reading = read("a.txt", sample.into_bytes());
            assert!(reading.gaps.is_empty(), "{:?}", reading.gaps);
        }
    }
}

#[test]
fn a_part_of_a_message_that_was_cut_is_told() {
    let part = |number: u32, total: &str, body: &str| {
        let mime = "MIME-Version: 1.0\nContent-Type: message/partial; id=\"a@b.example\"";
        read_file(
            "a.eml",
            format!("Subject: x\n{mime}; number={number}{total}\n\n{body}").as_bytes(),
            &Limits::default(),
        )
    };
    let letter = format!("Subject: suite\nMIME-Version: 1.0\nContent-Type: text/plain\n\nNAM {SAYS}\n");
    let first = part(1, "; total=2", &letter);
    assert!(has(&first, GapReason::Unsupported) && text(&first).contains(SAYS));
    assert!(has(&part(2, "; total=2", "UGAAAAAAEAAQ"), GapReason::Unsupported));
    assert!(has(&part(2, "", "UGAAAAAAEAAQ"), GapReason::Unsupported));
    let whole = part(1, "; total=1", &letter);
    assert!(whole.gaps.is_empty() && text(&whole).contains(SAYS));
}

#[test]
fn a_tape_behind_a_sound_is_read_and_what_is_not_read_is_told() {
    let sound = [b"ID3\x03\0\0\0\0\0\0".as_slice(), &[7; 99]].concat();
    let tape = std::fs::read(
        super::samples().into_iter().find(|path| path.parent().unwrap().ends_with("tar")).unwrap(),
    )
    .unwrap();
    let alone = read("a.tar", tape.clone());
    let both = read("a.mp3", [&sound[..], &tape].concat());
    assert!(
        alone.segments.iter().all(|it| text(&both).contains(it.text.reveal()) || it.text.reveal() == "a.tar")
    );
    let zstd = b"\x28\xB5\x2F\xFD\x20\x03\x19\0\0abc";
    assert!(has(&read("a.mp3", [&sound[..], zstd].concat()), GapReason::Unsupported));
    assert!(read("a.mp3", sound).gaps.is_empty());
}
